//! Breaking a glass: what is sought, why it cannot wait, and who it is that asks, proven anew. What cannot be opened
//! answers like what is not there.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;

use super::form::BreakForm;
use super::{paths, store};
use crate::access::right::BreakGlass;
use crate::access::{Access, case_path};
use crate::error::{Error, Result};
use crate::identity::proof::{Action, Proven, Typed};
use crate::state::AppState;
use crate::vocabulary::BreakGlassReason;
use crate::web::flash::Flash;
use crate::web::form::{Faults, checkbox, uuid};
use crate::web::shell::Shell;
use crate::web::view::{Choice, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/nodoppning", get(ask).post(open))
}

const NOTHING: &str = "Inget ärende går att nödöppna med det numret. Kontrollera numret eller ring samordnaren";

#[derive(Template)]
#[template(path = "break_glass/ask.html")]
struct AskPage {
    shell: Shell,
    form: BreakForm,
    faults: Faults,
    /// One that the actor has broken was not reviewed in time.
    suspended: bool,
    reasons: Vec<Choice>,
    aware: Vec<Choice>,
}

impl AskPage {
    fn of(shell: Shell, form: BreakForm, faults: Faults, suspended: bool) -> Self {
        let reasons = BreakGlassReason::ALL.iter().map(|reason| (reason.code(), reason.label()));
        Self {
            reasons: Choice::one("reason", reasons, &form.reason),
            aware: Choice::yes("aware", "Jag vet att åtkomsten loggas och granskas", checkbox(&form.aware)),
            shell,
            form,
            faults,
            suspended,
        }
    }
}

async fn ask(mut access: Access<BreakGlass>) -> Result<Response> {
    let suspended = store::is_suspended(&mut access).await?;
    access.page(|shell, _| Ok(AskPage::of(shell, BreakForm::fresh(), Faults::none(), suspended))).await
}

async fn open(mut access: Access<BreakGlass>, Form(form): Form<BreakForm>) -> Result<Response> {
    if let Some(id) = uuid(&form.id)
        && let Some(reference) = store::broken(&mut access, id).await?
    {
        // Sent twice: the first time did it.
        return access.redirect(&case_path(&reference, ""), None).await;
    }
    let suspended = store::is_suspended(&mut access).await?;
    let new = match form.parse(access.desk().clock().today(), access.desk().keys()) {
        Ok(new) if !suspended => new,
        Ok(_) => return access.again(|shell, _| Ok(AskPage::of(shell, form, Faults::none(), true))).await,
        Err(faults) => return access.again(|shell, _| Ok(AskPage::of(shell, form, faults, suspended))).await,
    };
    let typed = Typed { passkey: &form.passkey, password: &form.password, code: &form.code };
    let (mut access, proven) = access.prove_again(Action::BreakGlass, typed).await?;
    let refused = proven.sentence();
    let (Proven::Yes(proof), None) = (proven, &refused) else {
        let faults = Faults::from(("password", refused.unwrap_or_default()));
        return access.again(|shell, _| Ok(AskPage::of(shell, form, faults, false))).await;
    };
    let Some(behind) = store::behind(&mut access, &new).await? else {
        let faults = Faults::from(("sought", NOTHING));
        return access.again(|shell, _| Ok(AskPage::of(shell, form, faults, false))).await;
    };
    let to = case_path(&behind.reference, "");
    if behind.is_reached {
        // There is no glass before it.
        return access.redirect(&to, None).await;
    }
    if !store::break_it(&mut access, &new, behind.case, proof).await? {
        return Err(Error::Stale);
    }
    access.redirect(&to, Flash::GlassBroken).await
}
