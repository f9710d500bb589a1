//! One broken glass in the invented municipality, for those who are told of it and those who review it.

use uuid::Uuid;

use super::Seated;
use super::data::JONAS;
use crate::access::right::{BreakGlass, ReadJournal};
use crate::access::{Access, CaseAccess};
use crate::break_glass::model::NewGlass;
use crate::break_glass::store::{behind, break_it};
use crate::error::{Error, Result};
use crate::identity::proof::Proof;
use crate::state::AppState;
use crate::vocabulary::BreakGlassReason;

/// Adrian's case, which is Malin's and Aisha's.
const CASE: usize = 7;
const WORDS: &str = "Personen ringde från stationen och var förföljd. Varken Malin eller Aisha gick att nå.";

/// `references` stand in the order of the cases; one that has not been opened yet has none.
pub(super) async fn break_one(state: &AppState, colleagues: &[Seated], references: &[Option<String>]) -> Result<()> {
    let Some(reference) = &references[CASE] else { return Ok(()) };
    let mut access = Access::<BreakGlass>::open(state, colleagues[JONAS].visitor()).await?;
    let new = NewGlass {
        id: Uuid::now_v7(),
        reference: reference.clone(),
        number_blind: Vec::new(),
        hash: String::new(),
        reason: BreakGlassReason::ResponsibleUnavailable,
        words: WORDS.to_owned(),
    };
    let missing = || Error::internal("an invented glass did not break");
    let found = behind(&mut access, &new).await?.ok_or_else(missing)?;
    if !break_it(&mut access, &new, found.case, Proof::lent()).await? {
        return Err(missing());
    }
    access.done().await?;
    CaseAccess::<ReadJournal>::open(state, colleagues[JONAS].visitor(), reference).await?.done().await
}
