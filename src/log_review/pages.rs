//! The months, and what was drawn in one of them: who, when, what and why, and nothing of what stands in any case.

use std::collections::HashMap;

use askama::Template;
use axum::Router;
use axum::extract::{FromRequestParts, Query, RawPathParams};
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use time::{Date, OffsetDateTime};

use super::draw::{Seed, draw};
use super::ground::Ground;
use super::model::{CLOSE_BY, Item, Return, Review, ReviewMonth, State, Trouble};
use super::{RETURNED, paths, store};
use crate::access::right::{CloseLogReview, MarkLog, ReadLogReview, ReviewLog};
use crate::access::{Access, Receipt};
use crate::audit::{Event, Note};
use crate::calendar::stockholm;
use crate::crypto::random;
use crate::error::{Error, Result};
use crate::personal::Personal;
use crate::state::AppState;
use crate::vocabulary::Role;
use crate::web::flash::Flash;
use crate::web::shell::Shell;
use crate::web::view::{Action, Due, Moment, Pager};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/logggranskning", get(list))
        .route("/logggranskning/{month}", get(show).post(make))
        .route("/logggranskning/{month}/protokoll", get(super::protocol::show))
}

/// The month that the address names.
pub(super) struct MonthOf(pub ReviewMonth);

impl<S: Send + Sync> FromRequestParts<S> for MonthOf {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(Error::internal)?;
        let month = params.iter().find(|(name, _)| *name == "month").and_then(|(_, value)| ReviewMonth::parse(value));
        month.map(Self).ok_or(Error::NotFound)
    }
}

/// What whoever reads the log reads for a code: the event's sentence.
pub(super) fn sentence(code: &str) -> String {
    let known = Event::ALL.iter().find(|event| event.code() == code);
    known.map_or_else(|| code.to_owned(), |event| event.sentence().to_owned())
}

/// What was done, and how often: "Öppnade ärendet (3)".
pub(super) fn deeds(item: &Item) -> Vec<String> {
    let events = item.events.as_object().into_iter().flatten();
    events
        .map(|(code, times)| match times.as_u64() {
            Some(times) if times > 1 => format!("{} ({times})", sentence(code)),
            _ => sentence(code),
        })
        .collect()
}

pub(super) fn role_label(code: &str) -> &str {
    match Role::parse(code) {
        Some(role) => role.label(),
        None => code,
    }
}

struct MonthRow {
    href: String,
    month: ReviewMonth,
    state: &'static str,
    tag: &'static str,
    /// None for a month that has not been drawn.
    counts: Option<(i64, i64)>,
    due: Option<Due>,
    protocol: Option<String>,
}

#[derive(Template)]
#[template(path = "log_review/list.html")]
struct ListPage {
    shell: Shell,
    rows: Vec<MonthRow>,
    close_by: u8,
    alerts: &'static str,
}

async fn list(mut access: Access<ReadLogReview>) -> Result<Response> {
    let today = access.desk().clock().today();
    let (reviews, counts) = (store::reviews(&mut access).await?, store::counts(&mut access).await?);
    let months = months_of(store::begins(&mut access).await?, &reviews, today);
    access.shown(Note::of(Event::LogReviewShown).with("count", months.len()));
    let rows = months.into_iter().map(|month| {
        let review = reviews.iter().find(|review| review.month == month);
        let state = State::of(month, review, today);
        let waits = !matches!(state, State::Closed | State::Ongoing);
        MonthRow {
            href: paths::month(month),
            month,
            state: state.label(),
            tag: state.tag(),
            counts: review.map(|review| counts.get(&review.id).copied().unwrap_or_default()),
            due: waits.then(|| Due::on(month.close_by(), today)),
            protocol: review.filter(|review| review.signed.is_some()).map(|_| paths::protocol(month)),
        }
    });
    let rows = rows.collect();
    access.page(|shell, _| Ok(ListPage { shell, rows, close_by: CLOSE_BY, alerts: paths::ALERTS })).await
}

/// From the log's first month to this one, the newest first.
pub(super) fn months_of(begins: Option<OffsetDateTime>, reviews: &[Review], today: Date) -> Vec<ReviewMonth> {
    let begins = begins.map(|begins| ReviewMonth::of(stockholm(begins).date()));
    let first = reviews.iter().map(|review| review.month).chain(begins).min();
    first.map(|first| ReviewMonth::between(first, ReviewMonth::of(today))).unwrap_or_default()
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    visa: String,
    sida: String,
}

const PER_PAGE: usize = 50;

struct ItemRow {
    href: String,
    number: i32,
    who: String,
    role: String,
    day: Date,
    clock: String,
    deeds: Vec<String>,
    reference: Option<String>,
    purpose: String,
    grounds: Vec<&'static str>,
    standing: (&'static str, &'static str),
    is_own: bool,
}

impl ItemRow {
    fn of(month: ReviewMonth, item: &Item, account: uuid::Uuid) -> Self {
        let (from, to) = (Moment(stockholm(item.first_at)).clock(), Moment(stockholm(item.last_at)).clock());
        Self {
            href: paths::item(month, item.id),
            number: item.number,
            who: item.actor_name.clone(),
            role: role_label(&item.role).to_owned(),
            day: item.day,
            clock: if from == to { format!("kl. {from}") } else { format!("kl. {from}–{to}") },
            deeds: deeds(item),
            reference: item.reference.clone(),
            purpose: item.purpose.clone(),
            grounds: item.grounds.iter().map(|ground| ground.words()).collect(),
            standing: item.standing(),
            is_own: item.actor == account,
        }
    }
}

/// Figures of the draw, as they stand above the items.
pub(super) struct DrawnView {
    pub by: String,
    pub at: Moment,
    pub events: i64,
    pub user_days: i32,
    pub sampled: i32,
    pub left_out: i32,
    pub stratified: i32,
    pub troubles: Vec<String>,
    pub seed: String,
    pub items: usize,
}

impl DrawnView {
    pub fn of(review: &Review, items: usize) -> Self {
        Self {
            by: review.drawn_by.clone(),
            at: Moment(stockholm(review.drawn_at)),
            events: review.events,
            user_days: review.user_days,
            sampled: review.sampled_days,
            left_out: review.left_out,
            stratified: review.stratified,
            troubles: review.troubles.iter().map(Trouble::words).collect(),
            seed: crate::crypto::fingerprint::in_hex(&review.seed),
            items,
        }
    }
}

/// Why the month was handed back, opened.
struct ReturnView {
    by: String,
    at: Moment,
    signed_by: String,
    reason: Personal,
}

impl ReturnView {
    fn of(one: &Return, receipt: &Receipt) -> Result<Self> {
        Ok(Self {
            by: one.made_by.clone(),
            at: Moment(stockholm(one.made_at)),
            signed_by: one.signed_by.clone(),
            reason: receipt.open(RETURNED.at(one.id), &one.reason)?,
        })
    }
}

#[derive(Template)]
#[template(path = "log_review/month.html")]
struct MonthPage {
    shell: Shell,
    month: ReviewMonth,
    state: &'static str,
    tag: &'static str,
    drawn: Option<DrawnView>,
    returns: Vec<ReturnView>,
    rows: Vec<ItemRow>,
    pager: Pager,
    filters: Vec<(Action, bool)>,
    left: usize,
    /// Where the month is drawn, for those who may and when it can be.
    draw: Option<String>,
    sign: Option<Action>,
    protocol: Option<String>,
    grounds: Vec<&'static str>,
    list: &'static str,
}

async fn show(
    mut access: Access<ReadLogReview>,
    MonthOf(month): MonthOf,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let (today, account) = (access.desk().clock().today(), access.desk().actor().account);
    let reviews = store::reviews(&mut access).await?;
    if !months_of(store::begins(&mut access).await?, &reviews, today).contains(&month) {
        return Err(Error::NotFound);
    }
    let review = reviews.into_iter().find(|review| review.month == month);
    let (all, returns) = match &review {
        Some(review) => (store::items(&mut access, review.id).await?, store::returns(&mut access, review.id).await?),
        None => (Vec::new(), Vec::new()),
    };
    let left = all.iter().filter(|item| !item.is_settled()).count();
    let wanted = |item: &Item| match asked.visa.as_str() {
        "kvar" => !item.is_settled(),
        "incidenter" => item.standing().1 == "danger",
        "egna" => item.actor == account,
        _ => true,
    };
    let chosen: Vec<&Item> = all.iter().filter(|item| wanted(item)).collect();
    let page = asked.sida.parse::<usize>().unwrap_or(1).clamp(1, chosen.len().div_ceil(PER_PAGE).max(1));
    let shown: Vec<&Item> = chosen.iter().skip((page - 1) * PER_PAGE).take(PER_PAGE).copied().collect();
    let cases: Vec<_> = shown.iter().filter_map(|item| item.case).collect();
    access.shown(Note {
        cases,
        ..Note::of(Event::LogReviewShown).with("month", month.code()).with("count", shown.len())
    });
    let address = |visa: &str, page: usize| format!("{}?visa={visa}&sida={page}", paths::month(month));
    let state = State::of(month, review.as_ref(), today);
    let reviews = access.may::<ReviewLog>();
    let sign = match state {
        State::UnderReview if reviews && left == 0 => Some("Underteckna granskningen"),
        State::Signed if access.may::<CloseLogReview>() => Some("Stäng månaden"),
        _ => None,
    };
    let filter = |visa: &'static str, label: &str| (Action::new(address(visa, 1), label), asked.visa == visa);
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let visa = asked.visa.chars().filter(char::is_ascii_lowercase).collect::<String>();
    let pager = Pager::new(count(page), count(PER_PAGE), count(chosen.len()), "poster", |number| {
        address(&visa, usize::try_from(number).unwrap_or(1))
    });
    let drawn = review.as_ref().map(|review| DrawnView::of(review, all.len()));
    access
        .page(|shell, receipt| {
            Ok(MonthPage {
                returns: returns.iter().map(|one| ReturnView::of(one, receipt)).collect::<Result<_>>()?,
                shell,
                month,
                state: state.label(),
                tag: state.tag(),
                drawn,
                rows: shown.iter().map(|item| ItemRow::of(month, item, account)).collect(),
                pager,
                filters: vec![
                    filter("", "Alla"),
                    filter("kvar", "Kvar att granska"),
                    filter("incidenter", "Incidenter"),
                    filter("egna", "Gäller dig"),
                ],
                left,
                draw: (reviews && state == State::Open).then(|| paths::month(month)),
                sign: sign.map(|label| Action::new(paths::sign(month), label)),
                protocol: review.as_ref().filter(|review| review.signed.is_some()).map(|_| paths::protocol(month)),
                grounds: Ground::ALL.iter().map(|ground| ground.words()).collect(),
                list: paths::LIST,
            })
        })
        .await
}

/// Draws the month. Whoever comes second finds it drawn.
async fn make(mut access: Access<ReviewLog>, MonthOf(month): MonthOf) -> Result<Response> {
    let today = access.desk().clock().today();
    if !month.is_over(today) {
        return Err(Error::Invalid("Månaden är inte slut än."));
    }
    let (access_again, review) =
        access.also(async |read: &mut Access<ReadLogReview>| store::review(read, month).await).await?;
    access = access_again;
    let to = paths::month(month);
    if review.flatten().is_some() {
        return access.redirect(&to, None).await;
    }
    let (traces, background) = store::drawing::month(&mut access, month).await?;
    let now = access.desk().clock().now();
    let troubles = store::drawing::troubles(access.read(), month.moments(), now).await?;
    let seed: Seed = random()?;
    let drawn = draw(&seed, &traces, &background, |day| month.covers(day));
    store::drawing::keep(&mut access, month, &seed, &drawn, &troubles).await?;
    access.redirect(&to, Flash::LogReviewDrawn).await
}

/// Figures by ground, in the order of the table.
pub(super) fn by_ground(items: &[Item]) -> Vec<(Ground, usize)> {
    let mut counted: HashMap<Ground, usize> = HashMap::new();
    for ground in items.iter().flat_map(|item| &item.grounds) {
        *counted.entry(*ground).or_default() += 1;
    }
    Ground::ALL.iter().filter_map(|ground| Some((*ground, *counted.get(ground)?))).collect()
}

/// Whether the actor may say something of the item.
pub(super) fn may_mark(access: &Access<ReadLogReview>, item: &Item) -> bool {
    const REVIEWERS: &str = Role::LogReviewer.code();
    let of_a_reviewer = item.role == REVIEWERS;
    access.may::<MarkLog>()
        && item.may_be_marked_by(access.desk().actor().account, access.may::<ReviewLog>(), of_a_reviewer)
}
