//! Registering a way to reach the person, and ending one. What is registered is seen on the page of the person alone.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;
use uuid::Uuid;

use super::super::ending::{self, Ending};
use super::super::form::{EndForm, NO, YES};
use super::form::ContactForm;
use super::model::ContactDetail;
use super::store;
use crate::access::right::ManagePerson;
use crate::access::{CaseAccess, Part};
use crate::error::{Error, Result};
use crate::person::paths;
use crate::state::AppState;
use crate::vocabulary::ContactDetailKind;
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field};

pub(in crate::person) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/person/kontakt/ny", get(new).post(create))
        .route("/arenden/{case}/person/kontakt/{detail}/avslut", get(ask).post(end))
}

#[derive(Template)]
#[template(path = "person/contact_detail.html")]
struct NewPage {
    shell: Shell,
    case: CaseBar,
    form: ContactForm,
    faults: Faults,
    kinds: Vec<Choice>,
    safe: Vec<Choice>,
    action: String,
    back: String,
}

impl NewPage {
    fn of(shell: Shell, case: CaseBar, form: ContactForm, faults: Faults) -> Self {
        let kinds = ContactDetailKind::ALL.iter().map(|kind| (kind.code(), kind.label()));
        let answers = [(YES, "Ja, säkert att använda"), (NO, "Nej, ring inte och skriv inte hit")];
        Self {
            kinds: Choice::one("kind", kinds, &form.kind),
            safe: Choice::one("is_safe", answers, &form.is_safe),
            action: paths::new_contact(&case.reference),
            back: paths::show(&case.reference),
            shell,
            case,
            form,
            faults,
        }
    }
}

async fn new(case: CaseAccess<ManagePerson>) -> Result<Response> {
    let form = ContactForm::fresh(case.desk().clock().today());
    case.page(Part::Person, |shell, case, _| Ok(NewPage::of(shell, case, form, Faults::none()))).await
}

async fn create(mut case: CaseAccess<ManagePerson>, Form(form): Form<ContactForm>) -> Result<Response> {
    let to = paths::show(&case.head().reference);
    if let Some(id) = uuid(&form.id)
        && store::exists(&mut case, id).await?
    {
        return case.redirect(&to, None).await;
    }
    match form.parse(case.desk().clock().today()) {
        Ok(new) => {
            store::register(&mut case, &new).await?;
            case.redirect(&to, Flash::ContactDetailSaved).await
        }
        Err(faults) => case.again(Part::Person, |shell, case, _| Ok(NewPage::of(shell, case, form, faults))).await,
    }
}

fn ending(case: &CaseAccess<ManagePerson>, one: &ContactDetail) -> Ending {
    Ending {
        heading: "Avsluta kontaktuppgiften",
        kind: one.kind.label(),
        valid_from: one.valid_from,
        follows: "Ingen ska längre använda uppgiften för att nå personen.",
        action: paths::end_contact(&case.head().reference, one.id),
    }
}

async fn one(case: &mut CaseAccess<ManagePerson>, id: Uuid) -> Result<ContactDetail> {
    store::list(case).await?.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)
}

async fn ask(mut case: CaseAccess<ManagePerson>, PathId(id): PathId) -> Result<Response> {
    let one = one(&mut case, id).await?;
    if one.is_ended {
        return Err(Error::Stale);
    }
    let ending = ending(&case, &one);
    ending::ask(case, ending).await
}

async fn end(mut case: CaseAccess<ManagePerson>, PathId(id): PathId, Form(form): Form<EndForm>) -> Result<Response> {
    let one = one(&mut case, id).await?;
    let to = paths::show(&case.head().reference);
    if one.is_ended {
        return case.redirect(&to, None).await;
    }
    match form.parse(one.valid_from, case.desk().clock().today()) {
        Ok(last) => {
            store::end(&mut case, id, last).await?;
            case.redirect(&to, Flash::ContactDetailEnded).await
        }
        Err(faults) => {
            let ending = ending(&case, &one);
            ending::again(case, ending, form, faults).await
        }
    }
}
