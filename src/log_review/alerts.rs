//! Alerts: what the rules have found since, before the month is drawn. Seeing one settles nothing: it comes with its month.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use time::Date;

use super::ground::Ground;
use super::pages::role_label;
use super::store::alerting::{self, Alert};
use super::{model::ReviewMonth, paths};
use crate::access::Access;
use crate::access::right::{MarkLog, ReadLogReview};
use crate::audit::{Event, Note};
use crate::calendar::stockholm;
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::web::flash::Flash;
use crate::web::form::uuid;
use crate::web::shell::Shell;
use crate::web::view::Moment;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/logggranskning/larm", get(show).post(see))
}

struct Row {
    id: String,
    words: String,
    who: String,
    role: String,
    day: Date,
    clock: String,
    rows: i64,
    reference: Option<String>,
    found: Moment,
    is_urgent: bool,
    waits: bool,
    seen: Option<(String, Moment)>,
    month: (String, ReviewMonth),
}

impl Row {
    fn of(alert: Alert) -> Self {
        let month = ReviewMonth::of(alert.day);
        let rule = Ground::parse(&alert.ground).map_or("", Ground::words);
        let (from, to) = (Moment(stockholm(alert.first_at)).clock(), Moment(stockholm(alert.last_at)).clock());
        Self {
            id: alert.id.to_string(),
            words: alert.trouble.unwrap_or_else(|| rule.to_owned()),
            who: alert.actor_name.unwrap_or_else(|| "Loggen själv".to_owned()),
            role: alert.actor_role.as_deref().map(role_label).unwrap_or_default().to_owned(),
            day: alert.day,
            clock: if from == to { format!("kl. {from}") } else { format!("kl. {from}–{to}") },
            rows: alert.rows,
            reference: alert.reference,
            found: Moment(stockholm(alert.found_at)),
            is_urgent: alert.is_urgent,
            waits: alert.is_urgent && alert.seen_at.is_none(),
            seen: alert.seen_by.zip(alert.seen_at.map(|at| Moment(stockholm(at)))),
            month: (paths::month(month), month),
        }
    }
}

#[derive(Template)]
#[template(path = "log_review/alerts.html")]
struct AlertsPage {
    shell: Shell,
    rows: Vec<Row>,
    waiting: usize,
    may_see: bool,
    here: &'static str,
    list: &'static str,
}

async fn show(mut access: Access<ReadLogReview>) -> Result<Response> {
    let alerts = alerting::alerts(&mut access).await?;
    let cases = alerts.iter().filter_map(|alert| alert.case).collect();
    access.shown(Note { cases, ..Note::of(Event::LogAlertsShown).with("count", alerts.len()) });
    let rows: Vec<_> = alerts.into_iter().map(Row::of).collect();
    let may_see = access.may::<MarkLog>();
    let waiting = rows.iter().filter(|row| row.waits).count();
    access
        .page(|shell, _| Ok(AlertsPage { shell, rows, waiting, may_see, here: paths::ALERTS, list: paths::LIST }))
        .await
}

#[derive(Deserialize)]
struct SeeForm {
    #[serde(default)]
    id: String,
}

async fn see(mut access: Access<MarkLog>, Form(form): Form<SeeForm>) -> Result<Response> {
    let id = uuid(&form.id).ok_or(Error::NotFound)?;
    let flash = alerting::see(&mut access, id).await?.then_some(Flash::LogAlertSeen);
    access.redirect(paths::ALERTS, flash).await
}
