//! The house as it is served, without a socket. Every test has a municipality with one unit and two districts, and the
//! day is 2026-12-31 unless the test puts the clock forward.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use http_body_util::BodyExt;
use time::OffsetDateTime;
use time::macros::{date, datetime};
use tower::ServiceExt;
use utvag::access::policy::must_use_key;
use utvag::clock::Clock;
use utvag::config::Origin;
use utvag::crypto::KeyRing;
use utvag::crypto::passkey::RelyingParty;
use utvag::crypto::password::{PasswordCost, Passwords};
use utvag::db::Db;
use utvag::organisation::store::{NewOrganisation, found};
use utvag::server::edge::{Edge, around};
use utvag::server::serve::routes;
use utvag::state::{AppState, DemoLogin};
use utvag::vocabulary::Role;
use utvag::web::limit::Rate;
use uuid::Uuid;

use super::database::Database;
use super::page::Page;
use super::people::Person;

/// The day on which all tests begin, at noon in Granvik.
pub const TODAY: OffsetDateTime = datetime!(2026-12-31 11:00 UTC);

/// Where the house stands: whose passkeys are its own.
pub const ORIGIN: &str = "http://localhost:8080";

/// What the router answers, read to its end.
pub async fn answer_of(router: Router, mut request: Request<Body>) -> Page {
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from((Ipv4Addr::LOCALHOST, 40_000))));
    let asked = format!("{} {}", request.method(), request.uri());
    let answer = router.oneshot(request).await.unwrap();
    let (head, body) = answer.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Page::new(asked, head, String::from_utf8_lossy(&body).into_owned())
}

fn served(state: &AppState) -> Router {
    // Nobody in a test waits for a bucket to fill.
    let rate = Rate { per_second: 1e6, burst: 1e6, proxies: Vec::new() };
    around(routes(state.clone()), Edge { rate, ..Edge::default() })
}

/// See the module.
pub struct App {
    pub database: Database,
    pub db: Db,
    pub state: AppState,
    pub unit: Uuid,
    router: Router,
    people: AtomicU32,
}

/// The house over a database and its keys, as another process may serve it too.
pub fn house(db: Db, keys: KeyRing, clock: Clock) -> (AppState, Router) {
    let keys = Arc::new(keys);
    let passwords = Passwords::new(keys.clone(), PasswordCost::for_tests()).unwrap();
    let here = Origin::parse(ORIGIN).unwrap();
    let state = AppState::new(db, keys, passwords, clock, "Granviks kommun").at(RelyingParty::at(&here));
    let router = served(&state);
    (state, router)
}

impl App {
    pub async fn start() -> Self {
        Self::start_with(KeyRing::for_tests().unwrap()).await
    }

    /// With keys that stand in files, so that another process can have them.
    pub async fn start_with(keys: KeyRing) -> Self {
        let mut app = Self::unfounded_with(keys, Clock::held(TODAY)).await;
        let mut work = app.db.begin_task().await.unwrap();
        let founded = found(
            &mut work,
            &NewOrganisation {
                name: "Granviks kommun",
                code: "9999",
                committee: "Socialnämnden",
                committee_abbrev: "SN",
                unit: "Beroendeenheten",
                districts: &[("A", "Norr"), ("B", "Söder")],
                from: date!(2020 - 01 - 01),
                is_demo: false,
            },
        )
        .await
        .unwrap();
        super::people::write_trail(&mut work, &app.state.keys, &app.state.clock, founded.note).await;
        work.commit().await.unwrap();
        app.unit = founded.unit;
        app
    }

    /// A house whose database holds nothing yet.
    pub async fn unfounded(clock: Clock) -> Self {
        Self::unfounded_with(KeyRing::for_tests().unwrap(), clock).await
    }

    async fn unfounded_with(keys: KeyRing, clock: Clock) -> Self {
        let database = Database::new().await;
        let db = database.db().await;
        let (state, router) = house(db.clone(), keys, clock);
        Self { database, db, state, unit: Uuid::nil(), router, people: AtomicU32::new(1) }
    }

    /// The routes behind the outer layers, for tests that need a socket.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// Sends a request as it is and reads the whole answer.
    pub async fn send(&self, request: Request<Body>) -> Page {
        answer_of(self.router.clone(), request).await
    }

    /// What a browser without a session gets.
    pub async fn get(&self, path: &str) -> Page {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// A form, sent from our own page by somebody who is not signed in.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.send(super::page::form(path, fields, None)).await
    }

    pub(super) fn next_person(&self) -> u32 {
        self.people.fetch_add(1, Ordering::Relaxed)
    }

    /// Somebody in the role, signed in.
    pub async fn person(&self, role: Role) -> Person<'_> {
        Person::signs_in(self, role).await
    }

    pub async fn social_worker(&self) -> Person<'_> {
        self.person(Role::Caseworker).await
    }

    pub async fn coordinator(&self) -> Person<'_> {
        self.person(Role::Coordinator).await
    }

    pub async fn manager(&self) -> Person<'_> {
        self.person(Role::Manager).await
    }

    /// Shows who can sign in on the first page, as the embedded demo does.
    pub fn showing(self, demo: Vec<DemoLogin>) -> Self {
        let state = self.state.clone().showing(demo);
        let router = served(&state);
        Self { state, router, ..self }
    }

    /// The same house at another address, to which its passkeys belong.
    pub fn standing_at(self, origin: &str) -> Self {
        let state = self.state.clone().at(RelyingParty::at(&Origin::parse(origin).unwrap()));
        let router = served(&state);
        Self { state, router, ..self }
    }

    /// The same house, where those who see a person sign in with a key alone.
    pub fn demanding_keys(self) -> Self {
        let state = self.state.clone().demanding_keys(must_use_key);
        let router = served(&state);
        Self { state, router, ..self }
    }

    /// The log's events of a case, by its reference, in the order they were written.
    pub async fn trail(&self, reference: &str) -> Vec<String> {
        let mut owner = self.database.superuser().await;
        sqlx::query_scalar(
            "select e.event from audit.entry e join case_file c on c.id = e.case_id where c.reference = $1 order by e.seq",
        )
        .bind(reference)
        .fetch_all(&mut owner)
        .await
        .unwrap()
    }

    /// All events of the log, in the order they were written.
    pub async fn log(&self) -> Vec<String> {
        let mut owner = self.database.superuser().await;
        sqlx::query_scalar("select event from audit.entry order by seq").fetch_all(&mut owner).await.unwrap()
    }
}
