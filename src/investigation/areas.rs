//! The areas of support in a version, and how two versions differ.

use time::Date;
use uuid::Uuid;

use crate::crypto::Sealed;
use crate::vocabulary::{SupportArea, SupportNeed};

/// What is written about an area, sealed, opened or as it is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AreaTexts<T> {
    pub facts: Option<T>,
    /// The person's own view stands beside the official's, always.
    pub person_view: T,
    pub assessment: Option<T>,
    pub proposed: Option<T>,
}

/// An area in a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AreaAssessment<T> {
    pub id: Uuid,
    pub area: SupportArea,
    pub need: SupportNeed,
    pub texts: AreaTexts<T>,
}

/// A version of the whole assessment.
#[derive(Debug, Clone)]
pub struct SupportVersion {
    pub id: Uuid,
    pub number: i32,
    pub saved_on: Date,
    pub saver: String,
    /// In the order of the areas.
    pub areas: Vec<AreaAssessment<Sealed>>,
}

impl SupportVersion {
    pub fn of(&self, area: SupportArea) -> Option<&AreaAssessment<Sealed>> {
        self.areas.iter().find(|one| one.area == area)
    }

    pub fn needs(&self) -> Vec<(SupportArea, SupportNeed)> {
        self.areas.iter().map(|one| (one.area, one.need)).collect()
    }
}

/// What has happened to an area from one version to another, in words.
pub fn change<T: PartialEq>(
    before: Option<(SupportNeed, &AreaTexts<T>)>,
    after: Option<(SupportNeed, &AreaTexts<T>)>,
) -> &'static str {
    match (before, after) {
        (None, Some(_)) => "Ny bedömning",
        (Some(_), None) => "Inte längre bedömt",
        (Some((before, _)), Some((after, _))) if after.step() > before.step() => "Större behov",
        (Some((before, _)), Some((after, _))) if after.step() < before.step() => "Mindre behov",
        (Some((_, before)), Some((_, after))) if before != after => "Ändrad text",
        (Some(_), Some(_)) | (None, None) => UNTOUCHED,
    }
}

/// What is said of an area where nothing has changed.
pub const UNTOUCHED: &str = "Oförändrat";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::SupportNeed::{Large, Small};

    fn texts(facts: &'static str) -> AreaTexts<&'static str> {
        AreaTexts { facts: Some(facts), person_view: "", assessment: None, proposed: None }
    }

    #[test]
    fn a_change_is_said_in_words() {
        let (one, other) = (texts("Bor hos en vän"), texts("Bor på HVB"));
        let said = |before, after| change(Some(before), Some(after));
        assert_eq!(said((Small, &one), (Large, &one)), "Större behov");
        assert_eq!(said((Large, &one), (Small, &other)), "Mindre behov");
        assert_eq!(said((Small, &one), (Small, &other)), "Ändrad text");
        assert_eq!(said((Small, &one), (Small, &one)), UNTOUCHED);
        assert_eq!(change(None, Some((Small, &one))), "Ny bedömning");
        assert_eq!(change(Some((Small, &one)), None), "Inte längre bedömt");
        assert_eq!(change::<&str>(None, None), UNTOUCHED);
    }
}
