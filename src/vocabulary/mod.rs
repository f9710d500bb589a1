//! Closed lists: each is a Rust enum, a Postgres enum and its Swedish words in one place. A value added here is in every
//! form, filter and page; the schema test says what the migration lacks. Words that are used once stand where they are
//! used, not here.

/// One list. The variant is the code in Rust's spelling, a test holds it to that; the order is the order on the page.
macro_rules! vocabulary {
    (
        $(#[$about:meta])*
        $name:ident = $type_name:literal {
            $($(#[$note:meta])* $variant:ident = $code:literal, $label:literal;)+
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, sqlx::Type)]
        #[sqlx(type_name = $type_name)]
        pub enum $name {
            $($(#[$note])* #[doc = concat!("`", $label, "`")] #[sqlx(rename = $code)] $variant,)+
        }

        impl $name {
            /// The name of the Postgres enum.
            pub const TYPE_NAME: &'static str = $type_name;
            /// Every value, in the order of the page.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// Every code, in the same order.
            pub const CODES: &'static [&'static str] = &[$($code),+];

            /// What stands in the database and in the value of a form field.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                }
            }

            /// What people read.
            pub const fn label(self) -> &'static str {
                match self {
                    $(Self::$variant => $label,)+
                }
            }

            /// The value of a code; none for a code the list has not.
            pub fn parse(code: &str) -> Option<Self> {
                match code {
                    $($code => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.label())
            }
        }
    };
}

mod alarm;
mod case;
mod conditions;
mod cooperation;
mod decision;
mod disclosure;
mod economy;
mod emergency;
mod follow_up;
mod intake;
mod investigation;
mod journal;
mod people;
mod placement;
mod planning;
mod police;
mod printing;
mod review;
mod setting;
mod staffing;

pub use alarm::*;
pub use case::*;
pub use conditions::*;
pub use cooperation::*;
pub use decision::*;
pub use disclosure::*;
pub use economy::*;
pub use emergency::*;
pub use follow_up::*;
pub use intake::*;
pub use investigation::*;
pub use journal::*;
pub use people::*;
pub use placement::*;
pub use planning::*;
pub use police::*;
pub use printing::*;
pub use review::*;
pub use setting::*;
pub use staffing::*;

/// Every list as the database should have it: the enum's name and its codes.
pub const TYPES: &[(&str, &[&str])] = &[
    (CaseStatus::TYPE_NAME, CaseStatus::CODES),
    (ProgrammeStatus::TYPE_NAME, ProgrammeStatus::CODES),
    (NeedsProfile::TYPE_NAME, NeedsProfile::CODES),
    (ProtectionLevel::TYPE_NAME, ProtectionLevel::CODES),
    (ResponsibilityBasis::TYPE_NAME, ResponsibilityBasis::CODES),
    (AssignmentKind::TYPE_NAME, AssignmentKind::CODES),
    (CloseReason::TYPE_NAME, CloseReason::CODES),
    (DormantReason::TYPE_NAME, DormantReason::CODES),
    (TransferAnswer::TYPE_NAME, TransferAnswer::CODES),
    (PlacementKind::TYPE_NAME, PlacementKind::CODES),
    (ProcurementForm::TYPE_NAME, ProcurementForm::CODES),
    (OutsideReason::TYPE_NAME, OutsideReason::CODES),
    (PlacementStatus::TYPE_NAME, PlacementStatus::CODES),
    (EndReason::TYPE_NAME, EndReason::CODES),
    (RateKind::TYPE_NAME, RateKind::CODES),
    (RateSource::TYPE_NAME, RateSource::CODES),
    (AbsenceRate::TYPE_NAME, AbsenceRate::CODES),
    (AbsenceReason::TYPE_NAME, AbsenceReason::CODES),
    (OfferAnswer::TYPE_NAME, OfferAnswer::CODES),
    (ProviderKind::TYPE_NAME, ProviderKind::CODES),
    (BudgetKind::TYPE_NAME, BudgetKind::CODES),
    (LedgerCause::TYPE_NAME, LedgerCause::CODES),
    (FundAuthority::TYPE_NAME, FundAuthority::CODES),
    (FundPrerequisite::TYPE_NAME, FundPrerequisite::CODES),
    (FundStatus::TYPE_NAME, FundStatus::CODES),
    (InvoiceStatus::TYPE_NAME, InvoiceStatus::CODES),
    (InvoiceDispute::TYPE_NAME, InvoiceDispute::CODES),
    (Role::TYPE_NAME, Role::CODES),
    (Sex::TYPE_NAME, Sex::CODES),
    (IdentityKind::TYPE_NAME, IdentityKind::CODES),
    (Theme::TYPE_NAME, Theme::CODES),
    (PoliceBody::TYPE_NAME, PoliceBody::CODES),
    (ReceivedVia::TYPE_NAME, ReceivedVia::CODES),
    (CriminalityDegree::TYPE_NAME, CriminalityDegree::CODES),
    (ThreatKind::TYPE_NAME, ThreatKind::CODES),
    (ThreatLevel::TYPE_NAME, ThreatLevel::CODES),
    (ProtectionNeed::TYPE_NAME, ProtectionNeed::CODES),
    (ReturnPossible::TYPE_NAME, ReturnPossible::CODES),
    (ThreatStatus::TYPE_NAME, ThreatStatus::CODES),
    (ConditionMet::TYPE_NAME, ConditionMet::CODES),
    (IntakeSource::TYPE_NAME, IntakeSource::CODES),
    (IntakeOutcome::TYPE_NAME, IntakeOutcome::CODES),
    (ContactChannel::TYPE_NAME, ContactChannel::CODES),
    (ContactGround::TYPE_NAME, ContactGround::CODES),
    (JournalKind::TYPE_NAME, JournalKind::CODES),
    (JournalEvent::TYPE_NAME, JournalEvent::CODES),
    (ConsentKind::TYPE_NAME, ConsentKind::CODES),
    (ConsentRecipient::TYPE_NAME, ConsentRecipient::CODES),
    (ConsentForm::TYPE_NAME, ConsentForm::CODES),
    (DisclosureCategory::TYPE_NAME, DisclosureCategory::CODES),
    (DecisionType::TYPE_NAME, DecisionType::CODES),
    (DecisionOutcome::TYPE_NAME, DecisionOutcome::CODES),
    (DecisionStatus::TYPE_NAME, DecisionStatus::CODES),
    (LegalBasis::TYPE_NAME, LegalBasis::CODES),
    (ReasonsException::TYPE_NAME, ReasonsException::CODES),
    (DecisionMaker::TYPE_NAME, DecisionMaker::CODES),
    (NotifiedHow::TYPE_NAME, NotifiedHow::CODES),
    (AppealState::TYPE_NAME, AppealState::CODES),
    (CourtOutcome::TYPE_NAME, CourtOutcome::CODES),
    (DelayReason::TYPE_NAME, DelayReason::CODES),
    (PersonStatus::TYPE_NAME, PersonStatus::CODES),
    (BirthDatePrecision::TYPE_NAME, BirthDatePrecision::CODES),
    (MarkingKind::TYPE_NAME, MarkingKind::CODES),
    (MailRoute::TYPE_NAME, MailRoute::CODES),
    (ContactDetailKind::TYPE_NAME, ContactDetailKind::CODES),
    (RelationKind::TYPE_NAME, RelationKind::CODES),
    (LivesWith::TYPE_NAME, LivesWith::CODES),
    (Custody::TYPE_NAME, Custody::CODES),
    (IntakeEnvironment::TYPE_NAME, IntakeEnvironment::CODES),
    (DuplicateOutcome::TYPE_NAME, DuplicateOutcome::CODES),
    (MotivationStage::TYPE_NAME, MotivationStage::CODES),
    (InvestigationKind::TYPE_NAME, InvestigationKind::CODES),
    (InvestigationStatus::TYPE_NAME, InvestigationStatus::CODES),
    (CommunicationException::TYPE_NAME, CommunicationException::CODES),
    (SupportArea::TYPE_NAME, SupportArea::CODES),
    (SupportNeed::TYPE_NAME, SupportNeed::CODES),
    (HasChildren::TYPE_NAME, HasChildren::CODES),
    (ChildAnswer::TYPE_NAME, ChildAnswer::CODES),
    (ReturnResult::TYPE_NAME, ReturnResult::CODES),
    (MeetingStatus::TYPE_NAME, MeetingStatus::CODES),
    (DisclosureGround::TYPE_NAME, DisclosureGround::CODES),
    (InternalRequestKind::TYPE_NAME, InternalRequestKind::CODES),
    (OutcomeMoment::TYPE_NAME, OutcomeMoment::CODES),
    (ExitStatus::TYPE_NAME, ExitStatus::CODES),
    (OutcomeHousing::TYPE_NAME, OutcomeHousing::CODES),
    (OutcomeIncome::TYPE_NAME, OutcomeIncome::CODES),
    (OutcomeOccupation::TYPE_NAME, OutcomeOccupation::CODES),
    (OutcomeSubstance::TYPE_NAME, OutcomeSubstance::CODES),
    (RelapseCrime::TYPE_NAME, RelapseCrime::CODES),
    (RelapseSource::TYPE_NAME, RelapseSource::CODES),
    (ChildContact::TYPE_NAME, ChildContact::CODES),
    (PlanKind::TYPE_NAME, PlanKind::CODES),
    (PlanStatus::TYPE_NAME, PlanStatus::CODES),
    (InterventionKind::TYPE_NAME, InterventionKind::CODES),
    (InterventionStatus::TYPE_NAME, InterventionStatus::CODES),
    (FollowUpKind::TYPE_NAME, FollowUpKind::CODES),
    (FollowUpForm::TYPE_NAME, FollowUpForm::CODES),
    (GoalResult::TYPE_NAME, GoalResult::CODES),
    (CheckResult::TYPE_NAME, CheckResult::CODES),
    (DeviationSource::TYPE_NAME, DeviationSource::CODES),
    (DeviationCategory::TYPE_NAME, DeviationCategory::CODES),
    (DeviationSeverity::TYPE_NAME, DeviationSeverity::CODES),
    (DeviationStatus::TYPE_NAME, DeviationStatus::CODES),
    (DeviationOutcome::TYPE_NAME, DeviationOutcome::CODES),
    (PrintPart::TYPE_NAME, PrintPart::CODES),
    (PrintPurpose::TYPE_NAME, PrintPurpose::CODES),
    (BreakGlassReason::TYPE_NAME, BreakGlassReason::CODES),
    (BreakGlassResult::TYPE_NAME, BreakGlassResult::CODES),
    (LogVerdict::TYPE_NAME, LogVerdict::CODES),
    (DisclosureRecipient::TYPE_NAME, DisclosureRecipient::CODES),
    (DisclosureInitiative::TYPE_NAME, DisclosureInitiative::CODES),
    (DisclosureChannel::TYPE_NAME, DisclosureChannel::CODES),
    (DisclosureStatus::TYPE_NAME, DisclosureStatus::CODES),
    (DisclosureItemKind::TYPE_NAME, DisclosureItemKind::CODES),
    (CrimePurpose::TYPE_NAME, CrimePurpose::CODES),
    (CareNeed::TYPE_NAME, CareNeed::CODES),
    (LocationReason::TYPE_NAME, LocationReason::CODES),
    (ProtectedReason::TYPE_NAME, ProtectedReason::CODES),
    (ProposalKind::TYPE_NAME, ProposalKind::CODES),
    (ProposalOutcome::TYPE_NAME, ProposalOutcome::CODES),
    (RecoveryKind::TYPE_NAME, RecoveryKind::CODES),
    (SettingKey::TYPE_NAME, SettingKey::CODES),
    (SettingUnit::TYPE_NAME, SettingUnit::CODES),
    (ProgrammeRule::TYPE_NAME, ProgrammeRule::CODES),
    (AlarmRule::TYPE_NAME, AlarmRule::CODES),
    (AlarmSeverity::TYPE_NAME, AlarmSeverity::CODES),
    (AlarmReceiver::TYPE_NAME, AlarmReceiver::CODES),
    (AlarmEnd::TYPE_NAME, AlarmEnd::CODES),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    const SOURCES: &[&str] = &[
        include_str!("case.rs"),
        include_str!("cooperation.rs"),
        include_str!("decision.rs"),
        include_str!("emergency.rs"),
        include_str!("disclosure.rs"),
        include_str!("economy.rs"),
        include_str!("follow_up.rs"),
        include_str!("intake.rs"),
        include_str!("investigation.rs"),
        include_str!("journal.rs"),
        include_str!("placement.rs"),
        include_str!("planning.rs"),
        include_str!("people.rs"),
        include_str!("police.rs"),
        include_str!("printing.rs"),
        include_str!("review.rs"),
        include_str!("staffing.rs"),
        include_str!("setting.rs"),
        include_str!("conditions.rs"),
        include_str!("alarm.rs"),
    ];

    #[test]
    fn every_list_is_known_to_the_schema_test() {
        let written: usize = SOURCES.iter().map(|source| source.matches("vocabulary! {").count()).sum();
        let names: HashSet<_> = TYPES.iter().map(|(name, _)| name).collect();
        assert_eq!((written, names.len()), (TYPES.len(), TYPES.len()));
    }

    #[test]
    fn a_code_stands_once_in_its_list_and_fits_a_postgres_enum() {
        for (name, codes) in TYPES {
            assert_eq!(codes.iter().collect::<HashSet<_>>().len(), codes.len(), "{name}");
            for code in *codes {
                let plain = code.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
                assert!(plain && !code.is_empty() && code.len() < 64, "{name}.{code}");
            }
        }
    }

    #[test]
    fn a_variant_is_its_code_in_another_spelling() {
        for line in SOURCES.iter().flat_map(|source| source.lines()).filter(|line| line.ends_with("\";")) {
            let (variant, rest) = line.trim().split_once(" = ").unwrap();
            let code = rest.split('"').nth(1).unwrap();
            assert_eq!(variant.to_lowercase(), code.replace('_', ""), "{line}");
        }
    }

    #[test]
    fn a_code_leads_back_to_its_value() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.code()), Some(*role));
        }
        assert_eq!(PlacementKind::CODES.len(), 8);
        assert_eq!(Role::parse("Samordnare"), None);
        assert_eq!(Role::Coordinator.to_string(), "Samordnare");
    }
}
