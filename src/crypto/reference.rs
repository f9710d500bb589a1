//! The numbers people see: `AVH-7K4Q-X2M` for a case and `K-7K4QX2` for a person in the economy's views. Random, so
//! that neither tells how many there are or which came first.

use std::{fmt, str::FromStr};

use super::{
    crockford::{letter, value, values},
    random,
};
use crate::error::Result;

/// A case's reference: six random characters and one that catches slips of the pen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, sqlx::Type)]
#[serde(try_from = "String", into = "String")]
#[sqlx(transparent)]
pub struct CaseReference(String);

/// What was typed is not a reference, whether or not such a case exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a case reference")]
pub struct NotAReference;

impl CaseReference {
    /// A new one. Whether it is taken only the database can tell.
    pub fn draw() -> Result<Self> {
        Ok(Self::print(random::<6>()?.map(|byte| byte & 31)))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn print(random: [u8; 6]) -> Self {
        let text: String = random.into_iter().chain([check(random)]).map(letter).collect();
        Self(format!("AVH-{}-{}", &text[..4], &text[4..]))
    }
}

impl FromStr for CaseReference {
    type Err = NotAReference;

    /// Forgiving about case, hyphens, spaces, a left-out AVH and the letters that look like digits.
    fn from_str(typed: &str) -> std::result::Result<Self, NotAReference> {
        let typed = typed.trim().to_ascii_uppercase();
        // A reference may itself begin with AVH: without the hyphen only the length tells.
        let rest = match typed.strip_prefix("AVH") {
            Some(rest) if values(rest).is_some_and(|values| values.len() == 7) => rest,
            _ => &typed,
        };
        let values = values(rest).ok_or(NotAReference)?;
        let (random, last) = values.split_first_chunk::<6>().ok_or(NotAReference)?;
        if last == [check(*random)] { Ok(Self::print(*random)) } else { Err(NotAReference) }
    }
}

impl TryFrom<String> for CaseReference {
    type Error = NotAReference;

    fn try_from(typed: String) -> std::result::Result<Self, NotAReference> {
        typed.parse()
    }
}

impl From<CaseReference> for String {
    fn from(reference: CaseReference) -> Self {
        reference.0
    }
}

impl fmt::Display for CaseReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A person's pseudonym where money is handled: nothing in it leads back to the case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, sqlx::Type)]
#[sqlx(transparent)]
pub struct Pseudonym(String);

impl Pseudonym {
    pub fn draw() -> Result<Self> {
        let text: String = random::<6>()?.map(letter).into_iter().collect();
        Ok(Self(format!("K-{text}")))
    }

    pub fn parse(typed: &str) -> Option<Self> {
        let typed = typed.trim().to_ascii_uppercase();
        let text: Vec<u8> = typed.strip_prefix("K-")?.chars().map(value).collect::<Option<_>>()?;
        (text.len() == 6).then(|| Self(format!("K-{}", text.into_iter().map(letter).collect::<String>())))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Reed-Solomon with one check character over the field of 32 elements. Each place has a weight of its own, so every
/// single wrong character and every exchange of two is caught; Luhn in base 32 would let some exchanges through.
fn check(random: [u8; 6]) -> u8 {
    random.into_iter().fold(0, |sum, value| double(sum ^ value))
}

fn double(value: u8) -> u8 {
    let shifted = value << 1;
    if shifted & 32 == 0 { shifted } else { (shifted ^ 0b10_0101) & 31 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn reference() -> impl Strategy<Value = CaseReference> {
        proptest::array::uniform6(0..32_u8).prop_map(CaseReference::print)
    }

    fn characters(reference: &CaseReference) -> Vec<char> {
        reference.as_str().chars().filter(|letter| *letter != '-').skip(3).collect()
    }

    fn parsed(characters: &[char]) -> std::result::Result<CaseReference, NotAReference> {
        characters.iter().collect::<String>().parse()
    }

    proptest! {
        #[test]
        fn however_it_is_typed_it_is_the_same(reference in reference()) {
            let text = reference.as_str();
            for typed in [
                text.to_owned(),
                text.to_lowercase(),
                text.replace('-', ""),
                text.replace('-', " "),
                text.trim_start_matches("AVH-").to_owned(),
                text.trim_start_matches("AVH-").replace('-', "").to_lowercase(),
                format!("AVH-{}", text[4..].replace('0', "o").replace('1', "l")),
                format!(" {} ", text.replace('1', "I")),
            ] {
                prop_assert_eq!(typed.parse(), Ok(reference.clone()), "{}", typed);
            }
        }

        #[test]
        fn one_wrong_character_is_caught(reference in reference(), at in 0..7_usize, by in 1..32_u8) {
            let mut typed = characters(&reference);
            typed[at] = letter(value(typed[at]).unwrap() ^ by);
            prop_assert!(parsed(&typed).is_err());
        }

        #[test]
        fn two_exchanged_characters_are_caught(reference in reference(), one in 0..7_usize, other in 0..7_usize) {
            let mut typed = characters(&reference);
            prop_assume!(typed[one] != typed[other]);
            typed.swap(one, other);
            prop_assert!(parsed(&typed).is_err());
        }

        #[test]
        fn other_lengths_and_letters_are_no_reference(text in "[0-9A-Z]{0,6}|[0-9A-Z]{11,20}|[ÅÄÖU!]{7}") {
            prop_assert_eq!(text.parse::<CaseReference>(), Err(NotAReference));
        }
    }

    #[test]
    fn a_reference_looks_as_it_should() {
        let text = CaseReference::draw().unwrap().to_string();
        let shape: Vec<usize> = text.split('-').map(str::len).collect();
        assert_eq!(shape, [3, 4, 3], "{text}");
        assert_eq!(CaseReference::print([0, 0, 0, 0, 0, 1]).as_str(), "AVH-0000-012");
    }

    #[test]
    fn references_are_drawn_and_not_counted() {
        let mut drawn: Vec<_> = (0..200).map(|_| CaseReference::draw().unwrap()).collect();
        drawn.sort();
        drawn.dedup();
        assert_eq!(drawn.len(), 200);
    }

    #[test]
    fn a_pseudonym_is_read_back() {
        let pseudonym = Pseudonym::draw().unwrap();
        assert_eq!(pseudonym.as_str().len(), 8);
        assert_eq!(Pseudonym::parse(&pseudonym.as_str().to_lowercase()), Some(pseudonym));
        assert_eq!(Pseudonym::parse("K-0O1iL2").unwrap().as_str(), "K-001112");
        assert_eq!(Pseudonym::parse("AVH-000000"), None);
        assert_eq!(Pseudonym::parse("K-00000"), None);
    }
}
