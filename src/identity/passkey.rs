//! Passkeys: what a key is asked stands in Postgres, bound to the session that asked, and is worth something once. The
//! browser carries the number of the question and the answer, and nothing that the answer is checked against.

pub mod enrolling;
pub mod holding;
pub mod signing_in;

use serde::Deserialize;
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use super::proof::{About, Proof, Proven};
use super::throttle::Lane;
use crate::audit::{self, Event, Note, Source};
use crate::crypto::passkey::{Answered, Key, Question, RelyingParty};
use crate::crypto::seal::Column;
use crate::crypto::{KeyRing, Sealed};
use crate::error::{Error, Result};
use crate::state::AppState;

const KEY: Column = Column("identity.passkey.sealed");
const STATE: Column = Column("identity.passkey_challenge.sealed");

/// A key that somebody has.
struct Held {
    id: Uuid,
    key: Key,
}

/// What the browser sends: which question it was, and what the key said.
#[derive(Deserialize)]
struct Answer {
    challenge: Uuid,
    credential: Value,
}

impl Answer {
    fn read(typed: &str) -> Option<Self> {
        serde_json::from_str(typed).ok()
    }
}

/// Whom a question is put to: account and session; nobody at the door.
type Asker = Option<(Uuid, Uuid)>;

/// Who is behind a source, where somebody is.
fn asker(source: &Source) -> Result<(Uuid, Uuid)> {
    source.actor.zip(source.session).ok_or_else(|| Error::internal("a key outside a session"))
}

fn party(state: &AppState) -> Result<&RelyingParty> {
    state.passkeys.as_deref().ok_or(Error::Invalid("Nycklar fungerar inte på den här adressen."))
}

/// Keeps the question, and gives what the browser is told.
async fn put(
    work: &mut PgConnection,
    keys: &KeyRing,
    purpose: &str,
    asker: Asker,
    about: Option<About>,
    question: Question,
) -> Result<Value> {
    let id = Uuid::new_v4();
    let sealed = keys.seal(STATE.at(id), &question.state.to_string())?;
    sqlx::query!(
        "insert into identity.passkey_challenge (id, purpose, account_id, session_id, action, case_id, sealed)
         values ($1, $2, $3, $4, $5, $6, $7)",
        id,
        purpose,
        asker.map(|(account, _)| account),
        asker.map(|(_, session)| session),
        about.map(|about| about.action.code()),
        about.and_then(|about| about.case),
        sealed.as_bytes()
    )
    .execute(work)
    .await?;
    Ok(json!({ "challenge": id, "options": question.options }))
}

/// Takes the question out, whatever the answer will be worth. None where it was not asked by this session, is too old or
/// has been answered.
async fn take(
    work: &mut PgConnection,
    keys: &KeyRing,
    purpose: &str,
    asker: Asker,
    challenge: Uuid,
) -> Result<Option<Value>> {
    let sealed = sqlx::query_scalar!(
        r#"delete from identity.passkey_challenge
           where id = $1 and purpose = $2 and account_id is not distinct from $3 and session_id is not distinct from $4
             and now() < ends_at
           returning sealed as "sealed!""#,
        challenge,
        purpose,
        asker.map(|(account, _)| account),
        asker.map(|(_, session)| session)
    )
    .fetch_optional(work)
    .await?;
    sealed.map(|sealed| opened(keys, challenge, sealed)).transpose()
}

fn opened(keys: &KeyRing, challenge: Uuid, sealed: Vec<u8>) -> Result<Value> {
    keys.open_field(STATE.at(challenge), &Sealed::from_bytes(sealed))?.json().map_err(Error::internal)
}

/// The keys of an account that hold, the oldest first.
async fn held(work: &mut PgConnection, keys: &KeyRing, account: Uuid) -> Result<Vec<Held>> {
    let rows = sqlx::query!(
        "select id, sealed from identity.passkey where account_id = $1 and revoked_at is null order by created_at, id",
        account
    )
    .fetch_all(work)
    .await?;
    rows.into_iter().map(|row| kept(keys, row.id, row.sealed)).collect()
}

fn kept(keys: &KeyRing, id: Uuid, sealed: Vec<u8>) -> Result<Held> {
    let key = keys.open_field(KEY.at(id), &Sealed::from_bytes(sealed))?.json().map_err(Error::internal)?;
    Ok(Held { id, key })
}

/// Whether the account has a key.
pub(super) async fn has_any(work: &mut PgConnection, account: Uuid) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from identity.passkey where account_id = $1 and revoked_at is null) as "has!""#,
        account
    )
    .fetch_one(work)
    .await?)
}

/// Remembers that the key has answered. False where it has counted no further than before: then there are two of it.
async fn note_use(work: &mut PgConnection, keys: &KeyRing, held: &mut Held, answered: &Answered) -> Result<bool> {
    answered.note_on(&mut held.key);
    let sealed = keys.seal(KEY.at(held.id), &held.key.written()?)?;
    let noted = sqlx::query!(
        "update identity.passkey set sealed = $2, counter = $3, used_at = now()
         where id = $1 and revoked_at is null and (counter < $3 or (counter = 0 and $3 = 0))",
        held.id,
        sealed.as_bytes(),
        answered.counter()
    )
    .execute(work)
    .await?;
    Ok(noted.rows_affected() == 1)
}

/// Asks one of the actor's own keys to confirm an act. None where there is no key to ask.
pub async fn ask(state: &AppState, source: &Source, about: About) -> Result<Option<Value>> {
    let asker = asker(source)?;
    let mut work = state.db().begin_login().await?;
    let held = held(&mut work, &state.keys, asker.0).await?;
    if held.is_empty() {
        return Ok(None);
    }
    let question = party(state)?.ask(&held.iter().map(|held| &held.key).collect::<Vec<_>>())?;
    let told = put(&mut work, &state.keys, "prove", Some(asker), Some(about), question).await?;
    work.commit().await?;
    Ok(Some(told))
}

/// Judges the answer to a question of [`ask`], for the act and the case that it was asked for. The proof is spent by the
/// change that needs it.
pub(super) async fn prove(state: &AppState, source: &Source, about: About, typed: &str) -> Result<Proven> {
    let asker = asker(source)?;
    let lane = Lane::proof(&state.keys, asker.0);
    let refused = Note { case: about.case, ..Note::of(Event::ProofRefused) }.with("action", about.action.code());
    let mut work = state.db().begin_login().await?;
    let now = state.clock.now();
    let (notes, proven) = match lane.knock(&mut work, now).await? {
        Some(seconds) => (refused.with("why", "delay"), Proven::Wait { seconds }),
        None => match judge(&mut work, state, asker, about, typed).await? {
            Some(challenge) => {
                lane.clear(&mut work).await?;
                let note = Note { case: about.case, changes: true, ..Note::of(Event::IdentityProven) };
                (note.with("by", "key").with("action", about.action.code()), Proven::Yes(Proof::by_key(challenge)))
            }
            None => (refused.with("by", "key"), Proven::KeyRefused),
        },
    };
    audit::append(&mut work, &state.keys, now, source, &[notes]).await?;
    work.commit().await?;
    Ok(proven)
}

/// The question that was answered rightly.
async fn judge(
    work: &mut PgConnection,
    state: &AppState,
    (account, session): (Uuid, Uuid),
    about: About,
    typed: &str,
) -> Result<Option<Uuid>> {
    let Some(answer) = Answer::read(typed) else { return Ok(None) };
    let sealed = sqlx::query_scalar!(
        r#"select c.sealed as "sealed!" from identity.passkey_challenge c join identity.session s on s.id = c.session_id
           where c.id = $1 and c.purpose = 'prove' and c.account_id = $2 and c.session_id = $3 and c.action = $4
             and c.case_id is not distinct from $5 and c.sealed is not null and now() < c.ends_at and s.ended_at is null
           for update of c"#,
        answer.challenge,
        account,
        session,
        about.action.code(),
        about.case
    )
    .fetch_optional(&mut *work)
    .await?;
    let Some(sealed) = sealed else { return Ok(None) };
    let asked = opened(&state.keys, answer.challenge, sealed)?;
    let proven = is_right(&mut *work, state, account, &asked, &answer.credential).await?;
    // Right or wrong, it has been answered: both are said in one, and never again.
    sqlx::query!(
        "update identity.passkey_challenge set sealed = null, proven_at = case when $2 then now() end where id = $1",
        answer.challenge,
        proven
    )
    .execute(&mut *work)
    .await?;
    if !proven {
        return Ok(None);
    }
    sqlx::query!("update identity.session set proven_at = now() where id = $1", session).execute(work).await?;
    Ok(Some(answer.challenge))
}

/// Whether one of the account's keys has given the answer.
async fn is_right(
    work: &mut PgConnection,
    state: &AppState,
    account: Uuid,
    asked: &Value,
    credential: &Value,
) -> Result<bool> {
    let Some(answered) = party(state)?.answered(asked, credential) else { return Ok(false) };
    // It may have been removed since the question was put.
    let held = held(&mut *work, &state.keys, account).await?;
    let Some(mut held) = held.into_iter().find(|held| held.key.id() == answered.by()) else { return Ok(false) };
    audit::announce(work, Event::IdentityProven).await?;
    note_use(work, &state.keys, &mut held, &answered).await
}
