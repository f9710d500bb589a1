//! Who works with a case, and who did. Every name is given by somebody else, with a reason (inner secrecy).

pub mod form;
pub mod handover;
pub mod model;
mod pages;
pub mod store;

use axum::Router;

use crate::state::AppState;

pub mod paths {
    //! The addresses of this room.

    use uuid::Uuid;

    use crate::access::case_path;

    pub fn list(reference: &str) -> String {
        case_path(reference, "/tilldelning")
    }

    pub fn new(reference: &str) -> String {
        case_path(reference, "/tilldelning/ny")
    }

    /// Who is named to see where the person is.
    pub fn readers(reference: &str) -> String {
        case_path(reference, "/tilldelning/vistelseort")
    }

    /// The conflicts of interest that were declared in the case.
    pub fn conflicts(reference: &str) -> String {
        case_path(reference, "/jav/anmalda")
    }

    pub fn end_reader(reference: &str, reader: Uuid) -> String {
        readers(reference) + &format!("/{reader}/avslut")
    }

    pub fn handover(reference: &str) -> String {
        case_path(reference, "/overlamning")
    }

    pub fn withdraw_handover(reference: &str) -> String {
        case_path(reference, "/overlamning/aterkallelse")
    }

    /// Where somebody is asked to take a case over.
    pub fn offered(handover: Uuid) -> String {
        format!("/overlamningar/{handover}")
    }

    pub fn decline_handover(handover: Uuid) -> String {
        format!("/overlamningar/{handover}/nej")
    }

    pub fn end(reference: &str, assignment: Uuid) -> String {
        case_path(reference, &format!("/tilldelning/{assignment}/avslut"))
    }
}

pub fn routes() -> Router<AppState> {
    pages::routes().merge(handover::routes())
}
