//! SQL that moves a case on: to another status, to rest, and to its end. Postgres asks by itself whether the way is there
//! and what it demands; where it says no, something has changed since the page was read.

use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::super::model::{CaseChange, Closing, Rest};
use crate::access::CaseAccess;
use crate::access::right::{CloseCase, ManageCase};
use crate::audit::Event;
use crate::crypto::seal::{Column, Sealed};
use crate::error::{Error, Result, constraint};
use crate::vocabulary::{CaseStatus, CloseReason, DormantReason, NeedsProfile, ProgrammeStatus, ProtectionLevel};

pub const NOTE: Column = Column("case_dormancy.note");

/// What the triggers of `case_file` say no to is what somebody has changed meanwhile.
fn refused(error: sqlx::Error) -> Error {
    match constraint(&error) {
        // Left to whoever has broken a rule of another kind.
        Some("case_file_marked" | "case_file_identity_change") | None => error.into(),
        // An id that is taken belongs to another case: nobody's fault but a forger's.
        Some("case_dormancy_pkey") => Error::NotFound,
        Some(name) if name.starts_with("case_file_") || name.starts_with("case_dormancy_") => Error::Stale,
        Some(_) => error.into(),
    }
}

/// Stale when somebody else has changed the case since the form was opened.
pub async fn change(case: &mut CaseAccess<ManageCase>, change: &CaseChange) -> Result<()> {
    let id = case.head().id;
    let event = if change.status == case.head().status { Event::CaseChanged } else { Event::CaseMoved };
    let done = sqlx::query!(
        "update case_file set status = $3, programme_status = $4, needs_profile = $5, protection_level = $6,
                              version = version + 1
         where id = $1 and version = $2",
        id,
        change.version,
        change.status as CaseStatus,
        change.programme as ProgrammeStatus,
        change.needs as Option<NeedsProfile>,
        change.protection as ProtectionLevel
    )
    .execute(case.write(event).await?)
    .await
    .map_err(refused)?;
    if done.rows_affected() == 0 { Err(Error::Stale) } else { Ok(()) }
}

/// Why the case rests, and until when.
#[derive(Debug, Clone)]
pub struct Dormancy {
    pub id: Uuid,
    pub reason: DormantReason,
    pub note: Option<Sealed>,
    pub began_on: Date,
    pub review_on: Date,
    pub before: CaseStatus,
    pub registrar: String,
    pub ended_at: Option<OffsetDateTime>,
}

/// The times when the case rested, the latest first; the first goes on if it has no end.
pub async fn dormancies(case: &mut CaseAccess<ManageCase>) -> Result<Vec<Dormancy>> {
    let id = case.head().id;
    Ok(sqlx::query_as!(
        Dormancy,
        r#"select d.id, d.reason as "reason: DormantReason", d.note as "note: Sealed", d.began_on, d.review_on,
                  d.status_before as "before: CaseStatus", a.display_name as registrar, d.ended_at
           from case_dormancy d join account a on a.id = d.registered_by
           where d.case_id = $1 order by d.registered_at desc, d.id desc limit 20"#,
        id
    )
    .fetch_all(case.read())
    .await?)
}

/// Lets the case rest, or rest on: the database ends the rest before.
pub async fn rest(case: &mut CaseAccess<ManageCase>, rest: &Rest, before: CaseStatus) -> Result<()> {
    let (id, actor, now) = (case.head().id, case.desk().actor().account, case.desk().clock().now());
    let today = case.desk().clock().today();
    let note = rest.note.as_deref().map(|note| case.desk().keys().seal(NOTE.at(rest.id), note)).transpose()?;
    let event = if case.head().status == CaseStatus::Dormant { Event::DormancyReviewed } else { Event::CaseDormant };
    let work = case.write(event).await?;
    sqlx::query!(
        "insert into case_dormancy (id, case_id, reason, note, began_on, review_on, status_before, registered_by,
                                    registered_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        rest.id,
        id,
        rest.reason as DormantReason,
        note as Option<Sealed>,
        today,
        rest.review_on,
        before as CaseStatus,
        actor,
        now
    )
    .execute(&mut *work)
    .await
    .map_err(refused)?;
    let done = sqlx::query!(
        "update case_file set status = 'dormant', version = version + 1 where id = $1 and version = $2",
        id,
        rest.version
    )
    .execute(work)
    .await
    .map_err(refused)?;
    if done.rows_affected() == 0 { Err(Error::Stale) } else { Ok(()) }
}

/// Ends the case; stale when somebody else has changed it since the form was opened.
pub async fn close(case: &mut CaseAccess<CloseCase>, closing: &Closing) -> Result<()> {
    let id = case.head().id;
    let event = match closing.status {
        CaseStatus::NotOpened => Event::CaseNotOpened,
        CaseStatus::Transferred => Event::CaseTransferred,
        _ => Event::CaseClosed,
    };
    let done = sqlx::query!(
        "update case_file set status = $5, closed_on = $3, close_reason = $4, version = version + 1
         where id = $1 and version = $2 and closed_on is null
           and not exists (select 1 from placement p where p.case_id = $1 and p.status in ('planned', 'active'))",
        id,
        closing.version,
        closing.closed_on,
        closing.reason as CloseReason,
        closing.status as CaseStatus
    )
    .execute(case.write(event).await?)
    .await
    .map_err(refused)?;
    if done.rows_affected() == 0 { Err(Error::Stale) } else { Ok(()) }
}
