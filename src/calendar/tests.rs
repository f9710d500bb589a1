//! What the calendar promises, with the days that trip programs up: leap days, ends of months, changes of the clock.

use proptest::prelude::*;
use time::macros::{date, datetime};

use super::*;

fn period(first: Date, last: Date) -> Period {
    Period::inclusive(first, last).unwrap()
}

#[test]
fn both_ends_of_a_period_count() {
    let year = period(date!(2026 - 01 - 15), date!(2027 - 01 - 14));
    assert_eq!(year.days(), Some(365));
    assert_eq!(period(date!(2026 - 01 - 15), date!(2026 - 01 - 15)).days(), Some(1));
    assert!(year.covers(date!(2026 - 01 - 15)) && year.covers(date!(2027 - 01 - 14)));
    assert!(!year.covers(date!(2026 - 01 - 14)) && !year.covers(date!(2027 - 01 - 15)));
    assert_eq!(year.last_day(), Some(date!(2027 - 01 - 14)));
}

#[test]
fn a_period_does_not_end_before_it_begins() {
    assert_eq!(Period::inclusive(date!(2026 - 01 - 02), date!(2026 - 01 - 01)), None);
    assert_eq!(Period::from_days(date!(2026 - 01 - 02), Some(date!(2026 - 01 - 01))), None);
}

#[test]
fn a_leap_year_has_one_day_more() {
    assert_eq!(Period::year(2027).and_then(Period::days), Some(365));
    assert_eq!(Period::year(2028).and_then(Period::days), Some(366));
    assert_eq!(Period::month_of(date!(2028 - 02 - 10)).days(), Some(29));
}

#[test]
fn a_period_without_end_goes_on() {
    let open = Period::from_days(date!(2026 - 01 - 15), None).unwrap();
    assert_eq!((open.days(), open.last_day()), (None, None));
    assert!(open.covers(date!(9999 - 12 - 31)));
    let year = Period::year(2026).unwrap();
    assert_eq!(open.overlap(year), Some(period(date!(2026 - 01 - 15), date!(2026 - 12 - 31))));
    assert_eq!(open.overlap(Period::open(date!(2027 - 01 - 01))), Some(Period::open(date!(2027 - 01 - 01))));
    assert_eq!(Period::year_of(date!(9999 - 12 - 31)).last_day(), None, "the calendar ends there, and no day is lost");
}

#[test]
fn neighbours_do_not_overlap() {
    let one = period(date!(2026 - 01 - 01), date!(2026 - 01 - 31));
    assert_eq!(one.overlap(period(date!(2026 - 02 - 01), date!(2026 - 02 - 28))), None);
    let shared = one.overlap(period(date!(2026 - 01 - 31), date!(2026 - 02 - 28)));
    assert_eq!(shared, Some(period(date!(2026 - 01 - 31), date!(2026 - 01 - 31))));
}

#[test]
fn months_and_years_are_cut_to_the_period() {
    let stay = period(date!(2026 - 11 - 20), date!(2027 - 01 - 05));
    let months: Vec<_> = stay.months().map(|month| month.to_string()).collect();
    assert_eq!(months, ["2026-11-20 till 2026-11-30", "2026-12-01 till 2026-12-31", "2027-01-01 till 2027-01-05"]);
    let years: Vec<_> = stay.years().map(Period::days).collect();
    assert_eq!(years, [Some(42), Some(5)]);
}

#[test]
fn a_month_without_such_a_day_ends_the_reckoning_on_its_last() {
    assert_eq!(add_months(date!(2026 - 11 - 30), 3), Some(date!(2027 - 02 - 28)));
    assert_eq!(add_months(date!(2027 - 11 - 30), 3), Some(date!(2028 - 02 - 29)));
    assert_eq!(add_months(date!(2026 - 10 - 31), 4), Some(date!(2027 - 02 - 28)));
    assert_eq!(add_months(date!(2026 - 03 - 31), -1), Some(date!(2026 - 02 - 28)));
    assert_eq!(add_months(date!(2026 - 01 - 15), 24), Some(date!(2028 - 01 - 15)));
    assert_eq!(add_months(date!(9999 - 12 - 01), 1), None);
    assert_eq!(add_months(date!(2026 - 01 - 01), i32::MAX), None);
}

#[test]
fn age_changes_on_the_birthday() {
    let birth = date!(2005 - 06 - 15);
    assert_eq!(age_on(birth, date!(2026 - 06 - 14)), 20);
    assert_eq!(age_on(birth, date!(2026 - 06 - 15)), 21);
    assert_eq!(age_on(birth, birth), 0);
    assert_eq!(age_on(birth, date!(2005 - 06 - 14)), -1);
    assert_eq!(age_on(date!(2008 - 02 - 29), date!(2026 - 02 - 27)), 17);
    assert_eq!(age_on(date!(2008 - 02 - 29), date!(2026 - 02 - 28)), 18);
}

#[test]
fn a_day_is_read_as_people_type_it() {
    let today = date!(2026 - 11 - 18);
    for text in ["2026-11-20", "20261120", "261120", " 2026-11-20 "] {
        assert_eq!(parse_day(text, today), Some(date!(2026 - 11 - 20)), "{text}");
    }
    for text in ["idag", "i dag", "Idag"] {
        assert_eq!(parse_day(text, today), Some(today), "{text}");
    }
    assert_eq!(parse_day("361231", today), Some(date!(2036 - 12 - 31)));
    assert_eq!(parse_day("370101", today), Some(date!(1937 - 01 - 01)));
    assert_eq!(parse_day("280229", today), Some(date!(2028 - 02 - 29)));
}

#[test]
fn what_is_not_a_day_is_refused() {
    let today = date!(2026 - 11 - 18);
    for text in [
        "",
        "-",
        "2026-02-29",
        "2026-13-01",
        "2026-1-05",
        "26-11-20",
        "2026-1120",
        "202611-20",
        "--20261120",
        "20 nov",
        "2026/11/20",
        "+0261120",
        "å61120",
        "2026112",
        "000000",
    ] {
        assert_eq!(parse_day(text, today), None, "{text}");
    }
}

#[test]
fn the_clock_in_stockholm_changes_at_one_utc_on_the_last_sundays_of_march_and_october() {
    assert_eq!(stockholm(datetime!(2026-03-29 0:59:59 UTC)), datetime!(2026-03-29 1:59:59));
    assert_eq!(stockholm(datetime!(2026-03-29 1:00 UTC)), datetime!(2026-03-29 3:00));
    assert_eq!(stockholm(datetime!(2026-10-25 0:59:59 UTC)), datetime!(2026-10-25 2:59:59));
    assert_eq!(stockholm(datetime!(2026-10-25 1:00 UTC)), datetime!(2026-10-25 2:00));
    assert_eq!(stockholm(datetime!(2026-07-01 12:00 -5)), datetime!(2026-07-01 19:00));
}

#[test]
fn a_moment_is_printed_in_swedish_time() {
    assert_eq!(moment(datetime!(2026-11-18 8:15:59 UTC)), "2026-11-18 kl. 09.15");
    assert_eq!(moment(datetime!(2026-06-30 22:05 UTC)), "2026-07-01 kl. 00.05");
}

#[test]
fn months_have_their_swedish_names() {
    let names: Vec<_> =
        Period::year(2026).unwrap().months().map(|month| swedish_month(month.first_day().month())).collect();
    assert_eq!(names.len(), 12);
    assert_eq!((names[0], names[4], names[11]), ("januari", "maj", "december"));
}

#[test]
fn a_time_of_day_is_read_as_it_is_typed() {
    for typed in ["09.15", "9:15", "0915", "915", " 09:15 "] {
        assert_eq!(parse_clock(typed), Some(time::macros::time!(09:15)), "{typed}");
    }
    for typed in ["", "9", "24.00", "09.60", "9.1", "09.15.00", "kl. 9", "åå.åå", "-9.15"] {
        assert_eq!(parse_clock(typed), None, "{typed}");
    }
}

fn any_day() -> impl Strategy<Value = Date> {
    let span = date!(1990 - 01 - 01).to_julian_day()..date!(2060 - 01 - 01).to_julian_day();
    span.prop_map(|day| Date::from_julian_day(day).unwrap())
}

proptest! {
    #[test]
    fn a_printed_day_is_read_back(day in any_day(), today in any_day()) {
        prop_assert_eq!(parse_day(&day.to_string(), today), Some(day));
    }

    #[test]
    fn anything_at_all_may_be_typed(text in "\\PC*") {
        parse_clock(&text);
        parse_day(&text, date!(2026 - 11 - 18));
    }

    #[test]
    fn overlap_is_the_days_that_both_cover(a in any_day(), b in 0_i64..900, c in -900_i64..900, d in 0_i64..900) {
        let after = |day: Date, days: i64| day + time::Duration::days(days);
        let (one, other) = (period(a, after(a, b)), period(after(a, c), after(a, c + d)));
        let shared = (0..=b).filter(|days| other.covers(after(a, *days))).count();
        prop_assert_eq!(one.overlap(other).and_then(Period::days).unwrap_or(0), i64::try_from(shared).unwrap());
        prop_assert_eq!(one.overlap(other), other.overlap(one));
    }

    #[test]
    fn the_months_and_the_years_make_up_the_period(first in any_day(), length in 0_i64..1500) {
        let whole = period(first, first + time::Duration::days(length));
        for pieces in [whole.months().collect::<Vec<_>>(), whole.years().collect()] {
            prop_assert_eq!(pieces.iter().filter_map(|piece| piece.days()).sum::<i64>(), length + 1);
            prop_assert!(pieces.windows(2).all(|pair| pair[0].day_after() == Some(pair[1].first_day())));
        }
    }
}
