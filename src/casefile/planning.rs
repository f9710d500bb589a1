//! What the overview says of plans and follow-ups: a care plan that is lacking, and what is to be followed up.

use time::Date;

use super::store::{self, Coming};
use crate::access::CaseAccess;
use crate::access::right::ReadPlans;
use crate::audit::{Event, Note};
use crate::error::Result;
use crate::follow_up::model::{SOON, may_be_of};
use crate::follow_up::paths;
use crate::placement::model::Placement;
use crate::plan::model::{Lack, Living, lacks_care_plan};
use crate::plan::paths as plans;
use crate::vocabulary::PlanKind;
use crate::web::view::{Due, Todo};

pub(super) struct Planning {
    in_force: Vec<PlanKind>,
    pub todos: Vec<Todo>,
}

impl Planning {
    pub async fn read(case: &mut CaseAccess<ReadPlans>) -> Result<Self> {
        let (today, is_closed) = (case.desk().clock().today(), case.head().closed_on.is_some());
        let (in_force, coming) = store::planning(case, today + SOON).await?;
        case.shown(Note::of(Event::FollowUpsShown).with("count", coming.len()));
        let open = coming.iter().filter(|one| may_be_of(one.kind, is_closed));
        let todos = open.map(|one| todo(&case.head().reference, one, today)).collect();
        Ok(Self { in_force, todos })
    }

    /// A10.
    pub fn lacks_care_plan(&self, placements: &[Placement], today: Date) -> Option<Lack> {
        lacks_care_plan(placements.iter().map(living), self.in_force.contains(&PlanKind::CarePlan), today)
    }
}

pub(super) fn living(one: &Placement) -> Living {
    Living { kind: one.kind, status: one.status, since: one.starts_on, is_emergency: one.is_emergency }
}

/// What the care plan that is lacking asks for.
pub(super) fn write_care_plan(case: &str, lack: Lack, today: Date) -> Todo {
    let label = if lack.is_late {
        "Fastställ vårdplanen".to_owned()
    } else {
        format!("Fastställ vårdplanen senast {}", lack.by)
    };
    let note = "Placeringen har ingen vårdplan".to_owned();
    Todo { href: plans::list(case), label, due: Due::on(lack.by, today), note }
}

/// A13 once its day has been.
fn todo(case: &str, one: &Coming, today: Date) -> Todo {
    let label = if one.planned_on < today { "Uppföljningen är försenad" } else { "Genomför uppföljning" };
    Todo {
        href: paths::show(case, one.id),
        label: label.to_owned(),
        due: Due::on(one.planned_on, today),
        note: one.kind.label().to_owned(),
    }
}
