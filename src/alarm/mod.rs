//! *Bevakningar*: what has to be done by a day, over everything that is in reach. The rules stand in `AlarmRule` and are
//! asked by Postgres (migration 0071); timed work raises, clears and passes on. A row says what and why, never about whom.

mod case_pages;
mod form;
pub mod model;
mod pages;
pub mod store;

use axum::Router;

use crate::crypto::seal::Column;
use crate::state::AppState;

/// Why somebody has acknowledged an alarm.
pub const REASON: Column = Column("alarm_receipt.reason");

pub mod paths {
    //! The addresses of this room.

    use uuid::Uuid;

    use crate::access::case_path;

    pub const LIST: &str = "/bevakningar";

    /// Those of one case, also the past ones.
    pub fn of_case(case: &str) -> String {
        case_path(case, LIST)
    }

    pub fn acknowledge(case: &str, alarm: Uuid) -> String {
        case_path(case, &format!("{LIST}/{alarm}"))
    }
}

pub fn routes() -> Router<AppState> {
    pages::routes().merge(case_pages::routes())
}
