//! The checks of a case, one of them, and registering one together with what it showed.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;
use time::Date;
use uuid::Uuid;

use super::form::{CheckForm, LONGEST_GROUND, NEW};
use super::model::{Check, Finding, is_overdue, next_due};
use super::{paths, store};
use crate::access::right::{HandleDeviation, ReadChecks, ReadConsents, ReadDeviations, RegisterCheck};
use crate::access::{CaseAccess, Part};
use crate::audit::{Event, Note};
use crate::consent::model::Consent;
use crate::consent::store as consents;
use crate::deviation::form::{LONGEST_ACTION, LONGEST_DESCRIPTION};
use crate::deviation::model::Deviation;
use crate::deviation::paths as deviation_paths;
use crate::deviation::store as deviations;
use crate::error::{Error, Result};
use crate::personal::Personal;
use crate::state::AppState;
use crate::vocabulary::{CheckResult, ConsentKind, PoliceBody};
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Due, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/slagningar", get(list).post(create))
        .route("/arenden/{case}/slagningar/ny", get(new))
        .route("/arenden/{case}/slagningar/{check}", get(show))
}

/// The colour of a result.
pub const fn tag(result: CheckResult) -> &'static str {
    match result {
        CheckResult::NoDeviation => "ok",
        CheckResult::Deviation => "danger",
        CheckResult::NotPerformed => "warn",
    }
}

/// A check in the table.
struct Row {
    href: String,
    performed_on: Date,
    body: PoliceBody,
    result: CheckResult,
    tag: &'static str,
    reported_on: Date,
    next_due_on: Option<Date>,
}

#[derive(Template)]
#[template(path = "check/list.html")]
struct ListPage {
    shell: Shell,
    case: CaseBar,
    rows: Vec<Row>,
    /// The last day for the next one, once it has passed.
    overdue: Option<Due>,
    new: Option<String>,
}

async fn list(mut case: CaseAccess<ReadChecks>) -> Result<Response> {
    let checks = store::list(&mut case).await?;
    case.shown(Note::of(Event::ChecksShown).with("count", checks.len()));
    let (today, reference) = (case.desk().clock().today(), case.head().reference.clone());
    let open = case.head().closed_on.is_none();
    let overdue = next_due(&checks).filter(|due| open && is_overdue(*due, today)).map(|due| Due::on(due, today));
    let rows = checks.iter().map(|one| Row {
        href: paths::show(&reference, one.id),
        performed_on: one.performed_on,
        body: one.body,
        result: one.result,
        tag: tag(one.result),
        reported_on: one.reported_on,
        next_due_on: one.next_due_on,
    });
    let rows = rows.collect();
    let new = case.may::<RegisterCheck>().then(|| paths::new(&reference));
    case.page(Part::Cooperation, |shell, case, _| Ok(ListPage { shell, case, rows, overdue, new })).await
}

#[derive(Template)]
#[template(path = "check/show.html")]
struct ShowPage {
    shell: Shell,
    case: CaseBar,
    tag: &'static str,
    next_due_on: Option<Date>,
    deviation: Option<String>,
    ground: Option<Personal>,
    list: String,
    one: Check,
}

async fn show(mut case: CaseAccess<ReadChecks>, PathId(id): PathId) -> Result<Response> {
    let one = store::get(&mut case, id).await?;
    case.shown(Note::of(Event::ChecksShown).with("check", id.to_string()));
    case.page(Part::Cooperation, |shell, case, receipt| {
        Ok(ShowPage {
            tag: tag(one.result),
            next_due_on: one.next_due_on,
            deviation: one.deviation.map(|id| deviation_paths::show(&case.reference, id)),
            ground: match &one.ground {
                Some(sealed) => Some(receipt.open(store::GROUND.at(id), sealed)?),
                None => None,
            },
            list: paths::list(&case.reference),
            shell,
            case,
            one,
        })
    })
    .await
}

/// What a check is held against.
struct Known {
    consents: Vec<Consent>,
    deviations: Vec<Deviation>,
}

#[derive(Template)]
#[template(path = "check/new.html")]
struct NewPage {
    shell: Shell,
    case: CaseBar,
    form: CheckForm,
    report: crate::deviation::form::DeviationForm,
    faults: Faults,
    bodies: Vec<Choice>,
    results: Vec<Choice>,
    deviations: Vec<Choice>,
    categories: Vec<Choice>,
    severities: Vec<Choice>,
    consents: Vec<Consent>,
    list: String,
}

impl NewPage {
    fn of(shell: Shell, case: CaseBar, (form, faults): (CheckForm, Faults), known: Known) -> Self {
        let (bodies, results) = (PoliceBody::ALL.iter(), CheckResult::ALL.iter());
        let mut deviations = vec![(NEW.to_owned(), "En ny avvikelse, beskriven här nedanför".to_owned())];
        deviations.extend(known.deviations.iter().map(|one| (one.id.to_string(), one.name())));
        Self {
            bodies: Choice::one("body", bodies.map(|one| (one.code(), one.label())), &form.body),
            results: Choice::one("result", results.map(|one| (one.code(), one.label())), &form.result),
            deviations: Choice::one("deviation", deviations, &form.deviation),
            categories: form.report.categories(),
            severities: form.report.severities(),
            consents: known.consents,
            list: paths::list(&case.reference),
            report: form.report.clone(),
            shell,
            case,
            form,
            faults,
        }
    }
}

type Case = CaseAccess<RegisterCheck>;

async fn known(case: Case) -> Result<(Case, Known)> {
    let (case, given) = case
        .also(async |case: &mut CaseAccess<ReadConsents>| {
            let mut given = consents::list(case).await?;
            given.retain(|one| one.kind == ConsentKind::RelapseFollowUp);
            case.shown(Note::of(Event::ConsentsShown).with("count", given.len()));
            Ok(given)
        })
        .await?;
    let (case, registered) = case
        .also(async |case: &mut CaseAccess<ReadDeviations>| {
            let registered = deviations::list(case).await?;
            case.shown(Note::of(Event::DeviationsShown).with("count", registered.len()));
            Ok(registered)
        })
        .await?;
    Ok((case, Known { consents: given.unwrap_or_default(), deviations: registered.unwrap_or_default() }))
}

async fn new(case: Case) -> Result<Response> {
    let (case, known) = known(case).await?;
    let form = CheckForm::fresh(case.desk().clock().today());
    case.page(Part::Cooperation, |shell, case, _| Ok(NewPage::of(shell, case, (form, Faults::none()), known))).await
}

async fn create(mut case: Case, Form(form): Form<CheckForm>) -> Result<Response> {
    let list = paths::list(&case.head().reference);
    if let Some(id) = uuid(&form.id)
        && store::exists(&mut case, id).await?
    {
        return case.redirect(&list, None).await;
    }
    let (case, known) = known(case).await?;
    match form.parse(case.desk().clock().today(), &known.consents, &known.deviations) {
        Ok(new) => {
            let mut case = report(case, &new.finding).await?;
            store::register(&mut case, &new).await?;
            let to = shown_where(&case.head().reference, &new.finding).unwrap_or(list);
            case.redirect(&to, Flash::CheckSaved).await
        }
        Err(faults) => {
            case.again(Part::Cooperation, |shell, case, _| Ok(NewPage::of(shell, case, (form, faults), known))).await
        }
    }
}

/// A deviation that the check showed first, in the same transaction.
async fn report(case: Case, finding: &Finding) -> Result<Case> {
    let Finding::New(new) = finding else { return Ok(case) };
    let report = async |case: &mut CaseAccess<HandleDeviation>| deviations::report(case, new).await;
    let (case, reported) = case.also::<HandleDeviation, _>(report).await?;
    reported.ok_or(Error::Forbidden)?;
    Ok(case)
}

/// To a deviation, which has to be received; else to the list.
fn shown_where(case: &str, finding: &Finding) -> Option<String> {
    finding.deviation().map(|id: Uuid| deviation_paths::show(case, id))
}
