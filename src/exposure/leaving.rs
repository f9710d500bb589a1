//! Texts that are about to leave the screen for paper. Also one that was once saved with an exception stays behind when it
//! names a place of the case: paper is read by others than it was written for.

use std::collections::{HashMap, HashSet};

use super::form::words_of;
use super::{Mark, marks_column, store};
use crate::access::CaseAccess;
use crate::access::right::{ReadCase, Right, SeesCase};
use crate::crypto::{Place, Sealed};
use crate::error::Result;

/// The places of a case, and the words that were held against them already.
pub struct Places {
    known: HashSet<Mark>,
    judged: HashMap<String, bool>,
}

impl Places {
    /// All that the case has had.
    pub async fn of(case: &mut CaseAccess<ReadCase>) -> Result<Self> {
        Ok(Self { known: store::of_case(case).await?, judged: HashMap::new() })
    }

    /// Whether the text names one of them. Nothing is opened where the case has no place.
    pub fn are_named_by<R: Right + SeesCase>(
        &mut self,
        case: &CaseAccess<R>,
        place: Place,
        text: &Sealed,
    ) -> Result<bool> {
        if self.known.is_empty() {
            return Ok(false);
        }
        let words = case.desk().ask(place, text, words_of)?;
        let (keys, column) = (case.desk().keys(), marks_column(case.head().id));
        let known = &self.known;
        Ok(words.into_iter().fold(false, |named, word| {
            // Each word is hashed once, however many texts have it.
            let names = if let Some(names) = self.judged.get(&word) {
                *names
            } else {
                let names = known.contains(&keys.blind(&column, &word));
                self.judged.insert(word, names);
                names
            };
            named || names
        }))
    }
}
