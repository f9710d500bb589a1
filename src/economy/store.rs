//! SQL over what all placements cost. The database keeps what every day costs in all (`cost_day`), so that a page adds up
//! at most a year of days, however many cases there are.

use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::model::{BudgetLine, Month, Withdrawn};
use crate::access::Access;
use crate::access::right::{CloseMonth, KeepBudget, ReadEconomy};
use crate::audit::Event;
use crate::calendar::stockholm_date;
use crate::error::{Error, Result, constraint};
use crate::money::Ore;
use crate::vocabulary::{BudgetKind, LedgerCause, PlacementKind, PlacementStatus, ProcurementForm};

/// The months of a year, each cut at the end of a day into what has been and what is planned.
pub async fn months(access: &mut Access<ReadEconomy>, year: i32, as_of: Date) -> Result<Vec<Month>> {
    Ok(sqlx::query_as!(
        Month,
        r#"select m::date as "first!",
                  coalesce(sum(c.cost_ore) filter (where c.on_day <= $2), 0)::bigint as "actual!: Ore",
                  coalesce(sum(c.cost_ore) filter (where c.on_day > $2), 0)::bigint as "planned!: Ore",
                  coalesce(sum(c.days), 0)::bigint as "days!"
           from generate_series(make_date($1, 1, 1)::timestamp, make_date($1, 12, 1)::timestamp, interval '1 month') m
           left join cost_day c on c.on_day >= m::date and c.on_day < (m + interval '1 month')::date
           group by m order by m"#,
        year,
        as_of
    )
    .fetch_all(access.read())
    .await?)
}

/// The days on which the cost since New Year comes to nine tenths of an amount, and to all of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reached {
    pub nine_tenths: Option<Date>,
    pub all: Option<Date>,
}

pub async fn reached(access: &mut Access<ReadEconomy>, year: i32, budget: Ore) -> Result<Reached> {
    Ok(sqlx::query_as!(
        Reached,
        r#"select min(on_day) filter (where so_far * 10 >= $2 * 9) as nine_tenths,
                  min(on_day) filter (where so_far >= $2) as "all"
           from (select on_day, sum(sum(cost_ore)) over (order by on_day) as so_far from cost_day
                 where on_day between make_date($1, 1, 1) and make_date($1, 12, 31) and $2::bigint > 0 group by on_day) d"#,
        year,
        budget.ore()
    )
    .fetch_one(access.read())
    .await?)
}

/// A placement of the year, without anything that says whom it is about.
#[derive(Debug, Clone)]
pub struct Row {
    /// None where the viewer may not know which it is.
    pub pseudonym: Option<String>,
    pub reference: Option<String>,
    pub placement: Option<Uuid>,
    pub alias: Option<String>,
    pub kind: Option<PlacementKind>,
    pub procurement: ProcurementForm,
    pub status: PlacementStatus,
    pub starts_on: Option<Date>,
    pub last_day: Option<Date>,
    pub per_day: Option<Ore>,
    pub days: i64,
    pub actual: Ore,
    pub cost: Ore,
}

pub async fn count(access: &mut Access<ReadEconomy>, year: i32) -> Result<i64> {
    Ok(sqlx::query_scalar!(r#"select sec.economy_count($1) as "count!""#, year).fetch_one(access.read()).await?)
}

pub async fn rows(
    access: &mut Access<ReadEconomy>,
    year: i32,
    as_of: Date,
    offset: i64,
    limit: i64,
) -> Result<Vec<Row>> {
    Ok(sqlx::query_as!(
        Row,
        r#"select pseudonym, reference, placement_id as placement, alias, kind as "kind: PlacementKind",
                  procurement as "procurement!: ProcurementForm", status as "status!: PlacementStatus", starts_on, last_day,
                  per_day_ore as "per_day: Ore", days as "days!", actual_ore as "actual!: Ore", cost_ore as "cost!: Ore"
           from sec.economy_rows($1, $2, $3, $4)"#,
        year,
        as_of,
        offset,
        limit
    )
    .fetch_all(access.read())
    .await?)
}

/// The lines of a year's budget in the order that they are drawn; the withdrawn last.
pub async fn budget(access: &mut Access<ReadEconomy>, year: i32) -> Result<Vec<BudgetLine>> {
    let lines = sqlx::query!(
        r#"select id, kind as "kind: BudgetKind", amount_ore as "amount: Ore", decided_in, only_that_year, draw_order,
                  withdrawn_at, withdrawn_why
           from budget_line where year = $1 order by withdrawn_at is not null, draw_order, added_at"#,
        year
    )
    .fetch_all(access.read())
    .await?;
    Ok(lines
        .into_iter()
        .map(|line| BudgetLine {
            id: line.id,
            kind: line.kind,
            amount: line.amount,
            decided_in: line.decided_in,
            only_that_year: line.only_that_year,
            draw_order: line.draw_order,
            withdrawn: line
                .withdrawn_at
                .zip(line.withdrawn_why)
                .map(|(at, why)| Withdrawn { on: stockholm_date(at), why }),
        })
        .collect())
}

/// What stands in a year's budget from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLine {
    pub id: Uuid,
    pub year: i32,
    pub kind: BudgetKind,
    pub amount: Ore,
    pub decided_in: String,
    pub only_that_year: bool,
}

/// Adds a line after the others. Sent twice it is added once.
pub async fn add(access: &mut Access<KeepBudget>, new: &NewLine) -> Result<()> {
    let there = sqlx::query_scalar!(r#"select exists (select 1 from budget_line where id = $1) as "there!""#, new.id);
    if there.fetch_one(access.read()).await? {
        return Ok(());
    }
    let actor = access.desk().actor().account;
    let work = access.write(Event::BudgetLineAdded, None).await?;
    let added = sqlx::query!(
        "insert into budget_line (id, committee_id, year, kind, amount_ore, decided_in, only_that_year, draw_order, added_by)
         select $1, (select id from committee order by id limit 1), $2, $3, $4, $5, $6,
                1 + coalesce((select max(draw_order) from budget_line where year = $2 and withdrawn_at is null), 0), $7
         on conflict (id) do nothing",
        new.id,
        new.year,
        new.kind as _,
        new.amount.ore(),
        new.decided_in,
        new.only_that_year,
        actor
    )
    .execute(work)
    .await;
    added.map(drop).map_err(locked)
}

fn locked(error: sqlx::Error) -> Error {
    match constraint(&error) {
        Some("budget_line_locked") => Error::Invalid("Årets sista månad är stängd, och budgeten är låst"),
        Some("budget_line_order") => Error::Stale,
        _ => error.into(),
    }
}

/// Says that a line no longer counts. False when it has been withdrawn already, or is not there.
pub async fn withdraw(access: &mut Access<KeepBudget>, line: Uuid, why: &str) -> Result<bool> {
    let standing = sqlx::query_scalar!(
        r#"select exists (select 1 from budget_line where id = $1 and withdrawn_at is null) as "there!""#,
        line
    );
    if !standing.fetch_one(access.read()).await? {
        return Ok(false);
    }
    let actor = access.desk().actor().account;
    let work = access.write(Event::BudgetLineWithdrawn, None).await?;
    let done = sqlx::query!(
        "update budget_line set withdrawn_at = now(), withdrawn_by = $2, withdrawn_why = $3 where id = $1 and withdrawn_at is null",
        line,
        actor,
        why
    )
    .execute(work)
    .await
    .map_err(locked)?;
    Ok(done.rows_affected() == 1)
}

/// The year that a line belongs to, and what it says.
pub async fn line(access: &mut Access<KeepBudget>, line: Uuid) -> Result<(i32, BudgetKind, Ore)> {
    let found = sqlx::query!(
        r#"select year, kind as "kind: BudgetKind", amount_ore as "amount: Ore" from budget_line
           where id = $1 and withdrawn_at is null"#,
        line
    )
    .fetch_optional(access.read())
    .await?
    .ok_or(Error::NotFound)?;
    Ok((found.year, found.kind, found.amount))
}

/// A month that is closed, with what it came to then and what was put right since.
#[derive(Debug, Clone)]
pub struct ClosedMonth {
    pub first: Date,
    pub closed_at: OffsetDateTime,
}

/// The months that are closed, the latest first.
pub async fn closed(access: &mut Access<ReadEconomy>) -> Result<Vec<ClosedMonth>> {
    Ok(sqlx::query_as!(
        ClosedMonth,
        "select first_day as first, closed_at from closed_month order by first_day desc limit 120"
    )
    .fetch_all(access.read())
    .await?)
}

/// A row of a closed month.
#[derive(Debug, Clone)]
pub struct LedgerRow {
    pub pseudonym: Option<String>,
    pub alias: Option<String>,
    pub procurement: ProcurementForm,
    pub days: i64,
    pub amount: Ore,
    pub cause: LedgerCause,
    pub written_at: OffsetDateTime,
    pub written_by: Option<String>,
}

pub async fn ledger(access: &mut Access<ReadEconomy>, month: Date) -> Result<Vec<LedgerRow>> {
    Ok(sqlx::query_as!(
        LedgerRow,
        r#"select pseudonym, alias, procurement as "procurement!: ProcurementForm", days as "days!",
                  amount_ore as "amount!: Ore", cause as "cause!: LedgerCause", written_at as "written_at!", written_by
           from sec.ledger_rows($1)"#,
        month
    )
    .fetch_all(access.read())
    .await?)
}

/// Closes a month. False when it is closed already, is not over, or one after it has been closed.
pub async fn close(access: &mut Access<CloseMonth>, month: Date) -> Result<bool> {
    let today = access.desk().clock().today();
    let work = access.write(Event::MonthClosed, None).await?;
    Ok(sqlx::query_scalar!(r#"select sec.close_month($1, $2) as "closed!""#, month, today).fetch_one(work).await?)
}

/// A forecast as it was made at the turn of a month.
#[derive(Debug, Clone, Copy)]
pub struct Forecast {
    pub as_of: Date,
    pub actual: Ore,
    pub planned: Ore,
    pub budget: Ore,
}

pub async fn forecasts(access: &mut Access<ReadEconomy>, year: i32) -> Result<Vec<Forecast>> {
    Ok(sqlx::query_as!(
        Forecast,
        r#"select as_of, actual_ore as "actual: Ore", planned_ore as "planned: Ore", budget_ore as "budget: Ore"
           from forecast where as_of between make_date($1, 1, 1) and make_date($1, 12, 31) order by as_of"#,
        year
    )
    .fetch_all(access.read())
    .await?)
}
