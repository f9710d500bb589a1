//! Style, script, fonts and emblem: inside the binary, under names that carry a hash of the content, kept for ever by
//! the browser. `build.rs` makes the table. Compression is the server's layer, not done here.

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

/// Name in the source tree, address with the hash, content.
type Asset = (&'static str, &'static str, &'static [u8]);

static ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// Serves everything under `/static`. Needs no session: nothing here is secret.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/static/{*file}", get(serve))
}

/// The address of a file, by its name under `static`: `path("css/app.css")`. All style sheets are `css/app.css`.
///
/// A name that does not exist gives an address that answers 404; a test looks up every name the templates use.
pub fn path(name: &str) -> &'static str {
    ASSETS.iter().find(|asset| asset.0 == name).map_or("/static/finns-inte", |asset| asset.1)
}

async fn serve(Path(file): Path<String>) -> Response {
    let Some((name, _, body)) = ASSETS.iter().find(|(_, address, _)| address.strip_prefix("/static/") == Some(&file))
    else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers =
        [(header::CONTENT_TYPE, content_type(name)), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    (headers, *body).into_response()
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml; charset=utf-8",
        Some("txt") => "text/plain; charset=utf-8",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;
    use http_body_util::BodyExt as _;
    use tower::ServiceExt as _;

    use super::*;

    async fn ask(address: &str) -> Response {
        let request = Request::get(address).body(Body::empty()).unwrap();
        router::<()>().oneshot(request).await.unwrap()
    }

    #[tokio::test]
    async fn the_sheet_is_kept_for_ever_and_says_its_charset() {
        let answer = ask(path("css/app.css")).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/css; charset=utf-8");
        assert_eq!(answer.headers()[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
    }

    #[tokio::test]
    async fn the_sheet_begins_with_the_tokens_and_its_fonts_exist() {
        let body = ask(path("css/app.css")).await.into_body().collect().await.unwrap().to_bytes();
        let sheet = std::str::from_utf8(&body).unwrap();
        assert!(sheet.find("@layer reset, tokens").unwrap() < sheet.find("@layer base{").unwrap());
        let fonts: Vec<&str> = sheet.split("url(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(fonts.len(), 2);
        for font in fonts {
            let answer = ask(font).await;
            assert_eq!(
                (answer.status(), &answer.headers()[header::CONTENT_TYPE]),
                (StatusCode::OK, &"font/woff2".parse().unwrap())
            );
        }
    }

    #[tokio::test]
    async fn a_file_that_is_not_there_is_not_found() {
        for address in ["/static/css/app.css", "/static/finns-inte", "/static/../Cargo.toml", path("css/tokens.css")] {
            assert_eq!(ask(address).await.status(), StatusCode::NOT_FOUND, "{address}");
        }
    }

    #[test]
    fn script_and_style_stay_small() {
        let size = |name| ASSETS.iter().find(|asset| asset.0 == name).unwrap().2.len();
        assert!(size("js/app.js") <= 15_000);
        assert!(size("css/app.css") <= 45_000);
    }

    #[test]
    fn every_asset_that_a_template_names_exists() {
        let mut waiting = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/templates"))];
        let mut named = 0;
        while let Some(folder) = waiting.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let file = entry.unwrap().path();
                if file.is_dir() {
                    waiting.push(file);
                    continue;
                }
                for rest in std::fs::read_to_string(&file).unwrap().split("assets::path(\"").skip(1) {
                    let name = rest.split('"').next().unwrap();
                    assert_ne!(path(name), "/static/finns-inte", "{name} in {}", file.display());
                    named += 1;
                }
            }
        }
        assert!(named >= 4);
    }
}
