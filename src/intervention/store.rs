//! SQL about support that is no placement. Postgres holds it to its decision once more by itself.

use time::Date;
use uuid::Uuid;

use super::model::{Intervention, NewIntervention, Step};
use super::{EXTENT, STATUS_REASON};
use crate::access::CaseAccess;
use crate::access::right::{GiveIntervention, ReadPlans, Right, SeesCase};
use crate::audit::Event;
use crate::crypto::Sealed;
use crate::error::{Error, Result, constraint};
use crate::vocabulary::{InterventionKind, InterventionStatus};

/// All of the case's, the latest begun first.
pub async fn list(case: &mut CaseAccess<ReadPlans>) -> Result<Vec<Intervention>> {
    let id = case.head().id;
    Ok(sqlx::query_as!(
        Intervention,
        r#"select i.id, i.number, i.decision_id as decision, d.number as decision_number,
                  i.kind as "kind: InterventionKind", (select v.name from provider v where v.id = i.provider_id) as provider,
                  i.from_day as "from", i.to_day as "to", i.extent as "extent: Sealed",
                  i.status as "status: InterventionStatus", i.executed_on, i.paused_on, i.resumed_on,
                  i.ended_on,
                  i.status_reason as "status_reason: Sealed", i.version
           from intervention i join decision d on d.id = i.decision_id
           where i.case_id = $1 order by i.from_day desc, i.number desc"#,
        id
    )
    .fetch_all(case.read())
    .await?)
}

/// All of them, for work under another right; whoever holds that may also read.
pub async fn read<R: Right + SeesCase>(case: CaseAccess<R>) -> Result<(CaseAccess<R>, Vec<Intervention>)> {
    let (case, all) = case.also::<ReadPlans, _>(list).await?;
    all.map(|all| (case, all)).ok_or(Error::NotFound)
}

/// One of the case's.
pub async fn get<R: Right + SeesCase>(case: CaseAccess<R>, id: Uuid) -> Result<(CaseAccess<R>, Intervention)> {
    let (case, all) = read(case).await?;
    let one = all.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)?;
    Ok((case, one))
}

/// Providers that can be chosen, by name.
pub async fn providers(case: &mut CaseAccess<GiveIntervention>) -> Result<Vec<(Uuid, String)>> {
    let rows = sqlx::query!("select id, name from provider where is_active order by name, alias limit 500")
        .fetch_all(case.read())
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// Keeps a new one, under the next number of the case.
pub async fn plan(case: &mut CaseAccess<GiveIntervention>, new: &NewIntervention) -> Result<()> {
    let (case_id, actor) = (case.head().id, case.desk().actor().account);
    let extent = case.desk().keys().seal(EXTENT.at(new.id), &new.extent)?;
    let work = case.write(Event::InterventionPlanned).await?;
    // The number is the next one also when two are begun at once.
    sqlx::query_scalar!("select id from case_file where id = $1 for no key update", case_id)
        .fetch_one(&mut *work)
        .await?;
    sqlx::query!(
        "insert into intervention (id, case_id, number, decision_id, kind, provider_id, from_day, to_day, extent, created_by)
         values ($1, $2, (select coalesce(max(number), 0) + 1 from intervention where case_id = $2), $3, $4, $5, $6, $7, $8, $9)",
        new.id,
        case_id,
        new.decision,
        new.kind as InterventionKind,
        new.provider,
        new.from,
        new.to,
        extent as Sealed,
        actor
    )
    .execute(work)
    .await
    .map_err(|error| match constraint(&error) {
        // The decision has been changed or has ended meanwhile.
        Some("intervention_rests") => Error::Stale,
        Some("case_is_not_closing") => Error::Invalid("Ärendet avslutas. En ny insats kan inte registreras i det."),
        _ => error.into(),
    })?;
    Ok(())
}

/// What stands in the row after a step.
struct After {
    status: InterventionStatus,
    executed_on: Option<Date>,
    paused_on: Option<Date>,
    resumed_on: Option<Date>,
    ended_on: Option<Date>,
    reason: Option<Sealed>,
}

/// Writes down what happened. False when somebody else has written something meanwhile.
pub async fn take(case: &mut CaseAccess<GiveIntervention>, one: &Intervention, step: Step) -> Result<bool> {
    let case_id = case.head().id;
    let sealed = |text: &str| case.desk().keys().seal(STATUS_REASON.at(one.id), text);
    let stays = |status| After {
        status,
        executed_on: one.executed_on,
        paused_on: None,
        resumed_on: None,
        ended_on: None,
        reason: None,
    };
    let (event, after) = match step {
        Step::Started(on) => {
            let after = After { executed_on: Some(on), ..stays(InterventionStatus::Ongoing) };
            (Event::InterventionStarted, after)
        }
        Step::Paused { on, why } => {
            let reason = Some(sealed(&why)?);
            (Event::InterventionPaused, After { paused_on: Some(on), reason, ..stays(InterventionStatus::Paused) })
        }
        Step::Resumed(on) => {
            let after = After { resumed_on: Some(on), ..stays(InterventionStatus::Ongoing) };
            (Event::InterventionResumed, after)
        }
        Step::Ended { on, why } => {
            let reason = Some(sealed(&why)?);
            (Event::InterventionEnded, After { ended_on: Some(on), reason, ..stays(InterventionStatus::Ended) })
        }
    };
    let taken = sqlx::query!(
        "update intervention set status = $4, executed_on = $5, paused_on = $6, ended_on = $7, status_reason = $8,
           resumed_on = $9, version = version + 1
         where id = $1 and case_id = $2 and version = $3",
        one.id,
        case_id,
        one.version,
        after.status as InterventionStatus,
        after.executed_on,
        after.paused_on,
        after.ended_on,
        after.reason as Option<Sealed>,
        after.resumed_on
    )
    .execute(case.write(event).await?)
    .await
    .map_err(|error| crate::db::on_constraint(error, "intervention_rests", Error::Stale))?;
    Ok(taken.rows_affected() == 1)
}
