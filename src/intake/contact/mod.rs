//! Contacts with the police: about an intake before there is a case, and in a case. Nothing about who it is is said
//! without a ground; an anonymous consultation needs none.

pub mod form;
pub mod model;
mod on_intake;
mod pages;
pub mod store;
pub mod views;

use axum::Router;

use crate::crypto::seal::Column;
use crate::state::AppState;

pub const SUMMARY: Column = Column("police_contact.summary");
pub const WEIGHING: Column = Column("police_contact.weighing");

pub(super) fn routes() -> Router<AppState> {
    pages::routes().merge(on_intake::routes())
}
