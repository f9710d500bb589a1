//! A request to another part of the municipality (*intern begäran*). Other boards, and other parts of our own, are
//! strangers (8 kap. 1 and 2 §§ OSL): what they were told stands with its ground. The answer comes once.

mod form;
pub mod model;
mod pages;
pub mod store;

use axum::Router;

use crate::state::AppState;

pub(super) fn routes() -> Router<AppState> {
    pages::routes()
}
