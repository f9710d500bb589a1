//! What the overview says of plans and follow-ups: a care plan that is lacking, and what is to be followed up.

use time::Date;

use crate::access::CaseAccess;
use crate::access::right::ReadPlans;
use crate::audit::{Event, Note};
use crate::error::Result;
use crate::follow_up::model::{FollowUp, SOON};
use crate::follow_up::{paths, store};
use crate::placement::model::Placement;
use crate::plan::model::lacks_care_plan;
use crate::plan::store as plan_store;
use crate::vocabulary::PlanKind;
use crate::web::view::{Due, Todo};

pub(super) struct Planning {
    in_force: Vec<PlanKind>,
    pub todos: Vec<Todo>,
}

impl Planning {
    pub async fn read(case: &mut CaseAccess<ReadPlans>) -> Result<Self> {
        let (in_force, follow_ups) = (plan_store::in_force(case).await?, store::list(case).await?);
        case.shown(Note::of(Event::FollowUpsShown).with("count", follow_ups.len()));
        let (today, is_closed) = (case.desk().clock().today(), case.head().closed_on.is_some());
        let open = follow_ups.iter().filter(|one| one.may_be_held(is_closed) && one.planned_on <= today + SOON);
        let todos = open.map(|one| todo(&case.head().reference, one, today)).collect();
        Ok(Self { in_force, todos })
    }

    /// A10.
    pub fn lacks_care_plan(&self, placements: &[Placement]) -> bool {
        let stays = placements.iter().map(|placement| (placement.kind, placement.status));
        lacks_care_plan(stays, self.in_force.contains(&PlanKind::CarePlan))
    }
}

/// A13 once its day has been.
pub(super) fn todo(case: &str, one: &FollowUp, today: Date) -> Todo {
    let label = if one.is_overdue(today) { "Uppföljningen är försenad" } else { "Genomför uppföljning" };
    Todo {
        href: paths::show(case, one.id),
        label: label.to_owned(),
        due: Due::on(one.planned_on, today),
        note: one.kind.label().to_owned(),
    }
}
