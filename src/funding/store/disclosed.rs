//! SQL that puts what an application tells among the disclosures: drafted, frozen, decided and handed over in the
//! transaction in which it is signed. The database asks for the consent once more.

use time::Date;
use uuid::Uuid;

use crate::access::CaseAccess;
use crate::access::right::SignFunding;
use crate::audit::Event;
use crate::crypto::Sealed;
use crate::crypto::seal::Column;
use crate::error::{Error, Result, constraint};
use crate::funding::model::Sent;
use crate::vocabulary::{DisclosureCategory, FundAuthority};

const CONTACT: Column = Column("disclosure.contact");
const CONTENT: Column = Column("disclosure_item.content");

/// What an application tells (domain 2.9).
const TOLD: [DisclosureCategory; 3] =
    [DisclosureCategory::Identity, DisclosureCategory::Programme, DisclosureCategory::Cost];

/// A consent that covers all of it, today and on the day that it was sent.
pub(super) async fn consent(
    case: &mut CaseAccess<SignFunding>,
    authority: FundAuthority,
    on: Date,
) -> Result<Option<Uuid>> {
    let (id, today) = (case.head().id, case.desk().clock().today());
    Ok(sqlx::query_scalar!(
        r#"select c.id from consent c
           where c.case_id = $1 and $2 = any (c.recipients::text[]) and $3 <@ c.categories
             and c.withdrawn_at is null and $4 between c.given_on and c.valid_to and $5 between c.given_on and c.valid_to
           order by c.valid_to desc, c.id limit 1"#,
        id,
        authority.code(),
        &TOLD as &[DisclosureCategory],
        on,
        today
    )
    .fetch_optional(case.read())
    .await?)
}

/// The disclosure that the application is; its id. Whoever signs the application decides.
pub(super) async fn hand_over(
    case: &mut CaseAccess<SignFunding>,
    authority: FundAuthority,
    sent: &Sent,
    consent: Uuid,
) -> Result<Uuid> {
    let (id, item) = (Uuid::now_v7(), Uuid::now_v7());
    let (case_id, reference) = (case.head().id, case.head().reference.clone());
    let (actor, now, keys) = (case.desk().actor().account, case.desk().clock().now(), case.desk().keys());
    let contact = keys.seal(CONTACT.at(id), &sent.contact)?;
    let told = keys.seal(CONTENT.at(item), &sent.told)?;
    sqlx::query!(
        "insert into disclosure (id, case_id, case_reference, recipient, contact, contact_verified_on, initiated_by, ground,
                                 consent_id, conditions_met, channel, available_from, written_by, written_at)
         values ($1, $2, $3, $4::text::disclosure_recipient, $5, $6, 'own_initiative', 'consent', $7, false, 'secure_message', $8,
                 $9, $10)",
        id,
        case_id,
        reference,
        authority.code(),
        contact as Sealed,
        sent.contact_verified_on,
        consent,
        sent.on,
        actor,
        now
    )
    .execute(case.write(Event::DisclosureDrafted).await?)
    .await?;
    sqlx::query!(
        "insert into disclosure_item (id, disclosure_id, case_id, position, kind, categories, content, source_mark,
                                      is_protected_address, allow_download, frozen_by, frozen_at)
         values ($1, $2, $3, 1, 'other', $4, $5, '', false, false, $6, $7)",
        item,
        id,
        case_id,
        &TOLD as &[DisclosureCategory],
        told as Sealed,
        actor,
        now
    )
    .execute(case.write(Event::DisclosureItemFrozen).await?)
    .await?;
    let decided = sqlx::query!(
        "update disclosure set status = 'decided', decided_by = $3, decided_role = sec.actor_role(),
           decided_title = (select a.title from account a where a.id = $3), decided_at = $4, version = version + 1
         where id = $1 and case_id = $2",
        id,
        case_id,
        actor,
        now
    )
    .execute(case.write(Event::DisclosureDecided).await?)
    .await
    .map_err(uncovered)?;
    if decided.rows_affected() != 1 {
        return Err(Error::Forbidden);
    }
    sqlx::query!(
        "update disclosure set status = 'released', released_by = $3, released_at = $4, version = version + 1
         where id = $1 and case_id = $2",
        id,
        case_id,
        actor,
        now
    )
    .execute(case.write(Event::DisclosureReleased).await?)
    .await
    .map_err(uncovered)?;
    Ok(id)
}

/// The consent was taken back in this moment.
fn uncovered(error: sqlx::Error) -> Error {
    match constraint(&error) {
        Some("disclosure_covered") => Error::Stale,
        _ => error.into(),
    }
}
