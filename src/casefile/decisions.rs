//! What the decisions of a case ask for: one that waits to be made, a party who has not been told, support that is not
//! given yet, an appeal that is still possible.

use time::Date;

use crate::access::CaseAccess;
use crate::access::right::ReadDecisions;
use crate::audit::{Event, Note};
use crate::decision::model::{Decision, EXECUTION_WARNING, execution_last_day};
use crate::decision::{paths, store};
use crate::error::Result;
use crate::vocabulary::{AppealState, DecisionStatus};
use crate::web::view::{Due, Todo};

/// What is to be done about the decisions of the case.
pub(super) async fn todos(case: &mut CaseAccess<ReadDecisions>) -> Result<Vec<Todo>> {
    let decisions = store::list(case).await?;
    case.shown(Note::of(Event::DecisionsShown).with("count", decisions.len()));
    let today = case.desk().clock().today();
    Ok(decisions.iter().flat_map(|one| of(&case.head().reference, one, today)).collect())
}

fn of(case: &str, one: &Decision, today: Date) -> Vec<Todo> {
    let note = format!("Beslut {}", one.number);
    let todo = |href, label: String, day| Todo { href, label, due: Due::on(day, today), note: note.clone() };
    let show = || paths::show(case, one.id);
    let mut todos = Vec::new();
    if one.status == DecisionStatus::ForApproval {
        todos.push(todo(show(), "Fatta beslutet".to_owned(), today));
    }
    if let Some(made) = one.made_on().filter(|_| one.may_be_notified()) {
        todos.push(todo(show(), "Underrätta parten om beslutet".to_owned(), made));
    }
    // A09: spoken of after sixty days, late after three months.
    if let Some(made) = one.waits_for_execution().filter(|made| today >= *made + EXECUTION_WARNING) {
        let last = execution_last_day(made);
        let label = if today > last {
            "Beslutet är inte verkställt i tid. Rapportera det".to_owned()
        } else {
            format!("Verkställ beslutet senast {last}")
        };
        todos.push(todo(show(), label, last));
    }
    // A31.
    let open = one.appeal_last_day().filter(|last| *last >= today && one.course.appeal == AppealState::None);
    if let Some(last) = open.filter(|_| one.stands()) {
        todos.push(todo(show(), "Sista dag att överklaga".to_owned(), last));
    }
    if one.course.appeal == AppealState::Lodged
        && let Some(day) = one.course.appealed_on
    {
        todos.push(todo(
            paths::appeal(case, one.id),
            "Pröva om överklagandet kom i tid och lämna över det".to_owned(),
            day,
        ));
    }
    todos
}
