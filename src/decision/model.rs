//! A decision, and the rules for what may be decided, for its days and for what may happen next. Who holds delegation
//! stands in `delegation`.

use time::{Date, Duration, OffsetDateTime};
use uuid::Uuid;

use crate::calendar::holidays::moved_past_holidays;
use crate::calendar::{add_months, age_on};
use crate::crypto::Sealed;
use crate::money::Ore;
use crate::vocabulary::{
    AppealState, CourtOutcome, DecisionMaker, DecisionOutcome, DecisionStatus, DecisionType, DelayReason, LegalBasis,
    MailRoute, NotifiedHow, ProcurementForm, ReasonsException,
};

/// The shortest reasons (domain 2.7).
pub const SHORTEST_REASONS: usize = 50;
/// An appeal is in time for so long after the party received the decision (44 § FL).
pub const APPEAL_WEEKS: i64 = 3;
/// Granted support that is not given within so many months is reported (34 kap. 1 § `SoL`).
pub const EXECUTION_MONTHS: i32 = 3;
/// From this day after the decision it is spoken of (domain 4.3, A09).
pub const EXECUTION_WARNING: Duration = Duration::days(60);
/// The dearest day of subsistence that somebody pays for themselves (17 kap. 2 § `SoF`).
pub const DEAREST_FEE: Ore = Ore::from_ore(13_000);

/// What is decided, as it is coded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matter {
    pub kind: DecisionType,
    pub outcome: DecisionOutcome,
    pub bases: Vec<LegalBasis>,
    pub from: Date,
    /// Nothing: until further notice.
    pub to: Option<Date>,
    pub amount: Option<Ore>,
    pub procurement: Option<ProcurementForm>,
    pub emergency: bool,
    pub exception: Option<ReasonsException>,
    pub maker: DecisionMaker,
    /// Of the committee's decision; of any other when it is signed.
    pub decided_on: Option<Date>,
    /// The decision that this one takes the place of.
    pub changes: Option<Uuid>,
}

/// What is written in a decision: typed, sealed or opened.
#[derive(Debug, Clone)]
pub struct Texts<T> {
    pub applied_for: Option<T>,
    pub scope: T,
    pub age_reason: Option<T>,
    pub reasons: Option<T>,
    pub participants: Option<T>,
    pub minutes_ref: Option<T>,
}

/// One that has been checked and may be kept as a draft. No `Debug`: the texts are about to be sealed.
#[derive(Clone)]
pub struct NewDecision {
    pub id: Uuid,
    pub matter: Matter,
    pub texts: Texts<String>,
    pub conceal_staff_names: bool,
}

/// Who made it, and what was shown to them.
#[derive(Debug, Clone)]
pub struct Signature {
    pub name: String,
    pub at: OffsetDateTime,
    pub text_hash: Vec<u8>,
}

/// What has happened to a decision since it was made.
#[derive(Debug, Clone)]
pub struct Course {
    pub notified: Option<(Date, NotifiedHow)>,
    pub received_on: Option<Date>,
    pub appeal: AppealState,
    pub appealed_on: Option<Date>,
    pub forwarded_on: Option<Date>,
    pub court_ref: Option<Sealed>,
    pub court: Option<(Date, CourtOutcome)>,
    pub executed_on: Option<Date>,
    pub delay: Option<DelayReason>,
    pub delay_note: Option<Sealed>,
    pub ended_on: Option<Date>,
    pub ended_reason: Option<Sealed>,
}

/// A decision as it is read.
#[derive(Debug, Clone)]
pub struct Decision {
    pub id: Uuid,
    pub number: i32,
    pub matter: Matter,
    pub texts: Texts<Sealed>,
    pub conceal_staff_names: bool,
    pub status: DecisionStatus,
    /// Who began it, and who wrote in it last.
    pub authors: [Uuid; 2],
    pub author: String,
    pub returned: Option<(String, Sealed)>,
    pub signature: Option<Signature>,
    pub course: Course,
    pub version: i32,
}

/// A clerical error that was corrected: the texts as they read since then.
#[derive(Debug, Clone)]
pub struct Correction {
    pub id: Uuid,
    pub number: i32,
    pub applied_for: Option<Sealed>,
    pub scope: Sealed,
    pub reasons: Option<Sealed>,
    pub why: Sealed,
    pub text_hash: Vec<u8>,
    pub made_by: String,
    pub made_at: OffsetDateTime,
}

/// Why somebody of an age cannot be given this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgeFault {
    /// The statutory form for the young (H7).
    NotBetween18And20,
    /// Only with a reason.
    Under21WithoutReason,
    NotUnder21,
}

/// `reasoned`: a reason was given for a form meant for those of 21 and over.
pub fn check_age(kind: DecisionType, birth: Option<Date>, from: Date, reasoned: bool) -> Result<(), AgeFault> {
    let age = birth.map(|birth| age_on(birth, from));
    match kind {
        DecisionType::SupportHousing1620 if !age.is_some_and(|age| (18..=20).contains(&age)) => {
            Err(AgeFault::NotBetween18And20)
        }
        DecisionType::SupportedHousingAdult if !reasoned && age.is_none_or(|age| age < 21) => {
            Err(AgeFault::Under21WithoutReason)
        }
        DecisionType::QualifiedContactPerson if age.is_none_or(|age| age >= 21) => Err(AgeFault::NotUnder21),
        _ => Ok(()),
    }
}

/// Whether what is named can carry a decision of the type: one section of its own, and none that is another's. Those of
/// a review stand only beside.
pub fn bases_fit(kind: DecisionType, bases: &[LegalBasis]) -> bool {
    let own = |basis: &LegalBasis| kind.bases().contains(basis);
    bases.iter().any(own) && bases.iter().all(|basis| own(basis) || basis.is_of_review())
}

/// The last day to appeal: three weeks from the day of receipt, moved past Saturdays, Sundays, holidays and eves.
pub fn appeal_last_day(received: Date) -> Date {
    moved_past_holidays(received.saturating_add(Duration::weeks(APPEAL_WEEKS)))
}

/// The last day on which granted support is given in time.
pub fn execution_last_day(decided: Date) -> Date {
    add_months(decided, EXECUTION_MONTHS).unwrap_or(Date::MAX)
}

impl Decision {
    pub const fn is_signed(&self) -> bool {
        self.signature.is_some()
    }

    /// The day it was made.
    pub fn made_on(&self) -> Option<Date> {
        self.matter.decided_on.filter(|_| self.is_signed())
    }

    /// Made, and neither at an end nor taken the place of.
    pub const fn stands(&self) -> bool {
        self.is_signed() && !matches!(self.status, DecisionStatus::Ended | DecisionStatus::ChangedByNew)
    }

    /// Support that somebody was granted and has not got yet: the day of the decision.
    pub fn waits_for_execution(&self) -> Option<Date> {
        let waits = self.stands()
            && self.matter.kind.is_intervention()
            && self.matter.outcome.gives()
            && self.course.executed_on.is_none();
        self.made_on().filter(|_| waits)
    }

    /// Granted until further notice: it is looked at again and again (14 kap. 9 § `SoL`).
    pub fn is_open_ended(&self) -> bool {
        self.matter.to.is_none() && self.matter.kind.is_intervention() && self.matter.outcome.gives()
    }

    pub fn appeal_last_day(&self) -> Option<Date> {
        self.matter.kind.court().and(self.course.received_on).map(appeal_last_day)
    }

    /// Whether the appeal came in time; nothing while there is none, or no day of receipt to count from.
    pub fn appealed_in_time(&self) -> Option<bool> {
        self.course.appealed_on.zip(self.appeal_last_day()).map(|(appealed, last)| appealed <= last)
    }

    pub fn may_be_notified(&self) -> bool {
        self.stands() && self.course.notified.is_none()
    }

    pub fn may_be_received(&self) -> bool {
        self.stands() && self.course.notified.is_some()
    }

    pub fn may_be_executed(&self) -> bool {
        self.waits_for_execution().is_some()
    }

    pub fn may_be_appealed(&self) -> bool {
        self.is_signed() && self.matter.kind.court().is_some() && self.course.appeal != AppealState::Decided
    }

    /// Only what has come into force comes to an end.
    pub const fn may_end(&self) -> bool {
        matches!(self.status, DecisionStatus::InForce | DecisionStatus::Corrected)
    }

    pub const fn may_be_corrected(&self) -> bool {
        self.stands()
    }
}

/// Whether somebody whose post goes that way may be told in this way: nothing that leads to whoever is protected. The same
/// as `sec.notified_safely` in the database.
pub const fn may_notify(how: NotifiedHow, route: MailRoute) -> bool {
    match route {
        MailRoute::Normal => true,
        MailRoute::ViaSkatteverket => !matches!(how, NotifiedHow::DigitalMail),
        MailRoute::Handover => matches!(how, NotifiedHow::InPerson | NotifiedHow::Counsel),
        MailRoute::None => matches!(how, NotifiedHow::InPerson | NotifiedHow::Phone | NotifiedHow::Counsel),
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn whoever_is_protected_is_not_told_in_a_way_that_leads_to_them() {
        use NotifiedHow::{Counsel, InPerson, Letter, Phone};
        let ways = |route| NotifiedHow::ALL.iter().copied().filter(|how| may_notify(*how, route)).collect::<Vec<_>>();
        assert_eq!(ways(MailRoute::Normal), NotifiedHow::ALL);
        assert_eq!(ways(MailRoute::ViaSkatteverket), [InPerson, Letter, Phone, Counsel]);
        assert_eq!(ways(MailRoute::Handover), [InPerson, Counsel]);
        assert_eq!(ways(MailRoute::None), [InPerson, Phone, Counsel]);
    }

    #[test]
    fn an_appeal_is_in_time_for_three_weeks_that_do_not_end_on_a_holiday() {
        assert_eq!(appeal_last_day(date!(2026 - 03 - 02)), date!(2026 - 03 - 23));
        assert_eq!(appeal_last_day(date!(2026 - 04 - 10)), date!(2026 - 05 - 04));
        assert_eq!(appeal_last_day(date!(2026 - 12 - 03)), date!(2026 - 12 - 28));
        assert_eq!(appeal_last_day(date!(2026 - 05 - 29)), date!(2026 - 06 - 22));
    }

    #[test]
    fn three_months_to_carry_it_out_end_with_the_month_where_it_is_shorter() {
        assert_eq!(execution_last_day(date!(2026 - 02 - 10)), date!(2026 - 05 - 10));
        assert_eq!(execution_last_day(date!(2026 - 11 - 30)), date!(2027 - 02 - 28));
        assert_eq!(date!(2026 - 02 - 10) + EXECUTION_WARNING, date!(2026 - 04 - 11));
    }

    #[test]
    fn housing_for_the_young_is_for_those_of_18_to_20_on_its_first_day() {
        let check = |birth| check_age(DecisionType::SupportHousing1620, birth, date!(2026 - 05 - 11), false);
        assert_eq!(check(Some(date!(2008 - 05 - 11))), Ok(()));
        assert_eq!(check(Some(date!(2008 - 05 - 12))), Err(AgeFault::NotBetween18And20));
        assert_eq!(check(Some(date!(2005 - 05 - 12))), Ok(()));
        assert_eq!(check(Some(date!(2005 - 05 - 11))), Err(AgeFault::NotBetween18And20));
        assert_eq!(check(None), Err(AgeFault::NotBetween18And20));
    }

    #[test]
    fn housing_for_adults_wants_a_reason_under_21() {
        let check =
            |birth, reasoned| check_age(DecisionType::SupportedHousingAdult, birth, date!(2026 - 05 - 11), reasoned);
        assert_eq!(check(Some(date!(2005 - 05 - 11)), false), Ok(()));
        assert_eq!(check(Some(date!(2005 - 05 - 12)), false), Err(AgeFault::Under21WithoutReason));
        assert_eq!(check(Some(date!(2005 - 05 - 12)), true), Ok(()));
        assert_eq!(check(None, false), Err(AgeFault::Under21WithoutReason));
        let contact = |birth| check_age(DecisionType::QualifiedContactPerson, birth, date!(2026 - 05 - 11), true);
        assert_eq!(contact(Some(date!(2005 - 05 - 12))), Ok(()));
        assert_eq!(contact(Some(date!(2005 - 05 - 11))), Err(AgeFault::NotUnder21));
    }

    #[test]
    fn a_decision_rests_on_a_section_of_its_own() {
        use LegalBasis::{Fl37, Sol94, Sol111, Sol142};
        assert!(bases_fit(DecisionType::Hvb, &[Sol111, Sol94, Fl37]));
        assert!(!bases_fit(DecisionType::Hvb, &[]) && !bases_fit(DecisionType::Hvb, &[Fl37]));
        assert!(!bases_fit(DecisionType::Hvb, &[Sol111, Sol142]));
        for kind in DecisionType::ALL {
            assert!(bases_fit(*kind, kind.bases()), "{kind}");
        }
    }
}
