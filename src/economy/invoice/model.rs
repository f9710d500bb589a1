//! The rules of invoices: whether one is what it should be, and who may approve it. Pure.

use time::Date;
use uuid::Uuid;

use crate::money::Ore;
use crate::vocabulary::{InvoiceDispute, InvoiceStatus, PlacementKind};

/// A placement that has days in a month, and what they cost.
#[derive(Debug, Clone)]
pub struct Offered {
    pub placement: Uuid,
    /// None where the viewer may not know which it is.
    pub pseudonym: Option<String>,
    pub alias: Option<String>,
    pub kind: Option<PlacementKind>,
    pub first: Date,
    pub last: Date,
    pub days: i64,
    pub cost: Ore,
}

impl Offered {
    /// "K-7FQ2ND, L-003, 31 dygn, 93 000 kr".
    pub fn name(&self) -> String {
        let who = self.pseudonym.as_deref().unwrap_or("Slutet ärende");
        let home = self.alias.as_deref().unwrap_or("boende dolt");
        format!("{who}, {home}, {} dygn, {}", self.days, self.cost)
    }
}

/// An invoice without anything that says whom it is about.
#[derive(Debug, Clone)]
pub struct Invoice {
    pub id: Uuid,
    pub pseudonym: Option<String>,
    pub reference: Option<String>,
    pub placement: Option<Uuid>,
    pub alias: Option<String>,
    pub first: Date,
    pub last: Date,
    pub number: String,
    pub booked_on: Date,
    pub invoiced: Ore,
    pub days: i64,
    pub expected: Ore,
    /// More than it should be is above nothing.
    pub difference: Ore,
    pub status: InvoiceStatus,
    pub registrar: String,
    pub disputed_by: Option<String>,
    pub disputed_on: Option<Date>,
    pub dispute: Option<InvoiceDispute>,
    pub approved_by: Option<String>,
    pub approved_on: Option<Date>,
    pub approved: Option<Ore>,
    /// Entered by the viewer.
    pub is_mine: bool,
    /// The viewer has set a price of the placement.
    pub has_priced: bool,
    pub version: i32,
}

impl Invoice {
    /// Entered, priced and approved are three people's doings.
    pub const fn may_be_approved(&self) -> bool {
        !self.is_mine && !self.has_priced && !matches!(self.status, InvoiceStatus::Approved)
    }

    pub const fn may_be_disputed(&self) -> bool {
        matches!(self.status, InvoiceStatus::Match | InvoiceStatus::Deviation)
    }

    /// `+3 000 kr`; nothing of what matches.
    pub fn signed_difference(&self) -> String {
        signed(self.difference)
    }

    /// The reference where the viewer may have it, else the pseudonym; neither of a closed circle.
    pub fn name(&self) -> String {
        self.reference.clone().or_else(|| self.pseudonym.clone()).unwrap_or_else(|| "Slutet ärende".to_owned())
    }
}

/// With its sign, also above nothing.
pub fn signed(ore: Ore) -> String {
    if ore.ore() > 0 { format!("+{ore}") } else { ore.to_string() }
}

/// What an invoice is beside what it should be.
pub fn matched(invoiced: Ore, expected: Ore) -> InvoiceStatus {
    if invoiced == expected { InvoiceStatus::Match } else { InvoiceStatus::Deviation }
}

/// An invoice that has been checked and may be entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInvoice {
    pub id: Uuid,
    pub placement: Uuid,
    pub first: Date,
    pub last: Date,
    pub number: String,
    pub booked_on: Date,
    pub invoiced: Ore,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invoice_matches_to_the_ore() {
        // AC-06: March is 31 days at 3 000 kronor.
        let (march, expected) = (Ore::kronor(96_000).unwrap(), Ore::kronor(93_000).unwrap());
        assert_eq!(matched(march, expected), InvoiceStatus::Deviation);
        assert_eq!(signed(march.minus(expected).unwrap()), "+3\u{a0}000\u{a0}kr");
        assert_eq!(matched(expected, expected), InvoiceStatus::Match);
        assert_eq!(matched(expected, Ore::from_ore(9_300_001)), InvoiceStatus::Deviation);
        assert_eq!(signed(Ore::ZERO), "0\u{a0}kr");
    }
}
