//! The log as a file, a line of JSON for each row, transaction and seal: it can be checked without the database, by whoever
//! has the public key, and with the log's own key row by row.

use std::io::{self, BufRead, Write};

use serde::{Deserialize, Serialize};

use super::record::{Record, Row, SealRow};

/// The version of the format.
const FORMAT: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    utvag_log: u32,
    /// How many lines follow.
    lines: usize,
    public_key: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
enum Line {
    Row(Row),
    Changes { xid: String, digest: String },
    Seal(SealRow),
}

/// Why a file is no log.
#[derive(Debug, thiserror::Error)]
pub enum FileFault {
    #[error("the file cannot be read or written: {0}")]
    Disk(#[from] io::Error),
    #[error("the file is encrypted: name the identity that opens it with --identity")]
    Locked,
    #[error("that is no public key of age: one begins with age1")]
    Recipient,
    #[error("there is no identity of age in the file: one begins with AGE-SECRET-KEY-1")]
    Identity,
    #[error("the file was encrypted to another key")]
    Another,
    #[error("what was encrypted was cut off or changed")]
    Changed,
    #[error("line {0} is not a line of a log")]
    Line(usize),
    #[error("{said} lines are announced and {has} are there: the file was cut off or added to")]
    Length { said: usize, has: usize },
}

impl FileFault {
    /// What a verb ends with: 2 for a log that is not as it was written.
    pub const fn status(&self) -> u8 {
        match self {
            Self::Disk(_) | Self::Locked | Self::Recipient | Self::Identity | Self::Another => 1,
            Self::Line(_) | Self::Length { .. } | Self::Changed => 2,
        }
    }
}

fn put(to: &mut impl Write, line: &impl Serialize) -> Result<(), FileFault> {
    serde_json::to_writer(&mut *to, line).map_err(io::Error::from)?;
    to.write_all(b"\n")?;
    Ok(())
}

/// Writes the whole record.
pub fn write(to: &mut impl Write, record: &Record, public_key: &str) -> Result<(), FileFault> {
    let lines = record.rows.len() + record.changes.len() + record.seals.len();
    put(to, &Head { utvag_log: FORMAT, lines, public_key: public_key.to_owned() })?;
    for row in &record.rows {
        put(to, &Line::Row(row.clone()))?;
    }
    for (xid, digest) in &record.changes {
        put(to, &Line::Changes { xid: xid.clone(), digest: digest.clone() })?;
    }
    for seal in &record.seals {
        put(to, &Line::Seal(seal.clone()))?;
    }
    Ok(())
}

/// Reads what [`write`] has written. Order and doublets are kept as they stand: to judge them is the check's business.
pub fn read(from: impl BufRead) -> Result<Record, FileFault> {
    let mut lines = (1..).zip(from.lines());
    let (_, head) = lines.next().ok_or(FileFault::Line(1))?;
    let head: Head = serde_json::from_str(&head?).map_err(|_| FileFault::Line(1))?;
    if head.utvag_log != FORMAT {
        return Err(FileFault::Line(1));
    }
    let (mut record, mut has) = (Record::default(), 0);
    for (number, line) in lines {
        has += 1;
        match serde_json::from_str(&line?).map_err(|_| FileFault::Line(number))? {
            Line::Row(row) => record.rows.push(row),
            Line::Seal(seal) => record.seals.push(seal),
            Line::Changes { xid, digest } => {
                if record.changes.insert(xid, digest).is_some() {
                    return Err(FileFault::Line(number));
                }
            }
        }
    }
    if has != head.lines {
        return Err(FileFault::Length { said: head.lines, has });
    }
    Ok(record)
}
