//! SQL about requests within the municipality. What was told stands; the answer is put to it once.

use time::Date;
use uuid::Uuid;

use super::model::{Answer, NewAnswer, NewRequest, Request};
use crate::access::CaseAccess;
use crate::access::right::{ArrangeMeetings, ReadMeetings, Right, SeesCase};
use crate::audit::Event;
use crate::crypto::seal::{Column, Sealed};
use crate::error::{Error, Result, constraint};
use crate::vocabulary::{DisclosureGround, InternalRequestKind};

pub mod disclosed;

use disclosed::Told;

pub const TOLD: Column = Column("internal_request.told");
pub const WEIGHING: Column = Column("internal_request.weighing");
pub const ANSWER: Column = Column("internal_request.answer");

/// A row as it is read.
struct Row {
    id: Uuid,
    kind: InternalRequestKind,
    ground: DisclosureGround,
    weighing: Option<Sealed>,
    told: Sealed,
    sent_on: Date,
    answer_due_on: Date,
    sender: String,
    answer: Option<Sealed>,
    answered_on: Option<Date>,
    answerer: Option<String>,
    disclosure: Option<Uuid>,
}

impl From<Row> for Request {
    fn from(row: Row) -> Self {
        let answer = row.answer.zip(row.answered_on).zip(row.answerer);
        Self {
            id: row.id,
            kind: row.kind,
            ground: row.ground,
            weighing: row.weighing,
            told: row.told,
            sent_on: row.sent_on,
            answer_due_on: row.answer_due_on,
            sender: row.sender,
            answer: answer.map(|((text, on), registrar)| Answer { text, on, registrar }),
            disclosure: row.disclosure,
        }
    }
}

/// All of them, the latest first.
pub async fn list(case: &mut CaseAccess<ReadMeetings>) -> Result<Vec<Request>> {
    read(case).await
}

/// One of the case's.
pub async fn get<R: Right + SeesCase>(case: &mut CaseAccess<R>, id: Uuid) -> Result<Request> {
    read(case).await?.into_iter().find(|request| request.id == id).ok_or(Error::NotFound)
}

async fn read<R: Right + SeesCase>(case: &mut CaseAccess<R>) -> Result<Vec<Request>> {
    let id = case.head().id;
    let rows = sqlx::query_as!(
        Row,
        r#"select r.id, r.kind as "kind: InternalRequestKind", r.ground as "ground: DisclosureGround",
                  r.weighing as "weighing: Sealed", r.told as "told: Sealed", r.sent_on, r.answer_due_on,
                  s.display_name as sender, r.answer as "answer: Sealed", r.answered_on,
                  (select a.display_name from account a where a.id = r.answer_by) as answerer,
                  r.disclosure_id as disclosure
           from internal_request r join account s on s.id = r.sent_by
           where r.case_id = $1 order by r.sent_on desc, r.id desc limit 200"#,
        id
    )
    .fetch_all(case.read())
    .await?;
    Ok(rows.into_iter().map(Request::from).collect())
}

/// Whether the same form was saved the first time it was sent.
pub async fn exists(case: &mut CaseAccess<ArrangeMeetings>, id: Uuid) -> Result<bool> {
    let case_id = case.head().id;
    // The same form sent twice at the same moment: the second waits here.
    sqlx::query_scalar!(r#"select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 0))::text as "locked""#, id)
        .fetch_one(case.read())
        .await?;
    Ok(sqlx::query_scalar!(
        r#"select exists (select from internal_request where id = $1 and case_id = $2) as "exists!""#,
        id,
        case_id
    )
    .fetch_one(case.read())
    .await?)
}

pub async fn send(case: &mut CaseAccess<ArrangeMeetings>, new: &NewRequest) -> Result<()> {
    let (case_id, actor, now) = (case.head().id, case.desk().actor().account, case.desk().clock().now());
    // To ask is to tell: the disclosure first, in the same transaction.
    let told = Told {
        recipient: new.recipient.code(),
        contact: &new.contact,
        contact_verified_on: new.contact_verified_on,
        ground: new.ground,
        consent: new.consent,
        need: new.need,
        weighing: new.weighing.as_deref(),
        channel: new.channel,
        on: new.sent_on,
        categories: &new.categories,
        text: &new.told,
    };
    let disclosure = disclosed::hand_over(case, &told).await?;
    let keys = case.desk().keys();
    let told = keys.seal(TOLD.at(new.id), &new.told)?;
    let weighing = new.weighing.as_deref().map(|text| keys.seal(WEIGHING.at(new.id), text)).transpose()?;
    sqlx::query!(
        "insert into internal_request (id, case_id, kind, ground, consent_id, weighing, told, sent_on, answer_due_on,
                                       sent_by, registered_at, disclosure_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        new.id,
        case_id,
        new.kind as InternalRequestKind,
        new.ground as DisclosureGround,
        new.consent,
        weighing as Option<Sealed>,
        told as Sealed,
        new.sent_on,
        new.answer_due_on,
        actor,
        now,
        disclosure
    )
    .execute(case.write(Event::RequestSent).await?)
    .await
    .map_err(|error| match constraint(&error) {
        // An id that is taken belongs to a request in another case: nobody's fault but a forger's.
        Some("internal_request_pkey") => Error::NotFound,
        Some("internal_request_covered") => Error::Stale,
        _ => error.into(),
    })?;
    Ok(())
}

/// Puts the answer to it. False when there is one already.
pub async fn answer(case: &mut CaseAccess<ArrangeMeetings>, id: Uuid, answer: &NewAnswer) -> Result<bool> {
    let (case_id, actor) = (case.head().id, case.desk().actor().account);
    let text = case.desk().keys().seal(ANSWER.at(id), &answer.text)?;
    let done = sqlx::query!(
        "update internal_request set answer = $3, answered_on = $4, answer_by = $5
         where id = $1 and case_id = $2 and answer is null",
        id,
        case_id,
        text as Sealed,
        answer.on,
        actor
    )
    .execute(case.write(Event::RequestAnswered).await?)
    .await?;
    Ok(done.rows_affected() == 1)
}
