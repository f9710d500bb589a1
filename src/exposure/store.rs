//! SQL of the marks: two functions of the vault, one for whoever places somebody, one for whoever writes about them.

use std::collections::HashSet;

use uuid::Uuid;

use super::form::KnownPlace;
use super::{Mark, marks};
use crate::access::CaseAccess;
use crate::access::right::{ManagePlacements, ReadCase};
use crate::crypto::seal::{Column, Sealed};
use crate::error::Result;
use crate::provider::store::{HOME_ADDRESS, HOME_MUNICIPALITY, HOME_NAME};

/// Lays the marks of a home beside the location that names it, in the transaction that puts it there. Homes do not move:
/// one that does is another home.
pub async fn remember(case: &mut CaseAccess<ManagePlacements>, placement: Uuid, home: Uuid, note: &str) -> Result<()> {
    let row = sqlx::query!(
        r#"select name as "name: Sealed", municipality as "municipality: Sealed", address as "address: Sealed"
           from provider_home where id = $1"#,
        home
    )
    .fetch_one(case.read())
    .await?;
    let desk = case.desk();
    let known = |column: Column, sealed: &Sealed| desk.ask(column.at(home), sealed, Clone::clone);
    let place = KnownPlace {
        name: known(HOME_NAME, &row.name)?,
        municipality: known(HOME_MUNICIPALITY, &row.municipality)?,
        address: known(HOME_ADDRESS, &row.address)?,
    };
    let marks = marks(desk.keys(), case.head().id, &place.words(note));
    sqlx::query!("select vault.put_marks($1, $2)", placement, &marks.concat()).execute(case.read()).await?;
    Ok(())
}

/// The marks of every place of the case, of ended placements too: where somebody was leads to where they are.
pub(super) async fn of_case(case: &mut CaseAccess<ReadCase>) -> Result<HashSet<Mark>> {
    let id = case.head().id;
    let marks = sqlx::query_scalar!(r#"select vault.marks($1) as "marks!""#, id).fetch_one(case.read()).await?;
    Ok(marks.as_chunks().0.iter().copied().collect())
}
