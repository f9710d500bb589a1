//! A database in which a row may hold nothing but what a rule of the alarms reads: the rules are asked about days, and what
//! a row must hold otherwise is asked of it elsewhere.

use sqlx::{AssertSqlSafe, Executor, PgConnection};
use time::Date;
use utvag::alarm::model::free_days;
use uuid::Uuid;

use super::database::Database;

/// Lets go of what tables demand of a row.
const LET_GO: &str = "
do $$
declare
  one record;
begin
  for one in select c.oid::regclass as name, c.oid from pg_class c
             where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and c.relname not in ('_sqlx_migrations', 'alarm') loop
    execute format('alter table %s disable trigger all', one.name);
    execute (select coalesce(string_agg(format('alter table %s drop constraint %I', one.name, k.conname), '; '), 'select 1')
             from pg_constraint k where k.conrelid = one.oid and k.contype = 'c');
    execute (select coalesce(string_agg(format('alter table %s alter %I drop not null', one.name, a.attname), '; '), 'select 1')
             from pg_attribute a where a.attrelid = one.oid and a.attnum > 0 and a.attnotnull and a.attidentity = ''
               and not exists (select from pg_constraint k where k.conrelid = one.oid and k.contype = 'p' and a.attnum = any (k.conkey)));
  end loop;
end
$$";

/// The case and the row that every test is about.
pub const CASE: Uuid = Uuid::from_u128(1);
pub const ROW: Uuid = Uuid::from_u128(2);
/// The house: its committee.
pub const HOUSE: Uuid = Uuid::from_u128(3);

/// The alarm that is raised: how grave, and the day by which.
pub type Raised<'a> = Option<(&'a str, Date)>;

pub struct Loose {
    _database: Database,
    owner: PgConnection,
}

impl Loose {
    /// With one open case and one committee.
    pub async fn new() -> Self {
        let database = Database::new().await;
        let mut owner = database.superuser().await;
        owner.execute(LET_GO).await.unwrap();
        owner
            .execute(AssertSqlSafe(format!(
                "insert into case_file (id, reference, opened_on, status) values ('{CASE}', 'AVH-0000-012', '2026-01-05', 'active');
                 insert into committee (id, name, is_social_committee) values ('{HOUSE}', 'Socialnämnden', true);
                 insert into account (id, is_active, created_at)
                 values ('{ROW}', true, '2026-11-15 12:00Z'), ('{CASE}', true, '2026-11-15 12:00Z');
                 insert into role_grant (id, account_id, role, valid_from, valid_to)
                 select gen_random_uuid(), id, 'coordinator', '2026-01-01', '2099-01-01' from account"
            )))
            .await
            .unwrap();
        Self { _database: database, owner }
    }

    pub async fn has(&mut self, sql: &str) -> &mut Self {
        self.owner.execute(AssertSqlSafe(sql.to_owned())).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        self
    }

    /// What the rule says of the subject on a day.
    pub async fn says(&mut self, rule: &str, subject: Uuid, day: Date) -> Option<(String, Date)> {
        let found: Vec<(String, Date)> = sqlx::query_as(
            "select severity::text, due_on from sec.alarms_due($1, $2) where rule = $3::text::alarm_rule and subject_id = $4",
        )
        .bind(day)
        .bind(free_days(day))
        .bind(rule)
        .bind(subject)
        .fetch_all(&mut self.owner)
        .await
        .unwrap();
        assert!(found.len() <= 1, "{rule}: {found:?}");
        found.into_iter().next()
    }

    /// The rule over some days: the day before it is spoken of, the day itself, and after.
    pub async fn days(&mut self, rule: &str, subject: Uuid, days: &[(Date, Raised<'_>)]) -> &mut Self {
        for (day, raised) in days {
            let said = self.says(rule, subject, *day).await;
            let said = said.as_ref().map(|(severity, due)| (severity.as_str(), *due));
            assert_eq!(said, *raised, "{rule} on {day}");
        }
        self
    }

    /// And nothing on a day when there is no reason any more.
    pub async fn is_done(&mut self, rule: &str, subject: Uuid, day: Date, sql: &str) {
        assert!(self.says(rule, subject, day).await.is_some(), "{rule} stands on {day}");
        self.has(sql).await;
        assert_eq!(self.says(rule, subject, day).await, None, "{rule} after {sql}");
    }
}
