//! A form that was signed at the police, and the rules for it.

use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::crypto::Sealed;
use crate::vocabulary::ProgrammeRule;

/// The longest of the rules that stand in no list.
pub const LONGEST_RULES: usize = 1000;

#[derive(Debug, Clone)]
pub struct Conditions {
    pub id: Uuid,
    pub number: i32,
    pub signed_on: Date,
    /// What the police call this version of their form.
    pub label: Sealed,
    /// Where the paper is.
    pub document_ref: Option<Sealed>,
    pub rules: Vec<ProgrammeRule>,
    pub own_rules: Option<Sealed>,
    pub told_consequences: bool,
    pub registrar: String,
    pub registered_at: OffsetDateTime,
}

/// One that has been checked and may be registered. No `Debug`: its texts are about to be sealed.
#[derive(Clone)]
pub struct NewConditions {
    pub id: Uuid,
    pub signed_on: Date,
    pub label: String,
    pub document_ref: Option<String>,
    pub rules: Vec<ProgrammeRule>,
    pub own_rules: Option<String>,
    pub told_consequences: bool,
}

/// Own rules are written where the list says that there are any, and nowhere else.
pub fn own_fits(rules: &[ProgrammeRule], is_written: bool) -> bool {
    rules.contains(&ProgrammeRule::Own) == is_written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_rules_stand_where_the_list_says_so() {
        use ProgrammeRule::{NoCrime, Own};
        assert!(own_fits(&[NoCrime, Own], true) && own_fits(&[NoCrime], false));
        assert!(!own_fits(&[Own], false) && !own_fits(&[NoCrime], true));
    }
}
