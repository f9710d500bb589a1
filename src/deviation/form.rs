//! What is typed about a deviation. A check that shows one is registered in one form with it.

use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::model::{DayFault, NewDeviation, check_days, severity_of};
use crate::calendar::parse_day;
use crate::vocabulary::{DeviationCategory, DeviationSeverity, DeviationSource};
use crate::web::form::{Faults, code, uuid};
use crate::web::view::Choice;

const A_DAY: &str = "Skriv datumet som ÅÅÅÅ-MM-DD";
pub const LONGEST_DESCRIPTION: usize = 4000;
pub const LONGEST_ACTION: usize = 2000;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct DeviationForm {
    pub id: String,
    pub source: String,
    pub category: String,
    pub severity: String,
    pub occurred_on: String,
    pub reported_on: String,
    pub description: String,
    pub immediate_action: String,
}

impl DeviationForm {
    /// An empty form with the id of what it will create.
    pub fn fresh(today: Date) -> Self {
        Self { id: Uuid::now_v7().to_string(), reported_on: today.to_string(), ..Self::default() }
    }

    pub fn parse(&self, today: Date) -> Result<NewDeviation, Faults> {
        let mut faults = Faults::none();
        let source = faults.need(code(&self.source, DeviationSource::parse), "source", "Välj vem som har rapporterat");
        let category = faults.need(code(&self.category, DeviationCategory::parse), "category", "Välj vad som har hänt");
        let chosen = code(&self.severity, DeviationSeverity::parse);
        let severity = category.map_or(chosen, |category| severity_of(category, chosen));
        let severity = faults.need(severity, "severity", "Välj hur allvarlig avvikelsen är");
        let days = self.days(today, &mut faults);
        let description = faults.text(&self.description, LONGEST_DESCRIPTION, "description", "Skriv vad som har hänt");
        let action = faults.optional_text(&self.immediate_action, LONGEST_ACTION, "immediate_action");
        if severity == Some(DeviationSeverity::S3) && action.as_deref() == Some("") {
            faults.add("immediate_action", "Skriv vad som har gjorts direkt. Det krävs när avvikelsen är allvarlig");
        }
        match (source, category, severity, days, description, action) {
            (
                Some(source),
                Some(category),
                Some(severity),
                Some((occurred_on, reported_on)),
                Some(description),
                Some(action),
            ) => faults.finish(NewDeviation {
                id: uuid(&self.id).unwrap_or_else(Uuid::now_v7),
                source,
                category,
                severity,
                occurred_on,
                reported_on,
                description,
                immediate_action: Some(action).filter(|text| !text.is_empty()),
            }),
            _ => Err(faults),
        }
    }

    fn days(&self, today: Date, faults: &mut Faults) -> Option<(Date, Date)> {
        let occurred = faults.need(parse_day(&self.occurred_on, today), "occurred_on", A_DAY);
        let reported = faults.need(parse_day(&self.reported_on, today), "reported_on", A_DAY);
        let (occurred, reported) = (occurred?, reported?);
        match check_days(occurred, reported, today) {
            Ok(()) => return Some((occurred, reported)),
            Err(DayFault::ReportedAhead) => {
                faults.add("reported_on", format!("Datumet kan inte vara senare än i dag, {today}"));
            }
            Err(DayFault::OccurredAfterReported) => {
                faults.add("occurred_on", "Avvikelsen kan inte ha hänt efter att den rapporterades");
            }
        }
        None
    }

    pub fn sources(&self) -> Vec<Choice> {
        Choice::one("source", DeviationSource::ALL.iter().map(|one| (one.code(), one.label())), &self.source)
    }

    pub fn categories(&self) -> Vec<Choice> {
        Choice::one("category", DeviationCategory::ALL.iter().map(|one| (one.code(), one.label())), &self.category)
    }

    /// With the time that each leaves.
    pub fn severities(&self) -> Vec<Choice> {
        let list = DeviationSeverity::ALL.iter().map(|one| (one.code(), one.label()));
        let hints = [
            "Ska tas emot inom 7 dagar",
            "Ska tas emot inom 3 dagar",
            "Ska tas emot samma dag. En röjd vistelseort är alltid allvarlig",
        ];
        let list = Choice::one("severity", list, &self.severity).into_iter().zip(hints);
        list.map(|(choice, hint)| choice.hint(hint)).collect()
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    const TODAY: Date = date!(2026 - 05 - 15);

    fn typed() -> DeviationForm {
        DeviationForm {
            source: "police".to_owned(),
            category: "missed_contact".to_owned(),
            severity: "s2".to_owned(),
            occurred_on: "2026-05-14".to_owned(),
            description: "Kom inte till mötet.".to_owned(),
            ..DeviationForm::fresh(TODAY)
        }
    }

    fn at(form: &DeviationForm, field: &str) -> bool {
        form.parse(TODAY).err().is_some_and(|faults| faults.of(field).is_some())
    }

    #[test]
    fn what_is_grave_is_met_at_once() {
        assert!(typed().parse(TODAY).is_ok());
        let grave = DeviationForm { severity: "s3".to_owned(), ..typed() };
        assert!(at(&grave, "immediate_action"));
        assert!(DeviationForm { immediate_action: "Ringde polisen.".to_owned(), ..grave }.parse(TODAY).is_ok());
    }

    #[test]
    fn somebody_found_is_grave_whatever_was_chosen() {
        let found = DeviationForm { category: "location_exposed".to_owned(), severity: "s1".to_owned(), ..typed() };
        assert!(at(&found, "immediate_action"));
        let met = DeviationForm { immediate_action: "Personen är på annan plats i natt.".to_owned(), ..found };
        assert_eq!(met.parse(TODAY).ok().map(|new| new.severity), Some(DeviationSeverity::S3));
    }

    #[test]
    fn hints_stand_at_their_severities() {
        let hints: Vec<_> = typed().severities().into_iter().map(|one| (one.value, one.hint)).collect();
        assert_eq!(
            hints[2],
            ("s3".to_owned(), "Ska tas emot samma dag. En röjd vistelseort är alltid allvarlig".to_owned())
        );
    }
}
