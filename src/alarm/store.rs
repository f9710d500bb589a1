//! SQL about alarms. What stands is read from the table that timed work keeps; nobody writes it but the rules, and who
//! acknowledges one writes beside it.

use time::OffsetDateTime;
use uuid::Uuid;

use super::REASON;
use super::model::{Alarm, Past};
use crate::access::right::{AcknowledgeAlarm, ListAlarms, ReadCase};
use crate::access::{Access, CaseAccess, policy};
use crate::audit::{Event, Note};
use crate::crypto::seal::Sealed;
use crate::error::{Error, Result};
use crate::vocabulary::{AlarmEnd, AlarmReceiver, AlarmRule, AlarmSeverity, ProtectionLevel};

/// More than this are not counted: the page must not grow slower with the years.
pub const COUNTED: i64 = 1000;

/// How many that are cleared a case's page shows.
const PAST: i64 = 50;

/// What the list is to hold.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    pub severity: Option<AlarmSeverity>,
    pub rule: Option<AlarmRule>,
    /// Only what the actor receives.
    pub mine: bool,
    pub skip: i64,
    pub take: i64,
}

/// One page of what stands, by the day, and how many there are, counted to one more than [`COUNTED`].
pub async fn list(access: &mut Access<ListAlarms>, wanted: &Wanted) -> Result<(Vec<Alarm>, i64)> {
    let actor = access.desk().actor().clone();
    let receiver = policy::receives(actor.role);
    // Those that have gone on to the actor, by the rules that do.
    let passed: Vec<_> = AlarmRule::ALL
        .iter()
        .filter(|rule| receiver.is_some() && rule.plan().escalates.map(|(to, _)| to) == receiver)
        .map(|rule| rule.code().to_owned())
        .collect();
    let named_only = policy::sees_only_if_named(&actor, ProtectionLevel::Standard);
    let rows = sqlx::query!(
        r#"with found as (
             select a.id, a.rule, a.subject_id, a.case_id, a.due_on, a.severity, a.escalated_at
             from alarm a
             where a.cleared_at is null
               and (not $1 or a.case_id is null or a.case_id = any ((select sec.my_cases())::uuid[]))
               and ($2::alarm_severity is null or a.severity = $2)
               and ($3::alarm_rule is null or a.rule = $3)
               and (not $4
                    or $5::alarm_receiver = any (a.receivers)
                       and ($5 <> 'responsible' or a.case_id is null or exists (
                         select from assignment w where w.case_id = a.case_id and w.account_id = $6 and w.ended_at is null
                           and w.kind in ('responsible', 'deputy')))
                    or a.escalated_at is not null and a.rule::text = any ($7))
             order by a.due_on, a.severity desc, a.id limit $8)
           select f.id as "id!", f.rule as "rule!: AlarmRule", f.subject_id as "subject_id!", f.case_id,
                  f.due_on as "due_on!", f.severity as "severity!: AlarmSeverity",
                  f.escalated_at is not null as "escalated!", c.reference as "reference?", n.counted as "counted!"
           from (select count(*) as counted from found) n
           left join lateral (select * from found order by due_on, severity desc, id offset $9 limit $10) f on true
           left join case_file c on c.id = f.case_id
           where f.id is not null
           order by f.due_on, f.severity desc, f.id"#,
        named_only,
        wanted.severity as Option<AlarmSeverity>,
        wanted.rule as Option<AlarmRule>,
        wanted.mine,
        receiver as Option<AlarmReceiver>,
        actor.account,
        &passed,
        COUNTED + 1,
        wanted.skip,
        wanted.take
    )
    .fetch_all(access.read())
    .await?;
    let counted = rows.first().map_or(0, |row| row.counted);
    let alarms: Vec<_> = rows
        .into_iter()
        .map(|row| Alarm {
            id: row.id,
            rule: row.rule,
            subject: row.subject_id,
            case: row.case_id,
            reference: row.reference,
            due_on: row.due_on,
            severity: row.severity,
            escalated: row.escalated,
        })
        .collect();
    // Seen in a list counts as seen.
    let mut cases: Vec<_> = alarms.iter().filter(|one| one.reference.is_some()).filter_map(|one| one.case).collect();
    cases.sort_unstable();
    cases.dedup();
    access.shown(Note { cases, ..Note::of(Event::AlarmsListed).with("count", alarms.len()) });
    Ok((alarms, counted))
}

/// How many stand in closed circles that the actor is not named in.
pub async fn in_closed_circles(access: &mut Access<ListAlarms>) -> Result<i64> {
    Ok(sqlx::query_scalar!(r#"select sec.alarms_in_closed_circles() as "count!""#).fetch_one(access.read()).await?)
}

/// What somebody said when they acknowledged one.
#[derive(Debug, Clone)]
pub struct Receipted {
    pub id: Uuid,
    pub reason: Sealed,
    pub by: String,
}

/// Those of the case that stand, and the latest that do not, with what was said of them.
pub async fn of_case(case: &mut CaseAccess<ReadCase>) -> Result<(Vec<Alarm>, Vec<(Past, Option<Receipted>)>)> {
    let (id, reference) = (case.head().id, case.head().reference.clone());
    let rows = sqlx::query!(
        r#"select a.id as "id!", a.rule as "rule!: AlarmRule", a.subject_id as "subject_id!", a.due_on as "due_on!",
                  a.severity as "severity!: AlarmSeverity", a.escalated_at is not null as "escalated!", a.cleared_at,
                  a.cleared_why as "cleared_why: AlarmEnd", r.id as "receipt?", r.reason as "reason?: Sealed",
                  n.display_name as "by?"
           from (
             (select * from alarm where case_id = $1 and cleared_at is null order by due_on limit 200)
             union all
             (select * from alarm where case_id = $1 and cleared_at is not null order by cleared_at desc limit $2)) a
           left join lateral (
             select r.id, r.reason, r.made_by from alarm_receipt r
             where r.alarm_id = a.id and a.cleared_why = 'acknowledged' order by r.made_at desc limit 1) r on true
           left join account n on n.id = r.made_by
           order by a.cleared_at desc nulls first, a.due_on, a.severity desc, a.id"#,
        id,
        PAST
    )
    .fetch_all(case.read())
    .await?;
    case.shown(Note::of(Event::AlarmsListed).with("count", rows.len()));
    let (mut standing, mut past) = (Vec::new(), Vec::new());
    for row in rows {
        let alarm = Alarm {
            id: row.id,
            rule: row.rule,
            subject: row.subject_id,
            case: Some(id),
            reference: Some(reference.clone()),
            due_on: row.due_on,
            severity: row.severity,
            escalated: row.escalated,
        };
        let Some((cleared_at, why)) = row.cleared_at.zip(row.cleared_why) else {
            standing.push(alarm);
            continue;
        };
        let said = match (row.receipt, row.reason, row.by) {
            (Some(id), Some(reason), Some(by)) => Some(Receipted { id, reason, by }),
            _ => None,
        };
        past.push((Past { alarm, cleared_at, why }, said));
    }
    Ok((standing, past))
}

/// One of the case that may be acknowledged, as it stands.
pub async fn acknowledgeable(case: &mut CaseAccess<AcknowledgeAlarm>, alarm: Uuid) -> Result<Alarm> {
    let (id, reference) = (case.head().id, case.head().reference.clone());
    let row = sqlx::query!(
        r#"select a.rule as "rule: AlarmRule", a.subject_id, a.due_on, a.severity as "severity: AlarmSeverity",
                  a.escalated_at is not null as "escalated!"
           from alarm a where a.id = $1 and a.case_id = $2 and a.cleared_at is null"#,
        alarm,
        id
    )
    .fetch_optional(case.read())
    .await?
    .ok_or(Error::NotFound)?;
    if !row.rule.plan().by_hand {
        return Err(Error::NotFound);
    }
    case.shown(Note::of(Event::AlarmsListed).with("count", 1));
    Ok(Alarm {
        id: alarm,
        rule: row.rule,
        subject: row.subject_id,
        case: Some(id),
        reference: Some(reference),
        due_on: row.due_on,
        severity: row.severity,
        escalated: row.escalated,
    })
}

/// Whether it was acknowledged with this form already.
pub async fn is_receipted(case: &mut CaseAccess<AcknowledgeAlarm>, receipt: Uuid) -> Result<bool> {
    Ok(sqlx::query_scalar!(r#"select exists (select from alarm_receipt where id = $1) as "there!""#, receipt)
        .fetch_one(case.read())
        .await?)
}

/// Says why it needs no more.
pub async fn acknowledge(
    case: &mut CaseAccess<AcknowledgeAlarm>,
    alarm: Uuid,
    (receipt, reason): (Uuid, &str),
) -> Result<()> {
    let desk = case.desk();
    let (actor, now): (Uuid, OffsetDateTime) = (desk.actor().account, desk.clock().now());
    let reason = desk.keys().seal(REASON.at(receipt), reason)?;
    sqlx::query!(
        "insert into alarm_receipt (id, alarm_id, reason, made_by, made_at) values ($1, $2, $3, $4, $5)",
        receipt,
        alarm,
        reason as Sealed,
        actor,
        now
    )
    .execute(case.write(Event::AlarmAcknowledged).await?)
    .await?;
    Ok(())
}
