//! A deviation, the days by which it must be received, and the ways from being reported to being closed.

use time::{Date, Duration, OffsetDateTime};
use uuid::Uuid;

use crate::crypto::Sealed;
use crate::vocabulary::{DeviationCategory, DeviationOutcome, DeviationSeverity, DeviationSource, DeviationStatus};

/// How grave it is: what was chosen, but that somebody who is found is always in danger.
pub fn severity_of(category: DeviationCategory, chosen: Option<DeviationSeverity>) -> Option<DeviationSeverity> {
    if category == DeviationCategory::LocationExposed { Some(DeviationSeverity::S3) } else { chosen }
}

/// The last day to say that it was received (domain 2.14.7): the same day, or three or seven days on.
pub fn acknowledge_by(severity: DeviationSeverity, reported_on: Date) -> Date {
    let days = match severity {
        DeviationSeverity::S3 => 0,
        DeviationSeverity::S2 => 3,
        DeviationSeverity::S1 => 7,
    };
    reported_on + Duration::days(days)
}

/// A registered deviation.
#[derive(Debug, Clone)]
pub struct Deviation {
    pub id: Uuid,
    pub source: DeviationSource,
    pub category: DeviationCategory,
    pub severity: DeviationSeverity,
    pub occurred_on: Date,
    pub reported_on: Date,
    pub description: Sealed,
    pub immediate_action: Option<Sealed>,
    pub status: DeviationStatus,
    pub outcome: Option<DeviationOutcome>,
    pub version: i32,
}

impl Deviation {
    pub fn is_open(&self) -> bool {
        self.status != DeviationStatus::Closed
    }

    pub fn acknowledge_by(&self) -> Date {
        acknowledge_by(self.severity, self.reported_on)
    }

    /// Whether somebody has yet to say that it was received.
    pub fn waits(&self) -> bool {
        self.status == DeviationStatus::Reported
    }

    /// What it is called where several are shown together.
    pub fn name(&self) -> String {
        format!("{}, rapporterad {}", self.category, self.reported_on)
    }

    /// The critical alarm that it raises while it is open (A25, A26).
    pub fn alarm(&self) -> Option<&'static str> {
        alarm(self.category, self.severity).filter(|_| self.is_open())
    }

    /// Whether it is closed only with words on why the person stays: their whereabouts are known, and they do not move.
    pub fn owes_a_reason(&self) -> bool {
        self.category == DeviationCategory::LocationExposed && self.outcome != Some(DeviationOutcome::Relocation)
    }
}

/// What a deviation of the sort raises.
pub fn alarm(category: DeviationCategory, severity: DeviationSeverity) -> Option<&'static str> {
    match (category, severity) {
        (DeviationCategory::LocationExposed, _) => Some("Röjd vistelseort"),
        (_, DeviationSeverity::S3) => Some("Allvarlig avvikelse"),
        _ => None,
    }
}

/// Somebody took it one step, and when.
#[derive(Debug, Clone)]
pub struct Step {
    pub id: Uuid,
    pub number: i32,
    pub status: DeviationStatus,
    /// The assessment, or why.
    pub text: Option<Sealed>,
    pub by: String,
    pub at: OffsetDateTime,
}

/// One that has been checked and may be registered. No `Debug`: its texts are about to be sealed.
#[derive(Clone)]
pub struct NewDeviation {
    pub id: Uuid,
    pub source: DeviationSource,
    pub category: DeviationCategory,
    pub severity: DeviationSeverity,
    pub occurred_on: Date,
    pub reported_on: Date,
    pub description: String,
    pub immediate_action: Option<String>,
}

/// One step onwards, or the only one back. No `Debug`: its texts are about to be sealed.
#[derive(Clone, PartialEq, Eq)]
pub enum Move {
    Acknowledge,
    Assess(String),
    /// The assessment is taken back, with why.
    Reconsider(String),
    Decide(DeviationOutcome),
    /// With why the person is not moved, where that is owed.
    Close(Option<String>),
}

impl Move {
    /// From where it is taken, and where it leads.
    pub const fn way(&self) -> (DeviationStatus, DeviationStatus) {
        use DeviationStatus::{Acknowledged, ActionDecided, Assessed, Closed, Reported};
        match self {
            Self::Acknowledge => (Reported, Acknowledged),
            Self::Assess(_) => (Acknowledged, Assessed),
            Self::Reconsider(_) => (Assessed, Acknowledged),
            Self::Decide(_) => (Assessed, ActionDecided),
            Self::Close(_) => (ActionDecided, Closed),
        }
    }

    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Acknowledge | Self::Decide(_) => None,
            Self::Assess(text) | Self::Reconsider(text) => Some(text),
            Self::Close(text) => text.as_deref(),
        }
    }

    pub const fn outcome(&self) -> Option<DeviationOutcome> {
        match self {
            Self::Decide(outcome) => Some(*outcome),
            _ => None,
        }
    }

    /// Whether the deviation can take it.
    pub fn fits(&self, one: &Deviation) -> bool {
        let reasoned = match self {
            Self::Close(text) => text.is_some() == one.owes_a_reason(),
            _ => true,
        };
        one.status == self.way().0 && reasoned
    }
}

/// What is wrong with a deviation's days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayFault {
    ReportedAhead,
    OccurredAfterReported,
}

pub fn check_days(occurred_on: Date, reported_on: Date, today: Date) -> Result<(), DayFault> {
    if reported_on > today {
        Err(DayFault::ReportedAhead)
    } else if occurred_on > reported_on {
        Err(DayFault::OccurredAfterReported)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use DeviationCategory::{LocationExposed, MissedContact};

    const REPORTED: Date = date!(2026 - 05 - 15);

    fn deviation(category: DeviationCategory, status: DeviationStatus, outcome: Option<DeviationOutcome>) -> Deviation {
        Deviation {
            id: Uuid::nil(),
            source: DeviationSource::Police,
            category,
            severity: DeviationSeverity::S3,
            occurred_on: REPORTED,
            reported_on: REPORTED,
            description: Sealed::from_bytes(Vec::new()),
            immediate_action: None,
            status,
            outcome,
            version: 1,
        }
    }

    #[test]
    fn the_graver_it_is_the_sooner_it_is_received() {
        assert_eq!(acknowledge_by(DeviationSeverity::S3, REPORTED), REPORTED);
        assert_eq!(acknowledge_by(DeviationSeverity::S2, REPORTED), date!(2026 - 05 - 18));
        assert_eq!(acknowledge_by(DeviationSeverity::S1, REPORTED), date!(2026 - 05 - 22));
    }

    #[test]
    fn somebody_who_is_found_is_always_in_danger() {
        for chosen in [None, Some(DeviationSeverity::S1)] {
            assert_eq!(severity_of(LocationExposed, chosen), Some(DeviationSeverity::S3));
            assert_eq!(severity_of(MissedContact, chosen), chosen);
        }
    }

    #[test]
    fn what_is_grave_raises_an_alarm_until_it_is_closed() {
        assert_eq!(deviation(LocationExposed, DeviationStatus::Reported, None).alarm(), Some("Röjd vistelseort"));
        assert_eq!(deviation(MissedContact, DeviationStatus::Assessed, None).alarm(), Some("Allvarlig avvikelse"));
        assert_eq!(deviation(MissedContact, DeviationStatus::Closed, None).alarm(), None);
        assert_eq!(alarm(MissedContact, DeviationSeverity::S2), None);
    }

    #[test]
    fn each_step_is_taken_from_one_place_and_only_an_assessment_is_taken_back() {
        let moves = [
            Move::Acknowledge,
            Move::Assess(String::new()),
            Move::Reconsider(String::new()),
            Move::Decide(DeviationOutcome::NoAction),
            Move::Close(None),
        ];
        let open = |status| {
            let one = deviation(MissedContact, status, None);
            moves.iter().filter(|step| step.fits(&one)).map(|step| step.way().1).collect::<Vec<_>>()
        };
        assert_eq!(open(DeviationStatus::Reported), [DeviationStatus::Acknowledged]);
        assert_eq!(open(DeviationStatus::Acknowledged), [DeviationStatus::Assessed]);
        assert_eq!(open(DeviationStatus::Assessed), [DeviationStatus::Acknowledged, DeviationStatus::ActionDecided]);
        assert_eq!(open(DeviationStatus::ActionDecided), [DeviationStatus::Closed]);
        assert!(open(DeviationStatus::Closed).is_empty());
    }

    #[test]
    fn whoever_is_found_is_moved_or_it_is_said_why_not() {
        let said = || Move::Close(Some("Polisen bedömer att platsen är trygg.".to_owned()));
        let decided = |category, outcome| deviation(category, DeviationStatus::ActionDecided, Some(outcome));
        let stays = decided(LocationExposed, DeviationOutcome::NewPoliceAssessment);
        assert!(!Move::Close(None).fits(&stays) && said().fits(&stays));
        for moved in
            [decided(LocationExposed, DeviationOutcome::Relocation), decided(MissedContact, DeviationOutcome::NoAction)]
        {
            assert!(Move::Close(None).fits(&moved) && !said().fits(&moved));
        }
    }

    #[test]
    fn nothing_is_reported_before_it_happened() {
        assert_eq!(check_days(REPORTED, REPORTED, REPORTED), Ok(()));
        assert_eq!(check_days(REPORTED, REPORTED, date!(2026 - 05 - 14)), Err(DayFault::ReportedAhead));
        assert_eq!(
            check_days(date!(2026 - 05 - 16), REPORTED, date!(2026 - 05 - 20)),
            Err(DayFault::OccurredAfterReported)
        );
    }
}
