//! An assessment of a return, the version it rests on, and what has become of that version since.

use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::crypto::Sealed;
use crate::vocabulary::{ReturnResult, ThreatStatus};

/// An assessment as it was made.
#[derive(Debug, Clone)]
pub struct ReturnAssessment {
    pub id: Uuid,
    pub result: ReturnResult,
    pub assessed_on: Date,
    pub review_on: Date,
    pub reason: Sealed,
    pub joint_with_police: bool,
    pub assessor: String,
    pub registered_at: OffsetDateTime,
    pub basis: Basis,
}

/// The version of the police's assessment that it rests on, as things stand now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Basis {
    pub version_no: i32,
    pub valid_until: Date,
    pub status: ThreatStatus,
    /// The version that is confirmed now.
    pub present: Option<i32>,
}

impl Basis {
    /// Why the assessment should not be trusted as it stands; nothing while its version holds.
    pub fn weakness(&self, day: Date) -> Option<String> {
        let Self { version_no, valid_until, .. } = self;
        match (self.status, self.present) {
            (ThreatStatus::Withdrawn, None) => Some(format!("Bygger på version {version_no}, som är makulerad")),
            (_, Some(present)) if present != *version_no => {
                Some(format!("Bygger på version {version_no}; version {present} gäller"))
            }
            _ if day > *valid_until => Some(format!("Bygger på version {version_no}, som gick ut {valid_until}")),
            _ => None,
        }
    }
}

/// What an assessment is made on: the version that is confirmed now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ground {
    pub threat: Uuid,
    pub assessed_on: Date,
    pub valid_until: Date,
}

/// One that has been checked and may be registered. No `Debug`: the reason is about to be sealed.
#[derive(Clone)]
pub struct NewReturn {
    pub id: Uuid,
    pub threat: Uuid,
    pub result: ReturnResult,
    pub assessed_on: Date,
    pub review_on: Date,
    pub reason: String,
    pub joint_with_police: bool,
}

/// What is wrong with an assessment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReturnFault {
    Ahead,
    BeforeThePolice,
    ReviewTooEarly,
    /// To return on what has gone out of date can cost a life; to stay cannot.
    OutOfDate,
}

pub fn check(
    result: ReturnResult,
    assessed_on: Date,
    review_on: Date,
    ground: &Ground,
    today: Date,
) -> Result<(), ReturnFault> {
    if assessed_on > today {
        Err(ReturnFault::Ahead)
    } else if assessed_on < ground.assessed_on {
        Err(ReturnFault::BeforeThePolice)
    } else if review_on <= assessed_on {
        Err(ReturnFault::ReviewTooEarly)
    } else if result == ReturnResult::CanReturn && assessed_on > ground.valid_until {
        Err(ReturnFault::OutOfDate)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    const TODAY: Date = date!(2026 - 11 - 20);

    fn basis(status: ThreatStatus, present: Option<i32>) -> Basis {
        Basis { version_no: 2, valid_until: date!(2026 - 12 - 01), status, present }
    }

    #[test]
    fn what_rests_on_an_earlier_version_says_which_one_holds() {
        let weakness = |status, present, day| basis(status, present).weakness(day);
        assert_eq!(weakness(ThreatStatus::Confirmed, Some(2), TODAY), None);
        let replaced = weakness(ThreatStatus::Superseded, Some(3), TODAY);
        assert_eq!(replaced.as_deref(), Some("Bygger på version 2; version 3 gäller"));
        let expired = weakness(ThreatStatus::Confirmed, Some(2), date!(2026 - 12 - 02));
        assert_eq!(expired.as_deref(), Some("Bygger på version 2, som gick ut 2026-12-01"));
        assert_eq!(weakness(ThreatStatus::Confirmed, Some(2), date!(2026 - 12 - 01)), None, "its last day counts");
        let withdrawn = weakness(ThreatStatus::Withdrawn, None, TODAY);
        assert_eq!(withdrawn.as_deref(), Some("Bygger på version 2, som är makulerad"));
    }

    #[test]
    fn it_is_made_on_what_holds_and_looked_at_again_later() {
        let ground =
            Ground { threat: Uuid::nil(), assessed_on: date!(2026 - 08 - 12), valid_until: date!(2026 - 11 - 10) };
        let made = |result, on, review| check(result, on, review, &ground, TODAY);
        let (can, cannot) = (ReturnResult::CanReturn, ReturnResult::CannotReturn);
        let later = date!(2027 - 02 - 01);
        assert_eq!(made(can, date!(2026 - 11 - 10), later), Ok(()));
        assert_eq!(made(can, date!(2026 - 11 - 11), later), Err(ReturnFault::OutOfDate));
        assert_eq!(made(cannot, date!(2026 - 11 - 11), later), Ok(()));
        assert_eq!(made(cannot, date!(2026 - 11 - 21), later), Err(ReturnFault::Ahead));
        assert_eq!(made(cannot, date!(2026 - 08 - 11), later), Err(ReturnFault::BeforeThePolice));
        assert_eq!(made(cannot, TODAY, TODAY), Err(ReturnFault::ReviewTooEarly));
        assert_eq!(made(cannot, TODAY, date!(2026 - 11 - 21)), Ok(()));
    }
}
