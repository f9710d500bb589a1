//! The case: opened, listed, moved on, let rest, ended and never opened again. Who works with it stands in `assignment`, what it
//! shows at a glance in `casefile`.

mod closing;
mod code_names;
pub mod course_form;
mod dormancy;
mod duplicates;
pub mod form;
mod from_intake;
mod identity_break;
mod list;
pub mod model;
mod pages;
mod status;
pub mod steps;
pub mod store;
pub mod transfer;
mod why;

use axum::Router;

use crate::state::AppState;

pub mod paths {
    //! The addresses of this room.

    use crate::access::case_path;

    pub const LIST: &str = "/arenden";
    pub const NEW: &str = "/arenden/ny";
    pub const DUPLICATES: &str = "/arenden/mojliga-dubbletter";

    pub fn settle_duplicate(duplicate: uuid::Uuid) -> String {
        format!("{DUPLICATES}/{duplicate}")
    }

    /// The overview of one case.
    pub fn show(reference: &str) -> String {
        case_path(reference, "")
    }

    pub fn status(reference: &str) -> String {
        case_path(reference, "/status")
    }

    pub fn close(reference: &str) -> String {
        case_path(reference, "/avslut")
    }

    /// Where a case that was never to be begun is ended.
    pub fn not_opened(reference: &str) -> String {
        case_path(reference, "/ej-inledd")
    }

    /// Where somebody says why they open it.
    pub fn why(reference: &str) -> String {
        case_path(reference, "/skal")
    }

    /// Where a case is let rest, and looked at again.
    pub fn rest(reference: &str) -> String {
        case_path(reference, "/vila")
    }
}

pub fn routes() -> Router<AppState> {
    list::routes()
        .merge(why::routes())
        .merge(pages::routes())
        .merge(from_intake::routes())
        .merge(status::routes())
        .merge(closing::routes())
        .merge(dormancy::routes())
        .merge(transfer::routes())
        .merge(duplicates::routes())
        .merge(identity_break::routes())
}
