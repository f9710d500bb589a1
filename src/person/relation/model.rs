//! Somebody close, and the rules about children and about those who are party to the threat.

use time::Date;
use uuid::Uuid;

use crate::crypto::seal::Sealed;
use crate::vocabulary::{ConditionMet, Custody, LivesWith, RelationKind};

#[derive(Debug, Clone)]
pub struct Relation {
    pub id: Uuid,
    /// Sealed at [`super::store::LABEL`].
    pub label: Sealed,
    pub kind: RelationKind,
    pub birth_year: Option<i16>,
    pub lives_with: LivesWith,
    pub custody: Option<Custody>,
    pub is_party_to_threat: ConditionMet,
    pub contact_allowed: bool,
    /// Sealed at [`super::store::CONTACT_REASON`].
    pub contact_reason: Option<Sealed>,
    pub valid_to: Option<Date>,
    pub removed: Option<Removed>,
    pub version: i32,
}

/// That it was registered by mistake, and taken out of sight.
#[derive(Debug, Clone)]
pub struct Removed {
    pub on: Date,
    pub by: String,
    /// Sealed at [`super::store::REMOVE_REASON`].
    pub reason: Sealed,
}

/// One that may be saved, new or changed. No `Debug`: its texts are about to be sealed.
pub struct Close {
    pub id: Uuid,
    pub version: i32,
    pub label: String,
    pub kind: RelationKind,
    pub birth_year: Option<i16>,
    pub lives_with: LivesWith,
    pub custody: Option<Custody>,
    pub is_party_to_threat: ConditionMet,
    pub contact_allowed: bool,
    pub contact_reason: Option<String>,
    pub valid_to: Option<Date>,
}

/// What a year of birth can be: within a life that has been, or the year ahead of a child that is expected.
pub fn can_be_born(year: i16, today: Date) -> bool {
    (1900..=today.year() + 1).contains(&i32::from(year))
}

/// Somebody who is party to the threat may be contacted only for a reason.
pub fn needs_reason(is_party_to_threat: ConditionMet, contact_allowed: bool) -> bool {
    is_party_to_threat == ConditionMet::Yes && contact_allowed
}

/// Whether a child is among them now.
pub fn has_child(relations: &[Relation], today: Date) -> bool {
    let holds = |one: &&Relation| one.removed.is_none() && one.valid_to.is_none_or(|last| today <= last);
    relations.iter().filter(holds).any(|one| one.kind == RelationKind::Child)
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    const TODAY: Date = date!(2026 - 11 - 20);

    #[test]
    fn a_child_may_be_expected_but_not_invented() {
        assert!(can_be_born(2020, TODAY) && can_be_born(2027, TODAY));
        assert!(!can_be_born(2028, TODAY) && !can_be_born(1899, TODAY));
    }

    #[test]
    fn whoever_is_party_to_the_threat_is_not_contacted_without_a_reason() {
        assert!(needs_reason(ConditionMet::Yes, true));
        assert!(!needs_reason(ConditionMet::Yes, false));
        assert!(!needs_reason(ConditionMet::Unknown, true) && !needs_reason(ConditionMet::No, true));
    }

    #[test]
    fn a_child_answers_the_question_about_children_while_it_is_one() {
        let one = |kind, valid_to| Relation {
            id: Uuid::nil(),
            label: Sealed::from_bytes(Vec::new()),
            kind,
            birth_year: None,
            lives_with: LivesWith::No,
            custody: None,
            is_party_to_threat: ConditionMet::No,
            contact_allowed: true,
            contact_reason: None,
            valid_to,
            removed: None,
            version: 1,
        };
        assert!(has_child(&[one(RelationKind::Child, None)], TODAY));
        assert!(!has_child(&[one(RelationKind::Partner, None)], TODAY));
        assert!(!has_child(&[one(RelationKind::Child, Some(date!(2026 - 11 - 19)))], TODAY));
        let removed = Some(Removed { on: TODAY, by: String::new(), reason: Sealed::from_bytes(Vec::new()) });
        assert!(!has_child(&[Relation { removed, ..one(RelationKind::Child, None) }], TODAY));
    }
}
