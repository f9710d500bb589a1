//! What the rules find by the hour: the same rules as when a month is drawn, over the last weeks, each finding once.

use std::collections::BTreeMap;

use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::ground::{Ground, RULES};
use super::model::Trouble;
use super::thresholds::{FOLLOWS_WITHIN, GONE_FOR};
use super::trace::{Background, Log, Trace};
use crate::calendar::stockholm_date;

/// A finding: a rule, a person, a day and a case; or trouble with the seals, which is nobody's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The same for the same finding, whoever finds it and however often.
    pub key: String,
    pub ground: Ground,
    pub actor: Option<Uuid>,
    pub role: Option<String>,
    pub day: Date,
    pub case: Option<Uuid>,
    pub reference: Option<String>,
    pub first_at: OffsetDateTime,
    pub last_at: OffsetDateTime,
    /// Places in the log.
    pub entries: Vec<i64>,
    pub trouble: Option<String>,
}

/// Whether enough time has gone for what did not happen: a rule about what was left undone says nothing before.
fn is_ripe(ground: Ground, at: OffsetDateTime, now: OffsetDateTime) -> bool {
    match ground {
        Ground::NothingFollowed => now - at >= FOLLOWS_WITHIN,
        Ground::PrintedThenGone => now - at >= GONE_FOR,
        _ => true,
    }
}

/// What the rules find of the days from `since` on. Rows of the days before may stand first: they say what is usual.
pub fn found(traces: &[Trace], background: &Background, since: Date, now: OffsetDateTime) -> Vec<Found> {
    let log = Log { traces, background };
    let mut all: BTreeMap<(Ground, Date, Uuid, Option<Uuid>), Found> = BTreeMap::new();
    for (ground, rule) in RULES {
        for trace in rule(&log).into_iter().map(|at| &traces[at]) {
            let day = trace.day();
            if day < since || !is_ripe(*ground, trace.at, now) {
                continue;
            }
            let one = all.entry((*ground, day, trace.actor, trace.case)).or_insert_with(|| Found {
                key: key(*ground, day, trace),
                ground: *ground,
                actor: Some(trace.actor),
                role: Some(trace.role.clone()),
                day,
                case: trace.case,
                reference: trace.case.and_then(|case| background.cases.get(&case)).map(|case| case.reference.clone()),
                first_at: trace.at,
                last_at: trace.at,
                entries: Vec::new(),
                trouble: None,
            });
            one.first_at = one.first_at.min(trace.at);
            one.last_at = one.last_at.max(trace.at);
            one.entries.push(trace.seq);
        }
    }
    all.into_values().collect()
}

fn key(ground: Ground, day: Date, trace: &Trace) -> String {
    let case = trace.case.map(|case| case.to_string()).unwrap_or_default();
    format!("{}|{day}|{}|{case}", ground.code(), trace.actor)
}

/// R20, once for each seal and kind.
pub fn of_the_seals(troubles: &[Trouble]) -> Vec<Found> {
    let found = troubles.iter().map(|trouble| Found {
        key: match trouble.seal {
            Some(seal) => format!("{}|{}|{seal}", Ground::SealTrouble.code(), trouble.kind),
            None => format!("{}|{}|{}", Ground::SealTrouble.code(), trouble.kind, trouble.at.unix_timestamp()),
        },
        ground: Ground::SealTrouble,
        actor: None,
        role: None,
        day: stockholm_date(trouble.at),
        case: None,
        reference: None,
        first_at: trouble.at,
        last_at: trouble.at,
        entries: Vec::new(),
        trouble: Some(trouble.words()),
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use time::Duration;

    use super::super::rules_tests::{TEN, background, event, in_order, read, who};
    use super::*;

    const DAY: Date = time::macros::date!(2026 - 11 - 18);

    fn grounds(traces: Vec<Trace>, now: OffsetDateTime) -> Vec<Ground> {
        found(&in_order(traces), &background(), DAY, now).into_iter().map(|found| found.ground).collect()
    }

    #[test]
    fn one_finding_for_the_day_with_the_same_key_each_hour() {
        let refused =
            |minute| Trace { case: None, ..event("page.refused", read(1, 0, TEN + Duration::minutes(minute))) };
        let three = in_order((0..3).map(refused).collect());
        let once = found(&three, &background(), DAY, TEN + Duration::HOUR);
        assert_eq!((once.len(), once[0].entries.len(), once[0].actor), (1, 3, Some(who(1))));
        let four = in_order((0..4).map(refused).collect());
        let again = found(&four, &background(), DAY, TEN + Duration::HOUR * 2);
        assert_eq!(again[0].key, once[0].key, "one more refusal the same day is the same alert");
        assert_eq!(found(&three, &background(), DAY.next_day().unwrap(), TEN), [], "told when that day was looked at");
    }

    #[test]
    fn what_was_not_done_is_an_alert_when_the_time_for_it_is_over() {
        let opened = || vec![event("location.opened", read(1, 1, TEN))];
        let has = |now| grounds(opened(), now).contains(&Ground::NothingFollowed);
        assert!(!has(TEN + FOLLOWS_WITHIN - Duration::SECOND));
        assert!(has(TEN + FOLLOWS_WITHIN));
        let printed = || vec![event("case.printed", read(1, 1, TEN))];
        let has = |now| grounds(printed(), now).contains(&Ground::PrintedThenGone);
        assert!(!has(TEN + GONE_FOR - Duration::SECOND));
        assert!(has(TEN + GONE_FOR));
    }

    #[test]
    fn trouble_with_the_seals_is_nobodys_and_once_a_seal() {
        let late = |seal| Trouble { kind: "late".to_owned(), at: TEN, seal: Some(seal) };
        let found = of_the_seals(&[late(4), late(5)]);
        assert_ne!(found[0].key, found[1].key);
        assert!(found.iter().all(|found| found.actor.is_none() && found.ground.is_urgent()));
        assert_eq!(found[0].key, of_the_seals(&[late(4)])[0].key);
    }
}
