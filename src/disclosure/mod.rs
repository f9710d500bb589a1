//! What leaves the house (*utlämnande*): to whom, why and exactly what. Each thing is a text that is frozen when it is
//! added, and an official decides over all of them before any is handed over. A refusal is a record like the rest, and so
//! is what is said aloud or given on paper. What the police's contact reads is in `police_view`.

mod decide;
mod form;
pub mod ground;
pub mod item;
pub mod model;
mod pages;
pub mod store;
mod views;

use axum::Router;

use crate::crypto::seal::Column;
use crate::state::AppState;

/// Where a frozen text opens, here and on the police's page.
pub const CONTENT: Column = Column("disclosure_item.content");
pub const ITEM_WEIGHING: Column = Column("disclosure_item.weighing");
pub const CONTACT: Column = Column("disclosure.contact");
pub const REQUEST_REF: Column = Column("disclosure.request_ref");
pub const REQUEST_TEXT: Column = Column("disclosure.request_text");
pub const BASIS: Column = Column("disclosure.basis");
pub const WEIGHING: Column = Column("disclosure.weighing");
pub const REFUSAL: Column = Column("disclosure.refusal");
pub const REVOKED_WHY: Column = Column("disclosure.revoked_why");

pub mod paths {
    //! The addresses of this room.

    use uuid::Uuid;

    use crate::access::case_path;

    pub fn list(case: &str) -> String {
        case_path(case, "/utlamnanden")
    }

    pub fn new(case: &str) -> String {
        list(case) + "/nytt"
    }

    pub fn show(case: &str, disclosure: Uuid) -> String {
        format!("{}/{disclosure}", list(case))
    }

    pub fn discard(case: &str, disclosure: Uuid) -> String {
        show(case, disclosure) + "/kasta"
    }

    pub fn items(case: &str, disclosure: Uuid) -> String {
        show(case, disclosure) + "/uppgifter"
    }

    pub fn remove(case: &str, disclosure: Uuid, item: Uuid) -> String {
        format!("{}/{item}/bort", items(case, disclosure))
    }

    pub fn decide(case: &str, disclosure: Uuid) -> String {
        show(case, disclosure) + "/beslut"
    }

    pub fn release(case: &str, disclosure: Uuid) -> String {
        show(case, disclosure) + "/utlamning"
    }

    pub fn hide(case: &str, disclosure: Uuid) -> String {
        show(case, disclosure) + "/dolj"
    }
}

pub fn routes() -> Router<AppState> {
    pages::routes().merge(item::routes()).merge(decide::routes())
}
