//! SQL about plans. Bringing a version into force takes the place of the one before in the same transaction.

use std::collections::HashMap;

use sqlx::PgConnection;
use time::Date;
use uuid::Uuid;

use super::model::{Ended, Goal, NewPlan, Plan, Texts};
use super::{ENDED_REASON, GOAL, INTERVENTIONS, OTHER_PRINCIPALS, PERSON_VIEW, RESPONSIBLE};
use crate::access::CaseAccess;
use crate::access::right::{ReadPlans, Right, SeesCase, WritePlan};
use crate::audit::Event;
use crate::crypto::Sealed;
use crate::error::{Error, Result};
use crate::vocabulary::{PlanKind, PlanStatus};

/// All of the case's, the newest version of each kind first.
pub async fn list(case: &mut CaseAccess<ReadPlans>) -> Result<Vec<Plan>> {
    let id = case.head().id;
    let mut goals: HashMap<Uuid, Vec<Goal<Sealed>>> = HashMap::new();
    for row in sqlx::query!(
        r#"select plan_id, id, goal as "goal: Sealed", target_on, responsible as "responsible: Sealed"
           from plan_goal where case_id = $1 order by number"#,
        id
    )
    .fetch_all(case.read())
    .await?
    {
        let goal = Goal { id: row.id, text: row.goal, target_on: row.target_on, responsible: row.responsible };
        goals.entry(row.plan_id).or_default().push(goal);
    }
    let rows = sqlx::query!(
        r#"select p.id, p.kind as "kind: PlanKind", p.version_no, p.interventions as "interventions: Sealed",
                  p.other_principals as "other_principals: Sealed", p.person_view as "person_view: Sealed",
                  p.follow_up_on, p.status as "status: PlanStatus", w.display_name as author, p.activated_on,
                  (select a.display_name from account a where a.id = p.activated_by) as activator, p.ended_on,
                  p.ended_reason as "ended_reason: Sealed", p.created_by,
                  (select e.number from placement e where e.id = p.ended_with) as ended_with, p.version
           from plan p join account w on w.id = p.edited_by
           where p.case_id = $1 order by p.kind, p.version_no desc"#,
        id
    )
    .fetch_all(case.read())
    .await?;
    let plans = rows.into_iter().map(|row| Plan {
        id: row.id,
        kind: row.kind,
        version_no: row.version_no,
        texts: Texts {
            interventions: row.interventions,
            other_principals: row.other_principals,
            person_view: row.person_view,
        },
        goals: goals.remove(&row.id).unwrap_or_default(),
        follow_up_on: row.follow_up_on,
        status: row.status,
        author: row.author,
        activated: row.activated_on.zip(row.activator),
        ended: row.ended_on.zip(row.ended_reason.map(Ended::Said).or(row.ended_with.map(Ended::WithPlacement))),
        made_by: row.created_by,
        version: row.version,
    });
    Ok(plans.collect())
}

/// All plans, for work under another right; whoever holds that may also read.
pub async fn read<R: Right + SeesCase>(case: CaseAccess<R>) -> Result<(CaseAccess<R>, Vec<Plan>)> {
    let (case, plans) = case.also::<ReadPlans, _>(list).await?;
    plans.map(|plans| (case, plans)).ok_or(Error::NotFound)
}

/// One of the case's.
pub async fn get<R: Right + SeesCase>(case: CaseAccess<R>, id: Uuid) -> Result<(CaseAccess<R>, Plan)> {
    let (case, plans) = read(case).await?;
    let one = plans.into_iter().find(|plan| plan.id == id).ok_or(Error::NotFound)?;
    Ok((case, one))
}

fn seal(case: &CaseAccess<WritePlan>, new: &NewPlan) -> Result<(Texts<Sealed>, Vec<Goal<Sealed>>)> {
    let keys = case.desk().keys();
    let texts = Texts {
        interventions: keys.seal(INTERVENTIONS.at(new.id), &new.texts.interventions)?,
        other_principals: keys.seal(OTHER_PRINCIPALS.at(new.id), &new.texts.other_principals)?,
        person_view: keys.seal(PERSON_VIEW.at(new.id), &new.texts.person_view)?,
    };
    let goals = new.goals.iter().map(|goal| {
        Ok(Goal {
            id: goal.id,
            text: keys.seal(GOAL.at(goal.id), &goal.text)?,
            target_on: goal.target_on,
            responsible: keys.seal(RESPONSIBLE.at(goal.id), &goal.responsible)?,
        })
    });
    Ok((texts, goals.collect::<Result<_>>()?))
}

/// Keeps a new draft, as the next version of its kind.
pub async fn draft(case: &mut CaseAccess<WritePlan>, new: &NewPlan) -> Result<()> {
    let (case_id, actor) = (case.head().id, case.desk().actor().account);
    let (texts, goals) = seal(case, new)?;
    let work = case.write(Event::PlanDrafted).await?;
    sqlx::query!(
        "insert into plan (id, case_id, kind, version_no, interventions, other_principals, person_view, follow_up_on,
           created_by, edited_by)
         values ($1, $2, $3, (select coalesce(max(version_no), 0) + 1 from plan where case_id = $2 and kind = $3),
           $4, $5, $6, $7, $8, $8)",
        new.id,
        case_id,
        new.kind as PlanKind,
        texts.interventions as Sealed,
        texts.other_principals as Sealed,
        texts.person_view as Sealed,
        new.follow_up_on,
        actor
    )
    .execute(&mut *work)
    .await
    // Somebody else began one at the same moment.
    .map_err(|error| crate::db::on_constraint(error, "plan_version", Error::Stale))?;
    set_goals(work, case_id, new.id, goals).await
}

async fn set_goals(work: &mut PgConnection, case_id: Uuid, plan: Uuid, goals: Vec<Goal<Sealed>>) -> Result<()> {
    sqlx::query!("delete from plan_goal where plan_id = $1", plan).execute(&mut *work).await?;
    for (goal, number) in goals.into_iter().zip(1..) {
        sqlx::query!(
            "insert into plan_goal (id, plan_id, case_id, number, goal, target_on, responsible)
             values ($1, $2, $3, $4, $5, $6, $7)",
            goal.id,
            plan,
            case_id,
            number,
            goal.text as Sealed,
            goal.target_on,
            goal.responsible as Sealed
        )
        .execute(&mut *work)
        .await?;
    }
    Ok(())
}

/// Writes a draft anew. False when somebody else has changed it, or brought it into force.
pub async fn edit(case: &mut CaseAccess<WritePlan>, new: &NewPlan, version: i32) -> Result<bool> {
    let (case_id, actor) = (case.head().id, case.desk().actor().account);
    let (texts, goals) = seal(case, new)?;
    let work = case.write(Event::PlanEdited).await?;
    let edited = sqlx::query!(
        "update plan set interventions = $4, other_principals = $5, person_view = $6, follow_up_on = $7, edited_by = $8,
           version = version + 1
         where id = $1 and case_id = $2 and version = $3 and status = 'draft'",
        new.id,
        case_id,
        version,
        texts.interventions as Sealed,
        texts.other_principals as Sealed,
        texts.person_view as Sealed,
        new.follow_up_on,
        actor
    )
    .execute(&mut *work)
    .await?;
    if edited.rows_affected() != 1 {
        return Ok(false);
    }
    set_goals(work, case_id, new.id, goals).await?;
    Ok(true)
}

/// Takes a draft away, with its goals. False when it is none any more, or somebody else has changed it.
pub async fn discard(case: &mut CaseAccess<WritePlan>, id: Uuid, version: i32) -> Result<bool> {
    let (case_id, actor) = (case.head().id, case.desk().actor().account);
    let work = case.write(Event::PlanDiscarded).await?;
    let mine = sqlx::query_scalar!(
        "select id from plan where id = $1 and case_id = $2 and version = $3 and status = 'draft' and created_by = $4
         for update",
        id,
        case_id,
        version,
        actor
    )
    .fetch_optional(&mut *work)
    .await?;
    if mine.is_none() {
        return Ok(false);
    }
    sqlx::query!("delete from plan_goal where plan_id = $1", id).execute(&mut *work).await?;
    let gone = sqlx::query!("delete from plan where id = $1 and case_id = $2", id, case_id).execute(work).await?;
    Ok(gone.rows_affected() == 1)
}

/// Brings a draft into force on the day, in the place of the version before. False when somebody else has changed it.
pub async fn activate(case: &mut CaseAccess<WritePlan>, one: &Plan, version: i32, on: Date) -> Result<bool> {
    let (case_id, actor) = (case.head().id, case.desk().actor().account);
    let work = case.write(Event::PlanActivated).await?;
    sqlx::query!(
        "update plan set status = 'superseded', version = version + 1
         where case_id = $1 and kind = $2 and status = 'active'",
        case_id,
        one.kind as PlanKind
    )
    .execute(&mut *work)
    .await?;
    let activated = sqlx::query!(
        "update plan set status = 'active', activated_by = $4, activated_on = $5, version = version + 1
         where id = $1 and case_id = $2 and version = $3 and status = 'draft'",
        one.id,
        case_id,
        version,
        actor,
        on
    )
    .execute(work)
    .await?;
    Ok(activated.rows_affected() == 1)
}

/// Ends one that is in force. False when it is not any more.
pub async fn end(case: &mut CaseAccess<WritePlan>, id: Uuid, version: i32, on: Date, reason: &str) -> Result<bool> {
    let (case_id, actor) = (case.head().id, case.desk().actor().account);
    let reason = case.desk().keys().seal(ENDED_REASON.at(id), reason)?;
    let ended = sqlx::query!(
        "update plan set status = 'ended', ended_by = $4, ended_on = $5, ended_reason = $6, version = version + 1
         where id = $1 and case_id = $2 and version = $3 and status = 'active'",
        id,
        case_id,
        version,
        actor,
        on,
        reason as Sealed
    )
    .execute(case.write(Event::PlanEnded).await?)
    .await?;
    Ok(ended.rows_affected() == 1)
}
