//! `/samordning`: the twelve figures, the first rows of what should be looked at, and the pictures; and each list whole.

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query};
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::bars::{Bars, Stand, draw};
use super::list::List;
use super::paths;
use super::store::{self, Flow, Intakes, Item, Next};
use super::tile::{Money, Tile, arranged, tiles};
use crate::access::Access;
use crate::access::right::{ReadCoordination, ReadEconomy};
use crate::audit::{Event, Note};
use crate::calendar::swedish_month;
use crate::case::paths as cases;
use crate::economy::{self, CostPicture, model::Year, model::per_mille, model::percent};
use crate::error::{Error, Result};
use crate::money::Ore;
use crate::state::AppState;
use crate::vocabulary::ProtectionLevel;
use crate::web::shell::Shell;
use crate::web::view::{Crumb, Due, Pager};

const PER_PAGE: i64 = 50;
/// As far as one may turn pages: a list that is longer is not read to its end.
const LAST_PAGE: i64 = 20;
/// How many rows of a list stand on the first page.
const FIRST: i64 = 5;
/// Fewer than this are not told apart in a picture that may be printed (domain.md 4.5).
const FEWEST: i64 = 5;

/// The lists of which the first rows stand on the page.
const SHOWN: [List; 6] =
    [List::NoPoliceContact, List::NoDeputy, List::Ending, List::Unexecuted, List::Consent, List::Unopened];

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/samordning", get(show)).route("/samordning/{list}", get(list))
}

/// A row as it is shown.
struct Row {
    list: List,
    href: String,
    case: String,
    reference: String,
    about: String,
    responsible: Option<String>,
    part: &'static str,
    due: Due,
    next: Vec<String>,
}

impl Row {
    fn of(list: List, item: Item, today: Date, next: &[Next]) -> Self {
        let hidden = if item.protection == ProtectionLevel::Standard { "" } else { ", skyddade uppgifter" };
        let due = Due::on(item.day, today);
        Self {
            list,
            href: list.href(&item.reference, item.subject),
            case: cases::show(&item.reference),
            about: format!("{}{hidden}", item.code_name),
            part: list.part(&item.part),
            due: if list.is_due() { due } else { Due { text: String::new(), class: "", ..due } },
            next: next.iter().find(|next| Some(next.placement) == item.subject).map(Next::words).unwrap_or_default(),
            responsible: item.responsible,
            reference: item.reference,
        }
    }
}

impl Next {
    fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        words.extend(self.follow_up_on.map(|day| format!("Uppföljning {day}")));
        words.extend(self.price_on.map(|day| format!("Nytt pris {day}")));
        if self.lacks_plan {
            words.push("Vårdplan saknas".to_owned());
        }
        words
    }
}

/// A list with its first rows.
struct Section {
    list: List,
    href: String,
    count: i64,
    rows: Vec<Row>,
    /// How many more there are than stand here, also of those that the viewer does not see.
    more: i64,
}

/// A picture with its sentence and its table.
struct Picture {
    id: &'static str,
    heading: &'static str,
    says: String,
    names: (&'static str, &'static str),
    bars: Vec<Bars>,
    months: Vec<(String, i64, i64)>,
}

/// A row of bars: a name, how many, and how broad the bar is of a hundred. Too few are not told.
struct Share {
    name: &'static str,
    count: Option<i64>,
    broad: i64,
}

#[derive(Template)]
#[template(path = "coordination/show.html")]
struct ShowPage {
    shell: Shell,
    today: String,
    large: Vec<Tile>,
    calm: Vec<Tile>,
    sections: Vec<Section>,
    quiet: Vec<List>,
    picture: Option<CostPicture>,
    pictures: Vec<Picture>,
    sources: Vec<Share>,
    waits: Vec<(&'static str, i64, Option<i32>)>,
    year: i32,
}

fn month_name(month: Date) -> String {
    let name: String = swedish_month(month.month()).chars().take(3).collect();
    format!("{name} {:02}", month.year() % 100)
}

/// What came and went, and where the days of care were bought.
fn pictures(flow: &[Flow]) -> Vec<Picture> {
    let months = |of: fn(&Flow) -> (i64, i64)| -> Vec<(String, i64, i64)> {
        flow.iter()
            .map(|month| {
                let (first, second) = of(month);
                (month_name(month.month), first, second)
            })
            .collect()
    };
    let cases = months(|month| (month.opened, month.closed));
    let days = months(|month| (month.inside, month.outside));
    let sum = |rows: &[(String, i64, i64)]| rows.iter().fold((0, 0), |sum, row| (sum.0 + row.1, sum.1 + row.2));
    let ((opened, closed), (inside, outside)) = (sum(&cases), sum(&days));
    vec![
        Picture {
            id: "h-floden",
            heading: "Ärenden per månad",
            says: format!("{opened} ärenden öppnades och {closed} avslutades på två år."),
            names: ("Öppnade", "Avslutade"),
            bars: draw(&cases, Stand::Beside),
            months: cases,
        },
        Picture {
            id: "h-dygn",
            heading: "Vårddygn per månad",
            says: format!("{inside} dygn inom ramavtal och {outside} utanför på två år, till och med i dag."),
            names: ("Inom ramavtal", "Utanför ramavtal"),
            bars: draw(&days, Stand::OnTop),
            months: days,
        },
    ]
}

fn shares(intakes: &Intakes) -> Vec<Share> {
    let most = intakes.sources.first().map_or(1, |(_, count)| (*count).max(1));
    let share = |(source, count): &(crate::vocabulary::IntakeSource, i64)| {
        let count = Some(*count).filter(|count| *count >= FEWEST);
        Share { name: source.label(), count, broad: count.map_or(0, |count| count * 100 / most) }
    };
    let mut shares: Vec<Share> = intakes.sources.iter().map(share).collect();
    // The order would tell which of the few are more.
    shares.sort_by(|one, other| other.count.cmp(&one.count).then(one.name.cmp(other.name)));
    shares
}

fn waits(intakes: &Intakes) -> Vec<(&'static str, i64, Option<i32>)> {
    [("contact", "Till kontakt med polisen"), ("decision", "Till första beslut"), ("care", "Till första vårddygn")]
        .into_iter()
        .map(|(code, name)| {
            let (count, median) = intakes.waits.get(code).copied().unwrap_or((0, None));
            (name, count, median)
        })
        .collect()
}

fn overflow() -> Error {
    Error::internal("the cost of a year does not fit")
}

/// The year's cost, for whoever may see it.
async fn money(access: &mut Access<ReadEconomy>, today: Date) -> Result<(Money, CostPicture)> {
    let months = economy::store::months(access, today.year(), today).await?;
    let lines = economy::store::budget(access, today.year()).await?;
    let standing = lines.iter().filter(|line| line.withdrawn.is_none()).map(|line| line.amount);
    let year = Year { months, budget: Ore::checked_sum(standing).ok_or_else(overflow)? };
    let (actual, forecast) = year.actual().zip(year.forecast()).ok_or_else(overflow)?;
    access.shown(Note::of(Event::EconomyShown).with("year", today.year()).with("count", 0));
    let money = Money {
        year: today.year(),
        actual,
        forecast,
        budget: year.budget,
        per_mille: per_mille(forecast, year.budget),
        share: percent(forecast, year.budget),
    };
    Ok((money, CostPicture::of(today.year(), &year).ok_or_else(overflow)?))
}

fn placements(items: &[Item]) -> Vec<Uuid> {
    let of_stays = |item: &&Item| matches!(List::coded(&item.list), Some(List::Placement | List::Ending));
    items.iter().filter(of_stays).filter_map(|item| item.subject).collect()
}

async fn show(mut access: Access<ReadCoordination>) -> Result<Response> {
    let today = access.desk().clock().today();
    let counts = store::counts(&mut access).await?;
    let items = store::first(&mut access, &SHOWN, FIRST).await?;
    let next = store::next_steps(&mut access, &placements(&items)).await?;
    let flow = store::flow(&mut access).await?;
    let intakes = store::intakes(&mut access).await?;
    let (access, seen) = access.also(async |access: &mut Access<ReadEconomy>| money(access, today).await).await?;
    let (money, picture) = seen.unzip();
    let (large, calm) = arranged(tiles(&counts, money));
    let mut sections: Vec<Section> = SHOWN
        .into_iter()
        .map(|list| Section {
            list,
            href: paths::list(list.slug(), 1),
            count: counts.of(list),
            rows: Vec::new(),
            more: counts.of(list),
        })
        .collect();
    for item in items {
        let section = List::coded(&item.list).and_then(|list| sections.iter_mut().find(|one| one.list == list));
        if let Some(section) = section {
            section.rows.push(Row::of(section.list, item, today, &next));
            section.more -= 1;
        }
    }
    let (sections, quiet): (Vec<_>, Vec<_>) = sections.into_iter().partition(|section| section.count > 0);
    access
        .page(|shell, _| {
            Ok(ShowPage {
                shell,
                today: format!("Läget {today}. Slutna ärenden räknas och visas bara för den som är utsedd i dem."),
                large,
                calm,
                sections,
                quiet: quiet.into_iter().map(|section| section.list).collect(),
                picture,
                pictures: pictures(&flow),
                sources: shares(&intakes),
                waits: waits(&intakes),
                year: today.year(),
            })
        })
        .await
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    sida: String,
}

#[derive(Template)]
#[template(path = "coordination/list.html")]
struct ListPage {
    shell: Shell,
    crumbs: Vec<Crumb>,
    list: List,
    rows: Vec<Row>,
    pager: Pager,
    /// How many there are that the viewer does not see.
    hidden: i64,
    empty: (&'static str, &'static str),
}

async fn list(
    mut access: Access<ReadCoordination>,
    Path(slug): Path<String>,
    Query(query): Query<ListQuery>,
) -> Result<Response> {
    let list = List::named(&slug).ok_or(Error::NotFound)?;
    let today = access.desk().clock().today();
    let counted = store::counts(&mut access).await?.of(list);
    let page = query.sida.trim().parse().unwrap_or(1).clamp(1, LAST_PAGE);
    let mut items = store::items(&mut access, list, (page - 1) * PER_PAGE, PER_PAGE).await?;
    // A page that is no more is taken as the first.
    let page = if items.is_empty() && page > 1 {
        items = store::items(&mut access, list, 0, PER_PAGE).await?;
        1
    } else {
        page
    };
    let next = store::next_steps(&mut access, &placements(&items)).await?;
    let listed = items.first().map_or(0, |item| item.listed);
    let within = listed.min(PER_PAGE * LAST_PAGE);
    access
        .page(|shell, _| {
            Ok(ListPage {
                shell,
                crumbs: vec![Crumb::to(paths::HOME, "Översikt"), Crumb::here(list.label())],
                rows: items.into_iter().map(|item| Row::of(list, item, today, &next)).collect(),
                pager: Pager::new(page, PER_PAGE, within, "rader", |page| paths::list(list.slug(), page)),
                hidden: (counted - listed).max(0),
                empty: if counted > 0 { ("Inget som du ser", "") } else { ("Inget att göra här", list.nothing()) },
                list,
            })
        })
        .await
}
