//! Keyed hashes that are compared for equality: the blind index of a sealed column, recovery codes, search terms in
//! the log, and form keys. Without the key a person number could be found by trying all of them.

use hmac::Mac;

use super::{
    keyring::{KeyRing, mac},
    token::sha256,
};

impl KeyRing {
    /// The hash to find a sealed value by. The caller normalises the value; equality is all that can be asked.
    /// From the founding key: adding a key must not empty the index, and dropping that key means rebuilding it.
    pub fn blind(&self, column: &str, value: &str) -> [u8; 16] {
        let full = digest(mac(&self.data.founding().index, &[column.as_bytes(), &[0], value.as_bytes()]));
        std::array::from_fn(|at| full[at])
    }

    /// How a recovery or activation code is kept.
    pub fn code_hash(&self, code: &str) -> [u8; 32] {
        digest(mac(&self.data.founding().code, &[code.as_bytes()]))
    }

    /// How a search term stands in the log: two searches for the same thing can be told, the thing cannot.
    pub fn search_hash(&self, term: &str) -> [u8; 32] {
        digest(mac(&self.audit.founding().search, &[term.as_bytes()]))
    }

    /// Binds a form to a session. Each part is hashed first so that no two lists of parts run together.
    pub fn form_hash(&self, parts: &[&str]) -> [u8; 32] {
        let parts: Vec<[u8; 32]> = parts.iter().map(|part| sha256(part)).collect();
        digest(mac(&self.data.founding().form, &parts.iter().map(<[u8; 32]>::as_slice).collect::<Vec<_>>()))
    }

    /// Whether the form carries the hash it was given; takes as long whichever it is.
    pub fn form_matches(&self, parts: &[&str], hash: &[u8]) -> bool {
        subtle::ConstantTimeEq::ct_eq(self.form_hash(parts).as_slice(), hash).into()
    }
}

fn digest(mac: impl Mac<OutputSize = sha2::digest::typenum::U32>) -> [u8; 32] {
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_are_found_and_others_are_not() {
        let keys = KeyRing::for_tests().unwrap();
        let number = keys.blind("person.number", "190001019801");
        assert_eq!(number, keys.blind("person.number", "190001019801"));
        assert_ne!(number, keys.blind("person.number", "190001019802"));
        assert_ne!(number, keys.blind("relative.number", "190001019801"), "two columns can be joined");
    }

    #[test]
    fn a_form_belongs_to_its_session() {
        let keys = KeyRing::for_tests().unwrap();
        let hash = keys.form_hash(&["session", "placement", "1"]);
        assert!(keys.form_matches(&["session", "placement", "1"], &hash));
        assert!(!keys.form_matches(&["another", "placement", "1"], &hash));
        assert!(!keys.form_matches(&["session", "placement1", ""], &hash));
        assert!(!keys.form_matches(&["session", "placement", "1"], &hash[..16]));
    }

    #[test]
    fn the_same_text_hashes_apart_for_each_purpose() {
        let keys = KeyRing::for_tests().unwrap();
        assert_ne!(keys.code_hash("x"), keys.search_hash("x"));
        assert_ne!(keys.code_hash("x")[..16], keys.blind("", "x"));
    }
}
