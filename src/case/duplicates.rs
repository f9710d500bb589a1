//! Cases that may be about the same person, for the coordinator: references and nothing else. What is said of two cases
//! stands; it moves nothing by itself.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use uuid::Uuid;

use super::paths;
use super::store::duplicates::{AT_MOST, Duplicate, list as read, settle as say};
use crate::access::Access;
use crate::access::right::SettleDuplicates;
use crate::calendar::stockholm;
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::vocabulary::DuplicateOutcome;
use crate::web::flash::Flash;
use crate::web::form::{Faults, code};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::Moment;

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/mojliga-dubbletter", get(list))
        .route("/arenden/mojliga-dubbletter/{duplicate}", post(settle))
}

const UNANSWERED: &str = "Välj om det är samma person";

/// Two cases in the list.
struct Row {
    one: Duplicate,
    found: Moment,
    handled: Option<Moment>,
    action: String,
    /// It was sent without an answer.
    is_faulty: bool,
}

#[derive(Template)]
#[template(path = "case/duplicates.html")]
struct ListPage {
    shell: Shell,
    waiting: Vec<Row>,
    settled: Vec<Row>,
    is_cut: bool,
    faults: Faults,
}

impl ListPage {
    /// What is wrong, where one was sent without an answer.
    fn of(shell: Shell, found: Vec<Duplicate>, unanswered: Option<Uuid>) -> Self {
        let is_cut = i64::try_from(found.len()).is_ok_and(|count| count == AT_MOST);
        let rows = found.into_iter().map(|one| Row {
            found: Moment(stockholm(one.found_at)),
            handled: one.handled_at.map(|at| Moment(stockholm(at))),
            action: paths::settle_duplicate(one.id),
            is_faulty: unanswered == Some(one.id),
            one,
        });
        let (waiting, settled) = rows.partition(|row| row.one.outcome.is_none());
        let faults = unanswered.map_or_else(Faults::none, |_| Faults::from(("outcome", UNANSWERED)));
        Self { shell, waiting, settled, is_cut, faults }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SettleForm {
    outcome: String,
}

async fn list(mut access: Access<SettleDuplicates>) -> Result<Response> {
    let found = read(&mut access).await?;
    access.page(|shell, _| Ok(ListPage::of(shell, found, None))).await
}

async fn settle(
    mut access: Access<SettleDuplicates>,
    PathId(id): PathId,
    Form(form): Form<SettleForm>,
) -> Result<Response> {
    let found = read(&mut access).await?;
    let Some(one) = found.iter().find(|one| one.id == id) else { return Err(Error::NotFound) };
    let Some(outcome) = code(&form.outcome, DuplicateOutcome::parse) else {
        if one.outcome.is_some() {
            return Err(Error::Stale);
        }
        return access.again(|shell, _| Ok(ListPage::of(shell, found, Some(id)))).await;
    };
    // Sent twice: the first time did it.
    if one.outcome == Some(outcome) {
        return access.redirect(paths::DUPLICATES, None).await;
    }
    if one.outcome.is_some() || !say(&mut access, one, outcome).await? {
        return Err(Error::Stale);
    }
    access.redirect(paths::DUPLICATES, Flash::DuplicateSettled).await
}
