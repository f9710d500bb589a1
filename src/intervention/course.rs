//! What happens to support: it begins, pauses, is taken up again and ends. Each is a short form of its own, with what was
//! typed kept when somebody else was quicker. The day on which it begins, its decision is carried out.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::form::A_DAY;
use super::model::{DayFault, Intervention, Step, check_days, given_by};
use super::{paths, store};
use crate::access::right::{FollowDecision, GiveIntervention};
use crate::access::{CaseAccess, Part};
use crate::audit::{Event, Note};
use crate::calendar::parse_day;
use crate::decision::model::Decision;
use crate::decision::store as decision_store;
use crate::decision::store::course::{Step as DecisionStep, take as take_decision};
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/insatser/{intervention}/start", get(ask_start).post(start))
        .route("/arenden/{case}/insatser/{intervention}/uppehall", get(ask_pause).post(pause))
        .route("/arenden/{case}/insatser/{intervention}/aterupptagande", get(ask_resume).post(resume))
        .route("/arenden/{case}/insatser/{intervention}/avslut", get(ask_end).post(end))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Start,
    Pause,
    Resume,
    End,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct StepForm {
    version: String,
    on: String,
    why: String,
}

#[derive(Template)]
#[template(path = "intervention/step.html")]
struct StepPage {
    shell: Shell,
    case: CaseBar,
    what: String,
    heading: &'static str,
    lead: Option<&'static str>,
    /// What the day is called.
    day: &'static str,
    asks_why: bool,
    form: StepForm,
    faults: Faults,
    stale: bool,
    action: String,
    back: String,
}

impl Act {
    const fn heading(self) -> &'static str {
        match self {
            Self::Start => "Registrera start",
            Self::Pause => "Registrera uppehåll",
            Self::Resume => "Återuppta insatsen",
            Self::End => "Avsluta insatsen",
        }
    }

    const fn lead(self) -> Option<&'static str> {
        match self {
            Self::Start => Some("Beslutet registreras som verkställt samma dag, om det inte redan är det."),
            Self::End => Some("En avslutad insats kan inte återupptas. Då registreras en ny."),
            Self::Pause | Self::Resume => None,
        }
    }

    const fn day(self) -> &'static str {
        match self {
            Self::Start => "Första dagen med insatsen",
            Self::Pause => "Uppehåll från",
            Self::Resume => "Återupptas",
            Self::End => "Sista dagen med insatsen",
        }
    }

    const fn flash(self) -> Flash {
        match self {
            Self::Start => Flash::InterventionStarted,
            Self::Pause => Flash::InterventionPaused,
            Self::Resume => Flash::InterventionResumed,
            Self::End => Flash::InterventionEnded,
        }
    }

    fn path(self, case: &str, id: Uuid) -> String {
        match self {
            Self::Start => paths::start(case, id),
            Self::Pause => paths::pause(case, id),
            Self::Resume => paths::resume(case, id),
            Self::End => paths::end(case, id),
        }
    }

    fn is_open(self, one: &Intervention) -> bool {
        match self {
            Self::Start => one.may_start(),
            Self::Pause => one.may_pause(),
            Self::Resume => one.may_resume(),
            Self::End => one.may_end(),
        }
    }

    const fn asks_why(self) -> bool {
        matches!(self, Self::Pause | Self::End)
    }

    fn parse(
        self,
        form: &StepForm,
        one: &Intervention,
        decision: &Decision,
        today: Date,
    ) -> std::result::Result<Step, Faults> {
        let mut faults = Faults::none();
        let on = faults.need(parse_day(&form.on, today), "on", A_DAY);
        if let Some(on) = on {
            if on > today {
                faults.add("on", format!("Datumet kan inte vara senare än i dag, {today}"));
            }
            if let Some(latest) = one.latest().filter(|latest| on < *latest) {
                faults.add("on", format!("Insatsen ändrades senast {latest}. Datumet kan inte vara före det"));
            }
            if self == Self::Start {
                can_start(on, decision, &mut faults);
            }
        }
        let why = if self.asks_why() { faults.text(&form.why, 500, "why", "Skriv varför") } else { None };
        let step = match self {
            Self::Start => on.map(Step::Started),
            Self::Pause => on.zip(why).map(|(on, why)| Step::Paused { on, why }),
            Self::Resume => on.map(Step::Resumed),
            Self::End => on.zip(why).map(|(on, why)| Step::Ended { on, why }),
        };
        match step {
            Some(step) => faults.finish(step),
            None => Err(faults),
        }
    }

    fn page(
        self,
        (shell, case): (Shell, CaseBar),
        one: &Intervention,
        (form, faults): (StepForm, Faults),
        stale: bool,
    ) -> StepPage {
        StepPage {
            what: format!("Insats {}, {}", one.number, one.kind),
            heading: self.heading(),
            lead: self.lead(),
            day: self.day(),
            asks_why: self.asks_why(),
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

/// It begins while its decision holds.
fn can_start(on: Date, decision: &Decision, faults: &mut Faults) {
    if given_by(decision).is_none() {
        faults.add("on", "Beslutet gäller inte längre. Insatsen kan inte börja utan ett nytt beslut");
        return;
    }
    match check_days(on, Some(on), (decision.matter.from, decision.matter.to)) {
        Ok(()) | Err(DayFault::EndsBeforeItBegins) => {}
        Err(DayFault::BeforeDecision(first)) => {
            faults.add("on", format!("Beslutet gäller från {first}. Insatsen kan inte börja före det"));
        }
        Err(DayFault::AfterDecision(last)) => {
            faults.add("on", format!("Beslutet gäller till och med {last}. Insatsen kan inte börja efter det"));
        }
    }
}

type Case = CaseAccess<GiveIntervention>;

async fn ask(case: Case, id: Uuid, act: Act) -> Result<Response> {
    let (mut case, one) = store::get(case, id).await?;
    if !act.is_open(&one) {
        let to = paths::show(&case.head().reference, id);
        return case.redirect(&to, None).await;
    }
    case.shown(Note::of(Event::InterventionsShown).with("number", one.number));
    let form = StepForm { version: one.version.to_string(), ..StepForm::default() };
    case.page(Part::Plan, |shell, bar, _| Ok(act.page((shell, bar), &one, (form, Faults::none()), false))).await
}

async fn take(case: Case, id: Uuid, act: Act, form: StepForm) -> Result<Response> {
    let (mut case, one) = store::get(case, id).await?;
    if form.version != one.version.to_string() {
        if !act.is_open(&one) {
            return Err(Error::Stale);
        }
        let form = StepForm { version: one.version.to_string(), ..form };
        return case
            .conflict(Part::Plan, |shell, bar, _| Ok(act.page((shell, bar), &one, (form, Faults::none()), true)))
            .await;
    }
    if !act.is_open(&one) {
        return Err(Error::Stale);
    }
    let today = case.desk().clock().today();
    let decision;
    (case, decision) = decision_store::get(case, one.decision).await?;
    match act.parse(&form, &one, &decision, today) {
        Ok(step) => {
            let began = if let Step::Started(on) = step { Some(on) } else { None };
            if !store::take(&mut case, &one, step).await? {
                return Err(Error::Stale);
            }
            if let Some(on) = began {
                case = carried_out(case, &decision, on).await?;
            }
            let to = paths::show(&case.head().reference, id);
            case.redirect(&to, act.flash()).await
        }
        Err(faults) => {
            case.again(Part::Plan, |shell, bar, _| Ok(act.page((shell, bar), &one, (form, faults), false))).await
        }
    }
}

/// The first support that is given on a decision carries it out (34 kap. 1 § `SoL`).
async fn carried_out(case: Case, decision: &Decision, on: Date) -> Result<Case> {
    if !decision.may_be_executed() {
        return Ok(case);
    }
    let (case, taken) = case
        .also(async |case: &mut CaseAccess<FollowDecision>| {
            take_decision(case, decision, DecisionStep::Executed(on)).await
        })
        .await?;
    if taken == Some(true) { Ok(case) } else { Err(Error::Stale) }
}

async fn ask_start(case: Case, PathId(id): PathId) -> Result<Response> {
    ask(case, id, Act::Start).await
}

async fn start(case: Case, PathId(id): PathId, Form(form): Form<StepForm>) -> Result<Response> {
    take(case, id, Act::Start, form).await
}

async fn ask_pause(case: Case, PathId(id): PathId) -> Result<Response> {
    ask(case, id, Act::Pause).await
}

async fn pause(case: Case, PathId(id): PathId, Form(form): Form<StepForm>) -> Result<Response> {
    take(case, id, Act::Pause, form).await
}

async fn ask_resume(case: Case, PathId(id): PathId) -> Result<Response> {
    ask(case, id, Act::Resume).await
}

async fn resume(case: Case, PathId(id): PathId, Form(form): Form<StepForm>) -> Result<Response> {
    take(case, id, Act::Resume, form).await
}

async fn ask_end(case: Case, PathId(id): PathId) -> Result<Response> {
    ask(case, id, Act::End).await
}

async fn end(case: Case, PathId(id): PathId, Form(form): Form<StepForm>) -> Result<Response> {
    take(case, id, Act::End, form).await
}
