//! SQL about invoices. The database reckons what each should be, and names nobody.

use time::Date;
use uuid::Uuid;

use super::model::{Invoice, NewInvoice, Offered};
use crate::access::Access;
use crate::access::right::{ApproveInvoice, KeepInvoices, ReadEconomy};
use crate::audit::Event;
use crate::error::{Error, Result, constraint};
use crate::money::Ore;
use crate::vocabulary::{InvoiceDispute, InvoiceStatus, PlacementKind};

/// The placements that have days in the month.
pub async fn offered(access: &mut Access<KeepInvoices>, month: Date) -> Result<Vec<Offered>> {
    Ok(sqlx::query_as!(
        Offered,
        r#"select placement_id as "placement!", pseudonym, alias, kind as "kind: PlacementKind", first_day as "first!",
                  last_day as "last!", days as "days!", cost_ore as "cost!: Ore"
           from sec.invoice_choices($1)"#,
        month
    )
    .fetch_all(access.read())
    .await?)
}

pub async fn list(access: &mut Access<ReadEconomy>, year: i32, only_open: bool) -> Result<Vec<Invoice>> {
    rows(access, year, None, only_open).await
}

pub async fn get(access: &mut Access<ReadEconomy>, id: Uuid) -> Result<Invoice> {
    rows(access, 0, Some(id), false).await?.into_iter().next().ok_or(Error::NotFound)
}

async fn rows(access: &mut Access<ReadEconomy>, year: i32, id: Option<Uuid>, only_open: bool) -> Result<Vec<Invoice>> {
    Ok(sqlx::query_as!(
        Invoice,
        r#"select id as "id!", pseudonym, reference, placement_id as placement, alias, first_day as "first!", last_day as "last!",
                  invoice_no as "number!", booked_on as "booked_on!", invoiced_ore as "invoiced!: Ore",
                  expected_days as "days!", expected_ore as "expected!: Ore", difference_ore as "difference!: Ore",
                  status as "status!: InvoiceStatus", registrar as "registrar!", disputed_by, disputed_on,
                  dispute as "dispute: InvoiceDispute", approved_by, approved_on, approved_ore as "approved: Ore",
                  is_mine as "is_mine!", has_priced as "has_priced!", version as "version!"
           from sec.invoice_rows($1, $2, $3)"#,
        year,
        id,
        only_open
    )
    .fetch_all(access.read())
    .await?)
}

/// Why an invoice was not entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Some of the days are invoiced already.
    Twice,
    /// The days are no longer days of the placement.
    Stale,
}

/// Whether some of the days are invoiced already; asked before, so that the form can be shown again. Postgres asks once more.
pub async fn is_invoiced(access: &mut Access<ReadEconomy>, new: &NewInvoice) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"select sec.is_invoiced($1, $2, $3, $4) as "is_invoiced!""#,
        new.id,
        new.placement,
        new.first,
        new.last
    )
    .fetch_one(access.read())
    .await?)
}

/// Enters it. Sent twice it is entered once.
pub async fn register(access: &mut Access<KeepInvoices>, new: &NewInvoice) -> Result<Option<Refused>> {
    let work = access.write(Event::InvoiceRegistered, None).await?;
    let done = sqlx::query_scalar!(
        r#"select sec.register_invoice($1, $2, $3, $4, $5, $6, $7) as "done!""#,
        new.id,
        new.placement,
        new.first,
        new.last,
        new.number,
        new.booked_on,
        new.invoiced.ore()
    )
    .fetch_one(work)
    .await;
    match done {
        Ok(true) => Ok(None),
        Ok(false) => Ok(Some(Refused::Stale)),
        Err(error) => match constraint(&error) {
            Some("invoice_once") => Ok(Some(Refused::Twice)),
            Some("invoice_three_people") => Err(Error::Forbidden),
            _ => Err(error.into()),
        },
    }
}

/// Asks the provider about it. False when somebody else has changed it since.
pub async fn dispute(
    access: &mut Access<KeepInvoices>,
    id: Uuid,
    version: i32,
    (on, about): (Date, InvoiceDispute),
) -> Result<bool> {
    let work = access.write(Event::InvoiceDisputed, None).await?;
    Ok(sqlx::query_scalar!(
        r#"select sec.dispute_invoice($1, $2, $3, $4) as "done!""#,
        id,
        version,
        on,
        about as InvoiceDispute
    )
    .fetch_one(work)
    .await?)
}

/// Approves an amount of it. False when somebody else has changed it since.
pub async fn approve(access: &mut Access<ApproveInvoice>, id: Uuid, version: i32, approved: Ore) -> Result<bool> {
    let today = access.desk().clock().today();
    let work = access.write(Event::InvoiceApproved, None).await?;
    sqlx::query_scalar!(r#"select sec.approve_invoice($1, $2, $3, $4) as "done!""#, id, version, today, approved.ore())
        .fetch_one(work)
        .await
        .map_err(|error| match constraint(&error) {
            Some("invoice_four_eyes" | "invoice_three_people") => Error::Forbidden,
            _ => error.into(),
        })
}
