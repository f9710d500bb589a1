//! The words of the economy: where money comes from, and why a closed month was put right.

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
