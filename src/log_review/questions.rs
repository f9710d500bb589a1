//! What somebody is asked about what they did in the log: the question, and the place for the answer. Whoever is asked
//! sees the item and the question, and nothing else of the review.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::marking::MarkView;
use super::model::{Item, Mark};
use super::pages::{deeds, role_label};
use super::{paths, store};
use crate::access::right::{AnswerLogQuestion, CloseLogReview};
use crate::access::{Access, Receipt};
use crate::audit::{Event, Note};
use crate::calendar::stockholm;
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::vocabulary::LogVerdict;
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{Field, Moment};

const LONGEST: usize = 1000;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/loggfragor/{item}", get(show).post(answer))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct AnswerForm {
    answer: String,
}

#[derive(Template)]
#[template(path = "log_review/question.html")]
struct QuestionPage {
    shell: Shell,
    who: String,
    role: String,
    is_me: bool,
    day: Date,
    first: Moment,
    last: Moment,
    deeds: Vec<String>,
    reference: Option<String>,
    question: MarkView,
    form: AnswerForm,
    faults: Faults,
    action: String,
}

/// What the actor is asked.
struct Asked {
    item: Item,
    mark: Mark,
}

impl Asked {
    async fn read(access: &mut Access<AnswerLogQuestion>, id: Uuid) -> Result<Self> {
        let item = store::item(access, id).await?;
        let own = item.actor == access.desk().actor().account;
        let asked = match item.verdict {
            Some(LogVerdict::AskUser) => own,
            Some(LogVerdict::AskManager) => !own && access.may::<CloseLogReview>(),
            _ => false,
        };
        let mark = store::marks(access, id).await?.into_iter().rfind(|mark| Some(mark.verdict) == item.verdict);
        let mark = mark.filter(|_| asked).ok_or(Error::NotFound)?;
        let cases = item.case.into_iter().collect();
        access.shown(Note { cases, ..Note::of(Event::LogQuestionShown).with("number", item.number) });
        Ok(Self { item, mark })
    }

    fn page(
        self,
        shell: Shell,
        receipt: &Receipt,
        is_me: bool,
        (form, faults): (AnswerForm, Faults),
    ) -> Result<QuestionPage> {
        let Self { item, mark } = self;
        Ok(QuestionPage {
            who: item.actor_name.clone(),
            role: role_label(&item.role).to_owned(),
            is_me,
            day: item.day,
            first: Moment(stockholm(item.first_at)),
            last: Moment(stockholm(item.last_at)),
            deeds: deeds(&item),
            reference: item.reference.clone(),
            question: MarkView::of(&mark, receipt)?,
            form,
            faults,
            action: paths::question(item.id),
            shell,
        })
    }
}

async fn show(mut access: Access<AnswerLogQuestion>, PathId(id): PathId) -> Result<Response> {
    let asked = Asked::read(&mut access, id).await?;
    let is_me = asked.item.actor == access.desk().actor().account;
    access.page(|shell, receipt| asked.page(shell, receipt, is_me, (AnswerForm::default(), Faults::none()))).await
}

async fn answer(
    mut access: Access<AnswerLogQuestion>,
    PathId(id): PathId,
    Form(form): Form<AnswerForm>,
) -> Result<Response> {
    let asked = Asked::read(&mut access, id).await?;
    let is_me = asked.item.actor == access.desk().actor().account;
    if asked.mark.answer.is_some() {
        return access.redirect(&paths::question(id), None).await;
    }
    let mut faults = Faults::none();
    let text = faults.text(&form.answer, LONGEST, "answer", "Skriv ett svar");
    match text.filter(|_| faults.is_empty()) {
        Some(text) => {
            store::answer(&mut access, asked.mark.id, asked.item.case, &text).await?;
            access.redirect(&paths::question(id), Flash::LogAnswered).await
        }
        None => access.again(|shell, receipt| asked.page(shell, receipt, is_me, (form, faults))).await,
    }
}
