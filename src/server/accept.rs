//! Takes connections and gives each its deadlines. Own loop: `axum::serve` waits for ever for a slow sender and has no
//! bound on how many there are. TLS is the proxy's.

use std::{
    collections::HashMap,
    io,
    net::{IpAddr, SocketAddr},
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{Router, body::Body, extract::ConnectInfo, http::Request};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
    time::{sleep, timeout},
};
use tower::ServiceExt;

use super::wire::{Pace, Wire};
use crate::web::{
    client::{Network, household},
    headers,
};

/// How many, how long.
#[derive(Debug, Clone)]
pub struct Limits {
    /// For a request's head, from its first byte, and from the connection's for the first.
    pub head: Duration,
    /// Between two requests on one connection.
    pub idle: Duration,
    /// For an answer that is not being read.
    pub stalled: Duration,
    /// For what is under way when the house closes.
    pub closing: Duration,
    pub connections: usize,
    pub per_address: usize,
    /// Who may have more than that: the proxy, behind which everybody is.
    pub unlimited: Vec<Network>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            idle: Duration::from_mins(1),
            stalled: Duration::from_secs(30),
            closing: Duration::from_secs(25),
            connections: 512,
            per_address: 32,
            unlimited: Vec::new(),
        }
    }
}

/// Serves until `shutdown` resolves; then takes no more, and lets what is under way finish.
pub async fn serve(
    listener: TcpListener,
    app: Router,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let mut shutdown = pin!(shutdown);
    let places = Arc::new(Semaphore::new(limits.connections));
    let turned_away = Arc::new(Semaphore::new(limits.connections));
    let crowd = Crowd::default();
    let closing = watch::Sender::new(());
    loop {
        let accepted = tokio::select! {
            () = shutdown.as_mut() => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(cause) => {
                // Out of file handles, or a peer that left before it was greeted. Neither may end the loop.
                tracing::warn!(%cause, "a connection could not be taken");
                sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let place = Arc::clone(&places).try_acquire_owned().ok();
        let seat = place.and_then(|place| Some((place, crowd.admit(peer.ip(), &limits)?)));
        match seat {
            Some(seat) => {
                let connection = converse(stream, peer, app.clone(), limits.clone(), closing.subscribe());
                tokio::spawn(async move {
                    connection.await;
                    drop(seat);
                });
            }
            None => {
                if let Ok(room) = Arc::clone(&turned_away).try_acquire_owned() {
                    tokio::spawn(async move {
                        let _ = timeout(Duration::from_secs(1), turn_away(stream)).await;
                        drop(room);
                    });
                }
            }
        }
    }
    drop(listener);
    closing.send_replace(());
    if timeout(limits.closing, closing.closed()).await.is_err() {
        tracing::warn!("closed before every answer was sent");
    }
    Ok(())
}

async fn converse(stream: TcpStream, peer: SocketAddr, app: Router, limits: Limits, mut closing: watch::Receiver<()>) {
    let pace = Pace::new();
    // Small answers should not wait for a second packet; a socket that refuses is only slower.
    let _ = stream.set_nodelay(true);
    let wire = TokioIo::new(Wire::new(stream, pace.clone(), limits.head, limits.stalled));
    let service = service_fn(move |request: Request<Incoming>| {
        pace.head_read();
        let (app, pace) = (app.clone(), pace.clone());
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        async move {
            let answer = app.oneshot(request).await;
            pace.answered();
            answer
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        // hyper starts this clock when the last answer is out, so it is the idle time; `Wire` times the head itself.
        .header_read_timeout(limits.idle)
        .max_buf_size(64 * 1024)
        .serve_connection(wire, service);
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        _ = closing.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(cause) = ended {
        tracing::debug!(%cause, "a connection broke");
    }
}

/// How many each address has.
#[derive(Clone, Default)]
struct Crowd(Arc<Mutex<HashMap<u128, usize>>>);

struct Seat {
    crowd: Crowd,
    household: u128,
}

impl Crowd {
    fn admit(&self, address: IpAddr, limits: &Limits) -> Option<Seat> {
        let household = household(address);
        let mut crowd = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let seated = crowd.get(&household).copied().unwrap_or(0);
        let welcome = seated < limits.per_address || limits.unlimited.iter().any(|network| network.contains(address));
        welcome.then(|| {
            crowd.insert(household, seated + 1);
            Seat { crowd: self.clone(), household }
        })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut crowd = self.crowd.0.lock().unwrap_or_else(PoisonError::into_inner);
        match crowd.get_mut(&self.household) {
            Some(seated) if *seated > 1 => *seated -= 1,
            _ => drop(crowd.remove(&self.household)),
        }
    }
}

/// Says that the house is full, without reading what was asked.
async fn turn_away(mut stream: TcpStream) -> io::Result<()> {
    let body = "<!doctype html><html lang=\"sv\"><meta charset=\"utf-8\"><title>Systemet är upptaget</title>\
                <h1>Systemet är upptaget</h1><p>Inget har sparats. Försök igen om en stund.</p></html>";
    let fields: Vec<String> = headers::ALWAYS
        .iter()
        .chain([&headers::UNLESS_SAID])
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    let answer = format!(
        "HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\n\
         retry-after: 5\r\nconnection: close\r\n{fields}\r\n{body}",
        body.len(),
        fields = fields.concat(),
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await?;
    // Closed with something unread, the kernel would reset the connection and the answer would be lost.
    while stream.read(&mut [0; 1024]).await? > 0 {}
    Ok(())
}
