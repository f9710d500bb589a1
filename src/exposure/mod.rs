//! Whether a text says where somebody is. What is kept of a place is never the place: its words, and their likely slips
//! of the pen, lie as keyed hashes beside the vault, and a text that is about to be saved is held against them. Nothing
//! is opened for it, so nobody learns a place that they have not written themselves.

mod form;
mod leaving;
mod pages;
pub mod store;
mod words;

pub use form::is_named;
pub use leaving::Places;
pub use pages::stop;

use std::collections::{BTreeSet, HashSet};

use uuid::Uuid;

use crate::crypto::keyring::KeyRing;

/// As long as Postgres keeps them.
type Mark = [u8; 16];

/// The marks of words in a case: the same place in another case has others.
fn marks(keys: &KeyRing, case: Uuid, words: &BTreeSet<String>) -> Vec<Mark> {
    let column = marks_column(case);
    words.iter().map(|word| keys.blind(&column, word)).collect()
}

fn marks_column(case: Uuid) -> String {
    format!("vault.location_mark/{case}")
}

/// Whether a text names a place that has one of these marks.
fn names_place(keys: &KeyRing, case: Uuid, text: &str, known: &HashSet<Mark>) -> bool {
    marks(keys, case, &words::of_text(text)).iter().any(|mark| known.contains(mark))
}
