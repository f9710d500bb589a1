//! Decisions (*beslut*): drafted by one, made by somebody with delegation who proves anew who they are, frozen from then
//! on. What follows is told beside it: who was told and when, what was carried out, what was appealed, what was corrected.

mod correcting;
mod course;
pub mod delegation;
mod drafting;
pub mod form;
pub mod model;
mod notice;
mod pages;
pub mod report;
mod signing;
mod step;
pub mod store;
pub mod wording;

use axum::Router;

use crate::crypto::seal::Column;
use crate::state::AppState;

pub const APPLIED_FOR: Column = Column("decision.applied_for");
pub const SCOPE: Column = Column("decision.scope");
pub const AGE_REASON: Column = Column("decision.age_reason");
pub const REASONS: Column = Column("decision.reasons");
pub const PARTICIPANTS: Column = Column("decision.participants");
pub const MINUTES_REF: Column = Column("decision.minutes_ref");
pub const RETURNED_REASON: Column = Column("decision.returned_reason");
pub const COURT_REF: Column = Column("decision.court_ref");
pub const DELAY_NOTE: Column = Column("decision.delay_note");
pub const ENDED_REASON: Column = Column("decision.ended_reason");
pub const CORRECTED_APPLIED_FOR: Column = Column("decision_correction.applied_for");
pub const CORRECTED_SCOPE: Column = Column("decision_correction.scope");
pub const CORRECTED_REASONS: Column = Column("decision_correction.reasons");
pub const WHY_CORRECTED: Column = Column("decision_correction.why");

pub mod paths {
    //! The addresses of this room.

    use uuid::Uuid;

    use crate::access::case_path;

    /// Decisions that were not carried out in time, of all cases in reach.
    pub const UNEXECUTED: &str = "/beslut/ej-verkstallda";

    pub fn list(case: &str) -> String {
        case_path(case, "/beslut")
    }

    pub fn new(case: &str) -> String {
        case_path(case, "/beslut/nytt")
    }

    pub fn show(case: &str, decision: Uuid) -> String {
        case_path(case, &format!("/beslut/{decision}"))
    }

    pub fn edit(case: &str, decision: Uuid) -> String {
        show(case, decision) + "/andring"
    }

    pub fn send(case: &str, decision: Uuid) -> String {
        show(case, decision) + "/inskickning"
    }

    pub fn give_back(case: &str, decision: Uuid) -> String {
        show(case, decision) + "/aterlamning"
    }

    pub fn sign(case: &str, decision: Uuid) -> String {
        show(case, decision) + "/beslutande"
    }

    pub fn notice(case: &str, decision: Uuid) -> String {
        show(case, decision) + "/underrattelse"
    }

    pub fn notify(case: &str, decision: Uuid) -> String {
        show(case, decision) + "/underrattad"
    }

    pub fn receive(case: &str, decision: Uuid) -> String {
        show(case, decision) + "/mottagande"
    }

    pub fn execute(case: &str, decision: Uuid) -> String {
        show(case, decision) + "/verkstallighet"
    }

    pub fn delay(case: &str, decision: Uuid) -> String {
        show(case, decision) + "/drojsmal"
    }

    pub fn appeal(case: &str, decision: Uuid) -> String {
        show(case, decision) + "/overklagande"
    }

    pub fn end(case: &str, decision: Uuid) -> String {
        show(case, decision) + "/upphorande"
    }

    pub fn correct(case: &str, decision: Uuid) -> String {
        show(case, decision) + "/rattelse"
    }
}

pub fn routes() -> Router<AppState> {
    pages::routes()
        .merge(drafting::routes())
        .merge(signing::routes())
        .merge(course::routes())
        .merge(correcting::routes())
        .merge(notice::routes())
        .merge(report::routes())
}
