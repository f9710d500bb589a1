//! One plan, and writing a draft: a new one, a new version of one that is in force, and a draft that is written on.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};
use axum_extra::extract::Form;
use time::Date;
use uuid::Uuid;

use super::form::{GoalInput, LONGEST_TEXT, PlanForm};
use super::model::{self, Ended, Goal, Plan, Texts};
use super::{ENDED_REASON, GOAL, INTERVENTIONS, OTHER_PRINCIPALS, PERSON_VIEW, RESPONSIBLE, paths, store};
use crate::access::right::{ReadPlans, WritePlan};
use crate::access::{CaseAccess, Part, Receipt};
use crate::audit::{Event, Note};
use crate::error::{Error, Result};
use crate::personal::Personal;
use crate::state::AppState;
use crate::vocabulary::{PlanKind, PlanStatus};
use crate::web::flash::Flash;
use crate::web::form::{Faults, code, uuid};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/planer", post(create))
        .route("/arenden/{case}/planer/ny", get(new))
        .route("/arenden/{case}/planer/{plan}", get(show))
        .route("/arenden/{case}/planer/{plan}/andring", get(ask_edit).post(edit))
        .route("/arenden/{case}/planer/{plan}/ny-version", get(revise))
}

/// The colour of a status.
pub const fn tag(status: PlanStatus) -> &'static str {
    match status {
        PlanStatus::Active => "ok",
        PlanStatus::Draft => "warn",
        PlanStatus::Superseded | PlanStatus::Ended => "",
    }
}

/// What a plan says, opened.
pub struct Opened {
    pub texts: Texts<Personal>,
    pub goals: Vec<Goal<Personal>>,
}

pub fn opened(plan: &Plan, receipt: &Receipt) -> Result<Opened> {
    let texts = Texts {
        interventions: receipt.open(INTERVENTIONS.at(plan.id), &plan.texts.interventions)?,
        other_principals: receipt.open(OTHER_PRINCIPALS.at(plan.id), &plan.texts.other_principals)?,
        person_view: receipt.open(PERSON_VIEW.at(plan.id), &plan.texts.person_view)?,
    };
    let goals = plan.goals.iter().map(|goal| {
        Ok(Goal {
            id: goal.id,
            text: receipt.open(GOAL.at(goal.id), &goal.text)?,
            target_on: goal.target_on,
            responsible: receipt.open(RESPONSIBLE.at(goal.id), &goal.responsible)?,
        })
    });
    Ok(Opened { texts, goals: goals.collect::<Result<_>>()? })
}

#[derive(Template)]
#[template(path = "plan/form.html")]
struct FormPage {
    shell: Shell,
    case: CaseBar,
    heading: String,
    /// Nothing where the kind is settled.
    kinds: Option<Vec<Choice>>,
    goals: Vec<GoalInput>,
    form: PlanForm,
    faults: Faults,
    /// What somebody else has written since: it stands beside what was typed.
    stale: Option<Opened>,
    action: String,
    back: String,
}

/// A form on its way to a page.
struct Draft {
    form: PlanForm,
    faults: Faults,
    /// The draft that is written on; none for a new one.
    of: Option<Plan>,
}

impl Draft {
    fn new(form: PlanForm, of: Option<Plan>) -> Self {
        Self { form, faults: Faults::none(), of }
    }

    fn page(self, shell: Shell, case: CaseBar, stale: Option<Opened>) -> FormPage {
        let form = self.form;
        let (heading, action, back) = match &self.of {
            Some(one) => {
                let back = paths::show(&case.reference, one.id);
                (format!("Ändra {}", called(one)), paths::edit(&case.reference, one.id), back)
            }
            None => ("Ny plan".to_owned(), paths::list(&case.reference), paths::list(&case.reference)),
        };
        let kinds = PlanKind::ALL.iter().map(|kind| (kind.code(), kind.label()));
        FormPage {
            heading,
            kinds: self.of.is_none().then(|| Choice::one("kind", kinds, &form.kind)),
            goals: form.goal_inputs(),
            form,
            faults: self.faults,
            stale,
            action,
            back,
            shell,
            case,
        }
    }
}

/// "vårdplan, version 2".
fn called(one: &Plan) -> String {
    format!("{}, version {}", one.kind.label().to_lowercase(), one.version_no)
}

async fn new(case: CaseAccess<WritePlan>) -> Result<Response> {
    let draft = Draft::new(PlanForm::fresh(), None);
    case.page(Part::Plan, |shell, case, _| Ok(draft.page(shell, case, None))).await
}

async fn create(case: CaseAccess<WritePlan>, Form(form): Form<PlanForm>) -> Result<Response> {
    let (mut case, plans) = store::read(case).await?;
    let reference = case.head().reference.clone();
    // The same form, sent twice.
    if let Some(one) = plans.iter().find(|one| Some(one.id) == uuid(&form.id)) {
        return case.redirect(&paths::show(&reference, one.id), None).await;
    }
    let mut draft = Draft::new(form, None);
    let begun = code(&draft.form.kind, PlanKind::parse).and_then(|kind| model::draft(&plans, kind));
    let parsed = match begun {
        Some(one) => {
            let text = format!("Det finns redan ett utkast, {}. Fastställ det eller skriv vidare i det", called(one));
            Err(Faults::from(("kind", text)))
        }
        None => draft.form.parse(case.desk().clock().today()),
    };
    match parsed {
        Ok(new) => {
            store::draft(&mut case, &new).await?;
            case.redirect(&paths::show(&reference, new.id), Flash::DraftSaved).await
        }
        Err(faults) => {
            draft.faults = faults;
            case.again(Part::Plan, |shell, case, _| Ok(draft.page(shell, case, None))).await
        }
    }
}

/// The next version is written from the one that is in force; where somebody has begun it, theirs is written on.
async fn revise(case: CaseAccess<WritePlan>, PathId(id): PathId) -> Result<Response> {
    let (mut case, plans) = store::read(case).await?;
    let reference = case.head().reference.clone();
    let one = plans.iter().find(|one| one.id == id).ok_or(Error::NotFound)?;
    if let Some(begun) = model::draft(&plans, one.kind) {
        return case.redirect(&paths::edit(&reference, begun.id), None).await;
    }
    case.shown(Note::of(Event::PlansShown).with("version", one.version_no));
    case.page(Part::Plan, |shell, case, receipt| {
        let Opened { texts, goals } = opened(one, receipt)?;
        Ok(Draft::new(PlanForm::of(one, &texts, &goals).revised(), None).page(shell, case, None))
    })
    .await
}

async fn ask_edit(case: CaseAccess<WritePlan>, PathId(id): PathId) -> Result<Response> {
    let (mut case, one) = store::get(case, id).await?;
    if !one.is_draft() {
        let to = paths::show(&case.head().reference, id);
        return case.redirect(&to, None).await;
    }
    case.shown(Note::of(Event::PlansShown).with("version", one.version_no));
    case.page(Part::Plan, |shell, case, receipt| {
        let Opened { texts, goals } = opened(&one, receipt)?;
        Ok(Draft::new(PlanForm::of(&one, &texts, &goals), Some(one)).page(shell, case, None))
    })
    .await
}

async fn edit(case: CaseAccess<WritePlan>, PathId(id): PathId, Form(form): Form<PlanForm>) -> Result<Response> {
    let (mut case, one) = store::get(case, id).await?;
    if !one.is_draft() {
        return Err(Error::Stale);
    }
    let form = PlanForm { id: id.to_string(), kind: one.kind.code().to_owned(), ..form };
    let mut draft = Draft::new(form, Some(one.clone()));
    if draft.form.version() != one.version {
        draft.form.version = one.version.to_string();
        case.shown(Note::of(Event::PlansShown).with("version", one.version_no));
        return case
            .conflict(Part::Plan, |shell, case, receipt| Ok(draft.page(shell, case, Some(opened(&one, receipt)?))))
            .await;
    }
    match draft.form.parse(case.desk().clock().today()) {
        Ok(new) => {
            if !store::edit(&mut case, &new, one.version).await? {
                return Err(Error::Stale);
            }
            let to = paths::show(&case.head().reference, id);
            case.redirect(&to, Flash::DraftSaved).await
        }
        Err(faults) => {
            draft.faults = faults;
            case.again(Part::Plan, |shell, case, _| Ok(draft.page(shell, case, None))).await
        }
    }
}

/// Why it ended, opened.
enum Why {
    Said(Personal),
    WithPlacement(i32),
}

#[derive(Template)]
#[template(path = "plan/show.html")]
struct ShowPage {
    shell: Shell,
    case: CaseBar,
    one: Plan,
    status_tag: &'static str,
    texts: Texts<Personal>,
    goals: Vec<Goal<Personal>>,
    ended: Option<(Date, Why)>,
    /// The version in force that a draft takes the place of.
    takes_the_place_of: Option<i32>,
    /// The day on which a draft was to be followed up has been.
    is_late: bool,
    activate: Option<String>,
    edit: Option<String>,
    discard: Option<String>,
    revise: Option<String>,
    end: Option<String>,
    list: String,
}

async fn show(mut case: CaseAccess<ReadPlans>, PathId(id): PathId) -> Result<Response> {
    let plans = store::list(&mut case).await?;
    let one = plans.iter().find(|one| one.id == id).cloned().ok_or(Error::NotFound)?;
    case.shown(Note::of(Event::PlansShown).with("version", one.version_no));
    let (today, reference, may) = (case.desk().clock().today(), case.head().reference.clone(), case.may::<WritePlan>());
    let way = |open: bool, path: fn(&str, Uuid) -> String| (may && open).then(|| path(&reference, id));
    let (is_draft, is_active) = (one.is_draft(), one.is_active());
    let activate = way(one.may_activate(today), paths::activate);
    let (edit, revise, end) = (way(is_draft, paths::edit), way(is_active, paths::revise), way(is_active, paths::end));
    let discard = way(one.may_discard(case.desk().actor().account), paths::discard);
    let before = model::active(&plans, one.kind).map(|plan| plan.version_no);
    case.page(Part::Plan, |shell, case, receipt| {
        let Opened { texts, goals } = opened(&one, receipt)?;
        let ended = match &one.ended {
            Some((day, Ended::Said(reason))) => Some((*day, Why::Said(receipt.open(ENDED_REASON.at(id), reason)?))),
            Some((day, Ended::WithPlacement(number))) => Some((*day, Why::WithPlacement(*number))),
            None => None,
        };
        Ok(ShowPage {
            shell,
            status_tag: tag(one.status),
            texts,
            goals,
            ended,
            takes_the_place_of: before.filter(|_| is_draft),
            is_late: is_draft && !model::is_ahead(one.follow_up_on, today),
            activate,
            edit,
            discard,
            revise,
            end,
            list: paths::list(&case.reference),
            case,
            one,
        })
    })
    .await
}
