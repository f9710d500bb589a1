//! The coordinator's overview (*Samordnarens översikt*): figures over all cases, the list behind each of them, and what
//! the programme has looked like over two years. What the viewer may not see is counted and never listed.

mod bars;
mod list;
mod pages;
mod store;
mod tile;

use axum::Router;

use crate::state::AppState;

pub mod paths {
    //! The addresses of this room.

    pub const HOME: &str = "/samordning";

    pub fn list(slug: &str, page: i64) -> String {
        if page > 1 { format!("{HOME}/{slug}?sida={page}") } else { format!("{HOME}/{slug}") }
    }
}

pub fn routes() -> Router<AppState> {
    pages::routes()
}
