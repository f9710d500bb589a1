//! Invoices of the invented municipality: two that were right and are approved, one that is 3 000 kronor too high and
//! disputed (AC-06), and those of November that wait.

use time::Date;
use time::macros::date;
use uuid::Uuid;

use super::data::{BIRGITTA, SVEN};
use super::{Seated, kr};
use crate::access::Access;
use crate::access::right::{ApproveInvoice, KeepInvoices};
use crate::economy::invoice::model::NewInvoice;
use crate::economy::invoice::store;
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::vocabulary::InvoiceDispute;

/// The first placement of these days, what is invoiced beyond what it should be, the number and the day it was booked.
const INVOICED: [(Date, i64, &str, Date); 4] = [
    (date!(2026 - 01 - 01), 0, "F-10231", date!(2026 - 02 - 05)),
    (date!(2026 - 02 - 01), 0, "F-10312", date!(2026 - 03 - 04)),
    (date!(2026 - 03 - 01), 3000, "F-10407", date!(2026 - 04 - 07)),
    (date!(2026 - 11 - 01), 0, "F-11190", date!(2026 - 12 - 03)),
];
/// PL1 begins on this day: its invoices are the ones that are told.
const FIRST: Date = date!(2026 - 01 - 15);

fn misfit(done: bool) -> Result<()> {
    if done { Ok(()) } else { Err(Error::internal("an invented invoice does not fit")) }
}

pub(super) async fn enter(state: &AppState, colleagues: &[Seated]) -> Result<()> {
    let (sven, manager) = (&colleagues[SVEN], &colleagues[BIRGITTA]);
    let january = date!(2026 - 01 - 01);
    let mut access = Access::<KeepInvoices>::open(state, sven.visitor()).await?;
    let stays = store::offered(&mut access, january).await?;
    access.done().await?;
    let Some(stay) = stays.iter().find(|one| one.first == FIRST) else { return Ok(()) };
    for (month, over, number, booked_on) in INVOICED {
        if booked_on > state.clock.today() {
            continue;
        }
        let mut access = Access::<KeepInvoices>::open(state, sven.visitor()).await?;
        let offered = store::offered(&mut access, month).await?;
        let Some(one) = offered.iter().find(|one| one.placement == stay.placement) else { continue };
        let invoiced = one.cost.plus(kr(over)?).ok_or_else(|| Error::internal("an invented invoice overflows"))?;
        let new = NewInvoice {
            id: Uuid::now_v7(),
            placement: one.placement,
            first: one.first,
            last: one.last,
            number: number.to_owned(),
            booked_on,
            invoiced,
        };
        misfit(store::register(&mut access, &new).await?.is_none())?;
        access.done().await?;
        if over > 0 {
            let mut access = Access::<KeepInvoices>::open(state, sven.visitor()).await?;
            misfit(store::dispute(&mut access, new.id, 1, (booked_on, InvoiceDispute::Days)).await?)?;
            access.done().await?;
        } else if month < date!(2026 - 03 - 01) {
            let mut access = Access::<ApproveInvoice>::open(state, manager.visitor()).await?;
            misfit(store::approve(&mut access, new.id, 1, invoiced).await?)?;
            access.done().await?;
        }
    }
    Ok(())
}
