//! Proof that somebody may do something in one case. It holds the only way to the database, it cannot be made but by
//! asking, and asking is logged: a refusal in its own right, before the answer.

use std::marker::PhantomData;

use askama::Template;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use sqlx::PgConnection;

use super::case_bar::{self, Part};
use super::case_head::{self, CaseHead};
use super::desk::{Desk, Receipt};
use super::policy::{self, Relation};
use super::right::{Permission, ReadCase, Right, SeesCase};
use super::table;
use super::visitor::Visitor;
use crate::audit::{Event, Note};
use crate::error::{Error, Result};
use crate::identity::proof::{About, Action, Proven, Typed};
use crate::state::AppState;
use crate::web::flash::Flash;
use crate::web::shell::Shell;
use crate::web::view::CaseBar;

/// See the module.
pub struct CaseAccess<R: Right> {
    desk: Desk,
    head: CaseHead,
    relation: Relation,
    right: PhantomData<R>,
}

/// The case is the one that the address names: the parameter is always spelled `{case}`.
impl<R: Right + SeesCase> FromRequestParts<AppState> for CaseAccess<R> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self> {
        table::hold(parts, R::PERMISSION)?;
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(Error::internal)?;
        let reference = params.iter().find(|(name, _)| *name == "case").map(|(_, value)| value.to_owned());
        let reference = reference.ok_or_else(|| Error::internal("a route of a case without {case}"))?;
        Self::opened(state, Visitor::of(parts), &reference, Some(&parts.method)).await
    }
}

impl<R: Right + SeesCase> CaseAccess<R> {
    /// Asks for a right in the case that the reference names, as whoever the visitor's token belongs to.
    /// What the actor may not see answers like what does not exist; what may be seen but not done is forbidden.
    pub async fn open(state: &AppState, visitor: Visitor, reference: &str) -> Result<Self> {
        Self::opened(state, visitor, reference, None).await
    }

    /// The same; who comes by an address says first why they open a case that is protected and not theirs.
    async fn opened(state: &AppState, visitor: Visitor, reference: &str, by: Option<&Method>) -> Result<Self> {
        let asked = case_head::readable(reference);
        let mut desk = Desk::open_about(state, visitor, &asked).await?;
        let Some((head, relation)) = case_head::find(&mut desk, &asked).await? else {
            return Err(desk.refuse(Event::CaseRefused, None, R::PERMISSION, reference, Error::NotFound).await);
        };
        if !policy::allows_in_case(desk.actor(), R::PERMISSION, &relation) {
            let answer = if policy::allows_in_case(desk.actor(), ReadCase::PERMISSION, &relation) {
                Error::Forbidden
            } else {
                Error::NotFound
            };
            return Err(desk.refuse(Event::CaseRefused, Some(head.id), R::PERMISSION, reference, answer).await);
        }
        if R::PERMISSION == Permission::SayWhy {
            desk.note(Note::of(Event::WhyAsked).about(head.id));
            return Ok(Self { desk, head, relation, right: PhantomData });
        }
        if let Some(method) = by
            && policy::must_say_why(desk.actor(), head.protection, &relation)
        {
            // What was sent stands in its draft; what was asked for is shown afterwards.
            let answer = if method.is_safe() { Error::SayWhy(head.reference) } else { Error::Forbidden };
            return Err(desk.refuse(Event::WhyAsked, Some(head.id), R::PERMISSION, reference, answer).await);
        }
        let note = Note::of(Event::CaseRead).about(head.id).with("right", format!("{:?}", R::PERMISSION));
        let note = note.with("as", policy::rule(&relation));
        desk.note(match &head.glass {
            Some(glass) => note.with("glass", glass.id.to_string()),
            None => note,
        });
        Ok(Self { desk, head, relation, right: PhantomData })
    }

    pub fn head(&self) -> &CaseHead {
        &self.head
    }

    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// Whether the actor has to say why before they see it.
    pub fn must_say_why(&self) -> bool {
        policy::must_say_why(self.desk.actor(), self.head.protection, &self.relation)
    }

    /// Whether the actor is named in the case, as anything.
    pub fn is_named(&self) -> bool {
        !self.relation.named.is_empty()
    }

    /// For what only reads. A change through it is refused by the database.
    pub fn read(&mut self) -> &mut PgConnection {
        self.desk.read()
    }

    /// For what changes something: names it first.
    pub async fn write(&mut self, event: Event) -> Result<&mut PgConnection> {
        self.desk.write(event, Some(self.head.id)).await
    }

    /// For a look that the database keeps a row of beside the log, such as an opened location: a page may follow.
    pub async fn look(&mut self, note: Note) -> Result<&mut PgConnection> {
        let note = note.about(self.head.id);
        self.desk.look(note).await
    }

    /// Puts one more thing that is shown on the trail.
    pub fn shown(&mut self, note: Note) {
        self.desk.note(note.about(self.head.id));
    }

    /// Whether the actor also holds another right here; for buttons, never for data.
    pub fn may<Other: Right>(&self) -> bool {
        policy::allows_in_case(self.desk.actor(), Other::PERMISSION, &self.relation)
    }

    /// A section that only some may see: does the work under another right when the actor holds it.
    pub async fn also<Other: Right + SeesCase, T>(
        self,
        work: impl AsyncFnOnce(&mut CaseAccess<Other>) -> Result<T>,
    ) -> Result<(Self, Option<T>)> {
        if !self.may::<Other>() {
            return Ok((self, None));
        }
        let Self { desk, head, relation, .. } = self;
        let mut other = CaseAccess::<Other> { desk, head, relation, right: PhantomData };
        let done = work(&mut other).await?;
        let CaseAccess { desk, head, relation, .. } = other;
        Ok((Self { desk, head, relation, right: PhantomData }, Some(done)))
    }

    /// A page in a part of the case, after its trail is on disk.
    pub async fn page<T: Template>(
        self,
        part: Part,
        view: impl FnOnce(Shell, CaseBar, &Receipt) -> Result<T>,
    ) -> Result<Response> {
        self.answer(StatusCode::OK, part, view).await
    }

    /// The same page again with what has to be mended.
    pub async fn again<T: Template>(
        self,
        part: Part,
        view: impl FnOnce(Shell, CaseBar, &Receipt) -> Result<T>,
    ) -> Result<Response> {
        self.answer(StatusCode::UNPROCESSABLE_ENTITY, part, view).await
    }

    /// The same page again, because somebody else has changed it in the meantime.
    pub async fn conflict<T: Template>(
        self,
        part: Part,
        view: impl FnOnce(Shell, CaseBar, &Receipt) -> Result<T>,
    ) -> Result<Response> {
        self.answer(StatusCode::CONFLICT, part, view).await
    }

    async fn answer<T: Template>(
        self,
        status: StatusCode,
        part: Part,
        view: impl FnOnce(Shell, CaseBar, &Receipt) -> Result<T>,
    ) -> Result<Response> {
        let Self { desk, head, relation, .. } = self;
        let (actor, today) = (desk.actor().clone(), desk.clock().today());
        desk.page(status, |shell, receipt| {
            let bar = case_bar::fill(&actor, &head, &relation, part, receipt, today)?;
            view(shell, bar, receipt)
        })
        .await
    }

    /// Asks for a proof of who it is once more, before what cannot be taken back, and for the same right in the
    /// same case anew: it may have been lost in the meantime.
    pub async fn prove_again(self, action: Action, typed: Typed<'_>) -> Result<(Self, Proven)> {
        let reference = self.head.reference.clone();
        let about = About { action, case: Some(self.head.id) };
        let (proven, state, visitor) = self.desk.prove_again(about, typed).await?;
        let mut anew = Self::open(&state, visitor, &reference).await?;
        let proven = anew.desk.spend(proven, about).await?;
        Ok((anew, proven))
    }

    /// The same for what a key confirms and nothing else does: whoever has none goes on as before. A sentence where it was
    /// not confirmed.
    pub async fn confirm_by_key(self, action: Action, passkey: &str) -> Result<(Self, Option<String>)> {
        if !self.desk.actor().has_key() {
            return Ok((self, None));
        }
        let (case, proven) = self.prove_again(action, Typed { passkey, password: "", code: "" }).await?;
        Ok((case, proven.sentence()))
    }

    /// After a change: to the page where its result is seen.
    pub async fn redirect(self, to: &str, flash: impl Into<Option<Flash>>) -> Result<Response> {
        self.desk.redirect(to, flash.into()).await
    }

    /// Ends work that nobody waits for a page of.
    pub async fn done(self) -> Result<()> {
        self.desk.settle().await.map(drop)
    }
}
