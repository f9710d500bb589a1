//! Whether the program lives, and whether it is ready. Bare words: a health check tells a stranger nothing.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};

use crate::state::AppState;
use crate::web::error_page::AsIs;

pub fn router() -> Router<AppState> {
    Router::new().route("/halsa/lever", get(lives)).route("/halsa/redo", get(ready))
}

async fn lives() -> &'static str {
    "lever"
}

async fn ready(State(state): State<AppState>) -> Response {
    if state.db().answers().await {
        return "redo".into_response();
    }
    (StatusCode::SERVICE_UNAVAILABLE, Extension(AsIs), "inte redo").into_response()
}
