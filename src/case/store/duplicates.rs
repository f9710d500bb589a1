//! SQL about cases that may be about the same person. Row security shows one only to a coordinator who sees both cases.

use time::OffsetDateTime;
use uuid::Uuid;

use crate::access::Access;
use crate::access::right::SettleDuplicates;
use crate::audit::{Event, Note};
use crate::error::Result;
use crate::vocabulary::DuplicateOutcome;

/// The longest list; the rest comes up when the first are done.
pub const AT_MOST: i64 = 100;

/// Two cases with the same number. Nobody is named.
pub struct Duplicate {
    pub id: Uuid,
    pub reference: String,
    pub other_reference: String,
    pub found_at: OffsetDateTime,
    pub outcome: Option<DuplicateOutcome>,
    pub handled_at: Option<OffsetDateTime>,
    pub handler: Option<String>,
    pub case: Uuid,
    pub other_case: Uuid,
}

/// Those that wait, the oldest first, then those that were settled, the newest first; on the trail.
pub async fn list(access: &mut Access<SettleDuplicates>) -> Result<Vec<Duplicate>> {
    let found = sqlx::query_as!(
        Duplicate,
        r#"select d.id, c.reference, o.reference as other_reference, d.found_at,
                  d.outcome as "outcome: DuplicateOutcome", d.handled_at,
                  (select h.display_name from account h where h.id = d.handled_by) as handler,
                  c.id as "case", o.id as other_case
           from possible_duplicate d
           join case_file c on c.id = d.case_id
           join case_file o on o.id = d.other_case_id
           order by d.handled_at desc nulls first, d.found_at, d.id
           limit $1"#,
        AT_MOST
    )
    .fetch_all(access.read())
    .await?;
    let mut cases: Vec<_> = found.iter().flat_map(|one| [one.case, one.other_case]).collect();
    cases.sort_unstable();
    cases.dedup();
    access.shown(Note { cases, ..Note::of(Event::DuplicatesListed).with("count", found.len()) });
    Ok(found)
}

/// False when somebody else has said it before.
pub async fn settle(access: &mut Access<SettleDuplicates>, one: &Duplicate, outcome: DuplicateOutcome) -> Result<bool> {
    let (account, now) = (access.desk().actor().account, access.desk().clock().now());
    let done = sqlx::query!(
        "update possible_duplicate set outcome = $2, handled_at = $3, handled_by = $4 where id = $1 and outcome is null",
        one.id,
        outcome as DuplicateOutcome,
        now,
        account
    )
    .execute(access.write(Event::DuplicateSettled, Some(one.case)).await?)
    .await?;
    Ok(done.rows_affected() == 1)
}
