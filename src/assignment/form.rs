//! What was typed when a colleague is named in a case.

use serde::Deserialize;
use uuid::Uuid;

use super::model::{NamingFault, NewAssignment};
use crate::account::colleagues::{Colleague, find};
use crate::vocabulary::AssignmentKind;
use crate::web::form::{Faults, code, uuid};

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct AssignmentForm {
    pub id: String,
    pub kind: String,
    pub account: String,
    pub reason: String,
}

impl AssignmentForm {
    pub fn fresh() -> Self {
        Self { id: Uuid::now_v7().to_string(), ..Self::default() }
    }

    pub fn parse(&self, colleagues: &[Colleague]) -> Result<NewAssignment, Faults> {
        let mut faults = Faults::none();
        let kind = faults.need(code(&self.kind, AssignmentKind::parse), "kind", "Välj uppgift i ärendet");
        let account = uuid(&self.account).filter(|id| colleagues.iter().any(|one| one.account == *id));
        let account = faults.need(account, "account", "Välj kollega");
        if let (Some(kind), Some(account)) = (kind, account)
            && find(colleagues, account, kind).is_none()
        {
            faults
                .add("account", format!("Välj en kollega vars roll passar uppgiften {}", kind.label().to_lowercase()));
        }
        let reason = faults.text(&self.reason, 500, "reason", "Skriv ett skäl");
        let id = faults.need(uuid(&self.id), "account", "Formuläret är för gammalt. Öppna sidan på nytt");
        match (id, account, kind, reason) {
            (Some(id), Some(account), Some(kind), Some(reason)) => {
                faults.finish(NewAssignment { id, account, kind, reason })
            }
            _ => Err(faults),
        }
    }
}

impl From<NamingFault> for Faults {
    fn from(fault: NamingFault) -> Self {
        Self::from((
            "account",
            match fault {
                NamingFault::Oneself => "Välj någon annan. Ingen kan tilldela sig själv ett ärende",
                NamingFault::AlreadyNamed => "Välj någon annan. Kollegan har redan den uppgiften i ärendet",
                NamingFault::HasConflict => "Välj någon annan. Kollegan har anmält jäv",
                NamingFault::IsResponsible => "Välj en ny ansvarig handläggare först. Ärendet får inte stå utan",
            },
        ))
    }
}
