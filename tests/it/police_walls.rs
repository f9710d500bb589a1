//! The police's own database role, asked with no Rust of ours in between: what was released to their organisation, their own
//! account, and nothing else.

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row};

use crate::support::database::Database;

const FIXTURE: &str = include_str!("walls.sql");

async fn furnished() -> Database {
    let database = Database::new().await;
    database.superuser().await.execute(FIXTURE).await.unwrap();
    database
}

/// In through the door, and on as the police's role, as the program does.
async fn enter(app: &mut PgConnection, token: &str) {
    app.execute("begin").await.unwrap();
    app.execute("select set_config('role', 'utvag_user', true)").await.unwrap();
    sqlx::query("select account_id from sec.open($1)").bind(token.as_bytes()).fetch_optional(&mut *app).await.unwrap();
    app.execute("select set_config('role', 'utvag_police', true), set_config('app.event', 'test', true)")
        .await
        .unwrap();
}

/// Rows, or the refusal's code.
async fn tried(app: &mut PgConnection, sql: &str) -> Result<i64, String> {
    app.execute("savepoint here").await.unwrap();
    let done = sqlx::query(AssertSqlSafe(sql.to_owned())).fetch_all(&mut *app).await;
    app.execute("rollback to savepoint here").await.unwrap();
    match done {
        Ok(rows) => Ok(i64::try_from(rows.len()).unwrap()),
        Err(error) => Err(error.as_database_error().unwrap().code().unwrap().into_owned()),
    }
}

const READABLE: [(&str, i64); 6] = [
    ("id from account", 1),
    ("id from parked_form", 0),
    ("organisation from liaison", 1),
    ("id, case_reference from disclosure", 1),
    ("content from disclosure_item", 1),
    ("id from disclosure_view", 2),
];

#[tokio::test]
async fn the_polices_role_reads_what_was_released_and_nothing_else() {
    let database = furnished().await;
    let tables: Vec<String> = sqlx::query(
        "select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'p', 'v', 'm') and n.nspname in ('public', 'identity', 'sec', 'audit', 'vault')",
    )
    .fetch_all(&mut database.superuser().await)
    .await
    .unwrap()
    .iter()
    .map(|row| row.get(0))
    .collect();
    let mut app = database.app().await;
    enter(&mut app, "police_liaison").await;
    for (what, rows) in READABLE {
        assert_eq!(tried(&mut app, &format!("select {what}")).await, Ok(rows), "{what}");
    }
    let known = ["account", "parked_form", "liaison", "disclosure", "disclosure_item", "disclosure_view"];
    for table in &tables {
        let name = table.strip_prefix("public.").unwrap_or(table);
        let whole = tried(&mut app, &format!("select * from {table}")).await;
        if !known.contains(&name) {
            assert_eq!(whole, Err("42501".to_owned()), "{table}");
            assert_eq!(tried(&mut app, &format!("select 1 from {table}")).await, Err("42501".to_owned()), "{table}");
        }
        for change in [format!("delete from {table}"), format!("truncate {table}")] {
            if name != "parked_form" {
                assert_eq!(tried(&mut app, &change).await, Err("42501".to_owned()), "{change}");
            }
        }
    }
    // Not why it was handed over, nor who asked, nor where a text came from.
    for column in ["weighing", "request_text", "contact", "refusal", "consent_id", "decided_by"] {
        assert_eq!(
            tried(&mut app, &format!("select {column} from disclosure")).await,
            Err("42501".to_owned()),
            "{column}"
        );
    }
    for column in ["source_id", "source_mark", "weighing", "frozen_by"] {
        assert_eq!(
            tried(&mut app, &format!("select {column} from disclosure_item")).await,
            Err("42501".to_owned()),
            "{column}"
        );
    }
    for change in [
        "update disclosure set status = 'released'",
        "insert into disclosure_item select * from disclosure_item",
        "update disclosure_view set opened_at = now()",
        "update account set display_name = 'Någon annan'",
        "update liaison set organisation = 'police_noa'",
    ] {
        assert_eq!(tried(&mut app, change).await, Err("42501".to_owned()), "{change}");
    }
    // A text that may not be saved is not written down as saved, and nobody opens one in another's name.
    let opened = |who: &str, saved: bool| {
        format!(
            "insert into disclosure_view (id, item_id, case_id, account_id, reader, opened_at, downloaded)
             select gen_random_uuid(), i.id, i.case_id, {who}, 'p', now(), {saved} from disclosure_item i"
        )
    };
    assert!(tried(&mut app, &opened("sec.actor_id()", false)).await.is_ok());
    assert_eq!(tried(&mut app, &opened("sec.actor_id()", true)).await, Err("42501".to_owned()));
    assert_eq!(tried(&mut app, &opened("gen_random_uuid()", false)).await, Err("42501".to_owned()));
    app.execute("rollback").await.unwrap();
    app.close().await.unwrap();
}

#[tokio::test]
async fn nobody_else_in_the_polices_role_and_no_other_day_or_organisation_reads_a_thing() {
    let database = furnished().await;
    let (mut app, mut owner) = (database.app().await, database.superuser().await);
    for who in ["caseworker", "coordinator", "manager", "controller", "sysadmin", "nobody"] {
        enter(&mut app, who).await;
        for table in ["disclosure", "disclosure_item", "liaison"] {
            let column = if table == "liaison" { "account_id" } else { "id" };
            assert_eq!(tried(&mut app, &format!("select {column} from {table}")).await, Ok(0), "{who} {table}");
        }
        app.execute("rollback").await.unwrap();
    }
    owner.execute("select set_config('app.event', 'test', false)").await.unwrap();
    let items = "select id from disclosure_item";
    for (change, rows) in [
        ("update liaison set organisation = 'police_noa'", 0),
        ("update liaison set organisation = 'police_lpo'", 1),
        ("update liaison set verified_on = current_date - 400", 0),
        ("update liaison set verified_on = current_date", 1),
        ("update disclosure set status = 'revoked', revoked_by = written_by, revoked_at = now(), version = version + 1
          where status = 'released'", 0),
    ] {
        owner.execute(change).await.unwrap();
        enter(&mut app, "police_liaison").await;
        assert_eq!(tried(&mut app, items).await, Ok(rows), "{change}");
        app.execute("rollback").await.unwrap();
    }
}

#[tokio::test]
async fn a_day_outside_its_own_hides_a_text() {
    let database = furnished().await;
    let mut app = database.app().await;
    for (day, rows) in
        [("current_date - 1", 0), ("current_date", 1), ("current_date + 30", 1), ("current_date + 31", 0)]
    {
        enter(&mut app, "police_liaison").await;
        app.execute(AssertSqlSafe(format!("select set_config('app.today', ({day})::text, true)"))).await.unwrap();
        assert_eq!(tried(&mut app, "select id from disclosure_item").await, Ok(rows), "{day}");
        app.execute("rollback").await.unwrap();
    }
}
