//! What waits for an answer: an intake, a first contact with the police, a case that somebody wants to hand over.

use time::Date;

use super::store::Unspoken;
use crate::assignment::handover::store::Offer;
use crate::assignment::paths as assignments;
use crate::calendar;
use crate::intake::model::Intake;
use crate::intake::paths as intakes;
use crate::web::view::{Due, Todo};

/// What an intake that waits asks for: the police first, and then a decision.
pub(super) fn waits(intake: &Intake, today: Date) -> Todo {
    let (label, day) = match intake.contact_due() {
        Some(day) => (format!("Kontakta polisen senast {day}"), day),
        // At once (14 kap. 2 § SoL).
        None => ("Bedöm aktualiseringen".to_owned(), today),
    };
    let acute = if intake.is_acute { ", akut" } else { "" };
    Todo {
        href: intakes::show(intake.id),
        label,
        due: Due::on(day, today),
        note: format!("Aktualisering {}, {}{acute}", intake.received_on, intake.kind().to_lowercase()),
    }
}

impl Unspoken {
    pub(super) fn todo(&self, today: Date) -> Todo {
        let day = self.due_on;
        Todo {
            href: intakes::case_contacts(&self.reference),
            label: format!("Kontakta polisen senast {day}"),
            due: Due::on(day, today),
            note: format!("{} {}", self.reference, self.code_name),
        }
    }
}

impl Offer {
    pub(super) fn todo(&self) -> Todo {
        let asked = calendar::stockholm(self.offered_at).date();
        Todo {
            href: assignments::offered(self.id),
            label: "Svara på om du tar över ett ärende".to_owned(),
            due: Due::on(asked, asked),
            note: format!("{}, från {}", self.reference, self.offered_by),
        }
    }
}
