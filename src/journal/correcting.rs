//! Correcting a note: another one takes its place and says why; the old one stays readable.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;
use uuid::Uuid;

use super::form::JournalForm;
use super::model::{Draft, Entry};
use super::pages::{Trouble, take};
use super::paths;
use super::store::{self, drafts};
use super::views::{Clash, ClosedAway, EntryView, Powers, Writing};
use crate::access::right::{ReadJournal, WriteJournal};
use crate::access::{CaseAccess, Part, Receipt};
use crate::audit::{Event, Note};
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::web::form::Faults;
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/arenden/{case}/journal/{entry}/rattelse", get(begin).post(correct))
}

#[derive(Template)]
#[template(path = "journal/correct.html")]
struct CorrectPage {
    shell: Shell,
    case: CaseBar,
    writing: Writing,
    entry: EntryView,
    list: String,
}

impl CorrectPage {
    fn of(shell: Shell, case: CaseBar, original: &Entry, writing: Writing, receipt: &Receipt) -> Result<Self> {
        let nothing = Powers { write: false, cancel: false };
        Ok(Self {
            entry: EntryView::of(&case.reference, original, nothing, ClosedAway::Hidden, receipt)?,
            list: paths::list(&case.reference),
            writing,
            shell,
            case,
        })
    }
}

/// The note, for a page beside the form; reading it is on the trail.
pub(super) async fn original(case: CaseAccess<WriteJournal>, id: Uuid) -> Result<(CaseAccess<WriteJournal>, Entry)> {
    let read = async |case: &mut CaseAccess<ReadJournal>| {
        let entry = store::get(case, id).await?;
        case.shown(Note::of(Event::JournalShown).with("entry", id.to_string()));
        Ok(entry)
    };
    let (case, entry) = case.also::<ReadJournal, _>(read).await?;
    Ok((case, entry.ok_or(Error::Forbidden)?))
}

async fn begin(case: CaseAccess<WriteJournal>, PathId(id): PathId) -> Result<Response> {
    let (mut case, entry) = original(case, id).await?;
    if !entry.can_be_corrected() {
        return Err(Error::Stale);
    }
    let draft = drafts::of(&mut case, Some(id)).await?;
    let today = case.desk().clock().today();
    case.page(Part::Journal, |shell, bar, receipt| {
        let (action, reference) = (paths::correct(&bar.reference, id), bar.reference.clone());
        let fresh = || JournalForm::correcting(&entry, receipt);
        let writing = Writing::begun(action, &reference, draft.as_ref(), today, receipt, fresh)?;
        CorrectPage::of(shell, bar, &entry, writing, receipt)
    })
    .await
}

async fn correct(
    case: CaseAccess<WriteJournal>,
    PathId(id): PathId,
    Form(form): Form<JournalForm>,
) -> Result<Response> {
    let (mut case, entry) = original(case, id).await?;
    // The address says what is corrected, whatever the form says.
    let form = JournalForm { corrects: id.to_string(), ..form };
    let to = paths::list(&case.head().reference);
    let trouble = match take(&mut case, &form, Some(id)).await? {
        Ok(flash) => return case.redirect(&to, flash).await,
        Err(trouble) => trouble,
    };
    match trouble {
        Trouble::Faults(faults) => {
            case.again(Part::Journal, |shell, bar, receipt| {
                let writing = written(&bar, id, form, faults);
                CorrectPage::of(shell, bar, &entry, writing, receipt)
            })
            .await
        }
        Trouble::Draft(other) => clash(case, &entry, form, Some(&other)).await,
        Trouble::Entered => clash(case, &entry, form, None).await,
    }
}

fn written(bar: &CaseBar, id: Uuid, form: JournalForm, faults: Faults) -> Writing {
    Writing::of(paths::correct(&bar.reference, id), &bar.reference, form, faults)
}

async fn clash(
    case: CaseAccess<WriteJournal>,
    entry: &Entry,
    form: JournalForm,
    other: Option<&Draft>,
) -> Result<Response> {
    case.conflict(Part::Journal, |shell, bar, receipt| {
        let action = paths::correct(&bar.reference, entry.id);
        let writing = Writing::clashing(action, &bar.reference, form, other, receipt)?;
        CorrectPage::of(shell, bar, entry, writing, receipt)
    })
    .await
}
