//! Somebody who may do everything to the database changes the log with its guards turned off: over twenty ways, each at a
//! hundred places, are all found and the place is named; and a log that nobody has touched is never suspected.

use std::cell::RefCell;
use std::collections::HashMap;

use sqlx::{AssertSqlSafe, Connection, Executor};
use utvag::audit::anchor::Anchor;
use utvag::audit::record::{Record, Row, SealRow};
use utvag::audit::verify::{Finding, Keys, check};
use utvag::audit::{self, Event, Note, Source, export};
use utvag::crypto::keyring::KeyRing;
use uuid::Uuid;

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

/// Where it was done: a finding that names one of these has found it.
#[derive(Debug, Default)]
struct Place {
    rows: Vec<i64>,
    seals: Vec<i64>,
    xids: Vec<String>,
}

impl Place {
    fn row(seq: i64) -> Self {
        Self { rows: vec![seq], ..Self::default() }
    }

    fn seal(n: i64) -> Self {
        Self { seals: vec![n], ..Self::default() }
    }

    fn is_named_by(&self, finding: &Finding) -> bool {
        match finding {
            Finding::Changed { seq } | Finding::Inserted { seq } | Finding::ChangesDiffer { seq } => {
                self.rows.contains(seq)
            }
            Finding::Missing { seq, seal } | Finding::SealedTwice { seq, seal } => {
                self.rows.contains(seq) || self.seals.contains(seal)
            }
            Finding::Broken { seal } | Finding::SealForged { seal } | Finding::ClockBack { seal } => {
                self.seals.contains(seal)
            }
            Finding::CutOff { anchor } => self.seals.contains(anchor),
            Finding::ChangesWithoutEvent { xid } => self.xids.contains(xid),
        }
    }
}

/// The record as it is tampered with, and chance.
struct Tampered {
    record: Record,
    anchors: Vec<Anchor>,
    dice: Dice,
}

impl Tampered {
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.dice.below(u64::try_from(end).unwrap())).unwrap()
    }

    fn some_row(&mut self) -> usize {
        self.below(self.record.rows.len())
    }

    fn some_seal(&mut self) -> usize {
        self.below(self.record.seals.len())
    }

    /// A row that is under a seal.
    fn sealed_row(&mut self) -> usize {
        self.below(self.record.rows.len() - 2)
    }

    fn change_row(&mut self, change: impl Fn(&mut Row, u8)) -> Place {
        let (at, bit) = (self.some_row(), u8::try_from(self.dice.below(7)).unwrap());
        change(&mut self.record.rows[at], bit);
        Place::row(self.record.rows[at].seq)
    }

    fn change_seal(&mut self, change: impl Fn(&mut SealRow, usize, u8)) -> Place {
        let (at, byte, bit) = (self.some_seal(), self.below(32), u8::try_from(self.dice.below(8)).unwrap());
        change(&mut self.record.seals[at], byte, bit);
        Place::seal(self.record.seals[at].n)
    }

    fn seals_of(&self, seq: i64) -> Vec<i64> {
        self.record.seals.iter().filter(|seal| seal.seqs.contains(&seq)).map(|seal| seal.n).collect()
    }

    /// A row that announced row changes.
    fn announcer(&mut self) -> (String, i64) {
        let xids: Vec<_> = self.record.changes.keys().cloned().collect();
        let xid = xids[self.below(xids.len())].clone();
        let seq = self.record.rows.iter().find(|row| row.xid == xid).unwrap().seq;
        (xid, seq)
    }
}

fn flip(bytes: &mut [u8], at: usize, bit: u8) {
    let at = at % bytes.len();
    bytes[at] ^= 1 << bit;
}

fn other(id: Option<Uuid>, bit: u8) -> Option<Uuid> {
    let mut bytes = id.unwrap_or_default().into_bytes();
    flip(&mut bytes, usize::from(bit), bit);
    Some(Uuid::from_bytes(bytes))
}

type Way = (&'static str, fn(&mut Tampered) -> Place);

const WAYS: &[Way] = &[
    ("a bit of the text", |log| {
        let (at, bit) = (log.some_row(), u8::try_from(log.dice.below(3)).unwrap());
        let place = log.below(log.record.rows[at].body.len());
        let mut bytes = std::mem::take(&mut log.record.rows[at].body).into_bytes();
        flip(&mut bytes, place, bit);
        log.record.rows[at].body = String::from_utf8(bytes).unwrap();
        Place::row(log.record.rows[at].seq)
    }),
    ("the event", |log| log.change_row(|row, _| row.event = "case.listed".to_owned())),
    ("the case", |log| log.change_row(|row, bit| row.case = other(row.case, bit))),
    ("the case taken away", |log| log.change_row(|row, bit| row.case = row.case.map_or(other(None, bit), |_| None))),
    ("the cases of a list", |log| log.change_row(|row, bit| row.cases.extend(other(None, bit)))),
    ("who", |log| log.change_row(|row, bit| row.actor = other(row.actor, bit))),
    ("the role", |log| log.change_row(|row, _| row.role = Some("manager".to_owned()))),
    ("when, by a millionth of a second", |log| log.change_row(|row, bit| row.at ^= 1 << bit)),
    ("the id", |log| log.change_row(|row, bit| row.id = other(Some(row.id), bit).unwrap())),
    ("a bit of the MAC", |log| log.change_row(|row, bit| flip(&mut row.mac, usize::from(bit) * 4, bit))),
    ("which key", |log| log.change_row(|row, bit| row.key_id ^= 1 << bit)),
    ("the transaction", |log| {
        let at = log.sealed_row();
        let row = &mut log.record.rows[at];
        row.xid = (row.xid.parse::<u64>().unwrap() + 1).to_string();
        let seq = row.seq;
        Place { rows: vec![seq], seals: log.seals_of(seq), xids: Vec::new() }
    }),
    ("a row taken away", |log| {
        let at = log.sealed_row();
        Place::row(log.record.rows.remove(at).seq)
    }),
    ("all rows of a seal taken away", |log| {
        let at = log.some_seal();
        let (n, seqs) = (log.record.seals[at].n, log.record.seals[at].seqs.clone());
        log.record.rows.retain(|row| !seqs.contains(&row.seq));
        Place::seal(n)
    }),
    ("a seal taken away with its rows", |log| {
        let at = log.some_seal();
        let seal = log.record.seals.remove(at);
        log.record.rows.retain(|row| !seal.seqs.contains(&row.seq));
        Place { seals: vec![seal.n, seal.n + 1], ..Place::default() }
    }),
    ("a seal taken away, its rows left", |log| {
        let at = log.some_seal();
        let seal = log.record.seals.remove(at);
        Place { seals: vec![seal.n, seal.n + 1], rows: seal.seqs, xids: Vec::new() }
    }),
    ("a row made up", |log| {
        let at = log.some_row();
        let mut row = log.record.rows[at].clone();
        (row.seq, row.id) = (10_000, Uuid::new_v4());
        row.body = row.body.replace(&log.record.rows[at].id.to_string(), &row.id.to_string());
        log.record.rows.push(row);
        Place::row(10_000)
    }),
    ("a genuine row once more", |log| {
        let at = log.some_row();
        let row = Row { seq: 10_000, ..log.record.rows[at].clone() };
        log.record.rows.push(row);
        Place::row(10_000)
    }),
    ("a line of the file once more", |log| {
        let at = log.some_row();
        let row = log.record.rows[at].clone();
        log.record.rows.insert(at, row.clone());
        Place::row(row.seq)
    }),
    ("two rows that change places", |log| {
        let one = log.below(log.record.rows.len() - 3);
        let two = one + 1;
        let (first, second) = (log.record.rows[one].seq, log.record.rows[two].seq);
        (log.record.rows[one].seq, log.record.rows[two].seq) = (second, first);
        Place { seals: log.seals_of(first), rows: vec![first, second], xids: Vec::new() }
    }),
    ("two MACs that change places", |log| {
        let (one, two) = (log.below(log.record.rows.len() - 1), log.record.rows.len() - 1);
        let mac = log.record.rows[one].mac.clone();
        log.record.rows[one].mac = std::mem::replace(&mut log.record.rows[two].mac, mac);
        Place::row(log.record.rows[one].seq)
    }),
    ("new numbers from a row on", |log| {
        let at = log.sealed_row();
        let seq = log.record.rows[at].seq;
        for row in &mut log.record.rows[at..] {
            row.seq += 1;
        }
        Place { rows: vec![seq], seals: log.seals_of(seq), xids: Vec::new() }
    }),
    ("the end cut off with its seals", |log| {
        let from = log.some_seal();
        let cut: Vec<_> = log.record.seals.drain(from..).collect();
        let kept = |seq: i64| log.record.seals.iter().any(|seal| seal.seqs.contains(&seq));
        log.record.rows.retain(|row| kept(row.seq));
        let xids: Vec<_> = log.record.rows.iter().map(|row| row.xid.clone()).collect();
        log.record.changes.retain(|xid, _| xids.contains(xid));
        Place { seals: cut.iter().map(|seal| seal.n).collect(), ..Place::default() }
    }),
    ("an old seal as the newest", |log| {
        let at = log.some_seal();
        let n = i64::try_from(log.record.seals.len()).unwrap() + 1;
        let seal = SealRow { n, ..log.record.seals[at].clone() };
        log.record.seals.push(seal);
        Place::seal(n)
    }),
    ("an old seal in the place of another", |log| {
        let at = log.below(log.record.seals.len() - 1) + 1;
        let n = log.record.seals[at].n;
        log.record.seals[at] = SealRow { n, ..log.record.seals[at - 1].clone() };
        Place::seal(n)
    }),
    ("two seals that change places", |log| {
        let at = log.below(log.record.seals.len() - 1);
        log.record.seals.swap(at, at + 1);
        Place { seals: vec![log.record.seals[at].n, log.record.seals[at + 1].n], ..Place::default() }
    }),
    ("a seal's number", |log| {
        let at = log.some_seal();
        log.record.seals[at].n += 100;
        Place::seal(log.record.seals[at].n)
    }),
    ("a seal's clock set back", |log| log.change_seal(|seal, _, _| seal.at -= 3_600_000_000)),
    ("a seal's horizon", |log| log.change_seal(|seal, _, _| seal.horizon.push('0'))),
    ("a row left out of a seal", |log| {
        log.change_seal(|seal, byte, _| {
            seal.seqs.remove(byte % seal.seqs.len());
        })
    }),
    ("a bit of a root", |log| log.change_seal(|seal, byte, bit| flip(&mut seal.root, byte, bit))),
    ("a bit of the hash before", |log| log.change_seal(|seal, byte, bit| flip(&mut seal.previous, byte, bit))),
    ("a bit of a signature", |log| log.change_seal(|seal, byte, bit| flip(&mut seal.signature, byte * 2, bit))),
    ("a bit of a seal's hash", |log| log.change_seal(|seal, byte, bit| flip(&mut seal.hash, byte, bit))),
    ("another key", |log| {
        log.change_seal(|seal, byte, _| {
            let stranger = KeyRing::for_tests().unwrap();
            seal.signature = stranger.sign_seal(&[u8::try_from(byte).unwrap()]).to_vec();
        })
    }),
    ("what a change was", |log| {
        let (xid, seq) = log.announcer();
        log.record.changes.insert(xid, "00".repeat(32));
        Place::row(seq)
    }),
    ("a change taken away", |log| {
        let (xid, seq) = log.announcer();
        log.record.changes.remove(&xid);
        Place::row(seq)
    }),
    ("a change that nobody announced", |log| {
        let xid = (log.dice.below(1_000) + 1_000_000_000).to_string();
        log.record.changes.insert(xid.clone(), "00".repeat(32));
        Place { xids: vec![xid], ..Place::default() }
    }),
    ("a forged anchor", |log| {
        let (at, byte) = (log.below(log.anchors.len()), log.below(32));
        log.anchors[at].1[byte] ^= 1;
        Place::seal(log.anchors[at].0)
    }),
];

fn anchors(record: &Record) -> Vec<Anchor> {
    record.seals.iter().map(|seal| (seal.n, seal.hash.clone().try_into().unwrap())).collect()
}

/// The keys of the house. A signature that was checked once is not checked again: that is most of the time it takes.
fn remembering(keys: &KeyRing) -> Keys<'_> {
    let known: RefCell<HashMap<(Vec<u8>, Vec<u8>), bool>> = RefCell::default();
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
    assert_eq!(found.len(), SEALS - 9);
    assert_eq!(found[0], Finding::CutOff { anchor: 10 });
}
