//! One meeting, and planning a new one.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use axum_extra::extract::Form;
use uuid::Uuid;

use super::form::{Known, MeetingForm};
use super::guest::{self, GuestInput};
use super::model::{Colleague, Meeting, NewMeeting};
use super::{paths, store};
use crate::access::right::{ArrangeMeetings, ReadMeetings};
use crate::access::{CaseAccess, Part};
use crate::audit::{Event, Note};
use crate::calendar::stockholm;
use crate::error::Result;
use crate::personal::Personal;
use crate::state::AppState;
use crate::vocabulary::{DisclosureGround, MeetingStatus};
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field, Moment};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/moten/nytt", get(new).post(create))
        .route("/arenden/{case}/moten/{meeting}", get(show))
}

/// Somebody from outside, as the page shows them.
struct GuestView {
    attendee: Personal,
    recipient: &'static str,
    ground: DisclosureGround,
    weighing: Option<Personal>,
    is_covered: bool,
}

#[derive(Template)]
#[template(path = "meeting/show.html")]
struct ShowPage {
    shell: Shell,
    case: CaseBar,
    one: Meeting,
    meets_at: Moment,
    tag: &'static str,
    is_planned: bool,
    guests: Vec<GuestView>,
    agenda: Personal,
    minutes: Option<Personal>,
    actions: Option<Personal>,
    /// Where it is changed, held and called off, for whoever may.
    ways: Option<(String, String, String)>,
    back: String,
}

pub(super) const fn tag(status: MeetingStatus) -> &'static str {
    match status {
        MeetingStatus::Planned => "line",
        MeetingStatus::Held => "ok",
        MeetingStatus::Cancelled => "",
    }
}

async fn show(mut case: CaseAccess<ReadMeetings>, PathId(id): PathId) -> Result<Response> {
    let one = store::get(&mut case, id).await?;
    case.shown(Note::of(Event::MeetingsShown).with("meeting", id.to_string()));
    let (reference, is_planned) = (case.head().reference.clone(), one.status == MeetingStatus::Planned);
    let ways = (is_planned && case.may::<ArrangeMeetings>())
        .then(|| (paths::change(&reference, id), paths::hold(&reference, id), paths::cancel(&reference, id)));
    case.page(Part::Meetings, |shell, case, receipt| {
        let guests = one.guests.iter().map(|guest| {
            let weighing = guest.weighing.as_ref();
            Ok(GuestView {
                attendee: receipt.open(store::ATTENDEE.at(guest.id), &guest.attendee)?,
                recipient: guest.recipient.label(),
                ground: guest.ground,
                weighing: weighing.map(|sealed| receipt.open(store::WEIGHING.at(guest.id), sealed)).transpose()?,
                is_covered: guest.is_covered,
            })
        });
        Ok(ShowPage {
            meets_at: Moment(stockholm(one.meets_at)),
            tag: tag(one.status),
            is_planned,
            guests: guests.collect::<Result<_>>()?,
            agenda: receipt.open(store::AGENDA.at(id), &one.agenda)?,
            minutes: one.minutes.as_ref().map(|text| receipt.open(store::MINUTES.at(id), text)).transpose()?,
            actions: one.actions.as_ref().map(|text| receipt.open(store::ACTIONS.at(id), text)).transpose()?,
            ways,
            back: paths::part(&reference),
            shell,
            case,
            one,
        })
    })
    .await
}

/// Which form it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Plan,
    Change,
    Hold,
}

#[derive(Template)]
#[template(path = "meeting/form.html")]
pub(super) struct FormPage {
    shell: Shell,
    case: CaseBar,
    form: MeetingForm,
    faults: Faults,
    stale: bool,
    heading: &'static str,
    submit: &'static str,
    is_held: bool,
    colleagues: Vec<Choice>,
    person_attends: Vec<Choice>,
    guests: Vec<GuestInput>,
    action: String,
    back: String,
}

/// The page but for what surrounds it.
pub(super) struct Draft {
    pub act: Act,
    pub form: MeetingForm,
    pub faults: Faults,
    pub stale: bool,
    pub colleagues: Vec<Colleague>,
    pub meeting: Option<Uuid>,
}

impl Draft {
    pub(super) fn page(self, shell: Shell, case: CaseBar) -> FormPage {
        let (heading, submit) = match self.act {
            Act::Plan => ("Nytt samverkansmöte", "Planera mötet"),
            Act::Change => ("Ändra samverkansmötet", "Spara ändringen"),
            Act::Hold => ("Genomfört samverkansmöte", "Spara som genomfört"),
        };
        let back = self.meeting.map_or_else(|| paths::part(&case.reference), |id| paths::show(&case.reference, id));
        let action = match (self.act, self.meeting) {
            (Act::Change, Some(id)) => paths::change(&case.reference, id),
            (Act::Hold, Some(id)) => paths::hold(&case.reference, id),
            _ => paths::new(&case.reference),
        };
        let named = self.colleagues.into_iter().map(|one| (one.account.to_string(), one.name));
        FormPage {
            heading,
            submit,
            is_held: self.act == Act::Hold,
            colleagues: Choice::several("colleagues", named, &self.form.colleagues),
            person_attends: Choice::yes(
                "person_attends",
                "Den enskilde är med på mötet",
                !self.form.person_attends.is_empty(),
            ),
            guests: guest::inputs(&self.form),
            action,
            back,
            shell,
            case,
            form: self.form,
            faults: self.faults,
            stale: self.stale,
        }
    }
}

/// What was typed, held against the case: those who come by a consent come only if it covers them now.
pub(super) async fn parsed(
    case: &mut CaseAccess<ArrangeMeetings>,
    draft: &Draft,
) -> Result<std::result::Result<NewMeeting, Faults>> {
    let known = Known {
        now: stockholm(case.desk().clock().now()),
        opened_on: case.head().opened_on,
        birth_date: store::birth_date(case)?,
        colleagues: &draft.colleagues,
        is_held: draft.act == Act::Hold,
    };
    let mut new = match draft.form.parse(&known) {
        Ok(new) => new,
        Err(faults) => return Ok(Err(faults)),
    };
    let day = new.meets_at.date();
    for guest in &mut new.guests {
        if guest.ground == DisclosureGround::Consent {
            guest.consent = store::consent_to_tell(case, &[guest.recipient], day).await?;
            if guest.consent.is_none() {
                return Ok(Err(guest::uncovered(guest.row)));
            }
        }
    }
    Ok(Ok(new))
}

async fn new(mut case: CaseAccess<ArrangeMeetings>) -> Result<Response> {
    let colleagues = store::named(&mut case).await?;
    let form = MeetingForm::fresh(case.desk().actor().account);
    let draft = Draft { act: Act::Plan, form, faults: Faults::none(), stale: false, colleagues, meeting: None };
    case.page(Part::Meetings, |shell, case, _| Ok(draft.page(shell, case))).await
}

async fn create(mut case: CaseAccess<ArrangeMeetings>, Form(form): Form<MeetingForm>) -> Result<Response> {
    let reference = case.head().reference.clone();
    if let Some(id) = uuid(&form.id)
        && store::exists(&mut case, id).await?
    {
        return case.redirect(&paths::show(&reference, id), None).await;
    }
    let colleagues = store::named(&mut case).await?;
    let mut draft = Draft { act: Act::Plan, form, faults: Faults::none(), stale: false, colleagues, meeting: None };
    match parsed(&mut case, &draft).await? {
        Ok(new) => {
            store::plan(&mut case, &new).await?;
            case.redirect(&paths::show(&reference, new.id), Flash::MeetingPlanned).await
        }
        Err(faults) => {
            draft.faults = faults;
            case.again(Part::Meetings, |shell, case, _| Ok(draft.page(shell, case))).await
        }
    }
}
