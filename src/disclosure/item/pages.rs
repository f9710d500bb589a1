//! Adding a text to a draft, and taking one out of it.

use askama::Template;
use axum::Router;
use axum::extract::{Form, Query};
use axum::response::Response;
use axum::routing::{get, post};
use uuid::Uuid;

use super::form::{ItemForm, Note, choice, kinds, note};
use crate::access::right::WriteDisclosure;
use crate::access::{CaseAccess, Part};
use crate::audit::{Event, Note as Said};
use crate::disclosure::model::{Disclosure, NewItem};
use crate::disclosure::pages::Seen;
use crate::disclosure::store::sources::{self, Candidate};
use crate::disclosure::{paths, store};
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::vocabulary::{DisclosureCategory, DisclosureItemKind, DisclosureStatus};
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{Action, CaseBar, Choice, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/utlamnanden/{disclosure}/uppgifter", get(new).post(add))
        .route("/arenden/{case}/utlamnanden/{disclosure}/uppgifter/{draft_item}/bort", post(remove))
}

/// The sorts to choose from, before one is chosen.
#[derive(Template)]
#[template(path = "disclosure/kinds.html")]
struct KindsPage {
    shell: Shell,
    case: CaseBar,
    faults: Faults,
    kinds: Vec<Action>,
    back: String,
}

#[derive(Template)]
#[template(path = "disclosure/item.html")]
struct ItemPage {
    shell: Shell,
    case: CaseBar,
    kind: DisclosureItemKind,
    form: ItemForm,
    faults: Faults,
    note: Option<Note>,
    source: Option<(&'static str, Vec<Choice>)>,
    categories: Vec<Choice>,
    is_protected_address: Vec<Choice>,
    allow_download: Vec<Choice>,
    action: String,
    back: String,
}

/// What the form shows besides what was typed.
struct Around {
    kind: DisclosureItemKind,
    candidates: Vec<Candidate>,
    in_portal: bool,
    disclosure: Uuid,
}

impl ItemPage {
    fn of(shell: Shell, case: CaseBar, around: &Around, form: ItemForm, faults: Faults) -> Self {
        let kind = around.kind;
        let sources = around.candidates.iter().map(|one| (one.id.to_string(), one.label.clone()));
        let categories = DisclosureCategory::ALL
            .iter()
            .filter(|one| !around.in_portal || !one.is_kept_from_police_page())
            .map(|one| (one.code(), one.label()));
        let may_be_address = matches!(kind, DisclosureItemKind::ContactDetail | DisclosureItemKind::Other);
        let yes = |field: &str, label: &str, typed: &str| Choice::yes(field, label, !typed.is_empty());
        let address = "Uppgiften är adressen till ett skyddat boende";
        Self {
            source: choice(kind).map(|(label, _)| (label, Choice::one("source", sources, &form.source))),
            categories: match kind {
                DisclosureItemKind::Other => Choice::one("category", categories, &form.category),
                _ => Vec::new(),
            },
            is_protected_address: if may_be_address {
                yes("is_protected_address", address, &form.is_protected_address)
            } else {
                Vec::new()
            },
            allow_download: if around.in_portal {
                yes("allow_download", "Mottagaren får spara uppgiften som fil", &form.allow_download)
            } else {
                Vec::new()
            },
            note: note(kind),
            action: paths::items(&case.reference, around.disclosure),
            back: paths::show(&case.reference, around.disclosure),
            shell,
            case,
            kind,
            form,
            faults,
        }
    }
}

/// A draft; anything else cannot be added to.
async fn draft(case: &mut CaseAccess<WriteDisclosure>, id: Uuid) -> Result<Disclosure> {
    let one = store::get(case, id).await?;
    case.shown(Said::of(Event::DisclosuresShown).with("disclosure", id.to_string()));
    if one.status == DisclosureStatus::Draft { Ok(one) } else { Err(Error::Stale) }
}

async fn choose(case: CaseAccess<WriteDisclosure>, one: &Disclosure, faults: Faults) -> Result<Response> {
    let (reference, id) = (case.head().reference.clone(), one.id);
    let kinds = kinds(one.ground)
        .map(|kind| Action::new(format!("{}?kind={}", paths::items(&reference, id), kind.code()), kind.label()))
        .collect();
    let view = |shell, case, _: &_| Ok(KindsPage { shell, case, faults, kinds, back: paths::show(&reference, id) });
    case.page(Part::Cooperation, view).await
}

async fn around(case: &mut CaseAccess<WriteDisclosure>, one: &Disclosure, kind: DisclosureItemKind) -> Result<Around> {
    let candidates = sources::candidates(case, kind).await?;
    Ok(Around { kind, candidates, in_portal: one.is_in_portal(), disclosure: one.id })
}

async fn new(
    mut case: CaseAccess<WriteDisclosure>,
    PathId(id): PathId,
    Query(asked): Query<ItemForm>,
) -> Result<Response> {
    let one = draft(&mut case, id).await?;
    let Some(kind) = asked.kind(one.ground) else { return choose(case, &one, Faults::none()).await };
    let around = around(&mut case, &one, kind).await?;
    let form = ItemForm::fresh(kind);
    let view = |shell, case, _: &_| Ok(ItemPage::of(shell, case, &around, form, Faults::none()));
    case.page(Part::Cooperation, view).await
}

/// The text as it would be frozen, of what the case says now.
pub async fn prepare(
    case: &mut CaseAccess<WriteDisclosure>,
    one: &Disclosure,
    kind: DisclosureItemKind,
    form: &ItemForm,
) -> Result<std::result::Result<NewItem, Faults>> {
    let today = case.desk().clock().today();
    let source = sources::read(case, kind, form.source()).await?;
    let consents = store::consents(case, one.recipient, today).await?;
    let mut parsed = form.parse(kind, one, case.head(), source, &consents);
    if let Ok(item) = &mut parsed {
        item.mark = sources::mark(case, kind, item.source).await?;
    }
    Ok(parsed)
}

async fn add(
    mut case: CaseAccess<WriteDisclosure>,
    PathId(id): PathId,
    Form(form): Form<ItemForm>,
) -> Result<Response> {
    let to = paths::show(&case.head().reference, id);
    if let Some(item) = uuid(&form.id)
        && store::exists(&mut case, item).await?
    {
        return case.redirect(&to, None).await;
    }
    let one = draft(&mut case, id).await?;
    let Some(kind) = form.kind(one.ground) else {
        let faults = Faults::from(("kind", "Välj sorts uppgift"));
        let (reference, ground) = (case.head().reference.clone(), one.ground);
        let kinds = kinds(ground)
            .map(|kind| Action::new(format!("{}?kind={}", paths::items(&reference, id), kind.code()), kind.label()))
            .collect();
        let view = |shell, case, _: &_| Ok(KindsPage { shell, case, faults, kinds, back: to });
        return case.again(Part::Cooperation, view).await;
    };
    match prepare(&mut case, &one, kind, &form).await? {
        Ok(item) => {
            if !store::freeze(&mut case, id, &item).await? {
                return Err(Error::Stale);
            }
            case.redirect(&to, Flash::DisclosureItemFrozen).await
        }
        Err(faults) => {
            let around = around(&mut case, &one, kind).await?;
            let view = |shell, case, _: &_| Ok(ItemPage::of(shell, case, &around, form, faults));
            case.again(Part::Cooperation, view).await
        }
    }
}

async fn remove(
    mut case: CaseAccess<WriteDisclosure>,
    PathId(item): PathId,
    Form(seen): Form<Seen>,
) -> Result<Response> {
    let disclosure = store::of_item(&mut case, item).await?;
    let one = draft(&mut case, disclosure).await?;
    if !seen.is(&one) || !store::remove(&mut case, item).await? {
        return Err(Error::Stale);
    }
    let to = paths::show(&case.head().reference, disclosure);
    case.redirect(&to, Flash::DisclosureItemRemoved).await
}
