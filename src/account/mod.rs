//! Accounts as their holders see them: how the pages look, whether keys are shortcuts, which sessions there are. Beside
//! it the colleagues who can be named in a case.

pub mod colleagues;
mod pages;
mod store;

use axum::Router;

use crate::state::AppState;

pub mod paths {
    //! The addresses of this room.

    use uuid::Uuid;

    pub const SETTINGS: &str = "/konto";
    pub const END_OTHERS: &str = "/konto/inloggningar/avslut";

    pub fn end(session: Uuid) -> String {
        format!("/konto/inloggningar/{session}/avslut")
    }
}

pub fn routes() -> Router<AppState> {
    pages::routes()
}
