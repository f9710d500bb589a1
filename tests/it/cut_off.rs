//! Browsers that hang up: over a thousand saves are cut off at random moments, from before the form is sent until after
//! the answer has begun. What was acknowledged is kept, once, with its line in the log, and no connection to the
//! database is left in the middle of anything.

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::PgConnection;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use utvag::server::accept::{Limits, serve};
use utvag::server::edge::{Edge, around};
use utvag::server::serve::routes;
use utvag::web::limit::Rate;
use uuid::Uuid;

use crate::support::app::App;
use crate::support::dice::Dice;

const CALLS: u64 = 1_300;
/// Fewer than the calls, so that many are sent again, as by somebody who presses once more.
const FORMS: u64 = 850;
/// Few enough that nobody waits for a connection to the database, and then many more than there are.
const AT_ONCE: [usize; 2] = [4, 24];
const PATIENCE: Duration = Duration::from_secs(30);

/// What is sent: the save whose rows and log lines are counted afterwards.
struct Save {
    path: &'static str,
    table: &'static str,
    event: &'static str,
    id: Uuid,
}

impl Save {
    fn of_a_provider(id: Uuid) -> Self {
        Self { path: "/boenden/ny", table: "provider", event: "provider.added", id }
    }

    fn body(&self) -> String {
        format!("id={}&name=Bj%C3%B6rkens+v%C3%A5rd&org_number=559999-0008&kind=hvb", self.id)
    }

    /// The request as a browser sends it: its head and its body.
    fn request(&self, cookie: &str) -> (String, String) {
        let body = self.body();
        let head = format!(
            "POST {} HTTP/1.1\r\nhost: granvik\r\ncookie: {cookie}\r\nsec-fetch-site: same-origin\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            self.path,
            body.len()
        );
        (head, body)
    }
}

/// When the browser hangs up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Moment {
    BeforeTheBody,
    InTheBody,
    WhileItWorks,
    InTheAnswer,
    Never,
}

impl Moment {
    /// One call in six is let alone.
    fn draw(dice: &mut Dice, call: u64) -> Self {
        let cut = [Self::BeforeTheBody, Self::InTheBody, Self::WhileItWorks, Self::WhileItWorks, Self::InTheAnswer];
        if call.is_multiple_of(6) { Self::Never } else { *dice.pick(&cut) }
    }
}

/// Mostly early, when the transaction begins; also as late as when it is all over.
fn wait(dice: &mut Dice) -> Duration {
    let longest = *dice.pick(&[500, 2_000, 2_000, 10_000, 40_000]);
    Duration::from_micros(dice.below(longest))
}

/// Sends it and hangs up; says whether the answer that it was saved had come by then.
async fn call(house: SocketAddr, save: &Save, cookie: &str, moment: Moment, wait: Duration, rude: bool) -> bool {
    let (head, body) = save.request(cookie);
    let mut stream = TcpStream::connect(house).await.unwrap();
    // A reset, as when a machine is put to sleep, instead of a proper goodbye.
    if rude && moment != Moment::Never {
        stream.set_zero_linger().unwrap();
    }
    let (sent, read) = match moment {
        Moment::BeforeTheBody => (0, 0),
        Moment::InTheBody => (body.len() / 2, 0),
        Moment::WhileItWorks => (body.len(), 0),
        Moment::InTheAnswer => (body.len(), 64),
        Moment::Never => (body.len(), usize::MAX),
    };
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&body.as_bytes()[..sent]).await.unwrap();
    let mut answer = Vec::new();
    if read == 0 {
        sleep(wait).await;
        // What has come without being waited for counts as seen.
        let mut seen = [0; 64];
        if let Ok(length) = stream.try_read(&mut seen) {
            answer.extend_from_slice(&seen[..length]);
        }
    } else {
        let mut reader = stream.take(read.try_into().unwrap());
        timeout(PATIENCE, reader.read_to_end(&mut answer)).await.unwrap().unwrap();
    }
    answer.starts_with(b"HTTP/1.1 303")
}

/// Waits until nothing is under way, also of what still lies unread in closed sockets.
async fn settle(edge: &Edge) {
    for _ in 0..3 {
        timeout(PATIENCE, edge.units.finished()).await.unwrap();
        sleep(Duration::from_millis(150)).await;
    }
}

async fn count(owner: &mut PgConnection, sql: &'static str, save: &Save) -> i64 {
    sqlx::query_scalar(sql).bind(save.table).bind(save.event).fetch_one(owner).await.unwrap()
}

/// Rows that were added under the event and are not as the log says, and the other way round.
const ROWS_WITHOUT_A_LINE: &str = "
    select count(*) from audit.row_change r
    where r.table_name = 'public.' || $1 and not exists (
      select from audit.entry e
      where e.xid = r.xid and e.event = $2 and e.body::jsonb ->> 'changes' = audit.changes_of(r.xid))";
const LINES_WITHOUT_A_ROW: &str = "
    select count(*) from audit.entry e
    where e.event = $2 and e.body::jsonb ->> 'changes' is not null and (
      e.body::jsonb ->> 'changes' <> audit.changes_of(e.xid)
      or not exists (select from audit.row_change r where r.xid = e.xid and r.table_name = 'public.' || $1))";
const LINES: &str = "select count(*) from audit.entry where event = $2 and $1 <> ''";
const ROWS_NOTED: &str = "select count(distinct row_id) from audit.row_change
    where table_name = 'public.' || $1 and operation = 'insert' and event = $2";
const ROWS_NOTED_TWICE: &str = "select count(*) - count(distinct row_id) from audit.row_change
    where table_name = 'public.' || $1 and event = $2";
const IN_A_TRANSACTION: &str = "select count(*) from pg_stat_activity
    where usename = 'utvag_app' and datname = current_database() and xact_start is not null and $1 <> $2";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn saves_that_are_cut_off_lose_nothing_that_was_acknowledged() {
    let app = App::start().await;
    let karin = app.coordinator().await;
    let rate = Rate { per_second: 1e6, burst: 1e6, proxies: Vec::new() };
    let edge = Edge { rate, ..Edge::default() };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let house = listener.local_addr().unwrap();
    let (close, closed) = oneshot::channel::<()>();
    let limits = Limits { per_address: 64, ..Limits::default() };
    let router = around(routes(app.state.clone()), edge.clone());
    let open = tokio::spawn(serve(listener, router, limits, async move { closed.await.unwrap_or(()) }));

    let seed = u64::from(Uuid::new_v4().as_fields().0);
    let mut dice = Dice::new(seed);
    let forms: Vec<_> = (0..FORMS).map(|_| Uuid::now_v7()).collect();
    let mut calls = JoinSet::new();
    let rooms = AT_ONCE.map(|places| Arc::new(Semaphore::new(places)));
    for number in 0..CALLS {
        let save = Save::of_a_provider(forms[usize::try_from(number % FORMS).unwrap()]);
        let (moment, wait) = (Moment::draw(&mut dice, number), wait(&mut dice));
        let (rude, cookie) = (dice.below(2) == 0, karin.cookie.clone());
        let room = &rooms[usize::from(number >= CALLS / 2)];
        let seat = Arc::clone(room).acquire_owned().await.unwrap();
        calls.spawn(async move {
            let acknowledged = call(house, &save, &cookie, moment, wait, rude).await;
            drop(seat);
            // Sent whole, with a proper goodbye, and not answered: the house has it all the same.
            let begun = moment == Moment::WhileItWorks && !rude && !acknowledged;
            (save.id, moment, acknowledged, begun)
        });
    }
    let outcomes = calls.join_all().await;
    settle(&edge).await;

    let save = Save::of_a_provider(Uuid::now_v7());
    assert!(call(house, &save, &karin.cookie, Moment::Never, Duration::ZERO, false).await, "the house does not answer");
    karin.get("/boenden").await.is_ok();
    close.send(()).unwrap();
    open.await.unwrap().unwrap();
    settle(&edge).await;

    let mut owner = app.database.superuser().await;
    let kept: HashSet<Uuid> =
        sqlx::query_scalar("select id from provider").fetch_all(&mut owner).await.unwrap().into_iter().collect();
    let acknowledged: HashSet<Uuid> = outcomes.iter().filter(|one| one.2).map(|one| one.0).chain([save.id]).collect();
    let mut moments: HashMap<Moment, usize> = HashMap::new();
    for outcome in &outcomes {
        *moments.entry(outcome.1).or_default() += 1;
    }
    let begun: Vec<_> = outcomes.iter().filter(|one| one.3).collect();
    let ended = begun.iter().filter(|one| kept.contains(&one.0)).count();
    println!(
        "seed {seed}: {moments:?}; {} of {FORMS} forms acknowledged, {} kept; {ended} of {} that nobody waited for",
        acknowledged.len() - 1,
        kept.len() - 1,
        begun.len()
    );
    assert_eq!(acknowledged.difference(&kept).collect::<Vec<_>>(), Vec::<&Uuid>::new(), "acknowledged and lost");
    let known = |id: &&Uuid| !forms.contains(id) && **id != save.id;
    assert_eq!(kept.iter().find(known), None, "nobody sent this");
    let rows = i64::try_from(kept.len()).unwrap();
    assert_eq!(count(&mut owner, ROWS_NOTED, &save).await, rows, "rows that the log has seen come");
    assert_eq!(count(&mut owner, ROWS_NOTED_TWICE, &save).await, 0, "an id that came twice");
    assert_eq!(count(&mut owner, LINES, &save).await, rows, "lines in the log");
    assert_eq!(count(&mut owner, ROWS_WITHOUT_A_LINE, &save).await, 0, "rows without their line in the log");
    assert_eq!(count(&mut owner, LINES_WITHOUT_A_ROW, &save).await, 0, "lines in the log without their row");
    assert_eq!(count(&mut owner, IN_A_TRANSACTION, &save).await, 0, "connections left inside a transaction");

    // That it was worth the trouble.
    let cut = outcomes.iter().filter(|one| one.1 != Moment::Never).count();
    assert!(cut >= 1_000, "only {cut} were cut off");
    assert!(acknowledged.len() > 200 && kept.len() > acknowledged.len(), "seed {seed}: nothing was cut off at work");
}
