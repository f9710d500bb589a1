//! SQL about a death.

use uuid::Uuid;

use super::form::NewDeath;
use crate::access::CaseAccess;
use crate::access::right::{ManagePerson, ReadPerson};
use crate::audit::Event;
use crate::consent::store::WITHDRAWN_HOW;
use crate::crypto::seal::{Column, Sealed};
use crate::error::{Error, Result, constraint};

pub const SOURCE: Column = Column("person_death.source");
pub const NOTE: Column = Column("person_death.note");

/// How a consent ended that nobody took back.
const BY_DEATH: &str = "Personen har avlidit.";

/// What was told of a death, still sealed.
pub struct Death {
    pub id: Uuid,
    pub died_on: time::Date,
    pub source: Sealed,
    pub note: Sealed,
    pub registrar: String,
    pub registered_at: time::OffsetDateTime,
}

pub async fn get(case: &mut CaseAccess<ReadPerson>) -> Result<Option<Death>> {
    let person = case.head().person;
    Ok(sqlx::query_as!(
        Death,
        r#"select d.id, d.died_on, d.source as "source: Sealed", d.note as "note: Sealed", a.display_name as registrar,
                  d.registered_at
           from person_death d join account a on a.id = d.registered_by where d.person_id = $1"#,
        person
    )
    .fetch_optional(case.read())
    .await?)
}

/// Registers it, and ends what the person had agreed to. `Stale` when somebody else has done so.
pub async fn register(case: &mut CaseAccess<ManagePerson>, new: &NewDeath) -> Result<()> {
    let (case_id, person) = (case.head().id, case.head().person);
    let (actor, now, today) = (case.desk().actor().account, case.desk().clock().now(), case.desk().clock().today());
    let keys = case.desk().keys();
    let source = keys.seal(SOURCE.at(new.id), &new.source)?;
    let note = keys.seal(NOTE.at(new.id), &new.note)?;
    let agreed = sqlx::query_scalar!(
        "select s.id from consent s join case_file f on f.id = s.case_id
         where f.person_id = $1 and s.withdrawn_at is null and s.valid_to >= $2 order by s.id",
        person,
        today
    )
    .fetch_all(case.read())
    .await?;
    let mut how = Vec::new();
    for id in &agreed {
        how.push(case.desk().keys().seal(WITHDRAWN_HOW.at(*id), BY_DEATH)?.as_bytes().to_vec());
    }
    let work = case.write(Event::DeathRegistered).await?;
    sqlx::query!(
        "insert into person_death (id, person_id, case_id, died_on, source, note, registered_by, registered_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        new.id,
        person,
        case_id,
        new.died_on,
        source as Sealed,
        note as Sealed,
        actor,
        now
    )
    .execute(&mut *work)
    .await
    .map_err(|error| match constraint(&error) {
        Some("person_death_person_id_key" | "person_death_of_active") => Error::Stale,
        Some("person_death_pkey") => Error::NotFound,
        _ => error.into(),
    })?;
    sqlx::query!(
        "update consent s set withdrawn_at = $3, withdrawn_by = $4, withdrawn_how = e.how
         from unnest($1::uuid[], $2::bytea[]) as e(id, how) where s.id = e.id and s.withdrawn_at is null",
        &agreed,
        &how,
        now,
        actor
    )
    .execute(work)
    .await?;
    Ok(())
}
