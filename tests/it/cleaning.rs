//! What timed work takes away, and what it leaves.

use sqlx::Executor;
use utvag::identity::activation;
use utvag::identity::session::{Cleaned, clean};

use crate::support::app::App;

#[tokio::test]
async fn what_is_over_is_taken_away_in_small_pieces_and_what_lives_stays() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let state = &app.state;
    activation::issue_again(&app.db, &state.keys, &state.clock, malin.account).await.unwrap();
    let mut owner = app.database.superuser().await;
    sqlx::query(
        "insert into identity.session (id, token_hash, account_id, idle_limit, started_at, ends_at, ended_at, ended_why, device)
         select gen_random_uuid(), sha256(int4send(n)), $1, '15 minutes', now() - interval '90 days',
                now() - case when n <= 1201 then interval '31 days' else interval '29 days' end, null, null, ''
         from generate_series(1, 1203) n",
    )
    .bind(malin.account)
    .execute(&mut owner)
    .await
    .unwrap();
    owner
        .execute(
            "insert into identity.throttle values ('\\x01', 3, now() - interval '2 days', now() - interval '2 days'),
                                                  ('\\x02', 3, now() + interval '1 minute', now() - interval '2 days');
             insert into parked_form (id, account_id, sealed, ends_at)
             select gen_random_uuid(), id, '\\x00', now() - interval '1 second' from account limit 1",
        )
        .await
        .unwrap();

    // The code still opens: a day has not passed.
    let first = clean(&app.db, &state.keys, &state.clock).await.unwrap();
    assert_eq!(first, Cleaned { sessions: 1201, codes: 0, forms: 1 });
    state.clock.put_forward(time::Duration::days(2));
    let second = clean(&app.db, &state.keys, &state.clock).await.unwrap();
    assert_eq!(second, Cleaned { sessions: 0, codes: 1, forms: 0 });
    assert_eq!(clean(&app.db, &state.keys, &state.clock).await.unwrap(), Cleaned::default());

    let left: (i64, i64, i64) = sqlx::query_as(
        "select (select count(*) from identity.session), (select count(*) from identity.activation),
                (select count(*) from identity.throttle where bucket in ('\\x01', '\\x02'))",
    )
    .fetch_one(&mut owner)
    .await
    .unwrap();
    assert_eq!(left, (3, 0, 1));
    malin.get("/").await.is_ok();
    let written = app.log().await.iter().filter(|event| *event == "task.sessions").count();
    assert_eq!(written, 4, "500, 500 and 201 sessions, then one code");
}
