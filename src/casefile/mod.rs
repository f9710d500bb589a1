//! The case on one page: what it is, who works with it, where it stands and what it costs. It shows what the rooms
//! know and changes nothing.

mod cooperation;
mod decisions;
mod pages;
pub mod store;
mod threat;

use axum::Router;

use crate::state::AppState;

pub fn routes() -> Router<AppState> {
    pages::routes().merge(cooperation::routes())
}
