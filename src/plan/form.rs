//! What is typed in a plan, and how it is read. The goals stand in rows, of which those left empty do not count.

use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::model::{Goal, MOST_GOALS, NewPlan, Plan, Texts, is_ahead};
use crate::calendar::parse_day;
use crate::personal::Personal;
use crate::vocabulary::PlanKind;
use crate::web::form::{Faults, code, uuid};

pub const A_DAY: &str = "Skriv datumet som ÅÅÅÅ-MM-DD";
pub const LONGEST_TEXT: usize = 4000;
const LONGEST_GOAL: usize = 500;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct PlanForm {
    pub id: String,
    pub version: String,
    pub kind: String,
    pub goal: Vec<String>,
    pub target_on: Vec<String>,
    pub responsible: Vec<String>,
    pub interventions: String,
    pub other_principals: String,
    pub person_view: String,
    pub follow_up_on: String,
}

/// A row of the form for a goal.
pub struct GoalInput {
    pub number: usize,
    pub goal: String,
    pub target_on: String,
    pub responsible: String,
}

fn typed(column: &[String], row: usize) -> &str {
    column.get(row).map_or("", |text| text.trim())
}

impl PlanForm {
    /// An empty form with the id of what it will create.
    pub fn fresh() -> Self {
        Self { id: Uuid::now_v7().to_string(), ..Self::default() }
    }

    /// A plan as it stands, to be written on.
    pub fn of(plan: &Plan, texts: &Texts<Personal>, goals: &[Goal<Personal>]) -> Self {
        let column = |text: fn(&Goal<Personal>) -> String| goals.iter().map(text).collect();
        Self {
            id: plan.id.to_string(),
            version: plan.version.to_string(),
            kind: plan.kind.code().to_owned(),
            goal: column(|goal| goal.text.reveal().to_owned()),
            target_on: column(|goal| goal.target_on.to_string()),
            responsible: column(|goal| goal.responsible.reveal().to_owned()),
            interventions: texts.interventions.reveal().to_owned(),
            other_principals: texts.other_principals.reveal().to_owned(),
            person_view: texts.person_view.reveal().to_owned(),
            follow_up_on: plan.follow_up_on.to_string(),
        }
    }

    /// The next version of it: the same but for when it is followed up, under an id of its own.
    #[must_use]
    pub fn revised(self) -> Self {
        Self { id: Uuid::now_v7().to_string(), version: String::new(), follow_up_on: String::new(), ..self }
    }

    pub fn version(&self) -> i32 {
        self.version.trim().parse().unwrap_or(-1)
    }

    pub fn goal_inputs(&self) -> Vec<GoalInput> {
        (0..MOST_GOALS)
            .map(|row| GoalInput {
                number: row + 1,
                goal: typed(&self.goal, row).to_owned(),
                target_on: typed(&self.target_on, row).to_owned(),
                responsible: typed(&self.responsible, row).to_owned(),
            })
            .collect()
    }

    pub fn parse(&self, today: Date) -> Result<NewPlan, Faults> {
        let mut faults = Faults::none();
        let kind = faults.need(code(&self.kind, PlanKind::parse), "kind", "Välj vårdplan eller genomförandeplan");
        let goals = self.goals(today, &mut faults);
        let interventions =
            faults.text(&self.interventions, LONGEST_TEXT, "interventions", "Skriv vilka insatser som ska ges");
        let other_principals = faults.text(
            &self.other_principals,
            LONGEST_TEXT,
            "other_principals",
            "Skriv vad regionen och andra ansvarar för, eller att ingen annan har ansvar",
        );
        let person_view =
            faults.text(&self.person_view, LONGEST_TEXT, "person_view", "Skriv vad personen tycker om planen");
        let follow_up_on = faults.need(parse_day(&self.follow_up_on, today), "follow_up_on", A_DAY);
        if follow_up_on.is_some_and(|day| !is_ahead(day, today)) {
            faults.add("follow_up_on", format!("Planen ska följas upp efter i dag, {today}"));
        }
        let (Some(kind), Some(interventions), Some(other_principals), Some(person_view), Some(follow_up_on)) =
            (kind, interventions, other_principals, person_view, follow_up_on)
        else {
            return Err(faults);
        };
        faults.finish(NewPlan {
            id: uuid(&self.id).unwrap_or_else(Uuid::now_v7),
            kind,
            texts: Texts { interventions, other_principals, person_view },
            goals,
            follow_up_on,
        })
    }

    fn goals(&self, today: Date, faults: &mut Faults) -> Vec<Goal<String>> {
        const GOAL: [&str; MOST_GOALS] = ["goal-1", "goal-2", "goal-3", "goal-4", "goal-5"];
        const TARGET: [&str; MOST_GOALS] = ["target_on-1", "target_on-2", "target_on-3", "target_on-4", "target_on-5"];
        const RESPONSIBLE: [&str; MOST_GOALS] =
            ["responsible-1", "responsible-2", "responsible-3", "responsible-4", "responsible-5"];
        let mut goals = Vec::new();
        let mut is_empty = true;
        for row in 0..MOST_GOALS {
            let (goal, target, responsible) =
                (typed(&self.goal, row), typed(&self.target_on, row), typed(&self.responsible, row));
            if goal.is_empty() && target.is_empty() && responsible.is_empty() {
                continue;
            }
            is_empty = false;
            let text = faults.text(goal, LONGEST_GOAL, GOAL[row], "Skriv målet, eller töm raden");
            let target_on = faults.need(parse_day(target, today), TARGET[row], "Skriv måldatumet som ÅÅÅÅ-MM-DD");
            let responsible = faults.text(responsible, 100, RESPONSIBLE[row], "Skriv vem som ansvarar för målet");
            if let (Some(text), Some(target_on), Some(responsible)) = (text, target_on, responsible) {
                goals.push(Goal { id: Uuid::now_v7(), text, target_on, responsible });
            }
        }
        if is_empty {
            faults.add(GOAL[0], "Skriv minst ett mål");
        }
        goals
    }
}

/// What is typed when a plan ends.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct EndForm {
    pub version: String,
    pub on: String,
    pub reason: String,
}

impl EndForm {
    pub fn version(&self) -> i32 {
        self.version.trim().parse().unwrap_or(-1)
    }

    /// Not before it came into force, and not ahead of today.
    pub fn parse(&self, activated_on: Date, today: Date) -> Result<(Date, String), Faults> {
        let mut faults = Faults::none();
        let on = faults.need(parse_day(&self.on, today), "on", A_DAY);
        if on.is_some_and(|day| day > today) {
            faults.add("on", format!("Datumet kan inte vara senare än i dag, {today}"));
        }
        if on.is_some_and(|day| day < activated_on) {
            faults.add("on", format!("Planen fastställdes {activated_on}. Datumet kan inte vara före det"));
        }
        let reason = faults.text(&self.reason, 500, "reason", "Skriv varför planen avslutas");
        match on.zip(reason) {
            Some(end) => faults.finish(end),
            None => Err(faults),
        }
    }
}
