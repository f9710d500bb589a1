//! What the rules look at: rows of the log without anything that a person said, and what is known of the cases that they
//! name.

use std::collections::{BTreeSet, HashMap, HashSet};

use time::{Date, Duration, OffsetDateTime};
use uuid::Uuid;

use crate::calendar::stockholm_date;
use crate::vocabulary::AssignmentKind;

/// A row of the log that somebody has caused.
#[derive(Debug, Clone)]
pub struct Trace {
    pub seq: i64,
    pub at: OffsetDateTime,
    pub actor: Uuid,
    /// The code of the role that was used.
    pub role: String,
    /// The code of the event.
    pub event: String,
    pub case: Option<Uuid>,
    /// Whether something was changed under it.
    pub changes: bool,
    /// How many a search found.
    pub hits: Option<u64>,
    pub session: Option<Uuid>,
    /// The session began on a computer that the account had not used before.
    pub new_device: bool,
    /// What was released and is opened here.
    pub item: Option<Uuid>,
    /// A keyed hash of what was asked for and refused.
    pub tried: Option<String>,
    /// How the reason for looking was given, where one is asked for.
    pub reason: Option<Reason>,
}

/// What is kept of a reason while a month is drawn: how long it is, and what is the same for the same text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    pub letters: usize,
    pub same: [u8; 32],
}

impl Trace {
    pub fn day(&self) -> Date {
        stockholm_date(self.at)
    }
}

/// What is known of a case.
#[derive(Debug, Clone)]
pub struct CaseFacts {
    pub reference: String,
    /// The case or the person was protected in the month.
    pub is_protected: bool,
    pub closed_on: Option<Date>,
}

/// That somebody was named in a case for a time.
#[derive(Debug, Clone)]
pub struct Named {
    pub case: Uuid,
    pub account: Uuid,
    pub kind: AssignmentKind,
    pub from: OffsetDateTime,
    pub to: Option<OffsetDateTime>,
}

impl Named {
    fn covers(&self, at: OffsetDateTime) -> bool {
        self.from <= at && self.to.is_none_or(|to| at <= to)
    }

    /// How long it lasted, once it is over.
    pub fn lasted(&self) -> Option<Duration> {
        self.to.map(|to| to - self.from)
    }
}

/// What the rules need to know beside the log.
#[derive(Debug, Clone, Default)]
pub struct Background {
    pub cases: HashMap<Uuid, CaseFacts>,
    /// By account.
    pub named: HashMap<Uuid, Vec<Named>>,
    /// When an account was last seen before the rows that are looked at.
    pub last_seen: HashMap<Uuid, OffsetDateTime>,
    /// Accounts and cases between whom there may be a bond.
    pub kin: HashSet<(Uuid, Uuid)>,
    /// Accounts, and the hash of the references that a conflict of interest closes to them; since when.
    pub conflicts: HashMap<(Uuid, String), OffsetDateTime>,
    /// Who has come by lot in an earlier month of the quarter.
    pub come: BTreeSet<Uuid>,
}

impl Background {
    /// What somebody was named as in a case at a moment.
    pub fn named_as(&self, account: Uuid, case: Uuid, at: OffsetDateTime) -> Option<AssignmentKind> {
        let all = self.named.get(&account)?;
        all.iter().find(|named| named.case == case && named.covers(at)).map(|named| named.kind)
    }
}

/// The rows in order of time, and what is known beside them.
#[derive(Debug, Clone, Copy)]
pub struct Log<'l> {
    pub traces: &'l [Trace],
    pub background: &'l Background,
}

impl Log<'_> {
    /// The places of each account's rows, in order of time.
    pub fn by_actor(&self) -> Vec<Vec<usize>> {
        let mut places: HashMap<Uuid, Vec<usize>> = HashMap::new();
        for (at, trace) in self.traces.iter().enumerate() {
            places.entry(trace.actor).or_default().push(at);
        }
        let mut all: Vec<_> = places.into_values().collect();
        all.sort_unstable();
        all
    }

    /// From case to case: the place of the first row of each visit. Rows in the same case are one visit.
    pub fn visits(&self, places: &[usize]) -> Vec<usize> {
        let mut visits: Vec<usize> = Vec::new();
        for at in places.iter().copied().filter(|at| self.traces[*at].case.is_some()) {
            if visits.last().is_none_or(|last| self.traces[*last].case != self.traces[at].case) {
                visits.push(at);
            }
        }
        visits
    }
}
