//! The fingerprint of a text that somebody signs: SHA-256 over the text as it was shown. Written piece by piece, so that a
//! text about a person need never be put together to be compared.

use sha2::{Digest, Sha256};

use crate::personal::Personal;

/// See the module.
#[derive(Default)]
pub struct Fingerprint(Sha256);

impl Fingerprint {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn write(&mut self, text: &str) {
        self.0.update(text.as_bytes());
    }

    /// A piece that stays in its wrapping.
    pub fn write_personal(&mut self, text: &Personal) {
        self.write(text.reveal());
    }

    pub fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

/// As it is read and typed: 64 figures from 0 to f.
pub fn in_hex(print: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(print)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::token::sha256;

    #[test]
    fn pieces_have_the_fingerprint_of_the_whole() {
        let mut print = Fingerprint::new();
        print.write("Beslut: ");
        print.write_personal(&Personal::new("HVB i sex månader"));
        assert_eq!(print.finish(), sha256("Beslut: HVB i sex månader"));
    }
}
