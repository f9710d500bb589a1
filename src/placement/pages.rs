//! The list, a placement, and registering a new one. Ending, absence and arrival stand in `end`, the location in
//! `location`.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use axum_extra::extract::Form;

use super::form::{Ground, PlacementForm, PriceForm};
use super::model::{NewPlacement, Placement};
use super::offer::store::{OFFER, offer as offered};
use super::safety::{self, store::UNSAFE_REASON};
use super::store::{HOME_NAME, NamedHome, OUTSIDE_TEXT, PRICE_REASON};
use super::views::{
    CostLine, Estimate, HomeChoice, PlacementRow, RateInput, RateLine, Ways, costs, meter, months, rate_inputs,
    status_tag, years,
};
use super::{paths, store};
use crate::access::right::{AskLocation, ManagePlacements, OpenLocation, ReadCase, ReadFunding, SeeCosts};
use crate::access::{CaseAccess, Part, Receipt, case_path};
use crate::audit::{Event, Note};
use crate::case::store as case_store;
use crate::crypto::{Column, Sealed};
use crate::error::Result;
use crate::money::Ore;
use crate::personal::Personal;
use crate::state::AppState;
use crate::vocabulary::{OutsideReason, PlacementKind, PlacementStatus, ProcurementForm};
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field, Meter};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/placeringar", get(list).post(create))
        .route("/arenden/{case}/placeringar/ny", get(new))
        .route("/arenden/{case}/placeringar/{placement}", get(show))
}

#[derive(Template)]
#[template(path = "placement/list.html")]
struct ListPage {
    shell: Shell,
    case: CaseBar,
    rows: Vec<PlacementRow>,
    sees_costs: bool,
    days: i64,
    cost: Ore,
    new: Option<String>,
    /// What the state pays of it, and what is left; none where nothing is granted.
    granted: Option<(Ore, Ore)>,
    /// Where state money is applied for.
    funding: Option<String>,
}

async fn list(mut case: CaseAccess<ReadCase>) -> Result<Response> {
    let placements = store::list(&mut case).await?;
    case.shown(Note::of(Event::PlacementsListed).with("count", placements.len()));
    let (today, reference) = (case.desk().clock().today(), case.head().reference.clone());
    let rows = placements.iter().map(|one| PlacementRow::of(&reference, one, today)).collect::<Result<Vec<_>>>()?;
    let new = case.may::<ManagePlacements>().then(|| paths::new(&reference));
    let sees_costs = case.may::<SeeCosts>();
    let funding = case.may::<ReadFunding>().then(|| case_path(&reference, "/medel"));
    let granted = if funding.is_some() { case_store::money::granted(&mut case).await? } else { Ore::ZERO };
    case.page(Part::Placements, |shell, case, _| {
        let days = rows.iter().map(|row| row.days).sum();
        let cost = Ore::checked_sum(rows.iter().map(|row| row.cost)).unwrap_or_default();
        let net = cost.minus(granted).unwrap_or_default();
        let granted = (sees_costs && !granted.is_zero()).then_some((granted, net));
        Ok(ListPage { shell, case, rows, sees_costs, days, cost, new, granted, funding })
    })
    .await
}

#[derive(Template)]
#[template(path = "placement/show.html")]
#[expect(clippy::struct_excessive_bools, reason = "each is a right that the page asks for by name")]
struct ShowPage {
    shell: Shell,
    case: CaseBar,
    placement: Placement,
    status_tag: &'static str,
    rates: Vec<RateLine>,
    to_date: (i64, Ore),
    committed: (i64, Ore),
    total: (i64, Ore),
    average: Option<Ore>,
    meter: Meter,
    years: Vec<CostLine>,
    months: Vec<CostLine>,
    outside_text: Option<Personal>,
    price_reason: Option<Personal>,
    unsafe_reason: Option<Personal>,
    /// What was offered after leaving: the day, the answer, by whom and in words.
    offer: Option<(time::Date, &'static str, String, Personal)>,
    ways: Ways,
    may_manage: bool,
    may_open_location: bool,
    may_ask_location: bool,
    sees_costs: bool,
    /// Those who wait for the actor to approve that they see it.
    asking: Vec<String>,
    /// A day of reduced price that no price was given for.
    without_absence_rate: Option<time::Date>,
}

async fn show(mut case: CaseAccess<ReadCase>, PathId(id): PathId) -> Result<Response> {
    let placement = store::get(&mut case, id).await?;
    let unsafe_reason = safety::store::reason(&mut case, id).await?;
    let offer = offered(&mut case, id).await?;
    case.shown(Note::of(Event::PlacementsListed).with("placement", id.to_string()));
    let (today, reference) = (case.desk().clock().today(), case.head().reference.clone());
    let costs = costs(&placement, today)?;
    let (may_manage, may_open_location) = (case.may::<ManagePlacements>(), case.may::<OpenLocation>());
    let (may_ask_location, sees_costs) = (case.may::<AskLocation>(), case.may::<SeeCosts>());
    let (case, asking) = super::location::asking(case, id).await?;
    case.page(Part::Placements, |shell, case, receipt| {
        let open = |column: Column, sealed: &Option<Sealed>| {
            sealed.as_ref().map(|sealed| receipt.open(column.at(id), sealed)).transpose()
        };
        Ok(ShowPage {
            outside_text: open(OUTSIDE_TEXT, &placement.outside_text)?,
            price_reason: open(PRICE_REASON, &placement.price_reason)?,
            unsafe_reason: open(UNSAFE_REASON, &unsafe_reason)?,
            offer: match offer {
                Some(offer) => {
                    let text = receipt.open(OFFER.at(offer.id), &offer.text)?;
                    Some((offer.on, offer.answer.label(), offer.by, text))
                }
                None => None,
            },
            shell,
            case,
            status_tag: status_tag(placement.status),
            rates: placement.rates.iter().map(RateLine::of).collect(),
            to_date: (costs.to_date.days, costs.to_date.cost),
            committed: (costs.committed.days, costs.committed.cost),
            total: (costs.total.days, costs.total.cost),
            average: costs.total.per_day(),
            meter: meter(&costs),
            years: years(&costs.per_year),
            months: months(&costs.per_month),
            ways: Ways::of(&reference, placement.id),
            may_manage,
            may_open_location,
            may_ask_location,
            sees_costs,
            asking,
            without_absence_rate: placement.stay().missing_absence_rate(),
            placement,
        })
    })
    .await
}

#[derive(Template)]
#[template(path = "placement/new.html")]
struct NewPage {
    shell: Shell,
    case: CaseBar,
    form: PlacementForm,
    faults: Faults,
    kinds: Vec<Choice>,
    homes: Vec<HomeChoice>,
    procurements: Vec<Choice>,
    outside_reasons: Vec<Choice>,
    price_forms: Vec<Choice>,
    charge_departure_day: Vec<Choice>,
    rate_inputs: Vec<RateInput>,
    estimate: Option<Estimate>,
    list: String,
}

impl NewPage {
    fn of(
        (shell, case, receipt): (Shell, CaseBar, &Receipt),
        (form, faults): (PlacementForm, Faults),
        homes: &[NamedHome],
        estimate: Option<Estimate>,
    ) -> Result<Self> {
        let homes = homes
            .iter()
            .map(|one| {
                let name = receipt.open(HOME_NAME.at(one.home.id), &one.name)?;
                Ok(HomeChoice {
                    id: one.home.id.to_string(),
                    provider: one.home.provider.clone(),
                    name,
                    kind: one.home.kind.label(),
                    chosen: form.home() == Some(one.home.id),
                })
            })
            .collect::<Result<Vec<_>>>()?;
        let yes = "Utskrivningsdagen betalas";
        Ok(Self {
            kinds: Choice::one("kind", PlacementKind::ALL.iter().map(|one| (one.code(), one.label())), &form.kind),
            homes,
            procurements: Choice::one(
                "procurement",
                ProcurementForm::ALL.iter().map(|one| (one.code(), one.label())),
                &form.procurement,
            ),
            outside_reasons: Choice::one(
                "outside_reason",
                OutsideReason::ALL.iter().map(|one| (one.code(), one.label())),
                &form.outside_reason,
            ),
            price_forms: Choice::one("price_form", PriceForm::ALL, &form.price_form),
            charge_departure_day: Choice::yes("charge_departure_day", yes, !form.charge_departure_day.is_empty()),
            rate_inputs: rate_inputs(&form),
            list: paths::list(&case.reference),
            shell,
            case,
            form,
            faults,
            estimate,
        })
    }
}

async fn new(mut case: CaseAccess<ManagePlacements>) -> Result<Response> {
    let homes = store::homes(&mut case).await?;
    let needs = case_store::standing::needs(&mut case).await?;
    case.page(Part::Placements, |shell, case, receipt| {
        NewPage::of((shell, case, receipt), (PlacementForm::fresh(needs), Faults::none()), &homes, None)
    })
    .await
}

async fn create(mut case: CaseAccess<ManagePlacements>, Form(form): Form<PlacementForm>) -> Result<Response> {
    let reference = case.head().reference.clone();
    if let Some(id) = uuid(&form.id)
        && store::list(&mut case).await?.iter().any(|placement| placement.id == id)
    {
        // Sent twice: the first one was saved.
        return case.redirect(&paths::show(&reference, id), None).await;
    }
    let homes = store::homes(&mut case).await?;
    let checked = match parse(&mut case, &form, &homes).await? {
        Ok(new) => unoccupied(&mut case, new).await?,
        Err(faults) => Err(faults),
    };
    let checked = match checked {
        Ok(new) => safety::checked(&mut case, &form, new).await?,
        Err(faults) => Err(faults),
    };
    let new = match checked {
        Ok(new) => new,
        Err(faults) => {
            return case
                .again(Part::Placements, |shell, case, receipt| {
                    NewPage::of((shell, case, receipt), (form, faults), &homes, None)
                })
                .await;
        }
    };
    if !form.count.is_empty() {
        let estimate = Estimate::of(&new)?;
        return case
            .page(Part::Placements, |shell, case, receipt| {
                NewPage::of((shell, case, receipt), (form, Faults::none()), &homes, Some(estimate))
            })
            .await;
    }
    store::start(&mut case, &new).await?;
    case.redirect(&paths::show(&reference, new.id), Flash::PlacementSaved).await
}

async fn parse(
    case: &mut CaseAccess<ManagePlacements>,
    form: &PlacementForm,
    homes: &[NamedHome],
) -> Result<std::result::Result<NewPlacement, Faults>> {
    let prices = match form.home() {
        Some(home) => store::prices(case, home).await?,
        None => Vec::new(),
    };
    let homes: Vec<_> = homes.iter().map(|one| one.home.clone()).collect();
    let ground = Ground {
        today: case.desk().clock().today(),
        case_opened: case.head().opened_on,
        homes: &homes,
        prices: &prices,
    };
    Ok(form.parse(&ground))
}

/// Nobody is in two places around the clock. The constraint says so too; this one says which days.
async fn unoccupied(
    case: &mut CaseAccess<ManagePlacements>,
    new: NewPlacement,
) -> Result<std::result::Result<NewPlacement, Faults>> {
    if !new.kind.round_the_clock() {
        return Ok(Ok(new));
    }
    let taken = store::overlapping(case, new.occupied()).await?;
    Ok(match taken {
        None => Ok(new),
        Some(taken) => {
            Err(Faults::from(("starts_on", format!("Perioderna överlappar. Personen är redan placerad {taken}"))))
        }
    })
}
