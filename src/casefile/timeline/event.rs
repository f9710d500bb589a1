//! From the codes of the rooms to what a line of the timeline says.

use uuid::Uuid;

use super::store::Row;
use crate::access::case_path;
use crate::assignment::paths as assignments;
use crate::check::paths as checks;
use crate::conditions::paths as conditions;
use crate::consent::paths as consents;
use crate::decision::paths as decisions;
use crate::deviation::paths as deviations;
use crate::disclosure::paths as disclosures;
use crate::follow_up::paths as follow_ups;
use crate::homecoming::paths as homecomings;
use crate::intake::paths as intakes;
use crate::intervention::paths as interventions;
use crate::investigation::paths as investigations;
use crate::journal::model::Line;
use crate::journal::paths as journal;
use crate::meeting::paths as meetings;
use crate::money::Ore;
use crate::motivation::paths as motivations;
use crate::outcome::paths as outcomes;
use crate::placement::paths as placements;
use crate::plan::paths as plans;
use crate::threat::paths as threats;
use crate::vocabulary::{
    CheckResult, ConsentKind, ContactChannel, DecisionOutcome, DecisionType, DeviationCategory, DeviationSeverity,
    DisclosureItemKind, DisclosureRecipient, EndReason, FollowUpForm, FollowUpKind, InternalRequestKind,
    InterventionKind, InvestigationKind, JournalEvent, JournalKind, MotivationStage, OutcomeMoment, PlacementKind,
    PlanKind, PoliceBody, ReturnResult, ThreatLevel, ThreatStatus,
};

/// What a line can be filtered by: its code in the address and its label.
pub(super) const GROUPS: [(&str, &str); 11] = [
    ("case", "Ärendet"),
    ("police", "Polisen"),
    ("cooperation", "Slagningar och avvikelser"),
    ("investigation", "Utredning"),
    ("decision", "Beslut"),
    ("placement", "Placering"),
    ("plan", "Plan och uppföljning"),
    ("meeting", "Möten och utfall"),
    ("consent", "Samtycken"),
    ("disclosure", "Utlämnanden"),
    ("journal", "Journal"),
];

/// A line of the timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::casefile) struct Happened {
    pub day: time::Date,
    /// `police`, `alert` or nothing: how the point is drawn.
    pub mark: &'static str,
    pub heading: String,
    /// What is said besides where everything is wanted.
    pub more: Option<String>,
    pub href: Option<String>,
}

impl Happened {
    pub(in crate::casefile) fn of(case: &str, row: &Row) -> Self {
        let (heading, more) = said(row);
        let href = row.id.and_then(|id| address(case, row, id));
        Self { day: row.day, mark: mark(row), heading, more, href }
    }
}

fn mark(row: &Row) -> &'static str {
    let alarming = row.what == "deviation" && row.subject.as_deref() == Some(DeviationSeverity::S3.code());
    match row.group.as_str() {
        "police" => "police",
        "cooperation" if alarming => "alert",
        _ => "",
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
        ("case", what) => of_the_case(what, row),
        ("police", "contact") => {
            (format!("Kontakt med {}", label(PoliceBody::parse, detail)), Some(label(ContactChannel::parse, subject)))
        }
        ("police", "conditions") => (format!("Villkor {number} undertecknades hos polisen"), None),
        ("police", _) => (
            format!("Hotbedömning {number}: {}", label(ThreatLevel::parse, detail)),
            Some(label(ThreatStatus::parse, subject)),
        ),
        ("cooperation", what) => of_cooperation(what, detail, subject),
        ("investigation", what) => of_investigating(what, detail, number),
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
        ("plan", what) => of_planning(what, detail, subject, number),
        ("meeting", what) => of_meeting(what, detail),
        ("consent", what) => {
            let word = if what == "given" { "Samtycke lämnades" } else { "Samtycke återkallades" };
            (word.to_owned(), Some(label(ConsentKind::parse, detail)))
        }
        ("disclosure", what) => of_disclosing(what, detail, subject),
        (_, what) => (label(JournalKind::parse, Some(what)), row.detail.clone()),
    }
}

/// To whom, and what kinds of text; what they said stands behind the link.
fn of_disclosing(what: &str, detail: Option<&str>, subject: Option<&str>) -> (String, Option<String>) {
    let to = label(DisclosureRecipient::parse, detail);
    let heading = match what {
        "released" => format!("Utlämnande till {to}"),
        "revoked" => format!("Utlämnandet till {to} återkallades"),
        _ => format!("Utlämnande till {to} avslogs"),
    };
    let mut kinds: Vec<_> = Vec::new();
    for kind in subject.unwrap_or_default().split(' ').filter_map(DisclosureItemKind::parse) {
        if !kinds.contains(&kind.label()) {
            kinds.push(kind.label());
        }
    }
    (heading, Some(kinds.join(", ")).filter(|kinds| !kinds.is_empty()))
}

/// The lines that the program writes in the journal by itself, and who was asked to take over.
fn of_the_case(what: &str, row: &Row) -> (String, Option<String>) {
    let handover = match what {
        "handover_offered" => "Ärendet erbjöds en kollega",
        "handover_accepted" => "Ärendet togs över",
        "handover_declined" => "Erbjudandet att ta över ärendet avböjdes",
        "handover_withdrawn" => "Erbjudandet att ta över ärendet togs tillbaka",
        _ => {
            let Some(event) = JournalEvent::parse(what) else { return (String::new(), None) };
            let line = Line { event, detail: row.detail.clone(), subject: row.subject.clone() };
            return (event.to_string(), line.sentence());
        }
    };
    (handover.to_owned(), row.subject.clone())
}

fn of_cooperation(what: &str, detail: Option<&str>, subject: Option<&str>) -> (String, Option<String>) {
    let category = || label(DeviationCategory::parse, detail);
    match what {
        "check" => (
            format!("Slagning: {}", label(CheckResult::parse, detail).to_lowercase()),
            Some(label(PoliceBody::parse, subject)),
        ),
        "deviation" => (
            format!("Avvikelse: {}", category().to_lowercase()),
            Some(format!("Allvarlighetsgrad: {}", label(DeviationSeverity::parse, subject).to_lowercase())),
        ),
        _ => ("Avvikelse avslutades".to_owned(), Some(category())),
    }
}

fn of_investigating(what: &str, detail: Option<&str>, number: i32) -> (String, Option<String>) {
    let kind = || Some(label(InvestigationKind::parse, detail));
    match what {
        "motivation" => (format!("Motivationsbedömning {number}"), Some(label(MotivationStage::parse, detail))),
        "begun" => (format!("Utredning {number} inleddes"), kind()),
        "communicated" => (format!("Utredning {number} kommunicerades"), kind()),
        "completed" => (format!("Utredning {number} blev färdig"), kind()),
        "discontinued" => (format!("Utredning {number} avslutades utan beslut"), kind()),
        "support" => (format!("Stödbedömning {number} sparades"), None),
        "concern" => ("Orosanmälan gjordes".to_owned(), Some(format!("Barn {number}"))),
        _ => ("Barnperspektivet registrerades".to_owned(), Some(format!("Barn {number}"))),
    }
}

fn of_planning(what: &str, detail: Option<&str>, subject: Option<&str>, number: i32) -> (String, Option<String>) {
    let plan = || format!("{} {number}", label(PlanKind::parse, detail));
    let support =
        |happened: &str| (format!("Insats {number} {happened}"), Some(label(InterventionKind::parse, detail)));
    let kind = || label(FollowUpKind::parse, detail);
    match what {
        "activated" => (format!("{} fastställdes", plan()), None),
        "ended" => (format!("{} avslutades", plan()), None),
        "support_planned" => support("planerades"),
        "support_begun" => support("började"),
        "support_paused" => support("pausades"),
        "support_resumed" => support("återupptogs"),
        "support_ended" => support("avslutades"),
        "follow_up" => (format!("Uppföljning {number} planerad"), Some(kind())),
        _ => (
            format!("Uppföljning {number} genomfördes"),
            Some(format!("{}, {}", kind(), label(FollowUpForm::parse, subject).to_lowercase())),
        ),
    }
}

fn of_meeting(what: &str, detail: Option<&str>) -> (String, Option<String>) {
    let asked = || Some(label(InternalRequestKind::parse, detail));
    match what {
        "planned" => ("Samverkansmöte planerat".to_owned(), None),
        "held" => ("Samverkansmöte genomfördes".to_owned(), None),
        "cancelled" => ("Samverkansmöte ställdes in".to_owned(), None),
        "sig_formed" => ("Social insatsgrupp bildades".to_owned(), None),
        "sig_ended" => ("Social insatsgrupp upphörde".to_owned(), None),
        "asked" => ("Intern begäran skickades".to_owned(), asked()),
        "answered" => ("Intern begäran besvarades".to_owned(), asked()),
        "return" => ("Återvändandebedömning".to_owned(), Some(label(ReturnResult::parse, detail))),
        _ => ("Utfall registrerades".to_owned(), Some(label(OutcomeMoment::parse, detail))),
    }
}

/// Where it is told in full.
fn address(case: &str, row: &Row, id: Uuid) -> Option<String> {
    Some(match (row.group.as_str(), row.what.as_str()) {
        ("case", "intake") => intakes::show(id),
        ("case", what) if what.starts_with("handover_") => assignments::list(case),
        ("case" | "journal", _) => journal::show(case, id),
        ("police", "contact") => intakes::case_contacts(case),
        ("police", "conditions") => conditions::list(case),
        ("police", _) => threats::show(case, id),
        ("cooperation", "check") => checks::show(case, id),
        ("cooperation", _) => deviations::show(case, id),
        ("investigation", "motivation") => motivations::list(case),
        ("investigation", "support") => investigations::support(case, id),
        ("investigation", "child" | "concern") => investigations::child(case, id),
        ("investigation", _) => investigations::show(case, id),
        ("decision", _) => decisions::show(case, id),
        ("placement", _) => placements::show(case, id),
        ("plan", "activated" | "ended") => plans::show(case, id),
        ("plan", "follow_up" | "followed_up") => follow_ups::show(case, id),
        ("plan", _) => interventions::show(case, id),
        ("meeting", "sig_formed" | "sig_ended") => meetings::sig(case, id),
        ("meeting", "asked" | "answered") => meetings::request(case, id),
        ("meeting", "return") => homecomings::show(case, id),
        ("meeting", "outcome") => outcomes::show(case, id),
        ("meeting", _) => meetings::show(case, id),
        ("consent", _) => consents::show(case, id),
        ("disclosure", _) => disclosures::show(case, id),
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
        assert_eq!(of("police", "conditions", None, Some(2)).0, "Villkor 2 undertecknades hos polisen");
        assert_eq!(of("decision", "outpatient", Some("granted"), Some(1)).0, "Beslut 1: Öppenvård");
        assert_eq!(of("case", "case_opened", None, None), ("Ärendet öppnades".to_owned(), None));
        assert_eq!(of("journal", "meeting", Some("Malin Ek"), None), words("Möte", "Malin Ek"));
        assert_eq!(of("investigation", "communicated", Some("application"), Some(1)).0, "Utredning 1 kommunicerades");
        assert_eq!(
            of("investigation", "motivation", Some("preparing"), Some(2)),
            words("Motivationsbedömning 2", "Förbereder")
        );
        assert_eq!(of("plan", "activated", Some("care_plan"), Some(2)), ("Vårdplan 2 fastställdes".to_owned(), None));
        assert_eq!(of("plan", "support_paused", Some("outpatient"), Some(1)), words("Insats 1 pausades", "Öppenvård"));
        assert_eq!(
            of("plan", "follow_up", Some("joint"), Some(3)),
            words("Uppföljning 3 planerad", "Gemensam uppföljning")
        );
        assert_eq!(
            of("meeting", "return", Some("not_yet"), None),
            words("Återvändandebedömning", "Kan inte återvända än")
        );
        assert_eq!(of("cooperation", "check", Some("no_deviation"), None).0, "Slagning: utan avvikelse");
    }

    #[test]
    fn what_is_grave_is_marked() {
        let grave =
            Row { subject: Some("s3".to_owned()), ..row("cooperation", "deviation", Some("threat_event"), None) };
        assert_eq!((mark(&grave), mark(&row("police", "threat", None, Some(1)))), ("alert", "police"));
        assert_eq!(mark(&Row { subject: Some("s2".to_owned()), ..grave }), "");
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
