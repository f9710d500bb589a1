//! The grounds for handing something over (domain 3.4): for whom each is, and what it demands. The database holds the same
//! border once more (`disclosure_ground_fits`). Whether a consent covers it the store says.

use time::Date;

use crate::calendar::age_on;
use crate::vocabulary::{DisclosureGround, DisclosureItemKind, DisclosureRecipient};

/// Shorter than this nothing has been weighed (domain 2.11).
pub const LEAST_WEIGHING: usize = 50;
/// What is said where no consent covers it.
pub const NO_CONSENT: &str = "Samtycke saknas eller täcker inte mottagaren";

/// Why a ground does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroundFault {
    OnlyAuthority,
    NotForThem,
    Turned21,
    Turned18,
    AgeUnknown,
}

impl GroundFault {
    pub const fn message(self) -> &'static str {
        match self {
            Self::OnlyAuthority => "Endast myndighet kan ta emot uppgifter på den här grunden. Välj en annan grund",
            Self::NotForThem => "Grunden gäller inte för mottagaren. Välj en annan grund",
            Self::Turned21 => "Personen har fyllt 21 år. Välj en annan grund",
            Self::Turned18 => "Personen har fyllt 18 år. Välj en annan grund",
            Self::AgeUnknown => "Personens ålder är inte känd. Välj en annan grund",
        }
    }
}

/// Whether somebody can be told on the ground at all.
pub fn is_for(ground: DisclosureGround, recipient: DisclosureRecipient) -> Result<(), GroundFault> {
    use DisclosureGround::{
        Admission, AuditSupervision, CloseViolence, Consent, ContactDetails, CrimeAgainstChild, CrimePrevention,
        DutyOther, ImmediateMinor, Necessary, NoHarm, OtherSocialCommittee, Party, ProtectedRegistration, SeriousCrime,
        SocialOrHealthNeed, Statistics, StayInfo, Terror, Transfer, YoungCrimeRisk,
    };
    use DisclosureRecipient as To;
    let police = recipient.is_police();
    let fits = match ground {
        Consent => recipient.in_consent().is_some(),
        CrimePrevention | DutyOther if !recipient.is_authority() => return Err(GroundFault::OnlyAuthority),
        NoHarm | Necessary | CrimePrevention | DutyOther => true,
        AuditSupervision => {
            matches!(recipient, To::Inspectorate | To::PrivacyAuthority | To::Ombudsman | To::Auditor)
        }
        YoungCrimeRisk => police || matches!(recipient, To::SecurityService | To::Customs),
        Terror => police || recipient == To::SecurityService,
        CloseViolence | ImmediateMinor => police,
        CrimeAgainstChild | SeriousCrime => police || recipient == To::Prosecutor,
        StayInfo => {
            police
                || matches!(
                    recipient,
                    To::SecurityService | To::Customs | To::Prosecutor | To::Court | To::Enforcement | To::TaxAgency
                )
        }
        ProtectedRegistration => recipient == To::TaxAgency,
        ContactDetails => {
            police
                || matches!(
                    recipient,
                    To::SecurityService
                        | To::Customs
                        | To::CoastGuard
                        | To::EconomicCrime
                        | To::Prosecutor
                        | To::TaxAgency
                )
        }
        OtherSocialCommittee => matches!(recipient, To::Gaf | To::OtherCommittee),
        SocialOrHealthNeed => {
            matches!(recipient, To::Region | To::Gaf | To::OtherCommittee | To::OtherMunicipality)
        }
        Transfer => recipient == To::OtherMunicipality,
        Admission => recipient == To::Provider,
        Party => recipient == To::Person,
        Statistics => recipient == To::WelfareBoard,
    };
    if fits { Ok(()) } else { Err(GroundFault::NotForThem) }
}

/// Whether the person is young enough for the ground on the day that it is handed over.
pub fn age_fits(ground: DisclosureGround, birth_date: Option<Date>, day: Date) -> Result<(), GroundFault> {
    let age = birth_date.map(|birth| age_on(birth, day));
    match (ground, age) {
        (DisclosureGround::YoungCrimeRisk, None) => Err(GroundFault::AgeUnknown),
        (DisclosureGround::YoungCrimeRisk, Some(21..)) => Err(GroundFault::Turned21),
        // Somebody whose age is not known may be presumed to be under 18.
        (DisclosureGround::ImmediateMinor, Some(18..)) => Err(GroundFault::Turned18),
        _ => Ok(()),
    }
}

/// Whether it holds only for what somebody has asked for.
pub const fn needs_request(ground: DisclosureGround) -> bool {
    matches!(
        ground,
        DisclosureGround::AuditSupervision
            | DisclosureGround::StayInfo
            | DisclosureGround::ContactDetails
            | DisclosureGround::OtherSocialCommittee
    )
}

/// What the law demands that no field can hold: the official says that it is so.
pub const fn condition(ground: DisclosureGround) -> Option<&'static str> {
    Some(match ground {
        DisclosureGround::YoungCrimeRisk => {
            "Konkreta omständigheter tyder på en risk, utlämnandet är inte olämpligt för insatserna och det gäller inte \
             misstanke om ett brott som redan är begånget"
        }
        DisclosureGround::Terror => {
            "Uppgiften gäller terroristbrott eller ett sådant brott som paragraferna räknar upp"
        }
        DisclosureGround::CloseViolence => {
            "Det finns risk för ett brott mot en närstående som ger minst ett års fängelse"
        }
        DisclosureGround::ImmediateMinor => "Personen bedöms vara under 18 år och polisen behöver ingripa omedelbart",
        DisclosureGround::CrimeAgainstChild => "Uppgiften gäller misstanke om brott mot ett barn",
        DisclosureGround::SeriousCrime => {
            "Brottet ger minst sex månaders fängelse, eller minst ett år om det gäller försök och liknande"
        }
        DisclosureGround::Transfer => "Överflyttningen är accepterad eller beslutad",
        DisclosureGround::Admission => "En placering är planerad hos mottagaren",
        DisclosureGround::Party => {
            "Det som skyddas av 26 kap. 5 § OSL, eller som av synnerlig vikt inte får röjas, är maskerat"
        }
        _ => return None,
    })
}

/// What has to be named besides: the statute, or the crime.
pub const fn basis(ground: DisclosureGround) -> Option<(&'static str, &'static str)> {
    match ground {
        DisclosureGround::DutyOther => Some(("Bestämmelse", "Skriv lagen eller förordningen och paragrafen.")),
        DisclosureGround::SeriousCrime => Some(("Brott", "Skriv brottet, till exempel grovt vapenbrott.")),
        _ => None,
    }
}

/// The only sort of item that the ground lets out.
pub const fn only(ground: DisclosureGround) -> Option<DisclosureItemKind> {
    match ground {
        DisclosureGround::StayInfo => Some(DisclosureItemKind::Whereabouts),
        DisclosureGround::ContactDetails => Some(DisclosureItemKind::ContactDetail),
        _ => None,
    }
}

/// What an official should know of the ground before using it.
pub const fn advice(ground: DisclosureGround) -> Option<&'static str> {
    Some(match ground {
        DisclosureGround::Consent => {
            "Samtycket måste gälla den dag som uppgiften lämnas ut, och nämna både mottagaren och sortens uppgift."
        }
        DisclosureGround::NoHarm => {
            "Det ska stå klart att uppgiften kan röjas utan men för personen eller någon närstående."
        }
        DisclosureGround::Necessary => {
            "Används restriktivt: bara det som är nödvändigt för att kommunen ska klara sin egen uppgift."
        }
        DisclosureGround::CrimePrevention => {
            "Skriv varför uppgiften behövs, och varför inget intresse väger tyngre än att den lämnas."
        }
        DisclosureGround::StayInfo => {
            "Svara bara ja eller nej på om personen vistas i familjehem, stödboende, skyddat boende eller HVB. Skriv aldrig var."
        }
        DisclosureGround::ContactDetails => {
            "Kontaktuppgifter ska lämnas på begäran om inte synnerliga skäl talar emot. Chefen beslutar. För adressen till ett skyddat boende ska synnerliga skäl alltid vägas."
        }
        DisclosureGround::OtherSocialCommittee => "Svara bara på om personen är aktuell, när den andra nämnden frågar.",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::vocabulary::DisclosureRecipient as To;

    #[test]
    fn what_may_not_be_used_is_not_in_the_list() {
        for ground in DisclosureGround::ALL {
            assert!(!ground.label().contains("10:27") && !ground.label().contains("10:24"), "{ground}");
            assert!(!["5 §", "6 §", "7 §"].iter().any(|one| ground.label().contains(&format!("2025:170 {one}"))));
        }
        assert_eq!(DisclosureGround::ALL.len(), 21);
    }

    #[test]
    fn a_ground_is_for_those_that_it_names() {
        assert_eq!(is_for(DisclosureGround::CrimePrevention, To::PoliceLpo), Ok(()));
        assert_eq!(is_for(DisclosureGround::CrimePrevention, To::Association), Err(GroundFault::OnlyAuthority));
        assert_eq!(is_for(DisclosureGround::Statistics, To::PoliceLpo), Err(GroundFault::NotForThem));
        assert_eq!(is_for(DisclosureGround::Consent, To::Court), Err(GroundFault::NotForThem));
        for ground in DisclosureGround::ALL {
            assert!(To::ALL.iter().any(|to| is_for(*ground, *to).is_ok()), "{ground} is for nobody");
        }
    }

    #[test]
    fn the_young_ones_ground_ends_with_the_day_they_turn_21() {
        let fits = |day| age_fits(DisclosureGround::YoungCrimeRisk, Some(date!(2005 - 06 - 15)), day);
        assert_eq!(fits(date!(2026 - 06 - 14)), Ok(()));
        assert_eq!(fits(date!(2026 - 06 - 15)), Err(GroundFault::Turned21));
        assert!(age_fits(DisclosureGround::YoungCrimeRisk, None, date!(2026 - 06 - 14)).is_err());
        assert_eq!(age_fits(DisclosureGround::ImmediateMinor, None, date!(2026 - 06 - 14)), Ok(()));
        let grown = age_fits(DisclosureGround::ImmediateMinor, Some(date!(2005 - 06 - 15)), date!(2026 - 06 - 14));
        assert_eq!(grown, Err(GroundFault::Turned18));
    }
}
