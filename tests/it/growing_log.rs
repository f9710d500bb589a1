//! The log while the house works: however much is written and sealed beside it, a check finds nothing that is not so.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use utvag::audit::verify::{Report, verify};
use utvag::audit::{Event, Note, seal};
use utvag::crypto::keyring::KeyRing;
use utvag::db::Db;
use utvag::error::Error;
use uuid::Uuid;

use crate::log::{NOW, a_change, begun, write};
use crate::support::database::Database;

async fn checked(db: &Db, keys: &KeyRing) -> Report {
    loop {
        match db.begin_snapshot().await {
            Err(Error::Unavailable) => tokio::time::sleep(Duration::from_millis(20)).await,
            work => return verify(&mut work.unwrap(), keys, None).await.unwrap(),
        }
    }
}

#[tokio::test]
async fn a_log_that_grows_while_it_is_checked_is_never_suspected() {
    let database = Database::new().await;
    let (db, keys) = (Db::connect(database.app_options(), 12).await.unwrap(), KeyRing::for_tests().unwrap());
    let enough = AtomicBool::new(false);
    let (written, sealed) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let goes_on = || !enough.load(Ordering::Relaxed);
    let reading = async {
        while goes_on() {
            write(&db, &keys, Note::of(Event::CaseRead).about(Uuid::new_v4())).await;
            written.fetch_add(1, Ordering::Relaxed);
        }
    };
    let changing = async {
        let mut round = 0;
        while goes_on() {
            a_change(&db, &keys, round).await;
            round += 1;
        }
    };
    let sealing = async {
        while goes_on() {
            let mut work = begun(&db).await;
            if seal::seal(&mut work, &keys, NOW).await.unwrap().is_some() {
                work.commit().await.unwrap();
                sealed.fetch_add(1, Ordering::Relaxed);
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    let checking = async {
        let (mut rows, mut before) = (0, 0);
        for round in 0..50 {
            // New rows before each check, and a seal before every fifth. Of two rows it can have seen one already.
            while written.load(Ordering::Relaxed) < before + 2 || sealed.load(Ordering::Relaxed) <= round / 5 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            let report = checked(&db, &keys).await;
            before = written.load(Ordering::Relaxed);
            assert_eq!(report.findings, [], "round {round}, {} rows", report.rows);
            assert!(report.rows > rows, "round {round}: it did not grow since the one before");
            rows = report.rows;
        }
        enough.store(true, Ordering::Relaxed);
    };
    tokio::join!(reading, changing, sealing, checking);
}
