//! What happens after a decision was made: the party is told, receives it, appeals; it is carried out, or it is said why
//! not; it comes to an end. Each is a short form of its own, with what was typed kept when somebody else was quicker.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;
use time::Date;
use uuid::Uuid;

use super::form::A_DAY;
use super::model::Decision;
use super::pages::appeal_label;
use super::step::{Choices, Protected, StepForm, Words};
use super::store::course::{Step, next_of_appeal};
use super::{paths, store};
use crate::access::right::FollowDecision;
use crate::access::{CaseAccess, Part};
use crate::audit::{Event, Note};
use crate::calendar::parse_day;
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::vocabulary::{AppealState, CourtOutcome, DelayReason, NotifiedHow};
use crate::web::flash::Flash;
use crate::web::form::{Faults, checkbox, code};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/beslut/{decision}/underrattad", get(ask_notify).post(notify))
        .route("/arenden/{case}/beslut/{decision}/mottagande", get(ask_receive).post(receive))
        .route("/arenden/{case}/beslut/{decision}/verkstallighet", get(ask_execute).post(execute))
        .route("/arenden/{case}/beslut/{decision}/drojsmal", get(ask_delay).post(delay))
        .route("/arenden/{case}/beslut/{decision}/overklagande", get(ask_appeal).post(appeal))
        .route("/arenden/{case}/beslut/{decision}/upphorande", get(ask_end).post(end))
}

/// What is registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Notify,
    Receive,
    Execute,
    Delay,
    /// The next step of an appeal.
    Appeal(AppealState),
    End,
}

#[derive(Template)]
#[template(path = "decision/step.html")]
struct StepPage {
    shell: Shell,
    case: CaseBar,
    number: i32,
    heading: &'static str,
    lead: Option<String>,
    day: Option<&'static str>,
    choices: Option<Choices>,
    words: Option<Words>,
    conceal: Option<Vec<Choice>>,
    form: StepForm,
    faults: Faults,
    stale: bool,
    action: String,
    back: String,
}

impl Act {
    const fn heading(self) -> &'static str {
        match self {
            Self::Notify => "Registrera underrättelse",
            Self::Receive => "Registrera mottagande",
            Self::Execute => "Registrera verkställighet",
            Self::Delay => "Ange varför beslutet inte är verkställt",
            Self::Appeal(AppealState::None | AppealState::Lodged) => appeal_label(AppealState::None),
            Self::Appeal(AppealState::Pending) => appeal_label(AppealState::Lodged),
            Self::Appeal(AppealState::Decided) => appeal_label(AppealState::Pending),
            Self::End => "Registrera att beslutet upphör",
        }
    }

    const fn flash(self) -> Flash {
        match self {
            Self::Notify => Flash::DecisionNotified,
            Self::Receive => Flash::DecisionReceived,
            Self::Execute => Flash::DecisionExecuted,
            Self::Delay => Flash::Saved,
            Self::Appeal(_) => Flash::DecisionAppealed,
            Self::End => Flash::DecisionEnded,
        }
    }

    fn path(self, case: &str, id: Uuid) -> String {
        match self {
            Self::Notify => paths::notify(case, id),
            Self::Receive => paths::receive(case, id),
            Self::Execute => paths::execute(case, id),
            Self::Delay => paths::delay(case, id),
            Self::Appeal(_) => paths::appeal(case, id),
            Self::End => paths::end(case, id),
        }
    }

    fn is_open(self, one: &Decision) -> bool {
        match self {
            Self::Notify => one.may_be_notified(),
            Self::Receive => one.may_be_received(),
            Self::Execute | Self::Delay => one.may_be_executed(),
            Self::Appeal(_) => one.may_be_appealed(),
            Self::End => one.may_end(),
        }
    }

    fn lead(self, one: &Decision) -> Option<String> {
        let last_day = || one.appeal_last_day().map(|day| format!("Sista dag att överklaga är {day}."));
        match self {
            Self::Receive if one.matter.kind.court().is_some() => {
                Some("Från den dagen har parten tre veckor på sig att överklaga.".to_owned())
            }
            Self::Delay => Some("Skälet redovisas till IVO om beslutet inte verkställs inom tre månader.".to_owned()),
            Self::Appeal(AppealState::Lodged) => last_day(),
            Self::End => {
                Some("Ett gynnande beslut får ändras eller upphöra i förtid bara efter omprövning.".to_owned())
            }
            _ => None,
        }
    }

    const fn day(self) -> Option<&'static str> {
        match self {
            Self::Notify => Some("Underrättad"),
            Self::Receive => Some("Parten tog emot beslutet"),
            Self::Execute => Some("Första dagen med insatsen"),
            Self::Delay => None,
            Self::Appeal(AppealState::Pending) => Some("Överlämnat till domstolen"),
            Self::Appeal(AppealState::Decided) => Some("Domstolens avgörande"),
            Self::Appeal(_) => Some("Överklagandet kom in"),
            Self::End => Some("Upphörde"),
        }
    }

    fn choices(self, typed: &str, ways: &[NotifiedHow]) -> Option<Choices> {
        let (label, list) = match self {
            Self::Notify => (
                "Hur parten underrättades",
                Choice::one("choice", ways.iter().map(|how| (how.code(), how.label())), typed),
            ),
            Self::Delay => {
                ("Varför", Choice::one("choice", pairs(DelayReason::ALL, |why| (why.code(), why.label())), typed))
            }
            Self::Appeal(AppealState::Decided) => {
                ("Utgång", Choice::one("choice", pairs(CourtOutcome::ALL, |how| (how.code(), how.label())), typed))
            }
            _ => return None,
        };
        Some(Choices { label, list })
    }

    const fn words(self) -> Option<Words> {
        match self {
            Self::Delay => Some(Words { label: "Vad som görs", hint: "", max: 1000, optional: true }),
            Self::Appeal(AppealState::Pending) => {
                Some(Words { label: "Målnummer", hint: "Om domstolen har gett det ett", max: 50, optional: true })
            }
            Self::End => Some(Words { label: "Varför", hint: "", max: 500, optional: false }),
            _ => None,
        }
    }

    /// The day that it cannot lie before, and what to say then.
    fn earliest(self, one: &Decision) -> Option<(Date, &'static str)> {
        let made = one.made_on().map(|day| (day, "Beslutet fattades"));
        match self {
            Self::Notify | Self::Appeal(AppealState::None | AppealState::Lodged) => made,
            Self::Receive => one.course.notified.map(|(day, _)| (day, "Parten underrättades")),
            Self::Execute | Self::End => Some((one.matter.from, "Beslutet gäller från")),
            Self::Delay => None,
            Self::Appeal(AppealState::Pending) => one.course.appealed_on.map(|day| (day, "Överklagandet kom in")),
            Self::Appeal(AppealState::Decided) => {
                one.course.forwarded_on.map(|day| (day, "Överklagandet överlämnades"))
            }
        }
    }

    fn parse(
        self,
        form: &StepForm,
        one: &Decision,
        (protected, today): (&Protected, Date),
    ) -> std::result::Result<Step, Faults> {
        let mut faults = Faults::none();
        let on = self.day().and_then(|_| faults.need(parse_day(&form.on, today), "on", A_DAY));
        if let Some(on) = on {
            if on > today {
                faults.add("on", format!("Datumet kan inte vara senare än i dag, {today}"));
            }
            if let Some((earliest, what)) = self.earliest(one)
                && on < earliest
            {
                faults.add("on", format!("{what} {earliest}. Datumet kan inte vara före det"));
            }
        }
        let text = self.words().and_then(|words| {
            if words.optional {
                faults.optional_text(&form.text, words.max, "text")
            } else {
                faults.text(&form.text, words.max, "text", "Skriv varför")
            }
        });
        let note = text.clone().filter(|text| !text.is_empty());
        let step = match self {
            Self::Notify => {
                let how = code(&form.choice, NotifiedHow::parse);
                let how = faults.need(how, "choice", "Välj hur parten underrättades");
                if on.zip(how).is_some_and(|(on, how)| !protected.allows(how, on)) {
                    faults.add("choice", "Personens skydd tillåter inte att underrätta så. Välj ett annat sätt");
                }
                let conceal_staff_names = checkbox(&form.conceal);
                on.zip(how).map(|(on, how)| Step::Notified { on, how, conceal_staff_names })
            }
            Self::Receive => on.map(Step::Received),
            Self::Execute => on.map(Step::Executed),
            Self::Delay => {
                let reason = faults.need(code(&form.choice, DelayReason::parse), "choice", "Välj varför");
                reason.map(|reason| Step::Delayed { reason, note })
            }
            Self::Appeal(AppealState::Pending) => on.map(|on| Step::SentToCourt { on, reference: note }),
            Self::Appeal(AppealState::Decided) => {
                let outcome = faults.need(code(&form.choice, CourtOutcome::parse), "choice", "Välj utgång");
                on.zip(outcome).map(|(on, outcome)| Step::Judged { on, outcome })
            }
            Self::Appeal(AppealState::None | AppealState::Lodged) => on.map(Step::Appealed),
            Self::End => on.zip(text).map(|(on, reason)| Step::Ended { on, reason }),
        };
        match step {
            Some(step) => faults.finish(step),
            None => Err(faults),
        }
    }

    /// What is there already, where it can be registered again.
    fn form(self, one: &Decision) -> StepForm {
        let course = &one.course;
        StepForm {
            version: one.version.to_string(),
            on: course.received_on.filter(|_| self == Self::Receive).map(|day| day.to_string()).unwrap_or_default(),
            choice: course.delay.filter(|_| self == Self::Delay).map(|why| why.code().to_owned()).unwrap_or_default(),
            text: String::new(),
            conceal: if one.conceal_staff_names { "ja".to_owned() } else { String::new() },
        }
    }

    fn page(
        self,
        (shell, case): (Shell, CaseBar),
        (one, protected, today): (&Decision, &Protected, Date),
        (form, faults): (StepForm, Faults),
        stale: bool,
    ) -> StepPage {
        let how_to_send = protected.how_to_send(today).filter(|_| self == Self::Notify).map(str::to_owned);
        let hide = || Choice::yes("conceal", "Dölj handläggarens namn i underrättelsen", checkbox(&form.conceal));
        StepPage {
            number: one.number,
            heading: self.heading(),
            lead: self.lead(one).or(how_to_send),
            day: self.day(),
            choices: self.choices(&form.choice, &protected.ways(one, today)),
            words: self.words(),
            conceal: (self == Self::Notify).then(hide),
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

fn pairs<T: Copy>(
    all: &'static [T],
    words: fn(T) -> (&'static str, &'static str),
) -> impl Iterator<Item = (&'static str, &'static str)> {
    all.iter().map(move |one| words(*one))
}

type Case = CaseAccess<FollowDecision>;

async fn ask(case: Case, id: Uuid, act: fn(&Decision) -> Act) -> Result<Response> {
    let (mut case, one) = store::get(case, id).await?;
    let act = act(&one);
    if !act.is_open(&one) {
        let to = paths::show(&case.head().reference, id);
        return case.redirect(&to, None).await;
    }
    case.shown(Note::of(Event::DecisionsShown).with("number", one.number));
    let (case, protected) = Protected::read(case, act == Act::Notify).await?;
    let (form, today) = (act.form(&one), case.desk().clock().today());
    case.page(Part::Decisions, |shell, bar, _| {
        Ok(act.page((shell, bar), (&one, &protected, today), (form, Faults::none()), false))
    })
    .await
}

async fn take(case: Case, id: Uuid, act: fn(&Decision) -> Act, form: StepForm) -> Result<Response> {
    let (case, one) = store::get(case, id).await?;
    let act = act(&one);
    if !act.is_open(&one) {
        return Err(Error::Stale);
    }
    let (mut case, protected) = Protected::read(case, act == Act::Notify).await?;
    let today = case.desk().clock().today();
    if form.version != one.version.to_string() {
        let form = StepForm { version: one.version.to_string(), ..form };
        return case
            .conflict(Part::Decisions, |shell, bar, _| {
                Ok(act.page((shell, bar), (&one, &protected, today), (form, Faults::none()), true))
            })
            .await;
    }
    let step = match act.parse(&form, &one, (&protected, today)) {
        Ok(step) => step,
        Err(faults) => {
            return case
                .again(Part::Decisions, |shell, bar, _| {
                    Ok(act.page((shell, bar), (&one, &protected, today), (form, faults), false))
                })
                .await;
        }
    };
    if !store::course::take(&mut case, &one, step).await? {
        return Err(Error::Stale);
    }
    let to = paths::show(&case.head().reference, id);
    case.redirect(&to, act.flash()).await
}

fn next_appeal(one: &Decision) -> Act {
    Act::Appeal(next_of_appeal(one.course.appeal).unwrap_or(AppealState::Decided))
}

async fn ask_notify(case: Case, PathId(id): PathId) -> Result<Response> {
    ask(case, id, |_| Act::Notify).await
}

async fn notify(case: Case, PathId(id): PathId, Form(form): Form<StepForm>) -> Result<Response> {
    take(case, id, |_| Act::Notify, form).await
}

async fn ask_receive(case: Case, PathId(id): PathId) -> Result<Response> {
    ask(case, id, |_| Act::Receive).await
}

async fn receive(case: Case, PathId(id): PathId, Form(form): Form<StepForm>) -> Result<Response> {
    take(case, id, |_| Act::Receive, form).await
}

async fn ask_execute(case: Case, PathId(id): PathId) -> Result<Response> {
    ask(case, id, |_| Act::Execute).await
}

async fn execute(case: Case, PathId(id): PathId, Form(form): Form<StepForm>) -> Result<Response> {
    take(case, id, |_| Act::Execute, form).await
}

async fn ask_delay(case: Case, PathId(id): PathId) -> Result<Response> {
    ask(case, id, |_| Act::Delay).await
}

async fn delay(case: Case, PathId(id): PathId, Form(form): Form<StepForm>) -> Result<Response> {
    take(case, id, |_| Act::Delay, form).await
}

async fn ask_appeal(case: Case, PathId(id): PathId) -> Result<Response> {
    ask(case, id, next_appeal).await
}

async fn appeal(case: Case, PathId(id): PathId, Form(form): Form<StepForm>) -> Result<Response> {
    take(case, id, next_appeal, form).await
}

async fn ask_end(case: Case, PathId(id): PathId) -> Result<Response> {
    ask(case, id, |_| Act::End).await
}

async fn end(case: Case, PathId(id): PathId, Form(form): Form<StepForm>) -> Result<Response> {
    take(case, id, |_| Act::End, form).await
}
