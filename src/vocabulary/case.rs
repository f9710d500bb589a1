//! The words of the case: how far it has come, what it needs, who works in it, why it ended.

vocabulary! {
    /// How far a case has come.
    CaseStatus = "case_status" {
        Registered = "registered", "Aktualiserad";
        Assessing = "assessing", "Under bedömning";
        Investigating = "investigating", "Under utredning";
        Active = "active", "Insats pågår";
        StepDown = "step_down", "Utslussning";
        Dormant = "dormant", "Vilande";
        Closing = "closing", "Avslutas";
        Closed = "closed", "Avslutad";
        NotOpened = "not_opened", "Ej inledd";
        Transferred = "transferred", "Överflyttad";
    }
}

impl CaseStatus {
    /// Nothing more is done in the case: it can only be read.
    pub const fn is_ended(self) -> bool {
        matches!(self, Self::Closed | Self::NotOpened | Self::Transferred)
    }
}

vocabulary! {
    /// Why a case rests.
    DormantReason = "dormant_reason" {
        Prison = "prison", "Frihetsberövad";
        Hospital = "hospital", "Vård på sjukhus";
        Abroad = "abroad", "Vistas utomlands";
        Other = "other", "Annan orsak";
    }
}

vocabulary! {
    /// What another municipality says when it is asked to take a case over.
    TransferAnswer = "transfer_answer" {
        Accepted = "accepted", "Tar över ärendet";
        Refused = "refused", "Tar inte över ärendet";
    }
}

vocabulary! {
    /// Whether the person is a defector as the programme defines it.
    ProgrammeStatus = "programme_status" {
        Candidate = "candidate", "Potentiell avhoppare";
        Admitted = "admitted", "Avhoppare enligt definitionen";
        NotAdmitted = "not_admitted", "Uppfyller inte definitionen";
        Left = "left", "Lämnat programmet";
    }
}

vocabulary! {
    /// What the person needs help with; decides between framework agreement and direct award.
    NeedsProfile = "needs_profile" {
        DependencyAndExit = "dependency_and_exit", "Beroende och kriminell livsstil";
        ExitOnly = "exit_only", "Renodlad kriminell problematik";
        Other = "other", "Annat";
    }
}

vocabulary! {
    /// How narrow the circle around a case is.
    ProtectionLevel = "protection_level" {
        Standard = "standard", "Ordinarie skydd";
        Restricted = "restricted", "Förstärkt skydd";
        ClosedCircle = "closed_circle", "Sluten krets";
    }
}

vocabulary! {
    /// Why the municipality is responsible (29 kap. `SoL`).
    ResponsibilityBasis = "responsible_municipality_basis" {
        Resident = "resident", "Bosättningskommun (SoL 29:1)";
        PlacedByUs = "placed_by_us", "Placerad av oss (SoL 29:2)";
        PrisonHospital = "prison_hospital", "Folkbokförd (SoL 29:3)";
        Staying = "staying", "Vistelsekommun (SoL 29:4)";
        ApplicationOther = "application_other", "Ansökan enligt SoL 29:7";
    }
}

vocabulary! {
    /// What a colleague is to a case.
    AssignmentKind = "assignment_kind" {
        Responsible = "responsible", "Ansvarig handläggare";
        Deputy = "deputy", "Ersättare";
        CoWorker = "co_worker", "Medhandläggare";
        Coordinator = "coordinator", "Samordnare";
        NamedCircle = "named_circle", "Sluten krets";
    }
}

vocabulary! {
    /// Why a case was closed.
    CloseReason = "close_reason" {
        GoalReached = "goal_reached", "Målet är uppnått";
        Interrupted = "interrupted", "Den enskilde har avbrutit";
        Moved = "moved", "Flyttat till annan kommun";
        NotAdmitted = "not_admitted", "Uppfyller inte definitionen";
        Other = "other", "Annan orsak";
        /// Written by the break of an identity alone.
        IdentityChange = "identity_change", "Identitetsbyte";
        /// Written where nothing was begun.
        NotOpened = "not_opened", "Utredning inleddes inte";
        /// Written where another municipality has taken over.
        Transferred = "transferred", "Överflyttat till annan kommun";
    }
}

impl CloseReason {
    /// Those that somebody chooses.
    pub const CHOSEN: [Self; 5] = [Self::GoalReached, Self::Interrupted, Self::Moved, Self::NotAdmitted, Self::Other];
}

vocabulary! {
    /// What a coordinator says of two cases that may be about the same person.
    DuplicateOutcome = "duplicate_outcome" {
        NotSame = "not_same", "Inte samma person";
        Same = "same", "Samma person";
    }
}
