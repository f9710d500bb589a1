//! A disclosure, its frozen texts, and what it is worth on a day.

use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::calendar::{add_months, stockholm_date};
use crate::crypto::Sealed;
use crate::vocabulary::{
    CareNeed, CrimePurpose, DisclosureCategory, DisclosureChannel, DisclosureGround, DisclosureInitiative,
    DisclosureItemKind, DisclosureRecipient, DisclosureStatus,
};

/// How long something stands on the police's page when nothing else is said, and the longest that it can.
pub const USUAL_DAYS: i64 = 30;
pub const LONGEST_DAYS: i64 = 90;
/// How old the check of who takes it may be.
pub const VERIFIED_MONTHS: i32 = 12;
/// How long something may stand unread before the coordinator is told.
pub const UNREAD_DAYS: i64 = 7;

#[derive(Debug, Clone)]
pub struct Disclosure {
    pub id: Uuid,
    pub recipient: DisclosureRecipient,
    pub contact: Option<Sealed>,
    pub contact_verified_on: Option<Date>,
    pub initiated_by: DisclosureInitiative,
    pub request_ref: Option<Sealed>,
    pub requested_on: Option<Date>,
    pub request_text: Option<Sealed>,
    pub ground: DisclosureGround,
    pub consent: Option<Uuid>,
    pub purpose: Option<CrimePurpose>,
    pub need: Option<CareNeed>,
    pub basis: Option<Sealed>,
    pub weighing: Option<Sealed>,
    pub channel: DisclosureChannel,
    pub available_from: Date,
    pub expires_on: Option<Date>,
    pub status: DisclosureStatus,
    pub writer: String,
    pub decision: Option<Act>,
    pub refusal: Option<Sealed>,
    pub release: Option<Act>,
    pub revocation: Option<Act>,
    pub revoked_why: Option<Sealed>,
    pub version: i32,
}

/// Something that somebody did, and when.
#[derive(Debug, Clone)]
pub struct Act {
    pub by: String,
    pub at: OffsetDateTime,
}

/// What it is worth on a day. No column says that its days are over: they tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Draft,
    Decided,
    Released,
    Expired,
    Revoked,
    Refused,
}

impl Standing {
    pub const fn label(self) -> &'static str {
        match self {
            Self::Draft => DisclosureStatus::Draft.label(),
            Self::Decided => DisclosureStatus::Decided.label(),
            Self::Released => DisclosureStatus::Released.label(),
            Self::Expired => "Har gått ut",
            Self::Revoked => DisclosureStatus::Revoked.label(),
            Self::Refused => DisclosureStatus::Refused.label(),
        }
    }

    /// The colour of its mark.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Released => "ok",
            Self::Draft | Self::Decided => "warn",
            Self::Expired | Self::Revoked | Self::Refused => "",
        }
    }
}

impl Disclosure {
    pub fn standing(&self, day: Date) -> Standing {
        match self.status {
            DisclosureStatus::Draft => Standing::Draft,
            DisclosureStatus::Decided => Standing::Decided,
            DisclosureStatus::Released if self.expires_on.is_some_and(|last| day > last) => Standing::Expired,
            DisclosureStatus::Released => Standing::Released,
            DisclosureStatus::Revoked => Standing::Revoked,
            DisclosureStatus::Refused => Standing::Refused,
        }
    }

    pub fn is_in_portal(&self) -> bool {
        self.channel == DisclosureChannel::PolicePortal
    }

    /// Whether the manager alone can decide over it with these items.
    pub fn is_managers(&self, items: &[Item]) -> bool {
        self.ground == DisclosureGround::ContactDetails
            || items.iter().any(|item| item.is_managers(self.is_in_portal()))
    }

    /// The day that the ground has to hold on: when it leaves the house, or left it.
    pub fn leaves_on(&self, today: Date) -> Date {
        if self.is_in_portal() { today } else { self.available_from }
    }
}

/// A text as it was frozen.
#[derive(Debug, Clone)]
pub struct Item {
    pub id: Uuid,
    pub position: i32,
    pub kind: DisclosureItemKind,
    pub categories: Vec<DisclosureCategory>,
    pub content: Sealed,
    /// Whether what it came from has changed since.
    pub has_changed: bool,
    pub is_protected_address: bool,
    pub weighing: Option<Sealed>,
    pub allow_download: bool,
    pub frozen_at: OffsetDateTime,
}

impl Item {
    pub fn is_managers(&self, in_portal: bool) -> bool {
        self.is_protected_address
            || self.kind == DisclosureItemKind::ContactDetail
            || (self.kind == DisclosureItemKind::Other && in_portal)
    }
}

/// Somebody outside who opened a text.
#[derive(Debug, Clone)]
pub struct View {
    pub item: Uuid,
    pub reader: String,
    pub opened_at: OffsetDateTime,
    pub downloaded: bool,
}

/// A draft that has been checked and may be saved. No `Debug`: its texts are about to be sealed.
#[derive(Clone)]
pub struct NewDisclosure {
    pub id: Uuid,
    pub recipient: DisclosureRecipient,
    pub contact: Option<Contact>,
    pub request: Option<Request>,
    pub ground: DisclosureGround,
    pub consent: Option<Uuid>,
    pub purpose: Option<CrimePurpose>,
    pub need: Option<CareNeed>,
    pub basis: Option<String>,
    pub conditions_met: bool,
    pub weighing: Option<String>,
    pub channel: DisclosureChannel,
    pub available_from: Date,
    pub expires_on: Option<Date>,
}

/// Who takes it, where it is no page, and when somebody checked that it is they.
#[derive(Clone)]
pub struct Contact {
    pub who: String,
    pub verified_on: Date,
}

#[derive(Clone)]
pub struct Request {
    pub reference: Option<String>,
    pub on: Date,
    pub text: String,
}

/// A text that may be frozen.
#[derive(Clone)]
pub struct NewItem {
    pub id: Uuid,
    pub kind: DisclosureItemKind,
    pub categories: Vec<DisclosureCategory>,
    pub content: String,
    pub source: Option<Uuid>,
    /// What the source said when it was read.
    pub mark: String,
    pub weighing: Option<String>,
    pub allow_download: bool,
}

/// Whether a check of who takes it is young enough.
pub fn is_verified(on: Date, today: Date) -> bool {
    on <= today && add_months(today, -VERIFIED_MONTHS).is_none_or(|oldest| on >= oldest)
}

/// What stands above each text: by whom it was handed over, when and why.
pub fn header(released_at: OffsetDateTime, title: &str, ground: DisclosureGround) -> String {
    format!(
        "Utlämnad {} av {} enligt {}. Uppgifterna omfattas av sekretess (26 kap. 1 § OSL) hos kommunen.",
        stockholm_date(released_at),
        title.to_lowercase(),
        ground.label()
    )
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;

    #[test]
    fn a_check_holds_for_a_year() {
        let today = date!(2026 - 11 - 24);
        assert!(is_verified(today, today) && is_verified(date!(2025 - 11 - 24), today));
        assert!(!is_verified(date!(2025 - 11 - 23), today) && !is_verified(date!(2026 - 11 - 25), today));
    }

    #[test]
    fn the_header_says_by_whom_and_why() {
        let said = header(datetime!(2026-11-24 23:30 UTC), "Samordnare", DisclosureGround::Consent);
        assert!(said.starts_with("Utlämnad 2026-11-25 av samordnare enligt Samtycke (OSL 10:1, 12:2)."));
    }
}
