//! Starting and stopping: a database, the keys, the routes behind the outer door. Either a private Postgres in a folder,
//! with roles and tables made on the way, or the municipality's own database, of which nothing is made or changed here.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn_with_state;
use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::PgConnectOptions;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::accept::{self, Limits};
use super::edge::{Edge, around};
use crate::access::policy::must_use_key;
use crate::clock::Clock;
use crate::config::{Origin, SettingFault, Settings};
use crate::crypto::keyring::KeyRing;
use crate::crypto::passkey::RelyingParty;
use crate::crypto::password::{PasswordCost, Passwords};
use crate::crypto::token::Token;
use crate::db::local::{Durability, LocalServer};
use crate::db::{Db, bootstrap};
use crate::error::Error;
use crate::state::AppState;
use crate::web::client::Network;
use crate::{
    account, alarm, assignment, board, break_glass, case, casefile, check, compromise, conditions, conflict, consent,
    coordination, day, death, decision, deviation, disclosure, draft, economy, exposure, follow_up, funding, health,
    homecoming, intake, intervention, investigation, jobs, journal, log_review, meeting, motivation, organisation,
    outcome, person, placement, plan, police_view, programme, provider, reading_log, recovery, search, seed, setting,
    signin, staffing, threat, web,
};

/// Ports tried by a private server, one after the other.
const PORTS: std::ops::Range<u16> = 8080..8100;
/// Enough for two cores; more would wait in the database instead of here.
const CONNECTIONS: u32 = 16;

/// Whether a private database that nobody has used yet is given an invented municipality.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Demo {
    Yes,
    No,
}

/// Serves from a private Postgres in the folder, on the loopback address alone, until asked to stop.
pub async fn serve_private(folder: &Path, demo: Demo) -> Result<(), Failure> {
    say("Startar databasen …");
    let at = folder.to_owned();
    let server = tokio::task::spawn_blocking(move || LocalServer::start(&at, Durability::Safe)).await??;
    let app_password = SecretString::from(Token::draw()?.reveal().to_owned());
    let owner = options(&server.url("postgres", server.superuser(), server.password()))?;
    bootstrap::prepare(&owner, &app_password).await?;
    let keys = folder.join("keys");
    if !keys.exists() {
        KeyRing::create(&keys)?;
    }
    let db = Db::connect(options(&server.url("postgres", "utvag_app", &app_password))?, CONNECTIONS).await?;
    let mut state = state(db, KeyRing::open(&keys)?).await?;
    if demo == Demo::Yes {
        if seed::is_empty(&state).await? {
            say("Lägger upp en påhittad kommun att prova med …");
            seed::demo(&state).await?;
            let name = municipality(&state).await?;
            state = state.of(&name);
        }
        // Empty where the folder holds a real municipality.
        let logins = seed::logins(&state).await?;
        state = state.showing(logins);
    }
    let (listener, stop) = (listen_privately().await?, Stop::listen()?);
    // One's own on one's own machine: keys work there, and codes do.
    let here = Origin::parse(&format!("http://localhost:{}", listener.local_addr()?.port()));
    let state = state.at(here.as_ref().and_then(RelyingParty::at));
    println!("{}", greeting(&state, listener.local_addr()?));
    open(state, listener, stop, (Edge::default(), Limits::default()), Some(folder.join("seals"))).await?;
    tokio::task::spawn_blocking(move || drop(server)).await?;
    Ok(())
}

/// Serves from the database of the settings, whose tables must be of this program's version, until asked to stop.
pub async fn serve(settings: Settings) -> Result<(), Failure> {
    let proxies = networks(&settings.proxies)?;
    let keys = KeyRing::open(&settings.keys)?;
    bootstrap::reach(&settings.database).await?;
    let db = Db::connect(settings.database, CONNECTIONS).await?;
    bootstrap::refuse_other_version(&db).await??;
    let passkeys = settings.origin.as_ref().and_then(RelyingParty::at);
    if settings.keys_required && passkeys.is_none() {
        let why = "passkeys belong to a name and not to a number: write https:// and the name that users type";
        return Err(SettingFault::Unreadable("UTVAG_ORIGIN", why).into());
    }
    let state = state(db, keys).await?.at(passkeys);
    let state = if settings.keys_required { state.demanding_keys(must_use_key) } else { state };
    if state.municipality.is_empty() {
        tracing::warn!("nobody can sign in yet: make the first administrator with `utvag bootstrap`, then start again");
    }
    let mut edge =
        Edge { origin: settings.origin.as_ref().map(|origin| Arc::from(origin.as_str())), ..Edge::default() };
    edge.rate.proxies.clone_from(&proxies);
    let limits = Limits { unlimited: proxies, ..Limits::default() };
    let (listener, stop) = (TcpListener::bind(settings.listen).await?, Stop::listen()?);
    let here = settings.origin.map_or_else(|| listener.local_addr().map(origin_of), Ok)?;
    println!("Utväg: {here}");
    open(state, listener, stop, (edge, limits), settings.seal_file).await
}

async fn state(db: Db, keys: KeyRing) -> Result<AppState, Failure> {
    let keys = Arc::new(keys);
    let passwords = Passwords::new(keys.clone(), PasswordCost::default())?;
    let state = AppState::new(db, keys, passwords, Clock::System, "");
    let name = municipality(&state).await?;
    Ok(state.of(&name))
}

/// Nothing before it is founded.
async fn municipality(state: &AppState) -> Result<String, Failure> {
    let mut work = state.db().begin_task().await?;
    Ok(organisation::store::name(&mut work).await?.unwrap_or_default())
}

/// Opens the house and closes it behind the last one.
async fn open(
    state: AppState,
    listener: TcpListener,
    stop: Stop,
    (edge, limits): (Edge, Limits),
    seals: Option<PathBuf>,
) -> Result<(), Failure> {
    let (db, units) = (state.db().clone(), edge.units.clone());
    let jobs = jobs::start(&state, seals);
    accept::serve(listener, around(routes(state), edge), limits, stop.asked()).await?;
    // Saves that nobody waits for any more are finished all the same.
    if tokio::time::timeout(Duration::from_secs(25), units.finished()).await.is_err() {
        tracing::warn!("stopped with requests under way");
    }
    drop(jobs);
    db.close().await;
    Ok(())
}

/// Every route there is.
pub fn routes(state: AppState) -> Router {
    let routes = Router::new()
        .merge(health::router())
        .merge(web::assets::router())
        .merge(signin::routes())
        .merge(threat::routes())
        .merge(disclosure::routes())
        .merge(police_view::routes())
        .merge(economy::routes())
        .merge(funding::routes())
        .merge(alarm::routes())
        .merge(decision::routes())
        .merge(investigation::routes())
        .merge(motivation::routes())
        .merge(provider::routes())
        .merge(placement::routes())
        .merge(plan::routes())
        .merge(intervention::routes())
        .merge(follow_up::routes())
        .merge(casefile::routes())
        .merge(programme::routes())
        .merge(coordination::routes())
        .merge(board::routes())
        .merge(person::routes())
        .merge(case::routes())
        .merge(intake::routes())
        .merge(consent::routes())
        .merge(journal::routes())
        .merge(assignment::routes())
        .merge(account::routes())
        .merge(day::routes())
        .merge(homecoming::routes())
        .merge(meeting::routes())
        .merge(outcome::routes())
        .merge(deviation::routes())
        .merge(check::routes())
        .merge(search::routes())
        .merge(conflict::routes())
        .merge(reading_log::routes())
        .merge(break_glass::routes())
        .merge(log_review::routes())
        .merge(compromise::routes())
        .merge(draft::routes())
        .merge(staffing::routes())
        .merge(recovery::routes())
        .merge(setting::routes())
        .merge(conditions::routes())
        .merge(death::routes());
    #[cfg(debug_assertions)]
    let routes = routes.merge(web::components::router());
    let stop_places = from_fn_with_state(state.clone(), exposure::stop);
    let keep_drafts = from_fn_with_state(state.clone(), draft::keep);
    // Around the others: what meets an ended session is kept before anybody reads it.
    let keep_unsent = from_fn_with_state(state.clone(), signin::keep_unsent);
    routes
        .fallback(|| async { Error::NotFound })
        .layer(stop_places)
        .layer(keep_drafts)
        .layer(keep_unsent)
        .with_state(state)
}

/// What whoever started a private server reads: in Swedish, like the pages.
fn greeting(state: &AppState, address: SocketAddr) -> String {
    // The name and not the number: cookies and passkeys need it.
    let here = format!("Utväg: http://localhost:{}", address.port());
    let Some(first) = state.demo.first() else { return here };
    let municipality = &state.municipality;
    let lines = state
        .demo
        .iter()
        .map(|login| format!("  {:<15}{} ({})", login.user_name, login.name, login.role.label().to_lowercase()));
    format!(
        "{here}\n\n{municipality} är påhittad, med alla personer, ärenden och belopp. Logga in som:\n\n{}\n\n\
         Lösenord för alla: {}\nEngångskoder visas på sidan Logga in. Avsluta med Ctrl-C.",
        lines.collect::<Vec<_>>().join("\n"),
        first.password.expose_secret()
    )
}

fn origin_of(address: SocketAddr) -> Origin {
    let here = format!("http://{address}");
    Origin::parse(&here).unwrap_or_else(|| unreachable!("an address is an origin"))
}

async fn listen_privately() -> io::Result<TcpListener> {
    let mut taken = None;
    for port in PORTS {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
            Ok(listener) => return Ok(listener),
            Err(error) => taken = Some(error),
        }
    }
    Err(taken.unwrap_or_else(|| io::Error::from(io::ErrorKind::AddrInUse)))
}

fn networks(typed: &[String]) -> Result<Vec<Network>, SettingFault> {
    let fault = "write addresses or ranges with commas between, such as 10.0.0.0/8,fd00::/8";
    typed.iter().map(|one| one.parse().map_err(|_| SettingFault::Unreadable("UTVAG_PROXIES", fault))).collect()
}

/// What asks the program to stop. Listened to before anybody is told that it serves: a signal that came earlier would end
/// the program and leave its database running.
struct Stop {
    terminate: Signal,
    interrupt: Signal,
}

impl Stop {
    fn listen() -> io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn asked(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

fn options(url: &SecretString) -> Result<PgConnectOptions, Failure> {
    Ok(url.expose_secret().parse()?)
}

/// Progress, for whoever waits at the terminal.
fn say(what: &str) {
    eprintln!("{what}");
}

/// Why the program did not start, or did not stop as it should.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error(transparent)]
    Postgres(#[from] crate::db::local::LocalError),
    #[error(transparent)]
    Setting(#[from] SettingFault),
    #[error(transparent)]
    Version(#[from] bootstrap::VersionFault),
    #[error(transparent)]
    Unreachable(#[from] bootstrap::Unreachable),
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
