//! The log: what is written holds, what an operator of the database does to it afterwards is found, and where.

use sqlx::{Connection, Executor, PgConnection};
use time::OffsetDateTime;
use time::macros::datetime;
use utvag::audit::verify::{Finding, Report, verify};
use utvag::audit::{self, Event, Note, Source, seal};
use utvag::crypto::keyring::KeyRing;
use utvag::db::Db;
use utvag::error::Error;
use uuid::Uuid;

use crate::support::database::Database;

pub(crate) const NOW: OffsetDateTime = datetime!(2026-12-31 10:00 UTC);
const SEALS: i64 = 6;
const ROWS_EACH: i64 = 5;

fn nobody() -> Source {
    Source { actor: None, role: None, session: None, address: None, request: Uuid::now_v7() }
}

/// A log of 30 rows under six seals, five of the rows with a change of their own.
async fn a_sealed_log(database: &Database) -> (Db, KeyRing) {
    let (db, keys) = (database.db().await, KeyRing::for_tests().unwrap());
    for round in 0..SEALS {
        for _ in 1..ROWS_EACH {
            write(&db, &keys, Note::of(Event::CaseRead).about(Uuid::new_v4())).await;
        }
        a_change(&db, &keys, round).await;
        seal_now(&db, &keys).await;
    }
    (db, keys)
}

/// A machine that does much else may take long to give a connection; that is said, and asked again.
pub(crate) async fn begun(db: &Db) -> utvag::db::Work {
    loop {
        match db.begin_task().await {
            Err(Error::Unavailable) => tokio::time::sleep(std::time::Duration::from_millis(20)).await,
            work => return work.unwrap(),
        }
    }
}

pub(crate) async fn write(db: &Db, keys: &KeyRing, note: Note) {
    let mut work = begun(db).await;
    audit::append(&mut work, keys, NOW, &nobody(), &[note]).await.unwrap();
    work.commit().await.unwrap();
}

pub(crate) async fn a_change(db: &Db, keys: &KeyRing, round: i64) {
    let mut work = begun(db).await;
    audit::announce(&mut work, Event::MunicipalitySet).await.unwrap();
    sqlx::query("insert into district (id, name, code, valid_from) values ($1, 'Område', $2, '2020-01-01')")
        .bind(Uuid::new_v4())
        .bind(format!("O{round}"))
        .execute(&mut *work)
        .await
        .unwrap();
    let note = Note { changes: true, ..Note::of(Event::MunicipalitySet) };
    audit::append(&mut work, keys, NOW, &nobody(), &[note]).await.unwrap();
    work.commit().await.unwrap();
}

pub(crate) async fn seal_now(db: &Db, keys: &KeyRing) {
    // Another database of the same server may hold the horizon back for a moment: transaction ids belong to the cluster.
    for _ in 0..200 {
        let mut work = db.begin_task().await.unwrap();
        if seal::seal(&mut work, keys, NOW).await.unwrap().is_some() {
            work.commit().await.unwrap();
        }
        let mut work = db.begin_task().await.unwrap();
        let waiting: i64 = sqlx::query_scalar(
            "select count(*) from audit.entry e where not exists (select 1 from audit.seal s where e.seq = any (s.seqs))",
        )
        .fetch_one(&mut *work)
        .await
        .unwrap();
        if waiting == 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("the log was never sealed");
}

async fn check(db: &Db, keys: &KeyRing) -> Report {
    let mut work = db.begin_snapshot().await.unwrap();
    verify(&mut work, keys, None).await.unwrap()
}

/// The operator turns the guards off, does it, and turns them on again.
async fn tamper(owner: &mut PgConnection, statement: String) {
    let mut work = owner.begin().await.unwrap();
    for table in ["entry", "row_change", "seal"] {
        work.execute(sqlx::AssertSqlSafe(format!("alter table audit.{table} disable trigger all"))).await.unwrap();
    }
    work.execute(sqlx::AssertSqlSafe(statement)).await.unwrap();
    for table in ["entry", "row_change", "seal"] {
        work.execute(sqlx::AssertSqlSafe(format!("alter table audit.{table} enable always trigger only_added_to")))
            .await
            .unwrap();
    }
    work.commit().await.unwrap();
}

#[tokio::test]
async fn an_untouched_log_has_nothing_to_report() {
    let database = Database::new().await;
    let (db, keys) = a_sealed_log(&database).await;
    let report = check(&db, &keys).await;
    assert_eq!(report.findings, []);
    assert_eq!(report.rows, 30);
    assert!(report.seals >= 6);
}

#[tokio::test]
async fn a_row_changed_anywhere_is_found_there() {
    let database = Database::new().await;
    let (db, keys) = a_sealed_log(&database).await;
    let mut owner = database.superuser().await;
    for (seq, change) in [
        (1, "event = 'case.refused'"),
        (2, "case_id = gen_random_uuid()"),
        (3, "at = at + interval '1 second'"),
        (4, "actor_id = gen_random_uuid()"),
        (9, "actor_role = 'manager'"),
        (14, "body = replace(body, 'case.read', 'case.list')"),
        (22, "mac = decode(repeat('00', 32), 'hex')"),
        (29, "cases = array[gen_random_uuid()]"),
    ] {
        tamper(&mut owner, "create temporary table kept as select * from audit.entry".to_owned()).await;
        tamper(&mut owner, format!("update audit.entry set {change} where seq = {seq}")).await;
        let found = check(&db, &keys).await.findings;
        assert!(found.contains(&Finding::Changed { seq }), "row {seq}, {change}: {found:?}");
        tamper(
            &mut owner,
            "update audit.entry e set at = k.at, actor_id = k.actor_id, actor_role = k.actor_role, event = k.event,
             case_id = k.case_id, cases = k.cases, body = k.body, mac = k.mac from kept k where k.seq = e.seq;
             drop table kept"
                .to_owned(),
        )
        .await;
        assert_eq!(check(&db, &keys).await.findings, [], "put back after {seq}");
    }
}

#[tokio::test]
async fn a_row_taken_away_is_missed_at_the_start_in_the_middle_and_at_the_end() {
    for seq in [1, 15, 30] {
        let database = Database::new().await;
        let (db, keys) = a_sealed_log(&database).await;
        tamper(&mut database.superuser().await, format!("delete from audit.entry where seq = {seq}")).await;
        let found = check(&db, &keys).await.findings;
        assert!(
            found.iter().any(|finding| matches!(finding, Finding::Missing { seq: at, .. } if *at == seq)),
            "{seq}: {found:?}"
        );
    }
}

#[tokio::test]
async fn a_row_put_in_afterwards_is_found_even_when_it_copies_a_genuine_one() {
    for model in [2, 16, 28] {
        let database = Database::new().await;
        let (db, keys) = a_sealed_log(&database).await;
        tamper(
            &mut database.superuser().await,
            format!(
                "insert into audit.entry (seq, xid, id, at, actor_id, actor_role, event, case_id, cases, body, key_id, mac)
                 overriding system value
                 select 900 + seq, xid, gen_random_uuid(), at, actor_id, actor_role, event, case_id, cases, body, key_id, mac
                 from audit.entry where seq = {model}"
            ),
        )
        .await;
        let found = check(&db, &keys).await.findings;
        assert!(found.contains(&Finding::Inserted { seq: 900 + model }), "{model}: {found:?}");
    }
}

#[tokio::test]
async fn rows_that_changed_places_break_their_seals() {
    for (one, other) in [(1, 2), (3, 27), (11, 13)] {
        let database = Database::new().await;
        let (db, keys) = a_sealed_log(&database).await;
        tamper(
            &mut database.superuser().await,
            format!(
                "alter table audit.entry alter column seq set generated by default;
                 update audit.entry set seq = -1 where seq = {one}; update audit.entry set seq = {one} where seq = {other};
                 update audit.entry set seq = {other} where seq = -1"
            ),
        )
        .await;
        let found = check(&db, &keys).await.findings;
        assert!(found.iter().any(|finding| matches!(finding, Finding::Broken { .. })), "{one} and {other}: {found:?}");
    }
}

#[tokio::test]
async fn an_end_cut_off_with_its_seals_is_known_from_the_anchor_outside() {
    for kept in [1, 3, 5] {
        let database = Database::new().await;
        let (db, keys) = a_sealed_log(&database).await;
        let mut work = db.begin_task().await.unwrap();
        let (n, hash): (i64, Vec<u8>) = sqlx::query_as("select n, hash from audit.seal order by n desc limit 1")
            .fetch_one(&mut *work)
            .await
            .unwrap();
        let anchor = Some((n, hash.try_into().unwrap()));
        assert_eq!(verify(&mut work, &keys, anchor).await.unwrap().findings, []);
        drop(work);
        tamper(
            &mut database.superuser().await,
            format!(
                "delete from audit.row_change where xid in (select xid from audit.entry where seq > {kept} * 5);
                 delete from audit.entry where seq > {kept} * 5;
                 delete from audit.seal where seqs[1] > {kept} * 5"
            ),
        )
        .await;
        let mut work = db.begin_task().await.unwrap();
        let found = verify(&mut work, &keys, anchor).await.unwrap().findings;
        assert_eq!(found, [Finding::CutOff { anchor: n }]);
    }
}

#[tokio::test]
async fn a_seal_made_with_another_key_or_rewritten_is_refused() {
    let database = Database::new().await;
    let (db, keys) = a_sealed_log(&database).await;
    let strangers = KeyRing::for_tests().unwrap();
    let found = check(&db, &strangers).await.findings;
    assert!(found.contains(&Finding::SealForged { seal: 1 }), "{found:?}");
    for seal in [1, 4, 6] {
        let database = Database::new().await;
        let (db, keys) = a_sealed_log(&database).await;
        tamper(
            &mut database.superuser().await,
            format!("update audit.seal set at = at - interval '1 hour' where n = {seal}"),
        )
        .await;
        assert!(check(&db, &keys).await.findings.contains(&Finding::SealForged { seal }));
    }
    assert_eq!(check(&db, &keys).await.findings, []);
}

#[tokio::test]
async fn what_a_change_was_is_sealed_with_it() {
    let database = Database::new().await;
    let (db, keys) = a_sealed_log(&database).await;
    tamper(
        &mut database.superuser().await,
        r#"update audit.row_change set after = jsonb_set(after, '{name}', '"Annat"') where seq = 3"#.to_owned(),
    )
    .await;
    let found = check(&db, &keys).await.findings;
    assert!(matches!(found[..], [Finding::ChangesDiffer { seq: 15 }]), "{found:?}");
}

#[tokio::test]
async fn a_change_that_nobody_announced_is_refused_even_to_the_superuser() {
    let database = Database::new().await;
    let mut owner = database.superuser().await;
    for attempt in [
        "insert into district (id, name, code, valid_from) values (gen_random_uuid(), 'Område', 'X', '2020-01-01')",
        "set session_replication_role = replica;
         insert into district (id, name, code, valid_from) values (gen_random_uuid(), 'Område', 'X', '2020-01-01')",
    ] {
        let refused = owner.execute(attempt).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().code().unwrap(), "AU001");
        owner.execute("reset session_replication_role").await.unwrap();
    }
}

#[tokio::test]
async fn the_log_is_only_added_to() {
    let database = Database::new().await;
    let (_db, _keys) = a_sealed_log(&database).await;
    let mut owner = database.superuser().await;
    for attempt in [
        "update audit.entry set event = 'x'",
        "delete from audit.entry",
        "truncate audit.seal",
        "delete from audit.row_change",
    ] {
        let refused = owner.execute(attempt).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().code().unwrap(), "AU003", "{attempt}");
    }
}

#[tokio::test]
async fn the_log_keeps_that_a_proof_changed_and_never_the_proof() {
    let database = Database::new().await;
    let mut owner = database.superuser().await;
    owner
        .execute(
            "select set_config('app.event', 'account.created', false);
             insert into account (id, display_name, title) values (gen_random_uuid(), 'Prov', 'Prov');
             insert into identity.credential (account_id, user_name, password, code_seed)
             select id, 'prov', 'a-stored-hash', 'a-seed' from account",
        )
        .await
        .unwrap();
    let kept: Vec<String> =
        sqlx::query_scalar("select after::text from audit.row_change where table_name = 'identity.credential'")
            .fetch_all(&mut owner)
            .await
            .unwrap();
    assert_eq!(kept.len(), 1);
    assert!(
        kept[0].contains("prov") && !kept[0].contains("a-stored-hash") && !kept[0].contains("code_seed"),
        "{}",
        kept[0]
    );
}

#[tokio::test]
async fn transactions_that_finish_out_of_order_are_sealed_once_each() {
    let database = Database::new().await;
    let (db, keys) = (database.db().await, KeyRing::for_tests().unwrap());
    // The earlier transaction takes its place in the log after the later one, and commits before it.
    let mut earlier = db.begin_task().await.unwrap();
    sqlx::query("select pg_current_xact_id()").execute(&mut *earlier).await.unwrap();
    let mut later = db.begin_task().await.unwrap();
    audit::append(&mut later, &keys, NOW, &nobody(), &[Note::of(Event::CaseRead)]).await.unwrap();
    audit::append(&mut earlier, &keys, NOW, &nobody(), &[Note::of(Event::CaseRead)]).await.unwrap();
    earlier.commit().await.unwrap();
    let sealed = |count: i64| {
        let (db, keys) = (&db, &keys);
        async move {
            for _ in 0..200 {
                let mut work = db.begin_task().await.unwrap();
                if seal::seal(&mut work, keys, NOW).await.unwrap().is_some() {
                    work.commit().await.unwrap();
                    work = db.begin_task().await.unwrap();
                }
                let stands: i64 =
                    sqlx::query_scalar("select coalesce(sum(cardinality(seqs)), 0)::bigint from audit.seal")
                        .fetch_one(&mut *work)
                        .await
                        .unwrap();
                if stands >= count {
                    return stands;
                }
                tokio::time::sleep(std::time::Duration::from_millis(25)).await;
            }
            panic!("never {count} rows under seal")
        }
    };
    assert_eq!(sealed(1).await, 1);
    later.commit().await.unwrap();
    assert_eq!(sealed(2).await, 2);
    let mut work = db.begin_task().await.unwrap();
    assert!(seal::seal(&mut work, &keys, NOW).await.unwrap().is_none(), "a row was sealed twice");
    drop(work);
    assert_eq!(check(&db, &keys).await.findings, []);
}
