//! The log outside the database: a file of it, written for its owner alone, and the seals that are known elsewhere.

use std::fs::{File, OpenOptions};
use std::io::{BufReader, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use crate::audit::anchor::{Anchor, parse};
use crate::audit::export::{self, FileFault};
use crate::audit::record::Record;

/// Reads a file of `export-log`.
pub fn read(path: &Path) -> Result<Record, FileFault> {
    export::read(BufReader::new(File::open(path)?))
}

/// Writes one; never over another. It says who has seen which case.
pub fn write(path: &Path, record: &Record, public_key: &str) -> Result<(), FileFault> {
    let mut file = BufWriter::new(OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?);
    export::write(&mut file, record, public_key)?;
    file.flush()?;
    Ok(())
}

/// Reads seals that are known outside: number and hash on each line.
pub fn anchors(path: &Path) -> Result<Vec<Anchor>, FileFault> {
    parse(&std::fs::read_to_string(path)?).map_err(FileFault::Line)
}
