//! A follow-up, and the rules for when it is late, what it asks of the goals and when the next one has to be set.

use time::{Date, Duration};
use uuid::Uuid;

use crate::crypto::Sealed;
use crate::plan::model::{Goal, MOST_GOALS, Plan};
use crate::vocabulary::{CaseStatus, FollowUpForm, FollowUpKind, GoalResult, PlanKind};

/// As many goals as can be in force at a time.
pub const MOST_RESULTS: usize = MOST_GOALS * PlanKind::ALL.len();
/// How long before its day a follow-up is spoken of.
pub const SOON: Duration = Duration::days(14);
/// How late one is when it comes up also with those who are not named in the case (A13).
pub const ESCALATED_AFTER: Duration = Duration::days(7);

/// What was said: typed, sealed or opened.
#[derive(Debug, Clone)]
pub struct Views<T> {
    pub person: Option<T>,
    pub provider: Option<T>,
    pub police: Option<T>,
}

impl<T> Views<T> {
    /// Nothing was said yet.
    pub const NONE: Self = Self { person: None, provider: None, police: None };
}

/// How it was held.
#[derive(Debug, Clone)]
pub struct Held {
    pub on: Date,
    pub by: String,
    pub form: FollowUpForm,
    pub views: Views<Sealed>,
    /// The one that was planned then.
    pub next: Option<Uuid>,
}

/// That it was cancelled, by whom and why.
#[derive(Debug, Clone)]
pub struct Cancelled {
    pub on: Date,
    pub by: String,
    pub reason: Sealed,
}

/// That it was moved from one day to another.
#[derive(Debug, Clone)]
pub struct Moved {
    pub id: Uuid,
    pub from: Date,
    pub to: Date,
    pub by: String,
    pub on: Date,
    pub reason: Sealed,
}

/// A follow-up as it is read.
#[derive(Debug, Clone)]
pub struct FollowUp {
    pub id: Uuid,
    pub number: i32,
    pub kind: FollowUpKind,
    pub planned_on: Date,
    pub planner: String,
    pub held: Option<Held>,
    pub cancelled: Option<Cancelled>,
    pub version: i32,
}

/// One to be planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFollowUp {
    pub id: Uuid,
    pub kind: FollowUpKind,
    pub planned_on: Date,
}

/// One that was held, checked and ready to be kept. No `Debug`: the texts are about to be sealed.
#[derive(Clone)]
pub struct Holding {
    pub on: Date,
    pub form: FollowUpForm,
    pub views: Views<String>,
    /// By the id of the goal.
    pub results: Vec<(Uuid, GoalResult)>,
    pub next: Option<NewFollowUp>,
}

/// To another day. No `Debug`: the reason is about to be sealed.
#[derive(Clone)]
pub struct Shift {
    pub id: Uuid,
    pub to: Date,
    pub reason: String,
}

impl FollowUp {
    /// It is to be held: it was not yet, and was not cancelled.
    pub const fn is_coming(&self) -> bool {
        self.held.is_none() && self.cancelled.is_none()
    }

    /// Its day has been, and it was not held.
    pub fn is_overdue(&self, today: Date) -> bool {
        self.is_coming() && self.planned_on < today
    }

    pub fn may_be_held(&self, is_closed: bool) -> bool {
        self.is_coming() && may_be_of(self.kind, is_closed)
    }
}

/// In a closed case there is only what is followed up after the end.
pub fn may_be_of(kind: FollowUpKind, is_closed: bool) -> bool {
    !is_closed || kind == FollowUpKind::AfterClosing
}

/// Whether the next time has to be set when one is held.
pub fn needs_next(kind: FollowUpKind, status: CaseStatus) -> bool {
    kind != FollowUpKind::AfterClosing && !matches!(status, CaseStatus::Closing | CaseStatus::Closed)
}

/// Whether the goals are gone through. With the police it is about safety, and each goal may be left.
pub const fn needs_results(kind: FollowUpKind) -> bool {
    match kind {
        FollowUpKind::Placement | FollowUpKind::CarePlan | FollowUpKind::Outpatient => true,
        FollowUpKind::Joint | FollowUpKind::AfterClosing => false,
    }
}

/// The goals that are in force, of all plans.
pub fn goals(plans: &[Plan]) -> Vec<&Goal<Sealed>> {
    plans.iter().filter(|plan| plan.is_active()).flat_map(|plan| &plan.goals).collect()
}

/// What is wrong with the day on which one is said to have been held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayFault {
    Ahead,
    BeforeCase,
}

pub fn check_held(on: Date, case_opened: Date, today: Date) -> Result<(), DayFault> {
    if on > today {
        Err(DayFault::Ahead)
    } else if on < case_opened {
        Err(DayFault::BeforeCase)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    const TODAY: Date = date!(2026 - 11 - 20);

    fn planned(planned_on: Date) -> FollowUp {
        let (id, planner) = (Uuid::nil(), String::new());
        let kind = FollowUpKind::CarePlan;
        FollowUp { id, number: 1, kind, planned_on, planner, held: None, cancelled: None, version: 1 }
    }

    #[test]
    fn one_is_late_the_day_after_and_not_when_it_was_held() {
        assert!(!planned(TODAY).is_overdue(TODAY));
        assert!(planned(date!(2026 - 11 - 19)).is_overdue(TODAY));
        let (by, form, views) = (String::new(), FollowUpForm::Visit, Views::NONE);
        let held = Some(Held { on: TODAY, by, form, views, next: None });
        assert!(!FollowUp { held, ..planned(date!(2026 - 11 - 01)) }.is_overdue(TODAY));
        let cancelled = Some(Cancelled { on: TODAY, by: String::new(), reason: Sealed::from_bytes(Vec::new()) });
        let one = FollowUp { cancelled, ..planned(date!(2026 - 11 - 01)) };
        assert!(!one.is_overdue(TODAY) && !one.may_be_held(false));
    }

    #[test]
    fn the_next_time_is_set_unless_the_case_is_at_its_end() {
        assert!(needs_next(FollowUpKind::Placement, CaseStatus::Active));
        assert!(!needs_next(FollowUpKind::Placement, CaseStatus::Closing));
        assert!(!needs_next(FollowUpKind::AfterClosing, CaseStatus::Active));
    }

    #[test]
    fn a_closed_case_is_followed_up_only_after_its_end() {
        for kind in FollowUpKind::ALL {
            assert!(may_be_of(*kind, false));
            assert_eq!(may_be_of(*kind, true), *kind == FollowUpKind::AfterClosing);
        }
    }

    #[test]
    fn nothing_is_held_ahead_of_today_or_before_the_case() {
        let opened = date!(2026 - 01 - 05);
        assert_eq!(check_held(TODAY, opened, TODAY), Ok(()));
        assert_eq!(check_held(opened, opened, TODAY), Ok(()));
        assert_eq!(check_held(date!(2026 - 11 - 21), opened, TODAY), Err(DayFault::Ahead));
        assert_eq!(check_held(date!(2026 - 01 - 04), opened, TODAY), Err(DayFault::BeforeCase));
    }
}
