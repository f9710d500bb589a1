//! SQL about the ways to reach a person. Row security shows none of somebody whose identity was broken.

use time::Date;
use uuid::Uuid;

use super::model::{ContactDetail, NewContactDetail};
use crate::access::CaseAccess;
use crate::access::right::{ManagePerson, Right, SeesCase};
use crate::audit::Event;
use crate::crypto::seal::{Column, Sealed};
use crate::db::on_constraint;
use crate::error::{Error, Result};
use crate::person::store::wait_for;
use crate::vocabulary::ContactDetailKind;

/// Where the value opens.
pub const VALUE: Column = Column("contact_detail.value");
/// Where the times open.
pub const ALLOWED_TIMES: Column = Column("contact_detail.allowed_times");

/// Those that hold first, then the newest.
pub async fn list<R: Right + SeesCase>(case: &mut CaseAccess<R>) -> Result<Vec<ContactDetail>> {
    let person = case.head().person;
    Ok(sqlx::query_as!(
        ContactDetail,
        r#"select id, kind as "kind: ContactDetailKind", value as "value: Sealed", is_safe,
                  allowed_times as "allowed_times: Sealed", valid_from, valid_to, ended_by is not null as "is_ended!"
           from contact_detail
           where person_id = $1 order by valid_to desc nulls first, valid_from desc, id desc limit 100"#,
        person
    )
    .fetch_all(case.read())
    .await?)
}

/// Whether the same form was saved the first time it was sent.
pub async fn exists(case: &mut CaseAccess<ManagePerson>, id: Uuid) -> Result<bool> {
    wait_for(case, id).await?;
    let person = case.head().person;
    Ok(sqlx::query_scalar!(
        r#"select exists (select from contact_detail where id = $1 and person_id = $2) as "exists!""#,
        id,
        person
    )
    .fetch_one(case.read())
    .await?)
}

pub async fn register(case: &mut CaseAccess<ManagePerson>, new: &NewContactDetail) -> Result<()> {
    let (person, actor, now) = (case.head().person, case.desk().actor().account, case.desk().clock().now());
    let keys = case.desk().keys();
    let value = keys.seal(VALUE.at(new.id), &new.value)?;
    let times = new.allowed_times.as_deref().map(|text| keys.seal(ALLOWED_TIMES.at(new.id), text)).transpose()?;
    sqlx::query!(
        "insert into contact_detail (id, person_id, kind, value, is_safe, allowed_times, valid_from, registered_by,
                                     registered_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        new.id,
        person,
        new.kind as ContactDetailKind,
        value as Sealed,
        new.is_safe,
        times as Option<Sealed>,
        new.valid_from,
        actor,
        now
    )
    .execute(case.write(Event::ContactDetailRegistered).await?)
    .await
    // An id that is taken belongs to somebody else's: nobody's fault but a forger's.
    .map_err(|error| on_constraint(error, "contact_detail_pkey", Error::NotFound))?;
    Ok(())
}

/// From a day on it holds no more. Whoever ended it before has done the same.
pub async fn end(case: &mut CaseAccess<ManagePerson>, id: Uuid, last: Date) -> Result<()> {
    let (person, actor) = (case.head().person, case.desk().actor().account);
    sqlx::query!(
        "update contact_detail set valid_to = $3, ended_by = $4
         where id = $1 and person_id = $2 and ended_by is null",
        id,
        person,
        last,
        actor
    )
    .execute(case.write(Event::ContactDetailEnded).await?)
    .await?;
    Ok(())
}
