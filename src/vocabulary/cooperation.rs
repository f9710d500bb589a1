//! The words of what goes on together with the police: checks in their registers, and deviations from what was agreed
//! (domain 2.6).

vocabulary! {
    /// What a check came to. What was found in a register is never kept.
    CheckResult = "check_result" {
        NoDeviation = "no_deviation", "Utan avvikelse";
        Deviation = "deviation", "Avvikelse";
        NotPerformed = "not_performed", "Ej genomförd";
    }
}

vocabulary! {
    /// Who told of a deviation.
    DeviationSource = "deviation_source" {
        Police = "police", "Polisen";
        Provider = "provider", "Utföraren";
        Caseworker = "caseworker", "Handläggaren";
        Person = "person", "Den enskilde";
        Relative = "relative", "Närstående";
        Other = "other", "Annan";
    }
}

vocabulary! {
    /// What has gone another way than was agreed.
    DeviationCategory = "deviation_category" {
        SuspectedCrime = "suspected_crime", "Misstanke om nytt brott";
        ContactWithGroup = "contact_with_group", "Kontakt med tidigare gruppering";
        SubstanceUse = "substance_use", "Alkohol eller droger";
        MissedContact = "missed_contact", "Utebliven kontakt";
        LeftPlacement = "left_placement", "Lämnat placering";
        BrokenCondition = "broken_condition", "Brutit mot villkor";
        LocationExposed = "location_exposed", "Röjd vistelseort";
        ThreatEvent = "threat_event", "Hothändelse";
        Other = "other", "Annat";
    }
}

vocabulary! {
    /// How grave a deviation is.
    DeviationSeverity = "deviation_severity" {
        S1 = "s1", "Låg";
        S2 = "s2", "Medel";
        S3 = "s3", "Allvarlig";
    }
}

vocabulary! {
    /// How far a deviation has come.
    DeviationStatus = "deviation_status" {
        Reported = "reported", "Rapporterad";
        Acknowledged = "acknowledged", "Mottagen";
        Assessed = "assessed", "Bedömd";
        ActionDecided = "action_decided", "Åtgärd beslutad";
        Closed = "closed", "Avslutad";
    }
}

vocabulary! {
    /// What a deviation leads to. None of these ends anything: support is changed by a decision and by nothing else.
    DeviationOutcome = "deviation_outcome" {
        NoAction = "no_action", "Ingen åtgärd";
        PlanRevised = "plan_revised", "Vårdplan reviderad";
        NewPoliceAssessment = "new_police_assessment", "Ny polisbedömning begärd";
        Relocation = "relocation", "Omplacering";
        ReviewDecision = "review_decision", "Omprövning inledd";
        ClosingConsidered = "closing_considered", "Avslut övervägs";
    }
}
