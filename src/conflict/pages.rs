//! Declaring a conflict of interest: one's own, or a colleague's for whoever divides the work.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;

use super::form::ConflictForm;
use super::{paths, store};
use crate::access::right::{AssignCase, DeclareConflict};
use crate::access::{CaseAccess, Part};
use crate::account::colleagues::{Colleague, working};
use crate::assignment::paths as assignments;
use crate::error::Result;
use crate::state::AppState;
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/arenden/{case}/jav", get(ask).post(declare))
}

#[derive(Template)]
#[template(path = "conflict/declare.html")]
struct DeclarePage {
    shell: Shell,
    case: CaseBar,
    form: ConflictForm,
    faults: Faults,
    /// Whom it can be about, for those who declare it for others.
    people: Option<Vec<Choice>>,
    action: String,
    back: String,
}

impl DeclarePage {
    fn of(shell: Shell, case: CaseBar, people: Option<&[Colleague]>, form: ConflictForm, faults: Faults) -> Self {
        let choices = |all: &[Colleague]| Choice::one("account", all.iter().map(Colleague::choice), &form.account);
        Self {
            people: people.map(choices),
            action: paths::declare(&case.reference),
            back: assignments::list(&case.reference),
            shell,
            case,
            form,
            faults,
        }
    }
}

async fn people(case: &mut CaseAccess<DeclareConflict>) -> Result<Option<Vec<Colleague>>> {
    if !case.may::<AssignCase>() {
        return Ok(None);
    }
    working(case.read()).await.map(Some)
}

async fn ask(mut case: CaseAccess<DeclareConflict>) -> Result<Response> {
    let people = people(&mut case).await?;
    let form = ConflictForm::fresh(case.desk().actor().account);
    case.page(Part::Assignment, |shell, bar, _| {
        Ok(DeclarePage::of(shell, bar, people.as_deref(), form, Faults::none()))
    })
    .await
}

async fn declare(mut case: CaseAccess<DeclareConflict>, Form(form): Form<ConflictForm>) -> Result<Response> {
    let people = people(&mut case).await?;
    let oneself = case.desk().actor().account;
    let new = match form.parse(oneself, people.as_deref()) {
        Ok(new) => new,
        Err(faults) => {
            return case
                .again(Part::Assignment, |shell, bar, _| {
                    Ok(DeclarePage::of(shell, bar, people.as_deref(), form, faults))
                })
                .await;
        }
    };
    store::declare(&mut case, &new).await?;
    if new.account == oneself {
        return case.redirect("/arenden", Flash::ConflictDeclared).await;
    }
    let to = assignments::list(&case.head().reference);
    case.redirect(&to, Flash::ConflictOfColleague).await
}
