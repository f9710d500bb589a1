//! A note that belongs in another file: its texts are closed away, and a line says that they were there. The manager's.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;
use uuid::Uuid;

use super::form::CancelForm;
use super::model::Entry;
use super::{paths, store};
use crate::access::right::{CancelJournal, ReadJournal};
use crate::access::{CaseAccess, Part};
use crate::audit::{Event, Note};
use crate::calendar::stockholm_date;
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/arenden/{case}/journal/{entry}/makulering", get(ask).post(cancel))
}

#[derive(Template)]
#[template(path = "journal/cancel.html")]
struct CancelPage {
    shell: Shell,
    case: CaseBar,
    form: CancelForm,
    faults: Faults,
    what: String,
    action: String,
    back: String,
}

impl CancelPage {
    fn of(shell: Shell, case: CaseBar, entry: &Entry, (form, faults): (CancelForm, Faults)) -> Self {
        let entered_on = stockholm_date(entry.entered_at);
        Self {
            what: format!("{} {}, införd {entered_on} av {}", entry.kind, entry.event_on, entry.author),
            action: paths::cancel(&case.reference, entry.id),
            back: paths::show(&case.reference, entry.id),
            form,
            faults,
            shell,
            case,
        }
    }
}

/// The note without its texts, while it can still be closed away.
async fn note(case: CaseAccess<CancelJournal>, id: Uuid) -> Result<(CaseAccess<CancelJournal>, Entry)> {
    let read = async |case: &mut CaseAccess<ReadJournal>| {
        let entry = store::get(case, id).await?;
        case.shown(Note::of(Event::JournalShown).with("entry", id.to_string()));
        Ok(entry)
    };
    let (case, entry) = case.also::<ReadJournal, _>(read).await?;
    let entry = entry.ok_or(Error::Forbidden)?;
    if entry.can_be_cancelled() { Ok((case, entry)) } else { Err(Error::Stale) }
}

async fn ask(case: CaseAccess<CancelJournal>, PathId(id): PathId) -> Result<Response> {
    let (case, entry) = note(case, id).await?;
    let blank = (CancelForm::default(), Faults::none());
    case.page(Part::Journal, |shell, bar, _| Ok(CancelPage::of(shell, bar, &entry, blank))).await
}

async fn cancel(case: CaseAccess<CancelJournal>, PathId(id): PathId, Form(form): Form<CancelForm>) -> Result<Response> {
    let (mut case, entry) = note(case, id).await?;
    match form.parse() {
        Ok(reason) => {
            store::cancel(&mut case, id, &reason).await?;
            let to = paths::list(&case.head().reference);
            case.redirect(&to, Flash::JournalCancelled).await
        }
        Err(faults) => {
            case.again(Part::Journal, |shell, bar, _| Ok(CancelPage::of(shell, bar, &entry, (form, faults)))).await
        }
    }
}
