//! The children that an investigation concerns: whether there are any, each of them, and reports of concern (19 kap. 1 §
//! `SoL`). A child has no name here.

mod at_placement;
mod form;
mod removing;

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use self::form::{ChildForm, ConcernForm, LONGEST_REASON, LONGEST_TEXT};
use super::model::{Child, Investigation, RemovedChild};
use super::store::children::Seen;
use super::{
    BEST_INTEREST, CHILD_LABEL, CHILD_REMOVE_REASON, CONCERN_TO_UNIT, CONTACT_PLAN, EFFECT, NOT_HEARD_REASON, paths,
    store,
};
use crate::access::right::Investigate;
use crate::access::{CaseAccess, Part, Receipt};
use crate::audit::{Event, Note};
use crate::crypto::{Column, Sealed};
use crate::error::{Error, Result};
use crate::personal::Personal;
use crate::state::AppState;
use crate::vocabulary::{ChildAnswer, HasChildren};
use crate::web::flash::Flash;
use crate::web::form::{Faults, code, uuid};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/utredning/barn", get(ask_known).post(answer))
        .route("/arenden/{case}/utredning/{investigation}/barn", get(new).post(create))
        .route("/arenden/{case}/utredning/barn/{child}", get(ask_change).post(change))
        .route("/arenden/{case}/utredning/barn/{child}/orosanmalan", get(ask_report).post(report))
        .merge(at_placement::routes())
        .merge(removing::routes())
}

/// Where reports of concern that nobody has documented are registered (A30).
pub(super) fn unreported(case: &str, children: &[Child]) -> Vec<String> {
    children.iter().filter(|child| child.lacks_report()).map(|child| paths::concern(case, child.id)).collect()
}

/// That a child stood there by mistake, on a page.
pub(super) struct RemovedView {
    pub on: Date,
    pub by: String,
    pub reason: Personal,
}

impl RemovedView {
    pub fn of(one: &RemovedChild, receipt: &Receipt) -> Result<Self> {
        let reason = receipt.open(CHILD_REMOVE_REASON.at(one.id), &one.reason)?;
        Ok(Self { on: one.on, by: one.by.clone(), reason })
    }
}

/// A child on the investigation's page.
pub(super) struct ChildView {
    pub number: i32,
    pub label: Personal,
    pub birth_year: i32,
    pub informed: ChildAnswer,
    pub heard: ChildAnswer,
    pub not_heard_reason: Option<Personal>,
    pub effect: Personal,
    pub best_interest: Personal,
    pub contact_plan: Option<Personal>,
    pub concern_report_needed: bool,
    pub concern: Option<(Date, Personal)>,
    pub saver: String,
    pub saved_on: Date,
    pub change: Option<String>,
    pub remove: Option<String>,
    /// The number of the placement, when that is what it was seen at.
    pub placement: Option<i32>,
}

impl ChildView {
    pub fn of(case: &str, child: &Child, may_change: bool, receipt: &Receipt) -> Result<Self> {
        let open = |column: Column, sealed: &Sealed| receipt.open(column.at(child.id), sealed);
        let optional = |column, sealed: &Option<Sealed>| sealed.as_ref().map(|sealed| open(column, sealed)).transpose();
        let concern = child.concern.as_ref();
        Ok(Self {
            number: child.number,
            label: open(CHILD_LABEL, &child.label)?,
            birth_year: child.birth_year,
            informed: child.informed,
            heard: child.heard,
            not_heard_reason: optional(NOT_HEARD_REASON, &child.not_heard_reason)?,
            effect: open(EFFECT, &child.effect)?,
            best_interest: open(BEST_INTEREST, &child.best_interest)?,
            contact_plan: optional(CONTACT_PLAN, &child.contact_plan)?,
            concern_report_needed: child.concern_report_needed,
            concern: concern.map(|(day, unit)| open(CONCERN_TO_UNIT, unit).map(|unit| (*day, unit))).transpose()?,
            saver: child.saver.clone(),
            saved_on: child.saved_on,
            change: may_change.then(|| paths::child(case, child.id)),
            remove: may_change.then(|| paths::remove_child(case, child.id)),
            placement: child.placement,
        })
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct KnownForm {
    has_children: String,
}

#[derive(Template)]
#[template(path = "investigation/known.html")]
struct KnownPage {
    shell: Shell,
    case: CaseBar,
    faults: Faults,
    choices: Vec<Choice>,
    action: String,
    back: String,
}

impl KnownPage {
    fn of(shell: Shell, case: CaseBar, chosen: &str, faults: Faults) -> Self {
        let all = HasChildren::ALL.iter().map(|one| (one.code(), one.label()));
        let choices = Choice::one("has_children", all, chosen);
        let (action, back) = (paths::children(&case.reference), paths::list(&case.reference));
        Self { shell, case, faults, choices, action, back }
    }
}

async fn ask_known(case: CaseAccess<Investigate>) -> Result<Response> {
    let (mut case, children) = store::children::read(case).await?;
    case.shown(Note::of(Event::InvestigationsShown).with("children", children.seen.len()));
    case.page(Part::Investigation, |shell, case, _| {
        Ok(KnownPage::of(shell, case, children.known.code(), Faults::none()))
    })
    .await
}

async fn answer(case: CaseAccess<Investigate>, Form(form): Form<KnownForm>) -> Result<Response> {
    let (case, all) = store::read(case).await?;
    let (mut case, children) = store::children::read(case).await?;
    let mut faults = Faults::none();
    let known = code(&form.has_children, HasChildren::parse);
    let known = faults.need(known, "has_children", "Svara ja, nej eller okänt");
    let open = all.iter().find(|one| one.status.is_open());
    let is_seen = open.is_some_and(|one| !children.of(one.id).is_empty());
    if is_seen && known.is_some_and(|known| known != HasChildren::Yes) {
        faults.add("has_children", "Det finns barn i utredningen som pågår. Svara ja");
    }
    match known.filter(|_| faults.is_empty()) {
        Some(known) => {
            store::children::answer(&mut case, known).await?;
            let reference = &case.head().reference;
            let to = open.map_or_else(|| paths::list(reference), |one| paths::show(reference, one.id));
            case.redirect(&to, Flash::Saved).await
        }
        None => {
            case.again(Part::Investigation, |shell, case, _| Ok(KnownPage::of(shell, case, &form.has_children, faults)))
                .await
        }
    }
}

#[derive(Template)]
#[template(path = "investigation/child.html")]
struct ChildPage {
    shell: Shell,
    case: CaseBar,
    heading: &'static str,
    form: ChildForm,
    faults: Faults,
    /// What somebody else has written since, and who.
    other: Option<(ChildView, String)>,
    informed: Vec<Choice>,
    heard: Vec<Choice>,
    needed: Vec<Choice>,
    max_text: usize,
    max_reason: usize,
    action: String,
    back: String,
}

/// The heading of a form, where it is sent and where it leads back.
type Frame = (&'static str, String, String);

fn adding(case: &str, investigation: Uuid) -> Frame {
    ("Lägg till barn", paths::new_child(case, investigation), paths::show(case, investigation))
}

fn changing(case: &str, investigation: Uuid, child: Uuid) -> Frame {
    ("Ändra barnperspektivet", paths::child(case, child), paths::show(case, investigation))
}

impl ChildPage {
    fn of(
        (shell, case): (Shell, CaseBar),
        (heading, action, back): Frame,
        (form, faults): (ChildForm, Faults),
    ) -> Self {
        let answers = || ChildAnswer::ALL.iter().map(|one| (one.code(), one.label()));
        Self {
            heading,
            other: None,
            informed: Choice::one("informed", answers(), &form.informed),
            heard: Choice::one("heard", answers(), &form.heard),
            needed: Choice::one("concern_needed", ChildForm::answers(), &form.concern_needed),
            max_text: LONGEST_TEXT,
            max_reason: LONGEST_REASON,
            action,
            back,
            shell,
            case,
            form,
            faults,
        }
    }
}

type Case = CaseAccess<Investigate>;

async fn new(case: Case, PathId(id): PathId) -> Result<Response> {
    let (case, one) = store::get(case, id).await?;
    let (mut case, children) = store::children::read(case).await?;
    if !one.status.is_open() {
        let to = paths::show(&case.head().reference, id);
        return case.redirect(&to, None).await;
    }
    case.shown(Note::of(Event::InvestigationsShown).with("number", one.number));
    let form = ChildForm::fresh(children.of(id).len());
    let frame = adding(&case.head().reference, id);
    case.page(Part::Investigation, |shell, case, _| Ok(ChildPage::of((shell, case), frame, (form, Faults::none()))))
        .await
}

async fn create(case: Case, PathId(id): PathId, Form(form): Form<ChildForm>) -> Result<Response> {
    let (case, one) = store::get(case, id).await?;
    let (mut case, children) = store::children::read(case).await?;
    let to = paths::show(&case.head().reference, id);
    // The same form, sent twice.
    if children.seen.iter().any(|child| Some(child.id) == uuid(&form.id)) {
        return case.redirect(&to, None).await;
    }
    if !one.status.is_open() {
        return Err(Error::Stale);
    }
    match form.parse(case.desk().clock().today()) {
        Ok(new) => {
            let today = case.desk().clock().today();
            store::children::add(&mut case, Seen::In(id), &new, today).await?;
            case.redirect(&to, Flash::ChildSaved).await
        }
        Err(faults) => {
            let frame = adding(&case.head().reference, id);
            case.again(Part::Investigation, |shell, case, _| Ok(ChildPage::of((shell, case), frame, (form, faults))))
                .await
        }
    }
}

/// A child of the case's.
async fn read_child(case: Case, id: Uuid) -> Result<(Case, Child)> {
    let (mut case, children) = store::children::read(case).await?;
    let child = children.seen.into_iter().find(|child| child.id == id).ok_or(Error::NotFound)?;
    case.shown(Note::of(Event::InvestigationsShown).with("child", id.to_string()));
    Ok((case, child))
}

/// A child of the case's, with the investigation that saw it. What was seen at a change of placement stands.
async fn read(case: Case, id: Uuid) -> Result<(Case, Child, Investigation)> {
    let (case, child) = read_child(case, id).await?;
    let (case, one) = store::get(case, child.investigation.ok_or(Error::Stale)?).await?;
    Ok((case, child, one))
}

/// Where a child is shown.
fn place_of(case: &str, child: &Child) -> String {
    child.investigation.map_or_else(|| paths::list(case), |investigation| paths::show(case, investigation))
}

async fn ask_change(case: Case, PathId(id): PathId) -> Result<Response> {
    let (case, child, one) = read(case, id).await?;
    if !one.status.is_open() {
        let to = paths::show(&case.head().reference, one.id);
        return case.redirect(&to, None).await;
    }
    case.page(Part::Investigation, |shell, case, receipt| {
        let form = ChildForm::of(&child, receipt)?;
        let frame = changing(&case.reference, one.id, id);
        Ok(ChildPage::of((shell, case), frame, (form, Faults::none())))
    })
    .await
}

async fn change(case: Case, PathId(id): PathId, Form(form): Form<ChildForm>) -> Result<Response> {
    let (mut case, child, one) = read(case, id).await?;
    if !one.status.is_open() {
        return Err(Error::Stale);
    }
    let form = ChildForm { id: id.to_string(), ..form };
    if form.version() != child.version {
        return case
            .conflict(Part::Investigation, |shell, case, receipt| {
                let theirs = ChildView::of(&case.reference, &child, false, receipt)?;
                let form = ChildForm { version: child.version.to_string(), ..form };
                let frame = changing(&case.reference, one.id, id);
                let page = ChildPage::of((shell, case), frame, (form, Faults::none()));
                Ok(ChildPage { other: Some((theirs, child.saver.clone())), ..page })
            })
            .await;
    }
    match form.parse(case.desk().clock().today()) {
        Ok(new) => {
            if !store::children::change(&mut case, &new, child.version).await? {
                return Err(Error::Stale);
            }
            let to = paths::show(&case.head().reference, one.id);
            case.redirect(&to, Flash::ChildSaved).await
        }
        Err(faults) => {
            case.again(Part::Investigation, |shell, case, _| {
                let frame = changing(&case.reference, one.id, id);
                Ok(ChildPage::of((shell, case), frame, (form, faults)))
            })
            .await
        }
    }
}

#[derive(Template)]
#[template(path = "investigation/concern.html")]
struct ConcernPage {
    shell: Shell,
    case: CaseBar,
    label: Personal,
    form: ConcernForm,
    faults: Faults,
    action: String,
    back: String,
}

impl ConcernPage {
    fn of(
        (shell, case): (Shell, CaseBar),
        child: &Child,
        (form, faults): (ConcernForm, Faults),
        receipt: &Receipt,
    ) -> Result<Self> {
        let label = receipt.open(CHILD_LABEL.at(child.id), &child.label)?;
        let action = paths::concern(&case.reference, child.id);
        let back = place_of(&case.reference, child);
        Ok(Self { shell, case, label, form, faults, action, back })
    }
}

async fn ask_report(case: Case, PathId(id): PathId) -> Result<Response> {
    let (case, child) = read_child(case, id).await?;
    if !child.lacks_report() {
        let to = place_of(&case.head().reference, &child);
        return case.redirect(&to, None).await;
    }
    let form = ConcernForm { version: child.version.to_string(), ..ConcernForm::default() };
    case.page(Part::Investigation, |shell, case, receipt| {
        ConcernPage::of((shell, case), &child, (form, Faults::none()), receipt)
    })
    .await
}

async fn report(case: Case, PathId(id): PathId, Form(form): Form<ConcernForm>) -> Result<Response> {
    let (mut case, child) = read_child(case, id).await?;
    if !child.lacks_report() || form.version() != child.version {
        return Err(Error::Stale);
    }
    match form.parse(case.desk().clock().today()) {
        Ok((made_on, to_unit)) => {
            if !store::children::report(&mut case, id, (made_on, &to_unit), child.version).await? {
                return Err(Error::Stale);
            }
            let to = place_of(&case.head().reference, &child);
            case.redirect(&to, Flash::ConcernSaved).await
        }
        Err(faults) => {
            case.again(Part::Investigation, |shell, case, receipt| {
                ConcernPage::of((shell, case), &child, (form, faults), receipt)
            })
            .await
        }
    }
}
