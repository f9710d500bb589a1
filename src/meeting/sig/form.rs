//! What is typed about a group.

use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::model::{NewGroup, SigGroup};
use crate::calendar::parse_day;
use crate::personal::Personal;
use crate::web::form::{Faults, uuid};

const A_DAY: &str = "Skriv datumet som ÅÅÅÅ-MM-DD";

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SigForm {
    pub id: String,
    pub version: String,
    pub members: String,
    pub plan: String,
    pub from_day: String,
    pub to_day: String,
}

impl SigForm {
    pub fn fresh(today: Date) -> Self {
        Self { id: Uuid::now_v7().to_string(), from_day: today.to_string(), ..Self::default() }
    }

    /// As it stands.
    pub fn of(one: &SigGroup, members: &Personal, plan: &Personal) -> Self {
        Self {
            id: one.id.to_string(),
            version: one.version.to_string(),
            members: members.reveal().to_owned(),
            plan: plan.reveal().to_owned(),
            from_day: one.from_day.to_string(),
            to_day: one.to_day.map(|day| day.to_string()).unwrap_or_default(),
        }
    }

    /// The version that the form showed; no form of ours leaves it out.
    pub fn version(&self) -> i32 {
        self.version.trim().parse().unwrap_or_default()
    }

    pub fn parse(&self, opened_on: Date, today: Date) -> Result<NewGroup, Faults> {
        let mut faults = Faults::none();
        let members = faults.text(&self.members, 1000, "members", "Skriv vilka som är med i gruppen");
        let plan = faults.text(&self.plan, 4000, "plan", "Skriv vad gruppen ska göra");
        let from = faults.need(parse_day(&self.from_day, today), "from_day", A_DAY);
        let to = faults.optional(&self.to_day, |typed| parse_day(typed, today), "to_day", A_DAY);
        if from.is_some_and(|from| from < opened_on) {
            faults.add("from_day", format!("Datumet kan inte vara tidigare än {opened_on}"));
        }
        if let (Some(from), Some(Some(to))) = (from, to)
            && to < from
        {
            faults.add("to_day", "Slutdatum måste vara efter startdatum");
        }
        match (members, plan, from, to) {
            (Some(members), Some(plan), Some(from), Some(to)) => {
                let id = uuid(&self.id).unwrap_or_else(Uuid::now_v7);
                faults.finish(NewGroup { id, members, plan, from_day: from, to_day: to })
            }
            _ => Err(faults),
        }
    }
}
