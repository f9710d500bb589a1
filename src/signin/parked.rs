//! Around all routes: a form that meets an ended session is kept for its owner, and one that was kept and is sent again
//! is kept no longer. The rooms know nothing of it.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::cookie::CookieJar;
use http_body_util::BodyExt;

use super::paths;
use crate::access::SESSION_COOKIE;
use crate::identity::parked::{self, Sent};
use crate::state::AppState;
use crate::web::body::{BY_HAND, fields};
use crate::web::client::ClientAddress;
use crate::web::error_page::{NobodySignedIn, Trouble};
use crate::web::flash::Flash;

/// The middleware.
pub async fn keep_unsent(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let token = CookieJar::from_headers(request.headers()).get(SESSION_COOKIE).map(|cookie| cookie.value().to_owned());
    let Some(token) = token.filter(|token| !token.is_empty() && *request.method() == Method::POST) else {
        return next.run(request).await;
    };
    let (head, body) = request.into_parts();
    let Ok(body) = body.collect().await else { return Trouble::Unreadable.into_response() };
    let body = body.to_bytes();
    let path = head.uri.path().to_owned();
    let address = head.extensions.get::<ClientAddress>().map(|client| client.0.to_string());
    let answer = next.run(Request::from_parts(head, Body::from(body.clone()))).await;

    if answer.extensions().get::<NobodySignedIn>().is_some() {
        let fields = fields(body).await;
        if !is_worth_keeping(&path, &fields) {
            return answer;
        }
        return match parked::keep(&state, Sent { token: &token, path: &path, fields, address }).await {
            Ok(true) => Flash::FormKept.redirect(paths::SIGN_IN),
            Ok(false) => answer,
            // Said as what it is: whoever typed must not believe that the text is safe.
            Err(error) => error.into_response(),
        };
    }
    if answer.status() == StatusCode::SEE_OTHER
        && let Some(id) = parked::kept_one(&fields(body).await)
        // It has been saved; that it is offered once more is a nuisance and no loss.
        && let Err(error) = parked::sent(&state, &token, id, address).await
    {
        tracing::warn!(%error, "a kept form that was sent is still kept");
    }
    answer
}

/// A search is asked anew, a button has no text, and what an open form sends by itself stands in the form still.
fn is_worth_keeping(path: &str, fields: &[(String, String)]) -> bool {
    let by_itself = path.ends_with("/utkast") && !fields.iter().any(|(name, _)| name == BY_HAND);
    path != "/sok" && !by_itself && fields.iter().any(|(_, text)| !text.trim().is_empty())
}
