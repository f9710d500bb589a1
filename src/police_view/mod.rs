//! What the police's contact sees: the texts that were released to their own organisation, and nothing else. No case is
//! behind it, no search and no list of who there is; the database role that it works as could not read one. Each opening
//! leaves a row, and each text carries its reader's name and the minute.

mod pages;
mod store;

use axum::Router;

use crate::state::AppState;

pub mod paths {
    //! The addresses of this room.

    use uuid::Uuid;

    pub const LIST: &str = "/polis";

    pub fn show(item: Uuid) -> String {
        format!("/polis/{item}")
    }

    pub fn file(item: Uuid) -> String {
        format!("/polis/{item}/fil")
    }
}

pub fn routes() -> Router<AppState> {
    pages::routes()
}
