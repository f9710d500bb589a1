//! An account in the wrong hands: who is in danger, whom to call, and the button that locks it. The report is complete from
//! the log and from what the account could have reached; nothing that stands in a case is in it.

pub mod model;
mod pages;
pub mod store;

use axum::Router;

use crate::crypto::seal::Column;
use crate::state::AppState;

pub const REASON: Column = Column("account_lock.reason");

pub mod paths {
    //! The addresses of this room.

    use uuid::Uuid;

    pub const LIST: &str = "/exponering";

    pub fn report(account: Uuid) -> String {
        format!("{LIST}/{account}")
    }

    pub fn lock(account: Uuid) -> String {
        format!("{LIST}/{account}/las")
    }

    pub fn settle(account: Uuid) -> String {
        format!("{LIST}/{account}/klart")
    }
}

pub fn routes() -> Router<AppState> {
    pages::routes()
}
