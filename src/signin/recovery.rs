//! Signing in without a key at hand: user name, password and a recovery code lead to registering a new key. A refusal says the
//! same whatever was wrong.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;

use super::{guarded, paths};
use crate::access::SESSION_COOKIE;
use crate::error::{Error, Result};
use crate::identity::entrance::Entrance;
use crate::identity::recovery::Recovered;
use crate::state::AppState;
use crate::web::form::Faults;
use crate::web::view::Field;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/logga-in/utan-nyckel", get(show).post(enter))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RecoveryForm {
    user_name: String,
    password: String,
    code: String,
}

#[derive(Template)]
#[template(path = "signin/recover.html")]
struct RecoverPage {
    form: RecoveryForm,
    faults: Faults,
}

impl RecoverPage {
    #[expect(clippy::disallowed_methods, reason = "shows nothing about anybody: what was tried is already in the log")]
    fn answer(&self, status: StatusCode) -> Result<Response> {
        Ok((status, Html(self.render()?)).into_response())
    }
}

/// Where keys do not work there is none to register.
fn open_here(entrance: &Entrance) -> Result<()> {
    if entrance.knows_keys() { Ok(()) } else { Err(Error::NotFound) }
}

async fn show(entrance: Entrance) -> Result<Response> {
    open_here(&entrance)?;
    RecoverPage { form: RecoveryForm::default(), faults: Faults::none() }.answer(StatusCode::OK)
}

async fn enter(entrance: Entrance, Form(form): Form<RecoveryForm>) -> Result<Response> {
    open_here(&entrance)?;
    let mut faults = Faults::none();
    for (typed, field, missing) in [
        (&form.user_name, "user_name", "Skriv ditt användarnamn"),
        (&form.password, "password", "Skriv ditt lösenord"),
        (&form.code, "code", "Skriv återställningskoden"),
    ] {
        if typed.trim().is_empty() {
            faults.add(field, missing);
        }
    }
    if !faults.is_empty() {
        return RecoverPage { form, faults }.answer(StatusCode::UNPROCESSABLE_ENTITY);
    }
    match entrance.recover(&form.user_name, &form.password, &form.code).await? {
        Recovered::Enrols { token } => {
            let session = guarded(SESSION_COOKIE, token.reveal().to_owned(), None);
            Ok((CookieJar::new().add(session), Redirect::to(paths::FIRST_KEY)).into_response())
        }
        Recovered::Refused => {
            let text = "Inloggningen misslyckades. Kontrollera användarnamn, lösenord och kod. En kod kan bara användas en \
                        gång";
            let page = RecoverPage { form, faults: Faults::from(("user_name", text)) };
            page.answer(StatusCode::UNPROCESSABLE_ENTITY)
        }
        Recovered::Wait { seconds } => {
            let text = format!("För många försök. Vänta {seconds} sekunder och försök igen");
            let page = RecoverPage { form, faults: Faults::from(("user_name", text)) };
            let mut answer = page.answer(StatusCode::TOO_MANY_REQUESTS)?;
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            Ok(answer)
        }
    }
}
