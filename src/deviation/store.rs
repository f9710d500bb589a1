//! SQL about deviations. Each step is a change of the row and a line of its history, in one transaction.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::model::{Deviation, Move, NewDeviation, Step};
use crate::access::CaseAccess;
use crate::access::right::{HandleDeviation, ReadDeviations};
use crate::audit::Event;
use crate::crypto::seal::{Column, Sealed};
use crate::error::{Error, Result};
use crate::vocabulary::{DeviationCategory, DeviationOutcome, DeviationSeverity, DeviationSource, DeviationStatus};

pub const DESCRIPTION: Column = Column("deviation.description");
pub const IMMEDIATE_ACTION: Column = Column("deviation.immediate_action");
pub const STEP_TEXT: Column = Column("deviation_step.text");

/// All of them, the latest reported first.
pub async fn list(case: &mut CaseAccess<ReadDeviations>) -> Result<Vec<Deviation>> {
    let id = case.head().id;
    Ok(sqlx::query_as!(
        Deviation,
        r#"select id, source as "source: DeviationSource", category as "category: DeviationCategory",
                  severity as "severity: DeviationSeverity", occurred_on, reported_on,
                  description as "description: Sealed", immediate_action as "immediate_action: Sealed",
                  status as "status: DeviationStatus", outcome as "outcome: DeviationOutcome", version
           from deviation where case_id = $1 order by reported_on desc, id desc limit 500"#,
        id
    )
    .fetch_all(case.read())
    .await?)
}

/// One of the case's.
pub async fn get(case: &mut CaseAccess<ReadDeviations>, id: Uuid) -> Result<Deviation> {
    list(case).await?.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)
}

/// What was done about it, the first first.
pub async fn steps(case: &mut CaseAccess<ReadDeviations>, deviation: Uuid) -> Result<Vec<Step>> {
    let case_id = case.head().id;
    Ok(sqlx::query_as!(
        Step,
        r#"select s.id, s.number, s.status as "status: DeviationStatus", s.text as "text: Sealed", a.display_name as by,
                  s.taken_at as at
           from deviation_step s join account a on a.id = s.taken_by
           where s.deviation_id = $1 and s.case_id = $2 order by s.number"#,
        deviation,
        case_id
    )
    .fetch_all(case.read())
    .await?)
}

/// Whether the same form was saved the first time it was sent.
pub async fn exists(case: &mut CaseAccess<HandleDeviation>, id: Uuid) -> Result<bool> {
    let case_id = case.head().id;
    // The same form sent twice at the same moment: the second waits here.
    sqlx::query_scalar!(r#"select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 0))::text as "locked""#, id)
        .fetch_one(case.read())
        .await?;
    Ok(sqlx::query_scalar!(
        r#"select exists (select from deviation where id = $1 and case_id = $2) as "exists!""#,
        id,
        case_id
    )
    .fetch_one(case.read())
    .await?)
}

/// Registers a deviation. Stale when the case was closed in the meantime.
pub async fn report(case: &mut CaseAccess<HandleDeviation>, new: &NewDeviation) -> Result<()> {
    let taken = Taken::of(case, new.id, 1);
    let keys = case.desk().keys();
    let description = keys.seal(DESCRIPTION.at(new.id), &new.description)?;
    let action =
        new.immediate_action.as_deref().map(|text| keys.seal(IMMEDIATE_ACTION.at(new.id), text)).transpose()?;
    let work = case.write(Event::DeviationReported).await?;
    // Nobody closes the case while one is registered: an open deviation would be left behind.
    sqlx::query_scalar!("select id from case_file where id = $1 for no key update", taken.case)
        .fetch_optional(&mut *work)
        .await?
        .ok_or(Error::Stale)?;
    sqlx::query!(
        "insert into deviation (id, case_id, source, category, severity, occurred_on, reported_on, description,
                                immediate_action, registered_by, registered_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        new.id,
        taken.case,
        new.source as DeviationSource,
        new.category as DeviationCategory,
        new.severity as DeviationSeverity,
        new.occurred_on,
        new.reported_on,
        description as Sealed,
        action as Option<Sealed>,
        taken.by,
        taken.at
    )
    .execute(&mut *work)
    .await
    // An id that is taken belongs to a deviation in another case: nobody's fault but a forger's.
    .map_err(|error| crate::db::on_constraint(error, "deviation_pkey", Error::NotFound))?;
    taken.write(work, DeviationStatus::Reported, None).await
}

const fn event(step: &Move) -> Event {
    match step {
        Move::Acknowledge => Event::DeviationAcknowledged,
        Move::Assess(_) => Event::DeviationAssessed,
        Move::Reconsider(_) => Event::DeviationReconsidered,
        Move::Decide(_) => Event::DeviationActionDecided,
        Move::Close(_) => Event::DeviationClosed,
    }
}

/// Takes a step. False when somebody else has taken one in the meantime.
pub async fn take(case: &mut CaseAccess<HandleDeviation>, id: Uuid, version: i32, step: &Move) -> Result<bool> {
    let taken = Taken::of(case, id, version.saturating_add(1));
    let text = step.text().map(|text| case.desk().keys().seal(STEP_TEXT.at(taken.step), text)).transpose()?;
    let (from, to) = step.way();
    let work = case.write(event(step)).await?;
    let moved = sqlx::query!(
        "update deviation set status = $5, outcome = coalesce($6, outcome), version = version + 1
         where id = $1 and case_id = $2 and version = $3 and status = $4",
        id,
        taken.case,
        version,
        from as DeviationStatus,
        to as DeviationStatus,
        step.outcome() as Option<DeviationOutcome>
    )
    .execute(&mut *work)
    .await?;
    if moved.rows_affected() == 0 {
        return Ok(false);
    }
    taken.write(work, to, text).await?;
    Ok(true)
}

/// A line of the history.
struct Taken {
    step: Uuid,
    deviation: Uuid,
    case: Uuid,
    number: i32,
    by: Uuid,
    at: OffsetDateTime,
}

impl Taken {
    fn of(case: &CaseAccess<HandleDeviation>, deviation: Uuid, number: i32) -> Self {
        let (by, at) = (case.desk().actor().account, case.desk().clock().now());
        Self { step: Uuid::now_v7(), deviation, case: case.head().id, number, by, at }
    }

    async fn write(self, work: &mut PgConnection, status: DeviationStatus, text: Option<Sealed>) -> Result<()> {
        sqlx::query!(
            "insert into deviation_step (id, deviation_id, case_id, number, status, text, taken_by, taken_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            self.step,
            self.deviation,
            self.case,
            self.number,
            status as DeviationStatus,
            text as Option<Sealed>,
            self.by,
            self.at
        )
        .execute(work)
        .await?;
        Ok(())
    }
}
