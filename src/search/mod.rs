//! Finding a case: by its reference, or by the person's whole name or number, exactly (15 § `SoLPuF`). Nothing else can be
//! searched for. What is sought never stands in an address, a title, a cookie or the log, and what may not be seen is
//! answered like what is not there.

mod form;
mod pages;
mod store;

use axum::Router;

use crate::state::AppState;

pub mod paths {
    //! The address of this overlook. The form in the head of every page sends to it.

    pub const SEARCH: &str = "/sok";
}

pub fn routes() -> Router<AppState> {
    pages::routes()
}
