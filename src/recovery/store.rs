//! SQL about recoveries. What changes goes through functions of Postgres that decide by themselves whose it is to do.

use uuid::Uuid;

use super::form::NewRecovery;
use super::model::Recovery;
use super::{CHECKED, REASON};
use crate::access::Access;
use crate::access::right::{ConfirmRecovery, NoteRecovery, ReadRecoveries, StartRecovery};
use crate::audit::{Event, Note};
use crate::crypto::seal::Sealed;
use crate::crypto::token::Code;
use crate::error::{Error, Result, constraint};
use crate::identity::proof::Proof;
use crate::vocabulary::{RecoveryKind, Role};

/// The longest list.
const AT_MOST: i64 = 200;

/// Those that wait for somebody, the oldest first.
pub async fn open(access: &mut Access<ReadRecoveries>) -> Result<Vec<Recovery>> {
    let mut open = some(access, None, false).await?;
    open.reverse();
    Ok(open)
}

/// The newest first.
pub async fn list(access: &mut Access<ReadRecoveries>) -> Result<Vec<Recovery>> {
    let all = some(access, None, true).await?;
    access.shown(Note::of(Event::RecoveriesShown).with("count", all.len()));
    Ok(all)
}

pub async fn get(access: &mut Access<ReadRecoveries>, id: Uuid) -> Result<Recovery> {
    let one = some(access, Some(id), true).await?.pop().ok_or(Error::NotFound)?;
    access.shown(Note::of(Event::RecoveriesShown).with("account", one.account.to_string()));
    Ok(one)
}

async fn some(access: &mut Access<ReadRecoveries>, id: Option<Uuid>, also_done: bool) -> Result<Vec<Recovery>> {
    Ok(sqlx::query_as!(
        Recovery,
        r#"select r.id, r.account_id as account, a.display_name as name, r.kind as "kind: RecoveryKind", r.started_by,
                  s.display_name as started_by_name, r.started_at, r.reason as "reason: Sealed",
                  r.checked as "checked: Sealed", c.display_name as "confirmed_by?", r.confirmed_at, r.expires_at, r.used_at,
                  r.ended_at,
                  exists (select from account_recovery_note n where n.recovery_id = r.id and n.role = sec.actor_role())
                    as "is_noted!",
                  (select string_agg(b.display_name, ', ' order by n.noted_at) from account_recovery_note n
                   join account b on b.id = n.account_id where n.recovery_id = r.id) as noted_by
           from account_recovery r
           join account a on a.id = r.account_id
           join account s on s.id = r.started_by
           left join account c on c.id = r.confirmed_by
           where ($1::uuid is null or r.id = $1)
             and ($2 or (r.ended_at is null and not exists (select from account_recovery_note n
                         where n.recovery_id = r.id and n.role = sec.actor_role())))
           order by r.started_at desc, r.id limit $3"#,
        id,
        also_done,
        AT_MOST
    )
    .fetch_all(access.read())
    .await?)
}

/// Starts one. Sent twice it is started once.
pub async fn start(access: &mut Access<StartRecovery>, account: Uuid, new: &NewRecovery) -> Result<()> {
    let now = access.desk().clock().now();
    let reason = access.desk().keys().seal(REASON.at(new.id), &new.reason)?;
    let checked = access.desk().keys().seal(CHECKED.at(new.id), &new.checked)?;
    let started = sqlx::query_scalar!(
        r#"select sec.start_recovery($1, $2, $3, $4, $5) as "started!""#,
        new.id,
        account,
        reason.as_bytes(),
        checked.as_bytes(),
        now
    )
    .fetch_one(access.write(Event::RecoveryStarted, None).await?)
    .await;
    match started {
        Ok(true) => Ok(()),
        Ok(false) => Err(Error::Invalid("Kontot är inte aktivt, saknar roll eller är ditt eget.")),
        Err(error) if constraint(&error) == Some("account_recovery_pkey") => Err(Error::Stale),
        Err(error) => Err(error.into()),
    }
}

/// Whether it has been started with this form already.
pub async fn is_started(access: &mut Access<StartRecovery>, id: Uuid) -> Result<bool> {
    let found = sqlx::query_scalar!(r#"select exists (select 1 from account_recovery where id = $1) as "found!""#, id);
    Ok(found.fetch_one(access.read()).await?)
}

/// Confirms one: keys, codes and sessions of the account end, and the code that is given back opens it once.
pub async fn confirm(access: &mut Access<ConfirmRecovery>, one: &Recovery, _: Proof) -> Result<Code> {
    let (code, now) = (Code::draw()?, access.desk().clock().now());
    let hash = access.desk().keys().code_hash(code.reveal());
    let note = Note::of(Event::RecoveryConfirmed).with("account", one.account.to_string());
    let said = sqlx::query_scalar!(r#"select sec.confirm_recovery($1, $2, $3) as "said!""#, one.id, &hash, now)
        .fetch_one(access.look(note).await?)
        .await?;
    match said.as_str() {
        "confirmed" => Ok(code),
        "stale" => Err(Error::Stale),
        _ => Err(Error::Forbidden),
    }
}

/// Somebody who must know has seen it. A colleague in the same role may have been first.
pub async fn note(access: &mut Access<NoteRecovery>, id: Uuid) -> Result<()> {
    let (actor, now) = (access.desk().actor().clone(), access.desk().clock().now());
    sqlx::query!(
        "insert into account_recovery_note (recovery_id, role, account_id, noted_at) values ($1, $2, $3, $4)
         on conflict (recovery_id, role) do nothing",
        id,
        actor.role as Role,
        actor.account,
        now
    )
    .execute(access.write(Event::RecoveryNoted, None).await?)
    .await?;
    Ok(())
}
