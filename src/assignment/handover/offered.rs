//! `/overlamningar/{handover}`: for whoever is asked to take a case over. Until they do they see its reference and the
//! message, and nothing else.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;

use super::super::paths;
use super::store::{self, Offer};
use crate::access::right::AnswerHandover;
use crate::access::{Access, case_path};
use crate::calendar;
use crate::error::{Error, Result};
use crate::personal::Personal;
use crate::state::AppState;
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{Field, Moment};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/overlamningar/{handover}", get(show).post(accept))
        .route("/overlamningar/{handover}/nej", post(decline))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct DeclineForm {
    answer: String,
}

#[derive(Template)]
#[template(path = "assignment/offered.html")]
struct OfferedPage {
    shell: Shell,
    reference: String,
    offered_by: String,
    offered_at: Moment,
    message: Personal,
    form: DeclineForm,
    faults: Faults,
    accept: String,
    decline: String,
}

async fn find(access: &mut Access<AnswerHandover>, id: uuid::Uuid) -> Result<Offer> {
    store::offered(access).await?.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)
}

fn page(
    shell: Shell,
    receipt: &crate::access::Receipt,
    offer: Offer,
    form: DeclineForm,
    faults: Faults,
) -> Result<OfferedPage> {
    Ok(OfferedPage {
        shell,
        message: receipt.open(store::MESSAGE.at(offer.id), &offer.message)?,
        reference: offer.reference,
        offered_by: offer.offered_by,
        offered_at: Moment(calendar::stockholm(offer.offered_at)),
        form,
        faults,
        accept: paths::offered(offer.id),
        decline: paths::decline_handover(offer.id),
    })
}

async fn show(mut access: Access<AnswerHandover>, PathId(id): PathId) -> Result<Response> {
    let offer = find(&mut access, id).await?;
    access.page(|shell, receipt| page(shell, receipt, offer, DeclineForm::default(), Faults::none())).await
}

async fn accept(mut access: Access<AnswerHandover>, PathId(id): PathId) -> Result<Response> {
    let offer = find(&mut access, id).await?;
    if !store::take_over(&mut access, id).await? {
        return Err(Error::Stale);
    }
    access.redirect(&case_path(&offer.reference, ""), Flash::HandoverAccepted).await
}

async fn decline(
    mut access: Access<AnswerHandover>,
    PathId(id): PathId,
    Form(form): Form<DeclineForm>,
) -> Result<Response> {
    let offer = find(&mut access, id).await?;
    let mut faults = Faults::none();
    match faults.text(&form.answer, 500, "answer", "Skriv varför du inte kan ta över ärendet") {
        Some(answer) => {
            store::decline(&mut access, id, &answer).await?;
            access.redirect("/", Flash::HandoverDeclined).await
        }
        None => access.again(|shell, receipt| page(shell, receipt, offer, form, faults)).await,
    }
}
