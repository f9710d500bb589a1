//! What is typed when a follow-up is planned and when it was held, and how it is read.

use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::model::{
    DayFault, FollowUp, Holding, MOST_RESULTS, NewFollowUp, Shift, Views, check_held, may_be_of, needs_next,
    needs_results,
};
use crate::calendar::parse_day;
use crate::vocabulary::{CaseStatus, FollowUpForm, FollowUpKind, GoalResult};
use crate::web::form::{Faults, code, uuid};

pub const A_DAY: &str = "Skriv datumet som ÅÅÅÅ-MM-DD";
pub const LONGEST_VIEW: usize = 4000;
pub const LONGEST_REASON: usize = 500;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct PlanningForm {
    pub id: String,
    pub kind: String,
    pub planned_on: String,
}

impl PlanningForm {
    /// With the id of what it will create, and the day that the plan says.
    pub fn fresh(planned_on: Option<Date>) -> Self {
        let planned_on = planned_on.map(|day| day.to_string()).unwrap_or_default();
        Self { id: Uuid::now_v7().to_string(), kind: String::new(), planned_on }
    }

    pub fn parse(&self, is_closed: bool, today: Date) -> Result<NewFollowUp, Faults> {
        let mut faults = Faults::none();
        let kind = code(&self.kind, FollowUpKind::parse).filter(|kind| may_be_of(*kind, is_closed));
        let kind = faults.need(kind, "kind", "Välj vad som ska följas upp");
        let planned_on = faults.need(parse_day(&self.planned_on, today), "planned_on", A_DAY);
        if planned_on.is_some_and(|day| day < today) {
            faults.add("planned_on", format!("Uppföljningen kan inte planeras före i dag, {today}"));
        }
        match kind.zip(planned_on) {
            Some((kind, planned_on)) => {
                let id = uuid(&self.id).unwrap_or_else(Uuid::now_v7);
                faults.finish(NewFollowUp { id, kind, planned_on })
            }
            None => Err(faults),
        }
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct HoldingForm {
    pub version: String,
    /// Of the one that will be planned.
    pub next_id: String,
    pub on: String,
    pub form: String,
    pub person: String,
    pub provider: String,
    pub police: String,
    pub goal: Vec<String>,
    pub result: Vec<String>,
    pub next_on: String,
}

/// What it is read against.
pub struct Ground {
    pub kind: FollowUpKind,
    pub status: CaseStatus,
    pub case_opened: Date,
    /// The goals in force, in the order of the page.
    pub goals: Vec<Uuid>,
    pub today: Date,
}

impl HoldingForm {
    pub fn fresh(version: i32, today: Date) -> Self {
        Self {
            version: version.to_string(),
            next_id: Uuid::now_v7().to_string(),
            on: today.to_string(),
            ..Self::default()
        }
    }

    pub fn version(&self) -> i32 {
        self.version.trim().parse().unwrap_or(-1)
    }

    /// What was chosen for a goal, by its id.
    pub fn result_of(&self, goal: Uuid) -> &str {
        let row = self.goal.iter().position(|typed| uuid(typed) == Some(goal));
        row.and_then(|row| self.result.get(row)).map_or("", String::as_str)
    }

    pub fn parse(&self, ground: &Ground) -> Result<Holding, Faults> {
        let mut faults = Faults::none();
        let today = ground.today;
        let on = faults.need(parse_day(&self.on, today), "on", A_DAY);
        match on.map(|on| check_held(on, ground.case_opened, today)) {
            None | Some(Ok(())) => {}
            Some(Err(DayFault::Ahead)) => {
                faults.add("on", format!("Datumet kan inte vara senare än i dag, {today}"));
            }
            Some(Err(DayFault::BeforeCase)) => {
                faults.add("on", format!("Ärendet öppnades {}. Datumet kan inte vara före det", ground.case_opened));
            }
        }
        let form = faults.need(code(&self.form, FollowUpForm::parse), "form", "Välj hur uppföljningen gick till");
        let results = self.results(ground, &mut faults);
        let mut view = |typed: &str, field| {
            let text = faults.optional_text(typed, LONGEST_VIEW, field);
            text.map(|text| Some(text).filter(|text| !text.is_empty()))
        };
        let (person, provider, police) =
            (view(&self.person, "person"), view(&self.provider, "provider"), view(&self.police, "police"));
        if [&person, &provider, &police].iter().all(|view| matches!(view, Some(None))) {
            faults.add("person", "Skriv minst en av personens, utförarens och polisens syn");
        }
        let next_on = faults.optional(&self.next_on, |typed| parse_day(typed, today), "next_on", A_DAY);
        if let Some(next_on) = next_on {
            check_next(next_on, ground, &mut faults);
        }
        let (Some(on), Some(form), Some(person), Some(provider), Some(police), Some(next_on)) =
            (on, form, person, provider, police, next_on)
        else {
            return Err(faults);
        };
        let next = next_on.map(|planned_on| {
            let id = uuid(&self.next_id).unwrap_or_else(Uuid::now_v7);
            NewFollowUp { id, kind: ground.kind, planned_on }
        });
        faults.finish(Holding { on, form, views: Views { person, provider, police }, results, next })
    }

    fn results(&self, ground: &Ground, faults: &mut Faults) -> Vec<(Uuid, GoalResult)> {
        const RESULT: [&str; MOST_RESULTS] = [
            "result-1",
            "result-2",
            "result-3",
            "result-4",
            "result-5",
            "result-6",
            "result-7",
            "result-8",
            "result-9",
            "result-10",
        ];
        let mut results = Vec::new();
        for (goal, field) in ground.goals.iter().zip(RESULT) {
            match code(self.result_of(*goal), GoalResult::parse) {
                Some(result) => results.push((*goal, result)),
                None if needs_results(ground.kind) => faults.add(field, "Välj hur det har gått med målet"),
                None => {}
            }
        }
        results
    }
}

/// After today; and there, unless the case is at its end.
fn check_next(next_on: Option<Date>, ground: &Ground, faults: &mut Faults) {
    match next_on {
        Some(next_on) if next_on <= ground.today => {
            faults.add("next_on", format!("Nästa uppföljning ska vara efter i dag, {}", ground.today));
        }
        None if needs_next(ground.kind, ground.status) => {
            faults.add("next_on", "Skriv när nästa uppföljning ska vara");
        }
        _ => {}
    }
}

/// Moving one to another day, or cancelling it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ChangeForm {
    /// Of the line about a move.
    pub id: String,
    pub version: String,
    pub to: String,
    pub reason: String,
}

impl ChangeForm {
    pub fn fresh(version: i32) -> Self {
        Self { id: Uuid::now_v7().to_string(), version: version.to_string(), ..Self::default() }
    }

    pub fn version(&self) -> i32 {
        self.version.trim().parse().unwrap_or(-1)
    }

    pub fn parse_shift(&self, one: &FollowUp, today: Date) -> Result<Shift, Faults> {
        let mut faults = Faults::none();
        let to = faults.need(parse_day(&self.to, today), "to", A_DAY);
        if to.is_some_and(|day| day < today) {
            faults.add("to", format!("Uppföljningen kan inte flyttas till en dag före i dag, {today}"));
        } else if to == Some(one.planned_on) {
            faults.add("to", format!("Uppföljningen är redan planerad {}. Välj en annan dag", one.planned_on));
        }
        let reason = faults.text(&self.reason, LONGEST_REASON, "reason", "Skriv varför uppföljningen flyttas");
        match to.zip(reason) {
            Some((to, reason)) => faults.finish(Shift { id: uuid(&self.id).unwrap_or_else(Uuid::now_v7), to, reason }),
            None => Err(faults),
        }
    }

    pub fn parse_cancel(&self) -> Result<String, Faults> {
        let mut faults = Faults::none();
        match faults.text(&self.reason, LONGEST_REASON, "reason", "Skriv varför uppföljningen ställs in") {
            Some(reason) => faults.finish(reason),
            None => Err(faults),
        }
    }
}
