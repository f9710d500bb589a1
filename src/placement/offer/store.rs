//! SQL about what support somebody was offered who left on their own request.

use time::Date;
use uuid::Uuid;

use super::NewOffer;
use crate::access::CaseAccess;
use crate::access::right::{ManagePlacements, SeesCase};
use crate::audit::Event;
use crate::crypto::seal::{Column, Sealed};
use crate::error::Result;
use crate::vocabulary::OfferAnswer;

pub const OFFER: Column = Column("support_offer.offer");

/// What support the person was offered after leaving on their own request.
pub struct Offer {
    pub id: Uuid,
    pub on: Date,
    /// Sealed at [`OFFER`].
    pub text: Sealed,
    pub answer: OfferAnswer,
    pub by: String,
}

/// What was offered, once somebody has said so.
pub async fn offer<R: SeesCase>(case: &mut CaseAccess<R>, placement: Uuid) -> Result<Option<Offer>> {
    let case_id = case.head().id;
    Ok(sqlx::query_as!(
        Offer,
        r#"select o.id, o.offered_on as "on", o.offer as "text: Sealed", o.answer as "answer: OfferAnswer",
                  a.display_name as by
           from support_offer o join account a on a.id = o.offered_by
           where o.placement_id = $1 and o.case_id = $2"#,
        placement,
        case_id
    )
    .fetch_optional(case.read())
    .await?)
}

/// Keeps what was offered, once. False when somebody has done so already.
pub async fn offer_support(case: &mut CaseAccess<ManagePlacements>, placement: Uuid, new: &NewOffer) -> Result<bool> {
    let (case_id, actor, now) = (case.head().id, case.desk().actor().account, case.desk().clock().now());
    let text = case.desk().keys().seal(OFFER.at(new.id), &new.text)?;
    let kept = sqlx::query!(
        "insert into support_offer (id, case_id, placement_id, offered_on, offer, answer, offered_by, registered_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (placement_id) do nothing",
        new.id,
        case_id,
        placement,
        new.on,
        text as Sealed,
        new.answer as OfferAnswer,
        actor,
        now
    )
    .execute(case.write(Event::SupportOffered).await?)
    .await?;
    Ok(kept.rows_affected() == 1)
}
