//! A month of the log under review: how far it has come, who may mark what, and when it is late.

use std::fmt;

use serde::{Deserialize, Serialize};
use time::{Date, Month, OffsetDateTime, Time};
use uuid::Uuid;

use super::ground::Ground;
use crate::calendar::holidays::is_working_day;
use crate::calendar::{Period, add_months, moment, month_heading};
use crate::crypto::seal::Sealed;
use crate::vocabulary::LogVerdict;

/// A month is to be closed by this day of the next.
pub const CLOSE_BY: u8 = 15;
/// Gone through by this working day of the next month.
pub const WORKING_DAYS: usize = 10;

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

    /// The first days of the first and the last month of its quarter.
    pub fn quarter(self) -> (Date, Date) {
        let first = self.0.month() as u8 - (self.0.month() as u8 - 1) % 3;
        let of = |number: u8| {
            let month = Month::try_from(number).unwrap_or(self.0.month());
            self.0.replace_month(month).unwrap_or(self.0)
        };
        (of(first), of(first + 2))
    }

    /// Its first moment, and the first of the next.
    pub fn moments(self) -> (OffsetDateTime, OffsetDateTime) {
        let midnight = |day: Date| day.with_time(Time::MIDNIGHT).assume_utc();
        (midnight(self.0), midnight(self.after()))
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

    /// The working day by which it is to have been gone through; then it goes on to all managers.
    pub fn reviewed_by(self) -> Date {
        let days = std::iter::successors(Some(self.after()), |day| day.next_day());
        days.filter(|day| is_working_day(*day)).nth(WORKING_DAYS - 1).unwrap_or(self.0)
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

/// A moment at which the seals of the log say that something was wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    pub kind: String,
    pub at: OffsetDateTime,
    pub seal: Option<i64>,
}

impl Trouble {
    /// R20 in a reviewer's words.
    pub fn words(&self) -> String {
        let what = match self.kind.as_str() {
            "late" => "Loggen förseglades mer än en minut för sent",
            "clock" => "Klockan gick bakåt mer än två minuter",
            "restored" => "Databasen har återställts från en kopia",
            "anchor" => "Förseglingen kunde inte skrivas till filen utanför databasen",
            _ => "Rader väntade på försegling när urvalet gjordes",
        };
        let seal = self.seal.map(|n| format!(", försegling {n}")).unwrap_or_default();
        format!("{what}, {}{seal}", moment(self.at))
    }
}

/// Why a signed month was handed back.
#[derive(Debug, Clone)]
pub struct Return {
    pub id: Uuid,
    /// Sealed at `log_review_return.reason`.
    pub reason: Sealed,
    pub made_by: String,
    pub made_at: OffsetDateTime,
    pub signed_by: String,
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
    /// 1 by lot alone, 2 with a day for everybody who had not come in the quarter.
    pub method: i16,
    pub stratified: i32,
    pub troubles: Vec<Trouble>,
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
