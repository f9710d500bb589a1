//! Writing a draft, sending it to be decided, and giving it back.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};
use axum_extra::extract::Form;
use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::form::{DecisionForm, Ground, LONGEST_TEXT};
use super::model::{Decision, Texts};
use super::pages::conceals;
use super::{AGE_REASON, APPLIED_FOR, MINUTES_REF, PARTICIPANTS, REASONS, SCOPE, paths, store};
use crate::access::right::DraftDecision;
use crate::access::{BIRTH_DATE, CaseAccess, Part, Receipt};
use crate::audit::{Event, Note};
use crate::crypto::{Column, Sealed};
use crate::error::{Error, Result};
use crate::personal::Personal;
use crate::state::AppState;
use crate::vocabulary::{
    DecisionMaker, DecisionOutcome, DecisionStatus, DecisionType, LegalBasis, ProcurementForm, ReasonsException,
};
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/beslut/nytt", get(new))
        .route("/arenden/{case}/beslut/{decision}/andring", get(ask_edit).post(edit))
        .route("/arenden/{case}/beslut/{decision}/inskickning", post(send))
        .route("/arenden/{case}/beslut/{decision}/aterlamning", get(ask_give_back).post(give_back))
}

#[derive(Template)]
#[template(path = "decision/form.html")]
struct FormPage {
    shell: Shell,
    case: CaseBar,
    heading: String,
    form: DecisionForm,
    faults: Faults,
    /// Somebody else has changed it: what was typed is here, what they wrote on the decision's page.
    stale: bool,
    kinds: Vec<Choice>,
    outcomes: Vec<Choice>,
    others: Vec<Choice>,
    until_further: Vec<Choice>,
    forms: Vec<Choice>,
    emergency: Vec<Choice>,
    bases: Vec<Choice>,
    exceptions: Vec<Choice>,
    makers: Vec<Choice>,
    conceal: Vec<Choice>,
    action: String,
    back: String,
}

/// A form on its way to a page.
struct Draft {
    form: DecisionForm,
    faults: Faults,
    stale: bool,
    /// The decisions that another can take the place of: id, number and what they are about.
    others: Vec<(String, String)>,
    /// The one that is written on; none for a new one.
    number: Option<(Uuid, i32)>,
}

impl Draft {
    fn new(form: DecisionForm, all: &[Decision], number: Option<(Uuid, i32)>) -> Self {
        let standing = all.iter().filter(|other| other.stands() && number.is_none_or(|(id, _)| id != other.id));
        let named = |other: &Decision| format!("Beslut {}, {}", other.number, other.matter.kind.label());
        let others = standing.map(|other| (other.id.to_string(), named(other))).collect();
        Self { form, faults: Faults::none(), stale: false, others, number }
    }

    fn page(self, shell: Shell, case: CaseBar) -> FormPage {
        let form = &self.form;
        let (action, back) = match self.number {
            Some((id, _)) => (paths::edit(&case.reference, id), paths::show(&case.reference, id)),
            None => (paths::list(&case.reference), paths::list(&case.reference)),
        };
        FormPage {
            heading: self.number.map_or("Nytt beslut".to_owned(), |(_, number)| format!("Ändra beslut {number}")),
            kinds: Choice::one("kind", DecisionType::ALL.iter().map(|one| (one.code(), one.label())), &form.kind),
            outcomes: Choice::one(
                "outcome",
                DecisionOutcome::ALL.iter().map(|one| (one.code(), one.label())),
                &form.outcome,
            ),
            others: Choice::one("changes", self.others, &form.changes),
            until_further: Choice::yes("until_further", "Tills vidare", !form.until_further.is_empty()),
            forms: Choice::one(
                "procurement",
                ProcurementForm::ALL.iter().map(|one| (one.code(), one.label())),
                &form.procurement,
            ),
            emergency: Choice::yes("emergency", "Akut beslut", !form.emergency.is_empty()),
            bases: Choice::several("basis", LegalBasis::ALL.iter().map(|one| (one.code(), one.label())), &form.basis),
            exceptions: Choice::one(
                "exception",
                ReasonsException::ALL.iter().map(|one| (one.code(), one.label())),
                &form.exception,
            ),
            makers: Choice::one("maker", DecisionMaker::ALL.iter().map(|one| (one.code(), one.label())), &form.maker),
            conceal: Choice::yes("conceal", "Dölj handläggarens namn i underrättelsen", !form.conceal.is_empty()),
            action,
            back,
            stale: self.stale,
            shell,
            case,
            faults: self.faults,
            form: self.form,
        }
    }
}

/// What a draft is read against. The birth date is asked for its day alone.
fn ground(case: &CaseAccess<DraftDecision>, draft: &Draft) -> Result<Ground> {
    let head = case.head();
    let birth: Option<Date> = match &head.birth_date {
        Some(sealed) => case.desk().ask(BIRTH_DATE.at(head.person), sealed, Personal::day)?,
        None => None,
    };
    let standing = draft.others.iter().filter_map(|(id, _)| uuid(id)).collect();
    Ok(Ground { today: case.desk().clock().today(), case_opened: head.opened_on, birth, standing })
}

fn listed(case: &mut CaseAccess<DraftDecision>, all: &[Decision]) {
    case.shown(Note::of(Event::DecisionsShown).with("count", all.len()));
}

async fn new(case: CaseAccess<DraftDecision>) -> Result<Response> {
    let (mut case, all) = store::read(case).await?;
    listed(&mut case, &all);
    let draft = Draft::new(DecisionForm::fresh(conceals(case.head().protection)), &all, None);
    case.page(Part::Decisions, |shell, case, _| Ok(draft.page(shell, case))).await
}

pub(super) async fn create(case: CaseAccess<DraftDecision>, Form(form): Form<DecisionForm>) -> Result<Response> {
    let (mut case, all) = store::read(case).await?;
    let reference = case.head().reference.clone();
    // The same form, sent twice.
    if let Some(one) = all.iter().find(|one| Some(one.id) == uuid(&form.id)) {
        return case.redirect(&paths::show(&reference, one.id), None).await;
    }
    let mut draft = Draft::new(form, &all, None);
    match draft.form.parse(&ground(&case, &draft)?) {
        Ok(new) => {
            store::draft(&mut case, &new).await?;
            case.redirect(&paths::show(&reference, new.id), Flash::DraftSaved).await
        }
        Err(faults) => {
            draft.faults = faults;
            listed(&mut case, &all);
            case.again(Part::Decisions, |shell, case, _| Ok(draft.page(shell, case))).await
        }
    }
}

fn opened(receipt: &Receipt, one: &Decision) -> Result<Texts<Personal>> {
    let optional = |column: Column, sealed: &Option<Sealed>| {
        sealed.as_ref().map(|sealed| receipt.open(column.at(one.id), sealed)).transpose()
    };
    let texts = &one.texts;
    Ok(Texts {
        applied_for: optional(APPLIED_FOR, &texts.applied_for)?,
        scope: receipt.open(SCOPE.at(one.id), &texts.scope)?,
        age_reason: optional(AGE_REASON, &texts.age_reason)?,
        reasons: optional(REASONS, &texts.reasons)?,
        participants: optional(PARTICIPANTS, &texts.participants)?,
        minutes_ref: optional(MINUTES_REF, &texts.minutes_ref)?,
    })
}

async fn ask_edit(case: CaseAccess<DraftDecision>, PathId(id): PathId) -> Result<Response> {
    let (mut case, all) = store::read(case).await?;
    let one = all.iter().find(|one| one.id == id).ok_or(Error::NotFound)?;
    if one.status != DecisionStatus::Draft {
        let to = paths::show(&case.head().reference, id);
        return case.redirect(&to, None).await;
    }
    case.shown(Note::of(Event::DecisionsShown).with("number", one.number));
    case.page(Part::Decisions, |shell, case, receipt| {
        let form = DecisionForm::of(one, &opened(receipt, one)?);
        Ok(Draft::new(form, &all, Some((id, one.number))).page(shell, case))
    })
    .await
}

async fn edit(case: CaseAccess<DraftDecision>, PathId(id): PathId, Form(form): Form<DecisionForm>) -> Result<Response> {
    let (mut case, all) = store::read(case).await?;
    let one = all.iter().find(|one| one.id == id).ok_or(Error::NotFound)?;
    if one.status != DecisionStatus::Draft {
        return Err(Error::Stale);
    }
    let mut draft = Draft::new(DecisionForm { id: id.to_string(), ..form }, &all, Some((id, one.number)));
    if draft.form.version() != one.version {
        draft.stale = true;
        draft.form.version = one.version.to_string();
        listed(&mut case, &all);
        return case.conflict(Part::Decisions, |shell, case, _| Ok(draft.page(shell, case))).await;
    }
    match draft.form.parse(&ground(&case, &draft)?) {
        Ok(new) => {
            if !store::edit(&mut case, &new, one.version).await? {
                return Err(Error::Stale);
            }
            let to = paths::show(&case.head().reference, id);
            case.redirect(&to, Flash::DraftSaved).await
        }
        Err(faults) => {
            draft.faults = faults;
            listed(&mut case, &all);
            case.again(Part::Decisions, |shell, case, _| Ok(draft.page(shell, case))).await
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ReturnForm {
    version: String,
    reason: String,
}

impl ReturnForm {
    fn version(&self) -> i32 {
        self.version.trim().parse().unwrap_or(-1)
    }
}

async fn send(case: CaseAccess<DraftDecision>, PathId(id): PathId, Form(form): Form<ReturnForm>) -> Result<Response> {
    let (mut case, _) = store::get(case, id).await?;
    if !store::signing::send(&mut case, id, form.version()).await? {
        return Err(Error::Stale);
    }
    let to = paths::show(&case.head().reference, id);
    case.redirect(&to, Flash::DecisionSent).await
}

#[derive(Template)]
#[template(path = "decision/give_back.html")]
struct ReturnPage {
    shell: Shell,
    case: CaseBar,
    number: i32,
    form: ReturnForm,
    faults: Faults,
    action: String,
    back: String,
}

impl ReturnPage {
    fn of(shell: Shell, case: CaseBar, one: &Decision, (form, faults): (ReturnForm, Faults)) -> Self {
        let (action, back) = (paths::give_back(&case.reference, one.id), paths::show(&case.reference, one.id));
        Self { shell, case, number: one.number, form, faults, action, back }
    }
}

async fn ask_give_back(case: CaseAccess<DraftDecision>, PathId(id): PathId) -> Result<Response> {
    let (case, one) = store::get(case, id).await?;
    if one.status != DecisionStatus::ForApproval {
        let to = paths::show(&case.head().reference, id);
        return case.redirect(&to, None).await;
    }
    let form = ReturnForm { version: one.version.to_string(), ..ReturnForm::default() };
    case.page(Part::Decisions, |shell, case, _| Ok(ReturnPage::of(shell, case, &one, (form, Faults::none())))).await
}

async fn give_back(
    case: CaseAccess<DraftDecision>,
    PathId(id): PathId,
    Form(form): Form<ReturnForm>,
) -> Result<Response> {
    let (mut case, one) = store::get(case, id).await?;
    let mut faults = Faults::none();
    let Some(reason) = faults.text(&form.reason, 500, "reason", "Skriv vad som ska ändras") else {
        return case
            .again(Part::Decisions, |shell, case, _| Ok(ReturnPage::of(shell, case, &one, (form, faults))))
            .await;
    };
    if !store::signing::give_back(&mut case, id, form.version(), &reason).await? {
        return Err(Error::Stale);
    }
    let to = paths::show(&case.head().reference, id);
    case.redirect(&to, Flash::DecisionReturned).await
}
