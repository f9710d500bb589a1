//! Where somebody is. It opens with a fresh proof and a reason, for the two who are named for it, and every opening stands
//! beside its reason; all others see it `together` with a second person. What the vault holds is the home's id and a note;
//! the home's own facts are sealed in the register.

use askama::Template;
use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use axum::routing::get;
use axum_extra::extract::Form;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

mod approving;
mod form;
pub mod model;
mod readers;
pub(super) mod store;
mod together;

use self::form::LocationForm;
use self::model::SECONDS;
use self::store::Answer;
use super::model::Placement;
use super::paths;
use super::store::{self as placements, HOME_NAME};
use crate::access::right::{ApproveLocation, OpenLocation, ReadCase, Right, SeesCase};
use crate::access::{CaseAccess, Part};
use crate::error::{Error, Result};
use crate::identity::proof::{Action, Proven};
use crate::personal::Personal;
use crate::state::AppState;
use crate::vocabulary::LocationReason;
use crate::web::form::Faults;
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field};

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
    Router::new()
        .route("/arenden/{case}/placeringar/{placement}/vistelseort", get(ask).post(open))
        .merge(together::routes())
        .merge(approving::routes())
        .merge(readers::routes())
}

/// Why, and who asks: the page before it is shown.
#[derive(Template)]
#[template(path = "placement/location.html")]
struct AskPage {
    shell: Shell,
    case: CaseBar,
    form: LocationForm,
    faults: Faults,
    kinds: Vec<Choice>,
    seconds: u32,
    back: String,
    action: String,
}

fn kinds(form: &LocationForm) -> Vec<Choice> {
    Choice::one("kind", LocationReason::ALL.iter().map(|kind| (kind.code(), kind.label())), &form.kind)
}

impl AskPage {
    fn of(shell: Shell, case: CaseBar, placement: Uuid, form: LocationForm, faults: Faults) -> Self {
        let (back, action) = (paths::show(&case.reference, placement), paths::location(&case.reference, placement));
        Self { shell, case, kinds: kinds(&form), form, faults, seconds: SECONDS, back, action }
    }
}

/// What stands on the screen for a minute.
#[derive(Template)]
#[template(path = "placement/located.html")]
struct LocatedPage {
    shell: Shell,
    case: CaseBar,
    number: i32,
    name: Personal,
    municipality: Personal,
    address: Personal,
    note: Personal,
    seconds: u32,
    back: String,
}

/// The page with the location. It leads away by itself: a script blanks it before, and without one the browser leaves it.
async fn show<R: Right + SeesCase>(
    mut case: CaseAccess<R>,
    placement: Placement,
    sealed: &crate::crypto::Sealed,
) -> Result<Response> {
    let homes = store::homes_of(&mut case, placement.provider_id).await?;
    let back = paths::show(&case.head().reference, placement.id);
    let away = HeaderValue::try_from(format!("{SECONDS}; url={back}")).map_err(Error::internal)?;
    let page = case.page(Part::Placements, |shell, case, receipt| {
        let location = Location::read(&receipt.open_location(store::LOCATION.at(placement.id), sealed)?)?;
        let home = homes.iter().find(|home| home.id == location.home);
        let home = home.ok_or_else(|| Error::internal("a location names a home that is gone"))?;
        Ok(LocatedPage {
            shell,
            case,
            number: placement.number,
            name: receipt.open(HOME_NAME.at(home.id), &home.name)?,
            municipality: receipt.open(store::HOME_MUNICIPALITY.at(home.id), &home.municipality)?,
            address: receipt.open(store::HOME_ADDRESS.at(home.id), &home.address)?,
            note: Personal::new(location.note),
            seconds: SECONDS,
            back,
        })
    });
    let mut page = page.await?;
    page.headers_mut().insert(header::REFRESH, away);
    Ok(page)
}

/// The names of those who wait for the actor's approval, where the actor may give it.
pub(super) async fn asking(case: CaseAccess<ReadCase>, placement: Uuid) -> Result<(CaseAccess<ReadCase>, Vec<String>)> {
    let (case, names) = case
        .also(async |case: &mut CaseAccess<ApproveLocation>| {
            let waiting = approving::waiting(case, placement).await?;
            Ok(waiting.into_iter().map(|request| request.name).collect())
        })
        .await?;
    Ok((case, names.unwrap_or_default()))
}

async fn ask(mut case: CaseAccess<OpenLocation>, PathId(id): PathId) -> Result<Response> {
    placements::get(&mut case, id).await?;
    case.page(Part::Placements, |shell, case, _| {
        Ok(AskPage::of(shell, case, id, LocationForm::fresh(), Faults::none()))
    })
    .await
}

async fn open(
    mut case: CaseAccess<OpenLocation>,
    PathId(id): PathId,
    Form(form): Form<LocationForm>,
) -> Result<Response> {
    let placement = placements::get(&mut case, id).await?;
    let (case, faults) = match form.parse() {
        Ok(why) => {
            let (mut case, proven) = case.prove_again(Action::OpenLocation, form.typed()).await?;
            let refused = proven.sentence();
            match (proven, refused) {
                (Proven::Yes(proof), _) => match store::open_location(&mut case, &placement, &why, proof).await? {
                    Answer::Location(sealed) => return show(case, placement, &sealed).await,
                    Answer::Beyond(limit) => (case, Faults::from(("kind", limit.sentence()))),
                },
                (_, sentence) => (case, Faults::from(("password", sentence.unwrap_or_default()))),
            }
        }
        Err(faults) => (case, faults),
    };
    case.again(Part::Placements, |shell, case, _| Ok(AskPage::of(shell, case, id, form, faults))).await
}
