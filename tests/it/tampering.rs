//! Somebody who may do everything to the database changes the log with its guards turned off: over twenty ways, each at a
//! hundred places, are all found and the place is named; and a log that nobody has touched is never suspected.

mod ways;

use std::cell::RefCell;
use std::collections::HashMap;

use sqlx::{AssertSqlSafe, Connection, Executor};
use utvag::audit::anchor::Anchor;
use utvag::audit::record::Record;
use utvag::audit::verify::{Finding, Keys, check};
use utvag::audit::{self, Event, Note, Source, export};
use utvag::crypto::keyring::KeyRing;
use uuid::Uuid;

use ways::{Place, Tampered, WAYS};

use crate::log::{NOW, a_change, seal_now};
use crate::support::database::Database;
use crate::support::dice::Dice;

const SEALS: usize = 16;
const PLACES: u64 = 100;
const CLEAN: u64 = 1_000;

/// A log with people and cases in it, under sixteen seals, and two rows that are not sealed yet.
async fn a_log(database: &Database) -> KeyRing {
    let (db, keys) = (database.db().await, KeyRing::for_tests().unwrap());
    let write = async |events: &[Event]| {
        let source = Source {
            actor: Some(Uuid::new_v4()),
            role: Some("coordinator"),
            session: Some(Uuid::new_v4()),
            address: Some("10.0.0.7".to_owned()),
            request: Uuid::now_v7(),
        };
        let notes: Vec<_> = events
            .iter()
            .map(|event| Note { cases: vec![Uuid::new_v4()], ..Note::of(*event).about(Uuid::new_v4()) })
            .collect();
        let mut work = db.begin_task().await.unwrap();
        audit::append(&mut work, &keys, NOW, &source, &notes).await.unwrap();
        work.commit().await.unwrap();
    };
    for round in 0..SEALS {
        write(&[Event::CaseRead, Event::JournalShown]).await;
        write(&[Event::CaseRead]).await;
        a_change(&db, &keys, i64::try_from(round).unwrap()).await;
        write(&[Event::LocationOpened]).await;
        seal_now(&db, &keys).await;
    }
    write(&[Event::CaseRead]).await;
    write(&[Event::CaseRefused]).await;
    keys
}

fn anchors(record: &Record) -> Vec<Anchor> {
    record.seals.iter().map(|seal| (seal.n, seal.hash.clone().try_into().unwrap())).collect()
}

/// Text and signature, and whether they go together.
type Signatures = HashMap<(Vec<u8>, Vec<u8>), bool>;

/// The keys of the house. A signature that was checked once is not checked again: that is most of the time it takes.
fn remembering(keys: &KeyRing) -> Keys<'_> {
    let known: RefCell<Signatures> = RefCell::default();
    Keys::asking(
        |row| u8::try_from(row.key_id).is_ok_and(|id| keys.log_mac_matches(id, row.body.as_bytes(), &row.mac)),
        move |text, signature| {
            let asked = (text.to_vec(), signature.to_vec());
            *known.borrow_mut().entry(asked).or_insert_with(|| keys.seal_signature_matches(text, signature))
        },
    )
}

/// The log as it comes out of the database and back from a file.
async fn exported(database: &Database, keys: &KeyRing) -> Record {
    let mut work = database.db().await.begin_task().await.unwrap();
    let record = Record::read(&mut work).await.unwrap();
    let mut file = Vec::new();
    export::write(&mut file, &record, &keys.seal_public_key()).unwrap();
    let back = export::read(file.as_slice()).unwrap();
    assert_eq!(back, record);
    back
}

#[tokio::test]
async fn every_way_of_tampering_is_found_at_every_place_and_the_place_is_named() {
    let database = Database::new().await;
    let keys = a_log(&database).await;
    let record = exported(&database, &keys).await;
    let (asked, known) = (remembering(&keys), anchors(&record));
    assert_eq!(check(&record, &asked, &known).findings, []);
    assert!(WAYS.len() >= 20 && record.rows.len() > 80);
    let seed = u64::from(Uuid::new_v4().as_fields().0);
    let mut tried = 0;
    for (number, (name, way)) in (0..).zip(WAYS) {
        for place in 0..PLACES {
            let dice = Dice::new(seed ^ (number * 1_000 + place));
            let mut log = Tampered { record: record.clone(), anchors: known.clone(), dice };
            let at = way(&mut log);
            let findings = check(&log.record, &asked, &log.anchors).findings;
            assert!(
                findings.iter().any(|finding| at.is_named_by(finding)),
                "{name}, seed {seed}: {at:?}, {findings:?}"
            );
            tried += 1;
        }
    }
    println!("{tried} of {tried} found, seed {seed}");
    println!("figure: ways of tampering with the log tried and found = {tried} of {tried}");
}

#[tokio::test]
async fn a_log_that_nobody_has_touched_is_never_suspected() {
    let database = Database::new().await;
    let keys = a_log(&database).await;
    let record = exported(&database, &keys).await;
    let (asked, known, public) = (remembering(&keys), anchors(&record), keys.seal_public_key());
    assert_eq!(check(&record, &Keys::public(&public), &known).findings, []);
    let mut dice = Dice::new(u64::from(Uuid::new_v4().as_fields().0));
    for _ in 0..CLEAN {
        // As it was at some moment: so many seals, some rows that waited for the next, and some anchors.
        let seals = usize::try_from(dice.below(u64::try_from(SEALS).unwrap() + 1)).unwrap();
        let sealed: usize = record.seals[..seals].iter().map(|seal| seal.seqs.len()).sum();
        let waiting = usize::try_from(dice.below(6)).unwrap().min(record.rows.len() - sealed);
        let rows = record.rows[..sealed + waiting].to_vec();
        let mut changes = record.changes.clone();
        changes.retain(|xid, _| rows.iter().any(|row| row.xid == *xid));
        let then = Record { rows, changes, seals: record.seals[..seals].to_vec() };
        let mut outside = known[..seals].to_vec();
        outside.retain(|_| dice.below(2) == 0);
        assert_eq!(check(&then, &asked, &outside).findings, []);
    }
}

#[tokio::test]
async fn somebody_with_the_public_key_alone_finds_what_is_sealed() {
    let database = Database::new().await;
    let keys = a_log(&database).await;
    let record = exported(&database, &keys).await;
    let public = keys.seal_public_key();
    let mut log = Tampered { record, anchors: Vec::new(), dice: Dice::new(1) };
    let at = log.sealed_row();
    let body = log.record.rows[at].body.replace("10.0.0.7", "10.0.0.8");
    log.record.rows[at].body = body;
    let (seq, seals) = (log.record.rows[at].seq, log.seals_of(log.record.rows[at].seq));
    let findings = check(&log.record, &Keys::public(&public), &[]).findings;
    assert_eq!(findings, [Finding::Broken { seal: seals[0] }], "row {seq}");
    let stranger = KeyRing::for_tests().unwrap().seal_public_key();
    assert!(check(&log.record, &Keys::public(&stranger), &[]).findings.contains(&Finding::SealForged { seal: 1 }));
}

#[tokio::test]
async fn a_file_that_was_cut_or_added_to_is_no_log() {
    let database = Database::new().await;
    let keys = a_log(&database).await;
    let record = exported(&database, &keys).await;
    let mut file = Vec::new();
    export::write(&mut file, &record, &keys.seal_public_key()).unwrap();
    let text = String::from_utf8(file).unwrap();
    let said = |text: String| export::read(text.as_bytes()).unwrap_err().to_string();
    let cut = text.trim_end().rsplit_once('\n').unwrap().0.to_owned();
    assert!(said(cut).contains("cut off"));
    assert!(said(text.clone() + text.trim_end().lines().last().unwrap()).contains("added to"));
    assert_eq!(said(text.replacen("\"mac\"", "\"mcc\"", 1)), "line 2 is not a line of a log");
    assert_eq!(said(String::new()), "line 1 is not a line of a log");
}

/// What is done in the database itself, with `$` for the place: a row, or a seal.
const IN_THE_DATABASE: &[(&str, &str, bool)] = &[
    ("the event", "update audit.entry set event = 'case.listed' where seq = $", true),
    ("the text", "update audit.entry set body = replace(body, '10.0.0.7', '10.0.0.8') || ' ' where seq = $", true),
    ("the MAC", "update audit.entry set mac = set_byte(mac, 7, 255 - get_byte(mac, 7)) where seq = $", true),
    ("which key", "update audit.entry set key_id = key_id + 1 where seq = $", true),
    ("when", "update audit.entry set at = at + interval '1 microsecond' where seq = $", true),
    ("who", "update audit.entry set actor_id = gen_random_uuid() where seq = $", true),
    ("the cases", "update audit.entry set cases = cases || gen_random_uuid() where seq = $", true),
    ("the id", "update audit.entry set id = gen_random_uuid() where seq = $", true),
    ("taken away", "delete from audit.entry where seq = $", true),
    (
        "the rows of a seal",
        "delete from audit.entry where seq = any (select unnest(seqs) from audit.seal where n = $)",
        false,
    ),
    ("a seal", "delete from audit.seal where n = $", false),
    ("a seal's clock", "update audit.seal set at = at - interval '1 hour' where n = $", false),
    ("a seal's root", "update audit.seal set root = sha256(root) where n = $", false),
    ("a seal's rows", "update audit.seal set seqs = seqs[2:] where n = $", false),
    (
        "a signature",
        "update audit.seal set signature = set_byte(signature, 3, 255 - get_byte(signature, 3)) where n = $",
        false,
    ),
];

#[tokio::test]
async fn what_is_done_in_the_database_itself_is_found_there() {
    let database = Database::new().await;
    let keys = a_log(&database).await;
    let mut owner = database.superuser().await;
    let whole = Record::read(&mut owner).await.unwrap();
    let (asked, known) = (remembering(&keys), anchors(&whole));
    let mut dice = Dice::new(u64::from(Uuid::new_v4().as_fields().0));
    for (name, statement, in_a_row) in IN_THE_DATABASE {
        for _ in 0..4 {
            let place = match in_a_row {
                true => dice.pick(&whole.rows[..whole.rows.len() - 2]).seq,
                false => dice.pick(&whole.seals).n,
            };
            let mut work = owner.begin().await.unwrap();
            for table in ["entry", "row_change", "seal"] {
                let off = format!("alter table audit.{table} disable trigger all");
                work.execute(AssertSqlSafe(off)).await.unwrap();
            }
            work.execute(AssertSqlSafe(statement.replace('$', &place.to_string()))).await.unwrap();
            let found = check(&Record::read(&mut work).await.unwrap(), &asked, &known).findings;
            work.rollback().await.unwrap();
            let at = match in_a_row {
                true => Place::row(place),
                false => Place { seals: vec![place, place + 1], ..Place::default() },
            };
            assert!(found.iter().any(|finding| at.is_named_by(finding)), "{name} at {place}: {found:?}");
        }
    }
    assert_eq!(check(&Record::read(&mut owner).await.unwrap(), &asked, &known).findings, []);
}

#[tokio::test]
async fn a_database_put_back_to_an_old_copy_that_goes_on_is_known_from_the_anchors() {
    let database = Database::new().await;
    let keys = a_log(&database).await;
    let mut owner = database.superuser().await;
    let known = anchors(&Record::read(&mut owner).await.unwrap());
    for table in ["entry", "row_change", "seal"] {
        owner.execute(AssertSqlSafe(format!("alter table audit.{table} disable trigger all"))).await.unwrap();
    }
    owner
        .execute(
            "delete from audit.row_change where xid in (select xid from audit.entry where seq > (select max(s) from audit.seal, unnest(seqs) s where n <= 9));
             delete from audit.entry where seq > (select max(s) from audit.seal, unnest(seqs) s where n <= 9);
             delete from audit.seal where n > 9",
        )
        .await
        .unwrap();
    // Work goes on after it, rightly sealed.
    let db = database.db().await;
    for round in 100..103 {
        a_change(&db, &keys, round).await;
        seal_now(&db, &keys).await;
    }
    let record = Record::read(&mut owner).await.unwrap();
    assert_eq!(check(&record, &Keys::ring(&keys), &[]).findings, [], "by itself it is whole");
    let found = check(&record, &Keys::ring(&keys), &known).findings;
    assert_eq!(found.len(), known.len() - 9, "{found:?}");
    assert_eq!(found[0], Finding::CutOff { anchor: 10 });
}

#[tokio::test]
async fn whoever_checks_the_log_writes_nothing() {
    let database = Database::new().await;
    let mut work = database.db().await.begin_snapshot().await.unwrap();
    let refused = sqlx::query("delete from form_draft").execute(&mut *work).await.unwrap_err();
    assert_eq!(utvag::error::sqlstate(&refused).as_deref(), Some("25006"));
}
