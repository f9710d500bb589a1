//! What may be chosen for each setting, and which choice holds on a day.

use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::vocabulary::{SettingKey, SettingUnit};

/// The longest reason.
pub const LONGEST_REASON: usize = 500;

/// What may be chosen. The same stands in the database (`setting_rule`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    pub unit: SettingUnit,
    pub least: i32,
    pub most: i32,
    /// The law has said it.
    pub statutory: bool,
}

pub const fn rule(key: SettingKey) -> Rule {
    use SettingKey::{
        ConsentDefaultMonths, ConsentExpiryWarningDays, DecisionNotExecutedMonths, FirstPoliceContactDays,
        InvestigationMonthsChild, InvestigationTargetDaysAdult, InvestigationWarningDaysAdult,
        PlacementEndingWarningDays, PreliminaryDaysChild, RegisterCheckIntervalDays, ThreatAssessmentMaxAgeDays,
    };
    use SettingUnit::{Days, Months};
    let (unit, least, most, statutory) = match key {
        FirstPoliceContactDays => (Days, 1, 14, false),
        InvestigationTargetDaysAdult => (Days, 14, 365, false),
        InvestigationWarningDaysAdult | ThreatAssessmentMaxAgeDays => (Days, 7, 365, false),
        RegisterCheckIntervalDays | PlacementEndingWarningDays | ConsentExpiryWarningDays => (Days, 7, 180, false),
        ConsentDefaultMonths => (Months, 1, 24, false),
        PreliminaryDaysChild => (Days, 14, 14, true),
        InvestigationMonthsChild => (Months, 4, 4, true),
        DecisionNotExecutedMonths => (Months, 3, 3, true),
    };
    Rule { unit, least, most, statutory }
}

/// What the figure counts, and what follows from it.
pub const fn meaning(key: SettingKey) -> &'static str {
    match key {
        SettingKey::FirstPoliceContactDays => {
            "Räknas från dagen då aktualiseringen kom in. Därefter visas ärendet som försenat."
        }
        SettingKey::InvestigationTargetDaysAdult => {
            "Räknas från dagen då utredningen inleddes. Kommunens eget mål, lagen har ingen frist."
        }
        SettingKey::InvestigationWarningDaysAdult => {
            "Räknas från dagen då utredningen inleddes, när den följer målet. Då påminns handläggaren."
        }
        SettingKey::ThreatAssessmentMaxAgeDays => {
            "Räknas från bedömningsdagen när polisen inte har sagt något annat. Därefter är bedömningen inaktuell."
        }
        SettingKey::RegisterCheckIntervalDays => {
            "Räknas från den senaste slagningen. Dagar som redan är bestämda flyttas inte."
        }
        SettingKey::PlacementEndingWarningDays => "Räknas bakåt från placeringens planerade slut.",
        SettingKey::ConsentExpiryWarningDays => "Räknas bakåt från samtyckets sista dag.",
        SettingKey::ConsentDefaultMonths => {
            "Räknas från dagen då samtycket lämnades när inget annat sägs. Längst 24 månader."
        }
        SettingKey::PreliminaryDaysChild => "Räknas från dagen då anmälan kom in.",
        SettingKey::InvestigationMonthsChild => "Räknas från dagen då utredningen inleddes.",
        SettingKey::DecisionNotExecutedMonths => "Räknas från beslutsdagen. Därefter rapporteras beslutet till IVO.",
    }
}

/// What it is called in an address.
pub const fn slug(key: SettingKey) -> &'static str {
    match key {
        SettingKey::FirstPoliceContactDays => "forsta-poliskontakt",
        SettingKey::InvestigationTargetDaysAdult => "utredning-klar",
        SettingKey::InvestigationWarningDaysAdult => "utredning-paminnelse",
        SettingKey::ThreatAssessmentMaxAgeDays => "hotbedomning",
        SettingKey::RegisterCheckIntervalDays => "slagningar",
        SettingKey::PlacementEndingWarningDays => "placering-paminnelse",
        SettingKey::ConsentExpiryWarningDays => "samtycke-paminnelse",
        SettingKey::ConsentDefaultMonths => "samtycke",
        SettingKey::PreliminaryDaysChild => "forhandsbedomning-barn",
        SettingKey::InvestigationMonthsChild => "utredning-barn",
        SettingKey::DecisionNotExecutedMonths => "beslut-verkstallt",
    }
}

/// The setting that an address names.
pub fn of_slug(text: &str) -> Option<SettingKey> {
    SettingKey::ALL.iter().copied().find(|key| slug(*key) == text)
}

/// A figure with its unit: "1 dag", "3 månader".
pub fn counted(key: SettingKey, value: i32) -> String {
    match (rule(key).unit, value) {
        (SettingUnit::Days, 1) => "1 dag".to_owned(),
        (SettingUnit::Months, 1) => "1 månad".to_owned(),
        (unit, _) => format!("{value} {unit}"),
    }
}

/// A choice that was made.
#[derive(Debug, Clone)]
pub struct Version {
    pub id: Uuid,
    pub key: SettingKey,
    pub value: i32,
    pub valid_from: Date,
    /// Nobody for what the program was delivered with.
    pub decider: Option<String>,
    pub decided_at: OffsetDateTime,
    pub reason: String,
}

/// The one that holds on a day, of all of a setting with the latest first: of two for the same day the later one does.
pub fn in_force(versions: &[Version], key: SettingKey, day: Date) -> Option<&Version> {
    versions.iter().filter(|one| one.key == key).find(|one| one.valid_from <= day)
}

/// Those that do not hold yet, of the same list.
pub fn coming(versions: &[Version], key: SettingKey, day: Date) -> Option<&Version> {
    let mut ahead = versions.iter().filter(|one| one.key == key && one.valid_from > day);
    let first = ahead.clone().map(|one| one.valid_from).min()?;
    ahead.find(|one| one.valid_from == first)
}

/// One that may be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewVersion {
    pub id: Uuid,
    pub key: SettingKey,
    pub value: i32,
    pub valid_from: Date,
    pub reason: String,
}

/// What is wrong with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueFault {
    Outside(Rule),
    /// A reminder comes before the day that it reminds of.
    AfterTarget(i32),
    /// And the other way round.
    BeforeWarning(i32),
}

/// Whether the value may hold from the day on, beside what else holds then.
pub fn check_value(key: SettingKey, value: i32, from: Date, versions: &[Version]) -> Result<(), ValueFault> {
    let rule = rule(key);
    if !(rule.least..=rule.most).contains(&value) {
        return Err(ValueFault::Outside(rule));
    }
    let other = |key| in_force(versions, key, from).map(|one| one.value);
    match key {
        SettingKey::InvestigationWarningDaysAdult => match other(SettingKey::InvestigationTargetDaysAdult) {
            Some(target) if value > target => Err(ValueFault::AfterTarget(target)),
            _ => Ok(()),
        },
        SettingKey::InvestigationTargetDaysAdult => match other(SettingKey::InvestigationWarningDaysAdult) {
            Some(warning) if value < warning => Err(ValueFault::BeforeWarning(warning)),
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;

    fn version(key: SettingKey, value: i32, valid_from: Date) -> Version {
        Version {
            id: Uuid::nil(),
            key,
            value,
            valid_from,
            decider: None,
            decided_at: datetime!(2026-01-01 12:00 UTC),
            reason: String::new(),
        }
    }

    #[test]
    fn each_has_an_address_of_its_own() {
        for key in SettingKey::ALL {
            assert_eq!(of_slug(slug(*key)), Some(*key));
        }
        assert_eq!(of_slug("first_police_contact_days"), None);
    }

    #[test]
    fn a_choice_holds_from_its_day_until_the_next() {
        let key = SettingKey::RegisterCheckIntervalDays;
        let all = [
            version(key, 60, date!(2027 - 02 - 01)),
            version(key, 14, date!(2027 - 01 - 01)),
            version(SettingKey::ConsentDefaultMonths, 6, date!(2026 - 12 - 01)),
            version(key, 30, date!(1900 - 01 - 01)),
        ];
        let on = |day| in_force(&all, key, day).map(|one| one.value);
        assert_eq!(on(date!(2026 - 12 - 31)), Some(30));
        assert_eq!(on(date!(2027 - 01 - 01)), Some(14));
        assert_eq!(on(date!(2027 - 02 - 01)), Some(60));
        assert_eq!(coming(&all, key, date!(2026 - 12 - 31)).map(|one| one.value), Some(14));
        assert_eq!(coming(&all, key, date!(2027 - 01 - 01)).map(|one| one.value), Some(60));
        assert!(coming(&all, key, date!(2027 - 02 - 01)).is_none());
    }

    #[test]
    fn a_reminder_comes_before_the_day() {
        use SettingKey::{InvestigationTargetDaysAdult as Target, InvestigationWarningDaysAdult as Warning};
        let day = date!(2027 - 01 - 01);
        let all = [version(Target, 120, day), version(Warning, 90, day)];
        assert_eq!(check_value(Warning, 120, day, &all), Ok(()));
        assert_eq!(check_value(Warning, 121, day, &all), Err(ValueFault::AfterTarget(120)));
        assert_eq!(check_value(Target, 89, day, &all), Err(ValueFault::BeforeWarning(90)));
        assert_eq!(check_value(Target, 366, day, &all), Err(ValueFault::Outside(rule(Target))));
    }

    #[test]
    fn one_is_one() {
        assert_eq!(counted(SettingKey::FirstPoliceContactDays, 1), "1 dag");
        assert_eq!(counted(SettingKey::ConsentDefaultMonths, 12), "12 månader");
    }
}
