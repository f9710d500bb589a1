//! Days on which nothing falls due: Saturdays, Sundays, public holidays (lag 1989:253) and the three eves that the law on
//! reckoning statutory time puts beside them (lag 1930:173, 2 §). Counted from the law and not kept in a table: nobody has
//! to remember to fill in next year.

use time::{Date, Month, Weekday};

/// Easter Sunday of a year by the Gregorian calendar (the anonymous rule of 1876, as Butcher printed it).
pub fn easter(year: i32) -> Option<Date> {
    let (golden, century, rest) = (year.rem_euclid(19), year.div_euclid(100), year.rem_euclid(100));
    let (leap_centuries, odd_centuries) = (century / 4, century % 4);
    let moon_shift = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - leap_centuries - moon_shift + 15) % 30;
    let weekday = (32 + 2 * odd_centuries + 2 * (rest / 4) - epact - rest % 4) % 7;
    let late = (golden + 11 * epact + 22 * weekday) / 451;
    let sum = epact + weekday - 7 * late + 114;
    let month = Month::try_from(u8::try_from(sum / 31).ok()?).ok()?;
    Date::from_calendar_date(year, month, u8::try_from(sum % 31 + 1).ok()?).ok()
}

/// Whether the day is a public holiday other than a Sunday.
fn is_holiday(day: Date) -> bool {
    let (month, date) = (day.month(), day.day());
    let fixed = matches!(
        (month, date),
        (Month::January, 1 | 6) | (Month::May, 1) | (Month::June, 6) | (Month::December, 25 | 26)
    );
    // Easter and Whit Sunday are Sundays; midsummer's own day and All Saints' are Saturdays: none needs a word here.
    let since_easter = easter(day.year()).map(|easter| day.to_julian_day() - easter.to_julian_day());
    // Good Friday, Easter Monday, Ascension Day.
    fixed || matches!(since_easter, Some(-2 | 1 | 39))
}

/// Midsummer's eve is the Friday between 19 and 25 June.
fn is_eve(day: Date) -> bool {
    match (day.month(), day.day()) {
        (Month::December, 24 | 31) => true,
        (Month::June, 19..=25) => day.weekday() == Weekday::Friday,
        _ => false,
    }
}

/// Whether something that falls due on the day falls due on that day.
pub fn is_working_day(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && !is_holiday(day) && !is_eve(day)
}

/// The day itself, or the first one after it that is no Saturday, Sunday, holiday or eve.
pub fn moved_past_holidays(day: Date) -> Date {
    std::iter::successors(Some(day), |day| day.next_day()).find(|day| is_working_day(*day)).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn easter_falls_where_the_almanac_has_it() {
        for day in [
            date!(1961 - 04 - 02),
            date!(2000 - 04 - 23),
            date!(2008 - 03 - 23),
            date!(2011 - 04 - 24),
            date!(2024 - 03 - 31),
            date!(2025 - 04 - 20),
            date!(2026 - 04 - 05),
            date!(2027 - 03 - 28),
            date!(2038 - 04 - 25),
            date!(2285 - 03 - 22),
        ] {
            assert_eq!(easter(day.year()), Some(day));
        }
        // For a hundred years it is a Sunday between 22 March and 25 April.
        for year in 1970..2070 {
            let day = easter(year).unwrap();
            assert_eq!(day.weekday(), Weekday::Sunday);
            assert!(Date::from_calendar_date(year, Month::March, 22).unwrap() <= day);
            assert!(day <= Date::from_calendar_date(year, Month::April, 25).unwrap());
        }
    }

    #[test]
    fn the_free_weekdays_of_2026_are_these_and_no_others() {
        let year = std::iter::successors(Some(date!(2026 - 01 - 01)), |day| day.next_day());
        let weekday = |day: &Date| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        let free: Vec<_> =
            year.take_while(|day| day.year() == 2026).filter(|day| weekday(day) && !is_working_day(*day)).collect();
        assert_eq!(
            free,
            [
                date!(2026 - 01 - 01),
                date!(2026 - 01 - 06),
                date!(2026 - 04 - 03),
                date!(2026 - 04 - 06),
                date!(2026 - 05 - 01),
                date!(2026 - 05 - 14),
                date!(2026 - 06 - 19),
                date!(2026 - 12 - 24),
                date!(2026 - 12 - 25),
                date!(2026 - 12 - 31),
            ]
        );
    }

    #[test]
    fn the_national_day_and_midsummers_eve_move_with_the_week() {
        assert!(!is_working_day(date!(2025 - 06 - 06)));
        assert!(!is_working_day(date!(2025 - 06 - 20)) && is_working_day(date!(2025 - 06 - 27)));
        assert!(!is_working_day(date!(2021 - 06 - 25)) && is_working_day(date!(2021 - 06 - 18)));
    }

    #[test]
    fn the_last_day_moves_to_the_next_working_day() {
        assert_eq!(moved_past_holidays(date!(2026 - 03 - 23)), date!(2026 - 03 - 23));
        assert_eq!(moved_past_holidays(date!(2026 - 05 - 01)), date!(2026 - 05 - 04));
        // From Maundy Thursday on, over Easter.
        assert_eq!(moved_past_holidays(date!(2026 - 04 - 02)), date!(2026 - 04 - 02));
        assert_eq!(moved_past_holidays(date!(2026 - 04 - 03)), date!(2026 - 04 - 07));
        // Christmas: Thursday's eve to the Monday after.
        assert_eq!(moved_past_holidays(date!(2026 - 12 - 24)), date!(2026 - 12 - 28));
        // New Year: eve on Thursday, the day itself, the weekend.
        assert_eq!(moved_past_holidays(date!(2026 - 12 - 31)), date!(2027 - 01 - 04));
        assert_eq!(moved_past_holidays(date!(2026 - 06 - 19)), date!(2026 - 06 - 22));
    }
}
