//! The twelve figures at the top (domain.md 4.2), and which of them are large: the five that are most urgent today. Both
//! rows keep the order that the coordinator knows.

use super::list::List;
use super::paths;
use super::store::Counts;
use crate::case::paths as cases;
use crate::economy::paths as economy;
use crate::money::Ore;

/// What a year of care costs, beside what there is.
pub(super) struct Money {
    pub year: i32,
    pub actual: Ore,
    pub forecast: Ore,
    pub budget: Ore,
    /// The forecast in tenths of a per cent of the budget.
    pub per_mille: Option<i64>,
    pub share: Option<String>,
}

pub(super) struct Tile {
    pub label: String,
    pub href: String,
    pub figure: String,
    pub note: String,
    /// Whether the note tells of something that is wrong.
    pub is_late: bool,
    urgency: u8,
}

/// How many are large.
const LARGE: usize = 5;

fn tile(list: List, counts: &Counts, urgency: u8, note: String, is_late: bool) -> Tile {
    let count = counts.of(list);
    Tile {
        label: list.label().to_owned(),
        href: paths::list(list.slug(), 1),
        figure: count.to_string(),
        note: if count == 0 { String::new() } else { note },
        is_late,
        urgency: if count == 0 { 1 } else { urgency },
    }
}

/// All of them, in their order.
pub(super) fn tiles(counts: &Counts, money: Option<Money>) -> Vec<Tile> {
    let part = |list: List, part: &str| counts.part(list.code(), part);
    let old = part(List::Unassessed, "old");
    let severe = part(List::Deviation, "s3");
    let (stale, investigations) = (counts.of(List::StaleThreat), counts.of(List::LateInvestigation));
    let (follow_ups, checks) = (counts.of(List::LateFollowUp), counts.of(List::LateCheck));
    let quiet = |href: String, label: &str, figure: i64, note: String| Tile {
        label: label.to_owned(),
        href,
        figure: figure.to_string(),
        note,
        is_late: false,
        urgency: 1,
    };
    let mut tiles = vec![
        Tile {
            urgency: 2, ..quiet(cases::LIST.to_owned(), "Pågående ärenden", counts.all("ongoing"), String::new())
        },
        quiet(
            cases::LIST.to_owned(),
            "Nya i år",
            counts.part("opened", "cases"),
            format!("{} unika personer", counts.part("opened", "persons")),
        ),
        tile(List::Unassessed, counts, if old > 0 { 7 } else { 3 }, format!("{old} äldre än 14 dagar"), old > 0),
        tile(List::StaleThreat, counts, 8, "Nivån visas inte som aktuell".to_owned(), stale > 0),
        tile(List::LateInvestigation, counts, 6, "Måldatum har passerat".to_owned(), investigations > 0),
        tile(
            List::Placement,
            counts,
            2,
            format!(
                "{} inom ramavtal, {} utanför",
                part(List::Placement, "inside_framework"),
                part(List::Placement, "outside_framework")
            ),
            false,
        ),
        tile(List::Ending, counts, 4, "Förläng eller planera utflytt".to_owned(), false),
        tile(List::LateFollowUp, counts, 6, "Skulle ha hållits".to_owned(), follow_ups > 0),
        tile(
            List::Deviation,
            counts,
            if severe > 0 { 9 } else { 5 },
            format!("Allvarliga {severe}, medel {}, låga {}", part(List::Deviation, "s2"), part(List::Deviation, "s1")),
            severe > 0,
        ),
        tile(List::LateCheck, counts, 7, "Skulle ha rapporterats".to_owned(), checks > 0),
    ];
    tiles.extend(money.map(|money| {
        let (urgency, is_late) = match money.per_mille {
            Some(1001..) => (8, true),
            Some(900..) => (5, true),
            _ => (1, false),
        };
        Tile {
            label: format!("Kostnad och prognos {}", money.year),
            href: economy::year(money.year, 1),
            figure: money.share.unwrap_or_else(|| money.forecast.to_string()),
            note: format!("{} hittills, {} i prognos av {}", money.actual, money.forecast, money.budget),
            is_late,
            urgency,
        }
    }));
    tiles
}

/// The five most urgent, and the rest.
pub(super) fn arranged(tiles: Vec<Tile>) -> (Vec<Tile>, Vec<Tile>) {
    let mut by_urgency: Vec<usize> = (0..tiles.len()).collect();
    by_urgency.sort_by_key(|at| std::cmp::Reverse(tiles.get(*at).map_or(0, |tile| tile.urgency)));
    by_urgency.truncate(LARGE);
    let (large, calm): (Vec<_>, Vec<_>) = tiles.into_iter().enumerate().partition(|(at, _)| by_urgency.contains(at));
    let without = |tiles: Vec<(usize, Tile)>| tiles.into_iter().map(|(_, tile)| tile).collect();
    (without(large), without(calm))
}
