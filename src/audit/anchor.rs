//! Anchors: hashes of seals that stand outside the database. A file grows by a line a minute while people work; kept on
//! another machine, or printed on a protocol, it tells of an end that was cut off and of a database put back.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use time::{Duration, OffsetDateTime};

use super::merkle::Hash;
use super::seal::Seal;

/// Not oftener than this, unless many rows were sealed.
const BETWEEN: Duration = Duration::MINUTE;
const MANY: usize = 1000;

/// A seal that is known outside: its number and its hash.
pub type Anchor = (i64, Hash);

/// The file that anchors go to.
pub struct AnchorFile {
    path: PathBuf,
    last: Option<OffsetDateTime>,
    rows: usize,
}

impl AnchorFile {
    pub fn new(path: PathBuf) -> Self {
        Self { path, last: None, rows: 0 }
    }

    /// Adds a line for the newest seal, when it is time.
    pub fn note(&mut self, seal: &Seal, at: OffsetDateTime) -> std::io::Result<()> {
        self.rows += seal.rows;
        if self.last.is_some_and(|last| at - last < BETWEEN) && self.rows < MANY {
            return Ok(());
        }
        let mut file = OpenOptions::new().append(true).create(true).mode(0o600).open(&self.path)?;
        writeln!(file, "{} {} {}", seal.n, data_encoding::HEXLOWER.encode(&seal.hash), at.unix_timestamp())?;
        file.sync_data()?;
        (self.last, self.rows) = (Some(at), 0);
        Ok(())
    }
}

/// Reads the lines of such a file: number, hash, and whatever follows. The groups of a printed hash may stand apart.
/// Gives the number of a line that cannot be read.
pub fn parse(text: &str) -> Result<Vec<Anchor>, usize> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(at, line)| anchor(line).ok_or(at + 1)).collect()
}

fn anchor(line: &str) -> Option<Anchor> {
    let mut words = line.split_whitespace();
    let n = words.next()?.parse().ok()?;
    let mut figures = String::new();
    while figures.len() < 64 {
        figures.push_str(&words.next()?.to_lowercase());
    }
    Some((n, data_encoding::HEXLOWER.decode(figures.as_bytes()).ok()?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOON: OffsetDateTime = datetime!(2026-11-24 12:00 UTC);

    #[test]
    fn a_line_a_minute_and_at_a_thousand_rows() {
        let path = std::env::temp_dir().join(format!("utvag-anchors-{}", uuid::Uuid::new_v4()));
        let mut file = AnchorFile::new(path.clone());
        let seal = |n, rows| Seal { n, rows, hash: [u8::try_from(n).unwrap(); 32] };
        for (n, rows, seconds) in [(1, 1, 0), (2, 1, 1), (3, 1, 59), (4, 1, 60), (5, 999, 61), (6, 1, 62), (7, 1, 63)] {
            file.note(&seal(n, rows), NOON + Duration::seconds(seconds)).unwrap();
        }
        let read = parse(&std::fs::read_to_string(&path).unwrap()).unwrap();
        std::fs::remove_file(path).unwrap();
        assert_eq!(read.iter().map(|(n, _)| *n).collect::<Vec<_>>(), [1, 4, 6]);
        assert_eq!(read[1].1, [4; 32]);
    }

    #[test]
    fn a_printed_hash_in_groups_is_the_same_anchor() {
        let whole = format!("12 {}", "ab".repeat(32));
        let printed = format!("12 {}", ["abababab"; 8].join(" "));
        assert_eq!(parse(&whole), parse(&printed));
        assert_eq!(parse(&format!("{whole}\n\n13 abc\n")), Err(3));
    }
}
