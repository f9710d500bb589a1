//! SQL about who is in danger, and about locking. The report comes from functions of Postgres that count and never show.

use std::collections::HashMap;

use sqlx::PgConnection;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::REASON;
use super::model::{DOCUMENTS, Exposed, Exposure, Lock};
use crate::access::Access;
use crate::access::right::{LockAccount, ReadExposure};
use crate::audit::Event;
use crate::crypto::seal::Sealed;
use crate::error::{Error, Result};
use crate::vocabulary::{PoliceBody, ProtectionLevel, Role};

/// Everything that the account has seen or could have reached since then. For a colleague at a desk, and for the operator.
pub async fn read(work: &mut PgConnection, account: Uuid, since: OffsetDateTime) -> Result<Exposure> {
    let rows = sqlx::query!(
        r#"select case_id as "case!", reference as "reference!", is_closed as "is_closed!",
                  protection as "protection!: ProtectionLevel", seen_at, seen_times as "seen_times!", listed_at,
                  events as "events!", location_at, reach as "reach!", reach_until, locations as "locations!", responsible,
                  coordinator, police_body as "police_body: PoliceBody", police_at
           from sec.exposure($1, $2)"#,
        account,
        since
    )
    .fetch_all(&mut *work)
    .await?;
    let cases: Vec<Uuid> = rows.iter().map(|row| row.case).collect();
    let documents: Vec<(Uuid, String, Uuid)> = sqlx::query!(
        r#"select case_id as "case!", kind as "kind!", id as "id!" from sec.exposed_documents($1) order by case_id, kind, id"#,
        &cases
    )
    .fetch_all(&mut *work)
    .await?
    .into_iter()
    .map(|row| (row.case, row.kind, row.id))
    .collect();
    let mut counted: HashMap<(Uuid, &str), usize> = HashMap::new();
    for (case, kind, _) in &documents {
        *counted.entry((*case, kind.as_str())).or_default() += 1;
    }
    let exposed = rows.into_iter().map(|row| Exposed {
        documents: DOCUMENTS
            .iter()
            .filter_map(|(kind, word)| Some((*word, *counted.get(&(row.case, *kind))?)))
            .collect(),
        case: row.case,
        reference: row.reference,
        is_closed: row.is_closed,
        protection: row.protection,
        seen_at: row.seen_at,
        seen_times: row.seen_times,
        listed_at: row.listed_at,
        events: row.events,
        location_at: row.location_at,
        reach: row.reach,
        reach_until: row.reach_until,
        locations: row.locations,
        responsible: row.responsible,
        coordinator: row.coordinator,
        police: row.police_body.zip(row.police_at),
    });
    let cases = exposed.collect();
    let intakes = sqlx::query!(
        r#"select id as "id!", received_on as "received_on!: Date" from sec.exposed_intakes($1, $2)"#,
        account,
        since
    )
    .fetch_all(work)
    .await?;
    Ok(Exposure { cases, documents, intakes: intakes.into_iter().map(|row| (row.id, row.received_on)).collect() })
}

/// An account that may be in the wrong hands.
pub struct Suspect {
    pub id: Uuid,
    pub name: String,
    pub title: String,
    pub role: Option<Role>,
    pub is_active: bool,
}

pub async fn suspects(access: &mut Access<ReadExposure>) -> Result<Vec<Suspect>> {
    Ok(sqlx::query_as!(
        Suspect,
        r#"select a.id, a.display_name as name, a.title, a.is_active,
                  (select g.role from role_grant g where g.account_id = a.id order by g.valid_to desc limit 1) as "role: Role"
           from account a order by a.display_name, a.id"#
    )
    .fetch_all(access.read())
    .await?)
}

/// Code names of the cases that the actor may see; of the others the reference must do.
pub async fn code_names(access: &mut Access<ReadExposure>, cases: &[Uuid]) -> Result<HashMap<Uuid, String>> {
    let rows =
        sqlx::query!("select id, code_name from case_file where id = any($1)", cases).fetch_all(access.read()).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.code_name)).collect())
}

/// The newest lock of the account.
pub async fn lock_of(access: &mut Access<ReadExposure>, account: Uuid) -> Result<Option<Lock>> {
    Ok(locks(access).await?.into_iter().find(|lock| lock.account == account))
}

/// Locks, the newest first.
pub async fn locks(access: &mut Access<ReadExposure>) -> Result<Vec<Lock>> {
    Ok(sqlx::query_as!(
        Lock,
        r#"select l.id, l.account_id as account, a.display_name as account_name, b.display_name as locked_by, l.locked_at,
                  l.since, l.sessions, cardinality(l.cases)::bigint as "cases!", l.notify_by, s.display_name as "settled_by?"
           from account_lock l join account a on a.id = l.account_id join account b on b.id = l.locked_by
           left join account s on s.id = l.settled_by order by l.locked_at desc limit 100"#
    )
    .fetch_all(access.read())
    .await?)
}

/// What is locked, beside the list of those in danger.
pub struct NewLock {
    pub id: Uuid,
    pub account: Uuid,
    pub since: OffsetDateTime,
    pub reason: Option<String>,
}

/// Locks the account, ends its sessions and keeps the list, all or nothing.
pub async fn lock(access: &mut Access<LockAccount>, new: &NewLock) -> Result<()> {
    let now = access.desk().clock().now();
    let reason = new.reason.as_ref().map(|text| access.desk().keys().seal(REASON.at(new.id), text)).transpose()?;
    let exposure = read(access.read(), new.account, new.since).await?;
    let cases: Vec<Uuid> = exposure.cases.iter().map(|one| one.case).collect();
    let ended = sqlx::query_scalar!(
        "select sec.lock_account($1, $2, $3, $4, $5, $6)",
        new.id,
        new.account,
        now,
        new.since,
        reason.as_ref().map(Sealed::as_bytes),
        &cases
    )
    .fetch_one(access.write(Event::AccountLocked, None).await?)
    .await?;
    ended.map(drop).ok_or(Error::Forbidden)
}

pub async fn is_locked(access: &mut Access<LockAccount>, id: Uuid) -> Result<bool> {
    let found = sqlx::query_scalar!(r#"select exists (select 1 from account_lock where id = $1) as "found!""#, id);
    Ok(found.fetch_one(access.read()).await?)
}

/// Everybody has been called, and what must be reported has been.
pub async fn settle(access: &mut Access<LockAccount>, account: Uuid) -> Result<bool> {
    let (actor, now) = (access.desk().actor().account, access.desk().clock().now());
    let settled = sqlx::query!(
        "update account_lock set settled_by = $2, settled_at = $3 where account_id = $1 and settled_at is null",
        account,
        actor,
        now
    )
    .execute(access.write(Event::AccountLockSettled, None).await?)
    .await?;
    Ok(settled.rows_affected() > 0)
}
