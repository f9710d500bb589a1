//! One request, sending one, and its answer.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use axum_extra::extract::Form;

use super::form::{AnswerForm, RequestForm};
use super::model::Request;
use super::store;
use crate::access::right::{ArrangeMeetings, DecideDisclosure, ReadDisclosures, ReadMeetings};
use crate::access::{CaseAccess, Part, case_path};
use crate::audit::{Event, Note};
use crate::error::{Error, Result};
use crate::meeting::ground::NO_CONSENT;
use crate::meeting::paths;
use crate::personal::Personal;
use crate::state::AppState;
use crate::vocabulary::{CareNeed, DisclosureCategory, DisclosureChannel, DisclosureGround, InternalRequestKind};
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/begaran/ny", get(new).post(create))
        .route("/arenden/{case}/begaran/{request}", get(show))
        .route("/arenden/{case}/begaran/{request}/svar", get(ask).post(answer))
}

#[derive(Template)]
#[template(path = "meeting/request.html")]
struct ShowPage {
    shell: Shell,
    case: CaseBar,
    one: Request,
    is_late: bool,
    told: Personal,
    weighing: Option<Personal>,
    answered: Option<Personal>,
    answer: Option<String>,
    /// Where it stands among the disclosures.
    disclosure: Option<String>,
    back: String,
}

async fn show(mut case: CaseAccess<ReadMeetings>, PathId(id): PathId) -> Result<Response> {
    let one = store::get(&mut case, id).await?;
    case.shown(Note::of(Event::RequestsShown).with("request", id.to_string()));
    let (today, reference) = (case.desk().clock().today(), case.head().reference.clone());
    let answer = (case.may::<ArrangeMeetings>() && one.answer.is_none()).then(|| paths::answer(&reference, id));
    let disclosure = one.disclosure.filter(|_| case.may::<ReadDisclosures>());
    let disclosure = disclosure.map(|id| case_path(&reference, &format!("/utlamnanden/{id}")));
    case.page(Part::Meetings, |shell, case, receipt| {
        let weighing = one.weighing.as_ref();
        let answered = one.answer.as_ref();
        Ok(ShowPage {
            is_late: one.is_late(today),
            told: receipt.open(store::TOLD.at(id), &one.told)?,
            weighing: weighing.map(|sealed| receipt.open(store::WEIGHING.at(id), sealed)).transpose()?,
            answered: answered.map(|answer| receipt.open(store::ANSWER.at(id), &answer.text)).transpose()?,
            answer,
            disclosure,
            back: paths::part(&reference),
            shell,
            case,
            one,
        })
    })
    .await
}

/// What is said to somebody who works with the case and decides over no disclosure.
const NOT_YOURS: &str = "Ansvarig handläggare eller samordnare beslutar om utlämnande. Be någon av dem lämna begäran";

#[derive(Template)]
#[template(path = "meeting/request_form.html")]
struct NewPage {
    shell: Shell,
    case: CaseBar,
    form: RequestForm,
    faults: Faults,
    kinds: Vec<Choice>,
    grounds: Vec<Choice>,
    needs: Vec<Choice>,
    categories: Vec<Choice>,
    channels: Vec<Choice>,
    action: String,
    back: String,
}

impl NewPage {
    fn of(shell: Shell, case: CaseBar, form: RequestForm, faults: Faults) -> Self {
        let kinds = InternalRequestKind::ALL.iter().map(|one| (one.code(), one.label()));
        let grounds = DisclosureGround::IN_REQUEST.iter().map(|one| (one.code(), one.label()));
        let channels = DisclosureChannel::ALL.iter().filter(|one| **one != DisclosureChannel::PolicePortal);
        let channels = channels.map(|one| (one.code(), one.label()));
        Self {
            kinds: Choice::one("kind", kinds, &form.kind),
            grounds: Choice::one("ground", grounds, &form.ground),
            needs: Choice::one("need", CareNeed::ALL.iter().map(|one| (one.code(), one.label())), &form.need),
            categories: Choice::several(
                "categories",
                DisclosureCategory::ALL.iter().map(|one| (one.code(), one.label())),
                &form.categories,
            ),
            channels: Choice::one("channel", channels, &form.channel),
            action: paths::new_request(&case.reference),
            back: paths::part(&case.reference),
            shell,
            case,
            form,
            faults,
        }
    }
}

async fn new(case: CaseAccess<ArrangeMeetings>) -> Result<Response> {
    let form = RequestForm::fresh(case.desk().clock().today());
    case.page(Part::Meetings, |shell, case, _| Ok(NewPage::of(shell, case, form, Faults::none()))).await
}

async fn create(mut case: CaseAccess<ArrangeMeetings>, Form(form): Form<RequestForm>) -> Result<Response> {
    let reference = case.head().reference.clone();
    if let Some(id) = uuid(&form.id)
        && store::exists(&mut case, id).await?
    {
        return case.redirect(&paths::request(&reference, id), None).await;
    }
    let mut parsed = form.parse(case.head().opened_on, case.desk().clock().today());
    if let Ok(new) = &mut parsed
        && new.ground == DisclosureGround::Consent
    {
        match store::disclosed::consent(&mut case, new).await? {
            Some((consent, recipient)) => (new.consent, new.recipient) = (Some(consent), recipient),
            None => parsed = Err(Faults::from(("ground", NO_CONSENT))),
        }
    }
    // To ask is to hand over, and that is not everybody's to decide.
    if parsed.is_ok() && !case.may::<DecideDisclosure>() {
        parsed = Err(Faults::from(("ground", NOT_YOURS)));
    }
    match parsed {
        Ok(new) => {
            store::send(&mut case, &new).await?;
            case.redirect(&paths::request(&reference, new.id), Flash::RequestSent).await
        }
        Err(faults) => case.again(Part::Meetings, |shell, case, _| Ok(NewPage::of(shell, case, form, faults))).await,
    }
}

#[derive(Template)]
#[template(path = "meeting/request_answer.html")]
struct AnswerPage {
    shell: Shell,
    case: CaseBar,
    what: String,
    form: AnswerForm,
    faults: Faults,
    action: String,
    back: String,
}

impl AnswerPage {
    fn of(shell: Shell, case: CaseBar, one: &Request, (form, faults): (AnswerForm, Faults)) -> Self {
        Self {
            what: format!("{}, lämnad {}", one.kind, one.sent_on),
            action: paths::answer(&case.reference, one.id),
            back: paths::request(&case.reference, one.id),
            shell,
            case,
            form,
            faults,
        }
    }
}

async fn ask(mut case: CaseAccess<ArrangeMeetings>, PathId(id): PathId) -> Result<Response> {
    let one = store::get(&mut case, id).await?;
    if one.answer.is_some() {
        return Err(Error::Stale);
    }
    let blank = (AnswerForm::default(), Faults::none());
    case.page(Part::Meetings, |shell, case, _| Ok(AnswerPage::of(shell, case, &one, blank))).await
}

async fn answer(
    mut case: CaseAccess<ArrangeMeetings>,
    PathId(id): PathId,
    Form(form): Form<AnswerForm>,
) -> Result<Response> {
    let one = store::get(&mut case, id).await?;
    let to = paths::request(&case.head().reference, id);
    if one.answer.is_some() {
        return case.redirect(&to, None).await;
    }
    match form.parse(one.sent_on, case.desk().clock().today()) {
        Ok(answer) => {
            if !store::answer(&mut case, id, &answer).await? {
                return Err(Error::Stale);
            }
            case.redirect(&to, Flash::RequestAnswered).await
        }
        Err(faults) => {
            case.again(Part::Meetings, |shell, case, _| Ok(AnswerPage::of(shell, case, &one, (form, faults)))).await
        }
    }
}
