//! The requests of a case to other municipalities: all of them on one page, a new one, and what it led to.

use std::collections::HashMap;

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;
use time::Date;
use uuid::Uuid;

use super::form::{APPROVED, GROUNDS_MAX, NOTE_MAX, REJECTED, RequestForm, StepForm};
use super::model::{Stage, Transfer, transfer_days};
use super::{paths, store};
use crate::access::right::{CloseCase, ManageCase, ReadCase};
use crate::access::{CaseAccess, Part, Receipt};
use crate::crypto::seal::Sealed;
use crate::error::{Error, Result};
use crate::personal::Personal;
use crate::state::AppState;
use crate::vocabulary::TransferAnswer;
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{Action, CaseBar, Choice, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/overflyttning", get(list).post(create))
        .route("/arenden/{case}/overflyttning/ny", get(new))
        .route("/arenden/{case}/overflyttning/{transfer}/svar", get(ask_answer).post(answer))
        .route("/arenden/{case}/overflyttning/{transfer}/ivo", get(ask_ivo).post(at_ivo))
}

#[derive(Template)]
#[template(path = "case/transfer/list.html")]
struct ListPage {
    shell: Shell,
    case: CaseBar,
    rows: Vec<View>,
    new: Option<String>,
    /// Where the case is ended, once somebody else is to have it.
    carry_out: Option<String>,
}

/// A request as it is shown.
struct View {
    number: i32,
    stage: (String, &'static str),
    /// None for those who may not know where somebody lives.
    municipality: Option<Personal>,
    grounds: Personal,
    paper: Personal,
    requested_on: Date,
    registrar: String,
    days: Option<(Date, Date)>,
    answer: Option<(TransferAnswer, Date)>,
    answer_note: Option<Personal>,
    ivo_applied_on: Option<Date>,
    ivo: Option<(Date, bool)>,
    acts: Vec<Action>,
}

/// What is said of how far it has come, and in which colour.
fn said(stage: Stage) -> (String, &'static str) {
    match stage {
        Stage::Answer(by) => (format!("Väntar på svar, senast {by}"), ""),
        Stage::Silence(from) => (format!("Inget svar. IVO kan prövas från {from}"), "warn"),
        Stage::Refused => ("Kommunen tar inte över. IVO kan prövas".to_owned(), "warn"),
        Stage::Ivo => ("Väntar på IVO".to_owned(), ""),
        Stage::Accepted(on) => (format!("Kommunen tar över, från {on}"), "ok"),
        Stage::Rejected => ("IVO har avslagit ansökan".to_owned(), "warn"),
    }
}

/// What can be registered about it now.
fn acts(case: &str, one: &Transfer, today: Date) -> Vec<Action> {
    let mut acts = Vec::new();
    if one.may_be_answered() {
        acts.push(Action::new(paths::answer(case, one.id), "Registrera svar"));
    }
    if one.waits_for_ivo_since().is_some() {
        acts.push(Action::new(paths::ivo(case, one.id), "Registrera IVO:s beslut"));
    } else if one.ivo_from().is_some_and(|from| from <= today) {
        acts.push(Action::new(paths::ivo(case, one.id), "Registrera ansökan till IVO"));
    }
    acts
}

impl View {
    fn of(
        one: Transfer,
        municipality: Option<&Sealed>,
        acts: Vec<Action>,
        today: Date,
        receipt: &Receipt,
    ) -> Result<Self> {
        let open = |column: crate::crypto::seal::Column, sealed: &Sealed| receipt.open(column.at(one.id), sealed);
        Ok(Self {
            number: one.number,
            stage: said(one.stage(today)),
            municipality: municipality.map(|sealed| open(store::MUNICIPALITY, sealed)).transpose()?,
            grounds: open(store::GROUNDS, &one.grounds)?,
            paper: open(store::PAPER, &one.paper)?,
            requested_on: one.requested_on,
            days: transfer_days(one.requested_on),
            answer: one.answer,
            answer_note: one.answer_note.as_ref().map(|sealed| open(store::ANSWER_NOTE, sealed)).transpose()?,
            ivo_applied_on: one.ivo_applied_on,
            ivo: one.ivo,
            acts,
            registrar: one.registrar,
        })
    }
}

async fn list(mut case: CaseAccess<ReadCase>) -> Result<Response> {
    let all = store::list(&mut case).await?;
    let (case, places) = case.also(store::municipalities).await?;
    let places: HashMap<Uuid, Sealed> = places.unwrap_or_default().into_iter().collect();
    let (today, reference) = (case.desk().clock().today(), case.head().reference.clone());
    let (may, may_close) = (case.may::<ManageCase>(), case.may::<CloseCase>());
    let new = (may && all.iter().all(Transfer::is_settled)).then(|| paths::new(&reference));
    let is_accepted = all.iter().any(|one| one.accepted_on.is_some());
    let carry_out = (may_close && is_accepted).then(|| paths::carry_out(&reference));
    case.page(Part::Overview, |shell, case, receipt| {
        let rows = all.into_iter().map(|one| {
            let acts = if may { acts(&reference, &one, today) } else { Vec::new() };
            let place = places.get(&one.id);
            View::of(one, place, acts, today, receipt)
        });
        let rows = rows.collect::<Result<Vec<_>>>()?;
        Ok(ListPage { shell, case, rows, new, carry_out })
    })
    .await
}

#[derive(Template)]
#[template(path = "case/transfer/new.html")]
struct NewPage {
    shell: Shell,
    case: CaseBar,
    form: RequestForm,
    faults: Faults,
    list: String,
}

impl NewPage {
    fn of(shell: Shell, case: CaseBar, form: RequestForm, faults: Faults) -> Self {
        Self { list: paths::list(&case.reference), shell, case, form, faults }
    }
}

async fn new(case: CaseAccess<ManageCase>) -> Result<Response> {
    let form = RequestForm::fresh();
    case.page(Part::Overview, |shell, case, _| Ok(NewPage::of(shell, case, form, Faults::none()))).await
}

async fn create(mut case: CaseAccess<ManageCase>, Form(form): Form<RequestForm>) -> Result<Response> {
    let to = paths::list(&case.head().reference);
    let known = store::known(&mut case).await?;
    if known.iter().any(|one| Some(one.id) == uuid(&form.id)) {
        // Sent twice: the first time did it.
        return case.redirect(&to, None).await;
    }
    let faults = match form.parse(case.head().opened_on, case.desk().clock().today()) {
        Ok(new) if known.iter().all(Transfer::is_settled) => {
            store::ask(&mut case, &new).await?;
            return case.redirect(&to, Flash::TransferRequested).await;
        }
        Ok(_) => Faults::from(("municipality", "En begäran väntar redan på svar. Registrera svaret först")),
        Err(faults) => faults,
    };
    case.again(Part::Overview, |shell, case, _| Ok(NewPage::of(shell, case, form, faults))).await
}

#[derive(Template)]
#[template(path = "case/transfer/step.html")]
struct StepPage {
    shell: Shell,
    case: CaseBar,
    number: i32,
    heading: &'static str,
    lead: String,
    /// What is chosen, and between what.
    choices: Option<(&'static str, Vec<Choice>)>,
    day: &'static str,
    /// What is written, for an answer.
    words: Option<&'static str>,
    form: StepForm,
    faults: Faults,
    stale: bool,
    action: String,
    back: String,
}

/// What is registered about a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Answer,
    Ivo,
}

impl Act {
    fn is_open(self, one: &Transfer, today: Date) -> bool {
        match self {
            Self::Answer => one.may_be_answered(),
            Self::Ivo => one.waits_for_ivo_since().is_some() || one.ivo_from().is_some_and(|from| from <= today),
        }
    }

    fn page(
        self,
        (shell, case): (Shell, CaseBar),
        one: &Transfer,
        (form, faults): (StepForm, Faults),
        stale: bool,
    ) -> StepPage {
        let is_decided = self == Self::Ivo && one.waits_for_ivo_since().is_some();
        let (heading, day, choices, lead) = match self {
            Self::Answer => {
                let all = TransferAnswer::ALL.iter().map(|one| (one.code(), one.label()));
                let by = transfer_days(one.requested_on).map_or(one.requested_on, |(by, _)| by);
                let lead = format!("Kommunen ska svara skriftligt inom en månad, senast {by} (29 kap. 11 § SoL).");
                ("Registrera svar", "Svaret kom", Some(("Vad svarade kommunen?", all.collect::<Vec<_>>())), lead)
            }
            Self::Ivo if is_decided => {
                let all = vec![(APPROVED, "Ärendet ska flyttas över"), (REJECTED, "Ansökan avslås")];
                ("Registrera IVO:s beslut", "Beslutet fattades", Some(("Vad beslutade IVO?", all)), String::new())
            }
            Self::Ivo => {
                let from = one.ivo_from().unwrap_or(one.requested_on);
                let lead = format!("En ansökan kan göras från {from}.");
                ("Registrera ansökan till IVO", "Ansökan lämnades in", None, lead)
            }
        };
        StepPage {
            number: one.number,
            heading,
            lead,
            choices: choices.map(|(label, all)| (label, Choice::one("choice", all, &form.choice))),
            day,
            words: (self == Self::Answer).then_some("Vad kommunen skrev"),
            action: match self {
                Self::Answer => paths::answer(&case.reference, one.id),
                Self::Ivo => paths::ivo(&case.reference, one.id),
            },
            back: paths::list(&case.reference),
            shell,
            case,
            form,
            faults,
            stale,
        }
    }
}

async fn ask(mut case: CaseAccess<ManageCase>, id: Uuid, act: Act) -> Result<Response> {
    let one = store::get(&mut case, id).await?;
    if !act.is_open(&one, case.desk().clock().today()) {
        let to = paths::list(&case.head().reference);
        return case.redirect(&to, None).await;
    }
    let form = StepForm::fresh(&one);
    case.page(Part::Overview, |shell, bar, _| Ok(act.page((shell, bar), &one, (form, Faults::none()), false))).await
}

async fn take(mut case: CaseAccess<ManageCase>, id: Uuid, act: Act, form: StepForm) -> Result<Response> {
    let one = store::get(&mut case, id).await?;
    let today = case.desk().clock().today();
    if !act.is_open(&one, today) {
        return Err(Error::Stale);
    }
    if form.version != one.version.to_string() {
        let form = StepForm { version: one.version.to_string(), ..form };
        let blank = Faults::none();
        return case
            .conflict(Part::Overview, |shell, bar, _| Ok(act.page((shell, bar), &one, (form, blank), true)))
            .await;
    }
    let (done, flash) = match act {
        Act::Answer => (form.answer(&one, today).map(Registered::Answer), Flash::TransferAnswered),
        Act::Ivo => (form.at_ivo(&one, today).map(Registered::AtIvo), Flash::TransferTried),
    };
    match done {
        Ok(Registered::Answer(answer)) => store::answer(&mut case, &one, &answer).await?,
        Ok(Registered::AtIvo(step)) => store::at_ivo(&mut case, &one, step).await?,
        Err(faults) => {
            return case
                .again(Part::Overview, |shell, bar, _| Ok(act.page((shell, bar), &one, (form, faults), false)))
                .await;
        }
    }
    let to = paths::list(&case.head().reference);
    case.redirect(&to, flash).await
}

/// What a form came to.
enum Registered {
    Answer(super::model::Answer),
    AtIvo(super::model::AtIvo),
}

async fn ask_answer(case: CaseAccess<ManageCase>, PathId(id): PathId) -> Result<Response> {
    ask(case, id, Act::Answer).await
}

async fn answer(case: CaseAccess<ManageCase>, PathId(id): PathId, Form(form): Form<StepForm>) -> Result<Response> {
    take(case, id, Act::Answer, form).await
}

async fn ask_ivo(case: CaseAccess<ManageCase>, PathId(id): PathId) -> Result<Response> {
    ask(case, id, Act::Ivo).await
}

async fn at_ivo(case: CaseAccess<ManageCase>, PathId(id): PathId, Form(form): Form<StepForm>) -> Result<Response> {
    take(case, id, Act::Ivo, form).await
}
