//! What is typed about a contact with the police. Whether a consent covers it is asked afterwards.

use serde::Deserialize;
use time::PrimitiveDateTime;
use uuid::Uuid;

use super::model::{Disclosed, GroundFault, Known, NewContact};
use crate::calendar::{parse_clock, parse_day};
use crate::vocabulary::{ContactChannel, ContactGround, PoliceBody};
use crate::web::form::{Faults, code, uuid};

/// The two sorts of contact.
pub const ANONYMOUS: &str = "anonymous";
pub const IDENTITY: &str = "identity";

/// What is said where no consent covers it (AC-01).
pub const NO_CONSENT: &str = "Samtycke saknas eller täcker inte mottagaren";

/// Shorter than this nothing has been weighed (domain 2.11).
const LEAST_WEIGHING: usize = 50;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ContactForm {
    pub id: String,
    pub body: String,
    pub happened_on: String,
    pub happened_at: String,
    pub channel: String,
    pub sort: String,
    pub ground: String,
    pub weighing: String,
    pub summary: String,
}

impl ContactForm {
    pub fn fresh(now: PrimitiveDateTime) -> Self {
        Self { id: Uuid::now_v7().to_string(), happened_on: now.date().to_string(), ..Self::default() }
    }

    pub fn parse(&self, known: &Known) -> Result<NewContact, Faults> {
        let mut faults = Faults::none();
        let happened_at = self.happened(known, &mut faults);
        let channel = faults.need(code(&self.channel, ContactChannel::parse), "channel", "Välj hur kontakten togs");
        let body = faults.need(code(&self.body, PoliceBody::parse), "body", "Välj vem hos polisen");
        let identity = match self.sort.as_str() {
            ANONYMOUS => self.nobody(&mut faults).then_some(None),
            IDENTITY => self.disclosed(known, happened_at, &mut faults).map(Some),
            _ => faults.need(None, "sort", "Välj om polisen fick veta vem det gäller"),
        };
        let summary = faults.text(&self.summary, 4000, "summary", "Skriv vad som sades");
        match (happened_at, channel, body, identity, summary) {
            (Some(happened_at), Some(channel), Some(body), Some(identity), Some(summary)) => {
                let id = uuid(&self.id).unwrap_or_else(Uuid::now_v7);
                faults.finish(NewContact { id, body, happened_at, channel, identity, summary })
            }
            _ => Err(faults),
        }
    }

    fn happened(&self, known: &Known, faults: &mut Faults) -> Option<PrimitiveDateTime> {
        let today = known.now.date();
        let day = faults.need(parse_day(&self.happened_on, today), "happened_on", "Skriv datumet som ÅÅÅÅ-MM-DD");
        let clock = faults.need(parse_clock(&self.happened_at), "happened_at", "Skriv klockslaget som 09.15");
        let day = day?;
        if day > today {
            faults.add("happened_on", format!("Datumet kan inte vara senare än i dag, {today}"));
            return None;
        }
        if day < known.earliest {
            faults.add("happened_on", format!("Datumet kan inte vara tidigare än {}", known.earliest));
            return None;
        }
        let moment = PrimitiveDateTime::new(day, clock?);
        if moment > known.now {
            faults.add("happened_at", "Klockslaget har inte varit än");
            return None;
        }
        Some(moment)
    }

    /// What was typed about a ground is not silently thrown away.
    fn nobody(&self, faults: &mut Faults) -> bool {
        let plain = self.ground.is_empty() && self.weighing.trim().is_empty();
        if !plain {
            faults.add("sort", "Ta bort grund och avvägning, eller välj att polisen fick veta vem det gäller");
        }
        plain
    }

    fn disclosed(&self, known: &Known, at: Option<PrimitiveDateTime>, faults: &mut Faults) -> Option<Disclosed> {
        let ground = faults.need(code(&self.ground, ContactGround::parse), "ground", "Välj grund");
        let weighing = faults.optional_text(&self.weighing, 4000, "weighing");
        let (ground, weighing) = (ground?, weighing?);
        let holds = at.map_or(Ok(()), |at| known.allows(ground, at.date()));
        let message = match holds {
            Err(GroundFault::NotUnder21) => Some("Grunden gäller bara personer under 21 år"),
            Err(GroundFault::NotFromPolice) => Some("Grunden gäller bara när aktualiseringen kom från polisen"),
            Ok(()) => None,
        };
        if let Some(message) = message {
            faults.add("ground", message);
        }
        if ground.needs_weighing() && weighing.chars().count() < LEAST_WEIGHING {
            faults.add("weighing", format!("Skriv avvägningen med minst {LEAST_WEIGHING} tecken"));
        }
        if !ground.needs_weighing() && !weighing.is_empty() {
            faults.add("weighing", "Grunden behöver ingen avvägning. Ta bort texten eller välj en annan grund");
        }
        Some(Disclosed { ground, weighing: Some(weighing).filter(|text| !text.is_empty()), consent: None })
    }
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;

    fn known() -> Known {
        Known {
            now: datetime!(2026-11-20 12:00),
            earliest: date!(2026 - 05 - 04),
            from_police: false,
            birth_date: Some(date!(1999 - 01 - 01)),
        }
    }

    fn typed(sort: &str, ground: &str, weighing: &str) -> ContactForm {
        ContactForm {
            id: Uuid::nil().to_string(),
            body: "lpo".into(),
            happened_on: "2026-11-20".into(),
            happened_at: "09.15".into(),
            channel: "phone".into(),
            sort: sort.into(),
            ground: ground.into(),
            weighing: weighing.into(),
            summary: "Polisen berättar hur de arbetar.".into(),
        }
    }

    #[test]
    fn an_anonymous_contact_has_no_ground() {
        let new = typed(ANONYMOUS, "", "").parse(&known()).unwrap();
        assert!(new.identity.is_none() && new.happened_at == datetime!(2026-11-20 09:15));
        assert!(typed(ANONYMOUS, "consent", "").parse(&known()).unwrap_err().of("sort").is_some());
    }

    #[test]
    fn a_ground_that_needs_a_weighing_is_not_taken_without() {
        let said = typed(IDENTITY, "crime_prevention", "För kort.").parse(&known()).unwrap_err();
        assert_eq!(said.of("weighing"), Some("Skriv avvägningen med minst 50 tecken"));
        let long = "Uppgiften behövs för att förhindra brott mot personen och inget väger tyngre.";
        assert!(typed(IDENTITY, "crime_prevention", long).parse(&known()).is_ok());
        assert!(typed(IDENTITY, "consent", "").parse(&known()).is_ok());
        assert!(typed(IDENTITY, "consent", long).parse(&known()).unwrap_err().of("weighing").is_some());
        assert!(typed(IDENTITY, "generalklausulen", long).parse(&known()).unwrap_err().of("ground").is_some());
    }

    #[test]
    fn a_contact_lies_neither_ahead_nor_before_it_began() {
        let at = |day: &str, clock: &str| {
            let form = ContactForm { happened_on: day.into(), happened_at: clock.into(), ..typed(ANONYMOUS, "", "") };
            let faults = form.parse(&known()).err().unwrap_or_default();
            faults.iter().map(|(field, _)| field.to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(at("2026-11-20", "12.00"), Vec::<String>::new());
        assert_eq!(at("2026-11-20", "12.01"), ["happened_at"]);
        assert_eq!(at("2026-11-21", "09.15"), ["happened_on"]);
        assert_eq!(at("2026-05-03", "09.15"), ["happened_on"]);
        assert_eq!(at("2026-05-04", "25.00"), ["happened_at"]);
    }
}
