//! SQL about a new identity. What it replaces ends with it; see `person::store::identify`.

use uuid::Uuid;

use super::form::NewIdentity;
use crate::access::CaseAccess;
use crate::access::right::ManagePerson;
use crate::audit::Event;
use crate::crypto::seal::Sealed;
use crate::error::Result;
use crate::person::NUMBER;
use crate::person::form::SealedIdentity;
use crate::person::model::IdentityNumber;
use crate::person::store::{Identity, identify, wait_for};
use crate::personal::Personal;

/// Whether the same form was saved the first time it was sent.
pub async fn exists(case: &mut CaseAccess<ManagePerson>, id: Uuid) -> Result<bool> {
    wait_for(case, id).await?;
    let person = case.head().person;
    Ok(sqlx::query_scalar!(
        r#"select exists (select from person_identity where id = $1 and person_id = $2) as "exists!""#,
        id,
        person
    )
    .fetch_one(case.read())
    .await?)
}

/// Puts it in the place of the current one. A number that stays goes from one seal to the next and is shown to nobody.
pub async fn replace(case: &mut CaseAccess<ManagePerson>, current: &Identity, new: &NewIdentity) -> Result<()> {
    let (person, desk) = (case.head().person, case.desk());
    let number = if let Some(number) = &new.number {
        number.clone()
    } else {
        let text = desk.ask(NUMBER.at(current.id), &current.number, Personal::clone)?;
        IdentityNumber::kept(current.kind, text, None)
    };
    let identity = SealedIdentity::of(new.id, &number, (&new.given_name, &new.family_name), desk.keys())?;
    let birth_date = number.seal_birth_date(desk.keys(), person)?;
    let work = case.write(Event::PersonIdentified).await?;
    identify(work, person, &identity, new.valid_from).await?;
    if let Some(birth_date) = birth_date {
        sqlx::query!(
            "update person set birth_date = $2, birth_date_precision = 'day', version = version + 1 where id = $1",
            person,
            birth_date as Sealed
        )
        .execute(work)
        .await?;
    }
    Ok(())
}
