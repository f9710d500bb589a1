//! What the gate reads of a request: who claims to ask, from where, and for which page. Believes nothing of it: the
//! database decides whom the token belongs to.

use axum::http::request::Parts;
use axum_extra::extract::cookie::CookieJar;

use super::actor::SESSION_COOKIE;
use crate::web::client::ClientAddress;
use crate::web::flash::Flash;

/// See the module.
#[derive(Debug, Clone, Default)]
pub struct Visitor {
    pub(super) token: String,
    pub(super) address: Option<String>,
    pub(super) flash: Flashed,
    pub(super) path: String,
}

/// The message that came with the request's cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Flashed {
    #[default]
    Nothing,
    /// A cookie came, and what it says, if it says anything. It has to be taken away.
    Cookie(Option<Flash>),
}

impl Visitor {
    pub fn of(parts: &Parts) -> Self {
        let jar = CookieJar::from_headers(&parts.headers);
        let token = jar.get(SESSION_COOKIE).map(|cookie| cookie.value().to_owned()).unwrap_or_default();
        Self {
            token,
            address: parts.extensions.get::<ClientAddress>().map(|client| client.0.to_string()),
            flash: Flash::read(&jar).map_or(Flashed::Nothing, Flashed::Cookie),
            path: parts.uri.path().to_owned(),
        }
    }

    /// For work that the house does in a colleague's name: the seed of invented data.
    pub fn with_token(token: &str) -> Self {
        Self { token: token.to_owned(), ..Self::default() }
    }
}
