//! An administrator starts: somebody has lost every key. Nothing of the account changes until a manager has met the person.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;
use uuid::Uuid;

use super::form::StartForm;
use super::{paths, store};
use crate::access::Access;
use crate::access::right::{ReadAccounts, StartRecovery};
use crate::audit::{Event, Note};
use crate::error::{Error, Result};
use crate::staffing::model::{Account, Status};
use crate::staffing::{paths as accounts, store as account_store};
use crate::state::AppState;
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{Crumb, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/konton/{account}/aterstallning", get(ask).post(start))
}

#[derive(Template)]
#[template(path = "recovery/start.html")]
struct StartPage {
    shell: Shell,
    crumbs: Vec<Crumb>,
    name: String,
    form: StartForm,
    faults: Faults,
    action: String,
    back: String,
}

impl StartPage {
    fn of(shell: Shell, account: Account, form: StartForm, faults: Faults) -> Self {
        Self {
            shell,
            crumbs: vec![
                Crumb::to(accounts::LIST, "Konton"),
                Crumb::to(accounts::show(account.id), account.name.clone()),
                Crumb::here("Återställ"),
            ],
            action: accounts::recover(account.id),
            back: accounts::show(account.id),
            name: account.name,
            form,
            faults,
        }
    }
}

/// The account, if it is somebody else's who has been in.
async fn account_of(access: Access<StartRecovery>, account: Uuid) -> Result<(Access<StartRecovery>, Account)> {
    let read = async |access: &mut Access<ReadAccounts>| account_store::account(access, account).await;
    let (mut access, found) = access.also(read).await?;
    let account = found.ok_or(Error::NotFound)?;
    access.shown(Note::of(Event::AccountShown).with("account", account.id.to_string()));
    if account.id == access.desk().actor().account {
        return Err(Error::Invalid("Du kan inte återställa ditt eget konto. Be en kollega."));
    }
    if account.status() != Status::Active {
        return Err(Error::Invalid("Bara ett aktivt konto kan återställas."));
    }
    Ok((access, account))
}

async fn ask(access: Access<StartRecovery>, PathId(account): PathId) -> Result<Response> {
    let (access, account) = account_of(access, account).await?;
    access.page(|shell, _| Ok(StartPage::of(shell, account, StartForm::fresh(), Faults::none()))).await
}

async fn start(
    access: Access<StartRecovery>,
    PathId(account): PathId,
    Form(form): Form<StartForm>,
) -> Result<Response> {
    let (mut access, account) = account_of(access, account).await?;
    match form.parse() {
        Ok(new) => {
            if !store::is_started(&mut access, new.id).await? {
                store::start(&mut access, account.id, &new).await?;
            }
            access.redirect(&paths::show(new.id), Flash::RecoveryStarted).await
        }
        Err(faults) => access.again(|shell, _| Ok(StartPage::of(shell, account, form, faults))).await,
    }
}
