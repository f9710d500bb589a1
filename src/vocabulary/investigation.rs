//! The words of the assessment of motivation and of the investigation (domain 2.7). Areas and their scale are the
//! programme's own; the exceptions from hearing the party are those of 25 § FL.

vocabulary! {
    /// How far somebody has come on the way to another life.
    MotivationStage = "motivation_stage" {
        NotConsidering = "not_considering", "Ingen förändring aktuell";
        Ambivalent = "ambivalent", "Ambivalent";
        Preparing = "preparing", "Förbereder";
        Committed = "committed", "Beslutad";
        Maintaining = "maintaining", "Vidmakthåller";
    }
}

vocabulary! {
    /// What an investigation begins with.
    InvestigationKind = "investigation_kind" {
        Application = "application", "Ansökan";
        OtherWay = "other_way", "På annat sätt";
        Review = "review", "Omprövning";
    }
}

vocabulary! {
    /// How far it has come.
    InvestigationStatus = "investigation_status" {
        Ongoing = "ongoing", "Pågår";
        Communicated = "communicated", "Kommunicerad";
        Completed = "completed", "Färdig";
        Decided = "decided", "Beslutad";
        Discontinued = "discontinued", "Avslutad utan beslut";
    }
}

impl InvestigationStatus {
    /// Whether it is still written on.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Ongoing | Self::Communicated)
    }
}

vocabulary! {
    /// Why the party is not heard before the decision.
    CommunicationException = "communication_exception" {
        Obvious = "obvious", "Uppenbart obehövligt";
        Harder = "harder", "Beslutet skulle bli avsevärt svårare att genomföra";
        Urgent = "urgent", "Väsentligt intresse kräver omedelbart beslut";
    }
}

vocabulary! {
    /// A part of life that somebody may need support in.
    SupportArea = "support_area" {
        Housing = "housing", "Boende";
        Economy = "economy", "Försörjning";
        Work = "work", "Arbete/sysselsättning";
        Education = "education", "Utbildning/skola";
        Substance = "substance", "Beroende";
        MentalHealth = "mental_health", "Psykisk hälsa";
        PhysicalHealth = "physical_health", "Fysisk hälsa";
        Family = "family", "Familj och barn";
        Network = "network", "Nätverk och relationer";
        Debts = "debts", "Skulder";
        Routines = "routines", "Vardagsrutiner";
        ProtectedData = "protected_data", "Skyddade personuppgifter";
        Legal = "legal", "Rättsliga frågor";
        CriminalThinking = "criminal_thinking", "Kriminalitet/livsstil";
        Leisure = "leisure", "Fritid";
    }
}

impl SupportArea {
    /// Whether an investigation cannot be completed without it: research says that these weigh most.
    pub const fn is_mandatory(self) -> bool {
        matches!(
            self,
            Self::Housing
                | Self::Economy
                | Self::Work
                | Self::Family
                | Self::Network
                | Self::Substance
                | Self::Routines
        )
    }
}

vocabulary! {
    /// How much support is needed.
    SupportNeed = "support_need" {
        None = "none", "Inget";
        Small = "small", "Litet";
        Moderate = "moderate", "Måttligt";
        Large = "large", "Stort";
    }
}

impl SupportNeed {
    /// 0 to 3.
    pub const fn step(self) -> i8 {
        match self {
            Self::None => 0,
            Self::Small => 1,
            Self::Moderate => 2,
            Self::Large => 3,
        }
    }
}

vocabulary! {
    /// Whether there are children that what happens in the case concerns.
    HasChildren = "has_children" {
        Yes = "yes", "Ja";
        No = "no", "Nej";
        Unknown = "unknown", "Okänt";
    }
}

vocabulary! {
    /// Whether a child was told, or heard.
    ChildAnswer = "child_answer" {
        Yes = "yes", "Ja";
        No = "no", "Nej";
        NotApplicable = "not_applicable", "Inte aktuellt";
    }
}
