//! The words of the placement: its forms, how it was bought, what it costs and how it ended.

vocabulary! {
    /// The form of a placement. *Stödboende* is two: the statutory form for ages 16–20 (9 kap. 3 § `SoL`), and a local
    /// word for housing for adults.
    PlacementKind = "placement_kind" {
        Hvb = "hvb", "HVB";
        ProtectedHousing = "protected_housing", "Skyddat boende";
        FamilyHomeAdult = "family_home_adult", "Familjehem (vuxna)";
        SupportHousing1620 = "support_housing_16_20", "Stödboende (16–20 år)";
        SupportedHousingAdult = "supported_housing_adult", "Stödboende (vuxna)";
        EmergencyHousing = "emergency_housing", "Akutboende";
        TrainingApartment = "training_apartment", "Träningslägenhet";
        ExternalExitProgramme = "external_exit_programme", "Extern avhopparverksamhet";
    }
}

impl PlacementKind {
    /// Care around the clock (*dygnetruntvård*): one person can have only one such placement at a time.
    pub const fn round_the_clock(self) -> bool {
        match self {
            Self::Hvb | Self::ProtectedHousing | Self::FamilyHomeAdult | Self::ExternalExitProgramme => true,
            Self::SupportHousing1620
            | Self::SupportedHousingAdult
            | Self::EmergencyHousing
            | Self::TrainingApartment => false,
        }
    }
}

vocabulary! {
    /// How a placement was bought.
    ProcurementForm = "procurement_form" {
        InsideFramework = "inside_framework", "Inom ramavtal";
        OutsideFramework = "outside_framework", "Utanför ramavtal";
        OwnOperation = "own_operation", "Egen regi";
        NotApplicable = "not_applicable", "Inte aktuellt";
    }
}

vocabulary! {
    /// Why a placement was bought outside the framework agreements.
    OutsideReason = "outside_reason" {
        ExitOnlyNeeds = "exit_only_needs", "Renodlad kriminell problematik";
        SecurityLocation = "security_location", "Säkerhet/ort";
        NoCapacity = "no_capacity", "Ingen ledig plats inom ramavtal";
        SpecialCompetence = "special_competence", "Särskild kompetens";
        Urgent = "urgent", "Akut";
    }
}

vocabulary! {
    /// How far a placement has come. Absence is no status: its days are entered by themselves.
    PlacementStatus = "placement_status" {
        Planned = "planned", "Planerad";
        Active = "active", "Pågår";
        Ended = "ended", "Avslutad";
        Cancelled = "cancelled", "Inställd";
    }
}

vocabulary! {
    /// Why a placement ended. An own request is always granted, at once (9 kap. 13 § `SoF`).
    EndReason = "end_reason" {
        GoalReached = "goal_reached", "Målet är uppnått";
        PlannedMove = "planned_move", "Planerad flytt";
        OwnRequest = "own_request", "På egen begäran";
        ProviderTerminated = "provider_terminated", "Utskriven av föreståndare";
        Deviation = "deviation", "Avvikelse";
        Security = "security", "Säkerhetsskäl";
        Imprisoned = "imprisoned", "Häkte eller fängelse";
        Hospital = "hospital", "Sjukhusvård";
        Deceased = "deceased", "Avliden";
        Other = "other", "Annan orsak";
    }
}

vocabulary! {
    /// What a price per day is for.
    RateKind = "rate_kind" {
        Care = "care", "Vård";
        Supplement = "supplement", "Tillägg";
        Absence = "absence", "Frånvaro";
    }
}

vocabulary! {
    /// Where a price per day comes from.
    RateSource = "rate_source" {
        Framework = "framework", "Ramavtal";
        Contract = "contract", "Avtal";
        Manual = "manual", "Manuellt";
    }
}

vocabulary! {
    /// What is paid while the person is away.
    AbsenceRate = "absence_rate" {
        Full = "full", "Fullt pris";
        Reduced = "reduced", "Reducerat pris";
        None = "none", "Inget pris";
    }
}

vocabulary! {
    /// Why the person is away.
    AbsenceReason = "absence_reason" {
        Permission = "permission", "Permission";
        Hospital = "hospital", "Sjukhus";
        Custody = "custody", "Häkte";
    }
}

vocabulary! {
    /// What sort of provider it is.
    ProviderKind = "provider_kind" {
        Hvb = "hvb", "HVB";
        ProtectedHousing = "protected_housing", "Skyddat boende";
        ExitOperator = "exit_operator", "Avhopparverksamhet";
        Outpatient = "outpatient", "Öppenvård";
        Housing = "housing", "Boende";
        Own = "own", "Egen regi";
    }
}

vocabulary! {
    /// What the person said of the support that was offered after leaving.
    OfferAnswer = "offer_answer" {
        Accepted = "accepted", "Tackade ja";
        Declined = "declined", "Tackade nej";
        Undecided = "undecided", "Vill återkomma";
    }
}

vocabulary! {
    /// Why somebody needs to see where a person is.
    LocationReason = "location_reason" {
        Transport = "transport", "Hämtning eller resa";
        Visit = "visit", "Besök eller möte på plats";
        DangerLife = "danger_life", "Fara för liv eller hälsa";
        ProviderContact = "provider_contact", "Kontakt med boendet";
        AuthorityContact = "authority_contact", "Kontakt med polis eller annan myndighet";
        Move = "move", "Flytt eller ny placering";
        Other = "other", "Annat";
    }
}
