//! `/konto/aterstallningskoder`: a sheet of codes to come in with when there is no key at hand. Shown once, on the answer
//! itself; a new sheet kills the old one.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

use super::{paths, store};
use crate::access::Access;
use crate::access::right::OwnSettings;
use crate::calendar;
use crate::error::{Error, Result};
use crate::identity::proof::{Action, Proven, Typed};
use crate::identity::recovery::{CODES, Sheet, draw_sheet};
use crate::state::AppState;
use crate::web::form::Faults;
use crate::web::shell::Shell;
use crate::web::view::Moment;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/konto/aterstallningskoder", get(ask).post(make))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ProofForm {
    passkey: String,
    password: String,
    code: String,
}

#[derive(Template)]
#[template(path = "account/recovery.html")]
struct AskPage {
    shell: Shell,
    faults: Faults,
    /// How many are left, and when they were made; none without a sheet.
    sheet: Option<(i64, Moment)>,
    count: usize,
}

#[derive(Template)]
#[template(path = "account/recovery_sheet.html")]
struct SheetPage {
    shell: Shell,
    sheet: Sheet,
    made_at: Moment,
}

type Left = Option<(i64, Moment)>;

async fn left(access: &mut Access<OwnSettings>) -> Result<Left> {
    let sheet = store::recovery_codes(access).await?;
    Ok(sheet.map(|sheet| (sheet.left, Moment(calendar::stockholm(sheet.made_at)))))
}

fn page(shell: Shell, sheet: Left, faults: Faults) -> AskPage {
    AskPage { shell, faults, sheet, count: CODES }
}

fn open_here(access: &Access<OwnSettings>) -> Result<()> {
    if access.desk().knows_keys() { Ok(()) } else { Err(Error::NotFound) }
}

async fn ask(mut access: Access<OwnSettings>) -> Result<Response> {
    open_here(&access)?;
    let sheet = left(&mut access).await?;
    access.page(|shell, _| Ok(page(shell, sheet, Faults::none()))).await
}

async fn make(access: Access<OwnSettings>, Form(form): Form<ProofForm>) -> Result<Response> {
    open_here(&access)?;
    let typed = Typed { passkey: &form.passkey, password: &form.password, code: &form.code };
    let (mut access, proven) = access.prove_again(Action::ChangeKeys, typed).await?;
    let refused = proven.sentence();
    let (Proven::Yes(proof), None) = (proven, &refused) else {
        let sheet = left(&mut access).await?;
        let faults = Faults::from(("password", refused.unwrap_or_default()));
        return access.again(|shell, _| Ok(page(shell, sheet, faults))).await;
    };
    let sheet = draw_sheet(access.desk().keys())?;
    store::keep_recovery_codes(&mut access, &sheet, proof).await?;
    let made_at = Moment(calendar::stockholm(access.desk().clock().now()));
    access.page(|shell, _| Ok(SheetPage { shell, sheet, made_at })).await
}
