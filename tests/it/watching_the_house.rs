//! The rules of the alarms about stays, consents, money and the house, one test each: the day before, the day, the day
//! after, and what ends it.

use time::macros::date;

use crate::support::loose::{CASE, HOUSE, Loose, ROW};

fn placement(status: &str) -> String {
    format!(
        "insert into placement (id, case_id, number, kind, status, starts_on, planned_end_on)
         values ('{ROW}', '{CASE}', 1, 'hvb', '{status}', '2026-03-02', '2026-06-30')"
    )
}

#[tokio::test]
async fn a10_a_placement_without_a_care_plan_is_critical_at_once_and_after_a_week_where_it_could_not_wait() {
    let mut house = Loose::new().await;
    let due = date!(2026 - 03 - 02);
    house
        .has(&placement("active"))
        .await
        .days(
            "a10_care_plan",
            ROW,
            &[
                (date!(2026 - 03 - 01), None),
                (due, Some(("critical", due))),
                (date!(2026 - 03 - 03), Some(("critical", due))),
            ],
        )
        .await;
    house
        .has(&format!(
            "insert into decision (id, case_id, number, type, emergency, signed_by, from_day)
             values (gen_random_uuid(), '{CASE}', 1, 'hvb', true, '{ROW}', '2026-03-01')"
        ))
        .await;
    let due = date!(2026 - 03 - 09);
    house.days("a10_care_plan", ROW, &[(date!(2026 - 03 - 08), None), (due, Some(("critical", due)))]).await;
    let plan = format!(
        "insert into plan (id, case_id, version_no, kind, status) values (gen_random_uuid(), '{CASE}', 1, 'care_plan', 'active')"
    );
    house.is_done("a10_care_plan", ROW, due, &plan).await;
}

#[tokio::test]
async fn a11_a_placement_that_ends_is_spoken_of_thirty_days_before() {
    let mut house = Loose::new().await;
    let due = date!(2026 - 06 - 30);
    house
        .has(&placement("active"))
        .await
        .days(
            "a11_placement_ends",
            ROW,
            &[
                (date!(2026 - 05 - 30), None),
                (date!(2026 - 05 - 31), Some(("warning", due))),
                (due, Some(("warning", due))),
                (date!(2026 - 07 - 01), Some(("critical", due))),
            ],
        )
        .await;
    // As many days as the municipality has decided.
    house
        .has(
            "insert into setting (id, key, value, unit, valid_from, decided_at, reason)
             values (gen_random_uuid(), 'placement_ending_warning_days', 40, 'days', '2026-01-01', '2026-01-01', 'prov')",
        )
        .await
        .days("a11_placement_ends", ROW, &[(date!(2026 - 05 - 20), None), (date!(2026 - 05 - 21), Some(("warning", due)))])
        .await
        .is_done("a11_placement_ends", ROW, due, "update placement set status = 'ended'")
        .await;
}

#[tokio::test]
async fn a12_another_price_is_told_of_thirty_days_before_and_not_after() {
    let mut house = Loose::new().await;
    let due = date!(2026 - 05 - 01);
    house
        .has(&placement("active"))
        .await
        .has(&format!(
            "insert into placement_rate (id, placement_id, kind, valid_from, valid_to, per_day_ore)
             values (gen_random_uuid(), '{ROW}', 'care', '2026-03-02', '2026-04-30', 245000),
                    ('{CASE}', '{ROW}', 'care', '2026-05-01', '2026-06-30', 260000)"
        ))
        .await
        .days(
            "a12_price_step",
            CASE,
            &[
                (date!(2026 - 03 - 31), None),
                (date!(2026 - 04 - 01), Some(("info", due))),
                (due, Some(("info", due))),
                (date!(2026 - 05 - 02), None),
            ],
        )
        .await
        .is_done("a12_price_step", CASE, due, "update placement_rate set per_day_ore = 245000")
        .await;
}

#[tokio::test]
async fn a13_a_follow_up_is_late_the_day_after() {
    let mut house = Loose::new().await;
    let due = date!(2026 - 04 - 10);
    house
        .has(&format!(
            "insert into follow_up (id, case_id, number, kind, planned_on) values ('{ROW}', '{CASE}', 1, 'placement', '2026-04-10')"
        ))
        .await
        .days(
            "a13_follow_up_late",
            ROW,
            &[(date!(2026 - 04 - 09), None), (due, None), (date!(2026 - 04 - 11), Some(("warning", due)))],
        )
        .await
        .is_done("a13_follow_up_late", ROW, date!(2026 - 04 - 11), "update follow_up set held_on = '2026-04-11'")
        .await;
    // What follows after the end is followed up in a closed case, and nothing else is.
    house.has("update follow_up set held_on = null; update case_file set closed_on = '2026-04-01'").await;
    house.days("a13_follow_up_late", ROW, &[(date!(2026 - 04 - 11), None)]).await;
    house.has("update follow_up set kind = 'after_closing'").await;
    house.days("a13_follow_up_late", ROW, &[(date!(2026 - 04 - 11), Some(("warning", due)))]).await;
}

#[tokio::test]
async fn a14_an_assessment_of_a_return_is_made_again_on_its_day() {
    let mut house = Loose::new().await;
    let due = date!(2026 - 04 - 10);
    house
        .has(&format!(
            "insert into return_assessment (id, case_id, assessed_on, review_on) values ('{ROW}', '{CASE}', '2026-03-01', '2026-04-10')"
        ))
        .await
        .days(
            "a14_return_review",
            ROW,
            &[(date!(2026 - 04 - 09), None), (due, Some(("warning", due))), (date!(2026 - 04 - 11), Some(("warning", due)))],
        )
        .await;
    let newer = format!(
        "insert into return_assessment (id, case_id, assessed_on, review_on)
         values (gen_random_uuid(), '{CASE}', '2026-04-10', '2026-09-10')"
    );
    house.is_done("a14_return_review", ROW, due, &newer).await;
}

#[tokio::test]
async fn a15_a_consent_that_ends_is_spoken_of_thirty_days_before_until_its_last_day() {
    let mut house = Loose::new().await;
    let due = date!(2026 - 06 - 30);
    house
        .has(&format!(
            "insert into consent (id, case_id, kind, valid_to) values ('{ROW}', '{CASE}', 'sig', '2026-06-30')"
        ))
        .await
        .days(
            "a15_consent_ends",
            ROW,
            &[
                (date!(2026 - 05 - 30), None),
                (date!(2026 - 05 - 31), Some(("warning", due))),
                (due, Some(("warning", due))),
                (date!(2026 - 07 - 01), None),
            ],
        )
        .await;
    let newer = format!(
        "insert into consent (id, case_id, kind, valid_to) values (gen_random_uuid(), '{CASE}', 'sig', '2027-06-30')"
    );
    house.is_done("a15_consent_ends", ROW, due, &newer).await;
}

#[tokio::test]
async fn a16_a_consent_taken_back_is_told_of_for_a_month() {
    let mut house = Loose::new().await;
    let due = date!(2026 - 03 - 02);
    house
        .has(&format!(
            "insert into disclosure (id, case_id, consent_id, status, revoked_at)
             values ('{ROW}', '{CASE}', '{ROW}', 'revoked', '2026-03-02 12:00Z')"
        ))
        .await
        .days(
            "a16_consent_withdrawn",
            ROW,
            &[
                (date!(2026 - 03 - 01), None),
                (due, Some(("warning", due))),
                (date!(2026 - 03 - 31), Some(("warning", due))),
                (date!(2026 - 04 - 01), None),
            ],
        )
        .await
        .is_done("a16_consent_withdrawn", ROW, due, "update disclosure set revoked_why = '\\x00'")
        .await;
}

#[tokio::test]
async fn a17_an_agreement_that_nothing_follows_is_told_of_ninety_days_before() {
    let mut house = Loose::new().await;
    let due = date!(2026 - 12 - 31);
    house
        .has(&format!(
            "insert into provider (id, alias, is_active) values ('{CASE}', 'L-001', true);
             insert into framework_agreement (id, provider_id, valid_from, valid_to) values ('{ROW}', '{CASE}', '2025-01-01', '2026-12-31')"
        ))
        .await
        .days(
            "a17_agreement_ends",
            ROW,
            &[
                (date!(2026 - 10 - 01), None),
                (date!(2026 - 10 - 02), Some(("warning", due))),
                (due, Some(("warning", due))),
                (date!(2027 - 01 - 01), None),
            ],
        )
        .await;
    let next = format!(
        "insert into framework_agreement (id, provider_id, valid_from, valid_to)
         values (gen_random_uuid(), '{CASE}', '2027-01-01', '2028-12-31')"
    );
    house.is_done("a17_agreement_ends", ROW, due, &next).await;
}

#[tokio::test]
async fn a21_a_case_passes_a_million_on_the_day_that_the_plan_says() {
    let mut house = Loose::new().await;
    // 400 days at 2 500 kronor come to exactly a million; one day more passes it.
    let stretch = |last: &str| {
        format!(
            "delete from placement_stretch; insert into placement_stretch (placement_id, first_day, last_day, per_day_ore)
             values ('{ROW}', '2026-03-02', '2026-03-31', 250000), ('{ROW}', '2026-04-01', '{last}', 250000)"
        )
    };
    house.has(&placement("active")).await.has(&stretch("2027-04-05")).await;
    house.days("a21_case_cost", CASE, &[(date!(2026 - 03 - 02), None), (date!(2027 - 05 - 01), None)]).await;
    house.has(&stretch("2027-04-06")).await;
    let due = date!(2027 - 04 - 06);
    let stands = Some(("warning", due));
    house
        .days("a21_case_cost", CASE, &[(date!(2026 - 03 - 02), stands), (due, stands), (date!(2027 - 04 - 07), stands)])
        .await
        .is_done("a21_case_cost", CASE, due, "update case_file set closed_on = '2027-04-06'")
        .await;
}

#[tokio::test]
async fn a22_the_budget_is_told_of_at_90_per_cent_and_critical_beyond_it() {
    let mut house = Loose::new().await;
    let day = date!(2026 - 08 - 31);
    let due = date!(2026 - 12 - 31);
    house.has("insert into budget_line (id, year, amount_ore) values (gen_random_uuid(), 2026, 100000)").await;
    for (cost, raised) in [
        (89999, None),
        (90000, Some(("warning", due))),
        (100_000, Some(("warning", due))),
        (100_001, Some(("critical", due))),
    ] {
        house
            .has(&format!(
                "delete from cost_day; insert into cost_day (on_day, procurement, round_the_clock, cost_ore)
                 values ('2026-12-31', 'not_applicable', true, {cost}), ('2027-01-01', 'not_applicable', true, 900000)"
            ))
            .await
            .days("a22_budget", HOUSE, &[(day, raised)])
            .await;
    }
}

#[tokio::test]
async fn a27_a_programme_with_one_coordinator_is_told_of_from_the_day_on() {
    let mut house = Loose::new().await;
    house
        .has("update role_grant set valid_to = '2026-03-02 00:00+01' where id = (select id from role_grant limit 1)")
        .await;
    let day = date!(2026 - 03 - 03);
    house
        .days("a27_one_coordinator", HOUSE, &[(date!(2026 - 03 - 01), None), (day, Some(("critical", day)))])
        .await
        .is_done("a27_one_coordinator", HOUSE, day, "update role_grant set valid_to = '2099-01-01'")
        .await;
}

#[tokio::test]
async fn a28_an_opening_in_an_emergency_is_reviewed_within_a_working_day() {
    let mut house = Loose::new().await;
    let due = date!(2026 - 03 - 03);
    house
        .has(&format!("insert into break_glass (id, case_id, review_due_on) values ('{ROW}', '{CASE}', '2026-03-03')"))
        .await
        .days(
            "a28_break_glass",
            ROW,
            &[
                (date!(2026 - 03 - 02), Some(("warning", due))),
                (due, Some(("warning", due))),
                (date!(2026 - 03 - 04), Some(("critical", due))),
            ],
        )
        .await
        .is_done("a28_break_glass", ROW, due, "update break_glass set reviewed_at = '2026-03-03 12:00Z'")
        .await;
}

#[tokio::test]
async fn a29_the_log_of_a_month_is_reviewed_ten_working_days_into_the_next() {
    let mut house = Loose::new().await;
    // The account of the house was made in November 2026. The tenth working day of December is Monday the 14th.
    let due = date!(2026 - 12 - 14);
    house
        .days(
            "a29_log_review",
            HOUSE,
            &[(date!(2026 - 12 - 13), None), (due, None), (date!(2026 - 12 - 15), Some(("warning", due)))],
        )
        .await
        .is_done(
            "a29_log_review",
            HOUSE,
            date!(2026 - 12 - 15),
            "insert into log_review (id, month, closed_at) values (gen_random_uuid(), '2026-11-01', '2026-12-15 12:00Z')",
        )
        .await;
}

#[tokio::test]
async fn a31_an_appeal_can_come_in_for_three_weeks_that_do_not_end_on_a_holiday() {
    let mut house = Loose::new().await;
    // Three weeks after the 3rd of December is Christmas Eve; the 28th is a Monday.
    let due = date!(2026 - 12 - 28);
    house
        .has(&format!(
            "insert into decision (id, case_id, number, type, status, signed_by, received_on, appeal)
             values ('{ROW}', '{CASE}', 1, 'outpatient', 'notified', '{ROW}', '2026-12-03', 'none')"
        ))
        .await
        .days(
            "a31_appeal_period",
            ROW,
            &[
                (date!(2026 - 12 - 02), None),
                (date!(2026 - 12 - 03), Some(("info", due))),
                (due, Some(("info", due))),
                (date!(2026 - 12 - 29), None),
            ],
        )
        .await
        .is_done("a31_appeal_period", ROW, due, "update decision set appeal = 'lodged'")
        .await;
}

#[tokio::test]
async fn a36_a_placement_planned_where_it_is_not_safe_is_critical_until_it_has_begun() {
    let mut house = Loose::new().await;
    let due = date!(2026 - 03 - 02);
    house.has(&placement("planned")).await.days("a36_unsafe_move", ROW, &[(due, None)]).await;
    let stands = Some(("critical", due));
    house
        .has("update placement set unsafe_reason = '\\x00'")
        .await
        .days(
            "a36_unsafe_move",
            ROW,
            &[(date!(2026 - 03 - 01), stands), (due, stands), (date!(2026 - 03 - 03), stands)],
        )
        .await
        .is_done("a36_unsafe_move", ROW, due, "update placement set status = 'active'")
        .await;
}
