//! What an account is, what can be proposed of it, and when a right is over.

use time::{Date, Duration, OffsetDateTime};
use uuid::Uuid;

use crate::calendar::{add_months, stockholm_date};
use crate::vocabulary::{DisclosureRecipient, ProposalKind, ProposalOutcome, Role};

/// The longest a role is held before it is proposed anew.
pub const MONTHS: i32 = 12;

/// How long before its end a right is spoken of.
pub const SOON: Duration = Duration::days(30);

/// The last day of the longest grant that can be made today.
pub fn latest_end(today: Date) -> Date {
    add_months(today, MONTHS).map_or(Date::MAX, |day| day - Duration::DAY)
}

/// Whether a role can be held to the end of the day: not backwards, and not for more than a year.
pub fn can_last_until(until: Date, today: Date) -> bool {
    until > today && until <= latest_end(today)
}

/// The last day on which something that ends at the moment still holds: what ends at midnight held the day before.
pub fn last_day(ends_at: OffsetDateTime) -> Date {
    stockholm_date(ends_at - Duration::SECOND)
}

/// How an account stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Nobody has signed in to it yet.
    Waiting,
    Active,
    /// It holds no role today: signing in opens nothing.
    Lapsed,
    Locked,
    Ended,
}

impl Status {
    pub const ALL: [Self; 5] = [Self::Waiting, Self::Active, Self::Lapsed, Self::Locked, Self::Ended];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "vantar",
            Self::Active => "aktiva",
            Self::Lapsed => "utan-roll",
            Self::Locked => "lasta",
            Self::Ended => "avslutade",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Waiting => "Ej aktiverat",
            Self::Active => "Aktivt",
            Self::Lapsed => "Utan roll",
            Self::Locked => "Låst",
            Self::Ended => "Avslutat",
        }
    }

    pub const fn tag(self) -> &'static str {
        match self {
            Self::Waiting | Self::Lapsed => "warn",
            Self::Active => "ok",
            Self::Locked => "danger",
            Self::Ended => "line",
        }
    }
}

/// The newest grant of an account.
#[derive(Debug, Clone)]
pub struct Grant {
    pub id: Uuid,
    pub role: Role,
    /// Until when it holds; over when nobody has confirmed it by then.
    pub ends_at: OffsetDateTime,
    /// Until when it was approved.
    pub granted_until: OffsetDateTime,
    pub holds: bool,
    /// Whether it ends within thirty days.
    pub ends_soon: bool,
}

impl Grant {
    /// Whether a confirmation would make it hold longer; else only a new proposal does.
    pub fn can_be_confirmed(&self) -> bool {
        self.holds && self.granted_until > self.ends_at
    }
}

/// An account, as those who keep it see it.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own that the page asks for by name")]
pub struct Account {
    pub id: Uuid,
    pub name: String,
    pub title: String,
    pub user_name: String,
    pub unit: Option<Uuid>,
    pub unit_name: Option<String>,
    pub employee_id: Option<String>,
    pub organisation: Option<DisclosureRecipient>,
    pub is_active: bool,
    pub ended_at: Option<OffsetDateTime>,
    pub is_activated: bool,
    pub code_waits: bool,
    pub sessions: i64,
    /// How many keys open it; which ones is its holder's business.
    pub keys: i64,
    /// Whether a code is left on a sheet of recovery codes.
    pub has_codes: bool,
    pub last_at: Option<OffsetDateTime>,
    pub grant: Option<Grant>,
    /// Open, and about this account.
    pub proposal: Option<Uuid>,
}

impl Account {
    pub fn status(&self) -> Status {
        match self {
            Self { ended_at: Some(_), .. } => Status::Ended,
            Self { is_active: false, .. } => Status::Locked,
            Self { is_activated: false, .. } => Status::Waiting,
            Self { grant: Some(grant), .. } if grant.holds => Status::Active,
            _ => Status::Lapsed,
        }
    }

    pub fn role(&self) -> Option<Role> {
        self.grant.as_ref().map(|grant| grant.role)
    }

    pub fn is_police(&self) -> bool {
        self.organisation.is_some()
    }
}

/// A proposal that was made.
#[derive(Debug, Clone)]
pub struct Proposal {
    pub id: Uuid,
    pub kind: ProposalKind,
    pub account: Uuid,
    /// Whose account it is, or will be.
    pub name: String,
    pub title: String,
    pub user_name: Option<String>,
    pub employee_id: Option<String>,
    pub organisation: Option<DisclosureRecipient>,
    pub unit_name: Option<String>,
    pub role: Option<Role>,
    /// The role that the account holds today.
    pub held: Option<Role>,
    pub until: Option<Date>,
    pub proposed_by: Uuid,
    pub proposed_by_name: String,
    pub proposed_at: OffsetDateTime,
    pub decided_by_name: Option<String>,
    pub decided_at: Option<OffsetDateTime>,
    pub outcome: Option<ProposalOutcome>,
}

impl Proposal {
    /// Nobody approves what they have proposed, nor what is about themselves.
    pub fn is_others(&self, actor: Uuid) -> bool {
        self.proposed_by != actor && self.account != actor
    }
}

/// Who is to come in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newcomer {
    pub user_name: String,
    pub name: String,
    pub title: String,
    pub employee_id: String,
    pub organisation: Option<DisclosureRecipient>,
    pub unit: Option<Uuid>,
}

/// A proposal to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewProposal {
    pub id: Uuid,
    pub account: Uuid,
    pub what: What,
    pub reason: String,
}

/// What is proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    New { newcomer: Newcomer, role: Role, until: Date },
    Role { role: Role, until: Date },
    Prolong { role: Role, until: Date },
    Unlock,
}

impl What {
    pub const fn kind(&self) -> ProposalKind {
        match self {
            Self::New { .. } => ProposalKind::New,
            Self::Role { .. } => ProposalKind::Role,
            Self::Prolong { .. } => ProposalKind::Prolong,
            Self::Unlock => ProposalKind::Unlock,
        }
    }

    pub const fn role(&self) -> Option<(Role, Date)> {
        match self {
            Self::New { role, until, .. } | Self::Role { role, until } | Self::Prolong { role, until } => {
                Some((*role, *until))
            }
            Self::Unlock => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;

    const TODAY: Date = date!(2026 - 11 - 20);

    fn account() -> Account {
        let ends_at = datetime!(2027-02-28 23:00 UTC);
        let grant = Grant {
            id: Uuid::nil(),
            role: Role::Caseworker,
            ends_at,
            granted_until: ends_at,
            holds: true,
            ends_soon: false,
        };
        Account {
            id: Uuid::nil(),
            name: String::new(),
            title: String::new(),
            user_name: String::new(),
            unit: None,
            unit_name: None,
            employee_id: None,
            organisation: None,
            is_active: true,
            ended_at: None,
            is_activated: true,
            code_waits: false,
            sessions: 0,
            keys: 0,
            has_codes: false,
            last_at: None,
            grant: Some(grant),
            proposal: None,
        }
    }

    #[test]
    fn a_role_is_held_for_a_year_at_most_and_never_without_end() {
        assert_eq!(latest_end(TODAY), date!(2027 - 11 - 19));
        assert!(can_last_until(date!(2027 - 11 - 19), TODAY) && can_last_until(date!(2026 - 11 - 21), TODAY));
        assert!(!can_last_until(date!(2027 - 11 - 20), TODAY) && !can_last_until(TODAY, TODAY));
        assert!(!can_last_until(Date::MAX, TODAY));
    }

    #[test]
    fn what_ends_at_midnight_held_the_day_before() {
        assert_eq!(last_day(datetime!(2027-02-28 23:00 UTC)), date!(2027 - 02 - 28));
        assert_eq!(last_day(datetime!(2027-02-28 12:00 UTC)), date!(2027 - 02 - 28));
    }

    #[test]
    fn an_account_stands_as_the_gravest_says() {
        let one = account();
        assert_eq!(one.status(), Status::Active);
        let waits = Account { is_activated: false, ..one.clone() };
        assert_eq!(waits.status(), Status::Waiting);
        assert_eq!(Account { is_active: false, ..waits.clone() }.status(), Status::Locked);
        let ended = Account { is_active: false, ended_at: Some(OffsetDateTime::UNIX_EPOCH), ..waits };
        assert_eq!(ended.status(), Status::Ended);
        assert_eq!(Account { grant: None, ..one.clone() }.status(), Status::Lapsed);
        let mut over = one;
        over.grant.as_mut().unwrap().holds = false;
        assert_eq!(over.status(), Status::Lapsed);
    }
}
