//! What is typed about a child, and about a report of concern.

use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use crate::access::Receipt;
use crate::calendar::parse_day;
use crate::crypto::{Column, Sealed};
use crate::error::Result;
use crate::investigation::form::A_DAY;
use crate::investigation::model::{Child, NewChild};
use crate::investigation::{BEST_INTEREST, CHILD_LABEL, CONCERN_TO_UNIT, CONTACT_PLAN, EFFECT, NOT_HEARD_REASON};
use crate::vocabulary::ChildAnswer;
use crate::web::form::{Faults, code, uuid};

pub const LONGEST_TEXT: usize = 4000;
pub const LONGEST_REASON: usize = 1000;
const YES: &str = "ja";
const NO: &str = "nej";
/// Whoever is older is no child.
const GROWN_UP: i32 = 18;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ChildForm {
    pub id: String,
    pub version: String,
    pub label: String,
    pub birth_year: String,
    pub informed: String,
    pub heard: String,
    pub not_heard_reason: String,
    pub effect: String,
    pub best_interest: String,
    pub contact_plan: String,
    pub concern_needed: String,
    pub concern_made_on: String,
    pub concern_to_unit: String,
}

impl ChildForm {
    /// An empty form with the id of what it will create, and a name that names nobody.
    pub fn fresh(seen: usize) -> Self {
        Self { id: Uuid::now_v7().to_string(), label: format!("Barn {}", seen + 1), ..Self::default() }
    }

    /// What stands about the child now.
    pub fn of(child: &Child, receipt: &Receipt) -> Result<Self> {
        let open = |column: Column, sealed: Option<&Sealed>| -> Result<String> {
            let opened = sealed.map(|sealed| receipt.open(column.at(child.id), sealed)).transpose()?;
            Ok(opened.map(|text| text.reveal().to_owned()).unwrap_or_default())
        };
        let (made_on, to_unit) = child.concern.as_ref().map_or((None, None), |(day, unit)| (Some(day), Some(unit)));
        Ok(Self {
            id: child.id.to_string(),
            version: child.version.to_string(),
            label: open(CHILD_LABEL, Some(&child.label))?,
            birth_year: child.birth_year.to_string(),
            informed: child.informed.code().to_owned(),
            heard: child.heard.code().to_owned(),
            not_heard_reason: open(NOT_HEARD_REASON, child.not_heard_reason.as_ref())?,
            effect: open(EFFECT, Some(&child.effect))?,
            best_interest: open(BEST_INTEREST, Some(&child.best_interest))?,
            contact_plan: open(CONTACT_PLAN, child.contact_plan.as_ref())?,
            concern_needed: if child.concern_report_needed { YES } else { NO }.to_owned(),
            concern_made_on: made_on.map(Date::to_string).unwrap_or_default(),
            concern_to_unit: open(CONCERN_TO_UNIT, to_unit)?,
        })
    }

    pub fn version(&self) -> i32 {
        self.version.trim().parse().unwrap_or(-1)
    }

    /// The answers to whether a report of concern is needed.
    pub const fn answers() -> [(&'static str, &'static str); 2] {
        [(YES, "Ja"), (NO, "Nej")]
    }

    pub fn parse(&self, today: Date) -> std::result::Result<NewChild, Faults> {
        let mut faults = Faults::none();
        let label = faults.text(&self.label, 50, "label", "Skriv vad barnet kallas här, till exempel Barn 1");
        let birth_year = self.birth_year.trim().parse().ok().filter(|year| (1900..=9999).contains(year));
        let birth_year = faults.need(birth_year, "birth_year", "Skriv födelseåret med fyra siffror");
        if let Some(year) = birth_year {
            if year > today.year() {
                faults.add("birth_year", format!("Året kan inte vara senare än i år, {}", today.year()));
            } else if year < today.year() - GROWN_UP {
                faults.add("birth_year", "Den som är född det året är inte längre ett barn");
            }
        }
        let informed = code(&self.informed, ChildAnswer::parse);
        let informed = faults.need(informed, "informed", "Svara om barnet har fått information");
        let heard = code(&self.heard, ChildAnswer::parse);
        let heard = faults.need(heard, "heard", "Svara om barnet har kommit till tals");
        let reason = faults.optional_text(&self.not_heard_reason, LONGEST_REASON, "not_heard_reason");
        if [informed, heard].contains(&Some(ChildAnswer::No)) && reason.as_deref() == Some("") {
            faults.add("not_heard_reason", "Skriv varför barnet inte har informerats eller kommit till tals");
        }
        let effect = faults.text(&self.effect, LONGEST_TEXT, "effect", "Skriv vad insatsen innebär för barnet");
        let best = "Skriv hur barnets bästa har bedömts";
        let best_interest = faults.text(&self.best_interest, LONGEST_TEXT, "best_interest", best);
        let contact_plan = faults.optional_text(&self.contact_plan, LONGEST_TEXT, "contact_plan");
        let needed = match self.concern_needed.as_str() {
            YES => Some(true),
            NO => Some(false),
            _ => None,
        };
        let needed = faults.need(needed, "concern_needed", "Svara om en orosanmälan behövs");
        let concern = self.concern(needed, today, &mut faults);
        let said = |text: String| Some(text).filter(|text| !text.is_empty());
        let new = || {
            Some(NewChild {
                id: uuid(&self.id).unwrap_or_else(Uuid::now_v7),
                label: label?,
                birth_year: birth_year?,
                informed: informed?,
                heard: heard?,
                not_heard_reason: said(reason?),
                effect: effect?,
                best_interest: best_interest?,
                contact_plan: said(contact_plan?),
                concern_report_needed: needed?,
                concern,
            })
        };
        match new() {
            Some(new) => faults.finish(new),
            None => Err(faults),
        }
    }

    /// The report, if it has been made already; one that is half or wrong is among the faults. It may be registered a
    /// moment later, and is never left out.
    fn concern(&self, needed: Option<bool>, today: Date, faults: &mut Faults) -> Option<(Date, String)> {
        let nothing = self.concern_made_on.trim().is_empty() && self.concern_to_unit.trim().is_empty();
        if nothing {
            return None;
        }
        if needed == Some(false) {
            faults.add("concern_needed", "Svara ja när en orosanmälan är gjord, eller ta bort uppgifterna om den");
        }
        let form = ConcernForm {
            made_on: self.concern_made_on.clone(),
            to_unit: self.concern_to_unit.clone(),
            ..ConcernForm::default()
        };
        form.read(("concern_made_on", "concern_to_unit"), today, faults)
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ConcernForm {
    pub version: String,
    pub made_on: String,
    pub to_unit: String,
}

impl ConcernForm {
    pub fn version(&self) -> i32 {
        self.version.trim().parse().unwrap_or(-1)
    }

    pub fn parse(&self, today: Date) -> std::result::Result<(Date, String), Faults> {
        let mut faults = Faults::none();
        match self.read(("made_on", "to_unit"), today, &mut faults) {
            Some(report) => faults.finish(report),
            None => Err(faults),
        }
    }

    fn read(
        &self,
        (day, unit): (&'static str, &'static str),
        today: Date,
        faults: &mut Faults,
    ) -> Option<(Date, String)> {
        let made_on = faults.need(parse_day(&self.made_on, today), day, A_DAY);
        if made_on.is_some_and(|day| day > today) {
            faults.add(day, format!("Datumet kan inte vara senare än i dag, {today}"));
        }
        let to_unit = faults.text(&self.to_unit, 200, unit, "Skriv vilken enhet som fick anmälan");
        made_on.zip(to_unit)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn typed() -> ChildForm {
        let text = |text: &str| text.to_owned();
        ChildForm {
            birth_year: text("2019"),
            informed: text("yes"),
            heard: text("not_applicable"),
            effect: text("Bor kvar hos mamman."),
            best_interest: text("Umgänget behålls."),
            concern_needed: text("nej"),
            ..ChildForm::fresh(0)
        }
    }

    fn at(form: &ChildForm, field: &str) -> Option<String> {
        form.parse(date!(2026 - 11 - 20)).err().and_then(|faults| faults.of(field).map(str::to_owned))
    }

    #[test]
    fn a_child_has_no_name_and_is_not_grown_up() {
        let new = typed().parse(date!(2026 - 11 - 20)).ok().unwrap();
        assert_eq!((new.label.as_str(), new.birth_year, new.concern), ("Barn 1", 2019, None));
        for year in ["2007", "2027", "19", "åtta"] {
            assert!(at(&ChildForm { birth_year: year.to_owned(), ..typed() }, "birth_year").is_some(), "{year}");
        }
    }

    #[test]
    fn whoever_was_not_heard_was_so_for_a_reason() {
        let silent = ChildForm { heard: "no".to_owned(), ..typed() };
        assert!(at(&silent, "not_heard_reason").is_some());
        let told = ChildForm { not_heard_reason: "Är tre år.".to_owned(), ..silent };
        assert_eq!(at(&told, "not_heard_reason"), None);
    }

    #[test]
    fn a_report_may_come_a_moment_later_but_not_half() {
        let needed = ChildForm { concern_needed: "ja".to_owned(), ..typed() };
        assert!(needed.parse(date!(2026 - 11 - 20)).ok().is_some_and(|new| new.concern.is_none()));
        let half = ChildForm { concern_made_on: "2026-11-20".to_owned(), ..needed };
        assert!(at(&half, "concern_to_unit").is_some());
        let whole = ChildForm { concern_to_unit: "Mottagningen".to_owned(), ..half.clone() };
        assert_eq!(at(&whole, "concern_to_unit"), None);
        assert!(at(&ChildForm { concern_needed: "nej".to_owned(), ..whole }, "concern_needed").is_some());
    }
}
