//! A case to open, the ways from one status to the next, and what stands in the way of closing. Pure: what is asked of
//! placements is handed over as [`Stay`]s.

use time::Date;
use uuid::Uuid;

use crate::calendar::add_months;
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
    /// Support that is no placement goes on.
    pub is_supported: bool,
}

/// A way onwards, and what is lacking if it is not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    pub to: CaseStatus,
    pub lacks: Option<&'static str>,
}

impl Standing {
    /// The ways onwards. Decisions and rest are not kept here yet: where only they would bar a way it is
    /// open. What is not to be begun at all is closed, which is an act of its own.
    pub fn steps(&self) -> Vec<Step> {
        use CaseStatus::{Active, Assessing, Investigating, Registered, StepDown};
        let begun = self.is_supported || self.stays.iter().any(|stay| has_begun(stay.status));
        let cared_for = self.stays.iter().any(|stay| stay.round_the_clock && stay.status == PlacementStatus::Active);
        let lives = self.stays.iter().any(|stay| !stay.round_the_clock && stay.status == PlacementStatus::Active);
        let step = |to, holds: bool, lacks| vec![Step { to, lacks: (!holds).then_some(lacks) }];
        match self.status {
            Registered => step(
                Assessing,
                self.has_responsible && self.has_deputy,
                "Ärendet behöver både en ansvarig handläggare och en ersättare.",
            ),
            Assessing => step(Investigating, true, ""),
            Investigating => step(Active, begun, "Ärendet behöver en placering eller en insats som har börjat."),
            Active if cared_for => step(StepDown, false, "Placeringen med dygnetruntvård pågår. Avsluta den först."),
            Active => step(
                StepDown,
                lives || self.is_supported,
                "Ärendet behöver en insats eller ett boende utan dygnetruntvård som pågår.",
            ),
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

/// How much of each kind is still open in a case: none of it may be when the case is closed (domain 2.14.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Open {
    pub interventions: i64,
    pub decisions: i64,
    pub investigations: i64,
    pub threats: i64,
    pub follow_ups: i64,
}

impl Open {
    /// What has to be done first, with the part of the case in which it is.
    pub fn things(self) -> Vec<(String, &'static str)> {
        let thing = |count: i64, one: &str, many: &str, part| {
            let what = match count {
                0 => return None,
                1 => format!("1 {one}"),
                more => format!("{more} {many}"),
            };
            Some((what, part))
        };
        [
            thing(
                self.interventions,
                "insats som är planerad eller pågår",
                "insatser som är planerade eller pågår",
                "/planer",
            ),
            thing(self.decisions, "beslut som inte är fattat", "beslut som inte är fattade", "/beslut"),
            thing(self.investigations, "utredning som pågår", "utredningar som pågår", "/utredning"),
            thing(
                self.threats,
                "hotbedömning som väntar på fastställande",
                "hotbedömningar som väntar",
                "/hotbedomningar",
            ),
            thing(self.follow_ups, "uppföljning som är planerad", "uppföljningar som är planerade", "/planer"),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
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

/// How long another municipality has to answer a request to take a case over (29 kap. 11 § `SoL`).
const MONTHS_TO_ANSWER: i32 = 1;

/// The last day of its answer, and the first day on which IVO can be asked when there is none.
pub fn transfer_days(requested_on: Date) -> Option<(Date, Date)> {
    let answer_by = add_months(requested_on, MONTHS_TO_ANSWER)?;
    Some((answer_by, answer_by.next_day()?))
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn standing(status: CaseStatus) -> Standing {
        Standing { status, has_responsible: true, has_deputy: true, stays: Vec::new(), is_supported: false }
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
    fn nobody_steps_down_to_nothing_at_all() {
        let left = vec![stay(PlacementStatus::Ended, true), stay(PlacementStatus::Planned, false)];
        let bare = with(CaseStatus::Active, left);
        assert!(!bare.may_become(CaseStatus::StepDown));
        assert!(bare.steps()[0].lacks.is_some_and(|lacks| lacks.contains("en insats eller ett boende")));
        let supported = Standing { is_supported: true, ..bare };
        assert!(supported.may_become(CaseStatus::StepDown));
        let cared_for = Standing { stays: vec![stay(PlacementStatus::Active, true)], ..supported };
        assert!(!cared_for.may_become(CaseStatus::StepDown));
    }

    #[test]
    fn support_that_has_begun_makes_a_case_active_without_a_placement() {
        let supported = Standing { is_supported: true, ..standing(CaseStatus::Investigating) };
        assert!(supported.may_become(CaseStatus::Active));
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

    #[test]
    fn ivo_is_asked_when_the_other_municipality_has_not_answered_within_a_month() {
        let days = |day| transfer_days(day);
        assert_eq!(days(date!(2026 - 08 - 20)), Some((date!(2026 - 09 - 20), date!(2026 - 09 - 21))));
        assert_eq!(days(date!(2027 - 01 - 31)), Some((date!(2027 - 02 - 28), date!(2027 - 03 - 01))));
    }
}
