//! Closing a case: what follows, why, when, and its reference typed once more. A placement that runs or is planned
//! stands in the way, and so does whatever else is open, a deviation, and an outcome that nobody has recorded.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;
use time::Date;

use super::form::ClosingForm;
use super::model::{Open, OpenDeviation, Stay, earliest_close, in_the_way};
use super::pages::words;
use super::{paths, store};
use crate::access::right::{CloseCase, RecordOutcome};
use crate::access::{CaseAccess, Part, case_path};
use crate::error::Result;
use crate::state::AppState;
use crate::vocabulary::CloseReason;
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/arenden/{case}/avslut", get(new).post(create))
}

#[derive(Template)]
#[template(path = "case/close.html")]
struct ClosePage {
    shell: Shell,
    case: CaseBar,
    form: ClosingForm,
    faults: Faults,
    stale: bool,
    /// The placement that has to be ended first, and where that is done.
    in_the_way: Option<Stay>,
    placements: String,
    /// What else is open, and where it is seen to.
    open: Vec<(String, String)>,
    has_outcome: bool,
    /// Where the outcome is recorded, for whoever may.
    outcome: Option<String>,
    /// Deviations that have to be closed first, each with its page.
    deviations: Vec<(String, OpenDeviation)>,
    reasons: Vec<Choice>,
    action: String,
    back: String,
}

struct Draft {
    form: ClosingForm,
    faults: Faults,
    stale: bool,
    stays: Vec<Stay>,
    open: Open,
    has_outcome: bool,
    may_record: bool,
    deviations: Vec<OpenDeviation>,
}

impl Draft {
    fn page(self, shell: Shell, case: CaseBar) -> ClosePage {
        ClosePage {
            in_the_way: in_the_way(&self.stays).cloned(),
            placements: case_path(&case.reference, "/placeringar"),
            reasons: words("reason", &CloseReason::CHOSEN, |reason| (reason.code(), reason.label()), &self.form.reason),
            open: self.open.things().into_iter().map(|(what, part)| (what, case_path(&case.reference, part))).collect(),
            has_outcome: self.has_outcome,
            outcome: self.may_record.then(|| case_path(&case.reference, "/utfall/avslut")),
            deviations: self.deviations.into_iter().map(|one| (deviation_path(&case.reference, &one), one)).collect(),
            action: paths::close(&case.reference),
            back: paths::show(&case.reference),
            shell,
            case,
            form: self.form,
            faults: self.faults,
            stale: self.stale,
        }
    }

    fn earliest(&self, opened_on: Date) -> Date {
        earliest_close(opened_on, &self.stays)
    }
}

/// The room of deviations answers there.
fn deviation_path(case: &str, one: &OpenDeviation) -> String {
    case_path(case, &format!("/avvikelser/{}", one.id))
}

async fn new(mut case: CaseAccess<CloseCase>) -> Result<Response> {
    let stays = store::stays(&mut case).await?;
    let deviations = store::open_deviations(&mut case).await?;
    let form = ClosingForm::fresh(case.head(), case.desk().clock().today());
    let (has_outcome, open) = (store::has_outcome(&mut case).await?, store::still_open(&mut case).await?);
    let may_record = case.may::<RecordOutcome>();
    let draft = Draft { form, faults: Faults::none(), stale: false, stays, open, deviations, has_outcome, may_record };
    case.page(Part::Overview, |shell, bar, _| Ok(draft.page(shell, bar))).await
}

async fn create(mut case: CaseAccess<CloseCase>, Form(form): Form<ClosingForm>) -> Result<Response> {
    let stays = store::stays(&mut case).await?;
    let deviations = store::open_deviations(&mut case).await?;
    let (has_outcome, open) = (store::has_outcome(&mut case).await?, store::still_open(&mut case).await?);
    let may_record = case.may::<RecordOutcome>();
    let mut draft =
        Draft { form, faults: Faults::none(), stale: false, stays, open, deviations, has_outcome, may_record };
    if draft.form.version != case.head().version.to_string() {
        draft.stale = true;
        draft.form.version = case.head().version.to_string();
        return case.conflict(Part::Overview, |shell, bar, _| Ok(draft.page(shell, bar))).await;
    }
    let is_open = !draft.open.things().is_empty() || !draft.deviations.is_empty();
    if in_the_way(&draft.stays).is_some() || is_open || !draft.has_outcome {
        return case.again(Part::Overview, |shell, bar, _| Ok(draft.page(shell, bar))).await;
    }
    let (earliest, today) = (draft.earliest(case.head().opened_on), case.desk().clock().today());
    match draft.form.parse(case.head(), earliest, today) {
        Ok(closing) => {
            store::close(&mut case, &closing).await?;
            let to = paths::show(&case.head().reference);
            case.redirect(&to, Flash::CaseClosed).await
        }
        Err(faults) => {
            draft.faults = faults;
            case.again(Part::Overview, |shell, bar, _| Ok(draft.page(shell, bar))).await
        }
    }
}
