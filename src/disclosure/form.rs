//! What is typed about a disclosure. First whom, why and how; the rest of the form follows from those three.

use serde::Deserialize;
use time::{Date, Duration};
use uuid::Uuid;

use super::ground::{GroundFault, LEAST_WEIGHING, NO_CONSENT, age_fits, basis, condition, is_for, needs_request};
use super::model::{Contact, LONGEST_DAYS, NewDisclosure, Request, USUAL_DAYS, is_verified};
use super::store::Consent;
use crate::calendar::parse_day;
use crate::vocabulary::{
    CareNeed, CrimePurpose, DisclosureChannel, DisclosureGround, DisclosureInitiative, DisclosureRecipient,
};
use crate::web::form::{Faults, checkbox, code, uuid};

const A_DAY: &str = "Skriv datumet som ÅÅÅÅ-MM-DD";

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct DisclosureForm {
    pub id: String,
    pub recipient: String,
    pub ground: String,
    pub channel: String,
    pub consent: String,
    pub initiated_by: String,
    pub requested_on: String,
    pub request_ref: String,
    pub request_text: String,
    pub contact: String,
    pub contact_verified_on: String,
    pub purpose: String,
    pub need: String,
    pub basis: String,
    pub conditions_met: String,
    pub weighing: String,
    pub available_from: String,
    pub expires_on: String,
}

/// To whom, why and how, when the three fit together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen {
    pub recipient: DisclosureRecipient,
    pub ground: DisclosureGround,
    pub channel: DisclosureChannel,
}

impl Chosen {
    pub fn is_in_portal(self) -> bool {
        self.channel == DisclosureChannel::PolicePortal
    }

    pub fn needs_request(self) -> bool {
        needs_request(self.ground)
    }

    /// The contact that it is said to in a portal is whoever reads there.
    pub fn needs_contact(self) -> bool {
        !self.is_in_portal()
    }
}

/// What the rules need to know of the case.
pub struct Known {
    pub birth_date: Option<Date>,
    pub opened_on: Date,
    pub today: Date,
    /// Those that name the recipient and hold today.
    pub consents: Vec<Consent>,
}

impl DisclosureForm {
    pub fn fresh(mut self, today: Date) -> Self {
        self.id = Uuid::now_v7().to_string();
        self.available_from = today.to_string();
        self
    }

    /// Whether anything has been chosen yet.
    pub fn is_untouched(&self) -> bool {
        [&self.recipient, &self.ground, &self.channel].iter().all(|field| field.is_empty())
    }

    pub fn choose(&self) -> Result<Chosen, Faults> {
        let mut faults = Faults::none();
        let recipient = code(&self.recipient, DisclosureRecipient::parse);
        let recipient = faults.need(recipient, "recipient", "Välj mottagare");
        let ground = faults.need(code(&self.ground, DisclosureGround::parse), "ground", "Välj grund");
        let channel = faults.need(code(&self.channel, DisclosureChannel::parse), "channel", "Välj hur det lämnas ut");
        let (Some(recipient), Some(ground), Some(channel)) = (recipient, ground, channel) else { return Err(faults) };
        if let Err(fault) = is_for(ground, recipient) {
            let consent = ground == DisclosureGround::Consent && fault == GroundFault::NotForThem;
            faults.add("ground", if consent { NO_CONSENT } else { fault.message() });
        }
        if channel == DisclosureChannel::PolicePortal && !recipient.is_police() {
            faults.add("channel", "Bara polisen har en egen sida. Välj ett annat sätt");
        }
        faults.finish(Chosen { recipient, ground, channel })
    }

    /// What the case itself says against the choice, before more is typed. What was said aloud may have been said earlier.
    pub fn hold_against(chosen: Chosen, known: &Known) -> Result<(), Faults> {
        if chosen.is_in_portal()
            && let Err(fault) = age_fits(chosen.ground, known.birth_date, known.today)
        {
            return Err(Faults::from(("ground", fault.message())));
        }
        if chosen.ground == DisclosureGround::Consent && known.consents.is_empty() {
            return Err(Faults::from(("ground", NO_CONSENT)));
        }
        Ok(())
    }

    pub fn parse(&self, chosen: Chosen, known: &Known) -> Result<NewDisclosure, Faults> {
        let mut faults = Faults::none();
        let request = self.request(chosen, known, &mut faults);
        let contact = self.contact(chosen, known.today, &mut faults);
        let consent = self.consent(chosen, known, &mut faults);
        let (purpose, need) = self.purpose(chosen, &mut faults);
        let basis = self.basis(chosen, &mut faults);
        if condition(chosen.ground).is_some() && !checkbox(&self.conditions_met) {
            faults.add("conditions_met", "Grunden gäller bara om villkoret är uppfyllt");
        }
        let weighing = self.weighing(chosen, &mut faults);
        let days = self.days(chosen, known, &mut faults);
        if let Some((from, _)) = days
            && let Err(fault) = age_fits(chosen.ground, known.birth_date, from)
        {
            faults.add("available_from", fault.message());
        }
        match (request, contact, consent, basis, weighing, days) {
            (Some(request), Some(contact), Some(consent), Some(basis), Some(weighing), Some((from, until))) => faults
                .finish(NewDisclosure {
                    id: uuid(&self.id).unwrap_or_else(Uuid::now_v7),
                    recipient: chosen.recipient,
                    contact,
                    request,
                    ground: chosen.ground,
                    consent,
                    purpose,
                    need,
                    basis,
                    conditions_met: condition(chosen.ground).is_some(),
                    weighing,
                    channel: chosen.channel,
                    available_from: from,
                    expires_on: until,
                }),
            _ => Err(faults),
        }
    }

    #[expect(clippy::option_option, reason = "nothing asked for is an answer; a fault is none")]
    fn request(&self, chosen: Chosen, known: &Known, faults: &mut Faults) -> Option<Option<Request>> {
        let initiative = if chosen.needs_request() {
            Some(DisclosureInitiative::Request)
        } else {
            code(&self.initiated_by, DisclosureInitiative::parse)
        };
        let initiative = faults.need(initiative, "initiated_by", "Välj vem som tog initiativet")?;
        let reference = faults.optional_text(&self.request_ref, 100, "request_ref")?;
        if initiative == DisclosureInitiative::OwnInitiative {
            return Some(None);
        }
        if chosen.ground == DisclosureGround::AuditSupervision && reference.is_empty() {
            faults.add("request_ref", "Skriv begärans beteckning");
        }
        let text = faults.text(&self.request_text, 2000, "request_text", "Skriv vad som begärs");
        let on = faults.need(parse_day(&self.requested_on, known.today), "requested_on", A_DAY)?;
        if on > known.today {
            faults.add("requested_on", format!("Datumet kan inte vara senare än i dag, {}", known.today));
        }
        Some(Some(Request { reference: Some(reference).filter(|text| !text.is_empty()), on, text: text? }))
    }

    #[expect(clippy::option_option, reason = "nothing asked for is an answer; a fault is none")]
    fn contact(&self, chosen: Chosen, today: Date, faults: &mut Faults) -> Option<Option<Contact>> {
        if !chosen.needs_contact() {
            return Some(None);
        }
        let who = faults.text(&self.contact, 200, "contact", "Skriv vem hos mottagaren som tar emot");
        let on = faults.need(parse_day(&self.contact_verified_on, today), "contact_verified_on", A_DAY)?;
        if !is_verified(on, today) {
            faults
                .add("contact_verified_on", "Kontrollera mottagaren på nytt. Kontrollen får vara högst ett år gammal");
        }
        Some(Some(Contact { who: who?, verified_on: on }))
    }

    #[expect(clippy::option_option, reason = "nothing asked for is an answer; a fault is none")]
    fn consent(&self, chosen: Chosen, known: &Known, faults: &mut Faults) -> Option<Option<Uuid>> {
        if chosen.ground != DisclosureGround::Consent {
            return Some(None);
        }
        let wanted = uuid(&self.consent);
        let one = known.consents.iter().find(|consent| Some(consent.id) == wanted);
        faults.need(one, "consent", "Välj samtycke").map(|consent| Some(consent.id))
    }

    fn purpose(&self, chosen: Chosen, faults: &mut Faults) -> (Option<CrimePurpose>, Option<CareNeed>) {
        match chosen.ground {
            DisclosureGround::CrimePrevention => {
                let purpose = code(&self.purpose, CrimePurpose::parse);
                (faults.need(purpose, "purpose", "Välj vad uppgiften behövs för"), None)
            }
            DisclosureGround::SocialOrHealthNeed => {
                (None, faults.need(code(&self.need, CareNeed::parse), "need", "Välj vad som gäller personen"))
            }
            _ => (None, None),
        }
    }

    #[expect(clippy::option_option, reason = "nothing asked for is an answer; a fault is none")]
    fn basis(&self, chosen: Chosen, faults: &mut Faults) -> Option<Option<String>> {
        match basis(chosen.ground) {
            Some((_, missing)) => faults.text(&self.basis, 200, "basis", missing.trim_end_matches('.')).map(Some),
            None => Some(None),
        }
    }

    #[expect(clippy::option_option, reason = "nothing asked for is an answer; a fault is none")]
    fn weighing(&self, chosen: Chosen, faults: &mut Faults) -> Option<Option<String>> {
        if !chosen.ground.needs_weighing() {
            return Some(None);
        }
        let text = faults.optional_text(&self.weighing, 4000, "weighing")?;
        if text.chars().count() < LEAST_WEIGHING {
            faults.add("weighing", format!("Skriv avvägningen med minst {LEAST_WEIGHING} tecken"));
        }
        Some(Some(text))
    }

    fn days(&self, chosen: Chosen, known: &Known, faults: &mut Faults) -> Option<(Date, Option<Date>)> {
        let today = known.today;
        let from = faults.need(parse_day(&self.available_from, today), "available_from", A_DAY)?;
        if !chosen.is_in_portal() {
            if from > today {
                faults.add("available_from", format!("Datumet kan inte vara senare än i dag, {today}"));
            } else if from < known.opened_on {
                faults.add("available_from", format!("Datumet kan inte vara tidigare än {}", known.opened_on));
            }
            return Some((from, None));
        }
        if from < today {
            faults.add("available_from", format!("Datumet kan inte vara tidigare än i dag, {today}"));
        }
        let until = match faults.optional(&self.expires_on, |text| parse_day(text, today), "expires_on", A_DAY)? {
            Some(until) => until,
            None => self.usual_end(chosen, known, from),
        };
        if until < from {
            faults.add("expires_on", "Sista dagen kan inte vara före den första");
        } else if until - from > Duration::days(LONGEST_DAYS) {
            let longest = from + Duration::days(LONGEST_DAYS);
            faults.add("expires_on", format!("Uppgifterna kan stå kvar till och med {longest} som längst"));
        } else if let Some(end) = self.consent_ends(chosen, known)
            && until > end
        {
            faults.add("expires_on", format!("Samtycket gäller till och med {end}"));
        }
        Some((from, Some(until)))
    }

    fn consent_ends(&self, chosen: Chosen, known: &Known) -> Option<Date> {
        let wanted = uuid(&self.consent).filter(|_| chosen.ground == DisclosureGround::Consent)?;
        known.consents.iter().find(|consent| consent.id == wanted).map(|consent| consent.valid_to)
    }

    /// Thirty days, but never longer than the consent that it rests on.
    fn usual_end(&self, chosen: Chosen, known: &Known, from: Date) -> Date {
        let usual = from + Duration::days(USUAL_DAYS);
        self.consent_ends(chosen, known).map_or(usual, |end| usual.min(end.max(from)))
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    const TODAY: Date = date!(2026 - 06 - 14);

    fn known() -> Known {
        Known {
            birth_date: Some(date!(2005 - 06 - 15)),
            opened_on: date!(2026 - 01 - 05),
            today: TODAY,
            consents: Vec::new(),
        }
    }

    fn typed(recipient: &str, ground: &str) -> DisclosureForm {
        let form = DisclosureForm {
            recipient: recipient.to_owned(),
            ground: ground.to_owned(),
            channel: "oral".to_owned(),
            initiated_by: "own_initiative".to_owned(),
            contact: "Vakthavande befäl".to_owned(),
            contact_verified_on: TODAY.to_string(),
            conditions_met: "ja".to_owned(),
            purpose: "prevent".to_owned(),
            weighing: "x".repeat(LEAST_WEIGHING),
            ..DisclosureForm::default()
        };
        form.fresh(TODAY)
    }

    fn faults(form: &DisclosureForm) -> Vec<String> {
        let known = known();
        let found = form.choose().and_then(|chosen| form.parse(chosen, &known)).err().unwrap_or_default();
        found.iter().map(|(field, _)| field.to_owned()).collect()
    }

    #[test]
    fn a_ground_is_used_with_what_it_demands() {
        assert_eq!(faults(&typed("police_lpo", "young_crime_risk")), Vec::<String>::new());
        assert_eq!(faults(&typed("association", "crime_prevention")), ["ground"]);
        let short = DisclosureForm { weighing: "x".repeat(20), ..typed("police_lpo", "crime_prevention") };
        assert_eq!(faults(&short), ["weighing"]);
        let open = DisclosureForm { purpose: String::new(), ..typed("police_lpo", "crime_prevention") };
        assert_eq!(faults(&open), ["purpose"]);
        let unsaid = DisclosureForm { conditions_met: String::new(), ..typed("police_lpo", "terror") };
        assert_eq!(faults(&unsaid), ["conditions_met"]);
        assert_eq!(faults(&typed("police_lpo", "duty_other")), ["basis"]);
        assert_eq!(
            faults(&typed("inspectorate", "audit_supervision")),
            ["request_ref", "request_text", "requested_on"]
        );
    }

    #[test]
    fn who_takes_it_was_checked_within_a_year() {
        let old = DisclosureForm { contact_verified_on: "2025-06-13".to_owned(), ..typed("police_lpo", "no_harm") };
        assert_eq!(faults(&old), ["contact_verified_on"]);
        let late = DisclosureForm { available_from: "2026-06-15".to_owned(), ..typed("police_lpo", "no_harm") };
        assert_eq!(faults(&late), ["available_from"]);
    }

    #[test]
    fn the_police_page_keeps_it_for_thirty_days_and_ninety_at_the_most() {
        let form = DisclosureForm { channel: "police_portal".to_owned(), ..typed("police_lpo", "no_harm") };
        let kept = |form: &DisclosureForm| {
            let done = form.choose().and_then(|chosen| form.parse(chosen, &known()));
            done.ok().and_then(|new| new.expires_on)
        };
        assert_eq!(kept(&form), Some(date!(2026 - 07 - 14)));
        let long = DisclosureForm { expires_on: "2026-09-13".to_owned(), ..form.clone() };
        assert_eq!(faults(&long), ["expires_on"]);
        assert_eq!(faults(&DisclosureForm { recipient: "court".to_owned(), ..form }), ["channel"]);
    }
}
