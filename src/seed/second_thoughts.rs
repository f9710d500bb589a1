//! What turned out otherwise in the invented cases: a follow-up that was moved, one that was cancelled, and the support
//! that somebody was offered who left on their own request.

use time::Duration;
use uuid::Uuid;

use super::Seated;
use super::data::CASES;
use crate::access::CaseAccess;
use crate::access::right::{FollowUp, ManagePlacements};
use crate::error::{Error, Result};
use crate::follow_up::model::{NewFollowUp, Shift};
use crate::follow_up::store as follow_ups;
use crate::placement::offer::NewOffer;
use crate::placement::offer::store as offers;
use crate::placement::store as placements;
use crate::state::AppState;
use crate::vocabulary::{EndReason, FollowUpKind, OfferAnswer};

/// C1 and C3, by their places in the list of cases.
const FOLLOWED: usize = 2;
const LEFT: usize = 3;

fn missing() -> Error {
    Error::internal("an invented second thought does not fit")
}

pub(super) async fn have(state: &AppState, colleagues: &[Seated], references: &[Option<String>]) -> Result<()> {
    if let Some(reference) = references[FOLLOWED].as_deref() {
        let by = &colleagues[CASES[FOLLOWED].responsible];
        moves(state, by, reference).await?;
        cancels(state, by, reference).await?;
    }
    if let Some(reference) = references[LEFT].as_deref() {
        offers_support(state, &colleagues[CASES[LEFT].responsible], reference).await?;
    }
    Ok(())
}

/// To the week after.
async fn moves(state: &AppState, by: &Seated, reference: &str) -> Result<()> {
    let access = CaseAccess::<FollowUp>::open(state, by.visitor(), reference).await?;
    let (mut access, all) = follow_ups::read(access).await?;
    let today = state.clock.today();
    let coming = all.iter().find(|one| one.kind == FollowUpKind::Joint && one.is_coming());
    if let Some(one) = coming.filter(|one| one.planned_on >= today) {
        let shift = Shift {
            id: Uuid::now_v7(),
            to: one.planned_on + Duration::WEEK,
            reason: "Polisens samordnare är bortrest. Alla kan samma dag veckan efter.".to_owned(),
        };
        if !follow_ups::shift(&mut access, one, &shift).await? {
            return Err(missing());
        }
    }
    access.done().await
}

/// Planned by one who did not see that there was one already.
async fn cancels(state: &AppState, by: &Seated, reference: &str) -> Result<()> {
    let mut access = CaseAccess::<FollowUp>::open(state, by.visitor(), reference).await?;
    let planned_on = state.clock.today() + Duration::days(20);
    let new = NewFollowUp { id: Uuid::now_v7(), kind: FollowUpKind::CarePlan, planned_on };
    follow_ups::plan(&mut access, &new).await?;
    access.done().await?;
    let access = CaseAccess::<FollowUp>::open(state, by.visitor(), reference).await?;
    let (mut access, one) = follow_ups::get(access, new.id).await?;
    let reason = "Vårdplanen följs upp tillsammans med placeringen. Två möten i samma månad behövs inte.";
    if !follow_ups::cancel(&mut access, &one, reason).await? {
        return Err(missing());
    }
    access.done().await
}

async fn offers_support(state: &AppState, by: &Seated, reference: &str) -> Result<()> {
    let mut access = CaseAccess::<ManagePlacements>::open(state, by.visitor(), reference).await?;
    let stays = placements::list(&mut access).await?;
    let Some(left) = stays.iter().find(|one| one.end_reason == Some(EndReason::OwnRequest)) else {
        return access.done().await;
    };
    let offer = NewOffer {
        id: Uuid::now_v7(),
        on: left.last_day(),
        text: "Samtal med handläggaren varje vecka i öppenvård, och en plats i stödboende så snart han vill."
            .to_owned(),
        answer: OfferAnswer::Accepted,
    };
    if !offers::offer_support(&mut access, left.id, &offer).await? {
        return Err(missing());
    }
    access.done().await
}
