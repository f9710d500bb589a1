//! What waits, registering what came in, and one intake. Whoever registers is told the same whether the person is known
//! or not: only the coordinator's pages say that there is a case already.

use askama::Template;
use axum::Router;
use axum::extract::{Form, Query};
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::contact::store as contacts;
use super::contact::views::ContactRow;
use super::form::{ANONYMOUS, IntakeForm};
use super::model::{ChildDays, Intake, Match, Told};
use super::{BIRTH_DATE, DESCRIPTION, FAMILY_NAME, GIVEN_NAME, NUMBER, OUTCOME_REASON, paths, store};
use crate::access::right::{JoinIntake, OpenCase, ReadIntakes, RegisterIntake, Right, SettleIntake};
use crate::access::{Access, Receipt};
use crate::audit::{Event, Note};
use crate::calendar::{age_on, stockholm};
use crate::error::{Error, Result};
use crate::organisation::store::{District, districts};
use crate::person::form::{OFFICIAL, TEMPORARY};
use crate::personal::{PersonNumber, Personal};
use crate::state::AppState;
use crate::vocabulary::{IdentityKind, IntakeEnvironment, IntakeSource, Sex};
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{Action, Choice, Due, Field, Moment};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/aktualiseringar", get(list).post(create))
        .route("/aktualiseringar/ny", get(new))
        .route("/aktualiseringar/{intake}", get(show))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    visa: String,
}

/// A line of the list. Nobody is named.
struct IntakeRow {
    href: String,
    intake: Intake,
    registered: Moment,
    due: Option<Due>,
}

impl IntakeRow {
    fn of(intake: Intake, today: Date) -> Self {
        Self {
            href: paths::show(intake.id),
            registered: Moment(stockholm(intake.registered_at)),
            due: intake.contact_due().map(|day| Due::on(day, today)),
            intake,
        }
    }
}

#[derive(Template)]
#[template(path = "intake/list.html")]
struct ListPage {
    shell: Shell,
    rows: Vec<IntakeRow>,
    shows_done: bool,
    is_cut: bool,
    may_register: bool,
    /// Intakes of somebody who has a case already: for the coordinator.
    matches: Vec<Match>,
}

async fn list(mut access: Access<ReadIntakes>, Query(query): Query<ListQuery>) -> Result<Response> {
    let shows_done = query.visa == "avslutade";
    let intakes = store::list(&mut access, !shows_done).await?;
    let (access, matches) =
        access.also(async |access: &mut Access<JoinIntake>| store::matches(access, None).await).await?;
    let (today, may_register) = (access.desk().clock().today(), access.may::<RegisterIntake>());
    let is_cut = i64::try_from(intakes.len()).is_ok_and(|count| count == store::AT_MOST);
    let rows = intakes.into_iter().map(|intake| IntakeRow::of(intake, today)).collect();
    let matches = matches.filter(|_| !shows_done).unwrap_or_default();
    access.page(|shell, _| Ok(ListPage { shell, rows, shows_done, is_cut, may_register, matches })).await
}

#[derive(Template)]
#[template(path = "intake/new.html")]
struct NewPage {
    shell: Shell,
    form: IntakeForm,
    faults: Faults,
    /// Set where the person is under 18: then the only way on is to hand over.
    child: Option<ChildDays>,
    sources: Vec<Choice>,
    number_kinds: Vec<Choice>,
    sexes: Vec<Choice>,
    acute: Vec<Choice>,
    informant_protected: Vec<Choice>,
    districts: Vec<Choice>,
    environments: Vec<Choice>,
}

impl NewPage {
    fn of(shell: Shell, districts: &[District], form: IntakeForm, faults: Faults, child: Option<ChildDays>) -> Self {
        let districts = districts.iter().map(|district| (district.id.to_string(), district.name.clone()));
        let environments = IntakeEnvironment::ALL.iter().map(|one| (one.code(), one.label()));
        let numbers = [
            (OFFICIAL, "Personnummer eller samordningsnummer"),
            (TEMPORARY, "Tillfälligt id, när numret inte är känt"),
            (ANONYMOUS, "Anonym konsultation, ingen person registreras"),
        ];
        let sources = IntakeSource::ALL.iter().map(|source| (source.code(), source.label()));
        Self {
            shell,
            districts: Choice::one("home_district", districts, &form.home_district),
            environments: Choice::one("environment", environments, &form.environment),
            sources: Choice::one("source", sources, &form.source),
            number_kinds: Choice::one("number_kind", numbers, &form.person.number_kind),
            sexes: Choice::one("sex", Sex::ALL.iter().map(|sex| (sex.code(), sex.label())), &form.person.sex),
            acute: Choice::yes("acute", "Akut", !form.acute.is_empty()),
            informant_protected: Choice::yes(
                "informant_protected",
                "Uppgiftslämnaren skyddas (OSL 26:5)",
                !form.informant_protected.is_empty(),
            ),
            form,
            faults,
            child,
        }
    }
}

async fn new(mut access: Access<RegisterIntake>) -> Result<Response> {
    let form = IntakeForm::fresh(access.desk().clock().today());
    let districts = districts(&mut access).await?;
    access.shown(Note::of(Event::IntakesListed).with("count", 0));
    access.page(|shell, _| Ok(NewPage::of(shell, &districts, form, Faults::none(), None))).await
}

async fn create(mut access: Access<RegisterIntake>, Form(form): Form<IntakeForm>) -> Result<Response> {
    if let Some(id) = uuid(&form.id)
        && store::exists(&mut access, id).await?
    {
        return access.redirect(&paths::show(id), None).await;
    }
    let known = districts(&mut access).await?;
    let new = match form.parse(access.desk().clock().today())? {
        Ok(new) if new.home_district.is_some_and(|one| known.iter().all(|district| district.id != one)) => {
            let faults = Faults::from(("home_district", "Välj område i listan"));
            return again(access, form, faults, None).await;
        }
        Ok(new) => new,
        Err(faults) => return again(access, form, faults, None).await,
    };
    let to = paths::show(new.id);
    match (new.is_about_a_child(), form.hands_over()) {
        (true, true) => {
            store::hand_over(&mut access, &new).await?;
            access.redirect(&to, Flash::IntakeHandedOver).await
        }
        (true, false) => {
            let fault = "Personen är under 18 år. Överlämna till barn- och ungdomsenheten";
            let faults = Faults::from((form.age_field(), fault));
            again(access, form, faults, Some(ChildDays::from(new.received_on))).await
        }
        (false, true) => {
            let fault = "Personen är inte under 18 år. Spara aktualiseringen i stället";
            let faults = Faults::from((form.age_field(), fault));
            again(access, form, faults, None).await
        }
        (false, false) => {
            store::register(&mut access, &new).await?;
            access.redirect(&to, None).await
        }
    }
}

async fn again(
    mut access: Access<RegisterIntake>,
    form: IntakeForm,
    faults: Faults,
    child: Option<ChildDays>,
) -> Result<Response> {
    let districts = districts(&mut access).await?;
    // The form itself may have asked whether it was sent before.
    access.shown(Note::of(Event::IntakesListed).with("count", 0));
    access.again(|shell, _| Ok(NewPage::of(shell, &districts, form, faults, child))).await
}

/// Who it is about, opened; only while there is no case whose own page says it.
struct Person {
    given_name: Personal,
    family_name: Personal,
    kind: IdentityKind,
    number: Personal,
    masked: bool,
    born: Option<(Personal, i32)>,
    sex: Sex,
}

impl Person {
    fn open(told: &Told, intake: &Intake, receipt: &Receipt, today: Date) -> Result<Option<Self>> {
        let Some(person) = told.person.as_ref().filter(|_| intake.case.is_none()) else { return Ok(None) };
        let id = intake.id;
        let text = receipt.open(NUMBER.at(id), &person.number)?;
        let (number, masked) = match PersonNumber::of(&text, today) {
            Ok(number) => (Personal::new(number.masked()), true),
            // One that the program drew says nothing about anybody.
            Err(_) => (text, false),
        };
        let birth_date = person.birth_date.as_ref();
        let birth_date = birth_date.map(|sealed| receipt.open(BIRTH_DATE.at(id), sealed)).transpose()?;
        Ok(Some(Self {
            given_name: receipt.open(GIVEN_NAME.at(id), &person.given_name)?,
            family_name: receipt.open(FAMILY_NAME.at(id), &person.family_name)?,
            kind: person.kind,
            number,
            masked,
            born: birth_date.and_then(|text| text.day().map(|day| (text, age_on(day, today)))),
            sex: person.sex,
        }))
    }
}

#[derive(Template)]
#[template(path = "intake/show.html")]
struct ShowPage {
    shell: Shell,
    intake: Intake,
    registered: Moment,
    due: Option<Due>,
    child: Option<ChildDays>,
    case: Option<Action>,
    description: Option<Personal>,
    reason: Option<Personal>,
    person: Option<Person>,
    contacts: Vec<ContactRow>,
    may_settle: bool,
    may_open_case: bool,
    /// For the coordinator.
    matches: Vec<Match>,
    twins: Vec<Action>,
    /// Anonymous consultations that may go on here, and those that did.
    consultations: Vec<Choice>,
    linked: Vec<Action>,
    /// Where this consultation went on.
    goes_on: Option<String>,
    faults: Faults,
}

async fn show(access: Access<ReadIntakes>, PathId(id): PathId) -> Result<Response> {
    page(access, id, Faults::none()).await
}

/// The intake's page, or the same again with what has to be mended: for whoever reads it, also in other work.
pub(super) async fn page<R: Right>(access: Access<R>, id: Uuid, faults: Faults) -> Result<Response> {
    let (access, found) = access
        .also(async |access: &mut Access<ReadIntakes>| {
            let (intake, told) = (store::get(access, id).await?, store::told(access, id).await?);
            Ok((intake, told, contacts::of_intake(access, id).await?, store::linked_to(access, id).await?))
        })
        .await?;
    let (intake, told, spoken, linked) = found.ok_or(Error::NotFound)?;
    let open = intake.is_open();
    let (access, doubles) = access
        .also(async |access: &mut Access<JoinIntake>| {
            if !open {
                return Ok((Vec::new(), Vec::new()));
            }
            Ok((store::matches(access, Some(id)).await?, store::twins(access, id).await?))
        })
        .await?;
    let (matches, twins) = doubles.unwrap_or_default();
    let (access, consultations) = access
        .also(async |access: &mut Access<SettleIntake>| {
            if !open || !intake.is_about_a_person() {
                return Ok(Vec::new());
            }
            store::consultations(access, intake.received_on).await
        })
        .await?;
    let consultations = consultations.unwrap_or_default();
    let today = access.desk().clock().today();
    let (may_settle, may_open_case) = (open && access.may::<SettleIntake>(), open && access.may::<OpenCase>());
    let is_faulty = !faults.is_empty();
    let view = |shell, receipt: &Receipt| {
        let opened = |column: crate::crypto::seal::Column, sealed: &Option<crate::crypto::seal::Sealed>| {
            sealed.as_ref().map(|sealed| receipt.open(column.at(id), sealed)).transpose()
        };
        Ok(ShowPage {
            shell,
            registered: Moment(stockholm(intake.registered_at)),
            due: intake.contact_due().map(|day| Due::on(day, today)),
            child: intake.is_minor.then(|| ChildDays::from(intake.received_on)),
            case: intake
                .reference
                .as_ref()
                .map(|reference| Action::new(crate::access::case_path(reference, ""), reference.clone())),
            description: opened(DESCRIPTION, &told.description)?,
            reason: opened(OUTCOME_REASON, &told.reason)?,
            person: Person::open(&told, &intake, receipt, today)?,
            contacts: ContactRow::all(&spoken, receipt)?,
            may_settle,
            may_open_case: may_open_case && intake.is_about_a_person(),
            matches,
            twins: twins
                .into_iter()
                .map(|(twin, day)| Action::new(paths::show(twin), format!("Aktualisering {day}")))
                .collect(),
            consultations: Choice::one(
                "consultation",
                consultations.iter().map(|one| (one.id.to_string(), format!("Konsultation {}", one.received_on))),
                "",
            ),
            linked: linked
                .into_iter()
                .map(|(one, day)| Action::new(paths::show(one), format!("Konsultation {day}")))
                .collect(),
            goes_on: intake.linked.map(paths::show),
            faults,
            intake,
        })
    };
    if is_faulty { access.again(view).await } else { access.page(view).await }
}
