//! `/utkast`: one's own drafts, where an open form saves itself, and where a draft is thrown away.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use serde_json::json;
use uuid::Uuid;

use super::fields::Values;
use super::form::{DRAFT, PAGE, Typed, case_in, given_back};
use super::model::{Draft, Saving};
use super::{paths, store};
use crate::access::right::KeepDrafts;
use crate::access::{Access, Receipt};
use crate::calendar::stockholm;
use crate::error::{Error, Result};
use crate::personal::Personal;
use crate::state::AppState;
use crate::web::flash::Flash;
use crate::web::shell::Shell;
use crate::web::view::Moment;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/utkast", get(list).post(save)).route("/utkast/kasta", post(discard))
}

#[derive(Template)]
#[template(path = "draft/list.html")]
struct ListPage {
    shell: Shell,
    rows: Vec<Row>,
}

struct Row {
    id: String,
    saved_at: Moment,
    /// By its reference, where it is about one.
    case: Option<String>,
    texts: Vec<Personal>,
    /// Where its form stands.
    page: String,
}

impl Row {
    fn of(draft: &Draft, receipt: &Receipt, owner: Uuid) -> Result<Self> {
        let sealed = draft.sealed.as_ref().ok_or_else(|| Error::internal("a draft that was sent is listed"))?;
        let unsent = receipt.open_draft(owner, draft.id, sealed)?;
        Ok(Self {
            id: draft.id.to_string(),
            saved_at: Moment(stockholm(draft.saved_at)),
            case: case_in(&draft.address).map(str::to_owned),
            texts: Values::new(given_back(&unsent)).typed().into_iter().map(Personal::new).collect(),
            page: unsent.path,
        })
    }
}

async fn list(mut access: Access<KeepDrafts>) -> Result<Response> {
    let drafts = store::all(&mut access).await?;
    let owner = access.desk().actor().account;
    access
        .page(|shell, receipt| {
            let rows = drafts.iter().map(|draft| Row::of(draft, receipt, owner)).collect::<Result<_>>()?;
            Ok(ListPage { shell, rows })
        })
        .await
}

/// What an open form sends by itself, or by hand. Nothing is checked: a draft is as unfinished as it likes.
async fn save(mut access: Access<KeepDrafts>, Form(sent): Form<Vec<(String, String)>>) -> Result<Response> {
    let typed = Typed::read(sent, None).ok_or(Error::Invalid("Formuläret kom inte fram helt."))?;
    let saving = store::save(&mut access, &typed).await?;
    if typed.by_hand {
        return access.redirect(&typed.page, Flash::DraftSaved).await;
    }
    access.done().await?;
    Ok(match saving {
        Saving::Saved { hold, at } => {
            let said = json!({ "draft": hold.draft, "version": hold.version, "saved": Moment(stockholm(at)).clock() });
            Json(said).into_response()
        }
        Saving::Late => Json(json!({ "sent": true })).into_response(),
    })
}

async fn discard(mut access: Access<KeepDrafts>, Form(sent): Form<Vec<(String, String)>>) -> Result<Response> {
    let said = |name: &str| sent.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str());
    let id = said(DRAFT).and_then(|id| Uuid::try_parse(id).ok()).ok_or(Error::NotFound)?;
    let page = store::discard(&mut access, id).await?;
    // From the list one comes back to the list.
    let to = if said(PAGE).is_some() { page } else { None };
    access.redirect(to.as_deref().unwrap_or(paths::ALL), Flash::DraftThrownAway).await
}
