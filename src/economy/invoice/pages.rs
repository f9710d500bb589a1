//! `/ekonomi/fakturor`: invoices against what they should be, entering one, disputing and approving it.

use askama::Template;
use axum::Router;
use axum::extract::{Form, Query};
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use time::Date;

use super::form::{ApproveForm, DisputeForm, InvoiceForm};
use super::model::{Invoice, Offered, signed};
use super::{paths, store};
use crate::access::Access;
use crate::access::right::{ApproveInvoice, KeepInvoices, ReadEconomy};
use crate::audit::{Event, Note};
use crate::calendar::{Period, add_months, month_heading};
use crate::error::{Error, Result};
use crate::money::Ore;
use crate::state::AppState;
use crate::vocabulary::{InvoiceDispute, InvoiceStatus};
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{Choice, Crumb, Field};

const YEARS: std::ops::RangeInclusive<i32> = 2015..=2099;

pub(in crate::economy) fn routes() -> Router<AppState> {
    Router::new()
        .route("/ekonomi/fakturor", get(list).post(register))
        .route("/ekonomi/fakturor/ny", get(new))
        .route("/ekonomi/fakturor/{invoice}", get(show))
        .route("/ekonomi/fakturor/{invoice}/bestridande", get(ask_dispute).post(dispute))
        .route("/ekonomi/fakturor/{invoice}/godkannande", get(ask_approve).post(approve))
}

/// The colour of a status.
const fn tag(status: InvoiceStatus) -> &'static str {
    match status {
        InvoiceStatus::Match => "",
        InvoiceStatus::Deviation => "warn",
        InvoiceStatus::Disputed => "danger",
        InvoiceStatus::Approved => "ok",
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    ar: String,
    visa: String,
}

struct Row {
    href: String,
    tag: &'static str,
    one: Invoice,
}

#[derive(Template)]
#[template(path = "economy/invoices.html")]
struct ListPage {
    shell: Shell,
    crumbs: Vec<Crumb>,
    year: i32,
    only_open: bool,
    /// The address with the other filter.
    other: String,
    earlier: String,
    later: String,
    new: Option<String>,
    rows: Vec<Row>,
    invoiced: Ore,
    expected: Ore,
    difference: String,
}

async fn list(mut access: Access<ReadEconomy>, Query(query): Query<ListQuery>) -> Result<Response> {
    let today = access.desk().clock().today();
    let year = query.ar.trim().parse().ok().filter(|year| YEARS.contains(year)).unwrap_or_else(|| today.year());
    let only_open = query.visa == "oppna";
    let found = store::list(&mut access, year, only_open).await?;
    access.shown(Note::of(Event::InvoicesShown).with("year", year).with("count", found.len()));
    let sum = |of: fn(&Invoice) -> Ore| Ore::checked_sum(found.iter().map(of)).ok_or_else(crate::economy::overflow);
    let (invoiced, expected) = (sum(|one| one.invoiced)?, sum(|one| one.expected)?);
    let difference = signed(sum(|one| one.difference)?);
    let new = access.may::<KeepInvoices>().then(|| paths::new(last_month(today)));
    let rows = found.into_iter().map(|one| Row { href: paths::show(one.id), tag: tag(one.status), one }).collect();
    access
        .page(|shell, _| {
            Ok(ListPage {
                shell,
                crumbs: vec![Crumb::to(super::super::paths::HOME, "Ekonomi"), Crumb::here(format!("Fakturor {year}"))],
                year,
                only_open,
                other: paths::year(year, !only_open),
                earlier: paths::year(year - 1, only_open),
                later: paths::year(year + 1, only_open),
                new,
                rows,
                invoiced,
                expected,
                difference,
            })
        })
        .await
}

/// The first day of the month before this one: its invoices come now.
fn last_month(today: Date) -> Date {
    let this = Period::month_of(today).first_day();
    add_months(this, -1).unwrap_or(this)
}

/// The first day of a month, as an address or a form has it.
fn month(typed: &str, today: Date) -> Date {
    let format = time::macros::format_description!("[year]-[month]-[day]");
    let typed = Date::parse(typed.trim(), format).ok().filter(|day| YEARS.contains(&day.year()));
    typed.map_or_else(|| last_month(today), |day| Period::month_of(day).first_day())
}

#[derive(Template)]
#[template(path = "economy/invoice_new.html")]
struct NewPage {
    shell: Shell,
    crumbs: Vec<Crumb>,
    month: String,
    earlier: Option<String>,
    later: Option<String>,
    is_empty: bool,
    placements: Vec<Choice>,
    form: InvoiceForm,
    faults: Faults,
}

impl NewPage {
    fn of(shell: Shell, month: Date, offered: &[Offered], form: InvoiceForm, faults: Faults) -> Self {
        let placements = offered.iter().map(|one| (one.placement.to_string(), one.name()));
        let near = |months| add_months(month, months).map(paths::new);
        Self {
            shell,
            crumbs: vec![
                Crumb::to(super::super::paths::HOME, "Ekonomi"),
                Crumb::to(paths::LIST, "Fakturor"),
                Crumb::here("Ny faktura"),
            ],
            month: month_heading(month),
            earlier: near(-1),
            later: near(1),
            is_empty: offered.is_empty(),
            placements: Choice::one("placement", placements, &form.placement),
            form,
            faults,
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct MonthQuery {
    manad: String,
}

async fn new(mut access: Access<KeepInvoices>, Query(query): Query<MonthQuery>) -> Result<Response> {
    let month = month(&query.manad, access.desk().clock().today());
    let offered = store::offered(&mut access, month).await?;
    access.shown(Note::of(Event::InvoicesShown).with("month", month.to_string()).with("count", offered.len()));
    access.page(|shell, _| Ok(NewPage::of(shell, month, &offered, InvoiceForm::fresh(month), Faults::none()))).await
}

async fn register(mut access: Access<KeepInvoices>, Form(form): Form<InvoiceForm>) -> Result<Response> {
    let today = access.desk().clock().today();
    if let Some(id) = uuid(&form.id) {
        let read = async |access: &mut Access<ReadEconomy>| match store::get(access, id).await {
            Ok(one) => Ok(one.is_mine),
            Err(Error::NotFound) => Ok(false),
            Err(error) => Err(error),
        };
        let (again, is_there) = access.also::<ReadEconomy, _>(read).await?;
        access = again;
        if is_there == Some(true) {
            return access.redirect(&paths::show(id), None).await;
        }
    }
    let month = month(&form.month, today);
    let offered = store::offered(&mut access, month).await?;
    access.shown(Note::of(Event::InvoicesShown).with("month", month.to_string()).with("count", offered.len()));
    let faults = match form.parse(&offered, today) {
        Ok(new) => {
            let read = async |access: &mut Access<ReadEconomy>| store::is_invoiced(access, &new).await;
            let (again, is_invoiced) = access.also::<ReadEconomy, _>(read).await?;
            access = again;
            if is_invoiced == Some(true) {
                Faults::from((
                    "placement",
                    "Några av dygnen är redan fakturerade. Öppna den fakturan, eller skriv andra datum",
                ))
            } else {
                return match store::register(&mut access, &new).await? {
                    None => access.redirect(&paths::show(new.id), Flash::InvoiceRegistered).await,
                    Some(store::Refused::Twice | store::Refused::Stale) => Err(Error::Stale),
                };
            }
        }
        Err(faults) => faults,
    };
    access.again(|shell, _| Ok(NewPage::of(shell, month, &offered, form, faults))).await
}

#[derive(Template)]
#[template(path = "economy/invoice.html")]
struct ShowPage {
    shell: Shell,
    crumbs: Vec<Crumb>,
    one: Invoice,
    tag: &'static str,
    dispute: Option<String>,
    approve: Option<String>,
    placement: Option<String>,
}

fn crumbs(one: &Invoice, here: &str) -> Vec<Crumb> {
    vec![
        Crumb::to(super::super::paths::HOME, "Ekonomi"),
        Crumb::to(paths::year(one.first.year(), false), "Fakturor"),
        Crumb::here(here),
    ]
}

async fn show(mut access: Access<ReadEconomy>, PathId(id): PathId) -> Result<Response> {
    let one = store::get(&mut access, id).await?;
    access.shown(Note::of(Event::InvoicesShown).with("invoice", id.to_string()));
    let dispute = (access.may::<KeepInvoices>() && one.may_be_disputed()).then(|| paths::dispute(id));
    let approve = (access.may::<ApproveInvoice>() && one.may_be_approved()).then(|| paths::approve(id));
    let placement = one.reference.as_deref().zip(one.placement);
    let placement = placement.map(|(reference, id)| crate::placement::paths::show(reference, id));
    let crumbs = crumbs(&one, "Faktura");
    access.page(|shell, _| Ok(ShowPage { shell, crumbs, tag: tag(one.status), one, dispute, approve, placement })).await
}

#[derive(Template)]
#[template(path = "economy/invoice_dispute.html")]
struct DisputePage {
    shell: Shell,
    crumbs: Vec<Crumb>,
    one: Invoice,
    disputes: Vec<Choice>,
    action: String,
    back: String,
    form: DisputeForm,
    faults: Faults,
    stale: bool,
}

impl DisputePage {
    fn of(shell: Shell, one: Invoice, form: DisputeForm, faults: Faults, stale: bool) -> Self {
        let disputes = InvoiceDispute::ALL.iter().map(|one| (one.code(), one.label()));
        Self {
            crumbs: crumbs(&one, "Bestrid faktura"),
            disputes: Choice::one("dispute", disputes, &form.dispute),
            action: paths::dispute(one.id),
            back: paths::show(one.id),
            shell,
            one,
            form,
            faults,
            stale,
        }
    }
}

/// The invoice that a step is about, on the trail.
async fn about<R: crate::access::right::Right>(access: Access<R>, PathId(id): PathId) -> Result<(Access<R>, Invoice)> {
    let read = async |access: &mut Access<ReadEconomy>| store::get(access, id).await;
    let (mut access, one) = access.also::<ReadEconomy, _>(read).await?;
    access.shown(Note::of(Event::InvoicesShown).with("invoice", id.to_string()));
    Ok((access, one.ok_or(Error::NotFound)?))
}

async fn ask_dispute(access: Access<KeepInvoices>, id: PathId) -> Result<Response> {
    let (access, one) = about(access, id).await?;
    let today = access.desk().clock().today();
    let form =
        DisputeForm { version: one.version.to_string(), disputed_on: today.to_string(), ..DisputeForm::default() };
    access.page(|shell, _| Ok(DisputePage::of(shell, one, form, Faults::none(), false))).await
}

async fn dispute(access: Access<KeepInvoices>, id: PathId, Form(form): Form<DisputeForm>) -> Result<Response> {
    let (mut access, one) = about(access, id).await?;
    let parsed = form.parse(access.desk().clock().today());
    if !one.may_be_disputed() || (parsed.is_ok() && form.version.trim() != one.version.to_string()) {
        let form = DisputeForm { version: one.version.to_string(), ..form };
        return access.conflict(|shell, _| Ok(DisputePage::of(shell, one, form, Faults::none(), true))).await;
    }
    match parsed {
        Ok(why) => {
            if !store::dispute(&mut access, one.id, one.version, why).await? {
                return Err(Error::Stale);
            }
            access.redirect(&paths::show(one.id), Flash::InvoiceDisputed).await
        }
        Err(faults) => access.again(|shell, _| Ok(DisputePage::of(shell, one, form, faults, false))).await,
    }
}

#[derive(Template)]
#[template(path = "economy/invoice_approve.html")]
struct ApprovePage {
    shell: Shell,
    crumbs: Vec<Crumb>,
    one: Invoice,
    action: String,
    back: String,
    form: ApproveForm,
    faults: Faults,
    stale: bool,
}

impl ApprovePage {
    fn of(shell: Shell, one: Invoice, form: ApproveForm, faults: Faults, stale: bool) -> Self {
        let (action, back) = (paths::approve(one.id), paths::show(one.id));
        Self { crumbs: crumbs(&one, "Godkänn faktura"), shell, one, action, back, form, faults, stale }
    }
}

async fn ask_approve(access: Access<ApproveInvoice>, id: PathId) -> Result<Response> {
    let (access, one) = about(access, id).await?;
    let form = ApproveForm { version: one.version.to_string(), approved: one.invoiced.plain() };
    access.page(|shell, _| Ok(ApprovePage::of(shell, one, form, Faults::none(), false))).await
}

async fn approve(access: Access<ApproveInvoice>, id: PathId, Form(form): Form<ApproveForm>) -> Result<Response> {
    let (mut access, one) = about(access, id).await?;
    if one.is_mine || one.has_priced {
        return Err(Error::Forbidden);
    }
    let parsed = form.parse(one.invoiced);
    if !one.may_be_approved() || (parsed.is_ok() && form.version.trim() != one.version.to_string()) {
        let form = ApproveForm { version: one.version.to_string(), ..form };
        return access.conflict(|shell, _| Ok(ApprovePage::of(shell, one, form, Faults::none(), true))).await;
    }
    match parsed {
        Ok(approved) => {
            if !store::approve(&mut access, one.id, one.version, approved).await? {
                return Err(Error::Stale);
            }
            access.redirect(&paths::show(one.id), Flash::InvoiceApproved).await
        }
        Err(faults) => access.again(|shell, _| Ok(ApprovePage::of(shell, one, form, faults, false))).await,
    }
}
