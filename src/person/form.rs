//! What was typed about a person, and its sealing: the only place of this room where names and numbers are plain text.

use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::model::{IdentityNumber, NewPerson, ShowReason, sorted_words};
use super::{FAMILY_NAME, GIVEN_NAME, NUMBER, WHOLE_NAME};
use crate::access::BIRTH_DATE;
use crate::calendar::parse_day;
use crate::crypto::keyring::KeyRing;
use crate::crypto::seal::{Place, Sealed};
use crate::error::Result;
use crate::personal::{PersonNumber, PersonNumberFault, Personal};
use crate::vocabulary::{BirthDatePrecision, IdentityKind, Sex};
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
            OFFICIAL => official_number(&self.number, today, faults),
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

/// A number that the tax agency has given, as it was typed.
pub(super) fn official_number(typed: &str, today: Date, faults: &mut Faults) -> Option<IdentityNumber> {
    let fault = match PersonNumber::parse(typed, today) {
        Ok(number) => return Some(IdentityNumber::official(&number)),
        Err(PersonNumberFault::Shape) => "Skriv personnumret med tolv siffror, ÅÅÅÅMMDD-NNNN",
        Err(PersonNumberFault::BirthDate | PersonNumberFault::CheckDigit) => {
            "Personnumret stämmer inte. Kontrollera siffrorna"
        }
    };
    faults.add("number", fault);
    None
}

/// The two answers of a question that must be answered.
pub(super) const YES: &str = "yes";
pub(super) const NO: &str = "no";

/// Nothing for anything else.
pub(super) fn yes_or_no(typed: &str) -> Option<bool> {
    match typed.trim() {
        YES => Some(true),
        NO => Some(false),
        _ => None,
    }
}

/// A day that has been, or is today.
pub(super) fn past_day(typed: &str, today: Date, field: &'static str, faults: &mut Faults) -> Option<Date> {
    let day = faults.need(parse_day(typed, today), field, "Skriv datumet som ÅÅÅÅ-MM-DD")?;
    if day > today {
        faults.add(field, format!("Datumet kan inte vara senare än i dag, {today}"));
        return None;
    }
    Some(day)
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

    /// The birth date that the number tells, for the person that it belongs to.
    pub fn seal_birth_date(&self, keys: &KeyRing, person: Uuid) -> Result<Option<Sealed>> {
        let seal = |day| keys.seal(BIRTH_DATE.at(person), Personal::of_day(day).reveal());
        self.birth_date.map(seal).transpose()
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
    /// What the same name is found by.
    pub name_blind: Vec<u8>,
}

/// What a name is found by, in whatever order its words are typed.
pub fn name_blind(keys: &KeyRing, given_name: &Personal, family_name: &Personal) -> Vec<u8> {
    let words = sorted_words(&format!("{} {}", given_name.reveal(), family_name.reveal()));
    keys.blind(WHOLE_NAME, &words).to_vec()
}

impl SealedIdentity {
    pub fn of(
        id: Uuid,
        number: &IdentityNumber,
        (given_name, family_name): (&Personal, &Personal),
        keys: &KeyRing,
    ) -> Result<Self> {
        Ok(Self {
            id,
            kind: number.kind,
            number: number.seal(keys, NUMBER.at(id))?,
            blind: number.blind(keys),
            given_name: keys.seal(GIVEN_NAME.at(id), given_name.reveal())?,
            family_name: keys.seal(FAMILY_NAME.at(id), family_name.reveal())?,
            name_blind: name_blind(keys, given_name, family_name),
        })
    }
}

impl NewPerson {
    pub fn seal_identity(&self, keys: &KeyRing) -> Result<SealedIdentity> {
        SealedIdentity::of(Uuid::now_v7(), &self.number, (&self.given_name, &self.family_name), keys)
    }

    pub fn seal_birth_date(&self, keys: &KeyRing, person: Uuid) -> Result<Option<Sealed>> {
        let seal = |day| keys.seal(BIRTH_DATE.at(person), Personal::of_day(day).reveal());
        self.birth_date.map(seal).transpose()
    }
}

/// The facts beside name and number.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct FactsForm {
    pub version: String,
    pub sex: String,
    pub precision: String,
    pub interpreter_language: String,
}

/// What was meant.
pub struct Facts {
    pub version: i32,
    pub sex: Sex,
    pub precision: BirthDatePrecision,
    pub interpreter_language: Option<String>,
}

impl FactsForm {
    pub fn of(version: i32, sex: Sex, precision: BirthDatePrecision, language: Option<&Personal>) -> Self {
        Self {
            version: version.to_string(),
            sex: sex.code().to_owned(),
            precision: precision.code().to_owned(),
            interpreter_language: language.map(|text| text.reveal().to_owned()).unwrap_or_default(),
        }
    }

    pub fn parse(&self) -> std::result::Result<Facts, Faults> {
        let mut faults = Faults::none();
        let sex = faults.need(code(&self.sex, Sex::parse), "sex", "Välj kön");
        let precision = code(&self.precision, BirthDatePrecision::parse);
        let precision = faults.need(precision, "precision", "Välj hur säkert födelsedatumet är");
        let language = faults.optional_text(&self.interpreter_language, 60, "interpreter_language");
        match (sex, precision, language) {
            (Some(sex), Some(precision), Some(language)) => faults.finish(Facts {
                // What cannot be read is no version: it answers like one that has passed.
                version: self.version.trim().parse().unwrap_or(0),
                sex,
                precision,
                interpreter_language: Some(language).filter(|text| !text.is_empty()),
            }),
            _ => Err(faults),
        }
    }
}

/// How something that holds ends.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct EndForm {
    pub valid_to: String,
}

impl EndForm {
    pub fn fresh(today: Date) -> Self {
        Self { valid_to: today.to_string() }
    }

    /// The last day on which it held.
    pub fn parse(&self, valid_from: Date, today: Date) -> std::result::Result<Date, Faults> {
        let mut faults = Faults::none();
        let day = past_day(&self.valid_to, today, "valid_to", &mut faults);
        if day.is_some_and(|day| day < valid_from) {
            faults.add("valid_to", format!("Datumet kan inte vara tidigare än {valid_from}"));
        }
        match day {
            Some(day) => faults.finish(day),
            None => Err(faults),
        }
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
    fn something_ends_on_a_day_that_has_been_and_not_before_it_began() {
        let end = |typed: &str| EndForm { valid_to: typed.into() }.parse(date!(2026 - 01 - 05), TODAY);
        assert_eq!(end("2026-01-05"), Ok(date!(2026 - 01 - 05)));
        assert_eq!(end("2026-11-20"), Ok(TODAY));
        for wrong in ["2026-01-04", "2026-11-21", "260230", ""] {
            assert!(end(wrong).unwrap_err().of("valid_to").is_some(), "{wrong}");
        }
    }

    #[test]
    fn another_reason_is_written_out() {
        let form = |reason: &str, note: &str| ShowForm { reason: reason.into(), note: note.into() };
        assert!(form("contact", "").parse().is_ok());
        assert_eq!(form("other", " ").parse().unwrap_err().of("note"), Some("Skriv varför du behöver uppgifterna"));
        assert_eq!(form("", "").parse().unwrap_err().of("reason"), Some("Välj varför du behöver uppgifterna"));
    }
}
