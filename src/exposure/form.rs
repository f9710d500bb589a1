//! What was typed in any form of a case, and what is known of a home, as words to compare.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::words::{self, Place};
use crate::personal::Personal;

/// The field that says why the text may be saved as it stands.
pub(super) const EXCEPTION: &str = "place_exception";

/// What goes into the vault itself, what proves who somebody is, and what nobody has typed.
const NOT_READ: [&str; 6] = ["location_note", "password", "code", "id", "form_page", EXCEPTION];

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
