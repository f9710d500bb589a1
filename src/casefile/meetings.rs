//! `/arenden/{case}/moten`: whether the person can return, meetings with others, and how it went, side by side; and what
//! they ask for on the overview.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use time::Date;

use crate::access::right::{
    ArrangeMeetings, AssessReturn, FollowOutcome, ReadMeetings, ReadOutcomes, ReadReturn, RecordOutcome,
};
use crate::access::{CaseAccess, Part};
use crate::audit::{Event, Note};
use crate::calendar::stockholm;
use crate::error::Result;
use crate::homecoming::model::ReturnAssessment;
use crate::homecoming::{paths as returns, store as return_store};
use crate::meeting::model::Line;
use crate::meeting::request::model::Request;
use crate::meeting::request::store as requests;
use crate::meeting::sig::model::SigGroup;
use crate::meeting::sig::store as groups;
use crate::meeting::{paths as meetings, store as meeting_store};
use crate::outcome::model::Outcome;
use crate::outcome::{paths as outcomes, store as outcome_store};
use crate::state::AppState;
use crate::vocabulary::MeetingStatus;
use crate::web::shell::Shell;
use crate::web::view::{Action, CaseBar, Due, Moment, Todo};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/arenden/{case}/moten", get(show))
}

/// An assessment of a return in the table.
struct ReturnRow {
    href: String,
    result: &'static str,
    assessed_on: Date,
    review: Due,
    /// What has become of its basis, while it is the one that counts.
    weakness: Option<String>,
    counts: bool,
}

struct MeetingRow {
    href: String,
    meets_at: Moment,
    status: &'static str,
    tag: &'static str,
    guests: i64,
}

struct SigRow {
    href: String,
    from_day: Date,
    to_day: Option<Date>,
    status: &'static str,
    tag: &'static str,
}

struct RequestRow {
    href: String,
    kind: &'static str,
    sent_on: Date,
    due: Due,
    status: &'static str,
    tag: &'static str,
}

struct OutcomeRow {
    href: String,
    moment: &'static str,
    exit: &'static str,
    known_on: Date,
    counts: bool,
}

#[derive(Template)]
#[template(path = "casefile/meetings.html")]
struct MeetingsPage {
    shell: Shell,
    case: CaseBar,
    returns: Vec<ReturnRow>,
    meetings: Vec<MeetingRow>,
    groups: Vec<SigRow>,
    requests: Vec<RequestRow>,
    outcomes: Vec<OutcomeRow>,
    new_return: Option<String>,
    new_meeting: Option<String>,
    new_group: Option<String>,
    new_request: Option<String>,
    new_outcome: Option<Action>,
}

fn return_rows(case: &str, all: &[ReturnAssessment], today: Date) -> Vec<ReturnRow> {
    let rows = all.iter().enumerate().map(|(at, one)| ReturnRow {
        href: returns::show(case, one.id),
        result: one.result.label(),
        assessed_on: one.assessed_on,
        review: Due::on(one.review_on, today),
        weakness: one.basis.weakness(today).filter(|_| at == 0),
        counts: at == 0,
    });
    rows.collect()
}

fn meeting_row(case: &str, one: &Line) -> MeetingRow {
    let tag = match one.status {
        MeetingStatus::Planned => "line",
        MeetingStatus::Held => "ok",
        MeetingStatus::Cancelled => "",
    };
    let meets_at = Moment(stockholm(one.meets_at));
    MeetingRow { href: meetings::show(case, one.id), meets_at, status: one.status.label(), tag, guests: one.guests }
}

fn sig_row(case: &str, one: &SigGroup) -> SigRow {
    SigRow {
        href: meetings::sig(case, one.id),
        from_day: one.from_day,
        to_day: one.to_day,
        status: one.status.label(),
        tag: one.status.tag(),
    }
}

fn request_row(case: &str, one: &Request, today: Date) -> RequestRow {
    let (status, tag) = match &one.answer {
        Some(_) => ("Besvarad", "ok"),
        None if one.is_late(today) => ("Svaret är försenat", "danger"),
        None => ("Väntar på svar", "line"),
    };
    RequestRow {
        href: meetings::request(case, one.id),
        kind: one.kind.label(),
        sent_on: one.sent_on,
        due: Due::on(one.answer_due_on, today),
        status,
        tag,
    }
}

fn outcome_rows(case: &str, all: &[Outcome]) -> Vec<OutcomeRow> {
    let first = |one: &Outcome| all.iter().find(|other| other.moment == one.moment).map(|other| other.id);
    let rows = all.iter().map(|one| OutcomeRow {
        href: outcomes::show(case, one.id),
        moment: one.moment.label(),
        exit: one.figures.exit.label(),
        known_on: one.known_on,
        counts: first(one) == Some(one.id),
    });
    rows.collect()
}

async fn show(mut case: CaseAccess<ReadMeetings>) -> Result<Response> {
    let held = meeting_store::list(&mut case).await?;
    case.shown(Note::of(Event::MeetingsShown).with("count", held.len()));
    let sig = groups::list(&mut case).await?;
    case.shown(Note::of(Event::SigShown).with("count", sig.len()));
    let asked = requests::list(&mut case).await?;
    case.shown(Note::of(Event::RequestsShown).with("count", asked.len()));
    let (case, assessed) = case.also::<ReadReturn, _>(assessed).await?;
    let read = async |case: &mut CaseAccess<ReadOutcomes>| {
        let outcomes = outcome_store::list(case).await?;
        case.shown(Note::of(Event::OutcomesShown).with("count", outcomes.len()));
        Ok(outcomes)
    };
    let (case, recorded) = case.also::<ReadOutcomes, _>(read).await?;
    let (today, reference) = (case.desk().clock().today(), case.head().reference.clone());
    let arranges = case.may::<ArrangeMeetings>();
    let new_return = case.may::<AssessReturn>().then(|| returns::new(&reference));
    let new_outcome = if case.may::<RecordOutcome>() {
        Some(Action::new(outcomes::closing(&reference), "Registrera utfall vid avslut"))
    } else if case.may::<FollowOutcome>() {
        Some(Action::new(outcomes::afterwards(&reference), "Registrera uppföljning"))
    } else {
        None
    };
    case.page(Part::Meetings, |shell, case, _| {
        Ok(MeetingsPage {
            returns: return_rows(&reference, &assessed.unwrap_or_default(), today),
            meetings: held.iter().map(|one| meeting_row(&reference, one)).collect(),
            groups: sig.iter().map(|one| sig_row(&reference, one)).collect(),
            requests: asked.iter().map(|one| request_row(&reference, one, today)).collect(),
            outcomes: outcome_rows(&reference, &recorded.unwrap_or_default()),
            new_return,
            new_meeting: arranges.then(|| meetings::new(&reference)),
            new_group: arranges.then(|| meetings::new_sig(&reference)),
            new_request: arranges.then(|| meetings::new_request(&reference)),
            new_outcome,
            shell,
            case,
        })
    })
    .await
}

async fn assessed(case: &mut CaseAccess<ReadReturn>) -> Result<Vec<ReturnAssessment>> {
    let all = return_store::list(case).await?;
    case.shown(Note::of(Event::ReturnShown).with("count", all.len()));
    Ok(all)
}

/// A14: an assessment of a return is looked at again when its day has come, or when its basis has gone.
pub(super) async fn todos(case: &mut CaseAccess<ReadReturn>) -> Result<Vec<Todo>> {
    let all = assessed(case).await?;
    let (today, reference) = (case.desk().clock().today(), case.head().reference.clone());
    Ok(all.first().and_then(|one| review(&reference, one, today)).into_iter().collect())
}

fn review(case: &str, one: &ReturnAssessment, today: Date) -> Option<Todo> {
    let weakness = one.basis.weakness(today);
    if one.review_on > today && weakness.is_none() {
        return None;
    }
    Some(Todo {
        href: returns::show(case, one.id),
        label: "Återvändandebedömning ska omprövas".to_owned(),
        due: Due::on(one.review_on.min(today), today),
        note: weakness.unwrap_or_else(|| format!("Bedömd {}", one.assessed_on)),
    })
}
