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
