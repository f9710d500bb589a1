//! An assessment and the rules for its days, its level and who may settle it.

use time::{Date, Duration};
use uuid::Uuid;

use crate::crypto::Sealed;
use crate::vocabulary::{
    ConditionMet, CriminalityDegree, PoliceBody, ProtectionNeed, ReceivedVia, ReturnPossible, ThreatKind, ThreatLevel,
    ThreatStatus,
};

/// How long an assessment holds when nothing else is said (domain 2.2, `threat_assessment_max_age_days`).
/// The longest that it can hold.
pub const LONGEST_DAYS: i64 = 365;

/// What the police ask before they open a matter of their own (domain 1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conditions {
    pub meets_definition: ConditionMet,
    pub is_motivated: ConditionMet,
    pub consents: ConditionMet,
    pub has_signed: ConditionMet,
    pub is_not_witness: ConditionMet,
}

/// The values that are compared from one version to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judgement {
    pub criminality: CriminalityDegree,
    pub kind: ThreatKind,
    pub level: ThreatLevel,
    pub protection: ProtectionNeed,
    pub return_possible: ReturnPossible,
    pub conditions: Conditions,
}

/// A registered version.
#[derive(Debug, Clone)]
pub struct Assessment {
    pub id: Uuid,
    pub version_no: i32,
    pub body: PoliceBody,
    pub police_ref: Option<Sealed>,
    pub assessed_on: Date,
    pub received_on: Date,
    pub received_via: ReceivedVia,
    pub judgement: Judgement,
    pub unsafe_areas: Sealed,
    pub released_summary: Option<Sealed>,
    pub valid_until: Date,
    pub status: ThreatStatus,
    pub registered_by: Uuid,
    pub registrar: String,
    pub settler: Option<String>,
    pub settled_reason: Option<Sealed>,
    pub version: i32,
}

impl Assessment {
    /// Whether it holds on the day; only a confirmed one can.
    pub fn holds(&self, day: Date) -> bool {
        self.status == ThreatStatus::Confirmed && day <= self.valid_until
    }

    /// Confirmed and out of date: it is said to be so, and its level is not shown as the present one.
    pub fn is_stale(&self, day: Date) -> bool {
        self.status == ThreatStatus::Confirmed && day > self.valid_until
    }
}

/// One that has been checked and may be registered. No `Debug`: the texts are about to be sealed.
#[derive(Clone)]
pub struct NewAssessment {
    pub id: Uuid,
    pub body: PoliceBody,
    pub police_ref: Option<String>,
    pub assessed_on: Date,
    pub received_on: Date,
    pub received_via: ReceivedVia,
    pub judgement: Judgement,
    /// One a line; none is an answer.
    pub unsafe_areas: String,
    pub released_summary: Option<String>,
    pub valid_until: Date,
}

/// What is wrong with an assessment's days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayFault {
    ReceivedInTheFuture,
    AssessedAfterReceived,
    ValidBeforeAssessed,
    /// The last day that it can hold.
    ValidTooLong(Date),
}

pub fn check_days(assessed_on: Date, received_on: Date, valid_until: Date, today: Date) -> Result<(), DayFault> {
    let longest = assessed_on + Duration::days(LONGEST_DAYS);
    if received_on > today {
        Err(DayFault::ReceivedInTheFuture)
    } else if assessed_on > received_on {
        Err(DayFault::AssessedAfterReceived)
    } else if valid_until < assessed_on {
        Err(DayFault::ValidBeforeAssessed)
    } else if valid_until > longest {
        Err(DayFault::ValidTooLong(longest))
    } else {
        Ok(())
    }
}

/// "None" is said only where no threat is known.
pub fn level_fits(kind: ThreatKind, level: ThreatLevel) -> bool {
    level != ThreatLevel::L0 || kind == ThreatKind::None
}

/// Whether the new level is lower than the one that holds: the page warns, since a lowered level can cost a life.
pub fn lowers(before: ThreatLevel, after: ThreatLevel) -> bool {
    match (before.step(), after.step()) {
        (Some(before), Some(after)) => after < before,
        // From a grade to none: nobody says that it is as grave any more.
        (Some(before), None) => before > 0,
        (None, _) => false,
    }
}

/// Four eyes: whoever registered cannot settle.
pub fn may_settle(assessment: &Assessment, account: Uuid) -> bool {
    assessment.status == ThreatStatus::Received && assessment.registered_by != account
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    const ASSESSED: Date = date!(2026 - 08 - 12);

    #[test]
    fn the_days_follow_one_another() {
        let check = |received, valid| check_days(ASSESSED, received, valid, date!(2026 - 11 - 20));
        assert_eq!(check(ASSESSED, ASSESSED), Ok(()));
        assert_eq!(check(date!(2026 - 11 - 20), date!(2027 - 08 - 12)), Ok(()));
        assert_eq!(check(date!(2026 - 11 - 21), date!(2027 - 01 - 01)), Err(DayFault::ReceivedInTheFuture));
        assert_eq!(check(date!(2026 - 08 - 11), date!(2027 - 01 - 01)), Err(DayFault::AssessedAfterReceived));
        assert_eq!(check(ASSESSED, date!(2026 - 08 - 11)), Err(DayFault::ValidBeforeAssessed));
        assert_eq!(check(ASSESSED, date!(2027 - 08 - 13)), Err(DayFault::ValidTooLong(date!(2027 - 08 - 12))));
    }

    #[test]
    fn no_threat_is_said_only_where_none_is_known() {
        assert!(level_fits(ThreatKind::None, ThreatLevel::L0));
        assert!(!level_fits(ThreatKind::Latent, ThreatLevel::L0));
        assert!(level_fits(ThreatKind::Unknown, ThreatLevel::NotGraded));
    }

    #[test]
    fn a_lowered_level_is_noticed_also_when_it_is_no_longer_graded() {
        assert!(lowers(ThreatLevel::L4, ThreatLevel::L3));
        assert!(lowers(ThreatLevel::L1, ThreatLevel::NotGraded));
        assert!(!lowers(ThreatLevel::L0, ThreatLevel::NotGraded));
        assert!(!lowers(ThreatLevel::L2, ThreatLevel::L2));
        assert!(!lowers(ThreatLevel::NotGraded, ThreatLevel::L0));
    }
}
