//! Support (*insats*) that is no placement: rests on a decision that was made, begins, may pause, and ends. Its first day
//! is the day on which the decision is carried out.

mod course;
mod form;
pub mod model;
pub mod pages;
pub mod store;

use axum::Router;

use crate::crypto::seal::Column;
use crate::state::AppState;

pub const EXTENT: Column = Column("intervention.extent");
pub const STATUS_REASON: Column = Column("intervention.status_reason");

pub mod paths {
    //! The addresses of this room.

    use uuid::Uuid;

    use crate::access::case_path;

    /// Where a new one is sent to; the list stands with the plans.
    pub fn list(case: &str) -> String {
        case_path(case, "/insatser")
    }

    pub fn new(case: &str) -> String {
        case_path(case, "/insatser/ny")
    }

    pub fn show(case: &str, intervention: Uuid) -> String {
        case_path(case, &format!("/insatser/{intervention}"))
    }

    pub fn start(case: &str, intervention: Uuid) -> String {
        show(case, intervention) + "/start"
    }

    pub fn pause(case: &str, intervention: Uuid) -> String {
        show(case, intervention) + "/uppehall"
    }

    pub fn resume(case: &str, intervention: Uuid) -> String {
        show(case, intervention) + "/aterupptagande"
    }

    pub fn end(case: &str, intervention: Uuid) -> String {
        show(case, intervention) + "/avslut"
    }
}

pub fn routes() -> Router<AppState> {
    pages::routes().merge(course::routes())
}
