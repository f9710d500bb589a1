//! `/konto/osparat`: what one sent when one's session had ended. Sent on, it goes where it was going, by the same form,
//! so that a second save of the same thing changes nothing; thrown away, it is gone.

use askama::Template;
use axum::Router;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use secrecy::ExposeSecret;
use time::OffsetDateTime;
use uuid::Uuid;

use super::paths;
use super::store;
use crate::access::right::OwnSettings;
use crate::access::{Access, Receipt};
use crate::calendar;
use crate::crypto::Sealed;
use crate::error::{Error, Result};
use crate::identity::parked::{BODY, Fields};
use crate::personal::Personal;
use crate::state::AppState;
use crate::web::flash::Flash;
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::Moment;

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/konto/osparat", get(list))
        .route("/konto/osparat/{parked}/fortsatt", post(go_on))
        .route("/konto/osparat/{parked}/kasta", post(throw_away))
}

/// A form that waits for its owner.
pub(super) struct Parked {
    pub id: Uuid,
    pub path: String,
    pub body: Sealed,
    pub parked_at: OffsetDateTime,
}

#[derive(Template)]
#[template(path = "account/parked.html")]
struct ParkedPage {
    shell: Shell,
    forms: Vec<ParkedForm>,
}

struct ParkedForm {
    path: String,
    parked_at: Moment,
    fields: Vec<(String, Personal)>,
    go_on: String,
    throw_away: String,
}

impl ParkedForm {
    fn of(parked: Parked, receipt: &Receipt) -> Result<Self> {
        let opened = receipt.open_parked(BODY.at(parked.id), &parked.body)?;
        let fields: Fields = serde_json::from_slice(opened.expose_secret()).map_err(Error::internal)?;
        Ok(Self {
            parked_at: Moment(calendar::stockholm(parked.parked_at)),
            fields: fields.into_iter().map(|(name, value)| (name, Personal::new(value))).collect(),
            go_on: paths::go_on(parked.id),
            throw_away: paths::throw_away(parked.id),
            path: parked.path,
        })
    }
}

async fn list(mut access: Access<OwnSettings>) -> Result<Response> {
    let parked = store::parked(&mut access).await?;
    access
        .page(|shell, receipt| {
            let forms = parked.into_iter().map(|one| ParkedForm::of(one, receipt)).collect::<Result<_>>()?;
            Ok(ParkedPage { shell, forms })
        })
        .await
}

/// The browser sends the same fields on to where they were going: 307 keeps method and body.
async fn go_on(mut access: Access<OwnSettings>, PathId(id): PathId) -> Result<Response> {
    let path = store::take(&mut access, id).await?.ok_or(Error::NotFound)?;
    access.done().await?;
    Ok(Redirect::temporary(&path).into_response())
}

async fn throw_away(mut access: Access<OwnSettings>, PathId(id): PathId) -> Result<Response> {
    store::take(&mut access, id).await?;
    access.redirect(paths::PARKED, Flash::ThrownAway).await
}
