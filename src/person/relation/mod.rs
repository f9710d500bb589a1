//! Who stands close to the person: children first of all. Nobody gets a row of their own for it, only a label; and those
//! who threaten are not registered at all.

pub mod form;
pub mod model;
mod pages;
mod removing;
pub mod store;

use axum::Router;

use crate::state::AppState;

pub(super) fn routes() -> Router<AppState> {
    pages::routes().merge(removing::routes())
}
