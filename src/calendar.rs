//! Days, months and periods as the law and the invoice count them, and moments in Swedish time. Days have no time zone
//! and both ends of a period count; that a period is half-open inside is said here and nowhere else. No holidays.

use std::fmt;
use std::iter;
use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

pub mod holidays;
#[cfg(test)]
mod tests;

/// At least one day, and the days that follow it up to a last one, or with no end set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Period {
    from: Date,
    /// The day after the last one, as in a Postgres `daterange`.
    until: Option<Date>,
}

impl Period {
    /// From the first day to the last, both counted. None when the last comes before the first.
    pub fn inclusive(first: Date, last: Date) -> Option<Self> {
        let until = last.next_day()?;
        (first <= last).then_some(Self { from: first, until: Some(until) })
    }

    /// From a day on, with no end set.
    pub const fn open(from: Date) -> Self {
        Self { from, until: None }
    }

    /// As columns hold it: with a last day, or without.
    pub fn from_days(first: Date, last: Option<Date>) -> Option<Self> {
        last.map_or(Some(Self::open(first)), |last| Self::inclusive(first, last))
    }

    /// The whole calendar month in which the day lies.
    pub fn month_of(day: Date) -> Self {
        let first = day.replace_day(1).unwrap_or(day);
        Self { from: first, until: add_months(first, 1) }
    }

    /// The whole calendar year in which the day lies.
    pub fn year_of(day: Date) -> Self {
        let first = Date::from_ordinal_date(day.year(), 1).unwrap_or(day);
        Self { from: first, until: add_months(first, 12) }
    }

    /// A whole calendar year. None for a year the calendar has not.
    pub fn year(year: i32) -> Option<Self> {
        Date::from_ordinal_date(year, 1).ok().map(Self::year_of)
    }

    /// The first day.
    pub const fn first_day(self) -> Date {
        self.from
    }

    /// The last day that counts; none when no end is set.
    pub fn last_day(self) -> Option<Date> {
        self.until.and_then(Date::previous_day)
    }

    /// How many days it has, both ends counted; none when no end is set.
    pub fn days(self) -> Option<i64> {
        self.until.map(|until| i64::from(until.to_julian_day() - self.from.to_julian_day()))
    }

    /// Whether the day is one of its days.
    pub fn covers(self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }

    /// The days the two have in common.
    pub fn overlap(self, other: Self) -> Option<Self> {
        let from = self.from.max(other.from);
        let until = match (self.until, other.until) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        };
        until.is_none_or(|until| from < until).then_some(Self { from, until })
    }

    /// The day after the last one; none when no end is set.
    pub const fn day_after(self) -> Option<Date> {
        self.until
    }

    /// Its calendar months in order, the first and the last cut to the days that belong to it.
    pub fn months(self) -> impl Iterator<Item = Self> {
        self.pieces(Self::month_of)
    }

    /// Its calendar years in order, the first and the last cut to the days that belong to it.
    pub fn years(self) -> impl Iterator<Item = Self> {
        self.pieces(Self::year_of)
    }

    fn pieces(self, whole: fn(Date) -> Self) -> impl Iterator<Item = Self> {
        let next =
            move |piece: &Self| piece.until.filter(|day| self.covers(*day)).and_then(|day| whole(day).overlap(self));
        iter::successors(whole(self.from).overlap(self), next)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.last_day() {
            Some(last) => write!(f, "{} till {last}", self.from),
            None => write!(f, "från {}", self.from),
        }
    }
}

/// The same day so many months later (or earlier). Where that month has no such day its last one takes its place, as
/// the law on reckoning statutory time has it (lag 1930:173, 1 §): three months from 30 November end on 28 February.
pub fn add_months(day: Date, months: i32) -> Option<Date> {
    let since_year_zero = day.year() * 12 + i32::from(u8::from(day.month())) - 1;
    let target = since_year_zero.checked_add(months)?;
    let year = target.div_euclid(12);
    let month = Month::try_from(u8::try_from(target.rem_euclid(12) + 1).ok()?).ok()?;
    Date::from_calendar_date(year, month, day.day().min(month.length(year))).ok()
}

/// Whole years of age on a day; negative before birth. Who is born on 29 February comes of age on the 28th in years that
/// have no such day, by the rule of [`add_months`].
pub fn age_on(birth: Date, day: Date) -> i32 {
    let years = day.year() - birth.year();
    let birthday = add_months(birth, years * 12);
    if birthday.is_some_and(|birthday| birthday <= day) { years } else { years - 1 }
}

/// Reads a day as people type it: `2026-11-20`, `20261120`, `261120`, `idag`.
///
/// Two figures mean the year that is at most ten years ahead: plans reach two years, and births lie behind.
pub fn parse_day(text: &str, today: Date) -> Option<Date> {
    let text = text.trim().to_lowercase();
    if text == "idag" || text == "i dag" {
        return Some(today);
    }
    let bytes = text.as_bytes();
    if !text.is_ascii() || (text.contains('-') && (bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-')) {
        return None;
    }
    let figures = text.replace('-', "");
    if !figures.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    match figures.len() {
        8 => date_of(figures[..4].parse().ok()?, &figures[4..]),
        6 => {
            let horizon = today.year() + 10;
            let short: i32 = figures[..2].parse().ok()?;
            date_of(horizon - (horizon - short).rem_euclid(100), &figures[2..])
        }
        _ => None,
    }
}

/// A day of a year from `MMDD`.
fn date_of(year: i32, month_and_day: &str) -> Option<Date> {
    let month = Month::try_from(month_and_day[..2].parse::<u8>().ok()?).ok()?;
    Date::from_calendar_date(year, month, month_and_day[2..].parse().ok()?).ok()
}

/// Reads a time of day as people type it: `09.15`, `9:15`, `0915`, `915`.
pub fn parse_clock(text: &str) -> Option<Time> {
    let text = text.trim();
    let (hour, minute) = match text.split_once(['.', ':']) {
        Some(parts) => parts,
        None => text.split_at_checked(text.len().checked_sub(2)?)?,
    };
    let figures = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let whole = matches!(hour.len(), 1 | 2) && minute.len() == 2 && figures(hour) && figures(minute);
    whole.then(|| Time::from_hms(hour.parse().ok()?, minute.parse().ok()?, 0).ok()).flatten()
}

/// A month as a heading over what happened in it: "Mars 2026".
pub fn month_heading(day: Date) -> String {
    let name = swedish_month(day.month());
    format!("{}{} {}", name[..1].to_uppercase(), &name[1..], day.year())
}

/// The month's name, in lower case as Swedish has it.
pub const fn swedish_month(month: Month) -> &'static str {
    match month {
        Month::January => "januari",
        Month::February => "februari",
        Month::March => "mars",
        Month::April => "april",
        Month::May => "maj",
        Month::June => "juni",
        Month::July => "juli",
        Month::August => "augusti",
        Month::September => "september",
        Month::October => "oktober",
        Month::November => "november",
        Month::December => "december",
    }
}

/// The zone table is compiled in: what a server has under `/usr/share` must not decide a deadline. UTC never comes to
/// use; a test fails if the table lacks Stockholm.
static STOCKHOLM: LazyLock<TimeZone> = LazyLock::new(|| TimeZone::get("Europe/Stockholm").unwrap_or(TimeZone::UTC));

/// What a calendar and a clock on a Swedish wall show.
pub fn stockholm(moment: OffsetDateTime) -> PrimitiveDateTime {
    let local = Timestamp::from_second(moment.unix_timestamp())
        .ok()
        .and_then(|timestamp| UtcOffset::from_whole_seconds(STOCKHOLM.to_offset(timestamp).seconds()).ok())
        .and_then(|offset| moment.checked_to_offset(offset))
        .unwrap_or(moment);
    PrimitiveDateTime::new(local.date(), local.time())
}

/// The day it is in Sweden at a moment.
pub fn stockholm_date(moment: OffsetDateTime) -> Date {
    stockholm(moment).date()
}

/// A moment in print: `2026-11-18 kl. 09.15`, Swedish time.
pub fn moment(moment: OffsetDateTime) -> String {
    let local = stockholm(moment);
    format!("{} kl. {:02}.{:02}", local.date(), local.hour(), local.minute())
}
