//! What is typed when an investigation begins and while it is written, and how it is read.

use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::model::{
    Investigation, LONGEST_TEXT, NewInvestigation, Ruling, StartFault, Texts, check_start, usual_target,
};
use super::{ANALYSIS, PROPOSAL, SUMMARY};
use crate::access::Receipt;
use crate::calendar::parse_day;
use crate::crypto::{Column, Sealed};
use crate::error::Result;
use crate::vocabulary::InvestigationKind;
use crate::web::form::{Faults, code, uuid};

pub const A_DAY: &str = "Skriv datumet som ÅÅÅÅ-MM-DD";

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct StartForm {
    pub id: String,
    pub kind: String,
    pub decision: String,
    pub started_on: String,
    pub target_on: String,
}

impl StartForm {
    /// An empty form with the id of what it will create; the only decision that there is is chosen.
    pub fn fresh(openings: &[Ruling]) -> Self {
        let only = match openings {
            [only] => only.id.to_string(),
            _ => String::new(),
        };
        Self { id: Uuid::now_v7().to_string(), decision: only, ..Self::default() }
    }

    pub fn parse(
        &self,
        openings: &[Ruling],
        opened_on: Date,
        (usual_days, today): (i32, Date),
    ) -> std::result::Result<NewInvestigation, Faults> {
        let mut faults = Faults::none();
        let kind = faults.need(code(&self.kind, InvestigationKind::parse), "kind", "Välj hur utredningen inleds");
        let chosen = uuid(&self.decision).filter(|id| openings.iter().any(|one| one.id == *id));
        let missing = if openings.is_empty() {
            "Det finns inget beslut att inleda utredning. Fatta ett sådant beslut först"
        } else {
            "Välj beslutet att inleda utredning"
        };
        let decision = faults.need(chosen, "decision", missing);
        let day = |typed: &str| parse_day(typed, today);
        let started_on = faults.need(day(&self.started_on), "started_on", A_DAY);
        let target_on = faults.optional(&self.target_on, day, "target_on", A_DAY);
        let (Some(kind), Some(decision), Some(started_on), Some(target_on)) = (kind, decision, started_on, target_on)
        else {
            return Err(faults);
        };
        let target_on = target_on.unwrap_or_else(|| usual_target(started_on, usual_days));
        match check_start(started_on, target_on, opened_on, today) {
            Ok(()) => {}
            Err(StartFault::InTheFuture) => {
                faults.add("started_on", format!("Datumet kan inte vara senare än i dag, {today}"));
            }
            Err(StartFault::BeforeTheCase) => {
                faults.add(
                    "started_on",
                    format!("Ärendet öppnades {opened_on}. Utredningen kan inte ha börjat före det"),
                );
            }
            Err(StartFault::TargetBeforeStart) => {
                faults.add("target_on", "Utredningen kan inte vara klar innan den börjar");
            }
        }
        let id = uuid(&self.id).unwrap_or_else(Uuid::now_v7);
        faults.finish(NewInvestigation { id, kind, started_on, start_decision: decision, target_on })
    }
}

/// The three texts, with the version that they were written from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct TextForm {
    pub version: String,
    pub summary: String,
    pub analysis: String,
    pub proposal: String,
}

impl TextForm {
    /// What the investigation says now.
    pub fn of(one: &Investigation, receipt: &Receipt) -> Result<Self> {
        let open = |column: Column, sealed: &Option<Sealed>| -> Result<String> {
            let opened = sealed.as_ref().map(|sealed| receipt.open(column.at(one.id), sealed)).transpose()?;
            Ok(opened.map(|text| text.reveal().to_owned()).unwrap_or_default())
        };
        Ok(Self {
            version: one.text_version.to_string(),
            summary: open(SUMMARY, &one.texts.summary)?,
            analysis: open(ANALYSIS, &one.texts.analysis)?,
            proposal: open(PROPOSAL, &one.texts.proposal)?,
        })
    }

    pub fn version(&self) -> i32 {
        self.version.trim().parse().unwrap_or(-1)
    }

    /// A draft is as unfinished as it likes; only what cannot be kept is refused.
    pub fn parse(&self) -> std::result::Result<Texts<String>, Faults> {
        let mut faults = Faults::none();
        let mut text = |typed: &str, field| {
            let text = faults.optional_text(typed, LONGEST_TEXT, field).unwrap_or_default();
            Some(text).filter(|text| !text.is_empty())
        };
        let summary = text(&self.summary, "summary");
        let analysis = text(&self.analysis, "analysis");
        let proposal = text(&self.proposal, "proposal");
        faults.finish(Texts { summary, analysis, proposal })
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    const TODAY: Date = date!(2026 - 11 - 20);

    fn opening() -> Ruling {
        Ruling { id: Uuid::from_u128(7), number: 1, label: String::new(), decided_on: TODAY }
    }

    fn typed() -> StartForm {
        let form = StartForm::fresh(&[opening()]);
        StartForm { kind: "application".to_owned(), started_on: "2026-11-10".to_owned(), ..form }
    }

    fn at(form: &StartForm, openings: &[Ruling], field: &str) -> Option<String> {
        let parsed = form.parse(openings, date!(2026 - 11 - 02), (120, TODAY));
        parsed.err().and_then(|faults| faults.of(field).map(str::to_owned))
    }

    #[test]
    fn one_that_says_no_target_has_a_hundred_and_twenty_days() {
        let new = typed().parse(&[opening()], date!(2026 - 11 - 02), (120, TODAY)).ok().unwrap();
        assert_eq!((new.start_decision, new.target_on), (Uuid::from_u128(7), date!(2027 - 03 - 10)));
    }

    #[test]
    fn it_begins_with_a_decision_of_the_case() {
        assert!(at(&typed(), &[], "decision").unwrap().starts_with("Det finns inget beslut"));
        let other = StartForm { decision: Uuid::nil().to_string(), ..typed() };
        assert_eq!(at(&other, &[opening()], "decision").unwrap(), "Välj beslutet att inleda utredning");
        let early = StartForm { started_on: "2026-11-01".to_owned(), ..typed() };
        assert!(at(&early, &[opening()], "started_on").is_some());
    }

    #[test]
    fn a_draft_may_be_unfinished() {
        let form = TextForm { summary: " Kort ".to_owned(), ..TextForm::default() };
        let texts = form.parse().ok().unwrap();
        assert_eq!((texts.summary.as_deref(), texts.analysis), (Some("Kort"), None));
        let long = TextForm { analysis: "x".repeat(LONGEST_TEXT + 1), ..form };
        assert!(long.parse().is_err());
    }
}
