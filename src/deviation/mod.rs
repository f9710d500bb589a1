//! Deviations: what has gone another way than was agreed. One is reported, received in time, assessed, met with an action
//! and closed, step by step and with who took each. None ends anything: support is changed by a decision alone
//! (14 kap. 9 § `SoL`), and what can be chosen here at most bids somebody to consider one.

pub mod form;
pub mod model;
pub mod pages;
mod steps;
pub mod store;

use axum::Router;

use crate::state::AppState;

pub mod paths {
    //! The addresses of this room.

    use uuid::Uuid;

    use crate::access::case_path;

    pub fn list(case: &str) -> String {
        case_path(case, "/avvikelser")
    }

    pub fn new(case: &str) -> String {
        case_path(case, "/avvikelser/ny")
    }

    pub fn show(case: &str, deviation: Uuid) -> String {
        case_path(case, &format!("/avvikelser/{deviation}"))
    }

    pub fn acknowledge(case: &str, deviation: Uuid) -> String {
        show(case, deviation) + "/mottagande"
    }

    pub fn assess(case: &str, deviation: Uuid) -> String {
        show(case, deviation) + "/bedomning"
    }

    pub fn reconsider(case: &str, deviation: Uuid) -> String {
        show(case, deviation) + "/ny-bedomning"
    }

    pub fn decide(case: &str, deviation: Uuid) -> String {
        show(case, deviation) + "/atgard"
    }

    pub fn close(case: &str, deviation: Uuid) -> String {
        show(case, deviation) + "/avslut"
    }
}

pub fn routes() -> Router<AppState> {
    pages::routes().merge(steps::routes())
}
