//! `/arenden/{case}/planer`: the plans in force, the support that is given, and what is and was followed up, on one page.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use time::Date;

use super::planning::living;
use crate::access::right::{FollowUp as FollowUpRight, GiveIntervention, ReadPlans, WritePlan};
use crate::access::{CaseAccess, Part};
use crate::audit::{Event, Note};
use crate::error::Result;
use crate::follow_up::model::FollowUp;
use crate::follow_up::{paths as follow_ups, store as follow_up_store};
use crate::intervention::model::Intervention;
use crate::intervention::pages::tag as intervention_tag;
use crate::intervention::{paths as interventions, store as intervention_store};
use crate::personal::Personal;
use crate::placement::model::Placement;
use crate::placement::store as placement_store;
use crate::plan::model::{Goal, Lack, Plan, Texts, active, draft, is_young, lacks_care_plan};
use crate::plan::pages::{Opened, opened, tag as plan_tag};
use crate::plan::{paths, store};
use crate::state::AppState;
use crate::vocabulary::{PlacementStatus, PlanKind};
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Due};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/arenden/{case}/planer", get(show))
}

/// A plan in force, opened.
struct InForce {
    /// Of its heading.
    id: String,
    href: String,
    heading: String,
    activated_on: Option<Date>,
    follow_up_on: Date,
    texts: Texts<Personal>,
    goals: Vec<Goal<Personal>>,
}

/// A version that is not in force.
struct Version {
    href: String,
    name: String,
    status: &'static str,
    tag: &'static str,
}

struct Support {
    href: String,
    number: i32,
    kind: &'static str,
    provider: Option<String>,
    status: &'static str,
    tag: &'static str,
    from: Date,
    to: Option<Date>,
    executed_on: Option<Date>,
}

struct Followed {
    href: String,
    number: i32,
    kind: &'static str,
    planned: Due,
    held_on: Option<Date>,
    is_overdue: bool,
    is_cancelled: bool,
    /// The case was closed before it was held.
    is_left: bool,
}

/// What the page warns of.
#[derive(Clone, Copy)]
struct Lacks {
    care_plan: Option<Lack>,
    /// Somebody of 18 to 20 gets support, and has no implementation plan.
    implementation_plan: bool,
    /// The day on which a plan is to be followed up, when nothing is planned for it.
    follow_up: Option<Date>,
    /// How many follow-ups are late.
    overdue: usize,
}

#[derive(Template)]
#[template(path = "casefile/plans.html")]
struct PlansPage {
    shell: Shell,
    case: CaseBar,
    lacks: Lacks,
    in_force: Vec<InForce>,
    versions: Vec<Version>,
    support: Vec<Support>,
    followed: Vec<Followed>,
    new_plan: Option<String>,
    new_support: Option<String>,
    new_follow_up: Option<String>,
}

/// Everything that the page is made of.
struct Found {
    plans: Vec<Plan>,
    support: Vec<Intervention>,
    follow_ups: Vec<FollowUp>,
    placements: Vec<Placement>,
    is_closed: bool,
    today: Date,
}

impl Found {
    fn lacks(&self, age: Option<u8>) -> Lacks {
        let stays = self.placements.iter().map(living);
        let care_plan = active(&self.plans, PlanKind::CarePlan).is_some();
        let implementation_plan = active(&self.plans, PlanKind::ImplementationPlan).is_some();
        let lives = self.placements.iter().any(|placement| placement.status == PlacementStatus::Active);
        let is_supported = lives || self.support.iter().any(Intervention::is_ongoing);
        let to_be_held = self.follow_ups.iter().any(FollowUp::is_coming);
        let planned = self.plans.iter().filter(|plan| plan.is_active()).map(|plan| plan.follow_up_on).min();
        let open = !self.is_closed;
        let late = |one: &&FollowUp| one.is_overdue(self.today) && one.may_be_held(self.is_closed);
        Lacks {
            care_plan: lacks_care_plan(stays, care_plan, self.today).filter(|_| open),
            implementation_plan: open && is_supported && !implementation_plan && age.is_some_and(is_young),
            follow_up: planned.filter(|_| open && !to_be_held),
            overdue: self.follow_ups.iter().filter(late).count(),
        }
    }

    fn versions(&self, case: &str) -> Vec<Version> {
        let others = self.plans.iter().filter(|plan| !plan.is_active());
        let version = |plan: &Plan| Version {
            href: paths::show(case, plan.id),
            name: format!("{}, version {}", plan.kind, plan.version_no),
            status: plan.status.label(),
            tag: plan_tag(plan.status),
        };
        others.map(version).collect()
    }

    fn support(&self, case: &str) -> Vec<Support> {
        let row = |one: &Intervention| Support {
            href: interventions::show(case, one.id),
            number: one.number,
            kind: one.kind.label(),
            provider: one.provider.clone(),
            status: one.status.label(),
            tag: intervention_tag(one.status),
            from: one.from,
            to: one.to,
            executed_on: one.executed_on,
        };
        self.support.iter().map(row).collect()
    }

    fn followed(&self, case: &str) -> Vec<Followed> {
        let row = |one: &FollowUp| Followed {
            href: follow_ups::show(case, one.id),
            number: one.number,
            kind: one.kind.label(),
            planned: Due::on(one.planned_on, self.today),
            held_on: one.held.as_ref().map(|held| held.on),
            is_overdue: one.is_overdue(self.today),
            is_cancelled: one.cancelled.is_some(),
            is_left: one.is_coming() && !one.may_be_held(self.is_closed),
        };
        self.follow_ups.iter().map(row).collect()
    }
}

async fn show(mut case: CaseAccess<ReadPlans>) -> Result<Response> {
    let found = Found {
        plans: store::list(&mut case).await?,
        support: intervention_store::list(&mut case).await?,
        follow_ups: follow_up_store::list(&mut case).await?,
        placements: placement_store::list(&mut case).await?,
        is_closed: case.head().closed_on.is_some(),
        today: case.desk().clock().today(),
    };
    case.shown(Note::of(Event::PlansShown).with("count", found.plans.len()));
    case.shown(Note::of(Event::InterventionsShown).with("count", found.support.len()));
    case.shown(Note::of(Event::FollowUpsShown).with("count", found.follow_ups.len()));
    let reference = case.head().reference.clone();
    let begun_both = PlanKind::ALL.iter().all(|kind| draft(&found.plans, *kind).is_some());
    let new_plan = (case.may::<WritePlan>() && !begun_both).then(|| paths::new(&reference));
    let new_support = case.may::<GiveIntervention>().then(|| interventions::new(&reference));
    let new_follow_up = case.may::<FollowUpRight>().then(|| follow_ups::new(&reference));
    case.page(Part::Plan, |shell, case, receipt| {
        let in_force = found.plans.iter().filter(|plan| plan.is_active()).map(|plan| {
            let Opened { texts, goals } = opened(plan, receipt)?;
            Ok(InForce {
                id: format!("h-{}", plan.kind.code().replace('_', "-")),
                href: paths::show(&reference, plan.id),
                heading: format!("{}, version {}", plan.kind, plan.version_no),
                activated_on: plan.activated.as_ref().map(|(day, _)| *day),
                follow_up_on: plan.follow_up_on,
                texts,
                goals,
            })
        });
        Ok(PlansPage {
            lacks: found.lacks(case.age),
            in_force: in_force.collect::<Result<_>>()?,
            versions: found.versions(&reference),
            support: found.support(&reference),
            followed: found.followed(&reference),
            new_plan,
            new_support,
            new_follow_up,
            shell,
            case,
        })
    })
    .await
}
