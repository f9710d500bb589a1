//! Timed work. Each piece takes the tasks' door, with its own grants; two instances may run it at once.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use uuid::Uuid;

use crate::alarm::model::free_days;
use crate::audit::anchor::AnchorFile;
use crate::audit::seal::{self, Seal};
use crate::audit::{self, Event, Note, Source};
use crate::clock::Clock;
use crate::crypto::keyring::KeyRing;
use crate::crypto::seal::Sealed;
use crate::db::Db;
use crate::error::Result;
use crate::identity::session;
use crate::log_review::watch;
use crate::person::form::name_blind;
use crate::person::{FAMILY_NAME, GIVEN_NAME};
use crate::state::AppState;

/// Begins all timed work of the house; it ends when what is given back is dropped. `seals` is where hashes of the log's
/// seals leave the database, if anywhere.
pub fn start(state: &AppState, seals: Option<PathBuf>) -> JoinSet<()> {
    let mut jobs = JoinSet::new();
    let (db, keys, clock) = (state.db().clone(), state.keys.clone(), state.clock.clone());
    jobs.spawn(index_old_names(db.clone(), keys.clone(), clock.clone()));
    jobs.spawn(seal_every_second(db.clone(), keys.clone(), clock.clone(), seals.map(AnchorFile::new)));
    jobs.spawn(watch_every_minute(db.clone(), keys.clone(), clock.clone()));
    jobs.spawn(clean_every_hour(db, keys, clock));
    jobs
}

/// Once at every start: after the first one there is nothing left to do.
async fn index_old_names(db: Db, keys: Arc<KeyRing>, clock: Clock) {
    loop {
        match index_names(&db, &keys, &clock).await {
            Ok(0) => return,
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, "names were not made searchable; trying again in a minute");
                tokio::time::sleep(Duration::from_mins(1)).await;
            }
        }
    }
}

/// Makes names searchable that were registered before there was a search. Returns how many it found.
pub async fn index_names(db: &Db, keys: &KeyRing, clock: &Clock) -> Result<usize> {
    let mut work = db.begin_task().await?;
    let names = sqlx::query!(
        r#"select identity_id as "id!", given_name as "given_name!: Sealed", family_name as "family_name!: Sealed"
           from sec.names_to_index(500)"#
    )
    .fetch_all(&mut *work)
    .await?;
    if names.is_empty() {
        return Ok(0);
    }
    let (mut identities, mut blinds) = (Vec::new(), Vec::new());
    for name in &names {
        let given_name = keys.open_field(GIVEN_NAME.at(name.id), &name.given_name)?;
        let family_name = keys.open_field(FAMILY_NAME.at(name.id), &name.family_name)?;
        identities.push(name.id);
        blinds.push(name_blind(keys, &given_name, &family_name));
    }
    audit::announce(&mut work, Event::NamesIndexed).await?;
    sqlx::query_scalar!("select sec.index_names($1, $2)", &identities, &blinds).fetch_one(&mut *work).await?;
    let source = Source { actor: None, role: None, session: None, address: None, request: Uuid::now_v7() };
    let note = Note { changes: true, ..Note::of(Event::NamesIndexed).with("names", names.len()) };
    audit::append(&mut work, keys, clock.now(), &source, &[note]).await?;
    work.commit().await?;
    Ok(names.len())
}

/// Takes away sessions, remembered computers, delays and drafts that nobody needs any more.
async fn clean_every_hour(db: Db, keys: Arc<KeyRing>, clock: Clock) {
    let mut hour = tokio::time::interval(Duration::from_hours(1));
    hour.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        hour.tick().await;
        if let Err(error) = session::clean(&db, &keys, &clock).await {
            tracing::warn!(%error, "old sessions were not cleaned; trying again in an hour");
        }
        if let Err(error) = purge_drafts(&db, &keys, &clock).await {
            tracing::warn!(%error, "old drafts were not taken away; trying again in an hour");
        }
        if let Err(error) = leave_lapsed(&db, &keys, &clock).await {
            tracing::warn!(%error, "assignments of lapsed roles were not ended; trying again in an hour");
        }
        if let Err(error) = watch_the_log(&db, &keys, &clock).await {
            tracing::warn!(%error, "the log was not looked through; trying again in an hour");
        }
        if let Err(error) = keep_forecast(&db, &keys, &clock).await {
            tracing::warn!(%error, "the month's forecast was not kept; trying again in an hour");
        }
    }
}

/// Ends what those are named as in cases whose role has lapsed. Returns how many assignments there were.
pub async fn leave_lapsed(db: &Db, keys: &KeyRing, clock: &Clock) -> Result<i64> {
    let mut work = db.begin_task().await?;
    audit::announce(&mut work, Event::LapsedLeft).await?;
    let ended = sqlx::query_scalar!(r#"select sec.leave_lapsed() as "ended!""#).fetch_one(&mut *work).await?;
    if ended > 0 {
        let source = Source { actor: None, role: None, session: None, address: None, request: Uuid::now_v7() };
        let note = Note { changes: true, ..Note::of(Event::LapsedLeft).with("assignments", ended) };
        audit::append(&mut work, keys, clock.now(), &source, &[note]).await?;
    }
    work.commit().await?;
    Ok(ended)
}

/// How long a draft lives that nobody touches (domain 2.5).
const DRAFT_DAYS: i64 = 30;

/// Takes away drafts that nobody has touched for as long. Returns how many went.
pub async fn purge_drafts(db: &Db, keys: &KeyRing, clock: &Clock) -> Result<u64> {
    let mut work = db.begin_task().await?;
    let before = clock.now() - time::Duration::days(DRAFT_DAYS);
    let notes = sqlx::query!("delete from journal_draft where saved_at < $1", before)
        .execute(&mut *work)
        .await?
        .rows_affected();
    let forms =
        sqlx::query!("delete from form_draft where saved_at < $1", before).execute(&mut *work).await?.rows_affected();
    let drafts = notes + forms;
    if drafts > 0 {
        let source = Source { actor: None, role: None, session: None, address: None, request: Uuid::now_v7() };
        let note = Note::of(Event::DraftsPurged).with("drafts", drafts);
        audit::append(&mut work, keys, clock.now(), &source, &[note]).await?;
    }
    work.commit().await?;
    Ok(drafts)
}

/// Lets the rules look through the log. Returns how many new alerts there are.
pub async fn watch_the_log(db: &Db, keys: &KeyRing, clock: &Clock) -> Result<u64> {
    watch::look(db.begin_task().await?, keys, clock).await
}

/// Keeps what the year is thought to cost, the first time it is asked in a month. Says whether it was.
pub async fn keep_forecast(db: &Db, keys: &KeyRing, clock: &Clock) -> Result<bool> {
    let mut work = db.begin_task().await?;
    let kept =
        sqlx::query_scalar!(r#"select sec.keep_forecast($1) as "kept!""#, clock.today()).fetch_one(&mut *work).await?;
    if kept {
        let source = Source { actor: None, role: None, session: None, address: None, request: Uuid::now_v7() };
        audit::append(&mut work, keys, clock.now(), &source, &[Note::of(Event::ForecastKept)]).await?;
    }
    work.commit().await?;
    Ok(kept)
}

/// Goes through the rules of what has to be done by a day. Once a minute, all of it: what somebody has just done is gone
/// from the lists within that time, no page asks anything more for it, and the work is a few statements for any number of
/// cases.
async fn watch_every_minute(db: Db, keys: Arc<KeyRing>, clock: Clock) {
    let mut minute = tokio::time::interval(Duration::from_mins(1));
    minute.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        minute.tick().await;
        if let Err(error) = watch(&db, &keys, &clock).await {
            tracing::warn!(%error, "the alarms were not gone through; trying again in a minute");
        }
    }
}

/// What a round over the rules came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watched {
    pub raised: i64,
    pub cleared: i64,
    pub escalated: i64,
}

/// Raises what is due, clears what has no reason any more, and passes on what nobody has settled. Two houses that do it at
/// once do it once.
pub async fn watch(db: &Db, keys: &KeyRing, clock: &Clock) -> Result<Watched> {
    let mut work = db.begin_task().await?;
    let (today, now) = (clock.today(), clock.now());
    let watched = sqlx::query_as!(
        Watched,
        r#"select raised as "raised!", cleared as "cleared!", escalated as "escalated!" from sec.watch($1, $2, $3)"#,
        today,
        &free_days(today),
        now
    )
    .fetch_one(&mut *work)
    .await?;
    if watched != (Watched { raised: 0, cleared: 0, escalated: 0 }) {
        let source = Source { actor: None, role: None, session: None, address: None, request: Uuid::now_v7() };
        let note = Note::of(Event::AlarmsWatched)
            .with("raised", watched.raised)
            .with("cleared", watched.cleared)
            .with("escalated", watched.escalated);
        audit::append(&mut work, keys, now, &source, &[note]).await?;
    }
    work.commit().await?;
    Ok(watched)
}

/// Seals the log once a second until the future that holds it is dropped.
async fn seal_every_second(db: Db, keys: Arc<KeyRing>, clock: Clock, mut outside: Option<AnchorFile>) {
    let mut failed_at = None;
    let mut second = tokio::time::interval(Duration::from_secs(1));
    second.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        second.tick().await;
        match seal_once(&db, &keys, &clock).await {
            Ok(None) => {}
            Ok(Some(seal)) => {
                if let Some(Err(error)) = outside.as_mut().map(|file| file.note(&seal, clock.now())) {
                    tracing::warn!(%error, "a seal was not written to its file");
                    let now = clock.now();
                    if failed_at.is_none_or(|at| now - at >= ANCHOR_TOLD_EVERY) {
                        failed_at = Some(now);
                        if let Err(error) = anchor_failed(&db, &keys, &clock).await {
                            tracing::warn!(%error, "nor could the log be told");
                        }
                    }
                }
            }
            Err(error) => tracing::warn!(%error, "the log was not sealed; trying again"),
        }
    }
}

/// How often the log is told that the file outside cannot be written.
const ANCHOR_TOLD_EVERY: time::Duration = time::Duration::HOUR;

/// Tells whoever reviews the log that its seals do not leave the house.
pub async fn anchor_failed(db: &Db, keys: &KeyRing, clock: &Clock) -> Result<()> {
    let mut work = db.begin_task().await?;
    let source = Source { actor: None, role: None, session: None, address: None, request: Uuid::now_v7() };
    audit::append(&mut work, keys, clock.now(), &source, &[Note::of(Event::AnchorFailed)]).await?;
    work.commit().await?;
    Ok(())
}

async fn seal_once(db: &Db, keys: &KeyRing, clock: &Clock) -> Result<Option<Seal>> {
    let mut work = db.begin_task().await?;
    let sealed = seal::seal(&mut work, keys, clock.now()).await?;
    if let Some(seal) = &sealed {
        work.commit().await?;
        // Printed so that the newest seal also stands outside the database.
        tracing::info!(n = seal.n, rows = seal.rows, hash = data_encoding::HEXLOWER.encode(&seal.hash), "log sealed");
    }
    Ok(sealed)
}
