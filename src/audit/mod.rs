//! The log: everything that can happen here ([`Event`]), and how a trail of it is written. An access puts events on its
//! trail; nothing is shown before the trail is on disk. How rows are sealed and checked stands in `seal` and `verify`.
//! Deliberately without values of a person: an event names kinds, counts and random ids.

pub mod anchor;
mod event;
pub mod export;
pub mod merkle;
pub mod record;
pub mod seal;
pub mod verify;

use serde_json::{Map, Value, json};
use sqlx::PgConnection;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

use crate::crypto::keyring::KeyRing;
use crate::error::{Error, Result};

pub use self::event::Event;

/// Who did it, from where: the same for every row of a trail.
#[derive(Debug, Clone)]
pub struct Source {
    pub actor: Option<Uuid>,
    pub role: Option<&'static str>,
    pub session: Option<Uuid>,
    /// The client's address, or nothing for what the program does by itself.
    pub address: Option<String>,
    /// Joins all rows of one request.
    pub request: Uuid,
}

/// One row to be.
#[derive(Debug, Clone)]
pub struct Note {
    pub event: Event,
    pub case: Option<Uuid>,
    /// Every case that a list showed: "seen in a list" counts as seen.
    pub cases: Vec<Uuid>,
    /// Codes, counts and random ids; never a value of a person.
    pub details: Map<String, Value>,
    /// Whether rows were changed under this event; it then carries their hash.
    pub changes: bool,
}

impl Note {
    /// A row about no case in particular.
    pub fn of(event: Event) -> Self {
        Self { event, case: None, cases: Vec::new(), details: Map::new(), changes: false }
    }

    /// The case it is about.
    #[must_use]
    pub fn about(mut self, case: Uuid) -> Self {
        self.case = Some(case);
        self
    }

    /// One more fact.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.details.insert(name.to_owned(), value.into());
        self
    }
}

/// Announces a change to the database, which refuses one that nobody announced.
pub async fn announce(work: &mut PgConnection, event: Event) -> Result<()> {
    sqlx::query_scalar!("select set_config('app.event', $1, true)", event.code()).fetch_one(work).await?;
    Ok(())
}

/// Writes the trail, in this transaction. Each row's text is put together here and carries a MAC under a key that the
/// database never sees.
pub async fn append(
    work: &mut PgConnection,
    keys: &KeyRing,
    at: OffsetDateTime,
    source: &Source,
    trail: &[Note],
) -> Result<()> {
    if trail.is_empty() {
        return Ok(());
    }
    let changes = if trail.iter().any(|note| note.changes) {
        sqlx::query_scalar!("select audit.changes_so_far()").fetch_one(&mut *work).await?
    } else {
        None
    };
    let at = at.format(&Rfc3339).map_err(Error::internal)?;
    let (mut bodies, mut key_ids, mut macs) = (Vec::new(), Vec::new(), Vec::new());
    for note in trail {
        let body = json!({
            "id": Uuid::now_v7(), "at": at, "actor": source.actor, "role": source.role, "session": source.session,
            "address": source.address, "request": source.request, "event": note.event.code(), "case": note.case,
            "cases": note.cases, "details": note.details,
            "changes": if note.changes { changes.as_deref() } else { None },
        })
        .to_string();
        let (key_id, mac) = keys.log_mac(body.as_bytes());
        bodies.push(body);
        key_ids.push(i16::from(key_id));
        macs.push(mac.to_vec());
    }
    sqlx::query_scalar!(r#"select audit.append($1, $2, $3)::text as "done""#, &bodies, &key_ids, &macs)
        .fetch_one(work)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_has_a_code_of_its_own() {
        let mut codes: Vec<_> = Event::ALL.iter().map(|event| event.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Event::ALL.len());
    }
}
