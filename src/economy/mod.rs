//! Economy: the budget, what all placements cost and will cost, months that are closed, and what if. By pseudonym and
//! alias alone: no name, number, home or municipality is read here, and a controller sees no reference either.

pub mod invoice;
pub mod model;
pub mod store;

mod chart;
mod form;
mod pages;
mod picture;

pub use picture::CostPicture;

use axum::Router;

use crate::state::AppState;

pub mod paths {
    //! The addresses of this room.

    use time::Date;
    use uuid::Uuid;

    pub const HOME: &str = "/ekonomi";
    pub const COMPARE: &str = "/ekonomi/jamfor";
    pub const MONTHS: &str = "/ekonomi/manader";
    pub const FORECASTS: &str = "/ekonomi/prognoser";

    pub fn year(year: i32, page: i64) -> String {
        if page > 1 { format!("{HOME}?ar={year}&sida={page}") } else { format!("{HOME}?ar={year}") }
    }

    pub fn budget(year: i32) -> String {
        format!("{HOME}/budget/{year}")
    }

    pub fn withdraw(line: Uuid) -> String {
        format!("{HOME}/budgetrader/{line}/aterkallelse")
    }

    /// A month is named by its first day.
    pub fn month(first: Date) -> String {
        format!("{MONTHS}/{first}")
    }
}

/// A sum that no amount can hold.
fn overflow() -> crate::error::Error {
    pages::overflow()
}

pub fn routes() -> Router<AppState> {
    pages::routes().merge(invoice::pages::routes())
}
