//! What the person has consented to be told, to whom and for how long. A consent stands as it was given; it is taken back
//! in a moment, and from that moment it covers nothing.

mod form;
pub mod model;
mod pages;
pub mod store;

use axum::Router;

use crate::state::AppState;

/// What is said of one whose last day nears (A15).
pub const ENDING: &str = "Samtycke går ut";

pub mod paths {
    //! The addresses of this room.

    use uuid::Uuid;

    use crate::access::case_path;

    pub fn list(case: &str) -> String {
        case_path(case, "/samtycken")
    }

    pub fn new(case: &str) -> String {
        case_path(case, "/samtycken/ny")
    }

    pub fn show(case: &str, consent: Uuid) -> String {
        case_path(case, &format!("/samtycken/{consent}"))
    }

    pub fn withdraw(case: &str, consent: Uuid) -> String {
        show(case, consent) + "/aterkallelse"
    }
}

pub fn routes() -> Router<AppState> {
    pages::routes()
}
