//! What ends, and the code that begins: somebody else's sessions, the account of somebody who leaves, and the code of the
//! first sign-in, shown once.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use uuid::Uuid;

use super::model::{Account, Status};
use super::{paths, store};
use crate::access::Access;
use crate::access::right::{EndAccount, IssueCode, ReadAccounts};
use crate::audit::{Event, Note};
use crate::calendar::stockholm;
use crate::error::{Error, Result};
use crate::identity::activation::Drawn;
use crate::state::AppState;
use crate::web::flash::Flash;
use crate::web::form::uuid;
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{Crumb, Moment};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/konton/{account}/inloggningar/avslut", post(end_sessions))
        .route("/konton/{account}/kod", post(code))
        .route("/konton/{account}/avslut", get(ask).post(end))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SessionForm {
    /// Which one; empty for all.
    session: String,
}

async fn end_sessions(
    access: Access<EndAccount>,
    PathId(account): PathId,
    Form(form): Form<SessionForm>,
) -> Result<Response> {
    let (mut access, account) = account_of(access, account).await?;
    store::end_sessions(&mut access, account.id, uuid(&form.session)).await?;
    access.redirect(&paths::show(account.id), Flash::SessionsOfOtherEnded).await
}

#[derive(Template)]
#[template(path = "staffing/code.html")]
struct CodePage {
    shell: Shell,
    crumbs: Vec<Crumb>,
    account: Account,
    drawn: Drawn,
    expires_at: Moment,
}

/// Shown on the answer itself and nowhere else: no address leads to it.
async fn code(access: Access<IssueCode>, PathId(account): PathId) -> Result<Response> {
    let read = async |access: &mut Access<ReadAccounts>| store::account(access, account).await;
    let (mut access, found) = access.also(read).await?;
    let account = found.ok_or(Error::NotFound)?;
    let Some(drawn) = store::issue_code(&mut access, account.id).await? else {
        return Err(Error::Invalid("Kontot är redan aktiverat, låst eller utan roll. En ny kod lämnas av driften."));
    };
    let page = |shell| CodePage {
        shell,
        crumbs: vec![
            Crumb::to(paths::LIST, "Konton"),
            Crumb::to(paths::show(account.id), account.name.clone()),
            Crumb::here("Aktiveringskod"),
        ],
        expires_at: Moment(stockholm(drawn.expires_at)),
        account,
        drawn,
    };
    access.page(|shell, _| Ok(page(shell))).await
}

/// The account, if it is somebody else's.
async fn account_of(access: Access<EndAccount>, account: Uuid) -> Result<(Access<EndAccount>, Account)> {
    let read = async |access: &mut Access<ReadAccounts>| store::account(access, account).await;
    let (mut access, found) = access.also(read).await?;
    let account = found.ok_or(Error::NotFound)?;
    access.shown(Note::of(Event::AccountShown).with("account", account.id.to_string()));
    if account.id == access.desk().actor().account {
        return Err(Error::Invalid("Du kan inte avsluta ditt eget konto. Be en kollega."));
    }
    Ok((access, account))
}

#[derive(Template)]
#[template(path = "staffing/end.html")]
struct EndPage {
    shell: Shell,
    crumbs: Vec<Crumb>,
    name: String,
    action: String,
    back: String,
}

async fn ask(access: Access<EndAccount>, PathId(account): PathId) -> Result<Response> {
    let (access, account) = account_of(access, account).await?;
    if account.status() == Status::Ended {
        return access.redirect(&paths::show(account.id), None).await;
    }
    let page = |shell| EndPage {
        shell,
        crumbs: vec![
            Crumb::to(paths::LIST, "Konton"),
            Crumb::to(paths::show(account.id), account.name.clone()),
            Crumb::here("Avsluta"),
        ],
        action: paths::end(account.id),
        back: paths::show(account.id),
        name: account.name,
    };
    access.page(|shell, _| Ok(page(shell))).await
}

async fn end(access: Access<EndAccount>, PathId(account): PathId) -> Result<Response> {
    let (mut access, account) = account_of(access, account).await?;
    let to = paths::show(account.id);
    if account.status() == Status::Ended {
        return access.redirect(&to, None).await;
    }
    if !store::end_account(&mut access, account.id).await? {
        return Err(Error::Forbidden);
    }
    access.redirect(&to, Flash::AccountEnded).await
}
