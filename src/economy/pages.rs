//! `/ekonomi`: a year with budget, cost so far and forecast, and every placement of it by pseudonym.

mod budget;
mod compare;
mod months;

use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use time::Date;

use super::model::{BudgetLine, Year, draw, per_mille, percent};
use super::picture::CostPicture;
use super::{invoice, paths, store};
use crate::access::Access;
use crate::access::right::{KeepBudget, ReadEconomy};
use crate::audit::{Event, Note};
use crate::error::{Error, Result};
use crate::funding;
use crate::funding::model::YearSums;
use crate::money::{Ore, grouped};
use crate::placement::views::status_tag;
use crate::state::AppState;
use crate::vocabulary::PlacementStatus;
use crate::web::shell::Shell;
use crate::web::view::{Meter, Pager};

const PER_PAGE: i64 = 50;
/// As far as one may turn pages, as in the list of placements.
const LAST_PAGE: i64 = 20;
const YEARS: std::ops::RangeInclusive<i32> = 2015..=2099;

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/ekonomi", get(year))
        .route("/ekonomi/jamfor", get(compare::show).post(compare::reckon))
        .route("/ekonomi/prognoser", get(months::forecasts))
        .route("/ekonomi/manader", get(months::list).post(months::close))
        .route("/ekonomi/manader/{first_day}", get(months::show))
        .route("/ekonomi/budget/{year}", get(budget::show).post(budget::add))
        .route("/ekonomi/budgetrader/{line}/aterkallelse", get(budget::withdrawing).post(budget::withdraw))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct YearQuery {
    ar: String,
    sida: String,
}

/// The year that an address asks for; this year where it asks for none that there is.
fn wanted(typed: &str, today: Date) -> i32 {
    typed.trim().parse().ok().filter(|year| YEARS.contains(year)).unwrap_or_else(|| today.year())
}

pub(in crate::economy) fn overflow() -> Error {
    Error::internal("the cost of a year does not fit")
}

#[derive(Template)]
#[template(path = "economy/year.html")]
struct YearPage {
    shell: Shell,
    year: i32,
    earlier: Option<String>,
    later: Option<String>,
    until: String,
    figures: Figures,
    alert: Option<(&'static str, &'static str)>,
    picture: CostPicture,
    lines: Vec<(BudgetLine, Meter)>,
    uncovered: Option<Ore>,
    reached: store::Reached,
    may_keep_budget: bool,
    rows: Vec<Row>,
    pager: Pager,
    /// State money of the year, where there is any: granted, what is left of the forecast, and its share of the budget.
    funds: Option<Funds>,
}

/// The year's cost less what the state pays.
struct Funds {
    sums: YearSums,
    net: Ore,
    share: Option<String>,
}

impl Funds {
    fn of(sums: YearSums, forecast: Ore, budget: Ore) -> Option<Self> {
        let net = sums.net(forecast)?;
        Some(Self { share: percent(net, budget), sums, net })
    }
}

struct Figures {
    budget: Ore,
    only_that_year: Ore,
    actual: Ore,
    actual_share: Option<String>,
    forecast: Ore,
    forecast_share: Option<String>,
    /// Positive where the forecast is over the budget.
    over: Ore,
    days: i64,
    average: Option<Ore>,
    /// How far the budget reaches, where there is one.
    financed: Option<String>,
}

impl Figures {
    fn of(year: &Year, lines: &[BudgetLine]) -> Option<Self> {
        let (actual, forecast) = (year.actual()?, year.forecast()?);
        let once = lines.iter().filter(|line| line.only_that_year && line.withdrawn.is_none());
        let financed = year.financed_days().filter(|_| !year.budget.is_zero());
        Some(Self {
            budget: year.budget,
            only_that_year: Ore::checked_sum(once.map(|line| line.amount))?,
            actual,
            actual_share: percent(actual, year.budget),
            forecast,
            forecast_share: percent(forecast, year.budget),
            over: forecast.minus(year.budget)?,
            days: year.days(),
            average: forecast.per_day(year.days()),
            financed: financed.map(|days| {
                let years = years_of_care(days);
                format!("Budgeten räcker till {} vårddygn, {years} vårdår, till årets snittpris.", grouped(days))
            }),
        })
    }
}

/// Nine tenths of the budget and more is said aloud (A22), as soon as it is forecast.
fn alert(forecast: Ore, budget: Ore) -> Option<(&'static str, &'static str)> {
    match per_mille(forecast, budget)? {
        ..900 => None,
        900..=1000 => Some(("warn", "Prognosen är över 90 procent av budgeten")),
        _ => Some(("danger", "Prognosen är över budget")),
    }
}

/// Days of care as years of 365 days, in hundredths rounded half up.
fn years_of_care(days: i64) -> String {
    let hundredths = (days * 200 + 365) / 730;
    format!("{},{:02}", hundredths / 100, hundredths % 100)
}

struct Row {
    href: Option<String>,
    name: String,
    sub: String,
    what: String,
    procurement: &'static str,
    status: PlacementStatus,
    tag: &'static str,
    period: Option<(Date, Date)>,
    per_day: Option<Ore>,
    days: i64,
    actual: Ore,
    cost: Ore,
}

impl Row {
    fn of(row: store::Row) -> Self {
        let href = row.reference.as_deref().zip(row.placement);
        let alias = row.alias.as_deref().unwrap_or("boende dolt");
        Self {
            href: href.map(|(reference, id)| crate::placement::paths::show(reference, id)),
            name: row.reference.clone().or_else(|| row.pseudonym.clone()).unwrap_or_else(|| "Slutet ärende".to_owned()),
            sub: row.reference.and(row.pseudonym).unwrap_or_default(),
            what: row.kind.map_or_else(|| "Visas inte".to_owned(), |kind| format!("{kind}, {alias}")),
            procurement: row.procurement.label(),
            status: row.status,
            tag: status_tag(row.status),
            period: row.starts_on.zip(row.last_day),
            per_day: row.per_day,
            days: row.days,
            actual: row.actual,
            cost: row.cost,
        }
    }
}

async fn year(mut access: Access<ReadEconomy>, Query(query): Query<YearQuery>) -> Result<Response> {
    let today = access.desk().clock().today();
    let number = wanted(&query.ar, today);
    let months = store::months(&mut access, number, today).await?;
    let lines = store::budget(&mut access, number).await?;
    let standing = lines.iter().filter(|line| line.withdrawn.is_none());
    let budget = Ore::checked_sum(standing.map(|line| line.amount)).ok_or_else(overflow)?;
    let reached = store::reached(&mut access, number, budget).await?;
    let within = store::count(&mut access, number).await?.min(PER_PAGE * LAST_PAGE);
    let page = query.sida.trim().parse().unwrap_or(1).clamp(1, ((within - 1).max(0) / PER_PAGE) + 1);
    let rows = store::rows(&mut access, number, today, (page - 1) * PER_PAGE, PER_PAGE).await?;
    let sums = funding::store::year::sums(&mut access, number).await?;
    access.shown(Note::of(Event::EconomyShown).with("year", number).with("count", rows.len()));
    let may_keep_budget = access.may::<KeepBudget>();
    let year = Year { months, budget };
    let figures = Figures::of(&year, &lines).ok_or_else(overflow)?;
    let (drawn, uncovered) = draw(&lines, figures.forecast);
    let standing = lines.into_iter().filter(|line| line.withdrawn.is_none());
    let lines = standing.zip(drawn).map(|(line, drawn)| {
        let meter =
            Meter::new(drawn.ore(), line.amount.ore(), format!("{drawn} av prognosen"), line.amount.to_string());
        (line, meter)
    });
    let neighbour = |other: i32| YEARS.contains(&other).then(|| paths::year(other, 1));
    access
        .page(|shell, _| {
            Ok(YearPage {
                shell,
                year: number,
                earlier: neighbour(number - 1),
                later: neighbour(number + 1),
                until: match number.cmp(&today.year()) {
                    std::cmp::Ordering::Less => "Hela året är utfall.".to_owned(),
                    std::cmp::Ordering::Equal => format!("Utfall till och med {today}. Prognos från placeringarna."),
                    std::cmp::Ordering::Greater => "Allt är prognos från placeringarna.".to_owned(),
                },
                alert: alert(figures.forecast, budget),
                picture: CostPicture::of(number, &year).ok_or_else(overflow)?,
                lines: lines.collect(),
                uncovered: (!uncovered.is_zero() && !budget.is_zero()).then_some(uncovered),
                reached,
                funds: if sums.is_empty() {
                    None
                } else {
                    Some(Funds::of(sums, figures.forecast, budget).ok_or_else(overflow)?)
                },
                may_keep_budget,
                figures,
                rows: rows.into_iter().map(Row::of).collect(),
                pager: Pager::new(page, PER_PAGE, within, "placeringar", |page| paths::year(number, page)),
            })
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_care_are_told_as_years() {
        assert_eq!(years_of_care(1600), "4,38");
        assert_eq!(years_of_care(1243), "3,41");
        assert_eq!(years_of_care(365), "1,00");
    }
}
