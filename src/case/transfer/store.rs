//! SQL about requests to other municipalities.

use time::Date;
use uuid::Uuid;

use super::model::{Answer, AtIvo, NewTransfer, Transfer};
use crate::access::CaseAccess;
use crate::access::right::{ManageCase, OpenLocation, ReadCase, Right, SeesCase};
use crate::audit::{Event, Note};
use crate::crypto::seal::{Column, Sealed};
use crate::error::{Error, Result, constraint};
use crate::vocabulary::TransferAnswer;

pub const MUNICIPALITY: Column = Column("case_transfer.municipality");
pub const GROUNDS: Column = Column("case_transfer.grounds");
pub const PAPER: Column = Column("case_transfer.paper");
pub const ANSWER_NOTE: Column = Column("case_transfer.answer_note");

/// A row as it is read.
struct Row {
    id: Uuid,
    number: i32,
    grounds: Sealed,
    paper: Sealed,
    requested_on: Date,
    registrar: String,
    answer: Option<TransferAnswer>,
    answered_on: Option<Date>,
    answer_note: Option<Sealed>,
    ivo_applied_on: Option<Date>,
    ivo_decided_on: Option<Date>,
    ivo_approved: Option<bool>,
    accepted_on: Option<Date>,
    version: i32,
}

impl From<Row> for Transfer {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            number: row.number,
            grounds: row.grounds,
            paper: row.paper,
            requested_on: row.requested_on,
            registrar: row.registrar,
            answer: row.answer.zip(row.answered_on),
            answer_note: row.answer_note,
            ivo_applied_on: row.ivo_applied_on,
            ivo: row.ivo_decided_on.zip(row.ivo_approved),
            accepted_on: row.accepted_on,
            version: row.version,
        }
    }
}

/// All of them but where they are to, the latest first.
async fn rows<R: Right + SeesCase>(case: &mut CaseAccess<R>) -> Result<Vec<Transfer>> {
    let id = case.head().id;
    let rows = sqlx::query_as!(
        Row,
        r#"select t.id, t.number, t.grounds as "grounds: Sealed", t.paper as "paper: Sealed", t.requested_on,
                  a.display_name as registrar, t.answer as "answer: TransferAnswer", t.answered_on,
                  t.answer_note as "answer_note: Sealed", t.ivo_applied_on, t.ivo_decided_on, t.ivo_approved, t.accepted_on,
                  t.version
           from case_transfer t join account a on a.id = t.requested_by
           where t.case_id = $1 order by t.number desc limit 50"#,
        id
    )
    .fetch_all(case.read())
    .await?;
    let all: Vec<Transfer> = rows.into_iter().map(Transfer::from).collect();
    case.shown(Note::of(Event::TransfersShown).with("count", all.len()));
    Ok(all)
}

pub async fn list(case: &mut CaseAccess<ReadCase>) -> Result<Vec<Transfer>> {
    rows(case).await
}

/// The case's, for whoever is about to add another.
pub async fn known(case: &mut CaseAccess<ManageCase>) -> Result<Vec<Transfer>> {
    rows(case).await
}

/// One of the case's.
pub async fn get(case: &mut CaseAccess<ManageCase>, id: Uuid) -> Result<Transfer> {
    rows(case).await?.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)
}

/// Which municipality each is to: where somebody lives, or will.
pub async fn municipalities(case: &mut CaseAccess<OpenLocation>) -> Result<Vec<(Uuid, Sealed)>> {
    let id = case.head().id;
    let rows = sqlx::query!(
        r#"select id, municipality as "municipality: Sealed" from case_transfer where case_id = $1 order by number"#,
        id
    )
    .fetch_all(case.read())
    .await?;
    if !rows.is_empty() {
        case.shown(Note::of(Event::TransferPlaceShown).with("count", rows.len()));
    }
    Ok(rows.into_iter().map(|row| (row.id, row.municipality)).collect())
}

/// Stale when another request waits for its answer since the form was opened.
pub async fn ask(case: &mut CaseAccess<ManageCase>, new: &NewTransfer) -> Result<()> {
    let (case_id, actor, now) = (case.head().id, case.desk().actor().account, case.desk().clock().now());
    let keys = case.desk().keys();
    let municipality = keys.seal(MUNICIPALITY.at(new.id), &new.municipality)?;
    let grounds = keys.seal(GROUNDS.at(new.id), &new.grounds)?;
    let paper = keys.seal(PAPER.at(new.id), &new.paper)?;
    sqlx::query!(
        "insert into case_transfer (id, case_id, number, municipality, grounds, paper, requested_on, requested_by,
                                    requested_at)
         select $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5, $6, $7, $8 from case_transfer where case_id = $2",
        new.id,
        case_id,
        municipality as Sealed,
        grounds as Sealed,
        paper as Sealed,
        new.requested_on,
        actor,
        now
    )
    .execute(case.write(Event::TransferRequested).await?)
    .await
    .map_err(|error| match constraint(&error) {
        // An id that is taken belongs to another case: nobody's fault but a forger's.
        Some("case_transfer_pkey") => Error::NotFound,
        Some("case_transfer_one_unanswered" | "case_transfer_number") => Error::Stale,
        _ => error.into(),
    })?;
    Ok(())
}

/// Somebody else has registered something since.
fn stale(done: u64) -> Result<()> {
    if done == 0 { Err(Error::Stale) } else { Ok(()) }
}

pub async fn answer(case: &mut CaseAccess<ManageCase>, one: &Transfer, answer: &Answer) -> Result<()> {
    let case_id = case.head().id;
    let note = answer.note.as_deref();
    let note = note.map(|note| case.desk().keys().seal(ANSWER_NOTE.at(one.id), note)).transpose()?;
    let done = sqlx::query!(
        "update case_transfer set answer = $4, answered_on = $5, answer_note = $6, version = version + 1
         where id = $1 and case_id = $2 and version = $3",
        one.id,
        case_id,
        one.version,
        answer.answer as TransferAnswer,
        answer.on,
        note as Option<Sealed>
    )
    .execute(case.write(Event::TransferAnswered).await?)
    .await?;
    stale(done.rows_affected())
}

pub async fn at_ivo(case: &mut CaseAccess<ManageCase>, one: &Transfer, step: AtIvo) -> Result<()> {
    let case_id = case.head().id;
    let (applied_on, decided_on, approved) = match step {
        AtIvo::Applied(on) => (Some(on), None, None),
        AtIvo::Decided { on, approved } => (one.ivo_applied_on, Some(on), Some(approved)),
    };
    let done = sqlx::query!(
        "update case_transfer set ivo_applied_on = $4, ivo_decided_on = $5, ivo_approved = $6, version = version + 1
         where id = $1 and case_id = $2 and version = $3",
        one.id,
        case_id,
        one.version,
        applied_on,
        decided_on,
        approved
    )
    .execute(case.write(Event::TransferTried).await?)
    .await?;
    stale(done.rows_affected())
}
