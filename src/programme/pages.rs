//! `/placeringar`: the placements of a year, their days and what they cost.

use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use time::Date;

use super::paths;
use super::store::{self, GroupSum, YearRow};
use crate::access::Access;
use crate::access::right::ListPlacements;
use crate::audit::{Event, Note};
use crate::error::{Error, Result};
use crate::money::Ore;
use crate::placement::costs::Charge;
use crate::placement::views::status_tag;
use crate::state::AppState;
use crate::vocabulary::ProcurementForm;
use crate::web::shell::Shell;
use crate::web::view::Pager;

const PER_PAGE: i64 = 50;
/// As far as one may turn pages: the days that a list reads must not grow with the number of cases.
const LAST_PAGE: i64 = 20;
const YEARS: std::ops::RangeInclusive<i32> = 2015..=2099;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/placeringar", get(list))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    ar: String,
    sida: String,
}

#[derive(Template)]
#[template(path = "programme/placements.html")]
struct PlacementsPage {
    shell: Shell,
    year: i32,
    earlier: Option<String>,
    later: Option<String>,
    rows: Vec<Row>,
    sums: Vec<SumLine>,
    total: Charge,
    average: Option<Ore>,
    pager: Pager,
}

struct Row {
    href: String,
    reference: String,
    about: String,
    what: String,
    procurement: &'static str,
    status: &'static str,
    status_tag: &'static str,
    first: Date,
    last: Date,
    days: i64,
    cost: Ore,
}

impl Row {
    fn of(row: YearRow) -> Self {
        let protected = row.protection != crate::vocabulary::ProtectionLevel::Standard;
        Self {
            href: crate::placement::paths::show(&row.reference, row.placement),
            about: if protected { format!("{}, skyddade uppgifter", row.code_name) } else { row.code_name },
            reference: row.reference,
            what: format!("{}, {}", row.kind, row.provider),
            procurement: row.procurement.label(),
            status: row.status.label(),
            status_tag: status_tag(row.status),
            first: row.starts_on,
            last: row.last_day,
            days: row.days,
            cost: row.cost,
        }
    }
}

/// A line under the table: a group, and its share of all.
struct SumLine {
    label: &'static str,
    charge: Charge,
    average: Option<Ore>,
}

/// Which groups a line adds up.
type Wanted = fn(&GroupSum) -> bool;

fn lines(sums: &[GroupSum]) -> Option<(Vec<SumLine>, Charge)> {
    let sum = |wanted: Wanted| {
        let charges = sums.iter().filter(|group| wanted(group));
        Charge::checked_sum(charges.map(|group| Charge { days: group.days, cost: group.cost }))
    };
    let groups: [(&'static str, Wanted); 4] = [
        ("Inom ramavtal", |group| group.procurement == ProcurementForm::InsideFramework),
        ("Utanför ramavtal", |group| group.procurement == ProcurementForm::OutsideFramework),
        ("Dygnet runt", |group| group.round_the_clock),
        ("Övriga boendeformer", |group| !group.round_the_clock),
    ];
    let lines = groups
        .into_iter()
        .map(|(label, wanted)| sum(wanted).map(|charge| SumLine { label, charge, average: charge.per_day() }));
    Some((lines.collect::<Option<Vec<_>>>()?, sum(|_| true)?))
}

async fn list(mut access: Access<ListPlacements>, Query(query): Query<ListQuery>) -> Result<Response> {
    let this_year = access.desk().clock().today().year();
    let year = query.ar.trim().parse().ok().filter(|year| YEARS.contains(year)).unwrap_or(this_year);
    let sums = store::sums(&mut access, year).await?;
    let count: i64 = sums.iter().map(|group| group.placements).sum();
    let within = count.min(PER_PAGE * LAST_PAGE);
    let pages = ((within + PER_PAGE - 1) / PER_PAGE).max(1);
    let page = query.sida.trim().parse().unwrap_or(1).clamp(1, pages);
    let rows = store::rows(&mut access, year, (page - 1) * PER_PAGE, PER_PAGE).await?;
    let mut note = Note::of(Event::PlacementsListed).with("year", year).with("count", rows.len());
    note.cases = rows.iter().map(|row| row.case_id).collect();
    note.cases.sort_unstable();
    note.cases.dedup();
    access.shown(note);
    let (sums, total) = lines(&sums).ok_or_else(|| Error::internal("the cost of a year does not fit"))?;
    let neighbour = |other: i32| YEARS.contains(&other).then(|| paths::placements(other, 1));
    access
        .page(|shell, _| {
            Ok(PlacementsPage {
                shell,
                year,
                earlier: neighbour(year - 1),
                later: neighbour(year + 1),
                rows: rows.into_iter().map(Row::of).collect(),
                sums,
                average: total.per_day(),
                total,
                pager: Pager::new(page, PER_PAGE, within, "placeringar", |page| paths::placements(year, page)),
            })
        })
        .await
}
