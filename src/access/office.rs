//! Proof that somebody may do something outside any one case: lists, registers, one's own settings. Like a case's
//! access it holds the only way to the database, and a page leaves it only with a log row that says what it showed.

use std::marker::PhantomData;

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::desk::{Desk, Receipt};
use super::right::{OwnSettings, Right};
use super::visitor::Visitor;
use super::{policy, table};
use crate::audit::{Event, Note};
use crate::error::{Error, Result};
use crate::identity::passkey::holding::{Added, Removed};
use crate::identity::proof::{About, Action, Proof, Proven, Typed};
use crate::state::AppState;
use crate::web::flash::Flash;
use crate::web::shell::Shell;

/// See the module.
pub struct Access<R: Right> {
    desk: Desk,
    has_read: bool,
    right: PhantomData<R>,
}

impl<R: Right> FromRequestParts<AppState> for Access<R> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self> {
        table::hold(parts, R::PERMISSION)?;
        Self::open(state, Visitor::of(parts)).await
    }
}

impl<R: Right> Access<R> {
    /// Asks for a right, as whoever the visitor's token belongs to. A page that the role has no part in answers like
    /// one that does not exist; one that it may look at but not do is forbidden.
    pub async fn open(state: &AppState, visitor: Visitor) -> Result<Self> {
        let tried = visitor.path.clone();
        let desk = Desk::open(state, visitor).await?;
        if !policy::allows(desk.actor(), R::PERMISSION) {
            let seen = R::SEEN_WITH.is_some_and(|permission| policy::allows(desk.actor(), permission));
            let answer = if seen { Error::Forbidden } else { Error::NotFound };
            return Err(desk.refuse(Event::PageRefused, None, R::PERMISSION, &tried, answer).await);
        }
        Ok(Self { desk, has_read: false, right: PhantomData })
    }

    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// For what only reads; what was read has to be named with [`Access::shown`] before a page can leave.
    pub fn read(&mut self) -> &mut PgConnection {
        self.has_read = true;
        self.desk.read()
    }

    /// For what changes something: names it first, and the case that it is about if there is one.
    pub async fn write(&mut self, event: Event, case: Option<Uuid>) -> Result<&mut PgConnection> {
        self.desk.write(event, case).await
    }

    /// For a look that the database keeps a row of beside the log: a page may follow.
    pub async fn look(&mut self, note: Note) -> Result<&mut PgConnection> {
        self.desk.look(note).await
    }

    /// Says what the page shows.
    pub fn shown(&mut self, note: Note) {
        self.desk.note(note);
    }

    /// Whether the actor also holds another right; for buttons, never for data.
    pub fn may<Other: Right>(&self) -> bool {
        policy::allows(self.desk.actor(), Other::PERMISSION)
    }

    /// A section that only some may see: does the work under another right when the actor holds it.
    pub async fn also<Other: Right, T>(
        self,
        work: impl AsyncFnOnce(&mut Access<Other>) -> Result<T>,
    ) -> Result<(Self, Option<T>)> {
        if !self.may::<Other>() {
            return Ok((self, None));
        }
        let mut other = Access::<Other> { desk: self.desk, has_read: self.has_read, right: PhantomData };
        let done = work(&mut other).await?;
        Ok((Self { desk: other.desk, has_read: other.has_read, right: PhantomData }, Some(done)))
    }

    /// A page, after its trail is on disk.
    pub async fn page<T: Template>(self, view: impl FnOnce(Shell, &Receipt) -> Result<T>) -> Result<Response> {
        self.answer(StatusCode::OK, view).await
    }

    /// The same page again with what has to be mended.
    pub async fn again<T: Template>(self, view: impl FnOnce(Shell, &Receipt) -> Result<T>) -> Result<Response> {
        self.answer(StatusCode::UNPROCESSABLE_ENTITY, view).await
    }

    /// The same page again, because somebody else has changed it in the meantime.
    pub async fn conflict<T: Template>(self, view: impl FnOnce(Shell, &Receipt) -> Result<T>) -> Result<Response> {
        self.answer(StatusCode::CONFLICT, view).await
    }

    async fn answer<T: Template>(
        self,
        status: StatusCode,
        view: impl FnOnce(Shell, &Receipt) -> Result<T>,
    ) -> Result<Response> {
        if self.has_read && self.desk.has_said_nothing() {
            return Err(Error::internal("a page must say in the log what it shows"));
        }
        self.desk.page(status, view).await
    }

    /// Asks for a proof of who it is once more, before what cannot be taken back, and for the same right anew: it may have
    /// been lost in the meantime.
    pub async fn prove_again(self, action: Action, typed: Typed<'_>) -> Result<(Self, Proven)> {
        let about = About { action, case: None };
        let (proven, state, visitor) = self.desk.prove_again(about, typed).await?;
        let mut anew = Self::open(&state, visitor).await?;
        let proven = anew.desk.spend(proven, about).await?;
        Ok((anew, proven))
    }

    /// After a change: to the page where its result is seen.
    pub async fn redirect(self, to: &str, flash: impl Into<Option<Flash>>) -> Result<Response> {
        self.desk.redirect(to, flash.into()).await
    }

    /// Ends work whose answer another page carries: what was read has to be on the trail, as for a page.
    pub async fn receipt(self) -> Result<Receipt> {
        if self.has_read && self.desk.has_said_nothing() {
            return Err(Error::internal("a page must say in the log what it shows"));
        }
        self.desk.settle().await
    }

    /// Ends work that nobody waits for a page of.
    pub async fn done(self) -> Result<()> {
        self.desk.settle().await.map(drop)
    }
}

/// One's own keys. Each leaves the desk for the door of signing in, and comes back to it.
impl Access<OwnSettings> {
    /// A question to one of the actor's keys, for the browser. None where there is no key to ask.
    pub async fn ask_key(self, about: About) -> Result<Option<Value>> {
        self.desk.ask_key(about).await
    }

    /// A question to a new key, for whoever has just proven who they are.
    pub async fn ask_new_key(self, proof: Proof) -> Result<(Self, Value)> {
        let (asked, state, visitor) = self.desk.ask_new_key(proof).await?;
        Ok((Self::open(&state, visitor).await?, asked))
    }

    pub async fn add_key(self, name: &str, typed: &str) -> Result<(Self, Added)> {
        let (added, state, visitor) = self.desk.add_key(name, typed).await?;
        Ok((Self::open(&state, visitor).await?, added))
    }

    pub async fn remove_key(self, key: Uuid, proof: Proof) -> Result<(Self, Removed)> {
        let (removed, state, visitor) = self.desk.remove_key(key, proof).await?;
        Ok((Self::open(&state, visitor).await?, removed))
    }
}
