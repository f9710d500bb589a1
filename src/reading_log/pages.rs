//! The two pages: of one's case, with its head; and of any case by its reference, for whoever reviews the log.

use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query};
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

use super::model::{Visit, visits};
use super::paths;
use super::store::{self, COUNTED, Part as LogPart};
use crate::access::right::{ReadLooks, ReviewLooks};
use crate::access::{Access, CaseAccess, Part};
use crate::crypto::reference::CaseReference;
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::web::form::Faults;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Field, Pager};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/lasningar", get(of_case))
        .route("/lasningar", get(ask).post(seek))
        .route("/lasningar/{case}", get(review))
}

const PER_PAGE: i64 = 100;

/// What stands in the address.
#[derive(Default, Deserialize)]
#[serde(default)]
struct LogQuery {
    sida: String,
}

/// Whose log is sought.
#[derive(Default, Deserialize)]
#[serde(default)]
struct SeekForm {
    arende: String,
}

impl SeekForm {
    fn reference(&self) -> Option<String> {
        self.arende.parse::<CaseReference>().ok().map(|reference| reference.as_str().to_owned())
    }
}

impl LogQuery {
    fn page(&self) -> i64 {
        self.sida.parse::<i64>().unwrap_or(1).clamp(1, COUNTED / PER_PAGE)
    }

    fn skip(&self) -> i64 {
        (self.page() - 1) * PER_PAGE
    }
}

/// Visits, and the way to the others.
struct Log {
    visits: Vec<Visit>,
    pager: Pager,
}

impl Log {
    fn of(part: LogPart, page: i64, href: impl Fn(i64) -> String) -> Self {
        let noun = if part.total >= COUNTED { "rader som kan visas" } else { "rader i loggen" };
        Self { visits: visits(part.looks), pager: Pager::new(page, PER_PAGE, part.total, noun, href) }
    }
}

#[derive(Template)]
#[template(path = "reading_log/of_case.html")]
struct OfCasePage {
    shell: Shell,
    case: CaseBar,
    log: Log,
}

#[derive(Template)]
#[template(path = "reading_log/review.html")]
struct ReviewPage {
    shell: Shell,
    form: SeekForm,
    faults: Faults,
    /// Of this case.
    log: Option<(String, Log)>,
}

async fn of_case(mut case: CaseAccess<ReadLooks>, Query(query): Query<LogQuery>) -> Result<Response> {
    let part = store::of_case(&mut case, query.skip(), PER_PAGE).await?;
    case.page(Part::Assignment, |shell, case, _| {
        let address = paths::of_case(&case.reference);
        let log = Log::of(part, query.page(), |page| format!("{address}?sida={page}"));
        Ok(OfCasePage { shell, case, log })
    })
    .await
}

async fn ask(access: Access<ReviewLooks>) -> Result<Response> {
    access.page(|shell, _| Ok(ReviewPage { shell, form: SeekForm::default(), faults: Faults::none(), log: None })).await
}

/// To the address of the case's log: a number is no secret, and its pages have to be found again.
async fn seek(mut access: Access<ReviewLooks>, Form(form): Form<SeekForm>) -> Result<Response> {
    let fault = match form.reference() {
        Some(reference) if store::exists(&mut access, &reference).await? => {
            return access.redirect(&paths::review(&reference), None).await;
        }
        Some(_) => "Det finns inget ärende med det numret",
        None => "Skriv ärendenumret som AVH-7K4Q-X2M",
    };
    let faults = Faults::from(("arende", fault));
    access.again(|shell, _| Ok(ReviewPage { shell, form, faults, log: None })).await
}

async fn review(
    mut access: Access<ReviewLooks>,
    Path(case): Path<String>,
    Query(query): Query<LogQuery>,
) -> Result<Response> {
    let form = SeekForm { arende: case };
    let reference = form.reference().ok_or(Error::NotFound)?;
    let part = store::of_any(&mut access, &reference, query.skip(), PER_PAGE).await?.ok_or(Error::NotFound)?;
    let address = paths::review(&reference);
    let log = Some((reference, Log::of(part, query.page(), |page| format!("{address}?sida={page}"))));
    access.page(|shell, _| Ok(ReviewPage { shell, form, faults: Faults::none(), log })).await
}
