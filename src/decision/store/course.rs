//! SQL about what happens to a decision after it was made, and about decisions that were not carried out in time.

use time::Date;
use uuid::Uuid;

use crate::access::right::{FollowDecision, ListUnexecuted};
use crate::access::{Access, CaseAccess};
use crate::audit::{Event, Note};
use crate::calendar::Period;
use crate::crypto::seal::Sealed;
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

/// Writes down a step. False when somebody else has changed the decision meanwhile.
pub async fn take(case: &mut CaseAccess<FollowDecision>, one: &Decision, version: i32, step: Step) -> Result<bool> {
    let case_id = case.head().id;
    let keys = case.desk().keys();
    let reference = match &step {
        Step::SentToCourt { reference: Some(text), .. } => Some(keys.seal(COURT_REF.at(one.id), text)?),
        _ => None,
    };
    let note = match &step {
        Step::Delayed { note: Some(text), .. } => Some(keys.seal(DELAY_NOTE.at(one.id), text)?),
        _ => None,
    };
    let ended = match &step {
        Step::Ended { reason, .. } => Some(keys.seal(ENDED_REASON.at(one.id), reason)?),
        _ => None,
    };
    let work = case.write(step.event()).await?;
    let moved = match step {
        Step::Notified { on, how, conceal_staff_names } => {
            sqlx::query!(
                "update decision set status = 'notified', notified_on = $4, notified_how = $5, conceal_staff_names = $6,
                   version = version + 1
                 where id = $1 and case_id = $2 and version = $3 and notified_on is null",
                one.id,
                case_id,
                version,
                on,
                how as NotifiedHow,
                conceal_staff_names
            )
            .execute(work)
            .await?
        }
        Step::Received(on) => {
            sqlx::query!(
                "update decision set received_on = $4,
                   status = case when status in ('notified', 'corrected') then 'in_force' else status end,
                   version = version + 1
                 where id = $1 and case_id = $2 and version = $3",
                one.id,
                case_id,
                version,
                on
            )
            .execute(work)
            .await?
        }
        Step::Executed(on) => {
            sqlx::query!(
                "update decision set executed_on = $4,
                   status = case status when 'notified' then 'in_force' else status end, version = version + 1
                 where id = $1 and case_id = $2 and version = $3 and executed_on is null",
                one.id,
                case_id,
                version,
                on
            )
            .execute(work)
            .await?
        }
        Step::Delayed { reason, .. } => {
            sqlx::query!(
                "update decision set delay_reason = $4, delay_note = $5, version = version + 1
                 where id = $1 and case_id = $2 and version = $3 and executed_on is null",
                one.id,
                case_id,
                version,
                reason as DelayReason,
                note as Option<Sealed>
            )
            .execute(work)
            .await?
        }
        Step::Appealed(on) => {
            sqlx::query!(
                "update decision set appeal = 'lodged', appealed_on = $4, version = version + 1
                 where id = $1 and case_id = $2 and version = $3 and appeal = 'none'",
                one.id,
                case_id,
                version,
                on
            )
            .execute(work)
            .await?
        }
        Step::SentToCourt { on, .. } => {
            sqlx::query!(
                "update decision set appeal = 'pending', forwarded_on = $4, court_ref = $5, version = version + 1
                 where id = $1 and case_id = $2 and version = $3 and appeal = 'lodged'",
                one.id,
                case_id,
                version,
                on,
                reference as Option<Sealed>
            )
            .execute(work)
            .await?
        }
        Step::Judged { on, outcome } => {
            sqlx::query!(
            "update decision set appeal = 'decided', court_decided_on = $4, court_outcome = $5, version = version + 1
                 where id = $1 and case_id = $2 and version = $3 and appeal = 'pending'",
            one.id,
            case_id,
            version,
            on,
            outcome as CourtOutcome
        )
            .execute(work)
            .await?
        }
        Step::Ended { on, .. } => {
            sqlx::query!(
                "update decision set status = 'ended', ended_on = $4, ended_reason = $5, version = version + 1
                 where id = $1 and case_id = $2 and version = $3 and status in ('in_force', 'corrected')",
                one.id,
                case_id,
                version,
                on,
                ended as Option<Sealed>
            )
            .execute(work)
            .await?
        }
    };
    Ok(moved.rows_affected() == 1)
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
