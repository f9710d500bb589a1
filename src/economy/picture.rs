//! A year's cost month by month as a picture, a sentence and a table: `templates/parts/cost_picture.html` shows it.

use super::chart::{Chart, charts, short};
use super::model::{Month, Year};
use crate::money::Ore;

/// See the module.
pub struct CostPicture {
    pub year: i32,
    pub charts: Vec<Chart>,
    /// The sentence for whoever does not see the chart.
    pub says: String,
    pub twelfth: Option<Ore>,
    pub months: Vec<MonthLine>,
}

impl CostPicture {
    /// None when the sums do not fit.
    pub fn of(number: i32, year: &Year) -> Option<Self> {
        Some(Self {
            year: number,
            charts: charts(&year.months, year.budget),
            says: conclusion(year),
            twelfth: (!year.budget.is_zero()).then(|| Ore::from_ore(year.budget.ore() / 12)),
            months: month_lines(year)?,
        })
    }
}

/// A row of the table.
pub struct MonthLine {
    pub name: &'static str,
    pub cost: Ore,
    pub so_far: Ore,
    pub budget_so_far: Ore,
    pub kind: &'static str,
}

fn month_lines(year: &Year) -> Option<Vec<MonthLine>> {
    let mut so_far = Ore::ZERO;
    let lines = year.months.iter().zip(1..).map(|(month, number): (&Month, i64)| {
        let cost = month.total()?;
        so_far = so_far.plus(cost)?;
        Some(MonthLine {
            name: short(month.first.month()),
            cost,
            so_far,
            budget_so_far: Ore::from_ore(year.budget.ore() / 12 * number),
            kind: match (month.actual.is_zero(), month.planned.is_zero()) {
                (_, true) => "Utfall",
                (true, false) => "Prognos",
                (false, false) => "Utfall och prognos",
            },
        })
    });
    lines.collect()
}

/// The line under the chart: what somebody who does not see it should know.
fn conclusion(year: &Year) -> String {
    let tallest =
        year.months.iter().filter_map(|month| Some((month.total()?, month.first))).max_by_key(|(cost, _)| *cost);
    match tallest {
        Some((cost, first)) if !cost.is_zero() => {
            format!("Högst är {} med {cost}.", crate::calendar::swedish_month(first.month()))
        }
        _ => "Ingen kostnad.".to_owned(),
    }
}
