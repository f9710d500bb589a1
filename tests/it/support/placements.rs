//! Placements as they are typed.

use utvag::placement::paths;
use uuid::Uuid;

use super::homes::Home;
use super::page::Page;
use super::people::Person;

pub const REASON: &str = "Behovet är renodlat kriminell problematik och ingen plats inom ramavtal passar.";

/// A placement outside the agreements; the test changes what it is about.
pub struct Typed {
    pub id: String,
    fields: Vec<(&'static str, String)>,
}

impl Typed {
    pub fn new(home: &Home, kind: &str, first: &str, last: &str) -> Self {
        let fields = [
            ("kind", kind),
            ("home", &home.id),
            ("procurement", "outside_framework"),
            ("outside_reason", "exit_only_needs"),
            ("outside_text", REASON),
            ("starts_on", first),
            ("planned_end_on", last),
            ("price_form", "same"),
            ("per_day", "3 000"),
            ("charge_departure_day", "ja"),
        ];
        let fields = fields.map(|(name, value)| (name, value.to_owned())).to_vec();
        Self { id: Uuid::now_v7().to_string(), fields }
    }

    #[must_use]
    pub fn with(mut self, field: &'static str, value: &str) -> Self {
        self.fields.retain(|(name, _)| *name != field);
        self.fields.push((field, value.to_owned()));
        self
    }

    /// A row of prices of one's own.
    #[must_use]
    pub fn rate(mut self, from: &str, to: &str, per_day: &str, kind: &str) -> Self {
        let row = [("rate_from", from), ("rate_to", to), ("rate_per_day", per_day), ("rate_kind", kind)];
        self.fields.extend(row.map(|(name, value)| (name, value.to_owned())));
        self.with("price_form", "own")
    }

    pub fn id(&self) -> Uuid {
        self.id.parse().unwrap()
    }

    pub async fn sent_by(&self, person: &Person<'_>, case: &str) -> Page {
        let mut fields: Vec<(&str, &str)> = self.fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        fields.push(("id", &self.id));
        person.post(&paths::list(case), &fields).await
    }

    /// Saves it, and reads its page.
    pub async fn saved_by(&self, person: &Person<'_>, case: &str) -> Page {
        let show = paths::show(case, self.id());
        self.sent_by(person, case).await.leads_to(&show);
        let page = person.get(&show).await;
        page.is_ok();
        page
    }
}
