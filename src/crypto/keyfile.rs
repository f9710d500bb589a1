//! The three key files on disk: how they are made, checked, read and extended. What the keys are used for stands in
//! `keyring`. A file holds one key a line, `<id 1-255> <64 hex digits>`; the last line seals, every line opens.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use data_encoding::HEXLOWER_PERMISSIVE;
use secrecy::{
    SecretBox,
    zeroize::{Zeroize, Zeroizing},
};

/// Why the keys could not be used. Read by an operator at start, so it is English and names the mend.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("{0} is missing: restore it from the key escrow, or make new keys if nothing has been sealed yet")]
    Missing(PathBuf),
    #[error("{path} may be used by others than its owner (mode {mode:03o}): run chmod go= {path}")]
    Exposed { path: PathBuf, mode: u32 },
    #[error("{path}, line {line}: expected an id from 1 to 255, a space and 64 hex digits, each id once")]
    Malformed { path: PathBuf, line: usize },
    #[error("{0} holds no key: restore it from the key escrow")]
    Empty(PathBuf),
    #[error("{0} exists already and is never overwritten: move it away first if it is to be replaced")]
    Exists(PathBuf),
    #[error("{0} has no id left: drop keys that nothing is sealed with any more")]
    Full(PathBuf),
    #[error("{0} could not be read or written: {1}")]
    Disk(PathBuf, #[source] io::Error),
    #[error("the operating system gave no random numbers: {0}")]
    Random(getrandom::Error),
    #[error("a key could not be derived")]
    Derive,
}

/// Which of the files. They are apart so that each can be held by a different credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyFile {
    Data,
    Vault,
    Audit,
}

impl KeyFile {
    pub const ALL: [Self; 3] = [Self::Data, Self::Vault, Self::Audit];

    fn within(self, folder: &Path) -> PathBuf {
        folder.join(match self {
            Self::Data => "data.key",
            Self::Vault => "vault.key",
            Self::Audit => "audit.key",
        })
    }
}

/// One line of a file.
pub(super) struct RootKey {
    pub id: u8,
    pub bytes: SecretBox<[u8; 32]>,
}

/// Reads a file, oldest key first; never empty.
pub(super) fn read(folder: &Path, file: KeyFile) -> Result<Vec<RootKey>, KeyError> {
    let path = file.within(folder);
    guard(folder)?;
    guard(&path)?;
    let text = Zeroizing::new(fs::read_to_string(&path).map_err(|cause| KeyError::Disk(path.clone(), cause))?);
    let mut keys: Vec<RootKey> = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let key = parse(line)
            .filter(|new| keys.iter().all(|key| key.id != new.id))
            .ok_or_else(|| KeyError::Malformed { path: path.clone(), line: number + 1 })?;
        keys.push(key);
    }
    if keys.is_empty() { Err(KeyError::Empty(path)) } else { Ok(keys) }
}

/// Makes the folder and one new key in each file. Stops before anything is written if a file is there already.
pub fn create(folder: &Path) -> Result<(), KeyError> {
    if let Some(path) = KeyFile::ALL.into_iter().map(|file| file.within(folder)).find(|path| path.exists()) {
        return Err(KeyError::Exists(path));
    }
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|cause| KeyError::Disk(folder.to_owned(), cause))?;
    guard(folder)?;
    for file in KeyFile::ALL {
        append(&file.within(folder), 1, OpenOptions::new().create_new(true).mode(0o600))?;
    }
    Ok(())
}

/// Adds a new key that seals from the next start on; the older ones still open. Gives the new id.
pub fn rotate(folder: &Path, file: KeyFile) -> Result<u8, KeyError> {
    let path = file.within(folder);
    let newest = read(folder, file)?.iter().map(|key| key.id).max().unwrap_or(0);
    let id = newest.checked_add(1).ok_or_else(|| KeyError::Full(path.clone()))?;
    append(&path, id, OpenOptions::new().append(true))?;
    Ok(id)
}

pub(super) fn new_key(id: u8) -> Result<RootKey, KeyError> {
    let mut bytes = Box::new([0; 32]);
    getrandom::fill(bytes.as_mut_slice()).map_err(KeyError::Random)?;
    Ok(RootKey { id, bytes: SecretBox::new(bytes) })
}

fn append(path: &Path, id: u8, options: &mut OpenOptions) -> Result<(), KeyError> {
    use secrecy::ExposeSecret;
    let key = new_key(id)?;
    let digits = Zeroizing::new(HEXLOWER_PERMISSIVE.encode(key.bytes.expose_secret()));
    // The newline in front keeps a file whose last line was typed without one from growing a broken key.
    let line = Zeroizing::new(format!("\n{id} {}\n", digits.as_str()));
    let write = |file: &mut File| file.write_all(line.as_bytes()).and_then(|()| file.sync_all());
    options.write(true).open(path).and_then(|mut file| write(&mut file)).map_err(|cause| match cause.kind() {
        io::ErrorKind::AlreadyExists => KeyError::Exists(path.to_owned()),
        _ => KeyError::Disk(path.to_owned(), cause),
    })
}

fn guard(path: &Path) -> Result<(), KeyError> {
    let facts = fs::metadata(path).map_err(|cause| match cause.kind() {
        io::ErrorKind::NotFound => KeyError::Missing(path.to_owned()),
        _ => KeyError::Disk(path.to_owned(), cause),
    })?;
    let mode = facts.permissions().mode() & 0o777;
    // A warning would be read after the keys had leaked.
    let others = mode & 0o077;
    if others == 0 { Ok(()) } else { Err(KeyError::Exposed { path: path.to_owned(), mode }) }
}

fn parse(line: &str) -> Option<RootKey> {
    let (id, digits) = line.trim().split_once(' ')?;
    let id = id.parse().ok().filter(|id| *id != 0)?;
    let mut decoded = Zeroizing::new(HEXLOWER_PERMISSIVE.decode(digits.trim().as_bytes()).ok()?);
    let mut bytes = Box::new(<[u8; 32]>::try_from(decoded.as_slice()).ok()?);
    let key = RootKey { id, bytes: SecretBox::new(bytes.clone()) };
    decoded.zeroize();
    bytes.zeroize();
    Some(key)
}
