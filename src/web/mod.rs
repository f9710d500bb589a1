//! What every page is made of and every form is read with. Knows nothing of accounts, rights or the database.

pub mod assets;
#[cfg(debug_assertions)]
pub mod components;
pub mod form;
#[cfg(test)]
pub mod markup;
pub mod shell;
pub mod view;
