//! The first sign-in: a code that was handed over in person opens the picture to scan; a password and a one-time code
//! from it make the account usable. The second step carries the first one's fields, so nothing is kept in between.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use secrecy::ExposeSecret;
use serde::Deserialize;

use super::paths;
use crate::crypto::totp::{Picture, Seed};
use crate::error::Result;
use crate::identity::activation::{Activated, Shown};
use crate::identity::entrance::Entrance;
use crate::state::AppState;
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::view::Field;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/aktivera", get(show).post(step))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ActivationForm {
    user_name: String,
    code: String,
    password: String,
    one_time: String,
}

/// What the app is told, as a picture and in letters.
struct SeedView {
    picture: Picture,
    key: String,
}

impl SeedView {
    fn of(seed: &Seed, user_name: &str) -> Result<Self> {
        Ok(Self { picture: seed.picture(user_name)?, key: seed.base32().expose_secret().to_owned() })
    }
}

#[derive(Template)]
#[template(path = "signin/activate.html")]
struct ActivatePage {
    form: ActivationForm,
    faults: Faults,
    seed: Option<SeedView>,
}

impl ActivatePage {
    #[expect(clippy::disallowed_methods, reason = "shows nothing about anybody else; tries are already in the log")]
    fn answer(&self, status: StatusCode) -> Result<Response> {
        Ok((status, Html(self.render()?)).into_response())
    }
}

async fn show() -> Result<Response> {
    let page = ActivatePage { form: ActivationForm::default(), faults: Faults::none(), seed: None };
    page.answer(StatusCode::OK)
}

async fn step(entrance: Entrance, Form(form): Form<ActivationForm>) -> Result<Response> {
    let mut faults = Faults::none();
    if form.user_name.trim().is_empty() {
        faults.add("user_name", "Skriv ditt användarnamn");
    }
    if form.code.trim().is_empty() {
        faults.add("code", "Skriv aktiveringskoden");
    }
    if !faults.is_empty() {
        return ActivatePage { form, faults, seed: None }.answer(StatusCode::UNPROCESSABLE_ENTITY);
    }
    if form.password.is_empty() && form.one_time.is_empty() {
        return match entrance.show_seed(&form.user_name, &form.code).await? {
            Shown::Seed(seed) => {
                let seed = Some(SeedView::of(&seed, form.user_name.trim())?);
                ActivatePage { form, faults, seed }.answer(StatusCode::OK)
            }
            Shown::Refused => refused(form),
            Shown::Wait { seconds } => wait(form, seconds),
        };
    }
    let activated = entrance.activate(&form.user_name, &form.code, &form.password, &form.one_time).await?;
    let (field, advice) = match activated {
        Activated::Done => return Ok(Flash::AccountActivated.redirect(paths::SIGN_IN)),
        Activated::Refused => return refused(form),
        Activated::Wait { seconds } => return wait(form, seconds),
        Activated::PasswordRefused(advice) => ("password", advice),
        Activated::CodeWrong => ("one_time", "Koden stämmer inte. Skriv den som appen visar just nu"),
    };
    // The code was right: the picture is shown again, so that nobody has to begin anew over a password.
    match entrance.show_seed(&form.user_name, &form.code).await? {
        Shown::Seed(seed) => {
            let seed = Some(SeedView::of(&seed, form.user_name.trim())?);
            let page = ActivatePage { form, faults: Faults::from((field, advice)), seed };
            page.answer(StatusCode::UNPROCESSABLE_ENTITY)
        }
        Shown::Refused => refused(form),
        Shown::Wait { seconds } => wait(form, seconds),
    }
}

fn refused(form: ActivationForm) -> Result<Response> {
    let text = "Användarnamnet och koden hör inte ihop, eller så har koden gått ut. Be den som gav dig koden om en ny";
    let page = ActivatePage { form, faults: Faults::from(("user_name", text)), seed: None };
    page.answer(StatusCode::UNPROCESSABLE_ENTITY)
}

fn wait(form: ActivationForm, seconds: u64) -> Result<Response> {
    let text = format!("För många försök. Vänta {seconds} sekunder och försök igen");
    let page = ActivatePage { form, faults: Faults::from(("user_name", text)), seed: None };
    let mut answer = page.answer(StatusCode::TOO_MANY_REQUESTS)?;
    answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    Ok(answer)
}
