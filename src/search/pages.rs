//! The search page. It answers the form by itself: a redirect would carry what was sought.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;

use super::form::SearchForm;
use super::store::{Found, find};
use crate::access::Access;
use crate::access::right::{BreakGlass, SearchCases};
use crate::break_glass::paths as break_glass;
use crate::case::paths as cases;
use crate::error::Result;
use crate::state::AppState;
use crate::web::form::Faults;
use crate::web::shell::Shell;
use crate::web::view::Field;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/sok", get(ask).post(answer))
}

#[derive(Template)]
#[template(path = "search/page.html")]
struct SearchPage {
    shell: Shell,
    form: SearchForm,
    faults: Faults,
    /// Nothing before somebody has asked.
    found: Option<Vec<Found>>,
    /// Where a case is read that is somebody else's and cannot wait; whatever was found.
    emergency: Option<&'static str>,
}

async fn ask(access: Access<SearchCases>) -> Result<Response> {
    let emergency = emergency(&access);
    let (form, faults) = (SearchForm::default(), Faults::none());
    access.page(|shell, _| Ok(SearchPage { shell, form, faults, found: None, emergency })).await
}

async fn answer(mut access: Access<SearchCases>, Form(form): Form<SearchForm>) -> Result<Response> {
    let emergency = emergency(&access);
    let sought = match form.parse(access.desk().clock().today(), access.desk().keys()) {
        Ok(sought) => sought,
        Err(faults) => {
            return access.again(|shell, _| Ok(SearchPage { shell, form, faults, found: None, emergency })).await;
        }
    };
    let found = Some(find(&mut access, &sought).await?);
    access.page(|shell, _| Ok(SearchPage { shell, form, faults: Faults::none(), found, emergency })).await
}

fn emergency(access: &Access<SearchCases>) -> Option<&'static str> {
    access.may::<BreakGlass>().then_some(break_glass::BREAK)
}
