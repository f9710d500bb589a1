//! Following up (*uppföljning*): planned for a day, held once, and then the next time is set in the same breath. Until then
//! it can be moved or cancelled, for a reason. One that was not held by its day is late, and says so.

mod changing;
mod form;
mod holding;
pub mod model;
mod pages;
pub mod store;

use axum::Router;

use crate::crypto::seal::Column;
use crate::state::AppState;

pub const PERSON_VIEW: Column = Column("follow_up.person_view");
pub const PROVIDER_VIEW: Column = Column("follow_up.provider_view");
pub const POLICE_VIEW: Column = Column("follow_up.police_view");
pub const CANCEL_REASON: Column = Column("follow_up.cancel_reason");
pub const MOVE_REASON: Column = Column("follow_up_move.reason");

pub mod paths {
    //! The addresses of this room.

    use uuid::Uuid;

    use crate::access::case_path;

    /// Where a new one is sent to; the list stands with the plans.
    pub fn list(case: &str) -> String {
        case_path(case, "/uppfoljningar")
    }

    pub fn new(case: &str) -> String {
        case_path(case, "/uppfoljningar/ny")
    }

    pub fn show(case: &str, follow_up: Uuid) -> String {
        case_path(case, &format!("/uppfoljningar/{follow_up}"))
    }

    pub fn hold(case: &str, follow_up: Uuid) -> String {
        show(case, follow_up) + "/genomforande"
    }

    pub fn moving(case: &str, follow_up: Uuid) -> String {
        show(case, follow_up) + "/flyttning"
    }

    pub fn cancel(case: &str, follow_up: Uuid) -> String {
        show(case, follow_up) + "/installning"
    }
}

pub fn routes() -> Router<AppState> {
    pages::routes().merge(holding::routes()).merge(changing::routes())
}
