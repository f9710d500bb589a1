//! `/beslut/ej-verkstallda`: granted support that was not given within three months, quarter by quarter (34 kap. 1 §
//! `SoL`): type, day and reason, and when it was given after all. No names.

use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use time::Date;
use time::Month;

use super::paths;
use super::store::course::{Unexecuted, unexecuted};
use crate::access::Access;
use crate::access::right::ListUnexecuted;
use crate::calendar::{Period, add_months};
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::vocabulary::DelayReason;
use crate::web::shell::Shell;
use crate::web::view::Action;

/// How many quarters back can be chosen with one press.
const QUARTERS: i32 = 5;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/beslut/ej-verkstallda", get(show))
}

/// A quarter of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quarter {
    year: i32,
    /// 1 to 4.
    number: u8,
}

impl Quarter {
    pub fn of(day: Date) -> Self {
        Self { year: day.year(), number: (u8::from(day.month()) - 1) / 3 + 1 }
    }

    /// As it stands in an address: `2026-2`.
    fn parse(text: &str) -> Option<Self> {
        let (year, number) = text.split_once('-')?;
        let quarter = Self { year: year.parse().ok()?, number: number.parse().ok()? };
        ((2000..2200).contains(&quarter.year) && (1..=4).contains(&quarter.number)).then_some(quarter)
    }

    pub fn period(self) -> Option<Period> {
        let first = Date::from_calendar_date(self.year, Month::try_from(self.number * 3 - 2).ok()?, 1).ok()?;
        Period::inclusive(first, add_months(first, 3)?.previous_day()?)
    }

    fn label(self) -> String {
        format!("Kvartal {} {}", self.number, self.year)
    }

    fn href(self) -> String {
        format!("{}?kvartal={}-{}", paths::UNEXECUTED, self.year, self.number)
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    kvartal: String,
}

struct Row {
    href: String,
    reference: String,
    number: i32,
    kind: &'static str,
    decided_on: Date,
    reason: Option<&'static str>,
    months: i32,
    executed_on: Option<Date>,
}

impl Row {
    fn of(one: Unexecuted, until: Date) -> Self {
        let until = one.executed_on.unwrap_or(until);
        let months = (1..=1200).take_while(|n| add_months(one.decided_on, *n).is_some_and(|day| day <= until)).count();
        Self {
            href: paths::show(&one.reference, one.id),
            number: one.number,
            kind: one.kind.label(),
            decided_on: one.decided_on,
            reason: one.delay.map(DelayReason::label),
            months: i32::try_from(months).unwrap_or(i32::MAX),
            executed_on: one.executed_on,
            reference: one.reference,
        }
    }
}

#[derive(Template)]
#[template(path = "decision/unexecuted.html")]
struct ReportPage {
    shell: Shell,
    heading: String,
    rows: Vec<Row>,
    others: Vec<Action>,
}

async fn show(mut access: Access<ListUnexecuted>, Query(asked): Query<Asked>) -> Result<Response> {
    let today = access.desk().clock().today();
    let quarter = Quarter::parse(&asked.kvartal).unwrap_or_else(|| Quarter::of(today));
    let period = quarter.period().ok_or_else(|| Error::internal("a quarter that is none"))?;
    let until = period.last_day().map_or(today, |last| last.min(today));
    let rows = unexecuted(&mut access, period).await?.into_iter().map(|one| Row::of(one, until)).collect();
    let back = (0..QUARTERS).filter_map(|back| add_months(today, -3 * back)).map(Quarter::of);
    let others = back.filter(|other| *other != quarter).map(|one| Action::new(one.href(), one.label())).collect();
    let heading = quarter.label();
    access.page(|shell, _| Ok(ReportPage { shell, heading, rows, others })).await
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn a_quarter_is_three_whole_months() {
        let second = Quarter::parse("2026-2").unwrap();
        let period = second.period().unwrap();
        assert_eq!((period.first_day(), period.last_day()), (date!(2026 - 04 - 01), Some(date!(2026 - 06 - 30))));
        assert_eq!(Quarter::of(date!(2026 - 06 - 30)), second);
        assert_eq!(Quarter::of(date!(2026 - 12 - 31)), Quarter::parse("2026-4").unwrap());
        for wrong in ["", "2026", "2026-5", "2026-0", "q-2", "999999999999-1"] {
            assert_eq!(Quarter::parse(wrong), None, "{wrong}");
        }
    }
}
