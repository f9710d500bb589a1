//! The arithmetic of stays against the slowest possible reckoning: one day at a time, with nothing but comparisons of
//! days. Ten thousand invented stays with gaps, overlaps, supplements, absences and leap days.

use proptest::prelude::*;
use time::Duration;
use time::macros::date;

use super::*;

fn after(day: Date, days: i64) -> Date {
    day + Duration::days(days)
}

/// Starts up to a year before the stay and runs up to two years: some reach outside it, some are without end.
fn any_period(first: Date) -> impl Strategy<Value = Period> {
    (-365_i64..900, proptest::option::weighted(0.9, 0_i64..700)).prop_map(move |(start, length)| {
        let start = after(first, start);
        Period::from_days(start, length.map(|length| after(start, length))).unwrap()
    })
}

fn any_rate(first: Date) -> impl Strategy<Value = Rate> {
    (any_period(first), 1_i64..=2_000_000, proptest::sample::select(RateKind::ALL))
        .prop_map(|(period, ore, kind)| Rate { period, per_day: Ore::from_ore(ore), kind })
}

fn any_absence(first: Date) -> impl Strategy<Value = Absence> {
    (any_period(first), proptest::sample::select(AbsenceRate::ALL)).prop_map(|(period, rate)| Absence { period, rate })
}

fn any_stay() -> impl Strategy<Value = Stay> {
    let first = (0_i64..3000).prop_map(|days| after(date!(2022 - 01 - 01), days));
    (first, -2_i64..800, any::<bool>()).prop_flat_map(|(first, length, charge_departure_day)| {
        let rates = proptest::collection::vec(any_rate(first), 0..6);
        let absences = proptest::collection::vec(any_absence(first), 0..4);
        (rates, absences).prop_map(move |(rates, absences)| Stay {
            first,
            last: after(first, length),
            charge_departure_day,
            rates,
            absences,
        })
    })
}

fn holds(period: Period, day: Date) -> bool {
    day >= period.first_day() && period.last_day().is_none_or(|last| day <= last)
}

fn one_day(stay: &Stay, day: Date) -> i64 {
    let price = |kind: RateKind| -> Option<i64> {
        let rates = stay.rates.iter().filter(|rate| rate.kind == kind && holds(rate.period, day));
        rates.map(|rate| rate.per_day.ore()).reduce(|sum, ore| sum + ore)
    };
    let full = price(RateKind::Care).unwrap_or(0) + price(RateKind::Supplement).unwrap_or(0);
    let mut away: Vec<&str> =
        stay.absences.iter().filter(|absence| holds(absence.period, day)).map(|absence| absence.rate.code()).collect();
    away.sort_unstable();
    match away.as_slice() {
        codes if codes.contains(&"none") => 0,
        codes if codes.contains(&"reduced") => price(RateKind::Absence).unwrap_or(full),
        _ => full,
    }
}

/// Walks every day of the stay and looks at the calendar for nothing but the next one.
fn day_by_day(stay: &Stay, counts: impl Fn(Date) -> bool) -> Charge {
    let mut charge = (0, 0);
    let mut day = stay.first;
    while day <= stay.last {
        let unpaid = day == stay.last && !stay.charge_departure_day;
        if counts(day) && !unpaid {
            charge = (charge.0 + 1, charge.1 + one_day(stay, day));
        }
        day = after(day, 1);
    }
    Charge { days: charge.0, cost: Ore::from_ore(charge.1) }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn a_stay_costs_what_its_days_cost_one_by_one(stay in any_stay(), from in -100_i64..900, length in 0_i64..500) {
        let within = Period::inclusive(after(stay.first, from), after(stay.first, from + length)).unwrap();
        prop_assert_eq!(stay.charge(within), Some(day_by_day(&stay, |day| holds(within, day))));
        prop_assert_eq!(stay.total(), Some(day_by_day(&stay, |_| true)));
        let today = after(stay.first, from);
        prop_assert_eq!(stay.to_date(today), Some(day_by_day(&stay, |day| day <= today)));
    }

    #[test]
    fn months_and_years_share_the_whole_cost_between_them(stay in any_stay()) {
        for parts in [stay.per_month().unwrap(), stay.per_year().unwrap()] {
            prop_assert_eq!(Charge::checked_sum(parts.iter().map(|(_, charge)| *charge)), stay.total());
            prop_assert!(parts.iter().all(|(period, charge)| period.days() == Some(charge.days)));
        }
    }
}

proptest! {
    #[test]
    fn a_month_costs_what_the_days_with_its_number_cost(stay in any_stay()) {
        for (month, charge) in stay.per_month().unwrap() {
            let same = |day: Date| (day.year(), day.month()) == (month.first_day().year(), month.first_day().month());
            prop_assert_eq!(charge, day_by_day(&stay, same));
        }
    }

    #[test]
    fn an_uncovered_day_is_the_first_without_a_price_for_care(stay in any_stay()) {
        if let Some(charged) = stay.charged() {
            let free = |day: &Date| !stay.rates.iter().any(|rate| rate.kind == RateKind::Care && holds(rate.period, *day));
            let days = (0..charged.days().unwrap()).map(|days| after(stay.first, days));
            prop_assert_eq!(super::super::rates::uncovered_day(charged, &stay.rates), days.into_iter().find(free));
        }
    }
}
