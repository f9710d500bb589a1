//! Who is in danger when an account is in the wrong hands: case by case, the newest first.

use std::collections::HashMap;

use time::{Date, Duration, OffsetDateTime, Time};
use uuid::Uuid;

use crate::calendar::moment;
use crate::vocabulary::{AssignmentKind, PoliceBody, ProtectionLevel};

/// How far back the report looks when nobody has said.
pub const USUALLY: Duration = Duration::days(30);

/// The first moment of a day. Midnight in Sweden is an hour or two before midnight in UTC: rather an hour too many than one
/// too few.
pub fn first_moment(day: Date) -> OffsetDateTime {
    day.with_time(Time::MIDNIGHT).assume_utc() - Duration::hours(2)
}

/// One case, and through it one person.
#[derive(Debug, Clone)]
pub struct Exposed {
    pub case: Uuid,
    pub reference: String,
    pub is_closed: bool,
    pub protection: ProtectionLevel,
    /// When it was last opened, and how many rows of the log say so.
    pub seen_at: Option<OffsetDateTime>,
    pub seen_times: i64,
    /// When a list last showed that it exists.
    pub listed_at: Option<OffsetDateTime>,
    /// Code of the event: how many.
    pub events: serde_json::Value,
    /// When it was last read where the person is.
    pub location_at: Option<OffsetDateTime>,
    /// By what it could have been reached: what the account was named as, or `role`.
    pub reach: Vec<String>,
    pub reach_until: Option<OffsetDateTime>,
    /// How many locations it has opened or could have.
    pub locations: i64,
    pub responsible: Option<String>,
    pub coordinator: Option<String>,
    /// Where the police were last spoken with about the case, and when.
    pub police: Option<(PoliceBody, OffsetDateTime)>,
    /// How many of each kind.
    pub documents: Vec<(&'static str, usize)>,
}

/// What danger is meant, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Danger {
    LocationRead,
    Read,
    LocationInReach,
    Listed,
    InReach,
}

impl Danger {
    pub const fn label(self) -> &'static str {
        match self {
            Self::LocationRead => "Vistelseorten är läst",
            Self::Read => "Ärendet är läst",
            Self::LocationInReach => "Vistelseorten kunde läsas",
            Self::Listed => "Syntes i en lista",
            Self::InReach => "Kunde läsas",
        }
    }

    pub const fn tag(self) -> &'static str {
        match self {
            Self::LocationRead | Self::Read => "danger",
            Self::LocationInReach => "warn",
            Self::Listed | Self::InReach => "line",
        }
    }
}

impl Exposed {
    pub fn danger(&self) -> Danger {
        match self {
            Self { location_at: Some(_), .. } => Danger::LocationRead,
            Self { seen_at: Some(_), .. } => Danger::Read,
            Self { locations: 1.., .. } => Danger::LocationInReach,
            Self { listed_at: Some(_), .. } => Danger::Listed,
            _ => Danger::InReach,
        }
    }

    /// Why it could be reached, in words.
    pub fn reach_in_words(&self) -> Vec<&'static str> {
        let word = |code: &String| AssignmentKind::parse(code).map_or("Genom rollen", AssignmentKind::label);
        self.reach.iter().map(word).collect()
    }
}

/// The whole report.
#[derive(Debug, Clone, Default)]
pub struct Exposure {
    pub cases: Vec<Exposed>,
    /// Ids of the documents of those cases: case, kind, id.
    pub documents: Vec<(Uuid, String, Uuid)>,
    /// Intakes without a case that could be read.
    pub intakes: Vec<(Uuid, Date)>,
}

impl Exposure {
    pub fn count(&self, danger: Danger) -> usize {
        self.cases.iter().filter(|one| one.danger() == danger).count()
    }
}

impl Exposure {
    /// For the terminal: a line for each case, document and intake, with tabs between the columns, so that a sheet can
    /// take them.
    pub fn in_columns(&self) -> String {
        let at = |at: Option<OffsetDateTime>| at.map_or_else(|| "-".to_owned(), moment);
        let name = |name: &Option<String>| name.clone().unwrap_or_else(|| "-".to_owned());
        let mut lines =
            vec!["case\tdanger\tseen\tlisted\tlocation\treach\tresponsible\tcoordinator\tpolice".to_owned()];
        lines.extend(self.cases.iter().map(|one| {
            let police = one.police.map_or("-", |(body, _)| body.label()).to_owned();
            let columns = [
                one.reference.clone(),
                one.danger().label().to_owned(),
                at(one.seen_at),
                at(one.listed_at),
                at(one.location_at),
                one.reach_in_words().join(", "),
                name(&one.responsible),
                name(&one.coordinator),
                police,
            ];
            columns.join("\t")
        }));
        let references: HashMap<Uuid, &str> = self.cases.iter().map(|one| (one.case, one.reference.as_str())).collect();
        let of = |case: &Uuid| references.get(case).copied().unwrap_or("-");
        lines.extend(self.documents.iter().map(|(case, kind, id)| format!("{}\tdocument\t{kind}\t{id}", of(case))));
        lines.extend(self.intakes.iter().map(|(id, received_on)| format!("-\tintake\t{received_on}\t{id}")));
        lines.join("\n")
    }
}

/// Kinds of documents, and what they are called.
pub const DOCUMENTS: [(&str, &str); 15] = [
    ("threat_assessment", "hotbedömning"),
    ("police_contact", "poliskontakt"),
    ("journal_entry", "journalanteckning"),
    ("decision", "beslut"),
    ("investigation", "utredning"),
    ("consent", "samtycke"),
    ("plan", "plan"),
    ("follow_up", "uppföljning"),
    ("deviation", "avvikelse"),
    ("register_check", "slagning"),
    ("joint_meeting", "samverkansmöte"),
    ("return_assessment", "återvändandebedömning"),
    ("case_outcome", "utfall"),
    ("motivation_assessment", "motivationsbedömning"),
    ("internal_request", "intern begäran"),
];

/// A lock that was put on.
#[derive(Debug, Clone)]
pub struct Lock {
    pub id: Uuid,
    pub account: Uuid,
    pub account_name: String,
    pub locked_by: String,
    pub locked_at: OffsetDateTime,
    pub since: OffsetDateTime,
    pub sessions: i32,
    pub cases: i64,
    pub notify_by: OffsetDateTime,
    pub settled_by: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one() -> Exposed {
        Exposed {
            case: Uuid::nil(),
            reference: String::new(),
            is_closed: false,
            protection: ProtectionLevel::Standard,
            seen_at: None,
            seen_times: 0,
            listed_at: None,
            events: serde_json::Value::Null,
            location_at: None,
            reach: vec!["role".to_owned(), "deputy".to_owned()],
            reach_until: None,
            locations: 0,
            responsible: None,
            coordinator: None,
            police: None,
            documents: Vec::new(),
        }
    }

    #[test]
    fn the_worst_is_said() {
        let now = Some(OffsetDateTime::UNIX_EPOCH);
        assert_eq!(one().danger(), Danger::InReach);
        assert_eq!(Exposed { listed_at: now, ..one() }.danger(), Danger::Listed);
        assert_eq!(Exposed { listed_at: now, locations: 1, ..one() }.danger(), Danger::LocationInReach);
        assert_eq!(Exposed { seen_at: now, locations: 1, ..one() }.danger(), Danger::Read);
        assert_eq!(Exposed { seen_at: now, location_at: now, ..one() }.danger(), Danger::LocationRead);
        assert_eq!(one().reach_in_words(), ["Genom rollen", "Ersättare"]);
    }
}
