//! Correcting a clerical error in what was decided (36 § FL). The decision keeps what it said; how it reads now, who
//! corrected it, when and why stand beside. Whoever corrects proves anew who they are, as when it was made.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;

use super::form::{CorrectionForm, LONGEST_TEXT, Rewritten};
use super::model::{Correction, Decision};
use super::store::signing::NewCorrection;
use super::wording::{Corrected, Edition, Reading, lines, print_at};
use super::{APPLIED_FOR, CORRECTED_APPLIED_FOR, CORRECTED_REASONS, CORRECTED_SCOPE, REASONS, SCOPE, paths, store};
use crate::access::right::{CorrectDecision, ReadDecisions};
use crate::access::{CaseAccess, Part, Receipt};
use crate::audit::{Event, Note};
use crate::error::{Error, Result};
use crate::identity::proof::{Action, Proven, Typed};
use crate::state::AppState;
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/arenden/{case}/beslut/{decision}/rattelse", get(ask).post(correct))
}

#[derive(Template)]
#[template(path = "decision/correct.html")]
struct CorrectPage {
    shell: Shell,
    case: CaseBar,
    number: i32,
    has_reasons: bool,
    form: CorrectionForm,
    faults: Faults,
    stale: bool,
    action: String,
    back: String,
}

impl CorrectPage {
    fn of(shell: Shell, case: CaseBar, one: &Decision, (form, faults): (CorrectionForm, Faults), stale: bool) -> Self {
        let (action, back) = (paths::correct(&case.reference, one.id), paths::show(&case.reference, one.id));
        let has_reasons = one.texts.reasons.is_some();
        Self { shell, case, number: one.number, has_reasons, form, faults, stale, action, back }
    }
}

type Case = CaseAccess<CorrectDecision>;

/// The texts as they read now: as corrected last, or as decided.
fn present(receipt: &Receipt, one: &Decision, latest: Option<&Correction>) -> Result<CorrectionForm> {
    let (row, columns, applied_for, scope, reasons) = match latest {
        Some(latest) => (
            latest.id,
            [CORRECTED_APPLIED_FOR, CORRECTED_SCOPE, CORRECTED_REASONS],
            &latest.applied_for,
            &latest.scope,
            &latest.reasons,
        ),
        None => (one.id, [APPLIED_FOR, SCOPE, REASONS], &one.texts.applied_for, &one.texts.scope, &one.texts.reasons),
    };
    let applied_for = applied_for.as_ref().map(|text| receipt.open(columns[0].at(row), text)).transpose()?;
    let scope = receipt.open(columns[1].at(row), scope)?;
    let reasons = reasons.as_ref().map(|text| receipt.open(columns[2].at(row), text)).transpose()?;
    Ok(CorrectionForm::of(one.version, applied_for.as_ref(), &scope, reasons.as_ref()))
}

async fn ask(case: Case, PathId(id): PathId) -> Result<Response> {
    let (case, one) = store::get(case, id).await?;
    if !one.may_be_corrected() {
        let to = paths::show(&case.head().reference, id);
        return case.redirect(&to, None).await;
    }
    let read = async |case: &mut CaseAccess<ReadDecisions>| store::corrections(case, id).await;
    let (mut case, corrections) = case.also::<ReadDecisions, _>(read).await?;
    case.shown(Note::of(Event::DecisionsShown).with("number", one.number));
    case.page(Part::Decisions, |shell, case, receipt| {
        let form = present(receipt, &one, corrections.iter().flatten().next())?;
        Ok(CorrectPage::of(shell, case, &one, (form, Faults::none()), false))
    })
    .await
}

async fn correct(case: Case, PathId(id): PathId, Form(form): Form<CorrectionForm>) -> Result<Response> {
    let (mut case, one) = store::get(case, id).await?;
    let to = paths::show(&case.head().reference, id);
    let correction = uuid(&form.id);
    if let Some(correction) = correction
        && store::signing::is_corrected(&mut case, id, correction).await?
    {
        return case.redirect(&to, None).await;
    }
    if !one.may_be_corrected() {
        return Err(Error::Stale);
    }
    if form.version != one.version.to_string() {
        return stale(case, &one, form).await;
    }
    let rewritten = match form.parse(one.texts.reasons.is_some()) {
        Ok(rewritten) => rewritten,
        Err(faults) => return again(case, &one, form, faults).await,
    };
    let typed = Typed { passkey: &form.passkey, password: &form.password, code: &form.code };
    let (case, proven) = case.prove_again(Action::CorrectDecision, typed).await?;
    let (mut case, all) = store::read(case).await?;
    let one = all.iter().find(|one| one.id == id).ok_or(Error::NotFound)?;
    if form.version != one.version.to_string() || !one.may_be_corrected() {
        return stale(case, one, form).await;
    }
    let refused = proven.sentence();
    let (Proven::Yes(proof), None) = (proven, &refused) else {
        return again(case, one, form, Faults::from(("password", refused.unwrap_or_default()))).await;
    };
    let Rewritten { applied_for, scope, reasons, why } = rewritten;
    let typed = Corrected { applied_for: applied_for.as_deref(), scope: &scope, reasons: reasons.as_deref() };
    let text = lines(&Reading::of(&case.head().reference, one, &all), &Edition::About(typed));
    let print = print_at(&text, case.desk())?;
    let new =
        NewCorrection { id: correction.unwrap_or_else(uuid::Uuid::now_v7), applied_for, scope, reasons, why, print };
    if !store::signing::correct(&mut case, one, &new, proof).await? {
        return Err(Error::Stale);
    }
    case.redirect(&to, Flash::DecisionCorrected).await
}

async fn again(case: Case, one: &Decision, form: CorrectionForm, faults: Faults) -> Result<Response> {
    case.again(Part::Decisions, |shell, case, _| Ok(CorrectPage::of(shell, case, one, (form, faults), false))).await
}

async fn stale(case: Case, one: &Decision, form: CorrectionForm) -> Result<Response> {
    let form = CorrectionForm { version: one.version.to_string(), ..form };
    case.conflict(Part::Decisions, |shell, case, _| Ok(CorrectPage::of(shell, case, one, (form, Faults::none()), true)))
        .await
}
