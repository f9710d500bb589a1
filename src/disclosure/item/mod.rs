//! The texts of a disclosure: what each sort says, and freezing one. A text is made by the program of what the case says, as
//! far as it can be, so that no more is told than the sort is for.

pub mod form;
mod pages;

pub use pages::prepare;

use axum::Router;

use crate::state::AppState;

pub(super) fn routes() -> Router<AppState> {
    pages::routes()
}
