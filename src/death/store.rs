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
pub const REVOKED_WHY: Column = Column("person_death.revoked_why");
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
    pub revoked_by: Option<String>,
    pub revoked_at: Option<time::OffsetDateTime>,
    pub revoked_why: Option<Sealed>,
}

/// What was registered, the newest first: the one that stands, and those that were taken back.
pub async fn list(case: &mut CaseAccess<ReadPerson>) -> Result<Vec<Death>> {
    let person = case.head().person;
    Ok(sqlx::query_as!(
        Death,
        r#"select d.id, d.died_on, d.source as "source: Sealed", d.note as "note: Sealed", a.display_name as registrar,
                  d.registered_at, b.display_name as "revoked_by?", d.revoked_at, d.revoked_why as "revoked_why: Sealed"
           from person_death d join account a on a.id = d.registered_by left join account b on b.id = d.revoked_by
           where d.person_id = $1 order by d.registered_at desc limit 20"#,
        person
    )
    .fetch_all(case.read())
    .await?)
}

/// Takes back what was registered by mistake. False when somebody has done so already, or it is another's.
pub async fn revoke(case: &mut CaseAccess<ManagePerson>, death: Uuid, why: &str) -> Result<bool> {
    let person = case.head().person;
    let (actor, now) = (case.desk().actor().account, case.desk().clock().now());
    let why = case.desk().keys().seal(REVOKED_WHY.at(death), why)?;
    let revoked = sqlx::query!(
        "update person_death set revoked_at = $3, revoked_by = $4, revoked_why = $5
         where id = $1 and person_id = $2 and revoked_at is null",
        death,
        person,
        now,
        actor,
        why as Sealed
    )
    .execute(case.write(Event::DeathRevoked).await?)
    .await?;
    Ok(revoked.rows_affected() == 1)
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
