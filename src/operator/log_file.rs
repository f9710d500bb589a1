//! The log outside the database: a file of it, written for its owner alone, and the seals that are known elsewhere.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::iter::once;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use age::x25519::{Identity, Recipient};
use age::{DecryptError, Decryptor, Encryptor};
use secrecy::zeroize::Zeroizing;

use crate::audit::anchor::{Anchor, parse};
use crate::audit::export::{self, FileFault};
use crate::audit::record::Record;

/// How every file of age begins.
const ENCRYPTED: &[u8] = b"age-encryption.org/";

/// Reads a file of `export-log`; one that is encrypted with the identity that it was encrypted to.
pub fn read(path: &Path, identity: Option<&Path>) -> Result<Record, FileFault> {
    let mut file = BufReader::new(File::open(path)?);
    if !file.fill_buf()?.starts_with(ENCRYPTED) {
        return export::read(file);
    }
    let identity = self::identity(identity.ok_or(FileFault::Locked)?)?;
    let fault = |error| match error {
        DecryptError::NoMatchingKeys => FileFault::Another,
        DecryptError::Io(error) => FileFault::Disk(error),
        _ => FileFault::Changed,
    };
    let mut opened = Decryptor::new(file).map_err(fault)?.decrypt(once(&identity as _)).map_err(fault)?;
    // To its end before a line of it is believed: what was cut off is known first there.
    let mut text = Vec::new();
    opened.read_to_end(&mut text).map_err(|_| FileFault::Changed)?;
    export::read(&text[..])
}

/// The identity in a file of `age-keygen`; its other lines say something to people.
fn identity(path: &Path) -> Result<Identity, FileFault> {
    let text = Zeroizing::new(std::fs::read_to_string(path)?);
    text.lines().find_map(|line| line.trim().parse().ok()).ok_or(FileFault::Identity)
}

/// Writes one, encrypted where somebody is named to receive it; never over another. It says who has seen which case.
pub fn write(path: &Path, record: &Record, public_key: &str, to: Option<&str>) -> Result<(), FileFault> {
    let to = to.map(|key| key.trim().parse::<Recipient>().map_err(|_| FileFault::Recipient)).transpose()?;
    let mut file = BufWriter::new(OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?);
    match to {
        Some(to) => {
            let encryptor = Encryptor::with_recipients(once(&to as _)).map_err(|_| FileFault::Recipient)?;
            let mut sealed = encryptor.wrap_output(&mut file)?;
            export::write(&mut sealed, record, public_key)?;
            sealed.finish()?;
        }
        None => export::write(&mut file, record, public_key)?,
    }
    file.flush()?;
    Ok(())
}

/// Reads seals that are known outside: number and hash on each line.
pub fn anchors(path: &Path) -> Result<Vec<Anchor>, FileFault> {
    parse(&std::fs::read_to_string(path)?).map_err(FileFault::Line)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    /// A pair that was made for this test and opens nothing else.
    fn pair() -> (Identity, String) {
        let identity = Identity::generate();
        let key = identity.to_public().to_string();
        (identity, key)
    }

    fn kept(folder: &Path, name: &str, identity: &Identity) -> std::path::PathBuf {
        use secrecy::ExposeSecret;
        let path = folder.join(name);
        std::fs::write(&path, format!("# made for a test\n{}\n", identity.to_string().expose_secret())).unwrap();
        path
    }

    #[test]
    fn an_encrypted_log_opens_to_its_recipient_and_to_nobody_else() {
        let folder = std::env::temp_dir().join(format!("utvag-log-{}", Uuid::new_v4().simple()));
        std::fs::create_dir(&folder).unwrap();
        let ((own, key), (other, _)) = (pair(), pair());
        let (own, other) = (kept(&folder, "own", &own), kept(&folder, "other", &other));
        let (path, plain) = (folder.join("log.age"), folder.join("log"));
        write(&plain, &Record::default(), "00", None).unwrap();
        write(&path, &Record::default(), "00", Some(&key)).unwrap();
        assert!(read(&plain, None).unwrap().rows.is_empty());
        assert!(read(&path, Some(&own)).unwrap().rows.is_empty());
        assert!(matches!(read(&path, None), Err(FileFault::Locked)));
        assert!(matches!(read(&path, Some(&other)), Err(FileFault::Another)));
        assert!(matches!(read(&path, Some(&plain)), Err(FileFault::Identity)));
        assert!(matches!(write(&folder.join("x"), &Record::default(), "00", Some("age1x")), Err(FileFault::Recipient)));
        let sealed = std::fs::read(&path).unwrap();
        assert!(!String::from_utf8_lossy(&sealed).contains("utvag_log"), "nothing of it stands in the file");
        // A changed byte, and a piece less.
        let mut changed = sealed.clone();
        *changed.last_mut().unwrap() ^= 1;
        for wrong in [changed, sealed[..sealed.len() - 3].to_vec()] {
            std::fs::write(&path, wrong).unwrap();
            let fault = read(&path, Some(&own)).unwrap_err();
            assert_eq!((matches!(fault, FileFault::Changed), fault.status()), (true, 2));
        }
        std::fs::remove_dir_all(folder).unwrap();
    }
}
