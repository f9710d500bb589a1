//! Moving a case on, and its few facts that change on the way. Every way onwards stands on the page: those that are open
//! can be chosen or have a page of their own, the others say what they lack and where it is done.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;

use super::course_form::ChangeForm;
use super::pages::words;
use super::steps::{Lack, Standing, is_chosen};
use super::store::{course, standing as stands};
use super::{paths, transfer};
use crate::access::right::{CloseCase, ManageCase, SetProtection};
use crate::access::{CaseAccess, Part, policy};
use crate::error::Result;
use crate::state::AppState;
use crate::vocabulary::{CaseStatus, NeedsProfile, ProgrammeStatus, ProtectionLevel};
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::shell::Shell;
use crate::web::view::{Action, CaseBar, Choice, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/arenden/{case}/status", get(edit).post(update))
}

#[derive(Template)]
#[template(path = "case/status.html")]
struct StatusPage {
    shell: Shell,
    case: CaseBar,
    form: ChangeForm,
    faults: Faults,
    stale: bool,
    statuses: Vec<Choice>,
    ways: Vec<Way>,
    /// Whether the case rests, and may only be looked at again.
    rests: Option<Action>,
    programmes: Vec<Choice>,
    needs: Vec<Choice>,
    /// None where the actor may not set it.
    protections: Option<Vec<Choice>>,
    action: String,
    back: String,
}

/// A way onwards as the page has it.
struct Way {
    to: CaseStatus,
    /// What is lacking, each with where it is done.
    lacks: Vec<(String, String)>,
    /// Where it is taken, when it is open and not one of the choices.
    page: Option<Action>,
    /// Open, but only for a coordinator or a manager.
    is_others: bool,
}

impl Way {
    fn of(case: &str, to: CaseStatus, lacks: &[Lack], may_close: bool) -> Self {
        let action = match to {
            CaseStatus::Dormant => Some(Action::new(paths::rest(case), "Gör ärendet vilande")),
            CaseStatus::Closed => Some(Action::new(paths::close(case), "Avsluta ärendet")),
            CaseStatus::NotOpened => Some(Action::new(paths::not_opened(case), "Avsluta utan utredning")),
            CaseStatus::Transferred => Some(Action::new(transfer::paths::carry_out(case), "Flytta över ärendet")),
            _ => None,
        };
        let is_open = lacks.is_empty();
        Self {
            to,
            lacks: lacks.iter().map(|lack| (lack.what.clone(), lack.path(case))).collect(),
            page: action.filter(|_| is_open && (may_close || !to.is_ended())),
            is_others: is_open && to.is_ended() && !may_close,
        }
    }
}

/// The page but for what surrounds it.
struct Draft {
    form: ChangeForm,
    faults: Faults,
    stale: bool,
    standing: Standing,
    may_protect: bool,
    may_close: bool,
}

impl Draft {
    fn of(case: &CaseAccess<ManageCase>, standing: Standing, form: ChangeForm) -> Self {
        let (may_protect, may_close) = (case.may::<SetProtection>(), case.may::<CloseCase>());
        Self { form, faults: Faults::none(), stale: false, standing, may_protect, may_close }
    }

    fn page(self, shell: Shell, case: CaseBar) -> StatusPage {
        let (steps, status) = (self.standing.steps(), self.standing.status);
        let stay = (status.code(), format!("{status} (ingen ändring)"));
        let open = steps.iter().filter(|step| step.lacks.is_empty() && is_chosen(step.to));
        let open = open.map(|step| (step.to.code(), step.to.to_string()));
        let form = self.form;
        let mut statuses = Choice::one("status", std::iter::once(stay).chain(open), &form.status);
        // There is no way back from there, whatever somebody finds out afterwards.
        for choice in statuses.iter_mut().filter(|one| one.value == CaseStatus::Closing.code() && !is(status, one)) {
            choice.hint = "Det går inte att ångra. Från Avslutas kan ärendet bara avslutas eller flyttas över.".into();
        }
        StatusPage {
            statuses,
            ways: steps.iter().map(|way| Way::of(&case.reference, way.to, &way.lacks, self.may_close)).collect(),
            rests: (status == CaseStatus::Dormant)
                .then(|| Action::new(paths::rest(&case.reference), "Se över det vilande ärendet")),
            programmes: words("programme", ProgrammeStatus::ALL, |word| (word.code(), word.label()), &form.programme),
            needs: words("needs", NeedsProfile::ALL, |word| (word.code(), word.label()), &form.needs),
            protections: self.may_protect.then(|| {
                words("protection", ProtectionLevel::ALL, |word| (word.code(), word.label()), &form.protection)
            }),
            action: paths::status(&case.reference),
            back: paths::show(&case.reference),
            shell,
            case,
            form,
            faults: self.faults,
            stale: self.stale,
        }
    }
}

fn is(status: CaseStatus, choice: &Choice) -> bool {
    choice.value == status.code()
}

async fn edit(mut case: CaseAccess<ManageCase>) -> Result<Response> {
    let standing = stands::standing(&mut case).await?;
    let needs = stands::needs(&mut case).await?;
    let draft = Draft::of(&case, standing, ChangeForm::of(case.head(), needs));
    case.page(Part::Overview, |shell, bar, _| Ok(draft.page(shell, bar))).await
}

async fn update(mut case: CaseAccess<ManageCase>, Form(form): Form<ChangeForm>) -> Result<Response> {
    let standing = stands::standing(&mut case).await?;
    let mut draft = Draft::of(&case, standing, form);
    // Said before the rules: they are held against what the case has become, not against what the form showed.
    if draft.form.version != case.head().version.to_string() {
        draft.stale = true;
        draft.form.version = case.head().version.to_string();
        return case.conflict(Part::Overview, |shell, bar, _| Ok(draft.page(shell, bar))).await;
    }
    let change = match draft.form.parse(case.head(), &draft.standing, draft.may_protect) {
        Ok(change) if policy::sees_only_if_named(case.desk().actor(), change.protection) && !case.is_named() => {
            let text = "Sluten krets syns bara för dem som är namngivna i ärendet. Låt någon namnge dig först";
            Err(Faults::from(("protection", text)))
        }
        Ok(change) if change.protection == ProtectionLevel::Standard && case.head().marking.is_some() => {
            let text = "Personen har en skyddsmarkering som gäller. Skyddet är minst förstärkt så länge";
            Err(Faults::from(("protection", text)))
        }
        parsed => parsed,
    };
    match change {
        Ok(change) => {
            course::change(&mut case, &change).await?;
            let to = paths::show(&case.head().reference);
            let has_moved = change.status != case.head().status;
            case.redirect(&to, if has_moved { Flash::CaseStatusChanged } else { Flash::Saved }).await
        }
        Err(faults) => {
            draft.faults = faults;
            case.again(Part::Overview, |shell, bar, _| Ok(draft.page(shell, bar))).await
        }
    }
}
