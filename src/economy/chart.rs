//! Cost per month as figures for an SVG: actual filled, forecast outlined, a twelfth of the budget as a dashed line. The
//! same figures stand in the table beside it.

use time::Month as CalendarMonth;

use super::model::Month;
use crate::money::Ore;

/// A picture in one width.
pub struct Chart {
    pub width: i32,
    pub height: i32,
    /// Where the bars begin and end, and the line they stand on.
    pub left: i32,
    pub right: i32,
    pub base: i32,
    pub grid: Vec<(i32, String)>,
    pub bars: Vec<Bar>,
    /// A twelfth of the budget, where there is one.
    pub budget: Option<i32>,
}

/// A month: what has been stands on the base, what is planned on top of it.
pub struct Bar {
    pub x: i32,
    pub width: i32,
    pub actual: i32,
    pub planned: i32,
    /// Empty where there is no room.
    pub label: &'static str,
    pub middle: i32,
}

/// Both drawings of the year.
pub(super) fn charts(months: &[Month], budget: Ore) -> Vec<Chart> {
    let tallest = months.iter().filter_map(Month::total).map(Ore::ore).max().unwrap_or(0);
    let twelfth = budget.ore() / 12;
    let top = ceiling(tallest.max(twelfth));
    let frame =
        |width, height, left, right, labels| Frame { width, height, left, right, labels }.chart(months, twelfth, top);
    if tallest == 0 { Vec::new() } else { vec![frame(1240, 280, 62, 1130, 1), frame(350, 250, 44, 342, 2)] }
}

/// The highest figure of the axis: four even steps over the tallest bar.
fn ceiling(tallest: i64) -> i64 {
    let mut step = 1_000_000;
    let mut growth = [2, 5, 10].into_iter().cycle();
    let mut tens = step;
    while step * 4 < tallest {
        let factor = growth.next().unwrap_or(10);
        step = tens * factor;
        if factor == 10 {
            tens *= 10;
        }
    }
    step * 4
}

struct Frame {
    width: i32,
    height: i32,
    left: i32,
    right: i32,
    /// Each month has its name, or each other.
    labels: usize,
}

impl Frame {
    fn chart(&self, months: &[Month], twelfth: i64, top: i64) -> Chart {
        let base = self.height - 30;
        let room = i64::from(base - 16);
        let tall = |ore: i64| i32::try_from(ore.max(0) * room / top.max(1)).unwrap_or(0);
        let each = (self.right - self.left) / 12;
        let bars = months.iter().zip(0..).map(|(month, at)| {
            let x = self.left + each * at + each / 6;
            let shown = (usize::try_from(at).unwrap_or(0) + 1).is_multiple_of(self.labels);
            Bar {
                x,
                width: each * 2 / 3,
                actual: tall(month.actual.ore()),
                planned: tall(month.planned.ore()),
                label: if shown { short(month.first.month()) } else { "" },
                middle: x + each / 3,
            }
        });
        let grid = (0..=4).map(|step| (base - tall(top * step / 4), crate::money::grouped(top * step / 400_000)));
        Chart {
            width: self.width,
            height: self.height,
            left: self.left,
            right: self.right,
            base,
            grid: grid.collect(),
            bars: bars.collect(),
            budget: (twelfth > 0).then(|| base - tall(twelfth)),
        }
    }
}

/// A month in three letters.
pub(super) const fn short(month: CalendarMonth) -> &'static str {
    match month {
        CalendarMonth::January => "jan",
        CalendarMonth::February => "feb",
        CalendarMonth::March => "mar",
        CalendarMonth::April => "apr",
        CalendarMonth::May => "maj",
        CalendarMonth::June => "jun",
        CalendarMonth::July => "jul",
        CalendarMonth::August => "aug",
        CalendarMonth::September => "sep",
        CalendarMonth::October => "okt",
        CalendarMonth::November => "nov",
        CalendarMonth::December => "dec",
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn the_axis_ends_just_above_the_tallest_bar() {
        assert_eq!(ceiling(66_585_000), 80_000_000);
        assert_eq!(ceiling(1), 4_000_000);
        assert_eq!(ceiling(80_000_001), 200_000_000);
    }

    #[test]
    fn a_year_without_cost_has_no_picture() {
        let month = Month { first: date!(2026 - 01 - 01), actual: Ore::ZERO, planned: Ore::ZERO, days: 0 };
        assert!(charts(&[month], Ore::ZERO).is_empty());
    }

    #[test]
    fn no_bar_is_taller_than_the_picture() {
        let first = date!(2026 - 01 - 01);
        let month = Month { first, actual: Ore::from_ore(123_456_700), planned: Ore::from_ore(5), days: 31 };
        for chart in charts(&[month; 12], Ore::from_ore(100)) {
            assert!(chart.bars.iter().all(|bar| bar.actual + bar.planned <= chart.base - 16));
            assert_eq!(chart.bars.len(), 12);
        }
    }
}
