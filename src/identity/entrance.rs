//! The entrance: what the pages of signing in can ask for. It holds the door of signing in, so that no page does.

use axum::extract::FromRequestParts;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use axum_extra::extract::cookie::CookieJar;

use super::activation::{self, Activated, Holder, Shown};
use super::passkey::enrolling::{self, Enrolled};
use super::passkey::signing_in::{self, Asked, Came};
use super::recovery::{Recovered, recover};
use super::session;
use super::sign_in::{Outcome, Typed, sign_in};
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::web::client::ClientAddress;

/// The cookie that tells a device that an account has signed in from before.
pub const DEVICE_COOKIE: &str = "__Host-enhet";

/// See the module.
pub struct Entrance {
    state: AppState,
    address: Option<String>,
    browser: String,
    device: Option<String>,
}

impl FromRequestParts<AppState> for Entrance {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self> {
        let browser = parts.headers.get(USER_AGENT).and_then(|said| said.to_str().ok()).unwrap_or_default();
        let jar = CookieJar::from_headers(&parts.headers);
        Ok(Self {
            state: state.clone(),
            address: parts.extensions.get::<ClientAddress>().map(|client| client.0.to_string()),
            browser: browser.to_owned(),
            device: jar.get(DEVICE_COOKIE).map(|cookie| cookie.value().to_owned()),
        })
    }
}

impl Entrance {
    pub async fn sign_in(&self, user_name: &str, password: &str, code: &str) -> Result<Outcome> {
        let typed = Typed {
            user_name,
            password,
            code,
            device: self.device.as_deref(),
            browser: &self.browser,
            address: self.address.clone(),
        };
        sign_in(&self.state, typed).await
    }

    /// In with a recovery code, to where a new key is registered.
    pub async fn recover(&self, user_name: &str, password: &str, code: &str) -> Result<Recovered> {
        let typed = Typed {
            user_name,
            password,
            code,
            device: self.device.as_deref(),
            browser: &self.browser,
            address: self.address.clone(),
        };
        recover(&self.state, typed).await
    }

    /// Whether there is a key to sign in with at all.
    pub fn knows_keys(&self) -> bool {
        self.state.passkeys.is_some()
    }

    pub async fn ask_key(&self) -> Result<Asked> {
        signing_in::ask(&self.state, self.address.as_deref()).await
    }

    pub async fn sign_in_with_key(&self, typed: &str) -> Result<Outcome> {
        let came = Came { typed, browser: &self.browser, address: self.address.clone() };
        signing_in::sign_in(&self.state, came).await
    }

    /// Whether the token is of somebody on the way to their first key.
    pub async fn is_enrolling(&self, token: &str) -> Result<bool> {
        enrolling::is_enrolling(&self.state, token).await
    }

    pub async fn ask_first_key(&self, token: &str) -> Result<Option<serde_json::Value>> {
        enrolling::ask(&self.state, token).await
    }

    pub async fn enrol(&self, token: &str, name: &str, typed: &str) -> Result<Enrolled> {
        enrolling::enrol(&self.state, token, (name, typed), &self.browser, self.address.clone()).await
    }

    /// Ends the session that the token opens, if it opens any.
    pub async fn sign_out(&self, token: &str) -> Result<()> {
        let state = &self.state;
        session::end(state.db(), &state.keys, &state.clock, token, self.address.clone()).await.map(drop)
    }

    pub async fn show_seed(&self, user_name: &str, code: &str) -> Result<Shown> {
        let state = &self.state;
        activation::show(state.db(), &state.keys, &state.clock, &self.holder(user_name, code)).await
    }

    pub async fn activate(&self, user_name: &str, code: &str, password: &str, one_time: &str) -> Result<Activated> {
        let state = &self.state;
        let holder = self.holder(user_name, code);
        activation::activate(state.db(), &state.keys, &state.passwords, &state.clock, &holder, password, one_time).await
    }

    fn holder<'h>(&self, user_name: &'h str, code: &'h str) -> Holder<'h> {
        Holder { user_name, code, address: self.address.clone() }
    }
}
