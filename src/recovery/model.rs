//! What a recovery is, who confirms it and who takes note of it. Postgres holds the same by itself: three different people,
//! a day to confirm in, half an hour for the code.

use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::access::Access;
use crate::access::right::{ConfirmRecovery, NoteRecovery, ReadRecoveries};
use crate::crypto::seal::Sealed;
use crate::vocabulary::RecoveryKind;

/// How long one that was started waits to be confirmed.
pub const CONFIRMED_WITHIN: Duration = Duration::DAY;

/// How long the code that was handed over opens.
pub const CODE_LIVES: Duration = Duration::minutes(30);

/// Who looks, and what is theirs to do.
#[derive(Debug, Clone, Copy)]
pub struct Eye {
    pub account: Uuid,
    pub confirms: bool,
    pub notes: bool,
    pub now: OffsetDateTime,
}

impl Eye {
    pub fn of(access: &Access<ReadRecoveries>) -> Self {
        Self {
            account: access.desk().actor().account,
            confirms: access.may::<ConfirmRecovery>(),
            notes: access.may::<NoteRecovery>(),
            now: access.desk().clock().now(),
        }
    }
}

/// An account that is or was opened again.
pub struct Recovery {
    pub id: Uuid,
    pub account: Uuid,
    pub name: String,
    pub kind: RecoveryKind,
    pub started_by: Uuid,
    pub started_by_name: String,
    pub started_at: OffsetDateTime,
    pub reason: Option<Sealed>,
    pub checked: Option<Sealed>,
    pub confirmed_by: Option<String>,
    pub confirmed_at: Option<OffsetDateTime>,
    pub expires_at: Option<OffsetDateTime>,
    pub used_at: Option<OffsetDateTime>,
    pub ended_at: Option<OffsetDateTime>,
    /// Whether somebody in the actor's role has taken note of it.
    pub is_noted: bool,
    /// Who has taken note of it, in all roles.
    pub noted_by: Option<String>,
}

impl Recovery {
    /// Started by one, about another, and not too long ago.
    pub fn can_be_confirmed(&self, eye: &Eye) -> bool {
        eye.confirms
            && self.kind == RecoveryKind::InPerson
            && self.confirmed_at.is_none()
            && self.ended_at.is_none()
            && eye.account != self.account
            && eye.account != self.started_by
            && eye.now < self.started_at + CONFIRMED_WITHIN
    }

    /// A manager knows of those in person already: a manager has confirmed each.
    pub fn must_be_noted(&self, eye: &Eye) -> bool {
        eye.notes
            && self.used_at.is_some()
            && !self.is_noted
            && eye.account != self.account
            && (self.kind == RecoveryKind::Code || !eye.confirms)
    }

    pub fn status(&self, now: OffsetDateTime) -> &'static str {
        match self {
            Self { used_at: Some(_), .. } => "Använd",
            Self { ended_at: Some(_), .. } => "Avbruten",
            Self { expires_at: Some(expires_at), .. } if now >= *expires_at => "Koden gick ut",
            Self { expires_at: Some(_), .. } => "Koden väntar",
            _ if now >= self.started_at + CONFIRMED_WITHIN => "Bekräftades inte i tid",
            _ => "Väntar på chef",
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-24 09:00 UTC);

    fn recovery(kind: RecoveryKind) -> Recovery {
        let id = Uuid::from_u128;
        Recovery {
            id: id(1),
            account: id(2),
            name: "Malin".to_owned(),
            kind,
            started_by: id(3),
            started_by_name: "Tore".to_owned(),
            started_at: NOW - Duration::HOUR,
            reason: None,
            checked: None,
            confirmed_by: None,
            confirmed_at: None,
            expires_at: None,
            used_at: None,
            ended_at: None,
            is_noted: false,
            noted_by: None,
        }
    }

    fn eye(account: u128, confirms: bool) -> Eye {
        Eye { account: Uuid::from_u128(account), confirms, notes: true, now: NOW }
    }

    #[test]
    fn three_people_are_three() {
        let one = recovery(RecoveryKind::InPerson);
        assert!(one.can_be_confirmed(&eye(4, true)));
        for (account, confirms) in [(2, true), (3, true), (4, false)] {
            assert!(!one.can_be_confirmed(&eye(account, confirms)), "{account}");
        }
        let late = Recovery { started_at: NOW - CONFIRMED_WITHIN, ..recovery(RecoveryKind::InPerson) };
        assert!(!late.can_be_confirmed(&eye(4, true)));
        assert_eq!(late.status(NOW), "Bekräftades inte i tid");
    }

    #[test]
    fn who_must_know_takes_note_once_and_nobody_of_their_own() {
        let used = |kind| Recovery { used_at: Some(NOW), ..recovery(kind) };
        assert!(used(RecoveryKind::Code).must_be_noted(&eye(4, true)));
        assert!(used(RecoveryKind::Code).must_be_noted(&eye(4, false)));
        assert!(!used(RecoveryKind::Code).must_be_noted(&eye(2, false)));
        assert!(!used(RecoveryKind::InPerson).must_be_noted(&eye(4, true)));
        assert!(used(RecoveryKind::InPerson).must_be_noted(&eye(4, false)));
        assert!(!Recovery { is_noted: true, ..used(RecoveryKind::Code) }.must_be_noted(&eye(4, true)));
        assert!(!recovery(RecoveryKind::InPerson).must_be_noted(&eye(4, false)), "nobody came in");
    }
}
