//! Each rule at both sides of its threshold, and the draw.

use std::collections::{BTreeSet, HashMap};

use time::macros::{date, datetime};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::draw::{ODD_AT_MOST, ONE_IN, draw, sample};
use super::ground::Ground;
use super::rules;
use super::trace::{Background, CaseFacts, Log, Named, Trace};
use crate::vocabulary::AssignmentKind;

/// A Wednesday at ten in Sweden.
pub(super) const TEN: OffsetDateTime = datetime!(2026-11-18 09:00 UTC);

pub(super) fn who(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// A case whose number and birth are both in the order of `number`.
pub(super) fn case(number: u128) -> Uuid {
    Uuid::from_u128(1_000 + number)
}

pub(super) fn read(actor: u128, of: u128, at: OffsetDateTime) -> Trace {
    Trace {
        seq: 0,
        at,
        actor: who(actor),
        role: "coordinator".to_owned(),
        event: "case.read".to_owned(),
        case: Some(case(of)),
        changes: false,
        hits: None,
        session: None,
        new_device: false,
        item: None,
        tried: None,
        reason: None,
    }
}

pub(super) fn event(name: &str, trace: Trace) -> Trace {
    Trace { event: name.to_owned(), ..trace }
}

pub(super) fn in_order(mut traces: Vec<Trace>) -> Vec<Trace> {
    traces.sort_by_key(|trace| trace.at);
    for (seq, trace) in (1..).zip(&mut traces) {
        trace.seq = seq;
    }
    traces
}

pub(super) fn background() -> Background {
    let facts =
        |number: u128| CaseFacts { reference: format!("AVH-0000-{number:03}"), is_protected: false, closed_on: None };
    Background { cases: (0..300).map(|number| (case(number), facts(number))).collect(), ..Background::default() }
}

pub(super) fn finds(rule: fn(&Log<'_>) -> Vec<usize>, traces: Vec<Trace>, background: &Background) -> usize {
    rule(&Log { traces: &in_order(traces), background }).len()
}

fn named(account: u128, of: u128, from: OffsetDateTime, to: Option<OffsetDateTime>) -> Background {
    let one = Named { case: case(of), account: who(account), kind: AssignmentKind::Responsible, from, to };
    Background { named: HashMap::from([(who(account), vec![one])]), ..background() }
}

#[test]
fn r01_who_is_named_in_the_case_when_they_read_is_left_alone() {
    let until = named(1, 1, TEN - Duration::DAY, Some(TEN));
    assert_eq!(finds(rules::not_assigned, vec![read(1, 1, TEN)], &until), 0);
    assert_eq!(finds(rules::not_assigned, vec![read(1, 1, TEN + Duration::SECOND)], &until), 1);
    assert_eq!(finds(rules::not_assigned, vec![read(1, 2, TEN), read(2, 1, TEN)], &until), 2);
    assert_eq!(finds(rules::not_assigned, vec![event("case.refused", read(2, 1, TEN))], &until), 0);
}

#[test]
fn r02_three_refusals_in_ten_minutes_and_not_two_nor_in_eleven() {
    let at = |minutes: &[i64]| {
        minutes.iter().map(|n| event("page.refused", read(1, 1, TEN + Duration::minutes(*n)))).collect()
    };
    assert_eq!(finds(rules::refused, at(&[0, 10]), &background()), 0);
    assert_eq!(finds(rules::refused, at(&[0, 5, 10]), &background()), 3);
    assert_eq!(finds(rules::refused, at(&[0, 5, 11]), &background()), 0);
    let mixed = vec![
        event("page.refused", read(1, 1, TEN)),
        event("case.refused", read(1, 2, TEN)),
        event("page.refused", read(2, 1, TEN)),
    ];
    assert_eq!(finds(rules::refused, mixed, &background()), 0, "two of one and one of another");
}

#[test]
fn r03_nine_cases_in_an_hour_and_not_eight_nor_over_more_than_an_hour() {
    let cases = |count: u128, step: i64| {
        (0..count).map(|n| read(1, n, TEN + Duration::minutes(step * i64::try_from(n).unwrap()))).collect::<Vec<_>>()
    };
    assert_eq!(finds(rules::many_cases, cases(8, 7), &background()), 0);
    assert_eq!(finds(rules::many_cases, cases(9, 7), &background()), 9);
    let twice = cases(8, 3).into_iter().chain(cases(8, 3)).collect();
    assert_eq!(finds(rules::many_cases, twice, &background()), 0, "the same cases again are no more cases");
}

#[test]
fn r03_a_day_is_measured_by_ones_own_other_days() {
    assert_eq!(rules::usual_most(&[]), 8);
    assert_eq!(rules::usual_most(&[2, 3, 4]), 8);
    assert_eq!(rules::usual_most(&[10, 12, 14]), 18);
    // A case every forty minutes is not many in an hour.
    let day = |day: i64, count: u128| {
        let begin = datetime!(2026-11-02 04:00 UTC) + Duration::days(day);
        (0..count).map(move |n| read(1, n, begin + Duration::minutes(40) * i32::try_from(n).unwrap()))
    };
    let usual = || day(0, 10).chain(day(1, 12)).chain(day(2, 14));
    assert_eq!(finds(rules::many_cases, usual().chain(day(3, 18)).collect(), &background()), 0);
    assert_eq!(finds(rules::many_cases, usual().chain(day(3, 19)).collect(), &background()), 19);
}

#[test]
fn r04_before_six_from_twenty_and_on_days_off() {
    for (at, found) in [
        (datetime!(2026-11-18 04:59:59 UTC), 1),
        (datetime!(2026-11-18 05:00 UTC), 0),
        (datetime!(2026-11-18 18:59:59 UTC), 0),
        (datetime!(2026-11-18 19:00 UTC), 1),
        (datetime!(2026-11-21 11:00 UTC), 1),
        (datetime!(2026-01-06 11:00 UTC), 1),
        (datetime!(2026-12-24 11:00 UTC), 1),
        (datetime!(2026-12-23 11:00 UTC), 0),
    ] {
        assert_eq!(finds(rules::off_hours, vec![read(1, 1, at)], &background()), found, "{at}");
    }
    let outside = Trace { case: None, ..read(1, 1, datetime!(2026-11-21 11:00 UTC)) };
    assert_eq!(finds(rules::off_hours, vec![outside], &background()), 0);
}

#[test]
fn r05_a_search_that_met_nobody() {
    let search = |hits| Trace { hits, case: None, ..event("search.by_name", read(1, 1, TEN)) };
    assert_eq!(finds(rules::search_missed, vec![search(Some(0))], &background()), 1);
    assert_eq!(finds(rules::search_missed, vec![search(Some(1)), search(None)], &background()), 0);
}

#[test]
fn r06_who_may_be_kin_of_the_person() {
    let known = Background { kin: [(who(1), case(1))].into(), ..background() };
    assert_eq!(finds(rules::possible_kin, vec![read(1, 1, TEN)], &known), 1);
    assert_eq!(finds(rules::possible_kin, vec![read(1, 2, TEN), read(2, 1, TEN)], &known), 0);
}

#[test]
fn r07_a_location_is_followed_by_something_within_two_days() {
    let opened = || Trace { changes: true, ..event("location.opened", read(1, 1, TEN)) };
    let wrote = |actor, of, hours| Trace {
        changes: true,
        ..event("journal.entered", read(actor, of, TEN + Duration::hours(hours)))
    };
    assert_eq!(finds(rules::nothing_followed, vec![opened()], &background()), 1);
    assert_eq!(finds(rules::nothing_followed, vec![opened(), wrote(1, 1, 48)], &background()), 0);
    assert_eq!(finds(rules::nothing_followed, vec![opened(), wrote(1, 1, 49)], &background()), 1);
    assert_eq!(finds(rules::nothing_followed, vec![wrote(1, 1, -1), opened()], &background()), 1);
    assert_eq!(finds(rules::nothing_followed, vec![opened(), wrote(1, 2, 1), wrote(2, 1, 1)], &background()), 1);
    assert_eq!(finds(rules::nothing_followed, vec![opened(), read(1, 1, TEN)], &background()), 1);
}

#[test]
fn r08_the_same_location_by_two_within_a_day() {
    let opened = |actor, of, hours| event("location.opened", read(actor, of, TEN + Duration::hours(hours)));
    assert_eq!(finds(rules::several_opened, vec![opened(1, 1, 0), opened(2, 1, 24)], &background()), 2);
    assert_eq!(finds(rules::several_opened, vec![opened(1, 1, 0), opened(2, 1, 25)], &background()), 0);
    assert_eq!(finds(rules::several_opened, vec![opened(1, 1, 0), opened(1, 1, 1), opened(2, 2, 1)], &background()), 0);
}

#[test]
fn r08_two_who_work_in_the_case_are_nothing_odd_and_a_third_is() {
    let opened = |actor, hours| event("location.opened", read(actor, 1, TEN + Duration::hours(hours)));
    let before = |actor| read(actor, 1, TEN - Duration::days(3));
    let mut known = background();
    for actor in 1..=3 {
        known.named.extend(named(actor, 1, TEN - Duration::days(90), None).named);
    }
    let two = vec![before(1), before(2), opened(1, 0), opened(2, 3)];
    assert_eq!(finds(rules::several_opened, two.clone(), &known), 0);
    let third = [two.clone(), vec![before(3), opened(3, 5)]].concat();
    assert_eq!(finds(rules::several_opened, third, &known), 3, "they are more than the two who may");
    let stranger = [two, vec![before(4), opened(4, 5)]].concat();
    assert_eq!(finds(rules::several_opened, stranger, &known), 3, "not named in the case");
    let never_there = vec![before(1), opened(1, 0), opened(2, 3)];
    assert_eq!(finds(rules::several_opened, never_there, &known), 2, "named, but otherwise never in the case");
}

#[test]
fn r12_a_case_that_was_closed_before_the_day() {
    let mut known = background();
    known.cases.get_mut(&case(1)).unwrap().closed_on = Some(date!(2026 - 11 - 17));
    known.cases.get_mut(&case(2)).unwrap().closed_on = Some(date!(2026 - 11 - 18));
    assert_eq!(finds(rules::closed_case, vec![read(1, 1, TEN)], &known), 1);
    assert_eq!(finds(rules::closed_case, vec![read(1, 2, TEN), read(1, 3, TEN)], &known), 0);
}

#[test]
fn r13_an_account_wakes_after_sixty_days() {
    let seen = |days| Background { last_seen: HashMap::from([(who(1), TEN - Duration::days(days))]), ..background() };
    assert_eq!(finds(rules::dormant, vec![read(1, 1, TEN), read(1, 1, TEN)], &seen(60)), 1);
    assert_eq!(finds(rules::dormant, vec![read(1, 1, TEN)], &seen(59)), 0);
    assert_eq!(finds(rules::dormant, vec![read(1, 1, TEN)], &background()), 0, "a new account has no past");
}

#[test]
fn r15_named_for_less_than_a_day() {
    let hour = Duration::HOUR;
    let brief = named(1, 1, TEN - hour, Some(TEN + hour * 22));
    assert_eq!(finds(rules::brief_assignment, vec![read(1, 1, TEN)], &brief), 1);
    let whole = named(1, 1, TEN - hour, Some(TEN + hour * 23));
    assert_eq!(finds(rules::brief_assignment, vec![read(1, 1, TEN)], &whole), 0);
    assert_eq!(finds(rules::brief_assignment, vec![read(1, 1, TEN)], &named(1, 1, TEN - hour, None)), 0);
    assert_eq!(finds(rules::brief_assignment, vec![read(1, 2, TEN), read(2, 1, TEN)], &brief), 0);
}

#[test]
fn r19_six_cases_in_order_and_not_five() {
    let visits = |numbers: &[u128]| {
        let at = |n: usize| TEN + Duration::minutes(i64::try_from(n).unwrap());
        numbers.iter().enumerate().map(|(n, of)| read(1, *of, at(n))).collect::<Vec<_>>()
    };
    assert_eq!(finds(rules::in_order, visits(&[1, 2, 3, 4, 5]), &background()), 0);
    assert_eq!(finds(rules::in_order, visits(&[1, 2, 3, 4, 5, 9]), &background()), 6);
    assert_eq!(finds(rules::in_order, visits(&[9, 8, 7, 6, 5, 1]), &background()), 6);
    assert_eq!(finds(rules::in_order, visits(&[1, 2, 3, 9, 5, 6, 4]), &background()), 0);
    assert_eq!(finds(rules::in_order, visits(&[1, 1, 1, 2, 3, 4, 4, 5]), &background()), 0, "a case seen again");
}

#[test]
fn r22_eight_short_looks_in_a_row_and_not_seven() {
    let visits = |count: u128, seconds: i64| {
        (0..count)
            .map(|n| read(1, n % 2, TEN + Duration::seconds(seconds) * i32::try_from(n).unwrap()))
            .collect::<Vec<_>>()
    };
    assert_eq!(finds(rules::leafing, visits(8, 4), &background()), 0);
    assert_eq!(finds(rules::leafing, visits(9, 4), &background()), 8);
    assert_eq!(finds(rules::leafing, visits(9, 5), &background()), 0);
}

/// So many people, each on two days.
fn days(count: u128) -> BTreeSet<(Uuid, time::Date)> {
    (0..count).flat_map(|n| [(who(n), date!(2026 - 11 - 18)), (who(n), date!(2026 - 11 - 19))]).collect()
}

#[test]
fn the_lot_falls_on_at_least_five_in_a_hundred_and_the_same_seed_on_the_same() {
    for count in [0, 1, 19, 20, 21, 400, 401] {
        let all: BTreeSet<_> = (0..count).map(who).collect();
        let (chosen, stratified) = sample(&[7; 16], &days(count), &all);
        let wanted = days(count).len().div_ceil(ONE_IN);
        assert_eq!((chosen.len(), stratified), (wanted, 0), "everybody has come: by lot alone");
        assert_eq!((chosen.clone(), 0), sample(&[7; 16], &days(count), &all));
        assert!(chosen.is_subset(&days(count)));
    }
    assert_ne!(sample(&[7; 16], &days(400), &BTreeSet::new()), sample(&[8; 16], &days(400), &BTreeSet::new()));
}

#[test]
fn whoever_has_not_come_in_the_quarter_comes_once() {
    let come: BTreeSet<_> = (0..30).map(who).collect();
    let (chosen, stratified) = sample(&[7; 16], &days(50), &come);
    assert_eq!(
        (chosen.len(), stratified),
        (20, 20),
        "a day for each of the twenty, which is more than five in a hundred"
    );
    let accounts: BTreeSet<_> = chosen.iter().map(|(account, _)| *account).collect();
    assert_eq!(accounts, (30..50).map(who).collect());
    // Where five in a hundred is more, it is filled up with whatever days.
    let (chosen, stratified) = sample(&[7; 16], &days(50), &(0..49).map(who).collect());
    assert_eq!((chosen.len(), stratified), (5, 1));
    assert!(chosen.iter().any(|(account, _)| *account == who(49)));
}

#[test]
fn a_month_is_drawn_again_from_its_seed() {
    let mut known = Background { come: (0..60).map(who).collect(), ..background() };
    known.cases.get_mut(&case(1)).unwrap().is_protected = true;
    let mut traces: Vec<_> =
        (0..400).map(|n| read(n % 40, n % 7, TEN + Duration::minutes(i64::try_from(n).unwrap()))).collect();
    traces.push(event("location.opened", read(50, 2, TEN)));
    traces.push(Trace { role: "police_liaison".to_owned(), ..read(51, 3, TEN) });
    traces.push(event("break_glass.opened", read(52, 4, TEN)));
    let traces = in_order(traces);
    let month = |day: time::Date| day.month() == time::Month::November;
    let one = draw(&[1; 16], &traces, &known, month);
    assert_eq!(one, draw(&[1; 16], &traces, &known, month), "the same seed, the same rows");
    assert_ne!(one.items, draw(&[2; 16], &traces, &known, month).items);
    let has = |ground| one.items.iter().filter(|item| item.grounds.contains(&ground)).count();
    for ground in [Ground::LocationOpened, Ground::PoliceView, Ground::BreakGlass] {
        assert_eq!(has(ground), 1, "{ground:?}");
    }
    let protected = traces.iter().filter(|trace| trace.case == Some(case(1)));
    let groups: BTreeSet<_> = protected.map(|trace| (trace.actor, trace.day())).collect();
    assert_eq!(has(Ground::ProtectedPerson), groups.len(), "every access to somebody protected");
    assert_eq!((one.sampled_days, one.stratified), (one.user_days.div_ceil(ONE_IN), 0));
    let drawn: usize = one.items.iter().map(|item| item.entries.len()).sum();
    let unique: BTreeSet<_> = one.items.iter().flat_map(|item| &item.entries).collect();
    assert_eq!((drawn, unique.len()), (unique.len(), drawn), "no row stands in two items");
    let before = draw(&[1; 16], &traces, &known, |_| false);
    assert_eq!((before.items.len(), before.events), (0, 0), "rows around the month are not of it");
}

#[test]
fn the_oddest_are_taken_and_the_rest_are_counted() {
    // Each in a case of its own that they are not named in, a few at night.
    let mut traces: Vec<_> = (0..260).map(|n| read(n, n, TEN)).collect();
    traces.extend((0..3).map(|n| read(n, n, datetime!(2026-11-18 22:00 UTC))));
    let known = Background { come: (0..260).map(who).collect(), ..background() };
    let all = draw(&[1; 16], &in_order(traces), &known, |_| true);
    let by_lot = all.items.iter().filter(|item| item.grounds.contains(&Ground::Chance)).count();
    assert_eq!(all.items.len() - by_lot, ODD_AT_MOST);
    assert_eq!(all.left_out, 260 - by_lot - ODD_AT_MOST);
    assert!(all.items[0].grounds.contains(&Ground::OffHours), "the oddest first");
}
