//! Disclosures as they are typed and taken on through the pages.

use utvag::disclosure::paths;
use utvag::vocabulary::Role;
use uuid::Uuid;

use super::app::App;
use super::furnished_disclosures::{WEIGHED, verified};
use super::page::Page;
use super::people::Person;

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

    /// Everything that a ground may ask for; what it does not ask for is not read.
    pub fn to(recipient: &str, ground: &str, channel: &str) -> Self {
        Self::of(&[
            ("recipient", recipient),
            ("ground", ground),
            ("channel", channel),
            ("initiated_by", "own_initiative"),
            ("contact", "Vakthavande befäl"),
            ("contact_verified_on", "2026-12-01"),
            ("purpose", "prevent"),
            ("conditions_met", "ja"),
            ("weighing", WEIGHED),
            ("available_from", "2026-12-31"),
        ])
    }

    /// The same, because they asked.
    #[must_use]
    pub fn asked(self, text: &str) -> Self {
        self.with("initiated_by", "request").with("requested_on", "2026-12-30").with("request_text", text)
    }

    pub fn item(kind: &str) -> Self {
        Self::of(&[("kind", kind)])
    }

    #[must_use]
    pub fn with(mut self, field: &'static str, value: &str) -> Self {
        self.fields.retain(|(name, _)| *name != field);
        self.fields.push((field, value.to_owned()));
        self
    }

    /// All that is typed.
    pub fn fields(&self) -> Vec<(&'static str, &str)> {
        self.fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
    }

    pub async fn sent_to(&self, path: &str, person: &Person<'_>) -> Page {
        let id = self.id.to_string();
        let mut fields: Vec<(&str, &str)> = self.fields();
        fields.push(("id", id.as_str()));
        person.post(path, &fields).await
    }

    /// Saves the draft; its id.
    pub async fn written_by(&self, person: &Person<'_>, case: &str) -> Uuid {
        self.sent_to(&paths::list(case), person).await.leads_to(&paths::show(case, self.id));
        self.id
    }

    /// Adds it to a draft.
    pub async fn frozen_by(&self, person: &Person<'_>, case: &str, disclosure: Uuid) -> Uuid {
        self.sent_to(&paths::items(case, disclosure), person).await.leads_to(&paths::show(case, disclosure));
        self.id
    }
}

pub async fn step(person: &Person<'_>, path: &str, version: i32, fields: &[(&str, &str)]) -> Page {
    let version = version.to_string();
    let mut all = vec![("version", version.as_str())];
    all.extend_from_slice(fields);
    person.post(path, &all).await
}

/// Decides over a draft and hands it over.
pub async fn handed_over(person: &Person<'_>, case: &str, disclosure: Uuid) {
    let show = paths::show(case, disclosure);
    step(person, &paths::decide(case, disclosure), 1, &[("outcome", "hand_over")]).await.leads_to(&show);
    step(person, &paths::release(case, disclosure), 2, &[]).await.leads_to(&show);
}

/// A contact at the local police whom somebody has rung up, signed in.
pub async fn police(app: &App) -> Person<'_> {
    let mut person = hired_police(app).await;
    person.sign_in().await;
    person
}

/// The same, who has not signed in: a session of theirs is short.
pub async fn hired_police(app: &App) -> Person<'_> {
    let person = Person::hired(app, Role::PoliceLiaison).await;
    let mut owner = app.database.superuser().await;
    super::fixture::announce(&mut owner).await;
    verified(&mut owner, person.account).await;
    person
}
