//! SQL of the vault: one function of Postgres puts a location in, one lets it out to whoever it knows by name.

use uuid::Uuid;

use super::super::model::Placement;
use crate::access::CaseAccess;
use crate::access::right::OpenLocation;
use crate::audit::{Event, Note};
use crate::crypto::seal::{Column, Sealed};
use crate::error::{Error, Result};

/// Under the key of locations; all others are under the key of fields.
pub const LOCATION: Column = Column("vault.location.sealed");
pub const HOME_MUNICIPALITY: Column = Column("provider_home.municipality");
pub const HOME_ADDRESS: Column = Column("provider_home.address");
const OPENING_REASON: Column = Column("vault.opening.reason");

/// A provider's home, sealed.
pub struct SealedHome {
    pub id: Uuid,
    pub name: Sealed,
    pub municipality: Sealed,
    pub address: Sealed,
}

/// All homes of a provider: which of them it is, is known only when the location has been opened.
pub async fn homes_of(case: &mut CaseAccess<OpenLocation>, provider: Uuid) -> Result<Vec<SealedHome>> {
    Ok(sqlx::query_as!(
        SealedHome,
        r#"select id, name as "name: Sealed", municipality as "municipality: Sealed", address as "address: Sealed"
           from provider_home where provider_id = $1"#,
        provider
    )
    .fetch_all(case.read())
    .await?)
}

/// The sealed location, for whoever the vault lets in; to all others it is not there.
pub async fn open_location(case: &mut CaseAccess<OpenLocation>, placement: &Placement, reason: &str) -> Result<Sealed> {
    let reason = case.desk().keys().seal(OPENING_REASON.at(placement.id), reason)?;
    let note = Note::of(Event::LocationOpened).with("placement", placement.id.to_string());
    let work = case.look(note).await?;
    let sealed =
        sqlx::query_scalar!(r#"select vault.read($1, $2) as "location: Sealed""#, placement.id, reason.as_bytes())
            .fetch_one(work)
            .await?;
    sealed.ok_or(Error::NotFound)
}
