//! The words of the police's part: who assesses, how grave the threat is, what protection is needed. The scales are the
//! programme's own (domain 2.6): the law gives none.

vocabulary! {
    /// The part of the police that assesses.
    PoliceBody = "police_body" {
        Lpo = "lpo", "Lokalpolisområdet";
        Noa = "noa", "NOA";
        Bops = "bops", "BOPS";
        Region = "region", "Polisregionen";
    }
}

vocabulary! {
    /// How an assessment came. One by telephone has to be confirmed in writing.
    ReceivedVia = "received_via" {
        Meeting = "meeting", "Möte";
        SecureMessage = "secure_message", "Säkert meddelande";
        Letter = "letter", "Brev";
        Phone = "phone", "Telefon";
    }
}

vocabulary! {
    /// Degree of criminality.
    CriminalityDegree = "criminality_degree" {
        NotAssessed = "not_assessed", "Ej bedömd";
        Peripheral = "peripheral", "Perifer";
        Active = "active", "Aktiv";
        Central = "central", "Central";
        Leading = "leading", "Ledande";
    }
}

vocabulary! {
    /// What sort of threat there is.
    ThreatKind = "threat_kind" {
        None = "none", "Ingen känd hotbild";
        Latent = "latent", "Latent hotbild";
        Concrete = "concrete", "Konkret hotbild";
        Unknown = "unknown", "Oklart";
    }
}

vocabulary! {
    /// How grave it is. That the police have not graded it is an answer of its own.
    ThreatLevel = "threat_level" {
        L0 = "l0", "Ingen";
        L1 = "l1", "Låg";
        L2 = "l2", "Förhöjd";
        L3 = "l3", "Hög";
        L4 = "l4", "Mycket hög";
        NotGraded = "not_graded", "Ej graderad av polisen";
    }
}

impl ThreatLevel {
    /// How many of the four bars are filled; none where the police have not graded.
    pub const fn step(self) -> Option<u8> {
        match self {
            Self::L0 => Some(0),
            Self::L1 => Some(1),
            Self::L2 => Some(2),
            Self::L3 => Some(3),
            Self::L4 => Some(4),
            Self::NotGraded => None,
        }
    }

    /// The key of its colour in the style sheet.
    pub const fn key(self) -> &'static str {
        match self {
            Self::L0 => "ingen",
            Self::L1 => "lag",
            Self::L2 => "forhojd",
            Self::L3 => "hog",
            Self::L4 => "mycket-hog",
            Self::NotGraded => "ej",
        }
    }
}

vocabulary! {
    /// What protection the police think is needed.
    ProtectionNeed = "protection_need" {
        None = "none", "Inget skyddsbehov";
        Relocation = "relocation", "Behöver annan ort";
        ProtectedHousing = "protected_housing", "Skyddat boende";
        PoliceProtection = "police_protection", "Polisiärt personskydd";
        NotAssessed = "not_assessed", "Ej bedömt";
    }
}

vocabulary! {
    /// Whether the person can return home.
    ReturnPossible = "return_possible" {
        Yes = "yes", "Ja";
        No = "no", "Nej";
        NotYet = "not_yet", "Inte nu";
        Unknown = "unknown", "Oklart";
    }
}

vocabulary! {
    /// How far an assessment has come. That it has gone out of date is no status: the day tells.
    ThreatStatus = "threat_status" {
        Received = "received", "Väntar på fastställande";
        Confirmed = "confirmed", "Fastställd";
        Superseded = "superseded", "Ersatt";
        Rejected = "rejected", "Avvisad registrering";
        Withdrawn = "withdrawn", "Makulerad";
    }
}

vocabulary! {
    /// What the police ask before they open a matter of their own, answered one by one.
    ConditionMet = "condition_met" {
        Yes = "yes", "Ja";
        No = "no", "Nej";
        Unknown = "unknown", "Oklart";
    }
}
