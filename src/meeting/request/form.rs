//! What is typed about a request, and about its answer.

use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::model::{NewAnswer, NewRequest};
use crate::calendar::{add_months, parse_day};
use crate::meeting::ground::weighing;
use crate::vocabulary::{CareNeed, DisclosureCategory, DisclosureChannel, DisclosureGround, InternalRequestKind};
use crate::web::form::{Faults, code, uuid};

const A_DAY: &str = "Skriv datumet som ÅÅÅÅ-MM-DD";

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct RequestForm {
    pub id: String,
    pub kind: String,
    pub ground: String,
    pub weighing: String,
    pub told: String,
    pub sent_on: String,
    pub answer_due_on: String,
    pub need: String,
    pub categories: Vec<String>,
    pub contact: String,
    pub contact_verified_on: String,
    pub channel: String,
}

/// How old the check of who takes it may be.
const VERIFIED_MONTHS: i32 = 12;

impl RequestForm {
    pub fn fresh(today: Date) -> Self {
        Self {
            id: Uuid::now_v7().to_string(),
            sent_on: today.to_string(),
            contact_verified_on: today.to_string(),
            ..Self::default()
        }
    }

    pub fn parse(&self, opened_on: Date, today: Date) -> Result<NewRequest, Faults> {
        let mut faults = Faults::none();
        let kind = faults.need(code(&self.kind, InternalRequestKind::parse), "kind", "Välj vad begäran gäller");
        let ground =
            code(&self.ground, DisclosureGround::parse).filter(|ground| DisclosureGround::IN_REQUEST.contains(ground));
        let ground = faults.need(ground, "ground", "Välj grund");
        let weighing = weighing(&self.weighing, ground, "weighing", &mut faults);
        let need = match ground {
            Some(DisclosureGround::SocialOrHealthNeed) => {
                faults.need(code(&self.need, CareNeed::parse), "need", "Välj varför OSL 26:9 gäller").map(Some)
            }
            _ => Some(None),
        };
        let categories =
            self.categories.iter().map(|one| code(one, DisclosureCategory::parse)).collect::<Option<Vec<_>>>();
        let categories = categories.filter(|categories| !categories.is_empty());
        let categories = faults.need(categories, "categories", "Välj minst en sorts uppgifter");
        let contact = faults.text(&self.contact, 300, "contact", "Skriv vem som tar emot begäran");
        let verified = faults.need(parse_day(&self.contact_verified_on, today), "contact_verified_on", A_DAY);
        let oldest = add_months(today, -VERIFIED_MONTHS);
        if verified.is_some_and(|day| day > today || oldest.is_some_and(|oldest| day < oldest)) {
            faults.add("contact_verified_on", "Mottagaren ska vara kontrollerad de senaste tolv månaderna");
        }
        let channel =
            code(&self.channel, DisclosureChannel::parse).filter(|one| *one != DisclosureChannel::PolicePortal);
        let channel = faults.need(channel, "channel", "Välj hur begäran lämnas");
        let told = faults.text(&self.told, 4000, "told", "Skriv vad som lämnas ut och vad du ber om");
        let sent_on = faults.need(parse_day(&self.sent_on, today), "sent_on", A_DAY);
        let due = faults.need(parse_day(&self.answer_due_on, today), "answer_due_on", A_DAY);
        if let Some(day) = sent_on {
            if day > today {
                faults.add("sent_on", format!("Datumet kan inte vara senare än i dag, {today}"));
            } else if day < opened_on {
                faults.add("sent_on", format!("Datumet kan inte vara tidigare än {opened_on}"));
            }
        }
        if sent_on.zip(due).is_some_and(|(sent, due)| due < sent) {
            faults.add("answer_due_on", "Svaret kan inte komma innan begäran är lämnad");
        }
        let how = contact.zip(verified).zip(channel).zip(categories).zip(need);
        match (kind, ground, weighing, told, sent_on, due, how) {
            (
                Some(kind),
                Some(ground),
                Some(weighing),
                Some(told),
                Some(sent_on),
                Some(answer_due_on),
                Some(((((contact, contact_verified_on), channel), categories), need)),
            ) => faults.finish(NewRequest {
                id: uuid(&self.id).unwrap_or_else(Uuid::now_v7),
                kind,
                ground,
                weighing: Some(weighing).filter(|text| !text.is_empty()),
                told,
                sent_on,
                answer_due_on,
                need,
                categories,
                contact,
                contact_verified_on,
                channel,
                consent: None,
                recipient: NewRequest::usual_recipient(kind),
            }),
            _ => Err(faults),
        }
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct AnswerForm {
    pub answer: String,
    pub answered_on: String,
}

impl AnswerForm {
    pub fn parse(&self, sent_on: Date, today: Date) -> Result<NewAnswer, Faults> {
        let mut faults = Faults::none();
        let text = faults.text(&self.answer, 4000, "answer", "Skriv svaret");
        let on = faults.need(parse_day(&self.answered_on, today), "answered_on", A_DAY);
        if on.is_some_and(|day| day > today) {
            faults.add("answered_on", format!("Datumet kan inte vara senare än i dag, {today}"));
        } else if on.is_some_and(|day| day < sent_on) {
            faults.add("answered_on", format!("Datumet kan inte vara tidigare än {sent_on}"));
        }
        match (text, on) {
            (Some(text), Some(on)) => faults.finish(NewAnswer { text, on }),
            _ => Err(faults),
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    const TODAY: Date = date!(2026 - 11 - 20);

    fn typed() -> RequestForm {
        RequestForm {
            kind: "economic_assistance".to_owned(),
            ground: "consent".to_owned(),
            told: "Personen söker ekonomiskt bistånd.".to_owned(),
            answer_due_on: "2026-12-04".to_owned(),
            categories: vec!["identity".to_owned(), "programme".to_owned()],
            contact: "Mottagningen, ekonomiskt bistånd".to_owned(),
            channel: "secure_message".to_owned(),
            ..RequestForm::fresh(TODAY)
        }
    }

    fn faults(form: &RequestForm) -> Vec<String> {
        let found = form.parse(date!(2026 - 01 - 05), TODAY).err().unwrap_or_default();
        found.iter().map(|(field, _)| field.to_owned()).collect()
    }

    #[test]
    fn a_request_has_a_ground_that_fits_whom_it_goes_to() {
        assert_eq!(faults(&typed()), Vec::<String>::new());
        // 15 kap. 8 § SoL answers a question and asks none.
        assert_eq!(faults(&RequestForm { ground: "other_social_committee".to_owned(), ..typed() }), ["ground"]);
        let need = RequestForm { ground: "social_or_health_need".to_owned(), weighing: "x".repeat(50), ..typed() };
        assert_eq!(faults(&need), ["need"]);
        assert_eq!(faults(&RequestForm { need: "substance".to_owned(), ..need }), Vec::<String>::new());
        assert_eq!(faults(&RequestForm { ground: "crime_prevention".to_owned(), ..typed() }), ["ground"]);
        assert_eq!(faults(&RequestForm { ground: "necessary".to_owned(), ..typed() }), ["weighing"]);
    }

    #[test]
    fn it_says_what_is_told_to_whom_and_how() {
        for (form, at) in [
            (RequestForm { categories: Vec::new(), ..typed() }, "categories"),
            (RequestForm { contact: " ".to_owned(), ..typed() }, "contact"),
            (RequestForm { contact_verified_on: "2025-11-19".to_owned(), ..typed() }, "contact_verified_on"),
            (RequestForm { channel: "police_portal".to_owned(), ..typed() }, "channel"),
        ] {
            assert_eq!(faults(&form), [at]);
        }
        assert_eq!(
            faults(&RequestForm { contact_verified_on: "2025-11-20".to_owned(), ..typed() }),
            Vec::<String>::new()
        );
    }

    #[test]
    fn its_days_follow_one_another() {
        assert_eq!(faults(&RequestForm { answer_due_on: "2026-11-19".to_owned(), ..typed() }), ["answer_due_on"]);
        assert_eq!(faults(&RequestForm { sent_on: "2026-11-21".to_owned(), ..typed() }), ["sent_on"]);
        assert_eq!(faults(&RequestForm { sent_on: "2026-01-04".to_owned(), ..typed() }), ["sent_on"]);
        let answer = |day: &str| AnswerForm { answer: "Beviljat.".to_owned(), answered_on: day.to_owned() };
        assert!(answer("2026-11-20").parse(TODAY, TODAY).is_ok());
        assert!(answer("2026-11-19").parse(TODAY, TODAY).is_err());
        assert!(answer("2026-11-21").parse(TODAY, TODAY).is_err());
    }
}
