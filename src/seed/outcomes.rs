//! How it went in the invented cases that are closed: two who made it, one of whom helps others now, and one that never
//! began.

use time::Date;
use time::macros::date;
use uuid::Uuid;

use super::Seated;
use super::data::CASES;
use super::meetings::consents;
use crate::access::CaseAccess;
use crate::access::right::{FollowOutcome, RecordOutcome};
use crate::error::{Error, Result};
use crate::outcome::model::{Figures, NewOutcome};
use crate::outcome::store;
use crate::state::AppState;
use crate::vocabulary::{
    ChildContact, ConsentKind, ConsentRecipient, DisclosureCategory, ExitStatus, OutcomeHousing, OutcomeIncome,
    OutcomeMoment, OutcomeOccupation, OutcomeSubstance, RelapseCrime, RelapseSource,
};

/// Who is followed after closing, by the place in the list of cases, and the day half a year later.
const FOLLOWED: (usize, Date) = (0, date!(2026 - 10 - 28));

const MADE_IT: Figures = Figures {
    exit: ExitStatus::Completed,
    housing: OutcomeHousing::Own,
    income: OutcomeIncome::Work,
    occupation: OutcomeOccupation::Work,
    substance: OutcomeSubstance::NoProblem,
    relapse: RelapseCrime::No,
    relapse_source: Some(RelapseSource::Police),
    helps_others: true,
    children: ChildContact::Regular,
    own_assessment: Some(5),
};

fn figures(case: usize) -> Figures {
    match case {
        0 => MADE_IT,
        1 => Figures {
            housing: OutcomeHousing::Supported,
            income: OutcomeIncome::EconomicAssistance,
            occupation: OutcomeOccupation::Studies,
            substance: OutcomeSubstance::Free,
            helps_others: false,
            children: ChildContact::NoChildren,
            own_assessment: Some(4),
            ..MADE_IT
        },
        _ => Figures {
            exit: ExitStatus::NotStarted,
            housing: OutcomeHousing::WithOthers,
            income: OutcomeIncome::Unknown,
            occupation: OutcomeOccupation::None,
            substance: OutcomeSubstance::Unknown,
            relapse: RelapseCrime::Unknown,
            relapse_source: None,
            helps_others: false,
            children: ChildContact::NoChildren,
            own_assessment: None,
        },
    }
}

/// Before the case is closed, on the day that it will be.
pub(super) async fn record(
    state: &AppState,
    responsible: &Seated,
    (at, reference): (usize, &str),
    closed_on: Date,
) -> Result<()> {
    let new =
        NewOutcome { id: Uuid::now_v7(), moment: OutcomeMoment::Closing, known_on: closed_on, figures: figures(at) };
    let mut access = CaseAccess::<RecordOutcome>::open(state, responsible.visitor(), reference).await?;
    store::record(&mut access, &new).await?;
    access.done().await?;
    if at == FOLLOWED.0 {
        let purpose = "Fråga hur det har gått ett halvår, ett år och två år efter avslutet.";
        let to = (&[ConsentRecipient::Region][..], &[DisclosureCategory::Outcome][..]);
        consents(state, responsible, reference, (ConsentKind::AfterClosing, closed_on), to, purpose).await?;
    }
    Ok(())
}

/// Half a year later, as the one who was asked said.
pub(super) async fn follow(state: &AppState, colleagues: &[Seated], references: &[Option<String>]) -> Result<()> {
    let (at, known_on) = FOLLOWED;
    let (Some(reference), true) = (&references[at], known_on <= state.clock.today()) else { return Ok(()) };
    let visitor = colleagues[CASES[at].responsible].visitor();
    let mut access = CaseAccess::<FollowOutcome>::open(state, visitor, reference).await?;
    let consent = store::consent(&mut access, known_on).await?;
    let consent = consent.ok_or_else(|| Error::internal("an invented person has not agreed to be followed"))?;
    let new = NewOutcome { id: Uuid::now_v7(), moment: OutcomeMoment::Months6, known_on, figures: MADE_IT };
    store::follow(&mut access, &new, consent).await?;
    access.done().await
}
