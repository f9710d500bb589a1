//! SQL about who is named to see where a person is. The vault itself holds that they are two at most.

use time::OffsetDateTime;
use uuid::Uuid;

use super::form::NewReader;
use crate::access::CaseAccess;
use crate::access::right::{AssignCase, Right, SeesCase};
use crate::audit::{Event, Note};
use crate::error::{Error, Result, constraint};

/// Somebody who sees it, or did.
pub struct Reader {
    pub id: Uuid,
    pub account: Uuid,
    pub name: String,
    pub named_at: OffsetDateTime,
    pub ended_at: Option<OffsetDateTime>,
    /// Nobody, where it follows from the assignment.
    pub named_by: Option<String>,
    pub reason: String,
}

/// Those who are, then those who were.
pub async fn list<R: Right + SeesCase>(case: &mut CaseAccess<R>) -> Result<Vec<Reader>> {
    let id = case.head().id;
    let readers = sqlx::query_as!(
        Reader,
        r#"select r.id as "id!", r.account_id as "account!", n.display_name as name, r.named_at as "named_at!",
                  r.ended_at as "ended_at: OffsetDateTime", b.display_name as "named_by?", r.reason as "reason!"
           from vault.readers($1) r join account n on n.id = r.account_id left join account b on b.id = r.named_by
           order by r.ended_at desc nulls first, r.seat, r.named_at desc"#,
        id
    )
    .fetch_all(case.read())
    .await?;
    case.shown(Note::of(Event::LocationReadersShown).with("count", readers.len()));
    Ok(readers)
}

/// Who works with the case now and can be named, by id and name.
pub async fn candidates<R: Right + SeesCase>(case: &mut CaseAccess<R>) -> Result<Vec<(Uuid, String)>> {
    let (id, account) = (case.head().id, case.desk().actor().account);
    let rows = sqlx::query!(
        "select distinct n.id, n.display_name as name from assignment a join account n on n.id = a.account_id
         join role_grant g on g.account_id = n.id and g.role in ('caseworker', 'coordinator')
           and now() >= g.valid_from and now() < g.valid_to
         where a.case_id = $1 and a.ended_at is null and n.id <> $2 order by n.display_name",
        id,
        account
    )
    .fetch_all(case.read())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// Names one. Stale when somebody else was named in the same moment, or the task has ended: the page has asked before.
pub async fn name(case: &mut CaseAccess<AssignCase>, new: &NewReader) -> Result<()> {
    let opened = case.head().id;
    let work = case.write(Event::LocationReadersChanged).await?;
    let named = sqlx::query_scalar!(
        r#"select vault.name_reader($1, $2, $3, $4) as "named!""#,
        new.id,
        opened,
        new.account,
        new.reason
    )
    .fetch_one(work)
    .await
    .map_err(|error| match constraint(&error) {
        Some("reader_pkey" | "reader_seat" | "reader_once") => Error::Stale,
        _ => error.into(),
    })?;
    if named == "named" { Ok(()) } else { Err(Error::Stale) }
}

/// Ends it. Whoever has done it before has done the same.
pub async fn end(case: &mut CaseAccess<AssignCase>, reader: Uuid) -> Result<()> {
    let opened = case.head().id;
    let work = case.write(Event::LocationReadersChanged).await?;
    sqlx::query_scalar!(r#"select vault.end_reader($1, $2) as "ended!""#, reader, opened).fetch_one(work).await?;
    Ok(())
}
