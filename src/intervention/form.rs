//! What is typed about support, and how it is read. What sort it is follows from the decision.

use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::model::{DayFault, NewIntervention, check_days, given_by};
use crate::calendar::parse_day;
use crate::decision::model::Decision;
use crate::web::form::{Faults, uuid};

pub const A_DAY: &str = "Skriv datumet som ÅÅÅÅ-MM-DD";
pub const LONGEST_EXTENT: usize = 1000;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct InterventionForm {
    pub id: String,
    pub decision: String,
    pub provider: String,
    pub from: String,
    pub to: String,
    pub extent: String,
}

impl InterventionForm {
    /// An empty form with the id of what it will create.
    pub fn fresh() -> Self {
        Self { id: Uuid::now_v7().to_string(), ..Self::default() }
    }

    /// `providers`: those that can be chosen.
    pub fn parse(&self, decisions: &[Decision], providers: &[Uuid], today: Date) -> Result<NewIntervention, Faults> {
        let mut faults = Faults::none();
        let chosen = uuid(&self.decision).and_then(|id| decisions.iter().find(|one| one.id == id));
        let chosen = chosen.and_then(|one| given_by(one).map(|kind| (one, kind)));
        let chosen = faults.need(chosen, "decision", "Välj ett beslut som gäller och som ger en insats");
        let provider = |typed: &str| uuid(typed).filter(|id| providers.contains(id));
        let provider = faults.optional(&self.provider, provider, "provider", "Välj utförare");
        let day = |typed: &str| parse_day(typed, today);
        let from = faults.need(day(&self.from), "from", A_DAY);
        let to = faults.optional(&self.to, day, "to", A_DAY);
        let extent = faults.text(&self.extent, LONGEST_EXTENT, "extent", "Skriv insatsens omfattning");
        let (Some((decision, kind)), Some(from), Some(to)) = (chosen, from, to) else { return Err(faults) };
        let decided = (decision.matter.from, decision.matter.to);
        // Nothing typed: as long as the decision.
        let to = to.or(decided.1);
        match check_days(from, to, decided) {
            Ok(()) => {}
            Err(DayFault::EndsBeforeItBegins) => faults.add("to", "Slutdatumet kan inte vara före startdatumet"),
            Err(DayFault::BeforeDecision(first)) => {
                faults.add("from", format!("Beslutet gäller från {first}. Insatsen kan inte börja före det"));
            }
            Err(DayFault::AfterDecision(last)) => {
                let at = if from > last { "from" } else { "to" };
                faults.add(at, format!("Beslutet gäller till och med {last}. Insatsen kan inte ges efter det"));
            }
        }
        let (Some(provider), Some(extent)) = (provider, extent) else { return Err(faults) };
        let id = uuid(&self.id).unwrap_or_else(Uuid::now_v7);
        faults.finish(NewIntervention { id, decision: decision.id, kind, provider, from, to, extent })
    }
}
