//! Writing down a follow-up that was held: what was said, how it goes with each goal, and when the next one is.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use axum_extra::extract::Form;
use uuid::Uuid;

use super::form::{Ground, HoldingForm, LONGEST_VIEW};
use super::model::{FollowUp, goals, needs_next, needs_results};
use super::{paths, store};
use crate::access::right::FollowUp as FollowUpRight;
use crate::access::{CaseAccess, Part, Receipt};
use crate::audit::{Event, Note};
use crate::crypto::Sealed;
use crate::error::{Error, Result};
use crate::personal::Personal;
use crate::plan::model::Goal;
use crate::plan::{GOAL, store as plan_store};
use crate::state::AppState;
use crate::vocabulary::{FollowUpForm, GoalResult};
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/arenden/{case}/uppfoljningar/{follow_up}/genomforande", get(ask).post(hold))
}

/// A goal to be judged.
struct GoalRow {
    number: usize,
    id: Uuid,
    text: Personal,
    results: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "follow_up/hold.html")]
struct HoldPage {
    shell: Shell,
    case: CaseBar,
    one: FollowUp,
    form: HoldingForm,
    faults: Faults,
    stale: bool,
    forms: Vec<Choice>,
    goals: Vec<GoalRow>,
    needs_results: bool,
    needs_next: bool,
    action: String,
    back: String,
}

/// A form on its way to a page, with the goals in force.
struct Draft {
    form: HoldingForm,
    faults: Faults,
    stale: bool,
    one: FollowUp,
    goals: Vec<Goal<Sealed>>,
    needs_next: bool,
}

impl Draft {
    fn page(self, shell: Shell, case: CaseBar, receipt: &Receipt) -> Result<HoldPage> {
        let form = self.form;
        let rows = self.goals.iter().zip(1..).map(|(goal, number)| {
            let results = GoalResult::ALL.iter().map(|result| (result.code(), result.label()));
            Ok(GoalRow {
                number,
                id: goal.id,
                text: receipt.open(GOAL.at(goal.id), &goal.text)?,
                results: Choice::one("result", results, form.result_of(goal.id)),
            })
        });
        let goals = rows.collect::<Result<_>>()?;
        let forms = FollowUpForm::ALL.iter().map(|form| (form.code(), form.label()));
        Ok(HoldPage {
            forms: Choice::one("form", forms, &form.form),
            goals,
            needs_results: needs_results(self.one.kind),
            needs_next: self.needs_next,
            action: paths::hold(&case.reference, self.one.id),
            back: paths::show(&case.reference, self.one.id),
            shell,
            case,
            one: self.one,
            form,
            faults: self.faults,
            stale: self.stale,
        })
    }
}

type Case = CaseAccess<FollowUpRight>;

/// The follow-up with the goals that it goes through.
async fn read(case: Case, id: Uuid) -> Result<(Case, FollowUp, Vec<Goal<Sealed>>)> {
    let (case, one) = store::get(case, id).await?;
    let (mut case, plans) = plan_store::read(case).await?;
    case.shown(Note::of(Event::FollowUpsShown).with("number", one.number));
    Ok((case, one, goals(&plans).into_iter().cloned().collect()))
}

async fn ask(case: Case, PathId(id): PathId) -> Result<Response> {
    let (case, one, goals) = read(case, id).await?;
    if !one.may_be_held(case.head().closed_on.is_some()) {
        let to = paths::show(&case.head().reference, id);
        return case.redirect(&to, None).await;
    }
    let form = HoldingForm::fresh(one.version, case.desk().clock().today());
    let needs_next = needs_next(one.kind, case.head().status);
    let draft = Draft { form, faults: Faults::none(), stale: false, one, goals, needs_next };
    case.page(Part::Plan, |shell, case, receipt| draft.page(shell, case, receipt)).await
}

async fn hold(case: Case, PathId(id): PathId, Form(form): Form<HoldingForm>) -> Result<Response> {
    let (mut case, one, goals) = read(case, id).await?;
    let to = paths::show(&case.head().reference, id);
    // The same form, sent twice.
    if one.held.as_ref().is_some_and(|held| held.next.is_some() && held.next == uuid(&form.next_id)) {
        return case.redirect(&to, None).await;
    }
    let needs_next = needs_next(one.kind, case.head().status);
    let ground = Ground {
        kind: one.kind,
        status: case.head().status,
        case_opened: case.head().opened_on,
        goals: goals.iter().map(|goal| goal.id).collect(),
        today: case.desk().clock().today(),
    };
    let mut draft = Draft { form, faults: Faults::none(), stale: false, one, goals, needs_next };
    // Somebody else was quicker: what they wrote stands, and what was typed here is not lost.
    if draft.form.version() != draft.one.version || !draft.one.is_coming() {
        draft.stale = true;
        // One that was only moved can be held after all.
        if draft.one.is_coming() {
            draft.form.version = draft.one.version.to_string();
        }
        return case.conflict(Part::Plan, |shell, case, receipt| draft.page(shell, case, receipt)).await;
    }
    if !draft.one.may_be_held(case.head().closed_on.is_some()) {
        return Err(Error::Stale);
    }
    match draft.form.parse(&ground) {
        Ok(holding) => {
            if !store::hold(&mut case, &draft.one, &holding).await? {
                return Err(Error::Stale);
            }
            case.redirect(&to, Flash::FollowUpHeld).await
        }
        Err(faults) => {
            draft.faults = faults;
            case.again(Part::Plan, |shell, case, receipt| draft.page(shell, case, receipt)).await
        }
    }
}
