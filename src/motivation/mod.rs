//! What the person wants: how far they have come on the way to another life, assessed time after time. Each assessment is
//! signed in the moment it is saved and stands from then on; the chain tells what changed.

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
        case_path(case, "/motivation")
    }

    pub fn new(case: &str) -> String {
        case_path(case, "/motivation/ny")
    }
}

pub fn routes() -> Router<AppState> {
    pages::routes()
}
