//! How an intake ends: without a case and with a reason, or joined to a case of the same person by the coordinator.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::{get, post};
use uuid::Uuid;

use super::form::{ClosingForm, JoinForm};
use super::model::Intake;
use super::{paths, store};
use crate::access::Access;
use crate::access::right::{JoinIntake, SettleIntake};
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::vocabulary::IntakeOutcome;
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{Choice, Crumb, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/aktualiseringar/{intake}/avslut", get(ask).post(close))
        .route("/aktualiseringar/{intake}/sammanforing", post(join))
}

#[derive(Template)]
#[template(path = "intake/close.html")]
struct ClosePage {
    shell: Shell,
    crumbs: Vec<Crumb>,
    form: ClosingForm,
    faults: Faults,
    stale: bool,
    /// Set where it has ended already: then there is nothing to send.
    ended: Option<&'static str>,
    outcomes: Vec<Choice>,
    action: String,
    back: String,
}

impl ClosePage {
    fn of(shell: Shell, intake: &Intake, form: ClosingForm, faults: Faults, stale: bool) -> Self {
        let outcomes = IntakeOutcome::WITHOUT_A_CASE.map(|outcome| (outcome.code(), outcome.label()));
        Self {
            shell,
            crumbs: vec![
                Crumb::to(paths::LIST, "Aktualiseringar"),
                Crumb::to(paths::show(intake.id), format!("Aktualisering {}", intake.received_on)),
                Crumb::here("Avsluta"),
            ],
            outcomes: Choice::one("outcome", outcomes, &form.outcome),
            action: paths::close(intake.id),
            back: paths::show(intake.id),
            ended: intake.outcome.map(IntakeOutcome::label),
            form,
            faults,
            stale,
        }
    }
}

async fn ask(mut access: Access<SettleIntake>, PathId(id): PathId) -> Result<Response> {
    let intake = store::get(&mut access, id).await?;
    let form = ClosingForm { version: intake.version.to_string(), ..ClosingForm::default() };
    access.page(|shell, _| Ok(ClosePage::of(shell, &intake, form, Faults::none(), false))).await
}

async fn close(
    mut access: Access<SettleIntake>,
    PathId(id): PathId,
    Form(mut form): Form<ClosingForm>,
) -> Result<Response> {
    let intake = store::get(&mut access, id).await?;
    let closing = match form.parse() {
        Ok(closing) => closing,
        Err(faults) => {
            return access.again(|shell, _| Ok(ClosePage::of(shell, &intake, form, faults, false))).await;
        }
    };
    if closing.version != intake.version || !intake.is_open() {
        form.version = intake.version.to_string();
        return access.conflict(|shell, _| Ok(ClosePage::of(shell, &intake, form, Faults::none(), true))).await;
    }
    if !store::close(&mut access, id, &closing).await? {
        return Err(Error::Stale);
    }
    access.redirect(&paths::show(id), Flash::IntakeClosed).await
}

async fn join(mut access: Access<JoinIntake>, PathId(id): PathId, Form(form): Form<JoinForm>) -> Result<Response> {
    let intake = store::get(&mut access, id).await?;
    // Sent twice: the first time did it.
    if let (Some(reference), true) = (&intake.reference, intake.case == form.case()) {
        let to = crate::access::case_path(reference, "");
        return access.redirect(&to, None).await;
    }
    let Some(one) = joinable(&mut access, id, form.case()).await? else { return Err(Error::Stale) };
    if !store::join(&mut access, id, form.version(), one.0).await? {
        return Err(Error::Stale);
    }
    access.redirect(&crate::access::case_path(&one.1, ""), Flash::IntakeJoined).await
}

/// The case, and its reference, if it is an open one of the same person.
async fn joinable(access: &mut Access<JoinIntake>, intake: Uuid, case: Option<Uuid>) -> Result<Option<(Uuid, String)>> {
    let matches = store::matches(access, Some(intake)).await?;
    let found = matches.into_iter().find(|one| Some(one.case) == case && one.closed_on.is_none());
    Ok(found.map(|one| (one.case, one.reference)))
}
