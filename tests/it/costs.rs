//! The same sum twice: what a placement costs as Rust counts it, and as Postgres does for reports.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use sqlx::{Connection, Executor, Row};
use time::macros::date;
use time::{Date, Duration};
use utvag::calendar::Period;
use utvag::money::Ore;
use utvag::placement::costs::{Absence, Stay};
use utvag::placement::rates::Rate;
use utvag::vocabulary::{AbsenceRate, RateKind};
use uuid::Uuid;

use crate::support::database::Database;

/// How many random stays are compared; each over four windows.
const STAYS: usize = 2_500;

fn stays() -> impl Strategy<Value = Stay> {
    (
        0_i64..900,
        0_i64..700,
        any::<bool>(),
        1_i64..2_000_000,
        1_i64..2_000_000,
        0_i64..700,
        any::<(bool, bool)>(),
        prop::collection::vec((0_i64..60, 0_i64..40, 0_usize..3), 0..4),
    )
        .prop_map(
            |(start, length, charge_departure_day, first_rate, second_rate, step, (supplement, absence_rate), gaps)| {
                let first = date!(2023 - 06 - 01) + Duration::days(start);
                let last = first + Duration::days(length);
                let period = |from: Date, to: Date| Period::inclusive(from, to).unwrap();
                let rate = |from, to, ore, kind| Rate { period: period(from, to), per_day: Ore::from_ore(ore), kind };
                let mut rates = Vec::new();
                if step < length {
                    let middle = first + Duration::days(step);
                    rates.push(rate(first, middle, first_rate, RateKind::Care));
                    rates.push(rate(middle + Duration::DAY, last, second_rate, RateKind::Care));
                } else {
                    rates.push(rate(first, last, first_rate, RateKind::Care));
                }
                if supplement {
                    rates.push(rate(first + Duration::days(length / 3), last, 12_345, RateKind::Supplement));
                }
                if absence_rate {
                    rates.push(rate(
                        first + Duration::days(length / 4),
                        last - Duration::days(length / 4),
                        77_700,
                        RateKind::Absence,
                    ));
                }
                let mut absences = Vec::new();
                let mut from = first;
                for (wait, days, kind) in gaps {
                    from += Duration::days(wait);
                    let to = from + Duration::days(days);
                    absences.push(Absence { period: period(from, to), rate: AbsenceRate::ALL[kind] });
                    from = to + Duration::DAY;
                }
                Stay { first, last, charge_departure_day, rates, absences }
            },
        )
}

#[tokio::test]
async fn postgres_and_rust_agree_on_what_ten_thousand_windows_cost() {
    let database = Database::new().await;
    let mut owner = database.superuser().await;
    let mut runner = TestRunner::deterministic();
    let stays: Vec<Stay> = (0..STAYS).map(|_| stays().new_tree(&mut runner).unwrap().current()).collect();
    let mut work = owner.begin().await.unwrap();
    // Foreign keys are not what is tried here, and every stay would need a case of its own.
    work.execute("set local session_replication_role = replica; select set_config('app.event', 'test', true)")
        .await
        .unwrap();
    let mut ids = Vec::new();
    for (stay, number) in stays.iter().zip(1_i32..) {
        let (id, other) = (Uuid::new_v4(), Uuid::new_v4());
        sqlx::query(
            "insert into placement (id, case_id, person_id, number, kind, procurement, provider_id, decided_from, decided_to,
                                    starts_on, planned_end_on, charge_departure_day, status, created_by)
             values ($1, $2, $2, $3, 'training_apartment', 'not_applicable', $2, $4, $5, $4, $5, $6, 'active', $2)",
        )
        .bind(id)
        .bind(other)
        .bind(number)
        .bind(stay.first)
        .bind(stay.last)
        .bind(stay.charge_departure_day)
        .execute(&mut *work)
        .await
        .unwrap();
        for rate in &stay.rates {
            sqlx::query(
                "insert into placement_rate values (gen_random_uuid(), $1, $2, $3, $4, $5::text::rate_kind, 'manual')",
            )
            .bind(id)
            .bind(rate.period.first_day())
            .bind(rate.period.last_day())
            .bind(rate.per_day.ore())
            .bind(rate.kind.code())
            .execute(&mut *work)
            .await
            .unwrap();
        }
        for absence in &stay.absences {
            sqlx::query("insert into placement_absence values (gen_random_uuid(), $1, $2, $3, $4::text::absence_rate, 'permission')")
                .bind(id)
                .bind(absence.period.first_day())
                .bind(absence.period.last_day())
                .bind(absence.rate.code())
                .execute(&mut *work)
                .await
                .unwrap();
        }
        ids.push(id);
    }
    let mut compared = 0;
    for (from, to) in [
        (date!(2020 - 01 - 01), date!(2030 - 12 - 31)),
        (date!(2024 - 01 - 01), date!(2024 - 12 - 31)),
        (date!(2024 - 02 - 01), date!(2024 - 02 - 29)),
        (date!(2025 - 05 - 17), date!(2025 - 11 - 03)),
    ] {
        let rows = sqlx::query("select placement_id, days, cost_ore from placement_cost($1, $2)")
            .bind(from)
            .bind(to)
            .fetch_all(&mut *work)
            .await
            .unwrap();
        let summed: std::collections::HashMap<Uuid, (i64, i64)> =
            rows.iter().map(|row| (row.get(0), (row.get(1), row.get(2)))).collect();
        let window = Period::inclusive(from, to).unwrap();
        for (stay, id) in stays.iter().zip(&ids) {
            let counted = (stay.days(window), stay.cost(window).unwrap().ore());
            assert_eq!(summed.get(id).copied().unwrap_or((0, 0)), counted, "{stay:?} from {from} to {to}");
            compared += 1;
        }
    }
    assert_eq!(compared, 10_000);
}
