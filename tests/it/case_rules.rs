//! The ways of a case as Postgres holds them by itself, asked as the owner of the tables: there is no way but those that are
//! listed, and each demands what it demands, whatever the program says.

use sqlx::{AssertSqlSafe, Executor};
use utvag::consent::paths as consents;
use utvag::vocabulary::CaseStatus;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::journal::Typed as Consent;
use crate::support::people::Person;

/// A case with a deputy, as it came in.
async fn ground(app: &App) -> (Person<'_>, String) {
    let (malin, jonas) = (app.social_worker().await, app.social_worker().await);
    let case = Opening::unknown().responsible(&malin).deputy(&jonas).saved_by(&malin).await;
    (malin, case)
}

#[tokio::test]
async fn postgres_knows_the_ways_by_itself_and_no_others() {
    use CaseStatus::{
        Active, Assessing, Closed, Closing, Dormant, Investigating, NotOpened, Registered, StepDown, Transferred,
    };
    let app = App::start().await;
    let (malin, case) = ground(&app).await;
    malin.records_the_outcome(&case).await;
    let listed: [(CaseStatus, &[CaseStatus]); 10] = [
        (Registered, &[Assessing, NotOpened, Transferred]),
        (Assessing, &[Investigating, NotOpened, Transferred]),
        (Investigating, &[Active, Dormant, Closing, Transferred]),
        (Active, &[StepDown, Dormant, Closing, Transferred]),
        (StepDown, &[Active, Dormant, Closing, Transferred]),
        (Dormant, &[Investigating, Active, StepDown, Closing, Transferred]),
        (Closing, &[Closed, Transferred]),
        (Closed, &[]),
        (NotOpened, &[]),
        (Transferred, &[]),
    ];
    let set = |status: CaseStatus| {
        let (code, reason) = (status.code(), if status == Closed { "other" } else { status.code() });
        if status.is_ended() {
            format!("status = '{code}', closed_on = '2026-12-31', close_reason = '{reason}'")
        } else {
            format!("status = '{code}', closed_on = null, close_reason = null")
        }
    };
    let mut owner = app.database.superuser().await;
    // What each step demands is asked of those below.
    owner.execute("alter table case_file disable trigger case_file_zz_guarded").await.unwrap();
    owner.execute("select set_config('app.event', 'test', false)").await.unwrap();
    for (from, ways) in listed {
        for to in CaseStatus::ALL.iter().filter(|to| **to != from) {
            owner.execute("begin; alter table case_file disable trigger case_file_moves").await.unwrap();
            owner.execute(AssertSqlSafe(format!("update case_file set {}", set(from)))).await.unwrap();
            owner
                .execute("set constraints all immediate; alter table case_file enable always trigger case_file_moves")
                .await
                .unwrap();
            let moved = owner.execute(AssertSqlSafe(format!("update case_file set {}", set(*to)))).await;
            let refused = moved.err().and_then(|error| utvag::error::constraint(&error).map(str::to_owned));
            let expected = (!ways.contains(to)).then(|| "case_file_moves".to_owned());
            assert_eq!(refused, expected, "{from} to {to}");
            owner.execute("rollback").await.unwrap();
        }
    }
}

#[tokio::test]
async fn postgres_asks_what_each_step_demands() {
    let app = App::start().await;
    let (malin, case) = ground(&app).await;
    let consent = Consent::consent();
    consent.sent_to(&consents::list(&case), &malin).await.leads_to(&consents::show(&case, consent.id));
    malin.records_the_outcome(&case).await;
    let mut owner = app.database.superuser().await;
    let ended = |status: &str, reason: &str| {
        format!("status = '{status}', closed_on = '2026-12-31', close_reason = '{reason}'")
    };
    let one = |status: &str| format!("status = '{status}'");
    for (from, to, held_by) in [
        ("assessing", one("investigating"), "case_file_investigated"),
        ("assessing", ended("not_opened", "not_opened"), "case_file_not_opened"),
        ("assessing", ended("transferred", "transferred"), "case_file_transferred"),
        ("assessing", ended("not_opened", "other"), "case_file_not_opened"),
        ("investigating", one("active"), "case_file_begun"),
        ("investigating", one("closing"), "case_file_undecided"),
        ("investigating", one("dormant"), "case_file_dormant"),
        ("active", one("step_down"), "case_file_stepped_down"),
        ("step_down", one("active"), "case_file_cared_for"),
        ("dormant", one("active"), "case_file_awakened"),
        ("closing", ended("closed", "other"), "case_file_consents"),
    ] {
        app.makes_the_case(&case, &one(from)).await;
        owner.execute("select set_config('app.event', 'test', false)").await.unwrap();
        let refused = owner.execute(AssertSqlSafe(format!("update case_file set {to}"))).await.unwrap_err();
        assert_eq!(utvag::error::constraint(&refused), Some(held_by), "{from}, {to}");
    }
    app.makes_the_case(&case, "status = 'registered'").await;
    owner.execute("update assignment set ended_at = now() where kind = 'deputy'").await.unwrap();
    let refused = owner.execute("update case_file set status = 'assessing'").await.unwrap_err();
    assert_eq!(utvag::error::constraint(&refused), Some("case_file_staffed"));

    // Rest is for ninety days, of a case that rests, and stands as it was said.
    app.makes_the_case(&case, "status = 'active'").await;
    let rest = |reason: &str, before: &str, until: &str| {
        format!(
            "insert into case_dormancy (id, case_id, reason, began_on, review_on, status_before, registered_by, registered_at)
             select gen_random_uuid(), id, '{reason}', '2026-12-31', '{until}', '{before}', created_by, '2026-12-31 12:00Z' from case_file"
        )
    };
    for (sql, held_by) in [
        (rest("prison", "active", "2027-04-01"), "case_dormancy_days"),
        (rest("prison", "active", "2026-12-30"), "case_dormancy_days"),
        (rest("other", "active", "2027-01-20"), "case_dormancy_noted"),
        (rest("prison", "step_down", "2027-01-20"), "case_dormancy_before"),
        (rest("prison", "active", "2027-01-20"), "case_dormancy_rests"),
    ] {
        let refused = owner.execute(AssertSqlSafe(sql.clone())).await.unwrap_err();
        assert_eq!(utvag::error::constraint(&refused), Some(held_by), "{sql}");
    }
    let both =
        format!("begin; {}; update case_file set status = 'dormant'; commit", rest("prison", "active", "2027-03-31"));
    owner.execute(AssertSqlSafe(both)).await.unwrap();
    for sql in ["update case_dormancy set review_on = '2027-02-01'", "delete from case_dormancy"] {
        let refused = owner.execute(sql).await.unwrap_err();
        assert_eq!(utvag::error::constraint(&refused), Some("case_dormancy_stands"), "{sql}");
    }
    owner.execute("update case_file set status = 'active'").await.unwrap();
    let resting: i64 = sqlx::query_scalar("select count(*) from case_dormancy where ended_at is null")
        .fetch_one(&mut owner)
        .await
        .unwrap();
    assert_eq!(resting, 0);
}
