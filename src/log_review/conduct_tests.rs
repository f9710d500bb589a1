//! The rules about sessions, reasons, the police and whoever runs the house, each at both sides of its threshold.

use std::collections::HashMap;

use time::macros::{date, datetime};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::conduct;
use super::draw::draw;
use super::ground::Ground;
use super::rules_tests::{TEN, background, case, event, finds, in_order, read, who};
use super::trace::{Background, Reason, Trace};

fn printed(at: OffsetDateTime) -> Trace {
    event("case.printed", read(1, 1, at))
}

#[test]
fn r09_somebody_prints_and_is_gone_for_two_weeks() {
    let back = |after| vec![printed(TEN), read(1, 2, TEN + Duration::hours(24)), read(1, 2, TEN + after)];
    assert_eq!(finds(conduct::printed_then_gone, back(Duration::days(14)), &background()), 1);
    assert_eq!(finds(conduct::printed_then_gone, back(Duration::days(14) - Duration::SECOND), &background()), 0);
    let taken_out = event("released.taken_out", read(1, 1, TEN));
    assert_eq!(finds(conduct::printed_then_gone, vec![taken_out, read(2, 1, TEN)], &background()), 1);
    assert_eq!(finds(conduct::printed_then_gone, vec![read(1, 1, TEN)], &background()), 0, "nothing was printed");
}

#[test]
fn r09_comes_in_the_month_in_which_the_two_weeks_are_over() {
    let traces = in_order(vec![printed(datetime!(2026-11-25 09:00 UTC)), read(2, 2, datetime!(2026-12-20 09:00 UTC))]);
    let known = Background { come: [who(1), who(2)].into(), ..background() };
    let drawn = |month| draw(&[1; 16], &traces, &known, move |day: time::Date| day.month() == month);
    let has = |month| {
        let items = drawn(month).items;
        items.into_iter().find(|item| item.grounds.contains(&Ground::PrintedThenGone)).map(|item| item.day)
    };
    assert_eq!(has(time::Month::November), None);
    assert_eq!(has(time::Month::December), Some(date!(2026 - 11 - 25)));
    assert_eq!((drawn(time::Month::December).events, drawn(time::Month::December).user_days), (1, 1));
}

fn in_session(number: u128, trace: Trace) -> Trace {
    Trace { session: Some(Uuid::from_u128(9_000 + number)), ..trace }
}

#[test]
fn r10_a_new_computer_and_something_protected() {
    let begins = |number, new_device| {
        let start = Trace { case: None, new_device, ..event("session.started", read(1, 1, TEN)) };
        in_session(number, start)
    };
    let opened = |number| in_session(number, event("location.opened", read(1, 1, TEN)));
    let mut known = background();
    known.cases.get_mut(&case(2)).unwrap().is_protected = true;
    assert_eq!(finds(conduct::from_new_device, vec![begins(1, true), opened(1)], &known), 1);
    assert_eq!(finds(conduct::from_new_device, vec![begins(1, true), in_session(1, read(1, 2, TEN))], &known), 1);
    assert_eq!(finds(conduct::from_new_device, vec![begins(1, true), in_session(1, read(1, 3, TEN))], &known), 0);
    assert_eq!(finds(conduct::from_new_device, vec![begins(1, false), opened(1)], &known), 0);
    assert_eq!(finds(conduct::from_new_device, vec![begins(1, true), opened(2)], &known), 0, "another session");
}

#[test]
fn r11_two_sessions_in_turns_within_ten_minutes() {
    let turns = |back: i64| {
        let at = |seconds| TEN + Duration::seconds(seconds);
        vec![in_session(1, read(1, 1, at(0))), in_session(2, read(1, 1, at(30))), in_session(1, read(1, 1, at(back)))]
    };
    assert_eq!(finds(conduct::two_places, turns(600), &background()), 3);
    assert_eq!(finds(conduct::two_places, turns(601), &background()), 0);
    let follows = turns(600).into_iter().take(2).collect();
    assert_eq!(finds(conduct::two_places, follows, &background()), 0, "one after the other is no two at once");
    let mut others = turns(600);
    others[1].actor = who(2);
    assert_eq!(finds(conduct::two_places, others, &background()), 0, "two people");
}

#[test]
fn r14_the_house_is_changed_on_working_days_between_seven_and_eighteen() {
    let change = |at| Trace {
        role: "sysadmin".to_owned(),
        changes: true,
        case: None,
        ..event("account.locked", read(1, 1, at))
    };
    for (at, found) in [
        (datetime!(2026-11-18 05:59:59 UTC), 1),
        (datetime!(2026-11-18 06:00 UTC), 0),
        (datetime!(2026-11-18 16:59:59 UTC), 0),
        (datetime!(2026-11-18 17:00 UTC), 1),
        (datetime!(2026-11-21 11:00 UTC), 1),
        (datetime!(2026-12-24 11:00 UTC), 1),
    ] {
        assert_eq!(finds(conduct::outside_hours, vec![change(at)], &background()), found, "{at}");
    }
    let night = datetime!(2026-11-18 22:00 UTC);
    let others = vec![
        Trace { role: "manager".to_owned(), ..change(night) },
        Trace { changes: false, ..change(night) },
        event("session.started", change(night)),
    ];
    assert_eq!(finds(conduct::outside_hours, others, &background()), 0);
}

fn because(actor: u128, letters: usize, same: u8) -> Trace {
    Trace {
        reason: Some(Reason { letters, same: [same; 32] }),
        ..event("location.opened", read(actor, u128::from(same), TEN))
    }
}

#[test]
fn r16_a_reason_is_long_enough_and_not_the_same_three_times() {
    assert_eq!(finds(conduct::poor_reason, vec![because(1, 11, 1)], &background()), 1);
    assert_eq!(finds(conduct::poor_reason, vec![because(1, 12, 1)], &background()), 0);
    let same = |times| (0..times).map(|_| because(1, 40, 1)).collect();
    assert_eq!(finds(conduct::poor_reason, same(3), &background()), 3);
    assert_eq!(finds(conduct::poor_reason, same(2), &background()), 0);
    let two = vec![because(1, 40, 1), because(1, 40, 1), because(2, 40, 1), because(1, 40, 2)];
    assert_eq!(finds(conduct::poor_reason, two, &background()), 0, "another's words, and other words");
}

fn of_the_police(name: &str, item: u128, at: OffsetDateTime) -> Trace {
    Trace { role: "police_liaison".to_owned(), item: Some(who(item)), ..event(name, read(1, 1, at)) }
}

#[test]
fn r18_the_police_open_the_same_five_times_in_a_week_or_what_is_not_theirs() {
    let opened = |times: i64, over: Duration| {
        let step = over / i32::try_from(times - 1).unwrap();
        (0..times)
            .map(|n| of_the_police("released.opened", 1, TEN + step * i32::try_from(n).unwrap()))
            .collect::<Vec<_>>()
    };
    assert_eq!(finds(conduct::police_again, opened(5, Duration::days(7)), &background()), 5);
    assert_eq!(finds(conduct::police_again, opened(4, Duration::days(7)), &background()), 0);
    assert_eq!(finds(conduct::police_again, opened(5, Duration::days(8)), &background()), 0);
    let several = (0..6).map(|n| of_the_police("released.opened", n, TEN)).collect();
    assert_eq!(finds(conduct::police_again, several, &background()), 0, "each once");
    assert_eq!(finds(conduct::police_again, vec![of_the_police("released.refused", 1, TEN)], &background()), 1);
}

#[test]
fn r21_a_try_at_a_case_after_a_conflict_was_declared() {
    let tried = |at| Trace { case: None, tried: Some("abc".to_owned()), ..event("case.refused", read(1, 1, at)) };
    let known = Background { conflicts: HashMap::from([((who(1), "abc".to_owned()), TEN)]), ..background() };
    assert_eq!(finds(conduct::conflict_hit, vec![tried(TEN)], &known), 1);
    assert_eq!(finds(conduct::conflict_hit, vec![tried(TEN - Duration::SECOND)], &known), 0);
    let other = Trace { tried: Some("abd".to_owned()), ..tried(TEN) };
    assert_eq!(finds(conduct::conflict_hit, vec![other, Trace { actor: who(2), ..tried(TEN) }], &known), 0);
}
