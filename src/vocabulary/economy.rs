//! The words of the economy: where money comes from, why a closed month was put right, and how far an application for
//! state money has come.

vocabulary! {
    /// What a line of the budget is.
    BudgetKind = "budget_kind" {
        FrameIncrease = "frame_increase", "Ramhöjning";
        Targeted = "targeted", "Riktad insats";
        Ordinary = "ordinary", "Befintlig ram";
        State = "state", "Statliga medel";
    }
}

vocabulary! {
    /// What a row of a closed month comes from.
    LedgerCause = "ledger_cause" {
        Closing = "closing", "Månaden stängdes";
        Placement = "placement", "Placeringen ändrades";
        Rate = "rate", "Dygnspriset ändrades";
        Absence = "absence", "Frånvaro registrerades";
    }
}

vocabulary! {
    /// Who is asked for state money.
    FundAuthority = "fund_authority" {
        PoliceNoa = "police_noa", "Polismyndigheten (NOA)";
        PoliceRegion = "police_region", "Polisregionen";
    }
}

vocabulary! {
    /// What has to be in place before money is asked for.
    FundPrerequisite = "fund_prerequisite" {
        PoliceMatterOpen = "police_matter_open", "Polisen har ett öppet ärende";
        RegionalContact = "regional_contact", "Den regionala samordnaren är kontaktad";
        LpoContact = "lpo_contact", "Lokalpolisområdet är kontaktat";
        ConsentActive = "consent_active", "Personens skriftliga samtycke gäller";
        DecisionExists = "decision_exists", "Det finns ett beslut om insats";
    }
}

vocabulary! {
    /// How far an application has come (domain 2.14.6).
    FundStatus = "fund_status" {
        Draft = "draft", "Utkast";
        Submitted = "submitted", "Sökt – väntar på besked";
        Granted = "granted", "Beviljad";
        PartlyGranted = "partly_granted", "Delvis beviljad";
        Rejected = "rejected", "Avslag";
        Withdrawn = "withdrawn", "Återtagen";
        Paid = "paid", "Utbetald";
        Reported = "reported", "Återrapporterad";
        Repayment = "repayment", "Återbetalning";
        Closed = "closed", "Avslutad";
    }
}

vocabulary! {
    /// What an invoice is beside what it should be, and how far it has come.
    InvoiceStatus = "invoice_status" {
        Match = "match", "Stämmer";
        Deviation = "deviation", "Avvikelse";
        Disputed = "disputed", "Bestriden";
        Approved = "approved", "Godkänd";
    }
}

vocabulary! {
    /// What is wrong with an invoice.
    InvoiceDispute = "invoice_dispute" {
        Days = "days", "Antalet dygn";
        Price = "price", "Dygnspriset";
        Absence = "absence", "Frånvaro är inte avdragen";
        Other = "other", "Annat";
    }
}
