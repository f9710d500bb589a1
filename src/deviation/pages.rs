//! The deviations of a case, one of them with what was done about it, and registering a new one.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;

use super::form::{DeviationForm, LONGEST_ACTION, LONGEST_DESCRIPTION};
use super::model::{Deviation, Step};
use super::{paths, store};
use crate::access::right::{HandleDeviation, ReadDeviations};
use crate::access::{CaseAccess, Part, Receipt};
use crate::audit::{Event, Note};
use crate::calendar::stockholm;
use crate::error::Result;
use crate::personal::Personal;
use crate::state::AppState;
use crate::vocabulary::{DeviationCategory, DeviationOutcome, DeviationSeverity, DeviationStatus};
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Due, Field, Moment};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/avvikelser", get(list).post(create))
        .route("/arenden/{case}/avvikelser/ny", get(new))
        .route("/arenden/{case}/avvikelser/{deviation}", get(show))
}

/// The colour of a severity.
const fn tag(severity: DeviationSeverity) -> &'static str {
    match severity {
        DeviationSeverity::S1 => "",
        DeviationSeverity::S2 => "warn",
        DeviationSeverity::S3 => "danger",
    }
}

/// A deviation in a table.
pub struct Row {
    pub href: String,
    pub category: DeviationCategory,
    pub severity: DeviationSeverity,
    pub tag: &'static str,
    pub reported_on: time::Date,
    pub status: DeviationStatus,
    pub outcome: Option<DeviationOutcome>,
    /// By when it must be received, while it waits.
    pub due: Option<Due>,
}

impl Row {
    pub fn of(case: &str, one: &Deviation, today: time::Date) -> Self {
        Self {
            href: paths::show(case, one.id),
            category: one.category,
            severity: one.severity,
            tag: tag(one.severity),
            reported_on: one.reported_on,
            status: one.status,
            outcome: one.outcome,
            due: one.waits().then(|| Due::on(one.acknowledge_by(), today)),
        }
    }
}

#[derive(Template)]
#[template(path = "deviation/list.html")]
struct ListPage {
    shell: Shell,
    case: CaseBar,
    rows: Vec<Row>,
    new: Option<String>,
}

async fn list(mut case: CaseAccess<ReadDeviations>) -> Result<Response> {
    let deviations = store::list(&mut case).await?;
    case.shown(Note::of(Event::DeviationsShown).with("count", deviations.len()));
    let (today, reference) = (case.desk().clock().today(), case.head().reference.clone());
    let rows = deviations.iter().map(|one| Row::of(&reference, one, today)).collect();
    let new = case.may::<HandleDeviation>().then(|| paths::new(&reference));
    case.page(Part::Cooperation, |shell, case, _| Ok(ListPage { shell, case, rows, new })).await
}

/// A line of the history.
struct StepView {
    heading: &'static str,
    meta: String,
    text: Option<Personal>,
}

impl StepView {
    fn of(step: &Step, before: Option<DeviationStatus>, receipt: &Receipt) -> Result<Self> {
        let taken_back = before == Some(DeviationStatus::Assessed) && step.status == DeviationStatus::Acknowledged;
        let at = Moment(stockholm(step.at));
        Ok(Self {
            heading: if taken_back { "Bedömningen togs tillbaka" } else { step.status.label() },
            meta: format!("{} kl. {}, {}", at.day(), at.clock(), step.by),
            text: match &step.text {
                Some(sealed) => Some(receipt.open(store::STEP_TEXT.at(step.id), sealed)?),
                None => None,
            },
        })
    }
}

/// The way onwards from where the deviation stands.
enum Next {
    Acknowledge(String),
    Assess(String),
    Decide {
        decide: String,
        reconsider: String,
    },
    /// With words on why the person is not moved.
    CloseWithReason(String),
    Close(String),
    Nothing,
}

impl Next {
    fn of(case: &str, one: &Deviation) -> Self {
        match one.status {
            DeviationStatus::Reported => Self::Acknowledge(paths::acknowledge(case, one.id)),
            DeviationStatus::Acknowledged => Self::Assess(paths::assess(case, one.id)),
            DeviationStatus::Assessed => {
                Self::Decide { decide: paths::decide(case, one.id), reconsider: paths::reconsider(case, one.id) }
            }
            DeviationStatus::ActionDecided if one.owes_a_reason() => Self::CloseWithReason(paths::close(case, one.id)),
            DeviationStatus::ActionDecided => Self::Close(paths::close(case, one.id)),
            DeviationStatus::Closed => Self::Nothing,
        }
    }
}

#[derive(Template)]
#[template(path = "deviation/show.html")]
struct ShowPage {
    shell: Shell,
    case: CaseBar,
    tag: &'static str,
    due: Option<Due>,
    alarm: Option<&'static str>,
    description: Personal,
    immediate_action: Option<Personal>,
    steps: Vec<StepView>,
    next: Next,
    list: String,
    one: Deviation,
}

async fn show(mut case: CaseAccess<ReadDeviations>, PathId(id): PathId) -> Result<Response> {
    let one = store::get(&mut case, id).await?;
    let steps = store::steps(&mut case, id).await?;
    case.shown(Note::of(Event::DeviationsShown).with("deviation", id.to_string()));
    let (today, handles) = (case.desk().clock().today(), case.may::<HandleDeviation>());
    case.page(Part::Cooperation, |shell, case, receipt| {
        let before = std::iter::once(None).chain(steps.iter().map(|step| Some(step.status)));
        let steps = steps.iter().zip(before).map(|(step, before)| StepView::of(step, before, receipt));
        Ok(ShowPage {
            tag: tag(one.severity),
            due: one.waits().then(|| Due::on(one.acknowledge_by(), today)),
            alarm: one.alarm(),
            description: receipt.open(store::DESCRIPTION.at(id), &one.description)?,
            immediate_action: match &one.immediate_action {
                Some(sealed) => Some(receipt.open(store::IMMEDIATE_ACTION.at(id), sealed)?),
                None => None,
            },
            steps: steps.collect::<Result<_>>()?,
            next: if handles { Next::of(&case.reference, &one) } else { Next::Nothing },
            list: paths::list(&case.reference),
            shell,
            case,
            one,
        })
    })
    .await
}

#[derive(Template)]
#[template(path = "deviation/new.html")]
struct NewPage {
    shell: Shell,
    case: CaseBar,
    report: DeviationForm,
    faults: Faults,
    sources: Vec<Choice>,
    categories: Vec<Choice>,
    severities: Vec<Choice>,
    list: String,
}

impl NewPage {
    fn of(shell: Shell, case: CaseBar, report: DeviationForm, faults: Faults) -> Self {
        Self {
            sources: report.sources(),
            categories: report.categories(),
            severities: report.severities(),
            list: paths::list(&case.reference),
            shell,
            case,
            report,
            faults,
        }
    }
}

async fn new(case: CaseAccess<HandleDeviation>) -> Result<Response> {
    let form = DeviationForm::fresh(case.desk().clock().today());
    case.page(Part::Cooperation, |shell, case, _| Ok(NewPage::of(shell, case, form, Faults::none()))).await
}

async fn create(mut case: CaseAccess<HandleDeviation>, Form(form): Form<DeviationForm>) -> Result<Response> {
    let reference = case.head().reference.clone();
    if let Some(id) = uuid(&form.id)
        && store::exists(&mut case, id).await?
    {
        return case.redirect(&paths::show(&reference, id), None).await;
    }
    match form.parse(case.desk().clock().today()) {
        Ok(new) => {
            store::report(&mut case, &new).await?;
            case.redirect(&paths::show(&reference, new.id), Flash::DeviationSaved).await
        }
        Err(faults) => case.again(Part::Cooperation, |shell, case, _| Ok(NewPage::of(shell, case, form, faults))).await,
    }
}
