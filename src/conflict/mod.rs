//! *Jäv*: who has a conflict of interest in a case has no part in it (7 kap. 4 § KL). Once declared it closes every case
//! of the person to them, whatever else would open it, also a broken glass.

mod form;
mod pages;
mod store;

use axum::Router;

use crate::crypto::seal::Column;
use crate::state::AppState;

pub mod paths {
    //! The address of this room.

    use crate::access::case_path;

    pub fn declare(reference: &str) -> String {
        case_path(reference, "/jav")
    }
}

/// Where the reason opens.
pub const REASON: Column = Column("conflict_of_interest.reason");

pub fn routes() -> Router<AppState> {
    pages::routes()
}
