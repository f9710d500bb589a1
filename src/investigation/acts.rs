//! The steps that can be registered in an investigation: their words, when they are open, and how they are read.

use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::form::A_DAY;
use super::model::{Investigation, RULING_DAYS, Ruling};
use super::paths;
use super::store::course::Step;
use crate::calendar::parse_day;
use crate::vocabulary::{CommunicationException, InvestigationStatus};
use crate::web::form::{Faults, code, uuid};
use crate::web::view::{Action, Choice};

/// What is registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Extend,
    DelayNotice,
    Demand,
    Communicate,
    Reply,
    Discontinue,
    Rule,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct StepForm {
    pub version: String,
    pub on: String,
    pub other_day: String,
    pub choice: String,
    pub text: String,
}

impl Act {
    const ALL: [Self; 7] =
        [Self::Communicate, Self::Reply, Self::Extend, Self::DelayNotice, Self::Demand, Self::Discontinue, Self::Rule];

    pub const fn heading(self) -> &'static str {
        match self {
            Self::Extend => "Förläng utredningen",
            Self::DelayNotice => "Registrera underrättelse om försening",
            Self::Demand => "Registrera begäran om avgörande",
            Self::Communicate => "Registrera kommunicering",
            Self::Reply => "Registrera yttrande",
            Self::Discontinue => "Avsluta utan beslut",
            Self::Rule => "Registrera beslutet",
        }
    }

    pub fn path(self, case: &str, id: Uuid) -> String {
        match self {
            Self::Extend => paths::extend(case, id),
            Self::DelayNotice => paths::delay_notice(case, id),
            Self::Demand => paths::demand(case, id),
            Self::Communicate => paths::communicate(case, id),
            Self::Reply => paths::reply(case, id),
            Self::Discontinue => paths::discontinue(case, id),
            Self::Rule => paths::decided(case, id),
        }
    }

    pub const fn is_open(self, one: &Investigation) -> bool {
        match self {
            // An application is taken back whenever the party wants.
            Self::Extend | Self::Discontinue => one.status.is_open(),
            Self::DelayNotice => one.status.is_open() && one.delay_notice_on.is_none(),
            Self::Demand => one.status.is_open() && one.demanded_on.is_none(),
            Self::Communicate => matches!(one.status, InvestigationStatus::Ongoing),
            Self::Reply => one.status.is_open() && one.communicated_on.is_some() && one.reply_received_on.is_none(),
            Self::Rule => matches!(one.status, InvestigationStatus::Completed),
        }
    }

    pub fn lead(self, one: &Investigation) -> String {
        match self {
            Self::Extend => format!("Utredningen skulle vara klar {}.", one.due_on()),
            Self::DelayNotice => "Parten ska få veta att det dröjer, och varför (11 § FL).".to_owned(),
            Self::Demand => format!("Efter en begäran ska ärendet avgöras inom {RULING_DAYS} dagar (12 § FL)."),
            Self::Communicate => {
                "Parten ska få ta del av allt material och kunna yttra sig, om inte ett undantag gäller (25 § FL). Fyll i \
                 antingen datum eller undantag."
                    .to_owned()
            }
            Self::Reply => one.reply_due_on.map(|day| format!("Svar skulle komma senast {day}.")).unwrap_or_default(),
            Self::Discontinue => String::new(),
            Self::Rule => "Välj det beslut som utredningen ledde till.".to_owned(),
        }
    }

    pub const fn day(self) -> Option<&'static str> {
        match self {
            Self::Extend => Some("Ny tid"),
            Self::DelayNotice => Some("Underrättelsen skickades"),
            Self::Demand => Some("Begäran kom in"),
            Self::Communicate => Some("Parten fick materialet"),
            Self::Reply => Some("Yttrandet kom in"),
            Self::Discontinue => Some("Avslutad"),
            Self::Rule => None,
        }
    }

    pub fn choices(self, typed: &str, outcomes: &[Ruling]) -> Option<(&'static str, Vec<Choice>)> {
        match self {
            Self::Communicate => {
                let all = CommunicationException::ALL.iter().map(|one| (one.code(), one.label()));
                Some(("Undantag", Choice::one("choice", all, typed)))
            }
            Self::Rule => {
                let all = outcomes.iter().map(|one| (one.id.to_string(), one.label.clone()));
                Some(("Beslut", Choice::one("choice", all, typed)))
            }
            _ => None,
        }
    }

    /// What has to be written.
    pub const fn words(self) -> Option<&'static str> {
        match self {
            Self::Extend => Some("Varför utredningen förlängs"),
            Self::Discontinue => Some("Varför utredningen avslutas"),
            _ => None,
        }
    }

    pub fn parse(
        self,
        form: &StepForm,
        one: &Investigation,
        outcomes: &[Ruling],
        today: Date,
    ) -> std::result::Result<Step, Faults> {
        let mut faults = Faults::none();
        let step = match self {
            Self::Extend => {
                let to = faults.need(parse_day(&form.on, today), "on", A_DAY);
                let due = one.due_on();
                if to.is_some_and(|to| to <= due) {
                    faults.add("on", format!("Den nya tiden ska vara efter {due}"));
                }
                let reason = faults.text(&form.text, 500, "text", "Skriv varför utredningen förlängs");
                to.zip(reason).map(|(to, reason)| Step::Extended { to, reason })
            }
            Self::DelayNotice => been(&form.on, one.started_on, today, &mut faults).map(Step::DelayNoticed),
            Self::Demand => been(&form.on, one.started_on, today, &mut faults).map(Step::RulingDemanded),
            Self::Communicate => communicated(form, one, today, &mut faults),
            Self::Reply => {
                let earliest = one.communicated_on.unwrap_or(one.started_on);
                been(&form.on, earliest, today, &mut faults).map(Step::Replied)
            }
            Self::Discontinue => {
                let on = been(&form.on, one.started_on, today, &mut faults);
                let reason = faults.text(&form.text, 500, "text", "Skriv varför utredningen avslutas");
                on.zip(reason).map(|(on, reason)| Step::Discontinued { on, reason })
            }
            Self::Rule => {
                let chosen = uuid(&form.choice).filter(|id| outcomes.iter().any(|one| one.id == *id));
                let missing = if outcomes.is_empty() {
                    "Det finns inget beslut som är fattat efter utredningen. Fatta beslutet först"
                } else {
                    "Välj beslutet"
                };
                faults.need(chosen, "choice", missing).map(Step::Ruled)
            }
        };
        match step {
            Some(step) => faults.finish(step),
            None => Err(faults),
        }
    }
}

/// A day that has been, and not before something else had.
fn been(typed: &str, earliest: Date, today: Date, faults: &mut Faults) -> Option<Date> {
    let day = faults.need(parse_day(typed, today), "on", A_DAY)?;
    if day > today {
        faults.add("on", format!("Datumet kan inte vara senare än i dag, {today}"));
    } else if day < earliest {
        faults.add("on", format!("Datumet kan inte vara före {earliest}"));
    }
    Some(day)
}

/// Either the party was given the material, or there is a reason why not.
fn communicated(form: &StepForm, one: &Investigation, today: Date, faults: &mut Faults) -> Option<Step> {
    let exception = code(&form.choice, CommunicationException::parse);
    if form.on.trim().is_empty() {
        let missing = "Skriv när parten fick materialet, eller välj ett undantag";
        return faults.need(exception, "on", missing).map(Step::Exempted);
    }
    if exception.is_some() {
        faults.add("choice", "Välj inget undantag när parten har fått materialet, eller ta bort datumet");
    }
    let on = been(&form.on, one.started_on, today, faults);
    let reply_due_on = faults.optional(&form.other_day, |typed| parse_day(typed, today), "other_day", A_DAY);
    let (on, reply_due_on) = (on?, reply_due_on?);
    if reply_due_on.is_some_and(|due| due < on) {
        faults.add("other_day", "Svaret kan inte begäras före den dag då parten fick materialet");
    }
    Some(Step::Communicated { on, reply_due_on })
}

/// What can be registered now.
pub(super) fn actions(case: &str, one: &Investigation) -> Vec<Action> {
    let open = Act::ALL.into_iter().filter(|act| act.is_open(one));
    open.map(|act| Action::new(act.path(case, one.id), act.heading())).collect()
}
