//! An alarm as a page shows it: what, why, by when, how grave, whose, and the one place where it is settled. Pure.

use time::{Date, Duration, OffsetDateTime};
use uuid::Uuid;

use crate::calendar::holidays::is_working_day;
use crate::vocabulary::{AlarmEnd, AlarmReceiver, AlarmRule, AlarmSeverity};
use crate::web::view::Due;
use crate::{
    assignment, break_glass, case, check, consent, decision, deviation, disclosure, economy, follow_up, homecoming,
    intake, investigation, log_review, placement, plan, provider, staffing, threat,
};

/// Under which heading a day stands: late, today, the rest of the week, or later.
pub const HEADINGS: [&str; 4] = ["Försenat", "I dag", "Denna vecka", "Senare"];

/// The place of a day among the headings.
pub fn when(day: Date, today: Date) -> usize {
    let days_left = 7 - i64::from(today.weekday().number_from_monday());
    match day {
        day if day < today => 0,
        day if day == today => 1,
        day if day <= today + Duration::days(days_left) => 2,
        _ => 3,
    }
}

/// Days on which nobody works, so far back and ahead as the rules ask: the database knows no holidays.
pub fn free_days(today: Date) -> Vec<Date> {
    let days = (-430..=70).filter_map(|days| today.checked_add(Duration::days(days)));
    days.filter(|day| !is_working_day(*day)).collect()
}

/// One that stands.
#[derive(Debug, Clone)]
pub struct Alarm {
    pub id: Uuid,
    pub rule: AlarmRule,
    /// What it is about: the case, or a row of it, or of the house.
    pub subject: Uuid,
    pub case: Option<Uuid>,
    /// None where it is about no case, or about one that the actor does not see.
    pub reference: Option<String>,
    pub due_on: Date,
    pub severity: AlarmSeverity,
    pub escalated: bool,
}

/// One that has been cleared.
#[derive(Debug, Clone)]
pub struct Past {
    pub alarm: Alarm,
    pub cleared_at: OffsetDateTime,
    pub why: AlarmEnd,
}

impl Alarm {
    pub fn due(&self, today: Date) -> Due {
        Due::on(self.due_on, today)
    }

    /// Whom it is for, in words.
    pub fn receivers(&self) -> String {
        let names = self.rule.plan().receivers.iter().map(|one| one.label());
        let mut words = String::new();
        for (at, name) in names.enumerate() {
            words += if at == 0 { "" } else { ", " };
            words += &if at == 0 { name.to_owned() } else { name.to_lowercase() };
        }
        words
    }

    /// Who else is told, and when; or that they have been.
    pub fn escalation(&self) -> Option<String> {
        let (to, after) = self.rule.plan().escalates?;
        let to = to.label().to_lowercase();
        Some(if self.escalated {
            format!("Har gått vidare till {to}")
        } else {
            let day = self.due_on.saturating_add(Duration::days(after.into()));
            format!("Går vidare till {to} {day}")
        })
    }

    /// Whether the receiver has it now.
    pub fn is_for(&self, receiver: AlarmReceiver) -> bool {
        let plan = self.rule.plan();
        plan.receivers.contains(&receiver) || self.escalated && plan.escalates.is_some_and(|(to, _)| to == receiver)
    }

    pub fn tag(&self) -> &'static str {
        match self.severity {
            AlarmSeverity::Info => "line",
            AlarmSeverity::Warning => "warn",
            AlarmSeverity::Critical => "danger",
        }
    }

    /// Where it is settled, and what is done there. None where the case cannot be named to the actor.
    pub fn action(&self) -> Option<(String, &'static str)> {
        use AlarmRule as Rule;
        let subject = self.subject;
        let without_case = match self.rule {
            Rule::A01PoliceContact if self.case.is_none() => {
                Some((intake::paths::contacts(subject), "Registrera kontakten"))
            }
            Rule::A17AgreementEnds | Rule::A18Permit => {
                Some((provider::paths::LIST.to_owned(), "Se avtal och boenden"))
            }
            Rule::A22Budget => Some((economy::paths::HOME.to_owned(), "Se budget och prognos")),
            Rule::A27OneCoordinator => Some((staffing::paths::LIST.to_owned(), "Föreslå en samordnare")),
            Rule::A28BreakGlass => Some((break_glass::paths::show(subject), "Granska nödöppningen")),
            Rule::A29LogReview => Some((log_review::paths::LIST.to_owned(), "Granska loggen")),
            _ => None,
        };
        without_case.or_else(|| self.action_in(self.reference.as_deref()?))
    }

    fn action_in(&self, case: &str) -> Option<(String, &'static str)> {
        use AlarmRule as Rule;
        let subject = self.subject;
        Some(match self.rule {
            Rule::A01PoliceContact => (intake::paths::case_contacts(case), "Registrera kontakten"),
            Rule::A02OralAssessment => (threat::paths::list(case), "Registrera den skriftliga bedömningen"),
            Rule::A03ThreatOutdated => (threat::paths::list(case), "Registrera en ny bedömning"),
            Rule::A04CheckUnreported => (check::paths::list(case), "Registrera slagningen"),
            Rule::A05InvestigationTarget => (investigation::paths::show(case, subject), "Färdigställ utredningen"),
            Rule::A07RulingMayBeDemanded => (investigation::paths::show(case, subject), "Se utredningen"),
            Rule::A07RulingDemanded => (investigation::paths::show(case, subject), "Avgör ärendet"),
            Rule::A08DelayUntold => (investigation::paths::show(case, subject), "Registrera underrättelsen"),
            Rule::A09DecisionUnexecuted => (decision::paths::show(case, subject), "Registrera verkställigheten"),
            Rule::A10CarePlan => (plan::paths::list(case), "Fastställ vårdplanen"),
            Rule::A11PlacementEnds | Rule::A36UnsafeMove => (placement::paths::show(case, subject), "Se placeringen"),
            Rule::A12PriceStep | Rule::A21CaseCost => (placement::paths::list(case), "Se placeringar och kostnad"),
            Rule::A13FollowUpLate => (follow_up::paths::show(case, subject), "Håll eller flytta uppföljningen"),
            Rule::A14ReturnReview => (homecoming::paths::show(case, subject), "Ompröva bedömningen"),
            Rule::A15ConsentEnds => (consent::paths::show(case, subject), "Se samtycket"),
            Rule::A16ConsentWithdrawn => (disclosure::paths::show(case, subject), "Se utlämnandet"),
            Rule::A25SevereDeviation | Rule::A26LocationExposed => {
                (deviation::paths::show(case, subject), "Ta hand om avvikelsen")
            }
            Rule::A27NoDeputy => (assignment::paths::list(case), "Utse någon"),
            Rule::A27OnePerson => (assignment::paths::list(case), "Ge någon mer del i ärendet"),
            Rule::A30ConcernReport => (investigation::paths::children(case), "Dokumentera orosanmälan"),
            Rule::A31AppealPeriod => (decision::paths::show(case, subject), "Se beslutet"),
            Rule::A32DormantReview => (case::paths::rest(case), "Se över ärendet"),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn alarm(rule: AlarmRule, case: Option<Uuid>) -> Alarm {
        Alarm {
            id: Uuid::nil(),
            rule,
            subject: Uuid::nil(),
            case,
            reference: case.map(|_| "AVH-0000-012".to_owned()),
            due_on: date!(2026 - 11 - 20),
            severity: rule.plan().severity,
            escalated: false,
        }
    }

    #[test]
    fn every_rule_that_is_asked_has_one_place_where_it_is_settled() {
        for rule in AlarmRule::watched() {
            let (href, label) = alarm(rule, Some(Uuid::nil())).action().unwrap_or_else(|| panic!("{rule}"));
            assert!(href.starts_with('/') && !label.is_empty() && !label.ends_with('.'), "{rule}");
        }
        assert_eq!(alarm(AlarmRule::A13FollowUpLate, None).action(), None);
    }

    #[test]
    fn it_says_whose_it_is_and_who_is_next() {
        let mut late = alarm(AlarmRule::A13FollowUpLate, Some(Uuid::nil()));
        assert_eq!(late.receivers(), "Handläggaren");
        assert_eq!(late.escalation().as_deref(), Some("Går vidare till samordnaren 2026-11-27"));
        assert!(late.is_for(AlarmReceiver::Responsible) && !late.is_for(AlarmReceiver::Coordinator));
        late.escalated = true;
        assert_eq!(late.escalation().as_deref(), Some("Har gått vidare till samordnaren"));
        assert!(late.is_for(AlarmReceiver::Coordinator));
        let severe = alarm(AlarmRule::A25SevereDeviation, Some(Uuid::nil()));
        assert_eq!((severe.receivers().as_str(), severe.escalation()), ("Handläggaren, samordnaren, chefen", None));
    }

    #[test]
    fn a_sunday_has_no_rest_of_the_week() {
        assert_eq!(when(date!(2026 - 11 - 23), date!(2026 - 11 - 22)), 3);
        assert_eq!(
            [19, 20, 22, 23].map(|day| when(date!(2026 - 11 - 01) + Duration::days(day - 1), date!(2026 - 11 - 20))),
            [0, 1, 2, 3]
        );
    }

    #[test]
    fn nobody_works_on_christmas() {
        let free = free_days(date!(2026 - 12 - 20));
        assert!(free.contains(&date!(2026 - 12 - 25)) && !free.contains(&date!(2026 - 12 - 21)));
    }
}
