//! What nobody may work out: every subtraction is tried, over the reference year and many invented ones.

use std::collections::BTreeSet;

use super::*;

/// Numbers that are the same at every run.
struct Dice(u64);

impl Dice {
    fn under(&mut self, most: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 33).unwrap() % most
    }
}

/// Each number that a hidden cell can be, by trying all that add up to the whole.
fn possible(counts: &[i64], shown: &[Shown]) -> Vec<BTreeSet<i64>> {
    fn fill(
        at: usize,
        left: i64,
        shown: &[Shown],
        all_hidden: bool,
        so_far: &mut Vec<i64>,
        found: &mut [BTreeSet<i64>],
    ) {
        let Some(cell) = shown.get(at) else {
            if left == 0 {
                for (value, found) in so_far.iter().zip(found) {
                    found.insert(*value);
                }
            }
            return;
        };
        let values: Vec<i64> = match cell {
            Shown::Count(count) => vec![*count],
            Shown::Few => (1..=4).collect(),
            Shown::Hidden if all_hidden => (0..=left).collect(),
            Shown::Hidden => (0..=left).filter(|value| *value == 0 || *value >= 5).collect(),
        };
        for value in values.into_iter().filter(|value| *value <= left) {
            so_far.push(value);
            fill(at + 1, left - value, shown, all_hidden, so_far, found);
            so_far.pop();
        }
    }
    let mut found = vec![BTreeSet::new(); counts.len()];
    let all_hidden = shown.iter().all(|one| *one == Shown::Hidden);
    fill(0, counts.iter().sum(), shown, all_hidden, &mut Vec::new(), &mut found);
    found
}

fn holds(counts: &[i64]) {
    let shown = parts(counts);
    assert_eq!(shown.len(), counts.len());
    for (count, shown) in counts.iter().zip(&shown) {
        match shown {
            Shown::Count(told) => assert!(told == count && (*count == 0 || *count >= 5), "{counts:?}"),
            Shown::Few => assert!((1..5).contains(count), "{counts:?}"),
            Shown::Hidden => {}
        }
    }
    for (at, values) in possible(counts, &shown).iter().enumerate() {
        let told = matches!(shown[at], Shown::Count(_));
        assert!(told || counts.len() == 1 || values.len() > 1, "{counts:?} is shown as {shown:?}: {values:?}");
    }
}

#[test]
fn one_to_four_are_few_and_nought_is_nought() {
    use Shown::{Count, Few, Hidden};
    assert_eq!([0, 1, 4, 5, 12].map(alone), [Count(0), Few, Few, Count(5), Count(12)]);
    assert_eq!(parts(&[7, 1]), [Hidden, Few]);
    assert_eq!(parts(&[20, 9, 3, 0]), [Count(20), Hidden, Few, Count(0)]);
    assert_eq!(parts(&[20, 3, 2]), [Count(20), Few, Few]);
    assert_eq!(parts(&[8, 0, 6]), [Count(8), Count(0), Count(6)]);
    // Two that are four each can be nothing else when the whole is known: another hides with them.
    assert_eq!(parts(&[4, 4, 30]), [Few, Few, Hidden]);
    // One person in all: who it is not would tell who it is.
    assert_eq!(parts(&[1, 0]), [Hidden, Hidden]);
    assert_eq!(parts(&[2, 0, 0]).iter().filter(|one| matches!(one, Count(_))).count(), 0);
}

#[test]
fn no_subtraction_gives_a_hidden_count_away() {
    // R1 (domain 7.0): sex, area, return, children.
    for counts in [&[1_i64, 7][..], &[5, 2, 1, 1], &[8, 0, 0], &[1, 8], &[0, 0, 8], &[3, 4], &[6, 2, 0]] {
        holds(counts);
    }
    let mut dice = Dice(7);
    let mut hidden = 0;
    for _ in 0..5000 {
        let width = usize::try_from(2 + dice.under(4)).unwrap();
        let most = [3, 6, 9, 15][usize::try_from(dice.under(4)).unwrap()];
        let counts: Vec<i64> = (0..width).map(|_| dice.under(most)).collect();
        hidden += usize::from(parts(&counts).iter().any(|one| !matches!(one, Shown::Count(_))));
        holds(&counts);
    }
    assert!(hidden > 2000, "only {hidden} tables had anything to hide");
}

#[test]
fn no_row_of_days_and_amounts_is_of_fewer_than_three_persons() {
    let mut dice = Dice(11);
    for _ in 0..2000 {
        // Persons with the forms that each has had.
        let persons: Vec<BTreeSet<i64>> =
            (0..=dice.under(12)).map(|_| (0..=dice.under(3)).map(|_| dice.under(5)).collect()).collect();
        let behind = |codes: &[i64]| persons.iter().filter(|has| codes.iter().any(|code| has.contains(code))).count();
        let groups: Vec<Group> = (0..5)
            .map(|code| Group {
                code: code.to_string(),
                persons: i64::try_from(behind(&[code])).unwrap(),
                stays: 1,
                days: 10 + code,
                ore: dice.under(1000),
            })
            .collect();
        let days: i64 = groups.iter().filter(|group| group.persons > 0).map(|group| group.days).sum();
        let rows = merge(groups, |codes| {
            i64::try_from(behind(&codes.iter().map(|code| code.parse().unwrap()).collect::<Vec<_>>())).unwrap()
        });
        assert!(rows.iter().all(|row| row.persons >= 3), "{persons:?}: {rows:?}");
        assert!(rows.is_empty() || rows.iter().map(|row| row.days).sum::<i64>() == days);
        assert!(rows.iter().filter(|row| row.code.is_none()).count() <= 1);
    }
}

#[test]
fn the_reference_year_has_too_few_in_every_form_but_one() {
    let of = |code: &str, persons, days, ore| Group { code: code.to_owned(), persons, stays: persons, days, ore };
    let forms = vec![
        of("hvb", 6, 975, 262_390_000),
        of("supported_housing_adult", 1, 183, 15_555_000),
        of("protected_housing", 1, 61, 23_790_000),
        of("training_apartment", 1, 24, 1_560_000),
    ];
    // P02 and P04 are the others: two, so the form of the rest goes with them and only the sum is left.
    assert_eq!(merge(forms, |codes| if codes.contains(&"hvb") { 6 } else { 2 }), []);
    let bought = vec![of("inside_framework", 3, 362, 88_690_000), of("outside_framework", 3, 674, 197_490_000)];
    let rows = merge(bought, |_| 0);
    assert_eq!(rows.iter().map(|row| row.days).collect::<Vec<_>>(), [674, 362]);
}

#[test]
fn parts_of_a_year_are_shown_together_or_not_at_all() {
    assert!(may_show_parts(&[3, 0, 8]));
    let mut dice = Dice(3);
    for _ in 0..1000 {
        let tertials = [dice.under(6), dice.under(6), dice.under(6)];
        // Where one is hidden none is shown, so that the year minus the others is nothing that anybody has.
        assert_eq!(may_show_parts(&tertials), tertials.iter().all(|n| *n == 0 || *n >= 3));
    }
}

#[test]
fn areas_of_few_are_one() {
    let named = |name: &str, n| (name.to_owned(), n);
    let rows = areas(vec![named("A", 12), named("B", 3), named("C", 2), named("D", 0)]);
    assert_eq!(rows, [(Some("A".to_owned()), Shown::Count(12)), (None, Shown::Count(5))]);
    let rows = areas(vec![named("A", 12), named("B", 3)]);
    assert_eq!(rows, [(Some("A".to_owned()), Shown::Hidden), (None, Shown::Few)]);
    assert_eq!(areas(vec![named("A", 2), named("B", 4)]), [(None, Shown::Count(6))]);
    assert!(areas(Vec::new()).is_empty());
}

#[test]
fn shares_and_ratios_need_five() {
    assert_eq!((share(674, 1036), share(2, 4), share(0, 5)), (Some(651), None, Some(0)));
    assert_eq!((ratio(19, 8), ratio(9, 4)), (Some(2375), None));
}
