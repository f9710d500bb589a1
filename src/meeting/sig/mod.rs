//! The social intervention group (*social insatsgrupp, SIG*). There is none without a consent, and from the moment that
//! the consent is gone the group is over, whatever its days say.

mod form;
pub mod model;
mod pages;
pub mod store;

use axum::Router;

use crate::state::AppState;

pub(super) fn routes() -> Router<AppState> {
    pages::routes()
}
