//! The security headers of every answer, errors and static files included. Outermost of all layers: an inner one would
//! leave the refusals of the layers around it without them.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

/// Names and values, also for the answer that is written before there is a request.
pub const ALWAYS: [(&str, &str); 11] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; \
         connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'",
    ),
    ("strict-transport-security", "max-age=63072000; includeSubDomains"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        // Only what every browser knows: of others Chromium complains on each page.
        "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(), \
         gamepad=(), geolocation=(), gyroscope=(), hid=(), idle-detection=(), local-fonts=(), magnetometer=(), \
         microphone=(), midi=(), payment=(), picture-in-picture=(), screen-wake-lock=(), serial=(), usb=(), \
         xr-spatial-tracking=()",
    ),
    ("x-frame-options", "DENY"),
    ("x-robots-tag", "noindex, noarchive"),
    ("vary", "Cookie, Sec-Fetch-Site"),
];

/// For every answer that does not say how long it may be kept; static files with hashed names do.
pub const UNLESS_SAID: (&str, &str) = ("cache-control", "no-store");

/// The middleware.
pub async fn on_every_answer(request: Request, next: Next) -> Response {
    let mut answer = next.run(request).await;
    set(answer.headers_mut());
    answer
}

fn set(headers: &mut HeaderMap) {
    // Compression has its own word in Vary, which must stay.
    let varies: Vec<HeaderValue> = headers.get_all(header::VARY).iter().cloned().collect();
    for (name, value) in ALWAYS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    for value in varies {
        headers.append(header::VARY, value);
    }
    let (name, value) = UNLESS_SAID;
    headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    headers.remove(header::SERVER);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_static_file_keeps_its_own_cache_and_vary() {
        let mut headers = HeaderMap::new();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("max-age=31536000, immutable"));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        headers.insert(header::SERVER, HeaderValue::from_static("x"));
        set(&mut headers);
        assert_eq!(headers[header::CACHE_CONTROL], "max-age=31536000, immutable");
        let varies: Vec<_> = headers.get_all(header::VARY).iter().collect();
        assert_eq!(varies, ["Cookie, Sec-Fetch-Site", "accept-encoding"]);
        assert!(!headers.contains_key(header::SERVER));
    }

    #[test]
    fn a_page_is_never_stored() {
        let mut headers = HeaderMap::new();
        set(&mut headers);
        assert_eq!(headers[header::CACHE_CONTROL], "no-store");
    }

    #[test]
    fn the_policy_lets_nothing_in_from_elsewhere() {
        let (_, policy) = ALWAYS[0];
        for directive in ["default-src 'none'", "object-src 'none'", "base-uri 'none'", "trusted-types 'none'"] {
            assert!(policy.contains(directive), "{directive}");
        }
        for hole in ["unsafe", "data:", "*", "http:", "https:", "  "] {
            assert!(!policy.contains(hole), "{hole}");
        }
    }
}
