//! From reported to closed: each step is a short form of its own, with what was typed kept when somebody else was quicker.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use uuid::Uuid;

use super::model::{Deviation, Move};
use super::{paths, store};
use crate::access::right::{HandleDeviation, ReadDeviations};
use crate::access::{CaseAccess, Part};
use crate::audit::{Event, Note};
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::vocabulary::{DeviationOutcome, DeviationStatus};
use crate::web::flash::Flash;
use crate::web::form::{Faults, code};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/avvikelser/{deviation}/mottagande", post(acknowledge))
        .route("/arenden/{case}/avvikelser/{deviation}/bedomning", get(ask_assess).post(assess))
        .route("/arenden/{case}/avvikelser/{deviation}/ny-bedomning", get(ask_reconsider).post(reconsider))
        .route("/arenden/{case}/avvikelser/{deviation}/atgard", get(ask_decide).post(decide))
        .route("/arenden/{case}/avvikelser/{deviation}/avslut", get(ask_close).post(close))
}

/// What is done with the deviation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Acknowledge,
    Assess,
    Reconsider,
    Decide,
    Close,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct StepForm {
    version: String,
    text: String,
    outcome: String,
}

/// What is written in the step.
#[derive(Clone, Copy)]
struct Words {
    label: &'static str,
    hint: &'static str,
    missing: &'static str,
    max: usize,
}

#[derive(Template)]
#[template(path = "deviation/step.html")]
struct StepPage {
    shell: Shell,
    case: CaseBar,
    heading: &'static str,
    name: String,
    lead: &'static str,
    words: Option<Words>,
    outcomes: Vec<Choice>,
    button: &'static str,
    form: StepForm,
    faults: Faults,
    stale: bool,
    action: String,
    back: String,
}

/// What an outcome leads to, where its name could be read as more.
const OUTCOME_HINTS: [(&str, &str); 3] = [
    ("relocation", "Planeras och beslutas för sig. Placeringen ändras inte av det här valet."),
    ("review_decision", "Inled omprövning. Beslutet gäller tills ett nytt beslut är fattat."),
    ("closing_considered", "Överväg avslut. Ärendet och stödet fortsätter tills något annat är beslutat."),
];

impl Act {
    const fn from(self) -> DeviationStatus {
        match self {
            Self::Acknowledge => DeviationStatus::Reported,
            Self::Assess => DeviationStatus::Acknowledged,
            Self::Reconsider | Self::Decide => DeviationStatus::Assessed,
            Self::Close => DeviationStatus::ActionDecided,
        }
    }

    const fn heading(self) -> &'static str {
        match self {
            Self::Acknowledge => "Ta emot avvikelsen",
            Self::Assess => "Bedöm avvikelsen",
            Self::Reconsider => "Ta tillbaka bedömningen",
            Self::Decide => "Besluta om åtgärd",
            Self::Close => "Avsluta avvikelsen",
        }
    }

    const fn button(self) -> &'static str {
        match self {
            Self::Assess => "Spara bedömningen",
            Self::Decide => "Spara åtgärden",
            Self::Acknowledge | Self::Reconsider | Self::Close => self.heading(),
        }
    }

    const fn lead(self) -> &'static str {
        match self {
            Self::Acknowledge => "",
            Self::Assess => "Bedöm vad avvikelsen betyder för personens säkerhet, för stödet och för planen.",
            Self::Reconsider => "Den tidigare bedömningen finns kvar i historiken.",
            Self::Decide => {
                "Åtgärden avslutar ingenting av sig själv. Ett beviljat stöd ändras bara genom ett nytt beslut."
            }
            Self::Close => "En avslutad avvikelse kan inte öppnas igen.",
        }
    }

    const fn flash(self) -> Flash {
        match self {
            Self::Acknowledge => Flash::DeviationAcknowledged,
            Self::Assess => Flash::DeviationAssessed,
            Self::Reconsider => Flash::DeviationReconsidered,
            Self::Decide => Flash::DeviationActionDecided,
            Self::Close => Flash::DeviationClosed,
        }
    }

    fn path(self, case: &str, id: Uuid) -> String {
        match self {
            Self::Acknowledge => paths::acknowledge(case, id),
            Self::Assess => paths::assess(case, id),
            Self::Reconsider => paths::reconsider(case, id),
            Self::Decide => paths::decide(case, id),
            Self::Close => paths::close(case, id),
        }
    }

    fn words(self, one: &Deviation) -> Option<Words> {
        match self {
            Self::Assess => {
                Some(Words { label: "Bedömning", hint: "", missing: "Skriv hur avvikelsen bedöms", max: 4000 })
            }
            Self::Reconsider => Some(Words {
                label: "Varför bedömningen tas tillbaka",
                hint: "",
                missing: "Skriv varför bedömningen tas tillbaka",
                max: 1000,
            }),
            Self::Close if one.owes_a_reason() => Some(Words {
                label: "Ingen omplacering",
                hint: "Varför personen kan vara kvar fast vistelseorten är röjd",
                missing: "Skriv varför personen inte omplaceras",
                max: 2000,
            }),
            Self::Acknowledge | Self::Decide | Self::Close => None,
        }
    }

    fn parse(self, form: &StepForm, one: &Deviation) -> std::result::Result<Move, Faults> {
        let mut faults = Faults::none();
        let words = self.words(one);
        let text = words.and_then(|words| faults.text(&form.text, words.max, "text", words.missing));
        let step = match self {
            Self::Acknowledge => Some(Move::Acknowledge),
            Self::Assess => text.map(Move::Assess),
            Self::Reconsider => text.map(Move::Reconsider),
            Self::Decide => {
                let outcome = code(&form.outcome, DeviationOutcome::parse);
                faults.need(outcome, "outcome", "Välj vad avvikelsen leder till").map(Move::Decide)
            }
            Self::Close if words.is_some() => text.map(|text| Move::Close(Some(text))),
            Self::Close => Some(Move::Close(None)),
        };
        match step {
            Some(step) => faults.finish(step),
            None => Err(faults),
        }
    }

    fn page(
        self,
        (shell, case): (Shell, CaseBar),
        one: &Deviation,
        (form, faults): (StepForm, Faults),
        stale: bool,
    ) -> StepPage {
        let list = DeviationOutcome::ALL.iter().map(|outcome| (outcome.code(), outcome.label()));
        let mut outcomes = Choice::one("outcome", list, &form.outcome);
        outcomes.retain(|_| self == Self::Decide);
        for choice in &mut outcomes {
            if let Some((_, hint)) = OUTCOME_HINTS.iter().find(|(code, _)| *code == choice.value) {
                (*hint).clone_into(&mut choice.hint);
            }
        }
        StepPage {
            heading: self.heading(),
            name: one.name(),
            lead: self.lead(),
            words: self.words(one),
            outcomes,
            button: self.button(),
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

type Case = CaseAccess<HandleDeviation>;

async fn get_one(case: Case, id: Uuid) -> Result<(Case, Deviation)> {
    let read = async |case: &mut CaseAccess<ReadDeviations>| {
        let one = store::get(case, id).await?;
        case.shown(Note::of(Event::DeviationsShown).with("deviation", id.to_string()));
        Ok(one)
    };
    let (case, one) = case.also::<ReadDeviations, _>(read).await?;
    Ok((case, one.ok_or(Error::Forbidden)?))
}

async fn ask(case: Case, id: Uuid, act: Act) -> Result<Response> {
    let (case, one) = get_one(case, id).await?;
    if one.status != act.from() {
        let to = paths::show(&case.head().reference, id);
        return case.redirect(&to, None).await;
    }
    let form = StepForm { version: one.version.to_string(), ..StepForm::default() };
    case.page(Part::Cooperation, |shell, bar, _| Ok(act.page((shell, bar), &one, (form, Faults::none()), false))).await
}

async fn take(case: Case, id: Uuid, act: Act, form: StepForm) -> Result<Response> {
    let (mut case, one) = get_one(case, id).await?;
    if one.status != act.from() {
        return Err(Error::Stale);
    }
    if form.version != one.version.to_string() {
        let form = StepForm { version: one.version.to_string(), ..form };
        return case
            .conflict(Part::Cooperation, |shell, bar, _| Ok(act.page((shell, bar), &one, (form, Faults::none()), true)))
            .await;
    }
    let step = match act.parse(&form, &one) {
        Ok(step) => step,
        Err(faults) => {
            return case
                .again(Part::Cooperation, |shell, bar, _| Ok(act.page((shell, bar), &one, (form, faults), false)))
                .await;
        }
    };
    if !step.fits(&one) || !store::take(&mut case, id, one.version, &step).await? {
        return Err(Error::Stale);
    }
    let to = paths::show(&case.head().reference, id);
    case.redirect(&to, act.flash()).await
}

async fn acknowledge(case: Case, PathId(id): PathId, Form(form): Form<StepForm>) -> Result<Response> {
    take(case, id, Act::Acknowledge, form).await
}

async fn ask_assess(case: Case, PathId(id): PathId) -> Result<Response> {
    ask(case, id, Act::Assess).await
}

async fn assess(case: Case, PathId(id): PathId, Form(form): Form<StepForm>) -> Result<Response> {
    take(case, id, Act::Assess, form).await
}

async fn ask_reconsider(case: Case, PathId(id): PathId) -> Result<Response> {
    ask(case, id, Act::Reconsider).await
}

async fn reconsider(case: Case, PathId(id): PathId, Form(form): Form<StepForm>) -> Result<Response> {
    take(case, id, Act::Reconsider, form).await
}

async fn ask_decide(case: Case, PathId(id): PathId) -> Result<Response> {
    ask(case, id, Act::Decide).await
}

async fn decide(case: Case, PathId(id): PathId, Form(form): Form<StepForm>) -> Result<Response> {
    take(case, id, Act::Decide, form).await
}

async fn ask_close(case: Case, PathId(id): PathId) -> Result<Response> {
    ask(case, id, Act::Close).await
}

async fn close(case: Case, PathId(id): PathId, Form(form): Form<StepForm>) -> Result<Response> {
    take(case, id, Act::Close, form).await
}
