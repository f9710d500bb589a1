//! What was typed about a person, and its sealing: the only place of this room where names and numbers are plain text.

use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::model::{IdentityNumber, NewPerson, ShowReason};
use super::{FAMILY_NAME, GIVEN_NAME, NUMBER};
use crate::access::BIRTH_DATE;
use crate::calendar::parse_day;
use crate::crypto::keyring::KeyRing;
use crate::crypto::seal::{Place, Sealed};
use crate::error::Result;
use crate::personal::{PersonNumber, PersonNumberFault, Personal};
use crate::vocabulary::{IdentityKind, Sex};
use crate::web::form::{Faults, code};

/// The part about the person in the form that opens a case.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct PersonForm {
    pub number_kind: String,
    pub number: String,
    pub birth_date: String,
    pub given_name: String,
    pub family_name: String,
    pub sex: String,
}

/// The two ways to identify somebody in the form: the number itself says which of the two sorts it is.
pub const OFFICIAL: &str = "official";
pub const TEMPORARY: &str = IdentityKind::Temporary.code();

impl PersonForm {
    pub fn fresh() -> Self {
        Self { number_kind: OFFICIAL.to_owned(), ..Self::default() }
    }

    /// `None` when something has to be mended, which the faults then say.
    pub fn parse(&self, today: Date, faults: &mut Faults) -> Result<Option<NewPerson>> {
        let number = match self.number_kind.as_str() {
            OFFICIAL => self.official(today, faults),
            TEMPORARY => Some(IdentityNumber::temporary()?),
            _ => faults.need(None, "number_kind", "Välj hur personen identifieras"),
        };
        let said = match &number {
            Some(number) if number.kind == IdentityKind::Temporary => self.said_birth_date(today, faults),
            _ => Some(None),
        };
        let given_name = faults.text(&self.given_name, 100, "given_name", "Skriv förnamnet");
        let family_name = faults.text(&self.family_name, 100, "family_name", "Skriv efternamnet");
        let sex = faults.need(code(&self.sex, Sex::parse), "sex", "Välj kön");
        Ok((|| {
            let number = number?;
            Some(NewPerson {
                birth_date: number.birth_date.or(said?),
                number,
                given_name: Personal::new(given_name?),
                family_name: Personal::new(family_name?),
                sex: sex?,
            })
        })())
    }

    fn official(&self, today: Date, faults: &mut Faults) -> Option<IdentityNumber> {
        let fault = match PersonNumber::parse(&self.number, today) {
            Ok(number) => return Some(IdentityNumber::official(&number)),
            Err(PersonNumberFault::Shape) => "Skriv personnumret med tolv siffror, ÅÅÅÅMMDD-NNNN",
            Err(PersonNumberFault::BirthDate | PersonNumberFault::CheckDigit) => {
                "Personnumret stämmer inte. Kontrollera siffrorna"
            }
        };
        faults.add("number", fault);
        None
    }

    /// The inner one is what was said; the outer one is nothing when it was said badly.
    #[expect(clippy::option_option, reason = "as `Faults::optional` gives it")]
    fn said_birth_date(&self, today: Date, faults: &mut Faults) -> Option<Option<Date>> {
        let parse = |typed: &str| parse_day(typed, today);
        let day = faults.optional(&self.birth_date, parse, "birth_date", "Skriv datumet som ÅÅÅÅ-MM-DD")?;
        if day.is_some_and(|day| day > today) {
            faults.add("birth_date", format!("Datumet kan inte vara senare än i dag, {today}"));
            return None;
        }
        Some(day)
    }
}

impl IdentityNumber {
    /// A number that the tax agency has given.
    pub fn official(number: &PersonNumber) -> Self {
        Self { kind: number.kind(), text: Personal::new(number.reveal()), birth_date: Some(number.birth_date()) }
    }

    /// One for somebody whose number is not known: it says nothing about them.
    pub fn temporary() -> Result<Self> {
        let drawn: [u8; 4] = crate::crypto::random()?;
        let text = Personal::new(format!("T-{}", data_encoding::HEXUPPER.encode(&drawn)));
        Ok(Self { kind: IdentityKind::Temporary, text, birth_date: None })
    }

    pub fn seal(&self, keys: &KeyRing, place: Place) -> Result<Sealed> {
        keys.seal(place, self.text.reveal())
    }

    /// What an equal number is found by.
    pub fn blind(&self, keys: &KeyRing) -> Vec<u8> {
        keys.blind(NUMBER.0, self.text.reveal()).to_vec()
    }
}

/// An identity as it goes into its row.
pub struct SealedIdentity {
    pub id: Uuid,
    pub kind: IdentityKind,
    pub number: Sealed,
    pub blind: Vec<u8>,
    pub given_name: Sealed,
    pub family_name: Sealed,
}

impl NewPerson {
    pub fn seal_identity(&self, keys: &KeyRing) -> Result<SealedIdentity> {
        let id = Uuid::now_v7();
        Ok(SealedIdentity {
            id,
            kind: self.number.kind,
            number: keys.seal(NUMBER.at(id), self.number.text.reveal())?,
            blind: self.number.blind(keys),
            given_name: keys.seal(GIVEN_NAME.at(id), self.given_name.reveal())?,
            family_name: keys.seal(FAMILY_NAME.at(id), self.family_name.reveal())?,
        })
    }

    pub fn seal_birth_date(&self, keys: &KeyRing, person: Uuid) -> Result<Option<Sealed>> {
        let seal = |day| keys.seal(BIRTH_DATE.at(person), Personal::of_day(day).reveal());
        self.birth_date.map(seal).transpose()
    }
}

/// Why somebody asks to see.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ShowForm {
    pub reason: String,
    pub note: String,
}

impl ShowForm {
    /// The reason and, where something was added to it, the words.
    pub fn parse(&self) -> std::result::Result<(ShowReason, String), Faults> {
        let mut faults = Faults::none();
        let reason = faults.need(code(&self.reason, ShowReason::parse), "reason", "Välj varför du behöver uppgifterna");
        let note = faults.optional_text(&self.note, 500, "note");
        if reason == Some(ShowReason::Other) && note.as_deref() == Some("") {
            faults.add("note", "Skriv varför du behöver uppgifterna");
        }
        match (reason, note) {
            (Some(reason), Some(note)) => faults.finish((reason, note)),
            _ => Err(faults),
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    const TODAY: Date = date!(2026 - 11 - 20);

    fn typed(kind: &str, number: &str) -> PersonForm {
        PersonForm {
            number_kind: kind.into(),
            number: number.into(),
            given_name: " Prov ".into(),
            family_name: "Provsson".into(),
            sex: "man".into(),
            ..PersonForm::default()
        }
    }

    fn said(form: &PersonForm) -> Vec<(String, String)> {
        let mut faults = Faults::none();
        assert!(form.parse(TODAY, &mut faults).unwrap().is_none());
        faults.iter().map(|(field, message)| (field.to_owned(), message.to_owned())).collect()
    }

    #[test]
    fn the_number_says_when_the_person_was_born() {
        let mut faults = Faults::none();
        let person = typed(OFFICIAL, "19121212-1212").parse(TODAY, &mut faults).unwrap().unwrap();
        assert_eq!((person.birth_date, person.number.kind), (Some(date!(1912 - 12 - 12)), IdentityKind::Personnummer));
        assert!(faults.is_empty() && person.given_name == Personal::new("Prov"));
    }

    #[test]
    fn somebody_without_a_number_gets_one_that_says_nothing() {
        let mut faults = Faults::none();
        let form = PersonForm { birth_date: "1999-05-02".into(), ..typed(TEMPORARY, "") };
        let person = form.parse(TODAY, &mut faults).unwrap().unwrap();
        assert_eq!(person.birth_date, Some(date!(1999 - 05 - 02)));
        assert!(person.number.text.reveal().starts_with("T-"));
        assert_ne!(person.number, IdentityNumber::temporary().unwrap());
        assert_eq!(typed(TEMPORARY, "").parse(TODAY, &mut faults).unwrap().unwrap().birth_date, None);
    }

    #[test]
    fn each_fault_is_said_at_its_field() {
        let fault = |field: &str, message: &str| vec![(field.to_owned(), message.to_owned())];
        assert_eq!(
            said(&typed(OFFICIAL, "1212")),
            fault("number", "Skriv personnumret med tolv siffror, ÅÅÅÅMMDD-NNNN")
        );
        assert_eq!(
            said(&typed(OFFICIAL, "19121212-1213")),
            fault("number", "Personnumret stämmer inte. Kontrollera siffrorna")
        );
        let born_tomorrow = PersonForm { birth_date: "2026-11-21".into(), ..typed(TEMPORARY, "") };
        assert_eq!(said(&born_tomorrow), fault("birth_date", "Datumet kan inte vara senare än i dag, 2026-11-20"));
        let fields: Vec<_> = said(&PersonForm::default()).into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["number_kind", "given_name", "family_name", "sex"]);
    }

    #[test]
    fn another_reason_is_written_out() {
        let form = |reason: &str, note: &str| ShowForm { reason: reason.into(), note: note.into() };
        assert!(form("contact", "").parse().is_ok());
        assert_eq!(form("other", " ").parse().unwrap_err().of("note"), Some("Skriv varför du behöver uppgifterna"));
        assert_eq!(form("", "").parse().unwrap_err().of("reason"), Some("Välj varför du behöver uppgifterna"));
    }
}
