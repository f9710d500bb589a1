//! What is typed about somebody's motivation, and how it is read. No stage is chosen beforehand.

use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::model::{LONGEST_TEXT, NewAssessment};
use crate::calendar::parse_day;
use crate::vocabulary::MotivationStage;
use crate::web::form::{Faults, code, uuid};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct MotivationForm {
    pub id: String,
    pub assessed_on: String,
    pub stage: String,
    pub own_words: String,
    pub obstacles: String,
    pub resources: String,
}

impl MotivationForm {
    /// An empty form with the id of what it will create.
    pub fn fresh(today: Date) -> Self {
        Self { id: Uuid::now_v7().to_string(), assessed_on: today.to_string(), ..Self::default() }
    }

    pub fn parse(&self, today: Date) -> Result<NewAssessment, Faults> {
        let mut faults = Faults::none();
        let day = parse_day(&self.assessed_on, today);
        let assessed_on = faults.need(day, "assessed_on", "Skriv datumet som ÅÅÅÅ-MM-DD");
        if assessed_on.is_some_and(|day| day > today) {
            faults.add("assessed_on", format!("Datumet kan inte vara senare än i dag, {today}"));
        }
        let stage = code(&self.stage, MotivationStage::parse);
        let stage = faults.need(stage, "stage", "Välj hur långt personen har kommit");
        let own_words = faults.optional_text(&self.own_words, LONGEST_TEXT, "own_words");
        let obstacles = faults.optional_text(&self.obstacles, LONGEST_TEXT, "obstacles");
        let resources = faults.optional_text(&self.resources, LONGEST_TEXT, "resources");
        let (Some(assessed_on), Some(stage), Some(own_words), Some(obstacles), Some(resources)) =
            (assessed_on, stage, own_words, obstacles, resources)
        else {
            return Err(faults);
        };
        let said = |text: String| Some(text).filter(|text| !text.is_empty());
        faults.finish(NewAssessment {
            id: uuid(&self.id).unwrap_or_else(Uuid::now_v7),
            assessed_on,
            stage,
            own_words: said(own_words),
            obstacles: said(obstacles),
            resources: said(resources),
        })
    }
}
