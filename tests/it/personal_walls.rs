//! The same borders straight in the database: what is known of a person, changed under the program's own login by each role
//! with no Rust of ours in between.

use sqlx::{AssertSqlSafe, Executor, PgConnection};
use utvag::person::paths;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::details::Detail;
use crate::support::people::Person;

/// Rows changed in somebody's name, or nothing where Postgres refuses. Nothing is kept.
async fn changes(app: &mut PgConnection, who: &Person<'_>, change: &str) -> Option<u64> {
    app.execute("begin").await.unwrap();
    app.execute("select set_config('role', 'utvag_user', true)").await.unwrap();
    sqlx::query("select account_id from sec.open($1)").bind(who.token().as_bytes()).fetch_one(&mut *app).await.unwrap();
    app.execute("select set_config('app.event', 'test', true)").await.unwrap();
    let done = app.execute(AssertSqlSafe(change.to_owned())).await;
    app.execute("rollback").await.unwrap();
    match done {
        Ok(done) => Some(done.rows_affected()),
        Err(error) => {
            assert_eq!(error.as_database_error().unwrap().code().unwrap(), "42501", "{change}: {error}");
            None
        }
    }
}

const MARKED: &str = "insert into protection_marking (id, person_id, kind, source, verified_on, valid_from, mail_route, registered_by, registered_at)
    select gen_random_uuid(), person_id, 'local_protection', '\\x00', '2026-01-05', '2026-01-05', 'none', sec.actor_id(), '2026-01-05'
    from case_file";
const REACHED: &str = "insert into contact_detail (id, person_id, kind, value, is_safe, valid_from, registered_by, registered_at)
    select gen_random_uuid(), person_id, 'phone', '\\x00', true, '2026-01-05', sec.actor_id(), '2026-01-05' from case_file";
const CLOSE: &str = "insert into relation (id, person_id, label, kind, lives_with, is_party_to_threat, contact_allowed, registered_by, registered_at)
    select gen_random_uuid(), person_id, '\\x00', 'sibling', 'no', 'no', true, sec.actor_id(), '2026-01-05' from case_file";
const ENDED: &str =
    "update contact_detail set valid_to = '2026-12-31', ended_by = sec.actor_id() where valid_to is null";
const CHANGED: &str = "update relation set lives_with = 'yes', version = version + 1 where valid_to is null";
const DESCRIBED: &str = "update person set sex = 'woman', version = version + 1 where status = 'active'";
const NAMED: &str = "update person_identity set valid_to = '2026-12-31' where valid_to is null";
const BROKEN: &str = "update person set status = 'identity_broken', status_on = '2026-12-31' where status = 'active'";

#[tokio::test]
async fn each_role_changes_what_the_matrix_says_and_nothing_else() {
    let app = App::start().await;
    let (malin, karin, manager, aisha) =
        (app.social_worker().await, app.coordinator().await, app.manager().await, app.social_worker().await);
    let case = Opening::unknown().responsible(&malin).coordinator(&karin).saved_by(&malin).await;
    Detail::phone().saved_at(&paths::new_contact(&case), &malin).await;
    Detail::child().saved_at(&paths::new_relation(&case), &malin).await;
    let mut login = app.database.app().await;
    let (done, none, refused) = (Some(1), Some(0), None);
    for (change, expected) in [
        // The responsible social worker, the coordinator, the manager, and a social worker who sees no case.
        (MARKED, [done, done, done, none]),
        (REACHED, [done, done, refused, none]),
        (CLOSE, [done, refused, refused, none]),
        (ENDED, [done, done, none, none]),
        (CHANGED, [done, none, none, none]),
        (DESCRIBED, [done, done, refused, none]),
        (NAMED, [done, done, none, none]),
        (BROKEN, [refused, refused, done, none]),
        ("update person set merged_into = id", [refused; 4]),
        ("delete from relation", [refused; 4]),
        ("delete from contact_detail", [refused; 4]),
    ] {
        for (who, expected) in [&malin, &karin, &manager, &aisha].into_iter().zip(expected) {
            assert_eq!(changes(&mut login, who, change).await, expected, "{} {change}", who.name);
        }
    }
    // A name is not given to somebody whose case is not seen.
    let mut owner = app.database.superuser().await;
    let person: uuid::Uuid = sqlx::query_scalar("select person_id from case_file").fetch_one(&mut owner).await.unwrap();
    let named = format!(
        "insert into person_identity (id, person_id, kind, number, number_blind, given_name, family_name, valid_from, valid_to)
         values (gen_random_uuid(), '{person}', 'temporary', '\\x00', decode(repeat('00', 16), 'hex'), '\\x00', '\\x00',
           '2020-01-01', '2020-01-02')"
    );
    assert_eq!(changes(&mut login, &aisha, &named).await, refused);
    assert_eq!(changes(&mut login, &manager, &named).await, refused);
    assert_eq!(changes(&mut login, &malin, &named).await, done);
    // In a closed case nothing changes at all.
    owner.execute("select set_config('app.event', 'prov', false)").await.unwrap();
    let closed = "status = 'closed', closed_on = '2026-12-31', close_reason = 'other'";
    owner
        .execute(
            "insert into case_outcome (id, case_id, moment, known_on, exit, housing, income, occupation, substance, relapse,
               helps_others, children, recorded_by, recorded_at)
             select gen_random_uuid(), id, 'closing', '2026-12-31', 'not_started', 'unknown', 'unknown', 'unknown', 'unknown',
               'unknown', false, 'unknown', created_by, '2026-12-31 11:00Z' from case_file",
        )
        .await
        .unwrap();
    let case: String = sqlx::query_scalar("select reference from case_file").fetch_one(&mut owner).await.unwrap();
    app.makes_the_case(&case, closed).await;
    for change in [MARKED, REACHED, CLOSE] {
        assert_eq!(changes(&mut login, &malin, change).await, refused, "{change}");
    }
    for change in [ENDED, CHANGED, DESCRIBED] {
        assert_eq!(changes(&mut login, &malin, change).await, none, "{change}");
    }
}
