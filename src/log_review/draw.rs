//! The draw of a month: what must be looked at, the oddest, and user-days by lot. Nothing in it is chance but the seed:
//! whoever has the seed and the log draws the same.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::ground::{Ground, RULES, must};
use super::thresholds::GONE_FOR;
use super::trace::{Background, Log, Trace};
use crate::calendar::stockholm_date;

/// How many that are only odd are taken; how many more there were is said.
pub const ODD_AT_MOST: usize = 200;
/// One in so many user-days is drawn by lot: five in a hundred.
pub const ONE_IN: usize = 20;

/// Chance, once for a month.
pub type Seed = [u8; 16];

/// What one person did in one case on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    pub actor: Uuid,
    pub role: String,
    pub day: Date,
    pub case: Option<Uuid>,
    pub reference: Option<String>,
    /// What the actor was named as in the case.
    pub purpose: String,
    pub first_at: OffsetDateTime,
    pub last_at: OffsetDateTime,
    /// Places in the log.
    pub entries: Vec<i64>,
    /// How many of each event.
    pub events: BTreeMap<String, u32>,
    pub grounds: BTreeSet<Ground>,
}

impl Drawn {
    fn weight(&self) -> u32 {
        self.grounds.iter().map(|ground| ground.weight()).sum()
    }
}

/// What was drawn, and out of how much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draw {
    pub items: Vec<Drawn>,
    pub events: usize,
    pub user_days: usize,
    pub sampled_days: usize,
    /// Of those: a day for each who had not come by lot in the quarter.
    pub stratified: usize,
    pub left_out: usize,
}

/// The user-days that the lot falls on. Each gets a number of its own from the seed, and the lowest are taken: first one day
/// for everybody who has not come in the quarter, and then whichever days, up to one in twenty. Says how many the first were.
pub fn sample(
    seed: &Seed,
    user_days: &BTreeSet<(Uuid, Date)>,
    come: &BTreeSet<Uuid>,
) -> (BTreeSet<(Uuid, Date)>, usize) {
    let mut lots: Vec<_> = user_days.iter().map(|one| (lot(seed, *one), *one)).collect();
    lots.sort_unstable();
    let mut come = come.clone();
    let mut chosen: BTreeSet<_> =
        lots.iter().map(|(_, one)| *one).filter(|(account, _)| come.insert(*account)).collect();
    let stratified = chosen.len();
    for (_, one) in lots {
        if chosen.len() >= user_days.len().div_ceil(ONE_IN) {
            break;
        }
        chosen.insert(one);
    }
    (chosen, stratified)
}

fn lot(seed: &Seed, (account, day): (Uuid, Date)) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(seed);
    hasher.update(account.as_bytes());
    hasher.update(day.to_string());
    hasher.finalize().into()
}

/// Whether it is in this month that somebody who printed had been gone for long enough; the print may be of the month before.
fn is_known_gone(trace: &Trace, in_month: &impl Fn(Date) -> bool) -> bool {
    in_month(stockholm_date(trace.at + GONE_FOR))
}

/// Draws from the rows of a month. Rows of the days around it may follow: they say what came of what was done in it.
pub fn draw(seed: &Seed, traces: &[Trace], background: &Background, in_month: impl Fn(Date) -> bool) -> Draw {
    let log = Log { traces, background };
    let mut found: Vec<BTreeSet<Ground>> = traces
        .iter()
        .map(|trace| {
            let case = trace.case.and_then(|case| background.cases.get(&case));
            must(trace, case.is_some_and(|case| case.is_protected)).into_iter().collect()
        })
        .collect();
    for (ground, rule) in RULES {
        for at in rule(&log) {
            found[at].insert(*ground);
        }
    }
    let mut groups: BTreeMap<(Date, Uuid, Option<Uuid>), Drawn> = BTreeMap::new();
    let (mut events, mut user_days) = (0, BTreeSet::new());
    for (trace, mut grounds) in traces.iter().zip(found) {
        let gone = grounds.remove(&Ground::PrintedThenGone) && is_known_gone(trace, &in_month);
        match in_month(trace.day()) {
            true => {
                events += 1;
                user_days.insert((trace.actor, trace.day()));
            }
            false if gone => grounds.clear(),
            false => continue,
        }
        grounds.extend(gone.then_some(Ground::PrintedThenGone));
        let group = groups.entry((trace.day(), trace.actor, trace.case)).or_insert_with(|| begin(trace, background));
        group.first_at = group.first_at.min(trace.at);
        group.last_at = group.last_at.max(trace.at);
        group.entries.push(trace.seq);
        *group.events.entry(trace.event.clone()).or_default() += 1;
        group.grounds.extend(grounds);
    }
    let (sampled, stratified) = sample(seed, &user_days, &background.come);
    for group in groups.values_mut().filter(|group| sampled.contains(&(group.actor, group.day))) {
        group.grounds.insert(Ground::Chance);
    }
    let drawn: Vec<_> = groups.into_values().filter(|group| !group.grounds.is_empty()).collect();
    let (mut items, mut odd): (Vec<_>, Vec<_>) =
        drawn.into_iter().partition(|group| group.grounds.iter().any(|ground| ground.weight() == 0));
    odd.sort_by_key(|group| std::cmp::Reverse(group.weight()));
    let left_out = odd.len().saturating_sub(ODD_AT_MOST);
    odd.truncate(ODD_AT_MOST);
    items.extend(odd);
    // The oddest first, and otherwise as it happened.
    items.sort_by_key(|item| (std::cmp::Reverse(item.weight()), item.first_at, item.entries.first().copied()));
    Draw { items, events, user_days: user_days.len(), sampled_days: sampled.len(), stratified, left_out }
}

fn begin(trace: &Trace, background: &Background) -> Drawn {
    let named = trace.case.and_then(|case| background.named_as(trace.actor, case, trace.at));
    let purpose = match (trace.case, named) {
        (Some(_), Some(kind)) => kind.label(),
        (Some(_), None) => "Inte namngiven i ärendet",
        (None, _) => "Utanför ärenden",
    };
    Drawn {
        actor: trace.actor,
        role: trace.role.clone(),
        day: trace.day(),
        case: trace.case,
        reference: trace.case.and_then(|case| background.cases.get(&case)).map(|case| case.reference.clone()),
        purpose: purpose.to_owned(),
        first_at: trace.at,
        last_at: trace.at,
        entries: Vec::new(),
        events: BTreeMap::new(),
        grounds: BTreeSet::new(),
    }
}
