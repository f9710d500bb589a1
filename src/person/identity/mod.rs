//! A new name, or a number that has become known: it holds from a day on, and what held until then ends on the day before.

mod form;
mod pages;
pub mod store;

pub(super) use pages::routes;
