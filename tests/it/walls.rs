//! The walls from below: what Postgres itself refuses, asked under the program's own login with no Rust of ours in
//! between. Every table as every role: what each may read is written down here, and nothing else may be read.

use sqlx::{Connection, Executor, PgConnection, Row};
use utvag::db::Db;
use utvag::error::Error;
use utvag::vocabulary::Role;
use uuid::Uuid;

use crate::support::database::Database;

/// One account in each role with a live session (its token is the role's code), two cases in two units: one that the
/// assigned social worker and coordinator are named in, and one in a closed circle that nobody but another is named in.
const FIXTURE: &str = include_str!("walls.sql");

async fn furnished() -> Database {
    let database = Database::new().await;
    database.superuser().await.execute(FIXTURE).await.unwrap();
    database
}

/// Steps through the door as whoever the token belongs to; the transaction stays open.
async fn enter(app: &mut PgConnection, token: &str) -> bool {
    app.execute("begin").await.unwrap();
    app.execute("select set_config('role', 'utvag_user', true)").await.unwrap();
    sqlx::query("select account_id from sec.open($1)")
        .bind(token.as_bytes())
        .fetch_optional(app)
        .await
        .unwrap()
        .is_some()
}

/// Rows seen, or "-" where the role may not even ask.
async fn seen(app: &mut PgConnection, table: &str) -> String {
    app.execute("savepoint here").await.unwrap();
    let asked = sqlx::query(sqlx::AssertSqlSafe(format!("select count(*) from {table}"))).fetch_one(&mut *app).await;
    app.execute("rollback to savepoint here").await.unwrap();
    match asked {
        Ok(row) => row.get::<i64, _>(0).to_string(),
        Err(error) => {
            assert_eq!(error.as_database_error().unwrap().code().unwrap(), "42501", "{table}");
            "-".to_owned()
        }
    }
}

/// Columns: caseworker named in one of two cases, caseworker named in none, coordinator, manager, police, controller,
/// log reviewer, administrator, and a token that opens nothing.
const WHO: [&str; 9] = [
    "caseworker",
    "stranger",
    "coordinator",
    "manager",
    "police_liaison",
    "controller",
    "log_reviewer",
    "sysadmin",
    "nobody",
];

/// The case is protected, and the manager is not named in it and has not said why: its texts are not there (0065).
const EXPECTED: &[(&str, [&str; 9])] = &[
    ("account", ["8", "8", "8", "8", "1", "1", "8", "8", "0"]),
    ("account_lock", ["0", "0", "1", "1", "0", "0", "0", "1", "0"]),
    ("account_proposal", ["0", "0", "0", "1", "0", "0", "0", "1", "0"]),
    ("account_recovery", ["0", "0", "0", "1", "0", "0", "2", "2", "0"]),
    ("account_recovery_note", ["0", "0", "0", "1", "0", "0", "2", "2", "0"]),
    ("alarm", ["2", "0", "2", "4", "0", "1", "2", "0", "0"]),
    ("alarm_receipt", ["1", "0", "1", "1", "0", "0", "0", "0", "0"]),
    ("assignment", ["2", "0", "2", "2", "0", "0", "0", "0", "0"]),
    ("audit.entry", ["-"; 9]),
    ("audit.row_change", ["-"; 9]),
    ("audit.seal", ["-"; 9]),
    ("break_glass", ["1", "2", "1", "2", "0", "0", "2", "0", "0"]),
    ("break_glass_notice", ["1", "0", "1", "1", "0", "0", "0", "0", "0"]),
    ("board_history", ["0", "0", "1", "1", "0", "1", "0", "0", "0"]),
    ("external_involvement", ["1", "0", "1", "1", "0", "0", "0", "0", "0"]),
    ("budget_line", ["0", "0", "1", "1", "0", "1", "0", "0", "0"]),
    ("closed_month", ["0", "0", "1", "1", "0", "1", "0", "0", "0"]),
    ("cost_day", ["0", "0", "357", "357", "0", "357", "0", "0", "0"]),
    ("forecast", ["0", "0", "1", "1", "0", "1", "0", "0", "0"]),
    ("ledger_row", ["-"; 9]),
    ("placement_stretch", ["-"; 9]),
    ("case_outcome", ["1", "0", "1", "1", "0", "0", "0", "0", "0"]),
    ("case_dormancy", ["1", "0", "1", "1", "0", "0", "0", "0", "0"]),
    ("case_transfer", ["1", "0", "1", "1", "0", "0", "0", "0", "0"]),
    ("case_file", ["1", "0", "1", "1", "0", "0", "0", "0", "0"]),
    ("case_print", ["1", "0", "1", "1", "0", "0", "0", "0", "0"]),
    ("child_perspective", ["1", "0", "1", "0", "0", "0", "0", "0", "0"]),
    ("check_due", ["1", "0", "1", "1", "0", "0", "0", "0", "0"]),
    ("committee", ["1", "1", "1", "1", "1", "1", "1", "1", "0"]),
    ("conflict_of_interest", ["1", "1", "1", "1", "0", "0", "0", "0", "0"]),
    ("consent", ["1", "0", "1", "1", "0", "0", "0", "0", "0"]),
    ("contact_detail", ["1", "0", "1", "1", "0", "0", "0", "0", "0"]),
    ("decision", ["3", "0", "3", "3", "0", "0", "0", "0", "0"]),
    ("decision_correction", ["1", "0", "1", "0", "0", "0", "0", "0", "0"]),
    ("delegation_rule", ["33", "33", "33", "33", "0", "0", "0", "0", "0"]),
    ("deviation", ["1", "0", "1", "1", "0", "0", "0", "0", "0"]),
    ("deviation_step", ["1", "0", "1", "0", "0", "0", "0", "0", "0"]),
    ("disclosure", ["2", "0", "2", "2", "0", "0", "0", "0", "0"]),
    ("disclosure_item", ["2", "0", "2", "2", "0", "0", "0", "0", "0"]),
    ("disclosure_view", ["1", "0", "1", "1", "0", "0", "0", "0", "0"]),
    ("district", ["1", "1", "1", "1", "1", "1", "1", "1", "0"]),
    ("follow_up", ["1", "0", "1", "1", "0", "0", "0", "0", "0"]),
    ("follow_up_goal", ["1", "0", "1", "1", "0", "0", "0", "0", "0"]),
    ("form_draft", ["1", "0", "0", "0", "0", "0", "0", "0", "0"]),
    ("follow_up_move", ["1", "0", "1", "0", "0", "0", "0", "0", "0"]),
    ("framework_agreement", ["1", "1", "1", "1", "0", "0", "0", "0", "0"]),
    ("framework_price", ["1", "1", "1", "1", "0", "0", "0", "0", "0"]),
    ("fund_application", ["1", "0", "1", "0", "0", "0", "0", "0", "0"]),
    ("handover", ["1", "0", "1", "1", "0", "0", "0", "0", "0"]),
    ("identity.activation", ["-"; 9]),
    ("identity.credential", ["-"; 9]),
    ("identity.device", ["-"; 9]),
    ("identity.passkey", ["-"; 9]),
    ("identity.passkey_challenge", ["-"; 9]),
    ("identity.recovery_code", ["-"; 9]),
    ("identity.session", ["-"; 9]),
    ("identity.throttle", ["-"; 9]),
    ("internal_request", ["1", "0", "1", "1", "0", "0", "0", "0", "0"]),
    ("invoice", ["-"; 9]),
    ("intake", ["2", "0", "3", "2", "0", "0", "0", "0", "0"]),
    ("investigation", ["1", "0", "1", "0", "0", "0", "0", "0", "0"]),
    ("joint_meeting", ["1", "0", "1", "0", "0", "0", "0", "0", "0"]),
    ("joint_meeting_colleague", ["1", "0", "1", "1", "0", "0", "0", "0", "0"]),
    ("joint_meeting_guest", ["1", "0", "1", "0", "0", "0", "0", "0", "0"]),
    ("intervention", ["1", "0", "1", "0", "0", "0", "0", "0", "0"]),
    ("journal_cancellation", ["1", "0", "1", "0", "0", "0", "0", "0", "0"]),
    // What was closed away is the manager's alone; a draft is its author's.
    ("journal_content", ["1", "0", "1", "0", "0", "0", "0", "0", "0"]),
    ("journal_dispute", ["1", "0", "1", "0", "0", "0", "0", "0", "0"]),
    ("journal_draft", ["1", "0", "0", "0", "0", "0", "0", "0", "0"]),
    ("journal_entry", ["2", "0", "2", "0", "0", "0", "0", "0", "0"]),
    // Whoever reviews, and whoever is asked; a manager when it has been signed.
    ("log_alert", ["0", "0", "0", "0", "0", "0", "1", "0", "0"]),
    ("log_review", ["0", "0", "0", "1", "0", "0", "1", "0", "0"]),
    ("log_review_answer", ["1", "0", "0", "0", "0", "0", "1", "0", "0"]),
    ("log_review_item", ["1", "0", "0", "0", "0", "0", "1", "0", "0"]),
    ("log_review_mark", ["1", "0", "0", "0", "0", "0", "1", "0", "0"]),
    ("log_review_return", ["0", "0", "0", "1", "0", "0", "1", "0", "0"]),
    ("liaison", ["1", "1", "1", "1", "0", "0", "0", "0", "0"]),
    ("motivation_assessment", ["1", "0", "1", "0", "0", "0", "0", "0", "0"]),
    ("municipality", ["1"; 9]),
    ("org_unit", ["2", "2", "2", "2", "2", "2", "2", "2", "0"]),
    ("parked_form", ["1", "0", "0", "0", "0", "0", "0", "0", "0"]),
    ("person", ["1", "0", "1", "1", "0", "0", "0", "0", "0"]),
    // A death ends what the other rows stand on: tests/it/registering_a_death.rs has one.
    ("person_death", ["0"; 9]),
    ("person_identity", ["1", "0", "1", "1", "0", "0", "0", "0", "0"]),
    ("placement", ["2", "0", "2", "2", "0", "0", "0", "0", "0"]),
    ("placement_absence", ["1", "0", "1", "1", "0", "0", "0", "0", "0"]),
    ("placement_year", ["2", "0", "2", "2", "0", "0", "0", "0", "0"]),
    ("placement_year_sum", ["-"; 9]),
    ("placement_rate", ["2", "0", "2", "2", "0", "0", "0", "0", "0"]),
    ("plan", ["1", "0", "1", "1", "0", "0", "0", "0", "0"]),
    ("plan_goal", ["1", "0", "1", "0", "0", "0", "0", "0", "0"]),
    ("programme_conditions", ["1", "0", "1", "0", "0", "0", "0", "0", "0"]),
    ("police_contact", ["2", "0", "3", "2", "0", "0", "0", "0", "0"]),
    ("possible_duplicate", ["0"; 9]),
    ("protection_marking", ["1", "0", "1", "1", "0", "0", "0", "0", "0"]),
    ("protected_opening", ["0", "0", "0", "1", "0", "0", "0", "0", "0"]),
    ("provider", ["1", "1", "1", "1", "0", "0", "0", "0", "0"]),
    ("provider_home", ["1", "1", "1", "1", "0", "0", "0", "0", "0"]),
    ("relation", ["1", "0", "1", "1", "0", "0", "0", "0", "0"]),
    ("register_check", ["1", "0", "1", "0", "0", "0", "0", "0", "0"]),
    ("role_grant", ["8", "8", "8", "8", "1", "1", "8", "8", "0"]),
    ("searchable_name", ["1", "0", "1", "1", "0", "0", "0", "0", "0"]),
    ("sec.context_key", ["-"; 9]),
    // How soon and how long before is no secret of the house, and none of the police's.
    ("setting", ["11", "11", "11", "11", "0", "11", "11", "11", "0"]),
    ("support_offer", ["1", "0", "1", "1", "0", "0", "0", "0", "0"]),
    ("support_area_assessment", ["1", "0", "1", "0", "0", "0", "0", "0", "0"]),
    ("support_assessment", ["1", "0", "1", "1", "0", "0", "0", "0", "0"]),
    ("return_assessment", ["1", "0", "1", "1", "0", "0", "0", "0", "0"]),
    ("sig_group", ["1", "0", "1", "0", "0", "0", "0", "0", "0"]),
    ("threat_assessment", ["1", "0", "1", "1", "0", "0", "0", "0", "0"]),
    ("unstaffed_case", ["1", "0", "1", "1", "0", "0", "0", "0", "0"]),
    ("vault.alarm", ["-"; 9]),
    ("vault.location", ["-"; 9]),
    ("vault.location_mark", ["-"; 9]),
    ("vault.opening", ["-"; 9]),
    ("vault.reader", ["-"; 9]),
    ("vault.request", ["-"; 9]),
];

#[tokio::test]
async fn every_table_shows_every_role_what_is_written_here_and_nothing_else() {
    let database = furnished().await;
    let tables: Vec<String> = sqlx::query_scalar(
        "select case n.nspname when 'public' then c.relname else n.nspname || '.' || c.relname end
         from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'p', 'v', 'm') and n.nspname in ('public', 'identity', 'sec', 'audit', 'vault')
           and c.relname <> '_sqlx_migrations'",
    )
    .fetch_all(&mut database.superuser().await)
    .await
    .unwrap();
    let mut app = database.app().await;
    let mut wrong = Vec::new();
    for table in &tables {
        let Some((_, expected)) = EXPECTED.iter().find(|(name, _)| name == table) else {
            wrong.push(format!("{table} is not in the list"));
            continue;
        };
        for (who, expected) in WHO.iter().zip(expected) {
            assert_eq!(enter(&mut app, who).await, *who != "nobody");
            let stands = seen(&mut app, table).await;
            app.execute("rollback").await.unwrap();
            if stands != *expected {
                wrong.push(format!("{who} sees {stands} of {table}, not {expected}"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(tables.len(), EXPECTED.len());
}

#[tokio::test]
async fn the_login_reads_and_changes_nothing_without_a_door() {
    let database = furnished().await;
    let mut app = database.app().await;
    for (table, _) in EXPECTED {
        let table = if table.contains('.') { (*table).to_owned() } else { format!("public.{table}") };
        for attempt in [format!("select 1 from {table}"), format!("delete from {table}"), format!("truncate {table}")] {
            let refused = app.execute(sqlx::AssertSqlSafe(attempt)).await.unwrap_err();
            assert_eq!(refused.as_database_error().unwrap().code().unwrap(), "42501", "{table}");
        }
    }
}

#[tokio::test]
async fn claiming_to_be_somebody_without_the_doors_signature_shows_nothing() {
    let database = furnished().await;
    let manager: Uuid = sqlx::query_scalar("select id from account where display_name = 'manager'")
        .fetch_one(&mut database.superuser().await)
        .await
        .unwrap();
    let mut app = database.app().await;
    let claim = format!(
        "select set_config('app.actor_id', '{manager}', true), set_config('app.actor_role', 'manager', true),
                set_config('app.actor_unit', '', true), set_config('app.signature', 'abc', true)"
    );
    // With no session at all, and inside somebody else's.
    for token in ["nobody", "controller"] {
        enter(&mut app, token).await;
        app.execute(sqlx::AssertSqlSafe(claim.clone())).await.unwrap();
        assert_eq!(seen(&mut app, "case_file").await, "0");
        assert_eq!(seen(&mut app, "account").await, "0");
        app.execute("rollback").await.unwrap();
    }
    // A genuine signature, carried into the next transaction.
    assert!(enter(&mut app, "manager").await);
    let settings = ["actor_id", "actor_role", "actor_unit", "session_id", "signature"];
    let mut carried = Vec::new();
    for name in settings {
        let value: String = sqlx::query_scalar("select current_setting($1)")
            .bind(format!("app.{name}"))
            .fetch_one(&mut app)
            .await
            .unwrap();
        carried.push(value);
    }
    assert_eq!(seen(&mut app, "case_file").await, "1");
    app.execute("rollback").await.unwrap();
    enter(&mut app, "nobody").await;
    for (name, value) in settings.iter().zip(&carried) {
        sqlx::query("select set_config($1, $2, true)")
            .bind(format!("app.{name}"))
            .bind(value)
            .execute(&mut app)
            .await
            .unwrap();
    }
    assert_eq!(seen(&mut app, "case_file").await, "0");
    app.execute("rollback").await.unwrap();
}

#[tokio::test]
async fn a_session_that_has_ended_or_idled_out_opens_nothing() {
    let database = furnished().await;
    let (mut app, mut owner) = (database.app().await, database.superuser().await);
    for end in [
        "update identity.session set ended_at = now(), ended_why = 'prov'",
        "update identity.session set ended_at = null, ended_why = null, seen_at = now() - interval '16 minutes'",
        "update identity.session set seen_at = now(), ends_at = now() - interval '1 second'",
        "update identity.session set ends_at = now() + interval '1 hour';
         select set_config('app.event', 'test', false); update account set is_active = false",
    ] {
        owner.execute(end).await.unwrap();
        assert!(!enter(&mut app, "coordinator").await, "{end}");
        app.execute("rollback").await.unwrap();
    }
    owner.execute("update account set is_active = true").await.unwrap();
    assert!(enter(&mut app, "coordinator").await);
}

#[tokio::test]
async fn only_those_named_in_the_case_open_the_vault_and_never_a_manager() {
    let database = furnished().await;
    let (mut app, mut owner) = (database.app().await, database.superuser().await);
    let placement: Uuid = sqlx::query_scalar(
        "select p.id from placement p join case_file c on c.id = p.case_id where c.reference = 'AVH-AAAA-AAA'",
    )
    .fetch_one(&mut owner)
    .await
    .unwrap();
    for (who, opens) in WHO.iter().map(|who| (*who, matches!(*who, "caseworker" | "coordinator"))) {
        enter(&mut app, who).await;
        app.execute("select set_config('app.event', 'location.opened', true)").await.unwrap();
        let found: Option<Vec<u8>> = sqlx::query_scalar("select location from vault.read($1, 'visit', '\\x00')")
            .bind(placement)
            .fetch_optional(&mut app)
            .await
            .unwrap()
            .flatten();
        assert_eq!(found.is_some(), opens, "{who}");
        app.execute("commit").await.unwrap();
    }
    let openings: i64 = sqlx::query_scalar("select count(*) from vault.opening").fetch_one(&mut owner).await.unwrap();
    assert_eq!(openings, 2, "each opening stands beside its reason");
}

#[tokio::test]
async fn the_program_refuses_to_serve_when_its_login_could_walk_around_the_walls() {
    let database = furnished().await;
    let refused = Db::connect(database.superuser_options(), 1).await;
    assert!(matches!(refused, Err(Error::Invalid(_))));
    assert!(Role::ALL.len() + 2 == WHO.len(), "a new role has no column above");
    database.app().await.close().await.unwrap();
    database.db().await.close().await;
}

#[tokio::test]
async fn postgres_itself_lets_nobody_acknowledge_a_duty_or_write_an_alarm() {
    let database = furnished().await;
    let mut app = database.app().await;
    let refuses = async |app: &mut PgConnection, who: &str, sql: &str| {
        assert!(enter(app, who).await);
        app.execute("select set_config('app.event', 'test', true)").await.unwrap();
        let refused = app.execute(sqlx::AssertSqlSafe(sql.to_owned())).await.unwrap_err();
        app.execute("rollback").await.unwrap();
        assert_eq!(refused.as_database_error().unwrap().code().unwrap(), "42501", "{who}: {sql}");
    };
    let receipt = |rule: &str| {
        format!(
            "insert into alarm_receipt (id, alarm_id, reason, made_by)
             select gen_random_uuid(), id, '\\x00', sec.actor_id() from alarm where rule = '{rule}'"
        )
    };
    // A duty; one that is about no case; and one that has been acknowledged already.
    for (who, rule) in [
        ("caseworker", "a28_break_glass"),
        ("log_reviewer", "a28_break_glass"),
        ("manager", "a22_budget"),
        ("caseworker", "a12_price_step"),
    ] {
        refuses(&mut app, who, &receipt(rule)).await;
    }
    for sql in [
        "update alarm set cleared_at = now(), cleared_why = 'settled'",
        "delete from alarm",
        "select * from sec.watch('2026-12-31', '{}', now())",
        "select * from sec.alarms_due('2026-12-31', '{}')",
        "update alarm_receipt set reason = '\\x01'",
    ] {
        refuses(&mut app, "manager", sql).await;
    }
    // What stands and only tells of something, by whoever sees the case, and not in another's name.
    let mut owner = database.superuser().await;
    owner.execute("update alarm set cleared_at = null, cleared_why = null").await.unwrap();
    let another =
        receipt("a12_price_step").replace("sec.actor_id()", "(select id from account where display_name = 'manager')");
    refuses(&mut app, "caseworker", &another).await;
    assert!(enter(&mut app, "caseworker").await);
    app.execute("select set_config('app.event', 'test', true)").await.unwrap();
    let made = app.execute(sqlx::AssertSqlSafe(receipt("a12_price_step"))).await.unwrap();
    assert_eq!(made.rows_affected(), 1);
    let stands = "select count(*) from alarm where rule = 'a12_price_step' and cleared_at is null";
    let stands: i64 = sqlx::query_scalar(stands).fetch_one(&mut app).await.unwrap();
    app.execute("rollback").await.unwrap();
    assert_eq!(stands, 0);
}
