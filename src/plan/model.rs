//! A plan with its goals, and the rules for when one is lacking, when a draft can come into force and what follows it.

use time::Date;
use uuid::Uuid;

use crate::crypto::Sealed;
use crate::vocabulary::{PlacementKind, PlacementStatus, PlanKind, PlanStatus};

/// As many goals as a plan can have; the form has a row for each.
pub const MOST_GOALS: usize = 5;

/// A goal: typed, sealed or opened.
#[derive(Debug, Clone)]
pub struct Goal<T> {
    pub id: Uuid,
    pub text: T,
    pub target_on: Date,
    pub responsible: T,
}

/// What is written in a plan: typed, sealed or opened.
#[derive(Debug, Clone)]
pub struct Texts<T> {
    pub interventions: T,
    /// What others than the municipality answer for (9 kap. 12 § `SoL`).
    pub other_principals: T,
    pub person_view: T,
}

/// One that has been checked and may be kept as a draft. No `Debug`: the texts are about to be sealed.
#[derive(Clone)]
pub struct NewPlan {
    pub id: Uuid,
    pub kind: PlanKind,
    pub texts: Texts<String>,
    pub goals: Vec<Goal<String>>,
    pub follow_up_on: Date,
}

/// A plan as it is read.
#[derive(Debug, Clone)]
pub struct Plan {
    pub id: Uuid,
    pub kind: PlanKind,
    pub version_no: i32,
    pub texts: Texts<Sealed>,
    pub goals: Vec<Goal<Sealed>>,
    pub follow_up_on: Date,
    pub status: PlanStatus,
    pub author: String,
    /// When it came into force, and by whom.
    pub activated: Option<(Date, String)>,
    /// When it ended, and why.
    pub ended: Option<(Date, Sealed)>,
    pub version: i32,
}

impl Plan {
    pub fn is_active(&self) -> bool {
        self.status == PlanStatus::Active
    }

    pub fn is_draft(&self) -> bool {
        self.status == PlanStatus::Draft
    }

    /// Whether it can come into force on the day: what is to be followed up on a day that has been would be late at once.
    pub fn may_activate(&self, today: Date) -> bool {
        self.is_draft() && is_ahead(self.follow_up_on, today)
    }
}

/// A plan is followed up after the day on which it is written.
pub fn is_ahead(follow_up_on: Date, today: Date) -> bool {
    follow_up_on > today
}

/// The one of the kind that is in force. There is at most one.
pub fn active(plans: &[Plan], kind: PlanKind) -> Option<&Plan> {
    plans.iter().find(|plan| plan.kind == kind && plan.is_active())
}

/// The one of the kind that is written on. There is at most one.
pub fn draft(plans: &[Plan], kind: PlanKind) -> Option<&Plan> {
    plans.iter().find(|plan| plan.kind == kind && plan.is_draft())
}

/// Whether a placement of the form needs a care plan: by law (9 kap. 12 § `SoL`), and an exit programme with housing by our
/// own rule.
pub const fn needs_care_plan(kind: PlacementKind) -> bool {
    match kind {
        PlacementKind::Hvb
        | PlacementKind::ProtectedHousing
        | PlacementKind::FamilyHomeAdult
        | PlacementKind::SupportHousing1620
        | PlacementKind::ExternalExitProgramme => true,
        PlacementKind::SupportedHousingAdult | PlacementKind::EmergencyHousing | PlacementKind::TrainingApartment => {
            false
        }
    }
}

/// Whether the care plan is lacking (A10): somebody lives where one is needed, and none is in force.
pub fn lacks_care_plan(stays: impl IntoIterator<Item = (PlacementKind, PlacementStatus)>, has_plan: bool) -> bool {
    !has_plan && stays.into_iter().any(|(kind, status)| status == PlacementStatus::Active && needs_care_plan(kind))
}

/// Whether somebody of the age should have an implementation plan. The law says *unga*; that this is those of 18 to 20 is
/// our reading of it.
pub const fn is_young(age: u8) -> bool {
    age >= 18 && age <= 20
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn a_plan_is_followed_up_after_today() {
        let today = date!(2026 - 11 - 20);
        assert!(!is_ahead(date!(2026 - 11 - 20), today));
        assert!(is_ahead(date!(2026 - 11 - 21), today));
    }

    #[test]
    fn a_care_plan_is_lacking_only_where_one_is_needed_and_somebody_lives_there() {
        use PlacementStatus::{Active, Ended, Planned};
        assert!(lacks_care_plan([(PlacementKind::Hvb, Active)], false));
        assert!(!lacks_care_plan([(PlacementKind::Hvb, Active)], true));
        assert!(!lacks_care_plan([(PlacementKind::Hvb, Planned), (PlacementKind::Hvb, Ended)], false));
        assert!(!lacks_care_plan([(PlacementKind::SupportedHousingAdult, Active)], false));
        assert!(lacks_care_plan([(PlacementKind::SupportHousing1620, Active)], false));
        assert!(!lacks_care_plan([], false));
    }

    #[test]
    fn whoever_lives_somewhere_around_the_clock_needs_a_plan() {
        for kind in PlacementKind::ALL {
            assert!(needs_care_plan(*kind) || !kind.round_the_clock(), "{kind}");
        }
    }

    #[test]
    fn the_young_are_18_to_20() {
        assert_eq!([17, 18, 20, 21].map(is_young), [false, true, true, false]);
    }
}
