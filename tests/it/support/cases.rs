//! Cases to work with, opened through the page by whoever works with them.

use sqlx::{AssertSqlSafe, Executor, PgConnection};
use uuid::Uuid;

use super::app::App;
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

impl Person<'_> {
    /// Why they open a protected case that is not theirs.
    pub async fn says_why(&self, reference: &str) -> Page {
        let id = Uuid::now_v7().to_string();
        self.post(&format!("/arenden/{reference}/skal"), &[("id", &id), ("reason", "supervision")]).await
    }
}

/// Lays the rules of the ways aside for one statement.
const ASIDE: &str = "alter table case_file disable trigger case_file_moves;
    alter table case_file disable trigger case_file_zz_guarded";
const BACK: &str = "alter table case_file enable always trigger case_file_moves;
    alter table case_file enable always trigger case_file_zz_guarded";

/// Changes a case behind everybody's back, whatever way that is.
pub async fn make_the_case(owner: &mut PgConnection, case: &str, set: &str) {
    owner.execute("select set_config('app.event', 'test', false)").await.unwrap();
    owner.execute(ASIDE).await.unwrap();
    let sql = format!("update case_file set {set} where reference = $1");
    sqlx::query(AssertSqlSafe(sql)).bind(case).execute(&mut *owner).await.unwrap();
    owner.execute(BACK).await.unwrap();
}

impl App {
    /// Changes a case behind everybody's back, whatever way that is.
    pub async fn makes_the_case(&self, case: &str, set: &str) {
        make_the_case(&mut self.database.superuser().await, case, set).await;
    }
}

fn reference_in(address: &str) -> String {
    let path = address.split('?').next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or_default().to_owned()
}

impl Person<'_> {
    /// Chooses another status on the page that says where the case stands, with all else as it was.
    pub async fn moves_the_case(&self, case: &str, status: &str) -> Page {
        let path = format!("/arenden/{case}/status");
        let version = self.get(&path).await.is_ok().value("version");
        let fields = [
            ("version", version.as_str()),
            ("status", status),
            ("programme", "candidate"),
            ("needs", "exit_only"),
            ("protection", "standard"),
        ];
        self.post(&path, &fields).await
    }

    /// Sends the page that ends the case, as it was read, with the day and the reason.
    pub async fn ends_the_case(&self, path: &str, case: &str, day: &str) -> Page {
        let version = self.get(path).await.is_ok().value("version");
        let fields = [("version", version.as_str()), ("reason", "goal_reached"), ("closed_on", day), ("confirm", case)];
        self.post(path, &fields).await
    }

    /// A case of their own for somebody without a number.
    pub async fn opens_a_case_on(&self, day: &str) -> String {
        Opening::unknown().with("opened_on", day).responsible(self).saved_by(self).await
    }
}
