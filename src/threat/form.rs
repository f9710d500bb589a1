//! What is typed about the police's assessment, and how it is read. No level is chosen beforehand.

use serde::Deserialize;
use time::{Date, Duration};
use uuid::Uuid;

use super::model::{Conditions, DayFault, Judgement, LONGEST_DAYS, NewAssessment, check_days, level_fits};
use crate::calendar::parse_day;
use crate::vocabulary::{
    ConditionMet, CriminalityDegree, PoliceBody, ProtectionNeed, ReceivedVia, ReturnPossible, ThreatKind, ThreatLevel,
};
use crate::web::form::{Faults, checkbox, code, uuid};

const A_DAY: &str = "Skriv datumet som ÅÅÅÅ-MM-DD";

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ThreatForm {
    pub id: String,
    pub body: String,
    pub police_ref: String,
    pub assessed_on: String,
    pub received_on: String,
    pub received_via: String,
    pub valid_until: String,
    pub criminality: String,
    pub kind: String,
    pub level: String,
    pub protection: String,
    pub return_possible: String,
    pub meets_definition: String,
    pub is_motivated: String,
    pub consents: String,
    pub has_signed: String,
    pub is_not_witness: String,
    pub unsafe_areas: String,
    pub no_unsafe_areas: String,
    pub released_summary: String,
}

impl ThreatForm {
    /// An empty form with the id of what it will create.
    pub fn fresh() -> Self {
        Self { id: Uuid::now_v7().to_string(), ..Self::default() }
    }

    /// `usual_days` is how long an assessment holds when the police have said no day.
    pub fn parse(&self, usual_days: i32, today: Date) -> Result<NewAssessment, Faults> {
        let mut faults = Faults::none();
        let body = faults.need(code(&self.body, PoliceBody::parse), "body", "Välj vem som har bedömt");
        let police_ref = faults.optional_text(&self.police_ref, 100, "police_ref");
        let received_via = code(&self.received_via, ReceivedVia::parse);
        let received_via = faults.need(received_via, "received_via", "Välj hur bedömningen kom in");
        let days = self.days(usual_days, today, &mut faults);
        let kind = faults.need(code(&self.kind, ThreatKind::parse), "kind", "Välj typ av hotbild");
        let level = faults.need(code(&self.level, ThreatLevel::parse), "level", "Välj hotbild");
        if let (Some(kind), Some(level)) = (kind, level)
            && !level_fits(kind, level)
        {
            faults.add("level", "Hotbilden kan vara ingen bara när det inte finns någon känd hotbild");
        }
        let protection = faults.need(code(&self.protection, ProtectionNeed::parse), "protection", "Välj skyddsbehov");
        let criminality = code(&self.criminality, CriminalityDegree::parse);
        let criminality = faults.need(criminality, "criminality", "Välj grad av kriminalitet");
        let return_possible = code(&self.return_possible, ReturnPossible::parse);
        let return_possible =
            faults.need(return_possible, "return_possible", "Välj om personen kan återvända till kommunen");
        let conditions = self.conditions(&mut faults);
        let unsafe_areas = faults.optional_text(&self.unsafe_areas, 1000, "unsafe_areas");
        if let Some(areas) = &unsafe_areas {
            match (areas.is_empty(), checkbox(&self.no_unsafe_areas)) {
                (true, false) => {
                    faults.add("unsafe_areas", "Skriv osäkra områden, eller kryssa i att inga är kända");
                }
                (false, true) => {
                    faults.add("unsafe_areas", "Ta bort områdena, eller kryssa ur att inga är kända");
                }
                _ => {}
            }
        }
        let summary = faults.optional_text(&self.released_summary, 4000, "released_summary");
        let judgement = || {
            Some(Judgement {
                criminality: criminality?,
                kind: kind?,
                level: level?,
                protection: protection?,
                return_possible: return_possible?,
                conditions: conditions?,
            })
        };
        let (Some(body), Some(police_ref), Some(received_via), Some(days), Some(judgement), Some(areas), Some(summary)) =
            (body, police_ref, received_via, days, judgement(), unsafe_areas, summary)
        else {
            return Err(faults);
        };
        faults.finish(NewAssessment {
            id: uuid(&self.id).unwrap_or_else(Uuid::now_v7),
            body,
            police_ref: Some(police_ref).filter(|text| !text.is_empty()),
            assessed_on: days.0,
            received_on: days.1,
            received_via,
            judgement,
            unsafe_areas: areas,
            released_summary: Some(summary).filter(|text| !text.is_empty()),
            valid_until: days.2,
        })
    }

    fn days(&self, usual_days: i32, today: Date, faults: &mut Faults) -> Option<(Date, Date, Date)> {
        let day = |typed: &str| parse_day(typed, today);
        let assessed = faults.need(day(&self.assessed_on), "assessed_on", A_DAY);
        let received = faults.need(day(&self.received_on), "received_on", A_DAY);
        let valid = faults.optional(&self.valid_until, day, "valid_until", A_DAY);
        let (assessed, received) = (assessed?, received?);
        let valid = valid?.unwrap_or(assessed + Duration::days(usual_days.into()));
        match check_days(assessed, received, valid, today) {
            Ok(()) => {}
            Err(DayFault::ReceivedInTheFuture) => {
                faults.add("received_on", format!("Datumet kan inte vara senare än i dag, {today}"));
            }
            Err(DayFault::AssessedAfterReceived) => {
                faults.add("assessed_on", "Bedömningen kan inte vara gjord efter att den kom in");
            }
            Err(DayFault::ValidBeforeAssessed) => {
                faults.add("valid_until", "Bedömningen kan inte gå ut innan den är gjord");
            }
            Err(DayFault::ValidTooLong(longest)) => faults
                .add("valid_until", format!("En bedömning kan gälla högst {LONGEST_DAYS} dagar. Senast {longest}")),
        }
        Some((assessed, received, valid))
    }

    fn conditions(&self, faults: &mut Faults) -> Option<Conditions> {
        let mut answer =
            |typed: &str, field| faults.need(code(typed, ConditionMet::parse), field, "Svara ja, nej eller oklart");
        let meets_definition = answer(&self.meets_definition, "meets_definition");
        let is_motivated = answer(&self.is_motivated, "is_motivated");
        let consents = answer(&self.consents, "consents");
        let has_signed = answer(&self.has_signed, "has_signed");
        let is_not_witness = answer(&self.is_not_witness, "is_not_witness");
        Some(Conditions {
            meets_definition: meets_definition?,
            is_motivated: is_motivated?,
            consents: consents?,
            has_signed: has_signed?,
            is_not_witness: is_not_witness?,
        })
    }
}
