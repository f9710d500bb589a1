//! One piece of support, and registering a new one. The list stands with the plans of the case.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::{get, post};
use uuid::Uuid;

use super::form::{InterventionForm, LONGEST_EXTENT};
use super::model::{Intervention, given_by};
use super::{EXTENT, STATUS_REASON, paths, store};
use crate::access::right::{GiveIntervention, ReadPlans};
use crate::access::{CaseAccess, Part};
use crate::audit::{Event, Note};
use crate::decision::model::Decision;
use crate::decision::{paths as decisions, store as decision_store};
use crate::error::{Error, Result};
use crate::personal::Personal;
use crate::plan::paths as plans;
use crate::state::AppState;
use crate::vocabulary::InterventionStatus;
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{Action, CaseBar, Choice, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/insatser", post(create))
        .route("/arenden/{case}/insatser/ny", get(new))
        .route("/arenden/{case}/insatser/{intervention}", get(show))
}

/// The colour of a status.
pub const fn tag(status: InterventionStatus) -> &'static str {
    match status {
        InterventionStatus::Ongoing => "ok",
        InterventionStatus::Paused => "warn",
        InterventionStatus::Planned => "line",
        InterventionStatus::Ended => "",
    }
}

#[derive(Template)]
#[template(path = "intervention/new.html")]
struct NewPage {
    shell: Shell,
    case: CaseBar,
    form: InterventionForm,
    faults: Faults,
    decisions: Vec<Choice>,
    providers: Vec<Choice>,
    action: String,
    back: String,
    /// Where a decision is written, when there is none to choose.
    decide: String,
}

impl NewPage {
    fn of(
        (shell, case): (Shell, CaseBar),
        decided: &[Decision],
        providers: Vec<(Uuid, String)>,
        (form, faults): (InterventionForm, Faults),
    ) -> Self {
        let named = decided.iter().filter_map(|one| {
            let (kind, from) = (given_by(one)?, one.matter.from);
            let until = one.matter.to.map_or("tills vidare".to_owned(), |day| format!("till {day}"));
            Some((one.id.to_string(), format!("Beslut {}, {kind}, {from} {until}", one.number)))
        });
        let providers = providers.into_iter().map(|(id, name)| (id.to_string(), name));
        Self {
            decisions: Choice::one("decision", named, &form.decision),
            providers: Choice::one("provider", providers, &form.provider),
            action: paths::list(&case.reference),
            back: plans::list(&case.reference),
            decide: decisions::list(&case.reference),
            shell,
            case,
            form,
            faults,
        }
    }
}

async fn new(case: CaseAccess<GiveIntervention>) -> Result<Response> {
    let (mut case, decided) = decision_store::read(case).await?;
    let providers = store::providers(&mut case).await?;
    case.shown(Note::of(Event::DecisionsShown).with("count", decided.len()));
    let blank = (InterventionForm::fresh(), Faults::none());
    case.page(Part::Plan, |shell, case, _| Ok(NewPage::of((shell, case), &decided, providers, blank))).await
}

async fn create(case: CaseAccess<GiveIntervention>, Form(form): Form<InterventionForm>) -> Result<Response> {
    let (case, all) = store::read(case).await?;
    let reference = case.head().reference.clone();
    // The same form, sent twice.
    if let Some(one) = all.iter().find(|one| Some(one.id) == uuid(&form.id)) {
        return case.redirect(&paths::show(&reference, one.id), None).await;
    }
    let (mut case, decided) = decision_store::read(case).await?;
    let providers = store::providers(&mut case).await?;
    let known: Vec<_> = providers.iter().map(|(id, _)| *id).collect();
    match form.parse(&decided, &known, case.desk().clock().today()) {
        Ok(new) => {
            store::plan(&mut case, &new).await?;
            case.redirect(&paths::show(&reference, new.id), Flash::InterventionSaved).await
        }
        Err(faults) => {
            case.shown(Note::of(Event::DecisionsShown).with("count", decided.len()));
            case.again(Part::Plan, |shell, bar, _| Ok(NewPage::of((shell, bar), &decided, providers, (form, faults))))
                .await
        }
    }
}

#[derive(Template)]
#[template(path = "intervention/show.html")]
struct ShowPage {
    shell: Shell,
    case: CaseBar,
    one: Intervention,
    status_tag: &'static str,
    extent: Personal,
    reason: Option<Personal>,
    decision: String,
    /// What is done next, as a button.
    primary: Option<Action>,
    actions: Vec<Action>,
    list: String,
}

async fn show(case: CaseAccess<ReadPlans>, PathId(id): PathId) -> Result<Response> {
    let mut case = case;
    let one = store::list(&mut case).await?.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)?;
    case.shown(Note::of(Event::InterventionsShown).with("number", one.number));
    let (may, reference) = (case.may::<GiveIntervention>(), case.head().reference.clone());
    let way = |open: bool, path: fn(&str, Uuid) -> String, label| {
        (may && open).then(|| Action::new(path(&reference, id), label))
    };
    let primary = way(one.may_start(), paths::start, "Registrera start")
        .or_else(|| way(one.may_resume(), paths::resume, "Återuppta"));
    let actions =
        [way(one.may_pause(), paths::pause, "Registrera uppehåll"), way(one.may_end(), paths::end, "Avsluta insatsen")];
    let actions = actions.into_iter().flatten().collect();
    case.page(Part::Plan, |shell, case, receipt| {
        let reason = match &one.status_reason {
            Some(sealed) => Some(receipt.open(STATUS_REASON.at(id), sealed)?),
            None => None,
        };
        Ok(ShowPage {
            status_tag: tag(one.status),
            extent: receipt.open(EXTENT.at(id), &one.extent)?,
            reason,
            decision: decisions::show(&case.reference, one.decision),
            primary,
            actions,
            list: plans::list(&case.reference),
            shell,
            case,
            one,
        })
    })
    .await
}
