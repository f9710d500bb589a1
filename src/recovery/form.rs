//! What is typed where a recovery is started, and where one is confirmed.

use serde::Deserialize;
use uuid::Uuid;

use crate::identity::proof::Typed;
use crate::web::form::{Faults, uuid};

/// The longest reason, and the longest word on how the person was known.
const LONGEST: usize = 200;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct StartForm {
    pub id: String,
    pub reason: String,
    pub checked: String,
}

/// A recovery that is to begin.
#[derive(Debug, PartialEq, Eq)]
pub struct NewRecovery {
    pub id: Uuid,
    pub reason: String,
    pub checked: String,
}

impl StartForm {
    pub fn fresh() -> Self {
        Self { id: Uuid::now_v7().to_string(), ..Self::default() }
    }

    pub fn parse(&self) -> Result<NewRecovery, Faults> {
        let mut faults = Faults::none();
        let reason = faults.text(&self.reason, LONGEST, "reason", "Skriv varför nycklarna inte går att använda");
        let checked = faults.text(&self.checked, LONGEST, "checked", "Skriv hur du vet vem personen är");
        let id = faults.need(uuid(&self.id), "reason", "Formuläret är för gammalt. Öppna sidan på nytt");
        match (reason, checked, id) {
            (Some(reason), Some(checked), Some(id)) => faults.finish(NewRecovery { id, reason, checked }),
            _ => Err(faults),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ProofForm {
    passkey: String,
    password: String,
    code: String,
}

impl ProofForm {
    pub fn typed(&self) -> Typed<'_> {
        Typed { passkey: &self.passkey, password: &self.password, code: &self.code }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_why_and_how_the_person_was_known_must_be_said() {
        let form = StartForm { reason: " Tappade väskan ".to_owned(), ..StartForm::fresh() };
        let faults = form.parse().unwrap_err();
        assert_eq!((faults.of("reason"), faults.of("checked")), (None, Some("Skriv hur du vet vem personen är")));
        let form = StartForm { checked: "Körkort".to_owned(), ..form };
        assert_eq!(form.parse().unwrap().reason, "Tappade väskan");
    }
}
