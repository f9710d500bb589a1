//! What was typed in any form of a case, and what is known of a home, as words to compare.

use std::collections::{BTreeSet, HashSet};

use uuid::Uuid;

use super::words::{self, Place};
use super::{Mark, names_place};
use crate::crypto::keyring::KeyRing;
use crate::personal::Personal;

/// The field that says why the text may be saved as it stands.
pub(super) const EXCEPTION: &str = "place_exception";

/// What goes into the vault itself, what proves who somebody is, and what nobody has typed.
const NOT_READ: [&str; 7] = ["location_note", "password", "code", "passkey", "id", "form_page", EXCEPTION];

/// What the register says of a home.
pub(super) struct KnownPlace {
    pub name: Personal,
    pub municipality: Personal,
    pub address: Personal,
}

impl KnownPlace {
    /// The words that give it away, with what was noted about how to get there.
    pub(super) fn words(&self, note: &str) -> BTreeSet<String> {
        let (name, municipality, address) = (self.name.reveal(), self.municipality.reveal(), self.address.reveal());
        Place { name, municipality, address, note }.words()
    }
}

/// The words of a text that was opened to be looked at.
pub(super) fn words_of(text: &Personal) -> BTreeSet<String> {
    words::of_text(text.reveal())
}

pub(super) fn is_text((name, text): &(String, String)) -> bool {
    !NOT_READ.contains(&name.as_str()) && text.trim().len() > 2 && Uuid::try_parse(text).is_err()
}

/// What is put away with *Spara utkast* is read by nobody else yet.
pub(super) fn is_private(fields: &[(String, String)]) -> bool {
    fields.iter().any(|(name, value)| name == "utkast" && !value.is_empty())
}

/// What the field is called where it stands; the others are texts.
pub(super) fn label(name: &str) -> &'static str {
    match name {
        "fact" | "facts" => "Faktauppgifter",
        "assessment" => "Bedömning",
        "source" => "Uppgiften kommer från",
        "purpose" => "Ändamål",
        "reasons" => "Skäl för beslutet",
        "scope" => "Vad beslutet gäller",
        "reason" | "why" => "Skäl",
        "summary" => "Sammanfattning",
        "description" => "Beskrivning",
        _ => "Text",
    }
}

/// Whether a text names the place that has these marks: an answer, and nothing that is shown.
pub fn is_named(keys: &KeyRing, case: Uuid, text: &Personal, of_place: &[u8]) -> bool {
    let known: HashSet<Mark> = of_place.as_chunks().0.iter().copied().collect();
    !known.is_empty() && names_place(keys, case, text.reveal(), &known)
}
