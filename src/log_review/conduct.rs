//! More rules that find what is odd: how people come in and take out, what they say for themselves, and what the police's
//! contact and whoever runs the house do. Thresholds stand in `thresholds`.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::ground::{OF_THE_POLICE, PRINTED};
use super::rules::{OPENED, places, sorted};
use super::thresholds::{
    CHANGES_BEGIN, CHANGES_END, GONE_FOR, PRESENT_AFTER, SAME_ITEM_TIMES, SAME_ITEM_WITHIN, SAME_REASON_TIMES,
    SHORTEST_REASON, TWO_PLACES_WITHIN,
};
use super::trace::Log;
use crate::calendar::holidays::is_working_day;
use crate::calendar::stockholm;
use crate::vocabulary::Role;

/// What opens a session.
const SIGNED_IN: &str = "session.started";
/// What the police's contact opens of what was shared.
const RELEASED: [&str; 2] = ["released.opened", "released.taken_out"];
const NOT_RELEASED: &str = "released.refused";
/// What somebody does about their own account is no change of the house.
const OWN_AFFAIRS: [&str; 4] = ["session.", "form.", "form_draft.", "account.settings"];
const CHANGES_THE_HOUSE: &str = Role::Sysadmin.code();

/// R09: somebody printed or took out a file, and was not seen again for two weeks.
pub fn printed_then_gone(log: &Log<'_>) -> Vec<usize> {
    let mut found = Vec::new();
    for rows in log.by_actor() {
        for (place, at) in rows.iter().enumerate() {
            let print = &log.traces[*at];
            if !PRINTED.contains(&print.event.as_str()) {
                continue;
            }
            let after = rows[place..].iter().map(|later| log.traces[*later].at - print.at);
            if after.into_iter().find(|after| *after > PRESENT_AFTER).is_none_or(|after| after >= GONE_FOR) {
                found.push(*at);
            }
        }
    }
    sorted(found)
}

/// R10: where somebody is, or a protected case, opened from a computer that the account had not used before.
pub fn from_new_device(log: &Log<'_>) -> Vec<usize> {
    let begun = log.traces.iter().filter(|trace| trace.event == SIGNED_IN && trace.new_device);
    let new: HashSet<Uuid> = begun.filter_map(|trace| trace.session).collect();
    places(log, |trace| {
        let case = trace.case.and_then(|case| log.background.cases.get(&case));
        trace.session.is_some_and(|session| new.contains(&session))
            && (trace.event == OPENED || case.is_some_and(|case| case.is_protected))
    })
}

/// R11: two sessions of one account used in turns.
pub fn two_places(log: &Log<'_>) -> Vec<usize> {
    let mut found = Vec::new();
    for rows in log.by_actor() {
        let mut last: HashMap<Uuid, usize> = HashMap::new();
        for (place, at) in rows.iter().enumerate() {
            let Some(session) = log.traces[*at].session else { continue };
            if let Some(before) = last.insert(session, place)
                && log.traces[*at].at - log.traces[rows[before]].at <= TWO_PLACES_WITHIN
                && rows[before..place].iter().any(|other| log.traces[*other].session.is_some_and(|one| one != session))
            {
                found.extend_from_slice(&rows[before..=place]);
            }
        }
    }
    sorted(found)
}

/// R14: whoever runs the house changed it outside the hours for that.
pub fn outside_hours(log: &Log<'_>) -> Vec<usize> {
    places(log, |trace| {
        let local = stockholm(trace.at);
        let own = OWN_AFFAIRS.iter().any(|begins| trace.event.starts_with(begins));
        trace.role == CHANGES_THE_HOUSE
            && trace.changes
            && !own
            && (!(CHANGES_BEGIN..CHANGES_END).contains(&local.hour()) || !is_working_day(local.date()))
    })
}

/// R16: a reason for looking that says nothing, or the same again and again.
pub fn poor_reason(log: &Log<'_>) -> Vec<usize> {
    let mut times: HashMap<(Uuid, [u8; 32]), usize> = HashMap::new();
    for trace in log.traces {
        if let Some(reason) = &trace.reason {
            *times.entry((trace.actor, reason.same)).or_default() += 1;
        }
    }
    places(log, |trace| {
        trace.reason.as_ref().is_some_and(|reason| {
            reason.letters < SHORTEST_REASON
                || times.get(&(trace.actor, reason.same)).is_some_and(|times| *times >= SAME_REASON_TIMES)
        })
    })
}

/// R18: the police's contact asked for more than was shared, or opened the same again and again.
pub fn police_again(log: &Log<'_>) -> Vec<usize> {
    let mut found = places(log, |trace| trace.role == OF_THE_POLICE && trace.event == NOT_RELEASED);
    let mut opened: HashMap<(Uuid, Uuid), Vec<usize>> = HashMap::new();
    for (at, trace) in log.traces.iter().enumerate().filter(|(_, trace)| RELEASED.contains(&trace.event.as_str())) {
        if let Some(item) = trace.item {
            opened.entry((trace.actor, item)).or_default().push(at);
        }
    }
    for rows in opened.values() {
        for window in rows.windows(SAME_ITEM_TIMES) {
            if log.traces[window[SAME_ITEM_TIMES - 1]].at - log.traces[window[0]].at <= SAME_ITEM_WITHIN {
                found.extend_from_slice(window);
            }
        }
    }
    sorted(found)
}

/// R21: somebody tried a case that their conflict of interest closes to them.
pub fn conflict_hit(log: &Log<'_>) -> Vec<usize> {
    places(log, |trace| {
        let closed = trace.tried.as_ref().and_then(|tried| log.background.conflicts.get(&(trace.actor, tried.clone())));
        closed.is_some_and(|declared| trace.at >= *declared)
    })
}
