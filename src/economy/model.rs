//! The rules of the economy: cost so far and still to come, how the lines of a budget are drawn, and what two ways of
//! placing somebody would cost. Pure; knows no case.

use time::Date;

use crate::calendar::Period;
use crate::money::Ore;
use crate::placement::costs::{Charge, Stay};
use crate::placement::rates::Rate;
use crate::vocabulary::{BudgetKind, RateKind};
use uuid::Uuid;

/// What a month costs: until the day that is asked for, and after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Month {
    pub first: Date,
    pub actual: Ore,
    pub planned: Ore,
    pub days: i64,
}

impl Month {
    /// Both together, unless it overflows.
    pub fn total(&self) -> Option<Ore> {
        self.actual.plus(self.planned)
    }
}

/// A year as it is known on a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Year {
    pub months: Vec<Month>,
    pub budget: Ore,
}

impl Year {
    pub fn actual(&self) -> Option<Ore> {
        Ore::checked_sum(self.months.iter().map(|month| month.actual))
    }

    pub fn planned(&self) -> Option<Ore> {
        Ore::checked_sum(self.months.iter().map(|month| month.planned))
    }

    /// Cost so far and what is planned for the rest of the year.
    pub fn forecast(&self) -> Option<Ore> {
        self.actual()?.plus(self.planned()?)
    }

    pub fn days(&self) -> i64 {
        self.months.iter().map(|month| month.days).sum()
    }

    /// How many days of care the budget pays for at the year's average price.
    pub fn financed_days(&self) -> Option<i64> {
        let forecast = self.forecast()?.ore();
        let days = i128::from(self.days());
        (forecast > 0).then(|| i64::try_from(i128::from(self.budget.ore()) * days / i128::from(forecast)).ok())?
    }
}

/// Tenths of a per cent of the whole, rounded half up; none without a whole.
pub fn per_mille(part: Ore, whole: Ore) -> Option<i64> {
    if whole.ore() <= 0 {
        return None;
    }
    let (part, whole) = (i128::from(part.ore()), i128::from(whole.ore()));
    i64::try_from((2 * part * 1000 + whole).div_euclid(2 * whole)).ok()
}

/// `63,2 %`.
pub fn percent(part: Ore, whole: Ore) -> Option<String> {
    let tenths = per_mille(part, whole)?;
    let sign = if tenths < 0 { "\u{2212}" } else { "" };
    Some(format!("{sign}{},{}\u{a0}%", tenths.abs() / 10, tenths.abs() % 10))
}

/// A line of a year's budget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BudgetLine {
    pub id: Uuid,
    pub kind: BudgetKind,
    pub amount: Ore,
    pub decided_in: String,
    pub only_that_year: bool,
    pub draw_order: i32,
    pub withdrawn: Option<Withdrawn>,
}

/// Why a line no longer counts, and since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdrawn {
    pub on: Date,
    pub why: String,
}

/// How much of each line a cost takes, in their order; what no line covers is the rest.
pub fn draw(lines: &[BudgetLine], cost: Ore) -> (Vec<Ore>, Ore) {
    let mut left = cost.ore().max(0);
    let drawn = lines.iter().filter(|line| line.withdrawn.is_none()).map(|line| {
        let part = left.min(line.amount.ore());
        left -= part;
        Ore::from_ore(part)
    });
    (drawn.collect(), Ore::from_ore(left))
}

/// One way of placing somebody that nobody has decided: days, price, and perhaps another price from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    pub first: Date,
    pub last: Date,
    pub per_day: Ore,
    pub then: Option<(Date, Ore)>,
}

impl Alternative {
    /// What it would cost in all and in each year; none when it cannot be reckoned.
    pub fn cost(&self) -> Option<(Charge, Vec<(i32, Charge)>)> {
        let rate = |first, last, per_day| {
            Some(Rate { period: Period::inclusive(first, last)?, per_day, kind: RateKind::Care })
        };
        let rates = match self.then {
            Some((from, per_day)) => {
                vec![rate(self.first, from.previous_day()?, self.per_day)?, rate(from, self.last, per_day)?]
            }
            None => vec![rate(self.first, self.last, self.per_day)?],
        };
        let stay = Stay { first: self.first, last: self.last, charge_departure_day: true, rates, absences: Vec::new() };
        let years = stay.per_year()?.into_iter().map(|(year, charge)| (year.first_day().year(), charge)).collect();
        Some((stay.total()?, years))
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn kr(kronor: i64) -> Ore {
        Ore::kronor(kronor).unwrap()
    }

    fn line(kronor: i64, order: i32) -> BudgetLine {
        BudgetLine {
            id: Uuid::now_v7(),
            kind: BudgetKind::Targeted,
            amount: kr(kronor),
            decided_in: "Mål och budget".to_owned(),
            only_that_year: false,
            draw_order: order,
            withdrawn: None,
        }
    }

    #[test]
    fn the_lines_are_drawn_one_after_the_other_and_what_none_covers_is_left() {
        let lines = [line(2_800_000, 1), line(2_000_000, 2)];
        let (drawn, over) = draw(&lines, kr(3_032_950));
        assert_eq!((drawn, over), (vec![kr(2_800_000), kr(232_950)], Ore::ZERO));
        let (drawn, over) = draw(&lines, kr(8_760_000));
        assert_eq!((drawn, over), (vec![kr(2_800_000), kr(2_000_000)], kr(3_960_000)));
        assert_eq!(draw(&lines, Ore::ZERO), (vec![Ore::ZERO, Ore::ZERO], Ore::ZERO));
    }

    #[test]
    fn a_withdrawn_line_pays_for_nothing() {
        let withdrawn = BudgetLine {
            withdrawn: Some(Withdrawn { on: date!(2026 - 01 - 02), why: "Fel belopp".to_owned() }),
            ..line(1000, 1)
        };
        assert_eq!(draw(&[withdrawn, line(500, 2)], kr(700)), (vec![kr(500)], kr(200)));
    }

    #[test]
    fn shares_are_rounded_to_tenths_of_a_per_cent() {
        assert_eq!(percent(kr(3_032_950), kr(4_800_000)).as_deref(), Some("63,2\u{a0}%"));
        assert_eq!(percent(kr(2_492_950), kr(4_800_000)).as_deref(), Some("51,9\u{a0}%"));
        assert_eq!(percent(kr(8_760_000), kr(4_800_000)).as_deref(), Some("182,5\u{a0}%"));
        assert_eq!(percent(kr(1), Ore::ZERO), None);
    }

    #[test]
    fn eight_places_all_year_are_more_than_the_budget_pays_for() {
        let month = Month { first: date!(2026 - 01 - 01), actual: Ore::ZERO, planned: kr(8_760_000), days: 2920 };
        let year = Year { months: vec![month], budget: kr(4_800_000) };
        assert_eq!((year.forecast(), year.financed_days()), (Some(kr(8_760_000)), Some(1600)));
    }

    #[test]
    fn coming_home_costs_less_than_staying() {
        // AC-10, in domain 7.1: back to the municipality in June, or the home until the end of the year.
        let home = Alternative {
            first: date!(2026 - 02 - 02),
            last: date!(2026 - 12 - 31),
            per_day: kr(2450),
            then: Some((date!(2026 - 06 - 01), kr(850))),
        };
        let away = Alternative { then: None, ..home.clone() };
        let (home, away) = (home.cost().unwrap().0, away.cost().unwrap().0);
        assert_eq!((home.days, home.cost), (333, kr(473_450)));
        assert_eq!((away.days, away.cost), (333, kr(815_850)));
        assert_eq!(away.cost.minus(home.cost), Some(kr(342_400)));
    }

    #[test]
    fn a_way_over_two_years_is_told_by_year() {
        let way = Alternative {
            first: date!(2026 - 01 - 15),
            last: date!(2027 - 07 - 15),
            per_day: kr(3000),
            then: Some((date!(2027 - 01 - 15), kr(1500))),
        };
        let (total, years) = way.cost().unwrap();
        assert_eq!(total.cost, kr(1_368_000));
        assert_eq!(
            years.iter().map(|(year, charge)| (*year, charge.cost)).collect::<Vec<_>>(),
            [(2026, kr(1_053_000)), (2027, kr(315_000))]
        );
    }
}
