//! The rules of a broken glass. Pure; Postgres holds them once more.

use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::calendar::holidays::moved_past_holidays;
use crate::crypto::seal::Sealed;
use crate::vocabulary::{BreakGlassReason, BreakGlassResult};

/// How much has to be said.
pub const FEWEST_LETTERS: usize = 20;

/// The day by which somebody else has said whether it was right: one working day.
pub fn review_due(opened_on: Date) -> Date {
    moved_past_holidays(opened_on.next_day().unwrap_or(opened_on))
}

/// A glass to break.
#[derive(Debug)]
pub struct NewGlass {
    pub id: Uuid,
    /// The reference that was typed, or a text that is none.
    pub reference: String,
    /// Of the number that was typed, or nothing.
    pub number_blind: Vec<u8>,
    /// For the log, where nothing could be opened.
    pub hash: String,
    pub reason: BreakGlassReason,
    pub words: String,
}

/// One that was broken.
#[derive(Debug, Clone)]
pub struct Glass {
    pub id: Uuid,
    pub reference: String,
    pub account: Uuid,
    pub name: String,
    pub reason: BreakGlassReason,
    pub words: Sealed,
    pub opened_at: OffsetDateTime,
    pub expires_at: OffsetDateTime,
    pub review_due_on: Date,
    pub review: Option<Review>,
}

/// What somebody else said of it.
#[derive(Debug, Clone)]
pub struct Review {
    pub by: Uuid,
    pub name: String,
    pub at: OffsetDateTime,
    pub result: BreakGlassResult,
    pub words: Sealed,
}

/// How often, in a month, for one reason and by one unit's people; nobody is named.
#[derive(Debug, Clone)]
pub struct Figure {
    pub month: Date,
    pub reason: BreakGlassReason,
    pub unit: String,
    pub times: i64,
    pub justified: i64,
    pub unjustified: i64,
    pub waiting: i64,
}

/// A review to save.
pub struct NewReview {
    pub result: BreakGlassResult,
    pub words: String,
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn it_is_reviewed_on_the_next_working_day() {
        assert_eq!(review_due(date!(2026 - 11 - 20)), date!(2026 - 11 - 23), "a Friday");
        assert_eq!(review_due(date!(2026 - 11 - 23)), date!(2026 - 11 - 24));
        assert_eq!(review_due(date!(2026 - 12 - 23)), date!(2026 - 12 - 28), "Christmas lies between");
    }
}
