//! SQL about drafts: private to their author (row security asks again), one for each case and for each correction.

use time::Duration;
use uuid::Uuid;

use super::DRAFT;
use crate::access::CaseAccess;
use crate::access::right::WriteJournal;
use crate::audit::Event;
use crate::crypto::seal::Sealed;
use crate::error::{Error, Result};
use crate::journal::form::JournalForm;
use crate::journal::model::{Draft, Hold, Saving};
use crate::personal::Personal;

/// The author's own, if there is one. It is held until the transaction ends, so that two pages save one after the other.
pub async fn of(case: &mut CaseAccess<WriteJournal>, corrects: Option<Uuid>) -> Result<Option<Draft>> {
    let (case_id, actor) = (case.head().id, case.desk().actor().account);
    Ok(sqlx::query_as!(
        Draft,
        r#"select id, content as "content: Sealed", tab, saved_at, version from journal_draft
           where case_id = $1 and author_id = $2 and corrects_id is not distinct from $3 for update"#,
        case_id,
        actor,
        corrects
    )
    .fetch_optional(case.read())
    .await?)
}

/// Keeps what stands in an open form. `entry` is the id of the note that it will become.
pub async fn save(
    case: &mut CaseAccess<WriteJournal>,
    corrects: Option<Uuid>,
    entry: Option<Uuid>,
    content: &str,
    hold: Hold,
) -> Result<Saving> {
    let now = case.desk().clock().now();
    let Some(draft) = of(case, corrects).await? else {
        if let Some(just_now) = entered(case, entry).await? {
            return Ok(if just_now { Saving::Late } else { Saving::Entered });
        }
        return begin(case, corrects, content, hold).await;
    };
    if !draft.yields_to(hold) {
        let same = case.desk().ask(DRAFT.at(draft.id), &draft.content, |kept| *kept == Personal::new(content))?;
        return Ok(if same {
            Saving::Saved { version: draft.version, at: draft.saved_at }
        } else {
            Saving::Conflict(draft)
        });
    }
    let sealed = case.desk().keys().seal(DRAFT.at(draft.id), content)?;
    let version = sqlx::query_scalar!(
        "update journal_draft set content = $2, tab = $3, saved_at = $4, version = version + 1 where id = $1
         returning version",
        draft.id,
        sealed as Sealed,
        hold.tab,
        now
    )
    .fetch_one(case.write(Event::JournalDraftSaved).await?)
    .await?;
    Ok(Saving::Saved { version, at: now })
}

/// How long after its note was entered a save may still be under way: what it holds is in the note.
const UNDER_WAY: Duration = Duration::minutes(1);

/// Whether the note has been entered, and if so, whether its author did it just now.
async fn entered(case: &mut CaseAccess<WriteJournal>, entry: Option<Uuid>) -> Result<Option<bool>> {
    let (actor, since) = (case.desk().actor().account, case.desk().clock().now() - UNDER_WAY);
    Ok(sqlx::query_scalar!(
        r#"select author_id = $2 and entered_at >= $3 as "just_now!" from journal_entry where id = $1"#,
        entry,
        actor,
        since
    )
    .fetch_optional(case.read())
    .await?)
}

async fn begin(
    case: &mut CaseAccess<WriteJournal>,
    corrects: Option<Uuid>,
    content: &str,
    hold: Hold,
) -> Result<Saving> {
    let (case_id, actor, now) = (case.head().id, case.desk().actor().account, case.desk().clock().now());
    if let Some(corrected) = corrects {
        sqlx::query_scalar!("select id from journal_entry where id = $1 and case_id = $2", corrected, case_id)
            .fetch_optional(case.read())
            .await?
            .ok_or(Error::NotFound)?;
    }
    let id = Uuid::now_v7();
    let sealed = case.desk().keys().seal(DRAFT.at(id), content)?;
    // Not from 1: a page that was open before the last draft was entered or thrown away must not be taken for the newest.
    let version = sqlx::query_scalar!(
        "insert into journal_draft (id, case_id, author_id, corrects_id, content, tab, saved_at, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning version",
        id,
        case_id,
        actor,
        corrects,
        sealed as Sealed,
        hold.tab,
        now,
        hold.version.max(0).saturating_add(1)
    )
    .fetch_optional(case.write(Event::JournalDraftSaved).await?)
    .await?;
    // Another page was first, in this very moment.
    version.map(|version| Saving::Saved { version, at: now }).ok_or(Error::Stale)
}

/// Throws it away; gives it back instead when another page has saved another text since.
pub async fn discard(
    case: &mut CaseAccess<WriteJournal>,
    corrects: Option<Uuid>,
    hold: Option<Hold>,
) -> Result<Option<Draft>> {
    let Some(draft) = of(case, corrects).await? else { return Ok(None) };
    if hold.is_none_or(|hold| !draft.yields_to(hold)) {
        return Ok(Some(draft));
    }
    sqlx::query!("delete from journal_draft where id = $1", draft.id)
        .execute(case.write(Event::JournalDraftDiscarded).await?)
        .await?;
    Ok(None)
}

/// Whether the draft holds the very text of the form.
pub fn says(case: &CaseAccess<WriteJournal>, draft: &Draft, form: &JournalForm) -> Result<bool> {
    let typed = Personal::new(form.kept()?);
    case.desk().ask(DRAFT.at(draft.id), &draft.content, |kept| *kept == typed)
}
