//! SQL about people. Row security shows a person to whoever sees one of their cases.

use sqlx::PgConnection;
use time::Date;
use uuid::Uuid;

use super::form::SealedIdentity;
use crate::access::right::ReadPerson;
use crate::access::{CaseAccess, Receipt};
use crate::crypto::seal::Sealed;
use crate::error::{Error, Result};
use crate::personal::Personal;
use crate::vocabulary::{IdentityKind, Sex};

/// What a person is and was called, still sealed.
pub struct Identity {
    pub id: Uuid,
    pub kind: IdentityKind,
    pub number: Sealed,
    pub given_name: Sealed,
    pub family_name: Sealed,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
}

impl Identity {
    /// Given and family name.
    pub fn names(&self, receipt: &Receipt) -> Result<(Personal, Personal)> {
        let given = receipt.open(super::GIVEN_NAME.at(self.id), &self.given_name)?;
        Ok((given, receipt.open(super::FAMILY_NAME.at(self.id), &self.family_name)?))
    }

    pub fn number(&self, receipt: &Receipt) -> Result<Personal> {
        receipt.open(super::NUMBER.at(self.id), &self.number)
    }
}

pub async fn sex(case: &mut CaseAccess<ReadPerson>) -> Result<Sex> {
    let person = case.head().person;
    sqlx::query_scalar!(r#"select sex as "sex: Sex" from person where id = $1"#, person)
        .fetch_optional(case.read())
        .await?
        .ok_or_else(|| Error::internal("a case without its person"))
}

/// The newest first: the one that holds.
pub async fn identities(case: &mut CaseAccess<ReadPerson>) -> Result<Vec<Identity>> {
    let person = case.head().person;
    identities_of(case.read(), person).await
}

/// A step of opening a case for somebody who is known.
pub(crate) async fn identities_of(work: &mut PgConnection, person: Uuid) -> Result<Vec<Identity>> {
    Ok(sqlx::query_as!(
        Identity,
        r#"select id, kind as "kind: IdentityKind", number as "number: Sealed", given_name as "given_name: Sealed",
                  family_name as "family_name: Sealed", valid_from, valid_to
           from person_identity where person_id = $1 order by valid_from desc, id desc"#,
        person
    )
    .fetch_all(work)
    .await?)
}

/// A step of opening a case: the caller has announced it.
pub(crate) async fn register(
    work: &mut PgConnection,
    person: Uuid,
    sex: Sex,
    birth_date: Option<&Sealed>,
    created_by: Uuid,
) -> Result<()> {
    sqlx::query!(
        "insert into person (id, sex, birth_date, created_by) values ($1, $2, $3, $4)",
        person,
        sex as Sex,
        birth_date.map(Sealed::as_bytes),
        created_by
    )
    .execute(work)
    .await?;
    Ok(())
}

/// A step of opening a case: the caller has announced it.
pub(crate) async fn identify(
    work: &mut PgConnection,
    person: Uuid,
    identity: &SealedIdentity,
    from: Date,
) -> Result<()> {
    sqlx::query!(
        "insert into person_identity (id, person_id, kind, number, number_blind, given_name, family_name, valid_from)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        identity.id,
        person,
        identity.kind as IdentityKind,
        identity.number.as_bytes(),
        identity.blind,
        identity.given_name.as_bytes(),
        identity.family_name.as_bytes(),
        from
    )
    .execute(work)
    .await?;
    Ok(())
}
