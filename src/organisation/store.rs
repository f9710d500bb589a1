//! SQL about the organisation. Founding it is the operator's work; who is signed in only reads.

use sqlx::PgConnection;
use time::Date;
use uuid::Uuid;

use crate::access::{Access, right::Right};
use crate::audit::{self, Event, Note};
use crate::error::Result;

/// A municipality with the one unit that works with defectors.
#[derive(Debug, Clone)]
pub struct NewOrganisation<'n> {
    pub name: &'n str,
    /// Four figures.
    pub code: &'n str,
    pub committee: &'n str,
    pub committee_abbrev: &'n str,
    pub unit: &'n str,
    /// Codes and names.
    pub districts: &'n [(&'n str, &'n str)],
    pub from: Date,
    /// Whether all of it is invented.
    pub is_demo: bool,
}

/// The unit that was founded, and what the log shall say of it.
pub struct Founded {
    pub unit: Uuid,
    pub note: Note,
}

/// A unit, and whether it is on call.
pub struct Unit {
    pub id: Uuid,
    pub name: String,
    pub is_on_call: bool,
}

/// The units that there are on a day, for the operator.
pub async fn units(work: &mut PgConnection, today: Date) -> Result<Vec<Unit>> {
    let units = sqlx::query_as!(
        Unit,
        "select id, name, is_on_call from org_unit where valid_from <= $1 and (valid_to is null or valid_to >= $1) order by name, id",
        today
    );
    Ok(units.fetch_all(work).await?)
}

/// Says whether the unit is on call, through the operator's door. Nothing for the log where it is so already.
pub async fn set_on_call(work: &mut PgConnection, unit: Uuid, on: bool) -> Result<Option<Note>> {
    audit::announce(work, Event::OnCallSet).await?;
    let changed = sqlx::query!("update org_unit set is_on_call = $2 where id = $1 and is_on_call <> $2", unit, on)
        .execute(work)
        .await?;
    let note = Note { changes: true, ..Note::of(Event::OnCallSet).with("unit", unit.to_string()).with("on_call", on) };
    Ok((changed.rows_affected() == 1).then_some(note))
}

/// Founds the organisation, through the operator's door.
pub async fn found(work: &mut PgConnection, new: &NewOrganisation<'_>) -> Result<Founded> {
    audit::announce(work, Event::MunicipalitySet).await?;
    sqlx::query!(
        "insert into municipality (name, code, county_code, is_demo) values ($1, $2::text, left($2::text, 2), $3)",
        new.name,
        new.code,
        new.is_demo
    )
    .execute(&mut *work)
    .await?;
    let (committee, unit) = (Uuid::now_v7(), Uuid::now_v7());
    sqlx::query!(
        "insert into committee (id, name, abbrev, is_social_committee) values ($1, $2, $3, true)",
        committee,
        new.committee,
        new.committee_abbrev
    )
    .execute(&mut *work)
    .await?;
    sqlx::query!(
        "insert into org_unit (id, committee_id, name, valid_from) values ($1, $2, $3, $4)",
        unit,
        committee,
        new.unit,
        new.from
    )
    .execute(&mut *work)
    .await?;
    let (codes, names): (Vec<_>, Vec<_>) =
        new.districts.iter().map(|(code, name)| ((*code).to_owned(), (*name).to_owned())).unzip();
    sqlx::query!(
        "insert into district (id, name, code, valid_from)
         select gen_random_uuid(), d.name, d.code, $3 from unnest($1::text[], $2::text[]) as d(code, name)",
        &codes,
        &names,
        new.from
    )
    .execute(work)
    .await?;
    Ok(Founded { unit, note: Note { changes: true, ..Note::of(Event::MunicipalitySet) } })
}

/// What the municipality is called; none before it is founded.
pub async fn name(work: &mut PgConnection) -> Result<Option<String>> {
    Ok(sqlx::query_scalar!("select name from municipality").fetch_optional(work).await?)
}

/// A district to choose.
#[derive(Debug, Clone)]
pub struct District {
    pub id: Uuid,
    pub name: String,
}

/// The districts that hold today, in order.
pub async fn districts<R: Right>(access: &mut Access<R>) -> Result<Vec<District>> {
    let today = access.desk().clock().today();
    Ok(sqlx::query_as!(
        District,
        "select id, name from district where valid_from <= $1 and (valid_to is null or valid_to >= $1) order by code",
        today
    )
    .fetch_all(access.read())
    .await?)
}
