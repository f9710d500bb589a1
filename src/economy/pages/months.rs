//! `/ekonomi/manader` and `/ekonomi/prognoser`: months that are closed with their corrections, and forecasts held
//! against what the year became.

use askama::Template;
use axum::extract::{Form, Path, Query};
use axum::response::Response;
use serde::Deserialize;
use time::Date;

use super::super::model::{Year, percent};
use super::super::{paths, store};
use super::{YearQuery, wanted};
use crate::access::Access;
use crate::access::right::{CloseMonth, ReadEconomy};
use crate::audit::{Event, Note};
use crate::calendar::{Period, add_months, moment, month_heading};
use crate::error::{Error, Result};
use crate::money::Ore;
use crate::vocabulary::LedgerCause;
use crate::web::flash::Flash;
use crate::web::shell::Shell;
use crate::web::view::Crumb;

#[derive(Template)]
#[template(path = "economy/months.html")]
struct MonthsPage {
    shell: Shell,
    crumbs: Vec<Crumb>,
    /// The month that can be closed now.
    next: Option<(Date, String)>,
    rows: Vec<(String, String, String)>,
}

/// The month that is closed next: the one after the last that is closed, or the one before this one. None while it runs.
fn next(closed: &[store::ClosedMonth], today: Date) -> Option<Date> {
    let running = Period::month_of(today).first_day();
    let next = match closed.first() {
        Some(last) => add_months(last.first, 1)?,
        None => add_months(running, -1)?,
    };
    (next < running).then_some(next)
}

pub(super) async fn list(mut access: Access<ReadEconomy>) -> Result<Response> {
    let today = access.desk().clock().today();
    let closed = store::closed(&mut access).await?;
    access.shown(Note::of(Event::EconomyShown).with("months", closed.len()));
    let may_close = access.may::<CloseMonth>();
    let next = next(&closed, today).filter(|_| may_close).map(|first| (first, month_heading(first)));
    let rows = closed.iter().map(|one| (paths::month(one.first), month_heading(one.first), moment(one.closed_at)));
    let rows = rows.collect();
    let crumbs = vec![Crumb::to(paths::HOME, "Ekonomi"), Crumb::here("Stängda månader")];
    access.page(|shell, _| Ok(MonthsPage { shell, crumbs, next, rows })).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct CloseForm {
    month: String,
}

pub(super) async fn close(mut access: Access<CloseMonth>, Form(form): Form<CloseForm>) -> Result<Response> {
    let month = day(&form.month)?;
    if !store::close(&mut access, month).await? {
        return Err(Error::Stale);
    }
    access.redirect(&paths::month(month), Flash::MonthClosed).await
}

/// The first day of a month, as an address has it.
fn day(typed: &str) -> Result<Date> {
    let format = time::macros::format_description!("[year]-[month]-[day]");
    Date::parse(typed.trim(), format).ok().filter(|day| day.day() == 1).ok_or(Error::NotFound)
}

#[derive(Template)]
#[template(path = "economy/month.html")]
struct MonthPage {
    shell: Shell,
    crumbs: Vec<Crumb>,
    heading: String,
    closed: String,
    rows: Vec<Row>,
    corrections: Vec<Row>,
    days: i64,
    total: Ore,
    now: Ore,
}

struct Row {
    name: String,
    alias: String,
    procurement: &'static str,
    days: i64,
    amount: Ore,
    cause: &'static str,
    written: String,
}

impl Row {
    fn of(row: store::LedgerRow) -> Self {
        Self {
            name: row.pseudonym.unwrap_or_else(|| "Slutet ärende".to_owned()),
            alias: row.alias.unwrap_or_else(|| "–".to_owned()),
            procurement: row.procurement.label(),
            days: row.days,
            amount: row.amount,
            cause: row.cause.label(),
            written: row
                .written_by
                .map_or_else(|| moment(row.written_at), |name| format!("{}, {name}", moment(row.written_at))),
        }
    }
}

pub(super) async fn show(mut access: Access<ReadEconomy>, Path(month): Path<String>) -> Result<Response> {
    let month = day(&month)?;
    let closed = store::closed(&mut access).await?;
    let closed = closed.into_iter().find(|one| one.first == month).ok_or(Error::NotFound)?;
    let ledger = store::ledger(&mut access, month).await?;
    access.shown(Note::of(Event::EconomyShown).with("month", month.to_string()).with("count", ledger.len()));
    let (first, later): (Vec<_>, Vec<_>) = ledger.into_iter().partition(|row| row.cause == LedgerCause::Closing);
    let sum =
        |rows: &[store::LedgerRow]| Ore::checked_sum(rows.iter().map(|row| row.amount)).ok_or_else(super::overflow);
    let total = sum(&first)?;
    let now = total.plus(sum(&later)?).ok_or_else(super::overflow)?;
    let heading = month_heading(month);
    access
        .page(|shell, _| {
            Ok(MonthPage {
                shell,
                crumbs: vec![
                    Crumb::to(paths::HOME, "Ekonomi"),
                    Crumb::to(paths::MONTHS, "Stängda månader"),
                    Crumb::here(&heading),
                ],
                heading,
                closed: moment(closed.closed_at),
                days: first.iter().map(|row| row.days).sum(),
                rows: first.into_iter().map(Row::of).collect(),
                corrections: later.into_iter().map(Row::of).collect(),
                total,
                now,
            })
        })
        .await
}

#[derive(Template)]
#[template(path = "economy/forecasts.html")]
struct ForecastsPage {
    shell: Shell,
    crumbs: Vec<Crumb>,
    year: i32,
    rows: Vec<ForecastRow>,
    outcome: Ore,
    is_over: bool,
}

struct ForecastRow {
    as_of: Date,
    actual: Ore,
    planned: Ore,
    forecast: Ore,
    /// What the year has come to, or is thought to come to today, less what was forecast.
    miss: Ore,
    share: String,
}

pub(super) async fn forecasts(mut access: Access<ReadEconomy>, Query(query): Query<YearQuery>) -> Result<Response> {
    let today = access.desk().clock().today();
    let year = wanted(&query.ar, today);
    let forecasts = store::forecasts(&mut access, year).await?;
    let months = store::months(&mut access, year, today).await?;
    access.shown(Note::of(Event::EconomyShown).with("forecasts", year));
    let outcome = Year { months, ..Year::default() }.forecast().ok_or_else(super::overflow)?;
    let row = |one: store::Forecast| {
        let forecast = one.actual.plus(one.planned)?;
        let miss = outcome.minus(forecast)?;
        let share = percent(miss, forecast).unwrap_or_else(|| "–".to_owned());
        Some(ForecastRow { as_of: one.as_of, actual: one.actual, planned: one.planned, forecast, miss, share })
    };
    let rows = forecasts.into_iter().map(row).collect::<Option<Vec<_>>>().ok_or_else(super::overflow)?;
    let crumbs = vec![Crumb::to(paths::year(year, 1), "Ekonomi"), Crumb::here(format!("Prognoser {year}"))];
    let is_over = year < today.year();
    access.page(|shell, _| Ok(ForecastsPage { shell, crumbs, year, rows, outcome, is_over })).await
}
