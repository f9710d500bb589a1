//! Taking somebody who was registered by mistake out of sight. That it was there, who took it away and why stays.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use uuid::Uuid;

use super::model::Relation;
use super::store;
use crate::access::right::ManageRelations;
use crate::access::{CaseAccess, Part};
use crate::audit::{Event, Note};
use crate::error::{Error, Result};
use crate::person::paths;
use crate::state::AppState;
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/arenden/{case}/person/narstaende/{relation}/borttagning", get(ask).post(remove))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RemoveForm {
    version: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "parts/remove.html")]
struct RemovePage {
    shell: Shell,
    case: CaseBar,
    heading: &'static str,
    lead: &'static str,
    follows: &'static str,
    form: RemoveForm,
    faults: Faults,
    stale: bool,
    action: String,
    back: String,
}

impl RemovePage {
    fn of(shell: Shell, case: CaseBar, one: &Relation, (form, faults): (RemoveForm, Faults), stale: bool) -> Self {
        Self {
            heading: "Ta bort närstående",
            lead: one.kind.label(),
            follows: "Ärendets fråga om barn ändras inte. Svara på den igen under Utredning om svaret blev fel.",
            action: paths::remove_relation(&case.reference, one.id),
            back: paths::show(&case.reference),
            shell,
            case,
            form,
            faults,
            stale,
        }
    }
}

type Case = CaseAccess<ManageRelations>;

async fn read(case: &mut Case, id: Uuid) -> Result<Relation> {
    let one = store::list(case).await?.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)?;
    case.shown(Note::of(Event::RelationsShown).with("relation", id.to_string()));
    Ok(one)
}

async fn ask(mut case: Case, PathId(id): PathId) -> Result<Response> {
    let one = read(&mut case, id).await?;
    if one.removed.is_some() {
        let to = paths::show(&case.head().reference);
        return case.redirect(&to, None).await;
    }
    let form = RemoveForm { version: one.version.to_string(), reason: String::new() };
    case.page(Part::Person, |shell, case, _| Ok(RemovePage::of(shell, case, &one, (form, Faults::none()), false))).await
}

async fn remove(mut case: Case, PathId(id): PathId, Form(form): Form<RemoveForm>) -> Result<Response> {
    let one = read(&mut case, id).await?;
    let to = paths::show(&case.head().reference);
    // The same button twice, or by two: it is out of sight.
    if one.removed.is_some() {
        return case.redirect(&to, None).await;
    }
    if form.version.trim() != one.version.to_string() {
        let form = RemoveForm { version: one.version.to_string(), ..form };
        let typed = (form, Faults::none());
        return case.conflict(Part::Person, |shell, case, _| Ok(RemovePage::of(shell, case, &one, typed, true))).await;
    }
    let mut faults = Faults::none();
    match faults.text(&form.reason, 500, "reason", "Skriv varför uppgifterna var fel") {
        Some(reason) => {
            if !store::remove(&mut case, id, one.version, &reason).await? {
                return Err(Error::Stale);
            }
            case.redirect(&to, Flash::Removed).await
        }
        None => {
            case.again(Part::Person, |shell, case, _| Ok(RemovePage::of(shell, case, &one, (form, faults), false)))
                .await
        }
    }
}
