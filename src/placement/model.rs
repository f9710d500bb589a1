//! The nouns of a placement and the rules that need no database: what may be registered, ended and cancelled, and what
//! it costs so far, still and in all.

use time::Date;
use uuid::Uuid;

use super::costs::{Absence, Charge, Stay};
use super::rates::Rate;
use crate::calendar::{Period, add_months};
use crate::crypto::Sealed;
use crate::money::Ore;
use crate::vocabulary::{EndReason, OutsideReason, PlacementKind, PlacementStatus, ProcurementForm, RateSource};

/// The longest placement, in calendar months.
pub const LONGEST_MONTHS: i32 = 24;
/// The dearest day, in öre.
pub const DEAREST_DAY: Ore = Ore::from_ore(2_000_000);
/// The template *Trappa*: the full price for so many months, and then so many per cent of it.
pub const STAIRS_MONTHS: u16 = 12;
pub const STAIRS_PERCENT: u32 = 50;

/// A placement as it is registered. The home is told by its provider alone.
#[derive(Debug, Clone)]
pub struct Placement {
    pub id: Uuid,
    /// Counts from one in each case.
    pub number: i32,
    pub kind: PlacementKind,
    pub procurement: ProcurementForm,
    pub outside_reason: Option<OutsideReason>,
    /// Why it was bought outside the agreements, and why the price is not the agreement's; both sealed.
    pub outside_text: Option<Sealed>,
    pub price_reason: Option<Sealed>,
    pub provider_id: Uuid,
    /// "L-003".
    pub provider: String,
    pub decided: Period,
    pub starts_on: Date,
    pub planned_end_on: Date,
    pub actual_end_on: Option<Date>,
    pub end_reason: Option<EndReason>,
    pub charge_departure_day: bool,
    pub status: PlacementStatus,
    /// Rests on a decision that could not wait for an investigation.
    pub is_emergency: bool,
    /// The person left on their own request, and nobody has said yet what support was offered instead.
    pub lacks_offer: bool,
    /// The marks of its place, of one that is planned or goes on; empty where the manager has placed somebody
    /// there in spite of the assessment that holds, and for those who may not hold a text against it.
    pub marks: Vec<u8>,
    pub version: i32,
    pub rates: Vec<Rate>,
    pub absences: Vec<Absence>,
}

impl Placement {
    /// The last day, as it was or as it is planned.
    pub fn last_day(&self) -> Date {
        self.actual_end_on.unwrap_or(self.planned_end_on)
    }

    /// What bears on its cost.
    pub fn stay(&self) -> Stay {
        Stay {
            first: self.starts_on,
            last: self.last_day(),
            charge_departure_day: self.charge_departure_day,
            rates: self.rates.clone(),
            absences: self.absences.clone(),
        }
    }

    /// Whether it keeps a case from being closed.
    pub fn is_open(&self) -> bool {
        matches!(self.status, PlacementStatus::Planned | PlacementStatus::Active)
    }

    /// What the person's day costs today; none outside the stay.
    pub fn price_on(&self, day: Date) -> Option<Ore> {
        let today = Period::inclusive(day, day)?;
        let stay = self.stay();
        (stay.days(today) > 0 && self.status != PlacementStatus::Cancelled).then(|| stay.cost(today)).flatten()
    }

    /// What it costs; none when a sum overflows, and nothing for one that was cancelled.
    pub fn costs(&self, today: Date) -> Option<Costs> {
        if self.status == PlacementStatus::Cancelled {
            return Some(Costs::default());
        }
        let stay = self.stay();
        let (to_date, total) = (stay.to_date(today)?, stay.total()?);
        let committed = Charge { days: total.days - to_date.days, cost: total.cost.minus(to_date.cost)? };
        let dated = |pieces: Vec<(Period, Charge)>| {
            pieces.into_iter().map(|(period, charge)| (period.first_day(), charge)).collect()
        };
        Some(Costs {
            to_date,
            committed,
            total,
            per_year: dated(stay.per_year()?),
            per_month: dated(stay.per_month()?),
        })
    }
}

/// What a placement costs, seen from a day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Costs {
    /// Up to and with the day.
    pub to_date: Charge,
    /// From the day after to the last day, as decided.
    pub committed: Charge,
    pub total: Charge,
    /// By the first day of each calendar year and month.
    pub per_year: Vec<(Date, Charge)>,
    pub per_month: Vec<(Date, Charge)>,
}

/// A home to choose, with what its provider's agreements say.
#[derive(Debug, Clone)]
pub struct Home {
    pub id: Uuid,
    pub provider_id: Uuid,
    /// "L-003".
    pub provider: String,
    pub kind: PlacementKind,
}

/// A price in a framework agreement.
#[derive(Debug, Clone)]
pub struct AgreementPrice {
    pub agreement: Uuid,
    pub provider_id: Uuid,
    pub service: PlacementKind,
    pub period: Period,
    pub per_day: Ore,
    pub charge_departure_day: bool,
}

/// How the place was bought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Procurement {
    /// By the agreement that has a price on the first day.
    Inside {
        agreement: Uuid,
    },
    Outside {
        reason: OutsideReason,
        text: String,
    },
    OwnOperation,
    NotApplicable,
}

impl Procurement {
    pub fn form(&self) -> ProcurementForm {
        match self {
            Self::Inside { .. } => ProcurementForm::InsideFramework,
            Self::Outside { .. } => ProcurementForm::OutsideFramework,
            Self::OwnOperation => ProcurementForm::OwnOperation,
            Self::NotApplicable => ProcurementForm::NotApplicable,
        }
    }
}

/// A placement that has been checked and may be registered.
#[derive(Debug, Clone)]
pub struct NewPlacement {
    pub id: Uuid,
    pub kind: PlacementKind,
    pub procurement: Procurement,
    pub home: Uuid,
    pub provider_id: Uuid,
    /// What the vault keeps beside the home.
    pub location_note: String,
    pub decided: Period,
    pub starts_on: Date,
    pub planned_end_on: Date,
    pub charge_departure_day: bool,
    pub rates: Vec<Rate>,
    pub source: RateSource,
    /// Why the price is not the agreement's.
    pub price_reason: Option<String>,
    pub status: PlacementStatus,
    /// Why it is where the police say that the person is not safe.
    pub unsafe_reason: Option<String>,
}

impl NewPlacement {
    /// The days it is registered for, with what they cost.
    pub fn stay(&self) -> Stay {
        Stay {
            first: self.starts_on,
            last: self.planned_end_on,
            charge_departure_day: self.charge_departure_day,
            rates: self.rates.clone(),
            absences: Vec::new(),
        }
    }

    /// The days on which nobody can be placed elsewhere around the clock. A day of departure that is not paid may be
    /// the first day somewhere else.
    pub fn occupied(&self) -> Period {
        self.stay().charged().unwrap_or_else(|| Period::month_of(self.starts_on))
    }
}

/// What is wrong with the days of a new placement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayFault {
    BeforeTheCase,
    EndsBeforeItStarts,
    /// The last day that is allowed.
    TooLong(Date),
    OutsideDecision,
}

/// Checks the days of a new placement against the case, the longest stay and the decision.
pub fn check_days(starts_on: Date, last: Date, case_opened: Date, decided: Period) -> Result<(), DayFault> {
    if starts_on < case_opened {
        return Err(DayFault::BeforeTheCase);
    }
    if last < starts_on {
        return Err(DayFault::EndsBeforeItStarts);
    }
    match add_months(starts_on, LONGEST_MONTHS) {
        Some(longest) if last <= longest => {}
        longest => return Err(DayFault::TooLong(longest.unwrap_or(starts_on))),
    }
    if !(decided.covers(starts_on) && decided.covers(last)) {
        return Err(DayFault::OutsideDecision);
    }
    Ok(())
}

/// How a placement ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlacementEnd {
    pub last_day: Date,
    pub reason: EndReason,
    pub charge_departure_day: bool,
}

/// Why it cannot end so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndFault {
    /// Planned placements are cancelled, ended ones have ended.
    NotRunning,
    BeforeStart,
    /// There is no price after the planned last day.
    AfterPlan,
}

/// A day in the future is a planned discharge. An own request is granted like any other, at once (9 kap. 13 § `SoF`).
pub fn may_end(placement: &Placement, last_day: Date) -> Result<(), EndFault> {
    if placement.status != PlacementStatus::Active {
        return Err(EndFault::NotRunning);
    }
    if last_day < placement.starts_on {
        return Err(EndFault::BeforeStart);
    }
    if last_day > placement.planned_end_on {
        return Err(EndFault::AfterPlan);
    }
    Ok(())
}

/// Days of absence that may be noted: within the stay, and not twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AbsenceFault {
    OutsideTheStay,
    AlreadyNoted(Date),
}

pub fn may_be_absent(placement: &Placement, period: Period) -> Result<(), AbsenceFault> {
    let stay = Period::inclusive(placement.starts_on, placement.last_day()).ok_or(AbsenceFault::OutsideTheStay)?;
    let within = stay.covers(period.first_day()) && period.last_day().is_some_and(|last| stay.covers(last));
    if !within || placement.status == PlacementStatus::Cancelled {
        return Err(AbsenceFault::OutsideTheStay);
    }
    let shared = placement.absences.iter().find_map(|absence| absence.period.overlap(period));
    shared.map_or(Ok(()), |shared| Err(AbsenceFault::AlreadyNoted(shared.first_day())))
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::super::rates::staircase;
    use super::*;
    use crate::vocabulary::AbsenceRate;

    fn period(first: Date, last: Date) -> Period {
        Period::inclusive(first, last).unwrap()
    }

    fn running() -> Placement {
        let (first, last) = (date!(2026 - 01 - 15), date!(2027 - 07 - 15));
        let per_day = Ore::kronor(3000).unwrap();
        Placement {
            id: Uuid::nil(),
            number: 1,
            kind: PlacementKind::Hvb,
            procurement: ProcurementForm::OutsideFramework,
            outside_reason: Some(OutsideReason::ExitOnlyNeeds),
            outside_text: None,
            price_reason: None,
            provider_id: Uuid::nil(),
            provider: "L-001".to_owned(),
            decided: period(first, last),
            starts_on: first,
            planned_end_on: last,
            actual_end_on: None,
            end_reason: None,
            charge_departure_day: true,
            status: PlacementStatus::Active,
            is_emergency: false,
            lacks_offer: false,
            marks: Vec::new(),
            version: 1,
            rates: staircase(first, last, per_day, STAIRS_MONTHS, STAIRS_PERCENT).unwrap(),
            absences: Vec::new(),
        }
    }

    fn kronor(kronor: i64) -> Ore {
        Ore::kronor(kronor).unwrap()
    }

    #[test]
    fn what_is_paid_and_what_is_committed_make_the_whole() {
        let costs = running().costs(date!(2026 - 12 - 31)).unwrap();
        assert_eq!(costs.to_date, Charge { days: 351, cost: kronor(1_053_000) });
        assert_eq!(costs.committed, Charge { days: 196, cost: kronor(315_000) });
        assert_eq!(costs.total, Charge { days: 547, cost: kronor(1_368_000) });
        assert_eq!(costs.per_year.len(), 2);
        assert_eq!(costs.per_month.len(), 19);
    }

    #[test]
    fn a_cancelled_placement_costs_nothing() {
        let cancelled = Placement { status: PlacementStatus::Cancelled, ..running() };
        assert_eq!(cancelled.costs(date!(2026 - 12 - 31)), Some(Costs::default()));
        assert_eq!(cancelled.price_on(date!(2026 - 12 - 31)), None);
    }

    #[test]
    fn the_price_of_today_follows_the_steps() {
        assert_eq!(running().price_on(date!(2027 - 01 - 14)), Some(kronor(3000)));
        assert_eq!(running().price_on(date!(2027 - 01 - 15)), Some(kronor(1500)));
        assert_eq!(running().price_on(date!(2027 - 07 - 16)), None);
    }

    #[test]
    fn the_days_are_held_to_the_case_the_longest_stay_and_the_decision() {
        let (opened, start) = (date!(2026 - 01 - 05), date!(2026 - 01 - 15));
        let decided = period(start, date!(2028 - 12 - 31));
        let check = |first, last| check_days(first, last, opened, decided);
        assert_eq!(check(start, start), Ok(()));
        assert_eq!(check(start, date!(2028 - 01 - 15)), Ok(()));
        assert_eq!(check(start, date!(2028 - 01 - 16)), Err(DayFault::TooLong(date!(2028 - 01 - 15))));
        assert_eq!(check(date!(2026 - 01 - 04), start), Err(DayFault::BeforeTheCase));
        assert_eq!(check(start, date!(2026 - 01 - 14)), Err(DayFault::EndsBeforeItStarts));
        assert_eq!(check(date!(2026 - 01 - 14), start), Err(DayFault::OutsideDecision));
    }

    #[test]
    fn a_running_placement_ends_on_any_day_of_its_plan() {
        assert_eq!(may_end(&running(), date!(2026 - 01 - 15)), Ok(()));
        assert_eq!(may_end(&running(), date!(2027 - 07 - 15)), Ok(()));
        assert_eq!(may_end(&running(), date!(2026 - 01 - 14)), Err(EndFault::BeforeStart));
        assert_eq!(may_end(&running(), date!(2027 - 07 - 16)), Err(EndFault::AfterPlan));
        let planned = Placement { status: PlacementStatus::Planned, ..running() };
        assert_eq!(may_end(&planned, date!(2026 - 02 - 01)), Err(EndFault::NotRunning));
    }

    #[test]
    fn absence_lies_within_the_stay_and_is_noted_once() {
        let placement = Placement {
            absences: vec![Absence {
                period: period(date!(2026 - 03 - 01), date!(2026 - 03 - 05)),
                rate: AbsenceRate::None,
            }],
            ..running()
        };
        let may = |first, last| may_be_absent(&placement, period(first, last));
        assert_eq!(may(date!(2026 - 03 - 06), date!(2026 - 03 - 06)), Ok(()));
        assert_eq!(
            may(date!(2026 - 03 - 05), date!(2026 - 03 - 06)),
            Err(AbsenceFault::AlreadyNoted(date!(2026 - 03 - 05)))
        );
        assert_eq!(may(date!(2026 - 01 - 14), date!(2026 - 01 - 15)), Err(AbsenceFault::OutsideTheStay));
        assert_eq!(may(date!(2027 - 07 - 15), date!(2027 - 07 - 16)), Err(AbsenceFault::OutsideTheStay));
    }
}
