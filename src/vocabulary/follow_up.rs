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
    /// Why somebody from outside may be told: as much of the list of grounds as meetings and internal requests need.
    DisclosureGround = "disclosure_ground" {
        Consent = "consent", "Samtycke (OSL 10:1, 12:2)";
        NoHarm = "no_harm", "Menprövning: står klart utan men (OSL 26:1)";
        Necessary = "necessary", "Nödvändigt för egen verksamhet (OSL 10:2)";
        CrimePrevention = "crime_prevention", "Förebygga/förhindra/upptäcka/utreda brott m.m. (OSL 10:15 a)";
        YoungCrimeRisk = "young_crime_risk", "Risk för brottslig verksamhet, under 21 (OSL 10:18 a)";
        OtherSocialCommittee = "other_social_committee", "Uppgift mellan socialnämnder i kommunen (SoL 15:8)";
        SocialOrHealthNeed = "social_or_health_need", "Nödvändig vård/stöd (OSL 26:9)";
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
    pub const IN_REQUEST: [Self; 5] =
        [Self::Consent, Self::NoHarm, Self::Necessary, Self::OtherSocialCommittee, Self::SocialOrHealthNeed];

    /// Whether it holds only with a weighing of what speaks for and against.
    pub const fn needs_weighing(self) -> bool {
        !matches!(self, Self::Consent | Self::OtherSocialCommittee)
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
