//! Closed months over random histories: whatever is changed afterwards, what was closed and what was put right come to
//! what the month costs, and what every day costs in all comes to what the placements cost.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use sqlx::{Connection, Executor, PgConnection, Row};
use time::macros::date;
use time::{Date, Duration};
use uuid::Uuid;

use crate::support::database::Database;

/// A placement from nothing, and then one change after the other.
#[derive(Debug, Clone)]
enum Change {
    Price(i64),
    End(i64),
    Away(i64, i64, bool),
    Cancel,
    NoDeparture,
}

fn history() -> impl Strategy<Value = (i64, i64, i64, Vec<Change>)> {
    let change = prop_oneof![
        (1_i64..2_000_000).prop_map(Change::Price),
        (0_i64..120).prop_map(Change::End),
        (0_i64..100, 0_i64..20, any::<bool>()).prop_map(|(from, days, free)| Change::Away(from, days, free)),
        Just(Change::Cancel),
        Just(Change::NoDeparture),
    ];
    (0_i64..120, 0_i64..120, 1_i64..2_000_000, prop::collection::vec(change, 0..4))
}

const FIRST: Date = date!(2026 - 01 - 10);

async fn lives(
    owner: &mut PgConnection,
    number: i32,
    (start, length, price, changes): (i64, i64, i64, Vec<Change>),
) -> Uuid {
    let (id, first) = (Uuid::new_v4(), FIRST + Duration::days(start));
    let last = first + Duration::days(length);
    let mut work = owner.begin().await.unwrap();
    work.execute("select set_config('app.event', 'test', true)").await.unwrap();
    sqlx::query(
        "with p as (insert into placement (id, case_id, person_id, number, kind, procurement, provider_id, decided_from,
            decided_to, starts_on, planned_end_on, status, created_by)
           values ($1, $1, $1, $2, 'training_apartment', 'not_applicable', $1, $3, $4, $3, $4, 'active', $1))
         insert into placement_rate select gen_random_uuid(), $1, $3, $4, $5, 'care', 'manual'",
    )
    .bind(id)
    .bind(number)
    .bind(first)
    .bind(last)
    .bind(price)
    .execute(&mut *work)
    .await
    .unwrap();
    work.execute("set constraints all immediate; set constraints all deferred").await.unwrap();
    for change in changes {
        let (sql, day, other) = match change {
            Change::Price(price) => {
                ("update placement_rate set per_day_ore = $3 where placement_id = $1 and $2 <= valid_to", first, price)
            }
            Change::End(days) => (
                "update placement set status = 'ended', end_reason = 'other', actual_end_on = $2
                 where id = $1 and status <> 'cancelled' and $3 = $3",
                first + Duration::days(days),
                0,
            ),
            Change::Away(from, days, free) => (
                if free {
                    "insert into placement_absence select gen_random_uuid(), $1, $2, $2 + $3::int, 'none', 'hospital'
                     where not exists (select 1 from placement_absence where placement_id = $1)"
                } else {
                    "insert into placement_absence select gen_random_uuid(), $1, $2, $2 + $3::int, 'reduced', 'hospital'
                     where not exists (select 1 from placement_absence where placement_id = $1)"
                },
                first + Duration::days(from),
                days,
            ),
            Change::Cancel => (
                "update placement set status = 'cancelled', actual_end_on = null, end_reason = null where id = $1 and $2 = $2 and $3 = $3",
                first,
                0,
            ),
            Change::NoDeparture => {
                ("update placement set charge_departure_day = false where id = $1 and $2 = $2 and $3 = $3", first, 0)
            }
        };
        sqlx::query(sqlx::AssertSqlSafe(sql.to_owned()))
            .bind(id)
            .bind(day)
            .bind(other)
            .execute(&mut *work)
            .await
            .unwrap();
        work.execute("set constraints all immediate; set constraints all deferred").await.unwrap();
    }
    work.commit().await.unwrap();
    id
}

/// How many histories; `UTVAG_HISTORIES` asks for more.
fn histories() -> i32 {
    std::env::var("UTVAG_HISTORIES").ok().and_then(|count| count.parse().ok()).unwrap_or(600)
}

#[tokio::test]
async fn closed_months_with_their_corrections_always_come_to_the_truth() {
    let database = Database::new().await;
    let mut owner = database.superuser().await;
    // Every placement would need a case of its own; foreign keys are not what is tried here.
    let keys: Vec<(String, String)> = sqlx::query_as(
        "select conrelid::regclass::text, conname::text from pg_constraint where contype = 'f'
         and conrelid in ('placement'::regclass, 'closed_month'::regclass)",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    for (table, name) in keys {
        owner.execute(sqlx::AssertSqlSafe(format!("alter table {table} drop constraint {name}"))).await.unwrap();
    }
    let mut work = owner.begin().await.unwrap();
    work.execute("select set_config('app.event', 'test', true)").await.unwrap();
    work.execute(
        "insert into closed_month (first_day, closed_by)
         select m::date, gen_random_uuid() from generate_series(timestamp '2026-01-01', '2026-06-01', interval '1 month') m",
    )
    .await
    .unwrap();
    work.commit().await.unwrap();
    let mut runner = TestRunner::deterministic();
    for number in 1..=histories() {
        lives(&mut owner, number, history().new_tree(&mut runner).unwrap().current()).await;
    }
    let wrong: i64 = sqlx::query_scalar(
        "select count(*) from (
           select m.first_day, c.placement_id, sum(c.days) as days, sum(c.ore) as ore from closed_month m
           cross join lateral (
             select p.placement_id, p.days, p.cost_ore as ore from placement_cost(m.first_day, (m.first_day + interval '1 month')::date - 1) p
             union all select l.placement_id, -l.days, -l.amount_ore from ledger_row l where l.month = m.first_day) c
           group by 1, 2) x where days <> 0 or ore <> 0",
    )
    .fetch_one(&mut owner)
    .await
    .unwrap();
    assert_eq!(wrong, 0, "months of placements that differ from the truth");
    let sums = sqlx::query(
        "select (select coalesce(sum(days), 0)::bigint from cost_day), (select coalesce(sum(cost_ore), 0)::bigint from cost_day),
                (select coalesce(sum(days), 0)::bigint from placement_cost('2020-01-01', '2030-12-31')),
                (select coalesce(sum(cost_ore), 0)::bigint from placement_cost('2020-01-01', '2030-12-31')),
                (select count(*) from ledger_row where amount_ore < 0)",
    )
    .fetch_one(&mut owner)
    .await
    .unwrap();
    assert_eq!(sums.get::<i64, _>(0), sums.get::<i64, _>(2), "days");
    assert_eq!(sums.get::<i64, _>(1), sums.get::<i64, _>(3), "öre");
    assert!(sums.get::<i64, _>(4) > 0, "some of it was put right downwards");
    // And each day by itself, in a window in the middle.
    for (from, to) in [(date!(2026 - 02 - 03), date!(2026 - 02 - 03)), (date!(2026 - 03 - 01), date!(2026 - 04 - 15))] {
        let same: bool = sqlx::query_scalar(
            "select (select coalesce(sum(cost_ore), 0) from cost_day where on_day between $1 and $2)
                  = (select coalesce(sum(cost_ore), 0) from placement_cost($1, $2))",
        )
        .bind(from)
        .bind(to)
        .fetch_one(&mut owner)
        .await
        .unwrap();
        assert!(same, "{from} to {to}");
    }
}
