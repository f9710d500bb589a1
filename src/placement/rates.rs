//! Prices per day and the days they hold: the staircase, and what is wrong with a set of prices. Pure; which amounts are
//! allowed is said in the form, what a stay costs in `costs`.

use time::Date;

use crate::calendar::{Period, add_months};
use crate::money::Ore;
use crate::vocabulary::RateKind;

/// A price per day, and the days on which it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    pub period: Period,
    pub per_day: Ore,
    pub kind: RateKind,
}

/// The template *Trappa*: the full price for so many months, so many per cent of it for the rest. One step alone when the
/// stay ends within the first. The months are calendar months, so that a first year may have 366 days.
///
/// None when the stay ends before it begins, or for an amount or a length without bounds.
pub fn staircase(start: Date, last: Date, per_day: Ore, first_months: u16, percent: u32) -> Option<Vec<Rate>> {
    let whole = Period::inclusive(start, last)?;
    let rate = |period, per_day| Rate { period, per_day, kind: RateKind::Care };
    let turn = add_months(start, i32::from(first_months))?;
    let Some(second) = Period::inclusive(turn, last) else {
        return Some(vec![rate(whole, per_day)]);
    };
    let second = rate(second, per_day.percent(percent)?);
    Some(
        turn.previous_day()
            .and_then(|day| Period::inclusive(start, day))
            .map_or_else(|| vec![second], |first| vec![rate(first, per_day), second]),
    )
}

/// The first day of the stay that no price for care holds: *Dygnspris saknas för …*.
pub fn uncovered_day(stay: Period, rates: &[Rate]) -> Option<Date> {
    let mut care: Vec<Period> =
        rates.iter().filter(|rate| rate.kind == RateKind::Care).map(|rate| rate.period).collect();
    care.sort_by_key(|period| period.first_day());
    let mut day = stay.first_day();
    for period in care {
        if period.covers(day) {
            day = period.day_after()?;
        }
    }
    stay.covers(day).then_some(day)
}

/// The first day that two prices of the same kind hold at once, and the kind. Prices of different kinds may share days:
/// a supplement stands on top of care.
pub fn overlapping(rates: &[Rate]) -> Option<(RateKind, Date)> {
    let pairs =
        rates.iter().enumerate().flat_map(|(place, one)| rates[place + 1..].iter().map(move |other| (one, other)));
    pairs
        .filter(|(one, other)| one.kind == other.kind)
        .filter_map(|(one, other)| Some((one.kind, one.period.overlap(other.period)?.first_day())))
        .min_by_key(|(_, day)| *day)
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn kronor(kronor: i64) -> Ore {
        Ore::kronor(kronor).unwrap()
    }

    fn period(first: Date, last: Date) -> Period {
        Period::inclusive(first, last).unwrap()
    }

    fn care(first: Date, last: Date) -> Rate {
        Rate { period: period(first, last), per_day: kronor(2450), kind: RateKind::Care }
    }

    #[test]
    fn the_staircase_falls_to_half_after_twelve_months() {
        let steps = staircase(date!(2026 - 01 - 15), date!(2027 - 07 - 15), kronor(3000), 12, 50).unwrap();
        let (first, second) = (steps[0], steps[1]);
        assert_eq!(steps.len(), 2);
        assert_eq!((first.period, first.per_day), (period(date!(2026 - 01 - 15), date!(2027 - 01 - 14)), kronor(3000)));
        assert_eq!(
            (second.period, second.per_day),
            (period(date!(2027 - 01 - 15), date!(2027 - 07 - 15)), kronor(1500))
        );
        assert_eq!((first.period.days(), second.period.days()), (Some(365), Some(182)));
    }

    #[test]
    fn twelve_months_over_a_leap_day_are_366_days() {
        let steps = staircase(date!(2027 - 03 - 01), date!(2028 - 08 - 31), kronor(3000), 12, 50).unwrap();
        assert_eq!(steps[0].period, period(date!(2027 - 03 - 01), date!(2028 - 02 - 29)));
        assert_eq!(steps[0].period.days(), Some(366));
    }

    #[test]
    fn a_stay_that_ends_within_the_first_step_has_one() {
        let steps = |last| staircase(date!(2026 - 01 - 15), last, kronor(3000), 12, 50).unwrap();
        assert_eq!(steps(date!(2027 - 01 - 14)).len(), 1);
        assert_eq!(steps(date!(2027 - 01 - 15)).len(), 2);
        assert_eq!(steps(date!(2026 - 03 - 18))[0].period, period(date!(2026 - 01 - 15), date!(2026 - 03 - 18)));
        assert_eq!(staircase(date!(2026 - 01 - 15), date!(2026 - 01 - 14), kronor(3000), 12, 50), None);
    }

    #[test]
    fn a_first_step_of_no_months_is_left_out() {
        let steps = staircase(date!(2026 - 01 - 15), date!(2026 - 01 - 31), kronor(3000), 0, 50).unwrap();
        assert_eq!(
            steps,
            [Rate {
                period: period(date!(2026 - 01 - 15), date!(2026 - 01 - 31)),
                per_day: kronor(1500),
                kind: RateKind::Care
            }]
        );
    }

    #[test]
    fn the_first_day_without_a_price_is_named() {
        let stay = period(date!(2026 - 03 - 16), date!(2026 - 08 - 31));
        let before = care(date!(2026 - 03 - 16), date!(2026 - 05 - 31));
        let after = care(date!(2026 - 06 - 02), date!(2026 - 08 - 31));
        assert_eq!(uncovered_day(stay, &[after, before]), Some(date!(2026 - 06 - 01)));
        assert_eq!(uncovered_day(stay, &[before, care(date!(2026 - 06 - 01), date!(2026 - 08 - 31))]), None);
        assert_eq!(uncovered_day(stay, &[care(date!(2026 - 06 - 01), date!(2026 - 08 - 31)), before]), None);
        assert_eq!(uncovered_day(stay, &[before]), Some(date!(2026 - 06 - 01)));
        assert_eq!(uncovered_day(stay, &[after]), Some(date!(2026 - 03 - 16)));
        assert_eq!(
            uncovered_day(stay, &[care(date!(2026 - 03 - 16), date!(2026 - 08 - 30))]),
            Some(date!(2026 - 08 - 31))
        );
        assert_eq!(uncovered_day(stay, &[]), Some(date!(2026 - 03 - 16)));
    }

    #[test]
    fn a_supplement_does_not_stand_in_for_care() {
        let stay = period(date!(2026 - 03 - 16), date!(2026 - 08 - 31));
        let supplement = Rate { kind: RateKind::Supplement, ..care(date!(2026 - 03 - 16), date!(2026 - 08 - 31)) };
        assert_eq!(uncovered_day(stay, &[supplement]), Some(date!(2026 - 03 - 16)));
    }

    #[test]
    fn a_price_without_end_covers_a_stay_without_end() {
        let rate = Rate { period: Period::open(date!(2026 - 01 - 01)), per_day: kronor(850), kind: RateKind::Care };
        assert_eq!(uncovered_day(Period::open(date!(2026 - 02 - 01)), &[rate]), None);
        let stay = Period::open(date!(2026 - 02 - 01));
        assert_eq!(
            uncovered_day(stay, &[care(date!(2026 - 01 - 01), date!(2026 - 12 - 31))]),
            Some(date!(2027 - 01 - 01))
        );
    }

    #[test]
    fn two_prices_for_care_on_one_day_are_found() {
        let one = care(date!(2026 - 01 - 01), date!(2026 - 03 - 31));
        let next = care(date!(2026 - 04 - 01), date!(2026 - 06 - 30));
        let late = care(date!(2026 - 06 - 30), date!(2026 - 12 - 31));
        assert_eq!(overlapping(&[one, next]), None);
        assert_eq!(overlapping(&[late, one, next]), Some((RateKind::Care, date!(2026 - 06 - 30))));
        assert_eq!(overlapping(&[one, Rate { kind: RateKind::Supplement, ..one }]), None);
    }
}
