//! SQL about what is done with a disclosure. Each step is taken once, by whoever may, on the version that was seen; the
//! database asks for the consent anew, and holds it while it does.

use time::Date;
use uuid::Uuid;

use crate::access::CaseAccess;
use crate::access::right::DecideDisclosure;
use crate::audit::Event;
use crate::crypto::Sealed;
use crate::disclosure::model::{Disclosure, Item};
use crate::disclosure::{REFUSAL, REVOKED_WHY};
use crate::error::{Error, Result, constraint};
use crate::vocabulary::DisclosureCategory;

fn refused(error: sqlx::Error) -> Error {
    match constraint(&error) {
        Some(
            "disclosure_stands" | "disclosure_empty" | "disclosure_covered" | "disclosure_liaison"
            | "disclosure_manager",
        ) => Error::Stale,
        _ => error.into(),
    }
}

/// Whether the consent that it rests on covers all of it now; true where it rests on none.
pub async fn is_covered(
    case: &mut CaseAccess<DecideDisclosure>,
    one: &Disclosure,
    items: &[Item],
    day: Date,
) -> Result<bool> {
    let Some(consent) = one.consent else { return Ok(true) };
    let case_id = case.head().id;
    let categories: Vec<_> = items.iter().flat_map(|item| item.categories.iter().copied()).collect();
    let covered = sqlx::query_scalar!(
        "select sec.consent_behind($1, $2, $3, $4, $5, $6)",
        consent,
        case_id,
        one.recipient.code(),
        &categories as &[DisclosureCategory],
        day,
        one.expires_on
    )
    .fetch_one(case.read())
    .await?;
    Ok(covered.unwrap_or(false))
}

/// Decides that it is handed over. False when somebody was there before.
pub async fn decide(case: &mut CaseAccess<DecideDisclosure>, id: Uuid, version: i32) -> Result<bool> {
    let (case_id, actor, now) = (case.head().id, case.desk().actor().clone(), case.desk().clock().now());
    let done = sqlx::query!(
        "update disclosure set status = 'decided', decided_by = $4, decided_role = sec.actor_role(),
           decided_title = (select a.title from account a where a.id = $4), decided_at = $5, version = version + 1
         where id = $1 and case_id = $2 and version = $3 and status = 'draft'",
        id,
        case_id,
        version,
        actor.account,
        now
    )
    .execute(case.write(Event::DisclosureDecided).await?)
    .await
    .map_err(refused)?;
    Ok(done.rows_affected() == 1)
}

/// Decides that it is not. Also what had been decided, as long as nothing has left.
pub async fn refuse(case: &mut CaseAccess<DecideDisclosure>, id: Uuid, version: i32, why: &str) -> Result<bool> {
    let (case_id, actor, now) = (case.head().id, case.desk().actor().clone(), case.desk().clock().now());
    let why = case.desk().keys().seal(REFUSAL.at(id), why)?;
    let done = sqlx::query!(
        "update disclosure set status = 'refused', decided_by = $4, decided_role = sec.actor_role(),
           decided_title = (select a.title from account a where a.id = $4), decided_at = $5, refusal = $6,
           version = version + 1
         where id = $1 and case_id = $2 and version = $3 and status in ('draft', 'decided')",
        id,
        case_id,
        version,
        actor.account,
        now,
        why as Sealed
    )
    .execute(case.write(Event::DisclosureRefused).await?)
    .await
    .map_err(refused)?;
    Ok(done.rows_affected() == 1)
}

/// Hands over what was decided.
pub async fn release(case: &mut CaseAccess<DecideDisclosure>, id: Uuid, version: i32) -> Result<bool> {
    let (case_id, actor, now) = (case.head().id, case.desk().actor().account, case.desk().clock().now());
    let done = sqlx::query!(
        "update disclosure set status = 'released', released_by = $4, released_at = $5, version = version + 1
         where id = $1 and case_id = $2 and version = $3 and status = 'decided'",
        id,
        case_id,
        version,
        actor,
        now
    )
    .execute(case.write(Event::DisclosureReleased).await?)
    .await
    .map_err(refused)?;
    Ok(done.rows_affected() == 1)
}

/// Hides it from the recipient's page. What was read has been read.
pub async fn hide(case: &mut CaseAccess<DecideDisclosure>, id: Uuid, version: i32, why: &str) -> Result<bool> {
    let (case_id, actor, now) = (case.head().id, case.desk().actor().account, case.desk().clock().now());
    let why = case.desk().keys().seal(REVOKED_WHY.at(id), why)?;
    let done = sqlx::query!(
        "update disclosure set status = 'revoked', revoked_by = $4, revoked_at = $5, revoked_why = $6, version = version + 1
         where id = $1 and case_id = $2 and version = $3 and status = 'released' and channel = 'police_portal'",
        id,
        case_id,
        version,
        actor,
        now,
        why as Sealed
    )
    .execute(case.write(Event::DisclosureRevoked).await?)
    .await
    .map_err(refused)?;
    Ok(done.rows_affected() == 1)
}
