//! The words of the first days: how somebody came to the programme, what was made of it, and how the police were spoken
//! to. The grounds are those that a first contact can rest on; 10 kap. 27 § OSL is none (its second paragraph).

vocabulary! {
    /// By whom it came in.
    IntakeSource = "intake_source" {
        Own = "own", "Egen ansökan";
        PoliceLpo = "police_lpo", "Polisen – LPO";
        PoliceNoa = "police_noa", "Polisen – NOA";
        PoliceBops = "police_bops", "Polisen – BOPS";
        PoliceContactPoint = "police_contact_point", "Polisens nationella kontaktpunkt";
        PrisonProbation = "prison_probation", "Kriminalvården";
        Sis = "sis", "SiS";
        SocialInternal = "social_internal", "Annan enhet inom socialtjänsten";
        Gaf = "gaf", "GAF";
        School = "school", "Skola";
        Sig = "sig", "SIG";
        Outreach = "outreach", "Uppsökande verksamhet";
        Relative = "relative", "Anhörig";
        CivilSociety = "civil_society", "Civilsamhället";
        Health = "health", "Hälso- och sjukvården";
        OtherMunicipality = "other_municipality", "Annan kommun";
        EmploymentAgency = "employment_agency", "Arbetsförmedlingen";
        Anonymous = "anonymous", "Anonym";
        Other = "other", "Annat";
    }
}

impl IntakeSource {
    /// Whether the police already know whom it is about, because they were the ones to say it.
    pub const fn is_police(self) -> bool {
        matches!(self, Self::PoliceLpo | Self::PoliceNoa | Self::PoliceBops | Self::PoliceContactPoint)
    }
}

vocabulary! {
    /// What was made of it.
    IntakeOutcome = "intake_outcome" {
        StartInvestigation = "start_investigation", "Inled utredning";
        JoinedExistingCase = "joined_existing_case", "Förd till befintligt ärende";
        NoInvestigation = "no_investigation", "Inled inte utredning";
        ReferredChildUnit = "referred_child_unit", "Överlämnad till barn- och ungdomsenhet";
        ReferredOther = "referred_other", "Hänvisad";
        Withdrawn = "withdrawn", "Återtagen";
        AdviceOnly = "advice_only", "Råd och stöd (ej dokumentationsplikt, SoL 14:4)";
        LinkedIntake = "linked_intake", "Fortsätter i en senare aktualisering";
    }
}

impl IntakeOutcome {
    /// Those with which it ends without a case, in the order of the form.
    pub const WITHOUT_A_CASE: [Self; 4] =
        [Self::AdviceOnly, Self::NoInvestigation, Self::ReferredOther, Self::Withdrawn];
}

vocabulary! {
    /// How the police were spoken to.
    ContactChannel = "contact_channel" {
        Phone = "phone", "Telefon";
        SecureMessage = "secure_message", "Säkert meddelande";
        Meeting = "meeting", "Möte";
    }
}

vocabulary! {
    /// Why the police may know who it is about.
    ContactGround = "contact_ground" {
        Consent = "consent", "Samtycke (OSL 10:1, 12:2)";
        Necessary = "necessary", "Nödvändigt för egen verksamhet (OSL 10:2)";
        CrimePrevention = "crime_prevention", "Förebygga/förhindra/upptäcka/utreda brott m.m. (OSL 10:15 a)";
        YoungCrimeRisk = "young_crime_risk", "Risk för brottslig verksamhet, under 21 (OSL 10:18 a)";
        /// Nothing is disclosed: the name came from them.
        PoliceSource = "police_source", "Polisen lämnade själv uppgiften om vem det gäller";
    }
}

impl ContactGround {
    /// Whether it holds only with a weighing of what speaks for and against.
    pub const fn needs_weighing(self) -> bool {
        matches!(self, Self::Necessary | Self::CrimePrevention | Self::YoungCrimeRisk)
    }
}

vocabulary! {
    /// What somebody wants to leave, as it was told.
    IntakeEnvironment = "intake_environment" {
        Gang = "gang", "Kriminellt nätverk/gäng";
        Extremist = "extremist", "Våldsbejakande extremism";
        Honour = "honour", "Hedersrelaterad miljö";
        Other = "other", "Annat";
    }
}
