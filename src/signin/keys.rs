//! Signing in with a key, and registering the first one where the role demands it. The script asks the question when the
//! form is sent; what comes back is an ordinary form.

use askama::Template;
use axum::Router;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Json, Redirect, Response};
use axum::routing::{get, post};
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;

use super::pages::{SignInForm, SignInPage, let_in, wait};
use super::paths;
use crate::access::SESSION_COOKIE;
use crate::error::{Error, Result};
use crate::identity::entrance::Entrance;
use crate::identity::passkey::enrolling::Enrolled;
use crate::identity::passkey::signing_in::Asked;
use crate::identity::sign_in::Outcome;
use crate::state::AppState;
use crate::web::form::Faults;
use crate::web::view::Field;

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/logga-in/nyckel", post(enter))
        .route("/logga-in/nyckel/fraga", post(ask))
        .route("/logga-in/ny-nyckel", get(show).post(begin))
        .route("/logga-in/ny-nyckel/svar", post(keep))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct KeyForm {
    name: String,
    passkey: String,
}

async fn ask(entrance: Entrance) -> Result<Response> {
    Ok(match entrance.ask_key().await? {
        Asked::Question(question) => Json(question).into_response(),
        Asked::Wait { seconds } => return Err(Error::TooMany(seconds)),
    })
}

async fn enter(State(state): State<AppState>, entrance: Entrance, Form(form): Form<KeyForm>) -> Result<Response> {
    match entrance.sign_in_with_key(&form.passkey).await? {
        Outcome::In { token, device, unsent } => Ok(let_in(&token, &device, unsent)),
        Outcome::Wait { seconds } => wait(&state, SignInForm::default(), "passkey", seconds),
        Outcome::Refused | Outcome::Enrols { .. } => {
            let faults = Faults::from((
                "passkey",
                "Inloggningen misslyckades. Nyckeln hör inte till något konto här, eller så svarade den för sent. Försök \
                 igen",
            ));
            SignInPage::new(&state, SignInForm::default(), faults, None).answer(StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

#[derive(Template)]
#[template(path = "signin/first_key.html")]
struct FirstKeyPage {
    name: String,
    faults: Faults,
    /// What the key is asked; none until it has a name.
    question: Option<String>,
}

impl FirstKeyPage {
    #[expect(clippy::disallowed_methods, reason = "shows nothing about anybody: who is on the way in is in the log")]
    fn answer(&self, status: StatusCode) -> Result<Response> {
        Ok((status, Html(self.render()?)).into_response())
    }
}

fn token(jar: &CookieJar) -> String {
    jar.get(SESSION_COOKIE).map(|cookie| cookie.value().to_owned()).unwrap_or_default()
}

fn out() -> Response {
    Redirect::to(paths::SIGN_IN).into_response()
}

async fn show(entrance: Entrance, jar: CookieJar) -> Result<Response> {
    if !entrance.is_enrolling(&token(&jar)).await? {
        return Ok(out());
    }
    FirstKeyPage { name: String::new(), faults: Faults::none(), question: None }.answer(StatusCode::OK)
}

async fn begin(entrance: Entrance, jar: CookieJar, Form(form): Form<KeyForm>) -> Result<Response> {
    let token = token(&jar);
    if !entrance.is_enrolling(&token).await? {
        return Ok(out());
    }
    let mut faults = Faults::none();
    let Some(name) = faults.text(&form.name, 60, "name", "Skriv vad nyckeln ska heta") else {
        return FirstKeyPage { name: form.name, faults, question: None }.answer(StatusCode::UNPROCESSABLE_ENTITY);
    };
    let Some(question) = entrance.ask_first_key(&token).await? else { return Ok(out()) };
    FirstKeyPage { name, faults, question: Some(question.to_string()) }.answer(StatusCode::OK)
}

async fn keep(entrance: Entrance, jar: CookieJar, Form(form): Form<KeyForm>) -> Result<Response> {
    let mut faults = Faults::none();
    let name = faults.text(&form.name, 60, "name", "Skriv vad nyckeln ska heta").unwrap_or_else(|| "Nyckel".to_owned());
    match entrance.enrol(&token(&jar), &name, &form.passkey).await? {
        Enrolled::In(Outcome::In { token, device, unsent }) => Ok(let_in(&token, &device, unsent)),
        Enrolled::In(_) | Enrolled::Gone => Ok(out()),
        Enrolled::Refused => {
            let faults = Faults::from(("name", "Nyckeln registrerades inte. Försök igen"));
            FirstKeyPage { name, faults, question: None }.answer(StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}
