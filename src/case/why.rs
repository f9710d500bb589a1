//! Saying why one opens a case with enhanced protection that one may read and is not named in: once in a session, and not
//! again that day. Until then nothing of the case is shown.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use uuid::Uuid;

use super::paths;
use super::store::saying_why;
use crate::access::right::SayWhy;
use crate::access::{CaseAccess, Part};
use crate::error::Result;
use crate::state::AppState;
use crate::vocabulary::ProtectedReason;
use crate::web::form::{Faults, code, uuid};
use crate::web::shell::Shell;
use crate::web::view::{Choice, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/arenden/{case}/skal", get(ask).post(say))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WhyForm {
    id: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "case/why.html")]
struct WhyPage {
    shell: Shell,
    /// All that is said of the case.
    reference: String,
    form: WhyForm,
    faults: Faults,
    reasons: Vec<Choice>,
    action: String,
}

impl WhyPage {
    fn of(shell: Shell, reference: String, form: WhyForm, faults: Faults) -> Self {
        let reasons = ProtectedReason::ALL.iter().map(|reason| (reason.code(), reason.label()));
        let (reasons, action) = (Choice::one("reason", reasons, &form.reason), paths::why(&reference));
        Self { shell, reference, form, faults, reasons, action }
    }
}

async fn ask(case: CaseAccess<SayWhy>) -> Result<Response> {
    if !case.must_say_why() {
        let to = paths::show(&case.head().reference);
        return case.redirect(&to, None).await;
    }
    let form = WhyForm { id: Uuid::now_v7().to_string(), ..WhyForm::default() };
    case.page(Part::Overview, |shell, bar, _| Ok(WhyPage::of(shell, bar.reference, form, Faults::none()))).await
}

async fn say(mut case: CaseAccess<SayWhy>, Form(form): Form<WhyForm>) -> Result<Response> {
    let to = paths::show(&case.head().reference);
    if !case.must_say_why() {
        return case.redirect(&to, None).await;
    }
    let mut faults = Faults::none();
    let reason = faults.need(code(&form.reason, ProtectedReason::parse), "reason", "Välj varför du öppnar ärendet");
    let id = faults.need(uuid(&form.id), "reason", "Formuläret är för gammalt. Öppna sidan på nytt");
    if let (Some(id), Some(reason)) = (id, reason) {
        saying_why::say(&mut case, id, reason).await?;
        return case.redirect(&to, None).await;
    }
    case.again(Part::Overview, |shell, bar, _| Ok(WhyPage::of(shell, bar.reference, form, faults))).await
}
