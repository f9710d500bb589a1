//! An investigation, and the rules for its days, for what may happen next and for what it lacks before it is completed.

use time::{Date, Duration, OffsetDateTime};
use uuid::Uuid;

use super::areas::SupportVersion;
use crate::crypto::Sealed;
use crate::vocabulary::{
    ChildAnswer, CommunicationException, HasChildren, InvestigationKind, InvestigationStatus, SupportArea,
};

/// A party who asks for it is given a ruling within so many days (12 § FL: four weeks).
pub const RULING_DAYS: i64 = 28;
/// The longest of each of the three texts.
pub const LONGEST_TEXT: usize = 10_000;

/// The three texts of an investigation, sealed or as they are typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Texts<T> {
    pub summary: Option<T>,
    pub analysis: Option<T>,
    pub proposal: Option<T>,
}

/// A decision of the case that an investigation begins with or leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling {
    pub id: Uuid,
    pub number: i32,
    pub label: String,
    pub decided_on: Date,
}

#[derive(Debug, Clone)]
pub struct Investigation {
    pub id: Uuid,
    pub number: i32,
    pub kind: InvestigationKind,
    pub started_on: Date,
    /// Number of the decision that opened it.
    pub start_decision: (Uuid, i32),
    pub target_on: Date,
    pub extended: Option<(Date, Sealed)>,
    pub delay_notice_on: Option<Date>,
    pub demanded_on: Option<Date>,
    pub communicated_on: Option<Date>,
    pub exception: Option<CommunicationException>,
    pub reply_due_on: Option<Date>,
    pub reply_received_on: Option<Date>,
    pub texts: Texts<Sealed>,
    pub status: InvestigationStatus,
    pub completed: Option<(Date, String)>,
    pub discontinued: Option<(Date, Sealed)>,
    /// The decision that it led to.
    pub ruling: Option<(Uuid, i32)>,
    pub editor: String,
    pub edited_at: OffsetDateTime,
    /// Of the texts, which several may write on.
    pub text_version: i32,
    /// Of everything else.
    pub version: i32,
}

impl Investigation {
    /// The day by which it should be done.
    pub fn due_on(&self) -> Date {
        self.extended.as_ref().map_or(self.target_on, |(day, _)| *day)
    }

    /// The last day to rule, once the party has asked for it.
    pub fn ruling_due_on(&self) -> Option<Date> {
        self.demanded_on.map(ruling_due)
    }

    pub fn is_late(&self, today: Date) -> bool {
        self.status.is_open() && today > self.due_on()
    }

    /// Whether the party was heard, or it was said why not.
    pub const fn has_heard(&self) -> bool {
        self.communicated_on.is_some() || self.exception.is_some()
    }
}

/// The last day to rule after the party has asked for it.
pub fn ruling_due(demanded_on: Date) -> Date {
    demanded_on + Duration::days(RULING_DAYS)
}

/// One that has been checked and may begin.
#[derive(Debug, Clone)]
pub struct NewInvestigation {
    pub id: Uuid,
    pub kind: InvestigationKind,
    pub started_on: Date,
    pub start_decision: Uuid,
    pub target_on: Date,
}

/// What is wrong with the days that an investigation begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartFault {
    InTheFuture,
    BeforeTheCase,
    TargetBeforeStart,
}

pub fn check_start(started_on: Date, target_on: Date, opened_on: Date, today: Date) -> Result<(), StartFault> {
    if started_on > today {
        Err(StartFault::InTheFuture)
    } else if started_on < opened_on {
        Err(StartFault::BeforeTheCase)
    } else if target_on < started_on {
        Err(StartFault::TargetBeforeStart)
    } else {
        Ok(())
    }
}

/// The target when nothing else is said: what the municipality has set. The law says no day for adults.
pub fn usual_target(started_on: Date, days: i32) -> Date {
    started_on + Duration::days(days.into())
}

/// A child as the investigation sees it. Its texts are sealed.
#[derive(Debug, Clone)]
pub struct Child {
    pub id: Uuid,
    /// What it was seen in: an investigation, or else a change of placement.
    pub investigation: Option<Uuid>,
    pub at: Option<Uuid>,
    /// The number of that placement.
    pub placement: Option<i32>,
    pub number: i32,
    pub label: Sealed,
    pub birth_year: i32,
    pub informed: ChildAnswer,
    pub heard: ChildAnswer,
    pub not_heard_reason: Option<Sealed>,
    pub effect: Sealed,
    pub best_interest: Sealed,
    pub contact_plan: Option<Sealed>,
    pub concern_report_needed: bool,
    pub concern: Option<(Date, Sealed)>,
    pub saver: String,
    pub saved_on: Date,
    pub version: i32,
}

/// That a child stood there by mistake.
#[derive(Debug, Clone)]
pub struct RemovedChild {
    pub id: Uuid,
    pub investigation: Option<Uuid>,
    pub on: Date,
    pub by: String,
    pub reason: Sealed,
}

impl Child {
    /// A30: somebody has seen that a report is needed, and nobody has said that it was made.
    pub const fn lacks_report(&self) -> bool {
        self.concern_report_needed && self.concern.is_none()
    }
}

/// A child that has been checked and may be saved. No `Debug`: the texts are about to be sealed.
#[derive(Clone)]
pub struct NewChild {
    pub id: Uuid,
    pub label: String,
    pub birth_year: i32,
    pub informed: ChildAnswer,
    pub heard: ChildAnswer,
    pub not_heard_reason: Option<String>,
    pub effect: String,
    pub best_interest: String,
    pub contact_plan: Option<String>,
    pub concern_report_needed: bool,
    pub concern: Option<(Date, String)>,
}

/// Something that an investigation lacks before it can be completed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    Summary,
    Analysis,
    Proposal,
    /// The party has not been heard, and nobody has said why (25 § FL).
    Hearing,
    Area(SupportArea),
    Children,
    ConcernReport(Uuid),
}

/// All that it lacks, in the order of the page. The same as `investigation_moves` in the migration.
pub fn missing(
    one: &Investigation,
    newest: Option<&SupportVersion>,
    has_children: HasChildren,
    children: &[Child],
) -> Vec<Missing> {
    let texts = &one.texts;
    let mut missing = Vec::new();
    let lacks = [
        (texts.summary.is_none(), Missing::Summary),
        (texts.analysis.is_none(), Missing::Analysis),
        (texts.proposal.is_none(), Missing::Proposal),
        (!one.has_heard(), Missing::Hearing),
    ];
    missing.extend(lacks.into_iter().filter(|(lacks, _)| *lacks).map(|(_, what)| what));
    let assessed = |area: &SupportArea| newest.is_some_and(|version| version.of(*area).is_some());
    let areas = SupportArea::ALL.iter().copied().filter(|area| area.is_mandatory() && !assessed(area));
    missing.extend(areas.map(Missing::Area));
    if !is_answered(has_children, children.len()) {
        missing.push(Missing::Children);
    }
    missing.extend(children.iter().filter(|child| child.lacks_report()).map(|child| Missing::ConcernReport(child.id)));
    missing
}

/// Whether the question of children is answered: there are none, or each that there is has been seen.
pub const fn is_answered(has_children: HasChildren, children: usize) -> bool {
    match has_children {
        HasChildren::No => true,
        HasChildren::Yes => children > 0,
        HasChildren::Unknown => false,
    }
}

/// Whether the children are to be seen anew after the person has moved: so many that are known of, and so many seen since.
pub fn is_to_be_seen(has_children: HasChildren, known: i64, seen: i64) -> bool {
    has_children != HasChildren::No && seen < known.max(1)
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    const DAY: Date = date!(2026 - 03 - 02);

    #[test]
    fn each_child_that_is_known_of_is_seen_anew_when_the_person_moves() {
        assert!(is_to_be_seen(HasChildren::Yes, 0, 0) && is_to_be_seen(HasChildren::Unknown, 0, 0));
        assert!(!is_to_be_seen(HasChildren::No, 0, 0));
        assert!(is_to_be_seen(HasChildren::Yes, 2, 1) && !is_to_be_seen(HasChildren::Yes, 2, 2));
        assert!(!is_to_be_seen(HasChildren::Yes, 0, 1));
    }

    #[test]
    fn it_begins_after_the_case_and_not_tomorrow() {
        let check = |started, target| check_start(started, target, DAY, date!(2026 - 11 - 20));
        assert_eq!(check(DAY, usual_target(DAY, 120)), Ok(()));
        assert_eq!(usual_target(DAY, 120), date!(2026 - 06 - 30));
        assert_eq!(check(date!(2026 - 03 - 01), DAY), Err(StartFault::BeforeTheCase));
        assert_eq!(check(date!(2026 - 11 - 21), date!(2026 - 12 - 21)), Err(StartFault::InTheFuture));
        assert_eq!(check(date!(2026 - 03 - 03), DAY), Err(StartFault::TargetBeforeStart));
    }

    #[test]
    fn unknown_children_are_no_answer_and_known_ones_must_be_seen() {
        assert!(is_answered(HasChildren::No, 0));
        assert!(is_answered(HasChildren::Yes, 1));
        assert!(!is_answered(HasChildren::Yes, 0));
        assert!(!is_answered(HasChildren::Unknown, 0));
        assert!(!is_answered(HasChildren::Unknown, 1));
    }

    /// One in which nothing is done yet.
    fn begun() -> Investigation {
        Investigation {
            id: Uuid::nil(),
            number: 1,
            kind: InvestigationKind::Application,
            started_on: DAY,
            start_decision: (Uuid::nil(), 1),
            target_on: usual_target(DAY, 120),
            extended: None,
            delay_notice_on: None,
            demanded_on: None,
            communicated_on: None,
            exception: None,
            reply_due_on: None,
            reply_received_on: None,
            texts: Texts { summary: None, analysis: None, proposal: None },
            status: InvestigationStatus::Ongoing,
            completed: None,
            discontinued: None,
            ruling: None,
            editor: String::new(),
            edited_at: OffsetDateTime::UNIX_EPOCH,
            text_version: 1,
            version: 1,
        }
    }

    #[test]
    fn what_is_lacking_is_said_in_the_order_of_the_page() {
        let all = missing(&begun(), None, HasChildren::Unknown, &[]);
        let first = [Missing::Summary, Missing::Analysis, Missing::Proposal, Missing::Hearing];
        assert_eq!((all.len(), &all[..4]), (12, &first[..]));
        assert_eq!((all[4], all[11]), (Missing::Area(SupportArea::Housing), Missing::Children));
        let heard = Investigation { exception: Some(CommunicationException::Obvious), ..begun() };
        assert!(!missing(&heard, None, HasChildren::No, &[]).contains(&Missing::Hearing));
    }

    #[test]
    fn the_days_follow_from_what_was_registered() {
        let demanded = Investigation { demanded_on: Some(date!(2026 - 12 - 01)), ..begun() };
        assert_eq!(demanded.ruling_due_on(), Some(date!(2026 - 12 - 29)));
        assert_eq!(begun().ruling_due_on(), None);
        assert!(begun().is_late(date!(2026 - 07 - 01)) && !begun().is_late(date!(2026 - 06 - 30)));
        let done = Investigation { status: InvestigationStatus::Completed, ..begun() };
        assert!(!done.is_late(date!(2026 - 07 - 01)));
    }

    #[test]
    fn seven_areas_are_mandatory() {
        let mandatory: Vec<_> = SupportArea::ALL.iter().filter(|area| area.is_mandatory()).collect();
        assert_eq!((SupportArea::ALL.len(), mandatory.len()), (15, 7));
    }
}
