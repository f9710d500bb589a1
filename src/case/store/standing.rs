//! SQL that says where a case stands: what goes on in its rooms, what is lacking and what is left.

use super::super::model::{Open, OpenDeviation, Stay};
use super::super::steps::{Found, Standing};
use crate::access::CaseAccess;
use crate::access::right::{Right, SeesCase};
use crate::error::Result;
use crate::vocabulary::{CaseStatus, DeviationCategory, NeedsProfile, PlacementStatus};

/// What decides where the case can go next.
pub async fn standing<R: Right + SeesCase>(case: &mut CaseAccess<R>) -> Result<Standing> {
    let head = case.head();
    let (status, has_responsible, has_deputy) = (head.status, head.responsible.is_some(), head.deputy.is_some());
    let (stays, deviations, found) = (stays(case).await?, deviations(case).await?, found(case).await?);
    Ok(Standing { status, has_responsible, has_deputy, stays, deviations, found })
}

async fn found<R: Right + SeesCase>(case: &mut CaseAccess<R>) -> Result<Found> {
    let (id, today) = (case.head().id, case.desk().clock().today());
    let row = sqlx::query!(
        r#"select
             exists (select from decision d where d.case_id = c.id and d.type = 'open_investigation'
               and d.signed_by is not null and d.outcome not in ('rejected', 'dismissed')) as "opened_investigation!",
             (select min(d.decided_on) from decision d where d.case_id = c.id and d.type = 'no_investigation'
               and d.signed_by is not null) as declined_on,
             exists (select from investigation v where v.case_id = c.id and v.status = 'discontinued')
               or exists (select from decision d where d.case_id = c.id and d.signed_by is not null
                 and d.type not in ('open_investigation', 'no_investigation')) as "has_ended_investigation!",
             exists (select from intervention i where i.case_id = c.id and i.status = 'ongoing') as "is_supported!",
             exists (select from decision d where d.case_id = c.id and d.executed_on is not null
                 and d.outcome in ('granted', 'partly', 'changed'))
               or exists (select from intervention i where i.case_id = c.id and i.executed_on is not null)
               as "is_executed!",
             (select count(*) from intervention i where i.case_id = c.id and i.status <> 'ended') as "interventions!",
             (select count(*) from decision d where d.case_id = c.id and d.signed_by is null) as "decisions!",
             (select count(*) from investigation v where v.case_id = c.id
                and v.status in ('ongoing', 'communicated')) as "investigations!",
             (select count(*) from threat_assessment t where t.case_id = c.id and t.status = 'received') as "threats!",
             (select count(*) from follow_up f where f.case_id = c.id and f.held_on is null and f.cancelled_on is null
                and f.kind <> 'after_closing') as "follow_ups!",
             agreed.others as "consents!", agreed.afterwards as "consents_afterwards!",
             exists (select from case_outcome o where o.case_id = c.id and o.moment = 'closing') as "has_outcome!",
             rest.status_before as "status_before?: CaseStatus", rest.review_on as "review_on?",
             (select min(t.accepted_on) from case_transfer t where t.case_id = c.id) as accepted_on,
             (select max(s.expires_on) from disclosure s where s.case_id = c.id and s.channel = 'police_portal'
                and s.status = 'released' and s.expires_on >= $2) as seen_until
           from case_file c
           left join case_dormancy rest on rest.case_id = c.id and rest.ended_at is null
           cross join lateral (
             select count(*) filter (where s.kind <> 'after_closing') as others,
                    count(*) filter (where s.kind = 'after_closing') as afterwards
             from consent s where s.case_id = c.id and s.withdrawn_at is null and s.valid_to >= $2) agreed
           where c.id = $1"#,
        id,
        today
    )
    .fetch_one(case.read())
    .await?;
    Ok(Found {
        opened_investigation: row.opened_investigation,
        declined_on: row.declined_on,
        has_ended_investigation: row.has_ended_investigation,
        is_supported: row.is_supported,
        is_executed: row.is_executed,
        open: Open {
            interventions: row.interventions,
            decisions: row.decisions,
            investigations: row.investigations,
            threats: row.threats,
            follow_ups: row.follow_ups,
        },
        consents: row.consents,
        consents_afterwards: row.consents_afterwards,
        has_outcome: row.has_outcome,
        rests: row.status_before.zip(row.review_on),
        accepted_on: row.accepted_on,
        seen_until: row.seen_until,
        has_died: case.head().died_on.is_some(),
    })
}

/// The case's deviations that are still open, the oldest first.
async fn deviations<R: Right + SeesCase>(case: &mut CaseAccess<R>) -> Result<Vec<OpenDeviation>> {
    let id = case.head().id;
    Ok(sqlx::query_as!(
        OpenDeviation,
        r#"select id, category as "category: DeviationCategory", reported_on from deviation
           where case_id = $1 and status <> 'closed' order by reported_on, id"#,
        id
    )
    .fetch_all(case.read())
    .await?)
}

/// The case's placements, in order.
pub async fn stays<R: Right + SeesCase>(case: &mut CaseAccess<R>) -> Result<Vec<Stay>> {
    let id = case.head().id;
    Ok(sqlx::query_as!(
        Stay,
        r#"select number, status as "status: PlacementStatus", starts_on, actual_end_on as ended_on,
                  round_the_clock as "round_the_clock!"
           from placement where case_id = $1 order by number"#,
        id
    )
    .fetch_all(case.read())
    .await?)
}

pub async fn needs<R: Right + SeesCase>(case: &mut CaseAccess<R>) -> Result<Option<NeedsProfile>> {
    let id = case.head().id;
    Ok(sqlx::query_scalar!(r#"select needs_profile as "needs: NeedsProfile" from case_file where id = $1"#, id)
        .fetch_optional(case.read())
        .await?
        .flatten())
}
