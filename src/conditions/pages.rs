//! What was signed at the police: the version that holds, the earlier ones, and registering a new one.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use axum_extra::extract::Form;
use time::Date;

use super::form::ConditionsForm;
use super::model::Conditions;
use super::{paths, store};
use crate::access::right::{ReadPoliceContacts, RegisterPoliceContact};
use crate::access::{CaseAccess, Part, Receipt, case_path};
use crate::audit::{Event, Note};
use crate::calendar::stockholm;
use crate::error::Result;
use crate::personal::Personal;
use crate::state::AppState;
use crate::vocabulary::ProgrammeRule;
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field, Moment};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/arenden/{case}/villkor", get(list).post(create)).route("/arenden/{case}/villkor/ny", get(new))
}

/// A version, opened.
struct Version {
    heading: String,
    holds: bool,
    signed_on: Date,
    label: Personal,
    paper: Option<Personal>,
    rules: Vec<ProgrammeRule>,
    own_rules: Option<Personal>,
    told_consequences: bool,
    registered: Moment,
    registrar: String,
}

impl Version {
    fn of(one: &Conditions, holds: bool, receipt: &Receipt) -> Result<Self> {
        let paper = one.document_ref.as_ref().map(|sealed| receipt.open(store::DOCUMENT_REF.at(one.id), sealed));
        let own = one.own_rules.as_ref().map(|sealed| receipt.open(store::OWN_RULES.at(one.id), sealed));
        Ok(Self {
            heading: format!("Version {}", one.number),
            holds,
            signed_on: one.signed_on,
            label: receipt.open(store::LABEL.at(one.id), &one.label)?,
            paper: paper.transpose()?,
            rules: one.rules.clone(),
            own_rules: own.transpose()?,
            told_consequences: one.told_consequences,
            registered: Moment(stockholm(one.registered_at)),
            registrar: one.registrar.clone(),
        })
    }
}

#[derive(Template)]
#[template(path = "conditions/list.html")]
struct ListPage {
    shell: Shell,
    case: CaseBar,
    versions: Vec<Version>,
    new: Option<String>,
    contacts: String,
}

async fn list(mut case: CaseAccess<ReadPoliceContacts>) -> Result<Response> {
    let signed = store::list(&mut case).await?;
    case.shown(Note::of(Event::ConditionsShown).with("count", signed.len()));
    let new = case.may::<RegisterPoliceContact>().then(|| paths::new(&case.head().reference));
    case.page(Part::Police, |shell, case, receipt| {
        let versions = signed.iter().enumerate().map(|(at, one)| Version::of(one, at == 0, receipt));
        let versions = versions.collect::<Result<_>>()?;
        Ok(ListPage { shell, versions, new, contacts: case_path(&case.reference, "/poliskontakter"), case })
    })
    .await
}

#[derive(Template)]
#[template(path = "conditions/new.html")]
struct NewPage {
    shell: Shell,
    case: CaseBar,
    form: ConditionsForm,
    faults: Faults,
    rules: Vec<Choice>,
    told: Vec<Choice>,
    list: String,
}

impl NewPage {
    fn of(shell: Shell, case: CaseBar, form: ConditionsForm, faults: Faults) -> Self {
        let rules = ProgrammeRule::ALL.iter().map(|rule| (rule.code(), rule.label()));
        Self {
            rules: Choice::several("rules", rules, &form.rules),
            told: Choice::one("told", [("yes", "Ja"), ("no", "Nej")], &form.told),
            list: paths::list(&case.reference),
            shell,
            case,
            form,
            faults,
        }
    }
}

async fn new(case: CaseAccess<RegisterPoliceContact>) -> Result<Response> {
    case.page(Part::Police, |shell, case, _| Ok(NewPage::of(shell, case, ConditionsForm::fresh(), Faults::none())))
        .await
}

async fn create(mut case: CaseAccess<RegisterPoliceContact>, Form(form): Form<ConditionsForm>) -> Result<Response> {
    let to = paths::list(&case.head().reference);
    if let Some(id) = uuid(&form.id)
        && store::exists(&mut case, id).await?
    {
        return case.redirect(&to, None).await;
    }
    match form.parse(case.desk().clock().today()) {
        Ok(new) => {
            store::register(&mut case, &new).await?;
            case.redirect(&to, Flash::ConditionsSaved).await
        }
        Err(faults) => case.again(Part::Police, |shell, case, _| Ok(NewPage::of(shell, case, form, faults))).await,
    }
}
