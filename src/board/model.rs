//! The rules of what is too few to be told (domain.md 4.5): counts under five, what a sum would give away, days and
//! amounts of fewer than three persons. Pure; runs before any page and any file.

/// Fewer than this are not told apart.
pub const FEWEST: i64 = 5;
/// Fewer persons than this have no days and no amounts of their own.
pub const FEWEST_BEHIND_AMOUNTS: i64 = 3;

/// What may be shown of a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    Count(i64),
    /// One to four: `<5`.
    Few,
    /// Hidden so that another cannot be worked out: `..`.
    Hidden,
}

/// A count by itself, which stands in no sum.
pub const fn alone(count: i64) -> Shown {
    if count > 0 && count < FEWEST { Shown::Few } else { Shown::Count(count) }
}

/// Parts of a whole that the reader knows. Where exactly one is too few the next smallest is hidden as well, and more of
/// them until nothing can be worked out; where that does not help, all that is hidden looks the same.
pub fn parts(counts: &[i64]) -> Vec<Shown> {
    let mut shown: Vec<Shown> = counts.iter().copied().map(alone).collect();
    if shown.iter().all(|one| matches!(one, Shown::Count(_))) {
        return shown;
    }
    loop {
        let hidden = shown.iter().filter(|one| !matches!(one, Shown::Count(_))).count();
        if hidden > 1 && !gives_away(counts, &shown) {
            return shown;
        }
        // What is nought is hidden last: it is seldom anybody's secret.
        let next = (0..counts.len())
            .filter(|at| matches!(shown.get(*at), Some(Shown::Count(_))))
            .min_by_key(|at| counts.get(*at).map_or((true, 0), |count| (*count == 0, *count)));
        match next.and_then(|at| shown.get_mut(at)) {
            Some(cell) => *cell = Shown::Hidden,
            None => return vec![Shown::Hidden; counts.len()],
        }
    }
}

/// Whether a cell that is hidden can be only one number, for somebody who knows the whole and the rule: `<5` is one to
/// four, and `..` is nought or at least five.
fn gives_away(counts: &[i64], shown: &[Shown]) -> bool {
    let left: i64 = counts.iter().zip(shown).filter(|(_, one)| !matches!(one, Shown::Count(_))).map(|(n, _)| n).sum();
    let few = i64::try_from(shown.iter().filter(|one| **one == Shown::Few).count()).unwrap_or(i64::MAX);
    let others = i64::try_from(shown.iter().filter(|one| **one == Shown::Hidden).count()).unwrap_or(i64::MAX);
    let can = |few: i64, others: i64, left: i64| {
        // All others nought, or one of them or more taking what the few leave.
        let (least, most) = (few, few * (FEWEST - 1));
        (least..=most).contains(&left) || (others > 0 && left - least >= FEWEST)
    };
    let few_values = (1..FEWEST).filter(|value| few > 0 && can(few - 1, others, left - value)).count();
    let other_values =
        (0..=left).filter(|value| (*value == 0 || *value >= FEWEST) && can(few, others - 1, left - value)).count();
    (few > 0 && few_values < 2) || (others > 0 && other_values < 2)
}

/// A share in tenths of a per cent, rounded half up; none where fewer than five stand behind it.
pub fn share(part: i64, whole: i64) -> Option<i64> {
    if whole < FEWEST {
        return None;
    }
    let (part, whole) = (i128::from(part), i128::from(whole));
    i64::try_from((2 * part * 1000 + whole).div_euclid(2 * whole)).ok()
}

/// How many times the one goes into the other, in thousandths; none where fewer than five stand behind it.
pub fn ratio(gross: i64, net: i64) -> Option<i64> {
    (net >= FEWEST).then(|| (2 * gross * 1000 + net).div_euclid(2 * net))
}

/// Days and amount of a form of care or of buying.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    pub code: String,
    pub persons: i64,
    pub stays: i64,
    pub days: i64,
    pub ore: i64,
}

/// A row that may be shown: one group, or several merged into *Övrigt*.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// None for *Övrigt*.
    pub code: Option<String>,
    pub persons: i64,
    pub stays: i64,
    pub days: i64,
    pub ore: i64,
}

/// Merges groups of fewer than three persons. What is merged must be three persons itself, or it would be worked out
/// from the sum: then the smallest that is left joins it. Nothing is left where all would be one row.
pub fn merge(mut groups: Vec<Group>, persons_of: impl Fn(&[&str]) -> i64) -> Vec<Merged> {
    groups.retain(|group| group.persons > 0);
    groups.sort_by(|one, other| other.ore.cmp(&one.ore).then_with(|| one.code.cmp(&other.code)));
    let (mut kept, mut rest): (Vec<Group>, Vec<Group>) =
        groups.into_iter().partition(|group| group.persons >= FEWEST_BEHIND_AMOUNTS);
    let of = |rest: &[Group]| persons_of(&rest.iter().map(|group| group.code.as_str()).collect::<Vec<_>>());
    while !rest.is_empty() && of(&rest) < FEWEST_BEHIND_AMOUNTS {
        let smallest = kept.iter().enumerate().min_by_key(|(_, group)| (group.persons, group.ore)).map(|(at, _)| at);
        match smallest {
            Some(at) => rest.push(kept.remove(at)),
            None => return Vec::new(),
        }
    }
    if kept.is_empty() && !rest.is_empty() {
        return Vec::new();
    }
    let mut rows: Vec<Merged> = kept
        .into_iter()
        .map(|group| Merged {
            code: Some(group.code),
            persons: group.persons,
            stays: group.stays,
            days: group.days,
            ore: group.ore,
        })
        .collect();
    if !rest.is_empty() {
        rows.push(Merged {
            code: None,
            persons: of(&rest),
            stays: rest.iter().map(|group| group.stays).sum(),
            days: rest.iter().map(|group| group.days).sum(),
            ore: rest.iter().map(|group| group.ore).sum(),
        });
    }
    rows
}

/// Whether an amount may be shown: nobody, or enough persons.
pub const fn may_show_amount(persons: i64) -> bool {
    persons == 0 || persons >= FEWEST_BEHIND_AMOUNTS
}

/// Whether amounts of parts of a year may be shown: all of them, or the year would give away the one that is not.
pub fn may_show_parts(persons: &[i64]) -> bool {
    persons.iter().all(|count| may_show_amount(*count))
}

/// Areas under five are one row, *Övriga områden*, in the order of their names; the parts are then hidden like others.
pub fn areas(mut areas: Vec<(String, i64)>) -> Vec<(Option<String>, Shown)> {
    areas.retain(|(_, persons)| *persons > 0);
    areas.sort();
    let (many, few): (Vec<_>, Vec<_>) = areas.into_iter().partition(|(_, persons)| *persons >= FEWEST);
    let mut rows: Vec<(Option<String>, i64)> = many.into_iter().map(|(name, persons)| (Some(name), persons)).collect();
    if !few.is_empty() {
        rows.push((None, few.iter().map(|(_, persons)| persons).sum()));
    }
    let counts: Vec<i64> = rows.iter().map(|(_, persons)| *persons).collect();
    // One row is the whole, which the reader knows anyway.
    let shown = if counts.len() == 1 { counts.into_iter().map(alone).collect() } else { parts(&counts) };
    rows.into_iter().zip(shown).map(|((name, _), shown)| (name, shown)).collect()
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
