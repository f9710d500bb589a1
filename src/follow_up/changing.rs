//! Moving a follow-up to another day, and cancelling one that will not be held.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;
use uuid::Uuid;

use super::form::{ChangeForm, LONGEST_REASON};
use super::model::FollowUp;
use super::{paths, store};
use crate::access::right::FollowUp as FollowUpRight;
use crate::access::{CaseAccess, Part};
use crate::audit::{Event, Note};
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/uppfoljningar/{follow_up}/flyttning", get(ask_move).post(shift))
        .route("/arenden/{case}/uppfoljningar/{follow_up}/installning", get(ask_cancel).post(cancel))
}

/// What is done with it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Act {
    Move,
    Cancel,
}

#[derive(Template)]
#[template(path = "follow_up/change.html")]
struct ChangePage {
    shell: Shell,
    case: CaseBar,
    heading: &'static str,
    moves: bool,
    one: FollowUp,
    form: ChangeForm,
    faults: Faults,
    stale: bool,
    action: String,
    back: String,
}

/// A form on its way to a page.
struct Draft {
    act: Act,
    one: FollowUp,
    form: ChangeForm,
    faults: Faults,
    stale: bool,
}

impl Draft {
    fn page(self, shell: Shell, case: CaseBar) -> ChangePage {
        let (heading, action) = match self.act {
            Act::Move => ("Flytta uppföljningen", paths::moving(&case.reference, self.one.id)),
            Act::Cancel => ("Ställ in uppföljningen", paths::cancel(&case.reference, self.one.id)),
        };
        ChangePage {
            heading,
            moves: self.act == Act::Move,
            action,
            back: paths::show(&case.reference, self.one.id),
            shell,
            case,
            one: self.one,
            form: self.form,
            faults: self.faults,
            stale: self.stale,
        }
    }
}

type Case = CaseAccess<FollowUpRight>;

async fn ask(case: Case, id: Uuid, act: Act) -> Result<Response> {
    let (mut case, one) = store::get(case, id).await?;
    case.shown(Note::of(Event::FollowUpsShown).with("number", one.number));
    if !one.may_be_held(case.head().closed_on.is_some()) {
        let to = paths::show(&case.head().reference, id);
        return case.redirect(&to, None).await;
    }
    let draft = Draft { act, form: ChangeForm::fresh(one.version), one, faults: Faults::none(), stale: false };
    case.page(Part::Plan, |shell, case, _| Ok(draft.page(shell, case))).await
}

/// One to be changed, with what was typed.
async fn found(case: Case, id: Uuid, act: Act, form: ChangeForm) -> Result<(Case, Draft)> {
    let (mut case, one) = store::get(case, id).await?;
    case.shown(Note::of(Event::FollowUpsShown).with("number", one.number));
    Ok((case, Draft { act, one, form, faults: Faults::none(), stale: false }))
}

/// Somebody else was quicker: what was typed is not lost.
async fn overtaken(case: Case, mut draft: Draft) -> Result<Response> {
    if !draft.one.may_be_held(case.head().closed_on.is_some()) {
        return Err(Error::Stale);
    }
    draft.stale = true;
    draft.form.version = draft.one.version.to_string();
    case.conflict(Part::Plan, |shell, case, _| Ok(draft.page(shell, case))).await
}

async fn faulty(case: Case, draft: Draft, faults: Faults) -> Result<Response> {
    let draft = Draft { faults, ..draft };
    case.again(Part::Plan, |shell, case, _| Ok(draft.page(shell, case))).await
}

fn is_overtaken(draft: &Draft, is_closed: bool) -> bool {
    draft.form.version() != draft.one.version || !draft.one.may_be_held(is_closed)
}

async fn ask_move(case: Case, PathId(id): PathId) -> Result<Response> {
    ask(case, id, Act::Move).await
}

async fn shift(case: Case, PathId(id): PathId, Form(form): Form<ChangeForm>) -> Result<Response> {
    let (mut case, draft) = found(case, id, Act::Move, form).await?;
    let to = paths::show(&case.head().reference, id);
    // The same form, sent twice.
    if let Some(line) = uuid(&draft.form.id)
        && store::is_moved(&mut case, id, line).await?
    {
        return case.redirect(&to, None).await;
    }
    if is_overtaken(&draft, case.head().closed_on.is_some()) {
        return overtaken(case, draft).await;
    }
    match draft.form.parse_shift(&draft.one, case.desk().clock().today()) {
        Ok(shift) => {
            if !store::shift(&mut case, &draft.one, &shift).await? {
                return Err(Error::Stale);
            }
            case.redirect(&to, Flash::FollowUpMoved).await
        }
        Err(faults) => faulty(case, draft, faults).await,
    }
}

async fn ask_cancel(case: Case, PathId(id): PathId) -> Result<Response> {
    ask(case, id, Act::Cancel).await
}

async fn cancel(case: Case, PathId(id): PathId, Form(form): Form<ChangeForm>) -> Result<Response> {
    let (mut case, draft) = found(case, id, Act::Cancel, form).await?;
    let to = paths::show(&case.head().reference, id);
    // The same button twice.
    if draft.one.cancelled.is_some() && draft.form.version() + 1 == draft.one.version {
        return case.redirect(&to, None).await;
    }
    if is_overtaken(&draft, case.head().closed_on.is_some()) {
        return overtaken(case, draft).await;
    }
    match draft.form.parse_cancel() {
        Ok(reason) => {
            if !store::cancel(&mut case, &draft.one, &reason).await? {
                return Err(Error::Stale);
            }
            case.redirect(&to, Flash::FollowUpCancelled).await
        }
        Err(faults) => faulty(case, draft, faults).await,
    }
}
