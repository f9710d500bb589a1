//! SQL about investigations: reading them, beginning one, writing its texts and completing it. What is registered beside
//! the texts stands in `store/course.rs`, areas of support and children in files of their own. Postgres holds the ways
//! that there are once more by itself.

pub mod children;
pub mod course;
pub mod support;

use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::model::{Investigation, NewInvestigation, Ruling, Texts};
use super::{ANALYSIS, PROPOSAL, SUMMARY};
use crate::access::CaseAccess;
use crate::access::right::{Investigate, ReadInvestigations, Right, SeesCase};
use crate::audit::Event;
use crate::crypto::seal::{Column, Sealed};
use crate::db::on_constraint;
use crate::error::{Error, Result};
use crate::vocabulary::{CommunicationException, DecisionType, InvestigationKind, InvestigationStatus};

/// A row as it is read.
struct Row {
    id: Uuid,
    number: i32,
    kind: InvestigationKind,
    started_on: Date,
    start_decision_id: Uuid,
    start_decision: i32,
    target_on: Date,
    extended_to: Option<Date>,
    extension_reason: Option<Sealed>,
    delay_notice_sent_on: Option<Date>,
    party_demanded_ruling_on: Option<Date>,
    material_communicated_on: Option<Date>,
    exception: Option<CommunicationException>,
    reply_due_on: Option<Date>,
    reply_received_on: Option<Date>,
    summary: Option<Sealed>,
    analysis: Option<Sealed>,
    proposal: Option<Sealed>,
    status: InvestigationStatus,
    completed_on: Option<Date>,
    completer: Option<String>,
    discontinued_on: Option<Date>,
    discontinued_reason: Option<Sealed>,
    ruling_id: Option<Uuid>,
    ruling: Option<i32>,
    editor: String,
    edited_at: OffsetDateTime,
    text_version: i32,
    version: i32,
}

impl From<Row> for Investigation {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            number: row.number,
            kind: row.kind,
            started_on: row.started_on,
            start_decision: (row.start_decision_id, row.start_decision),
            target_on: row.target_on,
            extended: row.extended_to.zip(row.extension_reason),
            delay_notice_on: row.delay_notice_sent_on,
            demanded_on: row.party_demanded_ruling_on,
            communicated_on: row.material_communicated_on,
            exception: row.exception,
            reply_due_on: row.reply_due_on,
            reply_received_on: row.reply_received_on,
            texts: Texts { summary: row.summary, analysis: row.analysis, proposal: row.proposal },
            status: row.status,
            completed: row.completed_on.zip(row.completer),
            discontinued: row.discontinued_on.zip(row.discontinued_reason),
            ruling: row.ruling_id.zip(row.ruling),
            editor: row.editor,
            edited_at: row.edited_at,
            text_version: row.text_version,
            version: row.version,
        }
    }
}

/// All of the case's, the newest first.
pub async fn list(case: &mut CaseAccess<ReadInvestigations>) -> Result<Vec<Investigation>> {
    let id = case.head().id;
    let rows = sqlx::query_as!(
        Row,
        r#"select i.id, i.number, i.kind as "kind: InvestigationKind", i.started_on, i.start_decision_id,
                  s.number as start_decision, i.target_on, i.extended_to, i.extension_reason as "extension_reason: Sealed",
                  i.delay_notice_sent_on, i.party_demanded_ruling_on, i.material_communicated_on,
                  i.communication_exception as "exception: CommunicationException", i.reply_due_on, i.reply_received_on,
                  i.summary as "summary: Sealed", i.analysis as "analysis: Sealed", i.proposal as "proposal: Sealed",
                  i.status as "status: InvestigationStatus", i.completed_on,
                  (select c.display_name from account c where c.id = i.completed_by) as completer, i.discontinued_on,
                  i.discontinued_reason as "discontinued_reason: Sealed", i.ruling_id,
                  (select r.number from decision r where r.id = i.ruling_id) as ruling, e.display_name as editor,
                  i.edited_at, i.text_version, i.version
           from investigation i join account e on e.id = i.edited_by join decision s on s.id = i.start_decision_id
           where i.case_id = $1 order by i.number desc"#,
        id
    )
    .fetch_all(case.read())
    .await?;
    Ok(rows.into_iter().map(Investigation::from).collect())
}

/// All investigations, for work under another right; whoever holds that may also read.
pub async fn read<R: Right + SeesCase>(case: CaseAccess<R>) -> Result<(CaseAccess<R>, Vec<Investigation>)> {
    let (case, all) = case.also::<ReadInvestigations, _>(list).await?;
    all.map(|all| (case, all)).ok_or(Error::NotFound)
}

/// One of the case's.
pub async fn get<R: Right + SeesCase>(case: CaseAccess<R>, id: Uuid) -> Result<(CaseAccess<R>, Investigation)> {
    let (case, all) = read(case).await?;
    let one = all.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)?;
    Ok((case, one))
}

/// The signed decisions of the case: those that open an investigation, or all others. The newest first.
async fn rulings(case: &mut CaseAccess<Investigate>, opens: bool) -> Result<Vec<Ruling>> {
    let case_id = case.head().id;
    let rows = sqlx::query!(
        r#"select d.id, d.number, d.type as "kind: DecisionType", d.decided_on as "decided_on!"
           from decision d
           where d.case_id = $1 and d.signed_by is not null and (d.type = 'open_investigation') = $2
             and (not $2 or d.outcome not in ('rejected', 'dismissed'))
           order by d.number desc"#,
        case_id,
        opens
    )
    .fetch_all(case.read())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Ruling {
            id: row.id,
            number: row.number,
            label: format!("Beslut {}, {}, {}", row.number, row.kind.label(), row.decided_on),
            decided_on: row.decided_on,
        })
        .collect())
}

/// The decisions that an investigation can begin with.
pub async fn openings(case: &mut CaseAccess<Investigate>) -> Result<Vec<Ruling>> {
    rulings(case, true).await
}

/// The decisions that an investigation can have led to: made when it was completed, or later.
pub async fn outcomes(case: &mut CaseAccess<Investigate>, completed_on: Date) -> Result<Vec<Ruling>> {
    let mut rulings = rulings(case, false).await?;
    rulings.retain(|ruling| ruling.decided_on >= completed_on);
    Ok(rulings)
}

/// Begins an investigation, under the next number of the case.
pub async fn start(case: &mut CaseAccess<Investigate>, new: &NewInvestigation) -> Result<()> {
    let (case_id, actor, now) = (case.head().id, case.desk().actor().account, case.desk().clock().now());
    let work = case.write(Event::InvestigationStarted).await?;
    sqlx::query_scalar!("select id from case_file where id = $1 for no key update", case_id)
        .fetch_one(&mut *work)
        .await?;
    sqlx::query!(
        "insert into investigation (id, case_id, number, kind, started_on, start_decision_id, target_on, created_by, edited_by,
           edited_at)
         values ($1, $2, (select coalesce(max(number), 0) + 1 from investigation where case_id = $2), $3, $4, $5, $6, $7, $7,
           $8)",
        new.id,
        case_id,
        new.kind as InvestigationKind,
        new.started_on,
        new.start_decision,
        new.target_on,
        actor,
        now
    )
    .execute(work)
    .await
    .map_err(|error| {
        on_constraint(error, "investigation_one_ongoing", Error::Invalid("En utredning pågår redan i ärendet."))
    })?;
    Ok(())
}

/// Writes the texts. False when somebody else has written since, or completed it.
pub async fn write(case: &mut CaseAccess<Investigate>, id: Uuid, texts: &Texts<String>, version: i32) -> Result<bool> {
    let (case_id, actor, now) = (case.head().id, case.desk().actor().account, case.desk().clock().now());
    let keys = case.desk().keys();
    let seal =
        |column: Column, text: &Option<String>| text.as_deref().map(|text| keys.seal(column.at(id), text)).transpose();
    let summary = seal(SUMMARY, &texts.summary)?;
    let analysis = seal(ANALYSIS, &texts.analysis)?;
    let proposal = seal(PROPOSAL, &texts.proposal)?;
    let written = sqlx::query!(
        "update investigation set summary = $4, analysis = $5, proposal = $6, edited_by = $7, edited_at = $8,
           text_version = text_version + 1
         where id = $1 and case_id = $2 and text_version = $3 and status in ('ongoing', 'communicated')",
        id,
        case_id,
        version,
        summary as Option<Sealed>,
        analysis as Option<Sealed>,
        proposal as Option<Sealed>,
        actor,
        now
    )
    .execute(case.write(Event::InvestigationWritten).await?)
    .await?;
    Ok(written.rows_affected() == 1)
}

/// Completes it on the day: from here on nothing of it changes. False when it is not as it was read.
pub async fn complete(case: &mut CaseAccess<Investigate>, one: &Investigation, on: Date) -> Result<bool> {
    let (case_id, actor) = (case.head().id, case.desk().actor().account);
    let completed = sqlx::query!(
        "update investigation set status = 'completed', completed_on = $5, completed_by = $6, version = version + 1
         where id = $1 and case_id = $2 and version = $3 and text_version = $4 and status in ('ongoing', 'communicated')",
        one.id,
        case_id,
        one.version,
        one.text_version,
        on,
        actor
    )
    .execute(case.write(Event::InvestigationCompleted).await?)
    .await?;
    Ok(completed.rows_affected() == 1)
}
