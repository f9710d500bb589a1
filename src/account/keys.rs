//! `/konto/nycklar`: the keys that open one's own account. Whoever changes them proves who they are first; the question to
//! a new key is put on the page that follows the proof, and holds for two minutes.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use uuid::Uuid;

use super::paths;
use super::store::{self, OwnKey};
use crate::access::Access;
use crate::access::right::{ListCases, OwnSettings};
use crate::calendar;
use crate::error::{Error, Result};
use crate::identity::passkey::holding::{Added, Removed};
use crate::identity::proof::{About, Action, Proven, Typed};
use crate::state::AppState;
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{Field, Moment};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/konto/nycklar", get(list).post(keep))
        .route("/konto/nycklar/ny", get(ask_name).post(begin))
        .route("/konto/nycklar/fraga", post(question))
        .route("/konto/nycklar/{key}/ta-bort", get(ask_remove).post(remove))
}

#[derive(Template)]
#[template(path = "account/keys.html")]
struct KeysPage {
    shell: Shell,
    rows: Vec<Row>,
    knows_keys: bool,
    /// How many recovery codes are left; none without a sheet.
    codes: Option<i64>,
}

struct Row {
    name: String,
    created_at: Moment,
    used_at: Option<Moment>,
    /// None for the last one of somebody who has to have one.
    remove: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct KeyForm {
    name: String,
    passkey: String,
    password: String,
    code: String,
}

impl KeyForm {
    fn typed(&self) -> Typed<'_> {
        Typed { passkey: &self.passkey, password: &self.password, code: &self.code }
    }

    fn name(&self, faults: &mut Faults) -> Option<String> {
        faults.text(&self.name, 60, "name", "Skriv vad nyckeln ska heta")
    }
}

/// Naming a new key, with a proof; then the key itself.
#[derive(Template)]
#[template(path = "account/key_new.html")]
struct NewPage {
    shell: Shell,
    name: String,
    faults: Faults,
    /// What the key is asked; none until it has a name and its holder is proven.
    question: Option<String>,
}

#[derive(Template)]
#[template(path = "account/key_remove.html")]
struct RemovePage {
    shell: Shell,
    name: String,
    faults: Faults,
    is_only: bool,
    action: String,
}

async fn list(mut access: Access<OwnSettings>) -> Result<Response> {
    let keys = store::keys(&mut access).await?;
    let codes = store::recovery_codes(&mut access).await?.map(|codes| codes.left);
    let (knows_keys, bound) = (access.desk().knows_keys(), access.desk().must_use_key() && keys.len() == 1);
    access
        .page(|shell, _| {
            let row = |key: OwnKey| Row {
                remove: (!bound).then(|| paths::remove_key(key.id)),
                created_at: Moment(calendar::stockholm(key.created_at)),
                used_at: key.used_at.map(|at| Moment(calendar::stockholm(at))),
                name: key.name,
            };
            Ok(KeysPage { shell, rows: keys.into_iter().map(row).collect(), knows_keys, codes })
        })
        .await
}

async fn ask_name(access: Access<OwnSettings>) -> Result<Response> {
    open_here(&access)?;
    access.page(|shell, _| Ok(NewPage { shell, name: String::new(), faults: Faults::none(), question: None })).await
}

async fn begin(access: Access<OwnSettings>, Form(form): Form<KeyForm>) -> Result<Response> {
    open_here(&access)?;
    let mut faults = Faults::none();
    let Some(name) = form.name(&mut faults) else { return again(access, form.name, faults).await };
    let (access, proven) = access.prove_again(Action::ChangeKeys, form.typed()).await?;
    let refused = proven.sentence();
    let (Proven::Yes(proof), None) = (proven, &refused) else {
        return again(access, name, Faults::from(("password", refused.unwrap_or_default()))).await;
    };
    let (access, question) = access.ask_new_key(proof).await?;
    let question = Some(question.to_string());
    access.page(|shell, _| Ok(NewPage { shell, name, faults, question })).await
}

async fn keep(access: Access<OwnSettings>, Form(form): Form<KeyForm>) -> Result<Response> {
    open_here(&access)?;
    let mut faults = Faults::none();
    let Some(name) = form.name(&mut faults) else { return again(access, form.name, faults).await };
    let (access, added) = access.add_key(&name, &form.passkey).await?;
    let why = match added {
        Added::Done => return access.redirect(paths::KEYS, Flash::FactorAdded).await,
        Added::Refused => "Nyckeln registrerades inte: den svarade inte, eller för sent. Försök igen",
        Added::TooMany => "Nyckeln är redan registrerad, eller så har du tio. Ta bort en som du inte använder",
    };
    again(access, name, Faults::from(("name", why))).await
}

async fn again(access: Access<OwnSettings>, name: String, faults: Faults) -> Result<Response> {
    access.again(|shell, _| Ok(NewPage { shell, name, faults, question: None })).await
}

async fn ask_remove(mut access: Access<OwnSettings>, PathId(id): PathId) -> Result<Response> {
    let (key, is_only) = own(&mut access, id).await?;
    access.page(|shell, _| Ok(remove_page(shell, key, is_only, Faults::none()))).await
}

async fn remove(mut access: Access<OwnSettings>, PathId(id): PathId, Form(form): Form<KeyForm>) -> Result<Response> {
    let (key, is_only) = own(&mut access, id).await?;
    if is_only && access.desk().must_use_key() {
        return Err(Error::Invalid(LAST));
    }
    let (access, proven) = access.prove_again(Action::ChangeKeys, form.typed()).await?;
    let refused = proven.sentence();
    let (Proven::Yes(proof), None) = (proven, &refused) else {
        let faults = Faults::from(("password", refused.unwrap_or_default()));
        return access.again(|shell, _| Ok(remove_page(shell, key, is_only, faults))).await;
    };
    let (access, removed) = access.remove_key(id, proof).await?;
    match removed {
        Removed::Done => access.redirect(paths::KEYS, Flash::FactorRemoved).await,
        Removed::Last => Err(Error::Invalid(LAST)),
        Removed::Gone => access.redirect(paths::KEYS, None).await,
    }
}

const LAST: &str = "Du måste ha en nyckel kvar. Registrera en ny först.";

/// One of one's own, and whether it is the only one.
async fn own(access: &mut Access<OwnSettings>, id: Uuid) -> Result<(OwnKey, bool)> {
    let keys = store::keys(access).await?;
    let is_only = keys.len() == 1;
    let key = keys.into_iter().find(|key| key.id == id).ok_or(Error::NotFound)?;
    Ok((key, is_only))
}

fn remove_page(shell: Shell, key: OwnKey, is_only: bool, faults: Faults) -> RemovePage {
    RemovePage { shell, action: paths::remove_key(key.id), name: key.name, faults, is_only }
}

fn open_here(access: &Access<OwnSettings>) -> Result<()> {
    if access.desk().knows_keys() { Ok(()) } else { Err(Error::NotFound) }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct QuestionForm {
    action: String,
    case: String,
}

/// What the script asks when a form that demands a proof is sent: the key signs for this act in this case.
async fn question(mut access: Access<OwnSettings>, Form(form): Form<QuestionForm>) -> Result<Response> {
    let action = Action::parse(&form.action).ok_or(Error::Invalid("Det går inte att bekräfta med nyckel."))?;
    let case = if form.case.is_empty() {
        None
    } else if access.may::<ListCases>() {
        Some(store::case(&mut access, &form.case).await?.ok_or(Error::NotFound)?)
    } else {
        return Err(Error::NotFound);
    };
    match access.ask_key(About { action, case }).await? {
        Some(question) => Ok(Json(question).into_response()),
        None => Err(Error::Invalid("Du har ingen nyckel.")),
    }
}
