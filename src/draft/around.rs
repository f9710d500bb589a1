//! Around all routes: an open form is tied to its draft when its page is shown, and lets go of it when it has been sent.
//! Where a form cannot be sent as it is, because somebody else was first, what was typed is kept and shown beside theirs.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use http_body_util::BodyExt;

use super::fields::forms;
use super::form::Typed;
use super::model::{Hold, Saving};
use super::views::{Filling, Read, woven};
use super::{paths, store};
use crate::access::right::KeepDrafts;
use crate::access::{Access, Visitor};
use crate::audit::{Event, Note};
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::web::body::fields;
use crate::web::error_page::{NobodySignedIn, Trouble};
use crate::web::flash::Flash;

/// The middleware.
pub async fn keep(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    if path.starts_with(paths::ALL) {
        return next.run(request).await;
    }
    let (head, body) = request.into_parts();
    let visitor = Visitor::of(&head);
    match head.method {
        Method::GET => {
            let answer = next.run(Request::from_parts(head, body)).await;
            shown(&state, visitor, &path, answer).await.unwrap_or_else(IntoResponse::into_response)
        }
        Method::POST => {
            let Ok(body) = body.collect().await else { return Trouble::Unreadable.into_response() };
            let body = body.to_bytes();
            // What somebody sends is meant: it is never a save that comes late.
            let typed = Typed::read(fields(body.clone()).await, Some(&path)).map(|one| Typed { by_hand: true, ..one });
            let request = Request::from_parts(head, Body::from(body));
            sent(&state, visitor, &path, typed, request, next).await.unwrap_or_else(IntoResponse::into_response)
        }
        _ => next.run(Request::from_parts(head, body)).await,
    }
}

/// A page that is opened: its forms are tied to their drafts.
async fn shown(state: &AppState, visitor: Visitor, path: &str, answer: Response) -> Result<Response> {
    match answer.status() {
        StatusCode::OK => {}
        // It can be opened no longer, but what was typed there can be read.
        StatusCode::CONFLICT | StatusCode::SEE_OTHER => {
            if answer.extensions().get::<NobodySignedIn>().is_some() {
                return Ok(answer);
            }
            let is_at = match Access::<KeepDrafts>::open(state, visitor).await {
                Ok(mut access) => store::is_at(&mut access, path).await?,
                Err(_) => false,
            };
            return Ok(if is_at { Redirect::to(paths::ALL).into_response() } else { answer });
        }
        _ => return Ok(answer),
    }
    let read = match Read::answer(answer).await {
        Ok(read) if read.is_ours() => read,
        Ok(read) => return Ok(read.unchanged()),
        Err(answer) => return Ok(answer),
    };
    let forms = forms(&read.page);
    let mut access = match Access::<KeepDrafts>::open(state, visitor).await {
        Ok(access) => access,
        // In this very moment: the form stands there, and is kept when it is sent.
        Err(Error::SignedOut) => return Ok(read.unchanged()),
        Err(error) => return Err(error),
    };
    let addresses: Vec<String> = forms.iter().map(|form| form.address.clone()).collect();
    let drafts = store::of_forms(&mut access, &addresses).await?;
    let fillings: Vec<Filling<'_>> = forms
        .into_iter()
        .map(|form| {
            let drafts: Vec<_> = drafts.iter().filter(|draft| draft.address == form.address).collect();
            Filling { hold: Hold::fresh(drafts.first().copied()), form, drafts }
        })
        .collect();
    let owner = access.desk().actor().account;
    let page = if drafts.is_empty() {
        woven(&read.page, path, &fillings, None)?
    } else {
        let note = Note::of(Event::FormDraftShown).with("count", drafts.len());
        access.shown(Note { case: drafts.iter().find_map(|draft| draft.case), ..note });
        let receipt = access.receipt().await?;
        woven(&read.page, path, &fillings, Some((&receipt, owner)))?
    };
    Ok(read.into_response(page))
}

/// A form that is sent.
async fn sent(
    state: &AppState,
    visitor: Visitor,
    path: &str,
    typed: Option<Typed>,
    request: Request,
    next: Next,
) -> Result<Response> {
    if let Some(typed) = &typed
        && typed.record().is_some()
        && is_sent_otherwise(state, &visitor, typed).await?
    {
        // The room would take it for the same form, sent twice, and the new text would be gone.
        kept(state, visitor, typed).await?;
        return Ok(Flash::AlreadySent.redirect(&typed.page));
    }
    let answer = next.run(request).await;
    let Some(typed) = typed else { return without_draft(path, answer).await };
    let status = answer.status();
    if status == StatusCode::SEE_OTHER {
        if answer.extensions().get::<NobodySignedIn>().is_none() {
            let_go(state, visitor, &typed).await;
        }
        return Ok(answer);
    }
    let is_mended = matches!(status, StatusCode::OK | StatusCode::UNPROCESSABLE_ENTITY | StatusCode::CONFLICT);
    if !is_mended && !status.is_server_error() {
        return Ok(answer);
    }
    let hold = match kept(state, visitor, &typed).await {
        Ok(hold) => hold,
        Err(error) => {
            tracing::warn!(%error, "what came back in a form is not kept");
            typed.hold
        }
    };
    let read = match Read::answer(answer).await {
        Ok(read) => read,
        Err(answer) => return Ok(answer),
    };
    if read.status() == StatusCode::CONFLICT && !read.is_ours() {
        return Ok(Flash::SomebodyFirst.redirect(&typed.page));
    }
    let fillings: Vec<Filling<'_>> = forms(&read.page)
        .into_iter()
        .map(|form| {
            let hold = if form.address == typed.address { hold } else { Hold::fresh(None) };
            Filling { form, hold, drafts: Vec::new() }
        })
        .collect();
    let page = woven(&read.page, &typed.page, &fillings, None)?;
    Ok(read.into_response(page))
}

/// What answers a form that is not kept may hold one that is.
async fn without_draft(path: &str, answer: Response) -> Result<Response> {
    let read = match Read::answer(answer).await {
        Ok(read) if read.is_ours() => read,
        Ok(read) => return Ok(read.unchanged()),
        Err(answer) => return Ok(answer),
    };
    let fresh = |form| Filling { form, hold: Hold::fresh(None), drafts: Vec::new() };
    let fillings: Vec<Filling<'_>> = forms(&read.page).into_iter().map(fresh).collect();
    let page = woven(&read.page, path, &fillings, None)?;
    Ok(read.into_response(page))
}

async fn is_sent_otherwise(state: &AppState, visitor: &Visitor, typed: &Typed) -> Result<bool> {
    match Access::<KeepDrafts>::open(state, visitor.clone()).await {
        Ok(mut access) => store::was_sent_otherwise(&mut access, typed).await,
        // The room says so itself.
        Err(Error::SignedOut) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Keeps what was sent and could not be saved.
async fn kept(state: &AppState, visitor: Visitor, typed: &Typed) -> Result<Hold> {
    let mut access = Access::<KeepDrafts>::open(state, visitor).await?;
    let saving = store::save(&mut access, typed).await?;
    access.done().await?;
    Ok(match saving {
        Saving::Saved { hold, .. } => hold,
        Saving::Late => typed.hold,
    })
}

/// It has been saved; that a draft of it is still there is a nuisance and no loss.
async fn let_go(state: &AppState, visitor: Visitor, typed: &Typed) {
    let work = async {
        let mut access = Access::<KeepDrafts>::open(state, visitor).await?;
        store::sent(&mut access, typed).await?;
        access.done().await
    };
    if let Err(error) = work.await {
        tracing::warn!(%error, "a form that was sent still has its draft");
    }
}
