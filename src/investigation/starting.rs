//! Beginning an investigation: with a signed decision to open it, and one at a time.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;

use super::form::StartForm;
use super::model::Ruling;
use super::{paths, store};
use crate::access::right::Investigate;
use crate::access::{CaseAccess, Part, case_path};
use crate::audit::{Event, Note};
use crate::error::Result;
use crate::setting::model::counted;
use crate::setting::store as settings;
use crate::state::AppState;
use crate::vocabulary::{InvestigationKind, SettingKey};
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field};

/// How long one takes when nothing else is said.
const USUAL: SettingKey = SettingKey::InvestigationTargetDaysAdult;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/arenden/{case}/utredning/ny", get(new))
}

#[derive(Template)]
#[template(path = "investigation/new.html")]
struct NewPage {
    shell: Shell,
    case: CaseBar,
    form: StartForm,
    faults: Faults,
    kinds: Vec<Choice>,
    decisions: Vec<Choice>,
    new_decision: String,
    usual: String,
    list: String,
}

impl NewPage {
    fn of(
        shell: Shell,
        case: CaseBar,
        (form, faults): (StartForm, Faults),
        (openings, usual_days): (Vec<Ruling>, i32),
    ) -> Self {
        let kinds = InvestigationKind::ALL.iter().map(|kind| (kind.code(), kind.label()));
        Self {
            kinds: Choice::one("kind", kinds, &form.kind),
            decisions: Choice::one(
                "decision",
                openings.into_iter().map(|one| (one.id.to_string(), one.label)),
                &form.decision,
            ),
            usual: format!("Tomt: {} efter att den inleddes", counted(USUAL, usual_days)),
            new_decision: case_path(&case.reference, "/beslut/nytt"),
            list: paths::list(&case.reference),
            shell,
            case,
            form,
            faults,
        }
    }
}

async fn new(mut case: CaseAccess<Investigate>) -> Result<Response> {
    let openings = store::openings(&mut case).await?;
    let usual = settings::value(&mut case, USUAL).await?;
    case.shown(Note::of(Event::DecisionsShown).with("count", openings.len()));
    let form = StartForm::fresh(&openings);
    case.page(Part::Investigation, |shell, case, _| {
        Ok(NewPage::of(shell, case, (form, Faults::none()), (openings, usual)))
    })
    .await
}

pub(super) async fn create(case: CaseAccess<Investigate>, Form(form): Form<StartForm>) -> Result<Response> {
    let (mut case, all) = store::read(case).await?;
    let (reference, opened_on) = (case.head().reference.clone(), case.head().opened_on);
    // The same form, sent twice.
    if let Some(one) = all.iter().find(|one| Some(one.id) == uuid(&form.id)) {
        return case.redirect(&paths::show(&reference, one.id), None).await;
    }
    let openings = store::openings(&mut case).await?;
    let usual = settings::value(&mut case, USUAL).await?;
    let mut parsed = form.parse(&openings, opened_on, (usual, case.desk().clock().today()));
    if parsed.is_ok() && all.iter().any(|one| one.status.is_open()) {
        parsed = Err(Faults::from(("kind", "En utredning pågår redan i ärendet. Färdigställ den först")));
    }
    match parsed {
        Ok(new) => {
            store::start(&mut case, &new).await?;
            case.redirect(&paths::show(&reference, new.id), Flash::InvestigationStarted).await
        }
        Err(faults) => {
            case.shown(Note::of(Event::DecisionsShown).with("count", openings.len()));
            case.again(Part::Investigation, |shell, case, _| {
                Ok(NewPage::of(shell, case, (form, faults), (openings, usual)))
            })
            .await
        }
    }
}
