//! A contact with the police about an intake that has no case yet. There can be no consent before there is a case.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::{get, post};
use uuid::Uuid;

use super::form::{ContactForm, NO_CONSENT};
use super::store;
use super::views::Choices;
use crate::access::Access;
use crate::access::right::SettleIntake;
use crate::calendar::stockholm;
use crate::error::{Error, Result};
use crate::intake::model::Intake;
use crate::intake::{paths, store as intakes};
use crate::state::AppState;
use crate::vocabulary::ContactGround;
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{Crumb, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/aktualiseringar/{intake}/poliskontakter", post(create))
        .route("/aktualiseringar/{intake}/poliskontakter/ny", get(new))
}

#[derive(Template)]
#[template(path = "intake/contact_on_intake.html")]
struct NewPage {
    shell: Shell,
    crumbs: Vec<Crumb>,
    choices: Choices,
    form: ContactForm,
    faults: Faults,
    action: String,
    back: String,
}

impl NewPage {
    fn of(shell: Shell, intake: &Intake, form: ContactForm, faults: Faults) -> Self {
        Self {
            shell,
            crumbs: vec![
                Crumb::to(paths::LIST, "Aktualiseringar"),
                Crumb::to(paths::show(intake.id), format!("Aktualisering {}", intake.received_on)),
                Crumb::here("Ny poliskontakt"),
            ],
            choices: Choices::of(&form),
            action: paths::contacts(intake.id),
            back: paths::show(intake.id),
            form,
            faults,
        }
    }
}

/// One that has ended, or become a case, is not spoken of here any more.
async fn open(access: &mut Access<SettleIntake>, id: Uuid) -> Result<Intake> {
    let intake = intakes::get(access, id).await?;
    if intake.is_open() { Ok(intake) } else { Err(Error::Invalid("Aktualiseringen är avslutad och kan bara läsas.")) }
}

async fn new(mut access: Access<SettleIntake>, PathId(id): PathId) -> Result<Response> {
    let intake = open(&mut access, id).await?;
    let form = ContactForm::fresh(stockholm(access.desk().clock().now()));
    access.page(|shell, _| Ok(NewPage::of(shell, &intake, form, Faults::none()))).await
}

async fn create(
    mut access: Access<SettleIntake>,
    PathId(id): PathId,
    Form(form): Form<ContactForm>,
) -> Result<Response> {
    if let Some(contact) = uuid(&form.id)
        && store::exists_on_intake(&mut access, id, contact).await?
    {
        return access.redirect(&paths::show(id), None).await;
    }
    let intake = open(&mut access, id).await?;
    let known = store::known_of_intake(&mut access, id).await?.ok_or(Error::Stale)?;
    let mut parsed = form.parse(&known);
    if let Ok(new) = &parsed
        && new.identity.as_ref().is_some_and(|identity| identity.ground == ContactGround::Consent)
    {
        parsed = Err(Faults::from(("ground", NO_CONSENT)));
    }
    match parsed {
        Ok(new) => {
            store::register_on_intake(&mut access, id, &new).await?;
            access.redirect(&paths::show(id), Flash::PoliceContactSaved).await
        }
        Err(faults) => access.again(|shell, _| Ok(NewPage::of(shell, &intake, form, faults))).await,
    }
}
