//! SQL over the state money of a year, by pseudonym: what was applied for and granted, and what the controller books.

use time::Date;
use uuid::Uuid;

use crate::access::Access;
use crate::access::right::{BookFunding, ReadEconomy};
use crate::audit::Event;
use crate::error::{Error, Result, constraint};
use crate::funding::model::YearSums;
use crate::money::Ore;
use crate::vocabulary::FundStatus;

/// An application without anything that says whom it is about.
#[derive(Debug, Clone)]
pub struct Row {
    pub id: Uuid,
    /// None where the viewer may not know which case it is.
    pub pseudonym: Option<String>,
    pub reference: Option<String>,
    pub year: i32,
    pub from: Date,
    pub to: Date,
    pub status: FundStatus,
    pub applied: Ore,
    pub submitted_on: Option<Date>,
    pub decided_on: Option<Date>,
    pub granted: Option<Ore>,
    pub paid: Option<Ore>,
    pub paid_on: Option<Date>,
    pub report_due_on: Option<Date>,
    pub reported_on: Option<Date>,
    pub repay: Option<Ore>,
    pub closed_on: Option<Date>,
    pub version: i32,
}

/// What a year came to over all cases, whoever may see which they are.
pub async fn sums(access: &mut Access<ReadEconomy>, year: i32) -> Result<YearSums> {
    Ok(sqlx::query_as!(
        YearSums,
        r#"select applied_ore as "applied!: Ore", granted_ore as "granted!: Ore", rejected_ore as "rejected!: Ore",
                  waiting_ore as "waiting!: Ore", decided_ore as "decided!: Ore", paid_ore as "paid!: Ore", repay_ore as "repay!: Ore"
           from sec.fund_year($1)"#,
        year
    )
    .fetch_one(access.read())
    .await?)
}

pub async fn list(access: &mut Access<ReadEconomy>, year: i32) -> Result<Vec<Row>> {
    rows(access, year, None).await
}

/// One of any year.
pub async fn get(access: &mut Access<ReadEconomy>, id: Uuid) -> Result<Row> {
    rows(access, 0, Some(id)).await?.into_iter().next().ok_or(Error::NotFound)
}

async fn rows(access: &mut Access<ReadEconomy>, year: i32, id: Option<Uuid>) -> Result<Vec<Row>> {
    Ok(sqlx::query_as!(
        Row,
        r#"select id as "id!", pseudonym, reference, year as "year!", period_from as "from!", period_to as "to!",
                  status as "status!: FundStatus", applied_ore as "applied!: Ore", submitted_on, decided_on,
                  granted_ore as "granted: Ore", paid_ore as "paid: Ore", paid_on, report_due_on, reported_on,
                  repay_ore as "repay: Ore", closed_on, version as "version!"
           from sec.fund_rows($1, $2)"#,
        year,
        id
    )
    .fetch_all(access.read())
    .await?)
}

/// Books what came in. False when somebody else has changed it since.
pub async fn book(access: &mut Access<BookFunding>, id: Uuid, version: i32, (paid, on): (Ore, Date)) -> Result<bool> {
    let work = access.write(Event::FundingPaid, None).await?;
    sqlx::query_scalar!(r#"select sec.book_fund($1, $2, $3, $4) as "done!""#, id, version, paid.ore(), on)
        .fetch_one(work)
        .await
        .map_err(misfit)
}

/// Books that it is over. False when somebody else has changed it since.
pub async fn close(access: &mut Access<BookFunding>, id: Uuid, version: i32, on: Date) -> Result<bool> {
    let work = access.write(Event::FundingClosed, None).await?;
    sqlx::query_scalar!(r#"select sec.close_fund($1, $2, $3) as "done!""#, id, version, on)
        .fetch_one(work)
        .await
        .map_err(misfit)
}

/// What the form has been asked about already.
fn misfit(error: sqlx::Error) -> Error {
    match constraint(&error) {
        Some("fund_application_paid" | "fund_application_booked" | "fund_application_closed") => Error::Stale,
        _ => error.into(),
    }
}
