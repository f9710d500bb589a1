//! The chain of assessments on one page, and assessing anew. What was said before stands beside the form and is never
//! filled in: it must be asked again.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;
use time::Date;

use super::form::MotivationForm;
use super::model::{Assessment, LONGEST_TEXT, compared};
use super::{paths, store};
use crate::access::right::{AssessMotivation, ReadMotivation};
use crate::access::{CaseAccess, Part, Receipt};
use crate::audit::{Event, Note};
use crate::crypto::{Column, Sealed};
use crate::error::Result;
use crate::personal::Personal;
use crate::state::AppState;
use crate::vocabulary::MotivationStage;
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/motivation", get(list).post(create))
        .route("/arenden/{case}/motivation/ny", get(new))
}

/// A link of the chain.
struct Link {
    number: i32,
    assessed_on: Date,
    stage: MotivationStage,
    /// How it stands to the one before.
    compared: Option<&'static str>,
    assessor: String,
    own_words: Option<Personal>,
    obstacles: Option<Personal>,
    resources: Option<Personal>,
}

impl Link {
    /// The chain stands with the newest first.
    fn chain(all: &[Assessment], receipt: &Receipt) -> Result<Vec<Self>> {
        let links = all.iter().enumerate().map(|(at, one)| {
            let open = |column: Column, sealed: &Option<Sealed>| {
                sealed.as_ref().map(|sealed| receipt.open(column.at(one.id), sealed)).transpose()
            };
            Ok(Self {
                number: one.number,
                assessed_on: one.assessed_on,
                stage: one.stage,
                compared: all.get(at + 1).map(|before| compared(before.stage, one.stage)),
                assessor: one.assessor.clone(),
                own_words: open(store::OWN_WORDS, &one.own_words)?,
                obstacles: open(store::OBSTACLES, &one.obstacles)?,
                resources: open(store::RESOURCES, &one.resources)?,
            })
        });
        links.collect()
    }
}

#[derive(Template)]
#[template(path = "motivation/list.html")]
struct ListPage {
    shell: Shell,
    case: CaseBar,
    links: Vec<Link>,
    new: Option<String>,
}

async fn list(mut case: CaseAccess<ReadMotivation>) -> Result<Response> {
    let all = store::list(&mut case).await?;
    case.shown(Note::of(Event::MotivationShown).with("count", all.len()));
    let new = case.may::<AssessMotivation>().then(|| paths::new(&case.head().reference));
    case.page(Part::Investigation, |shell, case, receipt| {
        Ok(ListPage { shell, case, links: Link::chain(&all, receipt)?, new })
    })
    .await
}

#[derive(Template)]
#[template(path = "motivation/new.html")]
struct NewPage {
    shell: Shell,
    case: CaseBar,
    form: MotivationForm,
    faults: Faults,
    stages: Vec<Choice>,
    links: Vec<Link>,
    max: usize,
    list: String,
}

/// What each stage means, in the words of the form.
const STAGE_HINTS: [(&str, &str); 5] = [
    ("not_considering", "Ser inget skäl att lämna i dag."),
    ("ambivalent", "Vill både stanna och lämna."),
    ("preparing", "Har bestämt sig för att pröva och planerar hur."),
    ("committed", "Har brutit eller gör det nu."),
    ("maintaining", "Har brutit och arbetar för att det ska hålla."),
];

impl NewPage {
    fn of(shell: Shell, case: CaseBar, (form, faults): (MotivationForm, Faults), links: Vec<Link>) -> Self {
        let mut stages =
            Choice::one("stage", MotivationStage::ALL.iter().map(|one| (one.code(), one.label())), &form.stage);
        for choice in &mut stages {
            if let Some((_, hint)) = STAGE_HINTS.iter().find(|(code, _)| *code == choice.value) {
                (*hint).clone_into(&mut choice.hint);
            }
        }
        let list = paths::list(&case.reference);
        Self { shell, case, form, faults, stages, links, max: LONGEST_TEXT, list }
    }
}

async fn read(case: CaseAccess<AssessMotivation>) -> Result<(CaseAccess<AssessMotivation>, Vec<Assessment>)> {
    let (mut case, all) = case.also::<ReadMotivation, _>(store::list).await?;
    let all = all.unwrap_or_default();
    case.shown(Note::of(Event::MotivationShown).with("count", all.len()));
    Ok((case, all))
}

async fn new(case: CaseAccess<AssessMotivation>) -> Result<Response> {
    let (case, all) = read(case).await?;
    let form = MotivationForm::fresh(case.desk().clock().today());
    case.page(Part::Investigation, |shell, case, receipt| {
        Ok(NewPage::of(shell, case, (form, Faults::none()), Link::chain(&all, receipt)?))
    })
    .await
}

async fn create(mut case: CaseAccess<AssessMotivation>, Form(form): Form<MotivationForm>) -> Result<Response> {
    let list = paths::list(&case.head().reference);
    if let Some(id) = uuid(&form.id)
        && store::exists(&mut case, id).await?
    {
        return case.redirect(&list, None).await;
    }
    match form.parse(case.desk().clock().today()) {
        Ok(new) => {
            store::sign(&mut case, &new).await?;
            case.redirect(&list, Flash::MotivationSaved).await
        }
        Err(faults) => {
            let (case, all) = read(case).await?;
            case.again(Part::Investigation, |shell, case, receipt| {
                Ok(NewPage::of(shell, case, (form, faults), Link::chain(&all, receipt)?))
            })
            .await
        }
    }
}
