//! How it went (*utfall*): when the case is closed, and half a year, a year and two years later for those who have agreed
//! to be asked. What was recorded stands; a new record of the same moment takes its place.

mod form;
pub mod model;
mod pages;
pub mod store;

use axum::Router;

use crate::state::AppState;

pub mod paths {
    //! The addresses of this room.

    use uuid::Uuid;

    use crate::access::case_path;

    /// Where it is recorded before the case is closed.
    pub fn closing(case: &str) -> String {
        case_path(case, "/utfall/avslut")
    }

    /// Where it is recorded afterwards.
    pub fn afterwards(case: &str) -> String {
        case_path(case, "/utfall/uppfoljning")
    }

    pub fn show(case: &str, outcome: Uuid) -> String {
        case_path(case, &format!("/utfall/{outcome}"))
    }
}

pub fn routes() -> Router<AppState> {
    pages::routes()
}
