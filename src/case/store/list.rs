//! SQL of the list: which cases stand on the page, what is said of them, and how many there are. Row security has cut
//! the list to the cases in reach before any filter does.

use time::Date;
use uuid::Uuid;

use crate::access::right::ListCases;
use crate::access::{Access, policy};
use crate::audit::{Event, Note};
use crate::error::Result;
use crate::money::Ore;
use crate::vocabulary::{CaseStatus, PlacementKind, ProcurementForm, ProtectionLevel};

/// What the list is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    Opened,
    Reference,
    CodeName,
    Responsible,
}

impl Order {
    pub const ALL: [Self; 4] = [Self::Opened, Self::Reference, Self::CodeName, Self::Responsible];

    /// What stands in the address.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Opened => "oppnat",
            Self::Reference => "arende",
            Self::CodeName => "kodnamn",
            Self::Responsible => "handlaggare",
        }
    }
}

/// Whose cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    Anybodys,
    Nobodys,
    Of(Uuid),
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Closed cases in place of open ones.
    pub closed: bool,
    pub status: Option<CaseStatus>,
    pub whose: Whose,
    pub order: Order,
    pub descending: bool,
    pub skip: i64,
    pub take: i64,
}

impl Wanted {
    /// The newest open cases.
    pub const fn newest(take: i64) -> Self {
        let (whose, order) = (Whose::Anybodys, Order::Opened);
        Self { closed: false, status: None, whose, order, descending: true, skip: 0, take }
    }
}

/// A line of the list. No name of a person and no home stands in it.
#[derive(Debug, Clone)]
pub struct Line {
    pub id: Uuid,
    pub reference: String,
    pub code_name: String,
    pub status: CaseStatus,
    pub protection: ProtectionLevel,
    pub opened_on: Date,
    pub responsible: Option<String>,
    pub deputy: Option<String>,
    pub placement: Option<Placed>,
}

impl Line {
    pub fn is_protected(&self) -> bool {
        self.protection != ProtectionLevel::Standard
    }

    pub fn per_day(&self) -> Option<Ore> {
        self.placement.as_ref().and_then(|placed| placed.per_day)
    }
}

/// Where somebody stays today, as far as a list says it.
#[derive(Debug, Clone)]
pub struct Placed {
    pub kind: PlacementKind,
    pub procurement: ProcurementForm,
    pub until: Date,
    /// How many more there are.
    pub others: i64,
    /// What all of them cost today.
    pub per_day: Option<Ore>,
}

/// More than this are not counted: the page must not grow slower with the years.
pub const COUNTED: i64 = 1000;

/// The lines of one page, on the trail.
pub async fn lines(access: &mut Access<ListCases>, wanted: &Wanted) -> Result<Vec<Line>> {
    let cases = page(access, wanted).await?;
    let lines = described(access, &cases).await?;
    access.shown(Note { cases, ..Note::of(Event::CasesListed) });
    Ok(lines)
}

/// Every parameter is a constant to the planner, which plans anew each time (any common plan would sort the whole
/// table): what is not asked for falls out of the query, and each order but that by colleague follows an index.
async fn page(access: &mut Access<ListCases>, wanted: &Wanted) -> Result<Vec<Uuid>> {
    let theirs = theirs(access, wanted.whose).await?;
    Ok(sqlx::query_scalar!(
        r"select c.id from case_file c
           where case when $1 then c.closed_on is not null else c.closed_on is null end
             and ($2::case_status is null or c.status = $2)
             and ($3::uuid[] is null or c.id = any($3))
             and (not $4::boolean or not exists (
               select 1 from assignment a where a.case_id = c.id and a.kind = 'responsible' and a.ended_at is null))
           order by
             case when $5 = 'oppnat' and not $6 then c.opened_on end,
             case when $5 = 'oppnat' and $6 then c.opened_on end desc,
             case when $5 = 'arende' and not $6 then c.reference end,
             case when $5 = 'arende' and $6 then c.reference end desc,
             case when $5 = 'kodnamn' and not $6 then translate(c.code_name, 'ÅÄÖåäö', '[\]{|}') end,
             case when $5 = 'kodnamn' and $6 then translate(c.code_name, 'ÅÄÖåäö', '[\]{|}') end desc,
             case when $5 = 'handlaggare' and not $6 then (
               select translate(n.display_name, 'ÅÄÖåäö', '[\]{|}') from assignment a join account n on n.id = a.account_id
               where a.case_id = c.id and a.kind = 'responsible' and a.ended_at is null) end,
             case when $5 = 'handlaggare' and $6 then (
               select translate(n.display_name, 'ÅÄÖåäö', '[\]{|}') from assignment a join account n on n.id = a.account_id
               where a.case_id = c.id and a.kind = 'responsible' and a.ended_at is null) end desc nulls last,
             c.id
           limit $7 offset $8",
        wanted.closed,
        wanted.status as Option<CaseStatus>,
        theirs.as_deref(),
        wanted.whose == Whose::Nobodys,
        wanted.order.code(),
        wanted.descending,
        wanted.take,
        wanted.skip
    )
    .fetch_all(access.read())
    .await?)
}

/// How many there are, counted to one more than [`COUNTED`].
pub async fn count(access: &mut Access<ListCases>, wanted: &Wanted) -> Result<i64> {
    let theirs = theirs(access, wanted.whose).await?;
    Ok(sqlx::query_scalar!(
        r#"select count(*) as "count!" from (
             select 1 from case_file c
             where case when $1 then c.closed_on is not null else c.closed_on is null end
               and ($2::case_status is null or c.status = $2)
               and ($3::uuid[] is null or c.id = any($3))
               and (not $4::boolean or not exists (
                 select 1 from assignment a where a.case_id = c.id and a.kind = 'responsible' and a.ended_at is null))
             limit $5) counted"#,
        wanted.closed,
        wanted.status as Option<CaseStatus>,
        theirs.as_deref(),
        wanted.whose == Whose::Nobodys,
        COUNTED + 1
    )
    .fetch_one(access.read())
    .await?)
}

/// The cases that the list is drawn from when they are known beforehand: those of one colleague, and only the actor's own
/// where they see no others. Row security would give the same answer, but would look at every case there is to give it.
async fn theirs(access: &mut Access<ListCases>, whose: Whose) -> Result<Option<Vec<Uuid>>> {
    let mine = mine(access).await?;
    let Whose::Of(account) = whose else { return Ok(mine) };
    let cases = sqlx::query_scalar!(
        "select case_id from assignment where account_id = $1 and kind = 'responsible' and ended_at is null
           and ($2::uuid[] is null or case_id = any($2))",
        account,
        mine.as_deref()
    )
    .fetch_all(access.read())
    .await?;
    Ok(Some(cases))
}

/// The cases that the actor is named in, for those who see no others.
pub async fn mine(access: &mut Access<ListCases>) -> Result<Option<Vec<Uuid>>> {
    if !policy::sees_only_if_named(access.desk().actor(), ProtectionLevel::Standard) {
        return Ok(None);
    }
    Ok(Some(sqlx::query_scalar!(r#"select sec.my_cases() as "cases!""#).fetch_one(access.read()).await?))
}

/// The closed circles of the manager's unit that the manager does not see: that there are such, and no more. None for others.
pub async fn closed_circles(access: &mut Access<ListCases>) -> Result<Vec<String>> {
    let circles = sqlx::query_scalar!(r#"select circle as "circle!" from sec.closed_circles() circle"#)
        .fetch_all(access.read())
        .await?;
    if !circles.is_empty() {
        access.shown(Note::of(Event::CasesListed).with("closed_circles", circles.len()));
    }
    Ok(circles)
}

/// What is said of the cases, in the order they are asked for. A day of absence costs what was agreed for it; where
/// nothing was, the full price, as in `placement_cost`.
async fn described(access: &mut Access<ListCases>, cases: &[Uuid]) -> Result<Vec<Line>> {
    let today = access.desk().clock().today();
    let rows = sqlx::query!(
        r#"select c.id, c.reference, c.code_name, c.status as "status: CaseStatus",
                  c.protection_level as "protection: ProtectionLevel", c.opened_on,
                  who.responsible, who.deputy,
                  stay.kind as "kind?: PlacementKind", stay.procurement as "procurement?: ProcurementForm",
                  stay.planned_end_on as "until?", stay.running, stay.per_day as "per_day: Ore"
           from case_file c
           cross join lateral (
             select min(n.display_name) filter (where a.kind = 'responsible') as responsible,
                    min(n.display_name) filter (where a.kind = 'deputy') as deputy
             from assignment a join account n on n.id = a.account_id
             where a.case_id = c.id and a.ended_at is null) who
           left join lateral (
             select p.kind, p.procurement, p.planned_end_on, count(*) over () as running,
                    (sum(case when away.rate = 'none' then 0
                              when away.rate = 'reduced' then coalesce(price.absent, price.full_day)
                              else price.full_day end) over ())::bigint as per_day
             from placement p
             cross join lateral (
               select sum(r.per_day_ore) filter (where r.kind <> 'absence') as full_day,
                      sum(r.per_day_ore) filter (where r.kind = 'absence') as absent
               from placement_rate r where r.placement_id = p.id and $2 between r.valid_from and r.valid_to) price
             left join placement_absence away on away.placement_id = p.id and $2 between away.first_day and away.last_day
             where p.case_id = c.id and p.status = 'active'
             order by p.round_the_clock desc, p.starts_on desc, p.number desc limit 1) stay on true
           where c.id = any($1)
           order by array_position($1, c.id)"#,
        cases,
        today
    )
    .fetch_all(access.read())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Line {
            id: row.id,
            reference: row.reference,
            code_name: row.code_name,
            status: row.status,
            protection: row.protection,
            opened_on: row.opened_on,
            responsible: row.responsible,
            deputy: row.deputy,
            placement: match (row.kind, row.procurement, row.until) {
                (Some(kind), Some(procurement), Some(until)) => {
                    let others = row.running.unwrap_or(1) - 1;
                    Some(Placed { kind, procurement, until, others, per_day: row.per_day })
                }
                _ => None,
            },
        })
        .collect())
}
