//! All placements of a year with what they cost, over every case in reach.

mod pages;
pub mod store;

use axum::Router;

use crate::state::AppState;

pub mod paths {
    //! The addresses of this room.

    pub const PLACEMENTS: &str = "/placeringar";

    pub fn placements(year: i32, page: i64) -> String {
        if page > 1 { format!("{PLACEMENTS}?ar={year}&sida={page}") } else { format!("{PLACEMENTS}?ar={year}") }
    }
}

pub fn routes() -> Router<AppState> {
    pages::routes()
}
