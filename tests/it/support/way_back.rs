//! The way back as it is typed: what the police have assessed, groups and outcomes, sent through the pages.

use utvag::outcome;
use uuid::Uuid;

use super::page::Page;
use super::people::Person;

/// A form as somebody types it; the test changes what it is about.
#[derive(Clone)]
pub struct Typed {
    pub id: Uuid,
    fields: Vec<(&'static str, String)>,
}

impl Typed {
    pub fn of(fields: &[(&'static str, &str)]) -> Self {
        let fields = fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Self { id: Uuid::now_v7(), fields }
    }

    /// What the local police have assessed: not safe in Granvik and Norrsele.
    pub fn threat() -> Self {
        Self::of(&[
            ("body", "lpo"),
            ("assessed_on", "2026-12-01"),
            ("received_on", "2026-12-03"),
            ("received_via", "meeting"),
            ("valid_until", "2027-01-31"),
            ("criminality", "active"),
            ("kind", "concrete"),
            ("level", "l3"),
            ("protection", "relocation"),
            ("return_possible", "no"),
            ("meets_definition", "yes"),
            ("is_motivated", "yes"),
            ("consents", "yes"),
            ("has_signed", "yes"),
            ("is_not_witness", "yes"),
            ("unsafe_areas", "Granvik\nNorrseles kommun"),
        ])
    }

    /// A social intervention group.
    pub fn group() -> Self {
        Self::of(&[
            ("members", "Kommunpolis\nStudievägledare"),
            ("plan", "Praktik i januari."),
            ("from_day", "2026-12-31"),
            ("to_day", ""),
        ])
    }

    pub fn outcome() -> Self {
        Self::of(&[
            ("known_on", "2026-12-31"),
            ("exit", "completed"),
            ("housing", "own"),
            ("income", "work"),
            ("occupation", "work"),
            ("substance", "free"),
            ("relapse", "no"),
            ("relapse_source", "police"),
            ("children", "no_children"),
            ("own_assessment", "4"),
        ])
    }

    #[must_use]
    pub fn with(mut self, field: &'static str, value: &str) -> Self {
        self.fields.retain(|(name, _)| *name != field);
        self.fields.push((field, value.to_owned()));
        self
    }

    /// One more of a field that is repeated.
    #[must_use]
    pub fn also(mut self, field: &'static str, value: &str) -> Self {
        self.fields.push((field, value.to_owned()));
        self
    }

    /// The same form, for something new.
    #[must_use]
    pub fn anew(self) -> Self {
        Self { id: Uuid::now_v7(), ..self }
    }

    pub async fn sent_to(&self, path: &str, person: &Person<'_>) -> Page {
        let id = self.id.to_string();
        let mut fields: Vec<_> = self.fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        fields.push(("id", &id));
        person.post(path, &fields).await
    }
}

impl Person<'_> {
    /// Registers what the police have assessed, and has it confirmed by the other.
    pub async fn has_assessed(&self, typed: Typed, other: &Person<'_>, case: &str) -> Uuid {
        let show = utvag::threat::paths::show(case, typed.id);
        typed.sent_to(&utvag::threat::paths::list(case), self).await.leads_to(&show);
        let confirm = utvag::threat::paths::confirm(case, typed.id);
        other.post(&confirm, &[("version", "1")]).await.leads_to(&show);
        typed.id
    }

    /// Records how it went, so that the case can be closed.
    pub async fn records_the_outcome(&self, case: &str) {
        let typed = Typed::outcome();
        typed.sent_to(&outcome::paths::closing(case), self).await.leads_to(&outcome::paths::show(case, typed.id));
    }
}
