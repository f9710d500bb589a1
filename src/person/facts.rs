//! The few facts about a person that are neither name nor number: sex, how sure the birth date is, and the language of an
//! interpreter.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;

use super::form::FactsForm;
use super::{INTERPRETER_LANGUAGE, paths, store};
use crate::access::right::ManagePerson;
use crate::access::{CaseAccess, Part};
use crate::audit::{Event, Note};
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::vocabulary::{BirthDatePrecision, PersonStatus, Sex};
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/arenden/{case}/person/uppgifter", get(edit).post(update))
}

#[derive(Template)]
#[template(path = "person/facts.html")]
struct FactsPage {
    shell: Shell,
    case: CaseBar,
    form: FactsForm,
    faults: Faults,
    stale: bool,
    sexes: Vec<Choice>,
    precisions: Vec<Choice>,
    action: String,
    back: String,
}

impl FactsPage {
    fn of(shell: Shell, case: CaseBar, form: FactsForm, faults: Faults, stale: bool) -> Self {
        let precisions = BirthDatePrecision::ALL.iter().map(|one| (one.code(), one.label()));
        Self {
            sexes: Choice::one("sex", Sex::ALL.iter().map(|sex| (sex.code(), sex.label())), &form.sex),
            precisions: Choice::one("precision", precisions, &form.precision),
            action: paths::facts(&case.reference),
            back: paths::show(&case.reference),
            shell,
            case,
            form,
            faults,
            stale,
        }
    }
}

async fn edit(mut case: CaseAccess<ManagePerson>) -> Result<Response> {
    let known = store::described(&mut case).await?;
    case.shown(Note::of(Event::PersonShown).with("fields", "facts"));
    let person = case.head().person;
    case.page(Part::Person, |shell, bar, receipt| {
        let language = known.interpreter_language.as_ref();
        let language = language.map(|sealed| receipt.open(INTERPRETER_LANGUAGE.at(person), sealed)).transpose()?;
        let form = FactsForm::of(known.version, known.sex, known.precision, language.as_ref());
        Ok(FactsPage::of(shell, bar, form, Faults::none(), false))
    })
    .await
}

async fn update(mut case: CaseAccess<ManagePerson>, Form(mut form): Form<FactsForm>) -> Result<Response> {
    let known = store::described(&mut case).await?;
    if known.status != PersonStatus::Active {
        return Err(Error::Stale);
    }
    let facts = match form.parse() {
        Ok(facts) => facts,
        Err(faults) => {
            return case.again(Part::Person, |shell, bar, _| Ok(FactsPage::of(shell, bar, form, faults, false))).await;
        }
    };
    if facts.version != known.version {
        form.version = known.version.to_string();
        return case
            .conflict(Part::Person, |shell, bar, _| Ok(FactsPage::of(shell, bar, form, Faults::none(), true)))
            .await;
    }
    let person = case.head().person;
    let language = facts.interpreter_language.as_deref();
    let language = language.map(|text| case.desk().keys().seal(INTERPRETER_LANGUAGE.at(person), text)).transpose()?;
    store::describe(&mut case, facts.version, facts.sex, facts.precision, language.as_ref()).await?;
    let to = paths::show(&case.head().reference);
    case.redirect(&to, Flash::PersonSaved).await
}
