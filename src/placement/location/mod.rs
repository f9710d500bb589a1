//! Where somebody is. It opens with a reason, for the two who are named for it, and every opening stands beside its
//! reason. What the vault holds is the home's id and a note; the home's own facts are sealed in the register.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use axum_extra::extract::Form;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub(super) mod store;

use super::model::Placement;
use super::paths;
use super::store::{self as placements, HOME_NAME};
use crate::access::right::OpenLocation;
use crate::access::{CaseAccess, Part};
use crate::error::{Error, Result};
use crate::identity::proof::Action;
use crate::personal::Personal;
use crate::state::AppState;
use crate::web::form::Faults;
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Field};

/// As long as security.md lets a location stand on a screen.
const SECONDS: u32 = 60;

/// What is sealed in the vault.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Location {
    pub home: Uuid,
    pub note: String,
}

impl Location {
    pub(super) fn written(&self) -> Result<String> {
        serde_json::to_string(self).map_err(Error::internal)
    }

    fn read(text: &Personal) -> Result<Self> {
        text.json().map_err(|_| Error::internal("a location cannot be read"))
    }
}

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/arenden/{case}/placeringar/{placement}/vistelseort", get(ask).post(open))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ReasonForm {
    reason: String,
    passkey: String,
}

#[derive(Template)]
#[template(path = "placement/location.html")]
struct LocationPage {
    shell: Shell,
    case: CaseBar,
    placement: Placement,
    form: ReasonForm,
    faults: Faults,
    seconds: u32,
    shown: Option<Shown>,
    back: String,
    action: String,
}

impl LocationPage {
    fn of(
        (shell, case): (Shell, CaseBar),
        placement: Placement,
        (form, faults): (ReasonForm, Faults),
        shown: Option<Shown>,
    ) -> Self {
        let (back, action) =
            (paths::show(&case.reference, placement.id), paths::location(&case.reference, placement.id));
        Self { shell, case, placement, form, faults, seconds: SECONDS, shown, back, action }
    }
}

/// What stands on the screen for a minute.
struct Shown {
    name: Personal,
    municipality: Personal,
    address: Personal,
    note: Personal,
}

async fn ask(mut case: CaseAccess<OpenLocation>, PathId(id): PathId) -> Result<Response> {
    let placement = placements::get(&mut case, id).await?;
    let (form, faults) = (ReasonForm::default(), Faults::none());
    case.page(Part::Placements, |shell, case, _| Ok(LocationPage::of((shell, case), placement, (form, faults), None)))
        .await
}

async fn open(
    mut case: CaseAccess<OpenLocation>,
    PathId(id): PathId,
    Form(form): Form<ReasonForm>,
) -> Result<Response> {
    let placement = placements::get(&mut case, id).await?;
    let mut faults = Faults::none();
    let reason = faults.text(&form.reason, 500, "reason", "Skriv varför du behöver se vistelseorten");
    let Some(reason) = reason else {
        return case
            .again(Part::Placements, |shell, case, _| {
                Ok(LocationPage::of((shell, case), placement, (form, faults), None))
            })
            .await;
    };
    let (mut case, refused) = case.confirm_by_key(Action::OpenLocation, &form.passkey).await?;
    // Read anew: time has gone.
    let placement = placements::get(&mut case, id).await?;
    if let Some(sentence) = refused {
        let faults = Faults::from(("password", sentence));
        return case
            .again(Part::Placements, |shell, case, _| {
                Ok(LocationPage::of((shell, case), placement, (form, faults), None))
            })
            .await;
    }
    let homes = store::homes_of(&mut case, placement.provider_id).await?;
    let sealed = store::open_location(&mut case, &placement, &reason).await?;
    case.page(Part::Placements, |shell, case, receipt| {
        let location = Location::read(&receipt.open_location(store::LOCATION.at(id), &sealed)?)?;
        let home = homes.iter().find(|home| home.id == location.home);
        let home = home.ok_or_else(|| Error::internal("a location names a home that is gone"))?;
        let shown = Some(Shown {
            name: receipt.open(HOME_NAME.at(home.id), &home.name)?,
            municipality: receipt.open(store::HOME_MUNICIPALITY.at(home.id), &home.municipality)?,
            address: receipt.open(store::HOME_ADDRESS.at(home.id), &home.address)?,
            note: Personal::new(location.note),
        });
        Ok(LocationPage::of((shell, case), placement, (form, faults), shown))
    })
    .await
}
