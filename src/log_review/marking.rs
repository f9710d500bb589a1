//! One item: what was done and why it was drawn, what has been said of it, and saying something more.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::model::{Item, Mark, ReviewMonth};
use super::pages::{MonthOf, deeds, may_mark, role_label};
use super::store::NewMark;
use super::{ANSWER, NOTE, paths, store};
use crate::access::right::{MarkLog, ReadLogReview};
use crate::access::{Access, Receipt};
use crate::audit::{Event, Note};
use crate::calendar::stockholm;
use crate::error::{Error, Result};
use crate::personal::Personal;
use crate::state::AppState;
use crate::vocabulary::LogVerdict;
use crate::web::flash::Flash;
use crate::web::form::{Faults, code, uuid};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{Choice, Field, Moment};

const LONGEST: usize = 1000;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/logggranskning/{month}/{item}", get(show).post(mark))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct MarkForm {
    id: String,
    number: String,
    verdict: String,
    note: String,
}

impl MarkForm {
    fn parse(&self, item: Uuid) -> std::result::Result<NewMark, Faults> {
        let mut faults = Faults::none();
        let verdict = faults.need(code(&self.verdict, LogVerdict::parse), "verdict", "Välj en bedömning");
        let missing = match verdict {
            Some(LogVerdict::Incident) => "Skriv varför det är en incident",
            _ => "Skriv vad du frågar",
        };
        let note = match verdict {
            Some(LogVerdict::Justified) | None => faults.optional_text(&self.note, LONGEST, "note"),
            Some(_) => faults.text(&self.note, LONGEST, "note", missing),
        };
        let number = self.number.trim().parse().ok().filter(|number| *number > 0);
        let (Some(verdict), Some(note), Some(number)) = (verdict, note, number) else {
            if faults.is_empty() {
                faults.add("verdict", "Öppna posten på nytt");
            }
            return Err(faults);
        };
        let note = Some(note).filter(|note| !note.is_empty());
        faults.finish(NewMark { id: uuid(&self.id).unwrap_or_else(Uuid::now_v7), item, number, verdict, note })
    }
}

/// Something that was said, opened.
pub(super) struct MarkView {
    pub verdict: &'static str,
    pub by: String,
    pub at: Moment,
    pub note: Option<Personal>,
    pub answer: Option<(String, Moment, Personal)>,
}

impl MarkView {
    pub fn of(mark: &Mark, receipt: &Receipt) -> Result<Self> {
        // The police's contact sees no colleague's name.
        let named = |name: &Option<String>| name.clone().unwrap_or_else(|| "Logggranskaren".to_owned());
        Ok(Self {
            verdict: mark.verdict.label(),
            by: named(&mark.made_by),
            at: Moment(stockholm(mark.made_at)),
            note: mark.note.as_ref().map(|note| receipt.open(NOTE.at(mark.id), note)).transpose()?,
            answer: match &mark.answer {
                Some(answer) => Some((
                    named(&answer.made_by),
                    Moment(stockholm(answer.made_at)),
                    receipt.open(ANSWER.at(mark.id), &answer.text)?,
                )),
                None => None,
            },
        })
    }
}

#[derive(Template)]
#[template(path = "log_review/item.html")]
struct ItemPage {
    shell: Shell,
    month: ReviewMonth,
    number: i32,
    who: String,
    role: String,
    day: Date,
    first: Moment,
    last: Moment,
    rows: i64,
    deeds: Vec<String>,
    reference: Option<String>,
    purpose: String,
    grounds: Vec<&'static str>,
    standing: (&'static str, &'static str),
    marks: Vec<MarkView>,
    verdicts: Vec<Choice>,
    form: MarkForm,
    faults: Faults,
    may_mark: bool,
    is_own: bool,
    action: String,
    back: String,
    stale: bool,
}

/// An item with what was said of it.
struct Opened {
    month: ReviewMonth,
    item: Item,
    marks: Vec<Mark>,
    is_signed: bool,
}

impl Opened {
    async fn read(access: &mut Access<ReadLogReview>, month: ReviewMonth, id: Uuid) -> Result<Self> {
        let item = store::item(access, id).await?;
        let review = store::review(access, month).await?.filter(|review| review.id == item.review);
        let review = review.ok_or(Error::NotFound)?;
        let marks = store::marks(access, id).await?;
        let cases = item.case.into_iter().collect();
        let note = Note::of(Event::LogReviewShown).with("month", month.code()).with("number", item.number);
        access.shown(Note { cases, ..note });
        Ok(Self { month, item, marks, is_signed: review.signed.is_some() })
    }

    fn next(&self) -> i32 {
        self.marks.last().map_or(1, |mark| mark.number + 1)
    }

    fn page(
        self,
        shell: Shell,
        receipt: &Receipt,
        (form, faults): (MarkForm, Faults),
        (may_mark, is_own, stale): (bool, bool, bool),
    ) -> Result<ItemPage> {
        let Self { month, item, marks, is_signed } = self;
        let verdicts = LogVerdict::ALL.iter().map(|one| (one.code(), one.label()));
        Ok(ItemPage {
            month,
            number: item.number,
            who: item.actor_name.clone(),
            role: role_label(&item.role).to_owned(),
            day: item.day,
            first: Moment(stockholm(item.first_at)),
            last: Moment(stockholm(item.last_at)),
            rows: item.rows,
            deeds: deeds(&item),
            reference: item.reference.clone(),
            purpose: item.purpose.clone(),
            grounds: item.grounds.iter().map(|ground| ground.words()).collect(),
            standing: item.standing(),
            marks: marks.iter().map(|mark| MarkView::of(mark, receipt)).collect::<Result<_>>()?,
            verdicts: Choice::one("verdict", verdicts, &form.verdict),
            form,
            faults,
            may_mark: may_mark && !is_signed,
            is_own,
            action: paths::item(month, item.id),
            back: paths::month(month),
            stale,
            shell,
        })
    }
}

async fn show(mut access: Access<ReadLogReview>, MonthOf(month): MonthOf, PathId(id): PathId) -> Result<Response> {
    let opened = Opened::read(&mut access, month, id).await?;
    let (may, own) = (may_mark(&access, &opened.item), opened.item.actor == access.desk().actor().account);
    let form = MarkForm { id: Uuid::now_v7().to_string(), number: opened.next().to_string(), ..MarkForm::default() };
    access.page(|shell, receipt| opened.page(shell, receipt, (form, Faults::none()), (may, own, false))).await
}

async fn mark(
    access: Access<MarkLog>,
    MonthOf(month): MonthOf,
    PathId(id): PathId,
    Form(form): Form<MarkForm>,
) -> Result<Response> {
    let (mut access, opened) = access
        .also(async |read: &mut Access<ReadLogReview>| {
            let opened = Opened::read(read, month, id).await?;
            Ok((may_mark(read, &opened.item), opened))
        })
        .await?;
    let (may, opened) = opened.ok_or(Error::Forbidden)?;
    if !may {
        return Err(Error::Forbidden);
    }
    let back = paths::month(month) + "?visa=kvar";
    if let Some(sent) = uuid(&form.id)
        && store::is_marked(&mut access, sent).await?
    {
        return access.redirect(&back, None).await;
    }
    match form.parse(id) {
        Ok(new) if new.number == opened.next() && !opened.is_signed => {
            store::mark(&mut access, &new, opened.item.case).await?;
            access.redirect(&back, Flash::LogMarked).await
        }
        Ok(_) => {
            let form = MarkForm { number: opened.next().to_string(), ..form };
            access
                .conflict(|shell, receipt| opened.page(shell, receipt, (form, Faults::none()), (may, false, true)))
                .await
        }
        Err(faults) => {
            access.again(|shell, receipt| opened.page(shell, receipt, (form, faults), (may, false, false))).await
        }
    }
}
