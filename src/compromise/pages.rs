//! The report about an account, and locking it. An administrator sees references and whom to call; nobody sees more of a
//! case here than they may elsewhere.

use std::collections::HashMap;

use askama::Template;
use axum::Router;
use axum::extract::{Form, FromRequestParts, Query, RawPathParams};
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::model::{Danger, Exposed, Lock, USUALLY, first_moment};
use super::store::{NewLock, Suspect};
use super::{paths, store};
use crate::access::Access;
use crate::access::right::{LockAccount, ReadExposure};
use crate::audit::{Event, Note};
use crate::calendar::{moment, parse_day, stockholm};
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::vocabulary::{ProtectionLevel, Role};
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::shell::Shell;
use crate::web::view::{Field, Moment};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/exponering", get(list))
        .route("/exponering/{account}", get(show))
        .route("/exponering/{account}/las", post(lock))
        .route("/exponering/{account}/klart", post(settle))
}

/// The account that the address names.
struct AccountOf(Uuid);

impl<S: Send + Sync> FromRequestParts<S> for AccountOf {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(Error::internal)?;
        let account = params.iter().find(|(name, _)| *name == "account").and_then(|(_, value)| uuid(value));
        account.map(Self).ok_or(Error::NotFound)
    }
}

struct SuspectRow {
    href: String,
    name: String,
    title: String,
    role: &'static str,
    is_active: bool,
}

#[derive(Template)]
#[template(path = "compromise/list.html")]
struct ListPage {
    shell: Shell,
    rows: Vec<SuspectRow>,
}

async fn list(mut access: Access<ReadExposure>) -> Result<Response> {
    let suspects = store::suspects(&mut access).await?;
    access.shown(Note::of(Event::ColleaguesListed).with("count", suspects.len()));
    let rows = suspects.into_iter().map(|one| SuspectRow {
        href: paths::report(one.id),
        name: one.name,
        title: one.title,
        role: one.role.map_or("Ingen roll", Role::label),
        is_active: one.is_active,
    });
    let rows = rows.collect();
    access.page(|shell, _| Ok(ListPage { shell, rows })).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    sedan: String,
}

struct ExposedRow {
    reference: String,
    code_name: Option<String>,
    marks: Vec<&'static str>,
    danger: Danger,
    seen: Option<(Moment, i64)>,
    listed: Option<Moment>,
    location: Option<Moment>,
    reach: Vec<&'static str>,
    locations: i64,
    documents: Vec<(&'static str, usize)>,
    responsible: Option<String>,
    coordinator: Option<String>,
    police: Option<(&'static str, Moment)>,
}

impl ExposedRow {
    fn of(one: &Exposed, code_names: &HashMap<Uuid, String>) -> Self {
        let at = |moment: OffsetDateTime| Moment(stockholm(moment));
        let protection = (one.protection != ProtectionLevel::Standard).then(|| one.protection.label());
        Self {
            reference: one.reference.clone(),
            code_name: code_names.get(&one.case).cloned(),
            marks: protection.into_iter().chain(one.is_closed.then_some("Avslutat")).collect(),
            danger: one.danger(),
            seen: one.seen_at.map(|seen| (at(seen), one.seen_times)),
            listed: one.listed_at.map(at),
            location: one.location_at.map(at),
            reach: one.reach_in_words(),
            locations: one.locations,
            documents: one.documents.clone(),
            responsible: one.responsible.clone(),
            coordinator: one.coordinator.clone(),
            police: one.police.map(|(body, when)| (body.label(), at(when))),
        }
    }
}

struct LockView {
    by: String,
    at: String,
    sessions: i32,
    cases: i64,
    notify_by: String,
    settled_by: Option<String>,
}

impl LockView {
    fn of(lock: Lock) -> Self {
        Self {
            by: lock.locked_by,
            at: moment(lock.locked_at),
            sessions: lock.sessions,
            cases: lock.cases,
            notify_by: moment(lock.notify_by),
            settled_by: lock.settled_by,
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct LockForm {
    id: String,
    since: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "compromise/show.html")]
struct ReportPage {
    shell: Shell,
    suspect: Suspect,
    since: Date,
    counts: Vec<(Danger, usize)>,
    rows: Vec<ExposedRow>,
    documents: usize,
    intakes: usize,
    lock: Option<LockView>,
    may_lock: bool,
    form: LockForm,
    faults: Faults,
    action: String,
    settle: String,
    report: String,
}

/// The day since when, and its first moment. What cannot be read is the usual time back.
fn since(typed: &str, today: Date) -> (Date, OffsetDateTime) {
    let usual = today - USUALLY;
    let day = parse_day(typed, today).filter(|day| *day <= today).unwrap_or(usual);
    (day, first_moment(day))
}

async fn report(
    mut access: Access<ReadExposure>,
    account: Uuid,
    (form, faults): (LockForm, Faults),
) -> Result<(Access<ReadExposure>, impl FnOnce(Shell) -> ReportPage)> {
    let (day, from) = since(&form.since, access.desk().clock().today());
    let suspect = store::suspects(&mut access).await?.into_iter().find(|one| one.id == account);
    let suspect = suspect.ok_or(Error::NotFound)?;
    let exposure = store::read(access.read(), account, from).await?;
    let cases: Vec<Uuid> = exposure.cases.iter().map(|one| one.case).collect();
    let names = store::code_names(&mut access, &cases).await?;
    let lock = store::lock_of(&mut access, account).await?;
    let count = cases.len();
    let note = Note::of(Event::ExposureShown).with("account", account.to_string()).with("count", count);
    access.shown(Note { cases, ..note });
    let may_lock = access.may::<LockAccount>() && access.desk().actor().account != account && suspect.is_active;
    let all = [Danger::LocationRead, Danger::Read, Danger::LocationInReach, Danger::Listed, Danger::InReach];
    let page = move |shell| ReportPage {
        shell,
        suspect,
        since: day,
        counts: all.into_iter().map(|danger| (danger, exposure.count(danger))).collect(),
        rows: exposure.cases.iter().map(|one| ExposedRow::of(one, &names)).collect(),
        documents: exposure.documents.len(),
        intakes: exposure.intakes.len(),
        lock: lock.map(LockView::of),
        may_lock,
        form: LockForm { since: day.to_string(), ..form },
        faults,
        action: paths::lock(account),
        settle: paths::settle(account),
        report: paths::report(account),
    };
    Ok((access, page))
}

async fn show(
    access: Access<ReadExposure>,
    AccountOf(account): AccountOf,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let form = LockForm { id: Uuid::now_v7().to_string(), since: asked.sedan, reason: String::new() };
    let (access, page) = report(access, account, (form, Faults::none())).await?;
    access.page(|shell, _| Ok(page(shell))).await
}

/// In an emergency nothing is asked twice: one press.
async fn lock(
    mut access: Access<LockAccount>,
    AccountOf(account): AccountOf,
    Form(form): Form<LockForm>,
) -> Result<Response> {
    if access.desk().actor().account == account {
        return Err(Error::Invalid("Du kan inte låsa ditt eget konto. Be en kollega."));
    }
    let to = paths::report(account);
    let id = uuid(&form.id).unwrap_or_else(Uuid::now_v7);
    if store::is_locked(&mut access, id).await? {
        return access.redirect(&to, None).await;
    }
    let (_, from) = since(&form.since, access.desk().clock().today());
    let mut faults = Faults::none();
    let Some(reason) = faults.optional_text(&form.reason, 500, "reason") else {
        return Err(Error::Invalid("Texten är för lång eller innehåller tecken som inte går att läsa."));
    };
    let (back, known) = access
        .also(async |read: &mut Access<ReadExposure>| {
            Ok(store::suspects(read).await?.iter().any(|one| one.id == account))
        })
        .await?;
    access = back;
    if known != Some(true) {
        return Err(Error::NotFound);
    }
    let reason = Some(reason).filter(|reason| !reason.is_empty());
    store::lock(&mut access, &NewLock { id, account, since: from, reason }).await?;
    let to =
        format!("{to}?sedan={}", form.since.chars().filter(|c| c.is_ascii_digit() || *c == '-').collect::<String>());
    access.redirect(&to, Flash::AccountLocked).await
}

async fn settle(mut access: Access<LockAccount>, AccountOf(account): AccountOf) -> Result<Response> {
    if !store::settle(&mut access, account).await? {
        return Err(Error::Stale);
    }
    access.redirect(&paths::report(account), Flash::AccountLockSettled).await
}
