//! The journal: private drafts, and notes that are signed and frozen in the moment they are entered. A correction, an
//! objection or a cancellation stands beside the note; the program writes its own lines when the case changes.

mod cancelling;
mod correcting;
mod disputing;
mod form;
pub mod model;
mod pages;
pub mod store;
mod views;

use axum::Router;

use crate::state::AppState;

pub mod paths {
    //! The addresses of this room.

    use uuid::Uuid;

    use crate::access::case_path;

    pub fn list(case: &str) -> String {
        case_path(case, "/journal")
    }

    /// Where an open form saves itself.
    pub fn draft(case: &str) -> String {
        case_path(case, "/journal/utkast")
    }

    pub fn show(case: &str, entry: Uuid) -> String {
        case_path(case, &format!("/journal/{entry}"))
    }

    pub fn correct(case: &str, entry: Uuid) -> String {
        show(case, entry) + "/rattelse"
    }

    pub fn dispute(case: &str, entry: Uuid) -> String {
        show(case, entry) + "/invandning"
    }

    pub fn cancel(case: &str, entry: Uuid) -> String {
        show(case, entry) + "/makulering"
    }
}

pub fn routes() -> Router<AppState> {
    pages::routes().merge(correcting::routes()).merge(disputing::routes()).merge(cancelling::routes())
}
