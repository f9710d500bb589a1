//! That a conflict of interest has ended: said by a manager, never of oneself, with a reason and from a day.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use time::{Date, Duration};
use uuid::Uuid;

use super::store::Conflict;
use super::{END_REASON, REASON, paths, store};
use crate::access::right::EndConflict;
use crate::access::{CaseAccess, Part, Receipt};
use crate::calendar::{parse_day, stockholm};
use crate::error::{Error, Result};
use crate::personal::Personal;
use crate::state::AppState;
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/jav/anmalda", get(list))
        .route("/arenden/{case}/jav/{conflict}/upphor", get(ask).post(end))
}

/// How far ahead an end can be said.
const AHEAD: Duration = Duration::days(366);

#[derive(Default, Deserialize)]
#[serde(default)]
struct EndForm {
    ends_on: String,
    reason: String,
}

/// What was meant.
pub struct End {
    pub on: Date,
    pub reason: String,
}

impl EndForm {
    fn parse(&self, declared: Date, today: Date) -> std::result::Result<End, Faults> {
        let mut faults = Faults::none();
        let on = faults.need(parse_day(&self.ends_on, today), "ends_on", "Skriv från vilken dag jävet har upphört");
        if on.is_some_and(|on| on < declared) {
            faults.add("ends_on", format!("Jävet anmäldes {declared}. Skriv den dagen eller en senare"));
        }
        if on.is_some_and(|on| on - today > AHEAD) {
            faults.add("ends_on", "Skriv en dag inom ett år");
        }
        let reason = faults.text(&self.reason, 1000, "reason", "Skriv varför jävet har upphört");
        match (on, reason) {
            (Some(on), Some(reason)) => faults.finish(End { on, reason }),
            _ => Err(faults),
        }
    }
}

/// One that was declared, as it is read.
struct Row {
    name: String,
    reason: Personal,
    declared_on: Date,
    declared_by: String,
    /// From which day, why and by whom.
    ended: Option<(Date, Personal, String)>,
    /// Where it is ended.
    end: Option<String>,
}

impl Row {
    fn of(conflict: &Conflict, reference: &str, actor: Uuid, receipt: &Receipt) -> Result<Self> {
        let ended = conflict.ended.as_ref().map(|ended| {
            let reason = receipt.open(END_REASON.at(conflict.id), &ended.reason)?;
            Ok::<_, Error>((ended.on, reason, ended.by.clone()))
        });
        Ok(Self {
            name: conflict.name.clone(),
            reason: receipt.open(REASON.at(conflict.id), &conflict.reason)?,
            declared_on: stockholm(conflict.declared_at).date(),
            declared_by: conflict.declared_by.clone(),
            end: conflict.can_be_ended_by(actor).then(|| paths::end(reference, conflict.id)),
            ended: ended.transpose()?,
        })
    }
}

#[derive(Template)]
#[template(path = "conflict/list.html")]
struct ListPage {
    shell: Shell,
    case: CaseBar,
    rows: Vec<Row>,
    back: String,
}

async fn list(mut case: CaseAccess<EndConflict>) -> Result<Response> {
    let conflicts = store::list(&mut case).await?;
    let actor = case.desk().actor().account;
    case.page(Part::Assignment, |shell, case, receipt| {
        let rows = conflicts.iter().map(|conflict| Row::of(conflict, &case.reference, actor, receipt));
        let back = crate::assignment::paths::list(&case.reference);
        Ok(ListPage { rows: rows.collect::<Result<_>>()?, shell, case, back })
    })
    .await
}

#[derive(Template)]
#[template(path = "conflict/end.html")]
struct EndPage {
    shell: Shell,
    case: CaseBar,
    name: String,
    form: EndForm,
    faults: Faults,
    action: String,
    back: String,
}

impl EndPage {
    fn of(shell: Shell, case: CaseBar, conflict: &Conflict, form: EndForm, faults: Faults) -> Self {
        let (action, back) = (paths::end(&case.reference, conflict.id), paths::declared(&case.reference));
        Self { shell, case, name: conflict.name.clone(), form, faults, action, back }
    }
}

/// The one that is to be ended. One's own answers like one that is not there.
async fn found(case: &mut CaseAccess<EndConflict>, id: Uuid) -> Result<Conflict> {
    let actor = case.desk().actor().account;
    let all = store::list(case).await?;
    all.into_iter().find(|one| one.id == id && one.account != actor).ok_or(Error::NotFound)
}

async fn ask(mut case: CaseAccess<EndConflict>, PathId(id): PathId) -> Result<Response> {
    let conflict = found(&mut case, id).await?;
    if conflict.ended.is_some() {
        let to = paths::declared(&case.head().reference);
        return case.redirect(&to, None).await;
    }
    let form = EndForm { ends_on: case.desk().clock().today().to_string(), ..EndForm::default() };
    case.page(Part::Assignment, |shell, case, _| Ok(EndPage::of(shell, case, &conflict, form, Faults::none()))).await
}

async fn end(mut case: CaseAccess<EndConflict>, PathId(id): PathId, Form(form): Form<EndForm>) -> Result<Response> {
    let conflict = found(&mut case, id).await?;
    let to = paths::declared(&case.head().reference);
    if conflict.ended.is_some() {
        // Sent twice, or somebody has done it.
        return case.redirect(&to, None).await;
    }
    let today = case.desk().clock().today();
    match form.parse(stockholm(conflict.declared_at).date(), today) {
        Ok(new) => {
            store::end(&mut case, id, &new).await?;
            case.redirect(&to, Flash::ConflictEnded).await
        }
        Err(faults) => {
            case.again(Part::Assignment, |shell, case, _| Ok(EndPage::of(shell, case, &conflict, form, faults))).await
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn it_ends_from_a_day_after_it_was_declared_and_for_a_reason() {
        let parsed = |ends_on: &str, reason: &str| {
            let form = EndForm { ends_on: ends_on.to_owned(), reason: reason.to_owned() };
            form.parse(date!(2026 - 02 - 01), date!(2026 - 03 - 01)).map(|end| end.on)
        };
        assert_eq!(parsed("2026-02-01", "Har flyttat isär").ok(), Some(date!(2026 - 02 - 01)));
        let early = parsed("2026-01-31", " ").err().unwrap();
        assert_eq!(early.of("ends_on"), Some("Jävet anmäldes 2026-02-01. Skriv den dagen eller en senare"));
        assert_eq!(early.of("reason"), Some("Skriv varför jävet har upphört"));
        assert_eq!(
            parsed("2028-01-01", "Har flyttat isär").err().unwrap().of("ends_on"),
            Some("Skriv en dag inom ett år")
        );
    }
}
