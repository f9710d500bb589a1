//! SQL about groups. What one is worth is asked anew each time, together with its consent.

use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::model::{NewGroup, SigGroup, SigStatus};
use crate::access::CaseAccess;
use crate::access::right::{ArrangeMeetings, ReadMeetings, Right, SeesCase};
use crate::audit::Event;
use crate::crypto::seal::{Column, Sealed};
use crate::error::{Error, Result, constraint};
use crate::vocabulary::ConsentKind;

pub const MEMBERS: Column = Column("sig_group.members");
pub const PLAN: Column = Column("sig_group.plan");

/// A row as it is read.
struct Row {
    id: Uuid,
    consent: Uuid,
    members: Sealed,
    plan: Sealed,
    from_day: Date,
    to_day: Option<Date>,
    former: String,
    formed_at: OffsetDateTime,
    version: i32,
    status: String,
}

/// All of them, the latest begun first.
pub async fn list(case: &mut CaseAccess<ReadMeetings>) -> Result<Vec<SigGroup>> {
    read(case).await
}

/// One of the case's.
pub async fn get<R: Right + SeesCase>(case: &mut CaseAccess<R>, id: Uuid) -> Result<SigGroup> {
    read(case).await?.into_iter().find(|group| group.id == id).ok_or(Error::NotFound)
}

async fn read<R: Right + SeesCase>(case: &mut CaseAccess<R>) -> Result<Vec<SigGroup>> {
    let (id, today) = (case.head().id, case.desk().clock().today());
    let rows = sqlx::query_as!(
        Row,
        r#"select g.id, g.consent_id as consent, g.members as "members: Sealed", g.plan as "plan: Sealed", g.from_day,
                  g.to_day, a.display_name as former, g.formed_at, g.version, sig_status(g, $2) as "status!"
           from sig_group g join account a on a.id = g.formed_by
           where g.case_id = $1 order by g.from_day desc, g.id desc limit 200"#,
        id,
        today
    )
    .fetch_all(case.read())
    .await?;
    rows.into_iter()
        .map(|row| {
            let status = SigStatus::parse(&row.status);
            Ok(SigGroup {
                id: row.id,
                consent: row.consent,
                members: row.members,
                plan: row.plan,
                from_day: row.from_day,
                to_day: row.to_day,
                former: row.former,
                formed_at: row.formed_at,
                version: row.version,
                status: status.ok_or_else(|| Error::internal("an unknown status of a group"))?,
            })
        })
        .collect()
}

/// The consent that a group can rest on, as things stand in this moment.
pub async fn consent(case: &mut CaseAccess<ArrangeMeetings>) -> Result<Option<Uuid>> {
    let (id, today) = (case.head().id, case.desk().clock().today());
    Ok(sqlx::query_scalar!("select consent_of_kind($1, $2, $3)", id, ConsentKind::Sig as ConsentKind, today)
        .fetch_one(case.read())
        .await?)
}

/// Whether the same form was saved the first time it was sent.
pub async fn exists(case: &mut CaseAccess<ArrangeMeetings>, id: Uuid) -> Result<bool> {
    let case_id = case.head().id;
    // The same form sent twice at the same moment: the second waits here.
    sqlx::query_scalar!(r#"select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 0))::text as "locked""#, id)
        .fetch_one(case.read())
        .await?;
    Ok(sqlx::query_scalar!(
        r#"select exists (select from sig_group where id = $1 and case_id = $2) as "exists!""#,
        id,
        case_id
    )
    .fetch_one(case.read())
    .await?)
}

pub async fn form(case: &mut CaseAccess<ArrangeMeetings>, new: &NewGroup, consent: Uuid) -> Result<()> {
    let (case_id, actor, now) = (case.head().id, case.desk().actor().account, case.desk().clock().now());
    let members = case.desk().keys().seal(MEMBERS.at(new.id), &new.members)?;
    let plan = case.desk().keys().seal(PLAN.at(new.id), &new.plan)?;
    sqlx::query!(
        "insert into sig_group (id, case_id, consent_id, members, plan, from_day, to_day, formed_by, formed_at, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)",
        new.id,
        case_id,
        consent,
        members as Sealed,
        plan as Sealed,
        new.from_day,
        new.to_day,
        actor,
        now
    )
    .execute(case.write(Event::SigFormed).await?)
    .await
    .map_err(|error| match constraint(&error) {
        // An id that is taken belongs to a group in another case: nobody's fault but a forger's.
        Some("sig_group_pkey") => Error::NotFound,
        Some("sig_group_consent") => Error::Stale,
        _ => error.into(),
    })?;
    Ok(())
}

/// Changes members, plan and last day. False when somebody else has changed it.
pub async fn change(case: &mut CaseAccess<ArrangeMeetings>, new: &NewGroup, version: i32) -> Result<bool> {
    let (case_id, now) = (case.head().id, case.desk().clock().now());
    let members = case.desk().keys().seal(MEMBERS.at(new.id), &new.members)?;
    let plan = case.desk().keys().seal(PLAN.at(new.id), &new.plan)?;
    let done = sqlx::query!(
        "update sig_group set members = $4, plan = $5, to_day = $6, changed_at = $7, version = version + 1
         where id = $1 and case_id = $2 and version = $3",
        new.id,
        case_id,
        version,
        members as Sealed,
        plan as Sealed,
        new.to_day,
        now
    )
    .execute(case.write(Event::SigChanged).await?)
    .await
    .map_err(|error| crate::db::on_constraint(error, "sig_group_consent", Error::Stale))?;
    Ok(done.rows_affected() == 1)
}
