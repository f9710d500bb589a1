//! How a person's data are protected: what the authorities say, or the programme itself. A marking raises the protection of
//! the person's case by itself, and says on which way post may go.

mod form;
pub mod model;
mod pages;
pub mod store;

pub(super) use pages::routes;
