//! What was typed in the search field, and what it can be. The only place where it stands in plain text.

use data_encoding::HEXLOWER;
use serde::Deserialize;
use time::Date;

use crate::crypto::keyring::KeyRing;
use crate::crypto::reference::CaseReference;
use crate::person::model::sorted_words;
use crate::person::{NUMBER, WHOLE_NAME};
use crate::personal::{PersonNumber, PersonNumberFault};
use crate::web::form::Faults;

/// The longest name there can be, twice a hundred, with the space between.
const LONGEST: usize = 201;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct SearchForm {
    pub q: String,
}

/// What is asked of the database: always all three, of which those that the text cannot be are equal to nothing.
#[derive(Debug, PartialEq, Eq)]
pub struct Sought {
    pub reference: String,
    pub number_blind: Vec<u8>,
    pub name_blind: Vec<u8>,
    /// For the log: which of them the text can be, and a hash by which two searches for the same can be told.
    pub kinds: String,
    pub hash: String,
}

impl SearchForm {
    pub fn parse(&self, today: Date, keys: &KeyRing) -> Result<Sought, Faults> {
        let mut faults = Faults::none();
        let missing = "Skriv ett namn, ett person- eller samordningsnummer eller ett ärendenummer";
        let Some(text) = faults.text(&self.q, LONGEST, "q", missing) else { return Err(faults) };
        let number = number(&text, today, &mut faults);
        let reference = text.parse::<CaseReference>().ok();
        let name = text.chars().any(char::is_alphabetic).then(|| sorted_words(&text)).filter(|words| !words.is_empty());
        if number.is_none() && reference.is_none() && name.is_none() {
            faults.add("q", missing);
        }
        let kinds = [
            ("reference", reference.is_some()),
            ("number", number.is_some()),
            ("name", reference.is_none() && number.is_none()),
        ];
        let kinds: Vec<_> = kinds.into_iter().filter_map(|(kind, is)| is.then_some(kind)).collect();
        let reference = reference.map_or_else(|| "-".to_owned(), |reference| reference.as_str().to_owned());
        let plain = match (&number, &name) {
            (Some(number), _) => number,
            (None, Some(name)) => name,
            (None, None) => &reference,
        };
        faults.finish(Sought {
            hash: HEXLOWER.encode(&keys.search_hash(plain)),
            kinds: kinds.join(" "),
            number_blind: number.map(|number| keys.blind(NUMBER.0, &number).to_vec()).unwrap_or_default(),
            name_blind: name.map(|name| keys.blind(WHOLE_NAME, &name).to_vec()).unwrap_or_default(),
            reference,
        })
    }
}

/// A number that the tax agency has given, or one that the program drew. Figures that are neither are a slip of the pen.
fn number(text: &str, today: Date, faults: &mut Faults) -> Option<String> {
    let drawn = text.to_uppercase();
    if drawn.strip_prefix("T-").is_some_and(|rest| rest.len() == 8 && rest.bytes().all(|c| c.is_ascii_hexdigit())) {
        return Some(drawn);
    }
    let is_figures = text.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || matches!(c, '-' | '+'));
    // Seven figures can be a case reference without its letters.
    if !is_figures || text.parse::<CaseReference>().is_ok() {
        return None;
    }
    let closed_up: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let fault = match PersonNumber::parse(&closed_up, today) {
        Ok(number) => return Some(number.reveal().to_owned()),
        Err(PersonNumberFault::Shape) => "Skriv personnumret med tio eller tolv siffror",
        Err(PersonNumberFault::BirthDate | PersonNumberFault::CheckDigit) => {
            "Personnumret stämmer inte. Kontrollera siffrorna"
        }
    };
    faults.add("q", fault);
    None
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use time::macros::date;

    use super::*;

    /// The same for all: other keys give other hashes.
    static KEYS: LazyLock<KeyRing> = LazyLock::new(|| KeyRing::for_tests().unwrap());

    fn parsed(typed: &str) -> Result<Sought, Faults> {
        SearchForm { q: typed.to_owned() }.parse(date!(2026 - 11 - 20), &KEYS)
    }

    #[test]
    fn a_number_is_the_same_however_it_is_written() {
        let whole = parsed("191212121212").unwrap();
        assert_eq!(whole.kinds, "number");
        for typed in ["19121212-1212", "121212+1212", " 19121212 1212 "] {
            assert_eq!(parsed(typed).unwrap(), whole, "{typed}");
        }
    }

    #[test]
    fn a_name_is_the_same_in_any_order() {
        let name = parsed("Milo Påhitt").unwrap();
        assert_eq!((name.kinds.as_str(), name.reference.as_str()), ("name", "-"));
        assert_eq!(parsed("påhitt,  MILO").unwrap(), name);
        assert_ne!(parsed("Milo").unwrap().name_blind, name.name_blind);
    }

    #[test]
    fn a_reference_is_read_as_it_is_written_elsewhere() {
        let reference = CaseReference::draw().unwrap();
        let sought = parsed(&reference.as_str().to_lowercase()).unwrap();
        assert_eq!((sought.reference.as_str(), sought.kinds.as_str()), (reference.as_str(), "reference"));
    }

    #[test]
    fn what_cannot_be_any_of_them_is_said_at_the_field() {
        let said = |typed: &str| parsed(typed).unwrap_err().of("q").map(str::to_owned);
        let missing = "Skriv ett namn, ett person- eller samordningsnummer eller ett ärendenummer";
        assert_eq!(said("  ").as_deref(), Some(missing));
        assert_eq!(said("?!").as_deref(), Some(missing));
        assert_eq!(said("1912").as_deref(), Some("Skriv personnumret med tio eller tolv siffror"));
        assert_eq!(said("191212121213").as_deref(), Some("Personnumret stämmer inte. Kontrollera siffrorna"));
        assert_eq!(said(&"a".repeat(202)).as_deref(), Some("Texten är 1 tecken för lång"));
    }
}
