//! The budget of the invented municipality (domain 7.0): a frame that was raised for good, and money for one year.

use uuid::Uuid;

use super::{Seated, kr};
use crate::access::Access;
use crate::access::right::KeepBudget;
use crate::economy::store::{self, NewLine};
use crate::error::Result;
use crate::state::AppState;
use crate::vocabulary::BudgetKind;

const YEAR: i32 = 2026;
const LINES: [(BudgetKind, i64, bool); 2] =
    [(BudgetKind::FrameIncrease, 2_800_000, false), (BudgetKind::Targeted, 2_000_000, true)];

/// As the controller; a year that is over is locked and gets none.
pub(super) async fn decide(state: &AppState, controller: &Seated) -> Result<()> {
    if state.clock.today().year() > YEAR {
        return Ok(());
    }
    for (kind, kronor, only_that_year) in LINES {
        let mut access = Access::<KeepBudget>::open(state, controller.visitor()).await?;
        let decided_in = format!("Mål och budget {YEAR}");
        let line = NewLine { id: Uuid::now_v7(), year: YEAR, kind, amount: kr(kronor)?, decided_in, only_that_year };
        store::add(&mut access, &line).await?;
        access.done().await?;
    }
    Ok(())
}
