//! Handing a month back instead of closing it: the second to sign says why, the first signature falls, and the reviewer goes
//! on. Never after it was closed.

use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::post;
use serde::Deserialize;
use uuid::Uuid;

use super::closing::{Act, Ready};
use super::pages::MonthOf;
use super::{paths, store};
use crate::access::Access;
use crate::access::right::{CloseLogReview, ReadLogReview};
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};

const LONGEST: usize = 1000;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/logggranskning/{month}/tillbaka", post(hand_back))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ReturnForm {
    pub id: String,
    pub reason: String,
}

impl ReturnForm {
    pub fn fresh() -> Self {
        Self { id: Uuid::now_v7().to_string(), ..Self::default() }
    }
}

async fn hand_back(
    access: Access<CloseLogReview>,
    MonthOf(month): MonthOf,
    Form(form): Form<ReturnForm>,
) -> Result<Response> {
    let (mut access, ready) =
        access.also(async |read: &mut Access<ReadLogReview>| Ready::read(read, month).await).await?;
    let Some(ready) = ready.flatten().filter(|ready| ready.act == Act::Close) else {
        return access.redirect(&paths::month(month), None).await;
    };
    let mut faults = Faults::none();
    let reason = faults.text(&form.reason, LONGEST, "reason", "Skriv varför du lämnar tillbaka månaden");
    let Some(reason) = reason.filter(|_| faults.is_empty()) else {
        return access.again(|shell, _| Ok(ready.page_with(shell, faults, false, form))).await;
    };
    let id = uuid(&form.id).unwrap_or_else(Uuid::now_v7);
    if !store::signing::hand_back(&mut access, id, ready.review.id, &reason).await? {
        return Err(Error::Stale);
    }
    access.redirect(&paths::month(month), Flash::LogReviewReturned).await
}
