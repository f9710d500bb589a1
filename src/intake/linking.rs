//! An anonymous consultation that goes on: the person has come back and said who they are, in an intake that came later.
//! The consultation ends there, and still names nobody.

use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::post;

use super::form::LinkForm;
use super::model::goes_on_in;
use super::{paths, store};
use crate::access::Access;
use crate::access::right::SettleIntake;
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::path_id::PathId;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/aktualiseringar/{intake}/konsultation", post(link))
}

async fn link(mut access: Access<SettleIntake>, PathId(id): PathId, Form(form): Form<LinkForm>) -> Result<Response> {
    let intake = store::get(&mut access, id).await?;
    let to = paths::show(id);
    let Some(wanted) = form.consultation() else {
        let faults = Faults::from(("consultation", "Välj vilken konsultation som fortsätter i aktualiseringen"));
        return super::pages::page(access, id, faults).await;
    };
    let asked = store::get(&mut access, wanted).await?;
    // Sent twice: the first time did it.
    if asked.linked == Some(id) {
        return access.redirect(&to, None).await;
    }
    if !intake.is_open() || !asked.is_open() || !asked.is_anonymous || !goes_on_in(asked.received_on, &intake) {
        return Err(Error::Stale);
    }
    let waiting = store::consultations(&mut access, intake.received_on).await?;
    let Some(consultation) = waiting.iter().find(|one| one.id == wanted) else { return Err(Error::Stale) };
    if !store::link(&mut access, consultation, id).await? {
        return Err(Error::Stale);
    }
    access.redirect(&to, Flash::IntakeLinked).await
}
