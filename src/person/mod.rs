//! The person that a case is about: who they are, under which names and numbers. Everything that points them out is
//! sealed. A person is registered when a case is opened; what the person needs stands elsewhere.

pub mod form;
pub mod model;
mod pages;
pub mod store;

use axum::Router;

use crate::crypto::seal::Column;
use crate::state::AppState;

pub mod paths {
    //! The addresses of this room.

    use crate::access::case_path;

    pub fn show(reference: &str) -> String {
        case_path(reference, "/person")
    }

    pub fn reveal(reference: &str) -> String {
        case_path(reference, "/person/visning")
    }
}

/// Where numbers and names open. The birth date's column stands at the gate, which shows the age.
pub const NUMBER: Column = Column("person_identity.number");
pub const GIVEN_NAME: Column = Column("person_identity.given_name");
pub const FAMILY_NAME: Column = Column("person_identity.family_name");
/// Why somebody asked to see; stands in the log, under the case.
pub const SHOWN_WHY: Column = Column("audit.entry.reason");

pub fn routes() -> Router<AppState> {
    pages::routes()
}
