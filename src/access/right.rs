//! The rights: one permission and one marker type each. A store function names the marker that it demands, and so must
//! the handler that calls it.

/// A right that a handler can hold proof of.
pub trait Right: Send + Sync + 'static {
    const PERMISSION: Permission;
    /// Outside a case: who holds this may know that the page exists, and is told "forbidden" instead of "not found".
    const SEEN_WITH: Option<Permission> = None;
}

/// A right in one case, which includes seeing it.
pub trait SeesCase: Right {}

macro_rules! rights {
    ($($(#[$doc:meta])* $name:ident $(: $sees:ident)? $(, seen with $seen:ident)?;)+) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub enum $name {}
        impl Right for $name {
            const PERMISSION: Permission = Permission::$name;
            $(const SEEN_WITH: Option<Permission> = Some(Permission::$seen);)?
        }
        $(impl $sees for $name {})?
    )+
    /// What may be asked for. `policy::allows` decides, as the table `permissions.txt` says.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum Permission {
        $($name,)+
    }
    impl Permission {
        /// Every one: there is none without a marker.
        pub const ALL: &'static [Self] = &[$(Self::$name),+];

        /// As it is spelled in the table.
        pub const fn name(self) -> &'static str {
            match self {
                $(Self::$name => stringify!($name),)+
            }
        }

        /// The permission of a name; none for a name that there is not.
        pub fn parse(name: &str) -> Option<Self> {
            Self::ALL.iter().copied().find(|permission| permission.name() == name)
        }

        /// Whether it is a right in one case.
        pub const fn is_in_case(self) -> bool {
            match self {
                $(Self::$name => !matches!(stringify!($($sees)?).as_bytes(), b""),)+
            }
        }

        /// Who holds that may know that the page exists.
        pub const fn seen_with(self) -> Option<Self> {
            match self {
                $(Self::$name => <$name as Right>::SEEN_WITH,)+
            }
        }
    }
    };
}

rights! {
    /// Seeing the case: its facts, placements and costs; not the person's name.
    ReadCase: SeesCase;
    /// Seeing the name and number of the person.
    ReadPerson: SeesCase;
    /// Moving the case from one status to the next.
    ManageCase: SeesCase;
    /// Saying how narrow the circle around the case is.
    SetProtection: SeesCase;
    /// Ending the case.
    CloseCase: SeesCase;
    /// Naming who works with the case.
    AssignCase: SeesCase;
    /// Offering the case to another social worker.
    HandOver: SeesCase;
    /// Taking over what is offered, or saying no.
    AnswerHandover;
    /// Starting, changing and ending placements.
    ManagePlacements: SeesCase;
    /// Seeing where somebody is, as one of the two who are named for it.
    OpenLocation: SeesCase;
    /// Seeing the police's assessments.
    ReadThreat: SeesCase;
    /// Registering what the police have assessed.
    RegisterThreat: SeesCase;
    /// Confirming, rejecting or withdrawing what another has registered.
    SettleThreat: SeesCase;
    /// The first page after signing in.
    ReadStart;
    /// Lists of the cases in reach.
    ListCases;
    /// Opening a new case.
    OpenCase, seen with ListCases;
    /// Placements and costs over all cases in reach.
    ListPlacements, seen with ListCases;
    /// Providers, homes, agreements and prices.
    ReadProviders;
    /// Adding providers, homes, agreements and prices.
    ManageProviders, seen with ReadProviders;
    /// One's own sessions and settings.
    OwnSettings;
    /// Intakes in reach: what was told, and what became of it.
    ReadIntakes;
    /// Registering what came in.
    RegisterIntake, seen with ReadIntakes;
    /// Saying what becomes of an intake, and speaking with the police about it.
    SettleIntake, seen with ReadIntakes;
    /// Joining an intake to a case that there is already.
    JoinIntake, seen with ReadIntakes;
    /// Seeing by whom an intake came in also where that is protected (26 kap. 5 § OSL).
    SeeInformant;
    /// Seeing the contacts with the police.
    ReadPoliceContacts: SeesCase;
    /// Registering a contact with the police.
    RegisterPoliceContact: SeesCase;
    /// Reading the journal.
    ReadJournal: SeesCase;
    /// Entering notes in the journal, correcting them, and noting what the person objects.
    WriteJournal: SeesCase;
    /// Closing away a note that was written into the wrong file, and seeing what was closed away.
    CancelJournal: SeesCase;
    /// Seeing what the person has consented to.
    ReadConsents: SeesCase;
    /// Registering a consent.
    GiveConsent: SeesCase;
    /// Registering that a consent was taken back.
    WithdrawConsent: SeesCase;
    /// Seeing the decisions.
    ReadDecisions: SeesCase;
    /// Writing a decision, sending it for approval and sending it back.
    DraftDecision: SeesCase;
    /// Making a decision; whether the role has delegation for it says the order of delegation.
    SignDecision: SeesCase;
    /// Saying what happened after a decision: who was told, what was carried out, what was appealed.
    FollowDecision: SeesCase;
    /// Correcting a clerical error in what was decided.
    CorrectDecision: SeesCase;
    /// Recording what the committee has decided.
    RecordCommitteeDecision: SeesCase;
    /// Decisions of all cases in reach that have not been carried out in time.
    ListUnexecuted, seen with ListCases;
    /// Registering a new name or number, other facts about the person, and how they are reached.
    ManagePerson: SeesCase;
    /// Registering that the person's data are protected, and that they no longer are.
    ManageMarkings: SeesCase;
    /// Registering who stands close to the person.
    ManageRelations: SeesCase;
    /// Ending all that is known of a person who gets a new identity.
    BreakIdentity: SeesCase;
    /// Saying whether two cases are about the same person.
    SettleDuplicates, seen with ListCases;
    /// Seeing what the person wants, as it was assessed time after time.
    ReadMotivation: SeesCase;
    /// Assessing what the person wants.
    AssessMotivation: SeesCase;
    /// Seeing the investigations, with the areas of support and the children.
    ReadInvestigations: SeesCase;
    /// Investigating: writing, assessing areas of support, seeing to the children, completing.
    Investigate: SeesCase;
    /// Seeing the assessments of whether the person can return.
    ReadReturn: SeesCase;
    /// Assessing whether the person can return.
    AssessReturn: SeesCase;
    /// Seeing meetings with others, SIG groups and requests within the municipality.
    ReadMeetings: SeesCase;
    /// Planning and holding meetings, forming SIG groups, asking within the municipality.
    ArrangeMeetings: SeesCase;
    /// Seeing how it went.
    ReadOutcomes: SeesCase;
    /// Recording how it went, before the case is closed.
    RecordOutcome: SeesCase;
    /// Recording how it went afterwards, in a case that is closed.
    FollowOutcome: SeesCase;
    /// Placing somebody where the police say that they are not safe.
    PlaceUnsafely: SeesCase;
    /// Seeing plans, support and follow-ups.
    ReadPlans: SeesCase;
    /// Writing a plan, bringing it into force and ending it.
    WritePlan: SeesCase;
    /// Planning support that is no placement, and saying how it goes on.
    GiveIntervention: SeesCase;
    /// Planning a follow-up and holding it; in a closed case only one after the end.
    FollowUp: SeesCase;
    /// Seeing what the police's checks in their registers came to.
    ReadChecks: SeesCase;
    /// Registering what a check came to.
    RegisterCheck: SeesCase;
    /// Seeing deviations from what was agreed.
    ReadDeviations: SeesCase;
    /// Registering a deviation, and taking it from there to its end.
    HandleDeviation: SeesCase;
    /// Printing chosen parts of the case.
    PrintCase: SeesCase;
    /// Finding a case in reach by its reference, or by the name or number of the person.
    SearchCases;
    /// Declaring a conflict of interest: the case closes to whoever has it.
    DeclareConflict: SeesCase;
    /// Seeing who has looked at the case.
    ReadLooks: SeesCase;
    /// Seeing who has looked at any case, without seeing the case.
    ReviewLooks;
    /// Breaking the glass: reading a case that is somebody else's for an hour, when there is no time to ask.
    BreakGlass;
    /// Seeing the glasses that oneself has broken, has been told of or may review.
    ReadGlasses;
    /// Saying whether a glass was broken for good reason.
    ReviewGlass, seen with ReadGlasses;
    /// The review of the log: which months, what was drawn, the protocols.
    ReadLogReview;
    /// Drawing a month, and signing that it has been gone through.
    ReviewLog, seen with ReadLogReview;
    /// Saying of something drawn whether it was justified.
    MarkLog, seen with ReadLogReview;
    /// Closing a month that somebody else has gone through.
    CloseLogReview, seen with ReadLogReview;
    /// Answering what one is asked about the log.
    AnswerLogQuestion;
    /// Keeping what stands in an open form of one's own.
    KeepDrafts;
    /// Seeing who is in danger when an account is in the wrong hands.
    ReadExposure;
    /// Locking such an account.
    LockAccount, seen with ReadExposure;
    /// Seeing what was handed over, to whom and why, and what was refused.
    ReadDisclosures: SeesCase;
    /// Writing a disclosure and freezing what it is to hold.
    WriteDisclosure: SeesCase;
    /// Deciding that something is handed over or refused, handing it over, and hiding it again.
    DecideDisclosure: SeesCase;
    /// Deciding also about contact details, protected addresses and what has no sort of its own.
    DecideContactDetails: SeesCase;
    /// Reading what was released to one's own organisation, from outside.
    ReadReleased;
    /// Budget, cost and forecast over all cases, by pseudonym.
    ReadEconomy;
    /// Figures over all cases, and the lists behind them.
    ReadCoordination;
    /// The report to the board: tables over all cases, without what is too few to be told.
    ReadBoardReport;
    /// Taking the tables of the report out as a file.
    ExportBoardReport, seen with ReadBoardReport;
    /// Adding and withdrawing lines of the budget.
    KeepBudget, seen with ReadEconomy;
    /// Closing a month that is over.
    CloseMonth, seen with ReadEconomy;
    /// Asking to see where somebody is together with a second person, and seeing it when they have approved.
    AskLocation: SeesCase;
    /// Being the second person.
    ApproveLocation: SeesCase;
    /// Saying that a colleague's conflict of interest has ended.
    EndConflict: SeesCase;
    /// Seeing what placements cost: not through a glass, but for those who have the figures anyway.
    SeeCosts: SeesCase;
    /// Saying why one opens a case with enhanced protection that one is not named in.
    SayWhy: SeesCase;
    /// How often cases of one's unit were opened in an emergency, without persons.
    CountGlasses, seen with ReadGlasses;
    /// Seeing who has an account, in which role and until when.
    ReadAccounts;
    /// Proposing an account, a role, a longer time or that a lock is opened.
    ProposeAccount, seen with ReadAccounts;
    /// Answering what another has proposed; which roles says `policy::may_approve`.
    DecideProposal, seen with ReadAccounts;
    /// Ending the sessions of others, and the account of somebody who leaves.
    EndAccount, seen with ReadAccounts;
    /// Saying of each right, every quarter, that it is still needed, or ending it.
    ConfirmRights, seen with ReadAccounts;
    /// Drawing the code of the first sign-in, to hand over in person.
    IssueCode, seen with ReadAccounts;
    /// Seeing until when one's own role holds.
    ReadOwnRole;
    /// Being told that there are too few coordinators.
    WatchStaffing;
    /// What the municipality has decided for itself: deadlines and reminders.
    ReadSettings;
    /// Deciding another value from a day on.
    ChangeSettings, seen with ReadSettings;
    /// Seeing which accounts were opened again without a key.
    ReadRecoveries;
    /// Starting a recovery in person.
    StartRecovery, seen with ReadRecoveries;
    /// Confirming one, after meeting the person.
    ConfirmRecovery, seen with ReadRecoveries;
    /// Saying that one has seen to it that it was the right person who came in.
    NoteRecovery, seen with ReadRecoveries;
    /// Seeing what state money has been applied for in the case.
    ReadFunding: SeesCase;
    /// Writing an application for state money, and registering what became of it and what was accounted for.
    ApplyFunding: SeesCase;
    /// Signing an application that somebody else has written.
    SignFunding: SeesCase;
    /// Booking state money that has come in, and that what was left is paid back.
    BookFunding, seen with ReadEconomy;
    /// Entering an invoice, and asking the provider about one.
    KeepInvoices, seen with ReadEconomy;
    /// Approving an invoice that somebody else has entered.
    ApproveInvoice, seen with ReadEconomy;
    /// What has to be done by a day, in all that is in reach.
    ListAlarms;
    /// Saying why an alarm that only tells of something needs no more.
    AcknowledgeAlarm: SeesCase;
}
