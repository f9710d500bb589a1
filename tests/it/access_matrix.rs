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
use crate::support::cases::make_the_case;
use crate::support::details::{self, Known};
use crate::support::fixture::{self, Furnished};
use crate::support::page::{Page, form, with_cookie};
use crate::support::reviews;
use crate::support::routes::{self, Route};

use others::{IN_CASE, NAMED_OTHERS, SHOW, THROUGH_GLASS, name_of, shown};

mod others;
mod samples;

/// Everybody who may ask. Named in the case are `soc` (responsible) and `sam` (coordinator), and nobody else.
const WHO: [(&str, Option<Role>); 11] = [
    ("soc", Some(Role::Caseworker)),
    ("soc*", Some(Role::Caseworker)),
    ("sam", Some(Role::Coordinator)),
    ("sam*", Some(Role::Coordinator)),
    ("chef", Some(Role::Manager)),
    (OTHER_UNIT, Some(Role::Manager)),
    ("polis", Some(Role::PoliceLiaison)),
    ("ctrl", Some(Role::Controller)),
    ("logg", Some(Role::LogReviewer)),
    ("adm", Some(Role::Sysadmin)),
    ("—", None),
];
const NOBODY: usize = 10;
/// The manager of a unit that the case does not belong to.
const OTHER_UNIT: &str = "chef*";

const HEAD: &str = "\
What every route answers to everybody. Written by tests/it/access_matrix.rs; read it like code.

soc, soc*: caseworker, responsible for the case and not named in it    sam, sam*: coordinator, likewise
chef, chef*: manager of the case's unit and of another one    polis: police liaison   ctrl: controller
logg: log reviewer   adm: administrator   —: not signed in
stf, med: deputy and co-worker in the case    soc°, sam°, chef°: have broken a glass before it
SHOW: 200 where the text stands on the page, 403 where it does not.
A form is sent empty: where it is welcome at all, 422 says what is missing.
";

const CLOSED: &str =
    "protection_level = 'standard', status = 'closed', closed_on = '2026-12-31', close_reason = 'other'";
const MOVED: &str =
    "protection_level = 'standard', status = 'transferred', closed_on = '2026-12-31', close_reason = 'transferred'";

/// Whether the route asks nobody who they are, and says nothing about anybody.
fn is_open(route: &Route) -> bool {
    ["/halsa/", "/static/", "/komponenter"].iter().any(|start| route.path.starts_with(start))
}

/// A house with one furnished case, and everybody.
pub(crate) struct World {
    pub app: App,
    owner: PgConnection,
    /// In the order of `WHO`.
    accounts: Vec<Option<Uuid>>,
    pub found: Furnished,
    known: Known,
    /// One of `soc`'s own.
    session: Uuid,
    /// The case, offered to `soc*`.
    handover: Uuid,
    /// Broken by `soc*`, long ago, and not reviewed.
    glass: Uuid,
    /// What `soc` is asked about the log.
    log_item: Uuid,
    /// Whose account is locked.
    suspect: Uuid,
    budget_line: Uuid,
    /// Entered by `ctrl`.
    invoice: Uuid,
    /// A longer time for the suspect, proposed by `adm`, and the grant that it would replace.
    proposal: Uuid,
    grant: Uuid,
    /// Of the suspect's account, started by `adm`.
    recovery: Uuid,
}

impl World {
    pub async fn new() -> Self {
        let app = App::start().await;
        let mut owner = app.database.superuser().await;
        fixture::announce(&mut owner).await;
        let mut accounts = Vec::new();
        let elsewhere = fixture::another_unit(&mut owner).await;
        for (name, role) in WHO {
            let unit = if name == OTHER_UNIT { elsewhere } else { app.unit };
            accounts.push(match role {
                Some(role) => Some(fixture::colleague(&mut owner, unit, role, name).await),
                None => None,
            });
        }
        let (responsible, coordinator) = (accounts[0].unwrap(), accounts[2].unwrap());
        crate::support::furnished_disclosures::verified(&mut owner, accounts[6].unwrap()).await;
        let found = fixture::furnish(&mut owner, &app.state.keys, app.unit, responsible, coordinator).await;
        let known = details::known(&mut owner, &app.state.keys, found.case, responsible).await;
        let (session, _) = fixture::session(&mut owner, responsible).await;
        let handover = fixture::offered(&mut owner, &app.state.keys, &found, responsible, accounts[1].unwrap()).await;
        let glass = fixture::broken(&mut owner, &app.state.keys, &found, accounts[1].unwrap()).await;
        let reviewer = accounts[8].unwrap();
        let log_item = reviews::asked(&mut owner, &app.state.keys, reviewer, responsible, found.case).await;
        let suspect = fixture::colleague(&mut owner, app.unit, Role::Caseworker, "Den misstänkte").await;
        let budget_line = fixture::fixture_rows::budgeted(&mut owner, accounts[7].unwrap()).await;
        let invoice = fixture::fixture_rows::invoiced(&mut owner, found.placement, accounts[7].unwrap()).await;
        let administrator = accounts[9].unwrap();
        let (proposal, grant) =
            crate::support::accounts::proposed(&mut owner, &app.state.keys, suspect, administrator).await;
        let now = app.state.clock.now();
        let recovery =
            crate::support::accounts::recovering(&mut owner, &app.state.keys, suspect, administrator, now).await;
        Self {
            app,
            owner,
            accounts,
            found,
            known,
            session,
            handover,
            glass,
            log_item,
            suspect,
            budget_line,
            invoice,
            proposal,
            grant,
            recovery,
        }
    }

    /// A session of one of them.
    pub async fn cookie(&mut self, who: usize) -> String {
        let account = self.accounts[who].unwrap();
        format!("__Host-session={}", fixture::session(&mut self.owner, account).await.1)
    }

    pub async fn get(&self, cookie: &str, address: &str) -> Page {
        let request = with_cookie(Request::get(address), Some(cookie)).header("sec-fetch-site", "same-origin");
        self.app.send(request.body(Body::empty()).unwrap()).await
    }

    /// A form, as one of them sends it.
    pub async fn post(&self, cookie: &str, address: &str, fields: &[(&str, &str)]) -> Page {
        self.app.send(form(address, fields, Some(cookie))).await
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

    /// Changes the case behind everybody's back.
    pub async fn make_the_case(&mut self, what: &'static str) {
        make_the_case(&mut self.owner, &self.found.reference, what).await;
    }

    /// The answers to a row of everybody, a line per route.
    async fn lines(&mut self, routes: &[Route], width: usize, whom: &[usize]) -> String {
        let mut lines = vec![String::new(); routes.len()];
        for at in in_order_of_asking(routes) {
            let route = &routes[at];
            lines[at] = format!("{:<5}{:<width$}", route.method, route.path);
            for who in whom.iter().copied() {
                let status = self.status(who, route).await;
                write!(lines[at], "  {:<5}", status.as_u16()).unwrap();
            }
        }
        lines.iter().fold(String::new(), |text, line| text + line.trim_end() + "\n")
    }

    async fn status(&mut self, who: usize, route: &Route) -> StatusCode {
        let (path, text) = route.path.split_once(" «").unwrap_or((&route.path, ""));
        let asked = Route { path: path.to_owned(), method: if route.method == SHOW { "GET" } else { route.method } };
        let address = self.address(&asked, &self.found.reference);
        let page = self.ask(self.app.router(), who, asked.method, &address).await;
        let status = page.status;
        assert!(!status.is_server_error(), "{} {} to {}: {status}", route.method, route.path, name_of(who));
        let lacks = status == StatusCode::OK && !page.words().contains(text.trim_end_matches('»'));
        if lacks { StatusCode::FORBIDDEN } else { status }
    }

    /// Where somebody who may not know of the case can tell it from one that never was.
    async fn tells(&mut self, router: &Router, asked: &[Route]) -> (Vec<String>, usize) {
        let never = CaseReference::draw().unwrap().as_str().to_owned();
        let (mut tells, mut pairs) = (Vec::new(), 0);
        for route in asked.iter().filter(|route| route.path.contains("{case}")) {
            let (real, never) = (self.address(route, &self.found.reference), self.address(route, &never));
            for (who, (name, _)) in WHO.iter().enumerate() {
                let real = self.ask(router.clone(), who, route.method, &real).await;
                let never = self.ask(router.clone(), who, route.method, &never).await;
                let lost = self.ask(router.clone(), who, route.method, "/finns-inte-alls").await;
                let mut compare = |this: &Page, with: &Page, what: &str| {
                    pairs += 1;
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
        (tells, pairs)
    }
}

/// Changes last, so that what is looked at is what was furnished.
fn in_order_of_asking(routes: &[Route]) -> Vec<usize> {
    let mut order: Vec<_> = (0..routes.len()).collect();
    order.sort_by_key(|at| routes[*at].method == "POST");
    order
}

#[tokio::test]
async fn every_route_answers_everybody_as_the_matrix_says() {
    let mut world = World::new().await;
    let (open, guarded): (Vec<_>, Vec<_>) = routes::all().into_iter().partition(is_open);
    let width = guarded.iter().chain(&open).map(|route| route.path.len()).max().unwrap_or(0);
    let mut stands = format!("{HEAD}\n{:<5}{:<width$}", "", "");
    for (name, _) in WHO {
        write!(stands, "  {name:<5}").unwrap();
    }
    let everybody: Vec<_> = (0..WHO.len()).collect();
    stands = format!("{}\n{}", stands.trim_end(), world.lines(&guarded, width, &everybody).await);
    let mut of_the_case: Vec<_> = guarded.into_iter().filter(|route| route.path.contains("{case}")).collect();
    of_the_case.extend(shown());
    world.with_others().await;
    stands += &world.section("The same case, to others who are named in it", &of_the_case, width, &NAMED_OTHERS).await;
    let shown = shown();
    stands += &world.section("The same case", &shown, width, &everybody[..NOBODY]).await;
    world.make_the_case("protection_level = 'closed_circle'").await;
    let circle = "The same case in a closed circle";
    stands += &world.section(circle, &of_the_case, width, &everybody).await;
    stands += &world.section(&format!("{circle}, through a glass"), &of_the_case, width, &THROUGH_GLASS).await;
    world.make_the_case(CLOSED).await;
    let closed = "The same case, closed";
    stands += &world.section(closed, &of_the_case, width, &everybody).await;
    stands += &world.section(&format!("{closed}, to others"), &of_the_case, width, &NAMED_OTHERS).await;
    world.make_the_case(MOVED).await;
    stands += &world.section("The same case, in another municipality", &of_the_case, width, &IN_CASE).await;
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
    let (open, of_the_open) = world.tells(&router, &routes::all()).await;
    assert_eq!(open, Vec::<String>::new());
    world.make_the_case("protection_level = 'closed_circle'").await;
    let (circle, of_the_circle) = world.tells(&router, &routes::all()).await;
    assert_eq!(circle, Vec::<String>::new());
    println!("figure: pairs of a case out of reach and one that never was = {}", of_the_open + of_the_circle);
    println!("figure: such pairs that differ in status, header or body = {}", open.len() + circle.len());
}

#[tokio::test]
async fn what_belongs_to_one_case_is_not_found_under_another() {
    let mut world = World::new().await;
    let (responsible, coordinator) = (world.accounts[0].unwrap(), world.accounts[2].unwrap());
    let other = fixture::empty_case(&mut world.owner, world.app.unit, responsible, coordinator).await;
    let (found, never) = (&world.found, Uuid::new_v4().to_string());
    let known = &world.known;
    let back = &found.way_back;
    let foreign = [
        found.placement,
        found.assignment,
        found.assessment,
        found.decision,
        found.investigation,
        found.child,
        known.marking,
        known.contact,
        known.relation,
        back.homecoming,
        back.meeting,
        back.group,
        back.request,
        back.outcome,
        found.plan,
        found.intervention,
        found.follow_up,
        found.deviation,
        found.check,
        found.disclosed.draft,
        found.disclosed.draft_item,
        found.reader,
        found.conflict,
    ];
    let foreign = foreign.map(|id| id.to_string());
    let mut asked = 0;
    for route in routes::all().iter().filter(|route| route.path.contains("{case}")) {
        let address = world.address(route, &other);
        let Some(foreign) = foreign.iter().find(|id| address.contains(*id)) else { continue };
        let nowhere = address.replace(foreign, &never);
        for (who, (name, _)) in WHO.iter().enumerate() {
            let foreign = world.ask(world.app.router(), who, route.method, &address).await;
            let nothing = world.ask(world.app.router(), who, route.method, &nowhere).await;
            let same = (foreign.status, &foreign.body) == (nothing.status, &nothing.body);
            assert!(same, "{} {} to {name}: {} and {}", route.method, route.path, foreign.status, nothing.status);
            assert!(foreign.status != StatusCode::OK, "{} {} to {name}", route.method, route.path);
            asked += 1;
        }
    }
    assert!(asked > 100, "only {asked} were asked");
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
        .route("/arenden/{case}/tidslinje", get(honest))
        .route("/arenden/{case}/skvaller", get(gossip))
        .fallback(async || Error::NotFound)
        .with_state(world.app.state.clone());
    let rate = Rate { per_second: 1e6, burst: 1e6, proxies: Vec::new() };
    let router = around(rooms, Edge { rate, ..Edge::default() });
    let asked =
        ["tidslinje", "skvaller"].map(|page| Route { path: format!("/arenden/{{case}}/{page}"), method: "GET" });
    let (tells, _) = world.tells(&router, &asked).await;
    assert_eq!(tells.len(), WHO.len(), "{}", tells.join("\n"));
    assert!(tells.iter().all(|tell| tell.starts_with("GET /arenden/{case}/skvaller to ")), "{}", tells.join("\n"));
}
