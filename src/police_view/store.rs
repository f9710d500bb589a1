//! SQL as the police's own role. It names no column but those that the role may read; which rows there are the database
//! says: of their organisation, released, within their days.

use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::access::Access;
use crate::access::right::ReadReleased;
use crate::audit::{Event, Note};
use crate::crypto::Sealed;
use crate::error::{Error, Result};
use crate::vocabulary::{DisclosureGround, DisclosureItemKind, DisclosureRecipient};

/// A text that was released.
#[derive(Debug, Clone)]
pub struct Released {
    pub id: Uuid,
    pub case: Uuid,
    pub case_reference: String,
    pub kind: DisclosureItemKind,
    pub ground: DisclosureGround,
    pub title: String,
    pub handed_over_at: OffsetDateTime,
    pub expires_on: Date,
    pub content: Sealed,
    pub allow_download: bool,
    /// Whether this reader has opened it before.
    pub is_read: bool,
}

/// The latest released first.
pub async fn list(access: &mut Access<ReadReleased>) -> Result<Vec<Released>> {
    let all = sqlx::query_as!(
        Released,
        r#"select i.id, i.case_id as "case", d.case_reference, i.kind as "kind: DisclosureItemKind",
                  d.ground as "ground: DisclosureGround", d.decided_title as "title!", d.released_at as "handed_over_at!",
                  d.expires_on as "expires_on!", i.content as "content: Sealed", i.allow_download,
                  exists (select from disclosure_view v where v.item_id = i.id) as "is_read!"
           from disclosure_item i join disclosure d on d.id = i.disclosure_id
           order by d.released_at desc, d.id, i.position limit 500"#
    )
    .fetch_all(access.read())
    .await?;
    Ok(all)
}

/// The organisation that they read for; none where nobody has rung them up.
pub async fn organisation(access: &mut Access<ReadReleased>) -> Result<Option<DisclosureRecipient>> {
    Ok(sqlx::query_scalar!(r#"select organisation as "organisation: DisclosureRecipient" from liaison"#)
        .fetch_optional(access.read())
        .await?)
}

/// Opens a text, which is written down.
pub async fn open(access: &mut Access<ReadReleased>, id: Uuid, as_file: bool) -> Result<Released> {
    let one = list(access).await?.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)?;
    if as_file && !one.allow_download {
        return Err(Error::NotFound);
    }
    let (actor, now) = (access.desk().actor().clone(), access.desk().clock().now());
    let event = if as_file { Event::ReleasedTakenOut } else { Event::ReleasedOpened };
    let work = access.look(Note::of(event).about(one.case).with("item", id.to_string())).await?;
    sqlx::query!(
        "insert into disclosure_view (id, item_id, case_id, account_id, reader, opened_at, downloaded)
         values ($1, $2, $3, $4, $5, $6, $7)",
        Uuid::now_v7(),
        id,
        one.case,
        actor.account,
        actor.name,
        now,
        as_file
    )
    .execute(work)
    .await?;
    Ok(one)
}
