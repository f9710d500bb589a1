//! Investigations (*utredningar*): begun by a decision, written together, completed with the areas of support assessed and
//! the children seen, and frozen from then on. Areas of support are saved whole, version by version.

mod acts;
mod areas;
mod children;
mod completing;
mod form;
pub mod model;
mod pages;
mod starting;
mod steps;
pub mod store;
pub mod support;
mod writing;

use axum::Router;

use crate::crypto::seal::Column;
use crate::state::AppState;

pub use areas::{AreaAssessment, AreaTexts, SupportVersion};

pub const EXTENSION_REASON: Column = Column("investigation.extension_reason");
pub const SUMMARY: Column = Column("investigation.summary");
pub const ANALYSIS: Column = Column("investigation.analysis");
pub const PROPOSAL: Column = Column("investigation.proposal");
pub const DISCONTINUED_REASON: Column = Column("investigation.discontinued_reason");
pub const FACTS: Column = Column("support_area_assessment.facts");
pub const PERSON_VIEW: Column = Column("support_area_assessment.person_view");
pub const ASSESSMENT: Column = Column("support_area_assessment.assessment");
pub const PROPOSED: Column = Column("support_area_assessment.proposed_intervention");
pub const CHILD_LABEL: Column = Column("child_perspective.label");
pub const NOT_HEARD_REASON: Column = Column("child_perspective.not_heard_reason");
pub const EFFECT: Column = Column("child_perspective.effect");
pub const BEST_INTEREST: Column = Column("child_perspective.best_interest");
pub const CONTACT_PLAN: Column = Column("child_perspective.contact_plan");
pub const CONCERN_TO_UNIT: Column = Column("child_perspective.concern_to_unit");
pub const CHILD_REMOVE_REASON: Column = Column("child_perspective.remove_reason");

pub mod paths {
    //! The addresses of this room.

    use uuid::Uuid;

    use crate::access::case_path;

    pub fn list(case: &str) -> String {
        case_path(case, "/utredning")
    }

    pub fn new(case: &str) -> String {
        case_path(case, "/utredning/ny")
    }

    /// Whether there are children.
    pub fn children(case: &str) -> String {
        case_path(case, "/utredning/barn")
    }

    pub fn child(case: &str, child: Uuid) -> String {
        case_path(case, &format!("/utredning/barn/{child}"))
    }

    pub fn concern(case: &str, child: Uuid) -> String {
        self::child(case, child) + "/orosanmalan"
    }

    pub fn remove_child(case: &str, child: Uuid) -> String {
        self::child(case, child) + "/borttagning"
    }

    /// Where the children are seen when the person moves.
    pub fn child_at_placement(case: &str, placement: Uuid) -> String {
        case_path(case, &format!("/placeringar/{placement}/barnperspektiv"))
    }

    pub fn show(case: &str, investigation: Uuid) -> String {
        case_path(case, &format!("/utredning/{investigation}"))
    }

    pub fn write(case: &str, investigation: Uuid) -> String {
        show(case, investigation) + "/text"
    }

    pub fn extend(case: &str, investigation: Uuid) -> String {
        show(case, investigation) + "/forlangning"
    }

    pub fn delay_notice(case: &str, investigation: Uuid) -> String {
        show(case, investigation) + "/forsening"
    }

    pub fn demand(case: &str, investigation: Uuid) -> String {
        show(case, investigation) + "/begaran"
    }

    pub fn communicate(case: &str, investigation: Uuid) -> String {
        show(case, investigation) + "/kommunicering"
    }

    pub fn reply(case: &str, investigation: Uuid) -> String {
        show(case, investigation) + "/yttrande"
    }

    pub fn complete(case: &str, investigation: Uuid) -> String {
        show(case, investigation) + "/fardigstallande"
    }

    pub fn discontinue(case: &str, investigation: Uuid) -> String {
        show(case, investigation) + "/avslut"
    }

    pub fn decided(case: &str, investigation: Uuid) -> String {
        show(case, investigation) + "/beslut"
    }

    pub fn new_child(case: &str, investigation: Uuid) -> String {
        show(case, investigation) + "/barn"
    }

    /// The newest version of the assessment of support; others by `?version=`.
    pub fn support(case: &str, investigation: Uuid) -> String {
        show(case, investigation) + "/stodbedomning"
    }

    pub fn assess_support(case: &str, investigation: Uuid) -> String {
        show(case, investigation) + "/stodbedomning/ny"
    }

    pub fn compare_support(case: &str, investigation: Uuid, from: i32, to: i32) -> String {
        show(case, investigation) + &format!("/stodbedomning/jamfor?fran={from}&till={to}")
    }
}

pub fn routes() -> Router<AppState> {
    pages::routes()
        .merge(starting::routes())
        .merge(writing::routes())
        .merge(steps::routes())
        .merge(completing::routes())
        .merge(support::routes())
        .merge(children::routes())
}
