//! Moving a case to another municipality (29 kap. 10 and 11 §§ `SoL`): a written request, its answer, and IVO where there
//! is none or it is no. Which municipality it is tells where somebody lives, and is shown as such.

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

    pub fn list(case: &str) -> String {
        case_path(case, "/overflyttning")
    }

    pub fn new(case: &str) -> String {
        case_path(case, "/overflyttning/ny")
    }

    pub fn answer(case: &str, transfer: Uuid) -> String {
        case_path(case, &format!("/overflyttning/{transfer}/svar"))
    }

    pub fn ivo(case: &str, transfer: Uuid) -> String {
        case_path(case, &format!("/overflyttning/{transfer}/ivo"))
    }

    /// Where the case is ended, once it is somebody else's.
    pub fn carry_out(case: &str) -> String {
        case_path(case, "/overflyttning/genomforande")
    }
}

pub(super) fn routes() -> Router<AppState> {
    pages::routes()
}
