//! The case on one page: what it is, who works with it, where it stands and what it costs. It shows what the rooms
//! know and changes nothing.

mod cooperation;
mod decisions;
mod meetings;
mod pages;
mod planning;
mod plans;
mod printing;
pub mod store;
mod support;
mod threat;
mod timeline;

use axum::Router;

use crate::state::AppState;

pub fn routes() -> Router<AppState> {
    pages::routes()
        .merge(timeline::routes())
        .merge(meetings::routes())
        .merge(plans::routes())
        .merge(cooperation::routes())
        .merge(printing::routes())
}
