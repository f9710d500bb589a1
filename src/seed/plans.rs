//! Plans, support and follow-ups in the invented cases, told in the order in which they happened. What happened in a case
//! before it was closed is told before that; what lies ahead of today is left out.

use time::Date;
use uuid::Uuid;

use super::Seated;
use super::data::CASES;
use super::decisions::{self, DemoDecision};
use super::stories::STORIES;
use crate::access::CaseAccess;
use crate::access::right::{FollowUp as FollowUpRight, GiveIntervention, WritePlan};
use crate::decision::store as decision_store;
use crate::decision::store::course::Step as DecisionStep;
use crate::error::{Error, Result};
use crate::follow_up::model::{Holding, NewFollowUp, Views, goals};
use crate::follow_up::store as follow_up_store;
use crate::intervention::model::{NewIntervention, Step, given_by};
use crate::intervention::store as intervention_store;
use crate::plan::model::{Goal, NewPlan, Texts, active};
use crate::plan::store as plan_store;
use crate::state::AppState;
use crate::vocabulary::{DecisionType, FollowUpForm, FollowUpKind, GoalResult, PlanKind};

/// What happened in a case.
pub(super) struct Story {
    /// Its case, by its place in the list of cases.
    pub case: usize,
    pub told: &'static [Told],
}

/// A goal, its day and who sees to it.
pub(super) type DemoGoal = (&'static str, Date, &'static str);

/// One thing that happened.
pub(super) enum Told {
    /// A version of a plan came into force.
    Plan {
        kind: PlanKind,
        on: Date,
        follow_up_on: Date,
        goals: &'static [DemoGoal],
        interventions: &'static str,
        others: &'static str,
        view: &'static str,
    },
    PlanEnded {
        kind: PlanKind,
        on: Date,
        why: &'static str,
    },
    Decided(DemoDecision),
    /// Support on the newest decision of the type, and the day it began.
    Support {
        kind: DecisionType,
        planned: Date,
        extent: &'static str,
        begun: Option<Date>,
    },
    /// The support that goes on ended, and its decision with it.
    SupportEnded {
        on: Date,
        why: &'static str,
    },
    FollowUp {
        kind: FollowUpKind,
        planned: Date,
        day: Date,
    },
    /// The first of the kind was held; with the results of the goals in force, in their order.
    Held {
        kind: FollowUpKind,
        on: Date,
        form: FollowUpForm,
        person: &'static str,
        provider: &'static str,
        police: &'static str,
        results: &'static [GoalResult],
        next: Option<Date>,
    },
}

impl Told {
    const fn day(&self) -> Date {
        match self {
            Self::Plan { on, .. }
            | Self::PlanEnded { on, .. }
            | Self::SupportEnded { on, .. }
            | Self::Held { on, .. } => *on,
            Self::Decided(decision) => decision.from,
            Self::Support { planned, .. } | Self::FollowUp { planned, .. } => *planned,
        }
    }

    /// What is written in a case although it is closed.
    const fn is_after_closing(&self) -> bool {
        matches!(
            self,
            Self::FollowUp { kind: FollowUpKind::AfterClosing, .. }
                | Self::Held { kind: FollowUpKind::AfterClosing, .. }
        )
    }
}

/// Tells what happened in a case while it was open, or what has happened since.
pub(super) async fn tell(
    state: &AppState,
    colleagues: &[Seated],
    at: usize,
    reference: &str,
    after_closing: bool,
) -> Result<()> {
    let today = state.clock.today();
    let by = &colleagues[CASES[at].responsible];
    for told in STORIES.iter().filter(|story| story.case == at).flat_map(|story| story.told) {
        if told.day() <= today && told.is_after_closing() == after_closing {
            happens(state, colleagues, by, reference, told).await?;
        }
    }
    Ok(())
}

fn missing() -> Error {
    Error::internal("an invented plan does not fit")
}

async fn happens(
    state: &AppState,
    colleagues: &[Seated],
    by: &Seated,
    reference: &str,
    told: &'static Told,
) -> Result<()> {
    match told {
        Told::Plan { .. } => plan(state, by, reference, told).await,
        Told::PlanEnded { kind, on, why } => {
            let access = CaseAccess::<WritePlan>::open(state, by.visitor(), reference).await?;
            let (mut access, all) = plan_store::read(access).await?;
            let one = active(&all, *kind).ok_or_else(missing)?;
            if !plan_store::end(&mut access, one.id, one.version, *on, why).await? {
                return Err(missing());
            }
            access.done().await
        }
        Told::Decided(decision) => decisions::add(state, colleagues, reference, decision).await.map(drop),
        Told::Support { kind, extent, begun, .. } => support(state, by, reference, (*kind, extent, *begun)).await,
        Told::SupportEnded { on, why } => support_ends(state, by, reference, *on, why).await,
        Told::FollowUp { kind, day, .. } => {
            let mut access = CaseAccess::<FollowUpRight>::open(state, by.visitor(), reference).await?;
            let new = NewFollowUp { id: Uuid::now_v7(), kind: *kind, planned_on: *day };
            follow_up_store::plan(&mut access, &new).await?;
            access.done().await
        }
        Told::Held { .. } => held(state, by, reference, told).await,
    }
}

async fn plan(state: &AppState, by: &Seated, reference: &str, told: &Told) -> Result<()> {
    let Told::Plan { kind, on, follow_up_on, goals, interventions, others, view } = told else { return Ok(()) };
    let goal = |(text, target_on, responsible): &DemoGoal| Goal {
        id: Uuid::now_v7(),
        text: (*text).to_owned(),
        target_on: *target_on,
        responsible: (*responsible).to_owned(),
    };
    let new = NewPlan {
        id: Uuid::now_v7(),
        kind: *kind,
        texts: Texts {
            interventions: (*interventions).to_owned(),
            other_principals: (*others).to_owned(),
            person_view: (*view).to_owned(),
        },
        goals: goals.iter().map(goal).collect(),
        follow_up_on: *follow_up_on,
    };
    let mut access = CaseAccess::<WritePlan>::open(state, by.visitor(), reference).await?;
    plan_store::draft(&mut access, &new).await?;
    access.done().await?;
    let access = CaseAccess::<WritePlan>::open(state, by.visitor(), reference).await?;
    let (mut access, one) = plan_store::get(access, new.id).await?;
    if !plan_store::activate(&mut access, &one, one.version, *on).await? {
        return Err(missing());
    }
    access.done().await
}

async fn support(
    state: &AppState,
    by: &Seated,
    reference: &str,
    (wanted, extent, begun): (DecisionType, &str, Option<Date>),
) -> Result<()> {
    let access = CaseAccess::<GiveIntervention>::open(state, by.visitor(), reference).await?;
    let (mut access, decided) = decision_store::read(access).await?;
    let decision = decided.iter().find(|one| one.matter.kind == wanted).ok_or_else(missing)?;
    let new = NewIntervention {
        id: Uuid::now_v7(),
        decision: decision.id,
        kind: given_by(decision).ok_or_else(missing)?,
        provider: None,
        from: decision.matter.from,
        to: decision.matter.to,
        extent: extent.to_owned(),
    };
    intervention_store::plan(&mut access, &new).await?;
    access.done().await?;
    let Some(on) = begun.filter(|day| *day <= state.clock.today()) else { return Ok(()) };
    let access = CaseAccess::<GiveIntervention>::open(state, by.visitor(), reference).await?;
    let (mut access, one) = intervention_store::get(access, new.id).await?;
    if !intervention_store::take(&mut access, &one, Step::Started(on)).await? {
        return Err(missing());
    }
    access.done().await?;
    decisions::follow(state, by, reference, decision.id, DecisionStep::Executed(on)).await
}

async fn support_ends(state: &AppState, by: &Seated, reference: &str, on: Date, why: &str) -> Result<()> {
    let access = CaseAccess::<GiveIntervention>::open(state, by.visitor(), reference).await?;
    let (mut access, all) = intervention_store::read(access).await?;
    let one = all.iter().find(|one| one.is_ongoing()).ok_or_else(missing)?;
    if !intervention_store::take(&mut access, one, Step::Ended { on, why: why.to_owned() }).await? {
        return Err(missing());
    }
    access.done().await?;
    decisions::follow(state, by, reference, one.decision, DecisionStep::Ended { on, reason: why.to_owned() }).await
}

async fn held(state: &AppState, by: &Seated, reference: &str, told: &Told) -> Result<()> {
    let Told::Held { kind, on, form, person, provider, police, results, next } = told else { return Ok(()) };
    let access = CaseAccess::<FollowUpRight>::open(state, by.visitor(), reference).await?;
    let (access, all) = follow_up_store::read(access).await?;
    let one = all.iter().find(|one| one.kind == *kind && one.is_coming()).ok_or_else(missing)?;
    let (mut access, plans) = plan_store::read(access).await?;
    let said = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let holding = Holding {
        on: *on,
        form: *form,
        views: Views { person: said(person), provider: said(provider), police: said(police) },
        results: goals(&plans).iter().map(|goal| goal.id).zip(results.iter().copied()).collect(),
        next: next.map(|planned_on| NewFollowUp { id: Uuid::now_v7(), kind: *kind, planned_on }),
    };
    if !follow_up_store::hold(&mut access, one, &holding).await? {
        return Err(missing());
    }
    access.done().await
}

/// The follow-up that was still to be held when the case was on its way to its end, held with no next.
pub(super) async fn hold_the_last(state: &AppState, by: &Seated, reference: &str, on: Date) -> Result<()> {
    let access = CaseAccess::<FollowUpRight>::open(state, by.visitor(), reference).await?;
    let (mut access, all) = follow_up_store::read(access).await?;
    let Some(one) = all.iter().find(|one| one.kind != FollowUpKind::AfterClosing && one.held.is_none()) else {
        return access.done().await;
    };
    let person = Some("Är nöjd med stödet och klarar sig själv. Vet vart man vänder sig.".to_owned());
    let views = Views { person, provider: None, police: None };
    let holding = Holding { on, form: FollowUpForm::Meeting, views, results: Vec::new(), next: None };
    if !follow_up_store::hold(&mut access, one, &holding).await? {
        return Err(missing());
    }
    access.done().await
}
