//! Placements with their prices, levels of threat and decisions over one axis of time, as figures for an SVG. Everything
//! that the picture says stands in the table beside it too.

use time::{Date, Duration, Month};

use super::store::{Grade, Made};
use crate::money::Ore;
use crate::placement::model::Placement;
use crate::vocabulary::{PlacementStatus, RateKind};

/// Room for what a lane is called, at its left.
const MARGIN: i32 = 4;
const WIDE: i32 = 960;
const NARROW: i32 = 340;
/// Ticks stand at least so far apart, and a bar has its label inside from this width.
const APART: i32 = 56;
const LABEL: i32 = 72;

/// A picture in one width.
pub(super) struct Chart {
    pub width: i32,
    pub ticks: Vec<Tick>,
    pub today: Option<i32>,
    pub prices: Vec<Bar>,
    pub levels: Vec<Bar>,
    pub decisions: Vec<Tick>,
}

pub(super) struct Tick {
    pub x: i32,
    pub label: String,
}

pub(super) struct Bar {
    pub x: i32,
    pub width: i32,
    /// From nothing to 40: how high the bar stands in its lane.
    pub height: i32,
    /// Empty where there is no room for it.
    pub label: String,
    /// Not yet, or no longer.
    pub is_open: bool,
}

/// A line of the table.
pub(super) struct Fact {
    pub from: Date,
    pub to: Option<Date>,
    pub what: String,
    pub value: String,
}

/// A price over some days of a placement.
pub(super) struct Priced {
    pub number: i32,
    pub from: Date,
    pub to: Date,
    pub per_day: Ore,
    pub is_planned: bool,
}

/// The prices of the placements that run, ran or will.
pub(super) fn priced(placements: &[Placement], today: Date) -> Vec<Priced> {
    let mut found = Vec::new();
    for placement in placements.iter().filter(|one| one.status != PlacementStatus::Cancelled) {
        let last = placement.last_day();
        for rate in placement.rates.iter().filter(|rate| rate.kind == RateKind::Care) {
            let from = rate.period.first_day().max(placement.starts_on);
            let to = rate.period.last_day().unwrap_or(last).min(last);
            if from <= to {
                let is_planned = from > today || placement.status == PlacementStatus::Planned;
                found.push(Priced { number: placement.number, from, to, per_day: rate.per_day, is_planned });
            }
        }
    }
    found.sort_by_key(|one| (one.from, one.number));
    found
}

/// The two widths in which it is drawn; nothing where there is nothing to draw.
pub(super) fn charts(opened: Date, today: Date, prices: &[Priced], grades: &[Grade], decisions: &[Made]) -> Vec<Chart> {
    if prices.is_empty() && grades.is_empty() && decisions.is_empty() {
        return Vec::new();
    }
    let firsts = prices
        .iter()
        .map(|one| one.from)
        .chain(grades.iter().map(|one| one.from))
        .chain(decisions.iter().map(|one| one.on));
    let first = firsts.fold(opened, Date::min);
    let last = prices.iter().map(|one| one.to).chain(grades.iter().map(|one| one.to)).fold(today, Date::max);
    [WIDE, NARROW].map(|width| Axis { first, last, width }.chart(today, prices, grades, decisions)).into()
}

/// The same as rows, by their first day.
pub(super) fn facts(prices: &[Priced], grades: &[Grade], decisions: &[Made]) -> Vec<Fact> {
    let prices = prices.iter().map(|one| Fact {
        from: one.from,
        to: Some(one.to),
        what: format!("Placering {}{}", one.number, if one.is_planned { ", planerad" } else { "" }),
        value: format!("{} per dygn", one.per_day),
    });
    let grades = grades.iter().map(|one| Fact {
        from: one.from,
        to: Some(one.to),
        what: format!("Hotbedömning {}", one.version),
        value: one.level.to_string(),
    });
    let decisions = decisions.iter().map(|one| Fact {
        from: one.on,
        to: None,
        what: format!("Beslut {}", one.number),
        value: format!("{}, {}", one.what, one.outcome.label().to_lowercase()),
    });
    let mut facts: Vec<_> = prices.chain(grades).chain(decisions).collect();
    facts.sort_by_key(|fact| fact.from);
    facts
}

struct Axis {
    first: Date,
    last: Date,
    width: i32,
}

impl Axis {
    /// Where the day begins, in the picture's own units.
    fn x(&self, day: Date) -> i32 {
        let days = (self.last - self.first).whole_days() + 1;
        let at = (day - self.first).whole_days();
        MARGIN + i32::try_from(at * i64::from(self.width - 2 * MARGIN) / days).unwrap_or(MARGIN)
    }

    fn bar(&self, from: Date, to: Date, height: i32, label: &str, is_open: bool) -> Bar {
        let (x, end) = (self.x(from), self.x(to + Duration::DAY));
        let width = (end - x).max(2);
        Bar { x, width, height, label: if width >= LABEL { label.to_owned() } else { String::new() }, is_open }
    }

    fn chart(&self, today: Date, prices: &[Priced], grades: &[Grade], decisions: &[Made]) -> Chart {
        let highest = prices.iter().map(|one| one.per_day.ore()).max().unwrap_or(1).max(1);
        let height = |ore: i64| i32::try_from(8 + ore * 32 / highest).unwrap_or(40);
        Chart {
            width: self.width,
            ticks: self.ticks(),
            today: (self.first..=self.last).contains(&today).then(|| self.x(today)),
            prices: prices
                .iter()
                .map(|one| {
                    self.bar(one.from, one.to, height(one.per_day.ore()), &one.per_day.to_string(), one.is_planned)
                })
                .collect(),
            levels: grades
                .iter()
                .map(|one| {
                    let step = one.level.step().map_or(0, i32::from);
                    self.bar(one.from, one.to, 8 + step * 8, one.level.label(), one.to < today)
                })
                .collect(),
            decisions: decisions.iter().map(|one| Tick { x: self.x(one.on), label: one.number.to_string() }).collect(),
        }
    }

    /// The first day of months or years, so many that their labels do not meet.
    fn ticks(&self) -> Vec<Tick> {
        let mut ticks: Vec<Tick> = Vec::new();
        let mut day = self.first.replace_day(1).unwrap_or(self.first);
        while day <= self.last {
            if day >= self.first && ticks.last().is_none_or(|last| self.x(day) - last.x >= APART) {
                let x = self.x(day);
                if x + APART <= self.width {
                    ticks.push(Tick { x, label: format!("{}-{:02}", day.year(), u8::from(day.month())) });
                }
            }
            day = next_month(day);
        }
        ticks
    }
}

fn next_month(day: Date) -> Date {
    let (year, month) = if day.month() == Month::December {
        (day.year() + 1, Month::January)
    } else {
        (day.year(), day.month().next())
    };
    Date::from_calendar_date(year, month, 1).unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::vocabulary::ThreatLevel;

    const TODAY: Date = date!(2026 - 12 - 31);

    fn price(from: Date, to: Date, kronor: i64) -> Priced {
        Priced { number: 1, from, to, per_day: Ore::kronor(kronor).unwrap(), is_planned: from > TODAY }
    }

    #[test]
    fn days_lie_in_order_inside_the_picture() {
        let prices = [
            price(date!(2026 - 01 - 15), date!(2027 - 01 - 14), 3000),
            price(date!(2027 - 01 - 15), date!(2027 - 07 - 15), 1500),
        ];
        let grades =
            [Grade { version: 1, level: ThreatLevel::L3, from: date!(2026 - 02 - 01), to: date!(2026 - 05 - 02) }];
        let charts = charts(date!(2026 - 01 - 05), TODAY, &prices, &grades, &[]);
        assert_eq!(charts.len(), 2);
        for chart in &charts {
            let [first, second] = &chart.prices[..] else { panic!("two prices") };
            assert_eq!(first.x + first.width, second.x, "one price ends where the next begins");
            assert!(second.x + second.width <= chart.width && first.x >= 0);
            assert_eq!((first.height, second.height), (40, 24), "half the price stands half as high above the foot");
            assert!(second.is_open && !first.is_open && chart.levels[0].is_open);
            assert!(chart.ticks.windows(2).all(|two| two[1].x - two[0].x >= APART));
            assert!(chart.today.is_some_and(|x| x > first.x && x < second.x));
        }
        assert_eq!(charts[0].prices[0].label, "3\u{a0}000\u{a0}kr");
        assert_eq!(charts[1].levels[0].label, "", "there is no room for it at 340");
    }

    #[test]
    fn a_case_in_which_nothing_has_happened_has_no_picture() {
        assert!(charts(TODAY, TODAY, &[], &[], &[]).is_empty());
    }

    #[test]
    fn the_table_says_the_same_in_the_order_of_days() {
        let facts = facts(&[price(date!(2026 - 03 - 01), TODAY, 2450)], &[], &[]);
        assert_eq!((facts[0].what.as_str(), facts[0].to), ("Placering 1", Some(TODAY)));
    }
}
