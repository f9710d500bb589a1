//! Whether those in the invented cases can return: two who could, and one who cannot.

use time::Date;
use time::macros::date;
use uuid::Uuid;

use super::Seated;
use crate::access::CaseAccess;
use crate::access::right::{AssessReturn, ReadThreat};
use crate::error::{Error, Result};
use crate::homecoming::model::NewReturn;
use crate::homecoming::store;
use crate::state::AppState;
use crate::threat;
use crate::vocabulary::{ReturnResult, ThreatStatus};

struct DemoReturn {
    /// Its case, by its place in the list of cases.
    case: usize,
    result: ReturnResult,
    assessed: Date,
    review: Date,
    reason: &'static str,
}

const RETURNS: [DemoReturn; 3] = [
    DemoReturn {
        case: 0,
        result: ReturnResult::CanReturn,
        assessed: date!(2026 - 02 - 24),
        review: date!(2026 - 08 - 24),
        reason: "Polisen ser inget hinder. Personen har arbete och bostad ordnade och vill hem till sina barn.",
    },
    DemoReturn {
        case: 1,
        result: ReturnResult::CanReturn,
        assessed: date!(2026 - 03 - 20),
        review: date!(2026 - 09 - 20),
        reason: "Skulden är reglerad och ingen har sökt kontakt sedan i somras. Stödboende i kommunen räcker.",
    },
    DemoReturn {
        case: 4,
        result: ReturnResult::CannotReturn,
        assessed: date!(2026 - 10 - 15),
        review: date!(2026 - 12 - 15),
        reason: "Hotet kommer från närstående och bedöms kvarstå. En annan kommun behövs under lång tid.",
    },
];

/// As the responsible social worker of the case has assessed it.
pub(super) async fn assess(state: &AppState, responsible: &Seated, case: usize, reference: &str) -> Result<()> {
    let today = state.clock.today();
    for one in RETURNS.iter().filter(|one| one.case == case && one.assessed <= today) {
        let mut access = CaseAccess::<ReadThreat>::open(state, responsible.visitor(), reference).await?;
        let versions = threat::store::list(&mut access).await?;
        access.done().await?;
        let confirmed = versions.iter().find(|version| version.status == ThreatStatus::Confirmed);
        let confirmed = confirmed.ok_or_else(|| Error::internal("an invented return rests on nothing"))?;
        let new = NewReturn {
            id: Uuid::now_v7(),
            threat: confirmed.id,
            result: one.result,
            assessed_on: one.assessed,
            review_on: one.review,
            reason: one.reason.to_owned(),
            joint_with_police: true,
        };
        let mut access = CaseAccess::<AssessReturn>::open(state, responsible.visitor(), reference).await?;
        store::register(&mut access, &new).await?;
        access.done().await?;
    }
    Ok(())
}
