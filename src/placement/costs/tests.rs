//! Figures that were reckoned by hand: the acceptance scenarios of costs, and the nine placements of the reference year.

use time::macros::date;

use super::super::rates::staircase;
use super::*;

fn kronor(kronor: i64) -> Ore {
    Ore::kronor(kronor).unwrap()
}

fn period(first: Date, last: Date) -> Period {
    Period::inclusive(first, last).unwrap()
}

fn charge(days: i64, cost: i64) -> Option<Charge> {
    Ore::kronor(cost).map(|cost| Charge { days, cost })
}

fn year(year: i32) -> Period {
    Period::year(year).unwrap()
}

/// One price for the whole stay.
fn flat(first: Date, last: Date, per_day: i64) -> Stay {
    let rates = vec![Rate { period: period(first, last), per_day: kronor(per_day), kind: RateKind::Care }];
    Stay { first, last, charge_departure_day: true, rates, absences: Vec::new() }
}

/// 3 000 kronor for a year, then half.
fn stairs(first: Date, last: Date) -> Stay {
    let rates = staircase(first, last, kronor(3000), 12, 50).unwrap();
    Stay { rates, ..flat(first, last, 1) }
}

fn pl1() -> Stay {
    stairs(date!(2026 - 01 - 15), date!(2027 - 07 - 15))
}

fn reference_year() -> [Stay; 9] {
    [
        pl1(),
        flat(date!(2025 - 06 - 10), date!(2026 - 03 - 31), 2450),
        flat(date!(2026 - 04 - 01), date!(2026 - 09 - 30), 850),
        flat(date!(2026 - 03 - 16), date!(2026 - 08 - 31), 2450),
        flat(date!(2026 - 04 - 21), date!(2026 - 06 - 20), 3900),
        stairs(date!(2026 - 06 - 21), date!(2027 - 12 - 20)),
        stairs(date!(2024 - 09 - 10), date!(2026 - 03 - 09)),
        flat(date!(2026 - 09 - 20), date!(2027 - 03 - 19), 2450),
        flat(date!(2026 - 12 - 08), date!(2027 - 06 - 07), 650),
    ]
}

/// The named placements (PL1 is 1) within a year, together.
fn together(numbers: &[usize], within: Period) -> Option<Charge> {
    let stays = reference_year();
    Charge::checked_sum(numbers.iter().map(|number| stays[number - 1].charge(within).unwrap()))
}

#[test]
fn the_staircase_costs_1_368_000_kronor() {
    let total = pl1().total();
    assert_eq!(total, charge(547, 1_368_000));
    assert_eq!(total.unwrap().per_day().unwrap().to_string(), "2\u{a0}500,91\u{a0}kr");
    assert_eq!(pl1().charge(period(date!(2026 - 01 - 15), date!(2027 - 01 - 14))), charge(365, 1_095_000));
    assert_eq!(pl1().charge(period(date!(2027 - 01 - 15), date!(2027 - 07 - 15))), charge(182, 273_000));
}

#[test]
fn the_staircase_is_shared_between_years_and_months() {
    let years = pl1().per_year().unwrap();
    assert_eq!(years.len(), 2);
    assert_eq!(Some(years[0].1), charge(351, 1_053_000));
    assert_eq!(Some(years[1].1), charge(14 + 182, 315_000));
    let months = pl1().per_month().unwrap();
    assert_eq!(months.len(), 19);
    assert_eq!(months[0], (period(date!(2026 - 01 - 15), date!(2026 - 01 - 31)), charge(17, 51_000).unwrap()));
    assert_eq!(Some(months[1].1), charge(28, 84_000));
    assert_eq!(Some(months[2].1), charge(31, 93_000));
    assert_eq!(Some(months[12].1), charge(31, 67_500));
}

#[test]
fn a_first_year_over_a_leap_day_costs_one_day_more() {
    let stay = stairs(date!(2027 - 03 - 01), date!(2028 - 08 - 31));
    assert_eq!(stay.charge(stay.rates[0].period), charge(366, 1_098_000));
    assert_eq!(stay.rates[0].period.last_day(), Some(date!(2028 - 02 - 29)));
}

#[test]
fn without_a_step_the_same_stay_costs_1_641_000_kronor() {
    assert_eq!(flat(date!(2026 - 01 - 15), date!(2027 - 07 - 15), 3000).total(), charge(547, 1_641_000));
}

#[test]
fn who_leaves_early_is_paid_for_to_the_day_of_departure() {
    let left = |last, charge_departure_day| Stay { last, charge_departure_day, ..pl1() }.total();
    assert_eq!(left(date!(2026 - 03 - 18), true), charge(63, 189_000));
    assert_eq!(left(date!(2026 - 03 - 18), false), charge(62, 186_000));
    assert_eq!(left(date!(2026 - 09 - 30), true), charge(259, 777_000));
    assert_eq!(left(date!(2026 - 09 - 30), false), charge(258, 774_000));
}

#[test]
fn each_placement_of_the_reference_year_has_its_days_and_its_cost() {
    let expected = [
        (351, 1_053_000),
        (90, 220_500),
        (183, 155_550),
        (169, 414_050),
        (61, 237_900),
        (194, 582_000),
        (68, 102_000),
        (103, 252_350),
        (24, 15_600),
    ];
    for (number, (stay, (days, cost))) in (1..).zip(reference_year().iter().zip(expected)) {
        assert_eq!(stay.charge(year(2026)), charge(days, cost), "PL{number}");
    }
}

#[test]
fn the_reference_years_have_their_sums() {
    let all = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    let total = |within| together(&all, within);
    assert_eq!(total(year(2024)), charge(113, 339_000));
    assert_eq!(total(year(2025)), charge(570, 1_427_750));
    assert_eq!(total(year(2026)), charge(1243, 3_032_950));
    assert_eq!(total(year(2027)), charge(786, 1_396_300));
    let average = |within| total(within).and_then(Charge::per_day).unwrap().ore();
    assert_eq!((average(year(2025)), average(year(2026)), average(year(2027))), (250_482, 244_002, 177_646));
}

#[test]
fn the_reference_year_is_shared_between_inside_and_outside_the_agreements() {
    let shares = [
        (&[2, 4, 8][..], charge(362, 886_900), 245_000),
        (&[1, 5, 6, 7], charge(674, 1_974_900), 293_012),
        (&[1, 2, 4, 5, 6, 7, 8], charge(1036, 2_861_800), 276_236),
        (&[3, 9], charge(207, 171_150), 82_681),
    ];
    for (numbers, expected, average) in shares {
        let sum = together(numbers, year(2026));
        assert_eq!(sum, expected, "{numbers:?}");
        assert_eq!(sum.and_then(Charge::per_day).map(Ore::ore), Some(average), "{numbers:?}");
    }
    assert_eq!(together(&[7], year(2025)), charge(365, 925_500));
}

#[test]
fn cost_to_date_counts_today() {
    assert_eq!(pl1().to_date(date!(2026 - 01 - 14)), charge(0, 0));
    assert_eq!(pl1().to_date(date!(2026 - 01 - 15)), charge(1, 3000));
    assert_eq!(pl1().to_date(date!(2027 - 12 - 31)), pl1().total());
}

#[test]
fn a_single_day_without_pay_for_departure_is_free() {
    let day = Stay { charge_departure_day: false, ..flat(date!(2026 - 05 - 01), date!(2026 - 05 - 01), 3000) };
    assert_eq!(day.total(), charge(0, 0));
    assert_eq!(day.per_month(), Some(Vec::new()));
}

#[test]
fn a_month_that_holds_only_an_unpaid_departure_has_no_invoice() {
    let stay = Stay { charge_departure_day: false, ..flat(date!(2026 - 05 - 20), date!(2026 - 06 - 01), 3000) };
    assert_eq!(stay.per_month().unwrap().len(), 1);
}

#[test]
fn absence_changes_the_price_and_not_the_number_of_days() {
    let (first, last) = (date!(2026 - 05 - 01), date!(2026 - 05 - 31));
    let priced = |kind, per_day| Rate { period: period(first, last), per_day: kronor(per_day), kind };
    let away = |rate| Absence { period: period(date!(2026 - 05 - 11), date!(2026 - 05 - 15)), rate };
    let rates = vec![priced(RateKind::Care, 3000), priced(RateKind::Supplement, 200), priced(RateKind::Absence, 1000)];
    let stay = |absences| Stay { rates: rates.clone(), absences, ..flat(first, last, 1) };
    assert_eq!(stay(vec![]).total(), charge(31, 31 * 3200));
    assert_eq!(stay(vec![away(AbsenceRate::Full)]).total(), charge(31, 31 * 3200));
    assert_eq!(stay(vec![away(AbsenceRate::Reduced)]).total(), charge(31, 26 * 3200 + 5 * 1000));
    assert_eq!(stay(vec![away(AbsenceRate::None)]).total(), charge(31, 26 * 3200));
    let both = vec![away(AbsenceRate::Reduced), away(AbsenceRate::None)];
    assert_eq!(stay(both).total(), charge(31, 26 * 3200));
}

#[test]
fn a_reduced_price_that_nobody_entered_is_asked_for_and_costs_the_full_price_meanwhile() {
    let mut stay = flat(date!(2026 - 05 - 01), date!(2026 - 05 - 31), 3000);
    assert_eq!(stay.missing_absence_rate(), None);
    let away = period(date!(2026 - 05 - 11), date!(2026 - 05 - 15));
    stay.absences.push(Absence { period: away, rate: AbsenceRate::Reduced });
    assert_eq!(stay.missing_absence_rate(), Some(date!(2026 - 05 - 11)));
    assert_eq!(stay.total(), charge(31, 93_000));
    stay.rates.push(Rate { period: away, per_day: kronor(1000), kind: RateKind::Absence });
    assert_eq!(stay.missing_absence_rate(), None);
    assert_eq!(stay.total(), charge(31, 26 * 3000 + 5 * 1000));
}

#[test]
fn a_cost_that_does_not_fit_is_no_cost() {
    let mut stay = flat(date!(2026 - 05 - 01), date!(2026 - 05 - 31), 1);
    stay.rates[0].per_day = Ore::from_ore(i64::MAX);
    assert_eq!((stay.total(), stay.per_month()), (None, None));
}
