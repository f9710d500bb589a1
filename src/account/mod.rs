//! Accounts as their holders see them: how the pages look, whether keys are shortcuts, which sessions there are. Beside
//! it the colleagues who can be named in a case.

pub mod colleagues;
mod pages;
mod parked;
mod store;

use axum::Router;

use crate::state::AppState;

pub mod paths {
    //! The addresses of this room.

    use uuid::Uuid;

    pub const SETTINGS: &str = "/konto";
    pub const END_OTHERS: &str = "/konto/inloggningar/avslut";

    pub use crate::signin::paths::PARKED;

    pub fn go_on(parked: Uuid) -> String {
        format!("/konto/osparat/{parked}/fortsatt")
    }

    pub fn throw_away(parked: Uuid) -> String {
        format!("/konto/osparat/{parked}/kasta")
    }

    pub fn end(session: Uuid) -> String {
        format!("/konto/inloggningar/{session}/avslut")
    }
}

pub fn routes() -> Router<AppState> {
    pages::routes().merge(parked::routes())
}
