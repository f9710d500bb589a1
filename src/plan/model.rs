//! A plan with its goals, and the rules for when one is lacking, when a draft can come into force and what follows it.

use time::{Date, Duration};
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
    pub ended: Option<(Date, Ended)>,
    /// Whoever began it: a draft is theirs to take away.
    pub made_by: Uuid,
    pub version: i32,
}

/// Why a plan ended.
#[derive(Debug, Clone)]
pub enum Ended {
    /// In somebody's words.
    Said(Sealed),
    /// With the placement of that number, which the person left on their own request.
    WithPlacement(i32),
}

impl Plan {
    pub fn is_active(&self) -> bool {
        self.status == PlanStatus::Active
    }

    pub fn is_draft(&self) -> bool {
        self.status == PlanStatus::Draft
    }

    /// Whether somebody may take it away: a draft, and their own.
    pub fn may_discard(&self, actor: Uuid) -> bool {
        self.is_draft() && self.made_by == actor
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

/// Where somebody lives, as far as it bears on the care plan.
#[derive(Debug, Clone, Copy)]
pub struct Living {
    pub kind: PlacementKind,
    pub status: PlacementStatus,
    pub since: Date,
    /// Decided on without an investigation, because it could not wait.
    pub is_emergency: bool,
}

/// How long a placement that could not wait may be without a care plan (domain 2.8).
pub const EMERGENCY_GRACE: Duration = Duration::days(7);

/// The care plan that is lacking (A10).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lack {
    /// The last day on which it comes in time.
    pub by: Date,
    pub is_late: bool,
}

/// Whether the care plan is lacking (A10): somebody lives where one is needed, and none is in force. It should be there when
/// the placement begins; a placement that could not wait has some days more.
pub fn lacks_care_plan(stays: impl IntoIterator<Item = Living>, has_plan: bool, today: Date) -> Option<Lack> {
    let needs = |one: &Living| !has_plan && one.status == PlacementStatus::Active && needs_care_plan(one.kind);
    let lack = |one: Living| {
        if one.is_emergency {
            let by = one.since + EMERGENCY_GRACE;
            Lack { by, is_late: today > by }
        } else {
            Lack { by: one.since, is_late: true }
        }
    };
    stays.into_iter().filter(needs).map(lack).min_by_key(|lack| (!lack.is_late, lack.by))
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
        let (since, today) = (date!(2026 - 11 - 10), date!(2026 - 11 - 20));
        let one = |kind, status| Living { kind, status, since, is_emergency: false };
        let late = Some(Lack { by: since, is_late: true });
        assert_eq!(lacks_care_plan([one(PlacementKind::Hvb, Active)], false, today), late);
        assert_eq!(lacks_care_plan([one(PlacementKind::Hvb, Active)], false, since), late);
        assert_eq!(lacks_care_plan([one(PlacementKind::Hvb, Active)], true, today), None);
        assert_eq!(
            lacks_care_plan([one(PlacementKind::Hvb, Planned), one(PlacementKind::Hvb, Ended)], false, today),
            None
        );
        assert_eq!(lacks_care_plan([one(PlacementKind::SupportedHousingAdult, Active)], false, today), None);
        assert_eq!(lacks_care_plan([one(PlacementKind::SupportHousing1620, Active)], false, today), late);
        assert_eq!(lacks_care_plan([], false, today), None);
    }

    #[test]
    fn what_could_not_wait_has_seven_days() {
        let (kind, status) = (PlacementKind::Hvb, PlacementStatus::Active);
        let stay = [Living { kind, status, since: date!(2026 - 11 - 10), is_emergency: true }];
        let by = date!(2026 - 11 - 17);
        assert_eq!(lacks_care_plan(stay, false, by), Some(Lack { by, is_late: false }));
        assert_eq!(lacks_care_plan(stay, false, date!(2026 - 11 - 18)), Some(Lack { by, is_late: true }));
        assert_eq!(lacks_care_plan(stay, true, by), None);
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
