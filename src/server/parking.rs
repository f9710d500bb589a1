//! Nothing that was typed is lost to a session that ended while it was being written: the form that comes too late is
//! kept for its owner before they are sent to sign in.

use axum::body::{Body, to_bytes};
use axum::extract::{Form, FromRequest, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::cookie::CookieJar;

use crate::access::SESSION_COOKIE;
use crate::identity::parked::{Fields, park};
use crate::state::AppState;
use crate::web::error_page::{CameTooLate, SIGN_IN};
use crate::web::flash::Flash;

/// The middleware; inside the layer that has read the whole body.
pub async fn keep_what_was_typed(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST {
        return next.run(request).await;
    }
    let (head, body) = request.into_parts();
    // As much as the layer outside lets in.
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return next.run(Request::from_parts(head, Body::empty())).await;
    };
    let copy = Request::from_parts(head.clone(), Body::from(bytes.clone()));
    let answer = next.run(Request::from_parts(head.clone(), Body::from(bytes))).await;
    if answer.extensions().get::<CameTooLate>().is_none() {
        return answer;
    }
    let Some(token) =
        CookieJar::from_headers(&head.headers).get(SESSION_COOKIE).map(|cookie| cookie.value().to_owned())
    else {
        return answer;
    };
    let Ok(Form(fields)) = Form::<Fields>::from_request(copy, &()).await else { return answer };
    if fields.is_empty() {
        return answer;
    }
    match park(state.db(), &state.keys, &state.clock, &token, head.uri.path(), fields).await {
        Ok(true) => Flash::Parked.redirect(SIGN_IN).into_response(),
        Ok(false) => answer,
        Err(error) => {
            tracing::warn!(%error, "a form could not be kept for its owner");
            answer
        }
    }
}
