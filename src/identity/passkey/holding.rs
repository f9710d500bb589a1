//! The keys that somebody has: a new one, and taking one away. Both come after a fresh proof, and both end every other
//! session of the account: whoever sat there did not show any of these keys.

use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Answer, KEY, asker, held, party, put, take};
use crate::audit::{self, Event, Note, Source};
use crate::error::{Result, constraint};
use crate::state::AppState;
use crate::vocabulary::Role;

/// Keys enough for anybody.
const AT_MOST: usize = 10;

/// How it went with a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    Done,
    /// The answer was late, is another's, or is no answer.
    Refused,
    /// The same key is there already, or there are ten.
    TooMany,
}

/// How it went with one that was to be taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removed {
    Done,
    /// The role demands one, and this is the last.
    Last,
    /// It is there no longer, or is somebody else's.
    Gone,
}

/// Asks for a new key, in the session that has just proven who it is.
pub async fn ask_for_new(state: &AppState, source: &Source) -> Result<Value> {
    let mut work = state.db().begin_login().await?;
    let asked = ask_in(&mut work, state, asker(source)?).await?;
    work.commit().await?;
    Ok(asked)
}

pub(super) async fn ask_in(work: &mut PgConnection, state: &AppState, asker: (Uuid, Uuid)) -> Result<Value> {
    let who = sqlx::query!(
        "select c.user_name, a.display_name from identity.credential c join account a on a.id = c.account_id
         where c.account_id = $1",
        asker.0
    )
    .fetch_one(&mut *work)
    .await?;
    let held = held(&mut *work, &state.keys, asker.0).await?;
    let held: Vec<_> = held.iter().map(|held| &held.key).collect();
    let question = party(state)?.ask_for_new(asker.0, &who.user_name, &who.display_name, &held)?;
    put(work, &state.keys, "register", Some(asker), None, question).await
}

/// Keeps the new key under the name that its holder gave it.
pub async fn add(state: &AppState, source: &Source, name: &str, typed: &str) -> Result<Added> {
    let asker = asker(source)?;
    let mut work = state.db().begin_login().await?;
    let added = add_in(&mut work, state, asker, name, typed).await?;
    if added == Added::Done {
        end_others(&mut work, asker).await?;
        let note = Note { changes: true, ..Note::of(Event::KeyAdded) };
        audit::append(&mut work, &state.keys, state.clock.now(), source, &[note]).await?;
    }
    work.commit().await?;
    Ok(added)
}

/// The same, in the caller's transaction, who writes the trail.
pub(super) async fn add_in(
    work: &mut PgConnection,
    state: &AppState,
    asker: (Uuid, Uuid),
    name: &str,
    typed: &str,
) -> Result<Added> {
    let Some(answer) = Answer::read(typed) else { return Ok(Added::Refused) };
    let Some(question) = take(&mut *work, &state.keys, "register", Some(asker), answer.challenge).await? else {
        return Ok(Added::Refused);
    };
    let Some(key) = party(state)?.new_key(&question, &answer.credential) else { return Ok(Added::Refused) };
    if held(&mut *work, &state.keys, asker.0).await?.len() >= AT_MOST {
        return Ok(Added::TooMany);
    }
    audit::announce(work, Event::KeyAdded).await?;
    let id = Uuid::now_v7();
    let sealed = state.keys.seal(KEY.at(id), &key.written()?)?;
    let added = sqlx::query!(
        "insert into identity.passkey (id, account_id, credential_id, sealed, name) values ($1, $2, $3, $4, $5)
         on conflict (credential_id) do nothing",
        id,
        asker.0,
        key.id(),
        sealed.as_bytes(),
        name
    )
    .execute(work)
    .await?;
    Ok(if added.rows_affected() == 1 { Added::Done } else { Added::TooMany })
}

/// Takes a key away for good.
pub async fn remove(state: &AppState, source: &Source, role: Role, key: Uuid) -> Result<Removed> {
    let asker = asker(source)?;
    let mut work = state.db().begin_login().await?;
    // Held, so that of two who each take away one not both are the second last.
    let all: Vec<Uuid> = sqlx::query_scalar!(
        "select id from identity.passkey where account_id = $1 and revoked_at is null for update",
        asker.0
    )
    .fetch_all(&mut *work)
    .await?;
    if !all.contains(&key) {
        return Ok(Removed::Gone);
    }
    if all.len() == 1 && (state.must_use_key)(role) {
        return Ok(Removed::Last);
    }
    audit::announce(&mut work, Event::KeyRemoved).await?;
    let removed =
        sqlx::query!("update identity.passkey set revoked_at = now() where id = $1", key).execute(&mut *work).await;
    match removed {
        // Postgres holds to it also where the operator has said that keys are not demanded.
        Err(error) if constraint(&error) == Some("last_passkey") => return Ok(Removed::Last),
        removed => removed?,
    };
    end_others(&mut work, asker).await?;
    let note = Note { changes: true, ..Note::of(Event::KeyRemoved) };
    audit::append(&mut work, &state.keys, state.clock.now(), source, &[note]).await?;
    work.commit().await?;
    Ok(Removed::Done)
}

async fn end_others(work: &mut PgConnection, (account, session): (Uuid, Uuid)) -> Result<()> {
    sqlx::query!(
        "update identity.session set ended_at = now(), ended_why = 'keys_changed'
         where account_id = $1 and id <> $2 and ended_at is null",
        account,
        session
    )
    .execute(work)
    .await?;
    Ok(())
}

/// A reactivated account begins without any.
pub(in crate::identity) async fn revoke_all(work: &mut PgConnection, account: Uuid) -> Result<()> {
    sqlx::query!(
        "update identity.passkey set revoked_at = now() where account_id = $1 and revoked_at is null",
        account
    )
    .execute(work)
    .await?;
    Ok(())
}
