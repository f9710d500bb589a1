//! Contacts with the police in a case.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;

use super::form::{ContactForm, NO_CONSENT};
use super::store;
use super::views::{Choices, ContactRow};
use crate::access::right::{ReadPoliceContacts, RegisterPoliceContact};
use crate::access::{CaseAccess, Part, case_path};
use crate::audit::{Event, Note};
use crate::calendar::stockholm;
use crate::error::Result;
use crate::intake::paths;
use crate::state::AppState;
use crate::vocabulary::ContactGround;
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Due, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/poliskontakter", get(list).post(create))
        .route("/arenden/{case}/poliskontakter/ny", get(new))
}

#[derive(Template)]
#[template(path = "intake/contact_list.html")]
struct ListPage {
    shell: Shell,
    case: CaseBar,
    contacts: Vec<ContactRow>,
    due: Option<Due>,
    new: Option<String>,
    conditions: String,
}

async fn list(mut case: CaseAccess<ReadPoliceContacts>) -> Result<Response> {
    let spoken = store::of_case(&mut case).await?;
    let due = store::first_due(&mut case).await?;
    case.shown(Note::of(Event::PoliceContactsShown).with("count", spoken.len()));
    let today = case.desk().clock().today();
    let new = case.may::<RegisterPoliceContact>().then(|| paths::new_case_contact(&case.head().reference));
    case.page(Part::Police, |shell, case, receipt| {
        let contacts = ContactRow::all(&spoken, receipt)?;
        let conditions = case_path(&case.reference, "/villkor");
        Ok(ListPage { shell, case, contacts, due: due.map(|day| Due::on(day, today)), new, conditions })
    })
    .await
}

#[derive(Template)]
#[template(path = "intake/contact_new.html")]
struct NewPage {
    shell: Shell,
    case: CaseBar,
    choices: Choices,
    form: ContactForm,
    faults: Faults,
    list: String,
}

impl NewPage {
    fn of(shell: Shell, case: CaseBar, form: ContactForm, faults: Faults) -> Self {
        let list = paths::case_contacts(&case.reference);
        Self { shell, case, choices: Choices::of(&form), form, faults, list }
    }
}

async fn new(case: CaseAccess<RegisterPoliceContact>) -> Result<Response> {
    let form = ContactForm::fresh(stockholm(case.desk().clock().now()));
    case.page(Part::Police, |shell, case, _| Ok(NewPage::of(shell, case, form, Faults::none()))).await
}

async fn create(mut case: CaseAccess<RegisterPoliceContact>, Form(form): Form<ContactForm>) -> Result<Response> {
    let to = paths::case_contacts(&case.head().reference);
    if let Some(id) = uuid(&form.id)
        && store::exists_in_case(&mut case, id).await?
    {
        return case.redirect(&to, None).await;
    }
    let known = store::known_of_case(&mut case).await?;
    let mut parsed = form.parse(&known);
    if let Ok(new) = &mut parsed
        && let Some(identity) = &mut new.identity
        && identity.ground == ContactGround::Consent
    {
        identity.consent = store::consent(&mut case, new.body, new.happened_at.date()).await?;
        if identity.consent.is_none() {
            parsed = Err(Faults::from(("ground", NO_CONSENT)));
        }
    }
    match parsed {
        Ok(new) => {
            store::register_in_case(&mut case, &new).await?;
            case.redirect(&to, Flash::PoliceContactSaved).await
        }
        Err(faults) => case.again(Part::Police, |shell, case, _| Ok(NewPage::of(shell, case, form, faults))).await,
    }
}
