//! A consent, its days, and what it is worth on one.

use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::calendar::add_months;
use crate::crypto::Sealed;
use crate::vocabulary::{ConsentForm, ConsentKind, ConsentRecipient, DisclosureCategory};

/// The longest that one can hold (domain 2.6).
pub const LONGEST_MONTHS: i32 = 24;

/// What it is worth on a day. No column: the days tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentStatus {
    Active,
    Expired,
    Withdrawn,
}

impl ConsentStatus {
    pub const fn label(self) -> &'static str {
        match self {
            Self::Active => "Gäller",
            Self::Expired => "Har gått ut",
            Self::Withdrawn => "Återkallat",
        }
    }
}

#[derive(Debug, Clone)]
pub struct Consent {
    pub id: Uuid,
    pub kind: ConsentKind,
    pub recipients: Vec<ConsentRecipient>,
    pub categories: Vec<DisclosureCategory>,
    pub purpose: Sealed,
    pub form: ConsentForm,
    /// Where the paper is.
    pub document_ref: Option<Sealed>,
    pub given_on: Date,
    pub valid_to: Date,
    pub registrar: String,
    pub registered_at: OffsetDateTime,
    pub withdrawn: Option<Withdrawn>,
}

#[derive(Debug, Clone)]
pub struct Withdrawn {
    pub at: OffsetDateTime,
    pub registrar: String,
    pub how: Sealed,
}

impl Consent {
    pub fn status(&self, day: Date) -> ConsentStatus {
        if self.withdrawn.is_some() {
            ConsentStatus::Withdrawn
        } else if day > self.valid_to {
            ConsentStatus::Expired
        } else {
            ConsentStatus::Active
        }
    }
}

/// One that has been checked and may be registered. No `Debug`: its texts are about to be sealed.
#[derive(Clone)]
pub struct NewConsent {
    pub id: Uuid,
    pub kind: ConsentKind,
    pub recipients: Vec<ConsentRecipient>,
    pub categories: Vec<DisclosureCategory>,
    pub purpose: String,
    pub form: ConsentForm,
    pub document_ref: Option<String>,
    pub given_on: Date,
    pub valid_to: Date,
}

/// What is wrong with a consent's days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayFault {
    GivenAhead,
    EndsBeforeGiven,
    /// The last day that it can hold.
    TooLong(Date),
}

/// What can be agreed to: all of it while the case is open, and when it is closed to be asked how it went.
pub fn may_be_given(kind: ConsentKind, is_closed: bool) -> bool {
    !is_closed || kind == ConsentKind::AfterClosing
}

/// The last day of one that says nothing about it.
pub fn usual_end(given_on: Date, months: i32) -> Date {
    add_months(given_on, months).unwrap_or(given_on)
}

pub fn check_days(given_on: Date, valid_to: Date, today: Date) -> Result<(), DayFault> {
    let longest = add_months(given_on, LONGEST_MONTHS).unwrap_or(given_on);
    if given_on > today {
        Err(DayFault::GivenAhead)
    } else if valid_to < given_on {
        Err(DayFault::EndsBeforeGiven)
    } else if valid_to > longest {
        Err(DayFault::TooLong(longest))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;

    const TODAY: Date = date!(2026 - 11 - 20);

    #[test]
    fn a_consent_holds_a_year_unless_something_else_is_said_and_two_at_the_most() {
        assert_eq!(usual_end(date!(2024 - 02 - 29), 12), date!(2025 - 02 - 28));
        let check = |given, until| check_days(given, until, TODAY);
        assert_eq!(check(TODAY, TODAY), Ok(()));
        assert_eq!(check(TODAY, date!(2028 - 11 - 20)), Ok(()));
        assert_eq!(check(TODAY, date!(2028 - 11 - 21)), Err(DayFault::TooLong(date!(2028 - 11 - 20))));
        assert_eq!(check(date!(2026 - 11 - 21), date!(2027 - 01 - 01)), Err(DayFault::GivenAhead));
        assert_eq!(check(TODAY, date!(2026 - 11 - 19)), Err(DayFault::EndsBeforeGiven));
    }

    #[test]
    fn its_last_day_counts_and_what_is_taken_back_is_taken_back_also_then() {
        let sealed = || Sealed::from_bytes(Vec::new());
        let mut consent = Consent {
            id: Uuid::nil(),
            kind: ConsentKind::InformationExchange,
            recipients: vec![ConsentRecipient::PoliceLpo],
            categories: vec![DisclosureCategory::Identity],
            purpose: sealed(),
            form: ConsentForm::Oral,
            document_ref: None,
            given_on: date!(2026 - 01 - 01),
            valid_to: TODAY,
            registrar: String::new(),
            registered_at: datetime!(2026-01-01 12:00 UTC),
            withdrawn: None,
        };
        assert_eq!(consent.status(TODAY), ConsentStatus::Active);
        assert_eq!(consent.status(date!(2026 - 11 - 21)), ConsentStatus::Expired);
        let at = datetime!(2026-06-01 12:00 UTC);
        consent.withdrawn = Some(Withdrawn { at, registrar: String::new(), how: sealed() });
        assert_eq!(consent.status(TODAY), ConsentStatus::Withdrawn);
    }
}
