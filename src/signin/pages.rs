//! The sign-in page and the way out. A refusal says the same whatever was wrong, and looks the same for a name that
//! does not exist.

use askama::Template;
use axum::Router;
use axum::extract::{Form, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum_extra::extract::cookie::CookieJar;
use secrecy::ExposeSecret;
use serde::Deserialize;
use time::Duration;

use super::{guarded, paths};
use crate::access::SESSION_COOKIE;
use crate::crypto::token::Token;
use crate::crypto::totp::{STEP_SECONDS, code_at};
use crate::error::Result;
use crate::identity::entrance::{DEVICE_COOKIE, Entrance};
use crate::identity::sign_in::Outcome;
use crate::state::{AppState, DemoLogin};
use crate::web::error_page::UNSENT;
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::view::Field;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/logga-in", get(show).post(enter)).route("/logga-ut", post(leave))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct SignInForm {
    user_name: String,
    password: String,
    code: String,
}

#[derive(Template)]
#[template(path = "signin/sign_in.html")]
pub(super) struct SignInPage {
    municipality: String,
    /// Whether there is a key to sign in with.
    knows_keys: bool,
    flash: Option<&'static str>,
    form: SignInForm,
    faults: Faults,
    demo: Vec<DemoRow>,
    /// How long the codes in the list still hold.
    seconds_left: i64,
}

/// A line of the list over the invented municipality.
struct DemoRow {
    name: String,
    role: &'static str,
    user_name: String,
    password: String,
    code: String,
}

impl SignInPage {
    pub(super) fn new(state: &AppState, form: SignInForm, faults: Faults, flash: Option<&'static str>) -> Self {
        let now = state.clock.now().unix_timestamp();
        let row = |login: &DemoLogin| DemoRow {
            name: login.name.clone(),
            role: login.role.label(),
            user_name: login.user_name.clone(),
            password: login.password.expose_secret().to_owned(),
            code: code_at(&login.seed, now),
        };
        Self {
            municipality: state.municipality.to_string(),
            knows_keys: state.passkeys.is_some(),
            flash,
            form,
            faults,
            demo: state.demo.iter().map(row).collect(),
            seconds_left: STEP_SECONDS - now.rem_euclid(STEP_SECONDS),
        }
    }

    #[expect(clippy::disallowed_methods, reason = "shows nothing about anybody: what was tried is already in the log")]
    pub(super) fn answer(&self, status: StatusCode) -> Result<Response> {
        Ok((status, Html(self.render()?)).into_response())
    }
}

async fn show(State(state): State<AppState>, jar: CookieJar) -> Result<Response> {
    let flash = Flash::read(&jar);
    let said = flash.flatten().map(Flash::sentence);
    let page = SignInPage::new(&state, SignInForm::default(), Faults::none(), said).answer(StatusCode::OK)?;
    Ok(if flash.is_some() { (CookieJar::new().add(Flash::removal()), page).into_response() } else { page })
}

async fn enter(State(state): State<AppState>, entrance: Entrance, Form(form): Form<SignInForm>) -> Result<Response> {
    let mut faults = Faults::none();
    for (typed, field, missing) in [
        (&form.user_name, "user_name", "Skriv ditt användarnamn"),
        (&form.password, "password", "Skriv ditt lösenord"),
        (&form.code, "code", "Skriv engångskoden från din app"),
    ] {
        if typed.is_empty() {
            faults.add(field, missing);
        }
    }
    if !faults.is_empty() {
        return SignInPage::new(&state, form, faults, None).answer(StatusCode::UNPROCESSABLE_ENTITY);
    }
    match entrance.sign_in(&form.user_name, &form.password, &form.code).await? {
        Outcome::In { token, device, unsent } => Ok(let_in(&token, &device, unsent)),
        Outcome::Enrols { token } => {
            let session = guarded(SESSION_COOKIE, token.reveal().to_owned(), None);
            Ok((CookieJar::new().add(session), Redirect::to(paths::FIRST_KEY)).into_response())
        }
        Outcome::Refused => {
            let faults = Faults::from((
                "user_name",
                "Inloggningen misslyckades. Kontrollera användarnamn, lösenord och engångskod. En kod kan bara \
                 användas en gång. Har du en nyckel kan du behöva logga in med den",
            ));
            SignInPage::new(&state, form, faults, None).answer(StatusCode::UNPROCESSABLE_ENTITY)
        }
        Outcome::Wait { seconds } => wait(&state, form, "user_name", seconds),
    }
}

/// The session, and the cookie by which the computer is known the next time.
pub(super) fn let_in(token: &Token, device_token: &Token, unsent: bool) -> Response {
    let to = if unsent { UNSENT } else { "/" };
    let session = guarded(SESSION_COOKIE, token.reveal().to_owned(), None);
    let known = guarded(DEVICE_COOKIE, device_token.reveal().to_owned(), Some(Duration::days(90)));
    (CookieJar::new().add(session).add(known), Redirect::to(to)).into_response()
}

pub(super) fn wait(state: &AppState, form: SignInForm, field: &'static str, seconds: u64) -> Result<Response> {
    let text = format!("För många försök. Vänta {seconds} sekunder och försök igen");
    let page = SignInPage::new(state, form, Faults::from((field, text)), None);
    let mut answer = page.answer(StatusCode::TOO_MANY_REQUESTS)?;
    answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    Ok(answer)
}

/// Also takes away what the browser kept of the pages. The cookie that makes the device known stays: without it the
/// next sign-in would be counted among strangers'.
async fn leave(entrance: Entrance, jar: CookieJar) -> Result<Response> {
    if let Some(cookie) = jar.get(SESSION_COOKIE) {
        entrance.sign_out(cookie.value()).await?;
    }
    let jar = CookieJar::new().add(guarded(SESSION_COOKIE, String::new(), Some(Duration::ZERO)));
    let clear = [(header::HeaderName::from_static("clear-site-data"), r#""cache", "storage""#)];
    Ok((clear, jar, Flash::SignedOut.redirect(paths::SIGN_IN)).into_response())
}
