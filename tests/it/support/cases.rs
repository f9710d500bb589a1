//! Cases to work with, opened through the page by whoever works with them.

use uuid::Uuid;

use super::page::Page;
use super::people::Person;

/// What is typed on the page that opens a case; the test changes what it is about.
pub struct Opening {
    fields: Vec<(&'static str, String)>,
}

impl Opening {
    /// Somebody with an official number, by nobody and for nobody yet.
    pub fn of(number: &str) -> Self {
        let fields = [
            ("id", Uuid::now_v7().to_string()),
            ("number_kind", "official".to_owned()),
            ("number", number.to_owned()),
            ("birth_date", String::new()),
            ("given_name", "Milo".to_owned()),
            ("family_name", "Påhitt".to_owned()),
            ("sex", "man".to_owned()),
            ("opened_on", "2026-01-05".to_owned()),
            ("district", String::new()),
            ("basis", "resident".to_owned()),
            ("needs", "exit_only".to_owned()),
            ("protection", "standard".to_owned()),
            ("responsible", String::new()),
            ("deputy", String::new()),
            ("coordinator", String::new()),
        ];
        Self { fields: fields.into() }
    }

    /// Somebody whose number is not known.
    pub fn unknown() -> Self {
        Self::of("").with("number_kind", "temporary")
    }

    #[must_use]
    pub fn with(mut self, field: &'static str, value: &str) -> Self {
        self.fields.retain(|(name, _)| *name != field);
        self.fields.push((field, value.to_owned()));
        self
    }

    /// Who is responsible for it.
    #[must_use]
    pub fn responsible(self, person: &Person<'_>) -> Self {
        self.with("responsible", &person.account.to_string())
    }

    #[must_use]
    pub fn deputy(self, person: &Person<'_>) -> Self {
        self.with("deputy", &person.account.to_string())
    }

    #[must_use]
    pub fn coordinator(self, person: &Person<'_>) -> Self {
        self.with("coordinator", &person.account.to_string())
    }

    pub async fn sent_by(&self, person: &Person<'_>) -> Page {
        let fields: Vec<(&str, &str)> = self.fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        person.post("/arenden/ny", &fields).await
    }

    /// Saves it; the reference of the case.
    pub async fn saved_by(&self, person: &Person<'_>) -> String {
        let answer = self.sent_by(person).await;
        assert_eq!(answer.status, 303, "{}", answer.words());
        reference_in(answer.location())
    }
}

fn reference_in(address: &str) -> String {
    let path = address.split('?').next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or_default().to_owned()
}

impl Person<'_> {
    /// A case of their own for somebody without a number.
    pub async fn opens_a_case_on(&self, day: &str) -> String {
        Opening::unknown().with("opened_on", day).responsible(self).saved_by(self).await
    }
}
