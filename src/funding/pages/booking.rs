//! `/ekonomi/medel`: the state money of a year by pseudonym, and what the controller books of it.

use askama::Template;
use axum::Router;
use axum::extract::{Form, Query};
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;

use super::super::form::{CloseForm, PaidForm};
use super::super::model::YearSums;
use super::super::paths;
use super::super::store::year::{self, Row};
use super::tag;
use crate::access::Access;
use crate::access::right::{BookFunding, ReadEconomy};
use crate::audit::{Event, Note};
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::vocabulary::FundStatus;
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{Crumb, Field};

const YEARS: std::ops::RangeInclusive<i32> = 2015..=2099;

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/ekonomi/medel", get(list))
        .route("/ekonomi/medel/{application}", get(show))
        .route("/ekonomi/medel/{application}/utbetalning", post(pay))
        .route("/ekonomi/medel/{application}/avslut", post(close))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct YearQuery {
    ar: String,
}

/// An application in the table.
struct Line {
    href: String,
    name: String,
    sub: String,
    tag: &'static str,
    row: Row,
}

impl Line {
    fn of(row: Row) -> Self {
        Self {
            href: paths::booked(row.id),
            name: named(&row),
            sub: row.reference.as_ref().and(row.pseudonym.clone()).unwrap_or_default(),
            tag: tag(row.status),
            row,
        }
    }
}

/// The reference where the viewer may have it, else the pseudonym; neither of a closed circle.
fn named(row: &Row) -> String {
    row.reference.clone().or_else(|| row.pseudonym.clone()).unwrap_or_else(|| "Slutet ärende".to_owned())
}

#[derive(Template)]
#[template(path = "funding/year.html")]
struct YearPage {
    shell: Shell,
    crumbs: Vec<Crumb>,
    year: i32,
    earlier: Option<String>,
    later: Option<String>,
    sums: YearSums,
    rows: Vec<Line>,
}

async fn list(mut access: Access<ReadEconomy>, Query(query): Query<YearQuery>) -> Result<Response> {
    let today = access.desk().clock().today();
    let wanted = query.ar.trim().parse().ok().filter(|year| YEARS.contains(year)).unwrap_or_else(|| today.year());
    let sums = year::sums(&mut access, wanted).await?;
    let rows = year::list(&mut access, wanted).await?;
    access.shown(Note::of(Event::FundingShown).with("year", wanted).with("count", rows.len()));
    let neighbour = |other: i32| YEARS.contains(&other).then(|| paths::year(other));
    access
        .page(|shell, _| {
            Ok(YearPage {
                shell,
                crumbs: vec![Crumb::to("/ekonomi", "Ekonomi"), Crumb::here(format!("Statliga medel {wanted}"))],
                year: wanted,
                earlier: neighbour(wanted - 1),
                later: neighbour(wanted + 1),
                sums,
                rows: rows.into_iter().map(Line::of).collect(),
            })
        })
        .await
}

#[derive(Template)]
#[template(path = "funding/booked.html")]
struct BookedPage {
    shell: Shell,
    crumbs: Vec<Crumb>,
    line: Line,
    /// Where the actor may go on in the case.
    case_page: Option<String>,
    /// What the actor may book now.
    pay: Option<String>,
    close: Option<String>,
    paid: PaidForm,
    closed: CloseForm,
    faults: Faults,
    stale: bool,
}

/// What is typed in either form.
#[derive(Default)]
struct Typed {
    paid: PaidForm,
    closed: CloseForm,
    faults: Faults,
    stale: bool,
}

fn page(shell: Shell, row: Row, may_book: bool, typed: Typed) -> BookedPage {
    let (id, status) = (row.id, row.status);
    let version = row.version.to_string();
    let line = Line::of(row);
    BookedPage {
        shell,
        crumbs: vec![
            Crumb::to("/ekonomi", "Ekonomi"),
            Crumb::to(paths::year(line.row.year), "Statliga medel"),
            Crumb::here(&line.name),
        ],
        case_page: line.row.reference.as_ref().map(|reference| paths::show(reference, id)),
        pay: (may_book && matches!(status, FundStatus::Granted | FundStatus::PartlyGranted)).then(|| paths::pay(id)),
        close: (may_book && matches!(status, FundStatus::Reported | FundStatus::Repayment)).then(|| paths::close(id)),
        paid: PaidForm { version: version.clone(), ..typed.paid },
        closed: CloseForm { version, ..typed.closed },
        faults: typed.faults,
        stale: typed.stale,
        line,
    }
}

async fn show(mut access: Access<ReadEconomy>, PathId(id): PathId) -> Result<Response> {
    let row = year::get(&mut access, id).await?;
    access.shown(Note::of(Event::FundingShown).with("application", id.to_string()));
    let may_book = access.may::<BookFunding>();
    access.page(|shell, _| Ok(page(shell, row, may_book, Typed::default()))).await
}

/// Reads it as those do who may book, and says so in the log.
async fn read(access: Access<BookFunding>, PathId(id): PathId) -> Result<(Access<BookFunding>, Row)> {
    let (mut access, row) =
        access.also::<ReadEconomy, _>(async |access: &mut Access<ReadEconomy>| year::get(access, id).await).await?;
    access.shown(Note::of(Event::FundingShown).with("application", id.to_string()));
    Ok((access, row.ok_or(Error::NotFound)?))
}

async fn pay(access: Access<BookFunding>, id: PathId, Form(form): Form<PaidForm>) -> Result<Response> {
    let (mut access, row) = read(access, id).await?;
    let parsed = form.parse(row.granted, row.decided_on, access.desk().clock().today());
    let is_current = matches!(row.status, FundStatus::Granted | FundStatus::PartlyGranted)
        && (parsed.is_err() || form.version.trim() == row.version.to_string());
    if !is_current {
        let typed = Typed { paid: form, stale: true, ..Typed::default() };
        return access.conflict(|shell, _| Ok(page(shell, row, true, typed))).await;
    }
    match parsed {
        Ok(paid) => {
            if !year::book(&mut access, row.id, row.version, paid).await? {
                return Err(Error::Stale);
            }
            access.redirect(&paths::booked(row.id), Flash::FundingPaid).await
        }
        Err(faults) => {
            let typed = Typed { paid: form, faults, ..Typed::default() };
            access.again(|shell, _| Ok(page(shell, row, true, typed))).await
        }
    }
}

async fn close(access: Access<BookFunding>, id: PathId, Form(form): Form<CloseForm>) -> Result<Response> {
    let (mut access, row) = read(access, id).await?;
    let parsed = form.parse(row.reported_on, access.desk().clock().today());
    let is_current = matches!(row.status, FundStatus::Reported | FundStatus::Repayment)
        && (parsed.is_err() || form.version.trim() == row.version.to_string());
    if !is_current {
        let typed = Typed { closed: form, stale: true, ..Typed::default() };
        return access.conflict(|shell, _| Ok(page(shell, row, true, typed))).await;
    }
    match parsed {
        Ok(on) => {
            if !year::close(&mut access, row.id, row.version, on).await? {
                return Err(Error::Stale);
            }
            access.redirect(&paths::booked(row.id), Flash::FundingClosed).await
        }
        Err(faults) => {
            let typed = Typed { closed: form, faults, ..Typed::default() };
            access.again(|shell, _| Ok(page(shell, row, true, typed))).await
        }
    }
}
