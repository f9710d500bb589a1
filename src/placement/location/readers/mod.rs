//! Who is named to see where the person is: two at most, of those who work with the case. The responsible one and the
//! coordinator are named with their tasks; whoever divides the work names others and removes them.

mod form;
mod store;

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};
use axum_extra::extract::Form;
use uuid::Uuid;

use self::form::{MOST, ReaderForm};
use self::store::Reader;
use crate::access::right::{AssignCase, ReadCase, Right, SeesCase};
use crate::access::{CaseAccess, Part};
use crate::assignment::paths;
use crate::calendar::stockholm;
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field, Moment};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/tilldelning/vistelseort", get(list).post(name))
        .route("/arenden/{case}/tilldelning/vistelseort/{reader}/avslut", post(end))
}

#[derive(Template)]
#[template(path = "placement/readers.html")]
struct ReadersPage {
    shell: Shell,
    case: CaseBar,
    now: Vec<Row>,
    earlier: Vec<Row>,
    /// Whether there is a seat left.
    has_seat: bool,
    may_change: bool,
    people: Vec<Choice>,
    form: ReaderForm,
    faults: Faults,
    action: String,
    back: String,
}

struct Row {
    name: String,
    named_at: Moment,
    ended_at: Option<Moment>,
    named_by: Option<String>,
    reason: String,
    end: String,
}

impl Row {
    fn of(reader: &Reader, reference: &str) -> Self {
        let moment = |at| Moment(stockholm(at));
        Self {
            name: reader.name.clone(),
            named_at: moment(reader.named_at),
            ended_at: reader.ended_at.map(moment),
            named_by: reader.named_by.clone(),
            reason: reader.reason.clone(),
            end: paths::end_reader(reference, reader.id),
        }
    }
}

/// What the page stands on.
struct Ground {
    readers: Vec<Reader>,
    candidates: Vec<(Uuid, String)>,
    may_change: bool,
}

impl Ground {
    async fn read<R: Right + SeesCase>(case: &mut CaseAccess<R>) -> Result<Self> {
        let may_change = case.may::<AssignCase>();
        let readers = store::list(case).await?;
        let candidates = if may_change { store::candidates(case).await? } else { Vec::new() };
        Ok(Self { readers, candidates, may_change })
    }

    fn named(&self) -> Vec<Uuid> {
        self.readers.iter().filter(|one| one.ended_at.is_none()).map(|one| one.account).collect()
    }

    fn page(&self, (shell, case): (Shell, CaseBar), form: ReaderForm, faults: Faults) -> ReadersPage {
        let named = self.named();
        let rows = self.readers.iter().map(|reader| Row::of(reader, &case.reference));
        let (now, earlier) = rows.partition(|row| row.ended_at.is_none());
        let people = self.candidates.iter().filter(|(id, _)| !named.contains(id));
        let people = people.map(|(id, name)| (id.to_string(), name.clone()));
        ReadersPage {
            people: Choice::one("account", people, &form.account),
            has_seat: named.len() < MOST,
            may_change: self.may_change,
            action: paths::readers(&case.reference),
            back: paths::list(&case.reference),
            shell,
            case,
            now,
            earlier,
            form,
            faults,
        }
    }
}

async fn list(mut case: CaseAccess<ReadCase>) -> Result<Response> {
    let ground = Ground::read(&mut case).await?;
    case.page(Part::Assignment, |shell, bar, _| Ok(ground.page((shell, bar), ReaderForm::fresh(), Faults::none())))
        .await
}

async fn name(mut case: CaseAccess<AssignCase>, Form(form): Form<ReaderForm>) -> Result<Response> {
    let ground = Ground::read(&mut case).await?;
    let to = paths::readers(&case.head().reference);
    if uuid(&form.id).is_some_and(|id| ground.readers.iter().any(|one| one.id == id)) {
        // Sent twice: the first one named.
        return case.redirect(&to, None).await;
    }
    match form.parse(&ground.candidates, &ground.named()) {
        Ok(new) => {
            store::name(&mut case, &new).await?;
            case.redirect(&to, Flash::ReaderNamed).await
        }
        Err(faults) => case.again(Part::Assignment, |shell, bar, _| Ok(ground.page((shell, bar), form, faults))).await,
    }
}

async fn end(mut case: CaseAccess<AssignCase>, PathId(reader): PathId) -> Result<Response> {
    let readers = store::list(&mut case).await?;
    let found = readers.iter().find(|one| one.id == reader).ok_or(Error::NotFound)?;
    if found.ended_at.is_none() {
        store::end(&mut case, reader).await?;
    }
    let to = paths::readers(&case.head().reference);
    case.redirect(&to, Flash::ReaderEnded).await
}
