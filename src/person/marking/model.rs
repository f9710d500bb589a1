//! A marking, the days on which it holds, and what several of them come to.

use time::Date;
use uuid::Uuid;

use crate::crypto::seal::Sealed;
use crate::vocabulary::{MailRoute, MarkingKind};

#[derive(Debug, Clone)]
pub struct Marking {
    pub id: Uuid,
    pub kind: MarkingKind,
    /// Sealed at [`super::store::SOURCE`].
    pub source: Sealed,
    pub verified_on: Date,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
    pub mail_route: MailRoute,
    pub registrar: String,
    /// Whether somebody has ended it.
    pub is_ended: bool,
}

impl Marking {
    pub fn holds_on(&self, day: Date) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }

    /// Whether somebody may end it: the one that the break of an identity writes stands for ever.
    pub fn can_end(&self) -> bool {
        !self.is_ended && self.kind != MarkingKind::Fingerade
    }
}

/// The narrowest way of those that hold on the day; none where nothing is marked.
pub fn mail_route(markings: &[Marking], day: Date) -> Option<MailRoute> {
    let holds = |route: &MailRoute| markings.iter().any(|one| one.holds_on(day) && one.mail_route == *route);
    MailRoute::ALL.iter().rev().copied().find(holds)
}

/// What whoever sends something has to do.
pub const fn how_to_send(route: MailRoute) -> &'static str {
    match route {
        MailRoute::Normal => "Skicka med vanlig post.",
        MailRoute::ViaSkatteverket => "Skicka bara genom Skatteverkets postförmedling. Skriv ingen adress på brevet.",
        MailRoute::Handover => "Lämna över personligen. Skicka inte med post.",
        MailRoute::None => "Skicka inget. Kontakta personen på ett säkert sätt.",
    }
}

/// One that may be registered. No `Debug`: its text is about to be sealed.
pub struct NewMarking {
    pub id: Uuid,
    pub kind: MarkingKind,
    pub source: String,
    pub verified_on: Date,
    pub valid_from: Date,
    pub mail_route: MailRoute,
}

/// Protected registration hides the address: ordinary post has none to go to.
pub fn route_fits(kind: MarkingKind, route: MailRoute) -> bool {
    kind != MarkingKind::ProtectedRegistration || route != MailRoute::Normal
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    const TODAY: Date = date!(2026 - 11 - 20);

    fn marking(route: MailRoute, from: Date, to: Option<Date>) -> Marking {
        Marking {
            id: Uuid::nil(),
            kind: MarkingKind::SecrecyMarking,
            source: Sealed::from_bytes(Vec::new()),
            verified_on: from,
            valid_from: from,
            valid_to: to,
            mail_route: route,
            registrar: String::new(),
            is_ended: to.is_some(),
        }
    }

    #[test]
    fn the_narrowest_way_that_holds_counts() {
        let from = date!(2026 - 01 - 05);
        assert_eq!(mail_route(&[], TODAY), None);
        let both = [marking(MailRoute::Normal, from, None), marking(MailRoute::Handover, from, Some(TODAY))];
        assert_eq!(mail_route(&both, TODAY), Some(MailRoute::Handover));
        assert_eq!(mail_route(&both, date!(2026 - 11 - 21)), Some(MailRoute::Normal));
        assert_eq!(mail_route(&both, date!(2026 - 01 - 04)), None);
    }

    #[test]
    fn nobody_ends_what_a_break_wrote() {
        let open = marking(MailRoute::None, TODAY, None);
        assert!(open.can_end());
        assert!(!Marking { kind: MarkingKind::Fingerade, ..open.clone() }.can_end());
        assert!(!Marking { is_ended: true, ..open }.can_end());
    }

    #[test]
    fn protected_registration_is_not_reached_by_ordinary_post() {
        assert!(!route_fits(MarkingKind::ProtectedRegistration, MailRoute::Normal));
        assert!(route_fits(MarkingKind::ProtectedRegistration, MailRoute::ViaSkatteverket));
        assert!(route_fits(MarkingKind::LocalProtection, MailRoute::Normal));
    }
}
