//! How a person is reached, and how they must not be. What holds no more ends; nothing is taken away.

mod form;
pub mod model;
mod pages;
pub mod store;

pub(super) use pages::routes;
