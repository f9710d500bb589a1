//! The words of the journal and of the consents (domain 2.5, 2.6 and 3.4).

vocabulary! {
    /// What a note is about. A correction points to the note that it corrects; what the program writes nobody has typed.
    JournalKind = "journal_kind" {
        Contact = "contact", "Kontakt";
        HomeVisit = "home_visit", "Hembesök";
        Meeting = "meeting", "Möte";
        PoliceContact = "police_contact", "Kontakt med polis";
        Phone = "phone", "Telefonsamtal";
        DecisionNote = "decision_note", "Beslut";
        Assessment = "assessment", "Bedömning";
        Fact = "fact", "Faktauppgift";
        PartyStatement = "party_statement", "Den enskildes uppgift";
        DisclosureNote = "disclosure_note", "Utlämnande";
        DeviationNote = "deviation_note", "Avvikelse";
        Correction = "correction", "Rättelse";
        Program = "program", "Händelse i ärendet";
    }
}

impl JournalKind {
    /// Whether somebody can choose it for a new note.
    pub const fn is_chosen(self) -> bool {
        !matches!(self, Self::Correction | Self::Program)
    }
}

vocabulary! {
    /// What the program writes a line about.
    JournalEvent = "journal_event" {
        CaseOpened = "case_opened", "Ärendet öppnades";
        StatusChanged = "status_changed", "Ärendets status ändrades";
        ProgrammeChanged = "programme_changed", "Status i programmet ändrades";
        CaseClosed = "case_closed", "Ärendet avslutades";
        Assigned = "assigned", "Uppdrag i ärendet tilldelades";
        AssignmentEnded = "assignment_ended", "Uppdrag i ärendet avslutades";
        ThreatConfirmed = "threat_confirmed", "Polisens hotbedömning fastställdes";
        ConsentGiven = "consent_given", "Samtycke registrerades";
        ConsentWithdrawn = "consent_withdrawn", "Samtycke återkallades";
        DecisionSigned = "decision_signed", "Beslut undertecknades";
        Disclosed = "disclosed", "Uppgift lämnades ut";
        DormancyReviewed = "dormancy_reviewed", "Det vilande ärendet sågs över";
        TransferRequested = "transfer_requested", "En annan kommun ombads ta över ärendet";
        TransferAnswered = "transfer_answered", "En annan kommun svarade om överflyttning";
        TransferTried = "transfer_tried", "IVO prövar överflyttning";
        InvestigationDiscontinued = "investigation_discontinued", "Utredning avslutades utan beslut";
        PersonDied = "person_died", "Dödsfall registrerades";
        DisclosureRefused = "disclosure_refused", "Utlämnande avslogs";
        DeathRevoked = "death_revoked", "Registrerat dödsfall togs tillbaka";
    }
}

vocabulary! {
    /// What a consent is for.
    ConsentKind = "consent_kind" {
        InformationExchange = "information_exchange", "Informationsutbyte";
        RelapseFollowUp = "relapse_follow_up", "Uppföljning av återfall (slagningar)";
        Sig = "sig", "SIG-samverkan";
        Sip = "sip", "Samordnad individuell plan (SoL 10:8)";
        AfterClosing = "after_closing", "Uppföljning efter avslut";
        Provider = "provider", "Uppgifter till utförare";
        OtherCommittee = "other_committee", "Uppgifter till GAF/annan nämnd";
        DrugTest = "drug_test", "Drogtest";
    }
}

vocabulary! {
    /// Who may be told.
    ConsentRecipient = "consent_recipient" {
        PoliceLpo = "police_lpo", "Polisen – LPO";
        PoliceNoa = "police_noa", "Polisen – NOA";
        PoliceBops = "police_bops", "Polisen – BOPS";
        PoliceRegion = "police_region", "Polisregionen";
        Gaf = "gaf", "GAF";
        Provider = "provider", "Utförare";
        Sig = "sig", "SIG";
        Region = "region", "Regionens hälso- och sjukvård";
        OtherCommittee = "other_committee", "Annan nämnd";
    }
}

vocabulary! {
    /// How it was given.
    ConsentForm = "consent_form" {
        Written = "written", "Skriftligt";
        Oral = "oral", "Muntligt (journalfört)";
    }
}

vocabulary! {
    /// What may be told: the scope of a consent, and what an item that is handed over is about.
    DisclosureCategory = "disclosure_category" {
        Identity = "identity", "Identitet";
        Contact = "contact", "Kontaktuppgifter";
        Programme = "programme", "Deltagande i programmet";
        DecisionExists = "decision_exists", "Att det finns ett beslut";
        DecisionContent = "decision_content", "Vad beslutet innehåller";
        ThreatInfo = "threat_info", "Hotbild";
        Deviation = "deviation", "Avvikelser";
        WhereaboutsYesNo = "whereabouts_yes_no", "Om personen vistas i ett boende";
        WhereaboutsMunicipality = "whereabouts_municipality", "Vistelsekommun";
        WhereaboutsAddress = "whereabouts_address", "Vistelseadress";
        SupportNeeds = "support_needs", "Stödbehov";
        Health = "health", "Hälsa";
        Substance = "substance", "Beroende";
        FamilyChildren = "family_children", "Familj och barn";
        Economy = "economy", "Ekonomi";
        Cost = "cost", "Kostnad för insatsen";
        Plan = "plan", "Vårdplan och genomförandeplan";
        Outcome = "outcome", "Resultat";
    }
}
