//! What becomes of a panic: a page with an incident number for the user, and the place in the code for the operations
//! log. Never the message: it may quote the value that caused it.

use std::panic::PanicHookInfo;

use axum::response::{IntoResponse, Response};
use tokio::task::JoinError;

use crate::error::Error;

/// Replaces Rust's own report, which prints the message. Called once, at start.
pub fn report_without_messages() {
    std::panic::set_hook(Box::new(report));
}

/// The page. The task's number joins the incident with the place that [`report_without_messages`] logged.
pub(super) fn answer(broken: &JoinError) -> Response {
    Error::internal(format_args!("task {} panicked", broken.id())).into_response()
}

fn report(panic: &PanicHookInfo<'_>) {
    let task = tokio::task::try_id().map(tracing::field::display);
    let place = panic.location().map(tracing::field::display);
    tracing::error!(task, place, "panic");
}
