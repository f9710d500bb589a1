//! The house in a process of its own, so that its memory is its own: this program starts itself again with an argument.
//! It ends when the one that started it does. The same parts as `server::serve` puts together, with two differences:
//! the clock stands still, and all requests may come from one address.

use std::io::{BufRead, BufReader, Read};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use secrecy::{ExposeSecret, SecretString};
use tokio::net::TcpListener;
use utvag::clock::Clock;
use utvag::crypto::KeyRing;
use utvag::crypto::password::{PasswordCost, Passwords};
use utvag::db::Db;
use utvag::jobs;
use utvag::server::accept::{self, Limits};
use utvag::server::edge::{Edge, around};
use utvag::server::serve::routes;
use utvag::state::AppState;
use utvag::web::limit::Rate;

use crate::client::Browser;
use crate::town::NOON;

const DATABASE: &str = "UTVAG_BENCH_DATABASE";
const KEYS: &str = "UTVAG_BENCH_KEYS";
/// As `serve` has it.
const CONNECTIONS: u32 = 16;

/// What the process shall be.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// The house as it is served.
    Whole,
    /// Routes with nothing but their query: see `bare`.
    Bare,
}

impl Kind {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Bare => "bare",
        }
    }
}

/// A started process.
pub struct House {
    child: Child,
    pub port: u16,
    pub started_in: Duration,
}

impl House {
    /// Starts it and waits until it says that it is ready.
    pub async fn start(kind: Kind, database: &SecretString, keys: &Path) -> Self {
        let began = Instant::now();
        let mut child = Command::new(std::env::current_exe().unwrap())
            .arg(kind.word())
            .env(DATABASE, database.expose_secret())
            .env(KEYS, keys)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut said).unwrap();
        let port = said.trim().parse().unwrap();
        ready(port).await;
        Self { child, port, started_in: began.elapsed() }
    }

    /// Megabytes that are held now, and at most until now.
    pub fn memory(&self) -> (Option<f64>, Option<f64>) {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let field = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name))?;
            line.split_whitespace().nth(1)?.parse::<f64>().ok().map(|kib| kib / 1024.0)
        };
        (field("VmRSS:"), field("VmHWM:"))
    }
}

impl Drop for House {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// Returns when the house at the port says that it is ready.
pub async fn ready(port: u16) {
    for _ in 0..5_000 {
        if tokio::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_ok()
            && Browser::open(port, "").await.get("/halsa/redo").await.0.is_success()
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    panic!("the house never became ready");
}

/// What the started process does.
pub async fn be(kind: Kind) {
    let database = std::env::var(DATABASE).unwrap();
    let router = match kind {
        Kind::Whole => whole(&database).await,
        Kind::Bare => crate::bare::routes(&database, CONNECTIONS).await,
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    println!("{}", listener.local_addr().unwrap().port());
    let left = async {
        let waited = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new()));
        waited.await.unwrap().unwrap();
    };
    let limits = Limits { per_address: 128, closing: Duration::from_secs(1), ..Limits::default() };
    accept::serve(listener, router, limits, left).await.unwrap();
    std::process::exit(0);
}

async fn whole(database: &str) -> Router {
    let keys = Arc::new(KeyRing::open(&PathBuf::from(std::env::var(KEYS).unwrap())).unwrap());
    let db = Db::connect(database.parse().unwrap(), CONNECTIONS).await.unwrap();
    let clock = Clock::held(NOON);
    let passwords = Passwords::new(keys.clone(), PasswordCost::default()).unwrap();
    let state = AppState::new(db, keys, passwords, clock, "Granviks kommun");
    // They live as long as the process.
    std::mem::forget(jobs::start(&state, None));
    let rate = Rate { per_second: 1e6, burst: 1e6, proxies: Vec::new() };
    around(routes(state), Edge { rate, ..Edge::default() })
}

/// How long the program itself takes from nothing to ready, with its database and keys in the folder.
pub async fn start_of_the_program(folder: &Path) -> Duration {
    let began = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_utvag"))
        .args(["serve", "--data-dir"])
        .arg(folder)
        .env("UTVAG_KEYS_REQUIRED", "no")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let port = loop {
        let mut line = String::new();
        assert!(out.read_line(&mut line).unwrap() > 0, "the program did not start");
        if let Some((_, port)) = line.trim().split_once("http://localhost:") {
            break port.parse().unwrap();
        }
    };
    ready(port).await;
    let took = began.elapsed();
    // As an operator ends it, so that the next start does not have to recover.
    Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    child.wait().unwrap();
    took
}
