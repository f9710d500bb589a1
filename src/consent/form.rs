//! What is typed about a consent, and about one that is taken back.

use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::model::{DayFault, NewConsent, check_days, may_be_given, usual_end};
use crate::calendar::parse_day;
use crate::vocabulary::{ConsentForm as Given, ConsentKind, ConsentRecipient, DisclosureCategory};
use crate::web::form::{Faults, checkbox, code, uuid};

const A_DAY: &str = "Skriv datumet som ÅÅÅÅ-MM-DD";

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ConsentForm {
    pub id: String,
    pub kind: String,
    pub recipients: Vec<String>,
    pub categories: Vec<String>,
    pub purpose: String,
    pub form: String,
    pub document_ref: String,
    pub given_on: String,
    pub valid_to: String,
    pub information_given: String,
}

impl ConsentForm {
    pub fn fresh(today: Date) -> Self {
        Self { id: Uuid::now_v7().to_string(), given_on: today.to_string(), ..Self::default() }
    }

    /// `usual_months` is how long one holds that says no end.
    pub fn parse(&self, is_closed: bool, usual_months: i32, today: Date) -> Result<NewConsent, Faults> {
        let mut faults = Faults::none();
        let kind = code(&self.kind, ConsentKind::parse).filter(|kind| may_be_given(*kind, is_closed));
        let kind = faults.need(kind, "kind", "Välj vad samtycket gäller");
        let recipients = several(&self.recipients, ConsentRecipient::parse);
        let recipients = faults.need(recipients, "recipients", "Välj minst en mottagare");
        let categories = several(&self.categories, DisclosureCategory::parse);
        let categories = faults.need(categories, "categories", "Välj minst en sorts uppgifter");
        let purpose = faults.text(&self.purpose, 1000, "purpose", "Skriv vad uppgifterna ska användas till");
        let form = faults.need(code(&self.form, Given::parse), "form", "Välj hur samtycket lämnades");
        let document_ref = self.paper(form, &mut faults);
        let days = self.days(usual_months, today, &mut faults);
        if !checkbox(&self.information_given) {
            let text = "Personen måste ha fått informationen innan samtycket kan registreras";
            faults.add("information_given", text);
        }
        match (kind, recipients, categories, purpose, form, document_ref, days) {
            (
                Some(kind),
                Some(recipients),
                Some(categories),
                Some(purpose),
                Some(form),
                Some(document_ref),
                Some((given_on, valid_to)),
            ) => faults.finish(NewConsent {
                id: uuid(&self.id).unwrap_or_else(Uuid::now_v7),
                kind,
                recipients,
                categories,
                purpose,
                form,
                document_ref: Some(document_ref).filter(|text| !text.is_empty()),
                given_on,
                valid_to,
            }),
            _ => Err(faults),
        }
    }

    /// Where the paper is: said where there is one, and empty where there is none.
    fn paper(&self, form: Option<Given>, faults: &mut Faults) -> Option<String> {
        let text = faults.optional_text(&self.document_ref, 200, "document_ref")?;
        let (fits, message) = match form? {
            Given::Written => (!text.is_empty(), "Skriv var det skriftliga samtycket finns"),
            Given::Oral => {
                (text.is_empty(), "Ett muntligt samtycke har inget papper. Ta bort texten eller välj Skriftligt")
            }
        };
        faults.need(fits.then_some(text), "document_ref", message)
    }

    fn days(&self, usual_months: i32, today: Date, faults: &mut Faults) -> Option<(Date, Date)> {
        let given_on = faults.need(parse_day(&self.given_on, today), "given_on", A_DAY);
        let valid_to = faults.optional(&self.valid_to, |typed| parse_day(typed, today), "valid_to", A_DAY);
        let given_on = given_on?;
        let valid_to = valid_to?.unwrap_or_else(|| usual_end(given_on, usual_months));
        match check_days(given_on, valid_to, today) {
            Ok(()) => return Some((given_on, valid_to)),
            Err(DayFault::GivenAhead) => {
                faults.add("given_on", format!("Datumet kan inte vara senare än i dag, {today}"));
            }
            Err(DayFault::EndsBeforeGiven) => {
                faults.add("valid_to", "Samtycket kan inte sluta gälla innan det är lämnat");
            }
            Err(DayFault::TooLong(longest)) => {
                faults.add("valid_to", format!("Ett samtycke kan gälla högst 24 månader. Senast {longest}"));
            }
        }
        None
    }
}

/// At least one; nothing where one of them is in no list. In the order of the list, each once.
fn several<T: PartialEq>(typed: &[String], parse: fn(&str) -> Option<T>) -> Option<Vec<T>> {
    let mut found = Vec::new();
    for one in typed {
        let one = code(one, parse)?;
        if !found.contains(&one) {
            found.push(one);
        }
    }
    (!found.is_empty()).then_some(found)
}

/// How it was taken back.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct WithdrawForm {
    pub how: String,
}

impl WithdrawForm {
    pub fn parse(&self) -> Result<String, Faults> {
        let mut faults = Faults::none();
        let how = faults.text(&self.how, 500, "how", "Skriv hur samtycket återkallades");
        how.ok_or(faults)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    const TODAY: Date = date!(2026 - 11 - 20);

    fn typed() -> ConsentForm {
        let list = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect();
        ConsentForm {
            kind: "information_exchange".to_owned(),
            recipients: list(&["police_lpo"]),
            categories: list(&["identity", "programme", "identity"]),
            purpose: "Planera skyddet tillsammans.".to_owned(),
            form: "oral".to_owned(),
            information_given: "ja".to_owned(),
            ..ConsentForm::fresh(TODAY)
        }
    }

    fn at(form: &ConsentForm, field: &str) -> Option<String> {
        form.parse(false, 12, TODAY).err().and_then(|faults| faults.of(field).map(str::to_owned))
    }

    #[test]
    fn one_that_says_no_end_holds_a_year() {
        let new = typed().parse(false, 12, TODAY).ok().unwrap();
        assert_eq!((new.given_on, new.valid_to), (TODAY, date!(2027 - 11 - 20)));
        assert_eq!(new.categories, [DisclosureCategory::Identity, DisclosureCategory::Programme]);
    }

    #[test]
    fn in_a_closed_case_there_is_only_the_consent_to_be_asked_afterwards() {
        assert!(typed().parse(true, 12, TODAY).err().unwrap().of("kind").is_some());
        let afterwards = ConsentForm { kind: "after_closing".to_owned(), ..typed() };
        assert!(afterwards.parse(true, 12, TODAY).is_ok() && afterwards.parse(false, 12, TODAY).is_ok());
    }

    #[test]
    fn somebody_must_be_told_something() {
        assert!(at(&ConsentForm { recipients: Vec::new(), ..typed() }, "recipients").is_some());
        assert!(at(&ConsentForm { categories: vec!["gang".to_owned()], ..typed() }, "categories").is_some());
        assert!(at(&ConsentForm { information_given: String::new(), ..typed() }, "information_given").is_some());
    }

    #[test]
    fn a_paper_is_somewhere_and_a_word_is_not() {
        let written = ConsentForm { form: "written".to_owned(), ..typed() };
        assert!(at(&written, "document_ref").is_some());
        let found = ConsentForm { document_ref: "Pärm 3".to_owned(), ..written };
        assert!(found.parse(false, 12, TODAY).is_ok());
        assert!(at(&ConsentForm { form: "oral".to_owned(), ..found }, "document_ref").is_some());
    }
}
