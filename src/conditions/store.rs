//! SQL about what was signed at the police.

use uuid::Uuid;

use super::model::{Conditions, NewConditions};
use crate::access::CaseAccess;
use crate::access::right::{ReadPoliceContacts, RegisterPoliceContact};
use crate::audit::Event;
use crate::crypto::seal::{Column, Sealed};
use crate::error::{Error, Result, constraint};
use crate::vocabulary::ProgrammeRule;

pub const LABEL: Column = Column("programme_conditions.label");
pub const DOCUMENT_REF: Column = Column("programme_conditions.document_ref");
pub const OWN_RULES: Column = Column("programme_conditions.own_rules");

/// All versions, the newest first: that one holds.
pub async fn list(case: &mut CaseAccess<ReadPoliceContacts>) -> Result<Vec<Conditions>> {
    let id = case.head().id;
    Ok(sqlx::query_as!(
        Conditions,
        r#"select p.id, p.number, p.signed_on, p.label as "label: Sealed", p.document_ref as "document_ref: Sealed",
                  p.rules as "rules: Vec<ProgrammeRule>", p.own_rules as "own_rules: Sealed", p.told_consequences,
                  a.display_name as registrar, p.registered_at
           from programme_conditions p join account a on a.id = p.registered_by
           where p.case_id = $1 order by p.number desc limit 100"#,
        id
    )
    .fetch_all(case.read())
    .await?)
}

/// Whether the same form was saved the first time it was sent.
pub async fn exists(case: &mut CaseAccess<RegisterPoliceContact>, id: Uuid) -> Result<bool> {
    let case_id = case.head().id;
    // The same form sent twice at the same moment: the second waits here.
    sqlx::query_scalar!(r#"select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 0))::text as "locked""#, id)
        .fetch_one(case.read())
        .await?;
    Ok(sqlx::query_scalar!(
        r#"select exists (select from programme_conditions where id = $1 and case_id = $2) as "exists!""#,
        id,
        case_id
    )
    .fetch_one(case.read())
    .await?)
}

/// Registers the next version. `Stale` when somebody else did so in the very moment.
pub async fn register(case: &mut CaseAccess<RegisterPoliceContact>, new: &NewConditions) -> Result<()> {
    let (case_id, actor, now) = (case.head().id, case.desk().actor().account, case.desk().clock().now());
    let keys = case.desk().keys();
    let label = keys.seal(LABEL.at(new.id), &new.label)?;
    let paper = new.document_ref.as_deref().map(|text| keys.seal(DOCUMENT_REF.at(new.id), text)).transpose()?;
    let own = new.own_rules.as_deref().map(|text| keys.seal(OWN_RULES.at(new.id), text)).transpose()?;
    sqlx::query!(
        "insert into programme_conditions (id, case_id, number, signed_on, label, document_ref, rules, own_rules,
                                           told_consequences, registered_by, registered_at)
         select $1, $2, coalesce(max(p.number), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $10
         from programme_conditions p where p.case_id = $2",
        new.id,
        case_id,
        new.signed_on,
        label as Sealed,
        paper as Option<Sealed>,
        &new.rules as &[ProgrammeRule],
        own as Option<Sealed>,
        new.told_consequences,
        actor,
        now
    )
    .execute(case.write(Event::ConditionsRegistered).await?)
    .await
    .map_err(|error| match constraint(&error) {
        Some("programme_conditions_number") => Error::Stale,
        // An id that is taken belongs to another case: nobody's fault but a forger's.
        Some("programme_conditions_pkey") => Error::NotFound,
        _ => error.into(),
    })?;
    Ok(())
}
