//! What the person has signed at the police: the rules of their programme, version after version. It is told on the page
//! and nothing follows from it: support from the social services never ends because a rule of the police's was broken.

mod form;
pub mod model;
mod pages;
pub mod store;

use axum::Router;

use crate::state::AppState;

pub mod paths {
    //! The addresses of this room.

    use crate::access::case_path;

    pub fn list(case: &str) -> String {
        case_path(case, "/villkor")
    }

    pub fn new(case: &str) -> String {
        case_path(case, "/villkor/ny")
    }
}

pub fn routes() -> Router<AppState> {
    pages::routes()
}
