//! Working with others: meetings with people from outside (*samverkansmöte*), the social intervention group (*SIG*) and
//! requests within the municipality (*intern begäran*). Everybody from outside is told something, so each has a ground.

mod form;
pub mod ground;
mod guest;
pub mod model;
mod pages;
pub mod request;
mod settle;
pub mod sig;
pub mod store;

use axum::Router;

use crate::state::AppState;

/// What is said of an internal request whose day has been.
pub const LATE_ANSWER: &str = "Svaret på en intern begäran är försenat";

pub mod paths {
    //! The addresses of this room.

    use uuid::Uuid;

    use crate::access::case_path;

    /// The part of the case where everything of this room is listed.
    pub fn part(case: &str) -> String {
        case_path(case, "/moten")
    }

    pub fn new(case: &str) -> String {
        case_path(case, "/moten/nytt")
    }

    pub fn show(case: &str, meeting: Uuid) -> String {
        case_path(case, &format!("/moten/{meeting}"))
    }

    pub fn change(case: &str, meeting: Uuid) -> String {
        show(case, meeting) + "/andring"
    }

    pub fn hold(case: &str, meeting: Uuid) -> String {
        show(case, meeting) + "/protokoll"
    }

    pub fn cancel(case: &str, meeting: Uuid) -> String {
        show(case, meeting) + "/installning"
    }

    pub fn new_sig(case: &str) -> String {
        case_path(case, "/sig/ny")
    }

    pub fn sig(case: &str, group: Uuid) -> String {
        case_path(case, &format!("/sig/{group}"))
    }

    pub fn change_sig(case: &str, group: Uuid) -> String {
        sig(case, group) + "/andring"
    }

    pub fn new_request(case: &str) -> String {
        case_path(case, "/begaran/ny")
    }

    pub fn request(case: &str, request: Uuid) -> String {
        case_path(case, &format!("/begaran/{request}"))
    }

    pub fn answer(case: &str, request: Uuid) -> String {
        self::request(case, request) + "/svar"
    }
}

pub fn routes() -> Router<AppState> {
    pages::routes().merge(settle::routes()).merge(sig::routes()).merge(request::routes())
}
