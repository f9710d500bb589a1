//! The third wall: every route, as everybody, and what it answers. The answers stand in `access_matrix.txt` and are
//! reviewed like code; `UTVAG_WRITE_MATRIX=1 cargo test access_matrix` writes it anew.

use std::fmt::Write;

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{Request, StatusCode};
use axum::response::IntoResponse;
use axum::routing::get;
use sqlx::PgConnection;
use utvag::access::CaseAccess;
use utvag::access::right::ReadCase;
use utvag::crypto::reference::CaseReference;
use utvag::error::Error;
use utvag::server::edge::{Edge, around};
use utvag::vocabulary::Role;
use utvag::web::limit::Rate;
use uuid::Uuid;

use crate::support::app::{App, answer_of};
use crate::support::fixture::{self, Furnished};
use crate::support::page::{Page, form, with_cookie};
use crate::support::routes::{self, Route};

/// Everybody who may ask. Named in the case are `soc` (responsible) and `sam` (coordinator), and nobody else.
const WHO: [(&str, Option<Role>); 10] = [
    ("soc", Some(Role::Caseworker)),
    ("soc*", Some(Role::Caseworker)),
    ("sam", Some(Role::Coordinator)),
    ("sam*", Some(Role::Coordinator)),
    ("chef", Some(Role::Manager)),
    ("polis", Some(Role::PoliceLiaison)),
    ("ctrl", Some(Role::Controller)),
    ("logg", Some(Role::LogReviewer)),
    ("adm", Some(Role::Sysadmin)),
    ("—", None),
];
const NOBODY: usize = 9;

const HEAD: &str = "\
What every route answers to everybody. Written by tests/it/access_matrix.rs; read it like code.

soc, soc*: caseworker, responsible for the case and not named in it    sam, sam*: coordinator, likewise
chef: manager   polis: police liaison   ctrl: controller   logg: log reviewer   adm: administrator   —: not signed in
A form is sent empty: where it is welcome at all, 422 says what is missing.
";

/// Routes that ask nobody who they are, and say nothing about anybody.
const OPEN: [&str; 3] = ["/halsa/", "/static/", "/komponenter"];

fn is_open(route: &Route) -> bool {
    OPEN.iter().any(|start| route.path.starts_with(start))
}

struct World {
    app: App,
    owner: PgConnection,
    /// In the order of `WHO`.
    accounts: Vec<Option<Uuid>>,
    found: Furnished,
    /// One of `soc`'s own.
    session: Uuid,
}

impl World {
    async fn new() -> Self {
        let app = App::start().await;
        let mut owner = app.database.superuser().await;
        fixture::announce(&mut owner).await;
        let mut accounts = Vec::new();
        for (name, role) in WHO {
            accounts.push(match role {
                Some(role) => Some(fixture::colleague(&mut owner, app.unit, role, name).await),
                None => None,
            });
        }
        let (responsible, coordinator) = (accounts[0].unwrap(), accounts[2].unwrap());
        let found = fixture::furnish(&mut owner, &app.state.keys, app.unit, responsible, coordinator).await;
        let (session, _) = fixture::session(&mut owner, responsible).await;
        Self { app, owner, accounts, found, session }
    }

    /// The route's address about the fixture, in the case of the reference.
    fn address(&self, route: &Route, reference: &str) -> String {
        let stylesheet = utvag::web::assets::path("css/app.css").trim_start_matches("/static/");
        let samples = [
            ("{case}", reference.to_owned()),
            ("{placement}", self.found.placement.to_string()),
            ("{intake}", self.found.intake.to_string()),
            ("{alias}", self.found.alias.to_owned()),
            ("{agreement}", self.found.agreement.to_string()),
            ("{assignment}", self.found.assignment.to_string()),
            ("{assessment}", self.found.assessment.to_string()),
            ("{session}", self.session.to_string()),
            ("{*file}", stylesheet.to_owned()),
        ];
        let address = samples.iter().fold(route.path.clone(), |path, (name, sample)| path.replace(name, sample));
        if let Some(unknown) = address.find('{') {
            panic!(
                "{}: there is no sample for `{}`. Add one to `World::address` in tests/it/access_matrix.rs, and what it \
                 names to `furnish` in tests/it/support/fixture.rs",
                route.path,
                &address[unknown..]
            );
        }
        address
    }

    /// Each time in a session of its own, because some routes end it.
    async fn ask(&mut self, router: Router, who: usize, method: &str, address: &str) -> Page {
        let cookie = match self.accounts[who] {
            Some(account) => Some(format!("__Host-session={}", fixture::session(&mut self.owner, account).await.1)),
            None => None,
        };
        let request = if method == "GET" {
            let request = with_cookie(Request::get(address), cookie.as_deref());
            request.header("sec-fetch-site", "same-origin").body(Body::empty()).unwrap()
        } else {
            let mut request = form(address, &[], cookie.as_deref());
            *request.method_mut() = method.parse().unwrap();
            request
        };
        answer_of(router, request).await
    }

    async fn status(&mut self, who: usize, route: &Route) -> StatusCode {
        let address = self.address(route, &self.found.reference);
        let status = self.ask(self.app.router(), who, route.method, &address).await.status;
        assert!(!status.is_server_error(), "{} {} to {}: {status}", route.method, route.path, WHO[who].0);
        status
    }

    /// Where somebody who may not know of the case can tell it from one that never was.
    async fn tells(&mut self, router: &Router, asked: &[Route]) -> Vec<String> {
        let never = CaseReference::draw().unwrap().as_str().to_owned();
        let mut tells = Vec::new();
        for route in asked.iter().filter(|route| route.path.contains("{case}")) {
            let (real, never) = (self.address(route, &self.found.reference), self.address(route, &never));
            for (who, (name, _)) in WHO.iter().enumerate() {
                let real = self.ask(router.clone(), who, route.method, &real).await;
                let never = self.ask(router.clone(), who, route.method, &never).await;
                let lost = self.ask(router.clone(), who, route.method, "/finns-inte-alls").await;
                let mut compare = |this: &Page, with: &Page, what: &str| {
                    let same = (this.status, &this.headers, &this.body) == (with.status, &with.headers, &with.body);
                    if !same {
                        let how = [(this, "is"), (with, "is not")].map(|(page, word)| {
                            format!("\n  {word} {} {:?} {}", page.status, page.headers, page.words())
                        });
                        tells.push(format!("{} {} to {name}: {what}{}", route.method, route.path, how.concat()));
                    }
                };
                if real.status == StatusCode::NOT_FOUND || who == NOBODY {
                    compare(&real, &never, "the case looks unlike one that never was");
                }
                if who != NOBODY {
                    compare(&never, &lost, "a case that never was looks unlike a page that is not there");
                }
            }
        }
        tells
    }
}

/// Changes last, so that what is looked at is what was furnished.
fn in_order_of_asking(routes: &[Route]) -> Vec<usize> {
    let mut order: Vec<_> = (0..routes.len()).collect();
    order.sort_by_key(|at| routes[*at].method != "GET");
    order
}

#[tokio::test]
async fn every_route_answers_everybody_as_the_matrix_says() {
    let mut world = World::new().await;
    let (open, guarded): (Vec<_>, Vec<_>) = routes::all().into_iter().partition(is_open);
    let width = guarded.iter().chain(&open).map(|route| route.path.len()).max().unwrap_or(0);
    let mut rows = vec![String::new(); guarded.len()];
    for at in in_order_of_asking(&guarded) {
        let route = &guarded[at];
        rows[at] = format!("{:<5}{:<width$}", route.method, route.path);
        for who in 0..WHO.len() {
            let status = world.status(who, route).await;
            write!(rows[at], "  {:<5}", status.as_u16()).unwrap();
        }
    }
    let mut stands = format!("{HEAD}\n{:<5}{:<width$}", "", "");
    for (name, _) in WHO {
        write!(stands, "  {name:<5}").unwrap();
    }
    stands = format!("{}\n", stands.trim_end());
    for row in rows {
        writeln!(stands, "{}", row.trim_end()).unwrap();
    }
    writeln!(stands, "\nOpen to all, and the same to all:").unwrap();
    for route in &open {
        let status = world.status(NOBODY, route).await;
        writeln!(stands, "{:<5}{:<width$}  {}", route.method, route.path, status.as_u16()).unwrap();
    }
    compare_with_file(&stands);
}

fn compare_with_file(stands: &str) {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/access_matrix.txt");
    if std::env::var_os("UTVAG_WRITE_MATRIX").is_some() {
        return std::fs::write(file, stands).unwrap();
    }
    let said = std::fs::read_to_string(file).unwrap_or_default();
    let only_in = |one: &str, other: &str| {
        let lines = one.lines().filter(|line| !other.lines().any(|known| known == *line));
        lines.fold(String::new(), |text, line| text + "  " + line + "\n")
    };
    assert!(
        said == stands,
        "the matrix has changed. It said:\n{}and now it is:\n{}If that is meant, run with UTVAG_WRITE_MATRIX=1 and have the \
         difference reviewed. The whole file said:\n{said}\nand now it is:\n{stands}",
        only_in(&said, stands),
        only_in(stands, &said),
    );
}

#[tokio::test]
async fn a_case_out_of_reach_answers_like_one_that_never_was() {
    let mut world = World::new().await;
    let router = world.app.router();
    assert_eq!(world.tells(&router, &routes::all()).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_route_that_gossips_is_found() {
    let mut world = World::new().await;
    let real = world.found.reference.clone();
    let gossip = move |Path(asked): Path<String>| {
        let known = asked == real;
        async move {
            let mut answer = Error::NotFound.into_response();
            if known {
                answer.headers_mut().insert("x-kind", "closed".parse().unwrap());
            }
            answer
        }
    };
    let honest = async |case: CaseAccess<ReadCase>| case.redirect("/", None).await;
    let rooms = Router::new()
        .route("/arenden/{case}/arlig", get(honest))
        .route("/arenden/{case}/skvaller", get(gossip))
        .fallback(async || Error::NotFound)
        .with_state(world.app.state.clone());
    let rate = Rate { per_second: 1e6, burst: 1e6, proxies: Vec::new() };
    let router = around(rooms, Edge { rate, ..Edge::default() });
    let route = |path: &str| Route { path: path.to_owned(), method: "GET" };
    let asked = [route("/arenden/{case}/arlig"), route("/arenden/{case}/skvaller")];
    let tells = world.tells(&router, &asked).await;
    // To each of the ten, also to nobody: it never asked who they are.
    assert_eq!(tells.len(), WHO.len(), "{}", tells.join("\n"));
    assert!(tells.iter().all(|tell| tell.starts_with("GET /arenden/{case}/skvaller to ")), "{}", tells.join("\n"));
}
