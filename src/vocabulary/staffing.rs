//! The words about who may come in: what is proposed, and what became of it.

vocabulary! {
    /// What a proposal is about.
    ProposalKind = "proposal_kind" {
        New = "new", "Nytt konto";
        Role = "role", "Ändrad roll";
        Prolong = "prolong", "Förlängning";
        Unlock = "unlock", "Upplåsning";
    }
}

vocabulary! {
    /// What whoever decided said.
    ProposalOutcome = "proposal_outcome" {
        Approved = "approved", "Godkänt";
        Refused = "refused", "Avslaget";
        Withdrawn = "withdrawn", "Tillbakataget";
    }
}

vocabulary! {
    /// How somebody comes back in without a key.
    RecoveryKind = "recovery_kind" {
        Code = "code", "Återställningskod";
        InPerson = "in_person", "Personlig återställning";
    }
}
