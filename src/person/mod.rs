//! The person that a case is about: who they are, under which names and numbers, how they are protected and reached, and
//! who stands close to them. Everything that points them out is sealed. A person is registered when a case is opened; what
//! the person needs stands elsewhere.

pub mod contact_detail;
mod ending;
mod facts;
pub mod form;
pub mod identity;
pub mod marking;
pub mod model;
mod pages;
pub mod relation;
pub mod store;
mod views;

use axum::Router;

use crate::crypto::seal::Column;
use crate::state::AppState;

pub mod paths {
    //! The addresses of this room.

    use uuid::Uuid;

    use crate::access::case_path;

    pub fn show(reference: &str) -> String {
        case_path(reference, "/person")
    }

    pub fn reveal(reference: &str) -> String {
        case_path(reference, "/person/visning")
    }

    pub fn name(reference: &str) -> String {
        case_path(reference, "/person/namn")
    }

    pub fn facts(reference: &str) -> String {
        case_path(reference, "/person/uppgifter")
    }

    pub fn new_marking(reference: &str) -> String {
        case_path(reference, "/person/skydd/ny")
    }

    pub fn end_marking(reference: &str, marking: Uuid) -> String {
        case_path(reference, &format!("/person/skydd/{marking}/avslut"))
    }

    pub fn new_contact(reference: &str) -> String {
        case_path(reference, "/person/kontakt/ny")
    }

    pub fn end_contact(reference: &str, detail: Uuid) -> String {
        case_path(reference, &format!("/person/kontakt/{detail}/avslut"))
    }

    pub fn new_relation(reference: &str) -> String {
        case_path(reference, "/person/narstaende/ny")
    }

    pub fn relation(reference: &str, relation: Uuid) -> String {
        case_path(reference, &format!("/person/narstaende/{relation}"))
    }

    pub fn remove_relation(reference: &str, relation: Uuid) -> String {
        self::relation(reference, relation) + "/borttagning"
    }

    /// The room of cases answers there: the case ends with the identity.
    pub fn break_identity(reference: &str) -> String {
        case_path(reference, "/identitetsbrytning")
    }
}

/// Where numbers and names open. The birth date's column stands at the gate, which shows the age.
pub const NUMBER: Column = Column("person_identity.number");
pub const GIVEN_NAME: Column = Column("person_identity.given_name");
pub const FAMILY_NAME: Column = Column("person_identity.family_name");
/// What the hash of a whole name is reckoned under. No column of that name is sealed: it is given and family name together.
pub const WHOLE_NAME: &str = "person_identity.name";
/// The language that an interpreter is needed for.
pub const INTERPRETER_LANGUAGE: Column = Column("person.interpreter_language");
/// Why somebody asked to see; stands in the log, under the case.
pub const SHOWN_WHY: Column = Column("audit.entry.reason");

pub fn routes() -> Router<AppState> {
    pages::routes()
        .merge(facts::routes())
        .merge(identity::routes())
        .merge(marking::routes())
        .merge(contact_detail::routes())
        .merge(relation::routes())
}
