//! SQL about consents. Whether one covers something is asked anew each time: an answer is never kept.

use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::model::{Consent, NewConsent, Withdrawn};
use crate::access::CaseAccess;
use crate::access::right::{GiveConsent, ReadConsents, Right, SeesCase, WithdrawConsent};
use crate::audit::Event;
use crate::crypto::seal::{Column, Sealed};
use crate::error::{Error, Result};
use crate::vocabulary::{ConsentForm, ConsentKind, ConsentRecipient, DisclosureCategory};

pub const PURPOSE: Column = Column("consent.purpose");
pub const DOCUMENT_REF: Column = Column("consent.document_ref");
pub const WITHDRAWN_HOW: Column = Column("consent.withdrawn_how");

/// A row as it is read.
struct Row {
    id: Uuid,
    kind: ConsentKind,
    recipients: Vec<ConsentRecipient>,
    categories: Vec<DisclosureCategory>,
    purpose: Sealed,
    form: ConsentForm,
    document_ref: Option<Sealed>,
    given_on: Date,
    valid_to: Date,
    registrar: String,
    registered_at: OffsetDateTime,
    withdrawn_at: Option<OffsetDateTime>,
    withdrawn_by: Option<String>,
    withdrawn_how: Option<Sealed>,
}

impl From<Row> for Consent {
    fn from(row: Row) -> Self {
        let withdrawn = row.withdrawn_at.zip(row.withdrawn_by).zip(row.withdrawn_how);
        Self {
            id: row.id,
            kind: row.kind,
            recipients: row.recipients,
            categories: row.categories,
            purpose: row.purpose,
            form: row.form,
            document_ref: row.document_ref,
            given_on: row.given_on,
            valid_to: row.valid_to,
            registrar: row.registrar,
            registered_at: row.registered_at,
            withdrawn: withdrawn.map(|((at, registrar), how)| Withdrawn { at, registrar, how }),
        }
    }
}

/// All of them, the latest given first.
pub async fn list(case: &mut CaseAccess<ReadConsents>) -> Result<Vec<Consent>> {
    let id = case.head().id;
    let rows = sqlx::query_as!(
        Row,
        r#"select c.id, c.kind as "kind: ConsentKind", c.recipients as "recipients: Vec<ConsentRecipient>",
                  c.categories as "categories: Vec<DisclosureCategory>", c.purpose as "purpose: Sealed",
                  c.form as "form: ConsentForm", c.document_ref as "document_ref: Sealed", c.given_on, c.valid_to,
                  r.display_name as registrar, c.registered_at, c.withdrawn_at,
                  (select w.display_name from account w where w.id = c.withdrawn_by) as withdrawn_by,
                  c.withdrawn_how as "withdrawn_how: Sealed"
           from consent c join account r on r.id = c.registered_by
           where c.case_id = $1 order by c.given_on desc, c.id desc limit 200"#,
        id
    )
    .fetch_all(case.read())
    .await?;
    Ok(rows.into_iter().map(Consent::from).collect())
}

/// One of the case's.
pub async fn get(case: &mut CaseAccess<ReadConsents>, id: Uuid) -> Result<Consent> {
    list(case).await?.into_iter().find(|consent| consent.id == id).ok_or(Error::NotFound)
}

/// The consent that covers telling the recipient all of this on the day, as things stand in this very moment. One that
/// was taken back covers nothing, whatever the day.
pub async fn covers<R: Right + SeesCase>(
    case: &mut CaseAccess<R>,
    kind: ConsentKind,
    recipient: ConsentRecipient,
    categories: &[DisclosureCategory],
    day: Date,
) -> Result<Option<Uuid>> {
    let id = case.head().id;
    Ok(sqlx::query_scalar!(
        "select consent_covering($1, $2, $3, $4, $5)",
        id,
        kind as ConsentKind,
        recipient as ConsentRecipient,
        categories as &[DisclosureCategory],
        day
    )
    .fetch_one(case.read())
    .await?)
}

/// Whether the same form was saved the first time it was sent.
pub async fn exists(case: &mut CaseAccess<GiveConsent>, id: Uuid) -> Result<bool> {
    let case_id = case.head().id;
    // The same form sent twice at the same moment: the second waits here.
    sqlx::query_scalar!(r#"select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 0))::text as "locked""#, id)
        .fetch_one(case.read())
        .await?;
    Ok(sqlx::query_scalar!(
        r#"select exists (select from consent where id = $1 and case_id = $2) as "exists!""#,
        id,
        case_id
    )
    .fetch_one(case.read())
    .await?)
}

pub async fn give(case: &mut CaseAccess<GiveConsent>, new: &NewConsent) -> Result<()> {
    let (case_id, actor, now) = (case.head().id, case.desk().actor().account, case.desk().clock().now());
    let keys = case.desk().keys();
    let purpose = keys.seal(PURPOSE.at(new.id), &new.purpose)?;
    let paper = new.document_ref.as_deref().map(|text| keys.seal(DOCUMENT_REF.at(new.id), text)).transpose()?;
    sqlx::query!(
        "insert into consent (id, case_id, kind, recipients, categories, purpose, form, document_ref, given_on, valid_to,
                              information_given, registered_by, registered_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, true, $11, $12)",
        new.id,
        case_id,
        new.kind as ConsentKind,
        &new.recipients as &[ConsentRecipient],
        &new.categories as &[DisclosureCategory],
        purpose as Sealed,
        new.form as ConsentForm,
        paper as Option<Sealed>,
        new.given_on,
        new.valid_to,
        actor,
        now
    )
    .execute(case.write(Event::ConsentGiven).await?)
    .await
    // An id that is taken belongs to a consent in another case: nobody's fault but a forger's.
    .map_err(|error| crate::db::on_constraint(error, "consent_pkey", Error::NotFound))?;
    Ok(())
}

/// Takes one back, from this moment. Whoever took it back before has done the same.
pub async fn withdraw(case: &mut CaseAccess<WithdrawConsent>, id: Uuid, how: &str) -> Result<()> {
    let (case_id, actor, now) = (case.head().id, case.desk().actor().account, case.desk().clock().now());
    let how = case.desk().keys().seal(WITHDRAWN_HOW.at(id), how)?;
    sqlx::query!(
        "update consent set withdrawn_at = $3, withdrawn_by = $4, withdrawn_how = $5
         where id = $1 and case_id = $2 and withdrawn_at is null",
        id,
        case_id,
        now,
        actor,
        how as Sealed
    )
    .execute(case.write(Event::ConsentWithdrawn).await?)
    .await?;
    Ok(())
}
