//! *Min dag*: what needs to be done now, and the newest of one's cases. Overlooks the rooms below and changes nothing.

mod order;
mod pages;
mod store;
mod waiting;

use axum::Router;

use crate::state::AppState;

pub mod paths {
    //! The address of the first page.

    pub const START: &str = "/";
}

pub fn routes() -> Router<AppState> {
    pages::routes()
}
