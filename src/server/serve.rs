//! Starting and stopping: a database with its roles and tables, the keys, the routes behind the outer door.

use std::io;
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::PgConnectOptions;
use tokio::net::TcpListener;

use super::accept::{self, Limits};
use super::edge::{Edge, around};
use crate::clock::Clock;
use crate::crypto::keyring::KeyRing;
use crate::crypto::password::{PasswordCost, Passwords};
use crate::crypto::token::Token;
use crate::db::local::{Durability, LocalServer};
use crate::db::{Db, bootstrap};
use crate::error::Error;
use crate::state::AppState;
use crate::{
    assignment, case, casefile, day, health, jobs, person, placement, programme, provider, signin, threat, web,
};

/// Ports tried, one after the other.
const PORTS: std::ops::Range<u16> = 8080..8100;

/// Serves from a private Postgres in the folder, on the loopback address alone, until asked to stop.
pub async fn serve_private(folder: &Path) -> Result<(), Failure> {
    let at = folder.to_owned();
    let server = tokio::task::spawn_blocking(move || LocalServer::start(&at, Durability::Safe)).await??;
    let app_password = SecretString::from(Token::draw()?.reveal().to_owned());
    let owner = options(&server.url("postgres", server.superuser(), server.password()))?;
    bootstrap::prepare(&owner, &app_password).await?;
    let keys = folder.join("keys");
    if !keys.exists() {
        KeyRing::create(&keys)?;
    }
    let keys = Arc::new(KeyRing::open(&keys)?);
    let db = Db::connect(options(&server.url("postgres", "utvag_app", &app_password))?, 16).await?;
    let sealing = tokio::spawn(jobs::seal_every_second(db.clone(), keys.clone(), Clock::System));
    let listener = listen().await?;
    println!("http://localhost:{}", listener.local_addr()?.port());
    let edge = Edge::default();
    let units = edge.units.clone();
    let passwords = Passwords::new(keys.clone(), PasswordCost::default())?;
    let state = AppState::new(db.clone(), keys, passwords, Clock::System, "");
    accept::serve(listener, around(routes(state), edge), Limits::default(), asked_to_stop()).await?;
    // Saves that nobody waits for any more are finished all the same.
    if tokio::time::timeout(Duration::from_secs(25), units.finished()).await.is_err() {
        tracing::warn!("stopped with requests under way");
    }
    sealing.abort();
    db.close().await;
    tokio::task::spawn_blocking(move || drop(server)).await?;
    Ok(())
}

/// Every route there is.
pub fn routes(state: AppState) -> Router {
    let routes = Router::new()
        .merge(health::router())
        .merge(web::assets::router())
        .merge(signin::routes())
        .merge(threat::routes())
        .merge(provider::routes())
        .merge(placement::routes())
        .merge(casefile::routes())
        .merge(programme::routes())
        .merge(person::routes())
        .merge(case::routes())
        .merge(assignment::routes())
        .merge(day::routes());
    #[cfg(debug_assertions)]
    let routes = routes.merge(web::components::router());
    routes.fallback(|| async { Error::NotFound }).with_state(state)
}

async fn listen() -> io::Result<TcpListener> {
    let mut taken = None;
    for port in PORTS {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
            Ok(listener) => return Ok(listener),
            Err(error) => taken = Some(error),
        }
    }
    Err(taken.unwrap_or_else(|| io::Error::from(io::ErrorKind::AddrInUse)))
}

async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

fn options(url: &SecretString) -> Result<PgConnectOptions, Failure> {
    Ok(url.expose_secret().parse()?)
}

/// Why the program did not start, or did not stop as it should.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error(transparent)]
    Postgres(#[from] crate::db::local::LocalError),
    #[error(transparent)]
    House(#[from] Error),
    #[error(transparent)]
    Keys(#[from] crate::crypto::keyfile::KeyError),
    #[error("The address of the database cannot be read.")]
    Address(#[from] sqlx::Error),
    #[error("The network said no: {0}")]
    Network(#[from] io::Error),
    #[error("A part of the program stopped by itself: {0}")]
    Task(#[from] tokio::task::JoinError),
}
