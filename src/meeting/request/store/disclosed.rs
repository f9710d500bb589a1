//! SQL that puts a request among the disclosures: drafted, frozen, decided and handed over in the transaction in which it is
//! sent. The database asks for the ground and the consent once more.

use time::Date;
use uuid::Uuid;

use crate::access::CaseAccess;
use crate::access::right::{ArrangeMeetings, SeesCase};
use crate::audit::Event;
use crate::crypto::Sealed;
use crate::crypto::seal::Column;
use crate::error::{Error, Result, constraint};
use crate::meeting::ground::recipients;
use crate::meeting::request::model::NewRequest;
use crate::vocabulary::{CareNeed, ConsentRecipient, DisclosureCategory, DisclosureChannel, DisclosureGround};

const CONTACT: Column = Column("disclosure.contact");
const WEIGHING: Column = Column("disclosure.weighing");
const CONTENT: Column = Column("disclosure_item.content");

/// A consent that covers all of it, today and on the day that it was sent; and whom of those asked it names.
pub async fn consent(
    case: &mut CaseAccess<ArrangeMeetings>,
    new: &NewRequest,
) -> Result<Option<(Uuid, ConsentRecipient)>> {
    let (id, today) = (case.head().id, case.desk().clock().today());
    let asked = recipients(new.kind);
    let found = sqlx::query!(
        r#"select c.id, c.recipients as "recipients: Vec<ConsentRecipient>" from consent c
           where c.case_id = $1 and c.recipients && $2 and $3 <@ c.categories and 'identity' = any (c.categories)
             and c.withdrawn_at is null and $4 between c.given_on and c.valid_to and $5 between c.given_on and c.valid_to
           order by c.valid_to desc, c.id limit 1"#,
        id,
        asked as &[ConsentRecipient],
        &new.categories as &[DisclosureCategory],
        new.sent_on,
        today
    )
    .fetch_optional(case.read())
    .await?;
    Ok(found.and_then(|row| {
        let named = asked.iter().copied().find(|one| row.recipients.contains(one))?;
        Some((row.id, named))
    }))
}

/// What is handed over as soon as it is written, by whoever decides it.
pub struct Told<'a> {
    /// The code of the recipient.
    pub recipient: &'static str,
    pub contact: &'a str,
    pub contact_verified_on: Date,
    pub ground: DisclosureGround,
    pub consent: Option<Uuid>,
    pub need: Option<CareNeed>,
    pub weighing: Option<&'a str>,
    pub channel: DisclosureChannel,
    pub on: Date,
    pub categories: &'a [DisclosureCategory],
    pub text: &'a str,
}

/// The disclosure that a request is; its id. Whoever sends it decides: the responsible one, or a coordinator. Also that of
/// an application for state money, which whoever signs it decides.
pub async fn hand_over<R: SeesCase>(case: &mut CaseAccess<R>, told: &Told<'_>) -> Result<Uuid> {
    let (id, item) = (Uuid::now_v7(), Uuid::now_v7());
    let (case_id, reference) = (case.head().id, case.head().reference.clone());
    let (actor, now, keys) = (case.desk().actor().account, case.desk().clock().now(), case.desk().keys());
    let contact = keys.seal(CONTACT.at(id), told.contact)?;
    let weighing = told.weighing.map(|text| keys.seal(WEIGHING.at(id), text)).transpose()?;
    let content = keys.seal(CONTENT.at(item), told.text)?;
    sqlx::query!(
        "insert into disclosure (id, case_id, case_reference, recipient, contact, contact_verified_on, initiated_by, ground,
                                 consent_id, need, conditions_met, weighing, channel, available_from, written_by, written_at)
         values ($1, $2, $3, $4::text::disclosure_recipient, $5, $6, 'own_initiative', $7, $8, $9, false, $10, $11, $12, $13, $14)",
        id,
        case_id,
        reference,
        told.recipient,
        contact as Sealed,
        told.contact_verified_on,
        told.ground as DisclosureGround,
        told.consent,
        told.need as Option<CareNeed>,
        weighing as Option<Sealed>,
        told.channel as DisclosureChannel,
        told.on,
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
        told.categories as &[DisclosureCategory],
        content as Sealed,
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
