//! What the whole program shares. The way to the database is private here: only the gate, signing in and the house's
//! own work can take it, never a handler.

use std::sync::Arc;

use crate::clock::Clock;
use crate::crypto::keyring::KeyRing;
use crate::db::Db;

/// Handed to every handler by axum, which can take parts of it and never the database.
#[derive(Clone)]
pub struct AppState {
    db: Db,
    pub keys: Arc<KeyRing>,
    pub clock: Clock,
    /// "Granviks kommun".
    pub municipality: Arc<str>,
}

impl AppState {
    pub fn new(db: Db, keys: Arc<KeyRing>, clock: Clock, municipality: &str) -> Self {
        Self { db, keys, clock, municipality: municipality.into() }
    }

    pub(crate) fn db(&self) -> &Db {
        &self.db
    }
}
