//! SQL about handing over. What is offered to somebody is read through a function of Postgres: they do not see the case.

use time::OffsetDateTime;
use uuid::Uuid;

use super::NewHandover;
use crate::access::right::{AnswerHandover, HandOver};
use crate::access::{Access, CaseAccess};
use crate::audit::{Event, Note};
use crate::crypto::seal::{Column, Sealed};
use crate::error::{Error, Result, constraint};

pub const MESSAGE: Column = Column("handover.message");
const ANSWER: Column = Column("handover.answer");

/// What stands on the new one's assignment.
const REASON: &str = "Överlämning";

/// Who has the case, and whether it is offered to somebody.
pub struct Standing {
    pub responsible: Option<Uuid>,
    pub waiting: Option<Waiting>,
}

pub struct Waiting {
    pub id: Uuid,
    pub to: String,
    pub offered_at: OffsetDateTime,
    /// Sealed at `handover.message`.
    pub message: Sealed,
}

/// An offer, as whoever is asked sees it.
pub struct Offer {
    pub id: Uuid,
    pub reference: String,
    pub offered_by: String,
    pub offered_at: OffsetDateTime,
    /// Sealed at `handover.message`.
    pub message: Sealed,
}

pub async fn standing(case: &mut CaseAccess<HandOver>) -> Result<Standing> {
    let id = case.head().id;
    let responsible = sqlx::query_scalar!(
        "select account_id from assignment where case_id = $1 and kind = 'responsible' and ended_at is null",
        id
    )
    .fetch_optional(case.read())
    .await?;
    // An offer by somebody who has the case no longer cannot be taken, and holds nothing up.
    let waiting = sqlx::query_as!(
        Waiting,
        r#"select h.id, a.display_name as "to", h.offered_at, h.message as "message: Sealed"
           from handover h join account a on a.id = h.to_account
           where h.case_id = $1 and h.outcome is null and h.from_account = $2"#,
        id,
        responsible
    )
    .fetch_optional(case.read())
    .await?;
    Ok(Standing { responsible, waiting })
}

pub async fn offer(case: &mut CaseAccess<HandOver>, new: &NewHandover) -> Result<()> {
    let (id, actor, now) = (case.head().id, case.desk().actor().account, case.desk().clock().now());
    let message = case.desk().keys().seal(MESSAGE.at(new.id), &new.message)?;
    let work = case.write(Event::HandoverOffered).await?;
    sqlx::query!(
        "update handover set outcome = 'withdrawn', answered_at = $2 where case_id = $1 and outcome is null",
        id,
        now
    )
    .execute(&mut *work)
    .await?;
    sqlx::query!(
        "insert into handover (id, case_id, from_account, to_account, offered_by, offered_at, message)
         values ($1, $2, $3, $4, $5, $6, $7)",
        new.id,
        id,
        new.from,
        new.to,
        actor,
        now,
        message.as_bytes()
    )
    .execute(work)
    .await
    .map_err(|error| match constraint(&error) {
        // Offered by somebody else in the same moment.
        Some("handover_one_open" | "handover_pkey") => Error::Stale,
        _ => error.into(),
    })?;
    Ok(())
}

/// Takes an offer back. Whoever has done so before has done the same.
pub async fn withdraw(case: &mut CaseAccess<HandOver>) -> Result<()> {
    let (id, now) = (case.head().id, case.desk().clock().now());
    sqlx::query!(
        "update handover set outcome = 'withdrawn', answered_at = $2 where case_id = $1 and outcome is null",
        id,
        now
    )
    .execute(case.write(Event::HandoverWithdrawn).await?)
    .await?;
    Ok(())
}

/// What is offered to the actor, the oldest first.
pub async fn offered(access: &mut Access<AnswerHandover>) -> Result<Vec<Offer>> {
    let offers = sqlx::query_as!(
        Offer,
        r#"select id as "id!", reference as "reference!", offered_by as "offered_by!", offered_at as "offered_at!",
                  message as "message!: Sealed"
           from sec.offered_to_me() order by offered_at limit 30"#
    )
    .fetch_all(access.read())
    .await?;
    if !offers.is_empty() {
        access.shown(Note::of(Event::HandoversShown));
    }
    Ok(offers)
}

/// False where it is not offered any more.
pub async fn take_over(access: &mut Access<AnswerHandover>, id: Uuid) -> Result<bool> {
    let case = sqlx::query_scalar!("select case_id from handover where id = $1", id).fetch_one(access.read()).await?;
    let work = access.write(Event::HandoverAccepted, Some(case)).await?;
    let taken = sqlx::query_scalar!("select sec.take_over($1, $2, $3)", id, Uuid::now_v7(), REASON);
    Ok(taken.fetch_one(work).await?.is_some())
}

pub async fn decline(access: &mut Access<AnswerHandover>, id: Uuid, answer: &str) -> Result<()> {
    let now = access.desk().clock().now();
    let answer = access.desk().keys().seal(ANSWER.at(id), answer)?;
    let case = sqlx::query_scalar!("select case_id from handover where id = $1", id).fetch_one(access.read()).await?;
    sqlx::query!(
        "update handover set outcome = 'declined', answered_at = $2, answer = $3 where id = $1 and outcome is null",
        id,
        now,
        answer.as_bytes()
    )
    .execute(access.write(Event::HandoverDeclined, Some(case)).await?)
    .await?;
    Ok(())
}
