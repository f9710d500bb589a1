//! Sealed fields: XChaCha20-Poly1305 bound to the table, column and row a value lives in, so that it opens nowhere
//! else. Who may open is not decided here: rooms open through their access, which is why opening stays in the crate.

use std::fmt;

use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit, Payload},
};
use secrecy::{ExposeSecret, SecretSlice};
use uuid::Uuid;

use super::{
    keyring::{DataKeys, KeyRing, Ring, SubKey, VaultKeys},
    random,
};
use crate::{
    error::{Error, Result},
    personal::Personal,
};

/// The first byte of everything sealed, so that the cipher can be changed one day.
const FORMAT: u8 = 1;
const NONCE: std::ops::Range<usize> = 2..26;

/// A sealed value as it stands in a `bytea` column: format, key id, nonce, ciphertext with tag.
#[derive(Clone, PartialEq, Eq, sqlx::Type)]
#[sqlx(transparent)]
pub struct Sealed(Vec<u8>);

impl Sealed {
    /// Which key sealed it: what is left to reseal after a rotation.
    pub fn key_id(&self) -> Option<u8> {
        self.0.get(1).copied()
    }

    /// For places that are not a column of their own.
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed(..)")
    }
}

/// A sealed column, written `table.column`. Kept as a constant beside the SQL that reads and writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column(pub &'static str);

impl Column {
    pub const fn at(self, row: Uuid) -> Place {
        Place { column: self, row }
    }
}

/// The one place where a value opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    column: Column,
    row: Uuid,
}

impl Place {
    /// The row is last and of fixed length, so that no two places read alike.
    fn bound(self, key_id: u8) -> Vec<u8> {
        [&[FORMAT, key_id], self.column.0.as_bytes(), self.row.as_bytes()].concat()
    }
}

impl KeyRing {
    pub fn seal(&self, place: Place, text: &str) -> Result<Sealed> {
        let keys = self.data.newest();
        seal(keys.id, &keys.field, place, text.as_bytes())
    }

    pub(crate) fn open_field(&self, place: Place, sealed: &Sealed) -> Result<Personal> {
        personal(place, open(data_key(&self.data, sealed, |keys| &keys.field), place, sealed)?)
    }

    /// Locations have a key of their own, from another file: whoever holds the data key cannot read where anyone is.
    pub fn seal_location(&self, place: Place, text: &str) -> Result<Sealed> {
        let keys = self.vault.newest();
        seal(keys.id, &keys.location, place, text.as_bytes())
    }

    pub(crate) fn open_location(&self, place: Place, sealed: &Sealed) -> Result<Personal> {
        let wanted = |keys: &VaultKeys| Some(keys.id) == sealed.key_id();
        personal(place, open(self.vault.find(wanted).map(|keys| &keys.location), place, sealed)?)
    }

    /// The secret that one-time codes are counted from.
    pub fn seal_seed(&self, place: Place, seed: &[u8]) -> Result<Sealed> {
        let keys = self.data.newest();
        seal(keys.id, &keys.seed, place, seed)
    }

    pub fn open_seed(&self, place: Place, sealed: &Sealed) -> Result<SecretSlice<u8>> {
        open(data_key(&self.data, sealed, |keys| &keys.seed), place, sealed).map(SecretSlice::from)
    }

    /// What somebody typed while their session ran out, kept for them alone. The row is the session's.
    pub fn seal_parked(&self, place: Place, body: &[u8]) -> Result<Sealed> {
        let keys = self.data.newest();
        seal(keys.id, &keys.park, place, body)
    }

    pub fn open_parked(&self, place: Place, sealed: &Sealed) -> Result<SecretSlice<u8>> {
        open(data_key(&self.data, sealed, |keys| &keys.park), place, sealed).map(SecretSlice::from)
    }
}

fn data_key<'r>(ring: &'r Ring<DataKeys>, sealed: &Sealed, purpose: fn(&DataKeys) -> &SubKey) -> Option<&'r SubKey> {
    ring.find(|keys| Some(keys.id) == sealed.key_id()).map(purpose)
}

fn seal(key_id: u8, key: &SubKey, place: Place, plain: &[u8]) -> Result<Sealed> {
    let nonce: [u8; 24] = random()?;
    let payload = Payload { msg: plain, aad: &place.bound(key_id) };
    let ciphertext = XChaCha20Poly1305::new(key.expose_secret().into())
        .encrypt(&XNonce::from(nonce), payload)
        .map_err(|_| Error::internal(format_args!("{} could not be sealed", place.column.0)))?;
    Ok(Sealed([&[FORMAT, key_id], nonce.as_slice(), &ciphertext].concat()))
}

/// A refusal names the column and nothing else: the row would join the log to a person.
fn open(key: Option<&SubKey>, place: Place, sealed: &Sealed) -> Result<Vec<u8>> {
    let attempt = || {
        let (head, ciphertext) = sealed.0.split_at_checked(NONCE.end)?;
        let nonce = <[u8; 24]>::try_from(head.get(NONCE)?).ok()?;
        let key_id = (head.first() == Some(&FORMAT)).then(|| sealed.key_id())??;
        let payload = Payload { msg: ciphertext, aad: &place.bound(key_id) };
        XChaCha20Poly1305::new(key?.expose_secret().into()).decrypt(&XNonce::from(nonce), payload).ok()
    };
    attempt().ok_or_else(|| Error::internal(format_args!("a value in {} does not open", place.column.0)))
}

fn personal(place: Place, plain: Vec<u8>) -> Result<Personal> {
    String::from_utf8(plain)
        .map(Personal::new)
        .map_err(|_| Error::internal(format_args!("a value in {} is not text", place.column.0)))
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;

    static KEYS: LazyLock<KeyRing> = LazyLock::new(|| KeyRing::for_tests().unwrap());
    const NAME: Column = Column("person_identity.family_name");

    fn row() -> impl Strategy<Value = Uuid> {
        any::<u128>().prop_map(Uuid::from_u128)
    }

    proptest! {
        #[test]
        fn the_place_it_was_sealed_in_opens_it(text in ".*", row in row()) {
            let sealed = KEYS.seal(NAME.at(row), &text).unwrap();
            let opened = KEYS.open_field(NAME.at(row), &sealed).unwrap();
            prop_assert_eq!(opened.reveal(), text);
        }

        #[test]
        fn another_row_column_or_table_does_not_open_it(text in ".*", row in row(), other in row()) {
            prop_assume!(row != other);
            let sealed = KEYS.seal(NAME.at(row), &text).unwrap();
            prop_assert!(KEYS.open_field(NAME.at(other), &sealed).is_err());
            prop_assert!(KEYS.open_field(Column("person_identity.given_name").at(row), &sealed).is_err());
            prop_assert!(KEYS.open_field(Column("relative_identity.family_name").at(row), &sealed).is_err());
        }

        #[test]
        fn a_flipped_bit_anywhere_is_refused(text in ".{0,40}", row in row(), at in any::<prop::sample::Index>(), bit in 0..8_u32) {
            let mut sealed = KEYS.seal(NAME.at(row), &text).unwrap();
            let at = at.index(sealed.0.len());
            sealed.0[at] ^= 1_u8 << bit;
            prop_assert!(KEYS.open_field(NAME.at(row), &sealed).is_err());
        }

        #[test]
        fn cut_short_it_is_refused(text in ".{0,40}", row in row(), keep in any::<prop::sample::Index>()) {
            let mut sealed = KEYS.seal(NAME.at(row), &text).unwrap();
            let keep = keep.index(sealed.0.len());
            sealed.0.truncate(keep);
            prop_assert!(KEYS.open_field(NAME.at(row), &sealed).is_err());
        }
    }

    #[test]
    fn the_same_text_never_looks_the_same_twice() {
        let place = NAME.at(Uuid::nil());
        assert_ne!(KEYS.seal(place, "Ek").unwrap(), KEYS.seal(place, "Ek").unwrap());
    }

    #[test]
    fn each_purpose_has_its_own_key() {
        let place = NAME.at(Uuid::nil());
        let field = KEYS.seal(place, "Ek").unwrap();
        assert!(KEYS.open_location(place, &field).is_err());
        assert!(KEYS.open_seed(place, &field).is_err());
        assert!(KEYS.open_parked(place, &field).is_err());
        assert!(KEYS.open_field(place, &KEYS.seal_location(place, "Ek").unwrap()).is_err());
        assert_eq!(KEYS.open_seed(place, &KEYS.seal_seed(place, b"x").unwrap()).unwrap().expose_secret(), b"x");
        assert_eq!(KEYS.open_parked(place, &KEYS.seal_parked(place, b"y").unwrap()).unwrap().expose_secret(), b"y");
    }

    #[test]
    fn nothing_of_it_is_printed() {
        assert_eq!(format!("{:?}", Sealed(b"hemligt".to_vec())), "Sealed(..)");
    }
}
