//! Taking a child that was written in by mistake out of sight, while the investigation is open. That it was there, who took
//! it away and why stays.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

use super::{Case, place_of, read_child};
use crate::access::Part;
use crate::error::{Error, Result};
use crate::investigation::model::Child;
use crate::investigation::{paths, store};
use crate::state::AppState;
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/arenden/{case}/utredning/barn/{child}/borttagning", get(ask).post(remove))
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
    lead: String,
    follows: &'static str,
    form: RemoveForm,
    faults: Faults,
    stale: bool,
    action: String,
    back: String,
}

impl RemovePage {
    fn of(shell: Shell, case: CaseBar, child: &Child, (form, faults): (RemoveForm, Faults), stale: bool) -> Self {
        Self {
            heading: "Ta bort barnet",
            lead: format!("Barn {}, fött {}", child.number, child.birth_year),
            follows: "Finns det inga barn kvar svarar du på nytt om det finns barn innan utredningen blir färdig.",
            action: paths::remove_child(&case.reference, child.id),
            back: place_of(&case.reference, child),
            shell,
            case,
            form,
            faults,
            stale,
        }
    }
}

/// Whether it can be taken away: what a completed investigation saw stands.
async fn is_open(case: Case, child: &Child) -> Result<(Case, bool)> {
    match child.investigation {
        Some(investigation) => {
            let (case, one) = store::get(case, investigation).await?;
            Ok((case, one.status.is_open()))
        }
        None => Ok((case, true)),
    }
}

async fn ask(case: Case, PathId(id): PathId) -> Result<Response> {
    let (case, child) = read_child(case, id).await?;
    let (case, open) = is_open(case, &child).await?;
    if !open {
        let to = place_of(&case.head().reference, &child);
        return case.redirect(&to, None).await;
    }
    let typed = (RemoveForm { version: child.version.to_string(), reason: String::new() }, Faults::none());
    case.page(Part::Investigation, |shell, case, _| Ok(RemovePage::of(shell, case, &child, typed, false))).await
}

async fn remove(case: Case, PathId(id): PathId, Form(form): Form<RemoveForm>) -> Result<Response> {
    let (case, child) = read_child(case, id).await?;
    let (mut case, open) = is_open(case, &child).await?;
    if !open {
        return Err(Error::Stale);
    }
    if form.version.trim() != child.version.to_string() {
        let typed = (RemoveForm { version: child.version.to_string(), ..form }, Faults::none());
        return case
            .conflict(Part::Investigation, |shell, case, _| Ok(RemovePage::of(shell, case, &child, typed, true)))
            .await;
    }
    let mut faults = Faults::none();
    let Some(reason) = faults.text(&form.reason, 500, "reason", "Skriv varför uppgifterna var fel") else {
        let typed = (form, faults);
        return case
            .again(Part::Investigation, |shell, case, _| Ok(RemovePage::of(shell, case, &child, typed, false)))
            .await;
    };
    if !store::children::remove(&mut case, id, child.version, &reason).await? {
        return Err(Error::Stale);
    }
    let to = place_of(&case.head().reference, &child);
    case.redirect(&to, Flash::Removed).await
}
