//! What was typed to break a glass, and to review one.

use data_encoding::HEXLOWER;
use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::model::{FEWEST_LETTERS, NewGlass, NewReview};
use crate::crypto::keyring::KeyRing;
use crate::crypto::reference::CaseReference;
use crate::person::NUMBER;
use crate::personal::PersonNumber;
use crate::vocabulary::{BreakGlassReason, BreakGlassResult};
use crate::web::form::{Faults, checkbox, code, uuid};

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct BreakForm {
    pub id: String,
    pub sought: String,
    pub reason: String,
    pub words: String,
    pub aware: String,
    pub password: String,
    pub code: String,
    pub passkey: String,
}

impl BreakForm {
    pub fn fresh() -> Self {
        Self { id: Uuid::now_v7().to_string(), ..Self::default() }
    }

    pub fn parse(&self, today: Date, keys: &KeyRing) -> Result<NewGlass, Faults> {
        let mut faults = Faults::none();
        let reference = self.sought.parse::<CaseReference>().ok();
        let number = PersonNumber::parse(&self.sought, today).ok();
        if reference.is_none() && number.is_none() {
            faults.add("sought", "Skriv ett ärendenummer eller ett helt personnummer");
        }
        let reason = faults.need(code(&self.reason, BreakGlassReason::parse), "reason", "Välj varför det är bråttom");
        let words = faults.text(&self.words, 1000, "words", "Skriv varför du måste läsa ärendet nu");
        if words.as_deref().is_some_and(|words| words.chars().count() < FEWEST_LETTERS) {
            faults.add("words", format!("Skriv minst {FEWEST_LETTERS} tecken"));
        }
        if !checkbox(&self.aware) {
            faults.add("aware", "Bekräfta att du vet att åtkomsten loggas och granskas");
        }
        let id = faults.need(uuid(&self.id), "sought", "Formuläret är för gammalt. Öppna sidan på nytt");
        match (id, reason, words) {
            (Some(id), Some(reason), Some(words)) => faults.finish(NewGlass {
                id,
                hash: HEXLOWER.encode(&keys.search_hash(match (&reference, &number) {
                    (Some(reference), _) => reference.as_str(),
                    (None, Some(number)) => number.reveal(),
                    (None, None) => "",
                })),
                number_blind: number.map(|number| keys.blind(NUMBER.0, number.reveal()).to_vec()).unwrap_or_default(),
                reference: reference.map_or_else(|| "-".to_owned(), |reference| reference.as_str().to_owned()),
                reason,
                words,
            }),
            _ => Err(faults),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ReviewForm {
    pub result: String,
    pub words: String,
}

impl ReviewForm {
    pub fn parse(&self) -> Result<NewReview, Faults> {
        let mut faults = Faults::none();
        let result = code(&self.result, BreakGlassResult::parse);
        let result = faults.need(result, "result", "Välj om nödöppningen var befogad");
        let words = faults.text(&self.words, 1000, "words", "Skriv vad du bygger bedömningen på");
        match (result, words) {
            (Some(result), Some(words)) => faults.finish(NewReview { result, words }),
            _ => Err(faults),
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn typed(sought: &str, words: &str) -> BreakForm {
        let reason = "danger_life".to_owned();
        let (sought, words, aware) = (sought.to_owned(), words.to_owned(), "ja".to_owned());
        BreakForm { sought, reason, words, aware, ..BreakForm::fresh() }
    }

    fn parsed(form: &BreakForm) -> Result<NewGlass, Faults> {
        form.parse(date!(2026 - 11 - 20), &KeyRing::for_tests().unwrap())
    }

    #[test]
    fn the_reason_is_written_out() {
        let twelve = parsed(&typed("19121212-1212", "Han är borta")).unwrap_err();
        assert_eq!(twelve.of("words"), Some("Skriv minst 20 tecken"));
        assert!(parsed(&typed("19121212-1212", "Han är borta, och vi är oroliga")).is_ok());
        let missing = parsed(&typed("19121212-1212", " ")).unwrap_err();
        assert_eq!(missing.of("words"), Some("Skriv varför du måste läsa ärendet nu"));
    }

    #[test]
    fn every_field_says_what_it_wants() {
        let faults = parsed(&BreakForm::default()).unwrap_err();
        let fields: Vec<_> = faults.iter().map(|(field, _)| field.to_owned()).collect();
        assert_eq!(fields, ["sought", "reason", "words", "aware"]);
        let name = parsed(&typed("Milo Påhitt", "Han är borta, och vi är oroliga")).unwrap_err();
        assert_eq!(name.of("sought"), Some("Skriv ett ärendenummer eller ett helt personnummer"));
    }

    #[test]
    fn a_review_says_what_it_rests_on() {
        let review = |result: &str, words: &str| ReviewForm { result: result.into(), words: words.into() }.parse();
        assert!(review("justified", "Samtal med jouren").is_ok());
        assert_eq!(review("", " ").err().map(|faults| faults.len()), Some(2));
    }
}
