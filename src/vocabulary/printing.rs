//! The words of a print: what is taken out of a case on paper, and what for.

vocabulary! {
    /// A part of a case that can be printed. Where the person lives is in none of them.
    PrintPart = "print_part" {
        Facts = "facts", "Ärendeuppgifter";
        Person = "person", "Personens namn och nummer";
        Journal = "journal", "Journal";
        Threat = "threat", "Hotbedömningar";
        Investigation = "investigation", "Utredning";
        Motivation = "motivation", "Motivation";
        Consents = "consents", "Samtycken";
        Decisions = "decisions", "Beslut";
        Plans = "plans", "Planer och insatser";
        Placements = "placements", "Placeringar";
        FollowUps = "follow_ups", "Uppföljningar";
        Checks = "checks", "Slagningar";
        Deviations = "deviations", "Avvikelser";
        Meetings = "meetings", "Samverkansmöten";
        Outcomes = "outcomes", "Utfall";
        Conditions = "conditions", "Villkor hos polisen";
        Timeline = "timeline", "Tidslinje";
    }
}

vocabulary! {
    /// What somebody prints for.
    PrintPurpose = "print_purpose" {
        CaseWork = "case_work", "Handläggning av ärendet";
        Deliberation = "deliberation", "Föredragning inför beslut";
        Party = "party", "Parten vill ta del av sina uppgifter";
        Disclosure = "disclosure", "Utlämnande efter sekretessprövning";
        Court = "court", "Domstol";
        Supervision = "supervision", "Tillsyn";
        Other = "other", "Annat";
    }
}
