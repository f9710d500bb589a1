//! One assessment of a return, and making a new one. The police's assessment stands beside the form.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;
use time::Date;

use super::form::ReturnForm;
use super::model::{Ground, ReturnAssessment};
use super::{paths, store};
use crate::access::right::{AssessReturn, ReadReturn, ReadThreat};
use crate::access::{CaseAccess, Part, case_path};
use crate::audit::{Event, Note};
use crate::calendar::stockholm;
use crate::error::{Error, Result};
use crate::personal::Personal;
use crate::state::AppState;
use crate::threat;
use crate::threat::model::Assessment;
use crate::vocabulary::{ReturnResult, ThreatStatus};
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field, Moment};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/atervandande/ny", get(new).post(create))
        .route("/arenden/{case}/atervandande/{homecoming}", get(show))
}

#[derive(Template)]
#[template(path = "homecoming/show.html")]
struct ShowPage {
    shell: Shell,
    case: CaseBar,
    one: ReturnAssessment,
    /// What has become of its basis.
    weakness: Option<String>,
    /// Where the one that took its place stands.
    replaced_by: Option<String>,
    review_is_due: bool,
    reason: Personal,
    registered: Moment,
    new: Option<String>,
    back: String,
}

async fn show(mut case: CaseAccess<ReadReturn>, PathId(id): PathId) -> Result<Response> {
    let all = store::list(&mut case).await?;
    let one = all.iter().find(|one| one.id == id).cloned().ok_or(Error::NotFound)?;
    case.shown(Note::of(Event::ReturnShown).with("assessment", id.to_string()));
    let (today, reference) = (case.desk().clock().today(), case.head().reference.clone());
    let latest = all.first().map(|one| one.id).filter(|latest| *latest != id);
    let new = case.may::<AssessReturn>().then(|| paths::new(&reference));
    case.page(Part::Meetings, |shell, case, receipt| {
        Ok(ShowPage {
            weakness: one.basis.weakness(today),
            replaced_by: latest.map(|latest| paths::show(&reference, latest)),
            review_is_due: latest.is_none() && one.review_on <= today,
            reason: receipt.open(store::REASON.at(id), &one.reason)?,
            registered: Moment(stockholm(one.registered_at)),
            new,
            back: case_path(&reference, "/moten"),
            shell,
            case,
            one,
        })
    })
    .await
}

#[derive(Template)]
#[template(path = "homecoming/new.html")]
struct NewPage {
    shell: Shell,
    case: CaseBar,
    form: ReturnForm,
    faults: Faults,
    stale: bool,
    /// None where the police's assessment has to be confirmed first.
    threat: Option<ThreatView>,
    results: Vec<Choice>,
    joint: Vec<Choice>,
    threats: String,
    action: String,
    back: String,
}

/// What the police have said, beside the form.
struct ThreatView {
    one: Assessment,
    step: i8,
    is_stale: bool,
}

struct Draft {
    form: ReturnForm,
    faults: Faults,
    stale: bool,
    threat: Option<Assessment>,
}

impl Draft {
    fn page(self, shell: Shell, case: CaseBar, today: Date) -> NewPage {
        let results = ReturnResult::ALL.iter().map(|one| (one.code(), one.label()));
        let level = |one: &Assessment| one.judgement.level.step().and_then(|step| i8::try_from(step).ok());
        let joint = "Bedömningen är gjord tillsammans med polisen";
        NewPage {
            results: Choice::one("result", results, &self.form.result),
            joint: Choice::yes("joint_with_police", joint, !self.form.joint_with_police.is_empty()),
            threat: self.threat.map(|one| ThreatView {
                step: level(&one).unwrap_or(-1),
                is_stale: one.is_stale(today),
                one,
            }),
            threats: threat::paths::list(&case.reference),
            action: paths::new(&case.reference),
            back: case_path(&case.reference, "/moten"),
            shell,
            case,
            form: self.form,
            faults: self.faults,
            stale: self.stale,
        }
    }
}

/// The version that is confirmed now.
async fn confirmed(case: CaseAccess<AssessReturn>) -> Result<(CaseAccess<AssessReturn>, Option<Assessment>)> {
    let read = async |case: &mut CaseAccess<ReadThreat>| {
        let versions = threat::store::list(case).await?;
        case.shown(Note::of(Event::ThreatShown).with("count", versions.len()));
        Ok(versions.into_iter().find(|one| one.status == ThreatStatus::Confirmed))
    };
    let (case, found) = case.also::<ReadThreat, _>(read).await?;
    Ok((case, found.flatten()))
}

async fn new(case: CaseAccess<AssessReturn>) -> Result<Response> {
    let (case, threat) = confirmed(case).await?;
    let today = case.desk().clock().today();
    let form = ReturnForm::fresh(threat.as_ref().map(|one| one.id));
    let draft = Draft { form, faults: Faults::none(), stale: false, threat };
    case.page(Part::Meetings, |shell, case, _| Ok(draft.page(shell, case, today))).await
}

async fn create(mut case: CaseAccess<AssessReturn>, Form(form): Form<ReturnForm>) -> Result<Response> {
    let reference = case.head().reference.clone();
    if let Some(id) = uuid(&form.id)
        && store::exists(&mut case, id).await?
    {
        return case.redirect(&paths::show(&reference, id), None).await;
    }
    let (mut case, threat) = confirmed(case).await?;
    let today = case.desk().clock().today();
    let mut draft = Draft { form, faults: Faults::none(), stale: false, threat };
    let Some(threat) = &draft.threat else {
        return case.again(Part::Meetings, |shell, case, _| Ok(draft.page(shell, case, today))).await;
    };
    // What was weighed is what stood beside the form: a version that was confirmed in the meantime is read first.
    if uuid(&draft.form.threat).is_some_and(|seen| seen != threat.id) {
        draft.form.threat = threat.id.to_string();
        draft.stale = true;
        return case.conflict(Part::Meetings, |shell, case, _| Ok(draft.page(shell, case, today))).await;
    }
    let ground = Ground { threat: threat.id, assessed_on: threat.assessed_on, valid_until: threat.valid_until };
    match draft.form.parse(&ground, today) {
        Ok(new) => {
            store::register(&mut case, &new).await?;
            case.redirect(&paths::show(&reference, new.id), Flash::ReturnAssessed).await
        }
        Err(faults) => {
            draft.faults = faults;
            case.again(Part::Meetings, |shell, case, _| Ok(draft.page(shell, case, today))).await
        }
    }
}
