//! Writing the three texts. Several may: whoever comes second is shown both texts, and loses neither.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;
use uuid::Uuid;

use super::form::TextForm;
use super::model::{Investigation, LONGEST_TEXT};
use super::{paths, store};
use crate::access::right::Investigate;
use crate::access::{CaseAccess, Part};
use crate::audit::{Event, Note};
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/arenden/{case}/utredning/{investigation}/text", get(ask).post(write))
}

#[derive(Template)]
#[template(path = "investigation/text.html")]
struct TextPage {
    shell: Shell,
    case: CaseBar,
    number: i32,
    form: TextForm,
    faults: Faults,
    /// What somebody else has written since, and who.
    other: Option<(TextForm, String)>,
    max: usize,
    action: String,
    back: String,
}

impl TextPage {
    fn of(shell: Shell, case: CaseBar, one: &Investigation, (form, faults): (TextForm, Faults)) -> Self {
        Self {
            number: one.number,
            other: None,
            max: LONGEST_TEXT,
            action: paths::write(&case.reference, one.id),
            back: paths::show(&case.reference, one.id),
            shell,
            case,
            form,
            faults,
        }
    }
}

async fn read(case: CaseAccess<Investigate>, id: Uuid) -> Result<(CaseAccess<Investigate>, Investigation)> {
    let (mut case, one) = store::get(case, id).await?;
    case.shown(Note::of(Event::InvestigationsShown).with("number", one.number));
    Ok((case, one))
}

async fn ask(case: CaseAccess<Investigate>, PathId(id): PathId) -> Result<Response> {
    let (case, one) = read(case, id).await?;
    if !one.status.is_open() {
        let to = paths::show(&case.head().reference, id);
        return case.redirect(&to, None).await;
    }
    case.page(Part::Investigation, |shell, case, receipt| {
        let form = TextForm::of(&one, receipt)?;
        Ok(TextPage::of(shell, case, &one, (form, Faults::none())))
    })
    .await
}

async fn write(case: CaseAccess<Investigate>, PathId(id): PathId, Form(form): Form<TextForm>) -> Result<Response> {
    let (mut case, one) = read(case, id).await?;
    if !one.status.is_open() {
        return Err(Error::Stale);
    }
    if form.version() != one.text_version {
        return case
            .conflict(Part::Investigation, |shell, case, receipt| {
                let theirs = TextForm::of(&one, receipt)?;
                // Sent again it writes over theirs, knowingly.
                let form = TextForm { version: theirs.version.clone(), ..form };
                let other = Some((theirs, one.editor.clone()));
                Ok(TextPage { other, ..TextPage::of(shell, case, &one, (form, Faults::none())) })
            })
            .await;
    }
    match form.parse() {
        Ok(texts) => {
            if !store::write(&mut case, id, &texts, one.text_version).await? {
                return Err(Error::Stale);
            }
            let to = paths::show(&case.head().reference, id);
            case.redirect(&to, Flash::Saved).await
        }
        Err(faults) => {
            case.again(Part::Investigation, |shell, case, _| Ok(TextPage::of(shell, case, &one, (form, faults)))).await
        }
    }
}
