//! An outcome, and from which day each of them can be recorded.

use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::calendar::add_months;
use crate::vocabulary::{
    ChildContact, ExitStatus, OutcomeHousing, OutcomeIncome, OutcomeMoment, OutcomeOccupation, OutcomeSubstance,
    RelapseCrime, RelapseSource,
};

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    pub exit: ExitStatus,
    pub housing: OutcomeHousing,
    pub income: OutcomeIncome,
    pub occupation: OutcomeOccupation,
    pub substance: OutcomeSubstance,
    pub relapse: RelapseCrime,
    /// Who says so; nobody where nobody knows.
    pub relapse_source: Option<RelapseSource>,
    pub helps_others: bool,
    pub children: ChildContact,
    /// The person's own, 1 to 5.
    pub own_assessment: Option<i32>,
}

/// As it was recorded.
#[derive(Debug, Clone)]
pub struct Outcome {
    pub id: Uuid,
    pub moment: OutcomeMoment,
    pub known_on: Date,
    pub figures: Figures,
    pub recorder: String,
    pub recorded_at: OffsetDateTime,
}

/// One that has been checked and may be recorded.
#[derive(Debug, Clone)]
pub struct NewOutcome {
    pub id: Uuid,
    pub moment: OutcomeMoment,
    pub known_on: Date,
    pub figures: Figures,
}

/// The first day that a follow-up can tell of: a month before its time, since people are met when they can be.
pub fn earliest(moment: OutcomeMoment, closed_on: Date) -> Date {
    add_months(closed_on, moment.months() - 1).unwrap_or(closed_on)
}

/// The follow-ups whose time has come.
pub fn due_moments(closed_on: Date, today: Date) -> Vec<OutcomeMoment> {
    OutcomeMoment::AFTERWARDS.into_iter().filter(|moment| earliest(*moment, closed_on) <= today).collect()
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn a_follow_up_has_its_time() {
        let closed_on = date!(2026 - 04 - 30);
        assert_eq!(earliest(OutcomeMoment::Months6, closed_on), date!(2026 - 09 - 30));
        assert_eq!(earliest(OutcomeMoment::Months24, closed_on), date!(2028 - 03 - 30));
        assert_eq!(due_moments(closed_on, date!(2026 - 09 - 29)), []);
        assert_eq!(due_moments(closed_on, date!(2026 - 09 - 30)), [OutcomeMoment::Months6]);
        assert_eq!(due_moments(closed_on, date!(2028 - 03 - 30)), OutcomeMoment::AFTERWARDS);
    }
}
