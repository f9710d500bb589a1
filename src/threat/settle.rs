//! Settling what another has registered: confirming it, rejecting it, or withdrawing one that should not have stood.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;

use super::{paths, store};
use crate::access::right::SettleThreat;
use crate::access::{CaseAccess, Part};
use crate::error::{Error, Result};
use crate::identity::proof::Action;
use crate::state::AppState;
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/hotbedomningar/{assessment}/faststallande", post(confirm))
        .route("/arenden/{case}/hotbedomningar/{assessment}/avvisning", get(ask_reject).post(reject))
        .route("/arenden/{case}/hotbedomningar/{assessment}/makulering", get(ask_withdraw).post(withdraw))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SettleForm {
    version: String,
    reason: String,
    passkey: String,
}

impl SettleForm {
    fn version(&self) -> i32 {
        self.version.trim().parse().unwrap_or(-1)
    }
}

/// What is done with the version.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Act {
    Reject,
    Withdraw,
}

impl Act {
    const fn heading(self) -> &'static str {
        match self {
            Self::Reject => "Avvisa registreringen",
            Self::Withdraw => "Makulera hotbedömningen",
        }
    }

    const fn follows(self) -> &'static str {
        match self {
            Self::Reject => "Registreringen står kvar som avvisad och börjar aldrig gälla.",
            Self::Withdraw => "Ärendet saknar gällande hotbedömning tills en ny är fastställd.",
        }
    }
}

#[derive(Template)]
#[template(path = "threat/settle.html")]
struct SettlePage {
    shell: Shell,
    case: CaseBar,
    act: Act,
    form: SettleForm,
    faults: Faults,
    action: String,
    back: String,
}

impl SettlePage {
    fn of(shell: Shell, case: CaseBar, act: Act, id: uuid::Uuid, form: SettleForm, faults: Faults) -> Self {
        let back = paths::show(&case.reference, id);
        let action = match act {
            Act::Reject => paths::reject(&case.reference, id),
            Act::Withdraw => paths::withdraw(&case.reference, id),
        };
        Self { shell, case, act, form, faults, action, back }
    }
}

const BY_KEY: &str = "Hotbilden sänks, och det bekräftar du med din nyckel. Gå tillbaka och tryck på knappen igen.";

async fn confirm(
    mut case: CaseAccess<SettleThreat>,
    PathId(id): PathId,
    Form(form): Form<SettleForm>,
) -> Result<Response> {
    let to = paths::show(&case.head().reference, id);
    if store::lowers(&mut case, id).await? {
        let (confirmed, refused) = case.confirm_by_key(Action::LowerThreat, &form.passkey).await?;
        if refused.is_some() {
            return Err(Error::Invalid(BY_KEY));
        }
        case = confirmed;
    }
    if !store::confirm(&mut case, id, form.version()).await? {
        return Err(Error::Stale);
    }
    case.redirect(&to, Flash::ThreatConfirmed).await
}

async fn ask_reject(case: CaseAccess<SettleThreat>, PathId(id): PathId) -> Result<Response> {
    ask(case, Act::Reject, id).await
}

async fn ask_withdraw(case: CaseAccess<SettleThreat>, PathId(id): PathId) -> Result<Response> {
    ask(case, Act::Withdraw, id).await
}

async fn ask(mut case: CaseAccess<SettleThreat>, act: Act, id: uuid::Uuid) -> Result<Response> {
    let version = store::version_of(&mut case, id).await?.ok_or(Error::NotFound)?;
    let form = SettleForm { version: version.to_string(), ..SettleForm::default() };
    case.page(Part::Threat, |shell, case, _| Ok(SettlePage::of(shell, case, act, id, form, Faults::none()))).await
}

async fn reject(case: CaseAccess<SettleThreat>, PathId(id): PathId, Form(form): Form<SettleForm>) -> Result<Response> {
    settle(case, Act::Reject, id, form).await
}

async fn withdraw(
    case: CaseAccess<SettleThreat>,
    PathId(id): PathId,
    Form(form): Form<SettleForm>,
) -> Result<Response> {
    settle(case, Act::Withdraw, id, form).await
}

async fn settle(mut case: CaseAccess<SettleThreat>, act: Act, id: uuid::Uuid, form: SettleForm) -> Result<Response> {
    store::version_of(&mut case, id).await?.ok_or(Error::NotFound)?;
    let mut faults = Faults::none();
    let Some(reason) = faults.text(&form.reason, 500, "reason", "Skriv varför") else {
        return case.again(Part::Threat, |shell, case, _| Ok(SettlePage::of(shell, case, act, id, form, faults))).await;
    };
    if act == Act::Withdraw {
        let (confirmed, refused) = case.confirm_by_key(Action::LowerThreat, &form.passkey).await?;
        case = confirmed;
        if let Some(sentence) = refused {
            faults.add("password", sentence);
            return case
                .again(Part::Threat, |shell, case, _| Ok(SettlePage::of(shell, case, act, id, form, faults)))
                .await;
        }
    }
    let to = paths::show(&case.head().reference, id);
    let (settled, flash) = match act {
        Act::Reject => (store::reject(&mut case, id, form.version(), &reason).await?, Flash::ThreatRejected),
        Act::Withdraw => (store::withdraw(&mut case, id, form.version(), &reason).await?, Flash::ThreatWithdrawn),
    };
    if !settled {
        return Err(Error::Stale);
    }
    case.redirect(&to, flash).await
}
