//! The words of a broken glass: why it had to be, and what whoever reviewed it said.

vocabulary! {
    /// Why somebody read a case that is somebody else's.
    BreakGlassReason = "break_glass_reason" {
        DangerLife = "danger_life", "Fara för liv eller hälsa";
        OnCallEmergency = "on_call_emergency", "Akut ärende hos socialjouren";
        ResponsibleUnavailable = "responsible_unavailable", "Ansvarig och ersättare går inte att nå";
        CourtDeadline = "court_deadline", "Frist som går ut";
    }
}

vocabulary! {
    /// What the review said.
    BreakGlassResult = "break_glass_result" {
        Justified = "justified", "Befogad";
        Unjustified = "unjustified", "Obefogad";
    }
}

vocabulary! {
    /// Why somebody who is not named in a case with enhanced protection opens it.
    ProtectedReason = "protected_reason" {
        Supervision = "supervision", "Leder eller följer upp arbetet i ärendet";
        Allocation = "allocation", "Fördelar ärendet eller byter handläggare";
        Deputising = "deputising", "Går in för en kollega som är borta";
        Question = "question", "Svarar på en fråga från den enskilde eller en myndighet";
        Review = "review", "Granskar ärendet eller ett beslut";
    }
}
