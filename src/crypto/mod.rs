//! Everything secret by arithmetic: keys and where they live, sealed fields, hashes to look up by, passwords, tokens,
//! one-time codes and the pieces the log is signed with. Knows no table, no session and no page.

mod crockford;
pub mod fingerprint;
pub mod index;
pub mod keyfile;
pub mod keyring;
pub mod log;
pub mod passkey;
pub mod password;
pub mod password_rules;
pub mod reference;
pub mod seal;
pub mod token;
pub mod totp;

pub use keyring::{KeyError, KeyRing};
pub use seal::{Column, Place, Sealed};

use crate::error::{Error, Result};

/// Random bytes from the operating system. No other source is used anywhere.
pub fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(Error::internal)?;
    Ok(bytes)
}
