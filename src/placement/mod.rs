//! A stay away from home: where, how long and at what price. The slice that the others copy: `form` reads what was
//! typed, `model` holds the rules, `store` the SQL, `pages` the answers. Where somebody is lies in the vault and is
//! opened in `location`, never joined in a list.

pub mod costs;
mod end;
pub mod form;
pub mod location;
pub mod model;
pub mod offer;
mod pages;
pub mod rates;
mod safety;
pub mod store;
pub mod views;

use axum::Router;

use crate::state::AppState;

/// What is asked for when somebody has left on their own request.
pub const OFFER_SUPPORT: &str = "Erbjud fortsatt stöd";

/// What the first page asks of whoever can be the second person at a location.
pub const SEE_TOGETHER: &str = "Se en vistelseort tillsammans med en kollega: tio minuter";

pub mod paths {
    //! The addresses of this room.

    use uuid::Uuid;

    use crate::access::case_path;

    pub fn list(case: &str) -> String {
        case_path(case, "/placeringar")
    }

    pub fn new(case: &str) -> String {
        case_path(case, "/placeringar/ny")
    }

    pub fn show(case: &str, placement: Uuid) -> String {
        case_path(case, &format!("/placeringar/{placement}"))
    }

    pub fn begin(case: &str, placement: Uuid) -> String {
        show(case, placement) + "/inskrivning"
    }

    pub fn cancel(case: &str, placement: Uuid) -> String {
        show(case, placement) + "/installning"
    }

    pub fn end(case: &str, placement: Uuid) -> String {
        show(case, placement) + "/avslut"
    }

    pub fn absence(case: &str, placement: Uuid) -> String {
        show(case, placement) + "/franvaro"
    }

    pub fn offer(case: &str, placement: Uuid) -> String {
        show(case, placement) + "/fortsatt-stod"
    }

    pub fn location(case: &str, placement: Uuid) -> String {
        show(case, placement) + "/vistelseort"
    }

    /// Where a manager asks to see it together with another.
    pub fn together(case: &str, placement: Uuid) -> String {
        location(case, placement) + "/tillsammans"
    }

    pub fn see_together(case: &str, placement: Uuid) -> String {
        together(case, placement) + "/visning"
    }

    /// Where another answers.
    pub fn approve(case: &str, placement: Uuid) -> String {
        location(case, placement) + "/godkannande"
    }
}

pub fn routes() -> Router<AppState> {
    pages::routes().merge(end::routes()).merge(location::routes()).merge(offer::routes())
}
