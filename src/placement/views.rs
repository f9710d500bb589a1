//! What the pages of placements show, put into words and figures before a template sees it.

use time::Date;
use uuid::Uuid;

use super::costs::Charge;
use super::form::{PlacementForm, RATE_ROWS};
use super::model::{Costs, NewPlacement, Placement};
use super::paths;
use super::rates::Rate;
use crate::calendar::swedish_month;
use crate::error::{Error, Result};
use crate::money::Ore;
use crate::personal::Personal;
use crate::vocabulary::{EndReason, PlacementStatus, RateKind};
use crate::web::view::{Choice, Meter};

/// A placement in a list.
pub struct PlacementRow {
    pub href: String,
    pub number: i32,
    /// "HVB, L-003": never the home.
    pub what: String,
    pub first: Date,
    pub last: Date,
    pub procurement: &'static str,
    pub status: &'static str,
    pub status_tag: &'static str,
    pub per_day: Option<Ore>,
    pub days: i64,
    pub cost: Ore,
}

impl PlacementRow {
    pub fn of(case: &str, placement: &Placement, today: Date) -> Result<Self> {
        let total = costs(placement, today)?.total;
        Ok(Self {
            href: paths::show(case, placement.id),
            number: placement.number,
            what: what(placement),
            first: placement.starts_on,
            last: placement.last_day(),
            procurement: placement.procurement.label(),
            status: placement.status.label(),
            status_tag: status_tag(placement.status),
            per_day: placement.price_on(today),
            days: total.days,
            cost: total.cost,
        })
    }
}

/// "HVB, L-003".
pub fn what(placement: &Placement) -> String {
    format!("{}, {}", placement.kind, placement.provider)
}

/// Only what goes on now is marked.
pub const fn status_tag(status: PlacementStatus) -> &'static str {
    match status {
        PlacementStatus::Active => "ok",
        PlacementStatus::Planned | PlacementStatus::Ended | PlacementStatus::Cancelled => "",
    }
}

/// What a placement costs; a sum that does not fit is a fault of ours, since the form refuses it.
pub fn costs(placement: &Placement, today: Date) -> Result<Costs> {
    placement.costs(today).ok_or_else(|| Error::internal("the cost of a placement does not fit"))
}

/// A price and its days, with what they come to.
pub struct RateLine {
    pub kind: &'static str,
    pub first: Date,
    pub last: Option<Date>,
    pub days: i64,
    pub per_day: Ore,
    pub cost: Option<Ore>,
}

impl RateLine {
    pub fn of(rate: &Rate) -> Self {
        let days = rate.period.days().unwrap_or(0);
        Self {
            kind: rate.kind.label(),
            first: rate.period.first_day(),
            last: rate.period.last_day(),
            days,
            per_day: rate.per_day,
            // An absence rate is paid on days of absence alone.
            cost: if rate.kind == RateKind::Absence { None } else { rate.per_day.times_days(days) },
        }
    }
}

/// Days and cost of a year or a month.
pub struct CostLine {
    pub label: String,
    pub days: i64,
    pub cost: Ore,
}

pub fn years(pieces: &[(Date, Charge)]) -> Vec<CostLine> {
    pieces
        .iter()
        .map(|(first, charge)| CostLine { label: first.year().to_string(), days: charge.days, cost: charge.cost })
        .collect()
}

pub fn months(pieces: &[(Date, Charge)]) -> Vec<CostLine> {
    let label = |first: &Date| format!("{} {}", swedish_month(first.month()), first.year());
    pieces
        .iter()
        .map(|(first, charge)| CostLine { label: label(first), days: charge.days, cost: charge.cost })
        .collect()
}

/// "564 400 kr hittills, 166 av 183 dygn" over a bar.
pub fn meter(costs: &Costs) -> Meter {
    let used = format!("{} hittills, {} av {} dygn", costs.to_date.cost, costs.to_date.days, costs.total.days);
    Meter::new(costs.to_date.days, costs.total.days, used, format!("Till slutdatum {}", costs.total.cost))
}

/// What the form comes to, before anything is saved.
pub struct Estimate {
    pub rates: Vec<RateLine>,
    pub years: Vec<CostLine>,
    pub days: i64,
    pub cost: Ore,
    pub average: Option<Ore>,
}

impl Estimate {
    pub fn of(new: &NewPlacement) -> Result<Self> {
        let stay = new.stay();
        let total = stay.total().zip(stay.per_year());
        let (total, per_year) = total.ok_or_else(|| Error::internal("the cost of a placement does not fit"))?;
        let per_year: Vec<_> = per_year.into_iter().map(|(period, charge)| (period.first_day(), charge)).collect();
        Ok(Self {
            rates: new.rates.iter().map(RateLine::of).collect(),
            years: years(&per_year),
            days: total.days,
            cost: total.cost,
            average: total.per_day(),
        })
    }
}

/// A home in the form's list.
pub struct HomeChoice {
    pub id: String,
    pub provider: String,
    pub name: Personal,
    pub kind: &'static str,
    pub chosen: bool,
}

/// A row of the form for prices of one's own.
pub struct RateInput {
    pub number: usize,
    pub from: String,
    pub to: String,
    pub per_day: String,
    pub kinds: Vec<Choice>,
}

pub fn rate_inputs(form: &PlacementForm) -> Vec<RateInput> {
    let typed = |column: &[String], row: usize| column.get(row).cloned().unwrap_or_default();
    (0..RATE_ROWS)
        .map(|row| RateInput {
            number: row + 1,
            from: typed(&form.rate_from, row),
            to: typed(&form.rate_to, row),
            per_day: typed(&form.rate_per_day, row),
            kinds: Choice::one(
                "rate_kind",
                RateKind::ALL.iter().map(|kind| (kind.code(), kind.label())),
                &typed(&form.rate_kind, row),
            ),
        })
        .collect()
}

/// The reasons to end a placement, the person's own request first: it is granted at once.
pub fn end_reasons(chosen: &str) -> Vec<Choice> {
    let mut reasons: Vec<_> = EndReason::ALL.to_vec();
    reasons.sort_by_key(|reason| *reason != EndReason::OwnRequest);
    Choice::one("reason", reasons.into_iter().map(|reason| (reason.code(), reason.label())), chosen)
}

/// Where a placement's pages lead.
pub struct Ways {
    pub begin: String,
    pub cancel: String,
    pub end: String,
    pub absence: String,
    pub offer: String,
    pub location: String,
    pub together: String,
    pub approve: String,
}

impl Ways {
    pub fn of(case: &str, placement: Uuid) -> Self {
        Self {
            begin: paths::begin(case, placement),
            cancel: paths::cancel(case, placement),
            end: paths::end(case, placement),
            absence: paths::absence(case, placement),
            offer: paths::offer(case, placement),
            location: paths::location(case, placement),
            together: paths::together(case, placement),
            approve: paths::approve(case, placement),
        }
    }
}
