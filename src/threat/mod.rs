//! The police's assessment of threat, criminality and need of protection: what they chose to tell, version by version.
//! One colleague registers it, another confirms it; one that has gone out of date is never shown as if it held.

mod form;
pub mod model;
mod pages;
mod settle;
pub mod store;

use axum::Router;

use crate::state::AppState;

pub mod paths {
    //! The addresses of this room.

    use uuid::Uuid;

    use crate::access::case_path;

    pub fn list(case: &str) -> String {
        case_path(case, "/hotbedomningar")
    }

    pub fn new(case: &str) -> String {
        case_path(case, "/hotbedomningar/ny")
    }

    pub fn show(case: &str, assessment: Uuid) -> String {
        case_path(case, &format!("/hotbedomningar/{assessment}"))
    }

    pub fn confirm(case: &str, assessment: Uuid) -> String {
        show(case, assessment) + "/faststallande"
    }

    pub fn reject(case: &str, assessment: Uuid) -> String {
        show(case, assessment) + "/avvisning"
    }

    pub fn withdraw(case: &str, assessment: Uuid) -> String {
        show(case, assessment) + "/makulering"
    }
}

pub fn routes() -> Router<AppState> {
    pages::routes().merge(settle::routes())
}
