//! SQL about conflicts of interest. The database ends the assignments of whoever has one.

use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::ending::End;
use super::form::NewConflict;
use super::{END_REASON, REASON};
use crate::access::CaseAccess;
use crate::access::right::{DeclareConflict, EndConflict};
use crate::audit::{Event, Note};
use crate::crypto::seal::Sealed;
use crate::error::{Error, Result};

/// One that was declared, with what became of it.
pub struct Conflict {
    pub id: Uuid,
    pub account: Uuid,
    pub name: String,
    pub reason: Sealed,
    pub declared_at: OffsetDateTime,
    pub declared_by: String,
    pub ended: Option<Ended>,
}

/// From which day it is none any more.
pub struct Ended {
    pub on: Date,
    pub reason: Sealed,
    pub by: String,
}

impl Conflict {
    /// Nobody ends their own.
    pub fn can_be_ended_by(&self, actor: Uuid) -> bool {
        self.ended.is_none() && self.account != actor
    }
}

/// Closes the person's cases to the account. What was declared before stands as it was.
pub async fn declare(case: &mut CaseAccess<DeclareConflict>, new: &NewConflict) -> Result<()> {
    let (id, person) = (case.head().id, case.head().person);
    let desk = case.desk();
    let (actor, now) = (desk.actor().account, desk.clock().now());
    let reason = desk.keys().seal(REASON.at(new.id), &new.reason)?;
    sqlx::query!(
        "insert into conflict_of_interest (id, account_id, case_id, person_id, reason, declared_at, declared_by)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
        new.id,
        new.account,
        id,
        person,
        reason as Sealed,
        now,
        actor
    )
    .execute(case.write(Event::ConflictDeclared).await?)
    .await?;
    Ok(())
}

/// All that were declared in the case, the latest first.
pub async fn list(case: &mut CaseAccess<EndConflict>) -> Result<Vec<Conflict>> {
    let id = case.head().id;
    let rows = sqlx::query!(
        r#"select k.id, k.account_id, n.display_name as name, k.reason as "reason: Sealed", k.declared_at,
                  d.display_name as declared_by, k.ends_on, k.end_reason as "end_reason: Sealed",
                  e.display_name as "ended_by?"
           from conflict_of_interest k join account n on n.id = k.account_id join account d on d.id = k.declared_by
           left join account e on e.id = k.ended_by
           where k.case_id = $1 order by k.declared_at desc, k.id limit 200"#,
        id
    )
    .fetch_all(case.read())
    .await?;
    case.shown(Note::of(Event::ConflictsShown).with("count", rows.len()));
    Ok(rows
        .into_iter()
        .map(|row| Conflict {
            id: row.id,
            account: row.account_id,
            name: row.name,
            reason: row.reason,
            declared_at: row.declared_at,
            declared_by: row.declared_by,
            ended: match (row.ends_on, row.end_reason, row.ended_by) {
                (Some(on), Some(reason), Some(by)) => Some(Ended { on, reason, by }),
                _ => None,
            },
        })
        .collect())
}

/// Ends one. Stale when somebody has ended it in the meantime.
pub async fn end(case: &mut CaseAccess<EndConflict>, id: Uuid, new: &End) -> Result<()> {
    let desk = case.desk();
    let (actor, now) = (desk.actor().account, desk.clock().now());
    let reason = desk.keys().seal(END_REASON.at(id), &new.reason)?;
    let done = sqlx::query!(
        "update conflict_of_interest set ends_on = $2, ended_by = $3, ended_at = $4, end_reason = $5
         where id = $1 and ends_on is null and account_id <> $3",
        id,
        new.on,
        actor,
        now,
        reason as Sealed
    )
    .execute(case.write(Event::ConflictEnded).await?)
    .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(Error::Stale) }
}
