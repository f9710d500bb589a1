//! Who may what: one table, exhaustive, and the only place in Rust where roles are compared. Postgres holds the same
//! border once more by itself (row security); `tests/it/walls.rs` asks it without this file in between.

use super::actor::Actor;
use super::right::Permission::{
    self, AnswerHandover, AnswerLogQuestion, ApproveLocation, ArrangeMeetings, AskLocation, AssessMotivation,
    AssessReturn, AssignCase, BreakGlass, BreakIdentity, CancelJournal, ChangeSettings, CloseCase, CloseLogReview,
    CloseMonth, ConfirmRights, CorrectDecision, CountGlasses, DecideContactDetails, DecideDisclosure, DecideProposal,
    DeclareConflict, DraftDecision, EndAccount, EndConflict, ExportBoardReport, FollowDecision, FollowOutcome,
    FollowUp, GiveConsent, GiveIntervention, HandOver, HandleDeviation, Investigate, IssueCode, JoinIntake, KeepBudget,
    KeepDrafts, ListCases, ListPlacements, ListUnexecuted, LockAccount, ManageCase, ManageMarkings, ManagePerson,
    ManagePlacements, ManageProviders, ManageRelations, MarkLog, OpenCase, OpenLocation, OwnSettings, PlaceUnsafely,
    PrintCase, ProposeAccount, ReadAccounts, ReadBoardReport, ReadCase, ReadChecks, ReadConsents, ReadCoordination,
    ReadDecisions, ReadDeviations, ReadDisclosures, ReadEconomy, ReadExposure, ReadGlasses, ReadIntakes,
    ReadInvestigations, ReadJournal, ReadLogReview, ReadLooks, ReadMeetings, ReadMotivation, ReadOutcomes, ReadOwnRole,
    ReadPerson, ReadPlans, ReadPoliceContacts, ReadProviders, ReadReleased, ReadReturn, ReadSettings, ReadStart,
    ReadThreat, RecordCommitteeDecision, RecordOutcome, RegisterCheck, RegisterIntake, RegisterPoliceContact,
    RegisterThreat, ReviewGlass, ReviewLog, ReviewLooks, SayWhy, SearchCases, SeeCosts, SeeInformant, SetProtection,
    SettleDuplicates, SettleIntake, SettleThreat, SignDecision, WatchStaffing, WithdrawConsent, WriteDisclosure,
    WriteJournal, WritePlan,
};
use crate::vocabulary::Role::{Caseworker, Controller, Coordinator, LogReviewer, Manager, PoliceLiaison, Sysadmin};
use crate::vocabulary::{AssignmentKind, ProtectionLevel, Role};

/// What the policy needs to know of a case.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own that a rule asks for by name")]
pub struct Relation {
    /// What the actor is named as in the case, now.
    pub named: Vec<AssignmentKind>,
    pub is_closed: bool,
    /// Whether nothing but a broken glass lets the actor see it.
    pub through_glass: bool,
    /// Closed, and so followed up by those who want it: nobody follows what was never begun, or is another's now.
    pub is_followed: bool,
    /// Whether the actor has said why they open it, in this session or today.
    pub said_why: bool,
    /// Whether the actor is one of the two who see where the person is.
    pub reads_location: bool,
}

impl Relation {
    fn works_with(&self) -> bool {
        use AssignmentKind::{CoWorker, Deputy, Responsible};
        self.named.iter().any(|kind| matches!(kind, Responsible | Deputy | CoWorker))
    }
}

/// What let the actor see the case, as the log keeps it: what they are named as, or their role, or a broken glass.
pub fn rule(case: &Relation) -> &'static str {
    if case.through_glass {
        return GLASS;
    }
    AssignmentKind::ALL.iter().find(|kind| case.named.contains(kind)).map_or(ROLE, |kind| kind.code())
}

/// The two rules that are no assignment.
pub const GLASS: &str = "glass";
pub const ROLE: &str = "role";

/// What is read through a broken glass: what helps whoever has to act now. Nothing is changed through it, and where the
/// person is stands behind no glass: it can be asked for, and a second person answers.
const fn is_read_through_glass(permission: Permission) -> bool {
    matches!(
        permission,
        ReadCase
            | ReadPerson
            | ReadThreat
            | ReadPoliceContacts
            | ReadJournal
            | ReadConsents
            | ReadDecisions
            | ReadMotivation
            | ReadInvestigations
            | ReadReturn
            | ReadMeetings
            | ReadPlans
            | ReadChecks
            | ReadDeviations
            | AskLocation
    )
}

/// Whether the actor may do this in a case that row security has let through.
#[expect(clippy::match_same_arms, reason = "a line per role reads as the table that it is")]
pub fn allows_in_case(actor: &Actor, permission: Permission, case: &Relation) -> bool {
    if case.through_glass {
        return match actor.role {
            Caseworker => is_read_through_glass(permission),
            Coordinator | Manager => is_read_through_glass(permission) || permission == SeeCosts,
            PoliceLiaison | Controller | LogReviewer | Sysadmin => false,
        };
    }
    let open = !case.is_closed;
    match (actor.role, permission) {
        (Caseworker, ReadCase | ReadPerson | ReadThreat) => case.works_with(),
        (Caseworker, ManagePlacements | ManageCase | RegisterThreat | SettleThreat) => open && case.works_with(),
        (Caseworker | Coordinator, OpenLocation) => case.reads_location,
        (Coordinator | Manager, ReadCase | ReadPerson | ReadThreat) => true,
        (Coordinator, RegisterThreat | SettleThreat) => open,
        (Coordinator | Manager, CloseCase | AssignCase | ManageCase | SetProtection | ManagePlacements) => open,
        (Caseworker, HandOver) => open && case.named.contains(&AssignmentKind::Responsible),
        (Coordinator | Manager, HandOver) => open,
        (_, AnswerHandover) => false,
        (Caseworker, CloseCase | AssignCase | SetProtection) => false,
        (Manager, OpenLocation | RegisterThreat | SettleThreat) => false,
        (Caseworker, ReadPoliceContacts) => case.works_with(),
        (Caseworker, RegisterPoliceContact) => open && case.works_with(),
        (Caseworker, SeeInformant) => case.named.contains(&AssignmentKind::Responsible),
        (Coordinator, SeeInformant) => true,
        (Coordinator | Manager, ReadPoliceContacts) => true,
        (Coordinator, RegisterPoliceContact) => open,
        (Manager, RegisterPoliceContact | SeeInformant) => false,
        (Caseworker, ReadJournal | ReadConsents | WithdrawConsent) => case.works_with(),
        (Caseworker, WriteJournal) => open && case.works_with(),
        // In a closed case there is still the consent to be asked afterwards.
        (Caseworker, GiveConsent) => (open || case.is_followed) && case.works_with(),
        (Coordinator | Manager, ReadJournal | ReadConsents) => true,
        (Coordinator, GiveConsent) => open || case.is_followed,
        // Whatever has become of the case: what is about somebody else, or taken back, does not wait.
        (Coordinator, WithdrawConsent) | (Manager, CancelJournal) => true,
        (Caseworker, CancelJournal) | (Coordinator, WriteJournal | CancelJournal) => false,
        (Manager, WriteJournal | GiveConsent | WithdrawConsent) => false,
        (Caseworker, ReadDecisions) => case.works_with(),
        (Caseworker, DraftDecision | SignDecision | FollowDecision) => open && case.works_with(),
        (Coordinator | Manager, ReadDecisions) => true,
        (Coordinator, SignDecision) => open,
        (Manager, DraftDecision | SignDecision | FollowDecision | CorrectDecision | RecordCommitteeDecision) => open,
        (Caseworker, CorrectDecision | RecordCommitteeDecision) => false,
        (Coordinator, DraftDecision | FollowDecision | CorrectDecision | RecordCommitteeDecision) => false,
        (Caseworker, ManagePerson | ManageMarkings | ManageRelations) => open && case.works_with(),
        (Coordinator, ManagePerson | ManageMarkings) | (Manager, ManageMarkings | BreakIdentity) => open,
        (Coordinator, ManageRelations) | (Manager, ManagePerson | ManageRelations) => false,
        (Caseworker | Coordinator, BreakIdentity) => false,
        (Caseworker, ReadMotivation | ReadInvestigations) => case.works_with(),
        (Caseworker, AssessMotivation | Investigate) => open && case.works_with(),
        (Coordinator | Manager, ReadMotivation | ReadInvestigations) => true,
        (Coordinator | Manager, AssessMotivation | Investigate) => false,
        (Caseworker, ReadReturn | ReadMeetings | ReadOutcomes) => case.works_with(),
        (Caseworker, AssessReturn | ArrangeMeetings | RecordOutcome) => open && case.works_with(),
        // The only thing that is written in a case that is closed: how it went afterwards.
        (Caseworker, FollowOutcome) => case.is_followed && case.works_with(),
        (Coordinator | Manager, ReadReturn | ReadMeetings | ReadOutcomes) => true,
        (Coordinator, AssessReturn | ArrangeMeetings | RecordOutcome) => open,
        (Coordinator, FollowOutcome) => case.is_followed,
        (Manager, PlaceUnsafely) => open,
        (Manager, AssessReturn | ArrangeMeetings | RecordOutcome | FollowOutcome) => false,
        (Caseworker | Coordinator, PlaceUnsafely) => false,
        (Caseworker, ReadPlans) => case.works_with(),
        (Caseworker, FollowUp) => (open || case.is_followed) && case.works_with(),
        (Caseworker, WritePlan | GiveIntervention) => open && case.works_with(),
        (Coordinator | Manager, ReadPlans) => true,
        // In a closed case there is still what is followed up after the end.
        (Coordinator, FollowUp) => open || case.is_followed,
        (Coordinator, WritePlan | GiveIntervention) | (Manager, WritePlan | GiveIntervention | FollowUp) => false,
        (Caseworker, ReadChecks | ReadDeviations) => case.works_with(),
        (Caseworker, RegisterCheck | HandleDeviation) => open && case.works_with(),
        (Coordinator | Manager, ReadChecks | ReadDeviations) => true,
        (Coordinator | Manager, HandleDeviation) => open,
        (Coordinator, RegisterCheck) => open,
        (Manager, RegisterCheck) => false,
        // Also in a closed case: what is kept may be asked for.
        (Caseworker, PrintCase) => case.works_with(),
        (Coordinator | Manager, PrintCase) => true,
        (Caseworker, DeclareConflict) => case.works_with(),
        (Coordinator | Manager, DeclareConflict) => true,
        (Coordinator, ReadLooks) => true,
        (Caseworker | Manager, ReadLooks) => false,
        (PoliceLiaison | Controller | LogReviewer | Sysadmin, _) => false,
        (_, ReadLogReview | ReviewLog | MarkLog | CloseLogReview | AnswerLogQuestion | KeepDrafts) => false,
        (_, ReadExposure | LockAccount | ReadSettings | ChangeSettings | ReadEconomy | KeepBudget) => false,
        // Also in a closed case: what is asked for then is answered then.
        (Caseworker, ReadDisclosures | WriteDisclosure) => case.works_with(),
        (Caseworker, DecideDisclosure) => case.named.contains(&AssignmentKind::Responsible),
        (Coordinator | Manager, ReadDisclosures | WriteDisclosure | DecideDisclosure) => true,
        (Manager, DecideContactDetails) => true,
        (Caseworker | Coordinator, DecideContactDetails) => false,
        (Manager, AskLocation) => true,
        (Caseworker | Coordinator, AskLocation) | (Manager, ApproveLocation) => false,
        (Caseworker, ApproveLocation) => case.reads_location,
        (Coordinator, ApproveLocation) => true,
        (Coordinator | Manager, SayWhy) => true,
        (Caseworker, SayWhy) => false,
        (Caseworker, SeeCosts) => case.works_with(),
        (Coordinator | Manager, SeeCosts) | (Manager, EndConflict) => true,
        (Caseworker | Coordinator, EndConflict) | (_, CountGlasses | ReadBoardReport | ExportBoardReport) => false,
        (_, ReadAccounts | ProposeAccount | DecideProposal | EndAccount | ConfirmRights | IssueCode) => false,
        (_, ReadOwnRole | WatchStaffing | CloseMonth | ReadReleased | ReadCoordination) => false,
        (_, ReadStart | ListCases | OpenCase | ListPlacements | ReadProviders | ManageProviders | OwnSettings) => false,
        (_, ReadIntakes | RegisterIntake | SettleIntake | JoinIntake | ListUnexecuted) => false,
        (_, SearchCases | ReviewLooks | BreakGlass | ReadGlasses | ReviewGlass | SettleDuplicates) => false,
    }
}

/// Whether there is an open case in which the actor, named as anything that they can be, may do this: whether a list of
/// what waits for them asks after it at all.
pub fn may_in_some_case(actor: &Actor, permission: Permission) -> bool {
    let named = AssignmentKind::ALL.iter().copied().filter(|kind| can_be_named(actor.role, *kind)).collect();
    allows_in_case(actor, permission, &Relation { named, ..Relation::default() })
}

/// Whether the actor may do this outside any one case.
#[expect(clippy::match_same_arms, reason = "a line per role reads as the table that it is")]
pub fn allows(actor: &Actor, permission: Permission) -> bool {
    match (actor.role, permission) {
        (_, ReadStart | OwnSettings) => true,
        // Anybody can be asked about what they did; the police's contact is asked in person, and reaches no log of ours.
        (_, AnswerLogQuestion) => actor.role != PoliceLiaison,
        // Whoever comes from another authority writes no forms of ours.
        (_, KeepDrafts) => actor.role != PoliceLiaison,
        (LogReviewer, ReadLogReview | ReviewLog | MarkLog) => true,
        // A manager marks what the reviewers themselves have done, and closes what they have gone through.
        (Manager, ReadLogReview | MarkLog | CloseLogReview) => true,
        (_, ReadLogReview | ReviewLog | MarkLog | CloseLogReview) => false,
        // References and whom to call; row security shows an administrator no code name.
        (Coordinator | Manager | Sysadmin, ReadExposure | LockAccount) => true,
        (_, ReadExposure | LockAccount) => false,
        (Controller | Coordinator | Manager, ReadEconomy) | (Controller, KeepBudget | CloseMonth) => true,
        (_, ReadEconomy | KeepBudget | CloseMonth) => false,
        (Coordinator | Manager, ReadCoordination) => true,
        (Controller | Coordinator | Manager, ReadBoardReport) | (Coordinator | Manager, ExportBoardReport) => true,
        (_, ReadCoordination | ReadBoardReport | ExportBoardReport) => false,
        (Sysadmin | Manager, ReadAccounts | ProposeAccount | DecideProposal | EndAccount | ConfirmRights) => true,
        (Sysadmin, IssueCode) => true,
        (_, ReadOwnRole) => actor.role != PoliceLiaison,
        (Coordinator | Manager, WatchStaffing) => true,
        (_, ReadAccounts | ProposeAccount | DecideProposal | EndAccount | ConfirmRights | IssueCode) => false,
        (_, WatchStaffing) => false,
        // By what days everybody is measured is no secret here; one of them decides.
        (_, ReadSettings) => actor.role != PoliceLiaison,
        (Manager, ChangeSettings) => true,
        (_, ChangeSettings) => false,
        (Caseworker, ListCases | OpenCase | ReadProviders) => true,
        (Coordinator, ListCases | OpenCase | ListPlacements | ReadProviders | ManageProviders) => true,
        (Manager, ListCases | ListPlacements | ReadProviders | ManageProviders) => true,
        (Caseworker, ListPlacements | ManageProviders) | (Manager, OpenCase) => false,
        (Caseworker, ReadIntakes | RegisterIntake | SettleIntake) => true,
        (Coordinator, ReadIntakes | RegisterIntake | SettleIntake | JoinIntake | SeeInformant) => true,
        (Manager, ReadIntakes) => true,
        (Coordinator | Manager, ListUnexecuted) => true,
        (Caseworker, AnswerHandover) => true,
        (Coordinator | Manager, AnswerHandover) => false,
        (Caseworker, JoinIntake | SeeInformant | ListUnexecuted) => false,
        (Manager, RegisterIntake | SettleIntake | JoinIntake | SeeInformant) => false,
        (Coordinator, SettleDuplicates) => true,
        (Caseworker | Coordinator | Manager, SearchCases | BreakGlass | ReadGlasses) => true,
        (Manager | LogReviewer, ReviewGlass) | (LogReviewer, ReadGlasses | ReviewLooks) => true,
        (Caseworker | Coordinator, ReviewGlass) | (Caseworker | Coordinator | Manager, ReviewLooks) => false,
        (Caseworker | Manager, SettleDuplicates) => false,
        (Manager, CountGlasses) => true,
        (_, CountGlasses) => false,
        (PoliceLiaison, ReadReleased) => true,
        (_, ReadReleased) => false,
        (PoliceLiaison | Controller | LogReviewer | Sysadmin, _) => false,
        (_, ReadCase | ReadPerson | ManageCase | SetProtection | CloseCase | AssignCase | HandOver) => false,
        (_, ManagePerson | ManageMarkings | ManageRelations | BreakIdentity) => false,
        (_, ManagePlacements | OpenLocation | ReadThreat | RegisterThreat | SettleThreat) => false,
        (_, ReadPoliceContacts | RegisterPoliceContact) => false,
        (_, ReadJournal | WriteJournal | CancelJournal | ReadConsents | GiveConsent | WithdrawConsent) => false,
        (_, ReadDecisions | DraftDecision | SignDecision | FollowDecision) => false,
        (_, CorrectDecision | RecordCommitteeDecision) => false,
        (_, ReadMotivation | AssessMotivation | ReadInvestigations | Investigate) => false,
        (_, ReadReturn | AssessReturn | ReadMeetings | ArrangeMeetings) => false,
        (_, ReadOutcomes | RecordOutcome | FollowOutcome | PlaceUnsafely) => false,
        (_, ReadPlans | WritePlan | GiveIntervention | FollowUp) => false,
        (_, ReadChecks | RegisterCheck | ReadDeviations | HandleDeviation | PrintCase) => false,
        (_, DeclareConflict | ReadLooks) => false,
        (_, ReadDisclosures | WriteDisclosure | DecideDisclosure | DecideContactDetails) => false,
        (_, AskLocation | ApproveLocation | EndConflict | SeeCosts | SayWhy) => false,
    }
}

/// Whether the actor must say why before such a case opens: whoever may read it and is not named in it (domain 3.5).
pub fn must_say_why(actor: &Actor, protection: ProtectionLevel, case: &Relation) -> bool {
    matches!(actor.role, Coordinator | Manager)
        && protection == ProtectionLevel::Restricted
        && case.named.is_empty()
        && !case.through_glass
        && !case.said_why
}

/// Whether the actor sees such a case only when named in it, as the row policy `reach` on `case_file` has it.
pub fn sees_only_if_named(actor: &Actor, protection: ProtectionLevel) -> bool {
    match actor.role {
        Coordinator | Manager => protection == ProtectionLevel::ClosedCircle,
        Caseworker | PoliceLiaison | Controller | LogReviewer | Sysadmin => true,
    }
}

/// Whether whoever is in the role signs in with a key, and with nothing else: everyone who sees a person, who reads what
/// was looked at, or who lets others in. A controller sees sums and nobody, and may come with a one-time code.
pub fn must_use_key(role: Role) -> bool {
    match role {
        Caseworker | Coordinator | Manager | PoliceLiaison | LogReviewer | Sysadmin => true,
        Controller => false,
    }
}

/// What a colleague in the role can be named as. Social workers do the work and coordinators coordinate it; the circle
/// lets a coordinator or a manager see a case that would else be closed to them.
pub fn can_be_named(role: Role, kind: AssignmentKind) -> bool {
    use AssignmentKind::{CoWorker, Deputy, NamedCircle, Responsible};
    match role {
        Caseworker => matches!(kind, Responsible | Deputy | CoWorker),
        Coordinator => matches!(kind, AssignmentKind::Coordinator | NamedCircle),
        Manager => kind == NamedCircle,
        PoliceLiaison | Controller | LogReviewer | Sysadmin => false,
    }
}

/// Roles that reach cases, or what is released from them. The same as `is_case_role` in Postgres.
pub const fn is_case_role(role: Role) -> bool {
    matches!(role, Caseworker | Coordinator | Manager | PoliceLiaison)
}

/// Roles that nobody holds at the same time, whatever else changes (domain 2.3). Postgres lets nobody hold two roles at all.
pub const fn never_together(one: Role, other: Role) -> bool {
    match (one, other) {
        (PoliceLiaison, _) | (_, PoliceLiaison) => true,
        (Sysadmin | Controller | LogReviewer, with) | (with, Sysadmin | Controller | LogReviewer) => is_case_role(with),
        _ => false,
    }
}

/// Whether somebody in the role proposes it for another: an administrator every one, a manager those of the machinery.
pub const fn may_propose(actor: Role, role: Role) -> bool {
    match actor {
        Sysadmin => true,
        Manager => !is_case_role(role),
        Caseworker | Coordinator | PoliceLiaison | Controller | LogReviewer => false,
    }
}

/// Whether somebody in the role approves it: a manager every one, another administrator those of the machinery. An account
/// that is opened again has no role in its proposal, and is a manager's.
pub fn may_approve(actor: Role, role: Option<Role>) -> bool {
    match actor {
        Manager => true,
        Sysadmin => role.is_some_and(|role| !is_case_role(role)),
        Caseworker | Coordinator | PoliceLiaison | Controller | LogReviewer => false,
    }
}

/// Whether somebody in the role says of another's right that it is still needed: a manager of all, an administrator of the
/// managers', who do not confirm their own.
pub const fn may_confirm(actor: Role, role: Role) -> bool {
    matches!((actor, role), (Manager, _) | (Sysadmin, Manager))
}

/// Whether the role is the one that there must be several of.
pub fn coordinates(role: Role) -> bool {
    role == Coordinator
}

/// How many coordinators there are at least: the work must not hang on one person (A27).
pub const FEWEST_COORDINATORS: i64 = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pairs_of_the_domain_never_meet() {
        for role in Role::ALL {
            assert!(never_together(PoliceLiaison, *role) && never_together(*role, PoliceLiaison), "{role}");
        }
        for case_role in [Caseworker, Coordinator, Manager] {
            for apart in [Sysadmin, Controller, LogReviewer] {
                assert!(never_together(apart, case_role) && never_together(case_role, apart), "{apart} {case_role}");
            }
        }
        for (one, other) in [(Caseworker, Coordinator), (Coordinator, Manager), (Sysadmin, LogReviewer)] {
            assert!(!never_together(one, other), "{one} {other}");
        }
    }

    #[test]
    fn what_an_administrator_proposes_for_cases_only_a_manager_approves() {
        for role in Role::ALL {
            assert!(may_propose(Sysadmin, *role) && may_approve(Manager, Some(*role)), "{role}");
            assert_eq!(may_approve(Sysadmin, Some(*role)), !is_case_role(*role), "{role}");
            for nobody in [Caseworker, Coordinator, PoliceLiaison, Controller, LogReviewer] {
                assert!(!may_propose(nobody, *role) && !may_approve(nobody, Some(*role)), "{nobody}");
            }
        }
        assert!(!may_approve(Sysadmin, None), "a lock is opened by a manager");
    }
}
