//! A desk: one transaction that works as one colleague, and the trail of what was done at it. Whatever leaves a desk
//! leaves through [`Desk::settle`]: the trail is written and committed first, and only then can sealed fields be opened.

use std::sync::Arc;

use sqlx::PgConnection;
use uuid::Uuid;

use super::actor::Actor;
use crate::audit::{self, Event, Note, Source};
use crate::clock::Clock;
use crate::crypto::keyring::KeyRing;
use crate::crypto::seal::{Place, Sealed};
use crate::db::Work;
use crate::error::{Error, Result};
use crate::personal::Personal;
use crate::state::AppState;

/// See the module.
pub struct Desk {
    work: Work,
    actor: Actor,
    source: Source,
    trail: Vec<Note>,
    changed: bool,
    keys: Arc<KeyRing>,
    clock: Clock,
}

/// Proof that the trail is on disk: the only thing that opens sealed fields.
pub struct Receipt {
    keys: Arc<KeyRing>,
}

impl Receipt {
    /// The text of a sealed field.
    pub fn open(&self, place: Place, sealed: &Sealed) -> Result<Personal> {
        self.keys.open_field(place, sealed)
    }

    /// Where somebody is.
    pub fn open_location(&self, place: Place, sealed: &Sealed) -> Result<Personal> {
        self.keys.open_location(place, sealed)
    }
}

impl Desk {
    /// Sits down as whoever the token belongs to.
    pub(super) async fn open(state: &AppState, token: &str, address: Option<String>) -> Result<Self> {
        let (work, opened) = state.db().begin_as(token).await?.ok_or(Error::SignedOut)?;
        let actor = Actor::from_door(opened);
        let source = actor.source(address);
        let (keys, clock) = (state.keys.clone(), state.clock.clone());
        Ok(Self { work, actor, source, trail: Vec::new(), changed: false, keys, clock })
    }

    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    pub fn keys(&self) -> &KeyRing {
        &self.keys
    }

    pub(super) fn note(&mut self, note: Note) {
        self.trail.push(note);
    }

    pub(super) fn read(&mut self) -> &mut PgConnection {
        &mut self.work
    }

    /// Names what is about to happen, to the log and to the database.
    pub(super) async fn write(&mut self, event: Event, case: Option<Uuid>) -> Result<&mut PgConnection> {
        audit::announce(&mut self.work, event).await?;
        self.changed = true;
        self.trail.push(Note { case, changes: true, ..Note::of(event) });
        Ok(&mut self.work)
    }

    pub(super) fn has_changed(&self) -> bool {
        self.changed
    }

    /// Writes the trail and commits.
    pub(super) async fn settle(mut self) -> Result<Receipt> {
        audit::append(&mut self.work, &self.keys, self.clock.now(), &self.source, &self.trail).await?;
        self.work.commit().await?;
        Ok(Receipt { keys: self.keys })
    }
}
