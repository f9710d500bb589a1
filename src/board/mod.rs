//! The report to the board (*Nämndrapport*, domain.md 4.5): tables over all cases of the municipality, the same on the
//! page and in the file. What is too few to be told is hidden in `model`, before either is made.

mod counted;
mod csv;
mod form;
mod model;
mod pages;
mod period;
mod reckoned;
mod store;
mod table;

use axum::Router;

pub use self::store::history::{Earlier, load};
pub use self::store::involve;

use crate::state::AppState;

pub mod paths {
    //! The addresses of this room.

    pub const HOME: &str = "/namnd";
    pub const TABLES: &str = "/namnd/tabeller";

    pub fn period(year: i32, tertial: Option<u8>) -> String {
        match tertial {
            Some(tertial) => format!("{HOME}?ar={year}&tertial={tertial}"),
            None => format!("{HOME}?ar={year}"),
        }
    }
}

pub fn routes() -> Router<AppState> {
    pages::routes()
}
