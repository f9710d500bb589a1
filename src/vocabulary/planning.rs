//! The words of plans, of support that is not a placement, and of following up.

use super::DecisionType;

vocabulary! {
    /// What sort of plan it is.
    PlanKind = "plan_kind" {
        CarePlan = "care_plan", "Vårdplan";
        ImplementationPlan = "implementation_plan", "Genomförandeplan";
    }
}

vocabulary! {
    /// How far a version of a plan has come.
    PlanStatus = "plan_status" {
        Draft = "draft", "Utkast";
        Active = "active", "Gällande";
        Superseded = "superseded", "Ersatt";
        Ended = "ended", "Avslutad";
    }
}

vocabulary! {
    /// Support that is no placement. The codes are those of the decisions that it rests on.
    InterventionKind = "intervention_kind" {
        Outpatient = "outpatient", "Öppenvård";
        HousingSupport = "housing_support", "Boendestöd";
        ExternalExitProgramme = "external_exit_programme", "Externt avhopparprogram utan boende";
        ContactPerson = "contact_person", "Kontaktperson";
        QualifiedContactPerson = "qualified_contact_person", "Särskilt kvalificerad kontaktperson";
        DebtCounselling = "debt_counselling", "Budget- och skuldrådgivning";
        AddictionTreatment = "addiction_treatment", "Behandling mot skadligt bruk eller beroende";
    }
}

impl InterventionKind {
    /// What a decision of the type gives, where that is no placement.
    pub fn of(decided: DecisionType) -> Option<Self> {
        Self::parse(decided.code())
    }
}

vocabulary! {
    /// How far support has come.
    InterventionStatus = "intervention_status" {
        Planned = "planned", "Planerad";
        Ongoing = "ongoing", "Pågår";
        Paused = "paused", "Pausad";
        Ended = "ended", "Avslutad";
    }
}

vocabulary! {
    /// What is followed up.
    FollowUpKind = "follow_up_kind" {
        Placement = "placement", "Placering";
        CarePlan = "care_plan", "Vårdplan";
        Outpatient = "outpatient", "Öppenvård";
        Joint = "joint", "Gemensam uppföljning";
        AfterClosing = "after_closing", "Efter avslut";
    }
}

vocabulary! {
    /// How a follow-up was held.
    FollowUpForm = "follow_up_form" {
        Visit = "visit", "Besök";
        Meeting = "meeting", "Möte";
        Video = "video", "Videomöte";
        Phone = "phone", "Telefon";
    }
}

vocabulary! {
    /// What has become of a goal.
    GoalResult = "goal_result" {
        Reached = "reached", "Uppnått";
        Partly = "partly", "Delvis uppnått";
        Not = "not", "Inte uppnått";
        Revised = "revised", "Målet ska ändras";
    }
}
