//! A way to reach somebody, and the words that stand beside one that must not be used.

use time::Date;
use uuid::Uuid;

use crate::crypto::seal::Sealed;
use crate::vocabulary::ContactDetailKind;

#[derive(Debug, Clone)]
pub struct ContactDetail {
    pub id: Uuid,
    pub kind: ContactDetailKind,
    /// Sealed at [`super::store::VALUE`].
    pub value: Sealed,
    pub is_safe: bool,
    /// Sealed at [`super::store::ALLOWED_TIMES`].
    pub allowed_times: Option<Sealed>,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
    pub is_ended: bool,
}

/// One that may be registered. No `Debug`: its texts are about to be sealed.
pub struct NewContactDetail {
    pub id: Uuid,
    pub kind: ContactDetailKind,
    pub value: String,
    pub is_safe: bool,
    pub allowed_times: Option<String>,
    pub valid_from: Date,
}

/// What whoever sees one that is not safe has to leave be.
pub const fn warning(kind: ContactDetailKind) -> &'static str {
    match kind {
        ContactDetailKind::Phone => "Ring inte",
        ContactDetailKind::Email | ContactDetailKind::Address => "Skriv inte hit",
        ContactDetailKind::SafeContactVia => "Ta inte kontakt den här vägen",
    }
}

/// Whether the text can be what it is said to be; a slip of the finger in a number reaches a stranger.
pub fn fits(kind: ContactDetailKind, value: &str) -> bool {
    match kind {
        ContactDetailKind::Phone => {
            let figures = value.chars().filter(char::is_ascii_digit).count();
            figures >= 5 && value.chars().all(|c| c.is_ascii_digit() || " +-()".contains(c))
        }
        ContactDetailKind::Email => {
            let mut parts = value.split('@');
            let whole = |part: Option<&str>| part.is_some_and(|part| !part.is_empty());
            whole(parts.next()) && whole(parts.next()) && parts.next().is_none() && !value.contains(char::is_whitespace)
        }
        ContactDetailKind::Address | ContactDetailKind::SafeContactVia => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_figures_and_an_address_of_mail_has_two_halves() {
        assert!(fits(ContactDetailKind::Phone, "070-174 06 05") && fits(ContactDetailKind::Phone, "+46 (0)701740605"));
        assert!(!fits(ContactDetailKind::Phone, "0701") && !fits(ContactDetailKind::Phone, "070-174 06 05 mamma"));
        assert!(fits(ContactDetailKind::Email, "prov@exempel.se"));
        for wrong in ["prov", "@exempel.se", "prov@", "a@b@c", "prov @exempel.se"] {
            assert!(!fits(ContactDetailKind::Email, wrong), "{wrong}");
        }
    }

    #[test]
    fn each_kind_says_what_must_not_be_done() {
        assert_eq!(warning(ContactDetailKind::Phone), "Ring inte");
        assert_eq!(warning(ContactDetailKind::Address), "Skriv inte hit");
    }
}
