//! The words about people: those who use the program and those it is about.

vocabulary! {
    /// What a user may do, and in which cases.
    Role = "role_code" {
        Caseworker = "caseworker", "Socialsekreterare";
        Coordinator = "coordinator", "Samordnare";
        Manager = "manager", "Enhetschef";
        PoliceLiaison = "police_liaison", "Polisens kontaktperson";
        Controller = "controller", "Controller";
        LogReviewer = "log_reviewer", "Logggranskare";
        Sysadmin = "sysadmin", "Systemadministratör";
    }
}

impl Role {
    /// Whether it belongs to another authority: it then works as a database role of its own, which reaches what was
    /// released to that authority and no table of ours.
    pub const fn is_outside(self) -> bool {
        matches!(self, Self::PoliceLiaison)
    }
}

vocabulary! {
    /// Sex as the official statistics count it.
    Sex = "sex_code" {
        Woman = "woman", "Kvinna";
        Man = "man", "Man";
        Unknown = "unknown", "Okänt";
    }
}

vocabulary! {
    /// What sort of number identifies a person.
    IdentityKind = "identity_kind" {
        Personnummer = "personnummer", "Personnummer";
        Samordningsnummer = "samordningsnummer", "Samordningsnummer";
        Temporary = "temporary", "Tillfälligt id";
    }
}

vocabulary! {
    /// Light or dark pages.
    Theme = "theme_code" {
        System = "system", "Som datorn";
        Light = "light", "Ljust";
        Dark = "dark", "Mörkt";
    }
}

vocabulary! {
    /// What has become of a person as the register knows them.
    PersonStatus = "person_status" {
        Active = "active", "Aktiv";
        IdentityBroken = "identity_broken", "Identitetsbrytning";
        Deceased = "deceased", "Avliden";
        Merged = "merged", "Sammanförd";
    }
}

vocabulary! {
    /// How well a birth date is known.
    BirthDatePrecision = "birth_date_precision" {
        Day = "day", "Dagen är känd";
        Year = "year", "Bara året är känt";
        Unknown = "unknown", "Osäkert";
    }
}

vocabulary! {
    /// How a person's data are protected, from the weakest to the strongest.
    MarkingKind = "marking_kind" {
        LocalProtection = "local_protection", "Lokal skyddsmarkering";
        SecrecyMarking = "secrecy_marking", "Sekretessmarkering";
        ProtectedRegistration = "protected_registration", "Skyddad folkbokföring";
        /// Written by the break of an identity alone.
        Fingerade = "fingerade", "Fingerade personuppgifter";
    }
}

impl MarkingKind {
    /// Those that are registered as they are; the last one is the break of an identity.
    pub const REGISTERED: [Self; 3] = [Self::LocalProtection, Self::SecrecyMarking, Self::ProtectedRegistration];
}

vocabulary! {
    /// The way on which post may reach somebody, from the widest to the narrowest.
    MailRoute = "mail_route" {
        Normal = "normal", "Vanlig post";
        ViaSkatteverket = "via_skatteverket", "Via Skatteverkets förmedling";
        Handover = "handover", "Personlig överlämning";
        None = "none", "Skicka inget";
    }
}

vocabulary! {
    /// A way to reach somebody.
    ContactDetailKind = "contact_detail_kind" {
        Phone = "phone", "Telefon";
        Email = "email", "E-post";
        Address = "address", "Adress";
        SafeContactVia = "safe_contact_via", "Säker kontakt genom";
    }
}

vocabulary! {
    /// What somebody close is to the person.
    RelationKind = "relation_kind" {
        Child = "child", "Barn";
        Partner = "partner", "Partner";
        Parent = "parent", "Förälder";
        Sibling = "sibling", "Syskon";
        Other = "other", "Annan närstående";
    }
}

vocabulary! {
    /// Whether somebody close lives with the person.
    LivesWith = "lives_with" {
        Yes = "yes", "Ja";
        No = "no", "Nej";
        Partly = "partly", "Växelvis";
    }
}

vocabulary! {
    /// What custody the person has of a child.
    Custody = "custody" {
        Sole = "sole", "Ensam vårdnad";
        Joint = "joint", "Gemensam vårdnad";
        None = "none", "Ingen vårdnad";
        Unknown = "unknown", "Okänt";
    }
}
