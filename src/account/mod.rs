//! Accounts as their holders see them: how the pages look, whether keys are shortcuts, which sessions there are. Beside
//! it the colleagues who can be named in a case.

pub mod colleagues;
mod pages;
mod store;
mod unsent;

use axum::Router;

pub use store::{OwnRole, own_role};

use crate::state::AppState;

pub mod paths {
    //! The addresses of this room.

    use uuid::Uuid;

    pub const SETTINGS: &str = "/konto";
    pub const END_OTHERS: &str = "/konto/inloggningar/avslut";

    pub use crate::web::error_page::UNSENT;

    pub fn discard(form: Uuid) -> String {
        format!("/konto/osparat/{form}/kasta")
    }

    pub fn end(session: Uuid) -> String {
        format!("/konto/inloggningar/{session}/avslut")
    }
}

pub fn routes() -> Router<AppState> {
    pages::routes().merge(unsent::routes())
}
