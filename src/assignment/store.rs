//! SQL about who works with a case.

use time::OffsetDateTime;
use uuid::Uuid;

use super::model::{Assignment, NamingFault, NewAssignment, ended_by};
use crate::access::CaseAccess;
use crate::access::right::{AssignCase, Right, SeesCase};
use crate::audit::Event;
use crate::error::{Error, Result, constraint};
use crate::vocabulary::AssignmentKind;

/// All of them, those that run first, then the latest ended.
pub async fn list<R: Right + SeesCase>(case: &mut CaseAccess<R>) -> Result<Vec<Assignment>> {
    let id = case.head().id;
    Ok(sqlx::query_as!(
        Assignment,
        r#"select a.id, a.account_id as account, n.display_name as name, a.kind as "kind: AssignmentKind", a.started_at,
                  a.ended_at as "ended_at: OffsetDateTime", g.display_name as granted_by, a.reason
           from assignment a join account n on n.id = a.account_id join account g on g.id = a.granted_by
           where a.case_id = $1
           order by a.ended_at desc nulls first, a.kind, a.started_at desc limit 200"#,
        id
    )
    .fetch_all(case.read())
    .await?)
}

/// Names a colleague, and ends what their naming takes the place of. The same form sent twice names once.
pub async fn assign(
    case: &mut CaseAccess<AssignCase>,
    new: &NewAssignment,
) -> Result<std::result::Result<(), NamingFault>> {
    let (id, actor) = (case.head().id, case.desk().actor().account);
    let all = list(case).await?;
    if all.iter().any(|one| one.id == new.id) {
        return Ok(Ok(()));
    }
    let running: Vec<_> = all.into_iter().filter(|one| one.ended_at.is_none()).collect();
    let ended = match ended_by(new, &running, actor) {
        Ok(ended) => ended,
        Err(fault) => return Ok(Err(fault)),
    };
    let has_conflict = sqlx::query_scalar!(r#"select sec.has_conflict($1, $2) as "has!""#, new.account, id);
    if has_conflict.fetch_one(case.read()).await? {
        return Ok(Err(NamingFault::HasConflict));
    }
    let work = case.write(Event::AssignmentsChanged).await?;
    sqlx::query!("update assignment set ended_at = now() where id = any($1) and ended_at is null", &ended)
        .execute(&mut *work)
        .await?;
    sqlx::query!(
        "insert into assignment (id, case_id, account_id, kind, granted_by, reason) values ($1, $2, $3, $4, $5, $6)",
        new.id,
        id,
        new.account,
        new.kind as AssignmentKind,
        actor,
        new.reason
    )
    .execute(work)
    .await
    .map_err(|error| match constraint(&error) {
        // Somebody else was named in the same moment.
        Some("assignment_one_responsible" | "assignment_one_coordinator" | "assignment_once" | "assignment_pkey") => {
            Error::Stale
        }
        _ => error.into(),
    })?;
    Ok(Ok(()))
}

/// Ends one. Whoever has ended it before has done the same.
pub async fn end(case: &mut CaseAccess<AssignCase>, assignment: Uuid) -> Result<()> {
    let id = case.head().id;
    sqlx::query!(
        "update assignment set ended_at = now()
         where id = $1 and case_id = $2 and ended_at is null and kind <> 'responsible'",
        assignment,
        id
    )
    .execute(case.write(Event::AssignmentsChanged).await?)
    .await?;
    Ok(())
}
