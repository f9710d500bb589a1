//! What becomes of a planned meeting: it is changed, held or called off.

use axum::Router;
use axum::extract::Form as PlainForm;
use axum::response::Response;
use axum::routing::{get, post};
use axum_extra::extract::Form;
use serde::Deserialize;
use uuid::Uuid;

use super::form::{MeetingForm, Opened};
use super::model::Meeting;
use super::pages::{Act, Draft, parsed};
use super::{paths, store};
use crate::access::right::ArrangeMeetings;
use crate::access::{CaseAccess, Part, Receipt};
use crate::audit::{Event, Note};
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::vocabulary::MeetingStatus;
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::path_id::PathId;

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/moten/{meeting}/andring", get(ask_change).post(change))
        .route("/arenden/{case}/moten/{meeting}/protokoll", get(ask_hold).post(hold))
        .route("/arenden/{case}/moten/{meeting}/installning", post(cancel))
}

fn opened(one: &Meeting, receipt: &Receipt) -> Result<Opened> {
    let guests = one.guests.iter().map(|guest| {
        let weighing = guest.weighing.as_ref();
        Ok((
            receipt.open(store::ATTENDEE.at(guest.id), &guest.attendee)?,
            weighing.map(|sealed| receipt.open(store::WEIGHING.at(guest.id), sealed)).transpose()?,
        ))
    });
    Ok(Opened { agenda: receipt.open(store::AGENDA.at(one.id), &one.agenda)?, guests: guests.collect::<Result<_>>()? })
}

async fn ask(mut case: CaseAccess<ArrangeMeetings>, id: Uuid, act: Act) -> Result<Response> {
    let one = store::get(&mut case, id).await?;
    if one.status != MeetingStatus::Planned {
        return Err(Error::Stale);
    }
    let colleagues = store::named(&mut case).await?;
    case.shown(Note::of(Event::MeetingsShown).with("meeting", id.to_string()));
    case.page(Part::Meetings, |shell, case, receipt| {
        let form = MeetingForm::of(&one, &opened(&one, receipt)?);
        let draft = Draft { act, form, faults: Faults::none(), stale: false, colleagues, meeting: Some(id) };
        Ok(draft.page(shell, case))
    })
    .await
}

async fn save(mut case: CaseAccess<ArrangeMeetings>, id: Uuid, form: MeetingForm, act: Act) -> Result<Response> {
    let one = store::get(&mut case, id).await?;
    let to = paths::show(&case.head().reference, id);
    // Sent twice: the first one was saved.
    if act == Act::Hold && one.status == MeetingStatus::Held {
        return case.redirect(&to, None).await;
    }
    if one.status != MeetingStatus::Planned {
        return Err(Error::Stale);
    }
    let colleagues = store::named(&mut case).await?;
    let form = MeetingForm { id: id.to_string(), ..form };
    let mut draft = Draft { act, form, faults: Faults::none(), stale: false, colleagues, meeting: Some(id) };
    if draft.form.version() != one.version {
        draft.stale = true;
        draft.form.version = one.version.to_string();
        return case.conflict(Part::Meetings, |shell, case, _| Ok(draft.page(shell, case))).await;
    }
    match parsed(&mut case, &draft).await? {
        Ok(new) => {
            let (saved, flash) = match act {
                Act::Hold => (store::hold(&mut case, &new, one.version).await?, Flash::MeetingHeld),
                Act::Plan | Act::Change => (store::change(&mut case, &new, one.version).await?, Flash::Saved),
            };
            if saved { case.redirect(&to, flash).await } else { Err(Error::Stale) }
        }
        Err(faults) => {
            draft.faults = faults;
            case.again(Part::Meetings, |shell, case, _| Ok(draft.page(shell, case))).await
        }
    }
}

async fn ask_change(case: CaseAccess<ArrangeMeetings>, PathId(id): PathId) -> Result<Response> {
    ask(case, id, Act::Change).await
}

async fn change(
    case: CaseAccess<ArrangeMeetings>,
    PathId(id): PathId,
    Form(form): Form<MeetingForm>,
) -> Result<Response> {
    save(case, id, form, Act::Change).await
}

async fn ask_hold(case: CaseAccess<ArrangeMeetings>, PathId(id): PathId) -> Result<Response> {
    ask(case, id, Act::Hold).await
}

async fn hold(
    case: CaseAccess<ArrangeMeetings>,
    PathId(id): PathId,
    Form(form): Form<MeetingForm>,
) -> Result<Response> {
    save(case, id, form, Act::Hold).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct CancelForm {
    version: String,
}

async fn cancel(
    mut case: CaseAccess<ArrangeMeetings>,
    PathId(id): PathId,
    PlainForm(form): PlainForm<CancelForm>,
) -> Result<Response> {
    let one = store::get(&mut case, id).await?;
    let to = paths::show(&case.head().reference, id);
    if one.status == MeetingStatus::Cancelled {
        return case.redirect(&to, None).await;
    }
    if form.version != one.version.to_string() || !store::cancel(&mut case, id, one.version).await? {
        return Err(Error::Stale);
    }
    case.redirect(&to, Flash::MeetingCancelled).await
}
