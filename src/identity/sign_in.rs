//! Signing in: throttle, password, one-time code, session, in that order and with the same work whether the name exists
//! or not. No connection is held while a password is hashed: a flood of tries must not empty the pool.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::passkey;
use super::recovery;
use super::throttle::{self, Lane};
use super::{CODE_SEED, name_hash, outside, plain_name, session};
use crate::audit::{self, Event, Note, Source};
use crate::crypto::token::{Token, sha256};
use crate::crypto::totp::{Seed, matching_step};
use crate::crypto::{KeyRing, Sealed};
use crate::error::Result;
use crate::state::AppState;
use crate::vocabulary::Role;

/// What came with the form, and from where.
pub struct Typed<'t> {
    pub user_name: &'t str,
    pub password: &'t str,
    pub code: &'t str,
    /// The device token of an earlier sign-in, if its cookie came back.
    pub device: Option<&'t str>,
    /// What the browser calls itself; only its family is kept.
    pub browser: &'t str,
    pub address: Option<String>,
}

/// How it went. A refusal does not say what was wrong.
#[derive(Debug)]
pub enum Outcome {
    In {
        token: Token,
        device: Token,
        /// Whether a form waits that was sent after the last session had run out.
        unsent: bool,
    },
    /// Nowhere but to where the first key is registered.
    Enrols {
        token: Token,
    },
    Refused,
    Wait {
        seconds: u64,
    },
}

/// What the account must match; absent parts never match.
pub(super) struct Credential {
    pub(super) account_id: Uuid,
    pub(super) role: Role,
    pub(super) password: String,
    pub(super) seed: Seed,
    last_step: i64,
}

/// The whole of it. Where the role demands a key this leads to registering the first one, and nowhere when there is one:
/// what can be given away to a false page is not enough to see a person.
pub async fn sign_in(state: &AppState, typed: Typed<'_>) -> Result<Outcome> {
    let (db, AppState { keys, passwords, clock, must_use_key, .. }) = (state.db(), state);
    let name = plain_name(typed.user_name);
    let refused = || Note::of(Event::SignInRefused).with("name", name_hash(keys, &name));
    let source = outside(typed.address.clone());

    let mut work = db.begin_login().await?;
    let now = clock.now();
    let (lane, is_known_device) = lane(&mut work, keys, &name, typed.device).await?;
    let mut wait = throttle::knock_network(&mut work, keys, typed.address.as_deref(), now).await?;
    let from_network = wait.is_some();
    if wait.is_none() {
        wait = lane.knock(&mut work, now).await?;
    }
    if let Some(seconds) = wait {
        let note = refused().with("why", if from_network { "network" } else { "delay" });
        audit::append(&mut work, keys, now, &source, &[note]).await?;
        work.commit().await?;
        return Ok(Outcome::Wait { seconds });
    }
    let credential = credential(&mut work, keys, &name).await?;
    work.commit().await?;

    let known = match &credential {
        Some(credential) => passwords.verify(typed.password, &credential.password).await?,
        None => passwords.dummy_verify(typed.password).await?,
    };
    // Asked after the hashing, which may have waited in line past the end of a step.
    let now = clock.now();
    let step = match &credential {
        Some(credential) => step(&credential.seed, typed.code, now),
        None => step(&Seed::draw()?, typed.code, now).and(None),
    };
    let proven = match (credential, step) {
        (Some(credential), Some(step)) if known && step > credential.last_step => Some((credential, step)),
        _ => None,
    };
    let rehashed = match &proven {
        Some((credential, _)) if passwords.needs_rehash(&credential.password) => {
            Some(passwords.hash(typed.password).await?)
        }
        _ => None,
    };

    let mut work = db.begin_login().await?;
    let demands_key = proven.as_ref().is_some_and(|(credential, _)| must_use_key(credential.role));
    let has_key = match &proven {
        Some((credential, _)) if demands_key => passkey::has_any(&mut work, credential.account_id).await?,
        _ => false,
    };
    let recovers = match &proven {
        Some((credential, _)) => recovery::waits(&mut work, credential.account_id).await?,
        None => false,
    };
    // Said like any other refusal: whoever has come by both learns nothing of it.
    if has_key || recovers {
        let why = if has_key { "key" } else { "recovery" };
        audit::append(&mut work, keys, now, &source, &[refused().with("why", why)]).await?;
        work.commit().await?;
        return Ok(Outcome::Refused);
    }
    if let Some((credential, step)) = proven
        && spend(&mut work, &credential, step, rehashed.as_deref()).await?
    {
        if demands_key {
            let (session_id, token) = session::begin_enrolling(&mut work, credential.account_id, typed.browser).await?;
            lane.clear(&mut work).await?;
            let source = Source {
                actor: Some(credential.account_id),
                role: Some(credential.role.code()),
                session: Some(session_id),
                ..source
            };
            let note = Note { changes: true, ..Note::of(Event::KeyDemanded) };
            audit::append(&mut work, keys, now, &source, &[note]).await?;
            work.commit().await?;
            return Ok(Outcome::Enrols { token });
        }
        let (session_id, token) = session::begin(&mut work, credential.account_id, typed.browser).await?;
        let device = remember_device(&mut work, credential.account_id).await?;
        let unsent = has_unsent(&mut work, credential.account_id).await?;
        lane.clear(&mut work).await?;
        let source = Source {
            actor: Some(credential.account_id),
            role: Some(credential.role.code()),
            session: Some(session_id),
            ..source
        };
        let note = Note { changes: true, ..Note::of(Event::SignedIn).with("new_device", !is_known_device) };
        audit::append(&mut work, keys, now, &source, &[note]).await?;
        work.commit().await?;
        return Ok(Outcome::In { token, device, unsent });
    }
    audit::append(&mut work, keys, now, &source, &[refused()]).await?;
    work.commit().await?;
    Ok(Outcome::Refused)
}

/// The lane this try is counted in, and whether the device is known: only to the account that it signed in to.
pub(super) async fn lane(
    work: &mut PgConnection,
    keys: &KeyRing,
    name: &str,
    device: Option<&str>,
) -> Result<(Lane, bool)> {
    let known = sqlx::query_scalar!(
        r#"select exists (select from identity.device d join identity.credential c using (account_id)
                          where d.token_hash = $1 and c.user_name = $2 and now() < d.ends_at) as "known!""#,
        &sha256(device.unwrap_or_default()),
        name
    )
    .fetch_one(work)
    .await?;
    let lane = match device {
        Some(device) if known => Lane::known_device(keys, device),
        _ => Lane::strangers(keys, name),
    };
    Ok((lane, known))
}

/// Only of an account that is active, activated and has a role today: `sec.open` would let no other one in.
pub(super) async fn credential(work: &mut PgConnection, keys: &KeyRing, name: &str) -> Result<Option<Credential>> {
    let account = sqlx::query_scalar!("select account_id from identity.credential where user_name = $1", name)
        .fetch_optional(&mut *work)
        .await?;
    // Looked for also when there is none, so that both take as long.
    credential_of(work, keys, account.unwrap_or_default()).await
}

/// The same of an account that is known by its id.
pub(super) async fn credential_of(
    work: &mut PgConnection,
    keys: &KeyRing,
    account: Uuid,
) -> Result<Option<Credential>> {
    let row = sqlx::query!(
        r#"select c.account_id, c.password as "password!", c.code_seed as "code_seed!", c.last_code_step,
                  g.role as "role: Role"
           from identity.credential c
           join account a on a.id = c.account_id and a.is_active
           join role_grant g on g.account_id = a.id and now() >= g.valid_from and now() < g.valid_to
           where c.account_id = $1 and c.password is not null and c.code_seed is not null"#,
        account
    )
    .fetch_optional(work)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let seed = keys.open_seed(CODE_SEED.at(row.account_id), &Sealed::from_bytes(row.code_seed))?;
    Ok(Some(Credential {
        account_id: row.account_id,
        role: row.role,
        password: row.password,
        seed: Seed::from_bytes(secrecy::ExposeSecret::expose_secret(&seed))?,
        last_step: row.last_code_step,
    }))
}

pub(super) fn step(seed: &Seed, code: &str, now: OffsetDateTime) -> Option<i64> {
    matching_step(seed, code, now.unix_timestamp())
}

/// Spends the code's step. False when another request spent it in the meantime, or the password was replaced.
async fn spend(work: &mut PgConnection, credential: &Credential, step: i64, rehashed: Option<&str>) -> Result<bool> {
    audit::announce(work, Event::SignedIn).await?;
    let spent = sqlx::query!(
        "update identity.credential set last_code_step = $2, password = coalesce($3, password)
         where account_id = $1 and last_code_step < $2 and password = $4",
        credential.account_id,
        step,
        rehashed,
        credential.password
    )
    .execute(work)
    .await?;
    Ok(spent.rows_affected() == 1)
}

pub(super) async fn has_unsent(work: &mut PgConnection, account_id: Uuid) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from parked_form where account_id = $1 and now() < ends_at) as "exists!""#,
        account_id
    )
    .fetch_one(work)
    .await?)
}

pub(super) async fn remember_device(work: &mut PgConnection, account_id: Uuid) -> Result<Token> {
    let device = Token::draw()?;
    sqlx::query!(
        "insert into identity.device (token_hash, account_id, ends_at) values ($1, $2, now() + interval '90 days')",
        &device.hash(),
        account_id
    )
    .execute(work)
    .await?;
    Ok(device)
}
