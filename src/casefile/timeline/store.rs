//! What has happened in a case, from the rows of every room, in one statement. Row security lets through what the actor
//! may see of each; no sealed field is read.

use time::Date;
use uuid::Uuid;

use crate::access::CaseAccess;
use crate::access::right::{ReadCase, ReadDisclosures};
use crate::audit::{Event, Note};
use crate::error::Result;
use crate::vocabulary::ThreatLevel;

/// Something that happened, in the codes of its room.
#[derive(Debug, Clone)]
pub(in crate::casefile) struct Row {
    pub day: Date,
    /// One of [`super::event::GROUPS`].
    pub group: String,
    pub what: String,
    pub detail: Option<String>,
    pub subject: Option<String>,
    pub number: Option<i32>,
    pub id: Option<Uuid>,
}

/// A page of them, the latest first, and how many there are. `groups` empty: all.
pub(in crate::casefile) async fn events(
    case: &mut CaseAccess<ReadCase>,
    groups: &[String],
    skip: i64,
    limit: i64,
) -> Result<(Vec<Row>, i64)> {
    let found = happened(case, groups, (skip, limit), None).await?;
    case.shown(Note::of(Event::TimelineShown).with("count", found.0.len()));
    Ok(found)
}

/// So many of the latest of what has been, as the overview has them.
pub(in crate::casefile) async fn latest(case: &mut CaseAccess<ReadCase>, count: i64) -> Result<Vec<Row>> {
    let today = case.desk().clock().today();
    let (rows, _) = happened(case, &[], (0, count), Some(today)).await?;
    case.shown(Note::of(Event::TimelineShown).with("why", "overview").with("count", rows.len()));
    Ok(rows)
}

/// With a last day, nothing later is told, and of rooms with many rows no more are read than may be among the latest: row
/// security asks anew for each row. The count is of all only without one.
#[expect(clippy::too_many_lines, reason = "one statement, with a part for each room")]
async fn happened(
    case: &mut CaseAccess<ReadCase>,
    groups: &[String],
    (skip, limit): (i64, i64),
    until: Option<Date>,
) -> Result<(Vec<Row>, i64)> {
    let (id, discloses) = (case.head().id, case.may::<ReadDisclosures>());
    let of_each = until.map(|_| limit);
    let rows = sqlx::query!(
        r#"select e.day as "day!", e.grp as "group!", e.what as "what!", e.detail, e.subject, e.number, e.id,
                  count(*) over () as "total!"
           from (
             (select event_on as day, entered_at as at, case when kind = 'program' then 'case' else 'journal' end as grp,
                    coalesce(program_event::text, kind::text) as what, coalesce(program_detail, author_name) as detail,
                    program_subject as subject, null::int as number, id
             from journal_entry
             where case_id = $1 and (kind <> 'program' or program_event in ('case_opened', 'status_changed',
                    'programme_changed', 'case_closed', 'assigned', 'assignment_ended'))
             order by event_on desc, event_at desc nulls last, entered_at desc limit $6)
             union all
             select assessed_on, null, 'police', 'threat', level::text, status::text, version_no, id
             from threat_assessment where case_id = $1 and status in ('confirmed', 'superseded')
             union all
             select (happened_at at time zone 'Europe/Stockholm')::date, happened_at, 'police', 'contact', body::text,
                    channel::text, null, id
             from police_contact where case_id = $1
             union all
             select signed_on, registered_at, 'police', 'conditions', null, null, number, id
             from programme_conditions where case_id = $1
             union all
             (select decided_on, signed_at, 'decision', type::text, outcome::text, null, number, id
             from decision where case_id = $1 and signed_at is not null order by decided_on desc, signed_at desc limit $6)
             union all
             select v.day, null, 'placement', v.what, v.detail, null, p.number, p.id
             from placement p cross join lateral (values ('begun', p.starts_on, p.kind::text),
                    ('ended', case when p.status = 'ended' then p.actual_end_on end, p.end_reason::text)) v(what, day, detail)
             where p.case_id = $1 and p.status in ('active', 'ended') and v.day is not null
             union all
             select r.valid_from, null, 'placement', 'price', r.per_day_ore::text, null, p.number, p.id
             from placement p join placement_rate r on r.placement_id = p.id
             where p.case_id = $1 and p.status in ('active', 'ended') and r.kind = 'care' and r.valid_from > p.starts_on
               and r.valid_from <= $5
             union all
             select v.day, v.at, 'consent', v.what, c.kind::text, null, null, c.id
             from consent c cross join lateral (values ('given', c.given_on, c.registered_at),
                    ('withdrawn', (c.withdrawn_at at time zone 'Europe/Stockholm')::date, c.withdrawn_at)) v(what, day, at)
             where c.case_id = $1 and v.day is not null
             union all
             select received_on, null, 'case', 'intake', null, null, null, id from intake where case_id = $1
             union all
             select (v.at at time zone 'Europe/Stockholm')::date, v.at, 'case', v.what, null, t.display_name, null, h.id
             from handover h join account t on t.id = h.to_account
             cross join lateral (values ('handover_offered', h.offered_at), ('handover_' || h.outcome, h.answered_at)) v(what, at)
             where h.case_id = $1 and v.at is not null
             union all
             select assessed_on, signed_at, 'investigation', 'motivation', stage::text, null, number, id
             from motivation_assessment where case_id = $1
             union all
             select v.day, null, 'investigation', v.what, i.kind::text, null, i.number, i.id
             from investigation i cross join lateral (values ('begun', i.started_on), ('communicated', i.material_communicated_on),
                    ('completed', i.completed_on), ('discontinued', i.discontinued_on)) v(what, day)
             where i.case_id = $1 and v.day is not null
             union all
             select saved_on, saved_at, 'investigation', 'support', null, null, number, investigation_id
             from support_assessment where case_id = $1
             union all
             select v.day, null, 'investigation', v.what, null, null, c.number, c.id
             from child_perspective c
             cross join lateral (values ('child', c.saved_on), ('concern', c.concern_made_on)) v(what, day)
             where c.case_id = $1 and v.day is not null
             union all
             select v.day, null, 'plan', v.what, p.kind::text, null, p.version_no, p.id
             from plan p cross join lateral (values ('activated', p.activated_on), ('ended', p.ended_on)) v(what, day)
             where p.case_id = $1 and v.day is not null
             union all
             select v.day, null, 'plan', v.what, i.kind::text, null, i.number, i.id
             from intervention i cross join lateral (values
                    ('support_planned', (i.created_at at time zone 'Europe/Stockholm')::date), ('support_begun', i.executed_on),
                    ('support_paused', i.paused_on), ('support_resumed', i.resumed_on), ('support_ended', i.ended_on)) v(what, day)
             where i.case_id = $1 and v.day is not null
             union all
             (select coalesce(held_on, planned_on), null, 'plan', case when held_on is null then 'follow_up' else 'followed_up' end,
                    kind::text, form::text, number, id
             from follow_up where case_id = $1 and ($7::date is null or coalesce(held_on, planned_on) <= $7)
             order by 1 desc, number desc limit $6)
             union all
             select (meets_at at time zone 'Europe/Stockholm')::date, meets_at, 'meeting', status::text, null, null, null, id
             from joint_meeting where case_id = $1
             union all
             select v.day, null, 'meeting', v.what, null, null, null, g.id
             from sig_group g cross join lateral (values ('sig_formed', g.from_day), ('sig_ended', g.to_day)) v(what, day)
             where g.case_id = $1 and v.day is not null
             union all
             select v.day, null, 'meeting', v.what, r.kind::text, null, null, r.id
             from internal_request r cross join lateral (values ('asked', r.sent_on), ('answered', r.answered_on)) v(what, day)
             where r.case_id = $1 and v.day is not null
             union all
             select assessed_on, registered_at, 'meeting', 'return', result::text, null, null, id
             from return_assessment where case_id = $1
             union all
             select known_on, recorded_at, 'meeting', 'outcome', moment::text, null, null, id
             from case_outcome where case_id = $1
             union all
             (select performed_on, registered_at, 'cooperation', 'check', result::text, body::text, null, id
             from register_check where case_id = $1 order by performed_on desc, registered_at desc limit $6)
             union all
             select reported_on, registered_at, 'cooperation', 'deviation', category::text, severity::text, null, id
             from deviation where case_id = $1
             union all
             select (s.taken_at at time zone 'Europe/Stockholm')::date, s.taken_at, 'cooperation', 'deviation_closed',
                    d.category::text, null, null, d.id
             from deviation_step s join deviation d on d.id = s.deviation_id
             where s.case_id = $1 and s.status = 'closed'
             union all
             select (v.at at time zone 'Europe/Stockholm')::date, v.at, 'disclosure', v.what, d.recipient::text,
                    (select string_agg(i.kind::text, ' ' order by i.position) from disclosure_item i where i.disclosure_id = d.id),
                    null, d.id
             from disclosure d
             cross join lateral (values ('released', d.released_at), ('revoked', d.revoked_at),
                    ('refused', case when d.status = 'refused' then d.decided_at end)) v(what, at)
             where d.case_id = $1 and v.at is not null and $8
           ) e
           where (cardinality($2::text[]) = 0 or e.grp = any($2)) and ($7::date is null or e.day <= $7)
           order by e.day desc, e.at desc nulls last, e.number desc nulls last, e.id desc, e.what
           limit $4 offset $3"#,
        id,
        groups,
        skip,
        limit,
        case.desk().clock().today(),
        of_each,
        until,
        discloses
    )
    .fetch_all(case.read())
    .await?;
    let total = rows.first().map_or(0, |row| row.total);
    let rows = rows.into_iter().map(|row| Row {
        day: row.day,
        group: row.group,
        what: row.what,
        detail: row.detail,
        subject: row.subject,
        number: row.number,
        id: row.id,
    });
    Ok((rows.collect(), total))
}

/// A version of the police's assessment, as the picture has it.
#[derive(Debug, Clone)]
pub(super) struct Grade {
    pub version: i32,
    pub level: ThreatLevel,
    pub from: Date,
    pub to: Date,
}

/// A decision, as the picture has it.
#[derive(Debug, Clone)]
pub(super) struct Made {
    pub number: i32,
    pub on: Date,
    pub what: crate::vocabulary::DecisionType,
    pub outcome: crate::vocabulary::DecisionOutcome,
}

/// The confirmed versions in order; one that was taken the place of ends the day before the next.
pub(super) async fn grades(case: &mut CaseAccess<ReadCase>) -> Result<Vec<Grade>> {
    let id = case.head().id;
    Ok(sqlx::query_as!(
        Grade,
        r#"select version_no as version, level as "level: ThreatLevel", assessed_on as "from!",
                  least(valid_until, lead(assessed_on) over (order by version_no) - 1) as "to!"
           from threat_assessment where case_id = $1 and status in ('confirmed', 'superseded') order by version_no"#,
        id
    )
    .fetch_all(case.read())
    .await?)
}

pub(super) async fn decisions(case: &mut CaseAccess<ReadCase>) -> Result<Vec<Made>> {
    let id = case.head().id;
    Ok(sqlx::query_as!(
        Made,
        r#"select number, decided_on as "on!", type as "what: _", outcome as "outcome: _" from decision
           where case_id = $1 and signed_at is not null order by decided_on, number"#,
        id
    )
    .fetch_all(case.read())
    .await?)
}
