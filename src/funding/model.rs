//! The rules of state money: which step follows which, which amounts fit, and what a year came to. Pure.

use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::calendar::Period;
use crate::crypto::Sealed;
use crate::money::Ore;
use crate::placement::model::Placement;
use crate::vocabulary::{FundAuthority, FundPrerequisite, FundStatus, PlacementStatus};

/// The longest of what is written.
pub const LONGEST_PURPOSE: usize = 2000;
pub const LONGEST_CONDITIONS: usize = 2000;
pub const LONGEST_TOLD: usize = 4000;

/// An application as it stands.
#[derive(Debug, Clone)]
pub struct Application {
    pub id: Uuid,
    pub number: i32,
    pub year: i32,
    pub authority: FundAuthority,
    pub from: Date,
    pub to: Date,
    pub applied: Ore,
    pub purpose: Sealed,
    pub prerequisites: Vec<FundPrerequisite>,
    pub status: FundStatus,
    pub registered_by: Uuid,
    pub registrar: String,
    pub registered_at: OffsetDateTime,
    pub edited_by: Uuid,
    pub submitted_on: Option<Date>,
    pub registry_ref: Option<Sealed>,
    pub signer: Option<String>,
    pub disclosure: Option<Uuid>,
    pub decided_on: Option<Date>,
    pub police_ref: Option<Sealed>,
    pub granted: Option<Ore>,
    pub conditions: Option<Sealed>,
    pub report_due_on: Option<Date>,
    pub withdrawn_on: Option<Date>,
    pub paid: Option<Ore>,
    pub paid_on: Option<Date>,
    pub reported_on: Option<Date>,
    pub repay: Option<Ore>,
    pub closed_on: Option<Date>,
    pub version: i32,
}

impl Application {
    /// What is still lacking before it can be sent.
    pub fn lacking(&self) -> Vec<FundPrerequisite> {
        lacking(&self.prerequisites)
    }

    /// Somebody else than whoever wrote it signs.
    pub fn may_be_signed_by(&self, account: Uuid) -> bool {
        self.status == FundStatus::Draft && account != self.registered_by && account != self.edited_by
    }
}

pub fn lacking(met: &[FundPrerequisite]) -> Vec<FundPrerequisite> {
    FundPrerequisite::ALL.iter().copied().filter(|one| !met.contains(one)).collect()
}

/// What is written before it is sent. No `Debug`: the purpose is about to be sealed.
#[derive(Clone)]
pub struct NewApplication {
    pub id: Uuid,
    pub year: i32,
    pub authority: FundAuthority,
    pub from: Date,
    pub to: Date,
    pub applied: Ore,
    pub purpose: String,
    pub prerequisites: Vec<FundPrerequisite>,
}

/// That it was sent, to whom there and what they were told. No `Debug`.
#[derive(Clone)]
pub struct Sent {
    pub on: Date,
    pub registry_ref: Option<String>,
    pub contact: String,
    pub contact_verified_on: Date,
    pub told: String,
}

/// What became of it. No `Debug`: the conditions are about to be sealed.
#[derive(Clone)]
pub struct Answer {
    pub status: FundStatus,
    pub on: Date,
    pub granted: Option<Ore>,
    pub police_ref: Option<String>,
    pub conditions: Option<String>,
    pub report_due_on: Option<Date>,
}

/// How what was paid was accounted for; what is left is paid back.
#[derive(Debug, Clone, Copy)]
pub struct Report {
    pub on: Date,
    pub repay: Option<Ore>,
}

/// Which step follows which (domain 2.14.6). The same as `fund_application_moves` in Postgres. What was refused is never
/// taken up again: a new draft is written like it.
pub const fn may_become(from: FundStatus, to: FundStatus) -> bool {
    use FundStatus::{
        Closed, Draft, Granted, Paid, PartlyGranted, Rejected, Repayment, Reported, Submitted, Withdrawn,
    };
    matches!(
        (from, to),
        (Draft, Draft | Submitted)
            | (Submitted, Granted | PartlyGranted | Rejected | Withdrawn)
            | (Granted | PartlyGranted, Paid)
            | (Paid, Reported | Repayment)
            | (Reported | Repayment, Closed)
    )
}

/// Why an amount that was granted does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrantFault {
    /// More than was applied for.
    OverApplied,
    /// All of it was granted, and another amount is typed.
    NotAll,
    /// A part of it, and all is typed.
    NotPart,
}

/// The amount that an answer grants: all, a part, or nothing.
pub fn grant(status: FundStatus, typed: Option<Ore>, applied: Ore) -> Result<Option<Ore>, GrantFault> {
    match (status, typed) {
        (_, Some(typed)) if typed > applied => Err(GrantFault::OverApplied),
        (FundStatus::Granted, None) => Ok(Some(applied)),
        (FundStatus::Granted, Some(typed)) if typed == applied => Ok(Some(applied)),
        (FundStatus::Granted, Some(_)) => Err(GrantFault::NotAll),
        (FundStatus::PartlyGranted, Some(typed)) if typed < applied => Ok(Some(typed)),
        (FundStatus::PartlyGranted, _) => Err(GrantFault::NotPart),
        _ => Ok(None),
    }
}

/// What the case's placements cost in a time, actual and planned; none when it overflows.
pub fn cost_within(placements: &[Placement], from: Date, to: Date) -> Option<Ore> {
    let within = Period::inclusive(from, to)?;
    let counted = placements.iter().filter(|one| one.status != PlacementStatus::Cancelled);
    let costs: Vec<Ore> = counted.map(|one| one.stay().cost(within)).collect::<Option<_>>()?;
    Ore::checked_sum(costs)
}

/// What was applied for and granted in a year, over all cases (T12; and the board's report).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct YearSums {
    /// All that was sent and not taken back.
    pub applied: Ore,
    pub granted: Ore,
    /// What was applied for in those that were refused.
    pub rejected: Ore,
    pub waiting: Ore,
    /// What was applied for in those that are answered.
    pub decided: Ore,
    pub paid: Ore,
    pub repay: Ore,
}

impl YearSums {
    /// A cost less what was granted for it, unless it overflows.
    pub fn net(&self, gross: Ore) -> Option<Ore> {
        gross.minus(self.granted)
    }

    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// `60,7 %`: what was granted of what was applied for in those that are answered; none while nothing is.
pub fn grant_rate(sums: &YearSums) -> Option<String> {
    let (part, whole) = (i128::from(sums.granted.ore()), i128::from(sums.decided.ore()));
    let tenths = (whole > 0).then(|| (2 * part * 1000 + whole) / (2 * whole))?;
    Some(format!("{},{}\u{a0}%", tenths / 10, tenths % 10))
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use FundStatus::{
        Closed, Draft, Granted, Paid, PartlyGranted, Rejected, Repayment, Reported, Submitted, Withdrawn,
    };

    fn kr(kronor: i64) -> Ore {
        Ore::kronor(kronor).unwrap()
    }

    #[test]
    fn an_application_goes_one_way() {
        let way = |steps: &[FundStatus]| steps.windows(2).all(|pair| may_become(pair[0], pair[1]));
        assert!(way(&[Draft, Submitted, Granted, Paid, Reported, Closed]));
        assert!(way(&[Draft, Submitted, PartlyGranted, Paid, Repayment, Closed]));
        assert!(way(&[Draft, Submitted, Rejected]) && way(&[Draft, Submitted, Withdrawn]));
        for ended in [Rejected, Withdrawn, Closed] {
            assert!(FundStatus::ALL.iter().all(|next| !may_become(ended, *next)), "{ended}");
        }
        assert!(!may_become(Draft, Granted) && !may_become(Submitted, Paid) && !may_become(Granted, Reported));
    }

    #[test]
    fn no_more_is_granted_than_was_applied_for() {
        let applied = kr(600_000);
        assert_eq!(grant(Granted, Some(kr(650_000)), applied), Err(GrantFault::OverApplied));
        assert_eq!(grant(PartlyGranted, Some(kr(650_000)), applied), Err(GrantFault::OverApplied));
        assert_eq!(grant(PartlyGranted, Some(kr(450_000)), applied), Ok(Some(kr(450_000))));
        assert_eq!(grant(PartlyGranted, Some(applied), applied), Err(GrantFault::NotPart));
        assert_eq!(grant(PartlyGranted, None, applied), Err(GrantFault::NotPart));
        assert_eq!(grant(Granted, None, applied), Ok(Some(applied)));
        assert_eq!(grant(Granted, Some(kr(1)), applied), Err(GrantFault::NotAll));
        assert_eq!(grant(Rejected, None, applied), Ok(None));
    }

    #[test]
    fn the_reference_year_costs_less_with_state_money() {
        let year = YearSums { granted: kr(540_000), ..YearSums::default() };
        assert_eq!(year.net(kr(3_032_950)), Some(kr(2_492_950)));
        let decided = YearSums { decided: kr(890_000), ..year };
        assert_eq!((grant_rate(&decided).as_deref(), grant_rate(&year)), (Some("60,7\u{a0}%"), None));
        assert_eq!(cost_within(&[], date!(2026 - 01 - 01), date!(2026 - 12 - 31)), Some(Ore::ZERO));
    }

    #[test]
    fn what_is_lacking_is_told_in_the_order_of_the_list() {
        use FundPrerequisite::{ConsentActive, DecisionExists, RegionalContact};
        let met = [FundPrerequisite::LpoContact, FundPrerequisite::PoliceMatterOpen];
        assert_eq!(lacking(&met), [RegionalContact, ConsentActive, DecisionExists]);
        assert!(lacking(FundPrerequisite::ALL).is_empty());
    }
}
