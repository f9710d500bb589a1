//! `/bevakningar`: all that stands in what the actor reaches, what is late first, with the one place where each is settled.

use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use time::Date;

use super::model::{Alarm, HEADINGS, when};
use super::paths;
use super::store::{self, COUNTED, Wanted};
use crate::access::right::ListAlarms;
use crate::access::{Access, policy};
use crate::error::Result;
use crate::state::AppState;
use crate::vocabulary::{AlarmRule, AlarmSeverity, ProtectionLevel};
use crate::web::form::code;
use crate::web::shell::Shell;
use crate::web::view::{Choice, Due, Pager};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/bevakningar", get(list))
}

const PER_PAGE: i64 = 50;
const MINE: &str = "mina";

/// What stands in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    allvar: String,
    regel: String,
    visa: String,
    sida: String,
}

impl Asked {
    /// What cannot be read is taken as not said.
    fn wanted(&self) -> Wanted {
        let page = self.sida.parse::<i64>().unwrap_or(1).clamp(1, COUNTED / PER_PAGE);
        Wanted {
            severity: code(&self.allvar, AlarmSeverity::parse),
            rule: code(&self.regel, AlarmRule::parse),
            mine: self.visa == MINE,
            skip: (page - 1) * PER_PAGE,
            take: PER_PAGE,
        }
    }

    fn href(&self, page: i64) -> String {
        let wanted = self.wanted();
        let severity = wanted.severity.map(|severity| format!("&allvar={}", severity.code())).unwrap_or_default();
        let rule = wanted.rule.map(|rule| format!("&regel={}", rule.code())).unwrap_or_default();
        let mine = if wanted.mine { format!("&visa={MINE}") } else { String::new() };
        format!("{}?sida={page}{severity}{rule}{mine}", paths::LIST)
    }
}

/// A row as it is read.
pub(super) struct Row {
    pub alarm: Alarm,
    pub due: Due,
    pub receivers: String,
    pub escalation: Option<String>,
    pub action: Option<(String, &'static str)>,
    /// Where it is acknowledged, for whoever may.
    pub acknowledge: Option<String>,
}

impl Row {
    pub(super) fn of(alarm: Alarm, today: Date) -> Self {
        Self {
            due: alarm.due(today),
            receivers: alarm.receivers(),
            escalation: alarm.escalation(),
            action: alarm.action(),
            acknowledge: None,
            alarm,
        }
    }
}

/// Rows under one heading.
struct Group {
    heading: &'static str,
    id: &'static str,
    rows: Vec<Row>,
}

fn groups(alarms: Vec<Alarm>, today: Date) -> Vec<Group> {
    let ids = ["h-forsenat", "h-idag", "h-veckan", "h-senare"];
    let mut groups: Vec<_> =
        HEADINGS.into_iter().zip(ids).map(|(heading, id)| Group { heading, id, rows: Vec::new() }).collect();
    for alarm in alarms {
        groups[when(alarm.due_on, today)].rows.push(Row::of(alarm, today));
    }
    groups.retain(|group| !group.rows.is_empty());
    groups
}

#[derive(Template)]
#[template(path = "alarm/list.html")]
struct ListPage {
    shell: Shell,
    lead: &'static str,
    severities: Vec<Choice>,
    rules: Vec<Choice>,
    mine: Vec<Choice>,
    is_filtered: bool,
    groups: Vec<Group>,
    /// How many stand in closed circles that the actor does not see.
    hidden: i64,
    pager: Pager,
}

async fn list(mut access: Access<ListAlarms>, Query(asked): Query<Asked>) -> Result<Response> {
    let wanted = asked.wanted();
    let (alarms, counted) = store::list(&mut access, &wanted).await?;
    let sees_others = !policy::sees_only_if_named(access.desk().actor(), ProtectionLevel::Standard);
    let hidden = if sees_others { store::in_closed_circles(&mut access).await? } else { 0 };
    let today = access.desk().clock().today();
    let severities = AlarmSeverity::ALL.iter().rev().map(|one| (one.code(), one.label().to_owned()));
    let rules = AlarmRule::watched().map(|rule| (rule.code(), format!("{} {rule}", rule.number())));
    let noun = if counted > COUNTED { "bevakningar som kan visas" } else { "bevakningar" };
    let page = wanted.skip / PER_PAGE + 1;
    let view = |shell| ListPage {
        shell,
        lead: if sees_others {
            "Det som behöver göras i de ärenden du når, och när"
        } else {
            "Det som behöver göras, och när"
        },
        severities: Choice::one("allvar", severities, &asked.allvar),
        rules: Choice::one("regel", rules, &asked.regel),
        mine: Choice::one("visa", [(MINE, "Bara mina")], &asked.visa),
        is_filtered: wanted.severity.is_some() || wanted.rule.is_some() || wanted.mine,
        groups: groups(alarms, today),
        hidden,
        pager: Pager::new(page, PER_PAGE, counted.min(COUNTED), noun, |page| asked.href(page)),
    };
    access.page(|shell, _| Ok(view(shell))).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_understood_is_repeated() {
        let asked = Asked { allvar: "critical".into(), regel: "a99".into(), visa: "mina".into(), sida: "x".into() };
        assert_eq!(asked.href(2), "/bevakningar?sida=2&allvar=critical&visa=mina");
        assert_eq!(Asked::default().href(1), "/bevakningar?sida=1");
    }
}
