//! Registering a marking, and ending one.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;
use uuid::Uuid;

use super::super::ending::{self, Ending};
use super::super::form::EndForm;
use super::form::MarkingForm;
use super::model::Marking;
use super::store;
use crate::access::right::{BreakIdentity, ManageMarkings};
use crate::access::{CaseAccess, Part};
use crate::error::{Error, Result};
use crate::person::paths;
use crate::state::AppState;
use crate::vocabulary::{MailRoute, MarkingKind};
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field};

pub(in crate::person) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/person/skydd/ny", get(new).post(create))
        .route("/arenden/{case}/person/skydd/{marking}/avslut", get(ask).post(end))
}

#[derive(Template)]
#[template(path = "person/marking.html")]
struct NewPage {
    shell: Shell,
    case: CaseBar,
    form: MarkingForm,
    faults: Faults,
    kinds: Vec<Choice>,
    routes: Vec<Choice>,
    /// For those who may.
    break_identity: Option<String>,
    action: String,
    back: String,
}

impl NewPage {
    fn of(shell: Shell, case: CaseBar, (form, faults): (MarkingForm, Faults), may_break: bool) -> Self {
        let hint = |kind| match kind {
            MarkingKind::LocalProtection => "Programmets egen markering.",
            MarkingKind::SecrecyMarking => "I folkbokföringen (OSL 22:1 och 5:5).",
            MarkingKind::ProtectedRegistration => {
                "Folkbokföringslagen 16 § och OSL 21:3 a. Överväg också sluten krets för ärendet."
            }
            MarkingKind::Fingerade => "",
        };
        let kinds = MarkingKind::REGISTERED;
        let choices = Choice::one("kind", kinds.iter().map(|kind| (kind.code(), kind.label())), &form.kind);
        Self {
            kinds: choices.into_iter().zip(kinds).map(|(choice, kind)| choice.hint(hint(kind))).collect(),
            routes: Choice::one(
                "mail_route",
                MailRoute::ALL.iter().map(|route| (route.code(), route.label())),
                &form.mail_route,
            ),
            break_identity: may_break.then(|| paths::break_identity(&case.reference)),
            action: paths::new_marking(&case.reference),
            back: paths::show(&case.reference),
            shell,
            case,
            form,
            faults,
        }
    }
}

async fn new(case: CaseAccess<ManageMarkings>) -> Result<Response> {
    let (form, may_break) = (MarkingForm::fresh(case.desk().clock().today()), case.may::<BreakIdentity>());
    case.page(Part::Person, |shell, case, _| Ok(NewPage::of(shell, case, (form, Faults::none()), may_break))).await
}

async fn create(mut case: CaseAccess<ManageMarkings>, Form(form): Form<MarkingForm>) -> Result<Response> {
    let (to, may_break) = (paths::show(&case.head().reference), case.may::<BreakIdentity>());
    if let Some(id) = uuid(&form.id)
        && store::exists(&mut case, id).await?
    {
        return case.redirect(&to, None).await;
    }
    let held = store::list(&mut case).await?;
    let parsed = form.parse(case.desk().clock().today());
    let parsed = match parsed {
        Ok(new) if held.iter().any(|one| one.kind == new.kind && one.valid_to.is_none()) => {
            let text = "Markeringen finns redan. Avsluta den först om något i den har ändrats";
            Err(Faults::from(("kind", text)))
        }
        parsed => parsed,
    };
    match parsed {
        Ok(new) => {
            if !store::register(&mut case, &new).await? {
                return Err(Error::Stale);
            }
            case.redirect(&to, Flash::MarkingSaved).await
        }
        Err(faults) => {
            case.again(Part::Person, |shell, case, _| Ok(NewPage::of(shell, case, (form, faults), may_break))).await
        }
    }
}

fn ending(case: &CaseAccess<ManageMarkings>, one: &Marking) -> Ending {
    Ending {
        heading: "Avsluta skyddsmarkeringen",
        kind: one.kind.label(),
        valid_from: one.valid_from,
        follows: "Ärendets skydd sänks inte av sig självt. Samordnaren eller enhetschefen ändrar det under Ändra status.",
        action: paths::end_marking(&case.head().reference, one.id),
    }
}

async fn one(case: &mut CaseAccess<ManageMarkings>, id: Uuid) -> Result<Marking> {
    store::list(case).await?.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)
}

async fn ask(mut case: CaseAccess<ManageMarkings>, PathId(id): PathId) -> Result<Response> {
    let one = one(&mut case, id).await?;
    if !one.can_end() {
        return Err(Error::Stale);
    }
    let ending = ending(&case, &one);
    ending::ask(case, ending).await
}

async fn end(mut case: CaseAccess<ManageMarkings>, PathId(id): PathId, Form(form): Form<EndForm>) -> Result<Response> {
    let one = one(&mut case, id).await?;
    let to = paths::show(&case.head().reference);
    if one.is_ended {
        return case.redirect(&to, None).await;
    }
    if !one.can_end() {
        return Err(Error::Stale);
    }
    match form.parse(one.valid_from, case.desk().clock().today()) {
        Ok(last) => {
            store::end(&mut case, id, last).await?;
            case.redirect(&to, Flash::MarkingEnded).await
        }
        Err(faults) => {
            let ending = ending(&case, &one);
            ending::again(case, ending, form, faults).await
        }
    }
}
