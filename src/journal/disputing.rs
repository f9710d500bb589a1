//! What the person says is wrong in a note (14 kap. 6 § SoL): beside the note, which stands as it is.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;

use super::correcting::original;
use super::form::DisputeForm;
use super::model::Entry;
use super::views::{ClosedAway, EntryView, Powers};
use super::{paths, store};
use crate::access::right::WriteJournal;
use crate::access::{CaseAccess, Part, Receipt};
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/arenden/{case}/journal/{entry}/invandning", get(ask).post(note))
}

#[derive(Template)]
#[template(path = "journal/dispute.html")]
struct DisputePage {
    shell: Shell,
    case: CaseBar,
    form: DisputeForm,
    faults: Faults,
    entry: EntryView,
    action: String,
    list: String,
}

impl DisputePage {
    fn of(
        shell: Shell,
        case: CaseBar,
        entry: &Entry,
        (form, faults): (DisputeForm, Faults),
        receipt: &Receipt,
    ) -> Result<Self> {
        let nothing = Powers { write: false, cancel: false };
        Ok(Self {
            entry: EntryView::of(&case.reference, entry, nothing, ClosedAway::Hidden, receipt)?,
            action: paths::dispute(&case.reference, entry.id),
            list: paths::list(&case.reference),
            form,
            faults,
            shell,
            case,
        })
    }
}

async fn ask(case: CaseAccess<WriteJournal>, PathId(id): PathId) -> Result<Response> {
    let (case, entry) = original(case, id).await?;
    if !entry.can_be_disputed() {
        return Err(Error::Stale);
    }
    case.page(Part::Journal, |shell, bar, receipt| {
        DisputePage::of(shell, bar, &entry, (DisputeForm::fresh(), Faults::none()), receipt)
    })
    .await
}

async fn note(case: CaseAccess<WriteJournal>, PathId(id): PathId, Form(form): Form<DisputeForm>) -> Result<Response> {
    let (mut case, entry) = original(case, id).await?;
    if !entry.can_be_disputed() {
        return Err(Error::Stale);
    }
    match form.parse() {
        Ok((dispute, said)) => {
            store::dispute(&mut case, id, dispute, &said).await?;
            let to = paths::list(&case.head().reference);
            case.redirect(&to, Flash::JournalDisputed).await
        }
        Err(faults) => {
            case.again(Part::Journal, |shell, bar, receipt| {
                DisputePage::of(shell, bar, &entry, (form, faults), receipt)
            })
            .await
        }
    }
}
