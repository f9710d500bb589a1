//! Support, and the rules for which decisions it can rest on, for its days, and for what may happen next.

use time::Date;
use uuid::Uuid;

use crate::crypto::Sealed;
use crate::decision::model::Decision;
use crate::vocabulary::{InterventionKind, InterventionStatus};

/// Support as it is read.
#[derive(Debug, Clone)]
pub struct Intervention {
    pub id: Uuid,
    pub number: i32,
    pub decision: Uuid,
    pub decision_number: i32,
    pub kind: InterventionKind,
    pub provider: Option<String>,
    pub from: Date,
    /// Nothing: until further notice.
    pub to: Option<Date>,
    pub extent: Sealed,
    pub status: InterventionStatus,
    pub executed_on: Option<Date>,
    pub paused_on: Option<Date>,
    pub resumed_on: Option<Date>,
    pub ended_on: Option<Date>,
    /// Why it is paused, or why it ended.
    pub status_reason: Option<Sealed>,
    pub version: i32,
}

/// One that has been checked and may be kept. No `Debug`: the text is about to be sealed.
#[derive(Clone)]
pub struct NewIntervention {
    pub id: Uuid,
    pub decision: Uuid,
    pub kind: InterventionKind,
    pub provider: Option<Uuid>,
    pub from: Date,
    pub to: Option<Date>,
    pub extent: String,
}

/// What happens to it.
#[derive(Clone)]
pub enum Step {
    Started(Date),
    Paused { on: Date, why: String },
    Resumed(Date),
    Ended { on: Date, why: String },
}

/// What a decision gives that is no placement: nothing while it is not made, when it gives nothing, or holds no more.
pub fn given_by(decision: &Decision) -> Option<InterventionKind> {
    let gives = decision.stands() && decision.matter.outcome.gives();
    InterventionKind::of(decision.matter.kind).filter(|_| gives)
}

/// What is wrong with the days, against those of the decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayFault {
    EndsBeforeItBegins,
    BeforeDecision(Date),
    AfterDecision(Date),
}

/// Not before the decision holds, and not after. `decided`: its first day, and its last unless it holds until further
/// notice.
pub fn check_days(from: Date, to: Option<Date>, decided: (Date, Option<Date>)) -> Result<(), DayFault> {
    if to.is_some_and(|to| to < from) {
        return Err(DayFault::EndsBeforeItBegins);
    }
    if from < decided.0 {
        return Err(DayFault::BeforeDecision(decided.0));
    }
    match decided.1 {
        Some(last) if from > last || to.is_none_or(|to| to > last) => Err(DayFault::AfterDecision(last)),
        _ => Ok(()),
    }
}

impl Intervention {
    /// Being given today.
    pub fn is_ongoing(&self) -> bool {
        self.status == InterventionStatus::Ongoing
    }

    pub fn may_start(&self) -> bool {
        self.status == InterventionStatus::Planned
    }

    pub fn may_pause(&self) -> bool {
        self.is_ongoing()
    }

    pub fn may_resume(&self) -> bool {
        self.status == InterventionStatus::Paused
    }

    /// Also one that never began: the person may have declined.
    pub fn may_end(&self) -> bool {
        self.status != InterventionStatus::Ended
    }

    /// The last thing that happened to it: what comes next cannot have been before.
    pub fn latest(&self) -> Option<Date> {
        self.paused_on.or(self.resumed_on).or(self.executed_on)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::vocabulary::DecisionType;

    const DECIDED: (Date, Option<Date>) = (date!(2026 - 08 - 10), Some(date!(2027 - 02 - 09)));

    #[test]
    fn support_stays_within_its_decision() {
        let check = |from, to| check_days(from, Some(to), DECIDED);
        assert_eq!(check(date!(2026 - 08 - 10), date!(2027 - 02 - 09)), Ok(()));
        assert_eq!(check(date!(2026 - 08 - 09), date!(2027 - 02 - 09)), Err(DayFault::BeforeDecision(DECIDED.0)));
        let last = date!(2027 - 02 - 09);
        assert_eq!(check(date!(2026 - 08 - 10), date!(2027 - 02 - 10)), Err(DayFault::AfterDecision(last)));
        assert_eq!(check(date!(2026 - 09 - 10), date!(2026 - 09 - 09)), Err(DayFault::EndsBeforeItBegins));
    }

    #[test]
    fn until_further_notice_is_only_for_a_decision_that_says_so() {
        assert_eq!(check_days(DECIDED.0, None, (DECIDED.0, None)), Ok(()));
        assert!(matches!(check_days(DECIDED.0, None, DECIDED), Err(DayFault::AfterDecision(_))));
    }

    #[test]
    fn every_decision_on_support_gives_a_placement_or_something_that_is_none() {
        for kind in DecisionType::ALL.iter().filter(|kind| kind.is_intervention()) {
            assert!(kind.is_placement() || InterventionKind::of(*kind).is_some(), "{kind}");
        }
        for kind in [DecisionType::Hvb, DecisionType::SupportedHousingAdult, DecisionType::OpenInvestigation] {
            assert_eq!(InterventionKind::of(kind), None);
        }
        for code in InterventionKind::CODES {
            assert!(DecisionType::parse(code).is_some(), "{code}");
        }
    }
}
