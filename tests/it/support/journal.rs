//! Notes and consents, written through the pages.

use uuid::Uuid;

use super::page::Page;
use super::people::Person;

pub const FACT: &str = "Den enskilde berättar att praktiken börjar den 1 december.";

/// A form as a page sends it.
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

    /// A note of a meeting, on a page of its own that has seen no draft.
    pub fn note() -> Self {
        let tab = Uuid::new_v4().to_string();
        Self::of(&[
            ("draft", "0"),
            ("tab", &tab),
            ("kind", "meeting"),
            ("event_on", "2026-12-30"),
            ("event_at", "13.00"),
            ("source", "Den enskilde"),
            ("fact", FACT),
            ("assessment", "Följer planen."),
            ("informed", "ja"),
        ])
    }

    /// An oral consent to tell the local police who it is about and how it goes.
    pub fn consent() -> Self {
        Self::of(&[
            ("kind", "information_exchange"),
            ("recipients", "police_lpo"),
            ("categories", "identity"),
            ("categories", "programme"),
            ("categories", "deviation"),
            ("purpose", "Planera skyddet tillsammans med polisen."),
            ("form", "oral"),
            ("document_ref", ""),
            ("given_on", "2026-12-30"),
            ("valid_to", ""),
            ("information_given", "ja"),
        ])
    }

    #[must_use]
    pub fn with(mut self, field: &'static str, value: &str) -> Self {
        self = self.without(field);
        self.fields.push((field, value.to_owned()));
        self
    }

    #[must_use]
    pub fn without(mut self, field: &'static str) -> Self {
        self.fields.retain(|(name, _)| *name != field);
        self
    }

    /// The same form as the page gives it back: with its id, its draft and its page.
    #[must_use]
    pub fn seen_on(self, page: &Page) -> Self {
        let id = page.value("id").parse().unwrap();
        Self { id, ..self }.with("draft", &page.value("draft")).with("tab", &page.value("tab"))
    }

    pub async fn sent_to(&self, path: &str, person: &Person<'_>) -> Page {
        let id = self.id.to_string();
        let mut fields: Vec<_> = self.fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        fields.push(("id", &id));
        person.post(path, &fields).await
    }
}
