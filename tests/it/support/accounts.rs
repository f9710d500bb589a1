//! Proposals about accounts, put straight into the database by its owner, and the way through the pages.

use sqlx::PgConnection;
use time::OffsetDateTime;
use utvag::crypto::KeyRing;
use utvag::staffing::REASON;
use uuid::Uuid;

use super::people::Person;

/// A longer time for the account, proposed and not answered; with the grant that it holds.
pub async fn proposed(owner: &mut PgConnection, keys: &KeyRing, account: Uuid, by: Uuid) -> (Uuid, Uuid) {
    let id = Uuid::now_v7();
    sqlx::query(
        "insert into account_proposal (id, kind, account_id, unit_id, role, until, reason, proposed_by)
         select $1, 'prolong', a.id, a.unit_id, 'caseworker', (now() + interval '200 days')::date, $3, $4
         from account a where a.id = $2",
    )
    .bind(id)
    .bind(account)
    .bind(keys.seal(REASON.at(id), "Behövs även i vår.").unwrap().as_bytes())
    .bind(by)
    .execute(&mut *owner)
    .await
    .unwrap();
    let grant = sqlx::query_scalar("select id from role_grant where account_id = $1").bind(account);
    (id, grant.fetch_one(owner).await.unwrap())
}

/// A recovery in person that was started and waits for a manager.
pub async fn recovering(owner: &mut PgConnection, keys: &KeyRing, account: Uuid, by: Uuid, at: OffsetDateTime) -> Uuid {
    let id = Uuid::now_v7();
    sqlx::query(
        "insert into account_recovery (id, account_id, unit_id, kind, started_by, started_at, reason, checked)
         select $1, a.id, a.unit_id, 'in_person', $3, $6, $4, $5 from account a where a.id = $2",
    )
    .bind(id)
    .bind(account)
    .bind(by)
    .bind(keys.seal(utvag::recovery::REASON.at(id), "Väskan är borta.").unwrap().as_bytes())
    .bind(keys.seal(utvag::recovery::CHECKED.at(id), "Körkort på plats.").unwrap().as_bytes())
    .bind(at)
    .execute(owner)
    .await
    .unwrap();
    id
}

/// Somebody new, as it is typed.
pub struct Proposed {
    pub id: Uuid,
    pub account: Uuid,
    fields: Vec<(&'static str, String)>,
}

impl Proposed {
    pub fn new(person: &Person<'_>, name: &str, role: &str) -> Self {
        let (id, account) = (Uuid::now_v7(), Uuid::now_v7());
        let user_name = name.to_lowercase().replace(' ', ".");
        let fields = vec![
            ("id", id.to_string()),
            ("account", account.to_string()),
            ("name", name.to_owned()),
            ("title", "Socionom".to_owned()),
            ("user_name", user_name.clone()),
            ("employee_id", user_name.replace('.', "-").chars().take(20).collect()),
            ("unit", person.app.unit.to_string()),
            ("role", role.to_owned()),
            ("until", "2027-06-30".to_owned()),
            ("reason", "Börjar på enheten.".to_owned()),
        ];
        Self { id, account, fields }
    }

    #[must_use]
    pub fn with(mut self, field: &'static str, value: &str) -> Self {
        self.fields.retain(|(name, _)| *name != field);
        self.fields.push((field, value.to_owned()));
        self
    }

    pub async fn sent_by(&self, person: &Person<'_>) -> super::page::Page {
        let fields: Vec<(&str, &str)> = self.fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        person.post("/konton/ny", &fields).await
    }

    pub fn address(&self) -> String {
        format!("/konton/forslag/{}", self.id)
    }

    pub fn approval(&self) -> String {
        format!("{}/godkannande", self.address())
    }
}
