//! The period of a report: a year, or a third of one (*tertial*).

use time::{Date, Month};

use crate::calendar::add_months;

/// See the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub year: i32,
    /// 1 to 3.
    pub tertial: Option<u8>,
}

impl Span {
    /// As it stands in an address; what cannot be read is this year.
    pub fn parse(year: &str, tertial: &str, today: Date) -> Self {
        let year = year.trim().parse().ok().filter(|year| (2015..=today.year()).contains(year));
        let tertial = tertial.trim().parse().ok().filter(|tertial| (1..=3).contains(tertial));
        let span = Self { year: year.unwrap_or(today.year()), tertial };
        // A part of the year that has not begun is the year.
        if span.first() > today { Self { tertial: None, ..span } } else { span }
    }

    pub fn first(self) -> Date {
        let month = match self.tertial {
            Some(2) => Month::May,
            Some(3) => Month::September,
            _ => Month::January,
        };
        Date::from_calendar_date(self.year, month, 1).unwrap_or(Date::MIN)
    }

    /// The last day, of those that have been.
    pub fn until(self, today: Date) -> Date {
        let months = if self.tertial.is_some() { 4 } else { 12 };
        let last = add_months(self.first(), months).and_then(Date::previous_day).unwrap_or(today);
        last.min(today)
    }

    pub fn is_year(self) -> bool {
        self.tertial.is_none()
    }

    /// `2026` or `2026, tertial 2`.
    pub fn label(self) -> String {
        match self.tertial {
            Some(tertial) => format!("{}, tertial {tertial}", self.year),
            None => self.year.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn a_tertial_is_four_months_and_ends_no_later_than_today() {
        let today = date!(2026 - 07 - 10);
        let second = Span::parse("2026", "2", today);
        assert_eq!((second.first(), second.until(today)), (date!(2026 - 05 - 01), today));
        let last = Span::parse("2025", "3", today);
        assert_eq!((last.first(), last.until(today)), (date!(2025 - 09 - 01), date!(2025 - 12 - 31)));
        for (year, tertial) in [("", ""), ("x", "9"), ("2027", ""), ("2026", "3"), ("1900", "0")] {
            assert_eq!(Span::parse(year, tertial, today), Span { year: 2026, tertial: None }, "{year} {tertial}");
        }
    }
}
