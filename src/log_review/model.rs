//! A month of the log under review: how far it has come, who may mark what, and when it is late.

use std::fmt;

use time::{Date, Month, OffsetDateTime};
use uuid::Uuid;

use super::ground::Ground;
use crate::calendar::{Period, add_months, month_heading};
use crate::crypto::seal::Sealed;
use crate::vocabulary::LogVerdict;

/// A month is to be closed by this day of the next.
pub const CLOSE_BY: u8 = 15;

/// A calendar month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReviewMonth(Date);

impl ReviewMonth {
    pub fn of(day: Date) -> Self {
        Self(Period::month_of(day).first_day())
    }

    /// As it stands in an address: `2026-11`.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-').filter(|(year, month)| (year.len(), month.len()) == (4, 2))?;
        let year: i32 = year.parse().ok()?;
        let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
        Date::from_calendar_date(year, month, 1).ok().map(Self)
    }

    pub fn code(self) -> String {
        format!("{:04}-{:02}", self.0.year(), u8::from(self.0.month()))
    }

    pub const fn first_day(self) -> Date {
        self.0
    }

    pub fn covers(self, day: Date) -> bool {
        Self::of(day) == self
    }

    /// The first day of the month after.
    fn after(self) -> Date {
        add_months(self.0, 1).unwrap_or(self.0)
    }

    pub fn last_day(self) -> Date {
        self.after().previous_day().unwrap_or(self.0)
    }

    /// It can be drawn when nothing more can happen in it.
    pub fn is_over(self, today: Date) -> bool {
        self.after() <= today
    }

    /// The day by which it is to be closed.
    pub fn close_by(self) -> Date {
        let next = self.after();
        next.replace_day(CLOSE_BY).unwrap_or(next)
    }

    /// Whether it comes up with the manager too.
    pub fn is_late(self, today: Date) -> bool {
        today > self.close_by()
    }

    /// From the first month to the last, the newest first.
    pub fn between(first: Self, last: Self) -> Vec<Self> {
        let next = |month: &Self| Some(Self(month.after())).filter(|next| *next <= last && next > month);
        let mut all: Vec<_> = std::iter::successors((first <= last).then_some(first), next).collect();
        all.reverse();
        all
    }
}

impl fmt::Display for ReviewMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&month_heading(self.0))
    }
}

/// Who signed, and when.
#[derive(Debug, Clone)]
pub struct Signature {
    pub account: Uuid,
    pub name: String,
    pub at: OffsetDateTime,
}

/// The newest seal of the log when the review was signed.
#[derive(Debug, Clone)]
pub struct SealSeen {
    pub n: i64,
    pub hash: Vec<u8>,
}

/// A month that has been drawn.
#[derive(Debug, Clone)]
pub struct Review {
    pub id: Uuid,
    pub month: ReviewMonth,
    pub drawn_by: String,
    pub drawn_at: OffsetDateTime,
    pub seed: Vec<u8>,
    pub events: i64,
    pub user_days: i32,
    pub sampled_days: i32,
    pub left_out: i32,
    pub signed: Option<(Signature, SealSeen, Vec<u8>)>,
    pub closed: Option<Signature>,
}

/// How far a month has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Ongoing,
    Open,
    UnderReview,
    Signed,
    Closed,
}

impl State {
    pub fn of(month: ReviewMonth, review: Option<&Review>, today: Date) -> Self {
        match review {
            Some(review) if review.closed.is_some() => Self::Closed,
            Some(review) if review.signed.is_some() => Self::Signed,
            Some(_) => Self::UnderReview,
            None if month.is_over(today) => Self::Open,
            None => Self::Ongoing,
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Ongoing => "Pågår",
            Self::Open => "Öppen",
            Self::UnderReview => "Under granskning",
            Self::Signed => "Väntar på andra underskriften",
            Self::Closed => "Stängd",
        }
    }

    pub const fn tag(self) -> &'static str {
        match self {
            Self::Ongoing => "line",
            Self::Open | Self::UnderReview | Self::Signed => "warn",
            Self::Closed => "ok",
        }
    }
}

/// Something drawn, as it is read.
#[derive(Debug, Clone)]
pub struct Item {
    pub id: Uuid,
    pub review: Uuid,
    pub number: i32,
    pub actor: Uuid,
    pub actor_name: String,
    pub role: String,
    pub day: Date,
    pub case: Option<Uuid>,
    pub reference: Option<String>,
    pub purpose: String,
    pub first_at: OffsetDateTime,
    pub last_at: OffsetDateTime,
    pub rows: i64,
    pub events: serde_json::Value,
    pub grounds: Vec<Ground>,
    pub verdict: Option<LogVerdict>,
    pub answered: bool,
}

impl Item {
    /// Nobody marks what they did. Who reviews marks the rest; a manager only what reviewers did.
    pub fn may_be_marked_by(&self, account: Uuid, reviews: bool, of_a_reviewer: bool) -> bool {
        self.actor != account && (reviews || of_a_reviewer)
    }

    pub fn is_settled(&self) -> bool {
        self.verdict.is_some_and(LogVerdict::settles)
    }

    /// What stands in the list.
    pub fn standing(&self) -> (&'static str, &'static str) {
        match (self.verdict, self.answered) {
            (None, _) => ("Ej granskad", "warn"),
            (Some(LogVerdict::AskUser | LogVerdict::AskManager), true) => ("Besvarad", "warn"),
            (Some(LogVerdict::AskUser), false) => ("Väntar på medarbetaren", "line"),
            (Some(LogVerdict::AskManager), false) => ("Väntar på chefen", "line"),
            (Some(LogVerdict::Justified), _) => ("Motiverad", "ok"),
            (Some(LogVerdict::Incident), _) => ("Incident", "danger"),
        }
    }
}

/// What was said of an item.
#[derive(Debug, Clone)]
pub struct Mark {
    pub id: Uuid,
    pub number: i32,
    pub verdict: LogVerdict,
    /// Sealed at `log_review_mark.note`.
    pub note: Option<Sealed>,
    pub made_by: Option<String>,
    pub made_at: OffsetDateTime,
    pub answer: Option<Answer>,
}

#[derive(Debug, Clone)]
pub struct Answer {
    /// Sealed at `log_review_answer.answer`.
    pub text: Sealed,
    pub made_by: Option<String>,
    pub made_at: OffsetDateTime,
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn a_month_is_over_on_the_first_and_late_after_the_fifteenth() {
        let november = ReviewMonth::parse("2026-11").unwrap();
        assert_eq!((november.code(), november.to_string()), ("2026-11".to_owned(), "November 2026".to_owned()));
        assert!(!november.is_over(date!(2026 - 11 - 30)) && november.is_over(date!(2026 - 12 - 01)));
        assert!(!november.is_late(date!(2026 - 12 - 15)) && november.is_late(date!(2026 - 12 - 16)));
        assert!(november.covers(date!(2026 - 11 - 01)) && november.covers(november.last_day()));
        assert_eq!(november.last_day(), date!(2026 - 11 - 30));
    }

    #[test]
    fn what_is_no_month_is_none() {
        for text in ["", "2026", "2026-13", "2026-1", "2026-011", "abcd-11", "2026-00"] {
            assert_eq!(ReviewMonth::parse(text), None, "{text}");
        }
    }

    #[test]
    fn months_stand_newest_first_and_without_gaps() {
        let month = |text| ReviewMonth::parse(text).unwrap();
        let all = ReviewMonth::between(month("2026-11"), month("2027-01"));
        assert_eq!(all, [month("2027-01"), month("2026-12"), month("2026-11")]);
        assert_eq!(ReviewMonth::between(month("2026-11"), month("2026-10")), []);
    }
}
