//! Whether a home lies where the police say that the person is not safe (A36). The question is answered without opening
//! anything on a page; only the manager places somebody there all the same, and says why.

pub(super) mod store;

use super::form::PlacementForm;
use super::model::NewPlacement;
use crate::access::CaseAccess;
use crate::access::right::{ManagePlacements, PlaceUnsafely};
use crate::audit::{Event, Note};
use crate::error::Result;
use crate::web::form::Faults;

/// Shorter than this it is no reason.
const SHORTEST_REASON: usize = 30;

/// The placement as it may be started, or why not.
pub(super) async fn checked(
    case: &mut CaseAccess<ManagePlacements>,
    form: &PlacementForm,
    new: NewPlacement,
) -> Result<std::result::Result<NewPlacement, Faults>> {
    if !store::is_unsafe(case, new.home).await? {
        return Ok(Ok(new));
    }
    let mut faults = Faults::none();
    if !case.may::<PlaceUnsafely>() {
        let text = "Omplacering: ny kommun är osäker. Välj ett annat boende eller låt chefen pröva ett undantag";
        faults.add("home", text);
    } else if let Some(reason) = reason(form, &mut faults) {
        return Ok(Ok(NewPlacement { unsafe_reason: Some(reason), ..new }));
    }
    case.shown(Note::of(Event::UnsafePlaceStopped));
    Ok(Err(faults))
}

fn reason(form: &PlacementForm, faults: &mut Faults) -> Option<String> {
    let text = "Omplacering: ny kommun är osäker. Välj ett annat boende, eller skriv varför placeringen ändå behövs";
    let reason = faults.text(&form.unsafe_reason, 1000, "unsafe_reason", text)?;
    let long = reason.chars().count() >= SHORTEST_REASON;
    faults.need(long.then_some(reason), "unsafe_reason", "Skriv skälet till undantaget med minst 30 tecken")
}
