//! A group, its days and what it is worth today.

use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::calendar::age_on;
use crate::crypto::Sealed;

/// The ages that the groups are meant for: guidance, and no bar.
const AGES: std::ops::RangeInclusive<i32> = 15..=25;

/// What a group is worth. No column: the database says it anew each time, from the consent and the days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SigStatus {
    Planned,
    GoingOn,
    Ended,
    NoConsent,
}

impl SigStatus {
    /// What the database's `sig_status` answers.
    pub fn parse(code: &str) -> Option<Self> {
        match code {
            "planned" => Some(Self::Planned),
            "going_on" => Some(Self::GoingOn),
            "ended" => Some(Self::Ended),
            "no_consent" => Some(Self::NoConsent),
            _ => None,
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Planned => "Planerad",
            Self::GoingOn => "Pågår",
            Self::Ended => "Avslutad",
            Self::NoConsent => "Avslutad – samtycke saknas",
        }
    }

    /// The kind of its tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Planned => "line",
            Self::GoingOn => "ok",
            Self::Ended => "",
            Self::NoConsent => "danger",
        }
    }
}

#[derive(Debug, Clone)]
pub struct SigGroup {
    pub id: Uuid,
    pub consent: Uuid,
    pub members: Sealed,
    pub plan: Sealed,
    pub from_day: Date,
    pub to_day: Option<Date>,
    pub former: String,
    pub formed_at: OffsetDateTime,
    pub version: i32,
    pub status: SigStatus,
}

/// What has been checked and may be saved. No `Debug`: its texts are about to be sealed.
#[derive(Clone)]
pub struct NewGroup {
    pub id: Uuid,
    pub members: String,
    pub plan: String,
    pub from_day: Date,
    pub to_day: Option<Date>,
}

/// The age, where the groups are not meant for it.
pub fn unusual_age(birth_date: Option<Date>, day: Date) -> Option<i32> {
    birth_date.map(|birth| age_on(birth, day)).filter(|age| !AGES.contains(age))
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn the_groups_are_meant_for_fifteen_to_twenty_five() {
        let day = date!(2026 - 11 - 20);
        assert_eq!(unusual_age(Some(date!(2011 - 11 - 20)), day), None);
        assert_eq!(unusual_age(Some(date!(2011 - 11 - 21)), day), Some(14));
        assert_eq!(unusual_age(Some(date!(2000 - 11 - 21)), day), None);
        assert_eq!(unusual_age(Some(date!(2000 - 11 - 20)), day), Some(26));
        assert_eq!(unusual_age(None, day), None);
    }

    #[test]
    fn every_answer_of_the_database_has_a_word() {
        for code in ["planned", "going_on", "ended", "no_consent"] {
            assert!(SigStatus::parse(code).is_some(), "{code}");
        }
        assert_eq!(SigStatus::parse("no_consent").map(SigStatus::label), Some("Avslutad – samtycke saknas"));
    }
}
