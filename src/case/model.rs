//! A case to open, to change, to let rest and to end, and what is open in it. Pure: what is asked of placements is handed
//! over as [`Stay`]s. Where a case can go next stands in `steps`.

use time::{Date, Duration};
use uuid::Uuid;

use crate::person::model::NewPerson;
use crate::vocabulary::{
    CaseStatus, CloseReason, DeviationCategory, DormantReason, NeedsProfile, PlacementStatus, ProgrammeStatus,
    ProtectionLevel, ResponsibilityBasis,
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

/// A case that is to rest.
#[derive(Clone)]
pub struct Rest {
    pub id: Uuid,
    pub version: i32,
    pub reason: DormantReason,
    pub note: Option<String>,
    pub review_on: Date,
}

/// How long a case rests at the most before somebody looks at it again (domain 2.14.1).
pub const LONGEST_REST: Duration = Duration::days(90);

/// How long before that day it is spoken of.
pub const REVIEWED_SOON: Duration = Duration::days(7);

/// The end of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    pub version: i32,
    pub status: CaseStatus,
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

/// So many of one thing, and in which part of the case.
fn thing(count: i64, one: &str, many: &str, part: &'static str) -> Option<(String, &'static str)> {
    let what = match count {
        0 => return None,
        1 => format!("1 {one}"),
        more => format!("{more} {many}"),
    };
    Some((what, part))
}

impl Open {
    /// Support that is no placement.
    pub fn support(self) -> Option<(String, &'static str)> {
        let (one, many) = ("insats som är planerad eller pågår", "insatser som är planerade eller pågår");
        thing(self.interventions, one, many, "/planer")
    }

    /// What has to be done first, with the part of the case in which it is.
    pub fn things(self) -> Vec<(String, &'static str)> {
        [
            self.support(),
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

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn stay(status: PlacementStatus, round_the_clock: bool) -> Stay {
        let ended_on = (status == PlacementStatus::Ended).then_some(date!(2026 - 06 - 30));
        Stay { number: 1, status, starts_on: date!(2026 - 01 - 15), ended_on, round_the_clock }
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
