//! Forms that were sent after their session had run out. What was typed is kept under seal for the owner of that session,
//! for a day, and given back after the next sign-in: nobody loses an hour's text to a timer. A session that somebody
//! ended on purpose keeps nothing, since whoever sends from there may not be its owner.

use secrecy::ExposeSecret;
use secrecy::zeroize::Zeroizing;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::outside;
use crate::audit::{self, Event, Note, Source};
use crate::crypto::seal::{Column, Place};
use crate::crypto::token::sha256;
use crate::crypto::{KeyRing, Sealed};
use crate::error::{Error, Result};
use crate::personal::Personal;
use crate::state::AppState;

/// The hidden field by which a form that is sent again tells which kept one it is.
pub const FIELD: &str = "parked";

/// What proves who somebody is goes into no drawer: it is asked for anew, and would stand in the open when given back.
const PROOFS: [&str; 3] = ["password", "code", "passkey"];

const PARKED: Column = Column("parked_form.sealed");
/// The same seal for what stands in an open form.
const DRAFT: Column = Column("form_draft.sealed");

/// Windows that somebody may have had open. The oldest gives way.
const AT_MOST: i64 = 10;

/// What is sealed. The owner stands in it, so that a row moved to another account opens for nobody.
#[derive(Serialize, Deserialize)]
struct Contents {
    owner: Uuid,
    path: String,
    fields: Vec<(String, String)>,
}

/// A kept form, opened by its owner.
pub struct Unsent {
    /// Where it was going.
    pub path: String,
    pub fields: Vec<(String, Personal)>,
}

/// A form as it came.
pub struct Sent<'s> {
    pub token: &'s str,
    pub path: &'s str,
    pub fields: Vec<(String, String)>,
    pub address: Option<String>,
}

/// The kept form that this one is, where it says so.
pub fn kept_one(fields: &[(String, String)]) -> Option<Uuid> {
    fields.iter().find(|(name, _)| name == FIELD).and_then(|(_, id)| Uuid::try_parse(id).ok())
}

/// Keeps it. False where the token never opened anything, or its session was ended on purpose.
pub async fn keep(state: &AppState, sent: Sent<'_>) -> Result<bool> {
    let mut work = state.db().begin_login().await?;
    let owner = sqlx::query_scalar!(
        "select s.account_id from identity.session s join account a on a.id = s.account_id and a.is_active
         where s.token_hash = $1 and (s.ended_why is null or s.ended_why = 'too_many')
           and not s.enrols_only",
        &sha256(sent.token)
    )
    .fetch_optional(&mut *work)
    .await?;
    let Some(owner) = owner else { return Ok(false) };
    if let Some(before) = kept_one(&sent.fields) {
        sqlx::query!("delete from parked_form where id = $1 and account_id = $2", before, owner)
            .execute(&mut *work)
            .await?;
    }
    sqlx::query!(
        "delete from parked_form where account_id = $1 and id in (
           select id from parked_form where account_id = $1 order by parked_at desc, id desc offset $2)",
        owner,
        AT_MOST - 1
    )
    .execute(&mut *work)
    .await?;
    let id = Uuid::now_v7();
    let about = about(sent.path);
    let sealed = seal(&state.keys, PARKED.at(id), owner, sent.path, sent.fields)?;
    sqlx::query!(
        "insert into parked_form (id, account_id, sealed, about) values ($1, $2, $3, $4)",
        id,
        owner,
        sealed.as_bytes(),
        about
    )
    .execute(&mut *work)
    .await?;
    let note = Note::of(Event::FormKept).with("account", owner.to_string()).with("form", id.to_string());
    audit::append(&mut work, &state.keys, state.clock.now(), &outside(sent.address), &[note]).await?;
    work.commit().await?;
    Ok(true)
}

/// The case or the intake that a form is about, as its address begins: what Postgres purges it by when the person's
/// identity is broken. None where it is about neither.
fn about(path: &str) -> Option<String> {
    let mut parts = path.strip_prefix('/')?.split(['/', '?', '#']);
    let (room, subject) = (parts.next()?, parts.next()?);
    let is_one = matches!(room, "arenden" | "aktualiseringar") && !subject.is_empty() && subject != "ny";
    is_one.then(|| format!("/{room}/{subject}"))
}

/// Seals the fields for their owner, without what proves who somebody is.
fn seal(keys: &KeyRing, place: Place, owner: Uuid, path: &str, fields: Vec<(String, String)>) -> Result<Sealed> {
    let fields = fields.into_iter().filter(|(name, _)| name != FIELD && !is_proof(name)).collect();
    let contents = Contents { owner, path: path.to_owned(), fields };
    let contents = Zeroizing::new(serde_json::to_string(&contents).map_err(Error::internal)?);
    // Under both keys: it may say where somebody is, and the data key alone must not open that.
    let inner = keys.seal_location(place, &contents)?;
    keys.seal_parked(place, inner.as_bytes())
}

/// Whether the field goes into no drawer.
pub fn is_proof(name: &str) -> bool {
    PROOFS.contains(&name)
}

/// Seals what stands in an open form; its path is the page where the form stands.
pub fn seal_draft(keys: &KeyRing, owner: Uuid, id: Uuid, page: &str, fields: Vec<(String, String)>) -> Result<Sealed> {
    seal(keys, DRAFT.at(id), owner, page, fields)
}

/// Opens what stands in an open form, for its owner.
pub(crate) fn open_draft(keys: &KeyRing, owner: Uuid, id: Uuid, sealed: &Sealed) -> Result<Unsent> {
    unseal(keys, DRAFT.at(id), owner, sealed)
}

/// Opens one for its owner.
pub(crate) fn open(keys: &KeyRing, owner: Uuid, id: Uuid, sealed: &Sealed) -> Result<Unsent> {
    unseal(keys, PARKED.at(id), owner, sealed)
}

fn unseal(keys: &KeyRing, place: Place, owner: Uuid, sealed: &Sealed) -> Result<Unsent> {
    let inner = Sealed::from_bytes(keys.open_parked(place, sealed)?.expose_secret().to_vec());
    let contents: Contents = keys.open_location(place, &inner)?.json().map_err(Error::internal)?;
    if contents.owner != owner {
        return Err(Error::internal("a kept form is somebody else's"));
    }
    let fields = contents.fields.into_iter().map(|(name, text)| (name, Personal::new(text))).collect();
    Ok(Unsent { path: contents.path, fields })
}

/// It has been sent after all, by its owner, and is not needed any more.
pub async fn sent(state: &AppState, token: &str, id: Uuid, address: Option<String>) -> Result<()> {
    let Some((mut work, opened)) = state.db().begin_as(token, state.clock.today()).await? else { return Ok(()) };
    let gone = sqlx::query!("delete from parked_form where id = $1", id).execute(&mut *work).await?.rows_affected();
    if gone > 0 {
        let source = Source {
            actor: Some(opened.account_id),
            role: Some(opened.role.code()),
            session: Some(opened.session_id),
            ..outside(address)
        };
        let note = Note::of(Event::KeptFormSent).with("form", id.to_string());
        audit::append(&mut work, &state.keys, state.clock.now(), &source, &[note]).await?;
    }
    work.commit().await?;
    Ok(())
}
