//! Who has looked at a case, out of the log: for the coordinator of the case, and for whoever reviews the log without
//! seeing cases. Nothing of what was read stands here, only that it was, by whom, and what let them in.

pub mod model;
mod pages;
pub mod store;

use axum::Router;

use crate::state::AppState;

pub mod paths {
    //! The addresses of this room.

    use crate::access::case_path;

    /// Where the log is reviewed, case by case.
    pub const REVIEW: &str = "/lasningar";

    pub fn review(reference: &str) -> String {
        format!("{REVIEW}/{reference}")
    }

    pub fn of_case(reference: &str) -> String {
        case_path(reference, "/lasningar")
    }
}

pub fn routes() -> Router<AppState> {
    pages::routes()
}
