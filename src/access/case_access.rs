//! Proof that somebody may do something in one case. It holds the only way to the database, it cannot be made but by
//! asking, and asking is logged: a refusal in its own right, before the answer.

use std::marker::PhantomData;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use sqlx::PgConnection;
use time::Date;
use uuid::Uuid;

use super::desk::{Desk, Receipt};
use super::policy::{self, Relation};
use super::right::{Permission, ReadCase, Right, SeesCase};
use crate::audit::{Event, Note};
use crate::crypto::reference::CaseReference;
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::vocabulary::{AssignmentKind, CaseStatus, ProtectionLevel};

/// What every page in a case knows of it.
#[derive(Debug, Clone)]
pub struct CaseHead {
    pub id: Uuid,
    pub person: Uuid,
    pub reference: String,
    pub code_name: String,
    pub status: CaseStatus,
    pub protection: ProtectionLevel,
    pub opened_on: Date,
    pub closed_on: Option<Date>,
    pub version: i32,
}

/// See the module.
pub struct CaseAccess<R: Right> {
    desk: Desk,
    head: CaseHead,
    relation: Relation,
    right: PhantomData<R>,
}

impl<R: Right + SeesCase> CaseAccess<R> {
    /// Asks for a right in the case that the reference names, as whoever the token belongs to.
    /// What the actor may not see answers like what does not exist; what may be seen but not done is forbidden.
    pub async fn open(state: &AppState, token: &str, reference: &str, address: Option<String>) -> Result<Self> {
        let mut desk = Desk::open(state, token, address).await?;
        let Some((head, relation)) = find(&mut desk, reference).await? else {
            return Err(refuse(desk, None, R::PERMISSION, reference, Error::NotFound).await);
        };
        if !policy::allows_in_case(desk.actor(), R::PERMISSION, &relation) {
            let answer = if policy::allows_in_case(desk.actor(), ReadCase::PERMISSION, &relation) {
                Error::Forbidden
            } else {
                Error::NotFound
            };
            return Err(refuse(desk, Some(head.id), R::PERMISSION, reference, answer).await);
        }
        desk.note(Note::of(Event::CaseRead).about(head.id).with("right", format!("{:?}", R::PERMISSION)));
        Ok(Self { desk, head, relation, right: PhantomData })
    }

    pub fn head(&self) -> &CaseHead {
        &self.head
    }

    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// For what only reads. A change through it is refused by the database.
    pub fn read(&mut self) -> &mut PgConnection {
        self.desk.read()
    }

    /// For what changes something: names it first.
    pub async fn write(&mut self, event: Event) -> Result<&mut PgConnection> {
        self.desk.write(event, Some(self.head.id)).await
    }

    /// Puts one more thing that is shown on the trail.
    pub fn shown(&mut self, event: Event) {
        self.desk.note(Note::of(event).about(self.head.id));
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

    /// A page, after its trail is on disk.
    pub async fn page<T: Template>(self, view: impl FnOnce(&Receipt) -> Result<T>) -> Result<Response> {
        self.answer(StatusCode::OK, view).await
    }

    /// The same page again with what has to be mended.
    pub async fn again<T: Template>(self, view: impl FnOnce(&Receipt) -> Result<T>) -> Result<Response> {
        self.answer(StatusCode::UNPROCESSABLE_ENTITY, view).await
    }

    async fn answer<T: Template>(
        self,
        status: StatusCode,
        view: impl FnOnce(&Receipt) -> Result<T>,
    ) -> Result<Response> {
        if self.desk.has_changed() {
            return Err(Error::internal("a change must end in a redirect"));
        }
        let receipt = self.desk.settle().await?;
        Ok((status, Html(render(&view(&receipt)?)?)).into_response())
    }

    /// After a change: to the page where its result is seen.
    pub async fn redirect(self, to: &str) -> Result<Response> {
        self.desk.settle().await?;
        Ok(Redirect::to(to).into_response())
    }
}

/// The one place where a page becomes text.
#[expect(clippy::disallowed_methods, reason = "the log row is on disk: every way here goes through settle()")]
pub(super) fn render(page: &impl Template) -> Result<String> {
    Ok(page.render()?)
}

async fn find(desk: &mut Desk, reference: &str) -> Result<Option<(CaseHead, Relation)>> {
    // A text that cannot be a reference is asked for all the same: no answer comes quicker than another.
    let reference: String =
        reference.parse::<CaseReference>().map_or_else(|_| "-".to_owned(), |good| good.as_str().to_owned());
    let account = desk.actor().account;
    let row = sqlx::query!(
        r#"select c.id, c.person_id, c.reference, c.code_name, c.status as "status: CaseStatus",
                  c.protection_level as "protection: ProtectionLevel", c.opened_on, c.closed_on, c.version,
                  array(select a.kind::text from assignment a
                        where a.case_id = c.id and a.account_id = $2 and a.ended_at is null) as "named!: Vec<String>"
           from case_file c where c.reference = $1"#,
        reference,
        account
    )
    .fetch_optional(desk.read())
    .await?;
    Ok(row.map(|row| {
        let named = row.named.iter().filter_map(|code| AssignmentKind::parse(code)).collect();
        let relation = Relation { named, is_closed: row.closed_on.is_some() };
        let head = CaseHead {
            id: row.id,
            person: row.person_id,
            reference: row.reference,
            code_name: row.code_name,
            status: row.status,
            protection: row.protection,
            opened_on: row.opened_on,
            closed_on: row.closed_on,
            version: row.version,
        };
        (head, relation)
    }))
}

/// The refusal is on disk before the answer leaves. What was tried stands there as a keyed hash: it may be a slip of
/// the pen that is somebody's number.
async fn refuse(mut desk: Desk, case: Option<Uuid>, asked: Permission, tried: &str, answer: Error) -> Error {
    let tried = data_encoding::HEXLOWER.encode(&desk.keys().search_hash(tried)[..]);
    let mut note = Note::of(Event::CaseRefused).with("right", format!("{asked:?}")).with("tried", tried);
    note.case = case;
    desk.note(note);
    match desk.settle().await {
        Ok(_) => answer,
        Err(error) => error,
    }
}
