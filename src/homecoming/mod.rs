//! Whether the person can return to the municipality (*återvändandebedömning*). An assessment stands as it was made, on
//! the version of the police's assessment that it was made on; a new one takes its place.

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

    pub fn new(case: &str) -> String {
        case_path(case, "/atervandande/ny")
    }

    pub fn show(case: &str, assessment: Uuid) -> String {
        case_path(case, &format!("/atervandande/{assessment}"))
    }
}

pub fn routes() -> Router<AppState> {
    pages::routes()
}
