//! SQL over all cases. What is counted is counted by functions that see everything and tell only how many; what is listed
//! is what row security lets the viewer see.

use std::collections::BTreeMap;

use time::Date;
use uuid::Uuid;

use super::list::List;
use crate::access::Access;
use crate::access::right::ReadCoordination;
use crate::audit::{Event, Note};
use crate::error::Result;
use crate::vocabulary::{IntakeSource, ProtectionLevel};

/// How many there are of each list and part, also of those that the viewer does not see.
#[derive(Debug, Default)]
pub(super) struct Counts(BTreeMap<(String, String), i64>);

impl Counts {
    pub fn of(&self, list: List) -> i64 {
        self.all(list.code())
    }

    pub fn part(&self, list: &str, part: &str) -> i64 {
        self.0.get(&(list.to_owned(), part.to_owned())).copied().unwrap_or(0)
    }

    pub fn all(&self, list: &str) -> i64 {
        self.0.iter().filter(|((name, _), _)| name == list).map(|(_, items)| items).sum()
    }
}

pub(super) async fn counts(access: &mut Access<ReadCoordination>) -> Result<Counts> {
    let today = access.desk().clock().today();
    let rows = sqlx::query!(
        r#"select list as "list!", part as "part!", items as "items!" from sec.coordination_counts($1)"#,
        today
    )
    .fetch_all(access.read())
    .await?;
    Ok(Counts(rows.into_iter().map(|row| ((row.list, row.part), row.items)).collect()))
}

/// A row of a list. No name of a person and no home stands in it.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub list: String,
    pub part: String,
    pub case_id: Uuid,
    pub reference: String,
    pub code_name: String,
    pub protection: ProtectionLevel,
    pub responsible: Option<String>,
    pub subject: Option<Uuid>,
    pub day: Date,
    /// How many rows the list has for the viewer, on every page of it.
    pub listed: i64,
}

/// A page of one list, the earliest day first.
pub(super) async fn items(
    access: &mut Access<ReadCoordination>,
    list: List,
    skip: i64,
    take: i64,
) -> Result<Vec<Item>> {
    let today = access.desk().clock().today();
    let items = sqlx::query_as!(
        Item,
        r#"select i.list as "list!", i.part as "part!", i.case_id as "case_id!", c.reference, c.code_name,
                  c.protection_level as "protection: ProtectionLevel", i.subject, i.day as "day!", i.listed as "listed!",
                  (select n.display_name from assignment a join account n on n.id = a.account_id
                   where a.case_id = c.id and a.kind = 'responsible' and a.ended_at is null) as responsible
           from (select i.*, count(*) over () as listed from coordination_items($1, $2) i
                 join case_file f on f.id = i.case_id
                 order by i.day, f.reference, i.subject offset $3 limit $4) i
           join case_file c on c.id = i.case_id
           order by i.day, c.reference, i.subject"#,
        today,
        list.code(),
        skip,
        take
    )
    .fetch_all(access.read())
    .await?;
    listed(access, &items);
    Ok(items)
}

/// The first rows of several lists.
pub(super) async fn first(access: &mut Access<ReadCoordination>, lists: &[List], take: i64) -> Result<Vec<Item>> {
    let today = access.desk().clock().today();
    let codes: Vec<String> = lists.iter().map(|list| list.code().to_owned()).collect();
    let items = sqlx::query_as!(
        Item,
        r#"select i.list as "list!", i.part as "part!", i.case_id as "case_id!", c.reference, c.code_name,
                  c.protection_level as "protection: ProtectionLevel", i.subject, i.day as "day!", 0::bigint as "listed!",
                  (select n.display_name from assignment a join account n on n.id = a.account_id
                   where a.case_id = c.id and a.kind = 'responsible' and a.ended_at is null) as responsible
           from unnest($2::text[]) with ordinality as w(list, at)
           cross join lateral (select * from coordination_items($1, w.list) i order by i.day, i.case_id limit $3) i
           join case_file c on c.id = i.case_id
           order by w.at, i.day, c.reference, i.subject"#,
        today,
        &codes,
        take
    )
    .fetch_all(access.read())
    .await?;
    listed(access, &items);
    Ok(items)
}

/// What comes next in a stay, for the list of placements.
#[derive(Debug, Clone)]
pub(super) struct Next {
    pub placement: Uuid,
    pub price_on: Option<Date>,
    pub follow_up_on: Option<Date>,
    /// Whether a care plan is needed and there is none in force.
    pub lacks_plan: bool,
}

pub(super) async fn next_steps(access: &mut Access<ReadCoordination>, placements: &[Uuid]) -> Result<Vec<Next>> {
    let today = access.desk().clock().today();
    Ok(sqlx::query_as!(
        Next,
        r#"select p.id as placement,
                  (select min(r.valid_from) from placement_rate r
                   where r.placement_id = p.id and r.kind = 'care' and r.valid_from > $2) as price_on,
                  (select min(f.planned_on) from follow_up f
                   where f.case_id = p.case_id and f.held_on is null and f.cancelled_on is null) as follow_up_on,
                  needs_care_plan(p.kind) and not exists (
                    select from plan n where n.case_id = p.case_id and n.kind = 'care_plan' and n.status = 'active')
                    as "lacks_plan!"
           from placement p where p.id = any($1)"#,
        placements,
        today
    )
    .fetch_all(access.read())
    .await?)
}

/// A month of the last two years.
#[derive(Debug, Clone, Copy)]
pub(super) struct Flow {
    pub month: Date,
    pub opened: i64,
    pub closed: i64,
    /// Days of care around the clock, within agreements and outside them.
    pub inside: i64,
    pub outside: i64,
}

pub(super) async fn flow(access: &mut Access<ReadCoordination>) -> Result<Vec<Flow>> {
    let today = access.desk().clock().today();
    Ok(sqlx::query_as!(
        Flow,
        r#"select m.month as "month!", m.opened as "opened!", m.closed as "closed!",
                  coalesce(sum(d.days) filter (where d.procurement = 'inside_framework'), 0)::bigint as "inside!",
                  coalesce(sum(d.days) filter (where d.procurement = 'outside_framework'), 0)::bigint as "outside!"
           from sec.coordination_months($1) m
           left join cost_day d on d.round_the_clock and d.on_day >= m.month and d.on_day <= $1
             and d.on_day < (m.month + interval '1 month')::date
           group by m.month, m.opened, m.closed order by m.month"#,
        today
    )
    .fetch_all(access.read())
    .await?)
}

/// Where this year's intakes came from, and how long half of them waited at the most.
#[derive(Debug, Default)]
pub(super) struct Intakes {
    /// The commonest first.
    pub sources: Vec<(IntakeSource, i64)>,
    /// By what was waited for: how many have got it, and the median in days.
    pub waits: BTreeMap<String, (i64, Option<i32>)>,
}

pub(super) async fn intakes(access: &mut Access<ReadCoordination>) -> Result<Intakes> {
    let today = access.desk().clock().today();
    let rows = sqlx::query!(
        r#"select what as "what!", part as "part!", items as "items!", median_days from sec.coordination_intakes($1)
           order by what, items desc, part"#,
        today
    )
    .fetch_all(access.read())
    .await?;
    let mut intakes = Intakes::default();
    for row in rows {
        if let Some(source) = IntakeSource::parse(&row.part).filter(|_| row.what == "source") {
            intakes.sources.push((source, row.items));
        } else if row.what == "wait" {
            intakes.waits.insert(row.part, (row.items, row.median_days));
        }
    }
    Ok(intakes)
}

/// Seen in a list counts as seen; that there was nothing in it is a thing to know as well.
fn listed(access: &mut Access<ReadCoordination>, items: &[Item]) {
    let mut cases: Vec<Uuid> = items.iter().map(|item| item.case_id).collect();
    cases.sort_unstable();
    cases.dedup();
    access.shown(Note { cases, ..Note::of(Event::CasesListed) });
}
