//! From the codes of the rooms to what a line of the timeline says.

use uuid::Uuid;

use super::store::Row;
use crate::access::case_path;
use crate::consent::paths as consents;
use crate::decision::paths as decisions;
use crate::intake::paths as intakes;
use crate::journal::model::Line;
use crate::journal::paths as journal;
use crate::money::Ore;
use crate::placement::paths as placements;
use crate::threat::paths as threats;
use crate::vocabulary::{
    ConsentKind, ContactChannel, DecisionOutcome, DecisionType, EndReason, JournalEvent, JournalKind, PlacementKind,
    PoliceBody, ThreatLevel, ThreatStatus,
};

/// What a line can be filtered by: its code in the address and its label.
pub(super) const GROUPS: [(&str, &str); 6] = [
    ("case", "Ärendet"),
    ("police", "Polisen"),
    ("decision", "Beslut"),
    ("placement", "Placering"),
    ("consent", "Samtycken"),
    ("journal", "Journal"),
];

/// A line of the timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Happened {
    pub day: time::Date,
    /// `police`, `alert` or nothing: how the point is drawn.
    pub mark: &'static str,
    pub heading: String,
    /// What is said besides where everything is wanted.
    pub more: Option<String>,
    pub href: Option<String>,
}

impl Happened {
    pub(super) fn of(case: &str, row: &Row) -> Self {
        let (heading, more) = said(row);
        let href = row.id.and_then(|id| address(case, row, id));
        Self { day: row.day, mark: if row.group == "police" { "police" } else { "" }, heading, more, href }
    }
}

fn label<T: std::fmt::Display>(parse: impl Fn(&str) -> Option<T>, code: Option<&str>) -> String {
    code.and_then(parse).map_or_else(String::new, |word| word.to_string())
}

fn said(row: &Row) -> (String, Option<String>) {
    let number = row.number.unwrap_or_default();
    let (detail, subject) = (row.detail.as_deref(), row.subject.as_deref());
    match (row.group.as_str(), row.what.as_str()) {
        ("case", "intake") => ("Aktualiseringen kom in".to_owned(), None),
        ("case", what) => {
            let Some(event) = JournalEvent::parse(what) else { return (String::new(), None) };
            let line = Line { event, detail: row.detail.clone(), subject: row.subject.clone() };
            (event.to_string(), line.sentence())
        }
        ("police", "contact") => {
            (format!("Kontakt med {}", label(PoliceBody::parse, detail)), Some(label(ContactChannel::parse, subject)))
        }
        ("police", _) => (
            format!("Hotbedömning {number}: {}", label(ThreatLevel::parse, detail)),
            Some(label(ThreatStatus::parse, subject)),
        ),
        ("decision", what) => {
            let kind = label(DecisionType::parse, Some(what));
            (format!("Beslut {number}: {kind}"), Some(label(DecisionOutcome::parse, detail)))
        }
        ("placement", "begun") => (format!("Placering {number} började"), Some(label(PlacementKind::parse, detail))),
        ("placement", "ended") => (format!("Placering {number} avslutades"), Some(label(EndReason::parse, detail))),
        ("placement", _) => {
            let price = detail.and_then(|ore| ore.parse().ok()).map(|ore| Ore::from_ore(ore).to_string());
            (format!("Nytt pris för placering {number}"), price.map(|price| format!("{price} per dygn")))
        }
        ("consent", what) => {
            let word = if what == "given" { "Samtycke lämnades" } else { "Samtycke återkallades" };
            (word.to_owned(), Some(label(ConsentKind::parse, detail)))
        }
        (_, what) => (label(JournalKind::parse, Some(what)), row.detail.clone()),
    }
}

fn address(case: &str, row: &Row, id: Uuid) -> Option<String> {
    Some(match row.group.as_str() {
        "case" => intakes::show(id),
        "police" => threats::show(case, id),
        "decision" => decisions::show(case, id),
        "placement" => placements::show(case, id),
        "consent" => consents::show(case, id),
        "journal" => journal::show(case, id),
        _ => return None,
    })
}

/// The address of the timeline with these groups, that form and page.
pub(super) fn path(case: &str, groups: &[String], compact: bool, page: i64) -> String {
    let mut asked: Vec<String> = groups.iter().map(|group| format!("visa={group}")).collect();
    if compact {
        asked.push("form=kompakt".to_owned());
    }
    if page > 1 {
        asked.push(format!("sida={page}"));
    }
    let path = case_path(case, "/tidslinje");
    if asked.is_empty() { path } else { format!("{path}?{}", asked.join("&")) }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn row(group: &str, what: &str, detail: Option<&str>, number: Option<i32>) -> Row {
        Row {
            day: date!(2026 - 03 - 16),
            group: group.to_owned(),
            what: what.to_owned(),
            detail: detail.map(str::to_owned),
            subject: None,
            number,
            id: None,
        }
    }

    fn of(group: &str, what: &str, detail: Option<&str>, number: Option<i32>) -> (String, Option<String>) {
        said(&row(group, what, detail, number))
    }

    #[test]
    fn a_line_says_in_words_what_the_codes_mean() {
        let words = |heading: &str, more: &str| (heading.to_owned(), Some(more.to_owned()));
        assert_eq!(
            of("placement", "begun", Some("training_apartment"), Some(2)),
            words("Placering 2 började", "Träningslägenhet")
        );
        assert_eq!(of("placement", "price", Some("150000"), Some(1)).0, "Nytt pris för placering 1");
        assert_eq!(of("police", "threat", Some("l3"), Some(2)).0, "Hotbedömning 2: Hög");
        assert_eq!(of("decision", "outpatient", Some("granted"), Some(1)).0, "Beslut 1: Öppenvård");
        assert_eq!(of("case", "case_opened", None, None), ("Ärendet öppnades".to_owned(), None));
        assert_eq!(of("journal", "meeting", Some("Malin Ek"), None), words("Möte", "Malin Ek"));
    }

    #[test]
    fn the_address_keeps_what_is_chosen() {
        assert_eq!(path("AVH-7KQ2-M4X", &[], false, 1), "/arenden/AVH-7KQ2-M4X/tidslinje");
        assert_eq!(
            path("AVH-7KQ2-M4X", &["police".to_owned()], true, 2),
            "/arenden/AVH-7KQ2-M4X/tidslinje?visa=police&form=kompakt&sida=2"
        );
    }
}
