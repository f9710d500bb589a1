//! Completing an investigation: what it lacks, with the way to each, and the step that cannot be taken back.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use uuid::Uuid;

use super::model::{Investigation, Missing, missing};
use super::support::field_of;
use super::{paths, store};
use crate::access::right::Investigate;
use crate::access::{CaseAccess, Part};
use crate::audit::{Event, Note};
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::vocabulary::HasChildren;
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::CaseBar;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/arenden/{case}/utredning/{investigation}/fardigstallande", get(ask).post(complete))
}

/// Something that is lacking, and where it is mended.
pub(super) struct Lack {
    /// Its place on the page; nothing where the same is lacking once more.
    pub id: &'static str,
    pub text: String,
    pub href: String,
}

/// What is lacking, in words.
pub(super) fn lacks(case: &str, one: &Investigation, known: HasChildren, missing: &[Missing]) -> Vec<Lack> {
    let write = |field: &str| format!("{}#{field}", paths::write(case, one.id));
    let lack = |id, text: &str, href| Lack { id, text: text.to_owned(), href };
    let words = |what: &Missing| match *what {
        Missing::Summary => lack("summary", "Sammanfattningen är inte skriven", write("summary")),
        Missing::Analysis => lack("analysis", "Analysen är inte skriven", write("analysis")),
        Missing::Proposal => lack("proposal", "Förslaget är inte skrivet", write("proposal")),
        Missing::Hearing => {
            let text = "Parten har inte fått ta del av materialet, och inget undantag är valt";
            lack("hearing", text, paths::communicate(case, one.id))
        }
        Missing::Area(area) => {
            let href = format!("{}#{}", paths::assess_support(case, one.id), field_of(area));
            lack(area.code(), &format!("Området {} är inte bedömt", area.label()), href)
        }
        Missing::Children => {
            let href = if known == HasChildren::Yes { paths::new_child(case, one.id) } else { paths::children(case) };
            lack("children", "Barnperspektivet är inte besvarat", href)
        }
        Missing::ConcernReport(child) => lack("concern", "Orosanmälan ej dokumenterad", paths::concern(case, child)),
    };
    let mut lacks: Vec<Lack> = missing.iter().map(words).collect();
    for at in 1..lacks.len() {
        if lacks[..at].iter().any(|before| before.id == lacks[at].id) {
            lacks[at].id = "";
        }
    }
    lacks
}

#[derive(Template)]
#[template(path = "investigation/complete.html")]
struct CompletePage {
    shell: Shell,
    case: CaseBar,
    one: Investigation,
    lacks: Vec<Lack>,
    faults: Faults,
    action: String,
    back: String,
}

impl CompletePage {
    fn of(shell: Shell, case: CaseBar, one: Investigation, (lacks, faults): (Vec<Lack>, Faults)) -> Self {
        let (action, back) = (paths::complete(&case.reference, one.id), paths::show(&case.reference, one.id));
        Self { shell, case, one, lacks, faults, action, back }
    }
}

/// The two versions that were read.
#[derive(Default, Deserialize)]
#[serde(default)]
struct CompleteForm {
    version: String,
    text_version: String,
}

async fn read(case: CaseAccess<Investigate>, id: Uuid) -> Result<(CaseAccess<Investigate>, Investigation, Vec<Lack>)> {
    let (case, one) = store::get(case, id).await?;
    let (case, versions) = store::support::read(case, id).await?;
    let (mut case, children) = store::children::read(case).await?;
    let lacking = missing(&one, versions.first(), children.known, &children.of(id));
    let lacks = lacks(&case.head().reference, &one, children.known, &lacking);
    case.shown(Note::of(Event::InvestigationsShown).with("number", one.number));
    Ok((case, one, lacks))
}

async fn ask(case: CaseAccess<Investigate>, PathId(id): PathId) -> Result<Response> {
    let (case, one, lacks) = read(case, id).await?;
    if !one.status.is_open() {
        let to = paths::show(&case.head().reference, id);
        return case.redirect(&to, None).await;
    }
    case.page(Part::Investigation, |shell, case, _| Ok(CompletePage::of(shell, case, one, (lacks, Faults::none()))))
        .await
}

async fn complete(
    case: CaseAccess<Investigate>,
    PathId(id): PathId,
    Form(form): Form<CompleteForm>,
) -> Result<Response> {
    let (mut case, one, lacks) = read(case, id).await?;
    if !one.status.is_open() {
        return Err(Error::Stale);
    }
    if !lacks.is_empty() {
        let mut faults = Faults::none();
        for lack in lacks.iter().filter(|lack| !lack.id.is_empty()) {
            faults.add(lack.id, lack.text.clone());
        }
        return case
            .again(Part::Investigation, |shell, case, _| Ok(CompletePage::of(shell, case, one, (lacks, faults))))
            .await;
    }
    let as_read = (form.version, form.text_version) == (one.version.to_string(), one.text_version.to_string());
    let today = case.desk().clock().today();
    if !as_read || !store::complete(&mut case, &one, today).await? {
        return Err(Error::Stale);
    }
    let to = paths::show(&case.head().reference, id);
    case.redirect(&to, Flash::InvestigationCompleted).await
}
