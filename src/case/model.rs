//! A case to open, the ways from one status to the next, and what stands in the way of closing. Pure: what is asked of
//! placements is handed over as [`Stay`]s.

use time::Date;
use uuid::Uuid;

use crate::person::model::NewPerson;
use crate::vocabulary::{
    CaseStatus, CloseReason, DeviationCategory, NeedsProfile, PlacementStatus, ProgrammeStatus, ProtectionLevel,
    ResponsibilityBasis,
};

/// A case to open. Its id comes from the form, so that a form sent twice opens one case.
#[derive(Debug, Clone)]
pub struct NewCase {
    pub id: Uuid,
    pub person: NewPerson,
    pub opened_on: Date,
    pub district: Option<Uuid>,
    pub basis: ResponsibilityBasis,
    pub needs: Option<NeedsProfile>,
    pub protection: ProtectionLevel,
    pub responsible: Option<Uuid>,
    pub deputy: Option<Uuid>,
    pub coordinator: Option<Uuid>,
    /// The reference of the case that this one takes up again; the number finds it by itself when it is known.
    pub earlier: Option<String>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// Now, or by the same form before.
    Case(String),
    /// The number belongs to somebody whose open case the actor sees.
    HasOpenCase { reference: String, case: Uuid },
}

/// What is changed about a case; nothing where it stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseChange {
    pub version: i32,
    pub status: CaseStatus,
    pub programme: ProgrammeStatus,
    pub needs: Option<NeedsProfile>,
    pub protection: ProtectionLevel,
}

/// The end of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    pub version: i32,
    pub reason: CloseReason,
    pub closed_on: Date,
}

/// As much of a placement as bears on the case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stay {
    pub number: i32,
    pub status: PlacementStatus,
    pub starts_on: Date,
    pub ended_on: Option<Date>,
    pub round_the_clock: bool,
}

/// What decides where a case can go next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub status: CaseStatus,
    pub has_responsible: bool,
    pub has_deputy: bool,
    pub stays: Vec<Stay>,
}

/// A way onwards, and what is lacking if it is not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    pub to: CaseStatus,
    pub lacks: Option<&'static str>,
}

impl Standing {
    /// The ways onwards. Decisions, follow-ups and rest are not kept here yet: where only they would bar a way it is
    /// open. What is not to be begun at all is closed, which is an act of its own.
    pub fn steps(&self) -> Vec<Step> {
        use CaseStatus::{Active, Assessing, Investigating, Registered, StepDown};
        let begun = self.stays.iter().any(|stay| has_begun(stay.status));
        let cared_for = self.stays.iter().any(|stay| stay.round_the_clock && stay.status == PlacementStatus::Active);
        let step = |to, holds: bool, lacks| vec![Step { to, lacks: (!holds).then_some(lacks) }];
        match self.status {
            Registered => step(
                Assessing,
                self.has_responsible && self.has_deputy,
                "Ärendet behöver både en ansvarig handläggare och en ersättare.",
            ),
            Assessing => step(Investigating, true, ""),
            Investigating => step(Active, begun, "Ärendet behöver en placering som har börjat."),
            Active => step(StepDown, !cared_for, "Placeringen med dygnetruntvård pågår. Avsluta den först."),
            StepDown => step(Active, cared_for, "Ärendet behöver en placering med dygnetruntvård som pågår."),
            CaseStatus::Dormant
            | CaseStatus::Closing
            | CaseStatus::Closed
            | CaseStatus::NotOpened
            | CaseStatus::Transferred => Vec::new(),
        }
    }

    /// Whether it may go there now; to stay is always allowed.
    pub fn may_become(&self, to: CaseStatus) -> bool {
        to == self.status || self.steps().contains(&Step { to, lacks: None })
    }
}

const fn has_begun(status: PlacementStatus) -> bool {
    matches!(status, PlacementStatus::Active | PlacementStatus::Ended)
}

/// The placement that has to be ended or called off before the case can be closed.
pub fn in_the_way(stays: &[Stay]) -> Option<&Stay> {
    stays.iter().find(|stay| matches!(stay.status, PlacementStatus::Active | PlacementStatus::Planned))
}

/// A deviation that is open, and so stands in the way of closing (domain 2.14.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenDeviation {
    pub id: Uuid,
    pub category: DeviationCategory,
    pub reported_on: Date,
}

/// The first day on which the case can have been closed.
pub fn earliest_close(opened_on: Date, stays: &[Stay]) -> Date {
    stays.iter().filter_map(|stay| stay.ended_on).fold(opened_on, Date::max)
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn standing(status: CaseStatus) -> Standing {
        Standing { status, has_responsible: true, has_deputy: true, stays: Vec::new() }
    }

    fn stay(status: PlacementStatus, round_the_clock: bool) -> Stay {
        let ended_on = (status == PlacementStatus::Ended).then_some(date!(2026 - 06 - 30));
        Stay { number: 1, status, starts_on: date!(2026 - 01 - 15), ended_on, round_the_clock }
    }

    fn with(status: CaseStatus, stays: Vec<Stay>) -> Standing {
        Standing { stays, ..standing(status) }
    }

    #[test]
    fn an_assessment_needs_somebody_responsible_and_a_deputy() {
        let alone = Standing { has_deputy: false, ..standing(CaseStatus::Registered) };
        assert!(!alone.may_become(CaseStatus::Assessing));
        assert!(alone.steps()[0].lacks.is_some());
        assert!(standing(CaseStatus::Registered).may_become(CaseStatus::Assessing));
    }

    #[test]
    fn a_case_is_active_when_a_placement_has_begun() {
        let planned = with(CaseStatus::Investigating, vec![stay(PlacementStatus::Planned, true)]);
        assert!(!planned.may_become(CaseStatus::Active));
        let begun = with(CaseStatus::Investigating, vec![stay(PlacementStatus::Ended, false)]);
        assert!(begun.may_become(CaseStatus::Active));
    }

    #[test]
    fn nobody_steps_down_while_cared_for_around_the_clock() {
        let cared_for = vec![stay(PlacementStatus::Active, true)];
        assert!(!with(CaseStatus::Active, cared_for.clone()).may_become(CaseStatus::StepDown));
        assert!(with(CaseStatus::StepDown, cared_for).may_become(CaseStatus::Active));
        let flat = vec![stay(PlacementStatus::Active, false)];
        assert!(with(CaseStatus::Active, flat.clone()).may_become(CaseStatus::StepDown));
        assert!(!with(CaseStatus::StepDown, flat).may_become(CaseStatus::Active));
    }

    #[test]
    fn there_is_no_way_but_those_listed() {
        let ways = |from| standing(from).steps().into_iter().map(|step| step.to).collect::<Vec<_>>();
        assert_eq!(ways(CaseStatus::Assessing), [CaseStatus::Investigating]);
        assert_eq!(ways(CaseStatus::Closed), []);
        for from in CaseStatus::ALL {
            assert!(!standing(*from).may_become(CaseStatus::Closed) || *from == CaseStatus::Closed);
            assert!(standing(*from).may_become(*from));
        }
    }

    #[test]
    fn what_runs_or_is_planned_stands_in_the_way_of_closing() {
        for (status, bars) in [
            (PlacementStatus::Active, true),
            (PlacementStatus::Planned, true),
            (PlacementStatus::Ended, false),
            (PlacementStatus::Cancelled, false),
        ] {
            assert_eq!(in_the_way(&[stay(status, true)]).is_some(), bars, "{status}");
        }
    }

    #[test]
    fn a_case_is_not_closed_before_its_last_placement_ended() {
        let opened_on = date!(2026 - 01 - 05);
        assert_eq!(earliest_close(opened_on, &[]), opened_on);
        assert_eq!(earliest_close(opened_on, &[stay(PlacementStatus::Ended, true)]), date!(2026 - 06 - 30));
    }
}
