//! The first key, where the role demands one: password and one-time code lead to a session that registers it and does
//! nothing else. The gate does not open for that session; it is known here alone.

use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::super::sign_in::{Outcome, has_unsent, remember_device};
use super::super::{outside, session};
use super::holding::{Added, add_in, ask_in};
use crate::audit::{self, Event, Note, Source};
use crate::crypto::token::sha256;
use crate::error::Result;
use crate::state::AppState;
use crate::vocabulary::Role;

/// Whoever is on the way in.
struct Enrolling {
    account: Uuid,
    session: Uuid,
    role: Role,
}

async fn enrolling(work: &mut PgConnection, token: &str) -> Result<Option<Enrolling>> {
    Ok(sqlx::query_as!(
        Enrolling,
        r#"select s.account_id as account, s.id as session, g.role as "role: Role"
           from identity.session s
           join account a on a.id = s.account_id and a.is_active
           join role_grant g on g.account_id = a.id and now() >= g.valid_from and now() < g.valid_to
           where s.token_hash = $1 and s.enrols_only and s.ended_at is null and now() < s.ends_at"#,
        &sha256(token)
    )
    .fetch_optional(work)
    .await?)
}

/// Whether the token is of somebody who is to register a key.
pub async fn is_enrolling(state: &AppState, token: &str) -> Result<bool> {
    let mut work = state.db().begin_login().await?;
    Ok(enrolling(&mut work, token).await?.is_some())
}

/// Asks for the first key. None for a token that is not on the way in.
pub async fn ask(state: &AppState, token: &str) -> Result<Option<Value>> {
    let mut work = state.db().begin_login().await?;
    let Some(who) = enrolling(&mut work, token).await? else { return Ok(None) };
    let asked = ask_in(&mut work, state, (who.account, who.session)).await?;
    work.commit().await?;
    Ok(Some(asked))
}

/// What came of it.
pub enum Enrolled {
    /// The key is kept, and a session of the ordinary kind has begun.
    In(Outcome),
    Refused,
    /// The token opens nothing any more.
    Gone,
}

/// Keeps the first key and lets its holder in.
pub async fn enrol(
    state: &AppState,
    token: &str,
    (name, typed): (&str, &str),
    browser: &str,
    address: Option<String>,
) -> Result<Enrolled> {
    let mut work = state.db().begin_login().await?;
    let Some(who) = enrolling(&mut work, token).await? else { return Ok(Enrolled::Gone) };
    let added = add_in(&mut work, state, (who.account, who.session), name, typed).await?;
    if added != Added::Done {
        work.commit().await?;
        return Ok(Enrolled::Refused);
    }
    session::end_all(&mut work, who.account, "keys_changed").await?;
    let (id, token) = session::begin(&mut work, who.account, browser).await?;
    let device = remember_device(&mut work, who.account).await?;
    let unsent = has_unsent(&mut work, who.account).await?;
    let source =
        Source { actor: Some(who.account), role: Some(who.role.code()), session: Some(id), ..outside(address) };
    let trail = [Note { changes: true, ..Note::of(Event::KeyAdded) }, Note::of(Event::SignedIn).with("by", "key")];
    audit::append(&mut work, &state.keys, state.clock.now(), &source, &trail).await?;
    work.commit().await?;
    Ok(Enrolled::In(Outcome::In { token, device, unsent }))
}
