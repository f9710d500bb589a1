//! What the whole program shares. The way to the database is private here: only the gate, signing in and the house's
//! own work can take it, never a handler.

use std::sync::Arc;

use secrecy::SecretString;

use crate::clock::Clock;
use crate::crypto::keyring::KeyRing;
use crate::crypto::passkey::RelyingParty;
use crate::crypto::password::Passwords;
use crate::crypto::totp::Seed;
use crate::db::Db;
use crate::vocabulary::Role;

/// Handed to every handler by axum, which can take parts of it and never the database.
#[derive(Clone)]
pub struct AppState {
    db: Db,
    pub keys: Arc<KeyRing>,
    pub passwords: Passwords,
    pub clock: Clock,
    /// "Granviks kommun".
    pub municipality: Arc<str>,
    /// Who can sign in to the invented municipality. Empty everywhere but over the private database that was seeded.
    pub demo: Arc<[DemoLogin]>,
    /// Whose passkeys are ours; none where the house does not know its own address.
    pub passkeys: Option<Arc<RelyingParty>>,
    /// Whether a colleague in the role signs in with a key and with nothing else. The policy says it, the operator may
    /// say that it does not hold here.
    pub must_use_key: fn(Role) -> bool,
}

/// A colleague of the invented municipality, with all it takes to sign in.
pub struct DemoLogin {
    pub name: String,
    pub role: Role,
    pub user_name: String,
    pub password: SecretString,
    pub seed: Seed,
}

impl AppState {
    pub fn new(db: Db, keys: Arc<KeyRing>, passwords: Passwords, clock: Clock, municipality: &str) -> Self {
        let municipality = municipality.into();
        Self { db, keys, passwords, clock, municipality, demo: Arc::new([]), passkeys: None, must_use_key: |_| false }
    }

    /// The same house under an address of its own, where its passkeys work.
    #[must_use]
    pub fn at(self, passkeys: Option<RelyingParty>) -> Self {
        Self { passkeys: passkeys.map(Arc::new), ..self }
    }

    /// The same house, where those in the roles have to use a key.
    #[must_use]
    pub fn demanding_keys(self, must_use_key: fn(Role) -> bool) -> Self {
        Self { must_use_key, ..self }
    }

    /// The same house under the municipality's name.
    #[must_use]
    pub fn of(self, municipality: &str) -> Self {
        Self { municipality: municipality.into(), ..self }
    }

    /// The same house with its invented colleagues on the sign-in page.
    #[must_use]
    pub fn showing(self, demo: Vec<DemoLogin>) -> Self {
        Self { demo: demo.into(), ..self }
    }

    pub(crate) fn db(&self) -> &Db {
        &self.db
    }
}
