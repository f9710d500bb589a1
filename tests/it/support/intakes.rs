//! What comes in, as it is typed.

use utvag::intake::paths;
use uuid::Uuid;

use super::page::Page;
use super::people::Person;

pub const TOLD: &str = "Vill lämna ett nätverk och behöver någonstans att bo.";

/// An intake; the test changes what it is about.
pub struct Told {
    pub id: Uuid,
    fields: Vec<(&'static str, String)>,
}

impl Told {
    /// About somebody with an official number, by the prison service.
    pub fn of(number: &str) -> Self {
        let fields = [
            ("received_on", "2026-05-04"),
            ("source", "prison_probation"),
            ("number_kind", "official"),
            ("number", number),
            ("birth_date", ""),
            ("given_name", "Milo"),
            ("family_name", "Påhitt"),
            ("sex", "man"),
            ("description", TOLD),
        ];
        Self { id: Uuid::now_v7(), fields: fields.map(|(name, value)| (name, value.to_owned())).to_vec() }
    }

    pub fn anonymous() -> Self {
        let nobody = ["number", "given_name", "family_name", "sex"];
        nobody.into_iter().fold(Self::of("").with("number_kind", "anonymous"), |told, field| told.with(field, ""))
    }

    #[must_use]
    pub fn with(mut self, field: &'static str, value: &str) -> Self {
        self.fields.retain(|(name, _)| *name != field);
        self.fields.push((field, value.to_owned()));
        self
    }

    pub async fn sent_by(&self, person: &Person<'_>) -> Page {
        let id = self.id.to_string();
        let mut fields: Vec<_> = self.fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        fields.push(("id", &id));
        person.post(paths::LIST, &fields).await
    }

    pub async fn saved_by(&self, person: &Person<'_>) -> Uuid {
        self.sent_by(person).await.leads_to(&paths::show(self.id));
        self.id
    }
}

/// What is asked when a case is opened from an intake; the reference of the case.
pub async fn opens_case(person: &Person<'_>, intake: Uuid, day: &str) -> String {
    let answer = sends_case(person, intake, &Uuid::now_v7().to_string(), &[("opened_on", day)]).await;
    assert_eq!(answer.status, 303, "{}", answer.words());
    answer.location().rsplit('/').next().unwrap().to_owned()
}

/// The same, with fields of the test's own.
pub async fn sends_case(person: &Person<'_>, intake: Uuid, id: &str, own: &[(&str, &str)]) -> Page {
    let me = person.account.to_string();
    let usual = [
        ("id", id),
        ("opened_on", "2026-05-04"),
        ("basis", "resident"),
        ("protection", "standard"),
        ("responsible", &me),
    ];
    let mut fields: Vec<_> = usual.into_iter().filter(|(name, _)| own.iter().all(|(other, _)| other != name)).collect();
    fields.extend(own);
    person.post(&paths::open_case(intake), &fields).await
}
