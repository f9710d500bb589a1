//! Providers, homes, agreements and prices over time, with their rules. Nothing here asks the database.

use time::Date;
use uuid::Uuid;

use crate::calendar::{Period, add_months};
use crate::crypto::seal::Sealed;
use crate::money::Ore;
use crate::personal::luhn;
use crate::vocabulary::{PlacementKind, ProviderKind};

/// An agreement that ends within so many days should be renewed now.
pub const SOON: i64 = 90;

/// The least and the most that a day may cost: a slip of the finger is caught here and not by the invoice.
pub const LEAST_PER_DAY: Ore = Ore::from_ore(100);
pub const MOST_PER_DAY: Ore = Ore::from_ore(2_000_000);

/// Ten figures whose check digit is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganisationNumber(String);

/// Why something typed is no organisation number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrganisationNumberFault {
    Shape,
    CheckDigit,
    /// A sole trader's number is a person's, and does not belong in an open register.
    Person,
}

impl OrganisationNumber {
    /// Reads ten figures, with or without the sign in the middle.
    pub fn parse(text: &str) -> Result<Self, OrganisationNumberFault> {
        let text = text.trim();
        let digits = match text.split_once('-') {
            Some((first, last)) if first.len() == 6 && last.len() == 4 => format!("{first}{last}"),
            Some(_) => return Err(OrganisationNumberFault::Shape),
            None => text.to_owned(),
        };
        if digits.len() != 10 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(OrganisationNumberFault::Shape);
        }
        if !luhn(digits.bytes()) {
            return Err(OrganisationNumberFault::CheckDigit);
        }
        // The two figures that are a month in a person's number are at least twenty in an organisation's.
        if &digits[2..4] < "20" {
            return Err(OrganisationNumberFault::Person);
        }
        Ok(Self(digits))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// As it is written: `NNNNNN-NNNN`.
pub fn written(org_number: &str) -> String {
    match org_number.split_at_checked(6) {
        Some((first, last)) => format!("{first}-{last}"),
        None => org_number.to_owned(),
    }
}

/// Whether a text can be an alias at all.
pub fn is_alias(text: &str) -> bool {
    text.strip_prefix("L-").is_some_and(|number| number.len() == 3 && number.bytes().all(|byte| byte.is_ascii_digit()))
}

#[derive(Debug, Clone)]
pub struct Provider {
    pub id: Uuid,
    pub alias: String,
    pub name: String,
    pub org_number: String,
    pub kind: ProviderKind,
    pub hide_from_finance: bool,
    pub is_active: bool,
}

/// A home of a provider's. Which one it is stays sealed.
#[derive(Debug, Clone)]
pub struct Home {
    pub id: Uuid,
    pub name: Sealed,
    pub municipality: Sealed,
    pub kind: PlacementKind,
    pub is_active: bool,
}

#[derive(Debug, Clone)]
pub struct Agreement {
    pub id: Uuid,
    pub title: String,
    pub registry_ref: Option<String>,
    pub valid_from: Date,
    pub valid_to: Date,
    pub special_reason: Option<String>,
    pub charge_departure_day: bool,
}

/// What a day of a service costs, from a day to another.
#[derive(Debug, Clone)]
pub struct Price {
    pub id: Uuid,
    pub agreement: Uuid,
    pub service: PlacementKind,
    pub per_day: Ore,
    pub valid_from: Date,
    pub valid_to: Date,
}

#[derive(Debug, Clone)]
pub struct NewProvider {
    pub id: Uuid,
    pub name: String,
    pub org_number: OrganisationNumber,
    pub kind: ProviderKind,
    pub hide_from_finance: bool,
}

/// No `Debug`: the texts are about to be sealed.
#[derive(Clone)]
pub struct NewHome {
    pub id: Uuid,
    pub provider: Uuid,
    pub name: String,
    pub municipality: String,
    pub address: String,
    pub kind: PlacementKind,
}

#[derive(Debug, Clone)]
pub struct NewAgreement {
    pub id: Uuid,
    pub provider: Uuid,
    pub title: String,
    pub registry_ref: Option<String>,
    pub valid_from: Date,
    pub valid_to: Date,
    pub special_reason: Option<String>,
    pub charge_departure_day: bool,
}

#[derive(Debug, Clone)]
pub struct NewPrice {
    pub id: Uuid,
    pub agreement: Uuid,
    pub service: PlacementKind,
    pub per_day: Ore,
    /// It holds until the agreement ends, or another price takes over.
    pub from: Date,
}

/// How an agreement stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Upcoming,
    Running,
    EndsSoon,
    Ended,
}

impl Standing {
    pub fn of(valid_from: Date, valid_to: Date, today: Date) -> Self {
        if valid_to < today {
            Self::Ended
        } else if today < valid_from {
            Self::Upcoming
        } else if (valid_to - today).whole_days() <= SOON {
            Self::EndsSoon
        } else {
            Self::Running
        }
    }
}

/// Longer than four years: only with a special reason (7 kap. 2 § LOU).
pub fn needs_reason(valid_from: Date, valid_to: Date) -> bool {
    add_months(valid_from, 48).is_none_or(|limit| valid_to >= limit)
}

/// Why a price cannot begin on its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PriceFault {
    OutsideAgreement,
    /// Another price of the same service begins on that day or later.
    Overlap,
}

/// A new price takes over from the one before it, and never from one that begins later: what has been agreed on stays.
pub fn may_begin(new: &NewPrice, agreement: &Agreement, earlier: &[Price]) -> Result<(), PriceFault> {
    let within = Period::inclusive(agreement.valid_from, agreement.valid_to);
    if !within.is_some_and(|period| period.covers(new.from)) {
        return Err(PriceFault::OutsideAgreement);
    }
    let taken = |price: &Price| price.service == new.service && price.id != new.id && price.valid_from >= new.from;
    if earlier.iter().any(taken) { Err(PriceFault::Overlap) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn agreement() -> Agreement {
        Agreement {
            id: Uuid::nil(),
            title: "HVB för vuxna".into(),
            registry_ref: None,
            valid_from: date!(2026 - 01 - 01),
            valid_to: date!(2027 - 12 - 31),
            special_reason: None,
            charge_departure_day: true,
        }
    }

    fn new_price(from: Date) -> NewPrice {
        let per_day = Ore::from_ore(300_000);
        NewPrice { id: Uuid::now_v7(), agreement: Uuid::nil(), service: PlacementKind::Hvb, per_day, from }
    }

    fn price(service: PlacementKind, valid_from: Date) -> Price {
        let (id, per_day, valid_to) = (Uuid::now_v7(), Ore::from_ore(280_000), date!(2027 - 12 - 31));
        Price { id, agreement: Uuid::nil(), service, per_day, valid_from, valid_to }
    }

    #[test]
    fn an_organisation_number_has_ten_figures_and_a_check_digit() {
        let number = OrganisationNumber::parse(" 559999-0008 ").unwrap();
        assert_eq!((number.as_str(), written(number.as_str()).as_str()), ("5599990008", "559999-0008"));
        assert_eq!(OrganisationNumber::parse("5599990008"), Ok(number));
        for text in ["", "559999-007", "55999-90007", "559999–0007", "16559999-0008", "55999900٠7", "559999-00-7"] {
            assert_eq!(OrganisationNumber::parse(text), Err(OrganisationNumberFault::Shape), "{text}");
        }
        assert_eq!(OrganisationNumber::parse("559999-0007"), Err(OrganisationNumberFault::CheckDigit));
    }

    #[test]
    fn a_persons_number_is_no_organisation_number() {
        assert_eq!(OrganisationNumber::parse("121212-1212"), Err(OrganisationNumberFault::Person));
    }

    #[test]
    fn an_alias_is_a_letter_and_three_figures() {
        assert!(is_alias("L-001"));
        for text in ["L-01", "L-0001", "l-001", "L001", "L-00a", "L-٠", "", "L-0\u{0}1"] {
            assert!(!is_alias(text), "{text}");
        }
    }

    #[test]
    fn an_agreement_is_about_to_end_for_ninety_days() {
        let on = |today| Standing::of(date!(2026 - 01 - 01), date!(2026 - 12 - 31), today);
        assert_eq!(on(date!(2025 - 12 - 31)), Standing::Upcoming);
        assert_eq!(on(date!(2026 - 01 - 01)), Standing::Running);
        assert_eq!(on(date!(2026 - 10 - 01)), Standing::Running);
        assert_eq!(on(date!(2026 - 10 - 02)), Standing::EndsSoon);
        assert_eq!(on(date!(2026 - 12 - 31)), Standing::EndsSoon);
        assert_eq!(on(date!(2027 - 01 - 01)), Standing::Ended);
    }

    #[test]
    fn four_years_need_no_special_reason_and_a_day_more_does() {
        assert!(!needs_reason(date!(2026 - 01 - 01), date!(2029 - 12 - 31)));
        assert!(needs_reason(date!(2026 - 01 - 01), date!(2030 - 01 - 01)));
        assert!(!needs_reason(date!(2024 - 02 - 29), date!(2028 - 02 - 28)));
    }

    #[test]
    fn a_price_begins_within_the_agreement() {
        for day in [date!(2025 - 12 - 31), date!(2028 - 01 - 01)] {
            assert_eq!(may_begin(&new_price(day), &agreement(), &[]), Err(PriceFault::OutsideAgreement));
        }
        for day in [date!(2026 - 01 - 01), date!(2027 - 12 - 31)] {
            assert_eq!(may_begin(&new_price(day), &agreement(), &[]), Ok(()));
        }
    }

    #[test]
    fn a_price_begins_after_the_ones_there_are_for_its_service() {
        let there = [
            price(PlacementKind::Hvb, date!(2026 - 07 - 01)),
            price(PlacementKind::EmergencyHousing, date!(2027 - 07 - 01)),
        ];
        let begins = |day| may_begin(&new_price(day), &agreement(), &there);
        assert_eq!(begins(date!(2026 - 06 - 30)), Err(PriceFault::Overlap));
        assert_eq!(begins(date!(2026 - 07 - 01)), Err(PriceFault::Overlap));
        assert_eq!(begins(date!(2026 - 07 - 02)), Ok(()));
    }
}
