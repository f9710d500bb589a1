//! A case's state money: the list, an application, and writing a draft. The steps stand in `steps`, what is booked in
//! `booking`.

mod booking;
mod steps;

use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::response::Response;
use axum::routing::{get, post};
use axum_extra::extract::Form;
use serde::Deserialize;
use uuid::Uuid;

use super::form::{ApplicationForm, Open};
use super::model::{Application, LONGEST_PURPOSE, cost_within};
use super::store::{CONDITIONS, POLICE_REF, PURPOSE, REGISTRY_REF, Refused};
use super::{paths, store};
use crate::access::right::{ApplyFunding, ReadFunding, SignFunding};
use crate::access::{CaseAccess, Part};
use crate::audit::{Event, Note};
use crate::crypto::{Column, Sealed};
use crate::error::{Error, Result};
use crate::money::Ore;
use crate::personal::Personal;
use crate::placement;
use crate::state::AppState;
use crate::vocabulary::{FundAuthority, FundPrerequisite, FundStatus};
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/medel", get(list).post(create))
        .route("/arenden/{case}/medel/ny", get(new))
        .route("/arenden/{case}/medel/{application}", get(show))
        .route("/arenden/{case}/medel/{application}/andring", get(ask_edit).post(edit))
        .route("/arenden/{case}/medel/{application}/kastat", post(discard))
        .merge(steps::routes())
        .merge(booking::routes())
}

/// The colour of a status.
pub(super) const fn tag(status: FundStatus) -> &'static str {
    match status {
        FundStatus::Granted | FundStatus::PartlyGranted | FundStatus::Paid => "ok",
        FundStatus::Draft | FundStatus::Submitted | FundStatus::Repayment => "warn",
        FundStatus::Rejected => "danger",
        FundStatus::Withdrawn | FundStatus::Reported | FundStatus::Closed => "",
    }
}

/// An application in the table.
struct Row {
    href: String,
    one: Application,
    tag: &'static str,
}

#[derive(Template)]
#[template(path = "funding/list.html")]
struct ListPage {
    shell: Shell,
    case: CaseBar,
    rows: Vec<Row>,
    new: Option<String>,
    /// What the case's placements cost in all, what was granted, and the rest.
    gross: Ore,
    granted: Ore,
    net: Ore,
}

async fn list(mut case: CaseAccess<ReadFunding>) -> Result<Response> {
    let applications = store::list(&mut case).await?;
    let placements = placement::store::list(&mut case).await?;
    case.shown(Note::of(Event::FundingShown).with("count", applications.len()));
    let (today, reference) = (case.desk().clock().today(), case.head().reference.clone());
    let costs = placements.iter().map(|one| Some(one.costs(today)?.total.cost)).collect::<Option<Vec<_>>>();
    let gross = costs.and_then(Ore::checked_sum).ok_or_else(overflow)?;
    let granted = Ore::checked_sum(applications.iter().filter_map(|one| one.granted)).ok_or_else(overflow)?;
    let net = gross.minus(granted).ok_or_else(overflow)?;
    let row = |one: Application| Row { href: paths::show(&reference, one.id), tag: tag(one.status), one };
    let rows = applications.into_iter().map(row).collect();
    let new = case.may::<ApplyFunding>().then(|| paths::new(&reference));
    case.page(Part::Placements, |shell, case, _| Ok(ListPage { shell, case, rows, new, gross, granted, net })).await
}

fn overflow() -> Error {
    Error::internal("the cost of a case does not fit")
}

#[derive(Template)]
#[template(path = "funding/show.html")]
struct ShowPage {
    shell: Shell,
    case: CaseBar,
    one: Application,
    tag: &'static str,
    purpose: Personal,
    registry_ref: Option<Personal>,
    police_ref: Option<Personal>,
    conditions: Option<Personal>,
    /// What the case costs in the days that it is about.
    cost: Ore,
    ways: Ways,
}

/// Where one can go from here.
struct Ways {
    list: String,
    edit: Option<String>,
    discard: Option<String>,
    sign: Option<String>,
    answer: Option<String>,
    report: Option<String>,
    anew: Option<String>,
    disclosure: Option<String>,
    /// Written by the one who would sign it.
    is_own: bool,
}

impl Ways {
    fn of(case: &CaseAccess<ReadFunding>, one: &Application) -> Self {
        let (reference, account) = (&case.head().reference, case.desk().actor().account);
        let (applies, signs) = (case.may::<ApplyFunding>(), case.may::<SignFunding>());
        let while_it_is = |may: bool, status: FundStatus, to: fn(&str, Uuid) -> String| {
            (may && one.status == status).then(|| to(reference, one.id))
        };
        Self {
            list: paths::list(reference),
            edit: while_it_is(applies, FundStatus::Draft, paths::edit),
            discard: while_it_is(applies, FundStatus::Draft, paths::discard),
            sign: while_it_is(signs && one.may_be_signed_by(account), FundStatus::Draft, paths::sign),
            answer: while_it_is(applies, FundStatus::Submitted, paths::answer),
            report: while_it_is(applies, FundStatus::Paid, paths::report),
            anew: while_it_is(applies, FundStatus::Rejected, paths::anew),
            disclosure: one.disclosure.map(|id| crate::disclosure::paths::show(reference, id)),
            is_own: signs && one.status == FundStatus::Draft && !one.may_be_signed_by(account),
        }
    }
}

async fn show(mut case: CaseAccess<ReadFunding>, PathId(id): PathId) -> Result<Response> {
    let one = store::get(&mut case, id).await?;
    let placements = placement::store::list(&mut case).await?;
    case.shown(Note::of(Event::FundingShown).with("application", id.to_string()));
    let cost = cost_within(&placements, one.from, one.to).ok_or_else(overflow)?;
    let ways = Ways::of(&case, &one);
    case.page(Part::Placements, |shell, case, receipt| {
        let open = |column: Column, sealed: &Option<Sealed>| {
            sealed.as_ref().map(|sealed| receipt.open(column.at(id), sealed)).transpose()
        };
        Ok(ShowPage {
            shell,
            case,
            tag: tag(one.status),
            purpose: receipt.open(PURPOSE.at(id), &one.purpose)?,
            registry_ref: open(REGISTRY_REF, &one.registry_ref)?,
            police_ref: open(POLICE_REF, &one.police_ref)?,
            conditions: open(CONDITIONS, &one.conditions)?,
            cost,
            ways,
            one,
        })
    })
    .await
}

#[derive(Template)]
#[template(path = "funding/form.html")]
struct FormPage {
    shell: Shell,
    case: CaseBar,
    heading: &'static str,
    form: ApplicationForm,
    faults: Faults,
    stale: bool,
    authorities: Vec<Choice>,
    prerequisites: Vec<Choice>,
    action: String,
    back: String,
}

/// A form on its way to a page.
struct Draft {
    form: ApplicationForm,
    faults: Faults,
    stale: bool,
    /// The draft that is written on; none for a new one.
    of: Option<Uuid>,
}

impl Draft {
    fn new(form: ApplicationForm, of: Option<Uuid>) -> Self {
        Self { form, faults: Faults::none(), stale: false, of }
    }

    fn page(self, shell: Shell, case: CaseBar) -> FormPage {
        let (heading, action, back) = match self.of {
            Some(id) => ("Ändra ansökan", paths::edit(&case.reference, id), paths::show(&case.reference, id)),
            None => ("Ny ansökan om statliga medel", paths::list(&case.reference), paths::list(&case.reference)),
        };
        let authorities = FundAuthority::ALL.iter().map(|one| (one.code(), one.label()));
        let prerequisites = FundPrerequisite::ALL.iter().map(|one| (one.code(), one.label()));
        FormPage {
            authorities: Choice::one("authority", authorities, &self.form.authority),
            prerequisites: Choice::several("prerequisites", prerequisites, &self.form.prerequisites),
            shell,
            case,
            heading,
            form: self.form,
            faults: self.faults,
            stale: self.stale,
            action,
            back,
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct NewQuery {
    fran: String,
}

/// Empty, or like one that was refused.
async fn new(mut case: CaseAccess<ApplyFunding>, Query(query): Query<NewQuery>) -> Result<Response> {
    let like = match uuid(&query.fran) {
        Some(id) => {
            let one = store::get(&mut case, id).await?;
            case.shown(Note::of(Event::FundingShown).with("application", id.to_string()));
            Some(one)
        }
        None => None,
    };
    case.page(Part::Placements, |shell, case, receipt| {
        let form = match &like {
            Some(one) => {
                let purpose = receipt.open(PURPOSE.at(one.id), &one.purpose)?;
                let id = Uuid::now_v7().to_string();
                ApplicationForm { id, version: String::new(), ..ApplicationForm::like(one, &purpose) }
            }
            None => ApplicationForm::fresh(),
        };
        Ok(Draft::new(form, None).page(shell, case))
    })
    .await
}

fn open_days<R: crate::access::right::SeesCase>(case: &CaseAccess<R>) -> Open {
    Open { from: case.head().opened_on, to: case.head().closed_on }
}

/// What the database would refuse, at its field.
fn told(refused: Refused, open: Open) -> Faults {
    match refused {
        Refused::Outside => {
            Faults::from(("period_from", format!("Perioden ska ligga inom ärendet, från {}", open.from)))
        }
        _ => Faults::from((
            "period_from",
            "Ärendet har redan en ansökan för några av dagarna. Välj en period som inte överlappar, eller ändra den ansökan",
        )),
    }
}

async fn create(mut case: CaseAccess<ApplyFunding>, Form(form): Form<ApplicationForm>) -> Result<Response> {
    let reference = case.head().reference.clone();
    if let Some(id) = uuid(&form.id)
        && store::exists(&mut case, id).await?
    {
        return case.redirect(&paths::show(&reference, id), None).await;
    }
    let (today, open) = (case.desk().clock().today(), open_days(&case));
    let faults = match form.parse(open, today) {
        Ok(new) if store::overlaps(&mut case, &new).await? => told(Refused::Overlap, open),
        Ok(new) => {
            return match store::draft(&mut case, &new).await? {
                None => case.redirect(&paths::show(&reference, new.id), Flash::FundingDrafted).await,
                Some(_) => Err(Error::Stale),
            };
        }
        Err(faults) => faults,
    };
    let draft = Draft { faults, ..Draft::new(form, None) };
    looked(&mut case);
    case.again(Part::Placements, |shell, case, _| Ok(draft.page(shell, case))).await
}

/// Whether other applications overlap has been asked: that is on the trail.
fn looked(case: &mut CaseAccess<ApplyFunding>) {
    case.shown(Note::of(Event::FundingShown).with("asked", true));
}

async fn ask_edit(mut case: CaseAccess<ApplyFunding>, PathId(id): PathId) -> Result<Response> {
    let one = store::get(&mut case, id).await?;
    if one.status != FundStatus::Draft {
        let to = paths::show(&case.head().reference, id);
        return case.redirect(&to, None).await;
    }
    case.shown(Note::of(Event::FundingShown).with("application", id.to_string()));
    case.page(Part::Placements, |shell, case, receipt| {
        let purpose = receipt.open(PURPOSE.at(id), &one.purpose)?;
        Ok(Draft::new(ApplicationForm::like(&one, &purpose), Some(id)).page(shell, case))
    })
    .await
}

async fn edit(
    mut case: CaseAccess<ApplyFunding>,
    PathId(id): PathId,
    Form(form): Form<ApplicationForm>,
) -> Result<Response> {
    let one = store::get(&mut case, id).await?;
    let reference = case.head().reference.clone();
    let (today, open) = (case.desk().clock().today(), open_days(&case));
    let form = ApplicationForm { id: id.to_string(), ..form };
    looked(&mut case);
    let mut draft = Draft::new(form, Some(id));
    if draft.form.version.trim() != one.version.to_string() || one.status != FundStatus::Draft {
        if draft.form.version.trim().is_empty() && one.status == FundStatus::Draft {
            draft.faults = draft.form.parse(open, today).err().unwrap_or_default();
            return case.again(Part::Placements, |shell, case, _| Ok(draft.page(shell, case))).await;
        }
        draft.form.version = one.version.to_string();
        draft.stale = true;
        return case.conflict(Part::Placements, |shell, case, _| Ok(draft.page(shell, case))).await;
    }
    draft.faults = match draft.form.parse(open, today) {
        Ok(new) if store::overlaps(&mut case, &new).await? => told(Refused::Overlap, open),
        Ok(new) => {
            return match store::edit(&mut case, &new, one.version).await? {
                None => case.redirect(&paths::show(&reference, id), Flash::FundingDrafted).await,
                Some(_) => Err(Error::Stale),
            };
        }
        Err(faults) => faults,
    };
    case.again(Part::Placements, |shell, case, _| Ok(draft.page(shell, case))).await
}

/// Which version of the draft is thrown away: one that somebody has written on since is not.
#[derive(Default, Deserialize)]
#[serde(default)]
struct DiscardForm {
    version: String,
}

async fn discard(
    mut case: CaseAccess<ApplyFunding>,
    PathId(id): PathId,
    Form(form): Form<DiscardForm>,
) -> Result<Response> {
    let one = store::get(&mut case, id).await?;
    if one.status != FundStatus::Draft
        || form.version.trim() != one.version.to_string()
        || !store::discard(&mut case, id).await?
    {
        return Err(Error::Stale);
    }
    let list = paths::list(&case.head().reference);
    case.redirect(&list, Flash::FundingDiscarded).await
}
