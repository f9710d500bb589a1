//! The break of an identity: the person gets a new one, which is never entered here. What reached the person ends, where
//! they were is sealed, the case closes, and from then on nothing can be added that would lead to them.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;

use super::course_form::BreakForm;
use super::model::{Closing, Stay, in_the_way};
use super::paths;
use super::store::{course, standing as stands};
use crate::access::right::{BreakIdentity, CloseCase};
use crate::access::{CaseAccess, Part, case_path};
use crate::error::{Error, Result};
use crate::person::marking;
use crate::person::store::{Described, described};
use crate::state::AppState;
use crate::vocabulary::{CaseStatus, CloseReason, PersonStatus};
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/arenden/{case}/identitetsbrytning", get(ask).post(create))
}

#[derive(Template)]
#[template(path = "case/identity_break.html")]
struct BreakPage {
    shell: Shell,
    case: CaseBar,
    form: BreakForm,
    faults: Faults,
    stale: bool,
    /// The placement that has to be ended first, and where that is done.
    in_the_way: Option<Stay>,
    placements: String,
    action: String,
    back: String,
}

struct Draft {
    form: BreakForm,
    faults: Faults,
    stale: bool,
    stays: Vec<Stay>,
}

impl Draft {
    fn page(self, shell: Shell, case: CaseBar) -> BreakPage {
        BreakPage {
            in_the_way: in_the_way(&self.stays).cloned(),
            placements: case_path(&case.reference, "/placeringar"),
            action: crate::person::paths::break_identity(&case.reference),
            back: crate::person::paths::show(&case.reference),
            shell,
            case,
            form: self.form,
            faults: self.faults,
            stale: self.stale,
        }
    }
}

async fn ask(mut case: CaseAccess<BreakIdentity>) -> Result<Response> {
    let stays = stands::stays(&mut case).await?;
    let person = described(&mut case).await?;
    let form = BreakForm::fresh(case.head(), person.version);
    let draft = Draft { form, faults: Faults::none(), stale: false, stays };
    case.page(Part::Person, |shell, bar, _| Ok(draft.page(shell, bar))).await
}

async fn create(mut case: CaseAccess<BreakIdentity>, Form(form): Form<BreakForm>) -> Result<Response> {
    let stays = stands::stays(&mut case).await?;
    let person = described(&mut case).await?;
    let mut draft = Draft { form, faults: Faults::none(), stale: false, stays };
    if in_the_way(&draft.stays).is_some() {
        return case.again(Part::Person, |shell, bar, _| Ok(draft.page(shell, bar))).await;
    }
    let wanted = match draft.form.parse(case.head()) {
        Ok(wanted) => wanted,
        Err(faults) => {
            draft.faults = faults;
            return case.again(Part::Person, |shell, bar, _| Ok(draft.page(shell, bar))).await;
        }
    };
    if (wanted.case_version, wanted.person_version) != (case.head().version, person.version) {
        draft.stale = true;
        draft.form = BreakForm { source: draft.form.source, ..BreakForm::fresh(case.head(), person.version) };
        return case.conflict(Part::Person, |shell, bar, _| Ok(draft.page(shell, bar))).await;
    }
    let Described { status: PersonStatus::Active, version, .. } = person else { return Err(Error::Stale) };
    marking::store::break_identity(&mut case, wanted.id, version, &wanted.source).await?;
    let closing = Closing {
        version: wanted.case_version,
        status: CaseStatus::Closed,
        reason: CloseReason::IdentityChange,
        closed_on: case.desk().clock().today(),
    };
    let close = async |case: &mut CaseAccess<CloseCase>| course::close(case, &closing).await;
    let (case, closed) = case.also::<CloseCase, _>(close).await?;
    closed.ok_or(Error::Forbidden)?;
    let to = paths::show(&case.head().reference);
    case.redirect(&to, Flash::IdentityBroken).await
}
