//! The log as it is checked: its rows, its seals and a hash over the row changes of each transaction, read from the database
//! or from a file. Nothing that the database could say of itself is believed: the hashes are made here.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

use super::seal::micros;
use crate::error::Result;

/// A row of `audit.entry`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    pub seq: i64,
    pub xid: String,
    pub id: Uuid,
    /// Microseconds since 1970, as Postgres keeps them.
    pub at: i64,
    pub actor: Option<Uuid>,
    pub role: Option<String>,
    pub event: String,
    pub case: Option<Uuid>,
    pub cases: Vec<Uuid>,
    pub body: String,
    pub key_id: i16,
    #[serde(with = "hex")]
    pub mac: Vec<u8>,
}

/// A row of `audit.seal`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealRow {
    pub n: i64,
    pub at: i64,
    pub horizon: String,
    pub seqs: Vec<i64>,
    #[serde(with = "hex")]
    pub root: Vec<u8>,
    #[serde(with = "hex")]
    pub previous: Vec<u8>,
    #[serde(with = "hex")]
    pub signature: Vec<u8>,
    #[serde(with = "hex")]
    pub hash: Vec<u8>,
}

/// See the module.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// In the order of their places.
    pub rows: Vec<Row>,
    /// By transaction: a hash over its row changes.
    pub changes: BTreeMap<String, String>,
    /// In the order of their numbers.
    pub seals: Vec<SealRow>,
}

/// What the hash of a transaction without row changes is.
pub fn no_changes() -> String {
    in_hex(&Sha256::digest([]))
}

fn in_hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

impl Record {
    /// The whole log as the database has it. Takes several looks: on a house that is running `work` must be a snapshot
    /// ([`crate::db::Db::begin_snapshot`]), or a seal made between two of them names rows that the first did not see.
    pub async fn read(work: &mut PgConnection) -> Result<Self> {
        let rows = sqlx::query!(
            r#"select seq, xid::text as "xid!", id, at, actor_id, actor_role, event, case_id, cases, body, key_id, mac
               from audit.entry order by seq"#
        )
        .fetch_all(&mut *work)
        .await?;
        let rows = rows.into_iter().map(|row| Row {
            seq: row.seq,
            xid: row.xid,
            id: row.id,
            at: micros(row.at),
            actor: row.actor_id,
            role: row.actor_role,
            event: row.event,
            case: row.case_id,
            cases: row.cases,
            body: row.body,
            key_id: row.key_id,
            mac: row.mac,
        });
        let rows = rows.collect();
        let seals = sqlx::query!(
            r#"select n, at, horizon::text as "horizon!", seqs, root, previous, signature, hash from audit.seal order by n"#
        )
        .fetch_all(&mut *work)
        .await?;
        let seals = seals.into_iter().map(|seal| SealRow {
            n: seal.n,
            at: micros(seal.at),
            horizon: seal.horizon,
            seqs: seal.seqs,
            root: seal.root,
            previous: seal.previous,
            signature: seal.signature,
            hash: seal.hash,
        });
        Ok(Self { rows, seals: seals.collect(), changes: changes(work).await? })
    }
}

/// The same hash as `audit.changes_of`, which announces it; but made from the rows that stand there.
async fn changes(work: &mut PgConnection) -> Result<BTreeMap<String, String>> {
    let rows = sqlx::query!(
        r#"select xid::text as "xid!", concat_ws(E'\x1f', event, table_name, operation, row_id, coalesce(before::text, ''),
                  coalesce(after::text, '')) as "text!"
           from audit.row_change order by xid, seq"#
    )
    .fetch_all(work)
    .await?;
    let mut hashers: BTreeMap<String, Sha256> = BTreeMap::new();
    for row in rows {
        match hashers.get_mut(&row.xid) {
            Some(hasher) => {
                hasher.update([0x1e]);
                hasher.update(row.text);
            }
            None => {
                hashers.insert(row.xid, Sha256::new().chain_update(row.text));
            }
        }
    }
    Ok(hashers.into_iter().map(|(xid, hasher)| (xid, in_hex(&hasher.finalize()))).collect())
}

/// Bytes as figures from 0 to f.
mod hex {
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&super::in_hex(bytes))
    }

    pub fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(from)?;
        data_encoding::HEXLOWER.decode(text.as_bytes()).map_err(serde::de::Error::custom)
    }
}
