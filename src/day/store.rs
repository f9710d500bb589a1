//! SQL over all cases in reach: who is missing in them, and which placements have a day that nears or has passed. Each
//! list ends after so many lines; the rest comes up when the first are done.

use time::{Date, Duration};
use uuid::Uuid;

use crate::access::Access;
use crate::access::right::ListCases;
use crate::audit::{Event, Note};
use crate::case::store::list::mine;
use crate::error::Result;
use crate::plan::model::EMERGENCY_GRACE;
use crate::vocabulary::{DeviationCategory, DeviationSeverity};

const AT_MOST: i64 = 30;
/// How long before its end a placement comes up.
const AHEAD: Duration = Duration::days(30);

/// A case in which somebody is missing.
#[derive(Debug, Clone)]
pub(super) struct Unstaffed {
    pub id: Uuid,
    pub reference: String,
    pub code_name: String,
    pub has_responsible: bool,
    pub has_deputy: bool,
}

/// What a placement bids somebody to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(super) enum Asks {
    /// It ends, or should have.
    End,
    /// It begins, or should have.
    Begin,
    /// A care plan is lacking (A10).
    CarePlan,
    /// The person left on their own request.
    Offer,
}

/// A placement that bids somebody to do something by a day.
#[derive(Debug, Clone)]
pub(super) struct Turning {
    pub id: Uuid,
    pub reference: String,
    pub code_name: String,
    pub placement: Uuid,
    pub number: i32,
    pub asks: Asks,
    pub day: Date,
}

pub(super) async fn unstaffed(access: &mut Access<ListCases>) -> Result<Vec<Unstaffed>> {
    let mine = mine(access).await?;
    let cases = sqlx::query_as!(
        Unstaffed,
        "select c.id, c.reference, c.code_name, u.has_responsible, u.has_deputy
         from unstaffed_case u join case_file c on c.id = u.case_id
         where $1::uuid[] is null or u.case_id = any($1)
         order by u.opened_on desc, u.case_id limit $2",
        mine.as_deref(),
        AT_MOST
    )
    .fetch_all(access.read())
    .await?;
    listed(access, cases.iter().map(|case| case.id).collect());
    Ok(cases)
}

pub(super) async fn turning(access: &mut Access<ListCases>) -> Result<Vec<Turning>> {
    let today = access.desk().clock().today();
    let mine = mine(access).await?;
    let placements = sqlx::query_as!(
        Turning,
        r#"select c.id, c.reference, c.code_name, p.id as "placement!", p.number as "number!", p.asks as "asks!: Asks",
                  p.day as "day!"
           from (
             (select id, case_id, number, 'end' as asks, planned_end_on as day from placement
              where status = 'active' and planned_end_on <= $1 and ($4::uuid[] is null or case_id = any($4))
              order by planned_end_on limit $3)
             union all
             (select id, case_id, number, 'begin', starts_on from placement
              where status = 'planned' and starts_on <= $2 and ($4::uuid[] is null or case_id = any($4))
              order by starts_on limit $3)
             union all
             (select l.id, l.case_id, l.number, 'care_plan',
                     l.starts_on + case when exists (
                       select 1 from decision d
                       where d.case_id = l.case_id and d.emergency and d.signed_by is not null and d.type::text = l.kind::text
                         and l.starts_on between d.from_day and coalesce(d.to_day, 'infinity')) then $5::int else 0 end
              from placement l
              where l.status = 'active' and needs_care_plan(l.kind) and ($4::uuid[] is null or l.case_id = any($4))
                and not exists (select 1 from plan n
                                where n.case_id = l.case_id and n.kind = 'care_plan' and n.status = 'active')
              order by l.starts_on limit $3)
             union all
             (select l.id, l.case_id, l.number, 'offer', l.actual_end_on from placement l
              where l.end_reason = 'own_request' and ($4::uuid[] is null or l.case_id = any($4))
                and not exists (select 1 from support_offer o where o.placement_id = l.id)
                and exists (select 1 from case_file f where f.id = l.case_id and f.closed_on is null)
              order by l.actual_end_on limit $3)) p
           join case_file c on c.id = p.case_id
           order by p.day, c.reference, p.number limit $3"#,
        today + AHEAD,
        today,
        AT_MOST,
        mine.as_deref(),
        i32::try_from(EMERGENCY_GRACE.whole_days()).unwrap_or_default()
    )
    .fetch_all(access.read())
    .await?;
    listed(access, placements.iter().map(|placement| placement.id).collect());
    Ok(placements)
}

/// A case that came of an intake, in which nobody has spoken with the police yet (A01).
#[derive(Debug, Clone)]
pub(super) struct Unspoken {
    pub id: Uuid,
    pub reference: String,
    pub code_name: String,
    pub received_on: Date,
}

/// Those whose intake came in on a day or before it.
pub(super) async fn unspoken(access: &mut Access<ListCases>, until: Date) -> Result<Vec<Unspoken>> {
    let cases = sqlx::query_as!(
        Unspoken,
        r#"select c.id, c.reference, c.code_name, min(i.received_on) as "received_on!"
           from intake i join case_file c on c.id = i.case_id
           where c.closed_on is null
             and not exists (select 1 from police_contact p where p.case_id = c.id)
             and not exists (select 1 from police_contact p join intake o on o.id = p.intake_id where o.case_id = c.id)
           group by c.id, c.reference, c.code_name having min(i.received_on) <= $1
           order by min(i.received_on), c.reference limit $2"#,
        until,
        AT_MOST
    )
    .fetch_all(access.read())
    .await?;
    listed(access, cases.iter().map(|case| case.id).collect());
    Ok(cases)
}

/// A case in which whether the person can return is to be assessed anew (A14).
#[derive(Debug, Clone)]
pub(super) struct Returning {
    pub id: Uuid,
    pub reference: String,
    pub code_name: String,
    pub review_on: Date,
}

/// Those whose latest assessment of a return was to be looked at again by today.
pub(super) async fn returning(access: &mut Access<ListCases>) -> Result<Vec<Returning>> {
    let today = access.desk().clock().today();
    let mine = mine(access).await?;
    let cases = sqlx::query_as!(
        Returning,
        r"select c.id, c.reference, c.code_name, r.review_on
           from return_assessment r join case_file c on c.id = r.case_id
           where c.closed_on is null and r.review_on <= $1 and ($2::uuid[] is null or r.case_id = any($2))
             and not exists (select 1 from return_assessment n
                             where n.case_id = r.case_id and (n.assessed_on, n.id) > (r.assessed_on, r.id))
           order by r.review_on, c.reference limit $3",
        today,
        mine.as_deref(),
        AT_MOST
    )
    .fetch_all(access.read())
    .await?;
    listed(access, cases.iter().map(|case| case.id).collect());
    Ok(cases)
}

/// A follow-up whose day has been (A13). Nothing is said of the case but its reference.
#[derive(Debug, Clone)]
pub(super) struct Late {
    pub id: Uuid,
    pub reference: String,
    pub follow_up: Uuid,
    pub planned_on: Date,
}

/// Those that were to be held on a day or before it.
pub(super) async fn late(access: &mut Access<ListCases>, until: Date) -> Result<Vec<Late>> {
    let mine = mine(access).await?;
    let late = sqlx::query_as!(
        Late,
        r#"select c.id, c.reference, f.id as follow_up, f.planned_on
           from follow_up f join case_file c on c.id = f.case_id
           where f.held_on is null and f.cancelled_on is null and f.planned_on <= $1 and ($2::uuid[] is null or f.case_id = any($2))
             and (c.closed_on is null or f.kind = 'after_closing')
           order by f.planned_on, c.reference, f.number limit $3"#,
        until,
        mine.as_deref(),
        AT_MOST
    )
    .fetch_all(access.read())
    .await?;
    listed(access, late.iter().map(|one| one.id).collect());
    Ok(late)
}

/// What the police or somebody else have told of, or have not: a deviation that nobody has received, a check that is late,
/// or a request that nobody has answered.
#[derive(Debug, Clone)]
pub(super) struct Told {
    pub id: Uuid,
    pub reference: String,
    /// None for a check; so below.
    pub deviation: Option<Uuid>,
    pub request: Option<Uuid>,
    pub category: Option<DeviationCategory>,
    pub severity: Option<DeviationSeverity>,
    pub day: Date,
}

/// Deviations to receive, and checks and answers that are late (A04, A25, A26).
pub(super) async fn told(access: &mut Access<ListCases>) -> Result<Vec<Told>> {
    let today = access.desk().clock().today();
    let mine = mine(access).await?;
    let told = sqlx::query_as!(
        Told,
        r#"select c.id, c.reference, t.deviation as "deviation?", t.request as "request?", t.category as "category?: DeviationCategory",
                  t.severity as "severity?: DeviationSeverity", t.day as "day!"
           from (
             (select case_id, id as deviation, null::uuid as request, category, severity, acknowledge_by as day from deviation
              where status = 'reported' and ($3::uuid[] is null or case_id = any($3))
              order by acknowledge_by limit $2)
             union all
             (select case_id, null, null, null, null, due_on from check_due
              where due_on < $1 and ($3::uuid[] is null or case_id = any($3))
              order by due_on limit $2)
             union all
             (select r.case_id, null, r.id, null, null, r.answer_due_on from internal_request r
              where r.answered_on is null and r.answer_due_on < $1 and ($3::uuid[] is null or r.case_id = any($3))
                and exists (select 1 from case_file f where f.id = r.case_id and f.closed_on is null)
              order by r.answer_due_on limit $2)) t
           join case_file c on c.id = t.case_id
           order by t.day, c.reference limit $2"#,
        today,
        AT_MOST,
        mine.as_deref()
    )
    .fetch_all(access.read())
    .await?;
    listed(access, told.iter().map(|one| one.id).collect());
    Ok(told)
}

/// Seen in a list counts as seen.
fn listed(access: &mut Access<ListCases>, mut cases: Vec<Uuid>) {
    cases.dedup();
    if !cases.is_empty() {
        access.shown(Note { cases, ..Note::of(Event::CasesListed) });
    }
}
