//! Getting back in without a key: user name, password and a code of 120 bits, from a sheet or handed over in person. It leads
//! to registering a new key and to nothing else. Refused like any sign-in, with the same work whether the name exists or not.

use sqlx::PgConnection;
use uuid::Uuid;

use super::sign_in::{self, Credential, Typed};
use super::throttle;
use super::{name_hash, outside, plain_name, session};
use crate::audit::{self, Event, Note, Source};
use crate::crypto::KeyRing;
use crate::crypto::token::{Code, Token};
use crate::error::Result;
use crate::state::AppState;
use crate::vocabulary::RecoveryKind;

/// How many codes are on a sheet.
pub const CODES: usize = 5;

/// How it went. A refusal does not say what was wrong.
#[derive(Debug)]
pub enum Recovered {
    /// To where a new key is registered.
    Enrols {
        token: Token,
    },
    Refused,
    Wait {
        seconds: u64,
    },
}

/// A sheet of codes to print, and what is kept of it.
pub struct Sheet {
    pub codes: Vec<Code>,
    pub hashes: Vec<Vec<u8>>,
}

/// Draws a sheet. What is kept of it opens nothing by itself.
pub fn draw_sheet(keys: &KeyRing) -> Result<Sheet> {
    let codes = (0..CODES).map(|_| Code::draw()).collect::<Result<Vec<_>>>()?;
    let hashes = codes.iter().map(|code| keys.code_hash(code.reveal()).to_vec()).collect();
    Ok(Sheet { codes, hashes })
}

/// The whole of it. `typed.code` is the recovery code.
pub async fn recover(state: &AppState, typed: Typed<'_>) -> Result<Recovered> {
    let (db, AppState { keys, passwords, clock, .. }) = (state.db(), state);
    let name = plain_name(typed.user_name);
    let refused = || Note::of(Event::SignInRefused).with("name", name_hash(keys, &name)).with("by", "recovery");
    let source = outside(typed.address.clone());

    let mut work = db.begin_login().await?;
    let now = clock.now();
    let (lane, _) = sign_in::lane(&mut work, keys, &name, typed.device).await?;
    let mut wait = throttle::knock_network(&mut work, keys, typed.address.as_deref(), now).await?;
    if wait.is_none() {
        wait = lane.knock(&mut work, now).await?;
    }
    if let Some(seconds) = wait {
        audit::append(&mut work, keys, now, &source, &[refused().with("why", "delay")]).await?;
        work.commit().await?;
        return Ok(Recovered::Wait { seconds });
    }
    let credential = sign_in::credential(&mut work, keys, &name).await?;
    work.commit().await?;

    let known = match &credential {
        Some(credential) => passwords.verify(typed.password, &credential.password).await?,
        None => passwords.dummy_verify(typed.password).await?,
    };
    let now = clock.now();
    let mut work = db.begin_login().await?;
    let account = credential.as_ref().filter(|_| known).map(|credential| credential.account_id);
    let hash = Code::parse(typed.code).map(|code| keys.code_hash(code.reveal())).unwrap_or_default();
    // Looked for also where there is nobody, so that both take as long.
    let spent = spend(&mut work, account.unwrap_or_default(), &hash, now).await?;
    let (Some(credential), Some(spent)) = (credential, spent) else {
        audit::append(&mut work, keys, now, &source, &[refused()]).await?;
        work.commit().await?;
        return Ok(Recovered::Refused);
    };
    let kind = note(&mut work, &credential, spent, now).await?;
    session::end_all(&mut work, credential.account_id, "recovered").await?;
    let (session_id, token) = session::begin_enrolling(&mut work, credential.account_id, typed.browser).await?;
    lane.clear(&mut work).await?;
    let source = Source {
        actor: Some(credential.account_id),
        role: Some(credential.role.code()),
        session: Some(session_id),
        ..source
    };
    let note = Note { changes: true, ..Note::of(Event::RecoveryCodeUsed).with("kind", kind.code()) };
    audit::append(&mut work, keys, now, &source, &[note, Note::of(Event::KeyDemanded)]).await?;
    work.commit().await?;
    Ok(Recovered::Enrols { token })
}

/// A code that has been spent, and what it belonged to where it was handed over in person.
struct Spent {
    recovery: Option<Uuid>,
}

/// Spends the code. None where there is no such code, or it is used, or too old.
async fn spend(
    work: &mut PgConnection,
    account: Uuid,
    hash: &[u8],
    now: time::OffsetDateTime,
) -> Result<Option<Spent>> {
    audit::announce(work, Event::RecoveryCodeUsed).await?;
    Ok(sqlx::query_as!(
        Spent,
        "update identity.recovery_code set used_at = now()
         where account_id = $1 and code_hash = $2 and used_at is null and (expires_at is null or $3 < expires_at)
         returning recovery_id as recovery",
        account,
        hash,
        now
    )
    .fetch_optional(work)
    .await?)
}

/// Keeps that it happened, for those who must know: of a sheet a row of its own, with the day in which much is closed.
async fn note(
    work: &mut PgConnection,
    credential: &Credential,
    spent: Spent,
    now: time::OffsetDateTime,
) -> Result<RecoveryKind> {
    if let Some(recovery) = spent.recovery {
        sqlx::query!("update account_recovery set used_at = $2 where id = $1", recovery, now).execute(work).await?;
        return Ok(RecoveryKind::InPerson);
    }
    sqlx::query!(
        "insert into account_recovery (id, account_id, unit_id, kind, started_by, started_at, used_at, barred_until)
         select $1, a.id, a.unit_id, 'code', a.id, $3, $3, now() + interval '24 hours' from account a where a.id = $2",
        Uuid::now_v7(),
        credential.account_id,
        now
    )
    .execute(work)
    .await?;
    Ok(RecoveryKind::Code)
}

/// Whether a code that was handed over in person waits for its holder: then nothing else leads to a first key.
pub(super) async fn waits(work: &mut PgConnection, account: Uuid) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from account_recovery r where r.account_id = $1 and r.kind = 'in_person'
                            and r.confirmed_at is not null and r.used_at is null and r.ended_at is null) as "waits!""#,
        account
    )
    .fetch_one(work)
    .await?)
}

/// Whether the account came in with a code of a sheet less than a day ago.
pub(super) async fn is_barred(work: &mut PgConnection, account: Uuid) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from account_recovery where account_id = $1 and now() < barred_until) as "is!""#,
        account
    )
    .fetch_one(work)
    .await?)
}

/// An account that is activated anew needs no recovery that was begun.
pub(super) async fn end(work: &mut PgConnection, account: Uuid, now: time::OffsetDateTime) -> Result<()> {
    sqlx::query!(
        "update account_recovery set ended_at = $2
         where account_id = $1 and kind = 'in_person' and used_at is null and ended_at is null",
        account,
        now
    )
    .execute(&mut *work)
    .await?;
    sqlx::query!("delete from identity.recovery_code where account_id = $1", account).execute(work).await?;
    Ok(())
}
