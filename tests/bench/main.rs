//! How fast the house is, how much it holds and how it grows: `cargo bench`, or `cargo bench -- --quick` for a first look.
//! `cargo bench -- --life` only measures the case with five years behind it, and
//! `cargo bench -- --hold 50000` only fills a database and says where it is.
//!
//! The house serves in a process of its own over real sockets, behind its real outer layers, from a throw-away Postgres on
//! the same machine. A page's time is measured by the one who asks, from the first byte sent to the last one read: what
//! the server itself needs is a little less. The yardstick is a handler with the page's main query and nothing else.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a benchmark fills the database past the program's checked queries, and fails where it stands"
)]

mod bare;
mod client;
mod figures;
#[path = "../it/support/fixture.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod fixture;
#[path = "../it/support/furnished_back.rs"]
mod furnished_back;
#[path = "../it/support/furnished_disclosures.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod furnished_disclosures;
mod house;
mod life;
mod town;

use std::path::Path;
use std::time::{Duration, Instant};

use secrecy::SecretString;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Executor};
use tokio::task::JoinSet;
use utvag::crypto::KeyRing;
use utvag::crypto::token::Token;
use utvag::db::bootstrap;
use utvag::db::local::LocalServer;

use client::Browser;
use figures::{Aim, Table, Times};
use house::{House, Kind};
use town::Town;

/// What is asked for, as whom.
const PAGES: [&str; 6] =
    ["Min dag", "Case list", "Case", "Placements of a case", "One placement", "Placements of a year"];

/// How long nothing is counted at first, twice.
const WARM: Duration = Duration::from_secs(1);

/// How long it goes on.
struct Plan {
    alone: usize,
    together: Duration,
    sizes: [usize; 2],
}

struct Site {
    server: LocalServer,
    keys: std::path::PathBuf,
    ring: KeyRing,
    app_password: SecretString,
}

/// A database with a town in it.
struct Place {
    app: SecretString,
    owner: SecretString,
    town: Town,
}

impl Site {
    fn new() -> Self {
        let keys = std::env::temp_dir().join(format!("utvag-bench-{}", uuid::Uuid::new_v4().simple()));
        KeyRing::create(&keys).unwrap();
        let ring = KeyRing::open(&keys).unwrap();
        let app_password = SecretString::from(Token::draw().unwrap().reveal().to_owned());
        Self { server: LocalServer::throwaway().unwrap(), keys, ring, app_password }
    }

    async fn place(&self, cases: usize) -> Place {
        use secrecy::ExposeSecret;
        let name = format!("town_{cases}");
        let owner = |name: &str| self.server.url(name, self.server.superuser(), self.server.password());
        let options = |url: &SecretString| url.expose_secret().parse::<PgConnectOptions>().unwrap();
        let mut first = options(&owner("postgres")).connect().await.unwrap();
        first.execute(AssertSqlSafe(format!("create database {name}"))).await.unwrap();
        let owner = owner(&name);
        bootstrap::prepare(&options(&owner), &self.app_password).await.unwrap();
        let town = town::build(&options(&owner), &self.ring, cases).await;
        Place { app: self.server.url(&name, "utvag_app", &self.app_password), owner, town }
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.keys);
    }
}

/// The page's address for the turn, in the social worker's own cases. The year's is the coordinator's.
fn address(town: &Town, who: usize, page: usize, turn: usize) -> String {
    let mine = &town.theirs[who];
    let (case, placement) = (&mine[turn % mine.len()], town.placements[who][turn % mine.len()]);
    match page {
        0 => "/".to_owned(),
        1 => "/arenden".to_owned(),
        2 => format!("/arenden/{case}"),
        3 => format!("/arenden/{case}/placeringar"),
        4 => format!("/arenden/{case}/placeringar/{placement}"),
        _ => "/placeringar".to_owned(),
    }
}

/// Who asks alone.
#[derive(Clone, Copy)]
enum One {
    /// Sees all cases: nobody's list is longer.
    Coordinator,
    /// Sees twenty, however many there are.
    SocialWorker,
}

impl One {
    const fn word(self) -> &'static str {
        match self {
            Self::Coordinator => "coordinator",
            Self::SocialWorker => "social worker",
        }
    }

    /// The year's placements are the coordinator's.
    const fn pages(self) -> usize {
        match self {
            Self::Coordinator => PAGES.len(),
            Self::SocialWorker => PAGES.len() - 1,
        }
    }
}

const ONES: [One; 2] = [One::Coordinator, One::SocialWorker];

/// One asks again and again, each time after the answer before.
async fn alone(port: u16, town: &Town, one: One, page: usize, times: usize) -> Times {
    let token = match one {
        One::Coordinator => &town.coordinator,
        One::SocialWorker => &town.social_workers[0],
    };
    let mut browser = Browser::open(port, token).await;
    let mut measured = Vec::new();
    for turn in 0..times + 20 {
        let who = match one {
            One::Coordinator => turn % town.theirs.len(),
            One::SocialWorker => 0,
        };
        let (status, time) = browser.get(&address(town, who, page, turn)).await;
        assert!(status.is_success(), "{}: {status}", PAGES[page]);
        // The first ones fill caches.
        if turn >= 20 {
            measured.push(time);
        }
    }
    Times::new(measured)
}

/// Thirty-two ask at once, each for their own cases: a page in so long a time, or as fast as they are answered.
async fn together(port: u16, town: &Town, pause: Duration, lasting: Duration) -> (Vec<Times>, f64) {
    let began = Instant::now();
    let mut users = JoinSet::new();
    for (who, token) in town.social_workers.iter().enumerate() {
        let addresses: Vec<Vec<String>> =
            (0..5).map(|page| (0..40).map(|turn| address(town, who, page, turn)).collect()).collect();
        let token = token.clone();
        users.spawn(async move {
            let mut browser = Browser::open(port, &token).await;
            let (mut measured, mut turn) = (vec![Vec::new(); 5], who);
            // They do not come all in the same moment, and the first second fills connections and caches.
            tokio::time::sleep(WARM.mul_f64(f64::from(u32::try_from(who).unwrap()) / 32.0)).await;
            while began.elapsed() < lasting + WARM {
                let page = turn % 5;
                let (status, time) = browser.get(&addresses[page][turn % 40]).await;
                assert!(status.is_success(), "{}: {status}", PAGES[page]);
                if began.elapsed() > WARM * 2 {
                    measured[page].push(time);
                }
                turn += 1;
                if !pause.is_zero() {
                    // Not all in step.
                    tokio::time::sleep(pause.mul_f64(0.5 + f64::from(u32::try_from(turn * 7 % 11).unwrap()) / 10.0))
                        .await;
                }
            }
            measured
        });
    }
    let mut all = vec![Vec::new(); 5];
    for measured in users.join_all().await {
        for (all, measured) in all.iter_mut().zip(measured) {
            all.extend(measured);
        }
    }
    let answered: usize = all.iter().map(Vec::len).sum();
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    let rate = answered as f64 / began.elapsed().saturating_sub(WARM * 2).as_secs_f64();
    (all.into_iter().map(Times::new).collect(), rate)
}

fn ratio(this: Option<f64>, to: Option<f64>) -> Option<f64> {
    Some(this? / to?)
}

async fn run(plan: &Plan) {
    let site = Site::new();
    let mut table = Table::default();
    let place = site.place(5_000).await;
    table.head("5,000 cases with 20,000 placements, half of the cases open");
    let house = House::start(Kind::Whole, &place.app, &site.keys).await;
    let mut medians = Vec::new();
    for one in ONES {
        for (page, name) in PAGES.iter().enumerate().take(one.pages()) {
            let times = alone(house.port, &place.town, one, page, plan.alone).await;
            let name = format!("{name}, {}", one.word());
            table.figure(&format!("{name}: median"), times.median(), "ms", Some(Aim(10.0)));
            table.figure(&format!("{name}: 99th percentile"), times.p99(), "ms", None);
            medians.push(times.median());
        }
    }
    table.head("32 signed-in users at once, each with about a page a second");
    let (times, rate) = together(house.port, &place.town, Duration::from_secs(1), plan.together).await;
    for (times, name) in times.iter().zip(PAGES) {
        table.figure(&format!("{name}: median of {}", times.count()), times.median(), "ms", None);
        table.figure(&format!("{name}: 99th percentile"), times.p99(), "ms", Some(Aim(50.0)));
    }
    table.figure("Pages a second", Some(rate), "", None);
    table.head(
        "32 signed-in users at once, each as fast as they are answered: both cores are full, and they wait in line",
    );
    let (times, rate) = together(house.port, &place.town, Duration::ZERO, plan.together).await;
    for (times, name) in times.iter().zip(PAGES) {
        table.figure(&format!("{name}: median of {}", times.count()), times.median(), "ms", None);
        table.figure(&format!("{name}: 99th percentile"), times.p99(), "ms", Some(Aim(50.0)));
    }
    table.figure("Pages a second", Some(rate), "", None);
    let (now, most) = house.memory();
    table.figure("Memory under that load", now, "MB", Some(Aim(100.0)));
    table.figure("Memory at most", most, "MB", None);
    table.figure(
        "Start over that database, until ready",
        Some(house.started_in.as_secs_f64() * 1e3),
        "ms",
        Some(Aim(1000.0)),
    );
    drop(house);
    life(&site, &mut table, plan).await;

    table.head("A handler with the page's main query and nothing else, as the owner of the tables");
    let bare = House::start(Kind::Bare, &place.owner, &site.keys).await;
    for page in [1, 2, 5] {
        let times = alone(bare.port, &place.town, One::Coordinator, page, plan.alone).await;
        table.figure(&format!("{}: median", PAGES[page]), times.median(), "ms", None);
        table.figure(
            &format!("{}: the page is so many times slower", PAGES[page]),
            ratio(medians[page], times.median()),
            "x",
            None,
        );
    }
    drop(bare);
    start(&mut table).await;
    growth(&site, &mut table, plan).await;
    table.print();
}

/// One case that has gone on for five years, among 5,000 others.
async fn life(site: &Site, table: &mut Table, plan: &Plan) {
    use secrecy::ExposeSecret;
    let place = site.place(5_002).await;
    life::live(&place.owner.expose_secret().parse().unwrap(), &site.ring, &place.town).await;
    let house = House::start(Kind::Whole, &place.app, &site.keys).await;
    table.head("One case with 400 notes, 20 assessments of threat and 10 placements, among 5,000 others");
    for (page, name) in life::PAGES.iter().enumerate() {
        let times = life::asked(house.port, &place.town, page, plan.alone).await;
        table.figure(&format!("{name}: median"), times.median(), "ms", life::AIMS[page].map(Aim));
        table.figure(&format!("{name}: 99th percentile"), times.p99(), "ms", None);
    }
    table.head("Over all 5,002 cases and their 20,000 placements");
    for (name, address) in life::OVERVIEWS {
        let times = life::looked_over(house.port, &place.town, address, plan.alone).await;
        table.figure(&format!("{name}: median"), times.median(), "ms", Some(Aim(20.0)));
        table.figure(&format!("{name}: 99th percentile"), times.p99(), "ms", None);
    }
}

/// The program itself, from nothing to ready, over a folder that it has used before.
async fn start(table: &mut Table) {
    let folder = std::env::temp_dir().join(format!("utvag-bench-start-{}", uuid::Uuid::new_v4().simple()));
    house::start_of_the_program(Path::new(&folder)).await;
    let mut best = Duration::MAX;
    for _ in 0..3 {
        best = best.min(house::start_of_the_program(Path::new(&folder)).await);
    }
    let _ = std::fs::remove_dir_all(&folder);
    table.head("The program with a private Postgres that it starts itself, over data that is there already");
    table.figure("Start until ready, the best of three", Some(best.as_secs_f64() * 1e3), "ms", Some(Aim(1000.0)));
}

async fn growth(site: &Site, table: &mut Table, plan: &Plan) {
    let [few, many] = plan.sizes;
    table.head(&format!("From {few} to {many} cases"));
    let mut medians = Vec::new();
    for size in plan.sizes {
        let place = site.place(size).await;
        let house = House::start(Kind::Whole, &place.app, &site.keys).await;
        let mut pages = Vec::new();
        for one in ONES {
            for page in 0..one.pages() {
                pages.push(alone(house.port, &place.town, one, page, plan.alone).await.median());
            }
        }
        medians.push(pages);
    }
    let names = ONES.iter().flat_map(|one| PAGES[..one.pages()].iter().map(|page| format!("{page}, {}", one.word())));
    for (at, name) in names.enumerate() {
        table.figure(&format!("{name}: median with {many}"), medians[1][at], "ms", None);
        table.figure(
            &format!("{name}: so many times slower"),
            ratio(medians[1][at], medians[0][at]),
            "x",
            Some(Aim(1.3)),
        );
    }
}

async fn hold(size: usize) {
    use secrecy::ExposeSecret;
    let house = Site::new();
    let place = house.place(size).await;
    println!("{}", place.app.expose_secret());
    println!("coordinator {}\nsocial worker {}", place.town.coordinator, place.town.social_workers[0]);
    let _ = std::io::stdin().read_line(&mut String::new());
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    match arguments.first().map(String::as_str) {
        Some("whole") => runtime.block_on(house::be(Kind::Whole)),
        Some("bare") => runtime.block_on(house::be(Kind::Bare)),
        // A town to look at with `explain`, until Enter is pressed.
        Some("--hold") => runtime.block_on(hold(arguments.get(1).and_then(|size| size.parse().ok()).unwrap_or(5_000))),
        Some("--life") => runtime.block_on(async {
            let mut table = Table::default();
            life(&Site::new(), &mut table, &Plan { alone: 200, together: Duration::ZERO, sizes: [0, 0] }).await;
            table.print();
        }),
        _ if arguments.iter().any(|argument| argument == "--quick") => {
            runtime.block_on(run(&Plan { alone: 100, together: Duration::from_secs(3), sizes: [500, 5_001] }));
        }
        _ => runtime.block_on(run(&Plan { alone: 500, together: Duration::from_secs(15), sizes: [500, 50_000] })),
    }
}
