//! Moving a case on, and its few facts that change on the way. Only the ways that are open can be chosen; the others say
//! what they lack.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;

use super::form::ChangeForm;
use super::model::{Standing, Step};
use super::pages::words;
use super::{paths, store};
use crate::access::right::{CloseCase, ManageCase, SetProtection};
use crate::access::{CaseAccess, Part, policy};
use crate::error::Result;
use crate::state::AppState;
use crate::vocabulary::{CaseStatus, NeedsProfile, ProgrammeStatus, ProtectionLevel};
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field};

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
    barred: Vec<Step>,
    programmes: Vec<Choice>,
    needs: Vec<Choice>,
    /// None where the actor may not set it.
    protections: Option<Vec<Choice>>,
    /// Where a case that is not to be begun is closed.
    close: Option<String>,
    action: String,
    back: String,
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
        let (open, barred): (Vec<_>, Vec<_>) = self.standing.steps().into_iter().partition(|step| step.lacks.is_none());
        let stay = (self.standing.status.code(), format!("{} (ingen ändring)", self.standing.status));
        let ways = open.iter().map(|step| (step.to.code(), step.to.to_string()));
        let unbegun = matches!(self.standing.status, CaseStatus::Registered | CaseStatus::Assessing);
        let form = self.form;
        StatusPage {
            statuses: Choice::one("status", std::iter::once(stay).chain(ways), &form.status),
            barred,
            programmes: words("programme", ProgrammeStatus::ALL, |word| (word.code(), word.label()), &form.programme),
            needs: words("needs", NeedsProfile::ALL, |word| (word.code(), word.label()), &form.needs),
            protections: self.may_protect.then(|| {
                words("protection", ProtectionLevel::ALL, |word| (word.code(), word.label()), &form.protection)
            }),
            close: (unbegun && self.may_close).then(|| paths::close(&case.reference)),
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

async fn edit(mut case: CaseAccess<ManageCase>) -> Result<Response> {
    let standing = store::standing(&mut case).await?;
    let needs = store::needs(&mut case).await?;
    let draft = Draft::of(&case, standing, ChangeForm::of(case.head(), needs));
    case.page(Part::Overview, |shell, bar, _| Ok(draft.page(shell, bar))).await
}

async fn update(mut case: CaseAccess<ManageCase>, Form(form): Form<ChangeForm>) -> Result<Response> {
    let standing = store::standing(&mut case).await?;
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
            store::change(&mut case, &change).await?;
            let to = paths::show(&case.head().reference);
            case.redirect(&to, Flash::Saved).await
        }
        Err(faults) => {
            draft.faults = faults;
            case.again(Part::Overview, |shell, bar, _| Ok(draft.page(shell, bar))).await
        }
    }
}
