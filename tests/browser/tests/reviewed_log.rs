//! A log that is being reviewed, with what only time brings: a month that is over, and signed.

use uuid::Uuid;

use crate::support::app::App;
use crate::support::{fixture, reviews};

/// A month of the log with a question to the social worker, and one that the reviewer has signed.
pub async fn reviewed(app: &App, reviewer: Uuid, actor: Uuid, reference: &str) -> Uuid {
    let mut owner = app.database.superuser().await;
    fixture::announce(&mut owner).await;
    let case: Uuid = sqlx::query_scalar("select id from case_file where reference = $1")
        .bind(reference)
        .fetch_one(&mut owner)
        .await
        .unwrap();
    sqlx::query(
        "insert into log_review (id, month, drawn_by, drawn_at, seed, events, user_days, sampled_days, left_out, signed_by,
           signed_name, signed_at, seal_n, seal_hash, print)
         values (gen_random_uuid(), '2026-10-01', $1, '2026-11-01 09:00Z', decode(repeat('07', 16), 'hex'), 400, 40, 2, 0, $1,
           'Ylva', '2026-11-10 09:00Z', 12, sha256('a'), sha256('b'))",
    )
    .bind(reviewer)
    .execute(&mut owner)
    .await
    .unwrap();
    reviews::asked(&mut owner, &app.state.keys, reviewer, actor, case).await
}
