//! SQL about the review of the log: which months, what was drawn, what was said of it. Drawing and signing stand beside.

use std::collections::HashMap;

use time::OffsetDateTime;
use uuid::Uuid;

use super::ground::Ground;
use super::model::{Answer, Item, Mark, Return, Review, ReviewMonth, SealSeen, Signature};
use super::{ANSWER, NOTE};
use crate::access::Access;
use crate::access::right::{AnswerLogQuestion, MarkLog, ReadLogReview, Right};
use crate::audit::{Event, Note};
use crate::crypto::seal::Sealed;
use crate::error::{Error, Result, constraint};
use crate::vocabulary::LogVerdict;

pub mod alerting;
pub mod drawing;
pub mod signing;

struct Row {
    id: Uuid,
    month: time::Date,
    drawn_by: String,
    drawn_at: OffsetDateTime,
    seed: Vec<u8>,
    events: i64,
    user_days: i32,
    sampled_days: i32,
    left_out: i32,
    method: i16,
    stratified: i32,
    troubles: serde_json::Value,
    signed_by: Option<Uuid>,
    signed_name: Option<String>,
    signed_at: Option<OffsetDateTime>,
    seal_n: Option<i64>,
    seal_hash: Option<Vec<u8>>,
    print: Option<Vec<u8>>,
    closed_by: Option<Uuid>,
    closed_name: Option<String>,
    closed_at: Option<OffsetDateTime>,
}

fn signature(account: Option<Uuid>, name: Option<String>, at: Option<OffsetDateTime>) -> Option<Signature> {
    Some(Signature { account: account?, name: name?, at: at? })
}

impl From<Row> for Review {
    fn from(row: Row) -> Self {
        let seal = row.seal_n.zip(row.seal_hash).map(|(n, hash)| SealSeen { n, hash });
        let signed = signature(row.signed_by, row.signed_name, row.signed_at);
        Self {
            id: row.id,
            month: ReviewMonth::of(row.month),
            drawn_by: row.drawn_by,
            drawn_at: row.drawn_at,
            seed: row.seed,
            events: row.events,
            user_days: row.user_days,
            sampled_days: row.sampled_days,
            left_out: row.left_out,
            method: row.method,
            stratified: row.stratified,
            troubles: serde_json::from_value(row.troubles).unwrap_or_default(),
            signed: signed.zip(seal).zip(row.print).map(|((signed, seal), print)| (signed, seal, print)),
            closed: signature(row.closed_by, row.closed_name, row.closed_at),
        }
    }
}

/// Every month that has been drawn.
pub async fn reviews(access: &mut Access<ReadLogReview>) -> Result<Vec<Review>> {
    let rows = sqlx::query_as!(
        Row,
        "select r.id, r.month, a.display_name as drawn_by, r.drawn_at, r.seed, r.events, r.user_days, r.sampled_days,
                r.left_out, r.method, r.stratified, r.troubles, r.signed_by, r.signed_name, r.signed_at, r.seal_n, r.seal_hash, r.print, r.closed_by,
                r.closed_name, r.closed_at
         from log_review r join account a on a.id = r.drawn_by order by r.month desc"
    )
    .fetch_all(access.read())
    .await?;
    Ok(rows.into_iter().map(Review::from).collect())
}

/// The month, if it has been drawn.
pub async fn review(access: &mut Access<ReadLogReview>, month: ReviewMonth) -> Result<Option<Review>> {
    Ok(reviews(access).await?.into_iter().find(|review| review.month == month))
}

/// When the log begins.
pub async fn begins(access: &mut Access<ReadLogReview>) -> Result<Option<OffsetDateTime>> {
    Ok(sqlx::query_scalar!("select audit.review_begins()").fetch_one(access.read()).await?)
}

/// Why a month was handed back, the first time first.
pub async fn returns(access: &mut Access<ReadLogReview>, review: Uuid) -> Result<Vec<Return>> {
    Ok(sqlx::query_as!(
        Return,
        r#"select id, reason as "reason: Sealed", made_name as made_by, made_at, signed_name as signed_by
           from log_review_return where review_id = $1 order by made_at"#,
        review
    )
    .fetch_all(access.read())
    .await?)
}

/// How many items a review has, and how many are left.
pub async fn counts(access: &mut Access<ReadLogReview>) -> Result<HashMap<Uuid, (i64, i64)>> {
    let rows = sqlx::query!(
        r#"select review_id as "review!", items as "items!", left_over as "left!" from sec.log_review_counts()"#
    )
    .fetch_all(access.read())
    .await?;
    Ok(rows.into_iter().map(|row| (row.review, (row.items, row.left))).collect())
}

struct ItemRow {
    id: Uuid,
    review_id: Uuid,
    number: i32,
    actor_id: Uuid,
    actor_name: String,
    actor_role: String,
    day: time::Date,
    case_id: Option<Uuid>,
    reference: Option<String>,
    purpose: String,
    first_at: OffsetDateTime,
    last_at: OffsetDateTime,
    rows: i64,
    events: serde_json::Value,
    grounds: Vec<String>,
    verdict: Option<LogVerdict>,
    answered: bool,
}

impl From<ItemRow> for Item {
    fn from(row: ItemRow) -> Self {
        Self {
            id: row.id,
            review: row.review_id,
            number: row.number,
            actor: row.actor_id,
            actor_name: row.actor_name,
            role: row.actor_role,
            day: row.day,
            case: row.case_id,
            reference: row.reference,
            purpose: row.purpose,
            first_at: row.first_at,
            last_at: row.last_at,
            rows: row.rows,
            events: row.events,
            grounds: row.grounds.iter().filter_map(|code| Ground::parse(code)).collect(),
            verdict: row.verdict,
            answered: row.answered,
        }
    }
}

/// The items of a review in the order of their numbers.
pub async fn items<R: Right>(access: &mut Access<R>, review: Uuid) -> Result<Vec<Item>> {
    let rows = sqlx::query_as!(
        ItemRow,
        r#"select i.id, i.review_id, i.number, i.actor_id, a.display_name as actor_name, i.actor_role, i.day, i.case_id,
                  i.reference, i.purpose, i.first_at, i.last_at, cardinality(i.entries)::bigint as "rows!", i.events,
                  i.grounds, i.verdict as "verdict: LogVerdict", i.answered
           from log_review_item i join account a on a.id = i.actor_id where i.review_id = $1 order by i.number"#,
        review
    )
    .fetch_all(access.read())
    .await?;
    Ok(rows.into_iter().map(Item::from).collect())
}

/// One item; what one may not see is not there.
pub async fn item<R: Right>(access: &mut Access<R>, id: Uuid) -> Result<Item> {
    let row = sqlx::query_as!(
        ItemRow,
        r#"select i.id, i.review_id, i.number, i.actor_id, a.display_name as actor_name, i.actor_role, i.day, i.case_id,
                  i.reference, i.purpose, i.first_at, i.last_at, cardinality(i.entries)::bigint as "rows!", i.events,
                  i.grounds, i.verdict as "verdict: LogVerdict", i.answered
           from log_review_item i join account a on a.id = i.actor_id where i.id = $1"#,
        id
    )
    .fetch_optional(access.read())
    .await?;
    row.map(Item::from).ok_or(Error::NotFound)
}

/// What was said of an item, the first first.
pub async fn marks<R: Right>(access: &mut Access<R>, item: Uuid) -> Result<Vec<Mark>> {
    let rows = sqlx::query!(
        r#"select m.id, m.number, m.verdict as "verdict: LogVerdict", m.note as "note: Sealed", m.made_at,
                  a.display_name as "made_by?", w.answer as "answer?: Sealed", w.made_at as "answered_at?",
                  b.display_name as "answered_by?"
           from log_review_mark m left join account a on a.id = m.made_by
           left join log_review_answer w on w.mark_id = m.id left join account b on b.id = w.made_by
           where m.item_id = $1 order by m.number"#,
        item
    )
    .fetch_all(access.read())
    .await?;
    let marks = rows.into_iter().map(|row| Mark {
        id: row.id,
        number: row.number,
        verdict: row.verdict,
        note: row.note,
        made_by: row.made_by,
        made_at: row.made_at,
        answer: row.answer.zip(row.answered_at).map(|(text, made_at)| Answer {
            text,
            made_by: row.answered_by,
            made_at,
        }),
    });
    Ok(marks.collect())
}

/// What is said of an item now.
pub struct NewMark {
    pub id: Uuid,
    pub item: Uuid,
    /// One more than was seen: two at once are not two marks.
    pub number: i32,
    pub verdict: LogVerdict,
    pub note: Option<String>,
}

/// Whether the mark is there already.
pub async fn is_marked(access: &mut Access<MarkLog>, id: Uuid) -> Result<bool> {
    let found = sqlx::query_scalar!(r#"select exists (select 1 from log_review_mark where id = $1) as "found!""#, id);
    Ok(found.fetch_one(access.read()).await?)
}

pub async fn mark(access: &mut Access<MarkLog>, new: &NewMark, case: Option<Uuid>) -> Result<()> {
    let (actor, now) = (access.desk().actor().account, access.desk().clock().now());
    let note = new.note.as_ref().map(|text| access.desk().keys().seal(NOTE.at(new.id), text)).transpose()?;
    sqlx::query!(
        "insert into log_review_mark (id, item_id, number, verdict, note, made_by, made_at) values ($1, $2, $3, $4, $5, $6, $7)",
        new.id,
        new.item,
        new.number,
        new.verdict as LogVerdict,
        note.as_ref().map(Sealed::as_bytes),
        actor,
        now
    )
    .execute(access.write(Event::LogReviewMarked, case).await?)
    .await
    .map_err(|error| match constraint(&error) {
        Some("log_review_mark_number" | "log_review_stands") => Error::Stale,
        Some("log_review_own") => Error::Forbidden,
        _ => error.into(),
    })?;
    Ok(())
}

/// A question that waits for the actor's answer.
pub struct Waiting {
    pub item: Uuid,
    pub day: time::Date,
    pub reference: Option<String>,
    pub asked_at: OffsetDateTime,
}

/// What the actor is asked, as somebody in the log or as a manager, the oldest first.
pub async fn waiting(access: &mut Access<AnswerLogQuestion>) -> Result<Vec<Waiting>> {
    let actor = access.desk().actor().account;
    let waiting = sqlx::query_as!(
        Waiting,
        r#"select i.id as item, i.day, i.reference, max(m.made_at) as "asked_at!"
           from log_review_item i join log_review_mark m on m.item_id = i.id and m.verdict = i.verdict
           where not i.answered and ((i.verdict = 'ask_user' and i.actor_id = $1) or (i.verdict = 'ask_manager' and i.actor_id <> $1
             and sec.actor_role() = 'manager'))
           group by i.id order by max(m.made_at) limit 30"#,
        actor
    )
    .fetch_all(access.read())
    .await?;
    if !waiting.is_empty() {
        access.shown(Note::of(Event::LogQuestionShown).with("count", waiting.len()));
    }
    Ok(waiting)
}

/// Says why. False when it was answered, or is not asked any more.
pub async fn answer(access: &mut Access<AnswerLogQuestion>, mark: Uuid, case: Option<Uuid>, text: &str) -> Result<()> {
    let (actor, now) = (access.desk().actor().account, access.desk().clock().now());
    let sealed = access.desk().keys().seal(ANSWER.at(mark), text)?;
    sqlx::query!(
        "insert into log_review_answer (mark_id, answer, made_by, made_at) values ($1, $2, $3, $4)",
        mark,
        sealed.as_bytes(),
        actor,
        now
    )
    .execute(access.write(Event::LogQuestionAnswered, case).await?)
    .await
    .map_err(|error| match constraint(&error) {
        Some("log_review_answer_pkey") => Error::Stale,
        _ => error.into(),
    })?;
    Ok(())
}
