//! How much of where people are somebody sees, and together with whom. Pure; Postgres holds the same rules in
//! `vault.read`, `vault.approve` and `vault.most`.

use time::OffsetDateTime;
use uuid::Uuid;

use crate::crypto::seal::Sealed;
use crate::vocabulary::LocationReason;

/// As long as security.md lets a location stand on a screen.
pub const SECONDS: u32 = 60;

/// As many as somebody opens in an hour, and cases in a day: nobody moves more than five people in an hour, or works with
/// more than three hidden places in a day (security.md AP04). `vault.most` says the same, and a test holds them to it.
pub const OPENINGS_PER_HOUR: i32 = 5;
pub const CASES_PER_DAY: i32 = 3;

/// What was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    PerHour,
    CasesPerDay,
}

impl Limit {
    pub fn parse(outcome: &str) -> Option<Self> {
        match outcome {
            "per_hour" => Some(Self::PerHour),
            "cases_per_day" => Some(Self::CasesPerDay),
            _ => None,
        }
    }

    pub const fn code(self) -> &'static str {
        match self {
            Self::PerHour => "per_hour",
            Self::CasesPerDay => "cases_per_day",
        }
    }

    /// What to do about it.
    pub fn sentence(self) -> String {
        match self {
            Self::PerHour => format!(
                "Du har öppnat {OPENINGS_PER_HOUR} vistelseorter den senaste timmen. Vänta en timme, eller be den andra \
                 namngivna läsaren. Försöket är loggat"
            ),
            Self::CasesPerDay => format!(
                "Du har öppnat vistelseorten i {CASES_PER_DAY} ärenden det senaste dygnet. Vänta till i morgon, eller be \
                 den andra namngivna läsaren. Försöket är loggat"
            ),
        }
    }
}

/// Somebody asks to see it together with another.
pub struct Request {
    pub id: Uuid,
    pub placement: Uuid,
    pub account: Uuid,
    pub name: String,
    pub kind: LocationReason,
    pub reason: Sealed,
    pub expires_at: OffsetDateTime,
    /// Who has approved.
    pub approved_by: Option<String>,
}

impl Request {
    /// One's own, for this placement.
    pub fn is_of(&self, account: Uuid, placement: Uuid) -> bool {
        self.account == account && self.placement == placement
    }

    /// Whether the other can still answer it.
    pub fn waits_for(&self, account: Uuid) -> bool {
        self.account != account && self.approved_by.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(account: u128, approved_by: Option<&str>) -> Request {
        Request {
            id: Uuid::nil(),
            placement: Uuid::nil(),
            account: Uuid::from_u128(account),
            name: String::new(),
            kind: LocationReason::Visit,
            reason: Sealed::from_bytes(Vec::new()),
            expires_at: OffsetDateTime::UNIX_EPOCH,
            approved_by: approved_by.map(str::to_owned),
        }
    }

    #[test]
    fn nobody_answers_their_own_and_nobody_answers_twice() {
        let other = Uuid::from_u128(2);
        assert!(request(1, None).waits_for(other));
        assert!(!request(2, None).waits_for(other));
        assert!(!request(1, Some("Karin")).waits_for(other));
        assert!(request(2, None).is_of(other, Uuid::nil()) && !request(1, None).is_of(other, Uuid::nil()));
    }

    #[test]
    fn a_limit_leads_back_and_says_what_to_do() {
        for limit in [Limit::PerHour, Limit::CasesPerDay] {
            assert_eq!(Limit::parse(limit.code()), Some(limit));
            assert!(limit.sentence().contains("Vänta"));
        }
        assert_eq!(Limit::parse("opened"), None);
    }
}
