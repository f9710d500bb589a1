//! Refuses requests that another site made the browser send. By fetch metadata, by `Origin` where that is missing;
//! no tokens. Own rules instead of tower-http's: that layer lets a request with neither header through.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::error_page::Trouble;

/// The middleware.
pub async fn same_origin_only(State(ours): State<Option<Arc<str>>>, request: Request, next: Next) -> Response {
    if is_ours(request.method(), request.headers(), ours.as_deref()) {
        next.run(request).await
    } else {
        tracing::warn!(target: "security", method = %request.method(), "request from elsewhere refused");
        Trouble::Foreign.into_response()
    }
}

fn is_ours(method: &Method, headers: &HeaderMap, ours: Option<&str>) -> bool {
    let Ok(site) = only(headers, "sec-fetch-site") else { return false };
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        // Without a cookie there is nothing to read that is not public.
        return !headers.contains_key(header::COOKIE)
            || !matches!(site, Some("cross-site" | "same-site"))
            || is_top_level_navigation(headers);
    }
    match site {
        // "none" is what a person typed or had bookmarked, which is never a form.
        Some(site) => site == "same-origin",
        None => is_own_origin(headers, ours),
    }
}

fn is_top_level_navigation(headers: &HeaderMap) -> bool {
    only(headers, "sec-fetch-mode") == Ok(Some("navigate")) && only(headers, "sec-fetch-dest") == Ok(Some("document"))
}

/// As the operator has said it. Where nothing is said the proxy keeps Host as the browser sent it, so both schemes are
/// compared with that.
fn is_own_origin(headers: &HeaderMap, ours: Option<&str>) -> bool {
    if let Some(ours) = ours {
        return only(headers, "origin")
            .is_ok_and(|origin| origin.is_some_and(|origin| origin.eq_ignore_ascii_case(ours)));
    }
    match (only(headers, "origin"), only(headers, "host")) {
        (Ok(Some(origin)), Ok(Some(host))) => ["https://", "http://"]
            .iter()
            .filter_map(|scheme| origin.strip_prefix(scheme))
            .any(|rest| rest.eq_ignore_ascii_case(host)),
        _ => false,
    }
}

/// A header that comes twice or is not text says two things; neither is believed.
fn only<'h>(headers: &'h HeaderMap, name: &str) -> Result<Option<&'h str>, ()> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| ()),
        (Some(_), Some(_)) => Err(()),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        let mut map = HeaderMap::new();
        map.insert("host", HeaderValue::from_static("utvag.granvik.se"));
        for (name, value) in pairs.iter().map(pair) {
            map.append(name, value);
        }
        map
    }

    #[test]
    fn a_change_must_come_from_our_own_pages() {
        let table: [(&[(&str, &str)], bool); 14] = [
            (&[("sec-fetch-site", "same-origin")], true),
            // A page without referrer sends Origin: null even to itself.
            (&[("sec-fetch-site", "same-origin"), ("origin", "null")], true),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "none")], false),
            (&[("sec-fetch-site", "")], false),
            (&[("sec-fetch-site", "cross-site"), ("origin", "https://utvag.granvik.se")], false),
            (&[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")], false),
            (&[("origin", "https://utvag.granvik.se")], true),
            (&[("origin", "http://utvag.granvik.se")], true),
            (&[("origin", "https://utvag.granvik.se.example")], false),
            (&[("origin", "https://utvag.granvik.se:8443")], false),
            (&[("origin", "null")], false),
            (&[], false),
        ];
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::TRACE] {
            for (pairs, allowed) in table {
                assert_eq!(is_ours(&method, &headers(pairs), None), allowed, "{method} {pairs:?}");
            }
        }
    }

    #[test]
    fn a_change_without_host_is_refused() {
        let mut headers = headers(&[("origin", "https://utvag.granvik.se")]);
        headers.remove("host");
        assert!(!is_ours(&Method::POST, &headers, None));
    }

    #[test]
    fn where_the_operator_has_said_our_address_the_host_is_not_believed() {
        let ours = Some("https://utvag.example.se");
        let asked = |origin| is_ours(&Method::POST, &headers(&[("origin", origin)]), ours);
        assert!(asked("https://utvag.example.se"));
        assert!(!asked("https://utvag.granvik.se") && !asked("http://utvag.example.se"));
        assert!(is_ours(&Method::POST, &headers(&[("sec-fetch-site", "same-origin")]), ours));
    }

    #[test]
    fn another_site_can_link_to_us_but_not_embed_what_a_session_shows() {
        let navigate = ("sec-fetch-mode", "navigate");
        let table: [(&[(&str, &str)], bool); 8] = [
            (&[("cookie", "a=b")], true),
            (&[("cookie", "a=b"), ("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "cors")], true),
            (&[("cookie", "a=b"), ("sec-fetch-site", "none"), navigate], true),
            (&[("cookie", "a=b"), ("sec-fetch-site", "cross-site"), navigate, ("sec-fetch-dest", "document")], true),
            (&[("cookie", "a=b"), ("sec-fetch-site", "cross-site"), navigate, ("sec-fetch-dest", "iframe")], false),
            (&[("cookie", "a=b"), ("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors")], false),
            (&[("cookie", "a=b"), ("sec-fetch-site", "same-site"), ("sec-fetch-dest", "image")], false),
            (&[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors")], true),
        ];
        for (pairs, allowed) in table {
            assert_eq!(is_ours(&Method::GET, &headers(pairs), None), allowed, "{pairs:?}");
        }
    }
}
