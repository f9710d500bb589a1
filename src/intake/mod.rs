//! How somebody comes to the programme: what was told, what became of it, and the first words with the police. An intake
//! can end without a case ever being opened; nobody is told whether the person is known. Opening a case from one stands
//! in `case`.

pub mod contact;
pub mod form;
mod linking;
pub mod model;
mod pages;
mod settle;
pub mod store;

use axum::Router;

use crate::crypto::seal::Column;
use crate::state::AppState;

pub mod paths {
    //! The addresses of this room.

    use uuid::Uuid;

    pub const LIST: &str = "/aktualiseringar";
    pub const DONE: &str = "/aktualiseringar?visa=avslutade";
    pub const NEW: &str = "/aktualiseringar/ny";

    pub fn show(intake: Uuid) -> String {
        format!("/aktualiseringar/{intake}")
    }

    pub fn close(intake: Uuid) -> String {
        show(intake) + "/avslut"
    }

    /// Opening a case from it: the room of cases answers there.
    pub fn open_case(intake: Uuid) -> String {
        show(intake) + "/arende"
    }

    pub fn join(intake: Uuid) -> String {
        show(intake) + "/sammanforing"
    }

    /// Where an anonymous consultation goes on in it.
    pub fn link(intake: Uuid) -> String {
        show(intake) + "/konsultation"
    }

    pub fn contacts(intake: Uuid) -> String {
        show(intake) + "/poliskontakter"
    }

    pub fn new_contact(intake: Uuid) -> String {
        contacts(intake) + "/ny"
    }

    pub fn case_contacts(reference: &str) -> String {
        crate::access::case_path(reference, "/poliskontakter")
    }

    pub fn new_case_contact(reference: &str) -> String {
        crate::access::case_path(reference, "/poliskontakter/ny")
    }
}

pub const DESCRIPTION: Column = Column("intake.description");
pub const OUTCOME_REASON: Column = Column("intake.outcome_reason");
pub const NUMBER: Column = Column("intake.number");
pub const GIVEN_NAME: Column = Column("intake.given_name");
pub const FAMILY_NAME: Column = Column("intake.family_name");
pub const BIRTH_DATE: Column = Column("intake.birth_date");

pub fn routes() -> Router<AppState> {
    pages::routes().merge(settle::routes()).merge(linking::routes()).merge(contact::routes())
}
