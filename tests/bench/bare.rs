//! The yardstick: what a page's main query costs with nothing around it. No door, no row security (the owner asks), no
//! log, nothing sealed is opened, no template.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{PgPool, Row};

/// The newest cases, as the list has them.
const CASES: &str = "
    select c.id::text, c.reference, c.code_name, c.status::text, c.opened_on,
           (select n.display_name from assignment a join account n on n.id = a.account_id
            where a.case_id = c.id and a.kind = 'responsible' and a.ended_at is null) as responsible
    from case_file c where c.closed_on is null and $1 = $1 order by c.opened_on desc, c.id limit 50";

/// What stands above every page of a case.
const HEAD: &str = "
    select c.reference, c.code_name, c.status::text, c.opened_on, c.closed_on, c.version,
           (select p.birth_date from person p where p.id = c.person_id),
           (select count(*) from placement p where p.case_id = c.id), who.names, who.kinds
    from case_file c
    cross join lateral (
      select coalesce(array_agg(n.display_name order by a.started_at), '{}') as names,
             coalesce(array_agg(a.kind::text order by a.started_at), '{}') as kinds
      from assignment a join account n on n.id = a.account_id
      where a.case_id = c.id and a.ended_at is null) who
    where c.reference = $1";

/// The placements of a case with their prices.
const PLACEMENTS: &str = "
    select p.id::text, p.number, p.kind::text, v.alias, p.starts_on, p.planned_end_on, p.status::text, r.firsts, r.prices
    from case_file c join placement p on p.case_id = c.id join provider v on v.id = p.provider_id
    cross join lateral (
      select coalesce(array_agg(valid_from order by valid_from), '{}') as firsts,
             coalesce(array_agg(per_day_ore order by valid_from), '{}') as prices
      from placement_rate where placement_id = p.id) r
    where c.reference = $1 order by p.starts_on desc";

/// The first page of a year's placements.
const YEAR: &str = "
    select c.reference, c.code_name, p.kind::text, v.alias, p.starts_on, y.days, y.cost_ore
    from (select placement_id, starts_on, days, cost_ore from placement_year
          where year = 2026 and $1 = $1 order by starts_on, placement_id limit 50) y
    join placement p on p.id = y.placement_id join case_file c on c.id = p.case_id
    join provider v on v.id = p.provider_id order by y.starts_on, y.placement_id";

/// The same pages' addresses as the house has them, and nothing behind them but the query.
pub async fn routes(database: &str, connections: u32) -> Router {
    let options: PgConnectOptions = database.parse().unwrap();
    let pool = PgPoolOptions::new().max_connections(connections).connect_with(options).await.unwrap();
    Router::new()
        .route("/halsa/redo", get(async || "redo"))
        .route("/arenden", get(async |State(pool): State<PgPool>| rows(&pool, &[CASES], "").await))
        .route(
            "/arenden/{case}",
            get(async |State(pool): State<PgPool>, Path(case): Path<String>| {
                rows(&pool, &[HEAD, PLACEMENTS], &case).await
            }),
        )
        .route("/placeringar", get(async |State(pool): State<PgPool>| rows(&pool, &[YEAR], "").await))
        .with_state(pool)
}

async fn rows(pool: &PgPool, queries: &[&'static str], reference: &str) -> (StatusCode, String) {
    let mut words = Vec::new();
    for sql in queries {
        let rows = sqlx::query(*sql).bind(reference).fetch_all(pool).await.unwrap();
        words.extend(rows.iter().map(|row| row.get::<String, _>(0)));
    }
    (if words.is_empty() { StatusCode::NOT_FOUND } else { StatusCode::OK }, words.join("\n"))
}
