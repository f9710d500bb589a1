//! What is registered while an investigation goes on: that it takes longer and that the party was told so, that the party
//! asked for a ruling, was given the material, answered; and how it ends. Each is a short form of its own.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;
use uuid::Uuid;

use super::acts::{Act, StepForm};
use super::model::{Investigation, Ruling};
use super::{paths, store};
use crate::access::right::Investigate;
use crate::access::{CaseAccess, Part};
use crate::audit::{Event, Note};
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/utredning/{investigation}/forlangning", get(ask_extend).post(extend))
        .route("/arenden/{case}/utredning/{investigation}/forsening", get(ask_delay_notice).post(delay_notice))
        .route("/arenden/{case}/utredning/{investigation}/begaran", get(ask_demand).post(demand))
        .route("/arenden/{case}/utredning/{investigation}/kommunicering", get(ask_communicate).post(communicate))
        .route("/arenden/{case}/utredning/{investigation}/yttrande", get(ask_reply).post(reply))
        .route("/arenden/{case}/utredning/{investigation}/avslut", get(ask_discontinue).post(discontinue))
        .route("/arenden/{case}/utredning/{investigation}/beslut", get(ask_ruling).post(ruling))
}

#[derive(Template)]
#[template(path = "investigation/step.html")]
struct StepPage {
    shell: Shell,
    case: CaseBar,
    number: i32,
    heading: &'static str,
    lead: String,
    day: Option<&'static str>,
    day_is_optional: bool,
    other_day: Option<&'static str>,
    choices: Option<(&'static str, Vec<Choice>)>,
    /// What the first line of the choices says.
    prompt: &'static str,
    words: Option<&'static str>,
    form: StepForm,
    faults: Faults,
    stale: bool,
    /// What follows, where it cannot be taken back.
    follows: Option<&'static str>,
    action: String,
    back: String,
}

impl Act {
    fn page(
        self,
        (shell, case): (Shell, CaseBar),
        (one, outcomes): (&Investigation, &[Ruling]),
        (form, faults): (StepForm, Faults),
        stale: bool,
    ) -> StepPage {
        StepPage {
            number: one.number,
            heading: self.heading(),
            lead: self.lead(one),
            day: self.day(),
            day_is_optional: self == Self::Communicate,
            other_day: (self == Self::Communicate).then_some("Svar senast"),
            choices: self.choices(&form.choice, outcomes),
            prompt: if self == Self::Communicate { "Inget undantag" } else { "Välj beslut" },
            words: self.words(),
            follows: (self == Self::Discontinue)
                .then_some("Utredningen avslutas för att ansökan har tagits tillbaka. Inget mer kan skrivas i den."),
            action: self.path(&case.reference, one.id),
            back: paths::show(&case.reference, one.id),
            shell,
            case,
            form,
            faults,
            stale,
        }
    }
}

type Case = CaseAccess<Investigate>;

async fn read(case: Case, id: Uuid, act: Act) -> Result<(Case, Investigation, Vec<Ruling>)> {
    let (mut case, one) = store::get(case, id).await?;
    let outcomes = match (&one.completed, act) {
        (Some((on, _)), Act::Rule) => store::outcomes(&mut case, *on).await?,
        _ => Vec::new(),
    };
    case.shown(Note::of(Event::InvestigationsShown).with("number", one.number));
    Ok((case, one, outcomes))
}

async fn ask(case: Case, id: Uuid, act: Act) -> Result<Response> {
    let (case, one, outcomes) = read(case, id, act).await?;
    if !act.is_open(&one) {
        let to = paths::show(&case.head().reference, id);
        return case.redirect(&to, None).await;
    }
    let form = StepForm { version: one.version.to_string(), ..StepForm::default() };
    case.page(Part::Investigation, |shell, bar, _| {
        Ok(act.page((shell, bar), (&one, &outcomes), (form, Faults::none()), false))
    })
    .await
}

async fn take(case: Case, id: Uuid, act: Act, form: StepForm) -> Result<Response> {
    let (mut case, one, outcomes) = read(case, id, act).await?;
    if !act.is_open(&one) {
        return Err(Error::Stale);
    }
    if form.version != one.version.to_string() {
        let form = StepForm { version: one.version.to_string(), ..form };
        return case
            .conflict(Part::Investigation, |shell, bar, _| {
                Ok(act.page((shell, bar), (&one, &outcomes), (form, Faults::none()), true))
            })
            .await;
    }
    let step = match act.parse(&form, &one, &outcomes, case.desk().clock().today()) {
        Ok(step) => step,
        Err(faults) => {
            return case
                .again(Part::Investigation, |shell, bar, _| {
                    Ok(act.page((shell, bar), (&one, &outcomes), (form, faults), false))
                })
                .await;
        }
    };
    if !store::course::take(&mut case, &one, step).await? {
        return Err(Error::Stale);
    }
    let to = paths::show(&case.head().reference, id);
    let flash = if act == Act::Discontinue { Flash::InvestigationDiscontinued } else { Flash::Saved };
    case.redirect(&to, flash).await
}

async fn ask_extend(case: Case, PathId(id): PathId) -> Result<Response> {
    ask(case, id, Act::Extend).await
}

async fn extend(case: Case, PathId(id): PathId, Form(form): Form<StepForm>) -> Result<Response> {
    take(case, id, Act::Extend, form).await
}

async fn ask_delay_notice(case: Case, PathId(id): PathId) -> Result<Response> {
    ask(case, id, Act::DelayNotice).await
}

async fn delay_notice(case: Case, PathId(id): PathId, Form(form): Form<StepForm>) -> Result<Response> {
    take(case, id, Act::DelayNotice, form).await
}

async fn ask_demand(case: Case, PathId(id): PathId) -> Result<Response> {
    ask(case, id, Act::Demand).await
}

async fn demand(case: Case, PathId(id): PathId, Form(form): Form<StepForm>) -> Result<Response> {
    take(case, id, Act::Demand, form).await
}

async fn ask_communicate(case: Case, PathId(id): PathId) -> Result<Response> {
    ask(case, id, Act::Communicate).await
}

async fn communicate(case: Case, PathId(id): PathId, Form(form): Form<StepForm>) -> Result<Response> {
    take(case, id, Act::Communicate, form).await
}

async fn ask_reply(case: Case, PathId(id): PathId) -> Result<Response> {
    ask(case, id, Act::Reply).await
}

async fn reply(case: Case, PathId(id): PathId, Form(form): Form<StepForm>) -> Result<Response> {
    take(case, id, Act::Reply, form).await
}

async fn ask_discontinue(case: Case, PathId(id): PathId) -> Result<Response> {
    ask(case, id, Act::Discontinue).await
}

async fn discontinue(case: Case, PathId(id): PathId, Form(form): Form<StepForm>) -> Result<Response> {
    take(case, id, Act::Discontinue, form).await
}

async fn ask_ruling(case: Case, PathId(id): PathId) -> Result<Response> {
    ask(case, id, Act::Rule).await
}

async fn ruling(case: Case, PathId(id): PathId, Form(form): Form<StepForm>) -> Result<Response> {
    take(case, id, Act::Rule, form).await
}
