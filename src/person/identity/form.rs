//! What is typed about a new name or number. A temporary id can be replaced by an official number and never the other way.

use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::super::form::{OFFICIAL, official_number, past_day};
use super::super::model::IdentityNumber;
use super::super::store::Identity;
use crate::personal::Personal;
use crate::web::form::{Faults, uuid};

/// The number that holds, with another name.
pub(super) const KEPT: &str = "kept";

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct NameForm {
    pub id: String,
    /// The identity that the page showed as the one that holds.
    pub current: String,
    pub number_kind: String,
    pub number: String,
    pub given_name: String,
    pub family_name: String,
    pub valid_from: String,
}

/// One that may be registered.
pub struct NewIdentity {
    pub id: Uuid,
    /// Nothing where the number stays.
    pub number: Option<IdentityNumber>,
    pub given_name: Personal,
    pub family_name: Personal,
    pub valid_from: Date,
}

impl NameForm {
    pub fn fresh(current: &Identity, today: Date) -> Self {
        Self {
            id: Uuid::now_v7().to_string(),
            current: current.id.to_string(),
            number_kind: KEPT.to_owned(),
            valid_from: today.to_string(),
            ..Self::default()
        }
    }

    /// The rules that hold whatever is known of the person; `since` is the day from which the current one holds.
    pub fn parse(&self, since: Date, today: Date) -> Result<NewIdentity, Faults> {
        let mut faults = Faults::none();
        let number = match self.number_kind.as_str() {
            KEPT if self.number.trim().is_empty() => Some(None),
            KEPT => faults.need(None, "number", "Ta bort numret, eller välj att det är nytt"),
            OFFICIAL => official_number(&self.number, today, &mut faults).map(Some),
            _ => faults.need(None, "number_kind", "Välj om numret är nytt"),
        };
        let given_name = faults.text(&self.given_name, 100, "given_name", "Skriv förnamnet");
        let family_name = faults.text(&self.family_name, 100, "family_name", "Skriv efternamnet");
        let valid_from = past_day(&self.valid_from, today, "valid_from", &mut faults);
        if valid_from.is_some_and(|day| day < since) {
            faults.add("valid_from", format!("Datumet kan inte vara tidigare än {since}"));
        }
        match (number, given_name, family_name, valid_from) {
            (Some(number), Some(given_name), Some(family_name), Some(valid_from)) => faults.finish(NewIdentity {
                id: uuid(&self.id).unwrap_or_else(Uuid::now_v7),
                number,
                given_name: Personal::new(given_name),
                family_name: Personal::new(family_name),
                valid_from,
            }),
            _ => Err(faults),
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    const TODAY: Date = date!(2026 - 11 - 20);
    const SINCE: Date = date!(2026 - 01 - 05);

    fn typed(kind: &str, number: &str) -> NameForm {
        NameForm {
            number_kind: kind.into(),
            number: number.into(),
            given_name: "Prov".into(),
            family_name: "Provsson".into(),
            valid_from: "2026-03-01".into(),
            ..NameForm::default()
        }
    }

    fn fault(form: &NameForm, field: &str) -> Option<String> {
        form.parse(SINCE, TODAY).err().and_then(|faults| faults.of(field).map(str::to_owned))
    }

    #[test]
    fn the_number_stays_or_becomes_an_official_one() {
        assert!(typed(KEPT, "").parse(SINCE, TODAY).is_ok_and(|new| new.number.is_none()));
        assert!(typed(OFFICIAL, "19121212-1212").parse(SINCE, TODAY).is_ok_and(|new| new.number.is_some()));
        assert!(fault(&typed("temporary", ""), "number_kind").is_some());
        assert!(fault(&typed(KEPT, "19121212-1212"), "number").is_some());
    }

    #[test]
    fn a_number_that_cannot_be_is_refused() {
        let wrong = "Personnumret stämmer inte. Kontrollera siffrorna";
        for number in ["19121212-1213", "20260230-2396", "20010229-2398", "198507699803"] {
            assert_eq!(fault(&typed(OFFICIAL, number), "number").as_deref(), Some(wrong), "{number}");
        }
        for number in ["260230", "1912-12121212", "T-0000000A"] {
            let shape = "Skriv personnumret med tolv siffror, ÅÅÅÅMMDD-NNNN";
            assert_eq!(fault(&typed(OFFICIAL, number), "number").as_deref(), Some(shape), "{number}");
        }
    }

    #[test]
    fn it_holds_from_a_day_that_has_been_and_not_before_the_one_that_it_replaces() {
        for (day, is_right) in
            [("2026-01-05", true), ("2026-11-20", true), ("2026-01-04", false), ("2026-11-21", false)]
        {
            let form = NameForm { valid_from: day.into(), ..typed(KEPT, "") };
            assert_eq!(fault(&form, "valid_from").is_none(), is_right, "{day}");
        }
    }
}
