//! Who works with the case; naming a colleague; ending somebody's task.

use std::collections::HashMap;

use askama::Template;
use axum::Router;
use axum::extract::{Form, Path};
use axum::response::Response;
use axum::routing::{get, post};
use uuid::Uuid;

use super::form::AssignmentForm;
use super::model::{Assignment, may_end};
use super::{paths, store};
use crate::access::right::{AssignCase, EndConflict, ReadCase, Right, SeesCase};
use crate::access::{CaseAccess, Part, policy};
use crate::account::colleagues::{self, Colleague};
use crate::calendar;
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::vocabulary::{AssignmentKind, Role};
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field, Moment};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/tilldelning", get(list))
        .route("/arenden/{case}/tilldelning/ny", get(new).post(create))
        .route("/arenden/{case}/tilldelning/{assignment}/avslut", post(end))
}

#[derive(Template)]
#[template(path = "assignment/list.html")]
struct ListPage {
    shell: Shell,
    case: CaseBar,
    running: Vec<Row>,
    earlier: Vec<Row>,
    /// Where somebody is named, for those who may.
    new: Option<String>,
    may_change: bool,
    /// Where those are named who see where the person is.
    readers: String,
    /// Where a manager sees the conflicts of interest that were declared.
    conflicts: Option<String>,
    /// Somebody tried to end what must not be ended.
    refused: bool,
}

struct Row {
    name: String,
    kind: AssignmentKind,
    started_at: Moment,
    ended_at: Option<Moment>,
    granted_by: String,
    reason: String,
    /// Where it is ended.
    end: Option<String>,
}

impl Row {
    fn of(assignment: Assignment, reference: &str, may_change: bool) -> Self {
        let moment = |at| Moment(calendar::stockholm(at));
        let ends = may_change && assignment.ended_at.is_none() && may_end(&assignment);
        Self {
            end: ends.then(|| paths::end(reference, assignment.id)),
            name: assignment.name,
            kind: assignment.kind,
            started_at: moment(assignment.started_at),
            ended_at: assignment.ended_at.map(moment),
            granted_by: assignment.granted_by,
            reason: assignment.reason,
        }
    }
}

/// What the actor may do beside reading.
#[derive(Clone, Copy)]
struct May {
    change: bool,
    end_conflicts: bool,
}

impl May {
    fn of<R: Right + SeesCase>(case: &CaseAccess<R>) -> Self {
        Self { change: case.may::<AssignCase>(), end_conflicts: case.may::<EndConflict>() }
    }
}

fn list_page(shell: Shell, case: CaseBar, all: Vec<Assignment>, may: May, refused: bool) -> ListPage {
    let may_change = may.change;
    let rows = all.into_iter().map(|assignment| Row::of(assignment, &case.reference, may_change));
    let (running, earlier) = rows.partition(|row| row.ended_at.is_none());
    let new = may_change.then(|| paths::new(&case.reference));
    let readers = paths::readers(&case.reference);
    let conflicts = may.end_conflicts.then(|| paths::conflicts(&case.reference));
    ListPage { shell, case, running, earlier, new, may_change, readers, conflicts, refused }
}

async fn list(mut case: CaseAccess<ReadCase>) -> Result<Response> {
    let all = store::list(&mut case).await?;
    let may = May::of(&case);
    case.page(Part::Assignment, |shell, bar, _| Ok(list_page(shell, bar, all, may, false))).await
}

#[derive(Template)]
#[template(path = "assignment/new.html")]
struct NewPage {
    shell: Shell,
    case: CaseBar,
    form: AssignmentForm,
    faults: Faults,
    kinds: Vec<Choice>,
    groups: Vec<Group>,
    action: String,
    back: String,
}

/// Colleagues in one role.
struct Group {
    role: Role,
    people: Vec<Choice>,
}

/// Who can be chosen, and how much each has to do.
struct Lists {
    colleagues: Vec<Colleague>,
    workload: HashMap<Uuid, i64>,
}

impl Lists {
    async fn read(case: &mut CaseAccess<AssignCase>) -> Result<Self> {
        let colleagues = colleagues::working(case.read()).await?;
        Ok(Self { colleagues, workload: colleagues::workload(case).await? })
    }

    fn page(&self, shell: Shell, case: CaseBar, form: AssignmentForm, faults: Faults) -> NewPage {
        let mut kinds =
            Choice::one("kind", AssignmentKind::ALL.iter().map(|kind| (kind.code(), kind.label())), &form.kind);
        for (choice, hint) in kinds.iter_mut().zip([
            "Tar över efter den som är ansvarig nu.",
            "Går in när den ansvariga är borta.",
            "",
            "Tar över efter den som är samordnare nu.",
            "Får se ärendet fast det är slutet.",
        ]) {
            choice.hint = hint.into();
        }
        let groups = Role::ALL.iter().map(|role| Group { role: *role, people: self.people(*role, &form.account) });
        NewPage {
            action: paths::new(&case.reference),
            back: paths::list(&case.reference),
            shell,
            case,
            kinds,
            groups: groups.filter(|group| !group.people.is_empty()).collect(),
            form,
            faults,
        }
    }

    fn people(&self, role: Role, chosen: &str) -> Vec<Choice> {
        let people = self.colleagues.iter().filter(|colleague| colleague.role == role).map(|colleague| {
            let load = match self.workload.get(&colleague.account).copied().unwrap_or(0) {
                0 => "inga öppna ärenden".to_owned(),
                1 => "1 öppet ärende".to_owned(),
                many => format!("{many} öppna ärenden"),
            };
            (colleague.account.to_string(), format!("{}, {load}", colleague.name))
        });
        Choice::one("account", people, chosen)
    }
}

async fn new(mut case: CaseAccess<AssignCase>) -> Result<Response> {
    let lists = Lists::read(&mut case).await?;
    let (form, faults) = (AssignmentForm::fresh(), Faults::none());
    case.page(Part::Assignment, |shell, bar, _| Ok(lists.page(shell, bar, form, faults))).await
}

async fn create(mut case: CaseAccess<AssignCase>, Form(form): Form<AssignmentForm>) -> Result<Response> {
    let lists = Lists::read(&mut case).await?;
    let named = match form.parse(&lists.colleagues) {
        Ok(new) => store::assign(&mut case, &new).await?.map_err(Faults::from),
        Err(faults) => Err(faults),
    };
    match named {
        Ok(()) => {
            let to = way_on(&case);
            case.redirect(&to, Flash::Assigned).await
        }
        Err(faults) => case.again(Part::Assignment, |shell, bar, _| Ok(lists.page(shell, bar, form, faults))).await,
    }
}

async fn end(mut case: CaseAccess<AssignCase>, Path((_, assignment)): Path<(String, Uuid)>) -> Result<Response> {
    let all = store::list(&mut case).await?;
    let found = all.iter().find(|one| one.id == assignment).ok_or(Error::NotFound)?;
    if found.ended_at.is_none() {
        if !may_end(found) {
            let may = May::of(&case);
            return case.again(Part::Assignment, |shell, bar, _| Ok(list_page(shell, bar, all, may, true))).await;
        }
        store::end(&mut case, assignment).await?;
    }
    let to = way_on(&case);
    case.redirect(&to, Flash::AssignmentEnded).await
}

/// Back to the list; to all cases where the actor may have ended their own way into a closed circle.
fn way_on<R: Right + SeesCase>(case: &CaseAccess<R>) -> String {
    if policy::sees_only_if_named(case.desk().actor(), case.head().protection) {
        "/arenden".to_owned()
    } else {
        paths::list(&case.head().reference)
    }
}
