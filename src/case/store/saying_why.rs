//! SQL about why somebody opened a protected case that is not theirs.

use uuid::Uuid;

use crate::access::CaseAccess;
use crate::access::right::SayWhy;
use crate::audit::Event;
use crate::error::{Error, Result};
use crate::vocabulary::ProtectedReason;

/// Keeps it beside the log. The same form sent twice says it once.
pub async fn say(case: &mut CaseAccess<SayWhy>, id: Uuid, reason: ProtectedReason) -> Result<()> {
    let opened = case.head().id;
    let desk = case.desk();
    let (account, today, now) = (desk.actor().account, desk.clock().today(), desk.clock().now());
    let said = sqlx::query!(
        "insert into protected_opening (id, case_id, account_id, session_id, reason, opened_on, opened_at)
         select $1, $2, $3, sec.session_id(), $4, $5, $6
         on conflict (id) do nothing",
        id,
        opened,
        account,
        reason as ProtectedReason,
        today,
        now
    )
    .execute(case.write(Event::WhySaid).await?)
    .await?;
    if said.rows_affected() == 1 { Ok(()) } else { Err(Error::Stale) }
}
