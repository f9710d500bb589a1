//! Sealing: once a second, whatever no open transaction can add to any more gets one root, signed and linked to the seal
//! before. Rows are appended without a common lock; a chain under one lock made writers wait for each other.

use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::merkle::{self, Hash};
use crate::crypto::keyring::KeyRing;
use crate::error::{Error, Result};

/// How many rows a seal takes at the most; more come in the next.
const LARGEST: i64 = 1000;

/// What is signed, and what the next seal and the anchors outside point at.
pub(super) fn encoding(
    n: i64,
    at_unix_micros: i64,
    horizon: &str,
    seqs: &[i64],
    root: &[u8],
    previous: &[u8],
) -> Vec<u8> {
    let mut bytes = b"utvag seal 1".to_vec();
    bytes.extend(n.to_be_bytes());
    bytes.extend(at_unix_micros.to_be_bytes());
    bytes.extend((horizon.len() as u64).to_be_bytes());
    bytes.extend(horizon.as_bytes());
    bytes.extend((seqs.len() as u64).to_be_bytes());
    for seq in seqs {
        bytes.extend(seq.to_be_bytes());
    }
    bytes.extend(root);
    bytes.extend(previous);
    bytes
}

pub(super) fn micros(at: OffsetDateTime) -> i64 {
    // In range until the year 294 000.
    i64::try_from(at.unix_timestamp_nanos() / 1000).unwrap_or(i64::MAX)
}

pub(super) fn hash_of(encoding: &[u8], signature: &[u8]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(encoding);
    hasher.update(signature);
    hasher.finalize().into()
}

/// A seal just made, as it goes to the operations log and to the file that can leave the host.
#[derive(Debug, Clone)]
pub struct Seal {
    pub n: i64,
    pub rows: usize,
    pub hash: Hash,
}

/// Seals what can be sealed; `None` when nothing waits, or when another instance is at it.
/// The transaction is the caller's to commit.
pub async fn seal(work: &mut PgConnection, keys: &KeyRing, at: OffsetDateTime) -> Result<Option<Seal>> {
    let alone = sqlx::query_scalar!("select pg_try_advisory_xact_lock(778202)").fetch_one(&mut *work).await?;
    if alone != Some(true) {
        return Ok(None);
    }
    let last =
        sqlx::query!(r#"select n, hash, horizon::text as "horizon!", seqs from audit.seal order by n desc limit 1"#)
            .fetch_optional(&mut *work)
            .await?;
    let (n, previous, from, highest) = match last {
        Some(last) => (last.n + 1, last.hash, last.horizon, last.seqs.last().copied().unwrap_or(0)),
        None => (1, vec![0; 32], "0".to_owned(), 0),
    };
    // Below the horizon no transaction is open, so no row can slip in later: every row from the last horizon on is new.
    // Places do not tell: a transaction that began earlier may take a later one. Only in a restored database, which
    // counts its transactions anew and lies below its own last horizon, does the place tell what is new.
    let rows = sqlx::query!(
        r#"select e.seq, e.xid::text as "xid!", e.body, e.mac, h.horizon::text as "horizon!"
           from (select pg_snapshot_xmin(pg_current_snapshot()) as horizon) h
           join audit.entry e on e.xid < h.horizon
             and (e.xid >= $1::text::xid8 or (h.horizon < $1::text::xid8 and e.seq > $2))
           order by e.xid, e.seq limit $3"#,
        from,
        highest,
        LARGEST + 1
    )
    .fetch_all(&mut *work)
    .await?;
    let Some(first) = rows.first() else { return Ok(None) };
    // A transaction is sealed whole or not at all. When there is more than one seal holds, the horizon stays before
    // the first transaction that did not fit.
    let limit = usize::try_from(LARGEST).map_err(Error::internal)?;
    let cut = rows.get(limit).map(|row| row.xid.clone());
    let horizon = cut.clone().unwrap_or_else(|| first.horizon.clone());
    let mut taken: Vec<_> = rows.iter().filter(|row| cut.as_ref() != Some(&row.xid)).collect();
    if taken.is_empty() {
        return Err(Error::internal("one transaction wrote more log rows than a seal holds"));
    }
    taken.sort_unstable_by_key(|row| row.seq);
    let seqs: Vec<i64> = taken.iter().map(|row| row.seq).collect();
    let leaves: Vec<Hash> = taken.iter().map(|row| merkle::leaf(row.seq, &row.xid, &row.body, &row.mac)).collect();
    let root = merkle::root(&leaves);
    let at = at.replace_microsecond(at.microsecond()).map_err(Error::internal)?;
    let text = encoding(n, micros(at), &horizon, &seqs, &root, &previous);
    let signature = keys.sign_seal(&text);
    let hash = hash_of(&text, &signature);
    sqlx::query!(
        "insert into audit.seal (n, at, horizon, seqs, root, previous, signature, hash) values ($1, $2, $3::text::xid8, $4, $5, $6, $7, $8)",
        n, at, horizon, &seqs, &root[..], &previous, &signature[..], &hash[..]
    )
    .execute(work)
    .await?;
    Ok(Some(Seal { n, rows: seqs.len(), hash }))
}
