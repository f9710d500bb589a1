//! The page on which a new name or number is registered. It shows nothing of the one that holds: the whole name is typed.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;

use super::super::form::OFFICIAL;
use super::super::store::{Identity, identities};
use super::form::{KEPT, NameForm};
use super::store;
use crate::access::right::ManagePerson;
use crate::access::{CaseAccess, Part};
use crate::error::{Error, Result};
use crate::person::paths;
use crate::state::AppState;
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field};

pub(in crate::person) fn routes() -> Router<AppState> {
    Router::new().route("/arenden/{case}/person/namn", get(new).post(create))
}

#[derive(Template)]
#[template(path = "person/name.html")]
struct NamePage {
    shell: Shell,
    case: CaseBar,
    /// What sort of number holds, and since when.
    current: Identity,
    form: NameForm,
    faults: Faults,
    stale: bool,
    number_kinds: Vec<Choice>,
    action: String,
    back: String,
}

impl NamePage {
    fn of(shell: Shell, case: CaseBar, current: Identity, (form, faults): (NameForm, Faults), stale: bool) -> Self {
        let kinds =
            [(KEPT, "Numret är detsamma, bara namnet ändras"), (OFFICIAL, "Nytt personnummer eller samordningsnummer")];
        Self {
            number_kinds: Choice::one("number_kind", kinds, &form.number_kind),
            action: paths::name(&case.reference),
            back: paths::show(&case.reference),
            shell,
            case,
            current,
            form,
            faults,
            stale,
        }
    }
}

async fn current(case: &mut CaseAccess<ManagePerson>) -> Result<Identity> {
    let held = identities(case).await?.into_iter().find(|identity| identity.valid_to.is_none());
    held.ok_or_else(|| Error::internal("a person without an identity that holds"))
}

async fn new(mut case: CaseAccess<ManagePerson>) -> Result<Response> {
    let current = current(&mut case).await?;
    let form = NameForm::fresh(&current, case.desk().clock().today());
    case.page(Part::Person, |shell, bar, _| Ok(NamePage::of(shell, bar, current, (form, Faults::none()), false))).await
}

async fn create(mut case: CaseAccess<ManagePerson>, Form(mut form): Form<NameForm>) -> Result<Response> {
    let to = paths::show(&case.head().reference);
    if let Some(id) = uuid(&form.id)
        && store::exists(&mut case, id).await?
    {
        return case.redirect(&to, None).await;
    }
    let current = current(&mut case).await?;
    let new = match form.parse(current.valid_from, case.desk().clock().today()) {
        Ok(new) => new,
        Err(faults) => {
            return case
                .again(Part::Person, |shell, bar, _| Ok(NamePage::of(shell, bar, current, (form, faults), false)))
                .await;
        }
    };
    if uuid(&form.current) != Some(current.id) {
        form.current = current.id.to_string();
        return case
            .conflict(Part::Person, |shell, bar, _| Ok(NamePage::of(shell, bar, current, (form, Faults::none()), true)))
            .await;
    }
    store::replace(&mut case, &current, &new).await?;
    case.redirect(&to, Flash::PersonSaved).await
}
