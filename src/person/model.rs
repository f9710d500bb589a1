//! A person to register, and why somebody asks to see one. Checked values; how they were typed stands in `form`.

use time::Date;
use unicode_normalization::UnicodeNormalization;

use crate::calendar::age_on;
use crate::personal::Personal;
use crate::vocabulary::{IdentityKind, Sex};

/// The age from which a case belongs here; younger people belong to the unit for children and youth (20 kap. 1 § `SoL`).
pub const ADULT: i32 = 18;

/// A number that identifies somebody: twelve figures, or one that the program drew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityNumber {
    pub kind: IdentityKind,
    pub(super) text: Personal,
    pub(super) birth_date: Option<Date>,
}

impl IdentityNumber {
    /// One that was read and kept before.
    pub const fn kept(kind: IdentityKind, text: Personal, birth_date: Option<Date>) -> Self {
        Self { kind, text, birth_date }
    }
}

/// A person whom nobody has registered before.
#[derive(Debug, Clone)]
pub struct NewPerson {
    pub number: IdentityNumber,
    pub given_name: Personal,
    pub family_name: Personal,
    pub sex: Sex,
    /// The number's own, or what was said of somebody who has none.
    pub birth_date: Option<Date>,
}

impl NewPerson {
    /// Whether the person is known to be a child on the day.
    pub fn is_child_on(&self, day: Date) -> bool {
        self.birth_date.is_some_and(|birth| age_on(birth, day) < ADULT)
    }
}

/// A whole name as it is compared: without regard to case, spaces, hyphens and the order of its words.
pub fn sorted_words(name: &str) -> String {
    let plain: String = name.nfkc().flat_map(char::to_lowercase).collect();
    let words = plain.split(|c: char| c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | ','));
    let mut words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    words.join(" ")
}

/// Why somebody asks to see who the person is. Coded, so that the reviewer of the log can count them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShowReason {
    Contact,
    Assessment,
    Authority,
    Emergency,
    Other,
}

impl ShowReason {
    pub const ALL: [Self; 5] = [Self::Contact, Self::Assessment, Self::Authority, Self::Emergency, Self::Other];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Assessment => "assessment",
            Self::Authority => "authority",
            Self::Emergency => "emergency",
            Self::Other => "other",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Contact => "Kontakt med personen",
            Self::Assessment => "Handläggning av ärendet",
            Self::Authority => "Kontakt med en annan myndighet",
            Self::Emergency => "Akut händelse",
            Self::Other => "Annat skäl",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::personal::PersonNumber;

    fn born(birth_date: Option<Date>) -> NewPerson {
        let number = PersonNumber::parse("19121212-1212", date!(2026 - 11 - 20)).unwrap();
        NewPerson {
            number: IdentityNumber::official(&number),
            given_name: Personal::new("Prov"),
            family_name: Personal::new("Provsson"),
            sex: Sex::Unknown,
            birth_date,
        }
    }

    #[test]
    fn who_turns_eighteen_on_the_day_is_no_child() {
        let birth = Some(date!(2008 - 11 - 20));
        assert!(born(birth).is_child_on(date!(2026 - 11 - 19)));
        assert!(!born(birth).is_child_on(date!(2026 - 11 - 20)));
        assert!(!born(None).is_child_on(date!(2026 - 11 - 20)));
    }

    #[test]
    fn a_name_is_the_same_in_any_case_and_order() {
        for typed in ["Anna-Karin Åberg", "åberg, ANNA  karin", " Åberg Anna Karin ", "A\u{30a}berg anna\u{2013}karin"]
        {
            assert_eq!(sorted_words(typed), "anna karin åberg");
        }
        assert_ne!(sorted_words("Anna Åberg"), sorted_words("Anna Aberg"));
        assert_eq!(sorted_words(" -, "), "");
    }

    #[test]
    fn a_reason_is_found_by_its_code() {
        for reason in ShowReason::ALL {
            assert_eq!(ShowReason::parse(reason.code()), Some(reason));
        }
        assert_eq!(ShowReason::parse("nyfikenhet"), None);
    }
}
