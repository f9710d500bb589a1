//! The rules that find what is odd (security 4.5), each a function from the log to the places that it finds. How much is too
//! much stands in `thresholds`; rules about sessions, reasons and the police stand in `conduct`.

use std::collections::{BTreeMap, HashMap, HashSet};

use time::Date;
use uuid::Uuid;

use super::ground::SEARCHES;
use super::thresholds::{
    AN_HOUR, BRIEF, DAY_BEGINS, DAY_ENDS, DORMANT_AFTER, FOLLOWS_WITHIN, IN_ORDER_AT_LEAST, LEAFED_AT_LEAST,
    LOOKED_AT_FOR, OPENED_WITHIN, REFUSED_TIMES, REFUSED_WITHIN, USUAL_CASES, USUAL_READERS,
};
use super::trace::{Log, Trace};
use crate::calendar::holidays::is_working_day;
use crate::calendar::stockholm;

pub(super) const OPENED: &str = "location.opened";
pub(super) const REFUSALS: [&str; 2] = ["case.refused", "page.refused"];

pub(super) fn places(log: &Log<'_>, found: impl Fn(&Trace) -> bool) -> Vec<usize> {
    log.traces.iter().enumerate().filter(|(_, trace)| found(trace)).map(|(at, _)| at).collect()
}

pub(super) fn sorted(found: impl IntoIterator<Item = usize>) -> Vec<usize> {
    let set: HashSet<usize> = found.into_iter().collect();
    let mut places: Vec<_> = set.into_iter().collect();
    places.sort_unstable();
    places
}

/// R01: somebody in a case who was not named in it. Being refused is another matter.
pub fn not_assigned(log: &Log<'_>) -> Vec<usize> {
    places(log, |trace| {
        let known = trace.case.filter(|_| !REFUSALS.contains(&trace.event.as_str()));
        known.is_some_and(|case| log.background.named_as(trace.actor, case, trace.at).is_none())
    })
}

/// R02: refused again and again.
pub fn refused(log: &Log<'_>) -> Vec<usize> {
    let mut found = Vec::new();
    for rows in log.by_actor() {
        let refusals: Vec<_> =
            rows.into_iter().filter(|at| REFUSALS.contains(&log.traces[*at].event.as_str())).collect();
        for window in refusals.windows(REFUSED_TIMES) {
            if log.traces[window[REFUSED_TIMES - 1]].at - log.traces[window[0]].at <= REFUSED_WITHIN {
                found.extend_from_slice(window);
            }
        }
    }
    sorted(found)
}

/// The most cases in a day that are nothing out of the ordinary for somebody with these other days: the middle one and
/// three times the usual distance from it, and never less than what is usual for anybody.
pub fn usual_most(other_days: &[usize]) -> usize {
    let middle = median(other_days.to_vec());
    let spread = median(other_days.iter().map(|day| day.abs_diff(middle)).collect());
    (middle + 3 * spread).max(USUAL_CASES)
}

fn median(mut of: Vec<usize>) -> usize {
    of.sort_unstable();
    of.get(of.len() / 2).copied().unwrap_or(0)
}

/// R03: more cases in an hour, or in a day, than is usual.
pub fn many_cases(log: &Log<'_>) -> Vec<usize> {
    let mut found = Vec::new();
    for rows in log.by_actor() {
        let rows: Vec<_> = rows.into_iter().filter(|at| log.traces[*at].case.is_some()).collect();
        found.extend(busy_hours(log, &rows));
        let mut days: BTreeMap<Date, HashSet<Uuid>> = BTreeMap::new();
        for at in &rows {
            days.entry(log.traces[*at].day()).or_default().extend(log.traces[*at].case);
        }
        for (day, cases) in &days {
            let others: Vec<_> = days.iter().filter(|(other, _)| *other != day).map(|(_, cases)| cases.len()).collect();
            if cases.len() > usual_most(&others) {
                found.extend(rows.iter().copied().filter(|at| log.traces[*at].day() == *day));
            }
        }
    }
    sorted(found)
}

/// Rows of hours in which more than the usual cases were seen.
fn busy_hours(log: &Log<'_>, rows: &[usize]) -> Vec<usize> {
    let (mut found, mut first) = (Vec::new(), 0);
    let mut seen: HashMap<Uuid, usize> = HashMap::new();
    for (last, at) in rows.iter().enumerate() {
        *seen.entry(log.traces[*at].case.unwrap_or_default()).or_default() += 1;
        while log.traces[*at].at - log.traces[rows[first]].at >= AN_HOUR {
            let case = log.traces[rows[first]].case.unwrap_or_default();
            if let Some(times) = seen.get_mut(&case) {
                *times -= 1;
                if *times == 0 {
                    seen.remove(&case);
                }
            }
            first += 1;
        }
        if seen.len() > USUAL_CASES {
            found.extend_from_slice(&rows[first..=last]);
        }
    }
    found
}

/// R04: in a case when others are at home.
pub fn off_hours(log: &Log<'_>) -> Vec<usize> {
    places(log, |trace| {
        let local = stockholm(trace.at);
        trace.case.is_some() && (!(DAY_BEGINS..DAY_ENDS).contains(&local.hour()) || !is_working_day(local.date()))
    })
}

/// R05: a search that met nobody.
pub fn search_missed(log: &Log<'_>) -> Vec<usize> {
    places(log, |trace| SEARCHES.iter().any(|begins| trace.event.starts_with(begins)) && trace.hits == Some(0))
}

/// R06: somebody in a case with whose person they may have a bond.
pub fn possible_kin(log: &Log<'_>) -> Vec<usize> {
    places(log, |trace| trace.case.is_some_and(|case| log.background.kin.contains(&(trace.actor, case))))
}

fn openings(log: &Log<'_>) -> Vec<usize> {
    places(log, |trace| trace.event == OPENED && trace.case.is_some())
}

/// R07: where somebody is was read, and nothing was done in the case afterwards.
pub fn nothing_followed(log: &Log<'_>) -> Vec<usize> {
    let mut done: HashMap<(Uuid, Option<Uuid>), Vec<&Trace>> = HashMap::new();
    for trace in log.traces.iter().filter(|trace| trace.changes && trace.event != OPENED) {
        done.entry((trace.actor, trace.case)).or_default().push(trace);
    }
    let mut found = openings(log);
    found.retain(|at| {
        let opening = &log.traces[*at];
        let after = done.get(&(opening.actor, opening.case));
        let followed = |act: &&Trace| act.at >= opening.at && act.at - opening.at <= FOLLOWS_WITHIN;
        !after.is_some_and(|acts| acts.iter().any(followed))
    });
    found
}

/// R08: where somebody is was read by several. Two who work in a case open its location in turns, and that is their work: it
/// is odd when one of them is not named in the case or is otherwise never there, and when they are more than two.
pub fn several_opened(log: &Log<'_>) -> Vec<usize> {
    let all = openings(log);
    let mut days: HashMap<(Uuid, Option<Uuid>), HashSet<Date>> = HashMap::new();
    for trace in log.traces {
        days.entry((trace.actor, trace.case)).or_default().insert(trace.day());
    }
    let is_at_home = |trace: &Trace| {
        let named = trace.case.and_then(|case| log.background.named_as(trace.actor, case, trace.at));
        named.is_some() && days.get(&(trace.actor, trace.case)).is_some_and(|days| days.len() > 1)
    };
    let mut found = all.clone();
    found.retain(|at| {
        let one = &log.traces[*at];
        let near: Vec<_> = all
            .iter()
            .map(|other| &log.traces[*other])
            .filter(|other| one.case == other.case && (one.at - other.at).abs() <= OPENED_WITHIN)
            .collect();
        let readers: HashSet<_> = near.iter().map(|trace| trace.actor).collect();
        readers.len() > USUAL_READERS || (readers.len() > 1 && !near.iter().all(|trace| is_at_home(trace)))
    });
    found
}

/// R12: somebody in a case that had been closed.
pub fn closed_case(log: &Log<'_>) -> Vec<usize> {
    places(log, |trace| {
        let case = trace.case.and_then(|case| log.background.cases.get(&case));
        case.and_then(|case| case.closed_on).is_some_and(|closed| closed < trace.day())
    })
}

/// R13: the first row of an account that had been still for long.
pub fn dormant(log: &Log<'_>) -> Vec<usize> {
    let mut found = Vec::new();
    for rows in log.by_actor() {
        let Some(first) = rows.first() else { continue };
        let mut before = log.background.last_seen.get(&log.traces[*first].actor).copied();
        for at in rows {
            if before.is_some_and(|before| log.traces[at].at - before >= DORMANT_AFTER) {
                found.push(at);
            }
            before = Some(log.traces[at].at);
        }
    }
    sorted(found)
}

/// R15: somebody was named in a case, looked, and was soon not named any more.
pub fn brief_assignment(log: &Log<'_>) -> Vec<usize> {
    places(log, |trace| {
        let named = log.background.named.get(&trace.actor).into_iter().flatten();
        let mut brief = named.filter(|named| named.lasted().is_some_and(|lasted| lasted < BRIEF));
        brief.any(|named| {
            Some(named.case) == trace.case && named.from <= trace.at && named.to.is_some_and(|to| trace.at <= to)
        })
    })
}

/// R19: from case to case in the order of their numbers, or in the order in which they were made.
pub fn in_order(log: &Log<'_>) -> Vec<usize> {
    let mut found = Vec::new();
    let number =
        |at: &usize| log.traces[*at].case.and_then(|case| log.background.cases.get(&case)).map(|case| &case.reference);
    for rows in log.by_actor() {
        let visits = log.visits(&rows);
        let by_number = |one: &usize, next: &usize| number(one).zip(number(next)).map(|(one, next)| one.cmp(next));
        let by_birth = |one: &usize, next: &usize| Some(log.traces[*one].case.cmp(&log.traces[*next].case));
        for step in [std::cmp::Ordering::Less, std::cmp::Ordering::Greater] {
            let goes = |one: &usize, next: &usize| log.traces[*next].at - log.traces[*one].at <= AN_HOUR;
            found.extend(runs(&visits, |one, next| goes(one, next) && by_number(one, next) == Some(step)));
            found.extend(runs(&visits, |one, next| goes(one, next) && by_birth(one, next) == Some(step)));
        }
    }
    sorted(found)
}

/// The visits that lie in a run of at least so many that go on as asked.
fn runs(visits: &[usize], goes_on: impl Fn(&usize, &usize) -> bool) -> Vec<usize> {
    let runs = visits.chunk_by(|one, next| goes_on(one, next));
    runs.filter(|run| run.len() >= IN_ORDER_AT_LEAST).flatten().copied().collect()
}

/// R22: one case after the other, none looked at for long.
pub fn leafing(log: &Log<'_>) -> Vec<usize> {
    let mut found = Vec::new();
    for rows in log.by_actor() {
        let visits = log.visits(&rows);
        let brief: Vec<_> = visits
            .windows(2)
            .map(|pair| (pair[0], log.traces[pair[1]].at - log.traces[pair[0]].at < LOOKED_AT_FOR))
            .collect();
        for run in brief.chunk_by(|one, next| one.1 == next.1).filter(|run| run[0].1 && run.len() >= LEAFED_AT_LEAST) {
            found.extend(run.iter().map(|(at, _)| *at));
        }
    }
    sorted(found)
}
