//! Who may decide what: the rules of the board's order of delegation, held against a decision. The same is asked once
//! more by Postgres when a decision is signed (`delegation_reaches`).

use time::{Date, Duration};
use uuid::Uuid;

use super::model::Matter;
use crate::calendar::add_months;
use crate::money::Ore;
use crate::vocabulary::{DecisionMaker, DecisionType, ProcurementForm, Role};

/// A row of the order that is in force.
#[derive(Debug, Clone)]
pub struct Rule {
    pub id: Uuid,
    pub role: Role,
    pub kind: DecisionType,
    pub max_amount: Option<Ore>,
    pub max_months: Option<i32>,
    pub procurement: Option<ProcurementForm>,
    pub emergency: bool,
    pub four_eyes: bool,
}

impl Rule {
    fn reaches(&self, matter: &Matter) -> bool {
        self.kind == matter.kind
            && self.emergency == matter.emergency
            && self.procurement.is_none_or(|form| matter.procurement == Some(form))
            && self.max_amount.is_none_or(|most| matter.amount.is_some_and(|amount| amount <= most))
            && self.max_months.is_none_or(|months| ends_within(matter.from, matter.to, months))
    }
}

/// Whether the days lie within so many months from the first; what goes on until further notice never does.
fn ends_within(from: Date, to: Option<Date>, months: i32) -> bool {
    let last = add_months(from, months).map(|day| day - Duration::DAY);
    to.zip(last).is_some_and(|(to, last)| to <= last)
}

/// Who asks to make the decision.
#[derive(Debug, Clone, Copy)]
pub struct Decider {
    pub account: Uuid,
    pub role: Role,
    /// Whether they may record what the committee has decided.
    pub records: bool,
}

/// Whether somebody may make the decision, and if not, why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// By the rule, and whether it wants four eyes. The committee's own decisions rest on no rule.
    May { rule: Option<Uuid>, four_eyes: bool },
    /// Somebody else than whoever wrote it has to.
    NotTheAuthor,
    /// The role lacks delegation; these have it. None: only the committee can.
    Lacks(Vec<Role>),
    /// The committee's decisions are recorded by another.
    NotRecordedByThem,
}

impl Answer {
    /// What the page says to whoever may not.
    pub fn sentence(&self) -> Option<String> {
        match self {
            Self::May { .. } => None,
            Self::NotTheAuthor => {
                Some("Den som har skrivit beslutet får inte fatta det själv. En annan person ska göra det".to_owned())
            }
            Self::Lacks(roles) if roles.is_empty() => Some(
                "Beslutet går utöver all delegation. Nämnden ska fatta det. Återlämna utkastet och ange protokollet"
                    .to_owned(),
            ),
            Self::Lacks(roles) => {
                let names: Vec<_> = roles.iter().map(|role| role.label().to_lowercase()).collect();
                Some(format!("Du saknar delegation för beslutet. Det får fattas av {}", names.join(" eller ")))
            }
            Self::NotRecordedByThem => Some("Nämndens beslut förs in av enhetschefen".to_owned()),
        }
    }
}

/// `authors`: who began the draft and who wrote in it last.
pub fn ask(rules: &[Rule], matter: &Matter, decider: Decider, authors: [Uuid; 2]) -> Answer {
    if matter.maker != DecisionMaker::Delegate {
        return if decider.records { Answer::May { rule: None, four_eyes: false } } else { Answer::NotRecordedByThem };
    }
    let reaching: Vec<_> = rules.iter().filter(|rule| rule.reaches(matter)).collect();
    let own = || reaching.iter().filter(|rule| rule.role == decider.role);
    let is_author = authors.contains(&decider.account);
    if let Some(rule) = own().find(|rule| !rule.four_eyes || !is_author) {
        return Answer::May { rule: Some(rule.id), four_eyes: rule.four_eyes };
    }
    if own().next().is_some() {
        return Answer::NotTheAuthor;
    }
    let has = |role: &Role| reaching.iter().any(|rule| rule.role == *role);
    Answer::Lacks(Role::ALL.iter().copied().filter(has).collect())
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::vocabulary::{DecisionOutcome, LegalBasis};

    const AUTHOR: Uuid = Uuid::from_u128(1);
    const OTHER: Uuid = Uuid::from_u128(2);

    fn rule(role: Role, kind: DecisionType) -> Rule {
        Rule {
            id: Uuid::from_u128(9),
            role,
            kind,
            max_amount: None,
            max_months: Some(6),
            procurement: None,
            emergency: false,
            four_eyes: true,
        }
    }

    fn hvb(to: Option<Date>) -> Matter {
        Matter {
            kind: DecisionType::Hvb,
            outcome: DecisionOutcome::Granted,
            bases: vec![LegalBasis::Sol111],
            from: date!(2026 - 02 - 10),
            to,
            amount: Ore::kronor(400_000),
            procurement: Some(ProcurementForm::InsideFramework),
            emergency: false,
            exception: None,
            maker: DecisionMaker::Delegate,
            decided_on: None,
            changes: None,
        }
    }

    fn by(role: Role, account: Uuid) -> Decider {
        Decider { account, role, records: false }
    }

    const MAY: Answer = Answer::May { rule: Some(Uuid::from_u128(9)), four_eyes: true };

    #[test]
    fn a_rule_reaches_as_many_months_as_it_says_and_never_what_goes_on() {
        let rules = [rule(Role::Manager, DecisionType::Hvb)];
        let asked = |to| ask(&rules, &hvb(to), by(Role::Manager, OTHER), [AUTHOR; 2]);
        assert_eq!(asked(Some(date!(2026 - 08 - 09))), MAY);
        assert_eq!(asked(Some(date!(2026 - 08 - 10))), Answer::Lacks(vec![]));
        assert_eq!(asked(None), Answer::Lacks(vec![]));
    }

    #[test]
    fn an_amount_or_a_form_of_purchase_can_be_beyond_a_rule() {
        let to = Some(date!(2026 - 08 - 09));
        let dear = Rule { max_amount: Ore::kronor(399_999), ..rule(Role::Manager, DecisionType::Hvb) };
        let outside =
            Rule { procurement: Some(ProcurementForm::OutsideFramework), ..rule(Role::Manager, DecisionType::Hvb) };
        let emergency = Rule { emergency: true, ..rule(Role::Manager, DecisionType::Hvb) };
        for rule in [dear.clone(), outside, emergency] {
            assert_eq!(ask(&[rule], &hvb(to), by(Role::Manager, OTHER), [AUTHOR; 2]), Answer::Lacks(vec![]));
        }
        let unknown = Matter { amount: None, ..hvb(to) };
        assert_eq!(ask(&[dear], &unknown, by(Role::Manager, OTHER), [AUTHOR; 2]), Answer::Lacks(vec![]));
    }

    #[test]
    fn whoever_lacks_it_is_told_who_has_it() {
        let rules = [rule(Role::Manager, DecisionType::Hvb), rule(Role::Caseworker, DecisionType::Outpatient)];
        let answer = ask(&rules, &hvb(Some(date!(2026 - 06 - 01))), by(Role::Caseworker, OTHER), [AUTHOR; 2]);
        assert_eq!(answer, Answer::Lacks(vec![Role::Manager]));
        assert_eq!(answer.sentence().unwrap(), "Du saknar delegation för beslutet. Det får fattas av enhetschef");
    }

    #[test]
    fn four_eyes_are_wanted_where_the_rule_says_so() {
        let (matter, chef) = (hvb(Some(date!(2026 - 06 - 01))), by(Role::Manager, AUTHOR));
        let strict = rule(Role::Manager, DecisionType::Hvb);
        assert_eq!(ask(std::slice::from_ref(&strict), &matter, chef, [OTHER, AUTHOR]), Answer::NotTheAuthor);
        let mild = Rule { four_eyes: false, ..strict.clone() };
        let answer = ask(&[strict, mild], &matter, chef, [AUTHOR, OTHER]);
        assert_eq!(answer, Answer::May { rule: Some(Uuid::from_u128(9)), four_eyes: false });
    }

    #[test]
    fn the_committees_decisions_rest_on_no_rule_and_are_recorded_by_those_who_may() {
        let matter = Matter { maker: DecisionMaker::Committee, ..hvb(None) };
        let records = Decider { records: true, ..by(Role::Manager, AUTHOR) };
        assert_eq!(ask(&[], &matter, records, [AUTHOR; 2]), Answer::May { rule: None, four_eyes: false });
        assert_eq!(ask(&[], &matter, by(Role::Caseworker, AUTHOR), [AUTHOR; 2]), Answer::NotRecordedByThem);
    }
}
