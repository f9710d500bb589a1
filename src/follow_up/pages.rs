//! One follow-up, and planning a new one. The list stands with the plans of the case.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::{get, post};
use time::Date;

use super::form::PlanningForm;
use super::model::{FollowUp, Views, may_be_of};
use super::{CANCEL_REASON, MOVE_REASON, PERSON_VIEW, POLICE_VIEW, PROVIDER_VIEW, paths, store};
use crate::access::right::{FollowUp as FollowUpRight, ReadPlans};
use crate::access::{CaseAccess, Part};
use crate::audit::{Event, Note};
use crate::crypto::{Column, Sealed};
use crate::error::{Error, Result};
use crate::personal::Personal;
use crate::plan::model::is_ahead;
use crate::plan::{GOAL, paths as plans, store as plan_store};
use crate::state::AppState;
use crate::vocabulary::{FollowUpKind, GoalResult};
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Due, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/uppfoljningar", post(create))
        .route("/arenden/{case}/uppfoljningar/ny", get(new))
        .route("/arenden/{case}/uppfoljningar/{follow_up}", get(show))
}

#[derive(Template)]
#[template(path = "follow_up/new.html")]
struct NewPage {
    shell: Shell,
    case: CaseBar,
    form: PlanningForm,
    faults: Faults,
    kinds: Vec<Choice>,
    action: String,
    back: String,
}

impl NewPage {
    fn of(shell: Shell, case: CaseBar, form: PlanningForm, faults: Faults) -> Self {
        let kinds = FollowUpKind::ALL.iter().filter(|kind| may_be_of(**kind, case.closed));
        Self {
            kinds: Choice::one("kind", kinds.map(|kind| (kind.code(), kind.label())), &form.kind),
            action: paths::list(&case.reference),
            back: plans::list(&case.reference),
            shell,
            case,
            form,
            faults,
        }
    }
}

async fn new(case: CaseAccess<FollowUpRight>) -> Result<Response> {
    let (mut case, all) = plan_store::read(case).await?;
    case.shown(Note::of(Event::PlansShown).with("count", all.len()));
    let today = case.desk().clock().today();
    let planned = all.iter().filter(|plan| plan.is_active() && is_ahead(plan.follow_up_on, today));
    let form = PlanningForm::fresh(planned.map(|plan| plan.follow_up_on).min());
    case.page(Part::Plan, |shell, case, _| Ok(NewPage::of(shell, case, form, Faults::none()))).await
}

async fn create(case: CaseAccess<FollowUpRight>, Form(form): Form<PlanningForm>) -> Result<Response> {
    let (mut case, all) = store::read(case).await?;
    let reference = case.head().reference.clone();
    // The same form, sent twice.
    if let Some(one) = all.iter().find(|one| Some(one.id) == uuid(&form.id)) {
        return case.redirect(&paths::show(&reference, one.id), None).await;
    }
    match form.parse(case.head().closed_on.is_some(), case.desk().clock().today()) {
        Ok(new) => {
            store::plan(&mut case, &new).await?;
            case.redirect(&paths::show(&reference, new.id), Flash::FollowUpPlanned).await
        }
        Err(faults) => case.again(Part::Plan, |shell, case, _| Ok(NewPage::of(shell, case, form, faults))).await,
    }
}

/// A goal with what became of it.
struct GoalLine {
    text: Personal,
    target_on: Date,
    result: GoalResult,
}

#[derive(Template)]
#[template(path = "follow_up/show.html")]
struct ShowPage {
    shell: Shell,
    case: CaseBar,
    one: FollowUp,
    due: Option<Due>,
    is_overdue: bool,
    views: Views<Personal>,
    goals: Vec<GoalLine>,
    /// The one that came after it, and its day.
    next: Option<(String, Date)>,
    moves: Vec<MoveLine>,
    cancelled: Option<(Date, String, Personal)>,
    hold: Option<String>,
    shift: Option<String>,
    cancel: Option<String>,
    list: String,
}

/// That it was moved, and why.
struct MoveLine {
    from: Date,
    to: Date,
    on: Date,
    by: String,
    reason: Personal,
}

async fn show(mut case: CaseAccess<ReadPlans>, PathId(id): PathId) -> Result<Response> {
    let all = store::list(&mut case).await?;
    let one = all.iter().find(|one| one.id == id).cloned().ok_or(Error::NotFound)?;
    let results = store::results(&mut case, id).await?;
    let moves = store::moves(&mut case, id).await?;
    case.shown(Note::of(Event::FollowUpsShown).with("number", one.number));
    let (today, is_closed) = (case.desk().clock().today(), case.head().closed_on.is_some());
    let may_hold = case.may::<FollowUpRight>() && one.may_be_held(is_closed);
    let next = one.held.as_ref().and_then(|held| all.iter().find(|other| Some(other.id) == held.next));
    let next = next.map(|next| (paths::show(&case.head().reference, next.id), next.planned_on));
    case.page(Part::Plan, |shell, case, receipt| {
        let views = match &one.held {
            Some(held) => {
                let open = |column: Column, sealed: &Option<Sealed>| {
                    sealed.as_ref().map(|sealed| receipt.open(column.at(id), sealed)).transpose()
                };
                Views {
                    person: open(PERSON_VIEW, &held.views.person)?,
                    provider: open(PROVIDER_VIEW, &held.views.provider)?,
                    police: open(POLICE_VIEW, &held.views.police)?,
                }
            }
            None => Views::NONE,
        };
        let moves = moves.into_iter().map(|line| {
            let reason = receipt.open(MOVE_REASON.at(line.id), &line.reason)?;
            Ok(MoveLine { from: line.from, to: line.to, on: line.on, by: line.by, reason })
        });
        let cancelled = one.cancelled.as_ref().map(|cancelled| {
            let reason = receipt.open(CANCEL_REASON.at(id), &cancelled.reason)?;
            Ok::<_, Error>((cancelled.on, cancelled.by.clone(), reason))
        });
        let goals = results.iter().map(|line| {
            let text = receipt.open(GOAL.at(line.goal), &line.text)?;
            Ok(GoalLine { text, target_on: line.target_on, result: line.result })
        });
        Ok(ShowPage {
            shell,
            due: one.may_be_held(is_closed).then(|| Due::on(one.planned_on, today)),
            is_overdue: one.is_overdue(today) && one.may_be_held(is_closed),
            views,
            goals: goals.collect::<Result<_>>()?,
            next,
            moves: moves.collect::<Result<_>>()?,
            cancelled: cancelled.transpose()?,
            hold: may_hold.then(|| paths::hold(&case.reference, id)),
            shift: may_hold.then(|| paths::moving(&case.reference, id)),
            cancel: may_hold.then(|| paths::cancel(&case.reference, id)),
            list: plans::list(&case.reference),
            case,
            one,
        })
    })
    .await
}
