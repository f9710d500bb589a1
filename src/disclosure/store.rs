//! SQL about disclosures: what there is, and writing a draft. What is done with one is in `steps`, what texts are made of
//! in `sources`.

pub mod sources;
pub mod steps;

use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::model::{Act, Disclosure, Item, NewDisclosure, NewItem, View};
use super::{BASIS, CONTACT, CONTENT, ITEM_WEIGHING, REQUEST_REF, REQUEST_TEXT, WEIGHING};
use crate::access::CaseAccess;
use crate::access::right::{Right, SeesCase, WriteDisclosure};
use crate::audit::Event;
use crate::crypto::Sealed;
use crate::error::{Error, Result, constraint};
use crate::vocabulary::{
    CareNeed, ConsentKind, ConsentRecipient, CrimePurpose, DisclosureCategory, DisclosureChannel, DisclosureGround,
    DisclosureInitiative, DisclosureItemKind, DisclosureRecipient, DisclosureStatus,
};

/// A row as it is read.
struct Row {
    id: Uuid,
    recipient: DisclosureRecipient,
    contact: Option<Sealed>,
    contact_verified_on: Option<Date>,
    initiated_by: DisclosureInitiative,
    request_ref: Option<Sealed>,
    requested_on: Option<Date>,
    request_text: Option<Sealed>,
    ground: DisclosureGround,
    consent: Option<Uuid>,
    purpose: Option<CrimePurpose>,
    need: Option<CareNeed>,
    basis: Option<Sealed>,
    weighing: Option<Sealed>,
    channel: DisclosureChannel,
    available_from: Date,
    expires_on: Option<Date>,
    status: DisclosureStatus,
    writer: String,
    decider: Option<String>,
    decided_at: Option<OffsetDateTime>,
    refusal: Option<Sealed>,
    releaser: Option<String>,
    released_at: Option<OffsetDateTime>,
    revoker: Option<String>,
    revoked_at: Option<OffsetDateTime>,
    revoked_why: Option<Sealed>,
    version: i32,
}

impl From<Row> for Disclosure {
    fn from(row: Row) -> Self {
        let act = |by: Option<String>, at: Option<OffsetDateTime>| by.zip(at).map(|(by, at)| Act { by, at });
        Self {
            id: row.id,
            recipient: row.recipient,
            contact: row.contact,
            contact_verified_on: row.contact_verified_on,
            initiated_by: row.initiated_by,
            request_ref: row.request_ref,
            requested_on: row.requested_on,
            request_text: row.request_text,
            ground: row.ground,
            consent: row.consent,
            purpose: row.purpose,
            need: row.need,
            basis: row.basis,
            weighing: row.weighing,
            channel: row.channel,
            available_from: row.available_from,
            expires_on: row.expires_on,
            status: row.status,
            writer: row.writer,
            decision: act(row.decider, row.decided_at),
            refusal: row.refusal,
            release: act(row.releaser, row.released_at),
            revocation: act(row.revoker, row.revoked_at),
            revoked_why: row.revoked_why,
            version: row.version,
        }
    }
}

/// All of them, the latest written first.
pub async fn list<R: Right + SeesCase>(case: &mut CaseAccess<R>) -> Result<Vec<Disclosure>> {
    let id = case.head().id;
    let rows = sqlx::query_as!(
        Row,
        r#"select d.id, d.recipient as "recipient: DisclosureRecipient", d.contact as "contact: Sealed",
                  d.contact_verified_on, d.initiated_by as "initiated_by: DisclosureInitiative",
                  d.request_ref as "request_ref: Sealed", d.requested_on, d.request_text as "request_text: Sealed",
                  d.ground as "ground: DisclosureGround", d.consent_id as consent, d.purpose as "purpose: CrimePurpose",
                  d.need as "need: CareNeed", d.basis as "basis: Sealed", d.weighing as "weighing: Sealed",
                  d.channel as "channel: DisclosureChannel", d.available_from, d.expires_on,
                  d.status as "status: DisclosureStatus", w.display_name as writer,
                  (select a.display_name from account a where a.id = d.decided_by) as decider, d.decided_at,
                  d.refusal as "refusal: Sealed",
                  (select a.display_name from account a where a.id = d.released_by) as releaser, d.released_at,
                  (select a.display_name from account a where a.id = d.revoked_by) as revoker, d.revoked_at,
                  d.revoked_why as "revoked_why: Sealed", d.version
           from disclosure d join account w on w.id = d.written_by
           where d.case_id = $1 order by d.written_at desc, d.id desc limit 200"#,
        id
    )
    .fetch_all(case.read())
    .await?;
    Ok(rows.into_iter().map(Disclosure::from).collect())
}

/// One of the case's.
pub async fn get<R: Right + SeesCase>(case: &mut CaseAccess<R>, id: Uuid) -> Result<Disclosure> {
    list(case).await?.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)
}

/// Its texts, and whether what each came from has changed since.
pub async fn items<R: Right + SeesCase>(case: &mut CaseAccess<R>, disclosure: Uuid) -> Result<Vec<Item>> {
    let id = case.head().id;
    Ok(sqlx::query_as!(
        Item,
        r#"select i.id, i.position, i.kind as "kind: DisclosureItemKind",
                  i.categories as "categories: Vec<DisclosureCategory>", i.content as "content: Sealed",
                  i.source_mark <> disclosure_source_mark(i.kind, i.case_id, i.source_id) as "has_changed!",
                  i.is_protected_address, i.weighing as "weighing: Sealed", i.allow_download, i.frozen_at
           from disclosure_item i where i.disclosure_id = $1 and i.case_id = $2 order by i.position"#,
        disclosure,
        id
    )
    .fetch_all(case.read())
    .await?)
}

/// Who outside has opened them, the latest first.
pub async fn views<R: Right + SeesCase>(case: &mut CaseAccess<R>, disclosure: Uuid) -> Result<Vec<View>> {
    let id = case.head().id;
    Ok(sqlx::query_as!(
        View,
        "select v.item_id as item, v.reader, v.opened_at, v.downloaded
         from disclosure_view v join disclosure_item i on i.id = v.item_id
         where i.disclosure_id = $1 and v.case_id = $2 order by v.opened_at desc, v.id desc limit 200",
        disclosure,
        id
    )
    .fetch_all(case.read())
    .await?)
}

/// A consent that names the recipient.
#[derive(Debug, Clone)]
pub struct Consent {
    pub id: Uuid,
    pub kind: ConsentKind,
    pub categories: Vec<DisclosureCategory>,
    pub valid_to: Date,
}

/// Those that name the recipient and hold on the day, in this very moment.
pub async fn consents<R: Right + SeesCase>(
    case: &mut CaseAccess<R>,
    recipient: DisclosureRecipient,
    day: Date,
) -> Result<Vec<Consent>> {
    let Some(recipient) = recipient.in_consent() else { return Ok(Vec::new()) };
    let id = case.head().id;
    Ok(sqlx::query_as!(
        Consent,
        r#"select c.id, c.kind as "kind: ConsentKind", c.categories as "categories: Vec<DisclosureCategory>", c.valid_to
           from consent c
           where c.case_id = $1 and $2 = any (c.recipients) and c.withdrawn_at is null
             and $3 between c.given_on and c.valid_to order by c.valid_to desc, c.id"#,
        id,
        recipient as ConsentRecipient,
        day
    )
    .fetch_all(case.read())
    .await?)
}

/// Whether somebody at the organisation was rung up within a year and can read the page.
pub async fn has_reader<R: Right + SeesCase>(
    case: &mut CaseAccess<R>,
    organisation: DisclosureRecipient,
    today: Date,
) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from liaison l where l.organisation = $1
                            and l.verified_on > ($2::date - interval '12 months')::date) as "exists!""#,
        organisation as DisclosureRecipient,
        today
    )
    .fetch_one(case.read())
    .await?)
}

/// Whether the same form was saved the first time it was sent.
pub async fn exists(case: &mut CaseAccess<WriteDisclosure>, id: Uuid) -> Result<bool> {
    let case_id = case.head().id;
    // The same form sent twice at the same moment: the second waits here.
    sqlx::query_scalar!(r#"select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 0))::text as "locked""#, id)
        .fetch_one(case.read())
        .await?;
    Ok(sqlx::query_scalar!(
        r#"select exists (select from disclosure where id = $1 and case_id = $2)
               or exists (select from disclosure_item where id = $1 and case_id = $2) as "exists!""#,
        id,
        case_id
    )
    .fetch_one(case.read())
    .await?)
}

pub async fn draft(case: &mut CaseAccess<WriteDisclosure>, new: &NewDisclosure) -> Result<()> {
    let (case_id, actor, now) = (case.head().id, case.desk().actor().account, case.desk().clock().now());
    let (id, reference, keys) = (new.id, case.head().reference.clone(), case.desk().keys());
    let request = new.request.as_ref();
    let contact = new.contact.as_ref().map(|contact| keys.seal(CONTACT.at(id), &contact.who)).transpose()?;
    let request_ref = request.and_then(|request| request.reference.as_deref());
    let request_ref = request_ref.map(|text| keys.seal(REQUEST_REF.at(id), text)).transpose()?;
    let request_text = request.map(|request| keys.seal(REQUEST_TEXT.at(id), &request.text)).transpose()?;
    let basis = new.basis.as_deref().map(|text| keys.seal(BASIS.at(id), text)).transpose()?;
    let weighing = new.weighing.as_deref().map(|text| keys.seal(WEIGHING.at(id), text)).transpose()?;
    let initiative =
        if request.is_some() { DisclosureInitiative::Request } else { DisclosureInitiative::OwnInitiative };
    sqlx::query!(
        "insert into disclosure (id, case_id, case_reference, recipient, contact, contact_verified_on, initiated_by, request_ref,
                                 requested_on, request_text, ground, consent_id, purpose, need, basis, conditions_met,
                                 weighing, channel, available_from, expires_on, written_by, written_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)",
        id,
        case_id,
        reference,
        new.recipient as DisclosureRecipient,
        contact as Option<Sealed>,
        new.contact.as_ref().map(|contact| contact.verified_on),
        initiative as DisclosureInitiative,
        request_ref as Option<Sealed>,
        request.map(|request| request.on),
        request_text as Option<Sealed>,
        new.ground as DisclosureGround,
        new.consent,
        new.purpose as Option<CrimePurpose>,
        new.need as Option<CareNeed>,
        basis as Option<Sealed>,
        new.conditions_met,
        weighing as Option<Sealed>,
        new.channel as DisclosureChannel,
        new.available_from,
        new.expires_on,
        actor,
        now
    )
    .execute(case.write(Event::DisclosureDrafted).await?)
    .await
    // An id that is taken belongs to a disclosure in another case: nobody's fault but a forger's.
    .map_err(|error| crate::db::on_constraint(error, "disclosure_pkey", Error::NotFound))?;
    Ok(())
}

/// Freezes a text. False when nothing can be added any more.
pub async fn freeze(case: &mut CaseAccess<WriteDisclosure>, disclosure: Uuid, new: &NewItem) -> Result<bool> {
    let (case_id, actor, now) = (case.head().id, case.desk().actor().account, case.desk().clock().now());
    let content = case.desk().keys().seal(CONTENT.at(new.id), &new.content)?;
    let weighing = new.weighing.as_deref().map(|text| case.desk().keys().seal(ITEM_WEIGHING.at(new.id), text));
    let weighing = weighing.transpose()?;
    let is_protected = weighing.is_some();
    let done = sqlx::query!(
        "insert into disclosure_item (id, disclosure_id, case_id, position, kind, categories, content, source_id, source_mark,
                                      is_protected_address, weighing, allow_download, frozen_by, frozen_at)
         select $1, d.id, d.case_id, (select coalesce(max(i.position), 0) + 1 from disclosure_item i where i.disclosure_id = d.id),
                $4, $5, $6, $7, $8, $9, $10, $11, $12, $13
         from disclosure d where d.id = $2 and d.case_id = $3 and d.status = 'draft'",
        new.id,
        disclosure,
        case_id,
        new.kind as DisclosureItemKind,
        &new.categories as &[DisclosureCategory],
        content as Sealed,
        new.source,
        &new.mark,
        is_protected,
        weighing as Option<Sealed>,
        new.allow_download,
        actor,
        now
    )
    .execute(case.write(Event::DisclosureItemFrozen).await?)
    .await
    .map_err(|error| match constraint(&error) {
        Some("disclosure_item_pkey") => Error::NotFound,
        Some("disclosure_item_stands" | "disclosure_item_fits" | "disclosure_item_once") => Error::Stale,
        _ => error.into(),
    })?;
    Ok(done.rows_affected() == 1)
}

/// Takes a text out of a draft. False when it is a draft no longer.
pub async fn remove(case: &mut CaseAccess<WriteDisclosure>, item: Uuid) -> Result<bool> {
    let case_id = case.head().id;
    let done = sqlx::query!("delete from disclosure_item where id = $1 and case_id = $2", item, case_id)
        .execute(case.write(Event::DisclosureItemRemoved).await?)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// The disclosure that a text belongs to.
pub async fn of_item(case: &mut CaseAccess<WriteDisclosure>, item: Uuid) -> Result<Uuid> {
    let case_id = case.head().id;
    sqlx::query_scalar!("select disclosure_id from disclosure_item where id = $1 and case_id = $2", item, case_id)
        .fetch_optional(case.read())
        .await?
        .ok_or(Error::NotFound)
}

/// Throws a draft away with its texts. False when it is a draft no longer.
pub async fn discard(case: &mut CaseAccess<WriteDisclosure>, id: Uuid) -> Result<bool> {
    let case_id = case.head().id;
    let work = case.write(Event::DisclosureDiscarded).await?;
    sqlx::query!("delete from disclosure_item where disclosure_id = $1 and case_id = $2", id, case_id)
        .execute(&mut *work)
        .await?;
    let done = sqlx::query!("delete from disclosure where id = $1 and case_id = $2", id, case_id).execute(work).await?;
    Ok(done.rows_affected() == 1)
}
