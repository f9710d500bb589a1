//! The house in a process of its own, so that it can be killed in the middle of its work and started again.

use std::env;
use std::net::{Ipv4Addr, TcpListener as Port};
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio::time::sleep;
use utvag::clock::Clock;
use utvag::crypto::KeyRing;
use utvag::db::Db;
use utvag::server::accept::{self, Limits};
use uuid::Uuid;

use crate::support::app::{App, TODAY, house};

const DATABASE: &str = "UTVAG_TEST_HOUSE_DATABASE";
const KEYS: &str = "UTVAG_TEST_HOUSE_KEYS";
const PORT: &str = "UTVAG_TEST_HOUSE_PORT";

/// See the module.
pub struct House {
    pub app: App,
    pub port: u16,
    keys: PathBuf,
    process: Mutex<Option<Child>>,
}

impl Drop for House {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.keys));
    }
}

impl House {
    /// A municipality, served by another process than this.
    pub async fn opened() -> Self {
        let keys = env::temp_dir().join(format!("utvag-keys-{}", Uuid::new_v4().simple()));
        KeyRing::create(&keys).unwrap();
        let app = App::start_with(KeyRing::open(&keys).unwrap()).await;
        let port = Port::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let house = Self { app, port, keys, process: Mutex::new(None) };
        house.starts().await;
        house
    }

    /// On the same database, with the same keys, at the same port.
    pub async fn starts(&self) {
        let process = Command::new(env::current_exe().unwrap())
            .args(["--exact", "serving::serves_until_it_is_killed", "--nocapture"])
            .env(DATABASE, self.app.database.address())
            .env(KEYS, &self.keys)
            .env(PORT, self.port.to_string())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        *self.process.lock().unwrap() = Some(process);
        let limit = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).await.is_err() {
            assert!(Instant::now() < limit, "the house does not open at {}", self.port);
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// With SIGKILL, which nobody can put off; returns when it is dead.
    pub async fn is_killed(&self) {
        let process = self.process.lock().unwrap().take();
        process.unwrap().kill().await.unwrap();
    }
}

/// No test: what the process above does. Without its settings it does nothing.
#[tokio::test(flavor = "multi_thread")]
async fn serves_until_it_is_killed() {
    let (Ok(database), Ok(keys), Ok(port)) = (env::var(DATABASE), env::var(KEYS), env::var(PORT)) else { return };
    let db = Db::connect(database.parse().unwrap(), 8).await.unwrap();
    let (_, router) = house(db, KeyRing::open(PathBuf::from(keys).as_path()).unwrap(), Clock::held(TODAY));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port.parse::<u16>().unwrap())).await.unwrap();
    accept::serve(listener, router, Limits::default(), std::future::pending()).await.unwrap();
}
