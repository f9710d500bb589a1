//! A desk: one transaction that works as one colleague, and the trail of what was done at it. Whatever leaves a desk
//! leaves through [`Desk::settle`]: the trail is written and committed first, and only then can sealed fields be opened.

use std::sync::Arc;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::actor::Actor;
use super::right::Permission;
use super::shell;
use super::visitor::{Flashed, Visitor};
use crate::audit::{self, Event, Note, Source};
use crate::clock::Clock;
use crate::crypto::keyring::KeyRing;
use crate::crypto::seal::{Place, Sealed};
use crate::db::Work;
use crate::error::{Error, Result};
use crate::identity::parked::{self, Unsent};
use crate::identity::passkey::{self, holding};
use crate::identity::proof::{About, Proof, Proven, Typed, prove_again};
use crate::personal::Personal;
use crate::state::AppState;
use crate::web::flash::Flash;
use crate::web::shell::Shell;

/// See the module.
pub struct Desk {
    work: Work,
    actor: Actor,
    source: Source,
    visitor: Visitor,
    trail: Vec<Note>,
    changed: bool,
    state: AppState,
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

    /// What its owner sent when a session had run out.
    pub fn open_unsent(&self, owner: Uuid, id: Uuid, sealed: &Sealed) -> Result<Unsent> {
        parked::open(&self.keys, owner, id, sealed)
    }

    /// What its owner has typed in a form that is not sent yet.
    pub fn open_draft(&self, owner: Uuid, id: Uuid, sealed: &Sealed) -> Result<Unsent> {
        parked::open_draft(&self.keys, owner, id, sealed)
    }
}

impl Desk {
    /// Sits down as whoever the visitor's token belongs to.
    pub(super) async fn open(state: &AppState, visitor: Visitor) -> Result<Self> {
        Self::open_about(state, visitor, "").await
    }

    /// The same, for work in the one case of this reference.
    pub(super) async fn open_about(state: &AppState, visitor: Visitor, reference: &str) -> Result<Self> {
        let today = state.clock.today();
        let (work, opened) = state.db().begin_about(&visitor.token, today, reference).await?.ok_or(Error::SignedOut)?;
        let actor = Actor::from_door(opened);
        let source = actor.source(visitor.address.clone());
        Ok(Self { work, actor, source, visitor, trail: Vec::new(), changed: false, state: state.clone() })
    }

    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    pub fn clock(&self) -> &Clock {
        &self.state.clock
    }

    pub fn keys(&self) -> &KeyRing {
        &self.state.keys
    }

    /// The same keys, for a look through many rows at once that needs the database too. What they open leaves only together
    /// with the trail.
    pub fn shared_keys(&self) -> Arc<KeyRing> {
        Arc::clone(&self.state.keys)
    }

    /// Asks one question about a sealed field without showing it, for rules that need the answer before a change: the
    /// answer leaves only together with the trail.
    pub fn ask<T>(&self, place: Place, sealed: &Sealed, question: impl FnOnce(&Personal) -> T) -> Result<T> {
        Ok(question(&self.state.keys.open_field(place, sealed)?))
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

    /// Names a look that leaves a row of its own beside the log. What was looked at is as it was, so a page may follow.
    pub(super) async fn look(&mut self, note: Note) -> Result<&mut PgConnection> {
        audit::announce(&mut self.work, note.event).await?;
        self.trail.push(Note { changes: true, ..note });
        Ok(&mut self.work)
    }

    pub(super) fn has_said_nothing(&self) -> bool {
        self.trail.is_empty()
    }

    /// The frame of the page that answers this visitor.
    pub(super) fn shell(&self) -> Shell {
        shell::fill(&self.actor, &self.state.clock, &self.state.municipality, &self.visitor)
    }

    /// Writes the trail and commits.
    pub(super) async fn settle(mut self) -> Result<Receipt> {
        audit::append(&mut self.work, &self.state.keys, self.state.clock.now(), &self.source, &self.trail).await?;
        self.work.commit().await?;
        Ok(Receipt { keys: self.state.keys })
    }

    /// Whether keys work at this address.
    pub fn knows_keys(&self) -> bool {
        self.state.passkeys.is_some()
    }

    /// Whether the actor has to have a key.
    pub fn must_use_key(&self) -> bool {
        (self.state.must_use_key)(self.actor.role)
    }

    /// Asks for a proof of who it is once more, for this act in this case. The desk is left for the while that takes: what was looked at is
    /// written down, and whoever comes back sits down anew with what they may then.
    pub(super) async fn prove_again(self, about: About, typed: Typed<'_>) -> Result<(Proven, AppState, Visitor)> {
        let (state, visitor, source) = self.leave().await?;
        let proven = prove_again(&state, source, about, typed).await?;
        Ok((proven, state, visitor))
    }

    /// Spends the proof in the transaction of the act that it is for.
    pub(super) async fn spend(&mut self, proven: Proven, about: About) -> Result<Proven> {
        let Proven::Yes(proof) = proven else { return Ok(proven) };
        Ok(if proof.spend(&mut self.work, about).await? { Proven::Yes(proof) } else { Proven::KeyRefused })
    }

    /// A question to one of the actor's keys, about the act; none where there is no key.
    pub(super) async fn ask_key(self, about: About) -> Result<Option<Value>> {
        let (state, _, source) = self.leave().await?;
        passkey::ask(&state, &source, about).await
    }

    /// A question to a new key. Whoever takes the proof has taken it for this.
    pub(super) async fn ask_new_key(self, _: Proof) -> Result<(Value, AppState, Visitor)> {
        let (state, visitor, source) = self.leave().await?;
        Ok((holding::ask_for_new(&state, &source).await?, state, visitor))
    }

    pub(super) async fn add_key(self, name: &str, typed: &str) -> Result<(holding::Added, AppState, Visitor)> {
        let (state, visitor, source) = self.leave().await?;
        Ok((holding::add(&state, &source, name, typed).await?, state, visitor))
    }

    pub(super) async fn remove_key(self, key: Uuid, _: Proof) -> Result<(holding::Removed, AppState, Visitor)> {
        let role = self.actor.role;
        let (state, visitor, source) = self.leave().await?;
        Ok((holding::remove(&state, &source, role, key).await?, state, visitor))
    }

    /// Leaves the desk for work at the door of signing in: what was looked at is written down.
    async fn leave(self) -> Result<(AppState, Visitor, Source)> {
        if self.changed {
            return Err(Error::internal("what is to be proven first was begun before"));
        }
        let left = (self.state.clone(), self.visitor.clone(), self.source.clone());
        self.settle().await?;
        Ok(left)
    }

    /// A page, once its trail is on disk. Half a change is never committed beside a page that says what is wrong.
    pub(super) async fn page<T: Template>(
        self,
        status: StatusCode,
        view: impl FnOnce(Shell, &Receipt) -> Result<T>,
    ) -> Result<Response> {
        if self.changed {
            return Err(Error::internal("a change must end in a redirect"));
        }
        let (shell, flashed) = (self.shell(), self.visitor.flash);
        let receipt = self.settle().await?;
        let page = Html(render(&view(shell, &receipt)?)?);
        Ok(match flashed {
            // Said on this page, and on no other.
            Flashed::Cookie(_) if status == StatusCode::OK => {
                (status, CookieJar::new().add(Flash::removal()), page).into_response()
            }
            _ => (status, page).into_response(),
        })
    }

    /// After a change: to the page where its result is seen.
    pub(super) async fn redirect(self, to: &str, flash: Option<Flash>) -> Result<Response> {
        self.settle().await?;
        Ok(match flash {
            Some(flash) => flash.redirect(to),
            None => Redirect::to(to).into_response(),
        })
    }

    /// The refusal is on disk before the answer leaves. What was tried stands there as a keyed hash: it may be a slip
    /// of the pen that is somebody's number.
    pub(super) async fn refuse(
        mut self,
        event: Event,
        case: Option<Uuid>,
        asked: Permission,
        tried: &str,
        answer: Error,
    ) -> Error {
        let tried = data_encoding::HEXLOWER.encode(&self.state.keys.search_hash(tried)[..]);
        let mut note = Note::of(event).with("right", format!("{asked:?}")).with("tried", tried);
        note.case = case;
        self.note(note);
        match self.settle().await {
            Ok(_) => answer,
            Err(error) => error,
        }
    }
}

/// The one place where a page becomes text.
#[expect(clippy::disallowed_methods, reason = "the log row is on disk: every way here goes through settle()")]
fn render(page: &impl Template) -> Result<String> {
    Ok(page.render()?)
}
