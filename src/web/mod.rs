//! The counter: what every request and every answer passes, what every page is made of and every form is read with.
//! Knows no session, no case and no right.

pub mod assets;
pub mod body;
pub mod client;
#[cfg(debug_assertions)]
pub mod components;
pub mod csrf;
pub mod error_page;
pub mod flash;
pub mod form;
pub mod headers;
pub mod limit;
#[cfg(test)]
pub mod markup;
pub mod panic;
pub mod path_id;
pub mod shell;
pub mod unit;
pub mod view;
