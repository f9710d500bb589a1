//! SQL about the money that the state pays for a case.

use crate::access::CaseAccess;
use crate::access::right::ReadCase;
use crate::error::Result;
use crate::money::Ore;

/// The state money that the case has been granted in all.
pub async fn granted(case: &mut CaseAccess<ReadCase>) -> Result<Ore> {
    let id = case.head().id;
    Ok(sqlx::query_scalar!(
        r#"select coalesce(sum(granted_ore), 0)::bigint as "granted!: Ore" from fund_application where case_id = $1"#,
        id
    )
    .fetch_one(case.read())
    .await?)
}
