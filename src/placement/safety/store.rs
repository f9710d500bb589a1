//! SQL about safe places. Both what the police said and where the home lies stay sealed: only the answer comes out.

use uuid::Uuid;

use crate::access::CaseAccess;
use crate::access::right::{ManagePlacements, ReadCase};
use crate::crypto::seal::{Column, Sealed};
use crate::error::Result;
use crate::placement::location::store::HOME_MUNICIPALITY;
use crate::threat::store::UNSAFE_AREAS;

pub const UNSAFE_REASON: Column = Column("placement.unsafe_reason");

/// Whether the home lies in one of the areas of the confirmed assessment, also of one that has gone out of date: nobody
/// has said since that it is safe there.
pub async fn is_unsafe(case: &mut CaseAccess<ManagePlacements>, home: Uuid) -> Result<bool> {
    let id = case.head().id;
    let row = sqlx::query!(
        r#"select t.id, t.unsafe_areas as "areas: Sealed", h.municipality as "municipality: Sealed"
           from threat_assessment t, provider_home h where t.case_id = $1 and t.status = 'confirmed' and h.id = $2"#,
        id,
        home
    )
    .fetch_optional(case.read())
    .await?;
    let Some(row) = row else { return Ok(false) };
    let desk = case.desk();
    desk.ask(UNSAFE_AREAS.at(row.id), &row.areas, |areas| {
        desk.ask(HOME_MUNICIPALITY.at(home), &row.municipality, |place| areas.names_municipality(place))
    })?
}

/// Why somebody was placed there all the same.
pub async fn reason(case: &mut CaseAccess<ReadCase>, placement: Uuid) -> Result<Option<Sealed>> {
    let id = case.head().id;
    Ok(sqlx::query_scalar!(
        r#"select unsafe_reason as "reason: Sealed" from placement where id = $1 and case_id = $2"#,
        placement,
        id
    )
    .fetch_optional(case.read())
    .await?
    .flatten())
}
