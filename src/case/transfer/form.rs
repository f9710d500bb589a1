//! What is typed about a request to another municipality, its answer, and IVO.

use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::model::{Answer, AtIvo, NewTransfer, Transfer};
use crate::calendar::parse_day;
use crate::case::form::DAY_SHAPE;
use crate::vocabulary::TransferAnswer;
use crate::web::form::{Faults, code, uuid};

/// The longest grounds, and the longest note.
pub const GROUNDS_MAX: usize = 4000;
pub const NOTE_MAX: usize = 1000;

/// A day that has been, and not before something else had.
fn been(typed: &str, earliest: Date, today: Date, faults: &mut Faults) -> Option<Date> {
    let day = faults.need(parse_day(typed, today), "on", DAY_SHAPE)?;
    if day > today {
        faults.add("on", format!("Datumet kan inte vara senare än i dag, {today}"));
    } else if day < earliest {
        faults.add("on", format!("Datumet kan inte vara tidigare än {earliest}"));
    }
    Some(day)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct RequestForm {
    pub id: String,
    pub municipality: String,
    pub on: String,
    pub grounds: String,
    pub paper: String,
}

impl RequestForm {
    pub fn fresh() -> Self {
        Self { id: Uuid::now_v7().to_string(), ..Self::default() }
    }

    pub fn parse(&self, opened_on: Date, today: Date) -> Result<NewTransfer, Faults> {
        let mut faults = Faults::none();
        let municipality =
            faults.text(&self.municipality, 100, "municipality", "Skriv vilken kommun som ska ta över ärendet");
        let requested_on = been(&self.on, opened_on, today, &mut faults);
        let grounds = faults.text(
            &self.grounds,
            GROUNDS_MAX,
            "grounds",
            "Skriv varför kommunen ska ta över ärendet och hur det ska lämnas över",
        );
        let paper = faults.text(&self.paper, 200, "paper", "Skriv var den skriftliga begäran finns");
        match (municipality, requested_on, grounds, paper) {
            (Some(municipality), Some(requested_on), Some(grounds), Some(paper)) => faults.finish(NewTransfer {
                id: uuid(&self.id).unwrap_or_else(Uuid::now_v7),
                municipality,
                grounds,
                paper,
                requested_on,
            }),
            _ => Err(faults),
        }
    }
}

/// An answer, or what became of it at IVO.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct StepForm {
    pub version: String,
    pub choice: String,
    pub on: String,
    pub text: String,
}

/// What IVO can say.
pub const APPROVED: &str = "approved";
pub const REJECTED: &str = "rejected";

impl StepForm {
    pub fn fresh(one: &Transfer) -> Self {
        Self { version: one.version.to_string(), ..Self::default() }
    }

    pub fn answer(&self, one: &Transfer, today: Date) -> Result<Answer, Faults> {
        let mut faults = Faults::none();
        let answer = faults.need(code(&self.choice, TransferAnswer::parse), "choice", "Välj vad kommunen svarade");
        let on = been(&self.on, one.requested_on, today, &mut faults);
        let note = faults.optional_text(&self.text, NOTE_MAX, "text").filter(|text| !text.is_empty());
        if answer == Some(TransferAnswer::Refused) && note.is_none() {
            faults.add("text", "Skriv varför kommunen inte tar över ärendet");
        }
        match answer.zip(on) {
            Some((answer, on)) => faults.finish(Answer { answer, on, note }),
            None => Err(faults),
        }
    }

    /// That IVO is asked, or what it decided once it has been.
    pub fn at_ivo(&self, one: &Transfer, today: Date) -> Result<AtIvo, Faults> {
        let mut faults = Faults::none();
        let step = match (one.waits_for_ivo_since(), one.ivo_from()) {
            (Some(applied_on), _) => {
                let approved = match self.choice.as_str() {
                    APPROVED => Some(true),
                    REJECTED => Some(false),
                    _ => None,
                };
                let approved = faults.need(approved, "choice", "Välj vad IVO beslutade");
                let on = been(&self.on, applied_on, today, &mut faults);
                approved.zip(on).map(|(approved, on)| AtIvo::Decided { on, approved })
            }
            (None, earliest) => {
                been(&self.on, earliest.unwrap_or(one.requested_on), today, &mut faults).map(AtIvo::Applied)
            }
        };
        match step {
            Some(step) => faults.finish(step),
            None => Err(faults),
        }
    }
}
