//! What has to be done by a day: the rules A01 to A37, how grave each is, who is told and who is told next. Postgres holds
//! the same table in `alarm_plan()`, and asks the rules.

use super::SettingKey;

vocabulary! {
    /// The rules, in the order of their numbers. The label is what has to be seen to.
    AlarmRule = "alarm_rule" {
        A01PoliceContact = "a01_police_contact", "Ta kontakt med polisens samordnare";
        A02OralAssessment = "a02_oral_assessment", "Polisens muntliga bedömning saknar skriftlig bekräftelse";
        A03ThreatOutdated = "a03_threat_outdated", "Hotbedömningen blir inaktuell";
        A04CheckUnreported = "a04_check_unreported", "Slagning ej rapporterad";
        A05InvestigationTarget = "a05_investigation_target", "Utredningens måldatum";
        A06ChildInvestigation = "a06_child_investigation", "Lagstadgad utredningstid, barn";
        A07RulingMayBeDemanded = "a07_ruling_may_be_demanded", "Part kan begära avgörande";
        A07RulingDemanded = "a07_ruling_demanded", "Svara på begäran om avgörande";
        A08DelayUntold = "a08_delay_untold", "Underrätta om försening";
        A09DecisionUnexecuted = "a09_decision_unexecuted", "Beslut ej verkställt";
        A10CarePlan = "a10_care_plan", "Vårdplan saknas";
        A11PlacementEnds = "a11_placement_ends", "Placering slutar";
        A12PriceStep = "a12_price_step", "Prissteg";
        A13FollowUpLate = "a13_follow_up_late", "Uppföljning försenad";
        A14ReturnReview = "a14_return_review", "Återvändandebedömning ska omprövas";
        A15ConsentEnds = "a15_consent_ends", "Samtycke går ut";
        A16ConsentWithdrawn = "a16_consent_withdrawn", "Samtycke återkallat, pågående utlämnanden är dolda";
        A17AgreementEnds = "a17_agreement_ends", "Ramavtal löper ut";
        A18Permit = "a18_permit", "IVO-tillstånd ej kontrollerat eller återkallat";
        A19DirectAwardPapers = "a19_direct_award_papers", "Direktupphandlingens dokumentation ska vara klar";
        A20DirectAwardLimit = "a20_direct_award_limit", "Direktupphandlingar nära gränsen";
        A21CaseCost = "a21_case_cost", "Kostnad i ärende över 1 000 000 kr";
        A22Budget = "a22_budget", "Prognosen når 90 procent av budgeten";
        A23StateMoneyAnswer = "a23_state_money_answer", "Svar på ansökan om statliga medel dröjer";
        A24StateMoneyReport = "a24_state_money_report", "Återrapportering av statliga medel";
        A25SevereDeviation = "a25_severe_deviation", "Allvarlig avvikelse";
        A26LocationExposed = "a26_location_exposed", "Röjd vistelseort";
        A27NoDeputy = "a27_no_deputy", "Handläggare eller ersättare saknas";
        A27OneCoordinator = "a27_one_coordinator", "Färre än två samordnare";
        A27OnePerson = "a27_one_person", "En person är ensam om ärendet";
        A28BreakGlass = "a28_break_glass", "Nödöppning ska granskas";
        A29LogReview = "a29_log_review", "Loggkontroll för perioden saknas";
        A30ConcernReport = "a30_concern_report", "Barn: orosanmälan ej dokumenterad";
        A31AppealPeriod = "a31_appeal_period", "Överklagandetid";
        A32DormantReview = "a32_dormant_review", "Vilande ärende ska omprövas";
        A33Retention = "a33_retention", "Gallringsskyldighet";
        A34DocumentRequest = "a34_document_request", "Begäran om handling obesvarad";
        A35RegisterExtract = "a35_register_extract", "Registerutdrag inom en månad";
        A36UnsafeMove = "a36_unsafe_move", "Omplacering: ny kommun är osäker";
        A37TurnsTwentyOne = "a37_turns_twenty_one", "Person fyller 21";
    }
}

vocabulary! {
    /// How grave.
    AlarmSeverity = "alarm_severity" {
        Info = "info", "Upplysning";
        Warning = "warning", "Varning";
        Critical = "critical", "Kritisk";
    }
}

vocabulary! {
    /// Who is told. A registrar is no role yet.
    AlarmReceiver = "alarm_receiver" {
        Responsible = "responsible", "Handläggaren";
        Coordinator = "coordinator", "Samordnaren";
        Manager = "manager", "Chefen";
        Controller = "controller", "Controllern";
        LogReviewer = "log_reviewer", "Logggranskaren";
        Registrar = "registrar", "Registratorn";
    }
}

vocabulary! {
    /// Why it stands no longer.
    AlarmEnd = "alarm_end" {
        Settled = "settled", "Åtgärdad";
        CaseClosed = "case_closed", "Ärendet är avslutat";
        Acknowledged = "acknowledged", "Kvitterad";
    }
}

/// What the rules have in common, as `alarm_plan()` in Postgres has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlarmPlan {
    pub severity: AlarmSeverity,
    /// From which day on it is critical, counted from the day by which.
    pub critical_after: Option<i32>,
    pub receivers: &'static [AlarmReceiver],
    /// Who is told when nothing has happened, and how many days later.
    pub escalates: Option<(AlarmReceiver, i32)>,
    /// Whether it only tells of something, and is acknowledged by whoever has seen it.
    pub by_hand: bool,
}

/// From when on it is spoken of, before the day by which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lead {
    /// So many days before; less than none is after.
    Days(i64),
    /// As many as the municipality has decided.
    Setting(SettingKey),
    /// From the day of the warning to that of the target, both decided by the municipality.
    UntilTarget,
    /// As soon as there is a reason.
    AtOnce,
}

impl AlarmRule {
    /// Rules whose facts the program does not hold yet. Each begins to be asked with the migration that brings the facts.
    pub const NOT_YET: &'static [Self] = &[
        // Children are investigated by another unit, in a system of its own.
        Self::A06ChildInvestigation,
        Self::A18Permit,
        Self::A19DirectAwardPapers,
        Self::A20DirectAwardLimit,
        Self::A23StateMoneyAnswer,
        Self::A24StateMoneyReport,
        Self::A33Retention,
        Self::A34DocumentRequest,
        Self::A35RegisterExtract,
        // The day of birth is sealed, and timed work opens nothing about a person.
        Self::A37TurnsTwentyOne,
    ];

    /// As the programme's own list of alarms counts it.
    pub fn number(self) -> String {
        self.code()[..3].to_uppercase()
    }

    /// Those that are asked.
    pub fn watched() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|rule| !Self::NOT_YET.contains(rule))
    }

    /// Why it is there, in one sentence.
    pub const fn why(self) -> &'static str {
        match self {
            Self::A01PoliceContact => "Polisen ska kontaktas inom den tid som kommunen har bestämt.",
            Self::A02OralAssessment => "En bedömning som kom per telefon ska bekräftas skriftligt inom en vecka.",
            Self::A03ThreatOutdated => "En hotbedömning gäller till och med en viss dag.",
            Self::A04CheckUnreported => "Polisen skulle ha rapporterat en slagning.",
            Self::A05InvestigationTarget => "Utredningen ska vara klar till sitt måldatum.",
            Self::A06ChildInvestigation => {
                "En utredning om ett barn ska vara klar inom fyra månader (20 kap. 3 § SoL)."
            }
            Self::A07RulingMayBeDemanded => "Efter sex månader kan parten begära att ärendet avgörs (12 § FL).",
            Self::A07RulingDemanded => {
                "Parten har begärt att ärendet avgörs och ska få svar inom fyra veckor (12 § FL)."
            }
            Self::A08DelayUntold => "Måldatumet har passerat och parten ska få veta varför (11 § FL).",
            Self::A09DecisionUnexecuted => "Det som beviljats ska ges inom tre månader (34 kap. 1 § SoL).",
            Self::A10CarePlan => "En placering ska ha en vårdplan (9 kap. 12 § SoL).",
            Self::A11PlacementEnds => "Det som kommer efter placeringen behöver vara planerat.",
            Self::A12PriceStep => "Placeringen får ett annat pris.",
            Self::A13FollowUpLate => "Uppföljningen skulle ha hållits.",
            Self::A14ReturnReview => "Bedömningen av om personen kan återvända ska göras om.",
            Self::A15ConsentEnds => "Utan samtycke kan uppgifter inte längre delas.",
            Self::A16ConsentWithdrawn => "Det som lämnats ut med stöd av samtycket visas inte längre för mottagaren.",
            Self::A17AgreementEnds => "Inget nytt ramavtal tar vid hos leverantören.",
            Self::A18Permit => "Ett boende ska ha ett giltigt tillstånd.",
            Self::A19DirectAwardPapers => "En direktupphandling ska dokumenteras.",
            Self::A20DirectAwardLimit => "Värdet av direktupphandlingar har ett tak.",
            Self::A21CaseCost => "Det som är betalt och planerat i ärendet passerar en miljon kronor.",
            Self::A22Budget => "Årets kostnad och prognos når 90 procent av budgeten eller mer.",
            Self::A23StateMoneyAnswer => "Ansökan har väntat på svar i 60 dagar.",
            Self::A24StateMoneyReport => "Beviljade medel ska återrapporteras.",
            Self::A25SevereDeviation => "En avvikelse av den allvarligaste graden är inte omhändertagen.",
            Self::A26LocationExposed => {
                "Någon utomstående kan veta var personen vistas, och ärendet kan inte avslutas."
            }
            Self::A27NoDeputy => "Ett ärende får inte hänga på en person.",
            Self::A27OneCoordinator => "Verksamheten får inte hänga på en samordnare.",
            Self::A27OnePerson => "Bara en person har antecknat i ärendet de senaste 30 dagarna.",
            Self::A28BreakGlass => "En nödöppning ska granskas inom en arbetsdag.",
            Self::A29LogReview => "Loggen för en månad ska vara granskad tio arbetsdagar in i nästa.",
            Self::A30ConcernReport => "En orosanmälan behövs och har inte dokumenterats (19 kap. 1 § SoL).",
            Self::A31AppealPeriod => "Beslutet kan överklagas till och med dagen (44 § FL).",
            Self::A32DormantReview => "Ett vilande ärende ska ses över.",
            Self::A33Retention => "Uppgifter ska gallras i tid (16 kap. SoL).",
            Self::A34DocumentRequest => "En begäran om att få ta del av en handling ska besvaras skyndsamt.",
            Self::A35RegisterExtract => "Ett registerutdrag ska lämnas inom en månad.",
            Self::A36UnsafeMove => "Placeringen är planerad där polisen bedömer att personen inte är säker.",
            Self::A37TurnsTwentyOne => "Vissa insatser upphör när personen fyller 21.",
        }
    }

    /// From when on it is spoken of.
    pub const fn lead(self) -> Lead {
        match self {
            Self::A03ThreatOutdated => Lead::Days(14),
            Self::A04CheckUnreported | Self::A08DelayUntold | Self::A13FollowUpLate | Self::A29LogReview => {
                Lead::Days(-1)
            }
            Self::A05InvestigationTarget => Lead::UntilTarget,
            Self::A11PlacementEnds => Lead::Setting(SettingKey::PlacementEndingWarningDays),
            Self::A12PriceStep | Self::A24StateMoneyReport | Self::A37TurnsTwentyOne => Lead::Days(30),
            Self::A15ConsentEnds => Lead::Setting(SettingKey::ConsentExpiryWarningDays),
            Self::A17AgreementEnds | Self::A33Retention => Lead::Days(90),
            Self::A32DormantReview | Self::A35RegisterExtract => Lead::Days(7),
            Self::A07RulingDemanded
            | Self::A09DecisionUnexecuted
            | Self::A18Permit
            | Self::A20DirectAwardLimit
            | Self::A21CaseCost
            | Self::A22Budget
            | Self::A25SevereDeviation
            | Self::A26LocationExposed
            | Self::A28BreakGlass
            | Self::A31AppealPeriod
            | Self::A36UnsafeMove => Lead::AtOnce,
            _ => Lead::Days(0),
        }
    }

    /// How grave it is, who is told, and who is told next.
    pub const fn plan(self) -> AlarmPlan {
        use AlarmReceiver::{Controller, Coordinator, LogReviewer, Manager, Registrar, Responsible};
        use AlarmSeverity::{Critical, Info, Warning};
        let base = match self {
            Self::A07RulingMayBeDemanded => plan(Info, &[Responsible, Manager]),
            Self::A06ChildInvestigation => plan(Critical, &[Responsible, Manager]),
            Self::A07RulingDemanded | Self::A09DecisionUnexecuted | Self::A19DirectAwardPapers => {
                plan(Warning, &[Responsible, Manager])
            }
            Self::A03ThreatOutdated | Self::A11PlacementEnds | Self::A16ConsentWithdrawn => {
                plan(Warning, &[Responsible, Coordinator])
            }
            Self::A04CheckUnreported | Self::A24StateMoneyReport => plan(Warning, &[Coordinator]),
            Self::A10CarePlan | Self::A30ConcernReport => plan(Critical, &[Responsible]),
            Self::A12PriceStep => plan(Info, &[Responsible, Controller]),
            Self::A17AgreementEnds | Self::A23StateMoneyAnswer => plan(Warning, &[Coordinator, Controller]),
            Self::A18Permit => plan(Critical, &[Coordinator, Manager]),
            Self::A20DirectAwardLimit | Self::A21CaseCost => plan(Warning, &[Manager, Controller]),
            Self::A22Budget => plan(Warning, &[Manager, Controller, Coordinator]),
            Self::A25SevereDeviation => plan(Critical, &[Responsible, Coordinator, Manager]),
            Self::A26LocationExposed | Self::A27OneCoordinator | Self::A36UnsafeMove => plan(Critical, &[Manager]),
            Self::A27NoDeputy | Self::A27OnePerson => plan(Warning, &[Manager]),
            Self::A28BreakGlass => plan(Warning, &[Manager, LogReviewer]),
            Self::A29LogReview => plan(Warning, &[LogReviewer, Manager]),
            Self::A31AppealPeriod => plan(Info, &[Responsible]),
            Self::A33Retention | Self::A35RegisterExtract => plan(Warning, &[Registrar]),
            Self::A34DocumentRequest => plan(Warning, &[Registrar, Manager]),
            _ => plan(Warning, &[Responsible]),
        };
        let critical_after = match self {
            Self::A05InvestigationTarget | Self::A09DecisionUnexecuted => Some(0),
            Self::A03ThreatOutdated | Self::A07RulingDemanded | Self::A11PlacementEnds | Self::A28BreakGlass => Some(1),
            Self::A34DocumentRequest => Some(2),
            _ => None,
        };
        let escalates = match self {
            Self::A01PoliceContact => Some((Coordinator, 2)),
            Self::A05InvestigationTarget => Some((Manager, 0)),
            Self::A13FollowUpLate => Some((Coordinator, 7)),
            _ => None,
        };
        let by_hand =
            matches!(self, Self::A12PriceStep | Self::A16ConsentWithdrawn | Self::A21CaseCost | Self::A31AppealPeriod);
        AlarmPlan { critical_after, escalates, by_hand, ..base }
    }
}

const fn plan(severity: AlarmSeverity, receivers: &'static [AlarmReceiver]) -> AlarmPlan {
    AlarmPlan { severity, critical_after: None, receivers, escalates: None, by_hand: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_from_the_first_to_the_last_is_there_and_says_why() {
        let mut numbers: Vec<_> = AlarmRule::ALL.iter().map(|rule| rule.number()).collect();
        assert!(numbers.is_sorted());
        numbers.dedup();
        assert_eq!(numbers, (1..=37).map(|number| format!("A{number:02}")).collect::<Vec<_>>());
        for rule in AlarmRule::ALL {
            let why = rule.why();
            assert!(why.ends_with('.') && why.matches(". ").count() <= 2 && !rule.label().ends_with('.'), "{rule}");
            assert!(!rule.plan().receivers.is_empty(), "{rule}");
        }
    }

    #[test]
    fn what_is_a_duty_is_not_acknowledged_away() {
        for rule in AlarmRule::ALL.iter().filter(|rule| rule.plan().by_hand) {
            assert_ne!(rule.plan().severity, AlarmSeverity::Critical, "{rule}");
            assert_eq!(rule.plan().escalates, None, "{rule}");
        }
    }
}
