//! An assessment of motivation. It says what the person wants themselves, apart from what somebody thinks of it.

use time::Date;
use uuid::Uuid;

use crate::crypto::Sealed;
use crate::vocabulary::MotivationStage;

/// The longest of each text.
pub const LONGEST_TEXT: usize = 4000;

/// One that is signed.
#[derive(Debug, Clone)]
pub struct Assessment {
    pub id: Uuid,
    pub number: i32,
    pub assessed_on: Date,
    pub stage: MotivationStage,
    pub own_words: Option<Sealed>,
    pub obstacles: Option<Sealed>,
    pub resources: Option<Sealed>,
    pub assessor: String,
}

/// One that has been checked and may be signed. No `Debug`: the texts are about to be sealed.
#[derive(Clone)]
pub struct NewAssessment {
    pub id: Uuid,
    pub assessed_on: Date,
    pub stage: MotivationStage,
    pub own_words: Option<String>,
    pub obstacles: Option<String>,
    pub resources: Option<String>,
}

/// How the stage of an assessment stands to the one before, in words.
pub fn compared(before: MotivationStage, after: MotivationStage) -> &'static str {
    let place = |stage| MotivationStage::ALL.iter().position(|one| *one == stage);
    match place(after).cmp(&place(before)) {
        std::cmp::Ordering::Greater => "Längre fram än förra gången",
        std::cmp::Ordering::Less => "Tillbaka från förra gången",
        std::cmp::Ordering::Equal => "Som förra gången",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stages_follow_one_another() {
        use MotivationStage::{Ambivalent, Committed, Maintaining, NotConsidering};
        assert_eq!(compared(Ambivalent, Committed), "Längre fram än förra gången");
        assert_eq!(compared(Maintaining, NotConsidering), "Tillbaka från förra gången");
        assert_eq!(compared(Committed, Committed), "Som förra gången");
    }
}
