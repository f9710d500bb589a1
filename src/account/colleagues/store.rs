//! SQL about colleagues. Row security shows them to those who work with cases and to nobody else.

use std::collections::HashMap;

use sqlx::PgConnection;
use uuid::Uuid;

use super::Colleague;
use crate::access::CaseAccess;
use crate::access::right::AssignCase;
use crate::error::Result;
use crate::vocabulary::Role;

/// Everyone who works with cases today, by name. Takes the connection of whatever access the page holds.
pub async fn working(work: &mut PgConnection) -> Result<Vec<Colleague>> {
    Ok(sqlx::query_as!(
        Colleague,
        r#"select a.id as account, a.display_name as name, g.role as "role: Role"
           from account a join role_grant g on g.account_id = a.id and now() >= g.valid_from and now() < g.valid_to
           where a.is_active and g.role in ('caseworker', 'coordinator', 'manager')
           order by translate(a.display_name, 'ÅÄÖåäö', '[\]{|}'), a.id"#
    )
    .fetch_all(work)
    .await?)
}

/// How many open cases each has, for whoever divides the work. Those without one are not in it.
pub async fn workload(case: &mut CaseAccess<AssignCase>) -> Result<HashMap<Uuid, i64>> {
    let rows = sqlx::query!(r#"select account_id as "account!", open_cases as "open_cases!" from sec.workload()"#)
        .fetch_all(case.read())
        .await?;
    Ok(rows.into_iter().map(|row| (row.account, row.open_cases)).collect())
}
