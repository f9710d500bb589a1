//! Who somebody is, and how they prove it: accounts, signing in with a growing delay, sessions, activation.
//! What a session may do is not decided here: the database's door and `access` do that. Pages stand in `signin`.

pub mod account;
pub mod activation;
pub mod entrance;
pub mod parked;
pub mod passkey;
pub mod proof;
pub mod recovery;
pub mod session;
pub mod sign_in;
pub mod throttle;

use crate::crypto::seal::Column;

/// Where the seed of one-time codes opens. An activation seals its seed for this place too, so that it can move to the
/// credential as it is.
pub(crate) const CODE_SEED: Column = Column("identity.credential.code_seed");

/// The user name as it is kept and compared: nobody is refused for a capital letter or a space after it. No name has
/// control characters, and Postgres would not even be asked about NUL.
fn plain_name(typed: &str) -> String {
    typed.trim().replace(char::is_control, "").to_lowercase()
}

/// Joins refusals of one name in the log without naming anybody: what was typed may be a password in the wrong field.
fn name_hash(keys: &crate::crypto::KeyRing, name: &str) -> String {
    data_encoding::HEXLOWER.encode(&keys.search_hash(name))
}

/// A source for what happens before, or without, a session.
fn outside(address: Option<String>) -> crate::audit::Source {
    crate::audit::Source { actor: None, role: None, session: None, address, request: uuid::Uuid::new_v4() }
}
