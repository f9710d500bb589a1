//! A form as it stands open on a page: with all its fields, to be typed in, kept and sent.

use scraper::{ElementRef, Html, Selector};

use super::page::Page;
use super::people::Person;

/// See the module.
#[derive(Clone)]
pub struct OpenForm {
    pub address: String,
    pub fields: Vec<(String, String)>,
}

impl OpenForm {
    /// The form of the page that is kept.
    #[track_caller]
    pub fn on(page: &Page) -> Self {
        let mut found = Self::all_on(page);
        assert_eq!(found.len(), 1, "{}: {}", page.status, page.words());
        found.remove(0)
    }

    pub fn all_on(page: &Page) -> Vec<Self> {
        let document = Html::parse_document(&page.body);
        let forms = Selector::parse("form[data-draft]").unwrap();
        let read = |form: ElementRef<'_>| {
            let address = form.attr("action").unwrap_or_default().to_owned();
            Self { address, fields: successful(form) }
        };
        document.select(&forms).map(read).collect()
    }

    /// What stands in a field.
    #[track_caller]
    pub fn value(&self, field: &str) -> &str {
        let found = self.fields.iter().find(|(name, _)| name == field);
        found.map_or_else(|| panic!("{} has no field {field}", self.address), |(_, value)| value.as_str())
    }

    #[must_use]
    pub fn with(mut self, field: &str, text: &str) -> Self {
        match self.fields.iter_mut().find(|(name, _)| name == field) {
            Some((_, value)) => text.clone_into(value),
            None => self.fields.push((field.to_owned(), text.to_owned())),
        }
        self
    }

    async fn posted(&self, person: &Person<'_>, path: &str) -> Page {
        let fields: Vec<_> = self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        person.post(path, &fields).await
    }

    /// As the open page does it by itself.
    pub async fn kept_by(&self, person: &Person<'_>) -> Page {
        self.posted(person, "/utkast").await
    }

    /// The same, and what the page learns of it.
    pub async fn goes_on_by(self, person: &Person<'_>) -> Self {
        let page = self.kept_by(person).await;
        let said: serde_json::Value = serde_json::from_str(&page.is_ok().body).unwrap();
        let draft = said["draft"].as_str().unwrap().to_owned();
        let version = said["version"].to_string();
        self.with("form_draft", &draft).with("form_version", &version)
    }

    pub async fn sent_by(&self, person: &Person<'_>) -> Page {
        self.posted(person, &self.address).await
    }
}

/// What a browser would send of a form.
fn successful(form: ElementRef<'_>) -> Vec<(String, String)> {
    let controls = Selector::parse("input, textarea, select").unwrap();
    let chosen = Selector::parse("option[selected]").unwrap();
    let first = Selector::parse("option").unwrap();
    let mut fields = Vec::new();
    for element in form.select(&controls) {
        let Some(name) = element.attr("name") else { continue };
        let value = element.attr("value").unwrap_or_default().to_owned();
        let value = match (element.value().name(), element.attr("type").unwrap_or_default()) {
            ("textarea", _) => element.text().collect(),
            ("select", _) => {
                let option = element.select(&chosen).next().or_else(|| element.select(&first).next());
                option.and_then(|option| option.attr("value")).unwrap_or_default().to_owned()
            }
            ("input", "radio" | "checkbox") if element.attr("checked").is_none() => continue,
            ("input", "submit" | "button") => continue,
            _ => value,
        };
        fields.push((name.to_owned(), value));
    }
    fields
}
