//! SQL about alerts: which are known, keeping new ones, showing them and putting one aside.

use std::collections::HashSet;

use sqlx::PgConnection;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::access::Access;
use crate::access::right::{MarkLog, ReadLogReview};
use crate::audit::Event;
use crate::calendar::stockholm_date;
use crate::error::Result;
use crate::log_review::alert::Found;

/// Keys of the alerts that there are of the days from `since` on.
pub async fn known(work: &mut PgConnection, since: Date) -> Result<HashSet<String>> {
    // Days before are never looked at again, but a seal's day may be the one before.
    let keys =
        sqlx::query_scalar!("select key from log_alert where day >= $1::date - 2", since).fetch_all(work).await?;
    Ok(keys.into_iter().collect())
}

/// Keeps new alerts; says how many of them nobody else had kept in the same moment.
pub async fn raise(work: &mut PgConnection, now: OffsetDateTime, all: &[Found]) -> Result<u64> {
    let mut raised = 0;
    for found in all {
        raised += sqlx::query!(
            "insert into log_alert (id, key, ground, actor_id, actor_role, day, case_id, reference, first_at, last_at, entries,
               trouble, is_urgent, found_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) on conflict do nothing",
            Uuid::now_v7(),
            found.key,
            found.ground.code(),
            found.actor,
            found.role,
            found.day,
            found.case,
            found.reference,
            found.first_at,
            found.last_at,
            &found.entries,
            found.trouble,
            found.ground.is_urgent(),
            now
        )
        .execute(&mut *work)
        .await?
        .rows_affected();
    }
    Ok(raised)
}

/// An alert as whoever reviews the log sees it.
pub struct Alert {
    pub id: Uuid,
    pub ground: String,
    pub actor_name: Option<String>,
    pub actor_role: Option<String>,
    pub day: Date,
    pub case: Option<Uuid>,
    pub reference: Option<String>,
    pub first_at: OffsetDateTime,
    pub last_at: OffsetDateTime,
    pub rows: i64,
    pub trouble: Option<String>,
    pub is_urgent: bool,
    pub found_at: OffsetDateTime,
    pub seen_by: Option<String>,
    pub seen_at: Option<OffsetDateTime>,
}

/// How many alerts are on the page; older ones have come with their month.
const SHOWN: i64 = 200;

/// What waits first, and then the newest.
pub async fn alerts(access: &mut Access<ReadLogReview>) -> Result<Vec<Alert>> {
    Ok(sqlx::query_as!(
        Alert,
        r#"select l.id, l.ground, a.display_name as "actor_name?", l.actor_role, l.day, l.case_id as "case", l.reference,
                  l.first_at, l.last_at, cardinality(l.entries)::bigint as "rows!", l.trouble, l.is_urgent, l.found_at,
                  s.display_name as "seen_by?", l.seen_at
           from log_alert l left join account a on a.id = l.actor_id left join account s on s.id = l.seen_by
           order by l.is_urgent and l.seen_at is null desc, l.first_at desc, l.id limit $1"#,
        SHOWN
    )
    .fetch_all(access.read())
    .await?)
}

/// How many urgent alerts nobody has seen, in words, and since which day.
pub async fn unseen(access: &mut Access<ReadLogReview>) -> Result<Option<(String, Date)>> {
    let waits = sqlx::query!(
        r#"select count(*) as "count!", min(found_at) as since from log_alert where is_urgent and seen_at is null"#
    )
    .fetch_one(access.read())
    .await?;
    Ok(waits.since.map(|since| (format!("{} larm", waits.count), stockholm_date(since))))
}

/// Puts an alert aside. False when somebody has, or it is not there for the actor.
pub async fn see(access: &mut Access<MarkLog>, alert: Uuid) -> Result<bool> {
    let case = sqlx::query!("select case_id from log_alert where id = $1 and seen_at is null", alert)
        .fetch_optional(access.read())
        .await?;
    let Some(case) = case else { return Ok(false) };
    let (actor, now) = (access.desk().actor().account, access.desk().clock().now());
    let seen = sqlx::query!(
        "update log_alert set seen_by = $2, seen_at = $3 where id = $1 and seen_at is null",
        alert,
        actor,
        now
    )
    .execute(access.write(Event::LogAlertSeen, case.case_id).await?)
    .await?;
    Ok(seen.rows_affected() == 1)
}
