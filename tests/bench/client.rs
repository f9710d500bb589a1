//! A browser of the plainest sort: one connection that is kept, one request after the other.

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// See the module.
pub struct Browser {
    connection: SendRequest<Body>,
    cookie: String,
}

impl Browser {
    pub async fn open(port: u16, token: &str) -> Self {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let (connection, driven) = handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(driven);
        Self { connection, cookie: format!("__Host-session={token}") }
    }

    /// Asks for a page and reads it to its end; says how long that took.
    pub async fn get(&mut self, address: &str) -> (StatusCode, Duration) {
        let request = Request::get(address)
            .header(header::HOST, "localhost")
            .header(header::COOKIE, &self.cookie)
            .header("sec-fetch-site", "same-origin")
            .body(Body::empty())
            .unwrap();
        let began = Instant::now();
        self.connection.ready().await.unwrap();
        let answer = self.connection.send_request(request).await.unwrap();
        let status = answer.status();
        answer.into_body().collect().await.unwrap();
        (status, began.elapsed())
    }
}
