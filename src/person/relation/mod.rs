//! Who stands close to the person: children first of all. Nobody gets a row of their own for it, only a label; and those
//! who threaten are not registered at all.

pub mod form;
pub mod model;
mod pages;
pub mod store;

pub(super) use pages::routes;
