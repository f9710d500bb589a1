//! Registering somebody close, and changing what is known of them. One that has ended can only be read.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;
use uuid::Uuid;

use super::super::form::{NO, YES};
use super::form::RelationForm;
use super::model::Relation;
use super::store::{self, CONTACT_REASON, LABEL};
use crate::access::right::ManageRelations;
use crate::access::{CaseAccess, Part};
use crate::audit::{Event, Note};
use crate::error::{Error, Result};
use crate::person::paths;
use crate::state::AppState;
use crate::vocabulary::{ConditionMet, Custody, LivesWith, RelationKind};
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/person/narstaende/ny", get(new).post(create))
        .route("/arenden/{case}/person/narstaende/{relation}", get(edit).post(update))
}

#[derive(Template)]
#[template(path = "person/relation.html")]
struct RelationPage {
    shell: Shell,
    case: CaseBar,
    form: RelationForm,
    faults: Faults,
    /// The one that is changed; nothing where it is new.
    known: Option<Uuid>,
    stale: bool,
    kinds: Vec<Choice>,
    lives_with: Vec<Choice>,
    custodies: Vec<Choice>,
    party: Vec<Choice>,
    contact: Vec<Choice>,
    action: String,
    back: String,
}

impl RelationPage {
    fn of(shell: Shell, case: CaseBar, known: Option<Uuid>, (form, faults): (RelationForm, Faults)) -> Self {
        let reference = &case.reference;
        Self {
            kinds: Choice::one("kind", RelationKind::ALL.iter().map(|one| (one.code(), one.label())), &form.kind),
            lives_with: Choice::one(
                "lives_with",
                LivesWith::ALL.iter().map(|one| (one.code(), one.label())),
                &form.lives_with,
            ),
            custodies: Choice::one("custody", Custody::ALL.iter().map(|one| (one.code(), one.label())), &form.custody),
            party: Choice::one(
                "is_party_to_threat",
                ConditionMet::ALL.iter().map(|one| (one.code(), one.label())),
                &form.is_party_to_threat,
            ),
            contact: Choice::one("contact_allowed", [(YES, "Ja"), (NO, "Nej")], &form.contact_allowed),
            action: known.map_or_else(|| paths::new_relation(reference), |id| paths::relation(reference, id)),
            back: paths::show(reference),
            known,
            stale: false,
            shell,
            case,
            form,
            faults,
        }
    }
}

async fn new(case: CaseAccess<ManageRelations>) -> Result<Response> {
    let blank = (RelationForm::fresh(), Faults::none());
    case.page(Part::Person, |shell, case, _| Ok(RelationPage::of(shell, case, None, blank))).await
}

async fn create(mut case: CaseAccess<ManageRelations>, Form(form): Form<RelationForm>) -> Result<Response> {
    let to = paths::show(&case.head().reference);
    if let Some(id) = uuid(&form.id)
        && store::exists(&mut case, id).await?
    {
        return case.redirect(&to, None).await;
    }
    match form.parse(case.desk().clock().today()) {
        Ok(new) => {
            store::register(&mut case, &new).await?;
            case.redirect(&to, Flash::RelationSaved).await
        }
        Err(faults) => {
            case.again(Part::Person, |shell, case, _| Ok(RelationPage::of(shell, case, None, (form, faults)))).await
        }
    }
}

async fn one(case: &mut CaseAccess<ManageRelations>, id: Uuid) -> Result<Relation> {
    let one = store::list(case).await?.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)?;
    case.shown(Note::of(Event::RelationsShown).with("relation", id.to_string()));
    if one.valid_to.is_some() || one.removed.is_some() { Err(Error::Stale) } else { Ok(one) }
}

async fn edit(mut case: CaseAccess<ManageRelations>, PathId(id): PathId) -> Result<Response> {
    let one = one(&mut case, id).await?;
    case.page(Part::Person, |shell, case, receipt| {
        let label = receipt.open(LABEL.at(id), &one.label)?;
        let reason = one.contact_reason.as_ref();
        let reason = reason.map(|sealed| receipt.open(CONTACT_REASON.at(id), sealed)).transpose()?;
        let form = RelationForm::of(&one, &label, reason.as_ref());
        Ok(RelationPage::of(shell, case, Some(id), (form, Faults::none())))
    })
    .await
}

async fn update(
    mut case: CaseAccess<ManageRelations>,
    PathId(id): PathId,
    Form(mut form): Form<RelationForm>,
) -> Result<Response> {
    let one = one(&mut case, id).await?;
    // The address says which one it is.
    form.id = id.to_string();
    let new = match form.parse(case.desk().clock().today()) {
        Ok(new) => new,
        Err(faults) => {
            return case
                .again(Part::Person, |shell, case, _| Ok(RelationPage::of(shell, case, Some(id), (form, faults))))
                .await;
        }
    };
    if new.version != one.version {
        form.version = one.version.to_string();
        return case
            .conflict(Part::Person, |shell, case, _| {
                let page = RelationPage::of(shell, case, Some(id), (form, Faults::none()));
                Ok(RelationPage { stale: true, ..page })
            })
            .await;
    }
    if !store::change(&mut case, id, &new).await? {
        return Err(Error::Stale);
    }
    let to = paths::show(&case.head().reference);
    case.redirect(&to, Flash::RelationSaved).await
}
