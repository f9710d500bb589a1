//! The keys in memory: each file's root keys, and one derived key for each purpose, so that no key does two jobs.
//! Files and their rights are in `keyfile`; the uses are in `seal`, `index`, `password` and `log`.

use std::path::Path;

use ed25519_dalek::SigningKey;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretBox, zeroize::Zeroize};
use sha2::Sha256;

pub use super::keyfile::KeyError;
use super::keyfile::{self, KeyFile, RootKey};

pub(super) type SubKey = SecretBox<[u8; 32]>;

/// All keys of the house. Shared behind an `Arc`; wiped when dropped.
pub struct KeyRing {
    pub(super) data: Ring<DataKeys>,
    pub(super) vault: Ring<VaultKeys>,
    pub(super) audit: Ring<AuditKeys>,
}

pub(super) struct DataKeys {
    pub id: u8,
    pub field: SubKey,
    pub index: SubKey,
    pub pepper: SubKey,
    pub seed: SubKey,
    pub code: SubKey,
    pub form: SubKey,
    pub park: SubKey,
}

pub(super) struct VaultKeys {
    pub id: u8,
    pub location: SubKey,
}

pub(super) struct AuditKeys {
    pub id: u8,
    pub mac: SubKey,
    pub search: SubKey,
    pub signer: SigningKey,
}

impl KeyRing {
    /// Reads the three files. Refuses when one is missing or when anyone but the owner may use it.
    pub fn open(folder: &Path) -> Result<Self, KeyError> {
        Self::derive(|file| keyfile::read(folder, file))
    }

    /// Makes the folder and its files; never overwrites.
    pub fn create(folder: &Path) -> Result<(), KeyError> {
        keyfile::create(folder)
    }

    /// Keys that live as long as the test does.
    pub fn for_tests() -> Result<Self, KeyError> {
        Self::derive(|_| Ok(vec![keyfile::new_key(1)?]))
    }

    fn derive(roots: impl Fn(KeyFile) -> Result<Vec<RootKey>, KeyError>) -> Result<Self, KeyError> {
        Ok(Self {
            data: Ring::new(&roots(KeyFile::Data)?, |root| {
                Ok(DataKeys {
                    id: root.id,
                    field: sub_key(root, "sealed field")?,
                    index: sub_key(root, "blind index")?,
                    pepper: sub_key(root, "password pepper")?,
                    seed: sub_key(root, "one-time code seed")?,
                    code: sub_key(root, "recovery code")?,
                    form: sub_key(root, "form key")?,
                    park: sub_key(root, "parked form")?,
                })
            })?,
            vault: Ring::new(&roots(KeyFile::Vault)?, |root| {
                Ok(VaultKeys { id: root.id, location: sub_key(root, "sealed location")? })
            })?,
            audit: Ring::new(&roots(KeyFile::Audit)?, |root| {
                let signer = SigningKey::from_bytes(sub_key(root, "log signature")?.expose_secret());
                Ok(AuditKeys {
                    id: root.id,
                    mac: sub_key(root, "log row")?,
                    search: sub_key(root, "search term")?,
                    signer,
                })
            })?,
        })
    }
}

/// The derived keys of one file. The newest seals. The founding one makes hashes that are compared for equality:
/// those carry no key id, so they must not change when a new key is added.
pub(super) struct Ring<K> {
    older: Vec<K>,
    newest: K,
}

impl<K> Ring<K> {
    fn new(roots: &[RootKey], derive: impl Fn(&RootKey) -> Result<K, KeyError>) -> Result<Self, KeyError> {
        let mut older = roots.iter().map(derive).collect::<Result<Vec<_>, _>>()?;
        let newest = older.pop().ok_or(KeyError::Derive)?;
        Ok(Self { older, newest })
    }

    pub fn newest(&self) -> &K {
        &self.newest
    }

    pub fn founding(&self) -> &K {
        self.older.first().unwrap_or(&self.newest)
    }

    pub fn find(&self, wanted: impl Fn(&K) -> bool) -> Option<&K> {
        self.older.iter().chain([&self.newest]).find(|keys| wanted(keys))
    }
}

fn sub_key(root: &RootKey, purpose: &str) -> Result<SubKey, KeyError> {
    let mut bytes = Box::new([0; 32]);
    Hkdf::<Sha256>::new(Some(b"utvag key ring 1"), root.bytes.expose_secret())
        .expand(purpose.as_bytes(), bytes.as_mut_slice())
        .map_err(|_| KeyError::Derive)?;
    Ok(SecretBox::new(bytes))
}

/// HMAC-SHA-256. Padded to the block by hand, as HMAC itself would, because that constructor cannot fail.
pub(super) fn mac(key: &SubKey, parts: &[&[u8]]) -> Hmac<Sha256> {
    let mut block = [0; 64];
    block[..32].copy_from_slice(key.expose_secret());
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
    block.zeroize();
    for part in parts {
        mac.update(part);
    }
    mac
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf};

    use super::*;
    use crate::crypto::{Column, random};

    struct Folder(PathBuf);

    impl Folder {
        fn new() -> Self {
            Self(std::env::temp_dir().join(format!("utvag-keys-{}", uuid::Uuid::new_v4())))
        }

        fn with_keys() -> Self {
            let folder = Self::new();
            KeyRing::create(&folder.0).unwrap();
            folder
        }

        fn allow(&self, name: &str, mode: u32) {
            fs::set_permissions(self.0.join(name), fs::Permissions::from_mode(mode)).unwrap();
        }

        fn refusal(&self) -> String {
            KeyRing::open(&self.0).err().expect("the keys opened").to_string()
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn new_keys_are_for_the_owner_alone_and_open() {
        let folder = Folder::with_keys();
        let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(folder.0.clone()), 0o700);
        for name in ["data.key", "vault.key", "audit.key"] {
            assert_eq!(mode(folder.0.join(name)), 0o600, "{name}");
        }
        assert!(KeyRing::open(&folder.0).is_ok());
    }

    #[test]
    fn keys_are_never_overwritten() {
        let folder = Folder::with_keys();
        fs::remove_file(folder.0.join("data.key")).unwrap();
        let before = fs::read(folder.0.join("vault.key")).unwrap();
        assert!(matches!(KeyRing::create(&folder.0), Err(KeyError::Exists(path)) if path.ends_with("vault.key")));
        assert_eq!(fs::read(folder.0.join("vault.key")).unwrap(), before);
        assert!(!folder.0.join("data.key").exists(), "half a set was made");
    }

    #[test]
    fn a_file_or_folder_that_others_may_use_stops_the_start() {
        for (name, mode) in [("data.key", 0o640), ("vault.key", 0o604), ("audit.key", 0o620), ("", 0o750), ("", 0o701)]
        {
            let folder = Folder::with_keys();
            folder.allow(name, mode);
            let refusal = folder.refusal();
            assert!(refusal.contains(name) && refusal.contains("chmod go="), "{name} {mode:o}: {refusal}");
        }
    }

    #[test]
    fn a_read_only_file_is_fine() {
        let folder = Folder::with_keys();
        folder.allow("audit.key", 0o400);
        assert!(KeyRing::open(&folder.0).is_ok());
    }

    #[test]
    fn a_missing_file_is_named() {
        for name in ["data.key", "vault.key", "audit.key"] {
            let folder = Folder::with_keys();
            fs::remove_file(folder.0.join(name)).unwrap();
            assert!(folder.refusal().contains(&format!("{name} is missing")));
        }
    }

    #[test]
    fn a_broken_line_is_named_and_never_shown() {
        let digits = "ab".repeat(32);
        for text in [
            "1 abcd".to_owned(),
            format!("0 {digits}"),
            format!("256 {digits}"),
            digits.clone(),
            format!("1 {digits}x"),
            format!("1 {digits}\n1 {digits}"),
        ] {
            let folder = Folder::with_keys();
            fs::write(folder.0.join("data.key"), &text).unwrap();
            let refusal = folder.refusal();
            assert!(refusal.contains("data.key, line") && !refusal.contains("abab"), "{refusal}");
        }
        let folder = Folder::with_keys();
        fs::write(folder.0.join("data.key"), "\n").unwrap();
        assert!(folder.refusal().contains("holds no key"));
    }

    #[test]
    fn what_was_sealed_before_a_rotation_still_opens_after_it() {
        const NOTE: Column = Column("note.text");
        let folder = Folder::with_keys();
        let row = uuid::Uuid::from_bytes(random().unwrap());
        let before = KeyRing::open(&folder.0).unwrap();
        let old = before.seal(NOTE.at(row), "gammal").unwrap();
        let place = before.seal_location(NOTE.at(row), "gammal plats").unwrap();
        for file in KeyFile::ALL {
            assert_eq!(keyfile::rotate(&folder.0, file).unwrap(), 2);
        }
        let after = KeyRing::open(&folder.0).unwrap();
        assert_eq!(after.open_field(NOTE.at(row), &old).unwrap().reveal(), "gammal");
        assert_eq!(after.open_location(NOTE.at(row), &place).unwrap().reveal(), "gammal plats");
        let new = after.seal(NOTE.at(row), "ny").unwrap();
        assert_eq!((old.key_id(), new.key_id()), (Some(1), Some(2)));
        assert!(before.open_field(NOTE.at(row), &new).is_err(), "opened by a ring that lacks the key");
        assert_eq!(before.blind("person.number", "1"), after.blind("person.number", "1"), "the index moved");
    }

    #[test]
    fn two_rings_share_nothing() {
        let (one, other) = (KeyRing::for_tests().unwrap(), KeyRing::for_tests().unwrap());
        assert_ne!(one.blind("person.number", "1"), other.blind("person.number", "1"));
        assert_ne!(one.seal_public_key(), other.seal_public_key());
    }
}
