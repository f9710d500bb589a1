//! What was typed to see where somebody is: why, and once more who it is that asks.

use serde::Deserialize;
use uuid::Uuid;

use crate::identity::proof::Typed;
use crate::vocabulary::LocationReason;
use crate::web::form::{Faults, code, uuid};

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct LocationForm {
    /// Of the request that it becomes, where another is asked.
    pub id: String,
    pub kind: String,
    pub reason: String,
    pub password: String,
    pub code: String,
    pub passkey: String,
}

/// Why somebody needs to see it.
pub struct Why {
    pub kind: LocationReason,
    pub words: String,
}

impl LocationForm {
    /// What shows who it is.
    pub fn typed(&self) -> Typed<'_> {
        Typed { passkey: &self.passkey, password: &self.password, code: &self.code }
    }

    pub fn fresh() -> Self {
        Self { id: Uuid::now_v7().to_string(), ..Self::default() }
    }

    pub fn parse(&self) -> Result<Why, Faults> {
        let mut faults = Faults::none();
        let kind = code(&self.kind, LocationReason::parse);
        let kind = faults.need(kind, "kind", "Välj vad du behöver vistelseorten till");
        let words = faults.text(&self.reason, 500, "reason", "Skriv varför du behöver se vistelseorten");
        match (kind, words) {
            (Some(kind), Some(words)) => faults.finish(Why { kind, words }),
            _ => Err(faults),
        }
    }

    /// The same for what another is asked for.
    pub fn parse_request(&self) -> Result<(Uuid, Why), Faults> {
        let mut faults = Faults::none();
        let id = faults.need(uuid(&self.id), "reason", "Formuläret är för gammalt. Öppna sidan på nytt");
        match (id, self.parse()) {
            (Some(id), Ok(why)) => faults.finish((id, why)),
            (_, Err(more)) => {
                faults.also(more);
                Err(faults)
            }
            (None, Ok(_)) => Err(faults),
        }
    }
}

/// What whoever approves sends.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ApprovalForm {
    pub request: String,
    pub password: String,
    pub code: String,
    pub passkey: String,
}

impl ApprovalForm {
    /// What shows who it is.
    pub fn typed(&self) -> Typed<'_> {
        Typed { passkey: &self.passkey, password: &self.password, code: &self.code }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(kind: &str, reason: &str) -> LocationForm {
        LocationForm { kind: kind.to_owned(), reason: reason.to_owned(), ..LocationForm::fresh() }
    }

    #[test]
    fn the_reason_is_chosen_and_written_out() {
        assert!(typed("visit", "Möte på boendet i dag").parse().is_ok());
        let faults = typed("nyfiken", " ").parse().err().unwrap();
        assert_eq!(faults.of("kind"), Some("Välj vad du behöver vistelseorten till"));
        assert_eq!(faults.of("reason"), Some("Skriv varför du behöver se vistelseorten"));
    }

    #[test]
    fn a_request_has_the_id_of_its_form() {
        let form = typed("visit", "Möte på boendet i dag");
        assert_eq!(form.parse_request().unwrap().0.to_string(), form.id);
        assert!(LocationForm { id: String::new(), ..form }.parse_request().is_err());
        assert_eq!(LocationForm::default().parse_request().err().unwrap().len(), 2);
    }
}
