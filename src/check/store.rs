//! SQL about checks in the police's registers.

use uuid::Uuid;

use super::model::{Basis, Check, NewCheck};
use crate::access::CaseAccess;
use crate::access::right::{ReadChecks, RegisterCheck};
use crate::audit::Event;
use crate::crypto::seal::{Column, Sealed};
use crate::error::{Error, Result};
use crate::vocabulary::{CheckResult, PoliceBody};

pub const GROUND: Column = Column("register_check.ground");

/// All of them, the latest first.
pub async fn list(case: &mut CaseAccess<ReadChecks>) -> Result<Vec<Check>> {
    let id = case.head().id;
    Ok(sqlx::query_as!(
        Check,
        r#"select k.id, k.body as "body: PoliceBody", k.performed_on, k.reported_on, k.result as "result: CheckResult",
                  k.next_due_on,
                  k.deviation_id as deviation, k.consent_id as consent, k.ground as "ground: Sealed",
                  a.display_name as registrar
           from register_check k join account a on a.id = k.registered_by
           where k.case_id = $1 order by k.performed_on desc, k.id desc limit 500"#,
        id
    )
    .fetch_all(case.read())
    .await?)
}

/// One of the case's.
pub async fn get(case: &mut CaseAccess<ReadChecks>, id: Uuid) -> Result<Check> {
    list(case).await?.into_iter().find(|check| check.id == id).ok_or(Error::NotFound)
}

/// Whether the same form was saved the first time it was sent.
pub async fn exists(case: &mut CaseAccess<RegisterCheck>, id: Uuid) -> Result<bool> {
    let case_id = case.head().id;
    // The same form sent twice at the same moment: the second waits here.
    sqlx::query_scalar!(r#"select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 0))::text as "locked""#, id)
        .fetch_one(case.read())
        .await?;
    Ok(sqlx::query_scalar!(
        r#"select exists (select from register_check where id = $1 and case_id = $2) as "exists!""#,
        id,
        case_id
    )
    .fetch_one(case.read())
    .await?)
}

/// Registers a check. A deviation that it showed is registered already. Stale when a consent was given or taken back in
/// the very moment.
pub async fn register(case: &mut CaseAccess<RegisterCheck>, new: &NewCheck) -> Result<()> {
    let (case_id, actor, now) = (case.head().id, case.desk().actor().account, case.desk().clock().now());
    let (consent, ground) = match &new.basis {
        Basis::Consent(id) => (Some(*id), None),
        Basis::Ground(text) => (None, Some(case.desk().keys().seal(GROUND.at(new.id), text)?)),
    };
    sqlx::query!(
        "insert into register_check (id, case_id, body, performed_on, reported_on, result, deviation_id, consent_id, ground,
                                     registered_by, registered_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        new.id,
        case_id,
        new.body as PoliceBody,
        new.performed_on,
        new.reported_on,
        new.finding.result() as CheckResult,
        new.finding.deviation(),
        consent,
        ground as Option<Sealed>,
        actor,
        now
    )
    .execute(case.write(Event::CheckRegistered).await?)
    .await
    .map_err(|error| match crate::error::constraint(&error) {
        Some("register_check_permitted") => Error::Stale,
        // An id that is taken belongs to a check in another case: nobody's fault but a forger's.
        Some("register_check_pkey") => Error::NotFound,
        _ => error.into(),
    })?;
    Ok(())
}
