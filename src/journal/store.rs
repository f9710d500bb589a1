//! SQL about the journal. What is entered is only ever added to; drafts stand in `store/drafts.rs`.

pub mod drafts;

use sqlx::PgConnection;
use time::{Date, OffsetDateTime, Time};
use uuid::Uuid;

use super::model::{Cancelled, Content, Corrected, Dispute, Entry, Line, NewEntry};
use crate::access::CaseAccess;
use crate::access::right::{CancelJournal, ReadJournal, WriteJournal};
use crate::audit::Event;
use crate::crypto::seal::{Column, Sealed};
use crate::error::{Error, Result, constraint};
use crate::personal::Personal;
use crate::vocabulary::{JournalEvent, JournalKind};

pub const SOURCE: Column = Column("journal_content.source");
pub const FACT: Column = Column("journal_content.fact");
pub const ASSESSMENT: Column = Column("journal_content.assessment");
pub const REASON: Column = Column("journal_content.reason");
pub const CANCELLED_WHY: Column = Column("journal_cancellation.reason");
pub const DISPUTED: Column = Column("journal_dispute.said");
pub const DRAFT: Column = Column("journal_draft.content");

/// A row as it is read.
struct Row {
    id: Uuid,
    kind: JournalKind,
    event_on: Date,
    event_at: Option<Time>,
    entered_at: OffsetDateTime,
    author_name: String,
    author_title: String,
    party_informed: Option<bool>,
    program_event: Option<JournalEvent>,
    program_detail: Option<String>,
    program_subject: Option<String>,
    source: Option<Sealed>,
    fact: Option<Sealed>,
    assessment: Option<Sealed>,
    reason: Option<Sealed>,
    corrects_id: Option<Uuid>,
    corrects_on: Option<Date>,
    corrected_by: Option<Uuid>,
    corrected_at: Option<OffsetDateTime>,
    corrected_name: Option<String>,
    cancelled_at: Option<OffsetDateTime>,
    cancelled_name: Option<String>,
    cancelled_why: Option<Sealed>,
}

impl From<Row> for Entry {
    fn from(row: Row) -> Self {
        let corrected = row.corrected_by.zip(row.corrected_at).zip(row.corrected_name);
        let cancelled = row.cancelled_at.zip(row.cancelled_name).zip(row.cancelled_why);
        let (fact, assessment, reason) = (row.fact, row.assessment, row.reason);
        Self {
            id: row.id,
            kind: row.kind,
            event_on: row.event_on,
            event_at: row.event_at,
            entered_at: row.entered_at,
            author: row.author_name,
            title: row.author_title,
            party_informed: row.party_informed,
            content: row.source.map(|source| Content { source, fact, assessment, reason }),
            program: row.program_event.map(|event| Line {
                event,
                detail: row.program_detail,
                subject: row.program_subject,
            }),
            corrects: row.corrects_id.zip(row.corrects_on),
            corrected: corrected.map(|((by, at), name)| Corrected { by, at, name }),
            cancelled: cancelled.map(|((at, name), reason)| Cancelled { at, name, reason }),
            disputes: Vec::new(),
        }
    }
}

/// Which of the notes: all, those of a kind, or one.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    pub kind: Option<JournalKind>,
    pub only: Option<Uuid>,
    pub skip: i64,
    pub take: i64,
}

/// The newest first, by when it happened.
pub async fn list(case: &mut CaseAccess<ReadJournal>, wanted: Wanted) -> Result<Vec<Entry>> {
    let id = case.head().id;
    let rows = sqlx::query_as!(
        Row,
        r#"select e.id, e.kind as "kind: JournalKind", e.event_on, e.event_at, e.entered_at, e.author_name, e.author_title,
                  e.party_informed, e.program_event as "program_event: JournalEvent", e.program_detail, e.program_subject,
                  c.source as "source?: Sealed", c.fact as "fact: Sealed", c.assessment as "assessment: Sealed",
                  c.reason as "reason: Sealed", e.corrects_id, o.event_on as "corrects_on?", k.id as "corrected_by?",
                  k.entered_at as "corrected_at?", k.author_name as "corrected_name?", x.cancelled_at as "cancelled_at?",
                  x.cancelled_name as "cancelled_name?", x.reason as "cancelled_why?: Sealed"
           from journal_entry e
           left join journal_content c on c.entry_id = e.id
           left join journal_entry o on o.id = e.corrects_id
           left join journal_entry k on k.corrects_id = e.id
           left join journal_cancellation x on x.entry_id = e.id
           where e.case_id = $1 and ($2::journal_kind is null or e.kind = $2) and ($3::uuid is null or e.id = $3)
           order by e.event_on desc, e.event_at desc nulls last, e.entered_at desc, e.id desc
           offset $4 limit $5"#,
        id,
        wanted.kind as Option<JournalKind>,
        wanted.only,
        wanted.skip,
        wanted.take
    )
    .fetch_all(case.read())
    .await?;
    let mut entries: Vec<_> = rows.into_iter().map(Entry::from).collect();
    let ids: Vec<_> = entries.iter().map(|entry| entry.id).collect();
    for dispute in disputes(case.read(), &ids).await? {
        if let Some(entry) = entries.iter_mut().find(|entry| entry.id == dispute.entry) {
            entry.disputes.push(dispute);
        }
    }
    Ok(entries)
}

async fn disputes(work: &mut PgConnection, entries: &[Uuid]) -> Result<Vec<Dispute>> {
    Ok(sqlx::query_as!(
        Dispute,
        r#"select id, entry_id as entry, said as "said: Sealed", noted_at as at, noted_name as name
           from journal_dispute where entry_id = any($1) order by noted_at, id"#,
        entries
    )
    .fetch_all(work)
    .await?)
}

pub async fn count(case: &mut CaseAccess<ReadJournal>, kind: Option<JournalKind>) -> Result<i64> {
    let id = case.head().id;
    Ok(sqlx::query_scalar!(
        r#"select count(*) as "count!" from journal_entry
           where case_id = $1 and ($2::journal_kind is null or kind = $2)"#,
        id,
        kind as Option<JournalKind>
    )
    .fetch_one(case.read())
    .await?)
}

/// One note of the case's.
pub async fn get(case: &mut CaseAccess<ReadJournal>, id: Uuid) -> Result<Entry> {
    let found = list(case, Wanted { only: Some(id), take: 1, ..Wanted::default() }).await?;
    found.into_iter().next().ok_or(Error::NotFound)
}

/// Whether a note with the id has been entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    New,
    /// The same form, sent once more.
    Same,
    /// Another text: two pages were opened with one draft, and one of them has been entered.
    Other,
}

pub async fn known(case: &mut CaseAccess<WriteJournal>, new: &NewEntry) -> Result<Known> {
    let case_id = case.head().id;
    // The same form sent twice at the same moment: the second waits here, and then finds the first one's note.
    sqlx::query_scalar!(
        r#"select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 0))::text as "locked""#,
        new.id
    )
    .fetch_one(case.read())
    .await?;
    let row = sqlx::query!(
        r#"select e.kind as "kind: JournalKind", e.event_on, e.event_at, e.party_informed, e.corrects_id,
                  c.source as "source?: Sealed", c.fact as "fact: Sealed", c.assessment as "assessment: Sealed",
                  c.reason as "reason: Sealed"
           from journal_entry e left join journal_content c on c.entry_id = e.id
           where e.id = $1 and e.case_id = $2"#,
        new.id,
        case_id
    )
    .fetch_optional(case.read())
    .await?;
    let Some(row) = row else { return Ok(Known::New) };
    let desk = case.desk();
    let same_text = |column: Column, kept: &Option<Sealed>, typed: Option<&str>| match (kept, typed) {
        (None, None) => Ok(true),
        (Some(kept), Some(typed)) => desk.ask(column.at(new.id), kept, |kept| *kept == Personal::new(typed)),
        _ => Ok(false),
    };
    let correction = new.correction.as_ref();
    let same = (row.kind, row.event_on, row.event_at) == (new.kind, new.event_on, new.event_at)
        && row.party_informed == Some(new.party_informed)
        && row.corrects_id == correction.map(|correction| correction.of)
        && same_text(SOURCE, &row.source, Some(&new.source))?
        && same_text(FACT, &row.fact, new.fact.as_deref())?
        && same_text(ASSESSMENT, &row.assessment, new.assessment.as_deref())?
        && same_text(REASON, &row.reason, correction.map(|correction| correction.reason.as_str()))?;
    Ok(if same { Known::Same } else { Known::Other })
}

/// Signs and freezes in one step, and takes the draft away.
pub async fn enter(case: &mut CaseAccess<WriteJournal>, new: &NewEntry) -> Result<()> {
    let (case_id, actor, now) = (case.head().id, case.desk().actor().account, case.desk().clock().now());
    let keys = case.desk().keys();
    let seal = |column: Column, text: &str| keys.seal(column.at(new.id), text);
    let source = seal(SOURCE, &new.source)?;
    let fact = new.fact.as_deref().map(|text| seal(FACT, text)).transpose()?;
    let assessment = new.assessment.as_deref().map(|text| seal(ASSESSMENT, text)).transpose()?;
    let reason = new.correction.as_ref().map(|correction| seal(REASON, &correction.reason)).transpose()?;
    let corrects = new.correction.as_ref().map(|correction| correction.of);
    let event = if corrects.is_some() { Event::JournalCorrected } else { Event::JournalEntered };
    let work = case.write(event).await?;
    sqlx::query!(
        "insert into journal_entry (id, case_id, kind, event_on, event_at, entered_at, author_id, author_name, author_title,
                                    party_informed, corrects_id)
         select $1, $2, $3, $4, $5, $6, a.id, a.display_name, a.title, $7, $8 from account a where a.id = $9",
        new.id,
        case_id,
        new.kind as JournalKind,
        new.event_on,
        new.event_at,
        now,
        new.party_informed,
        corrects,
        actor
    )
    .execute(&mut *work)
    .await
    .map_err(|error| match constraint(&error) {
        // Somebody else has corrected it, or closed it away, in the meantime.
        Some("journal_entry_corrected_once" | "journal_entry_correctable") => Error::Stale,
        // A note of another case's, or an id of another case's note: nobody's fault but a forger's.
        Some("journal_entry_pkey" | "journal_entry_corrects") => Error::NotFound,
        _ => error.into(),
    })?;
    sqlx::query!(
        "insert into journal_content (entry_id, source, fact, assessment, reason) values ($1, $2, $3, $4, $5)",
        new.id,
        source as Sealed,
        fact as Option<Sealed>,
        assessment as Option<Sealed>,
        reason as Option<Sealed>
    )
    .execute(&mut *work)
    .await?;
    sqlx::query!(
        "delete from journal_draft where case_id = $1 and author_id = $2 and corrects_id is not distinct from $3",
        case_id,
        actor,
        corrects
    )
    .execute(work)
    .await?;
    Ok(())
}

/// Notes beside what the person says is wrong. The same form sent twice notes once.
pub async fn dispute(case: &mut CaseAccess<WriteJournal>, entry: Uuid, id: Uuid, said: &str) -> Result<()> {
    let (actor, now) = (case.desk().actor().account, case.desk().clock().now());
    let said = case.desk().keys().seal(DISPUTED.at(id), said)?;
    sqlx::query!(
        "insert into journal_dispute (id, entry_id, said, noted_by, noted_name, noted_at)
         select $1, $2, $3, a.id, a.display_name, $4 from account a where a.id = $5
         on conflict (id) do nothing",
        id,
        entry,
        said as Sealed,
        now,
        actor
    )
    .execute(case.write(Event::JournalDisputed).await?)
    .await?;
    Ok(())
}

/// Closes the texts away. Stale when somebody else has done it.
pub async fn cancel(case: &mut CaseAccess<CancelJournal>, entry: Uuid, reason: &str) -> Result<()> {
    let (actor, now) = (case.desk().actor().account, case.desk().clock().now());
    let reason = case.desk().keys().seal(CANCELLED_WHY.at(entry), reason)?;
    sqlx::query!(
        "insert into journal_cancellation (entry_id, reason, cancelled_by, cancelled_name, cancelled_at)
         select $1, $2, a.id, a.display_name, $3 from account a where a.id = $4",
        entry,
        reason as Sealed,
        now,
        actor
    )
    .execute(case.write(Event::JournalCancelled).await?)
    .await
    .map_err(|error| crate::db::on_constraint(error, "journal_cancellation_pkey", Error::Stale))?;
    Ok(())
}

/// A line by the program itself, for rooms whose change the database does not write a line about by itself (it does for
/// cases, assignments, threat assessments and consents: migration 0014). In the transaction of the change.
pub async fn note_by_program(work: &mut PgConnection, case: Uuid, at: OffsetDateTime, line: &Line) -> Result<()> {
    sqlx::query!(
        "insert into journal_entry (id, case_id, kind, event_on, event_at, entered_at, author_id, author_name, author_title,
                                    program_event, program_detail, program_subject)
         select $1, $2, 'program', ($3::timestamptz at time zone 'Europe/Stockholm')::date,
                date_trunc('minute', $3::timestamptz at time zone 'Europe/Stockholm')::time, $3, a.id, a.display_name, a.title,
                $4, $5, $6
         from account a where a.id = sec.actor_id()",
        Uuid::now_v7(),
        case,
        at,
        line.event as JournalEvent,
        line.detail,
        line.subject
    )
    .execute(work)
    .await?;
    Ok(())
}
