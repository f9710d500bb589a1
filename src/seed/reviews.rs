//! Two months of the invented log as they are reviewed: one that is gone through, signed and closed, with its protocol, and
//! one that waits with what the rules found, a question to a colleague among it. The log rows of those months are invented
//! too, and stand in the log as everything that the seed does.

use std::collections::HashMap;

use time::{Date, Duration, OffsetDateTime, Time};
use uuid::Uuid;

use super::Seated;
use super::data::{AISHA, BIRGITTA, CASES, COLLEAGUES, JONAS, KARIN, MALIN, OLLE, YLVA};
use crate::access::right::{CloseLogReview, MarkLog, ReadCase, ReadLogReview, ReviewLog};
use crate::access::{Access, CaseAccess};
use crate::audit::{self, Event, Note, Source, seal};
use crate::calendar::holidays::is_working_day;
use crate::crypto::random;
use crate::error::{Error, Result};
use crate::identity::proof::Proof;
use crate::log_review;
use crate::log_review::draw::{Seed, draw};
use crate::log_review::ground::Ground;
use crate::log_review::model::ReviewMonth;
use crate::log_review::store::{self, NewMark, drawing, signing};
use crate::log_review::trace::Named;
use crate::state::AppState;
use crate::vocabulary::{AssignmentKind, LogVerdict};

/// What somebody did: on which working day of the month, when, who, in which case, and what.
struct Deed(usize, (u8, u8), usize, Option<usize>, Event);

/// An ordinary month, with a search for somebody who is not here and a case opened late in the evening.
const CLOSED: [Deed; 12] = [
    Deed(1, (8, 10), MALIN, Some(2), Event::CaseRead),
    Deed(1, (8, 12), MALIN, Some(2), Event::JournalShown),
    Deed(2, (9, 30), KARIN, Some(2), Event::CaseRead),
    Deed(3, (10, 5), JONAS, Some(3), Event::CaseRead),
    Deed(3, (10, 9), JONAS, Some(3), Event::PlansShown),
    Deed(5, (13, 20), AISHA, Some(4), Event::CaseRead),
    Deed(8, (21, 5), MALIN, Some(2), Event::CaseRead),
    Deed(9, (11, 0), OLLE, None, Event::CasesSearched),
    Deed(10, (14, 40), AISHA, Some(7), Event::CaseRead),
    Deed(12, (8, 55), KARIN, Some(3), Event::CaseRead),
    Deed(14, (9, 15), BIRGITTA, Some(2), Event::CaseRead),
    Deed(15, (15, 30), YLVA, None, Event::StartShown),
];

/// The month after: somebody was refused three times, somebody read at night in a case that is not theirs.
const OPEN: [Deed; 13] = [
    Deed(1, (8, 20), MALIN, Some(2), Event::CaseRead),
    Deed(2, (9, 0), KARIN, Some(2), Event::CaseRead),
    Deed(3, (22, 45), JONAS, Some(2), Event::CaseRead),
    Deed(3, (22, 47), JONAS, Some(2), Event::JournalShown),
    Deed(4, (10, 10), AISHA, Some(4), Event::CaseRead),
    Deed(6, (13, 2), OLLE, None, Event::PageRefused),
    Deed(6, (13, 4), OLLE, None, Event::PageRefused),
    Deed(6, (13, 6), OLLE, None, Event::PageRefused),
    Deed(7, (9, 40), JONAS, Some(3), Event::CaseRead),
    Deed(9, (14, 25), KARIN, None, Event::CasesSearched),
    Deed(11, (8, 30), MALIN, Some(2), Event::PlansShown),
    Deed(12, (16, 10), AISHA, Some(7), Event::CaseRead),
    Deed(13, (10, 0), BIRGITTA, Some(3), Event::CaseRead),
];

const QUESTION: &str = "Du öppnade ärendet och journalen sent på kvällen, och är inte namngiven i det. Vad gällde det?";

/// The case's id, by its place; nothing for one that is not opened yet.
type Known = HashMap<usize, (Uuid, String)>;

pub(super) async fn review(state: &AppState, colleagues: &[Seated], references: &[Option<String>]) -> Result<()> {
    let mut known = Known::new();
    for at in [2, 3, 4, 7] {
        if let Some(reference) = references[at].as_deref() {
            let visitor = colleagues[CASES[at].coordinator].visitor();
            let access = CaseAccess::<ReadCase>::open(state, visitor, reference).await?;
            known.insert(at, (access.head().id, reference.to_owned()));
            access.done().await?;
        }
    }
    let open = before(ReviewMonth::of(state.clock.today()));
    let closed = before(open);
    for (month, deeds) in [(closed, &CLOSED[..]), (open, &OPEN[..])] {
        happened(state, colleagues, &known, month, deeds).await?;
    }
    go_through(state, colleagues, &known, closed).await?;
    ask(state, colleagues, &known, open).await
}

fn before(month: ReviewMonth) -> ReviewMonth {
    ReviewMonth::of(month.first_day() - Duration::DAY)
}

/// The moment of a deed by the clock in Sweden, an hour or two aside.
fn moment(month: ReviewMonth, working_day: usize, (hour, minute): (u8, u8)) -> Result<OffsetDateTime> {
    let days = std::iter::successors(Some(month.first_day()), |day: &Date| day.next_day());
    let day = days.filter(|day| is_working_day(*day)).nth(working_day - 1).unwrap_or(month.first_day());
    let clock = Time::from_hms(hour - 1, minute, 0).map_err(Error::internal)?;
    Ok(day.with_time(clock).assume_utc())
}

async fn happened(
    state: &AppState,
    colleagues: &[Seated],
    known: &Known,
    month: ReviewMonth,
    deeds: &[Deed],
) -> Result<()> {
    let mut work = state.db().begin_task().await?;
    for Deed(day, clock, who, case, event) in deeds {
        let case = match case {
            Some(at) => match known.get(at) {
                Some((id, _)) => Some(*id),
                None => continue,
            },
            None => None,
        };
        let source = Source {
            actor: Some(colleagues[*who].account),
            role: Some(COLLEAGUES[*who].3.code()),
            session: Some(Uuid::new_v4()),
            address: None,
            request: Uuid::now_v7(),
        };
        let note = if *event == Event::CasesSearched { Note::of(*event).with("hits", 0) } else { Note::of(*event) };
        let at = moment(month, *day, *clock)?;
        audit::append(&mut work, &state.keys, at, &source, &[Note { case, ..note }]).await?;
    }
    work.commit().await?;
    Ok(())
}

/// Draws the month as the reviewer does. Who is named in a case has been so since before.
async fn drawn(state: &AppState, colleagues: &[Seated], known: &Known, month: ReviewMonth) -> Result<()> {
    let mut access = Access::<ReviewLog>::open(state, colleagues[YLVA].visitor()).await?;
    let (traces, mut background) = drawing::month(&mut access, month).await?;
    let long_ago = month.first_day().with_time(Time::MIDNIGHT).assume_utc() - Duration::days(60);
    for (at, (case, _)) in known {
        let named = [
            (Some(CASES[*at].responsible), AssignmentKind::Responsible),
            (CASES[*at].deputy, AssignmentKind::Deputy),
            (Some(CASES[*at].coordinator), AssignmentKind::Coordinator),
        ];
        for (who, kind) in named {
            let Some(account) = who.map(|who| colleagues[who].account) else { continue };
            let one = Named { case: *case, account, kind, from: long_ago, to: None };
            background.named.entry(account).or_default().push(one);
        }
    }
    let seed: Seed = random()?;
    let now = access.desk().clock().now();
    let troubles = drawing::troubles(access.read(), month.moments(), now).await?;
    let drawn = draw(&seed, &traces, &background, |day| month.covers(day));
    drawing::keep(&mut access, month, &seed, &drawn, &troubles).await?;
    access.done().await
}

async fn go_through(state: &AppState, colleagues: &[Seated], known: &Known, month: ReviewMonth) -> Result<()> {
    drawn(state, colleagues, known, month).await?;
    let (ylva, birgitta) = (&colleagues[YLVA], &colleagues[BIRGITTA]);
    let mut access = Access::<ReadLogReview>::open(state, ylva.visitor()).await?;
    let missing = || Error::internal("an invented month was not drawn");
    let review = store::review(&mut access, month).await?.ok_or_else(missing)?;
    let items = store::items(&mut access, review.id).await?;
    access.done().await?;
    for item in &items {
        let by = if item.actor == ylva.account { birgitta } else { ylva };
        let note = item.grounds.contains(&Ground::OffHours).then(|| "Jourarbete enligt schemat.".to_owned());
        let mut access = Access::<MarkLog>::open(state, by.visitor()).await?;
        let new = NewMark { id: Uuid::now_v7(), item: item.id, number: 1, verdict: LogVerdict::Justified, note };
        store::mark(&mut access, &new, item.case).await?;
        access.done().await?;
    }
    sealed(state).await?;
    let mut access = Access::<ReadLogReview>::open(state, ylva.visitor()).await?;
    let items = store::items(&mut access, review.id).await?;
    access.done().await?;
    let print = log_review::print(&review, &items);
    let mut access = Access::<ReviewLog>::open(state, ylva.visitor()).await?;
    // Where somebody else works in the same server nothing may be sealed yet: then it waits to be signed.
    let Some(newest) = signing::newest_seal(&mut access).await? else { return access.done().await };
    signing::sign(&mut access, review.id, &newest, &print, Proof::lent()).await?;
    access.done().await?;
    let mut access = Access::<CloseLogReview>::open(state, birgitta.visitor()).await?;
    signing::close(&mut access, review.id, Proof::lent()).await?;
    access.done().await
}

/// The log under a seal, which a signature stands on.
async fn sealed(state: &AppState) -> Result<()> {
    let mut work = state.db().begin_task().await?;
    seal::seal(&mut work, &state.keys, state.clock.now()).await?;
    work.commit().await?;
    Ok(())
}

async fn ask(state: &AppState, colleagues: &[Seated], known: &Known, month: ReviewMonth) -> Result<()> {
    drawn(state, colleagues, known, month).await?;
    let ylva = &colleagues[YLVA];
    let mut access = Access::<ReadLogReview>::open(state, ylva.visitor()).await?;
    let Some(review) = store::review(&mut access, month).await? else { return access.done().await };
    let items = store::items(&mut access, review.id).await?;
    access.done().await?;
    let late =
        items.iter().find(|item| item.actor == colleagues[JONAS].account && item.grounds.contains(&Ground::OffHours));
    let Some(late) = late else { return Ok(()) };
    let mut access = Access::<MarkLog>::open(state, ylva.visitor()).await?;
    let (verdict, note) = (LogVerdict::AskUser, Some(QUESTION.to_owned()));
    let new = NewMark { id: Uuid::now_v7(), item: late.id, number: 1, verdict, note };
    store::mark(&mut access, &new, late.case).await?;
    access.done().await
}
