//! Runs each request in a task of its own, to its end. Without this the handler is dropped wherever it stands when the
//! browser hangs up, and a save that had begun would be half done.

use std::time::Duration;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tokio::{sync::watch, time::timeout};
use tracing::Instrument;

use super::{error_page::Trouble, panic};

/// The requests under way.
#[derive(Clone)]
pub struct Units {
    patience: Duration,
    running: watch::Sender<()>,
}

impl Default for Units {
    fn default() -> Self {
        Self::new(Duration::from_secs(30))
    }
}

impl Units {
    /// How long the browser waits before it is told that the answer is late. The work itself goes on.
    pub fn new(patience: Duration) -> Self {
        Self { patience, running: watch::Sender::new(()) }
    }

    /// Resolves when no request is under way any more, those included that nobody waits for.
    pub async fn finished(&self) {
        self.running.closed().await;
    }
}

/// The middleware.
pub async fn run_to_the_end(State(units): State<Units>, request: Request, next: Next) -> Response {
    let running = units.running.subscribe();
    let work = async move {
        let answer = next.run(request).await;
        drop(running);
        answer
    };
    let task = tokio::spawn(work.instrument(tracing::Span::current()));
    match timeout(units.patience, task).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(broken)) => panic::answer(&broken),
        Err(_) => Trouble::Late.into_response(),
    }
}
