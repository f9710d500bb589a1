//! What the municipality decides for itself.

vocabulary! {
    /// One setting each, in the order of the page; the label is what is set. Those that the law has said come last.
    SettingKey = "setting_key" {
        FirstPoliceContactDays = "first_police_contact_days", "Första kontakten med polisen";
        InvestigationTargetDaysAdult = "investigation_target_days_adult", "Utredning av en vuxen ska vara klar";
        InvestigationWarningDaysAdult = "investigation_warning_days_adult", "Påminnelse om utredning av en vuxen";
        ThreatAssessmentMaxAgeDays = "threat_assessment_max_age_days", "Hotbedömning gäller";
        RegisterCheckIntervalDays = "register_check_interval_days", "Tid mellan slagningar";
        PlacementEndingWarningDays = "placement_ending_warning_days", "Påminnelse om placering som tar slut";
        ConsentExpiryWarningDays = "consent_expiry_warning_days", "Påminnelse om samtycke som går ut";
        ConsentDefaultMonths = "consent_default_months", "Samtycke gäller";
        PreliminaryDaysChild = "preliminary_days_child", "Förhandsbedömning av ett barn";
        InvestigationMonthsChild = "investigation_months_child", "Utredning av ett barn";
        DecisionNotExecutedMonths = "decision_not_executed_months", "Beslut ska vara verkställt";
    }
}

vocabulary! {
    /// What a setting is counted in.
    SettingUnit = "setting_unit" {
        Days = "days", "dagar";
        Months = "months", "månader";
    }
}
