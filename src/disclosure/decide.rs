//! The steps: deciding that something is handed over or refused, handing it over, and hiding it again.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use uuid::Uuid;

use super::ground::{LEAST_WEIGHING, age_fits};
use super::model::{Disclosure, Item, Standing};
use super::pages::{Whole, birth_date, show_whole};
use super::store::steps;
use super::{paths, store};
use crate::access::right::{DecideContactDetails, DecideDisclosure};
use crate::access::{CaseAccess, Part};
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::vocabulary::DisclosureGround;
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/utlamnanden/{disclosure}/beslut", get(ask).post(decide))
        .route("/arenden/{case}/utlamnanden/{disclosure}/utlamning", post(release))
        .route("/arenden/{case}/utlamnanden/{disclosure}/dolj", get(ask_hide).post(hide))
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct StepForm {
    version: String,
    outcome: String,
    reason: String,
}

impl StepForm {
    fn of(one: &Disclosure) -> Self {
        Self { version: one.version.to_string(), ..Self::default() }
    }

    fn version(&self) -> i32 {
        self.version.trim().parse().unwrap_or(-1)
    }
}

/// What is decided.
enum Outcome {
    HandOver,
    Refuse(String),
}

const NO_ITEMS: &str = "Lägg till minst en uppgift innan utlämnandet beslutas";
const NOT_COVERED: &str = "Samtycket är återkallat eller täcker inte alla uppgifter";
const NO_READER: &str = "Ingen kontaktperson hos mottagaren är kontrollerad det senaste året";
const ONLY_MANAGER: &str = "Bara chefen kan besluta om det här utlämnandet";

impl StepForm {
    fn parse(&self, one: &Disclosure, items: &[Item]) -> std::result::Result<Outcome, Faults> {
        let mut faults = Faults::none();
        match self.outcome.as_str() {
            "hand_over" if items.is_empty() => Err(Faults::from(("outcome", NO_ITEMS))),
            "hand_over" if one.standing(one.available_from) == Standing::Decided => {
                Err(Faults::from(("outcome", "Utlämnandet är redan beslutat")))
            }
            "hand_over" => Ok(Outcome::HandOver),
            "refuse" => {
                let reason = faults.text(&self.reason, 4000, "reason", "Skriv varför uppgifterna inte lämnas ut");
                let Some(reason) = reason else { return Err(faults) };
                // 4 § lagen (2025:170): only for synnerliga skäl.
                if one.ground == DisclosureGround::ContactDetails && reason.chars().count() < LEAST_WEIGHING {
                    faults.add("reason", format!("Skriv de synnerliga skälen med minst {LEAST_WEIGHING} tecken"));
                }
                faults.finish(Outcome::Refuse(reason))
            }
            _ => Err(Faults::from(("outcome", "Välj beslut"))),
        }
    }
}

#[derive(Template)]
#[template(path = "disclosure/decide.html")]
struct DecidePage {
    shell: Shell,
    case: CaseBar,
    one: Disclosure,
    count: usize,
    outcomes: Vec<Choice>,
    form: StepForm,
    faults: Faults,
    action: String,
    back: String,
}

impl DecidePage {
    fn of((shell, case): (Shell, CaseBar), one: Disclosure, count: usize, form: StepForm, faults: Faults) -> Self {
        let outcomes = [("hand_over", "Lämna ut uppgifterna"), ("refuse", "Avslå, lämna inte ut")];
        Self {
            outcomes: Choice::one("outcome", outcomes, &form.outcome),
            action: paths::decide(&case.reference, one.id),
            back: paths::show(&case.reference, one.id),
            shell,
            case,
            one,
            count,
            form,
            faults,
        }
    }
}

async fn whole(case: &mut CaseAccess<DecideDisclosure>, id: Uuid) -> Result<Whole> {
    Whole::read(case, id).await
}

async fn ask(mut case: CaseAccess<DecideDisclosure>, PathId(id): PathId) -> Result<Response> {
    let Whole { one, items, .. } = whole(&mut case, id).await?;
    if !matches!(one.standing(one.available_from), Standing::Draft | Standing::Decided) {
        return Err(Error::Stale);
    }
    let form = StepForm::of(&one);
    let view = |shell, case, _: &_| Ok(DecidePage::of((shell, case), one, items.len(), form, Faults::none()));
    case.page(Part::Cooperation, view).await
}

/// What stands in the way of handing it over, as things are in this moment.
async fn in_the_way(
    case: &mut CaseAccess<DecideDisclosure>,
    one: &Disclosure,
    items: &[Item],
) -> Result<Option<&'static str>> {
    let today = case.desk().clock().today();
    if let Err(fault) = age_fits(one.ground, birth_date(case)?, one.leaves_on(today)) {
        return Ok(Some(fault.message()));
    }
    if one.is_in_portal() && one.expires_on.is_some_and(|last| last < today) {
        return Ok(Some("Tiden för utlämnandet har gått ut. Gör ett nytt"));
    }
    if one.is_in_portal() && !store::has_reader(case, one.recipient, today).await? {
        return Ok(Some(NO_READER));
    }
    if !steps::is_covered(case, one, items, today).await? {
        return Ok(Some(NOT_COVERED));
    }
    Ok(None)
}

async fn decide(
    mut case: CaseAccess<DecideDisclosure>,
    PathId(id): PathId,
    Form(form): Form<StepForm>,
) -> Result<Response> {
    let Whole { one, items, .. } = whole(&mut case, id).await?;
    let to = paths::show(&case.head().reference, id);
    let mut parsed = form.parse(&one, &items);
    if parsed.is_ok() && one.is_managers(&items) && !case.may::<DecideContactDetails>() {
        parsed = Err(Faults::from(("outcome", ONLY_MANAGER)));
    }
    if matches!(parsed, Ok(Outcome::HandOver))
        && let Some(what) = in_the_way(&mut case, &one, &items).await?
    {
        parsed = Err(Faults::from(("outcome", what)));
    }
    let (done, flash) = match parsed {
        Ok(Outcome::HandOver) => (steps::decide(&mut case, id, form.version()).await?, Flash::DisclosureDecided),
        Ok(Outcome::Refuse(why)) => {
            (steps::refuse(&mut case, id, form.version(), &why).await?, Flash::DisclosureRefused)
        }
        Err(faults) => {
            let view = |shell, case, _: &_| Ok(DecidePage::of((shell, case), one, items.len(), form, faults));
            return case.again(Part::Cooperation, view).await;
        }
    };
    if !done {
        return Err(Error::Stale);
    }
    case.redirect(&to, flash).await
}

async fn release(
    mut case: CaseAccess<DecideDisclosure>,
    PathId(id): PathId,
    Form(form): Form<StepForm>,
) -> Result<Response> {
    let whole = whole(&mut case, id).await?;
    if whole.one.standing(whole.one.available_from) != Standing::Decided {
        return Err(Error::Stale);
    }
    if let Some(what) = in_the_way(&mut case, &whole.one, &whole.items).await? {
        return show_whole(case, whole, Faults::from(("lamna-ut", what))).await;
    }
    let to = paths::show(&case.head().reference, id);
    if !steps::release(&mut case, id, form.version()).await? {
        return Err(Error::Stale);
    }
    case.redirect(&to, Flash::DisclosureReleased).await
}

#[derive(Template)]
#[template(path = "disclosure/hide.html")]
struct HidePage {
    shell: Shell,
    case: CaseBar,
    form: StepForm,
    faults: Faults,
    action: String,
    back: String,
}

impl HidePage {
    fn of((shell, case): (Shell, CaseBar), id: Uuid, form: StepForm, faults: Faults) -> Self {
        let (action, back) = (paths::hide(&case.reference, id), paths::show(&case.reference, id));
        Self { shell, case, form, faults, action, back }
    }
}

/// One that stands on the police's page.
async fn shown(case: &mut CaseAccess<DecideDisclosure>, id: Uuid) -> Result<Disclosure> {
    let one = whole(case, id).await?.one;
    let is_there = one.is_in_portal() && one.standing(case.desk().clock().today()) == Standing::Released;
    if is_there { Ok(one) } else { Err(Error::Stale) }
}

async fn ask_hide(mut case: CaseAccess<DecideDisclosure>, PathId(id): PathId) -> Result<Response> {
    let form = StepForm::of(&shown(&mut case, id).await?);
    let view = |shell, case, _: &_| Ok(HidePage::of((shell, case), id, form, Faults::none()));
    case.page(Part::Cooperation, view).await
}

async fn hide(
    mut case: CaseAccess<DecideDisclosure>,
    PathId(id): PathId,
    Form(form): Form<StepForm>,
) -> Result<Response> {
    shown(&mut case, id).await?;
    let mut faults = Faults::none();
    let Some(why) = faults.text(&form.reason, 500, "reason", "Skriv varför") else {
        let view = |shell, case, _: &_| Ok(HidePage::of((shell, case), id, form, faults));
        return case.again(Part::Cooperation, view).await;
    };
    let to = paths::show(&case.head().reference, id);
    if !steps::hide(&mut case, id, form.version(), &why).await? {
        return Err(Error::Stale);
    }
    case.redirect(&to, Flash::DisclosureRevoked).await
}
