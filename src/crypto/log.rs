//! What makes the audit log hard to forge: a keyed hash over each row, and an Ed25519 signature over each seal that
//! an outsider can check with the public key alone. What is hashed and when is the audit module's business.

use data_encoding::HEXLOWER;
use ed25519_dalek::{Signature, Signer, VerifyingKey};
use hmac::Mac;

use super::keyring::{KeyRing, mac};

impl KeyRing {
    /// The hash of a row, and the id of the key that made it.
    pub fn log_mac(&self, bytes: &[u8]) -> (u8, [u8; 32]) {
        let keys = self.audit.newest();
        (keys.id, mac(&keys.mac, &[bytes]).finalize().into_bytes().into())
    }

    /// Compares in constant time. An unknown key id is a mismatch.
    pub fn log_mac_matches(&self, key_id: u8, bytes: &[u8], hash: &[u8]) -> bool {
        self.audit
            .find(|keys| keys.id == key_id)
            .is_some_and(|keys| mac(&keys.mac, &[bytes]).verify_slice(hash).is_ok())
    }

    pub fn sign_seal(&self, bytes: &[u8]) -> [u8; 64] {
        self.audit.newest().signer.sign(bytes).to_bytes()
    }

    /// Whether any of our keys, older ones too, signed this.
    pub fn seal_signature_matches(&self, bytes: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|signature| {
            self.audit.find(|keys| keys.signer.verifying_key().verify_strict(bytes, &signature).is_ok()).is_some()
        })
    }

    /// The newest public key in hex, to be archived outside the house.
    pub fn seal_public_key(&self) -> String {
        HEXLOWER.encode(self.audit.newest().signer.verifying_key().as_bytes())
    }
}

/// Checks a seal with an archived public key, without any secret.
pub fn signed_by(public_key: &str, bytes: &[u8], signature: &[u8]) -> bool {
    let attempt = || {
        let decoded = HEXLOWER.decode(public_key.trim().as_bytes()).ok()?;
        let key = VerifyingKey::from_bytes(&decoded.try_into().ok()?).ok()?;
        key.verify_strict(bytes, &Signature::from_slice(signature).ok()?).ok()
    };
    attempt().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_row_no_longer_matches() {
        let keys = KeyRing::for_tests().unwrap();
        let (id, hash) = keys.log_mac(b"row");
        assert!(keys.log_mac_matches(id, b"row", &hash));
        assert!(!keys.log_mac_matches(id, b"raw", &hash));
        assert!(!keys.log_mac_matches(id, b"row", &hash[..31]));
        assert!(!keys.log_mac_matches(id + 1, b"row", &hash));
        assert!(!KeyRing::for_tests().unwrap().log_mac_matches(id, b"row", &hash));
    }

    #[test]
    fn a_seal_is_checked_with_the_public_key_alone() {
        let keys = KeyRing::for_tests().unwrap();
        let signature = keys.sign_seal(b"seal");
        assert!(keys.seal_signature_matches(b"seal", &signature));
        assert!(signed_by(&keys.seal_public_key(), b"seal", &signature));
        assert!(!signed_by(&keys.seal_public_key(), b"sael", &signature));
        assert!(!keys.seal_signature_matches(b"sael", &signature));
        let stranger = KeyRing::for_tests().unwrap();
        assert!(!stranger.seal_signature_matches(b"seal", &signature));
        assert!(!signed_by(&stranger.seal_public_key(), b"seal", &signature));
        assert!(!signed_by("not a key", b"seal", &signature));
    }
}
