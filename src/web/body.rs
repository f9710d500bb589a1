//! Reads the whole body before anything else happens: a transaction that was open meanwhile would be held for as long
//! as the sender likes.

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    extract::{Form, FromRequest, Request, State},
    http::{HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_body_util::BodyExt;
use tokio::time::{Instant, timeout_at};

use super::error_page::Trouble;

/// How much a body may be, and how long it may take.
#[derive(Debug, Clone, Copy)]
pub struct BodyLimit {
    pub bytes: usize,
    /// From the first byte to the last.
    pub whole: Duration,
    /// Between two pieces: nobody may send a byte now and then.
    pub pause: Duration,
}

impl Default for BodyLimit {
    fn default() -> Self {
        Self { bytes: 256 * 1024, whole: Duration::from_secs(10), pause: Duration::from_secs(5) }
    }
}

/// The middleware.
pub async fn buffered(State(limit): State<BodyLimit>, request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let announced: Option<usize> =
        head.headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    let read = match announced {
        Some(length) if length > limit.bytes => Err(Trouble::TooLarge),
        _ => read(body, limit).await,
    };
    match read {
        Ok(bytes) => next.run(Request::from_parts(head, Body::from(bytes))).await,
        Err(trouble) => {
            let mut answer = trouble.into_response();
            // What is still on its way must not be read as the next request.
            answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            answer
        }
    }
}

async fn read(mut body: Body, limit: BodyLimit) -> Result<Bytes, Trouble> {
    let end = Instant::now() + limit.whole;
    let mut read = Vec::new();
    loop {
        let next = timeout_at(end.min(Instant::now() + limit.pause), body.frame());
        match next.await.map_err(|_| Trouble::TooSlow)? {
            None => return Ok(read.into()),
            Some(Err(_)) => return Err(Trouble::Unreadable),
            Some(Ok(frame)) => {
                let piece = frame.into_data().unwrap_or_default();
                if piece.len() > limit.bytes - read.len() {
                    return Err(Trouble::TooLarge);
                }
                read.extend_from_slice(&piece);
            }
        }
    }
}

/// The button that saves a draft by hand: without it, it is the open form that does so by itself.
pub const BY_HAND: &str = "by_hand";

/// The fields of a form, for what stands around all routes; nothing where it is no form.
pub async fn fields(body: Bytes) -> Vec<(String, String)> {
    let request = Request::post("/")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body))
        .unwrap_or_default();
    Form::from_request(request, &()).await.map_or_else(|_| Vec::new(), |Form(fields)| fields)
}
