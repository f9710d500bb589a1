//! Accounts as their holders see them: how the pages look, whether keys are shortcuts, which sessions there are, and the
//! keys that open the account. Beside
//! it the colleagues who can be named in a case.

pub mod colleagues;
mod keys;
mod pages;
mod recovery;
mod store;
mod unsent;

use axum::Router;

pub use store::{OwnRole, own_role};

use crate::state::AppState;

pub mod paths {
    //! The addresses of this room.

    use uuid::Uuid;

    pub const SETTINGS: &str = "/konto";
    pub const END_OTHERS: &str = "/konto/inloggningar/avslut";

    pub const KEYS: &str = "/konto/nycklar";
    pub const NEW_KEY: &str = "/konto/nycklar/ny";
    pub const ASK_KEY: &str = "/konto/nycklar/fraga";

    pub const RECOVERY_CODES: &str = "/konto/aterstallningskoder";

    pub fn remove_key(key: Uuid) -> String {
        format!("/konto/nycklar/{key}/ta-bort")
    }

    pub use crate::web::error_page::UNSENT;

    pub fn discard(form: Uuid) -> String {
        format!("/konto/osparat/{form}/kasta")
    }

    pub fn end(session: Uuid) -> String {
        format!("/konto/inloggningar/{session}/avslut")
    }
}

pub fn routes() -> Router<AppState> {
    pages::routes().merge(unsent::routes()).merge(keys::routes()).merge(recovery::routes())
}
