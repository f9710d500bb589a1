//! SQL about follow-ups. Holding one plans the next in the same transaction.

use sqlx::PgConnection;
use time::Date;
use uuid::Uuid;

use super::model::{Cancelled, FollowUp, Held, Holding, Moved, NewFollowUp, Shift, Views};
use super::{CANCEL_REASON, MOVE_REASON, PERSON_VIEW, POLICE_VIEW, PROVIDER_VIEW};
use crate::access::CaseAccess;
use crate::access::right::{FollowUp as FollowUpRight, ReadPlans, Right, SeesCase};
use crate::audit::Event;
use crate::crypto::Sealed;
use crate::crypto::seal::Column;
use crate::error::{Error, Result};
use crate::vocabulary::{FollowUpForm, FollowUpKind, GoalResult};

/// All of the case's: what is to be held, the first first, and then what was held or cancelled, the latest first.
pub async fn list(case: &mut CaseAccess<ReadPlans>) -> Result<Vec<FollowUp>> {
    let id = case.head().id;
    let rows = sqlx::query!(
        r#"select f.id, f.number, f.kind as "kind: FollowUpKind", f.planned_on, p.display_name as planner, f.held_on,
                  (select h.display_name from account h where h.id = f.held_by) as holder, f.form as "form: FollowUpForm",
                  f.person_view as "person: Sealed", f.provider_view as "provider: Sealed",
                  f.police_view as "police: Sealed", f.next_id, f.cancelled_on,
                  (select c.display_name from account c where c.id = f.cancelled_by) as canceller,
                  f.cancel_reason as "cancel_reason: Sealed", f.version
           from follow_up f join account p on p.id = f.planned_by
           where f.case_id = $1
           order by coalesce(f.held_on, f.cancelled_on) is null desc,
             case when coalesce(f.held_on, f.cancelled_on) is null then f.planned_on end,
             coalesce(f.held_on, f.cancelled_on) desc, f.number"#,
        id
    )
    .fetch_all(case.read())
    .await?;
    let all = rows.into_iter().map(|row| {
        let held = match (row.held_on, row.holder, row.form) {
            (Some(on), Some(by), Some(form)) => {
                let views = Views { person: row.person, provider: row.provider, police: row.police };
                Some(Held { on, by, form, views, next: row.next_id })
            }
            _ => None,
        };
        FollowUp {
            id: row.id,
            number: row.number,
            kind: row.kind,
            planned_on: row.planned_on,
            planner: row.planner,
            held,
            cancelled: match (row.cancelled_on, row.canceller, row.cancel_reason) {
                (Some(on), Some(by), Some(reason)) => Some(Cancelled { on, by, reason }),
                _ => None,
            },
            version: row.version,
        }
    });
    Ok(all.collect())
}

/// All of them, for work under another right; whoever holds that may also read.
pub async fn read<R: Right + SeesCase>(case: CaseAccess<R>) -> Result<(CaseAccess<R>, Vec<FollowUp>)> {
    let (case, all) = case.also::<ReadPlans, _>(list).await?;
    all.map(|all| (case, all)).ok_or(Error::NotFound)
}

/// One of the case's.
pub async fn get<R: Right + SeesCase>(case: CaseAccess<R>, id: Uuid) -> Result<(CaseAccess<R>, FollowUp)> {
    let (case, all) = read(case).await?;
    let one = all.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)?;
    Ok((case, one))
}

/// What became of a goal, with the goal as it was when it was followed up.
pub struct GoalFollowed {
    pub goal: Uuid,
    pub text: Sealed,
    pub target_on: Date,
    pub result: GoalResult,
}

pub async fn results(case: &mut CaseAccess<ReadPlans>, follow_up: Uuid) -> Result<Vec<GoalFollowed>> {
    let case_id = case.head().id;
    Ok(sqlx::query_as!(
        GoalFollowed,
        r#"select g.id as goal, g.goal as "text: Sealed", g.target_on, r.result as "result: GoalResult"
           from follow_up_goal r join plan_goal g on g.id = r.goal_id
           where r.follow_up_id = $1 and r.case_id = $2 order by g.plan_id, g.number"#,
        follow_up,
        case_id
    )
    .fetch_all(case.read())
    .await?)
}

async fn insert(work: &mut PgConnection, case_id: Uuid, new: &NewFollowUp, planner: Uuid) -> Result<()> {
    // The number is the next one also when two are planned at once.
    sqlx::query_scalar!("select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 0))::text as locked", case_id)
        .fetch_one(&mut *work)
        .await?;
    sqlx::query!(
        "insert into follow_up (id, case_id, number, kind, planned_on, planned_by)
         values ($1, $2, (select coalesce(max(number), 0) + 1 from follow_up where case_id = $2), $3, $4, $5)",
        new.id,
        case_id,
        new.kind as FollowUpKind,
        new.planned_on,
        planner
    )
    .execute(work)
    .await?;
    Ok(())
}

pub async fn plan(case: &mut CaseAccess<FollowUpRight>, new: &NewFollowUp) -> Result<()> {
    let (case_id, actor) = (case.head().id, case.desk().actor().account);
    insert(case.write(Event::FollowUpPlanned).await?, case_id, new, actor).await
}

/// Writes down what was held, and plans the next. False when somebody else has written it down meanwhile.
pub async fn hold(case: &mut CaseAccess<FollowUpRight>, one: &FollowUp, holding: &Holding) -> Result<bool> {
    let (case_id, actor) = (case.head().id, case.desk().actor().account);
    let keys = case.desk().keys();
    let sealed = |column: Column, text: &Option<String>| {
        text.as_deref().map(|text| keys.seal(column.at(one.id), text)).transpose()
    };
    let views = &holding.views;
    let (person, provider, police) = (
        sealed(PERSON_VIEW, &views.person)?,
        sealed(PROVIDER_VIEW, &views.provider)?,
        sealed(POLICE_VIEW, &views.police)?,
    );
    let work = case.write(Event::FollowUpHeld).await?;
    // Two who write down the same: the second waits here, and then finds it done.
    let unheld = sqlx::query_scalar!(
        "select id from follow_up where id = $1 and case_id = $2 and version = $3 and held_on is null
           and cancelled_on is null for no key update",
        one.id,
        case_id,
        one.version
    )
    .fetch_optional(&mut *work)
    .await?;
    if unheld.is_none() {
        return Ok(false);
    }
    for (goal, result) in &holding.results {
        sqlx::query!(
            "insert into follow_up_goal (id, follow_up_id, case_id, goal_id, result) values (gen_random_uuid(), $1, $2, $3, $4)",
            one.id,
            case_id,
            goal,
            *result as GoalResult
        )
        .execute(&mut *work)
        .await
        // Another version of the plan came into force at the same moment.
        .map_err(|error| crate::db::on_constraint(error, "follow_up_goal_stands", Error::Stale))?;
    }
    if let Some(next) = &holding.next {
        insert(&mut *work, case_id, next, actor).await?;
    }
    let held = sqlx::query!(
        "update follow_up set held_on = $4, held_by = $5, form = $6, person_view = $7, provider_view = $8,
           police_view = $9, next_id = $10, version = version + 1
         where id = $1 and case_id = $2 and version = $3 and held_on is null",
        one.id,
        case_id,
        one.version,
        holding.on,
        actor,
        holding.form as FollowUpForm,
        person as Option<Sealed>,
        provider as Option<Sealed>,
        police as Option<Sealed>,
        holding.next.as_ref().map(|next| next.id)
    )
    .execute(work)
    .await?;
    Ok(held.rows_affected() == 1)
}

/// How it was moved, the first time first.
pub async fn moves(case: &mut CaseAccess<ReadPlans>, follow_up: Uuid) -> Result<Vec<Moved>> {
    let case_id = case.head().id;
    Ok(sqlx::query_as!(
        Moved,
        r#"select m.id, m.from_day as "from", m.to_day as "to", a.display_name as by, m.moved_on as "on",
                  m.reason as "reason: Sealed"
           from follow_up_move m join account a on a.id = m.moved_by
           where m.follow_up_id = $1 and m.case_id = $2 order by m.number"#,
        follow_up,
        case_id
    )
    .fetch_all(case.read())
    .await?)
}

/// Moves one to another day. False when somebody else has changed it meanwhile.
pub async fn shift(case: &mut CaseAccess<FollowUpRight>, one: &FollowUp, shift: &Shift) -> Result<bool> {
    let (case_id, actor, today) = (case.head().id, case.desk().actor().account, case.desk().clock().today());
    let reason = case.desk().keys().seal(MOVE_REASON.at(shift.id), &shift.reason)?;
    let work = case.write(Event::FollowUpMoved).await?;
    // Two who move the same: the second waits here, and then finds it done.
    let coming = sqlx::query_scalar!(
        "select id from follow_up where id = $1 and case_id = $2 and version = $3 and held_on is null
           and cancelled_on is null for no key update",
        one.id,
        case_id,
        one.version
    )
    .fetch_optional(&mut *work)
    .await?;
    if coming.is_none() {
        return Ok(false);
    }
    sqlx::query!(
        "insert into follow_up_move (id, follow_up_id, case_id, number, from_day, to_day, reason, moved_by, moved_on)
         values ($1, $2, $3, (select coalesce(max(number), 0) + 1 from follow_up_move where follow_up_id = $2),
           $4, $5, $6, $7, $8)",
        shift.id,
        one.id,
        case_id,
        one.planned_on,
        shift.to,
        reason as Sealed,
        actor,
        today
    )
    .execute(&mut *work)
    .await?;
    let moved = sqlx::query!(
        "update follow_up set planned_on = $4, version = version + 1 where id = $1 and case_id = $2 and version = $3",
        one.id,
        case_id,
        one.version,
        shift.to
    )
    .execute(work)
    .await?;
    Ok(moved.rows_affected() == 1)
}

/// Cancels one that was to be held. False when somebody else has changed it meanwhile.
pub async fn cancel(case: &mut CaseAccess<FollowUpRight>, one: &FollowUp, reason: &str) -> Result<bool> {
    let (case_id, actor, today) = (case.head().id, case.desk().actor().account, case.desk().clock().today());
    let reason = case.desk().keys().seal(CANCEL_REASON.at(one.id), reason)?;
    let cancelled = sqlx::query!(
        "update follow_up set cancelled_on = $4, cancelled_by = $5, cancel_reason = $6, version = version + 1
         where id = $1 and case_id = $2 and version = $3 and held_on is null and cancelled_on is null",
        one.id,
        case_id,
        one.version,
        today,
        actor,
        reason as Sealed
    )
    .execute(case.write(Event::FollowUpCancelled).await?)
    .await?;
    Ok(cancelled.rows_affected() == 1)
}

/// Whether the line about a move is written.
pub async fn is_moved(case: &mut CaseAccess<FollowUpRight>, follow_up: Uuid, line: Uuid) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select 1 from follow_up_move where id = $1 and follow_up_id = $2) as "is_moved!""#,
        line,
        follow_up
    )
    .fetch_one(case.read())
    .await?)
}
