//! Opening a case from an intake: the person and what was told come along, and nothing is typed twice. What is asked is
//! what a case needs in addition.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;
use time::Date;

use super::form::OpeningForm;
use super::model::Opened;
use super::pages::{Choices, Lists};
use super::{paths, store};
use crate::access::right::OpenCase;
use crate::access::{Access, policy};
use crate::audit::{Event, Note};
use crate::error::{Error, Result};
use crate::intake::model::Intake;
use crate::intake::{paths as intakes, store as intake_store};
use crate::person::model::NewPerson;
use crate::state::AppState;
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{Crumb, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/aktualiseringar/{intake}/arende", get(new).post(create))
}

#[derive(Template)]
#[template(path = "case/from_intake.html")]
struct NewPage {
    shell: Shell,
    crumbs: Vec<Crumb>,
    received_on: Date,
    form: OpeningForm,
    faults: Faults,
    choices: Choices,
    action: String,
    back: String,
}

impl NewPage {
    fn of(shell: Shell, intake: &Intake, lists: &Lists, form: OpeningForm, faults: Faults) -> Self {
        Self {
            shell,
            crumbs: vec![
                Crumb::to(intakes::LIST, "Aktualiseringar"),
                Crumb::to(intakes::show(intake.id), format!("Aktualisering {}", intake.received_on)),
                Crumb::here("Skapa ärende"),
            ],
            received_on: intake.received_on,
            choices: lists.choices(&form),
            action: intakes::open_case(intake.id),
            back: intakes::show(intake.id),
            form,
            faults,
        }
    }
}

/// Who a case can be opened for. An intake that names nobody, or is about somebody under 18, never becomes one.
async fn person(access: &mut Access<OpenCase>, intake: &Intake) -> Result<NewPerson> {
    if !intake.is_open() {
        return Err(Error::Invalid("Aktualiseringen är avslutad och kan bara läsas."));
    }
    let person = intake_store::person(access, intake.id).await?;
    let person = person.filter(|_| intake.is_about_a_person());
    person.ok_or(Error::Invalid("Ett ärende skapas bara från en aktualisering som gäller en vuxen person."))
}

async fn new(mut access: Access<OpenCase>, PathId(id): PathId) -> Result<Response> {
    let intake = intake_store::get(&mut access, id).await?;
    person(&mut access, &intake).await?;
    let lists = Lists::read(&mut access).await?;
    let district = intake.home_district.as_deref().and_then(|name| lists.district(name));
    let form = OpeningForm { district: district.unwrap_or_default(), ..lists.fresh(&access) };
    access.page(|shell, _| Ok(NewPage::of(shell, &intake, &lists, form, Faults::none()))).await
}

async fn create(mut access: Access<OpenCase>, PathId(id): PathId, Form(form): Form<OpeningForm>) -> Result<Response> {
    let intake = intake_store::get(&mut access, id).await?;
    if let (Some(reference), true) = (&intake.reference, intake.case.is_some() && intake.case == uuid(&form.id)) {
        // Sent twice: the first time did it.
        let to = paths::show(reference);
        return access.redirect(&to, None).await;
    }
    let person = person(&mut access, &intake).await?;
    let lists = Lists::read(&mut access).await?;
    let actor = access.desk().actor().clone();
    let sees_only_if_named = |protection| policy::sees_only_if_named(&actor, protection);
    let parsed = form.parse_about(person, intake.received_on, &lists.known(&access, &sees_only_if_named));
    let new = match parsed {
        Ok(new) => new,
        Err(faults) => return access.again(|shell, _| Ok(NewPage::of(shell, &intake, &lists, form, faults))).await,
    };
    match store::open(&mut access, &new).await? {
        Opened::Case(reference) => {
            let tied = intake_store::became_case(&mut access, id, new.id, new.opened_on).await?;
            // The same form at the same moment: the first one tied it, and this one waited for it in `open`.
            if !tied && intake_store::get(&mut access, id).await?.case != Some(new.id) {
                return Err(Error::Stale);
            }
            access.redirect(&paths::show(&reference), Flash::CaseOpened).await
        }
        Opened::HasOpenCase { reference, case } => {
            access.shown(Note { cases: vec![case], ..Note::of(Event::CasesListed) });
            let fault =
                format!("Personen har redan ett öppet ärende, {reference}. Samordnaren för aktualiseringen dit");
            let faults = Faults::from(("opened_on", fault));
            access.again(|shell, _| Ok(NewPage::of(shell, &intake, &lists, form, faults))).await
        }
    }
}
