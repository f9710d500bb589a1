//! What happens to a placement: the person arrives, is away, leaves, or never comes. Whoever was second to change it is
//! told so and loses nothing of what was typed.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};
use axum_extra::extract::Form;
use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::costs::Absence;
use super::model::{AbsenceFault, DEAREST_DAY, EndFault, Placement, PlacementEnd, may_be_absent, may_end};
use super::views::{end_reasons, what};
use super::{paths, store};
use crate::access::right::ManagePlacements;
use crate::access::{CaseAccess, Part};
use crate::calendar::{Period, parse_day};
use crate::error::{Error, Result};
use crate::money::{Ore, parse_kronor};
use crate::state::AppState;
use crate::vocabulary::{AbsenceRate, AbsenceReason, EndReason};
use crate::web::flash::Flash;
use crate::web::form::{Faults, checkbox, code, uuid};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/placeringar/{placement}/inskrivning", post(begin))
        .route("/arenden/{case}/placeringar/{placement}/installning", post(cancel))
        .route("/arenden/{case}/placeringar/{placement}/avslut", get(end_new).post(end_create))
        .route("/arenden/{case}/placeringar/{placement}/franvaro", get(absence_new).post(absence_create))
}

const A_DAY: &str = "Skriv datumet som ÅÅÅÅ-MM-DD";

#[derive(Default, Deserialize)]
#[serde(default)]
struct VersionForm {
    version: String,
}

impl VersionForm {
    fn version(&self) -> i32 {
        self.version.trim().parse().unwrap_or(-1)
    }
}

async fn begin(
    mut case: CaseAccess<ManagePlacements>,
    PathId(id): PathId,
    Form(form): Form<VersionForm>,
) -> Result<Response> {
    let to = paths::show(&case.head().reference, id);
    store::get(&mut case, id).await?;
    if !store::begin(&mut case, id, form.version()).await? {
        return Err(Error::Stale);
    }
    case.redirect(&to, Flash::PlacementBegun).await
}

async fn cancel(
    mut case: CaseAccess<ManagePlacements>,
    PathId(id): PathId,
    Form(form): Form<VersionForm>,
) -> Result<Response> {
    let to = paths::show(&case.head().reference, id);
    store::get(&mut case, id).await?;
    if !store::cancel(&mut case, id, form.version()).await? {
        return Err(Error::Stale);
    }
    case.redirect(&to, Flash::PlacementCancelled).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct EndForm {
    version: String,
    last_day: String,
    reason: String,
    charge_departure_day: String,
}

impl EndForm {
    fn parse(&self, placement: &Placement, today: Date) -> std::result::Result<PlacementEnd, Faults> {
        let mut faults = Faults::none();
        let last_day = faults.need(parse_day(&self.last_day, today), "last_day", A_DAY);
        let reason = faults.need(code(&self.reason, EndReason::parse), "reason", "Välj varför placeringen avslutas");
        if let Some(last_day) = last_day {
            match may_end(placement, last_day) {
                Ok(()) => {}
                Err(EndFault::NotRunning) => faults.add("last_day", "Bara en pågående placering kan avslutas"),
                Err(EndFault::BeforeStart) => faults
                    .add("last_day", format!("Sista dagen kan inte vara före inskrivningen, {}", placement.starts_on)),
                Err(EndFault::AfterPlan) => faults.add(
                    "last_day",
                    format!(
                        "Dygnspris saknas efter {}. Avsluta senast den dagen och registrera en ny placering för tiden efter",
                        placement.planned_end_on
                    ),
                ),
            }
        }
        let charge_departure_day = checkbox(&self.charge_departure_day);
        match (last_day, reason) {
            (Some(last_day), Some(reason)) => faults.finish(PlacementEnd { last_day, reason, charge_departure_day }),
            _ => Err(faults),
        }
    }
}

#[derive(Template)]
#[template(path = "placement/end.html")]
struct EndPage {
    shell: Shell,
    case: CaseBar,
    form: EndForm,
    faults: Faults,
    what: String,
    first: Date,
    planned_end: Date,
    reasons: Vec<Choice>,
    charge_departure_day: Vec<Choice>,
    /// Somebody else has changed the placement since the form was opened.
    is_stale: bool,
    back: String,
}

impl EndPage {
    fn of(shell: Shell, case: CaseBar, placement: &Placement, form: EndForm, faults: Faults, is_stale: bool) -> Self {
        Self {
            what: what(placement),
            first: placement.starts_on,
            planned_end: placement.planned_end_on,
            reasons: end_reasons(&form.reason),
            charge_departure_day: Choice::yes(
                "charge_departure_day",
                "Utskrivningsdagen betalas",
                checkbox(&form.charge_departure_day),
            ),
            back: paths::show(&case.reference, placement.id),
            shell,
            case,
            form,
            faults,
            is_stale,
        }
    }
}

async fn end_new(mut case: CaseAccess<ManagePlacements>, PathId(id): PathId) -> Result<Response> {
    let placement = store::get(&mut case, id).await?;
    let form = EndForm {
        version: placement.version.to_string(),
        last_day: case.desk().clock().today().min(placement.planned_end_on).to_string(),
        reason: String::new(),
        charge_departure_day: if placement.charge_departure_day { "ja".to_owned() } else { String::new() },
    };
    case.page(Part::Placements, |shell, case, _| Ok(EndPage::of(shell, case, &placement, form, Faults::none(), false)))
        .await
}

async fn end_create(
    mut case: CaseAccess<ManagePlacements>,
    PathId(id): PathId,
    Form(form): Form<EndForm>,
) -> Result<Response> {
    let placement = store::get(&mut case, id).await?;
    let today = case.desk().clock().today();
    let version = VersionForm { version: form.version.clone() }.version();
    let parsed = form.parse(&placement, today);
    if let Ok(end) = &parsed
        && placement.version == version
    {
        let end = *end;
        let to = paths::show(&case.head().reference, id);
        if !store::end(&mut case, id, version, end).await? {
            return Err(Error::Stale);
        }
        return case.redirect(&to, Flash::PlacementEnded).await;
    }
    if placement.version != version {
        // What was typed stands under what is saved now; sending it again is a decision made with open eyes.
        let form = EndForm { version: placement.version.to_string(), ..form };
        let faults = parsed.err().unwrap_or_default();
        return case
            .conflict(Part::Placements, |shell, case, _| Ok(EndPage::of(shell, case, &placement, form, faults, true)))
            .await;
    }
    let faults = parsed.err().unwrap_or_default();
    case.again(Part::Placements, |shell, case, _| Ok(EndPage::of(shell, case, &placement, form, faults, false))).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct AbsenceForm {
    id: String,
    first_day: String,
    last_day: String,
    rate: String,
    reason: String,
    per_day: String,
}

/// Days away that have been checked.
struct NewAbsence {
    id: Uuid,
    absence: Absence,
    reason: AbsenceReason,
    reduced: Option<Ore>,
}

impl AbsenceForm {
    fn parse(&self, placement: &Placement, today: Date) -> std::result::Result<NewAbsence, Faults> {
        let mut faults = Faults::none();
        let first = faults.need(parse_day(&self.first_day, today), "first_day", A_DAY);
        let last = faults.need(parse_day(&self.last_day, today), "last_day", A_DAY);
        let period = first.zip(last).and_then(|(first, last)| Period::inclusive(first, last));
        if period.is_none() && first.is_some() && last.is_some() {
            faults.add("last_day", "Slutdatum måste vara efter startdatum");
        }
        match period.map(|period| may_be_absent(placement, period)) {
            Some(Err(AbsenceFault::OutsideTheStay)) => {
                let (first, last) = (placement.starts_on, placement.last_day());
                faults.add("first_day", format!("Frånvaron måste ligga inom placeringen, {first} till {last}"));
            }
            Some(Err(AbsenceFault::AlreadyNoted(day))) => {
                faults.add("first_day", format!("Frånvaro är redan registrerad för {day}"));
            }
            Some(Ok(())) | None => {}
        }
        let reason = faults.need(code(&self.reason, AbsenceReason::parse), "reason", "Välj orsak");
        let rate = faults.need(code(&self.rate, AbsenceRate::parse), "rate", "Välj vad som betalas under frånvaron");
        let mut reduced = None;
        if rate == Some(AbsenceRate::Reduced) {
            let missing = "Skriv det reducerade priset i kronor, till exempel 1 500";
            reduced = faults.need(parse_kronor(&self.per_day), "per_day", missing);
            if reduced.is_some_and(|price| price <= Ore::ZERO || price > DEAREST_DAY) {
                faults.add("per_day", format!("Priset måste vara mer än 0 kr och högst {DEAREST_DAY}"));
            }
        }
        match (period, rate, reason) {
            (Some(period), Some(rate), Some(reason)) => faults.finish(NewAbsence {
                id: uuid(&self.id).unwrap_or_else(Uuid::now_v7),
                absence: Absence { period, rate },
                reason,
                reduced,
            }),
            _ => Err(faults),
        }
    }
}

#[derive(Template)]
#[template(path = "placement/absence.html")]
struct AbsencePage {
    shell: Shell,
    case: CaseBar,
    form: AbsenceForm,
    faults: Faults,
    what: String,
    rates: Vec<Choice>,
    reasons: Vec<Choice>,
    back: String,
}

impl AbsencePage {
    fn of(shell: Shell, case: CaseBar, placement: &Placement, form: AbsenceForm, faults: Faults) -> Self {
        let rates = AbsenceRate::ALL.iter().map(|rate| (rate.code(), rate.label()));
        let reasons = AbsenceReason::ALL.iter().map(|reason| (reason.code(), reason.label()));
        Self {
            what: what(placement),
            rates: Choice::one("rate", rates, &form.rate),
            reasons: Choice::one("reason", reasons, &form.reason),
            back: paths::show(&case.reference, placement.id),
            shell,
            case,
            form,
            faults,
        }
    }
}

async fn absence_new(mut case: CaseAccess<ManagePlacements>, PathId(id): PathId) -> Result<Response> {
    let placement = store::get(&mut case, id).await?;
    let form = AbsenceForm { id: Uuid::now_v7().to_string(), ..AbsenceForm::default() };
    case.page(Part::Placements, |shell, case, _| Ok(AbsencePage::of(shell, case, &placement, form, Faults::none())))
        .await
}

async fn absence_create(
    mut case: CaseAccess<ManagePlacements>,
    PathId(id): PathId,
    Form(form): Form<AbsenceForm>,
) -> Result<Response> {
    let placement = store::get(&mut case, id).await?;
    let to = paths::show(&case.head().reference, id);
    if let Some(sent) = uuid(&form.id)
        && store::has_absence(&mut case, id, sent).await?
    {
        return case.redirect(&to, None).await;
    }
    match form.parse(&placement, case.desk().clock().today()) {
        Ok(new) => {
            store::note_absence(&mut case, id, new.id, new.absence, new.reason, new.reduced).await?;
            case.redirect(&to, Flash::AbsenceSaved).await
        }
        Err(faults) => {
            case.again(Part::Placements, |shell, case, _| Ok(AbsencePage::of(shell, case, &placement, form, faults)))
                .await
        }
    }
}
