//! Bringing a plan into force, ending one, and taking away a draft of one's own.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::{get, post};
use uuid::Uuid;

use super::form::EndForm;
use super::model::Plan;
use super::{paths, store};
use crate::access::right::WritePlan;
use crate::access::{CaseAccess, Part};
use crate::audit::{Event, Note};
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/planer/{plan}/faststallande", post(activate))
        .route("/arenden/{case}/planer/{plan}/avslut", get(ask).post(end))
        .route("/arenden/{case}/planer/{plan}/borttagning", get(ask_discard).post(discard))
}

async fn activate(case: CaseAccess<WritePlan>, PathId(id): PathId, Form(form): Form<EndForm>) -> Result<Response> {
    let (mut case, one) = store::get(case, id).await?;
    let to = paths::show(&case.head().reference, id);
    // The same button twice.
    if one.is_active() && form.version() + 1 == one.version {
        return case.redirect(&to, None).await;
    }
    let today = case.desk().clock().today();
    if one.is_draft() && form.version() == one.version && !one.may_activate(today) {
        return Err(Error::Invalid("Dagen för uppföljning har passerat. Ändra utkastet och fastställ det sedan."));
    }
    if !store::activate(&mut case, &one, form.version(), today).await? {
        return Err(Error::Stale);
    }
    case.redirect(&to, Flash::PlanActivated).await
}

#[derive(Template)]
#[template(path = "plan/end.html")]
struct EndPage {
    shell: Shell,
    case: CaseBar,
    what: String,
    form: EndForm,
    faults: Faults,
    stale: bool,
    action: String,
    back: String,
}

impl EndPage {
    fn of(shell: Shell, case: CaseBar, one: &Plan, (form, faults): (EndForm, Faults), stale: bool) -> Self {
        let (action, back) = (paths::end(&case.reference, one.id), paths::show(&case.reference, one.id));
        let what = format!("{}, version {}", one.kind, one.version_no);
        Self { shell, case, what, form, faults, stale, action, back }
    }
}

async fn ask(case: CaseAccess<WritePlan>, PathId(id): PathId) -> Result<Response> {
    let (case, one) = store::get(case, id).await?;
    if !one.is_active() {
        let to = paths::show(&case.head().reference, id);
        return case.redirect(&to, None).await;
    }
    let on = case.desk().clock().today().to_string();
    let form = EndForm { version: one.version.to_string(), on, reason: String::new() };
    case.page(Part::Plan, |shell, case, _| Ok(EndPage::of(shell, case, &one, (form, Faults::none()), false))).await
}

async fn end(case: CaseAccess<WritePlan>, PathId(id): PathId, Form(form): Form<EndForm>) -> Result<Response> {
    let (mut case, one) = store::get(case, id).await?;
    let Some((activated_on, _)) = one.activated.clone().filter(|_| one.is_active()) else {
        return Err(Error::Stale);
    };
    if form.version() != one.version {
        let form = EndForm { version: one.version.to_string(), ..form };
        return case
            .conflict(Part::Plan, |shell, case, _| Ok(EndPage::of(shell, case, &one, (form, Faults::none()), true)))
            .await;
    }
    match form.parse(activated_on, case.desk().clock().today()) {
        Ok((on, reason)) => {
            if !store::end(&mut case, id, one.version, on, &reason).await? {
                return Err(Error::Stale);
            }
            let to = paths::show(&case.head().reference, id);
            case.redirect(&to, Flash::PlanEnded).await
        }
        Err(faults) => {
            case.again(Part::Plan, |shell, case, _| Ok(EndPage::of(shell, case, &one, (form, faults), false))).await
        }
    }
}

#[derive(Template)]
#[template(path = "plan/discard.html")]
struct DiscardPage {
    shell: Shell,
    case: CaseBar,
    one: Plan,
    action: String,
    back: String,
}

/// The draft, when it is the actor's own: whoever did not begin it does not take it away.
async fn own_draft(case: CaseAccess<WritePlan>, id: Uuid) -> Result<(CaseAccess<WritePlan>, Plan)> {
    let (case, one) = store::get(case, id).await?;
    if !one.is_draft() {
        return Err(Error::Stale);
    }
    if !one.may_discard(case.desk().actor().account) {
        return Err(Error::Invalid("Utkastet kan bara tas bort av den som började skriva det."));
    }
    Ok((case, one))
}

async fn ask_discard(case: CaseAccess<WritePlan>, PathId(id): PathId) -> Result<Response> {
    let (mut case, one) = own_draft(case, id).await?;
    case.shown(Note::of(Event::PlansShown).with("version", one.version_no));
    case.page(Part::Plan, |shell, case, _| {
        let (action, back) = (paths::discard(&case.reference, one.id), paths::show(&case.reference, one.id));
        Ok(DiscardPage { shell, case, one, action, back })
    })
    .await
}

async fn discard(case: CaseAccess<WritePlan>, PathId(id): PathId, Form(form): Form<EndForm>) -> Result<Response> {
    let (mut case, one) = own_draft(case, id).await?;
    // What somebody else has written in it since is looked at first.
    if form.version() != one.version || !store::discard(&mut case, id, one.version).await? {
        return Err(Error::Stale);
    }
    let to = paths::list(&case.head().reference);
    case.redirect(&to, Flash::DraftDiscarded).await
}
