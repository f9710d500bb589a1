//! What the review of the log comes to.

vocabulary! {
    /// What whoever reviews says of something drawn. The two middle ones wait for an answer.
    LogVerdict = "log_verdict" {
        Justified = "justified", "Motiverad";
        AskUser = "ask_user", "Fråga medarbetaren";
        AskManager = "ask_manager", "Fråga chefen";
        Incident = "incident", "Incident";
    }
}

impl LogVerdict {
    /// Whether the item is done with.
    pub const fn settles(self) -> bool {
        matches!(self, Self::Justified | Self::Incident)
    }
}
