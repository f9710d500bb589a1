//! What is typed about a return. Nothing is chosen beforehand.

use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::model::{Ground, NewReturn, ReturnFault, check};
use crate::calendar::parse_day;
use crate::vocabulary::ReturnResult;
use crate::web::form::{Faults, checkbox, code, uuid};

const A_DAY: &str = "Skriv datumet som ÅÅÅÅ-MM-DD";

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ReturnForm {
    pub id: String,
    /// The version of the police's assessment that stood beside the form.
    pub threat: String,
    pub result: String,
    pub assessed_on: String,
    pub review_on: String,
    pub reason: String,
    pub joint_with_police: String,
}

impl ReturnForm {
    pub fn fresh(threat: Option<Uuid>) -> Self {
        let threat = threat.map(|id| id.to_string()).unwrap_or_default();
        Self { id: Uuid::now_v7().to_string(), threat, ..Self::default() }
    }

    pub fn parse(&self, ground: &Ground, today: Date) -> Result<NewReturn, Faults> {
        let mut faults = Faults::none();
        let result = faults.need(code(&self.result, ReturnResult::parse), "result", "Välj om personen kan återvända");
        let assessed_on = faults.need(parse_day(&self.assessed_on, today), "assessed_on", A_DAY);
        let review_on = faults.need(parse_day(&self.review_on, today), "review_on", A_DAY);
        let reason = faults.text(&self.reason, 4000, "reason", "Skriv skälen för bedömningen");
        let (Some(result), Some(assessed_on), Some(review_on)) = (result, assessed_on, review_on) else {
            return Err(faults);
        };
        match check(result, assessed_on, review_on, ground, today) {
            Ok(()) => {}
            Err(ReturnFault::Ahead) => {
                faults.add("assessed_on", format!("Datumet kan inte vara senare än i dag, {today}"));
            }
            Err(ReturnFault::BeforeThePolice) => faults.add(
                "assessed_on",
                format!("Bedömningen kan inte vara gjord före polisens bedömning, {}", ground.assessed_on),
            ),
            Err(ReturnFault::ReviewTooEarly) => {
                faults.add("review_on", "Omprövningen måste vara efter bedömningen");
            }
            Err(ReturnFault::OutOfDate) => faults.add(
                "result",
                format!("Hotbedömningen gick ut {}. Be polisen om en ny innan personen återvänder", ground.valid_until),
            ),
        }
        let Some(reason) = reason else { return Err(faults) };
        faults.finish(NewReturn {
            id: uuid(&self.id).unwrap_or_else(Uuid::now_v7),
            threat: ground.threat,
            result,
            assessed_on,
            review_on,
            reason,
            joint_with_police: checkbox(&self.joint_with_police),
        })
    }
}
