//! Signing in, signing out and activating an account. Works through the entrance alone: a hole in these pages reaches
//! accounts and sessions, and nothing about a case.

mod activation;
mod keys;
mod pages;
mod parked;
mod recovery;

use axum::Router;
use axum_extra::extract::cookie::{Cookie, SameSite};

pub use parked::keep_unsent;

use crate::state::AppState;

pub mod paths {
    //! The addresses of this room.

    pub const SIGN_IN: &str = "/logga-in";
    pub const SIGN_OUT: &str = "/logga-ut";
    pub const ACTIVATE: &str = "/aktivera";
    pub const BY_KEY: &str = "/logga-in/nyckel";
    pub const ASK_KEY: &str = "/logga-in/nyckel/fraga";
    pub const FIRST_KEY: &str = "/logga-in/ny-nyckel";
    pub const RECOVER: &str = "/logga-in/utan-nyckel";
    pub const KEEP_FIRST_KEY: &str = "/logga-in/ny-nyckel/svar";
}

pub fn routes() -> Router<AppState> {
    pages::routes().merge(activation::routes()).merge(keys::routes()).merge(recovery::routes())
}

/// A cookie that no script reads, no other site sends and no other host sets.
fn guarded(name: &'static str, value: String, age: Option<time::Duration>) -> Cookie<'static> {
    let cookie = Cookie::build((name, value)).path("/").secure(true).http_only(true).same_site(SameSite::Strict);
    match age {
        Some(age) => cookie.max_age(age).build(),
        None => cookie.build(),
    }
}
