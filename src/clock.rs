//! What time it is. Handed to everything that needs to know, so that a test can choose the day; nothing else here may
//! ask the machine. Durations (deadlines of requests) are measured elsewhere, on the monotonic clock.

use std::sync::{Arc, Mutex, PoisonError};

use time::{Date, Duration, OffsetDateTime};

use crate::calendar;

/// Where the time comes from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's own clock.
    System,
    /// Stands still until it is put forward: tests and benchmarks.
    Held(Arc<Mutex<OffsetDateTime>>),
}

impl Clock {
    /// A clock that stands at this moment.
    pub fn held(at: OffsetDateTime) -> Self {
        Self::Held(Arc::new(Mutex::new(at)))
    }

    /// Puts a held clock forward, for everyone who was handed it; the machine's own goes by itself.
    pub fn put_forward(&self, by: Duration) {
        if let Self::Held(moment) = self {
            *moment.lock().unwrap_or_else(PoisonError::into_inner) += by;
        }
    }

    /// The moment it is, in UTC.
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everything else is told to ask")]
    pub fn now(&self) -> OffsetDateTime {
        match self {
            Self::System => OffsetDateTime::now_utc(),
            Self::Held(moment) => *moment.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// The day it is in Sweden, which after 22 or 23 UTC is another one than in UTC.
    pub fn today(&self) -> Date {
        calendar::stockholm_date(self.now())
    }
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;

    #[test]
    fn a_new_day_begins_at_midnight_in_stockholm() {
        assert_eq!(Clock::held(datetime!(2026-11-18 22:59:59 UTC)).today(), date!(2026 - 11 - 18));
        assert_eq!(Clock::held(datetime!(2026-11-18 23:00 UTC)).today(), date!(2026 - 11 - 19));
        assert_eq!(Clock::held(datetime!(2026-07-01 22:00 UTC)).today(), date!(2026 - 07 - 02));
    }

    #[test]
    fn everyone_who_was_handed_a_held_clock_sees_it_go() {
        let clock = Clock::held(datetime!(2026-11-18 12:00 UTC));
        let same = clock.clone();
        clock.put_forward(Duration::DAY);
        assert_eq!(same.today(), date!(2026 - 11 - 19));
    }

    #[test]
    fn the_machines_clock_goes() {
        assert!(Clock::System.now() > datetime!(2025-01-01 0:00 UTC));
    }
}
