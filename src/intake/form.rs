//! What is typed when something comes in and when it ends, and the sealing of whom it is about.

use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::model::{About, Closing, NewIntake};
use super::{BIRTH_DATE, FAMILY_NAME, GIVEN_NAME, NUMBER};
use crate::calendar::parse_day;
use crate::crypto::keyring::KeyRing;
use crate::crypto::seal::Sealed;
use crate::error::Result;
use crate::person::form::{OFFICIAL, PersonForm};
use crate::person::model::NewPerson;
use crate::personal::Personal;
use crate::vocabulary::{IntakeEnvironment, IntakeOutcome, IntakeSource};
use crate::web::form::{Faults, checkbox, code, uuid};

/// The third way beside the two of `person::form`: nobody is named.
pub const ANONYMOUS: &str = "anonymous";

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct IntakeForm {
    pub id: String,
    pub received_on: String,
    pub source: String,
    pub acute: String,
    #[serde(flatten)]
    pub person: PersonForm,
    pub description: String,
    pub informant_protected: String,
    pub home_district: String,
    pub environment: String,
    /// Sent by the one button that a page about a child has.
    pub handover: String,
}

impl IntakeForm {
    pub fn fresh(today: Date) -> Self {
        Self {
            id: Uuid::now_v7().to_string(),
            received_on: today.to_string(),
            person: PersonForm { number_kind: OFFICIAL.to_owned(), ..PersonForm::default() },
            ..Self::default()
        }
    }

    pub fn hands_over(&self) -> bool {
        checkbox(&self.handover)
    }

    /// The field that says how old the person is.
    pub fn age_field(&self) -> &'static str {
        if self.person.birth_date.is_empty() { "number" } else { "birth_date" }
    }

    pub fn parse(&self, today: Date) -> Result<std::result::Result<NewIntake, Faults>> {
        let mut faults = Faults::none();
        let received_on =
            faults.need(parse_day(&self.received_on, today), "received_on", "Skriv datumet som ÅÅÅÅ-MM-DD");
        if received_on.is_some_and(|day| day > today) {
            faults.add("received_on", format!("Datumet kan inte vara senare än i dag, {today}"));
        }
        let source = faults.need(code(&self.source, IntakeSource::parse), "source", "Välj hur det kom in");
        let about = if self.person.number_kind == ANONYMOUS {
            self.about_nobody(&mut faults)
        } else {
            self.person.parse(today, &mut faults)?.map(|person| About::Person(Box::new(person)))
        };
        let description = faults.text(&self.description, 4000, "description", "Skriv vad som har berättats");
        let home_district = faults.optional(&self.home_district, uuid, "home_district", "Välj område i listan");
        let environment = |typed: &str| code(typed, IntakeEnvironment::parse);
        let environment = faults.optional(&self.environment, environment, "environment", "Välj miljö i listan");
        let new = (|| {
            Some(NewIntake {
                id: uuid(&self.id).or_else(|| {
                    faults.add("received_on", "Formuläret är för gammalt. Öppna sidan på nytt");
                    None
                })?,
                received_on: received_on?,
                source: source?,
                is_acute: checkbox(&self.acute),
                about: about?,
                informant_protected: checkbox(&self.informant_protected),
                description: description?,
                home_district: home_district?,
                environment: environment?,
            })
        })();
        Ok(match new {
            Some(new) => faults.finish(new),
            None => Err(faults),
        })
    }

    /// What was typed about somebody is neither kept nor silently thrown away.
    fn about_nobody(&self, faults: &mut Faults) -> Option<About> {
        let PersonForm { number, birth_date, given_name, family_name, sex, .. } = &self.person;
        if [number, birth_date, given_name, family_name, sex].iter().all(|typed| typed.trim().is_empty()) {
            return Some(About::Nobody);
        }
        faults.add("number_kind", "Ta bort uppgifterna om personen, eller välj hur personen identifieras");
        None
    }
}

/// Whom an intake is about, as it goes into its row.
pub struct SealedPerson {
    pub number: Sealed,
    pub blind: Vec<u8>,
    pub given_name: Sealed,
    pub family_name: Sealed,
    pub birth_date: Option<Sealed>,
}

impl SealedPerson {
    pub fn of(person: &NewPerson, keys: &KeyRing, intake: Uuid) -> Result<Self> {
        let birth_date = person.birth_date.map(Personal::of_day);
        Ok(Self {
            number: person.number.seal(keys, NUMBER.at(intake))?,
            blind: person.number.blind(keys),
            given_name: keys.seal(GIVEN_NAME.at(intake), person.given_name.reveal())?,
            family_name: keys.seal(FAMILY_NAME.at(intake), person.family_name.reveal())?,
            birth_date: birth_date.map(|day| keys.seal(BIRTH_DATE.at(intake), day.reveal())).transpose()?,
        })
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ClosingForm {
    pub version: String,
    pub outcome: String,
    pub reason: String,
}

impl ClosingForm {
    pub fn parse(&self) -> std::result::Result<Closing, Faults> {
        let mut faults = Faults::none();
        let outcome = code(&self.outcome, IntakeOutcome::parse);
        let outcome = outcome.filter(|outcome| IntakeOutcome::WITHOUT_A_CASE.contains(outcome));
        let outcome = faults.need(outcome, "outcome", "Välj hur aktualiseringen avslutas");
        let reason = faults.text(&self.reason, 4000, "reason", "Skriv varför");
        match (outcome, reason) {
            (Some(outcome), Some(reason)) => {
                // What cannot be read is no version: it answers like one that has passed.
                faults.finish(Closing { version: self.version.trim().parse().unwrap_or(0), outcome, reason })
            }
            _ => Err(faults),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct JoinForm {
    pub version: String,
    pub case: String,
}

impl JoinForm {
    pub fn version(&self) -> i32 {
        self.version.trim().parse().unwrap_or(0)
    }

    pub fn case(&self) -> Option<Uuid> {
        uuid(&self.case)
    }
}

/// Which consultation goes on here.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct LinkForm {
    pub consultation: String,
}

impl LinkForm {
    pub fn consultation(&self) -> Option<Uuid> {
        uuid(&self.consultation)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    const TODAY: Date = date!(2026 - 11 - 20);

    fn typed() -> IntakeForm {
        let mut form = IntakeForm::fresh(TODAY);
        form.source = "sis".into();
        form.person.number_kind = ANONYMOUS.into();
        form.description = "Någon frågar om stöd för en vän.".into();
        form
    }

    #[test]
    fn an_anonymous_consultation_names_nobody() {
        let new = typed().parse(TODAY).unwrap().unwrap();
        assert!(matches!(new.about, About::Nobody) && !new.is_acute && !new.is_about_a_child());
        assert_eq!((new.home_district, new.environment), (None, None));
        let mut named = typed();
        named.person.given_name = "Prov".into();
        let said = named.parse(TODAY).unwrap().unwrap_err();
        let expected = "Ta bort uppgifterna om personen, eller välj hur personen identifieras";
        assert_eq!(said.of("number_kind"), Some(expected));
    }

    #[test]
    fn a_child_is_told_by_the_age_on_the_day_it_came_in() {
        let mut form = typed();
        form.person = PersonForm {
            number_kind: crate::person::form::TEMPORARY.into(),
            birth_date: "2008-11-01".into(),
            given_name: "Prov".into(),
            family_name: "Provsson".into(),
            sex: "man".into(),
            ..PersonForm::default()
        };
        form.received_on = "2026-10-31".into();
        assert!(form.parse(TODAY).unwrap().unwrap().is_about_a_child());
        form.received_on = "2026-11-01".into();
        assert!(!form.parse(TODAY).unwrap().unwrap().is_about_a_child());
    }

    #[test]
    fn an_intake_ends_without_a_case_only_in_the_ways_of_the_form() {
        let form = |outcome: &str| ClosingForm { version: "1".into(), outcome: outcome.into(), reason: "Skäl".into() };
        assert!(form("advice_only").parse().is_ok());
        for outcome in ["start_investigation", "joined_existing_case", "referred_child_unit", ""] {
            let said = form(outcome).parse().unwrap_err();
            assert_eq!(said.of("outcome"), Some("Välj hur aktualiseringen avslutas"), "{outcome}");
        }
    }
}
