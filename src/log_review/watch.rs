//! The rules by the hour (security 4.5): what is odd is an alert within the hour and not first when its month is drawn.

use time::Duration;
use uuid::Uuid;

use super::alert::{found, of_the_seals};
use super::store::alerting;
use super::store::drawing::{self, Looking};
use super::thresholds::GONE_FOR;
use crate::audit::{self, Event, Note, Source};
use crate::clock::Clock;
use crate::crypto::keyring::KeyRing;
use crate::db::Work;
use crate::error::Result;

/// The slowest rule waits for two weeks; a program that stood still over a long weekend catches up.
const BACK: Duration = Duration::days(GONE_FOR.whole_days() + 4);

/// Looks through the last weeks and keeps what is new. Says how many alerts that were; two that look at once keep each once.
pub async fn look(mut work: Work, keys: &KeyRing, clock: &Clock) -> Result<u64> {
    let (now, today) = (clock.now(), clock.today());
    let since = today - BACK;
    let mut looking = Looking { work: &mut work, keys };
    let traces = drawing::traces(&mut looking, since, today).await?;
    let background = drawing::background(&mut looking, (since, today), now, &traces).await?;
    let mut all = found(&traces, &background, since, now);
    all.extend(of_the_seals(&drawing::troubles(&mut work, (now - BACK, now), now).await?));
    let known = alerting::known(&mut work, since).await?;
    all.retain(|found| !known.contains(&found.key));
    if all.is_empty() {
        return Ok(0);
    }
    audit::announce(&mut work, Event::LogAlertsRaised).await?;
    let raised = alerting::raise(&mut work, now, &all).await?;
    if raised > 0 {
        let source = Source { actor: None, role: None, session: None, address: None, request: Uuid::now_v7() };
        let note = Note { changes: true, ..Note::of(Event::LogAlertsRaised).with("alerts", raised) };
        audit::append(&mut work, keys, now, &source, &[note]).await?;
    }
    work.commit().await?;
    Ok(raised)
}
