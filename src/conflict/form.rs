//! What was typed about a conflict of interest.

use serde::Deserialize;
use uuid::Uuid;

use crate::account::colleagues::Colleague;
use crate::web::form::{Faults, uuid};

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ConflictForm {
    pub id: String,
    pub account: String,
    pub reason: String,
}

/// What was meant.
pub struct NewConflict {
    pub id: Uuid,
    pub account: Uuid,
    pub reason: String,
}

impl ConflictForm {
    pub fn fresh(account: Uuid) -> Self {
        Self { id: Uuid::now_v7().to_string(), account: account.to_string(), ..Self::default() }
    }

    /// Of oneself, where nobody else can be chosen.
    pub fn parse(&self, oneself: Uuid, colleagues: Option<&[Colleague]>) -> Result<NewConflict, Faults> {
        let mut faults = Faults::none();
        let account = match colleagues {
            None => Some(oneself),
            Some(all) => {
                let chosen = uuid(&self.account).filter(|id| all.iter().any(|one| one.account == *id));
                faults.need(chosen, "account", "Välj vem jävet gäller")
            }
        };
        let reason = faults.text(&self.reason, 1000, "reason", "Skriv vad jävet består i");
        let id = faults.need(uuid(&self.id), "reason", "Formuläret är för gammalt. Öppna sidan på nytt");
        match (id, account, reason) {
            (Some(id), Some(account), Some(reason)) => faults.finish(NewConflict { id, account, reason }),
            _ => Err(faults),
        }
    }
}
