//! Timed work. Each piece takes the tasks' door, with its own grants; two instances may run it at once.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use uuid::Uuid;

use crate::audit::{self, Event, Note, Source, seal};
use crate::clock::Clock;
use crate::crypto::keyring::KeyRing;
use crate::db::Db;
use crate::error::Result;
use crate::identity::session;
use crate::state::AppState;

/// Begins all timed work of the house; it ends when what is given back is dropped.
pub fn start(state: &AppState) -> JoinSet<()> {
    let mut jobs = JoinSet::new();
    let (db, keys, clock) = (state.db().clone(), state.keys.clone(), state.clock.clone());
    jobs.spawn(seal_every_second(db.clone(), keys.clone(), clock.clone()));
    jobs.spawn(clean_every_hour(db, keys, clock));
    jobs
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
    }
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

/// Seals the log once a second until the future that holds it is dropped.
async fn seal_every_second(db: Db, keys: Arc<KeyRing>, clock: Clock) {
    let mut second = tokio::time::interval(Duration::from_secs(1));
    second.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        second.tick().await;
        if let Err(error) = seal_once(&db, &keys, &clock).await {
            tracing::warn!(%error, "the log was not sealed; trying again");
        }
    }
}

async fn seal_once(db: &Db, keys: &KeyRing, clock: &Clock) -> Result<()> {
    let mut work = db.begin_task().await?;
    if let Some(seal) = seal::seal(&mut work, keys, clock.now()).await? {
        work.commit().await?;
        // Printed so that the newest seal also stands outside the database.
        tracing::info!(n = seal.n, rows = seal.rows, hash = data_encoding::HEXLOWER.encode(&seal.hash), "log sealed");
    }
    Ok(())
}
