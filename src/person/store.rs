//! SQL about people. Row security shows a person to whoever sees one of their cases.

use sqlx::PgConnection;
use time::Date;
use uuid::Uuid;

use super::form::SealedIdentity;
use crate::access::right::{ManagePerson, Right, SeesCase};
use crate::access::{CaseAccess, Receipt};
use crate::audit::Event;
use crate::crypto::seal::Sealed;
use crate::error::{Error, Result};
use crate::personal::Personal;
use crate::vocabulary::{BirthDatePrecision, IdentityKind, PersonStatus, Sex};

/// What a person is and was called, still sealed.
#[derive(Clone)]
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

/// What else is known of a person.
pub struct Described {
    pub sex: Sex,
    pub status: PersonStatus,
    pub status_on: Option<Date>,
    pub precision: BirthDatePrecision,
    /// Sealed at [`super::INTERPRETER_LANGUAGE`].
    pub interpreter_language: Option<Sealed>,
    pub version: i32,
}

pub async fn described<R: Right + SeesCase>(case: &mut CaseAccess<R>) -> Result<Described> {
    let person = case.head().person;
    sqlx::query_as!(
        Described,
        r#"select sex as "sex: Sex", status as "status: PersonStatus", status_on,
                  birth_date_precision as "precision: BirthDatePrecision",
                  interpreter_language as "interpreter_language: Sealed", version
           from person where id = $1"#,
        person
    )
    .fetch_optional(case.read())
    .await?
    .ok_or_else(|| Error::internal("a case without its person"))
}

/// Stale when somebody else has changed it since the form was opened.
pub async fn describe(
    case: &mut CaseAccess<ManagePerson>,
    version: i32,
    sex: Sex,
    precision: BirthDatePrecision,
    interpreter_language: Option<&Sealed>,
) -> Result<()> {
    let person = case.head().person;
    let done = sqlx::query!(
        "update person set sex = $3, birth_date_precision = $4, interpreter_language = $5, version = version + 1
         where id = $1 and version = $2",
        person,
        version,
        sex as Sex,
        precision as BirthDatePrecision,
        interpreter_language.map(Sealed::as_bytes)
    )
    .execute(case.write(Event::PersonChanged).await?)
    .await?;
    if done.rows_affected() == 0 { Err(Error::Stale) } else { Ok(()) }
}

/// The same form sent twice at the same moment: the second waits here for the first.
pub(super) async fn wait_for<R: Right + SeesCase>(case: &mut CaseAccess<R>, id: Uuid) -> Result<()> {
    sqlx::query_scalar!(r#"select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 0))::text as "locked""#, id)
        .fetch_one(case.read())
        .await?;
    Ok(())
}

/// The one that holds first, then the newest.
pub async fn identities<R: Right + SeesCase>(case: &mut CaseAccess<R>) -> Result<Vec<Identity>> {
    let person = case.head().person;
    identities_of(case.read(), person).await
}

/// A step of opening a case for somebody who is known.
pub(crate) async fn identities_of(work: &mut PgConnection, person: Uuid) -> Result<Vec<Identity>> {
    Ok(sqlx::query_as!(
        Identity,
        r#"select id, kind as "kind: IdentityKind", number as "number: Sealed", given_name as "given_name: Sealed",
                  family_name as "family_name: Sealed", valid_from, valid_to
           from person_identity where person_id = $1 
           order by valid_to desc nulls first, valid_from desc, id desc"#,
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

/// Registers what the person is called from a day on; what held until then ends on the day before. A step of opening a
/// case and of changing a name: the caller has announced it.
pub(crate) async fn identify(
    work: &mut PgConnection,
    person: Uuid,
    identity: &SealedIdentity,
    from: Date,
) -> Result<()> {
    sqlx::query!(
        "update person_identity set valid_to = greatest(valid_from, $2::date - 1)
         where person_id = $1 and valid_to is null",
        person,
        from
    )
    .execute(&mut *work)
    .await?;
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
    .execute(&mut *work)
    .await
    // Somebody else was quicker: one holds at a time.
    .map_err(|error| crate::db::on_constraint(error, "person_identity_one_current", Error::Stale))?;
    sqlx::query!(
        "insert into searchable_name (identity_id, person_id, name_blind) values ($1, $2, $3)",
        identity.id,
        person,
        identity.name_blind
    )
    .execute(work)
    .await?;
    Ok(())
}
