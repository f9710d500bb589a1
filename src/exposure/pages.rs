//! Around all routes: a form of a case whose text names where the person is comes back before it is saved, with all that
//! was typed. The text can be mended, or saved as it stands with a reason; both stand in the log. The rooms know nothing
//! of it, so no room can forget it.

use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;

use super::form::{EXCEPTION, is_private, is_text, label};
use super::{names_place, store};
use crate::access::right::ReadCase;
use crate::access::{CaseAccess, Part, Visitor, case_path};
use crate::audit::{Event, Note};
use crate::error::{Error, Result};
use crate::personal::Personal;
use crate::state::AppState;
use crate::web::body::fields;
use crate::web::error_page::Trouble;
use crate::web::form::Faults;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field};

const EXCEPTIONS: [(&str, &str); 2] = [
    ("other_meaning", "Orden pekar inte ut var någon vistas, eller betyder något annat här"),
    ("needed", "Uppgiften måste stå i akten och kan inte skrivas på annat sätt"),
];

#[derive(Template)]
#[template(path = "exposure/stopped.html")]
struct StoppedPage {
    shell: Shell,
    case: CaseBar,
    told: Vec<Told>,
    others: Vec<(String, Personal)>,
    exceptions: Vec<Choice>,
    faults: Faults,
    action: String,
    placements: String,
}

/// A field that names a place.
struct Told {
    name: String,
    label: &'static str,
    text: Personal,
}

/// The middleware.
pub async fn stop(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let reference = case_in(request.uri().path()).map(str::to_owned);
    let Some(reference) = reference.filter(|_| *request.method() == Method::POST) else {
        return next.run(request).await;
    };
    let (head, body) = request.into_parts();
    let Ok(body) = body.collect().await else { return Trouble::Unreadable.into_response() };
    let body = body.to_bytes();
    let fields = fields(body.clone()).await;
    if is_private(&fields) || !fields.iter().any(is_text) {
        return next.run(Request::from_parts(head, Body::from(body))).await;
    }
    let visitor = Visitor::of(&head);
    match look(&state, visitor, &reference, head.uri.path(), fields).await {
        Ok(None) => next.run(Request::from_parts(head, Body::from(body))).await,
        Ok(Some(page)) => page,
        Err(error) => error.into_response(),
    }
}

/// The case of an address, where its form is read by others: a draft is its author's own, and the page of the person is
/// where an address belongs.
fn case_in(path: &str) -> Option<&str> {
    let (reference, rest) = path.strip_prefix("/arenden/")?.split_once('/')?;
    let private = rest.ends_with("utkast") || rest == "person" || rest.starts_with("person/");
    (reference.starts_with("AVH-") && !private).then_some(reference)
}

/// The page that stops it, where a field names a place and nobody has said that it may.
async fn look(
    state: &AppState,
    visitor: Visitor,
    reference: &str,
    path: &str,
    fields: Vec<(String, String)>,
) -> Result<Option<Response>> {
    let mut case = match CaseAccess::<ReadCase>::open(state, visitor, reference).await {
        Ok(case) => case,
        // The room says so itself, and keeps what was typed.
        Err(Error::SignedOut) => return Ok(None),
        Err(error) => return Err(error),
    };
    let marks = store::of_case(&mut case).await?;
    // Without a trace otherwise: nothing was opened, and the room has its own trail.
    if marks.is_empty() {
        return Ok(None);
    }
    let (keys, id) = (case.desk().keys(), case.head().id);
    let tells = |field: &(String, String)| is_text(field) && names_place(keys, id, &field.1, &marks);
    let (told, others): (Vec<_>, Vec<_>) = fields.into_iter().partition(tells);
    if told.is_empty() {
        return Ok(None);
    }
    let chosen = others.iter().find(|(name, _)| name == EXCEPTION);
    let exception = chosen.and_then(|(_, typed)| EXCEPTIONS.iter().find(|(code, _)| code == typed));
    let note = Note::of(if exception.is_some() { Event::PlaceLetThrough } else { Event::PlaceStopped });
    let note = note.with("fields", told.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(" "));
    if let Some((code, _)) = exception {
        case.shown(note.with("exception", *code));
        case.done().await?;
        return Ok(None);
    }
    case.shown(note);
    let page = case.again(Part::Overview, |shell, case, _| {
        let told = told.into_iter().map(|(name, text)| Told { label: label(&name), name, text: Personal::new(text) });
        let others = others.into_iter().filter(|(name, _)| name != EXCEPTION);
        Ok(StoppedPage {
            placements: case_path(&case.reference, "/placeringar"),
            shell,
            case,
            told: told.collect(),
            others: others.map(|(name, text)| (name, Personal::new(text))).collect(),
            exceptions: Choice::one(EXCEPTION, EXCEPTIONS, ""),
            faults: Faults::none(),
            action: path.to_owned(),
        })
    });
    Ok(Some(page.await?))
}
