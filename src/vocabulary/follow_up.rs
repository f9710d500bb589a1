//! The words of the way back: whether somebody can return, meetings with others and why they may be told, how it went
//! (domain 2.10, 2.11 and 3.4).

vocabulary! {
    /// What the assessment of a return came to.
    ReturnResult = "return_result" {
        CanReturn = "can_return", "Kan återvända";
        CannotReturn = "cannot_return", "Kan inte återvända";
        NotYet = "not_yet", "Kan inte återvända än";
    }
}

vocabulary! {
    /// How far a meeting has come.
    MeetingStatus = "meeting_status" {
        Planned = "planned", "Planerat";
        Held = "held", "Genomfört";
        Cancelled = "cancelled", "Inställt";
    }
}

vocabulary! {
    /// Why somebody from outside may be told (domain 3.4). Two are left out on purpose and must not be added: OSL 10:27 does
    /// not reach what 26:1 protects, and lag 2025:170 6 § is excluded by its own 8 §.
    DisclosureGround = "disclosure_ground" {
        Consent = "consent", "Samtycke (OSL 10:1, 12:2)";
        NoHarm = "no_harm", "Menprövning: står klart utan men (OSL 26:1)";
        Necessary = "necessary", "Nödvändigt för egen verksamhet (OSL 10:2)";
        CrimePrevention = "crime_prevention", "Förebygga/förhindra/upptäcka/utreda brott m.m. (OSL 10:15 a)";
        AuditSupervision = "audit_supervision", "Tillsyn/revision (OSL 10:17)";
        YoungCrimeRisk = "young_crime_risk", "Risk för brottslig verksamhet, under 21 (OSL 10:18 a)";
        Terror = "terror", "Terroristbrott m.m. (OSL 10:18 b, 22 a)";
        CloseViolence = "close_violence", "Grova brott mot närstående (OSL 10:18 c)";
        ImmediateMinor = "immediate_minor", "Omedelbart ingripande, under 18 (OSL 10:20)";
        CrimeAgainstChild = "crime_against_child", "Brott mot barn (OSL 10:21, 22)";
        SeriousCrime = "serious_crime", "Begånget brott, minst 6 månaders fängelse (OSL 10:23)";
        StayInfo = "stay_info", "Uppgift om vistelse (SoL 15:7 p. 1)";
        ProtectedRegistration = "protected_registration", "Ärende om skyddad folkbokföring (SoL 15:7 p. 2)";
        ContactDetails = "contact_details", "Kontaktuppgifter (lag 2025:170 4 §)";
        OtherSocialCommittee = "other_social_committee", "Uppgift mellan socialnämnder i kommunen (SoL 15:8)";
        SocialOrHealthNeed = "social_or_health_need", "Nödvändig vård/stöd (OSL 26:9)";
        Transfer = "transfer", "Överflyttning (SoL 29:12)";
        Admission = "admission", "Utredning till boende (SoF 9:2)";
        Party = "party", "Partsinsyn (FL 10, OSL 10:3)";
        DutyOther = "duty_other", "Uppgiftsskyldighet i lag eller förordning (OSL 10:28)";
        Statistics = "statistics", "Statistik (SoL 15:2)";
    }
}

impl DisclosureGround {
    /// Those that a meeting can rest on.
    pub const IN_MEETING: [Self; 6] = [
        Self::Consent,
        Self::NoHarm,
        Self::Necessary,
        Self::CrimePrevention,
        Self::YoungCrimeRisk,
        Self::SocialOrHealthNeed,
    ];

    /// Those that a request within the municipality can rest on.
    /// Not 15 kap. 8 § `SoL`: that one answers what the other board has asked.
    pub const IN_REQUEST: [Self; 4] = [Self::Consent, Self::NoHarm, Self::Necessary, Self::SocialOrHealthNeed];

    /// Whether it holds only with a weighing of what speaks for and against.
    pub const fn needs_weighing(self) -> bool {
        matches!(
            self,
            Self::NoHarm
                | Self::Necessary
                | Self::CrimePrevention
                | Self::YoungCrimeRisk
                | Self::Terror
                | Self::CloseViolence
                | Self::ImmediateMinor
                | Self::CrimeAgainstChild
                | Self::SeriousCrime
                | Self::SocialOrHealthNeed
                | Self::Party
        )
    }
}

vocabulary! {
    /// Whom a request within the municipality goes to, by what is asked for.
    InternalRequestKind = "internal_request_kind" {
        EconomicAssistance = "economic_assistance", "Ekonomiskt bistånd (GAF)";
        Schooling = "schooling", "Skola och studier (GAF)";
        ChildUnit = "child_unit", "Barn- och ungdomsenheten";
        Housing = "housing", "Bostad";
    }
}

vocabulary! {
    /// When an outcome was recorded.
    OutcomeMoment = "outcome_moment" {
        Closing = "closing", "Vid avslut";
        Months6 = "months_6", "6 månader efter avslut";
        Months12 = "months_12", "12 månader efter avslut";
        Months24 = "months_24", "24 månader efter avslut";
    }
}

impl OutcomeMoment {
    /// Those that follow after a case was closed.
    pub const AFTERWARDS: [Self; 3] = [Self::Months6, Self::Months12, Self::Months24];

    /// How many months after the case was closed.
    pub const fn months(self) -> i32 {
        match self {
            Self::Closing => 0,
            Self::Months6 => 6,
            Self::Months12 => 12,
            Self::Months24 => 24,
        }
    }
}

vocabulary! {
    /// How the way out of crime ended.
    ExitStatus = "exit_status" {
        Completed = "completed", "Fullföljt avhopp";
        InterruptedOwn = "interrupted_own", "Avbrutet på egen begäran";
        InterruptedPlan = "interrupted_plan", "Följer inte planen";
        Moved = "moved", "Flyttat/överflyttad";
        Imprisoned = "imprisoned", "Frihetsberövad";
        NotStarted = "not_started", "Ej påbörjat";
        IdentityChange = "identity_change", "Bytt identitet";
        Deceased = "deceased", "Avliden";
        LostContact = "lost_contact", "Tappad kontakt";
    }
}

vocabulary! {
    /// Where the person lives.
    OutcomeHousing = "outcome_housing" {
        Own = "own", "Egen bostad";
        Sublet = "sublet", "Andrahand eller inneboende";
        Supported = "supported", "Bostad genom kommunen";
        WithOthers = "with_others", "Hos familj eller vänner";
        Institution = "institution", "Institution eller häkte";
        Homeless = "homeless", "Saknar bostad";
        Unknown = "unknown", "Vet inte";
    }
}

vocabulary! {
    /// What the person lives on.
    OutcomeIncome = "outcome_income" {
        Work = "work", "Lön eller eget företag";
        StudySupport = "study_support", "Studiestöd";
        SocialInsurance = "social_insurance", "Ersättning från Försäkringskassan";
        UnemploymentBenefit = "unemployment_benefit", "A-kassa eller aktivitetsstöd";
        EconomicAssistance = "economic_assistance", "Ekonomiskt bistånd";
        None = "none", "Ingen egen inkomst";
        Unknown = "unknown", "Vet inte";
    }
}

vocabulary! {
    /// What the person does by day.
    OutcomeOccupation = "outcome_occupation" {
        Work = "work", "Arbete eller praktik";
        Studies = "studies", "Studier";
        None = "none", "Ingen sysselsättning";
        Unknown = "unknown", "Vet inte";
    }
}

vocabulary! {
    /// How it is with drugs and alcohol.
    OutcomeSubstance = "outcome_substance" {
        NoProblem = "no_problem", "Har inte haft beroende";
        Free = "free", "Drogfri";
        Treated = "treated", "I behandling";
        Ongoing = "ongoing", "Pågående beroende";
        Unknown = "unknown", "Vet inte";
    }
}

vocabulary! {
    /// Whether there has been new crime.
    RelapseCrime = "relapse_crime" {
        No = "no", "Nej";
        Suspected = "suspected", "Misstänkt för brott";
        Convicted = "convicted", "Dömd för brott";
        Unknown = "unknown", "Vet inte";
    }
}

vocabulary! {
    /// Who says so.
    RelapseSource = "relapse_source" {
        Police = "police", "Polisen";
        PrisonProbation = "prison_probation", "Kriminalvården";
        Person = "person", "Den enskilde";
        Other = "other", "Annan";
    }
}

vocabulary! {
    /// Whether the person meets their children.
    ChildContact = "child_contact" {
        NoChildren = "no_children", "Har inga barn";
        Regular = "regular", "Regelbunden kontakt";
        Sporadic = "sporadic", "Viss kontakt";
        None = "none", "Ingen kontakt";
        Unknown = "unknown", "Vet inte";
    }
}
