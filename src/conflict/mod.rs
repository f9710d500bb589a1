//! *Jäv*: who has a conflict of interest in a case has no part in it (7 kap. 4 § KL). Once declared it closes every case
//! of the person to them, whatever else would open it, also a broken glass. A manager, who is never the one concerned,
//! says when it has ended.

mod ending;
mod form;
mod pages;
mod store;

use axum::Router;

use crate::crypto::seal::Column;
use crate::state::AppState;

pub mod paths {
    //! The address of this room.

    use uuid::Uuid;

    use crate::access::case_path;

    pub fn declare(reference: &str) -> String {
        case_path(reference, "/jav")
    }

    /// Those that were declared, and what became of them.
    pub fn declared(reference: &str) -> String {
        declare(reference) + "/anmalda"
    }

    pub fn end(reference: &str, conflict: Uuid) -> String {
        declare(reference) + &format!("/{conflict}/upphor")
    }
}

/// Where the reason opens.
pub const REASON: Column = Column("conflict_of_interest.reason");
/// Where the reason of its end opens.
pub const END_REASON: Column = Column("conflict_of_interest.end_reason");

pub fn routes() -> Router<AppState> {
    pages::routes().merge(ending::routes())
}
