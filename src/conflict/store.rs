//! SQL about conflicts of interest. The database ends the assignments of whoever has one.

use super::REASON;
use super::form::NewConflict;
use crate::access::CaseAccess;
use crate::access::right::DeclareConflict;
use crate::audit::Event;
use crate::crypto::seal::Sealed;
use crate::error::Result;

/// Closes the person's cases to the account. What was declared before stands as it was.
pub async fn declare(case: &mut CaseAccess<DeclareConflict>, new: &NewConflict) -> Result<()> {
    let (id, person) = (case.head().id, case.head().person);
    let desk = case.desk();
    let (actor, now) = (desk.actor().account, desk.clock().now());
    let reason = desk.keys().seal(REASON.at(new.id), &new.reason)?;
    sqlx::query!(
        "insert into conflict_of_interest (id, account_id, case_id, person_id, reason, declared_at, declared_by)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
        new.id,
        new.account,
        id,
        person,
        reason as Sealed,
        now,
        actor
    )
    .execute(case.write(Event::ConflictDeclared).await?)
    .await?;
    Ok(())
}
