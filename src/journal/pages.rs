//! The journal with the form for a new note above it, and one note by itself. An open form saves itself as a draft; what
//! is entered is frozen.

use askama::Template;
use axum::Router;
use axum::extract::{Form, Json, Query};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::json;

use super::form::JournalForm;
use super::model::{Draft, Entry, NewEntry, PER_PAGE, Saving};
use super::paths;
use super::store::{self, Known, Wanted, drafts};
use super::views::{Clash, ClosedAway, EntryView, Month, Powers, Writing};
use crate::access::right::{CancelJournal, ReadJournal, Right, SeesCase, WriteJournal};
use crate::access::{CaseAccess, Part, Receipt};
use crate::audit::{Event, Note};
use crate::calendar::stockholm;
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::vocabulary::JournalKind;
use crate::web::flash::Flash;
use crate::web::form::{Faults, code, uuid};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field, Moment, Pager};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/journal", get(list).post(create))
        .route("/arenden/{case}/journal/utkast", post(autosave))
        .route("/arenden/{case}/journal/{entry}", get(show))
}

pub(super) fn powers<R: Right + SeesCase>(case: &CaseAccess<R>) -> Powers {
    Powers { write: case.may::<WriteJournal>(), cancel: case.may::<CancelJournal>() }
}

/// What stands in the address: few filters on purpose, and none by what is written (15 § `SoLPuF`).
#[derive(Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    typ: String,
    sida: String,
}

impl ListQuery {
    fn kind(&self) -> Option<JournalKind> {
        code(&self.typ, JournalKind::parse)
    }

    fn page(&self) -> i64 {
        self.sida.parse::<i64>().unwrap_or(1).clamp(1, 100_000)
    }
}

/// A page of the journal before its texts are opened.
struct Sheet {
    kind: Option<JournalKind>,
    page: i64,
    total: i64,
    entries: Vec<Entry>,
    powers: Powers,
}

impl Sheet {
    async fn read(case: &mut CaseAccess<ReadJournal>, query: &ListQuery) -> Result<Self> {
        let kind = query.kind();
        let total = store::count(case, kind).await?;
        // A page after the end is the last one.
        let page = query.page().min((total - 1).max(0) / PER_PAGE + 1);
        let wanted = Wanted { kind, only: None, skip: (page - 1) * PER_PAGE, take: PER_PAGE };
        let entries = store::list(case, wanted).await?;
        let note = Note::of(Event::JournalShown).with("count", entries.len()).with("page", page);
        case.shown(note.with("kind", kind.map(JournalKind::code)));
        Ok(Self { kind, page, total, entries, powers: powers(case) })
    }
}

#[derive(Template)]
#[template(path = "journal/list.html")]
struct ListPage {
    shell: Shell,
    case: CaseBar,
    writing: Option<Writing>,
    months: Vec<Month>,
    count: String,
    kinds: Vec<Choice>,
    is_filtered: bool,
    pager: Pager,
    list: String,
}

impl ListPage {
    fn of(shell: Shell, case: CaseBar, sheet: &Sheet, writing: Option<Writing>, receipt: &Receipt) -> Result<Self> {
        let reference = &case.reference;
        let entries = sheet
            .entries
            .iter()
            .map(|entry| EntryView::of(reference, entry, sheet.powers, ClosedAway::Hidden, receipt))
            .collect::<Result<Vec<_>>>()?;
        let chosen = sheet.kind.map_or("", JournalKind::code);
        let all = [("", "Alla")].into_iter().chain(JournalKind::ALL.iter().map(|kind| (kind.code(), kind.label())));
        let list = paths::list(reference);
        let filter = if chosen.is_empty() { String::new() } else { format!("&typ={chosen}") };
        Ok(Self {
            months: Month::of(entries),
            count: if sheet.total == 1 { "1 anteckning".to_owned() } else { format!("{} anteckningar", sheet.total) },
            kinds: Choice::one("typ", all, chosen),
            is_filtered: sheet.kind.is_some(),
            pager: Pager::new(sheet.page, PER_PAGE, sheet.total, "anteckningar", |page| {
                format!("{list}?sida={page}{filter}")
            }),
            list,
            writing,
            shell,
            case,
        })
    }
}

async fn list(mut case: CaseAccess<ReadJournal>, Query(query): Query<ListQuery>) -> Result<Response> {
    let sheet = Sheet::read(&mut case, &query).await?;
    let (case, draft) =
        case.also::<WriteJournal, _>(async |case: &mut CaseAccess<WriteJournal>| drafts::of(case, None).await).await?;
    let today = case.desk().clock().today();
    case.page(Part::Journal, |shell, bar, receipt| {
        let writing = draft.map(|draft| {
            let (action, fresh) = (paths::list(&bar.reference), || Ok(JournalForm::fresh(today)));
            Writing::begun(action, &bar.reference, draft.as_ref(), today, receipt, fresh)
        });
        ListPage::of(shell, bar, &sheet, writing.transpose()?, receipt)
    })
    .await
}

/// What a sent form asks for.
pub(super) enum Pressed {
    Enter,
    Keep,
    Discard,
}

impl JournalForm {
    pub(super) fn pressed(&self) -> Pressed {
        match (self.utkast.is_empty(), self.kasta.is_empty()) {
            (true, true) => Pressed::Enter,
            (false, _) => Pressed::Keep,
            (true, false) => Pressed::Discard,
        }
    }
}

/// What came of a sent form, when it is not what was asked for.
pub(super) enum Trouble {
    Faults(Faults),
    /// Another page has saved this draft since.
    Draft(Draft),
    /// The draft was entered from another page, with another text.
    Entered,
}

/// Does what the form asks for; which page says so is the caller's.
pub(super) async fn take(
    case: &mut CaseAccess<WriteJournal>,
    form: &JournalForm,
    corrects: Option<uuid::Uuid>,
) -> Result<std::result::Result<Option<Flash>, Trouble>> {
    let hold = form.hold();
    match form.pressed() {
        Pressed::Discard => Ok(match drafts::discard(case, corrects, hold).await? {
            Some(other) => Err(Trouble::Draft(other)),
            None => Ok(Some(Flash::DraftDiscarded)),
        }),
        Pressed::Keep => {
            let hold = hold.ok_or(Error::Invalid("Formuläret kom inte fram helt."))?;
            let saving = drafts::save(case, corrects, uuid(&form.id), &form.kept()?, hold).await?;
            Ok(match saving {
                Saving::Saved { .. } => Ok(Some(Flash::DraftSaved)),
                Saving::Conflict(other) => Err(Trouble::Draft(other)),
                Saving::Late | Saving::Entered => Err(Trouble::Entered),
            })
        }
        Pressed::Enter => {
            let now = stockholm(case.desk().clock().now());
            match form.parse(now, corrects) {
                Ok(new) => enter(case, form, &new).await,
                Err(faults) => Ok(Err(Trouble::Faults(faults))),
            }
        }
    }
}

async fn enter(
    case: &mut CaseAccess<WriteJournal>,
    form: &JournalForm,
    new: &NewEntry,
) -> Result<std::result::Result<Option<Flash>, Trouble>> {
    match store::known(case, new).await? {
        Known::Same => return Ok(Ok(None)),
        Known::Other => return Ok(Err(Trouble::Entered)),
        Known::New => {}
    }
    let corrects = new.correction.as_ref().map(|correction| correction.of);
    if let Some(draft) = drafts::of(case, corrects).await?
        && form.hold().is_none_or(|hold| !draft.yields_to(hold))
        && !drafts::says(case, &draft, form)?
    {
        return Ok(Err(Trouble::Draft(draft)));
    }
    store::enter(case, new).await?;
    Ok(Ok(Some(if corrects.is_some() { Flash::JournalCorrected } else { Flash::JournalEntered })))
}

async fn create(mut case: CaseAccess<WriteJournal>, Form(form): Form<JournalForm>) -> Result<Response> {
    // A note of its own corrects nothing, whatever the form says.
    let form = JournalForm { corrects: String::new(), ..form };
    let to = paths::list(&case.head().reference);
    let trouble = match take(&mut case, &form, None).await? {
        Ok(flash) => return case.redirect(&to, flash).await,
        Err(trouble) => trouble,
    };
    let read = async |case: &mut CaseAccess<ReadJournal>| Sheet::read(case, &ListQuery::default()).await;
    let (case, sheet) = case.also::<ReadJournal, _>(read).await?;
    let sheet = sheet.ok_or(Error::Forbidden)?;
    match trouble {
        Trouble::Faults(faults) => {
            case.again(Part::Journal, |shell, bar, receipt| {
                let writing = Writing::of(to, &bar.reference, form, faults);
                ListPage::of(shell, bar, &sheet, Some(writing), receipt)
            })
            .await
        }
        Trouble::Draft(other) => clash(case, &sheet, form, Some(&other)).await,
        Trouble::Entered => clash(case, &sheet, form, None).await,
    }
}

async fn clash(
    case: CaseAccess<WriteJournal>,
    sheet: &Sheet,
    form: JournalForm,
    other: Option<&Draft>,
) -> Result<Response> {
    case.conflict(Part::Journal, |shell, bar, receipt| {
        let action = paths::list(&bar.reference);
        let writing = Writing::clashing(action, &bar.reference, form, other, receipt)?;
        ListPage::of(shell, bar, sheet, Some(writing), receipt)
    })
    .await
}

/// What an open form sends by itself. Nothing is checked: a draft is as unfinished as it likes.
async fn autosave(mut case: CaseAccess<WriteJournal>, Form(form): Form<JournalForm>) -> Result<Response> {
    let hold = form.hold().ok_or(Error::Invalid("Formuläret kom inte fram helt."))?;
    let corrects = if form.corrects.is_empty() { None } else { Some(uuid(&form.corrects).ok_or(Error::NotFound)?) };
    match drafts::save(&mut case, corrects, uuid(&form.id), &form.kept()?, hold).await? {
        Saving::Saved { version, at } => {
            case.done().await?;
            Ok(Json(json!({ "version": version, "saved": Moment(stockholm(at)).clock() })).into_response())
        }
        // On its way while its form was sent.
        Saving::Late => {
            case.done().await?;
            Ok(Json(json!({ "sent": true })).into_response())
        }
        Saving::Conflict(_) | Saving::Entered => Err(Error::Stale),
    }
}

#[derive(Template)]
#[template(path = "journal/show.html")]
struct ShowPage {
    shell: Shell,
    case: CaseBar,
    entry: EntryView,
    list: String,
}

async fn show(mut case: CaseAccess<ReadJournal>, PathId(id): PathId) -> Result<Response> {
    let entry = store::get(&mut case, id).await?;
    let powers = powers(&case);
    let opens = powers.cancel && entry.cancelled.is_some();
    let event = if opens { Event::JournalCancelledShown } else { Event::JournalShown };
    case.shown(Note::of(event).with("entry", id.to_string()));
    let closed_away = if opens { ClosedAway::Opened } else { ClosedAway::Hidden };
    case.page(Part::Journal, |shell, case, receipt| {
        let view = EntryView::of(&case.reference, &entry, powers, closed_away, receipt)?;
        Ok(ShowPage { list: paths::list(&case.reference), shell, case, entry: view })
    })
    .await
}
