//! Seeing the children anew when the person moves: a change of placement is followed up for each child, also when no
//! investigation goes on. What was seen then stands.

use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;
use uuid::Uuid;

use super::form::ChildForm;
use super::{Case, ChildPage, Frame};
use crate::access::Part;
use crate::audit::{Event, Note};
use crate::error::{Error, Result};
use crate::investigation::store::children::Seen;
use crate::investigation::{paths, store};
use crate::state::AppState;
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::path_id::PathId;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/arenden/{case}/placeringar/{placement}/barnperspektiv", get(ask).post(keep))
}

fn frame(case: &str, placement: Uuid) -> Frame {
    ("Följ upp barnperspektivet", paths::child_at_placement(case, placement), paths::list(case))
}

async fn ask(case: Case, PathId(id): PathId) -> Result<Response> {
    let (mut case, children) = store::children::read(case).await?;
    if !store::children::has_moved(&mut case, id).await? {
        return Err(Error::NotFound);
    }
    case.shown(Note::of(Event::InvestigationsShown).with("children", children.seen.len()));
    let form = ChildForm::fresh(children.seen.iter().filter(|child| child.at == Some(id)).count());
    let frame = frame(&case.head().reference, id);
    case.page(Part::Investigation, |shell, case, _| Ok(ChildPage::of((shell, case), frame, (form, Faults::none()))))
        .await
}

async fn keep(case: Case, PathId(id): PathId, Form(form): Form<ChildForm>) -> Result<Response> {
    let (mut case, children) = store::children::read(case).await?;
    let to = paths::list(&case.head().reference);
    // The same form, sent twice.
    if children.seen.iter().any(|child| Some(child.id) == uuid(&form.id)) {
        return case.redirect(&to, None).await;
    }
    if !store::children::has_moved(&mut case, id).await? {
        return Err(Error::NotFound);
    }
    let today = case.desk().clock().today();
    match form.parse(today) {
        Ok(new) => {
            store::children::add(&mut case, Seen::AtPlacement(id), &new, today).await?;
            case.redirect(&to, Flash::ChildSaved).await
        }
        Err(faults) => {
            let frame = frame(&case.head().reference, id);
            case.again(Part::Investigation, |shell, case, _| Ok(ChildPage::of((shell, case), frame, (form, faults))))
                .await
        }
    }
}
