//! SQL about those who stand close to a person.

use uuid::Uuid;

use super::model::{Close, Relation, Removed};
use crate::access::CaseAccess;
use crate::access::right::{ManageRelations, Right, SeesCase};
use crate::audit::Event;
use crate::crypto::keyring::KeyRing;
use crate::crypto::seal::{Column, Sealed};
use crate::db::on_constraint;
use crate::error::{Error, Result};
use crate::person::store::wait_for;
use crate::vocabulary::{ConditionMet, Custody, LivesWith, RelationKind};

/// Where the label opens.
pub const LABEL: Column = Column("relation.label");
/// Where the reason for contact opens.
pub const CONTACT_REASON: Column = Column("relation.contact_reason");

/// Where the reason for taking one out of sight opens.
pub const REMOVE_REASON: Column = Column("relation.remove_reason");

/// Those that hold first, children before others; what was registered by mistake comes last.
pub async fn list<R: Right + SeesCase>(case: &mut CaseAccess<R>) -> Result<Vec<Relation>> {
    let person = case.head().person;
    let rows = sqlx::query!(
        r#"select r.id, r.label as "label: Sealed", r.kind as "kind: RelationKind", r.birth_year,
                  r.lives_with as "lives_with: LivesWith", r.custody as "custody: Custody",
                  r.is_party_to_threat as "is_party_to_threat: ConditionMet", r.contact_allowed,
                  r.contact_reason as "contact_reason: Sealed", r.valid_to, r.removed_on,
                  (select a.display_name from account a where a.id = r.removed_by) as remover,
                  r.remove_reason as "remove_reason: Sealed", r.version
           from relation r
           where r.person_id = $1
           order by r.removed_on is null desc, r.valid_to desc nulls first, r.kind, r.birth_year, r.id limit 100"#,
        person
    )
    .fetch_all(case.read())
    .await?;
    let all = rows.into_iter().map(|row| Relation {
        id: row.id,
        label: row.label,
        kind: row.kind,
        birth_year: row.birth_year,
        lives_with: row.lives_with,
        custody: row.custody,
        is_party_to_threat: row.is_party_to_threat,
        contact_allowed: row.contact_allowed,
        contact_reason: row.contact_reason,
        valid_to: row.valid_to,
        removed: match (row.removed_on, row.remover, row.remove_reason) {
            (Some(on), Some(by), Some(reason)) => Some(Removed { on, by, reason }),
            _ => None,
        },
        version: row.version,
    });
    Ok(all.collect())
}

/// Whether the same form was saved the first time it was sent.
pub async fn exists(case: &mut CaseAccess<ManageRelations>, id: Uuid) -> Result<bool> {
    wait_for(case, id).await?;
    let person = case.head().person;
    Ok(sqlx::query_scalar!(
        r#"select exists (select from relation where id = $1 and person_id = $2) as "exists!""#,
        id,
        person
    )
    .fetch_one(case.read())
    .await?)
}

/// The label and the reason, sealed.
fn sealed(one: &Close, keys: &KeyRing) -> Result<(Sealed, Option<Sealed>)> {
    let reason = one.contact_reason.as_deref();
    let reason = reason.map(|text| keys.seal(CONTACT_REASON.at(one.id), text)).transpose()?;
    Ok((keys.seal(LABEL.at(one.id), &one.label)?, reason))
}

pub async fn register(case: &mut CaseAccess<ManageRelations>, new: &Close) -> Result<()> {
    let (person, actor, now) = (case.head().person, case.desk().actor().account, case.desk().clock().now());
    let (label, reason) = sealed(new, case.desk().keys())?;
    sqlx::query!(
        "insert into relation (id, person_id, label, kind, birth_year, lives_with, custody, is_party_to_threat,
                               contact_allowed, contact_reason, valid_to, registered_by, registered_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        new.id,
        person,
        label as Sealed,
        new.kind as RelationKind,
        new.birth_year,
        new.lives_with as LivesWith,
        new.custody as Option<Custody>,
        new.is_party_to_threat as ConditionMet,
        new.contact_allowed,
        reason as Option<Sealed>,
        new.valid_to,
        actor,
        now
    )
    .execute(case.write(Event::RelationRegistered).await?)
    .await
    // An id that is taken belongs to somebody else's: nobody's fault but a forger's.
    .map_err(|error| on_constraint(error, "relation_pkey", Error::NotFound))?;
    Ok(())
}

/// False when somebody else has changed it since the form was opened.
pub async fn change(case: &mut CaseAccess<ManageRelations>, id: Uuid, new: &Close) -> Result<bool> {
    let person = case.head().person;
    let (label, reason) = sealed(new, case.desk().keys())?;
    let done = sqlx::query!(
        "update relation set label = $4, kind = $5, birth_year = $6, lives_with = $7, custody = $8, is_party_to_threat = $9,
                             contact_allowed = $10, contact_reason = $11, valid_to = $12, version = version + 1
         where id = $1 and person_id = $2 and version = $3 and valid_to is null",
        id,
        person,
        new.version,
        label as Sealed,
        new.kind as RelationKind,
        new.birth_year,
        new.lives_with as LivesWith,
        new.custody as Option<Custody>,
        new.is_party_to_threat as ConditionMet,
        new.contact_allowed,
        reason as Option<Sealed>,
        new.valid_to
    )
    .execute(case.write(Event::RelationChanged).await?)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes one that was registered by mistake out of sight. False when somebody else has changed it meanwhile.
pub async fn remove(case: &mut CaseAccess<ManageRelations>, id: Uuid, version: i32, reason: &str) -> Result<bool> {
    let (person, actor, today) = (case.head().person, case.desk().actor().account, case.desk().clock().today());
    let reason = case.desk().keys().seal(REMOVE_REASON.at(id), reason)?;
    let done = sqlx::query!(
        "update relation set removed_on = $4, removed_by = $5, remove_reason = $6, version = version + 1
         where id = $1 and person_id = $2 and version = $3 and removed_on is null",
        id,
        person,
        version,
        today,
        actor,
        reason as Sealed
    )
    .execute(case.write(Event::RelationRemoved).await?)
    .await?;
    Ok(done.rows_affected() == 1)
}
