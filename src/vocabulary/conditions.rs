//! What the police ask of whoever is in their programme.

vocabulary! {
    /// A rule in the form that the person signs at the police.
    ProgrammeRule = "programme_rule" {
        NoCrime = "no_crime", "Inga nya brott";
        NoDrugs = "no_drugs", "Inga droger";
        Cooperation = "cooperation", "Samarbete med polisen och socialtjänsten";
        DrugTests = "drug_tests", "Drogtester";
        Own = "own", "Egna regler";
    }
}
