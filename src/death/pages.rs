//! Registering that the person has died, and what was registered.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;
use time::Date;

use super::form::DeathForm;
use super::paths;
use super::store::{self, Death};
use crate::access::right::{ManagePerson, ReadPerson};
use crate::access::{CaseAccess, Part, Receipt};
use crate::audit::{Event, Note};
use crate::calendar::stockholm;
use crate::error::{Error, Result};
use crate::person::paths as people;
use crate::personal::Personal;
use crate::state::AppState;
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Field, Moment};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/arenden/{case}/dodsfall", get(show).post(create))
}

/// What was registered, opened.
struct Told {
    died_on: Date,
    source: Personal,
    note: Personal,
    registrar: String,
    registered: Moment,
}

impl Told {
    fn of(one: &Death, receipt: &Receipt) -> Result<Self> {
        Ok(Self {
            died_on: one.died_on,
            source: receipt.open(store::SOURCE.at(one.id), &one.source)?,
            note: receipt.open(store::NOTE.at(one.id), &one.note)?,
            registrar: one.registrar.clone(),
            registered: Moment(stockholm(one.registered_at)),
        })
    }
}

#[derive(Template)]
#[template(path = "death/show.html")]
struct ShowPage {
    shell: Shell,
    case: CaseBar,
    told: Option<Told>,
    /// For those who may register it, where nobody has.
    form: Option<DeathForm>,
    faults: Faults,
    action: String,
    back: String,
}

impl ShowPage {
    fn of((shell, case): (Shell, CaseBar), told: Option<Told>, form: Option<DeathForm>, faults: Faults) -> Self {
        let (action, back) = (paths::register(&case.reference), people::show(&case.reference));
        Self { shell, case, told, form, faults, action, back }
    }
}

async fn show(mut case: CaseAccess<ReadPerson>) -> Result<Response> {
    let told = store::get(&mut case).await?;
    case.shown(Note::of(Event::PersonShown).with("fields", "death"));
    let form = (told.is_none() && case.may::<ManagePerson>()).then(DeathForm::fresh);
    if told.is_none() && form.is_none() {
        return Err(Error::Forbidden);
    }
    case.page(Part::Person, |shell, case, receipt| {
        let told = told.map(|one| Told::of(&one, receipt)).transpose()?;
        Ok(ShowPage::of((shell, case), told, form, Faults::none()))
    })
    .await
}

async fn create(mut case: CaseAccess<ManagePerson>, Form(form): Form<DeathForm>) -> Result<Response> {
    let reference = case.head().reference.clone();
    // Registered already: the same form sent twice, or somebody else was first. Their word stands on the page.
    if case.head().died_on.is_some() {
        return case.redirect(&paths::register(&reference), None).await;
    }
    match form.parse(&reference, case.desk().clock().today()) {
        Ok(new) => {
            store::register(&mut case, &new).await?;
            case.redirect(&paths::register(&reference), Flash::DeathRegistered).await
        }
        Err(faults) => {
            let view = |shell, case, _: &Receipt| Ok(ShowPage::of((shell, case), None, Some(form), faults));
            case.again(Part::Person, view).await
        }
    }
}
