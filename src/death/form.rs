//! What is typed about a death.

use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use crate::calendar::parse_day;
use crate::crypto::reference::CaseReference;
use crate::web::form::{Faults, uuid};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct DeathForm {
    pub id: String,
    pub died_on: String,
    pub source: String,
    pub note: String,
    pub confirm: String,
}

/// One that may be registered. No `Debug`: its texts are about to be sealed.
pub struct NewDeath {
    pub id: Uuid,
    pub died_on: Date,
    pub source: String,
    pub note: String,
}

/// Why what was registered is wrong.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct RevokeForm {
    pub death: String,
    pub why: String,
}

impl RevokeForm {
    pub fn parse(&self) -> Result<String, Faults> {
        let mut faults = Faults::none();
        let why = faults.text(&self.why, 1000, "why", "Skriv varför uppgiften var fel");
        let Some(why) = why else { return Err(faults) };
        faults.finish(why)
    }
}

impl DeathForm {
    pub fn fresh() -> Self {
        Self { id: Uuid::now_v7().to_string(), ..Self::default() }
    }

    pub fn parse(&self, reference: &str, today: Date) -> Result<NewDeath, Faults> {
        let mut faults = Faults::none();
        let died_on = faults.need(parse_day(&self.died_on, today), "died_on", "Skriv datumet som ÅÅÅÅ-MM-DD");
        if died_on.is_some_and(|day| day > today) {
            faults.add("died_on", format!("Datumet kan inte vara senare än i dag, {today}"));
        }
        let source = faults.text(&self.source, 200, "source", "Skriv varifrån uppgiften kommer");
        let note = faults.text(&self.note, 1000, "note", "Skriv hur dödsfallet blev känt");
        if !self.confirm.parse::<CaseReference>().is_ok_and(|typed| typed.as_str() == reference) {
            faults.add("confirm", format!("Skriv {reference} för att bekräfta"));
        }
        let (Some(died_on), Some(source), Some(note)) = (died_on, source, note) else { return Err(faults) };
        faults.finish(NewDeath { id: uuid(&self.id).unwrap_or_else(Uuid::now_v7), died_on, source, note })
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn it_has_been_and_is_meant() {
        let reference = CaseReference::draw().unwrap();
        let typed = DeathForm {
            died_on: "2026-12-30".to_owned(),
            source: "Folkbokföringen".to_owned(),
            note: "Avisering i dag".to_owned(),
            confirm: reference.as_str().to_lowercase(),
            ..DeathForm::fresh()
        };
        let at = |form: &DeathForm| {
            let faults = form.parse(reference.as_str(), date!(2026 - 12 - 31)).err().unwrap_or_default();
            faults.iter().map(|(field, _)| field.to_owned()).collect::<Vec<_>>()
        };
        assert!(at(&typed).is_empty());
        assert_eq!(at(&DeathForm { died_on: "2027-01-01".to_owned(), ..typed.clone() }), ["died_on"]);
        assert_eq!(at(&DeathForm::default()), ["died_on", "source", "note", "confirm"]);
    }
}
