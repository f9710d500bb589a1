//! `/arenden/{case}/tidslinje`: what has happened, and one picture of placements, prices, threat and decisions.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use axum_extra::extract::Query;
use serde::Deserialize;

mod chart;
pub(super) mod event;
pub(super) mod store;

use self::chart::{Chart, Fact};
use self::event::{GROUPS, Happened, path};
use crate::access::right::ReadCase;
use crate::access::{CaseAccess, Part};
use crate::calendar::month_heading;
use crate::error::Result;
use crate::placement::store as placement_store;
use crate::state::AppState;
use crate::web::form::Faults;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field, Pager};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/arenden/{case}/tidslinje", get(show))
}

const PER_PAGE: i64 = 100;
const COMPACT: &str = "kompakt";

/// What stands in the address.
#[derive(Default, Deserialize)]
#[serde(default)]
struct TimelineQuery {
    visa: Vec<String>,
    form: String,
    sida: String,
}

#[derive(Template)]
#[template(path = "casefile/timeline.html")]
struct TimelinePage {
    shell: Shell,
    case: CaseBar,
    charts: Vec<Chart>,
    facts: Vec<Fact>,
    groups: Vec<Choice>,
    forms: Vec<Choice>,
    faults: Faults,
    is_compact: bool,
    is_filtered: bool,
    months: Vec<(String, Vec<Happened>)>,
    pager: Pager,
    action: String,
}

async fn show(mut case: CaseAccess<ReadCase>, Query(query): Query<TimelineQuery>) -> Result<Response> {
    let groups: Vec<String> = query.visa.into_iter().filter(|one| GROUPS.iter().any(|(code, _)| code == one)).collect();
    let page = query.sida.parse().unwrap_or(1_i64).clamp(1, 1_000);
    let (rows, total) = store::events(&mut case, &groups, (page - 1) * PER_PAGE, PER_PAGE).await?;
    let placements = placement_store::list(&mut case).await?;
    let (grades, decisions) = (store::grades(&mut case).await?, store::decisions(&mut case).await?);
    let (today, opened) = (case.desk().clock().today(), case.head().opened_on);
    let prices = chart::priced(&placements, today);
    let reference = case.head().reference.clone();
    let is_compact = query.form == COMPACT;
    case.page(Part::Overview, |shell, case, _| {
        Ok(TimelinePage {
            charts: chart::charts(opened, today, &prices, &grades, &decisions),
            facts: chart::facts(&prices, &grades, &decisions),
            groups: Choice::several("visa", GROUPS, &groups),
            forms: Choice::one(
                "form",
                [("", "Allt om varje händelse"), (COMPACT, "En rad för varje händelse")],
                if is_compact { COMPACT } else { "" },
            ),
            faults: Faults::none(),
            is_compact,
            is_filtered: !groups.is_empty(),
            months: by_month(rows.iter().map(|row| Happened::of(&reference, row))),
            pager: Pager::new(page, PER_PAGE, total, "händelser", |page| path(&reference, &groups, is_compact, page)),
            action: path(&reference, &[], false, 1),
            shell,
            case,
        })
    })
    .await
}

/// In the order in which they come: each month once.
fn by_month(lines: impl Iterator<Item = Happened>) -> Vec<(String, Vec<Happened>)> {
    let mut months: Vec<(String, Vec<Happened>)> = Vec::new();
    for line in lines {
        let month = month_heading(line.day);
        match months.last_mut().filter(|(last, _)| *last == month) {
            Some((_, lines)) => lines.push(line),
            None => months.push((month, vec![line])),
        }
    }
    months
}
