//! A note in the journal, a draft of one, and what can be done with either.

use time::{Date, OffsetDateTime, PrimitiveDateTime, Time};
use uuid::Uuid;

use crate::crypto::Sealed;
use crate::vocabulary::{
    AssignmentKind, CaseStatus, CloseReason, ConsentKind, DecisionType, DisclosureRecipient, JournalEvent, JournalKind,
    ProgrammeStatus, TransferAnswer,
};

/// The longest text of facts or of an assessment.
pub const LONGEST_TEXT: usize = 8000;
/// How many stand on a page.
pub const PER_PAGE: i64 = 50;

/// A note as it stands.
#[derive(Debug, Clone)]
pub struct Entry {
    pub id: Uuid,
    pub kind: JournalKind,
    pub event_on: Date,
    pub event_at: Option<Time>,
    pub entered_at: OffsetDateTime,
    /// Name and title as they were then.
    pub author: String,
    pub title: String,
    pub party_informed: Option<bool>,
    /// Nothing for the program's own lines, and for those who may not see what was closed away.
    pub content: Option<Content>,
    pub program: Option<Line>,
    /// The note that this one corrects, with the day of what it was about.
    pub corrects: Option<(Uuid, Date)>,
    pub corrected: Option<Corrected>,
    pub cancelled: Option<Cancelled>,
    pub disputes: Vec<Dispute>,
}

#[derive(Debug, Clone)]
pub struct Content {
    pub source: Sealed,
    pub fact: Option<Sealed>,
    pub assessment: Option<Sealed>,
    /// What a correction corrects, and why.
    pub reason: Option<Sealed>,
}

/// By which note another was corrected.
#[derive(Debug, Clone)]
pub struct Corrected {
    pub by: Uuid,
    pub at: OffsetDateTime,
    pub name: String,
}

#[derive(Debug, Clone)]
pub struct Cancelled {
    pub at: OffsetDateTime,
    pub name: String,
    pub reason: Sealed,
}

/// What the person says is wrong.
#[derive(Debug, Clone)]
pub struct Dispute {
    pub id: Uuid,
    pub entry: Uuid,
    pub said: Sealed,
    pub at: OffsetDateTime,
    pub name: String,
}

impl Entry {
    /// Only what somebody has written and nobody has corrected or closed away.
    pub fn can_be_corrected(&self) -> bool {
        self.program.is_none() && self.corrected.is_none() && self.cancelled.is_none()
    }

    pub fn can_be_disputed(&self) -> bool {
        self.program.is_none() && self.cancelled.is_none()
    }

    pub fn can_be_cancelled(&self) -> bool {
        self.program.is_none() && self.cancelled.is_none()
    }
}

/// A line that the program writes: codes, and at most the name of a colleague.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub event: JournalEvent,
    pub detail: Option<String>,
    pub subject: Option<String>,
}

impl Line {
    /// What the codes say; nothing where the heading says it all.
    pub fn sentence(&self) -> Option<String> {
        use JournalEvent::{
            Assigned, AssignmentEnded, CaseClosed, CaseOpened, ConsentGiven, ConsentWithdrawn, DeathRevoked,
            DecisionSigned, Disclosed, DisclosureRefused, DormancyReviewed, InvestigationDiscontinued, PersonDied,
            ProgrammeChanged, StatusChanged, ThreatConfirmed, TransferAnswered, TransferRequested, TransferTried,
        };
        let detail = self.detail.as_deref()?;
        match self.event {
            CaseOpened => None,
            StatusChanged => CaseStatus::parse(detail).map(|status| format!("Ny status: {status}.")),
            ProgrammeChanged => ProgrammeStatus::parse(detail).map(|status| format!("Ny status: {status}.")),
            CaseClosed => CloseReason::parse(detail).map(|reason| format!("Orsak: {reason}.")),
            Assigned | AssignmentEnded => {
                let name = self.subject.as_deref()?;
                AssignmentKind::parse(detail).map(|kind| format!("{name}, {}.", kind.label().to_lowercase()))
            }
            ThreatConfirmed => Some(format!("Version {detail}.")),
            ConsentGiven | ConsentWithdrawn => ConsentKind::parse(detail).map(|kind| format!("{kind}.")),
            DecisionSigned => {
                let number = self.subject.as_deref()?;
                DecisionType::parse(detail).map(|kind| format!("Beslut {number}: {kind}."))
            }
            Disclosed => DisclosureRecipient::parse(detail).map(|recipient| format!("Till: {recipient}.")),
            DisclosureRefused => {
                DisclosureRecipient::parse(detail).map(|recipient| format!("Lämnades inte ut till: {recipient}."))
            }
            DormancyReviewed => Some(format!("Ärendet vilar vidare. Ses över senast {detail}.")),
            TransferRequested => Some(format!("Skriftlig begäran {detail}.")),
            TransferAnswered => TransferAnswer::parse(detail).map(|answer| format!("Svar: {answer}.")),
            TransferTried => match detail {
                "applied" => Some("Ansökan lämnades in.".to_owned()),
                "approved" => Some("IVO beslutade att ärendet ska flyttas över.".to_owned()),
                "rejected" => Some("IVO avslog ansökan.".to_owned()),
                _ => None,
            },
            InvestigationDiscontinued => Some(format!("Utredning {detail}.")),
            PersonDied => Some(format!("Avliden {detail}.")),
            DeathRevoked => Some(format!("Uppgiften att personen avled {detail} var fel.")),
        }
    }
}

/// A note that has been checked and may be entered. No `Debug`: the texts are about to be sealed.
#[derive(Clone)]
pub struct NewEntry {
    pub id: Uuid,
    pub kind: JournalKind,
    pub event_on: Date,
    pub event_at: Option<Time>,
    pub source: String,
    pub fact: Option<String>,
    pub assessment: Option<String>,
    pub party_informed: bool,
    pub correction: Option<Correction>,
}

/// Which note a correction takes the place of, and why.
#[derive(Clone)]
pub struct Correction {
    pub of: Uuid,
    pub reason: String,
}

/// A draft as its author left it.
#[derive(Debug, Clone)]
pub struct Draft {
    pub id: Uuid,
    /// The form, sealed whole.
    pub content: Sealed,
    /// The open page that saved it last.
    pub tab: Uuid,
    pub saved_at: OffsetDateTime,
    pub version: i32,
}

/// Which draft a page was opened with, and which page that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    pub version: i32,
    pub tab: Uuid,
}

impl Draft {
    /// Whether the page may write over it: nobody has saved it since the page was opened, or only that page has. An
    /// answer that never reached the page does not make it another's.
    pub fn yields_to(&self, hold: Hold) -> bool {
        self.version == hold.version || self.tab == hold.tab
    }
}

/// What became of saving a draft.
#[derive(Debug)]
pub enum Saving {
    Saved {
        version: i32,
        at: OffsetDateTime,
    },
    /// Another page has saved another text since.
    Conflict(Draft),
    /// Its note was entered just now, while it was on its way.
    Late,
    /// It has been entered in the journal already.
    Entered,
}

/// What is wrong with when it happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhenFault {
    DayAhead,
    ClockAhead,
}

/// Nothing that is noted lies ahead.
pub fn check_when(day: Date, clock: Option<Time>, now: PrimitiveDateTime) -> Result<(), WhenFault> {
    if day > now.date() {
        Err(WhenFault::DayAhead)
    } else if clock.is_some_and(|clock| PrimitiveDateTime::new(day, clock) > now) {
        Err(WhenFault::ClockAhead)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime, time};

    use super::*;

    #[test]
    fn nothing_that_is_noted_lies_ahead() {
        let now = datetime!(2026-11-20 12:00);
        let check = |day, clock| check_when(day, clock, now);
        assert_eq!(check(date!(2026 - 11 - 20), None), Ok(()));
        assert_eq!(check(date!(2026 - 11 - 20), Some(time!(12:00))), Ok(()));
        assert_eq!(check(date!(2026 - 11 - 20), Some(time!(12:01))), Err(WhenFault::ClockAhead));
        assert_eq!(check(date!(2026 - 11 - 21), None), Err(WhenFault::DayAhead));
        assert_eq!(check(date!(2025 - 01 - 01), Some(time!(23:59))), Ok(()));
    }

    #[test]
    fn a_draft_yields_to_its_own_page_and_to_one_that_has_seen_it() {
        let (mine, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let content = Sealed::from_bytes(Vec::new());
        let draft =
            Draft { id: Uuid::nil(), content, tab: mine, saved_at: datetime!(2026-11-20 12:00 UTC), version: 3 };
        assert!(draft.yields_to(Hold { version: 1, tab: mine }));
        assert!(draft.yields_to(Hold { version: 3, tab: other }));
        assert!(!draft.yields_to(Hold { version: 2, tab: other }));
    }

    #[test]
    fn a_line_of_the_program_says_what_its_codes_mean() {
        let line = |event, detail: &str, subject: Option<&str>| Line {
            event,
            detail: Some(detail.to_owned()),
            subject: subject.map(str::to_owned),
        };
        let said = |event, detail, subject| line(event, detail, subject).sentence();
        assert_eq!(said(JournalEvent::StatusChanged, "active", None).unwrap(), "Ny status: Insats pågår.");
        assert_eq!(said(JournalEvent::Assigned, "deputy", Some("Malin Ek")).unwrap(), "Malin Ek, ersättare.");
        assert_eq!(said(JournalEvent::ThreatConfirmed, "2", None).unwrap(), "Version 2.");
        assert_eq!(said(JournalEvent::StatusChanged, "påhittad", None), None);
        let opened = Line { event: JournalEvent::CaseOpened, detail: None, subject: None };
        assert_eq!(opened.sentence(), None);
    }
}
