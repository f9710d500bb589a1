//! SQL over all cases in reach: who is missing in them, and which placements have a day that nears or has passed. Each
//! list ends after so many lines; the rest comes up when the first are done.

mod told;

use time::{Date, Duration};
use uuid::Uuid;

use crate::access::Access;
use crate::access::right::ListCases;
use crate::account::OwnRole;
use crate::audit::{Event, Note};
use crate::case::model::REVIEWED_SOON;
use crate::case::store::list::mine;
use crate::disclosure::model::UNREAD_DAYS;
use crate::error::Result;
use crate::plan::model::EMERGENCY_GRACE;

pub(super) use told::{Left, Told, told};

const AT_MOST: i64 = 30;

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

/// Who there is to do the work: cases without somebody, and what the actor and the coordinators may.
pub(super) struct Staffing {
    pub unstaffed: Vec<Unstaffed>,
    /// The actor's own right.
    pub own: Option<OwnRole>,
    /// How many coordinators can sign in today.
    pub coordinators: i64,
}

/// One question, because every page begins here: the right and the number stand on each row, also where there is no case.
pub(super) async fn staffing(access: &mut Access<ListCases>) -> Result<Staffing> {
    let mine = mine(access).await?;
    let account = access.desk().actor().account;
    let rows = sqlx::query!(
        r#"select g.valid_to as "ends_at?", coalesce(g.granted_until, g.valid_to) as granted_until,
                  g.valid_to < now() + interval '30 days' as ends_soon, n.coordinators as "coordinators!",
                  u.id as "id?", u.reference as "reference?", u.code_name as "code_name?",
                  u.has_responsible as "has_responsible?", u.has_deputy as "has_deputy?"
           from (select count(*) as coordinators from account a
                 join role_grant h on h.account_id = a.id and now() >= h.valid_from and now() < h.valid_to
                 where a.is_active and h.role = 'coordinator') n
           left join role_grant g on g.account_id = $3 and now() >= g.valid_from and now() < g.valid_to
           left join lateral (
             select c.id, c.reference, c.code_name, u.has_responsible, u.has_deputy, u.opened_on
             from unstaffed_case u join case_file c on c.id = u.case_id
             where $1::uuid[] is null or u.case_id = any($1)
             order by u.opened_on desc, u.case_id limit $2) u on true
           order by u.opened_on desc, u.id"#,
        mine.as_deref(),
        AT_MOST,
        account
    )
    .fetch_all(access.read())
    .await?;
    let mut staffing = Staffing { unstaffed: Vec::new(), own: None, coordinators: 0 };
    for row in rows {
        staffing.coordinators = row.coordinators;
        staffing.own = row.ends_at.map(|ends_at| OwnRole {
            ends_at,
            granted_until: row.granted_until.unwrap_or(ends_at),
            ends_soon: row.ends_soon.unwrap_or_default(),
        });
        if let (Some(id), Some(reference), Some(code_name)) = (row.id, row.reference, row.code_name) {
            let (has_responsible, has_deputy) = (row.has_responsible == Some(true), row.has_deputy == Some(true));
            staffing.unstaffed.push(Unstaffed { id, reference, code_name, has_responsible, has_deputy });
        }
    }
    listed(access, staffing.unstaffed.iter().map(|case| case.id).collect());
    Ok(staffing)
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
              where status = 'active' and planned_end_on <= $1::date + sec.setting_int('placement_ending_warning_days', $1)
                and ($3::uuid[] is null or case_id = any($3))
              order by planned_end_on limit $2)
             union all
             (select id, case_id, number, 'begin', starts_on from placement
              where status = 'planned' and starts_on <= $1 and ($3::uuid[] is null or case_id = any($3))
              order by starts_on limit $2)
             union all
             (select l.id, l.case_id, l.number, 'care_plan',
                     l.starts_on + case when exists (
                       select 1 from decision d
                       where d.case_id = l.case_id and d.emergency and d.signed_by is not null and d.type::text = l.kind::text
                         and l.starts_on between d.from_day and coalesce(d.to_day, 'infinity')) then $4::int else 0 end
              from placement l
              where l.status = 'active' and needs_care_plan(l.kind) and ($3::uuid[] is null or l.case_id = any($3))
                and not exists (select 1 from plan n
                                where n.case_id = l.case_id and n.kind = 'care_plan' and n.status = 'active')
              order by l.starts_on limit $2)
             union all
             (select l.id, l.case_id, l.number, 'offer', l.actual_end_on from placement l
              where l.end_reason = 'own_request' and ($3::uuid[] is null or l.case_id = any($3))
                and not exists (select 1 from support_offer o where o.placement_id = l.id)
                and exists (select 1 from case_file f where f.id = l.case_id and f.closed_on is null)
              order by l.actual_end_on limit $2)) p
           join case_file c on c.id = p.case_id
           order by p.day, c.reference, p.number limit $2"#,
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
    pub due_on: Date,
}

/// Those in which it was to be done by a day, or all.
pub(super) async fn unspoken(access: &mut Access<ListCases>, until: Option<Date>) -> Result<Vec<Unspoken>> {
    let cases = sqlx::query_as!(
        Unspoken,
        r#"select c.id, c.reference, c.code_name, min(d.due_on) as "due_on!"
           from intake i join case_file c on c.id = i.case_id
           cross join lateral (
             select i.received_on + sec.setting_int('first_police_contact_days', i.received_on) as due_on) d
           where c.closed_on is null
             and not exists (select 1 from police_contact p where p.case_id = c.id)
             and not exists (select 1 from police_contact p join intake o on o.id = p.intake_id where o.case_id = c.id)
           group by c.id, c.reference, c.code_name having $1::date is null or min(d.due_on) <= $1
           order by min(d.due_on), c.reference limit $2"#,
        until,
        AT_MOST
    )
    .fetch_all(access.read())
    .await?;
    listed(access, cases.iter().map(|case| case.id).collect());
    Ok(cases)
}

/// A case in which something is to be looked at again: whether the person can return (A14), or why it rests (A32).
#[derive(Debug, Clone)]
pub(super) struct Reviewed {
    pub id: Uuid,
    pub reference: String,
    pub code_name: String,
    pub rests: bool,
    pub review_on: Date,
}

/// Those whose latest assessment of a return was to be looked at again by today, and those that have rested nearly long
/// enough.
pub(super) async fn reviewed(access: &mut Access<ListCases>) -> Result<Vec<Reviewed>> {
    let today = access.desk().clock().today();
    let mine = mine(access).await?;
    let cases = sqlx::query_as!(
        Reviewed,
        r#"select c.id, c.reference, c.code_name, r.rests as "rests!", r.review_on as "review_on!"
           from (
             (select r.case_id, false as rests, r.review_on from return_assessment r
              where r.review_on <= $1 and ($2::uuid[] is null or r.case_id = any($2))
                and not exists (select 1 from return_assessment n
                                where n.case_id = r.case_id and (n.assessed_on, n.id) > (r.assessed_on, r.id)))
             union all
             (select d.case_id, true, d.review_on from case_dormancy d
              where d.ended_at is null and d.review_on <= $4 and ($2::uuid[] is null or d.case_id = any($2))
              order by d.review_on limit $3)) r
           join case_file c on c.id = r.case_id
           where c.closed_on is null
           order by r.review_on, c.reference limit $3"#,
        today,
        mine.as_deref(),
        AT_MOST,
        today + REVIEWED_SOON
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

/// What a disclosure asks for: its texts have become old, nobody has opened it, or its consent was taken back (A16).
#[derive(Debug, Clone)]
pub(super) struct Disclosed {
    pub id: Uuid,
    pub reference: String,
    pub disclosure: Uuid,
    pub has_changed: bool,
    pub is_hidden: bool,
    pub day: Date,
}

/// Those that stand on the police's page with something to do, and those that a consent took with it the last week. For
/// those who are named in the case; whoever is not sees them on the case's own page.
pub(super) async fn disclosed(access: &mut Access<ListCases>) -> Result<Vec<Disclosed>> {
    let (today, now) = (access.desk().clock().today(), access.desk().clock().now());
    let actor = access.desk().actor().account;
    let unread_since = now - Duration::days(UNREAD_DAYS);
    let found = sqlx::query_as!(
        Disclosed,
        r#"select c.id, c.reference, d.id as disclosure, t.has_changed as "has_changed!",
                  d.status = 'revoked' as "is_hidden!",
                  (coalesce(d.revoked_at, d.released_at) at time zone 'Europe/Stockholm')::date as "day!"
           from disclosure d join case_file c on c.id = d.case_id
           cross join lateral (
             select exists (select from disclosure_item i where i.disclosure_id = d.id
                              and i.source_mark <> disclosure_source_mark(i.kind, i.case_id, i.source_id)) as has_changed,
                    d.released_at < $2 and not exists (
                      select from disclosure_view v join disclosure_item i on i.id = v.item_id
                      where i.disclosure_id = d.id) as is_unread) t
           where d.channel = 'police_portal'
             and exists (select from assignment a where a.case_id = d.case_id and a.account_id = $3 and a.ended_at is null
                           and a.kind in ('responsible', 'coordinator'))
             and ((d.status = 'released' and d.expires_on >= $1 and (t.has_changed or t.is_unread))
                  or (d.status = 'revoked' and d.revoked_why is null and d.revoked_at >= $2))
           order by 6, c.reference, d.id limit $4"#,
        today,
        unread_since,
        actor,
        AT_MOST
    )
    .fetch_all(access.read())
    .await?;
    listed(access, found.iter().map(|one| one.id).collect());
    Ok(found)
}

/// Seen in a list counts as seen.
fn listed(access: &mut Access<ListCases>, mut cases: Vec<Uuid>) {
    cases.dedup();
    if !cases.is_empty() {
        access.shown(Note { cases, ..Note::of(Event::CasesListed) });
    }
}
