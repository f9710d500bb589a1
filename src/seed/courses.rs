//! The way of each invented case from one status to the next: as far as it has come, to its end where it has one, and to
//! rest where nothing can be done for a while.

use time::macros::date;
use time::{Date, Duration};
use uuid::Uuid;

use super::data::{CASES, DemoCase};
use super::{Seated, closed_by, decisions, plans};
use crate::access::CaseAccess;
use crate::access::right::{CloseCase, ManageCase};
use crate::case::model::{CaseChange, Closing, Rest};
use crate::case::store::{course, standing};
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::vocabulary::{CaseStatus, CloseReason, DormantReason, ProgrammeStatus};

/// Who is in hospital, by the place in the list of cases, since when it can have been, and how long until somebody looks.
const RESTING: (usize, Date, Duration) = (3, date!(2026 - 11 - 15), Duration::days(21));

/// As far as a case has come: under assessment where somebody can step in, and on to support where somebody was placed.
/// Whoever was found not to be a defector was investigated first.
pub(super) async fn move_on(state: &AppState, responsible: &Seated, reference: &str, one: &DemoCase) -> Result<()> {
    let today = state.clock.today();
    let placed = one.placements.iter().any(|placement| placement.first <= today);
    let closed = closed_by(one, today);
    if one.deputy.is_none() {
        return Ok(());
    }
    step(state, responsible, reference, one, CaseStatus::Assessing).await?;
    if placed || closed.is_some() {
        decisions::to_investigate(state, responsible, reference, one.opened).await?;
        step(state, responsible, reference, one, CaseStatus::Investigating).await?;
    }
    if placed {
        step(state, responsible, reference, one, CaseStatus::Active).await?;
    }
    Ok(())
}

async fn step(state: &AppState, by: &Seated, reference: &str, one: &DemoCase, status: CaseStatus) -> Result<()> {
    let mut access = CaseAccess::<ManageCase>::open(state, by.visitor(), reference).await?;
    if !standing::standing(&mut access).await?.may_become(status) {
        return Err(Error::internal("an invented case takes a way that there is not"));
    }
    let placed = one.placements.iter().any(|placement| placement.first <= state.clock.today());
    let programme = if placed { ProgrammeStatus::Admitted } else { ProgrammeStatus::Candidate };
    let version = access.head().version;
    let change = CaseChange { version, status, programme, needs: Some(one.needs), protection: one.protection };
    course::change(&mut access, &change).await?;
    access.done().await
}

/// In two steps: the one who is responsible says that it is coming to its end, and the coordinator ends it.
pub(super) async fn close(
    state: &AppState,
    (responsible, coordinator): (&Seated, &Seated),
    reference: &str,
    one: &DemoCase,
    (closed_on, reason): (Date, CloseReason),
) -> Result<()> {
    if one.placements.is_empty() {
        decisions::close_investigation(state, responsible, reference, closed_on).await?;
    }
    step(state, responsible, reference, one, CaseStatus::Closing).await?;
    plans::hold_the_last(state, responsible, reference, closed_on).await?;
    let mut access = CaseAccess::<CloseCase>::open(state, coordinator.visitor(), reference).await?;
    let version = access.head().version;
    let closing = Closing { version, status: CaseStatus::Closed, reason, closed_on };
    course::close(&mut access, &closing).await?;
    access.done().await
}

/// Nothing can be done while somebody is in hospital.
pub(super) async fn rest(state: &AppState, colleagues: &[Seated], references: &[Option<String>]) -> Result<()> {
    let (at, since, until) = RESTING;
    let today = state.clock.today();
    let (Some(reference), true) = (&references[at], since <= today) else { return Ok(()) };
    let responsible = &colleagues[CASES[at].responsible];
    let mut access = CaseAccess::<ManageCase>::open(state, responsible.visitor(), reference).await?;
    let (version, before) = (access.head().version, access.head().status);
    let note = "Vårdas för abstinens efter återfallet. Utredningen fortsätter när han är utskriven.";
    let rest = Rest {
        id: Uuid::now_v7(),
        version,
        reason: DormantReason::Hospital,
        note: Some(note.to_owned()),
        review_on: today + until,
    };
    course::rest(&mut access, &rest, before).await?;
    access.done().await
}
