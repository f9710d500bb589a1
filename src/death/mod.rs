//! That the person has died: when, who says so, and how it came to be known. What they
//! had agreed to ends in the same moment, and the case goes nowhere but to its end. A mistake is taken back with a reason and
//! stands beside; what it ended is not resumed by itself.

mod form;
mod pages;
pub mod store;

use axum::Router;

use crate::state::AppState;

pub mod paths {
    //! The addresses of this room.

    use crate::access::case_path;

    pub fn register(case: &str) -> String {
        case_path(case, "/dodsfall")
    }

    pub fn revoke(case: &str) -> String {
        case_path(case, "/dodsfall/tillbaka")
    }
}

pub fn routes() -> Router<AppState> {
    pages::routes()
}
