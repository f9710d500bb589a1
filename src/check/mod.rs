//! The police's checks in their registers (*slagningar*): that one was made, and what it came to. What stood in a register
//! is never kept: it is secret at the police (35 kap. 3 § OSL).

mod form;
pub mod model;
mod pages;
pub mod store;

use axum::Router;

pub use pages::tag;

use crate::state::AppState;

pub mod paths {
    //! The addresses of this room.

    use uuid::Uuid;

    use crate::access::case_path;

    pub fn list(case: &str) -> String {
        case_path(case, "/slagningar")
    }

    pub fn new(case: &str) -> String {
        case_path(case, "/slagningar/ny")
    }

    pub fn show(case: &str, check: Uuid) -> String {
        case_path(case, &format!("/slagningar/{check}"))
    }
}

pub fn routes() -> Router<AppState> {
    pages::routes()
}
