//! The outer door against real sockets: what slow, broken and rude clients get, and what they cannot do to others.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{
    Form, Json, Router,
    extract::ConnectInfo,
    http::StatusCode,
    response::{Html, IntoResponse},
    routing::{get, post},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::{sleep, timeout},
};

use super::{
    accept::{Limits, serve},
    edge::{Edge, around},
};
use crate::{
    error::Error,
    web::{
        body::BodyLimit,
        client::ClientAddress,
        error_page::AsIs,
        headers::{ALWAYS, UNLESS_SAID},
        limit::Rate,
        unit::Units,
    },
};

const SOON: Duration = Duration::from_millis(300);
const PATIENCE: Duration = Duration::from_secs(5);

struct House {
    address: SocketAddr,
    finished: Arc<AtomicUsize>,
    units: Units,
    close: Option<oneshot::Sender<()>>,
    open: JoinHandle<std::io::Result<()>>,
}

#[derive(serde::Deserialize)]
struct Amount {
    amount: u32,
}

fn rooms(finished: &Arc<AtomicUsize>) -> Router {
    let slow = Arc::clone(finished);
    Router::new()
        .route("/", get(|| async { Html("<p>hej</p>") }))
        .route("/spara", post(|text: String| async move { Html(format!("{} tecken", text.len())) }))
        .route("/belopp", post(|Form(form): Form<Amount>| async move { form.amount.to_string() }))
        .route("/json", post(|Json(form): Json<Amount>| async move { form.amount.to_string() }))
        .route(
            "/panik",
            get(|| async {
                assert!(finds_nothing(), "Kalle Testsson");
            }),
        )
        .route("/nej", get(|| async { Error::Forbidden }))
        .route("/saknas", get(|| async { Error::NotFound }))
        .route("/utloggad", get(|| async { Error::SignedOut }))
        .route("/upptaget", get(|| async { Error::Unavailable }))
        .route("/inaktuellt", get(|| async { Error::Stale }))
        .route("/regel", get(|| async { Error::Invalid("Slutdatum måste vara efter startdatum.") }))
        .route("/bekrafta", get(|| async { Error::StepUp }))
        .route("/fel", get(|| async { Error::internal("disk full") }))
        .route(
            "/halsa",
            get(|| async {
                let mut answer = (StatusCode::SERVICE_UNAVAILABLE, "databas").into_response();
                answer.extensions_mut().insert(AsIs);
                answer
            }),
        )
        .route(
            "/vem",
            get(|ConnectInfo(peer): ConnectInfo<SocketAddr>, client: axum::Extension<ClientAddress>| async move {
                format!("{} {}", peer.ip(), client.0.0)
            }),
        )
        .route(
            "/langsamt",
            get(move || async move {
                sleep(SOON * 2).await;
                slow.fetch_add(1, Ordering::SeqCst);
                Html("klart")
            }),
        )
}

fn finds_nothing() -> bool {
    std::hint::black_box(false)
}

impl House {
    async fn open() -> Self {
        Self::with(Limits::default(), Edge::default()).await
    }

    async fn with(limits: Limits, edge: Edge) -> Self {
        let finished = Arc::new(AtomicUsize::new(0));
        let units = edge.units.clone();
        let app = around(rooms(&finished), edge);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (close, closed) = oneshot::channel();
        let shutdown = async move { closed.await.unwrap_or(()) };
        Self {
            address,
            finished,
            units,
            close: Some(close),
            open: tokio::spawn(serve(listener, app, limits, shutdown)),
        }
    }

    async fn call(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// One request on a connection of its own.
    async fn ask(&self, method: &str, path: &str, fields: &[&str], body: &str) -> String {
        let mut stream = self.call().await;
        let fields = [fields, &[""]].concat().join("\r\n");
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: granvik\r\nconnection: close\r\ncontent-length: {}\r\n{fields}\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        rest(&mut stream).await
    }

    async fn get(&self, path: &str) -> String {
        self.ask("GET", path, &[], "").await
    }
}

async fn rest(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    timeout(PATIENCE, stream.read_to_end(&mut text)).await.expect("the connection was left open").unwrap_or(0);
    String::from_utf8(text).unwrap()
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or("nothing")
}

fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").map_or("", |(_, body)| body)
}

fn assert_dressed(answer: &str, expected: &str, words: &str) {
    assert_eq!(status(answer), expected, "{answer}");
    for (name, value) in ALWAYS.iter().chain([&UNLESS_SAID]) {
        assert!(answer.contains(&format!("\r\n{name}: {value}\r\n")), "{expected} lacks {name}");
    }
    for told in ["\r\nserver:", "\r\nx-powered-by:", "\r\nx-request-id:"] {
        assert!(!answer.to_lowercase().contains(told), "{expected} tells {told}");
    }
    if !words.is_empty() {
        assert!(answer.contains("content-type: text/html; charset=utf-8\r\n"), "{answer}");
        let page = body(answer);
        assert!(page.contains("<html lang=\"sv\">") && page.matches("<h1").count() == 1, "{page}");
        assert!(page.contains(words), "{page}");
    }
}

const OURS: &str = "sec-fetch-site: same-origin";
const A_FORM: &str = "content-type: application/x-www-form-urlencoded";

#[tokio::test]
async fn every_answer_carries_the_headers_and_every_error_our_page() {
    let house = House::open().await;
    assert_dressed(&house.get("/").await, "200", "");
    assert_dressed(&house.get("/utloggad").await, "303", "");
    for (path, expected, words) in [
        ("/finns-inte", "404", "Sidan finns inte"),
        ("/nej", "403", "Du har inte behörighet"),
        ("/bekrafta", "403", "Bekräfta att det är du"),
        ("/inaktuellt", "409", "Ärendet har ändrats"),
        ("/regel", "422", "Slutdatum måste vara efter startdatum."),
        ("/fel", "500", "Ange felkod"),
        ("/upptaget", "503", "Inget har sparats."),
    ] {
        assert_dressed(&house.get(path).await, expected, words);
    }
    let (most, too_much) = ("x".repeat(256 * 1024), "x".repeat(256 * 1024 + 1));
    let posted = async |path, fields: &[&str], body| house.ask("POST", path, fields, body).await;
    assert_dressed(&posted("/spara", &[], "x").await, "403", "Inget har sparats.");
    assert_dressed(&posted("/", &[OURS], "").await, "405", "Sidan kan inte användas så");
    assert_dressed(&posted("/belopp", &[OURS], "amount=1").await, "415", "Inget har sparats.");
    assert_dressed(&posted("/belopp", &[OURS, A_FORM], "amount=ett").await, "422", "Inget har sparats.");
    assert_dressed(&posted("/json", &[OURS, "content-type: application/json"], "{").await, "400", "Inget har sparats.");
    assert_dressed(&posted("/spara", &[OURS], &too_much).await, "413", "Texten är för lång");
    assert_eq!(status(&posted("/spara", &[OURS], &most).await), "200");
}

#[tokio::test]
async fn refusals_say_what_may_be_done_instead() {
    let house = House::open().await;
    let refused = house.ask("POST", "/", &[OURS], "").await;
    assert!(refused.contains("\r\nallow: GET,HEAD\r\n"), "{refused}");
    assert!(house.get("/upptaget").await.contains("\r\nretry-after: "));
    assert!(house.get("/utloggad").await.contains("\r\nlocation: /logga-in\r\n"));
}

#[tokio::test]
async fn a_hidden_case_and_a_missing_page_look_alike() {
    let house = House::open().await;
    let missing = house.get("/finns-inte").await;
    let hidden = house.ask("GET", "/saknas", &["cookie: __Host-session=x"], "").await;
    let undated = |answer: &str| answer.lines().filter(|line| !line.starts_with("date:")).collect::<String>();
    assert_eq!(undated(&missing), undated(&hidden));
}

#[tokio::test]
async fn a_health_check_keeps_its_bare_word() {
    assert_eq!(body(&House::open().await.get("/halsa").await), "databas");
}

#[tokio::test]
async fn a_panic_is_a_page_with_an_incident_and_nothing_of_its_message() {
    let house = House::open().await;
    let answer = house.get("/panik").await;
    assert_dressed(&answer, "500", "Ange felkod <strong class");
    assert!(!answer.contains("Testsson"), "{answer}");
    assert_eq!(status(&house.get("/").await), "200", "the house fell with it");
}

#[tokio::test]
async fn a_request_finishes_though_nobody_waits_for_it() {
    let house = House::open().await;
    for _ in 0..20 {
        let mut stream = house.call().await;
        stream.write_all(b"GET /langsamt HTTP/1.1\r\nhost: granvik\r\n\r\n").await.unwrap();
        sleep(Duration::from_millis(20)).await;
        drop(stream);
    }
    timeout(PATIENCE, house.units.finished()).await.unwrap();
    assert_eq!(house.finished.load(Ordering::SeqCst), 20);
}

#[tokio::test]
async fn a_late_answer_is_told_and_the_work_goes_on() {
    let house = House::with(Limits::default(), Edge { units: Units::new(SOON), ..Edge::default() }).await;
    let answer = house.get("/langsamt").await;
    assert_dressed(&answer, "503", "kan ändå bli sparat");
    assert_eq!(house.finished.load(Ordering::SeqCst), 0);
    timeout(PATIENCE, house.units.finished()).await.unwrap();
    assert_eq!(house.finished.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_slow_head_is_cut_off_and_so_is_a_silent_caller() {
    let house = House::with(Limits { head: SOON, ..Limits::default() }, Edge::default()).await;
    let (mut slow, mut silent) = (house.call().await, house.call().await);
    let began = Instant::now();
    for letter in "GET / HTTP/1.1\r\nhost: granvik\r\n".bytes().cycle() {
        if slow.write_all(&[letter]).await.is_err() || began.elapsed() > PATIENCE {
            break;
        }
        sleep(Duration::from_millis(30)).await;
    }
    assert!(began.elapsed() < SOON * 5, "held on for {:?}", began.elapsed());
    assert_eq!(rest(&mut silent).await, "");
    assert_eq!(status(&house.get("/").await), "200");
}

#[tokio::test]
async fn a_second_slow_head_on_the_same_connection_is_cut_off_too() {
    let house = House::with(Limits { head: SOON, ..Limits::default() }, Edge::default()).await;
    let mut stream = house.call().await;
    stream.write_all(b"GET / HTTP/1.1\r\nhost: granvik\r\n\r\n").await.unwrap();
    sleep(SOON * 2).await;
    // Longer than a head may take, but idle is another matter.
    stream.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
    let began = Instant::now();
    let answers = rest(&mut stream).await;
    assert_eq!(answers.matches("HTTP/1.1 200").count(), 1);
    assert!(began.elapsed() > SOON / 2 && began.elapsed() < SOON * 5, "{:?}", began.elapsed());
}

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let house = House::with(Limits { idle: SOON, ..Limits::default() }, Edge::default()).await;
    let mut stream = house.call().await;
    stream.write_all(b"GET / HTTP/1.1\r\nhost: granvik\r\n\r\n").await.unwrap();
    let began = Instant::now();
    assert!(rest(&mut stream).await.contains("200 OK"));
    assert!(began.elapsed() < SOON * 5, "{:?}", began.elapsed());
}

#[tokio::test]
async fn half_a_body_is_not_waited_for() {
    let patient = BodyLimit { whole: PATIENCE, pause: SOON, ..BodyLimit::default() };
    let strict = BodyLimit { whole: SOON, pause: PATIENCE, ..BodyLimit::default() };
    for limit in [patient, strict] {
        let house = House::with(Limits::default(), Edge { body: limit, ..Edge::default() }).await;
        let mut stream = house.call().await;
        let head = format!("POST /spara HTTP/1.1\r\nhost: granvik\r\n{OURS}\r\ncontent-length: 10\r\n\r\nhalva");
        stream.write_all(head.as_bytes()).await.unwrap();
        let began = Instant::now();
        assert_dressed(&rest(&mut stream).await, "408", "Inget har sparats.");
        assert!(began.elapsed() < SOON * 5, "{:?}", began.elapsed());
    }
}

#[tokio::test]
async fn a_body_that_never_says_how_long_it_is_stops_at_the_limit() {
    let house = House::open().await;
    let mut stream = house.call().await;
    let head = format!("POST /spara HTTP/1.1\r\nhost: granvik\r\n{OURS}\r\ntransfer-encoding: chunked\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let piece = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
    for _ in 0..5 {
        if stream.write_all(piece.as_bytes()).await.is_err() {
            break;
        }
    }
    let mut start = [0; 12];
    timeout(PATIENCE, stream.read_exact(&mut start)).await.unwrap().unwrap();
    assert_eq!(&start, b"HTTP/1.1 413");
}

#[tokio::test]
async fn a_caller_too_many_is_turned_away_politely_and_let_in_later() {
    for limits in [Limits { connections: 3, ..Limits::default() }, Limits { per_address: 3, ..Limits::default() }] {
        let house = House::with(limits, Edge::default()).await;
        let mut seated = Vec::new();
        for _ in 0..3 {
            seated.push(house.call().await);
        }
        assert_dressed(&house.get("/").await, "503", "Inget har sparats");
        drop(seated);
        sleep(SOON).await;
        assert_eq!(status(&house.get("/").await), "200");
    }
}

#[tokio::test]
async fn the_proxy_may_have_as_many_as_it_needs() {
    let limits = Limits { per_address: 1, unlimited: vec!["127.0.0.0/8".parse().unwrap()], ..Limits::default() };
    let house = House::with(limits, Edge::default()).await;
    let _seated = (house.call().await, house.call().await);
    assert_eq!(status(&house.get("/").await), "200");
}

#[tokio::test]
async fn who_asks_too_fast_is_told_at_once_how_long_to_wait() {
    let rate = Rate { per_second: 0.01, burst: 2.0, proxies: vec!["127.0.0.1".parse().unwrap()] };
    let house = House::with(Limits::default(), Edge { rate, ..Edge::default() }).await;
    assert_eq!(body(&house.ask("GET", "/vem", &["x-forwarded-for: 192.0.2.7"], "").await), "127.0.0.1 192.0.2.7");
    assert_eq!(status(&house.ask("GET", "/", &["x-forwarded-for: 192.0.2.7"], "").await), "200");
    let refused = house.ask("GET", "/", &["x-forwarded-for: 192.0.2.7"], "").await;
    assert_dressed(&refused, "429", "För många försök");
    assert!(refused.contains("\r\nretry-after: 100\r\n"), "{refused}");
    assert_eq!(status(&house.ask("GET", "/", &["x-forwarded-for: 192.0.2.8"], "").await), "200");
}

#[tokio::test]
async fn closing_finishes_what_is_under_way_and_takes_no_more() {
    let mut house = House::open().await;
    let mut stream = house.call().await;
    let _idle = house.call().await;
    stream.write_all(b"GET /langsamt HTTP/1.1\r\nhost: granvik\r\n\r\n").await.unwrap();
    sleep(SOON / 2).await;
    house.close.take().unwrap().send(()).unwrap();
    assert!(rest(&mut stream).await.contains("klart"));
    timeout(PATIENCE, &mut house.open).await.expect("an idle caller held the house open").unwrap().unwrap();
    assert!(TcpStream::connect(house.address).await.is_err());
}

#[tokio::test]
async fn closing_does_not_wait_for_ever() {
    let mut house = House::with(Limits { closing: SOON, ..Limits::default() }, Edge::default()).await;
    let mut stream = house.call().await;
    stream.write_all(b"GET /langsamt HTTP/1.1\r\nhost: granvik\r\n\r\n").await.unwrap();
    sleep(Duration::from_millis(50)).await;
    house.close.take().unwrap().send(()).unwrap();
    timeout(SOON * 2, &mut house.open).await.unwrap().unwrap().unwrap();
}
