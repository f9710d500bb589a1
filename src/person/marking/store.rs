//! SQL about markings. That one raises the protection of the case is a trigger's work.

use time::Date;
use uuid::Uuid;

use super::model::{Marking, NewMarking};
use crate::access::CaseAccess;
use crate::access::right::{BreakIdentity, ManageMarkings, Right, SeesCase};
use crate::audit::Event;
use crate::crypto::seal::{Column, Sealed};
use crate::db::on_constraint;
use crate::error::{Error, Result, constraint};
use crate::person::store::wait_for;
use crate::vocabulary::{MailRoute, MarkingKind};

/// Where the source opens.
pub const SOURCE: Column = Column("protection_marking.source");

/// Those that hold first, then the newest.
pub async fn list<R: Right + SeesCase>(case: &mut CaseAccess<R>) -> Result<Vec<Marking>> {
    let person = case.head().person;
    Ok(sqlx::query_as!(
        Marking,
        r#"select m.id, m.kind as "kind: MarkingKind", m.source as "source: Sealed", m.verified_on, m.valid_from, m.valid_to,
                  m.mail_route as "mail_route: MailRoute", r.display_name as registrar,
                  m.ended_by is not null as "is_ended!"
           from protection_marking m join account r on r.id = m.registered_by
           where m.person_id = $1 order by m.valid_to desc nulls first, m.valid_from desc, m.id desc limit 100"#,
        person
    )
    .fetch_all(case.read())
    .await?)
}

/// Whether the same form was saved the first time it was sent.
pub async fn exists(case: &mut CaseAccess<ManageMarkings>, id: Uuid) -> Result<bool> {
    wait_for(case, id).await?;
    let person = case.head().person;
    Ok(sqlx::query_scalar!(
        r#"select exists (select from protection_marking where id = $1 and person_id = $2) as "exists!""#,
        id,
        person
    )
    .fetch_one(case.read())
    .await?)
}

/// False when the person has an open one of the kind already.
pub async fn register(case: &mut CaseAccess<ManageMarkings>, new: &NewMarking) -> Result<bool> {
    let (person, actor, now) = (case.head().person, case.desk().actor().account, case.desk().clock().now());
    let source = case.desk().keys().seal(SOURCE.at(new.id), &new.source)?;
    let done = sqlx::query!(
        "insert into protection_marking (id, person_id, kind, source, verified_on, valid_from, mail_route, registered_by,
                                         registered_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        new.id,
        person,
        new.kind as MarkingKind,
        source as Sealed,
        new.verified_on,
        new.valid_from,
        new.mail_route as MailRoute,
        actor,
        now
    )
    .execute(case.write(Event::MarkingRegistered).await?)
    .await;
    match done {
        Ok(_) => Ok(true),
        Err(error) if constraint(&error) == Some("protection_marking_once") => Ok(false),
        // An id that is taken belongs to somebody else's marking: nobody's fault but a forger's.
        Err(error) => Err(on_constraint(error, "protection_marking_pkey", Error::NotFound)),
    }
}

/// From a day on it holds no more. Whoever ended it before has done the same.
pub async fn end(case: &mut CaseAccess<ManageMarkings>, id: Uuid, last: Date) -> Result<()> {
    let (person, actor) = (case.head().person, case.desk().actor().account);
    sqlx::query!(
        "update protection_marking set valid_to = $3, ended_by = $4
         where id = $1 and person_id = $2 and ended_by is null and kind <> 'fingerade'",
        id,
        person,
        last,
        actor
    )
    .execute(case.write(Event::MarkingEnded).await?)
    .await?;
    Ok(())
}

/// Breaks the identity: what reaches the person ends with it, by a trigger, and nothing can be added from then on. Stale
/// when the person has changed since the form was opened.
pub async fn break_identity(case: &mut CaseAccess<BreakIdentity>, id: Uuid, version: i32, source: &str) -> Result<()> {
    let (person, actor, now) = (case.head().person, case.desk().actor().account, case.desk().clock().now());
    let today = case.desk().clock().today();
    let source = case.desk().keys().seal(SOURCE.at(id), source)?;
    let work = case.write(Event::IdentityBroken).await?;
    let done = sqlx::query!(
        "update person set status = 'identity_broken', status_on = $3, version = version + 1
         where id = $1 and version = $2 and status = 'active'",
        person,
        version,
        today
    )
    .execute(&mut *work)
    .await?;
    if done.rows_affected() == 0 {
        return Err(Error::Stale);
    }
    sqlx::query!(
        "insert into protection_marking (id, person_id, kind, source, verified_on, valid_from, mail_route, registered_by,
                                         registered_at)
         values ($1, $2, 'fingerade', $3, $4, $4, 'none', $5, $6)",
        id,
        person,
        source as Sealed,
        today,
        actor,
        now
    )
    .execute(work)
    .await?;
    Ok(())
}
