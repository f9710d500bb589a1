//! What is typed about a check: no more than that it was made and what it came to. A deviation that it showed is chosen
//! among the case's, or registered in the same form.

use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::model::{Basis, DayFault, Finding, NewCheck, check_days, permits};
use crate::calendar::parse_day;
use crate::consent::model::Consent;
use crate::deviation::form::DeviationForm;
use crate::deviation::model::Deviation;
use crate::vocabulary::{CheckResult, DeviationSource, PoliceBody};
use crate::web::form::{Faults, code, uuid};

const A_DAY: &str = "Skriv datumet som ÅÅÅÅ-MM-DD";
/// Chosen where the deviation is not registered yet.
pub const NEW: &str = "ny";
pub const LONGEST_GROUND: usize = 1000;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct CheckForm {
    pub id: String,
    pub body: String,
    pub performed_on: String,
    pub reported_on: String,
    pub result: String,
    pub ground: String,
    /// One of the case's, or [`NEW`].
    pub deviation: String,
    #[serde(flatten)]
    pub report: DeviationForm,
}

impl CheckForm {
    /// An empty form with the id of what it will create.
    pub fn fresh(today: Date) -> Self {
        Self { id: Uuid::now_v7().to_string(), reported_on: today.to_string(), ..Self::default() }
    }

    pub fn parse(&self, today: Date, consents: &[Consent], deviations: &[Deviation]) -> Result<NewCheck, Faults> {
        let mut faults = Faults::none();
        let body =
            faults.need(code(&self.body, PoliceBody::parse), "body", "Välj vem hos polisen som gjorde slagningen");
        let days = self.days(today, &mut faults);
        let basis = self.basis(body, days, consents, &mut faults);
        let result = faults.need(code(&self.result, CheckResult::parse), "result", "Välj vad slagningen gav");
        let finding = result.and_then(|result| self.finding(result, today, deviations, &mut faults));
        match (body, days, basis, finding) {
            (Some(body), Some((performed_on, reported_on)), Some(basis), Some(finding)) => faults.finish(NewCheck {
                id: uuid(&self.id).unwrap_or_else(Uuid::now_v7),
                body,
                performed_on,
                reported_on,
                finding,
                basis,
            }),
            _ => Err(faults),
        }
    }

    fn days(&self, today: Date, faults: &mut Faults) -> Option<(Date, Date)> {
        let performed = faults.need(parse_day(&self.performed_on, today), "performed_on", A_DAY);
        let reported = faults.need(parse_day(&self.reported_on, today), "reported_on", A_DAY);
        let (performed, reported) = (performed?, reported?);
        match check_days(performed, reported, today) {
            Ok(()) => return Some((performed, reported)),
            Err(DayFault::ReportedAhead) => {
                faults.add("reported_on", format!("Datumet kan inte vara senare än i dag, {today}"));
            }
            Err(DayFault::PerformedAfterReported) => {
                faults.add("performed_on", "Slagningen kan inte vara gjord efter att den rapporterades");
            }
        }
        None
    }

    /// The consent that held on the day, whatever was typed; a ground of one's own only where there is none.
    fn basis(
        &self,
        body: Option<PoliceBody>,
        days: Option<(Date, Date)>,
        consents: &[Consent],
        faults: &mut Faults,
    ) -> Option<Basis> {
        let ground = faults.optional_text(&self.ground, LONGEST_GROUND, "ground")?;
        let (body, (performed_on, _)) = (body?, days?);
        match (consents.iter().find(|one| permits(one, body, performed_on)), ground.is_empty()) {
            (Some(consent), true) => Some(Basis::Consent(consent.id)),
            (Some(consent), false) => {
                let said = format!("Samtycket från {} räcker. Ta bort grunden", consent.given_on);
                faults.add("ground", said);
                None
            }
            (None, true) => {
                faults.add(
                    "ground",
                    "Inget samtycke till slagningar gällde den dagen. Skriv vilken grund slagningen har",
                );
                None
            }
            (None, false) => Some(Basis::Ground(ground)),
        }
    }

    fn finding(
        &self,
        result: CheckResult,
        today: Date,
        deviations: &[Deviation],
        faults: &mut Faults,
    ) -> Option<Finding> {
        match (result, self.deviation.trim()) {
            (CheckResult::NoDeviation, "") => Some(Finding::NoDeviation),
            (CheckResult::NotPerformed, "") => Some(Finding::NotPerformed),
            (CheckResult::NoDeviation | CheckResult::NotPerformed, _) => {
                faults.add("deviation", "Slagningen visade ingen avvikelse. Välj ingen");
                None
            }
            (CheckResult::Deviation, NEW) => {
                let source = DeviationSource::Police.code().to_owned();
                let report = DeviationForm { source, reported_on: self.reported_on.clone(), ..self.report.clone() };
                match report.parse(today) {
                    Ok(new) => Some(Finding::New(Box::new(new))),
                    Err(found) => {
                        faults.also(found);
                        None
                    }
                }
            }
            (CheckResult::Deviation, chosen) => {
                let known = uuid(chosen).filter(|id| deviations.iter().any(|one| one.id == *id));
                let message = "Välj vilken avvikelse slagningen visade, eller registrera en ny";
                faults.need(known, "deviation", message).map(Finding::Known)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    const TODAY: Date = date!(2026 - 02 - 03);

    fn typed() -> CheckForm {
        CheckForm {
            body: "lpo".to_owned(),
            performed_on: "2026-02-01".to_owned(),
            result: "no_deviation".to_owned(),
            ground: "Polisen gör slagningen i sitt eget ärende.".to_owned(),
            ..CheckForm::fresh(TODAY)
        }
    }

    fn at(form: &CheckForm, field: &str) -> bool {
        form.parse(TODAY, &[], &[]).err().is_some_and(|faults| faults.of(field).is_some())
    }

    #[test]
    fn without_a_consent_the_ground_is_said() {
        assert!(typed().parse(TODAY, &[], &[]).is_ok());
        assert!(at(&CheckForm { ground: " ".to_owned(), ..typed() }, "ground"));
    }

    #[test]
    fn a_deviation_is_one_of_the_cases_or_is_registered_with_the_check() {
        let showed = CheckForm { result: "deviation".to_owned(), ..typed() };
        assert!(at(&showed, "deviation"));
        assert!(at(&CheckForm { deviation: Uuid::nil().to_string(), ..showed.clone() }, "deviation"));
        let new = CheckForm { deviation: NEW.to_owned(), ..showed };
        assert!(at(&new, "category") && at(&new, "description"));
        let report = DeviationForm {
            category: "missed_contact".to_owned(),
            severity: "s1".to_owned(),
            occurred_on: "2026-01-30".to_owned(),
            description: "Svarade inte.".to_owned(),
            ..DeviationForm::default()
        };
        let found = CheckForm { report, ..new }.parse(TODAY, &[], &[]).ok().unwrap();
        let Finding::New(new) = found.finding else { panic!("no new deviation") };
        assert_eq!((new.source, new.reported_on), (DeviationSource::Police, TODAY));
    }

    #[test]
    fn a_check_that_showed_nothing_points_to_nothing() {
        for result in ["no_deviation", "not_performed"] {
            let form = CheckForm { result: result.to_owned(), ..typed() };
            assert!(form.parse(TODAY, &[], &[]).is_ok());
            assert!(at(&CheckForm { deviation: NEW.to_owned(), ..form }, "deviation"));
        }
    }
}
