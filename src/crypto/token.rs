//! Secrets that are handed out once: session and device tokens, activation and recovery codes. The house keeps only a
//! hash of each, so a stolen table opens nothing.

use data_encoding::BASE64URL_NOPAD;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use super::{crockford, random};
use crate::error::Result;

/// 256 random bits as cookie-safe text.
#[derive(Debug)]
pub struct Token(SecretString);

impl Token {
    pub fn draw() -> Result<Self> {
        Ok(Self(BASE64URL_NOPAD.encode(&random::<32>()?).into()))
    }

    /// For the cookie, and for nothing else.
    pub fn reveal(&self) -> &str {
        self.0.expose_secret()
    }

    /// What the table keeps.
    pub fn hash(&self) -> [u8; 32] {
        sha256(self.reveal())
    }
}

/// What a token that came back is looked up by. No salt: 256 random bits cannot be guessed.
pub fn sha256(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// 120 random bits to be read off paper: an activation or a recovery code. Kept as [`super::KeyRing::code_hash`].
#[derive(Debug)]
pub struct Code(SecretString);

impl Code {
    const CHARACTERS: usize = 24;
    const GROUP: usize = 4;

    pub fn draw() -> Result<Self> {
        Ok(Self::print(&random::<{ Self::CHARACTERS }>()?))
    }

    /// What was typed, written as it was printed; `None` if it cannot be a code.
    pub fn parse(typed: &str) -> Option<Self> {
        crockford::values(typed).filter(|values| values.len() == Self::CHARACTERS).map(|values| Self::print(&values))
    }

    /// For the page that shows it once, and for its hash.
    pub fn reveal(&self) -> &str {
        self.0.expose_secret()
    }

    fn print(values: &[u8]) -> Self {
        let groups = values.chunks(Self::GROUP).map(|group| group.iter().copied().map(crockford::letter).collect());
        Self(groups.collect::<Vec<String>>().join("-").into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_256_bits_and_is_not_kept() {
        let token = Token::draw().unwrap();
        assert_eq!(BASE64URL_NOPAD.decode(token.reveal().as_bytes()).unwrap().len(), 32);
        assert_eq!(token.hash(), sha256(token.reveal()));
        assert_ne!(token.reveal(), Token::draw().unwrap().reveal());
    }

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = Code::draw().unwrap();
        let shape: Vec<usize> = code.reveal().split('-').map(str::len).collect();
        assert_eq!(shape, [4; 6]);
        let typed = code.reveal().replace('-', " ").replace('0', "O").to_lowercase();
        assert_eq!(Code::parse(&typed).unwrap().reveal(), code.reveal());
        assert!(Code::parse(&code.reveal()[1..]).is_none());
        assert!(Code::parse(&code.reveal().replacen(|c: char| c != '-', "U", 1)).is_none());
    }

    #[test]
    fn nothing_of_them_is_printed() {
        let (token, code) = (Token::draw().unwrap(), Code::draw().unwrap());
        assert!(!format!("{token:?}").contains(token.reveal()));
        assert!(!format!("{code:?}").contains(code.reveal()));
    }

    #[test]
    fn sha256_is_the_standard_one() {
        assert_eq!(
            data_encoding::HEXLOWER.encode(&sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
