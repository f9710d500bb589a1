//! The rules of the alarms about cases, one test each: the day before, the day, the day after, and what ends it.

use time::macros::date;

use crate::support::loose::{CASE, Loose, ROW};

#[tokio::test]
async fn a01_the_police_are_contacted_within_three_days() {
    let mut house = Loose::new().await;
    let due = date!(2026 - 03 - 04);
    let case =
        format!("insert into intake (id, received_on, case_id) values (gen_random_uuid(), '2026-03-01', '{CASE}')");
    let waiting = format!(
        "insert into intake (id, received_on, is_minor, is_anonymous) values ('{ROW}', '2026-03-01', false, false),
           (gen_random_uuid(), '2026-03-01', true, false), (gen_random_uuid(), '2026-03-01', false, true)"
    );
    house.has(&case).await.has(&waiting).await;
    for subject in [CASE, ROW] {
        let days = [
            (date!(2026 - 03 - 03), None),
            (due, Some(("warning", due))),
            (date!(2026 - 03 - 05), Some(("warning", due))),
        ];
        house.days("a01_police_contact", subject, &days).await;
    }
    let contact = format!("insert into police_contact (id, case_id) values (gen_random_uuid(), '{CASE}')");
    house.is_done("a01_police_contact", CASE, due, &contact).await;
    let contact = format!("insert into police_contact (id, intake_id) values (gen_random_uuid(), '{ROW}')");
    house.is_done("a01_police_contact", ROW, due, &contact).await;
}

#[tokio::test]
async fn a02_what_came_by_telephone_is_confirmed_in_writing_within_a_week() {
    let mut house = Loose::new().await;
    let due = date!(2026 - 03 - 08);
    house
        .has(&format!(
            "insert into threat_assessment (id, case_id, version_no, received_via, received_on, status)
             values ('{ROW}', '{CASE}', 1, 'phone', '2026-03-01', 'received')"
        ))
        .await
        .days(
            "a02_oral_assessment",
            ROW,
            &[
                (date!(2026 - 03 - 07), None),
                (due, Some(("warning", due))),
                (date!(2026 - 03 - 09), Some(("warning", due))),
            ],
        )
        .await;
    let letter = format!(
        "insert into threat_assessment (id, case_id, version_no, received_via, received_on, status)
         values (gen_random_uuid(), '{CASE}', 2, 'letter', '2026-03-08', 'confirmed')"
    );
    house.is_done("a02_oral_assessment", ROW, due, &letter).await;
}

#[tokio::test]
async fn a03_an_assessment_is_spoken_of_two_weeks_before_and_critical_when_it_has_gone_out() {
    let mut house = Loose::new().await;
    let due = date!(2026 - 04 - 30);
    house
        .has(&format!(
            "insert into threat_assessment (id, case_id, version_no, valid_until, status)
             values ('{ROW}', '{CASE}', 1, '2026-04-30', 'confirmed')"
        ))
        .await
        .days(
            "a03_threat_outdated",
            ROW,
            &[
                (date!(2026 - 04 - 15), None),
                (date!(2026 - 04 - 16), Some(("warning", due))),
                (due, Some(("warning", due))),
                (date!(2026 - 05 - 01), Some(("critical", due))),
            ],
        )
        .await
        .is_done("a03_threat_outdated", ROW, due, "update threat_assessment set status = 'superseded'")
        .await;
}

#[tokio::test]
async fn a04_a_check_is_late_the_day_after() {
    let mut house = Loose::new().await;
    let due = date!(2026 - 03 - 31);
    house
        .has(&format!("insert into check_due (case_id, due_on) values ('{CASE}', '2026-03-31')"))
        .await
        .days(
            "a04_check_unreported",
            CASE,
            &[(date!(2026 - 03 - 30), None), (due, None), (date!(2026 - 04 - 01), Some(("warning", due)))],
        )
        .await
        .is_done("a04_check_unreported", CASE, date!(2026 - 04 - 01), "delete from check_due")
        .await;
}

const STARTED: &str = "insert into investigation (id, case_id, number, kind, status, started_on, target_on)
  values ('00000000-0000-0000-0000-000000000002', '00000000-0000-0000-0000-000000000001', 1, 'application', 'ongoing',
          '2026-01-01', '2026-05-01')";

#[tokio::test]
async fn a05_an_investigation_is_warned_of_at_90_days_and_critical_at_120() {
    let mut house = Loose::new().await;
    let due = date!(2026 - 05 - 01);
    house
        .has(STARTED)
        .await
        .days(
            "a05_investigation_target",
            ROW,
            &[
                (date!(2026 - 03 - 31), None),
                (date!(2026 - 04 - 01), Some(("warning", due))),
                (date!(2026 - 04 - 30), Some(("warning", due))),
                (due, Some(("critical", due))),
                (date!(2026 - 05 - 02), Some(("critical", due))),
            ],
        )
        .await;
    // An extension moves the warning along.
    house.has("update investigation set extended_to = '2026-06-30'").await;
    let due = date!(2026 - 06 - 30);
    let days = [(date!(2026 - 05 - 30), None), (date!(2026 - 05 - 31), Some(("warning", due)))];
    house.days("a05_investigation_target", ROW, &days).await;
    house.is_done("a05_investigation_target", ROW, due, "update investigation set status = 'completed'").await;
}

#[tokio::test]
async fn a07_after_six_months_a_party_may_demand_a_ruling_and_is_answered_within_four_weeks() {
    let mut house = Loose::new().await;
    let due = date!(2026 - 07 - 01);
    house
        .has(STARTED)
        .await
        .days(
            "a07_ruling_may_be_demanded",
            ROW,
            &[(date!(2026 - 06 - 30), None), (due, Some(("info", due))), (date!(2026 - 07 - 02), Some(("info", due)))],
        )
        .await;
    let demand = "update investigation set party_demanded_ruling_on = '2026-07-06'";
    house.is_done("a07_ruling_may_be_demanded", ROW, date!(2026 - 07 - 06), demand).await;
    let due = date!(2026 - 08 - 03);
    house
        .days(
            "a07_ruling_demanded",
            ROW,
            &[
                (date!(2026 - 07 - 05), None),
                (date!(2026 - 07 - 06), Some(("warning", due))),
                (due, Some(("warning", due))),
                (date!(2026 - 08 - 04), Some(("critical", due))),
            ],
        )
        .await;
    let ruling = "update investigation set status = 'decided', ruling_id = gen_random_uuid()";
    house.is_done("a07_ruling_demanded", ROW, due, ruling).await;
}

#[tokio::test]
async fn a07_nobody_demands_a_ruling_of_what_they_have_not_begun() {
    let mut house = Loose::new().await;
    house.has(STARTED).await.has("update investigation set kind = 'other_way'").await;
    house.days("a07_ruling_may_be_demanded", ROW, &[(date!(2026 - 09 - 01), None)]).await;
}

#[tokio::test]
async fn a08_a_party_is_told_when_the_target_has_passed() {
    let mut house = Loose::new().await;
    let due = date!(2026 - 05 - 01);
    house
        .has(STARTED)
        .await
        .days(
            "a08_delay_untold",
            ROW,
            &[(date!(2026 - 04 - 30), None), (due, None), (date!(2026 - 05 - 02), Some(("warning", due)))],
        )
        .await
        .is_done(
            "a08_delay_untold",
            ROW,
            date!(2026 - 05 - 02),
            "update investigation set delay_notice_sent_on = '2026-05-02'",
        )
        .await;
}

#[tokio::test]
async fn a09_what_was_granted_is_warned_of_at_60_days_and_critical_at_three_months() {
    let mut house = Loose::new().await;
    let due = date!(2026 - 04 - 15);
    house
        .has(&format!(
            "insert into decision (id, case_id, number, type, outcome, status, decided_on, signed_by)
             values ('{ROW}', '{CASE}', 1, 'outpatient', 'granted', 'in_force', '2026-01-15', '{ROW}')"
        ))
        .await
        .days(
            "a09_decision_unexecuted",
            ROW,
            &[
                (date!(2026 - 03 - 15), None),
                (date!(2026 - 03 - 16), Some(("warning", due))),
                (date!(2026 - 04 - 14), Some(("warning", due))),
                (due, Some(("critical", due))),
                (date!(2026 - 04 - 16), Some(("critical", due))),
            ],
        )
        .await
        .is_done("a09_decision_unexecuted", ROW, due, "update decision set executed_on = '2026-04-15'")
        .await;
    house.has("update decision set executed_on = null, type = 'open_investigation'").await;
    house.days("a09_decision_unexecuted", ROW, &[(due, None)]).await;
}

#[tokio::test]
async fn a25_a_severe_deviation_is_told_of_at_once_until_an_action_is_decided() {
    let mut house = Loose::new().await;
    let due = date!(2026 - 03 - 02);
    house
        .has(&format!(
            "insert into deviation (id, case_id, severity, category, status, reported_on)
             values ('{ROW}', '{CASE}', 's3', 'threat_event', 'reported', '2026-03-02')"
        ))
        .await
        .days(
            "a25_severe_deviation",
            ROW,
            &[
                (date!(2026 - 03 - 01), None),
                (due, Some(("critical", due))),
                (date!(2026 - 03 - 03), Some(("critical", due))),
            ],
        )
        .await
        .is_done("a25_severe_deviation", ROW, due, "update deviation set status = 'action_decided'")
        .await;
    house.has("update deviation set status = 'reported', severity = 's2'").await;
    house.days("a25_severe_deviation", ROW, &[(due, None)]).await;
}

#[tokio::test]
async fn a26_an_exposed_location_stands_until_the_deviation_is_closed() {
    let mut house = Loose::new().await;
    let due = date!(2026 - 03 - 02);
    house
        .has(&format!(
            "insert into deviation (id, case_id, severity, category, status, reported_on)
             values ('{ROW}', '{CASE}', 's3', 'location_exposed', 'action_decided', '2026-03-02')"
        ))
        .await
        .days(
            "a26_location_exposed",
            ROW,
            &[
                (date!(2026 - 03 - 01), None),
                (due, Some(("critical", due))),
                (date!(2026 - 03 - 03), Some(("critical", due))),
            ],
        )
        .await
        .is_done("a26_location_exposed", ROW, due, "update deviation set status = 'closed'")
        .await;
}

#[tokio::test]
async fn a27_a_case_without_a_deputy_is_told_of_since_the_last_one_left() {
    let mut house = Loose::new().await;
    let due = date!(2026 - 03 - 02);
    house
        .has(&format!(
            "insert into unstaffed_case (case_id, opened_on, has_responsible, has_deputy) values ('{CASE}', '2026-01-05', true, false);
             insert into assignment (id, case_id, kind, started_at, ended_at)
             values (gen_random_uuid(), '{CASE}', 'deputy', '2026-01-05 12:00Z', '2026-03-02 12:00Z'),
                    (gen_random_uuid(), '{CASE}', 'responsible', '2026-01-05 12:00Z', '2026-06-02 12:00Z')"
        ))
        .await
        .days(
            "a27_no_deputy",
            CASE,
            &[(date!(2026 - 03 - 01), None), (due, Some(("warning", due))), (date!(2026 - 03 - 03), Some(("warning", due)))],
        )
        .await
        .is_done("a27_no_deputy", CASE, due, "delete from unstaffed_case")
        .await;
}

#[tokio::test]
async fn a27_nobody_has_been_alone_with_a_case_for_thirty_days() {
    let mut house = Loose::new().await;
    let due = date!(2026 - 04 - 09);
    let note = |author: u128, day: &str| {
        format!(
            "insert into journal_entry (id, case_id, kind, author_id, entered_at)
             values (gen_random_uuid(), '{CASE}', 'meeting', '{}', '{day} 12:00Z')",
            uuid::Uuid::from_u128(author)
        )
    };
    house.has(&note(7, "2026-02-01")).await.has(&note(8, "2026-03-10")).await.has(&note(7, "2026-04-01")).await;
    house
        .days(
            "a27_one_person",
            CASE,
            &[
                (date!(2026 - 04 - 08), None),
                (due, Some(("warning", due))),
                (date!(2026 - 04 - 10), Some(("warning", due))),
            ],
        )
        .await
        .is_done("a27_one_person", CASE, date!(2026 - 04 - 10), &note(8, "2026-04-10"))
        .await;
    // Where nobody has written for as long, nobody has been alone with it.
    house.days("a27_one_person", CASE, &[(date!(2026 - 05 - 11), None)]).await;
}

#[tokio::test]
async fn a27_whoever_has_been_alone_from_the_start_is_told_of_after_thirty_days() {
    let mut house = Loose::new().await;
    let due = date!(2026 - 02 - 04);
    house
        .has(&format!(
            "insert into journal_entry (id, case_id, kind, author_id, entered_at)
             values (gen_random_uuid(), '{CASE}', 'meeting', '{ROW}', '2026-01-30 12:00Z')"
        ))
        .await
        .days("a27_one_person", CASE, &[(date!(2026 - 02 - 03), None), (due, Some(("warning", due)))])
        .await
        .is_done("a27_one_person", CASE, due, "update case_file set closed_on = '2026-02-04'")
        .await;
}

#[tokio::test]
async fn a30_a_report_of_concern_is_documented_the_same_day() {
    let mut house = Loose::new().await;
    let due = date!(2026 - 03 - 02);
    house
        .has(&format!(
            "insert into child_perspective (id, case_id, concern_report_needed, saved_on) values ('{ROW}', '{CASE}', true, '2026-03-02')"
        ))
        .await
        .days(
            "a30_concern_report",
            ROW,
            &[(date!(2026 - 03 - 01), None), (due, Some(("critical", due))), (date!(2026 - 03 - 03), Some(("critical", due)))],
        )
        .await
        .is_done("a30_concern_report", ROW, due, "update child_perspective set concern_made_on = '2026-03-02'")
        .await;
}

#[tokio::test]
async fn a32_a_case_that_rests_is_looked_at_again_and_spoken_of_a_week_before() {
    let mut house = Loose::new().await;
    let due = date!(2026 - 05 - 20);
    house
        .has(&format!("insert into case_dormancy (id, case_id, review_on) values ('{ROW}', '{CASE}', '2026-05-20')"))
        .await
        .days(
            "a32_dormant_review",
            ROW,
            &[
                (date!(2026 - 05 - 12), None),
                (date!(2026 - 05 - 13), Some(("warning", due))),
                (date!(2026 - 05 - 21), Some(("warning", due))),
            ],
        )
        .await
        .is_done("a32_dormant_review", ROW, due, "update case_dormancy set ended_at = '2026-05-20 12:00Z'")
        .await;
}
