//! Signing in with a key: nobody types who they are, the key says it. What is refused is refused alike, whether the key is
//! unknown, removed, somebody's who was locked out, or the answer wrong.

use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::super::sign_in::{Outcome, has_unsent, remember_device};
use super::super::throttle::{self, Lane};
use super::super::{outside, session};
use super::{Answer, Held, kept, note_use, party, put, take};
use crate::audit::{self, Event, Note, Source};
use crate::crypto::KeyRing;
use crate::crypto::passkey::RelyingParty;
use crate::error::Result;
use crate::state::AppState;
use crate::vocabulary::Role;

/// The question at the door.
pub enum Asked {
    Question(Value),
    Wait { seconds: u64 },
}

/// What came, and from where.
pub struct Came<'c> {
    pub typed: &'c str,
    pub browser: &'c str,
    pub address: Option<String>,
}

/// Whose key answered.
struct Owner {
    account: Uuid,
    role: Role,
}

/// Asks any key of ours.
pub async fn ask(state: &AppState, address: Option<&str>) -> Result<Asked> {
    let mut work = state.db().begin_login().await?;
    let wait = throttle::knock_network(&mut work, &state.keys, address, state.clock.now()).await?;
    let asked = if let Some(seconds) = wait {
        Asked::Wait { seconds }
    } else {
        let question = party(state)?.ask_anybody()?;
        Asked::Question(put(&mut work, &state.keys, "sign_in", None, None, question).await?)
    };
    work.commit().await?;
    Ok(asked)
}

/// Judges the answer, and begins a session like any other.
pub async fn sign_in(state: &AppState, came: Came<'_>) -> Result<Outcome> {
    let (source, now) = (outside(came.address.clone()), state.clock.now());
    let refused = Note::of(Event::SignInRefused).with("by", "key");
    let mut work = state.db().begin_login().await?;
    let mut wait = throttle::knock_network(&mut work, &state.keys, came.address.as_deref(), now).await?;
    let answer = Answer::read(came.typed);
    let claimed = answer.as_ref().and_then(|answer| RelyingParty::claimed(&answer.credential));
    let lane = claimed.as_ref().map(|(_, key)| Lane::key(&state.keys, key));
    if let (None, Some(lane)) = (wait, &lane) {
        wait = lane.knock(&mut work, now).await?;
    }
    if let Some(seconds) = wait {
        audit::append(&mut work, &state.keys, now, &source, &[refused.with("why", "delay")]).await?;
        work.commit().await?;
        return Ok(Outcome::Wait { seconds });
    }
    let owner = match (&answer, &claimed) {
        (Some(answer), Some(claimed)) => judge(&mut work, state, answer, claimed).await?,
        _ => None,
    };
    let (Some(Owner { account, role }), Some(lane)) = (owner, lane) else {
        audit::append(&mut work, &state.keys, now, &source, &[refused]).await?;
        work.commit().await?;
        return Ok(Outcome::Refused);
    };
    let (session, token) = session::begin(&mut work, account, came.browser).await?;
    let device = remember_device(&mut work, account).await?;
    let unsent = has_unsent(&mut work, account).await?;
    lane.clear(&mut work).await?;
    let source = Source { actor: Some(account), role: Some(role.code()), session: Some(session), ..source };
    let note = Note { changes: true, ..Note::of(Event::SignedIn) }.with("by", "key");
    audit::append(&mut work, &state.keys, now, &source, &[note]).await?;
    work.commit().await?;
    Ok(Outcome::In { token, device, unsent })
}

async fn judge(
    work: &mut PgConnection,
    state: &AppState,
    answer: &Answer,
    (account, credential): &(Uuid, Vec<u8>),
) -> Result<Option<Owner>> {
    let Some(asked) = take(&mut *work, &state.keys, "sign_in", None, answer.challenge).await? else { return Ok(None) };
    let Some((owner, mut held)) = owner(&mut *work, &state.keys, *account, credential).await? else {
        return Ok(None);
    };
    let Some(answered) = party(state)?.answered_by(&asked, &answer.credential, &held.key) else { return Ok(None) };
    audit::announce(work, Event::SignedIn).await?;
    let is_one = note_use(work, &state.keys, &mut held, &answered).await?;
    Ok(is_one.then_some(owner))
}

/// Only of an account that is active and has a role today: `sec.open` would let no other one in.
async fn owner(
    work: &mut PgConnection,
    keys: &KeyRing,
    account: Uuid,
    credential: &[u8],
) -> Result<Option<(Owner, Held)>> {
    let row = sqlx::query!(
        r#"select k.id, k.account_id, k.sealed, g.role as "role: Role"
           from identity.passkey k
           join account a on a.id = k.account_id and a.is_active
           join role_grant g on g.account_id = a.id and now() >= g.valid_from and now() < g.valid_to
           where k.account_id = $1 and k.credential_id = $2 and k.revoked_at is null"#,
        account,
        credential
    )
    .fetch_optional(work)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let owner = Owner { account: row.account_id, role: row.role };
    Ok(Some((owner, kept(keys, row.id, row.sealed)?)))
}
