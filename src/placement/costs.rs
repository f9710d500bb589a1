//! What a stay costs: days times price, less what is not paid while the person is away. Pure, so that the same rule
//! serves the page, the forecast and the comparison with invoices. Knows neither cases nor invoices.

use time::Date;

use super::rates::Rate;
use crate::calendar::Period;
use crate::money::Ore;
use crate::vocabulary::{AbsenceRate, RateKind};

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

/// Days on which the person is away from a place that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Absence {
    pub period: Period,
    pub rate: AbsenceRate,
}

/// All of a placement that bears on its cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stay {
    /// The day of arrival, always paid.
    pub first: Date,
    /// The day of departure, planned or actual. Nothing is charged when it comes before the first.
    pub last: Date,
    /// Whether the contract has the day of departure paid.
    pub charge_departure_day: bool,
    pub rates: Vec<Rate>,
    pub absences: Vec<Absence>,
}

/// Days and what they cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Charge {
    pub days: i64,
    pub cost: Ore,
}

impl Charge {
    /// Both together, unless it overflows.
    pub fn plus(self, other: Self) -> Option<Self> {
        Some(Self { days: self.days.checked_add(other.days)?, cost: self.cost.plus(other.cost)? })
    }

    /// All together, unless it overflows.
    pub fn checked_sum(charges: impl IntoIterator<Item = Self>) -> Option<Self> {
        charges.into_iter().try_fold(Self::default(), Self::plus)
    }

    /// The average price per day; none without days.
    pub fn per_day(self) -> Option<Ore> {
        self.cost.per_day(self.days)
    }
}

impl Stay {
    /// The days that are charged; none when the only day is an unpaid day of departure.
    pub fn charged(&self) -> Option<Period> {
        let last = if self.charge_departure_day { self.last } else { self.last.previous_day()? };
        Period::inclusive(self.first, last)
    }

    /// How many charged days lie within the period. Absence changes the price of a day, not the number: the place is kept.
    pub fn days(&self, within: Period) -> i64 {
        self.charged().and_then(|charged| charged.overlap(within)).and_then(Period::days).unwrap_or(0)
    }

    /// What the charged days within the period cost; none when the sum overflows.
    pub fn cost(&self, within: Period) -> Option<Ore> {
        let Some(days) = self.charged().and_then(|charged| charged.overlap(within)) else {
            return Some(Ore::ZERO);
        };
        self.even_stretches(days).try_fold(Ore::ZERO, |sum, stretch| {
            sum.plus(self.price_on(stretch.first_day())?.times_days(stretch.days()?)?)
        })
    }

    /// Days and cost within the period.
    pub fn charge(&self, within: Period) -> Option<Charge> {
        Some(Charge { days: self.days(within), cost: self.cost(within)? })
    }

    /// The whole stay, with what is planned.
    pub fn total(&self) -> Option<Charge> {
        self.charge(Period::open(self.first))
    }

    /// From arrival up to and with today; nothing yet of a stay that lies ahead.
    pub fn to_date(&self, today: Date) -> Option<Charge> {
        Period::inclusive(self.first, today).map_or(Some(Charge::default()), |past| self.charge(past))
    }

    /// Each calendar month with charged days, in order: what the invoices should be.
    pub fn per_month(&self) -> Option<Vec<(Period, Charge)>> {
        self.charged().into_iter().flat_map(Period::months).map(|month| Some((month, self.charge(month)?))).collect()
    }

    /// Each calendar year with charged days, in order.
    pub fn per_year(&self) -> Option<Vec<(Period, Charge)>> {
        self.charged().into_iter().flat_map(Period::years).map(|year| Some((year, self.charge(year)?))).collect()
    }

    /// The first charged day with a reduced price that nobody has entered: the form should ask for it.
    pub fn missing_absence_rate(&self) -> Option<Date> {
        let charged = self.charged()?;
        self.even_stretches(charged)
            .map(Period::first_day)
            .find(|day| self.is_away(*day, AbsenceRate::Reduced) && !self.has_absence_rate(*day))
    }

    /// The price of one day. Where absences share a day the lowest price holds.
    ///
    /// A reduced price replaces care and supplement both. Until one is entered the full price holds: the provider's
    /// invoice will have it, and a forecast must not be too low because somebody forgot a row.
    fn price_on(&self, day: Date) -> Option<Ore> {
        if self.is_away(day, AbsenceRate::None) {
            Some(Ore::ZERO)
        } else if self.is_away(day, AbsenceRate::Reduced) && self.has_absence_rate(day) {
            self.rate_on(day, RateKind::Absence)
        } else {
            self.rate_on(day, RateKind::Care)?.plus(self.rate_on(day, RateKind::Supplement)?)
        }
    }

    fn rate_on(&self, day: Date, kind: RateKind) -> Option<Ore> {
        let rates = self.rates.iter().filter(|rate| rate.kind == kind && rate.period.covers(day));
        Ore::checked_sum(rates.map(|rate| rate.per_day))
    }

    fn has_absence_rate(&self, day: Date) -> bool {
        self.rates.iter().any(|rate| rate.kind == RateKind::Absence && rate.period.covers(day))
    }

    fn is_away(&self, day: Date, rate: AbsenceRate) -> bool {
        self.absences.iter().any(|absence| absence.rate == rate && absence.period.covers(day))
    }

    /// The period cut wherever a price or an absence begins or ends, so that every piece has one price.
    fn even_stretches(&self, within: Period) -> impl Iterator<Item = Period> {
        let periods =
            self.rates.iter().map(|rate| rate.period).chain(self.absences.iter().map(|absence| absence.period));
        let mut starts: Vec<Date> = periods
            .flat_map(|period| [Some(period.first_day()), period.day_after()])
            .flatten()
            .filter(|day| within.covers(*day))
            .chain([within.first_day()])
            .collect();
        starts.sort_unstable();
        starts.dedup();
        let ends: Vec<Option<Date>> =
            starts.iter().skip(1).map(|next| next.previous_day()).chain([within.last_day()]).collect();
        starts.into_iter().zip(ends).filter_map(|(first, last)| Period::from_days(first, last))
    }
}
