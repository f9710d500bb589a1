//! Checks the log against its seals, its MACs and an anchor kept outside the database: finds a row that was changed,
//! taken away, put in or moved, and an end that was cut off. Says where, never what a row is about.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::Value;
use sqlx::PgConnection;

use super::merkle::{self, Hash};
use super::seal::{encoding, hash_of, micros};
use crate::crypto::keyring::KeyRing;
use crate::error::Result;

/// Something that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The row's text, or a column that repeats it, is not what the program wrote.
    Changed { seq: i64 },
    /// A seal names a row that is not there.
    Missing { seq: i64, seal: i64 },
    /// A row that no seal names, although everything around it was sealed.
    Inserted { seq: i64 },
    /// The rows of a seal give another root: something among them was moved or replaced.
    Broken { seal: i64 },
    /// The row changes that an event announced are not the ones that stand there.
    ChangesDiffer { seq: i64 },
    /// Row changes of a transaction that no event answers for.
    ChangesWithoutEvent { xid: String },
    /// A seal is missing, out of order, or was not made with our key.
    SealForged { seal: i64 },
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
            Self::ChangesDiffer { seq } => write!(f, "row {seq}: the row changes it announced differ"),
            Self::ChangesWithoutEvent { xid } => write!(f, "transaction {xid}: row changes without an event"),
            Self::SealForged { seal } => write!(f, "seal {seal}: forged, missing or out of order"),
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

/// Checks the whole log. `anchor` is the newest seal known outside the database: its number and hash.
pub async fn verify(work: &mut PgConnection, keys: &KeyRing, anchor: Option<(i64, Hash)>) -> Result<Report> {
    let mut report = Report::default();
    let rows = sqlx::query!(
        r#"select seq, xid::text as "xid!", id, at, actor_id, actor_role, event, case_id, cases, body, key_id, mac,
                  (body::jsonb ->> 'at')::timestamptz as body_at
           from audit.entry order by seq"#
    )
    .fetch_all(&mut *work)
    .await?;
    report.rows = rows.len();

    let mut answered: BTreeSet<String> = BTreeSet::new();
    let digests: BTreeMap<String, Option<String>> =
        sqlx::query!(r#"select x.xid::text as "xid!", audit.changes_of(x.xid) as digest from (select distinct xid from audit.row_change) x"#)
            .fetch_all(&mut *work)
            .await?
            .into_iter()
            .map(|row| (row.xid, row.digest))
            .collect();
    for row in &rows {
        let body: Value = serde_json::from_str(&row.body).unwrap_or(Value::Null);
        let same =
            |name: &str, column: Option<String>| body.get(name).and_then(Value::as_str).map(str::to_owned) == column;
        let cases: Vec<String> = row.cases.iter().map(ToString::to_string).collect();
        let said: Vec<String> = body
            .get("cases")
            .and_then(Value::as_array)
            .map(|list| list.iter().filter_map(Value::as_str).map(str::to_owned).collect())
            .unwrap_or_default();
        let genuine = u8::try_from(row.key_id).is_ok_and(|id| keys.log_mac_matches(id, row.body.as_bytes(), &row.mac))
            && same("id", Some(row.id.to_string()))
            && same("actor", row.actor_id.map(|id| id.to_string()))
            && same("role", row.actor_role.clone())
            && same("event", Some(row.event.clone()))
            && same("case", row.case_id.map(|id| id.to_string()))
            && said == cases
            && row.body_at == Some(row.at);
        if !genuine {
            report.findings.push(Finding::Changed { seq: row.seq });
        }
        if let Some(announced) = body.get("changes").and_then(Value::as_str) {
            answered.insert(row.xid.clone());
            let stands = digests.get(&row.xid).and_then(Option::as_deref).map_or_else(empty_digest, str::to_owned);
            if stands != announced {
                report.findings.push(Finding::ChangesDiffer { seq: row.seq });
            }
        }
    }
    for xid in digests.keys().filter(|xid| !answered.contains(*xid)) {
        report.findings.push(Finding::ChangesWithoutEvent { xid: xid.clone() });
    }

    let leaves: BTreeMap<i64, Hash> =
        rows.iter().map(|row| (row.seq, merkle::leaf(row.seq, &row.xid, &row.body, &row.mac))).collect();
    let seals = sqlx::query!(
        r#"select n, at, horizon::text as "horizon!", seqs, root, previous, signature, hash from audit.seal order by n"#
    )
    .fetch_all(&mut *work)
    .await?;
    report.seals = seals.len();
    let mut sealed: BTreeSet<i64> = BTreeSet::new();
    let (mut expected, mut previous, mut horizon) = (1, vec![0; 32], 0_u64);
    for seal in &seals {
        let text = encoding(seal.n, micros(seal.at), &seal.horizon, &seal.seqs, &seal.root, &seal.previous);
        let genuine = seal.n == expected
            && seal.previous == previous
            && keys.seal_signature_matches(&text, &seal.signature)
            && hash_of(&text, &seal.signature)[..] == seal.hash[..];
        if !genuine {
            report.findings.push(Finding::SealForged { seal: seal.n });
        }
        let mut found = Vec::new();
        for seq in &seal.seqs {
            match leaves.get(seq) {
                Some(leaf) => found.push(*leaf),
                None => report.findings.push(Finding::Missing { seq: *seq, seal: seal.n }),
            }
            sealed.insert(*seq);
        }
        if found.len() == seal.seqs.len() && merkle::root(&found)[..] != seal.root[..] {
            report.findings.push(Finding::Broken { seal: seal.n });
        }
        (expected, previous, horizon) = (seal.n + 1, seal.hash.clone(), seal.horizon.parse().unwrap_or(0));
    }
    // What is not sealed yet can only be newer than the last seal's horizon.
    for row in rows.iter().filter(|row| !sealed.contains(&row.seq)) {
        if row.xid.parse::<u64>().is_ok_and(|xid| xid < horizon) {
            report.findings.push(Finding::Inserted { seq: row.seq });
        }
    }
    if let Some((n, hash)) = anchor
        && !seals.iter().any(|seal| seal.n == n && seal.hash[..] == hash[..])
    {
        report.findings.push(Finding::CutOff { anchor: n });
    }
    Ok(report)
}

/// What the database says of a transaction without row changes.
fn empty_digest() -> String {
    use sha2::{Digest, Sha256};
    data_encoding::HEXLOWER.encode(&Sha256::digest([]))
}
