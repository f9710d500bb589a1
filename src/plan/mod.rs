//! Plans (*vårdplan*, *genomförandeplan*): written as a draft, brought into force, and never changed from then on. A new
//! version takes the place of the one before.

pub mod form;
pub mod model;
pub mod pages;
mod settle;
pub mod store;

use axum::Router;

use crate::crypto::seal::Column;
use crate::state::AppState;

pub const INTERVENTIONS: Column = Column("plan.interventions");
pub const OTHER_PRINCIPALS: Column = Column("plan.other_principals");
pub const PERSON_VIEW: Column = Column("plan.person_view");
pub const ENDED_REASON: Column = Column("plan.ended_reason");
pub const GOAL: Column = Column("plan_goal.goal");
pub const RESPONSIBLE: Column = Column("plan_goal.responsible");

pub mod paths {
    //! The addresses of this room.

    use uuid::Uuid;

    use crate::access::case_path;

    /// Plans, support and follow-ups of the case, on one page.
    pub fn list(case: &str) -> String {
        case_path(case, "/planer")
    }

    pub fn new(case: &str) -> String {
        case_path(case, "/planer/ny")
    }

    pub fn show(case: &str, plan: Uuid) -> String {
        case_path(case, &format!("/planer/{plan}"))
    }

    pub fn edit(case: &str, plan: Uuid) -> String {
        show(case, plan) + "/andring"
    }

    pub fn revise(case: &str, plan: Uuid) -> String {
        show(case, plan) + "/ny-version"
    }

    pub fn activate(case: &str, plan: Uuid) -> String {
        show(case, plan) + "/faststallande"
    }

    pub fn discard(case: &str, plan: Uuid) -> String {
        show(case, plan) + "/borttagning"
    }

    pub fn end(case: &str, plan: Uuid) -> String {
        show(case, plan) + "/avslut"
    }
}

pub fn routes() -> Router<AppState> {
    pages::routes().merge(settle::routes())
}
