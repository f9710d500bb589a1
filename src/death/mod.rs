//! That the person has died: when, who says so, and how it came to be known. It is registered once and cannot be taken
//! back; what they had agreed to ends in the same moment, and the case goes nowhere but to its end.

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
}

pub fn routes() -> Router<AppState> {
    pages::routes()
}
