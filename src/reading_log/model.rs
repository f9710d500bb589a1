//! Rows of the log, put together as people came and went. Pure.

use time::OffsetDateTime;
use uuid::Uuid;

use crate::access::policy::{GLASS, ROLE};
use crate::audit::Event;
use crate::calendar::stockholm;
use crate::vocabulary::{AssignmentKind, Role};
use crate::web::view::Moment;

/// One row of the log.
#[derive(Debug, Clone)]
pub struct Look {
    pub at: OffsetDateTime,
    /// Nobody, where the program did it by itself.
    pub who: Option<String>,
    pub role: Option<String>,
    pub event: String,
    pub request: Uuid,
    /// The rule that let them in, where the row says it.
    pub rule: Option<String>,
    pub in_list: bool,
}

/// What somebody did in one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    pub at: Moment,
    pub who: String,
    pub role: &'static str,
    /// In the order in which it was done.
    pub did: Vec<&'static str>,
    /// Empty where the log does not say it.
    pub rule: &'static str,
    request: Uuid,
}

/// What a rule is called.
fn rule_label(code: &str) -> &'static str {
    match code {
        GLASS => "Nödöppning",
        ROLE => "Rollen",
        named => AssignmentKind::parse(named).map_or("", AssignmentKind::label),
    }
}

/// The newest first, as the rows come: those of one request stand together.
pub fn visits(looks: Vec<Look>) -> Vec<Visit> {
    let mut visits: Vec<Visit> = Vec::new();
    for look in looks {
        let did = Event::parse(&look.event).map_or("Okänd händelse", Event::sentence);
        let rule = match &look.rule {
            Some(code) => rule_label(code),
            None if look.in_list => "I en lista",
            None => "",
        };
        match visits.last_mut() {
            Some(visit) if visit.request == look.request => {
                if !visit.did.contains(&did) {
                    visit.did.insert(0, did);
                }
                if visit.rule.is_empty() {
                    visit.rule = rule;
                }
            }
            _ => visits.push(Visit {
                at: Moment(stockholm(look.at)),
                who: look.who.unwrap_or_else(|| "Programmet".to_owned()),
                role: look.role.as_deref().and_then(Role::parse).map_or("", Role::label),
                did: vec![did],
                rule,
                request: look.request,
            }),
        }
    }
    visits
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    fn look(event: Event, request: u128, rule: Option<&str>) -> Look {
        Look {
            at: datetime!(2026-11-20 11:00 UTC),
            who: Some("Malin Ek".into()),
            role: Some("caseworker".into()),
            event: event.code().into(),
            request: Uuid::from_u128(request),
            rule: rule.map(str::to_owned),
            in_list: false,
        }
    }

    #[test]
    fn what_was_done_in_one_request_stands_together_in_its_order() {
        let looks = vec![
            look(Event::JournalShown, 2, None),
            look(Event::CaseRead, 2, Some("deputy")),
            look(Event::CaseRead, 1, Some("glass")),
        ];
        let visits = visits(looks);
        assert_eq!(visits[0].did, ["Öppnade ärendet", "Visade journalen"]);
        assert_eq!(visits.iter().map(|visit| visit.rule).collect::<Vec<_>>(), ["Ersättare", "Nödöppning"]);
        assert_eq!((visits[0].who.as_str(), visits[0].at.clock().as_str()), ("Malin Ek", "12.00"));
    }

    #[test]
    fn a_row_of_nobodys_and_one_of_a_list_say_so() {
        let own = Look { who: None, role: None, ..look(Event::CaseRead, 1, None) };
        let listed = Look { in_list: true, ..look(Event::CasesListed, 2, None) };
        let visits = visits(vec![own, listed]);
        assert_eq!((visits[0].who.as_str(), visits[0].rule), ("Programmet", ""));
        assert_eq!(visits[1].rule, "I en lista");
    }
}
