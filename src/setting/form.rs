//! What is typed about a setting.

use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::model::{LONGEST_REASON, NewVersion, ValueFault, Version, check_value, counted};
use crate::calendar::parse_day;
use crate::vocabulary::SettingKey;
use crate::web::form::{Faults, uuid};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SettingForm {
    pub id: String,
    pub value: String,
    pub valid_from: String,
    pub reason: String,
}

impl SettingForm {
    pub fn fresh() -> Self {
        Self { id: Uuid::now_v7().to_string(), ..Self::default() }
    }

    pub fn parse(&self, key: SettingKey, versions: &[Version], today: Date) -> Result<NewVersion, Faults> {
        let mut faults = Faults::none();
        let value = faults.need(self.value.trim().parse::<i32>().ok(), "value", "Skriv ett helt tal");
        let day = faults.need(parse_day(&self.valid_from, today), "valid_from", "Skriv datumet som ÅÅÅÅ-MM-DD");
        if day.is_some_and(|day| day < today) {
            faults.add("valid_from", format!("En ändring gäller från i dag, {today}, eller senare"));
        }
        if let (Some(value), Some(day)) = (value, day) {
            match check_value(key, value, day, versions) {
                Ok(()) => {}
                Err(ValueFault::Outside(rule)) => {
                    faults.add("value", format!("Skriv ett tal från {} till {}", rule.least, rule.most));
                }
                Err(ValueFault::AfterTarget(target)) => {
                    let target = counted(key, target);
                    faults.add("value", format!("Påminnelsen kommer senast när utredningen ska vara klar, {target}"));
                }
                Err(ValueFault::BeforeWarning(warning)) => {
                    let warning = counted(key, warning);
                    faults.add("value", format!("Påminnelsen kommer efter {warning}. Ändra den först"));
                }
            }
        }
        let reason = faults.text(&self.reason, LONGEST_REASON, "reason", "Skriv varför värdet ändras");
        let (Some(value), Some(valid_from), Some(reason)) = (value, day, reason) else { return Err(faults) };
        let id = uuid(&self.id).unwrap_or_else(Uuid::now_v7);
        faults.finish(NewVersion { id, key, value, valid_from, reason })
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    const TODAY: Date = date!(2026 - 12 - 31);

    fn at(value: &str, day: &str, reason: &str) -> Vec<String> {
        let form = SettingForm {
            value: value.to_owned(),
            valid_from: day.to_owned(),
            reason: reason.to_owned(),
            ..SettingForm::fresh()
        };
        let faults = form.parse(SettingKey::RegisterCheckIntervalDays, &[], TODAY).err().unwrap_or_default();
        faults.iter().map(|(field, _)| field.to_owned()).collect()
    }

    #[test]
    fn a_choice_is_for_today_or_later_and_says_why() {
        assert!(at("14", "i dag", "Tätare i vinter").is_empty());
        assert!(at("14", "2027-06-01", "Tätare i vinter").is_empty());
        assert_eq!(at("14", "2026-12-30", "Tätare i vinter"), ["valid_from"]);
        assert_eq!(at("6", "2026-12-31", " "), ["value", "reason"]);
        assert_eq!(at("14,5", "31/12", "Tätare"), ["value", "valid_from"]);
    }
}
