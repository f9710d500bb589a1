//! Years before the program, loaded by the operator as they were reported then.

use sqlx::PgConnection;
use time::Date;

use crate::audit::{self, Event, Note};
use crate::error::Result;

/// A year as it was reported: how many persons, at the least and at the most, and how many went on at a day.
#[derive(Debug, Clone)]
pub struct Earlier<'e> {
    pub year: i32,
    pub persons: Option<(i32, i32)>,
    pub ongoing: Option<(i32, Date)>,
    pub source: &'e str,
}

/// Loads a year, through the operator's door. The note is for the trail.
pub async fn load(work: &mut PgConnection, earlier: &Earlier<'_>) -> Result<Note> {
    audit::announce(work, Event::BoardHistoryLoaded).await?;
    let (least, most) = earlier.persons.unzip();
    let (ongoing, ongoing_on) = earlier.ongoing.unzip();
    sqlx::query!(
        "insert into board_history (year, persons_least, persons_most, ongoing, ongoing_on, source) values ($1, $2, $3, $4, $5, $6)",
        earlier.year,
        least,
        most,
        ongoing,
        ongoing_on,
        earlier.source
    )
    .execute(work)
    .await?;
    let mut note = Note::of(Event::BoardHistoryLoaded).with("year", earlier.year);
    note.changes = true;
    Ok(note)
}
