//! Letting a case rest while nothing can be done in it, with a day by which somebody looks at it again. To look at it and
//! let it rest on is the same page once more; to take it up again is done where every other status is.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;
use time::Date;

use super::course_form::{NOTE_MAX, RestForm};
use super::model::LONGEST_REST;
use super::pages::words;
use super::paths;
use super::store::course::{self, Dormancy, NOTE};
use crate::access::right::ManageCase;
use crate::access::{CaseAccess, Part, Receipt};
use crate::audit::{Event, Note};
use crate::error::Result;
use crate::personal::Personal;
use crate::state::AppState;
use crate::vocabulary::{CaseStatus, DormantReason};
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Due, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/arenden/{case}/vila", get(new).post(create))
}

#[derive(Template)]
#[template(path = "case/dormancy.html")]
struct RestPage {
    shell: Shell,
    case: CaseBar,
    form: RestForm,
    faults: Faults,
    stale: bool,
    /// None where a case like this one cannot rest.
    reasons: Option<Vec<Choice>>,
    /// It rests already: what was said then.
    now: Option<Resting>,
    earlier: Vec<Resting>,
    latest: Date,
    status: String,
    action: String,
    back: String,
}

/// A time of rest as it is shown.
struct Resting {
    reason: &'static str,
    note: Option<Personal>,
    began_on: Date,
    review_on: Date,
    before: &'static str,
    registrar: String,
    due: Due,
}

impl Resting {
    fn of(one: &Dormancy, today: Date, receipt: &Receipt) -> Result<Self> {
        Ok(Self {
            reason: one.reason.label(),
            note: one.note.as_ref().map(|note| receipt.open(NOTE.at(one.id), note)).transpose()?,
            began_on: one.began_on,
            review_on: one.review_on,
            before: one.before.label(),
            registrar: one.registrar.clone(),
            due: Due::on(one.review_on, today),
        })
    }
}

/// Where the case goes back to: to where it is now, or to where it came from when it rests already.
fn comes_from(status: CaseStatus, known: &[Dormancy]) -> Option<CaseStatus> {
    use CaseStatus::{Active, Dormant, Investigating, StepDown};
    match status {
        Active | StepDown | Investigating => Some(status),
        Dormant => known.iter().find(|one| one.ended_at.is_none()).map(|one| one.before),
        _ => None,
    }
}

struct Draft {
    form: RestForm,
    faults: Faults,
    stale: bool,
    known: Vec<Dormancy>,
    status: CaseStatus,
    today: Date,
}

impl Draft {
    async fn of(case: &mut CaseAccess<ManageCase>, form: RestForm) -> Result<Self> {
        let known = course::dormancies(case).await?;
        if !known.is_empty() {
            case.shown(Note::of(Event::DormancyShown).with("count", known.len()));
        }
        let (status, today) = (case.head().status, case.desk().clock().today());
        Ok(Self { form, faults: Faults::none(), stale: false, known, status, today })
    }

    fn page(self, shell: Shell, case: CaseBar, receipt: &Receipt) -> Result<RestPage> {
        let can_rest = comes_from(self.status, &self.known).is_some();
        let reasons = || words("reason", DormantReason::ALL, |one| (one.code(), one.label()), &self.form.reason);
        let (now, earlier): (Vec<_>, Vec<_>) = self.known.iter().partition(|one| one.ended_at.is_none());
        let shown = |one: &&Dormancy| Resting::of(one, self.today, receipt);
        Ok(RestPage {
            reasons: can_rest.then(reasons),
            now: now.first().map(shown).transpose()?,
            earlier: earlier.iter().map(shown).collect::<Result<Vec<_>>>()?,
            latest: self.today + LONGEST_REST,
            status: paths::status(&case.reference),
            action: paths::rest(&case.reference),
            back: paths::show(&case.reference),
            shell,
            case,
            form: self.form,
            faults: self.faults,
            stale: self.stale,
        })
    }
}

async fn new(mut case: CaseAccess<ManageCase>) -> Result<Response> {
    let form = RestForm::fresh(case.head());
    let draft = Draft::of(&mut case, form).await?;
    case.page(Part::Overview, |shell, bar, receipt| draft.page(shell, bar, receipt)).await
}

async fn create(mut case: CaseAccess<ManageCase>, Form(form): Form<RestForm>) -> Result<Response> {
    let mut draft = Draft::of(&mut case, form).await?;
    let to = paths::show(&case.head().reference);
    if let Some(id) = uuid(&draft.form.id)
        && draft.known.iter().any(|one| one.id == id)
    {
        // Sent twice: the first time did it.
        return case.redirect(&to, None).await;
    }
    let Some(before) = comes_from(draft.status, &draft.known) else {
        return case.again(Part::Overview, |shell, bar, receipt| draft.page(shell, bar, receipt)).await;
    };
    if draft.form.version != case.head().version.to_string() {
        draft.stale = true;
        draft.form.version = case.head().version.to_string();
        return case.conflict(Part::Overview, |shell, bar, receipt| draft.page(shell, bar, receipt)).await;
    }
    match draft.form.parse(draft.today) {
        Ok(rest) => {
            course::rest(&mut case, &rest, before).await?;
            let rests_on = draft.status == CaseStatus::Dormant;
            case.redirect(&to, if rests_on { Flash::DormancyReviewed } else { Flash::CaseDormant }).await
        }
        Err(faults) => {
            draft.faults = faults;
            case.again(Part::Overview, |shell, bar, receipt| draft.page(shell, bar, receipt)).await
        }
    }
}
