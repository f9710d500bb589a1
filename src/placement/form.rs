//! What is typed about a new placement, and how it is read. The home's agreements stand beside: inside a framework
//! agreement the price comes from it, and one that departs from it must say why.

use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::model::{
    AgreementPrice, DEAREST_DAY, DayFault, Home, LONGEST_MONTHS, NewPlacement, Procurement, STAIRS_MONTHS,
    STAIRS_PERCENT, check_days,
};
use super::rates::{Rate, overlapping, staircase, uncovered_day};
use crate::calendar::{Period, parse_day};
use crate::money::{Ore, parse_kronor};
use crate::vocabulary::{
    NeedsProfile, OutsideReason, PlacementKind, PlacementStatus, ProcurementForm, RateKind, RateSource,
};
use crate::web::form::{Faults, checkbox, code, uuid};

/// Rows for prices of one's own. Enough for a care price, a later one and two supplements.
pub const RATE_ROWS: usize = 4;
/// The shortest reason for buying outside the agreements (domain 2.8).
const SHORTEST_REASON: usize = 30;
const A_DAY: &str = "Skriv datumet som ÅÅÅÅ-MM-DD";

/// How the price is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PriceForm {
    Same,
    Stairs,
    Own,
}

impl PriceForm {
    pub const ALL: [(&'static str, &'static str); 3] = [
        ("same", "Samma dygnskostnad hela tiden"),
        ("stairs", "Trappa: hel dygnskostnad i 12 månader, sedan halv"),
        ("own", "Egna prisperioder"),
    ];

    fn parse(code: &str) -> Option<Self> {
        match code {
            "same" => Some(Self::Same),
            "stairs" => Some(Self::Stairs),
            "own" => Some(Self::Own),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct PlacementForm {
    pub id: String,
    pub kind: String,
    pub home: String,
    pub location_note: String,
    pub procurement: String,
    pub outside_reason: String,
    pub outside_text: String,
    pub starts_on: String,
    pub planned_end_on: String,
    pub decided_from: String,
    pub decided_to: String,
    pub price_form: String,
    pub per_day: String,
    pub price_reason: String,
    pub charge_departure_day: String,
    pub rate_from: Vec<String>,
    pub rate_to: Vec<String>,
    pub rate_per_day: Vec<String>,
    pub rate_kind: Vec<String>,
    /// The manager's, where the police say that it is not safe there.
    pub unsafe_reason: String,
    /// The button that only counts.
    pub count: String,
}

/// What the form is read against.
pub struct Ground<'g> {
    pub today: Date,
    pub case_opened: Date,
    pub homes: &'g [Home],
    /// The prices in the agreements of the chosen home's provider.
    pub prices: &'g [AgreementPrice],
}

impl PlacementForm {
    /// An empty form with the id of what it will create.
    /// With the way to buy the place that the municipality's rule of thumb gives for the needs (domain P8): a proposal, no
    /// lock.
    pub fn fresh(needs: Option<NeedsProfile>) -> Self {
        let (procurement, reason) = match needs {
            Some(NeedsProfile::ExitOnly) => {
                (ProcurementForm::OutsideFramework.code(), OutsideReason::ExitOnlyNeeds.code())
            }
            Some(NeedsProfile::DependencyAndExit) => (ProcurementForm::InsideFramework.code(), ""),
            Some(NeedsProfile::Other) | None => ("", ""),
        };
        Self {
            id: Uuid::now_v7().to_string(),
            procurement: procurement.to_owned(),
            outside_reason: reason.to_owned(),
            price_form: "same".to_owned(),
            charge_departure_day: "ja".to_owned(),
            ..Self::default()
        }
    }

    /// The home that was chosen, before anything else is read.
    pub fn home(&self) -> Option<Uuid> {
        uuid(&self.home)
    }

    pub fn parse(&self, ground: &Ground<'_>) -> Result<NewPlacement, Faults> {
        let mut faults = Faults::none();
        let id = uuid(&self.id).unwrap_or_else(Uuid::now_v7);
        let kind = faults.need(code(&self.kind, PlacementKind::parse), "kind", "Välj form");
        let home = self.home().and_then(|id| ground.homes.iter().find(|home| home.id == id));
        let home = faults.need(home, "home", "Välj boende");
        if let (Some(kind), Some(home)) = (kind, home)
            && home.kind != kind
        {
            faults.add(
                "home",
                format!("Boendet är registrerat som {}. Välj ett annat boende eller en annan form", home.kind),
            );
        }
        let location_note = faults.optional_text(&self.location_note, 500, "location_note");
        let days = self.days(ground, &mut faults);
        let bought = self.procurement(ground, kind, days.map(|days| days.stay.first_day()), &mut faults);
        let priced = self.prices(ground, kind, days.map(|days| days.stay), bought.as_ref(), &mut faults);
        let (Some(kind), Some(home), Some(location_note), Some(days), Some(procurement), Some(priced)) =
            (kind, home, location_note, days, bought, priced)
        else {
            return Err(faults);
        };
        let agreement =
            ground.prices.iter().find(|price| procurement == Procurement::Inside { agreement: price.agreement });
        let new = NewPlacement {
            id,
            kind,
            home: home.id,
            provider_id: home.provider_id,
            location_note,
            decided: days.decided,
            starts_on: days.stay.first_day(),
            planned_end_on: days.last,
            // Within an agreement its own clause holds.
            charge_departure_day: agreement
                .map_or_else(|| checkbox(&self.charge_departure_day), |price| price.charge_departure_day),
            rates: priced.rates,
            source: priced.source,
            price_reason: priced.reason,
            status: if days.stay.first_day() <= ground.today {
                PlacementStatus::Active
            } else {
                PlacementStatus::Planned
            },
            procurement,
            unsafe_reason: None,
        };
        if new.stay().total().is_none() {
            faults.add("per_day", "Kostnaden blir för stor. Kontrollera dygnskostnaden");
        }
        faults.finish(new)
    }

    fn days(&self, ground: &Ground<'_>, faults: &mut Faults) -> Option<Days> {
        let day = |typed: &str| parse_day(typed, ground.today);
        let first = faults.need(day(&self.starts_on), "starts_on", A_DAY);
        let last = faults.need(day(&self.planned_end_on), "planned_end_on", A_DAY);
        let decided_from = faults.optional(&self.decided_from, day, "decided_from", A_DAY);
        let decided_to = faults.optional(&self.decided_to, day, "decided_to", A_DAY);
        let (first, last, decided_from, decided_to) = (first?, last?, decided_from?, decided_to?);
        // A decision without days of its own is for the whole placement.
        let (from, to) = (decided_from.unwrap_or(first), decided_to.unwrap_or(last));
        let stay = Period::inclusive(first, last);
        let decided = if decided_to.is_some() || decided_from.is_some() { Period::inclusive(from, to) } else { stay };
        let checked = check_days(first, last, ground.case_opened, decided.unwrap_or_else(|| Period::open(from)));
        match checked {
            Ok(()) => {}
            Err(DayFault::BeforeTheCase) => faults
                .add("starts_on", format!("Placeringen kan inte börja innan ärendet öppnades, {}", ground.case_opened)),
            Err(DayFault::EndsBeforeItStarts) => faults.add("planned_end_on", "Slutdatum måste vara efter startdatum"),
            Err(DayFault::TooLong(longest)) => faults.add(
                "planned_end_on",
                format!("En placering kan vara högst {LONGEST_MONTHS} månader. Slutdatum kan vara senast {longest}"),
            ),
            Err(DayFault::OutsideDecision) => {
                faults.add("decided_from", "Beslutet måste gälla under hela placeringen");
            }
        }
        if decided.is_none() && checked.is_ok() {
            faults.add("decided_to", "Beslutets slut måste vara efter dess start");
        }
        Some(Days { stay: stay?, last, decided: decided? })
    }

    fn procurement(
        &self,
        ground: &Ground<'_>,
        kind: Option<PlacementKind>,
        first: Option<Date>,
        faults: &mut Faults,
    ) -> Option<Procurement> {
        let form =
            faults.need(code(&self.procurement, ProcurementForm::parse), "procurement", "Välj hur platsen köps")?;
        match form {
            ProcurementForm::InsideFramework => {
                let (kind, first) = (kind?, first?);
                let price = ground.prices.iter().find(|price| price.service == kind && price.period.covers(first));
                if price.is_none() && ground.homes.iter().any(|home| Some(home.id) == self.home()) {
                    faults.add(
                        "procurement",
                        format!(
                            "Leverantören har inget ramavtal med pris för {kind} den {first}. Välj utanför ramavtal"
                        ),
                    );
                }
                price.map(|price| Procurement::Inside { agreement: price.agreement })
            }
            ProcurementForm::OutsideFramework => {
                let reason = code(&self.outside_reason, OutsideReason::parse);
                let reason = faults.need(reason, "outside_reason", "Välj skäl till köp utanför ramavtal");
                let text = faults.text(&self.outside_text, 2000, "outside_text", "Skriv en motivering");
                let short = text.as_ref().is_some_and(|text| text.chars().count() < SHORTEST_REASON);
                if short {
                    faults.add("outside_text", format!("Skriv en motivering med minst {SHORTEST_REASON} tecken"));
                }
                Some(Procurement::Outside { reason: reason?, text: text? })
            }
            ProcurementForm::OwnOperation => Some(Procurement::OwnOperation),
            ProcurementForm::NotApplicable => Some(Procurement::NotApplicable),
        }
    }

    fn prices(
        &self,
        ground: &Ground<'_>,
        kind: Option<PlacementKind>,
        stay: Option<Period>,
        bought: Option<&Procurement>,
        faults: &mut Faults,
    ) -> Option<Priced> {
        let form = faults.need(PriceForm::parse(&self.price_form), "price_form", "Välj hur dygnskostnaden anges")?;
        let agreed: Vec<&AgreementPrice> = match bought {
            Some(Procurement::Inside { agreement }) => {
                let same = |price: &&AgreementPrice| price.agreement == *agreement && Some(price.service) == kind;
                ground.prices.iter().filter(same).collect()
            }
            _ => Vec::new(),
        };
        let rates = match form {
            PriceForm::Own => self.own_rates(ground, faults)?,
            PriceForm::Same if self.per_day.trim().is_empty() && !agreed.is_empty() => agreement_rates(stay?, &agreed),
            PriceForm::Same | PriceForm::Stairs => {
                let per_day = per_day(&self.per_day, "per_day", faults);
                let (stay, per_day) = (stay?, per_day?);
                let last = stay.last_day()?;
                match form {
                    PriceForm::Stairs => {
                        staircase(stay.first_day(), last, per_day, STAIRS_MONTHS, STAIRS_PERCENT).unwrap_or_default()
                    }
                    _ => vec![Rate { period: stay, per_day, kind: RateKind::Care }],
                }
            }
        };
        let stay = stay?;
        let at = if form == PriceForm::Own { "rate_from-1" } else { "per_day" };
        if let Some(day) = uncovered_day(stay, &rates) {
            faults.add(at, format!("Dygnspris saknas för {day}"));
        } else if let Some((kind, day)) = overlapping(&rates) {
            faults.add(at, format!("Två priser för {} gäller samma dag, {day}", kind.label().to_lowercase()));
        }
        let departs = agreed.iter().find(|price| departs(price, stay, &rates));
        let reason = faults.optional_text(&self.price_reason, 500, "price_reason")?;
        if let Some(price) = departs
            && reason.is_empty()
        {
            faults
                .add("price_reason", format!("Dygnskostnaden avviker från avtalet ({}). Skriv varför", price.per_day));
        }
        let source = match bought {
            _ if departs.is_some() => RateSource::Manual,
            Some(Procurement::Inside { .. }) => RateSource::Framework,
            Some(Procurement::Outside { .. }) => RateSource::Contract,
            _ => RateSource::Manual,
        };
        Some(Priced { rates, source, reason: departs.map(|_| reason) })
    }

    fn own_rates(&self, ground: &Ground<'_>, faults: &mut Faults) -> Option<Vec<Rate>> {
        const FROM: [&str; RATE_ROWS] = ["rate_from-1", "rate_from-2", "rate_from-3", "rate_from-4"];
        const TO: [&str; RATE_ROWS] = ["rate_to-1", "rate_to-2", "rate_to-3", "rate_to-4"];
        const AMOUNT: [&str; RATE_ROWS] = ["rate_per_day-1", "rate_per_day-2", "rate_per_day-3", "rate_per_day-4"];
        let (mut rates, mut whole) = (Vec::new(), true);
        for row in 0..RATE_ROWS {
            let typed = |column: &[String]| column.get(row).map(|text| text.trim().to_owned()).unwrap_or_default();
            let (from, to, amount) = (typed(&self.rate_from), typed(&self.rate_to), typed(&self.rate_per_day));
            if from.is_empty() && to.is_empty() && amount.is_empty() {
                continue;
            }
            let first = faults.need(parse_day(&from, ground.today), FROM[row], A_DAY);
            let last = faults.need(parse_day(&to, ground.today), TO[row], A_DAY);
            let per_day = per_day(&amount, AMOUNT[row], faults);
            let kind = code(&typed(&self.rate_kind), RateKind::parse).unwrap_or(RateKind::Care);
            let period = first.zip(last).and_then(|(first, last)| Period::inclusive(first, last));
            if period.is_none() && first.is_some() && last.is_some() {
                faults.add(TO[row], "Slutdatum måste vara efter startdatum");
            }
            match period.zip(per_day) {
                Some((period, per_day)) => rates.push(Rate { period, per_day, kind }),
                None => whole = false,
            }
        }
        whole.then_some(rates)
    }
}

/// The days of a placement that hang together.
#[derive(Clone, Copy)]
struct Days {
    stay: Period,
    last: Date,
    decided: Period,
}

struct Priced {
    rates: Vec<Rate>,
    source: RateSource,
    reason: Option<String>,
}

/// The agreement's own prices, as far as they reach.
fn agreement_rates(stay: Period, agreed: &[&AgreementPrice]) -> Vec<Rate> {
    let pieces = agreed.iter().filter_map(|price| Some((price.period.overlap(stay)?, price.per_day)));
    pieces.map(|(period, per_day)| Rate { period, per_day, kind: RateKind::Care }).collect()
}

/// Whether the care of some day that the agreement has a price for costs something else.
fn departs(price: &AgreementPrice, stay: Period, rates: &[Rate]) -> bool {
    let Some(agreed) = price.period.overlap(stay) else { return false };
    let care = rates.iter().filter(|rate| rate.kind == RateKind::Care && rate.period.overlap(agreed).is_some());
    care.clone().count() > 0 && care.into_iter().any(|rate| rate.per_day != price.per_day)
}

fn per_day(typed: &str, field: &'static str, faults: &mut Faults) -> Option<Ore> {
    let amount = faults.need(parse_kronor(typed), field, "Skriv dygnskostnaden i kronor, till exempel 3 000")?;
    if amount <= Ore::ZERO {
        faults.add(field, "Dygnskostnaden måste vara mer än 0 kr");
        return None;
    }
    if amount > DEAREST_DAY {
        faults.add(field, format!("Dygnskostnaden kan vara högst {DEAREST_DAY}"));
        return None;
    }
    Some(amount)
}
