//! Investigations as they are begun and written through the pages.

use utvag::investigation::paths;
use uuid::Uuid;

use super::decisions::Typed;
use super::page::Page;
use super::people::Person;

/// The areas that an investigation cannot be completed without.
pub const MANDATORY: [&str; 7] = ["housing", "economy", "work", "family", "network", "substance", "routines"];

/// Areas of support as they are typed.
pub struct Areas {
    pub id: Uuid,
    pub fields: Vec<(String, String)>,
}

impl Areas {
    /// Each with a moderate need.
    pub fn of(areas: &[&str]) -> Self {
        let mut typed = Self { id: Uuid::now_v7(), fields: Vec::new() };
        for area in areas {
            typed = typed
                .with(&format!("{area}_need"), "moderate")
                .with(&format!("{area}_facts"), "Det har framkommit vid tre samtal.")
                .with(&format!("{area}_view"), "Vill ha hjälp.")
                .with(&format!("{area}_assessment"), "Behöver stöd i vardagen.");
        }
        typed
    }

    #[must_use]
    pub fn with(mut self, field: &str, value: &str) -> Self {
        self.fields.retain(|(name, _)| name != field);
        self.fields.push((field.to_owned(), value.to_owned()));
        self
    }

    /// After the version with the number.
    pub async fn sent_by(&self, person: &Person<'_>, case: &str, investigation: Uuid, after: i32) -> Page {
        let (id, after) = (self.id.to_string(), after.to_string());
        let mut fields: Vec<_> = self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.extend([("id", id.as_str()), ("after", after.as_str())]);
        person.post(&paths::support(case, investigation), &fields).await
    }
}

/// A child as it is typed; the test changes what it is about.
pub struct TypedChild {
    pub id: Uuid,
    fields: Vec<(&'static str, String)>,
}

impl TypedChild {
    pub fn born_in(year: &str) -> Self {
        let fields = [
            ("label", "Barn 1"),
            ("birth_year", year),
            ("informed", "yes"),
            ("heard", "yes"),
            ("not_heard_reason", ""),
            ("effect", "Umgänget kan fortsätta på annan ort."),
            ("best_interest", "Barnet behöver trygga umgängen."),
            ("contact_plan", "Telefon varje söndag."),
            ("concern_needed", "nej"),
            ("concern_made_on", ""),
            ("concern_to_unit", ""),
        ];
        Self { id: Uuid::now_v7(), fields: fields.map(|(name, value)| (name, value.to_owned())).to_vec() }
    }

    #[must_use]
    pub fn with(mut self, field: &'static str, value: &str) -> Self {
        self.fields.retain(|(name, _)| *name != field);
        self.fields.push((field, value.to_owned()));
        self
    }

    pub async fn sent_to(&self, path: &str, person: &Person<'_>, version: &str) -> Page {
        let id = self.id.to_string();
        let mut fields: Vec<_> = self.fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        fields.extend([("id", id.as_str()), ("version", version)]);
        person.post(path, &fields).await
    }
}

impl Person<'_> {
    /// Decides to open an investigation.
    pub async fn decides_to_investigate(&self, case: &str) -> Uuid {
        let decision = Typed::outpatient("2026-01-05", "2026-12-31")
            .with("kind", "open_investigation")
            .with("basis", "sol_14_2")
            .with("applied_for", "")
            .with("scope", "En utredning inleds.")
            .submitted_by(self, case)
            .await;
        self.decides(case, decision).await;
        decision
    }

    /// Begins one, with a decision of its own.
    pub async fn starts_investigating(&self, case: &str) -> Uuid {
        let decision = self.decides_to_investigate(case).await.to_string();
        let id = Uuid::now_v7();
        let fields = [
            ("id", id.to_string()),
            ("kind", "application".to_owned()),
            ("decision", decision),
            ("started_on", "2026-01-07".to_owned()),
            ("target_on", String::new()),
        ];
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.post(&paths::list(case), &fields).await.leads_to(&paths::show(case, id));
        id
    }

    /// Writes the three texts, from the version.
    pub async fn writes(&self, case: &str, investigation: Uuid, version: &str, summary: &str) -> Page {
        let fields = [
            ("version", version),
            ("summary", summary),
            ("analysis", "Stödet behöver vara samlat."),
            ("proposal", "Öppenvård och boendestöd."),
        ];
        self.post(&paths::write(case, investigation), &fields).await
    }

    /// Sends the page that completes it as it was read.
    pub async fn completes(&self, case: &str, investigation: Uuid) -> Page {
        let page = self.get(&paths::complete(case, investigation)).await;
        let (version, text) = (page.is_ok().value("version"), page.value("text_version"));
        let fields = [("version", version.as_str()), ("text_version", text.as_str())];
        self.post(&paths::complete(case, investigation), &fields).await
    }

    pub async fn says_of_children(&self, case: &str, answer: &str) -> Page {
        self.post(&paths::children(case), &[("has_children", answer)]).await
    }
}
