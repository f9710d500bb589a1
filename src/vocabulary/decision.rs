//! The words of a decision: what it is about, what it rests on, how it went and what happened to it afterwards.

vocabulary! {
    /// What is decided about.
    DecisionType = "decision_type" {
        OpenInvestigation = "open_investigation", "Inleda utredning";
        NoInvestigation = "no_investigation", "Inte inleda utredning";
        CloseInvestigation = "close_investigation", "Avsluta utredning";
        Hvb = "hvb", "Vård i hem för vård eller boende (HVB)";
        ProtectedHousing = "protected_housing", "Skyddat boende";
        FamilyHomeAdult = "family_home_adult", "Familjehem (vuxen)";
        SupportHousing1620 = "support_housing_16_20", "Stödboende (16–20 år)";
        SupportedHousingAdult = "supported_housing_adult", "Boende med stöd (”stödboende” för vuxna)";
        EmergencyHousing = "emergency_housing", "Akut boende";
        TrainingApartment = "training_apartment", "Träningslägenhet";
        HousingSupport = "housing_support", "Boendestöd";
        Outpatient = "outpatient", "Öppenvård";
        ExternalExitProgramme = "external_exit_programme", "Externt avhopparprogram";
        ContactPerson = "contact_person", "Kontaktperson";
        QualifiedContactPerson = "qualified_contact_person", "Särskilt kvalificerad kontaktperson";
        DebtCounselling = "debt_counselling", "Budget- och skuldrådgivning";
        AddictionTreatment = "addiction_treatment", "Behandling mot skadligt bruk eller beroende";
        ClientFee = "client_fee", "Ersättning för uppehälle";
        TransferCase = "transfer_case", "Överflyttning av ärende";
        DisclosureRefusal = "disclosure_refusal", "Avslag på begäran om utlämnande";
    }
}

impl DecisionType {
    /// The sections that a decision of the type can rest on; at least one is named. That of a review may stand beside.
    pub const fn bases(self) -> &'static [LegalBasis] {
        use LegalBasis::{
            Osl63, Osl67, Sof172, Sol91, Sol92, Sol93, Sol94, Sol95, Sol96, Sol111, Sol115, Sol132, Sol137, Sol142,
            Sol145, Sol322, Sol1310, Sol2910, Sol2911,
        };
        match self {
            Self::OpenInvestigation | Self::NoInvestigation | Self::CloseInvestigation => &[Sol142],
            Self::Hvb => &[Sol111, Sol91, Sol94, Sol115],
            Self::ProtectedHousing => &[Sol111, Sol95, Sol96],
            Self::FamilyHomeAdult => &[Sol111, Sol91, Sol92, Sol115],
            Self::SupportHousing1620 => &[Sol91, Sol93],
            Self::SupportedHousingAdult
            | Self::EmergencyHousing
            | Self::TrainingApartment
            | Self::HousingSupport
            | Self::ExternalExitProgramme => &[Sol111],
            Self::Outpatient => &[Sol111, Sol115, Sol145],
            Self::ContactPerson | Self::QualifiedContactPerson => &[Sol137],
            Self::DebtCounselling => &[Sol132],
            Self::AddictionTreatment => &[Sol1310, Sol111],
            Self::ClientFee => &[Sol322, Sof172],
            Self::TransferCase => &[Sol2910, Sol2911],
            Self::DisclosureRefusal => &[Osl63, Osl67],
        }
    }

    /// A step of the handling, that gives nobody anything and cannot be appealed.
    pub const fn is_procedural(self) -> bool {
        matches!(self, Self::OpenInvestigation | Self::NoInvestigation | Self::CloseInvestigation)
    }

    /// Support that has to be carried out once it is granted (34 kap. 1 § `SoL`).
    pub const fn is_intervention(self) -> bool {
        !self.is_procedural() && !matches!(self, Self::ClientFee | Self::TransferCase | Self::DisclosureRefusal)
    }

    /// Somewhere to live, which is bought or our own and has a price.
    pub const fn is_placement(self) -> bool {
        matches!(
            self,
            Self::Hvb
                | Self::ProtectedHousing
                | Self::FamilyHomeAdult
                | Self::SupportHousing1620
                | Self::SupportedHousingAdult
                | Self::EmergencyHousing
                | Self::TrainingApartment
                | Self::ExternalExitProgramme
        )
    }

    /// The court that tries it, where it can be appealed: what is not handed out is tried one court up (6 kap. 8 § `OSL`).
    pub const fn court(self) -> Option<&'static str> {
        match self {
            Self::OpenInvestigation | Self::NoInvestigation | Self::CloseInvestigation => None,
            Self::DisclosureRefusal => Some("Kammarrätten"),
            _ => Some("Förvaltningsrätten"),
        }
    }
}

vocabulary! {
    /// What became of what was asked for.
    DecisionOutcome = "decision_outcome" {
        Granted = "granted", "Bifall";
        Partly = "partly", "Delvis bifall";
        Rejected = "rejected", "Avslag";
        Terminated = "terminated", "Upphör";
        Changed = "changed", "Ändrad";
        Dismissed = "dismissed", "Avvisad";
        Noted = "noted", "Avskriven";
    }
}

impl DecisionOutcome {
    /// It takes the place of an earlier decision, which has to be named.
    pub const fn takes_a_place(self) -> bool {
        matches!(self, Self::Terminated | Self::Changed)
    }

    /// Somebody is to get something.
    pub const fn gives(self) -> bool {
        matches!(self, Self::Granted | Self::Partly | Self::Changed)
    }
}

vocabulary! {
    /// How far a decision has come.
    DecisionStatus = "decision_status" {
        Draft = "draft", "Utkast";
        ForApproval = "for_approval", "För beslut";
        Signed = "signed", "Beslutat";
        Notified = "notified", "Underrättad";
        InForce = "in_force", "Gällande";
        Ended = "ended", "Upphört";
        Corrected = "corrected", "Rättat";
        ChangedByNew = "changed_by_new", "Ändrat genom nytt beslut";
    }
}

vocabulary! {
    /// A section of a law that a decision rests on.
    LegalBasis = "legal_basis" {
        Sol91 = "sol_9_1", "9 kap. 1 § SoL";
        Sol92 = "sol_9_2", "9 kap. 2 § SoL";
        Sol93 = "sol_9_3", "9 kap. 3 § SoL";
        Sol94 = "sol_9_4", "9 kap. 4 § SoL";
        Sol95 = "sol_9_5", "9 kap. 5 § SoL";
        Sol96 = "sol_9_6", "9 kap. 6 § SoL";
        Sol111 = "sol_11_1", "11 kap. 1 § SoL";
        Sol115 = "sol_11_5", "11 kap. 5 § SoL";
        Sol132 = "sol_13_2", "13 kap. 2 § SoL";
        Sol137 = "sol_13_7", "13 kap. 7 § SoL";
        Sol1310 = "sol_13_10", "13 kap. 10 § SoL";
        Sol142 = "sol_14_2", "14 kap. 2 § SoL";
        Sol145 = "sol_14_5", "14 kap. 5 § SoL";
        Sol149 = "sol_14_9", "14 kap. 9 § SoL";
        Sol2910 = "sol_29_10", "29 kap. 10 § SoL";
        Sol2911 = "sol_29_11", "29 kap. 11 § SoL";
        Sol322 = "sol_32_2", "32 kap. 2 § SoL";
        Sof172 = "sof_17_2", "17 kap. 2 § SoF";
        Osl63 = "osl_6_3", "6 kap. 3 § OSL";
        Osl67 = "osl_6_7", "6 kap. 7 § OSL";
        Fl37 = "fl_37", "37 § FL";
    }
}

impl LegalBasis {
    /// Stands beside the section of any decision that changes an earlier one.
    pub const fn is_of_review(self) -> bool {
        matches!(self, Self::Sol149 | Self::Fl37)
    }
}

vocabulary! {
    /// Why a decision does without reasons, wholly or in part (32 § FL).
    ReasonsException = "reasons_exception" {
        Obvious = "obvious", "Uppenbart obehövligt";
        Urgent = "urgent", "Så brådskande att skälen inte hinner skrivas";
        Protection = "protection", "Skyddet för enskildas personliga förhållanden";
    }
}

vocabulary! {
    /// Who decides: somebody with delegation, or the committee and those who act for it.
    DecisionMaker = "decision_maker" {
        Delegate = "delegate", "På delegation";
        Committee = "committee", "Nämnden";
        Subcommittee = "subcommittee", "Utskottet";
        Chair = "chair", "Ordföranden";
    }
}

vocabulary! {
    /// How the party was told. None of the ways that 14 kap. 12 § `SoL` shuts out.
    NotifiedHow = "notified_how" {
        InPerson = "in_person", "Personligen";
        Letter = "letter", "Brev";
        DigitalMail = "digital_mail", "Digital brevlåda";
        Phone = "phone", "Telefon";
        Counsel = "counsel", "Genom ombud";
    }
}

vocabulary! {
    /// How far an appeal has come.
    AppealState = "appeal_state" {
        None = "none", "Inte överklagat";
        Lodged = "lodged", "Överklagat";
        Pending = "pending", "Hos domstolen";
        Decided = "decided", "Avgjort";
    }
}

vocabulary! {
    /// What the court decided.
    CourtOutcome = "court_outcome" {
        Rejected = "rejected", "Överklagandet avslogs";
        Changed = "changed", "Beslutet ändrades";
        Annulled = "annulled", "Beslutet upphävdes";
        Remitted = "remitted", "Ärendet återförvisades";
        Dismissed = "dismissed", "Överklagandet avvisades";
        Noted = "noted", "Målet avskrevs";
    }
}

vocabulary! {
    /// Why granted support is not given yet. Coded, since it is reported (34 kap. 1 § `SoL`).
    DelayReason = "delay_reason" {
        NoPlace = "no_place", "Ingen ledig plats";
        Security = "security", "Säkerheten måste lösas först";
        Declined = "declined", "Personen har tackat nej";
        NotReached = "not_reached", "Personen går inte att nå";
        Preparing = "preparing", "Insatsen förbereds";
        Other = "other", "Annan orsak";
    }
}
