//! What is typed about a marking. A new identity is none of the choices: it is never entered.

use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::super::form::past_day;
use super::model::{NewMarking, route_fits};
use crate::vocabulary::{MailRoute, MarkingKind};
use crate::web::form::{Faults, code, uuid};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct MarkingForm {
    pub id: String,
    pub kind: String,
    pub source: String,
    pub verified_on: String,
    pub valid_from: String,
    pub mail_route: String,
}

impl MarkingForm {
    pub fn fresh(today: Date) -> Self {
        Self {
            id: Uuid::now_v7().to_string(),
            verified_on: today.to_string(),
            valid_from: today.to_string(),
            ..Self::default()
        }
    }

    pub fn parse(&self, today: Date) -> Result<NewMarking, Faults> {
        let mut faults = Faults::none();
        let kind = code(&self.kind, MarkingKind::parse).filter(|kind| MarkingKind::REGISTERED.contains(kind));
        let kind = faults.need(kind, "kind", "Välj skyddsmarkering");
        let source = faults.text(&self.source, 200, "source", "Skriv varifrån uppgiften kommer");
        let valid_from = past_day(&self.valid_from, today, "valid_from", &mut faults);
        let verified_on = past_day(&self.verified_on, today, "verified_on", &mut faults);
        let mail_route =
            faults.need(code(&self.mail_route, MailRoute::parse), "mail_route", "Välj hur post får skickas");
        if let (Some(kind), Some(route)) = (kind, mail_route)
            && !route_fits(kind, route)
        {
            faults.add("mail_route", "Vid skyddad folkbokföring skickas inget med vanlig post. Välj ett annat sätt");
        }
        match (kind, source, verified_on, valid_from, mail_route) {
            (Some(kind), Some(source), Some(verified_on), Some(valid_from), Some(mail_route)) => {
                faults.finish(NewMarking {
                    id: uuid(&self.id).unwrap_or_else(Uuid::now_v7),
                    kind,
                    source,
                    verified_on,
                    valid_from,
                    mail_route,
                })
            }
            _ => Err(faults),
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    const TODAY: Date = date!(2026 - 11 - 20);

    fn typed() -> MarkingForm {
        MarkingForm {
            kind: "secrecy_marking".into(),
            source: "Skatteverket".into(),
            mail_route: "via_skatteverket".into(),
            ..MarkingForm::fresh(TODAY)
        }
    }

    #[test]
    fn each_rule_is_told_at_its_field() {
        assert!(typed().parse(TODAY).is_ok());
        for (form, field) in [
            (MarkingForm { kind: "fingerade".into(), ..typed() }, "kind"),
            (MarkingForm { source: " ".into(), ..typed() }, "source"),
            (MarkingForm { verified_on: "2026-11-21".into(), ..typed() }, "verified_on"),
            (MarkingForm { valid_from: "260230".into(), ..typed() }, "valid_from"),
            (MarkingForm { mail_route: String::new(), ..typed() }, "mail_route"),
            (
                MarkingForm { kind: "protected_registration".into(), mail_route: "normal".into(), ..typed() },
                "mail_route",
            ),
        ] {
            assert!(form.parse(TODAY).err().is_some_and(|faults| faults.of(field).is_some()), "{field}");
        }
    }
}
