//! Checks and deviations as they are typed and taken on through the pages.

use utvag::check::paths as checks;
use utvag::deviation::paths as deviations;
use uuid::Uuid;

use super::page::Page;
use super::people::Person;

pub const DESCRIPTION: &str = "Polisen har berättat att personen är misstänkt för ett nytt brott.";
pub const ACTION: &str = "Personen är kontaktad och möter handläggaren i dag.";
pub const GROUND: &str = "Polisen gör slagningen i sitt eget ärende.";

/// A form that somebody types; the test changes what it is about.
#[derive(Clone)]
pub struct Typed {
    pub id: Uuid,
    fields: Vec<(&'static str, String)>,
}

impl Typed {
    fn of(fields: &[(&'static str, &str)]) -> Self {
        let fields = fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Self { id: Uuid::now_v7(), fields }
    }

    /// What the police report on the same day as it happened.
    pub fn deviation(category: &str, severity: &str, day: &str) -> Self {
        Self::of(&[
            ("source", "police"),
            ("category", category),
            ("severity", severity),
            ("occurred_on", day),
            ("reported_on", day),
            ("description", DESCRIPTION),
            ("immediate_action", ACTION),
        ])
    }

    /// A check by the local police that showed nothing, without a consent to it.
    pub fn check(day: &str) -> Self {
        Self::of(&[
            ("body", "lpo"),
            ("performed_on", day),
            ("reported_on", day),
            ("result", "no_deviation"),
            ("ground", GROUND),
        ])
    }

    #[must_use]
    pub fn with(mut self, field: &'static str, value: &str) -> Self {
        self.fields.retain(|(name, _)| *name != field);
        self.fields.push((field, value.to_owned()));
        self
    }

    pub async fn sent_to(&self, path: &str, person: &Person<'_>) -> Page {
        let id = self.id.to_string();
        let mut fields: Vec<_> = self.fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        fields.push(("id", &id));
        person.post(path, &fields).await
    }

    pub async fn reported_by(&self, person: &Person<'_>, case: &str) -> Uuid {
        let answer = self.sent_to(&deviations::list(case), person).await;
        answer.leads_to(&deviations::show(case, self.id));
        self.id
    }

    pub async fn checked_by(&self, person: &Person<'_>, case: &str) -> Uuid {
        self.sent_to(&checks::list(case), person).await.leads_to(&checks::list(case));
        self.id
    }
}

impl Person<'_> {
    /// Says that the deviation was received, assesses it and decides what it leads to.
    pub async fn takes_on(&self, case: &str, deviation: Uuid, outcome: &str) {
        let show = deviations::show(case, deviation);
        for (path, version, field) in [
            (deviations::acknowledge(case, deviation), "1", ("text", "")),
            (deviations::assess(case, deviation), "2", ("text", "Bedömningen är gjord.")),
            (deviations::decide(case, deviation), "3", ("outcome", outcome)),
        ] {
            self.post(&path, &[("version", version), field]).await.leads_to(&show);
        }
    }
}
