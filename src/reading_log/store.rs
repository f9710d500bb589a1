//! SQL about who has looked. The log itself is open to no colleague: its own functions give out what may be known.

use sqlx::PgConnection;
use uuid::Uuid;

use super::model::Look;
use crate::access::right::{ReadLooks, ReviewGlass, ReviewLooks};
use crate::access::{Access, CaseAccess};
use crate::audit::{Event, Note};
use crate::error::Result;

/// More than this are not counted.
pub const COUNTED: i64 = 5000;
/// The most that is shown of one hour.
const OF_A_GLASS: i64 = 500;

/// A part of the log, and how long it is.
pub struct Part {
    pub looks: Vec<Look>,
    pub total: i64,
}

/// Of the case, on the trail.
pub async fn of_case(case: &mut CaseAccess<ReadLooks>, skip: i64, take: i64) -> Result<Part> {
    let id = case.head().id;
    let part = part(case.read(), id, skip, take).await?;
    case.shown(Note::of(Event::LooksShown));
    Ok(part)
}

/// Whether there is a case of the reference.
pub async fn exists(access: &mut Access<ReviewLooks>, reference: &str) -> Result<bool> {
    let found = sqlx::query_scalar!("select sec.case_of_log($1)", reference).fetch_one(access.read()).await?;
    access.shown(Note::of(Event::LooksShown).with("found", found.is_some()));
    Ok(found.is_some())
}

/// Of the case of the reference, whoever's it is, on the trail. Nothing where there is no such case.
pub async fn of_any(access: &mut Access<ReviewLooks>, reference: &str, skip: i64, take: i64) -> Result<Option<Part>> {
    let found = sqlx::query_scalar!("select sec.case_of_log($1)", reference).fetch_one(access.read()).await?;
    let Some(id) = found else { return Ok(None) };
    let part = part(access.read(), id, skip, take).await?;
    access.shown(Note::of(Event::LooksShown).about(id));
    Ok(Some(part))
}

async fn part(work: &mut PgConnection, case: Uuid, skip: i64, take: i64) -> Result<Part> {
    let total = sqlx::query_scalar!(r#"select audit.looks_counted($1, $2) as "total!""#, case, COUNTED)
        .fetch_one(&mut *work)
        .await?;
    let looks = sqlx::query_as!(
        Look,
        r#"select l.at as "at!", n.display_name as "who?", l.actor_role as role, l.event as "event!",
                  l.request as "request!", l.rule, l.in_list as "in_list!"
           from audit.looks_at($1, $2, $3) with ordinality as l(at, actor_id, actor_role, event, request, rule, in_list, place)
           left join account n on n.id = l.actor_id
           order by l.place"#,
        case,
        skip,
        take
    )
    .fetch_all(work)
    .await?;
    Ok(Part { looks, total })
}

/// What was read through a glass, for whoever reviews it.
pub async fn through_glass(access: &mut Access<ReviewGlass>, glass: Uuid) -> Result<Vec<Look>> {
    Ok(sqlx::query_as!(
        Look,
        r#"select l.at as "at!", n.display_name as "who?", l.actor_role as role, l.event as "event!",
                  l.request as "request!", l.rule, l.in_list as "in_list!"
           from audit.looks_through($1, $2) with ordinality as l(at, actor_id, actor_role, event, request, rule, in_list, place)
           left join account n on n.id = l.actor_id
           order by l.place"#,
        glass,
        OF_A_GLASS
    )
    .fetch_all(access.read())
    .await?)
}
