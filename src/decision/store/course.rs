//! SQL about what happens to a decision after it was made, and about decisions that were not carried out in time.

use sqlx::PgConnection;
use sqlx::postgres::PgQueryResult;
use time::Date;
use uuid::Uuid;

use crate::access::right::{FollowDecision, ListUnexecuted};
use crate::access::{Access, CaseAccess};
use crate::audit::{Event, Note};
use crate::calendar::Period;
use crate::crypto::seal::{Column, Sealed};
use crate::decision::model::{Decision, EXECUTION_MONTHS};
use crate::decision::{COURT_REF, DELAY_NOTE, ENDED_REASON};
use crate::error::{Error, Result};
use crate::vocabulary::{AppealState, CourtOutcome, DecisionType, DelayReason, NotifiedHow};

/// What happened.
#[derive(Clone)]
pub enum Step {
    Notified { on: Date, how: NotifiedHow, conceal_staff_names: bool },
    Received(Date),
    Executed(Date),
    Delayed { reason: DelayReason, note: Option<String> },
    Appealed(Date),
    SentToCourt { on: Date, reference: Option<String> },
    Judged { on: Date, outcome: CourtOutcome },
    Ended { on: Date, reason: String },
}

impl Step {
    const fn event(&self) -> Event {
        match self {
            Self::Notified { .. } => Event::DecisionNotified,
            Self::Received(_) => Event::DecisionReceived,
            Self::Executed(_) => Event::DecisionExecuted,
            Self::Delayed { .. } => Event::DecisionDelayed,
            Self::Appealed(_) | Self::SentToCourt { .. } | Self::Judged { .. } => Event::DecisionAppealed,
            Self::Ended { .. } => Event::DecisionEnded,
        }
    }
}

/// Which decision, as it was read.
#[derive(Clone, Copy)]
struct At {
    id: Uuid,
    case_id: Uuid,
    version: i32,
}

/// Writes down a step. False when somebody else has changed the decision meanwhile.
pub async fn take(case: &mut CaseAccess<FollowDecision>, one: &Decision, step: Step) -> Result<bool> {
    let at = At { id: one.id, case_id: case.head().id, version: one.version };
    let seal = |column: Column, text: &str| case.desk().keys().seal(column.at(one.id), text);
    let written = match &step {
        Step::SentToCourt { reference: Some(text), .. } => Some(seal(COURT_REF, text)?),
        Step::Delayed { note: Some(text), .. } => Some(seal(DELAY_NOTE, text)?),
        Step::Ended { reason, .. } => Some(seal(ENDED_REASON, reason)?),
        _ => None,
    };
    let work = case.write(step.event()).await?;
    let moved = match step {
        Step::Notified { on, how, conceal_staff_names } => notified(work, at, on, how, conceal_staff_names).await?,
        Step::Received(on) => received(work, at, on).await?,
        Step::Executed(on) => executed(work, at, on).await?,
        Step::Delayed { reason, .. } => delayed(work, at, reason, written).await?,
        Step::Appealed(on) => appealed(work, at, on).await?,
        Step::SentToCourt { on, .. } => sent_to_court(work, at, on, written).await?,
        Step::Judged { on, outcome } => judged(work, at, on, outcome).await?,
        Step::Ended { on, .. } => ended(work, at, on, written).await?,
    };
    Ok(moved.rows_affected() == 1)
}

async fn notified(
    work: &mut PgConnection,
    at: At,
    on: Date,
    how: NotifiedHow,
    conceal_staff_names: bool,
) -> sqlx::Result<PgQueryResult> {
    let notified = sqlx::query!(
        "update decision set status = 'notified', notified_on = $4, notified_how = $5, conceal_staff_names = $6,
           version = version + 1
         where id = $1 and case_id = $2 and version = $3 and notified_on is null",
        at.id,
        at.case_id,
        at.version,
        on,
        how as NotifiedHow,
        conceal_staff_names
    )
    .execute(&mut *work)
    .await?;
    // What was carried out at once, as in an emergency, is in force from when the party knows.
    sqlx::query!(
        "update decision set status = case when executed_on is null then status else 'in_force' end
         where id = $1 and case_id = $2 and notified_on = $3",
        at.id,
        at.case_id,
        on
    )
    .execute(work)
    .await?;
    Ok(notified)
}

async fn received(work: &mut PgConnection, at: At, on: Date) -> sqlx::Result<PgQueryResult> {
    sqlx::query!(
        "update decision set received_on = $4,
           status = case when status in ('notified', 'corrected') then 'in_force' else status end,
           version = version + 1
         where id = $1 and case_id = $2 and version = $3",
        at.id,
        at.case_id,
        at.version,
        on
    )
    .execute(work)
    .await
}

async fn executed(work: &mut PgConnection, at: At, on: Date) -> sqlx::Result<PgQueryResult> {
    sqlx::query!(
        "update decision set executed_on = $4,
           status = case status when 'notified' then 'in_force' else status end, version = version + 1
         where id = $1 and case_id = $2 and version = $3 and executed_on is null",
        at.id,
        at.case_id,
        at.version,
        on
    )
    .execute(work)
    .await
}

async fn delayed(
    work: &mut PgConnection,
    at: At,
    reason: DelayReason,
    note: Option<Sealed>,
) -> sqlx::Result<PgQueryResult> {
    sqlx::query!(
        "update decision set delay_reason = $4, delay_note = $5, version = version + 1
         where id = $1 and case_id = $2 and version = $3 and executed_on is null",
        at.id,
        at.case_id,
        at.version,
        reason as DelayReason,
        note as Option<Sealed>
    )
    .execute(work)
    .await
}

async fn appealed(work: &mut PgConnection, at: At, on: Date) -> sqlx::Result<PgQueryResult> {
    sqlx::query!(
        "update decision set appeal = 'lodged', appealed_on = $4, version = version + 1
         where id = $1 and case_id = $2 and version = $3 and appeal = 'none'",
        at.id,
        at.case_id,
        at.version,
        on
    )
    .execute(work)
    .await
}

async fn sent_to_court(
    work: &mut PgConnection,
    at: At,
    on: Date,
    reference: Option<Sealed>,
) -> sqlx::Result<PgQueryResult> {
    sqlx::query!(
        "update decision set appeal = 'pending', forwarded_on = $4, court_ref = $5, version = version + 1
         where id = $1 and case_id = $2 and version = $3 and appeal = 'lodged'",
        at.id,
        at.case_id,
        at.version,
        on,
        reference as Option<Sealed>
    )
    .execute(work)
    .await
}

async fn judged(work: &mut PgConnection, at: At, on: Date, outcome: CourtOutcome) -> sqlx::Result<PgQueryResult> {
    sqlx::query!(
        "update decision set appeal = 'decided', court_decided_on = $4, court_outcome = $5, version = version + 1
         where id = $1 and case_id = $2 and version = $3 and appeal = 'pending'",
        at.id,
        at.case_id,
        at.version,
        on,
        outcome as CourtOutcome
    )
    .execute(work)
    .await
}

async fn ended(work: &mut PgConnection, at: At, on: Date, ended: Option<Sealed>) -> sqlx::Result<PgQueryResult> {
    sqlx::query!(
        "update decision set status = 'ended', ended_on = $4, ended_reason = $5, version = version + 1
         where id = $1 and case_id = $2 and version = $3 and status in ('in_force', 'corrected')",
        at.id,
        at.case_id,
        at.version,
        on,
        ended as Option<Sealed>
    )
    .execute(work)
    .await
}

/// Granted support that was not given within three months, as it stood in a quarter.
#[derive(Debug, Clone)]
pub struct Unexecuted {
    pub case: Uuid,
    pub reference: String,
    pub id: Uuid,
    pub number: i32,
    pub kind: DecisionType,
    pub decided_on: Date,
    pub delay: Option<DelayReason>,
    pub executed_on: Option<Date>,
}

/// Those that were late at some time in the quarter, the oldest first; in the cases that the actor reaches.
pub async fn unexecuted(access: &mut Access<ListUnexecuted>, quarter: Period) -> Result<Vec<Unexecuted>> {
    let last = quarter.last_day().ok_or_else(|| Error::internal("a quarter without an end"))?;
    let kinds: Vec<_> =
        DecisionType::ALL.iter().filter(|kind| kind.is_intervention()).map(|kind| kind.code().to_owned()).collect();
    let rows = sqlx::query_as!(
        Unexecuted,
        r#"select c.id as case, c.reference, d.id, d.number, d.type as "kind: DecisionType", d.decided_on as "decided_on!",
                  d.delay_reason as "delay: DelayReason", d.executed_on
           from decision d join case_file c on c.id = d.case_id
           where d.signed_by is not null and d.outcome in ('granted', 'partly', 'changed') and d.type::text = any ($1)
             and d.decided_on + make_interval(months => $2) < $4::date
             and (d.executed_on is null
                  or (d.executed_on >= $3 and d.executed_on > d.decided_on + make_interval(months => $2)))
             and (d.executed_on is not null or d.status not in ('ended', 'changed_by_new') or d.ended_on >= $3)
           order by d.decided_on, c.reference, d.number"#,
        &kinds,
        EXECUTION_MONTHS,
        quarter.first_day(),
        last
    )
    .fetch_all(access.read())
    .await?;
    let mut note = Note::of(Event::UnexecutedListed).with("count", rows.len());
    note.cases = rows.iter().map(|row| row.case).collect();
    access.shown(note);
    Ok(rows)
}

/// What the next step of an appeal is, where there is one.
pub const fn next_of_appeal(appeal: AppealState) -> Option<AppealState> {
    match appeal {
        AppealState::None => Some(AppealState::Lodged),
        AppealState::Lodged => Some(AppealState::Pending),
        AppealState::Pending => Some(AppealState::Decided),
        AppealState::Decided => None,
    }
}
