//! Which ground can let whom be told (domain 3.4). Whether a consent covers it the store says.

use time::Date;

use crate::calendar::age_on;
use crate::vocabulary::{ConsentRecipient, DisclosureGround, InternalRequestKind};
use crate::web::form::Faults;

/// What is said where no consent covers it (AC-01).
pub const NO_CONSENT: &str = "Samtycke saknas eller täcker inte mottagaren";
/// Shorter than this nothing has been weighed (domain 2.11).
const LEAST_WEIGHING: usize = 50;
/// From this age 10 kap. 18 a § OSL is no ground.
const YOUNG_UNTIL: i32 = 21;

/// Why a ground does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroundFault {
    NotForThem,
    NotUnder21,
}

impl GroundFault {
    pub const fn message(self) -> &'static str {
        match self {
            Self::NotForThem => "Grunden gäller inte för mottagaren. Välj en annan grund",
            Self::NotUnder21 => "Grunden gäller bara personer under 21 år",
        }
    }
}

const fn is_police(recipient: ConsentRecipient) -> bool {
    use ConsentRecipient::{PoliceBops, PoliceLpo, PoliceNoa, PoliceRegion};
    matches!(recipient, PoliceLpo | PoliceNoa | PoliceBops | PoliceRegion)
}

/// Whether somebody can be told in a meeting on the ground.
pub fn holds_in_meeting(
    ground: DisclosureGround,
    recipient: ConsentRecipient,
    birth_date: Option<Date>,
    day: Date,
) -> Result<(), GroundFault> {
    use ConsentRecipient::{Gaf, OtherCommittee, Provider, Region, Sig};
    let fits = match ground {
        DisclosureGround::Consent | DisclosureGround::NoHarm | DisclosureGround::Necessary => true,
        DisclosureGround::CrimePrevention => !matches!(recipient, Provider | Sig),
        DisclosureGround::YoungCrimeRisk => is_police(recipient),
        DisclosureGround::SocialOrHealthNeed => matches!(recipient, Region | Gaf | OtherCommittee),
        // The rest are for disclosures of their own.
        _ => false,
    };
    if !fits {
        return Err(GroundFault::NotForThem);
    }
    let is_young = birth_date.is_some_and(|birth| age_on(birth, day) < YOUNG_UNTIL);
    if ground == DisclosureGround::YoungCrimeRisk && !is_young { Err(GroundFault::NotUnder21) } else { Ok(()) }
}

/// Whom a consent has to name for a request.
pub const fn recipients(kind: InternalRequestKind) -> &'static [ConsentRecipient] {
    use ConsentRecipient::{Gaf, OtherCommittee};
    match kind {
        InternalRequestKind::EconomicAssistance | InternalRequestKind::Schooling => &[Gaf, OtherCommittee],
        InternalRequestKind::ChildUnit | InternalRequestKind::Housing => &[OtherCommittee],
    }
}

/// What was weighed, or an empty text: there where the ground needs it, and not where it does not. What was typed is not
/// thrown away.
pub(super) fn weighing(
    typed: &str,
    ground: Option<DisclosureGround>,
    field: &'static str,
    faults: &mut Faults,
) -> Option<String> {
    let text = faults.optional_text(typed, 4000, field)?;
    let ground = ground?;
    if ground.needs_weighing() && text.chars().count() < LEAST_WEIGHING {
        faults.add(field, format!("Skriv avvägningen med minst {LEAST_WEIGHING} tecken"));
    }
    if !ground.needs_weighing() && !text.is_empty() {
        faults.add(field, "Grunden behöver ingen avvägning. Ta bort texten eller välj en annan grund");
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    const DAY: Date = date!(2026 - 11 - 20);

    #[test]
    fn a_ground_is_for_those_that_it_names() {
        let holds = |ground, recipient| holds_in_meeting(ground, recipient, None, DAY);
        assert_eq!(holds(DisclosureGround::CrimePrevention, ConsentRecipient::PoliceLpo), Ok(()));
        let provider = holds(DisclosureGround::CrimePrevention, ConsentRecipient::Provider);
        assert_eq!(provider, Err(GroundFault::NotForThem));
        let region = holds(DisclosureGround::SocialOrHealthNeed, ConsentRecipient::Region);
        assert_eq!(region, Ok(()));
        let police = holds(DisclosureGround::SocialOrHealthNeed, ConsentRecipient::PoliceLpo);
        assert_eq!(police, Err(GroundFault::NotForThem));
    }

    #[test]
    fn the_ground_for_young_people_ends_with_the_day_they_turn_21() {
        let holds = |birth| holds_in_meeting(DisclosureGround::YoungCrimeRisk, ConsentRecipient::PoliceLpo, birth, DAY);
        assert_eq!(holds(Some(date!(2005 - 11 - 21))), Ok(()));
        assert_eq!(holds(Some(date!(2005 - 11 - 20))), Err(GroundFault::NotUnder21));
        assert_eq!(holds(None), Err(GroundFault::NotUnder21));
    }

    #[test]
    fn what_is_weighed_is_written_and_nothing_else() {
        let said = |text: &str, ground| {
            let mut faults = Faults::none();
            weighing(text, Some(ground), "weighing", &mut faults);
            faults.of("weighing").map(str::to_owned)
        };
        let fifty = "x".repeat(LEAST_WEIGHING);
        assert_eq!(said(&fifty, DisclosureGround::Necessary), None);
        let short = said(&fifty[1..], DisclosureGround::Necessary);
        assert_eq!(short.as_deref(), Some("Skriv avvägningen med minst 50 tecken"));
        assert_eq!(said("", DisclosureGround::Consent), None);
        assert!(said(&fifty, DisclosureGround::Consent).is_some());
    }
}
