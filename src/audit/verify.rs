//! Checks the log against its seals, its MACs and anchors kept outside the database: finds a row that was changed, taken
//! away, put in or moved, and an end that was cut off. Says where, never what a row is about.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::Value;
use sqlx::PgConnection;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::anchor::Anchor;
use super::merkle::{self, Hash};
use super::record::{Record, Row, no_changes};
use super::seal::{encoding, hash_of};
use crate::crypto::keyring::KeyRing;
use crate::crypto::log::signed_by;
use crate::error::Result;

/// How far a clock may go back between two seals: clocks are set right by a little all the time.
const CLOCK_MAY_SLIP_MICROS: i64 = 120_000_000;

/// Something that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The row's text, or a column that repeats it, is not what the program wrote.
    Changed { seq: i64 },
    /// A seal names a row that is not there.
    Missing { seq: i64, seal: i64 },
    /// A row that no seal names, although everything around it was sealed; or one that is there twice.
    Inserted { seq: i64 },
    /// The rows of a seal give another root: something among them was moved or replaced.
    Broken { seal: i64 },
    /// A row that two seals name.
    SealedTwice { seq: i64, seal: i64 },
    /// The row changes that an event announced are not the ones that stand there.
    ChangesDiffer { seq: i64 },
    /// Row changes of a transaction that no event answers for.
    ChangesWithoutEvent { xid: String },
    /// A seal is missing, out of order, or was not made with our key.
    SealForged { seal: i64 },
    /// The clock went back before this seal.
    ClockBack { seal: i64 },
    /// The anchor knows a seal that the database does not have, or has otherwise: the end was cut off or rewritten.
    CutOff { anchor: i64 },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed { seq } => write!(f, "row {seq}: changed"),
            Self::Missing { seq, seal } => write!(f, "row {seq}: missing (sealed in {seal})"),
            Self::Inserted { seq } => write!(f, "row {seq}: put in afterwards"),
            Self::Broken { seal } => write!(f, "seal {seal}: its rows give another root"),
            Self::SealedTwice { seq, seal } => write!(f, "row {seq}: sealed twice (again in {seal})"),
            Self::ChangesDiffer { seq } => write!(f, "row {seq}: the row changes it announced differ"),
            Self::ChangesWithoutEvent { xid } => write!(f, "transaction {xid}: row changes without an event"),
            Self::SealForged { seal } => write!(f, "seal {seal}: forged, missing or out of order"),
            Self::ClockBack { seal } => write!(f, "seal {seal}: the clock was set back before it"),
            Self::CutOff { anchor } => write!(f, "seal {anchor}: known outside, not in the database"),
        }
    }
}

/// What a check went through and found.
#[derive(Debug, Default)]
pub struct Report {
    pub rows: usize,
    pub seals: usize,
    pub findings: Vec<Finding>,
}

type Signed<'k> = Box<dyn Fn(&[u8], &[u8]) -> bool + 'k>;

/// What a check asks the keys: whether a row carries our MAC, and whether a text carries our signature.
pub struct Keys<'k> {
    wrote: Box<dyn Fn(&Row) -> bool + 'k>,
    signed: Signed<'k>,
}

impl<'k> Keys<'k> {
    /// All of them: every row is checked by itself.
    pub fn ring(keys: &'k KeyRing) -> Self {
        Self::asking(
            |row| u8::try_from(row.key_id).is_ok_and(|id| keys.log_mac_matches(id, row.body.as_bytes(), &row.mac)),
            |text, signature| keys.seal_signature_matches(text, signature),
        )
    }

    /// The public one alone, for somebody outside. What is sealed is checked; the id of a row's key, and rows of the last
    /// second that no seal names yet, are not.
    pub fn public(key: &'k str) -> Self {
        Self::asking(|_| true, move |text, signature| signed_by(key, text, signature))
    }

    /// Whatever answers the two questions.
    pub fn asking(wrote: impl Fn(&Row) -> bool + 'k, signed: impl Fn(&[u8], &[u8]) -> bool + 'k) -> Self {
        Self { wrote: Box::new(wrote), signed: Box::new(signed) }
    }
}

/// Checks the whole log of the database, which must stand still meanwhile: see [`Record::read`]. `anchor` is the newest seal known outside it: its number and hash.
pub async fn verify(work: &mut PgConnection, keys: &KeyRing, anchor: Option<Anchor>) -> Result<Report> {
    let record = Record::read(work).await?;
    Ok(check(&record, &Keys::ring(keys), anchor.as_slice()))
}

/// Checks a record, wherever it was read.
pub fn check(record: &Record, keys: &Keys<'_>, anchors: &[Anchor]) -> Report {
    let mut findings = Vec::new();
    let leaves = rows(record, keys, &mut findings);
    let (sealed, horizon) = seals(record, keys, &leaves, &mut findings);
    // What is not sealed yet can only be newer than the last seal's horizon.
    for row in record.rows.iter().filter(|row| !sealed.contains(&row.seq)) {
        if row.xid.parse::<u64>().is_ok_and(|xid| xid < horizon) {
            findings.push(Finding::Inserted { seq: row.seq });
        }
    }
    for (n, hash) in anchors {
        if !record.seals.iter().any(|seal| seal.n == *n && seal.hash[..] == hash[..]) {
            findings.push(Finding::CutOff { anchor: *n });
        }
    }
    Report { rows: record.rows.len(), seals: record.seals.len(), findings }
}

/// Each row by itself, and the row changes that it announces; the leaf of each place.
fn rows(record: &Record, keys: &Keys<'_>, findings: &mut Vec<Finding>) -> BTreeMap<i64, Hash> {
    let (mut leaves, mut ids, mut answered) = (BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
    let empty = no_changes();
    for row in &record.rows {
        let body: Value = serde_json::from_str(&row.body).unwrap_or(Value::Null);
        if !(keys.wrote)(row) || !repeats(row, &body) {
            findings.push(Finding::Changed { seq: row.seq });
        }
        if let Some(announced) = body.get("changes").and_then(Value::as_str) {
            answered.insert(row.xid.as_str());
            if record.changes.get(&row.xid).unwrap_or(&empty) != announced {
                findings.push(Finding::ChangesDiffer { seq: row.seq });
            }
        }
        let leaf = merkle::leaf(row.seq, &row.xid, &row.body, &row.mac);
        if !ids.insert(row.id) || leaves.insert(row.seq, leaf).is_some() {
            findings.push(Finding::Inserted { seq: row.seq });
        }
    }
    for xid in record.changes.keys().filter(|xid| !answered.contains(xid.as_str())) {
        findings.push(Finding::ChangesWithoutEvent { xid: xid.clone() });
    }
    leaves
}

/// Whether the columns say what the text says.
fn repeats(row: &Row, body: &Value) -> bool {
    let said = |name: &str| body.get(name).and_then(Value::as_str);
    let same = |name: &str, column: Option<String>| said(name) == column.as_deref();
    let cases: Vec<String> = row.cases.iter().map(ToString::to_string).collect();
    let said_cases = body.get("cases").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    same("id", Some(row.id.to_string()))
        && same("actor", row.actor.map(|id| id.to_string()))
        && same("role", row.role.clone())
        && same("event", Some(row.event.clone()))
        && same("case", row.case.map(|id| id.to_string()))
        && said_cases.iter().map(Value::as_str).eq(cases.iter().map(|case| Some(case.as_str())))
        && said("at").is_some_and(|at| is_moment(at, row.at))
}

/// Whether the text is the moment that the column holds. Postgres rounds to microseconds; half of one goes either way.
fn is_moment(text: &str, micros: i64) -> bool {
    let Ok(at) = OffsetDateTime::parse(text, &Rfc3339) else { return false };
    (at.unix_timestamp_nanos() - i128::from(micros) * 1000).abs() <= 500
}

/// The chain of seals; which rows they name, and below which transaction everything is sealed.
fn seals(
    record: &Record,
    keys: &Keys<'_>,
    leaves: &BTreeMap<i64, Hash>,
    findings: &mut Vec<Finding>,
) -> (BTreeSet<i64>, u64) {
    let mut sealed = BTreeSet::new();
    let (mut expected, mut previous, mut horizon, mut clock) = (1, vec![0; 32], 0_u64, i64::MIN);
    for seal in &record.seals {
        let text = encoding(seal.n, seal.at, &seal.horizon, &seal.seqs, &seal.root, &seal.previous);
        let genuine = seal.n == expected
            && seal.previous == previous
            && (keys.signed)(&text, &seal.signature)
            && hash_of(&text, &seal.signature)[..] == seal.hash[..];
        if !genuine {
            findings.push(Finding::SealForged { seal: seal.n });
        }
        if seal.at < clock.saturating_sub(CLOCK_MAY_SLIP_MICROS) {
            findings.push(Finding::ClockBack { seal: seal.n });
        }
        let mut found = Vec::new();
        for seq in &seal.seqs {
            match leaves.get(seq) {
                Some(leaf) => found.push(*leaf),
                None => findings.push(Finding::Missing { seq: *seq, seal: seal.n }),
            }
            if !sealed.insert(*seq) {
                findings.push(Finding::SealedTwice { seq: *seq, seal: seal.n });
            }
        }
        if found.len() == seal.seqs.len() && merkle::root(&found)[..] != seal.root[..] {
            findings.push(Finding::Broken { seal: seal.n });
        }
        (expected, previous, clock) = (seal.n + 1, seal.hash.clone(), clock.max(seal.at));
        horizon = seal.horizon.parse().unwrap_or(0);
    }
    (sealed, horizon)
}
