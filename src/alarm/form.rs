//! Why an alarm is acknowledged.

use serde::Deserialize;
use uuid::Uuid;

use crate::web::form::{Faults, uuid};

/// The longest reason.
pub const LONGEST: usize = 1000;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ReceiptForm {
    pub id: String,
    pub reason: String,
}

impl ReceiptForm {
    pub fn fresh() -> Self {
        Self { id: Uuid::now_v7().to_string(), ..Self::default() }
    }

    pub fn parse(&self) -> Result<(Uuid, String), Faults> {
        let mut faults = Faults::none();
        let reason = faults.text(&self.reason, LONGEST, "reason", "Skriv varför bevakningen inte behöver mer");
        let Some(reason) = reason else { return Err(faults) };
        faults.finish((uuid(&self.id).unwrap_or_else(Uuid::now_v7), reason))
    }
}
