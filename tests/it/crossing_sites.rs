//! Every form of the house, as another site would have the browser of somebody who is signed in send it: refused before
//! anybody asks who they are, whatever the browser says of where it comes from.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};

use crate::support::app::{App, ORIGIN};
use crate::support::page::with_cookie;
use crate::support::routes;

/// What a browser may say of a request that is not the house's own. The last ones say nothing, two things, or a word that
/// there is not.
const FROM_ELSEWHERE: [&[(&str, &str)]; 12] = [
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "cross-site"), ("origin", "https://annan.example")],
    &[("sec-fetch-site", "cross-site"), ("origin", "null")],
    &[("sec-fetch-site", "cross-site"), ("origin", ORIGIN)],
    &[("sec-fetch-site", "same-site")],
    &[("sec-fetch-site", "same-site"), ("origin", "http://under.localhost:8080")],
    &[("sec-fetch-site", "none"), ("origin", ORIGIN)],
    &[("origin", "https://annan.example"), ("host", "localhost:8080")],
    &[("origin", "null"), ("host", "localhost:8080")],
    &[("host", "localhost:8080")],
    &[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "ours"), ("origin", ORIGIN)],
];

#[tokio::test]
async fn no_form_is_taken_from_another_site() {
    let app = App::start().await;
    let manager = app.manager().await;
    let cookie = format!("__Host-session={}", manager.token());
    let logged = app.log().await.len();
    let forms: Vec<_> = routes::all().into_iter().filter(|route| route.method != "GET").collect();
    let mut refused = 0;
    for route in &forms {
        let address: String = route.path.replace(['{', '}', '*'], "");
        for said in FROM_ELSEWHERE {
            let request = Request::builder().method(route.method).uri(&address);
            let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            let request = said.iter().fold(request, |request, (name, value)| request.header(*name, *value));
            let page = app.send(with_cookie(request, Some(&cookie)).body(Body::empty()).unwrap()).await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{} {} with {said:?}", route.method, route.path);
            refused += 1;
        }
    }
    assert_eq!(refused, forms.len() * FROM_ELSEWHERE.len());
    // Nobody was asked who they are, so the log knows of none.
    assert_eq!(app.log().await.len(), logged);
    println!("figure: forms sent from another site and refused = {refused} of {refused}");
}
