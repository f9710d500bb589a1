//! An answer as somebody sees it. Every page that is looked at is also held against the rules of markup.

use axum::body::Body;
use axum::http::request::Builder;
use axum::http::response::Parts;
use axum::http::{HeaderMap, Request, StatusCode, header};
use scraper::{Html, Selector};

use super::markup;

/// See the module.
#[derive(Debug, Clone)]
pub struct Page {
    asked: String,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

/// A form as our own page sends it.
pub fn form(path: &str, fields: &[(&str, &str)], cookie: Option<&str>) -> Request<Body> {
    let body = fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect::<Vec<_>>();
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin");
    with_cookie(request, cookie).body(Body::from(body.join("&"))).unwrap()
}

pub fn with_cookie(request: Builder, cookie: Option<&str>) -> Builder {
    match cookie {
        Some(cookie) => request.header(header::COOKIE, cookie),
        None => request,
    }
}

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |text, byte| match byte {
        b' ' => text + "+",
        byte if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) => text + char::from(byte).to_string().as_str(),
        byte => text + format!("%{byte:02X}").as_str(),
    })
}

impl Page {
    pub fn new(asked: String, head: Parts, body: String) -> Self {
        Self { asked, status: head.status, headers: head.headers, body }
    }

    #[track_caller]
    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "{}: {}", self.asked, self.words());
        let html = self.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        if html && !self.body.is_empty() {
            assert_eq!(markup::faults(&self.body), Vec::<String>::new(), "{}", self.asked);
        }
        self
    }

    #[track_caller]
    pub fn is_ok(&self) -> &Self {
        self.is(200)
    }

    #[track_caller]
    pub fn is_forbidden(&self) -> &Self {
        self.is(403)
    }

    #[track_caller]
    pub fn is_missing(&self) -> &Self {
        self.is(404)
    }

    /// The form came back with faults; each is said in the summary.
    #[track_caller]
    pub fn is_faulty(&self) -> &Self {
        self.is(422)
    }

    /// The fault at a field, as it is said in the summary.
    #[track_caller]
    pub fn at(&self, field: &str, said: &str) -> &Self {
        let found = self.texts(&format!("#felsammanfattning a[href='#{field}']"));
        assert_eq!(found, [said], "{}: {:?}", self.asked, self.texts("#felsammanfattning a"));
        self
    }

    #[track_caller]
    pub fn leads_to(&self, path: &str) -> &Self {
        assert_eq!((self.status, self.location()), (StatusCode::SEE_OTHER, path), "{}: {}", self.asked, self.words());
        self
    }

    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Ordinary spaces in the text stand for any space of the page.
    #[track_caller]
    pub fn shows(&self, text: &str) -> &Self {
        assert!(self.words().contains(text), "{} does not show {text:?}: {}", self.asked, self.words());
        self
    }

    #[track_caller]
    pub fn lacks(&self, text: &str) -> &Self {
        assert!(!self.body.contains(text) && !self.words().contains(text), "{} shows {text:?}", self.asked);
        self
    }

    /// All words of the body, in order, with plain single spaces.
    pub fn words(&self) -> String {
        let page = Html::parse_document(&self.body);
        let body = Selector::parse("body").unwrap();
        plain(&page.select(&body).flat_map(|body| body.text().collect::<Vec<_>>()).collect::<Vec<_>>().join(" "))
    }

    /// The words of each element that the selector finds.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let page = Html::parse_document(&self.body);
        let found = page.select(&Selector::parse(selector).unwrap()).collect::<Vec<_>>();
        found.iter().map(|element| plain(&element.text().collect::<Vec<_>>().join(" "))).collect()
    }

    /// The value of a field.
    #[track_caller]
    pub fn value(&self, field: &str) -> String {
        let page = Html::parse_document(&self.body);
        let selector = Selector::parse(&format!("[name='{field}']")).unwrap();
        let found = page.select(&selector).next().unwrap_or_else(|| panic!("{} has no field {field}", self.asked));
        found.attr("value").unwrap_or_default().to_owned()
    }

    /// An attribute of each element that the selector finds.
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let page = Html::parse_document(&self.body);
        let selector = Selector::parse(selector).unwrap();
        page.select(&selector).filter_map(|element| element.attr(name).map(str::to_owned)).collect()
    }

    /// The cells of a table's rows, each row's words cell by cell.
    pub fn rows(&self, table: &str) -> Vec<Vec<String>> {
        let page = Html::parse_document(&self.body);
        let rows = Selector::parse(&format!("{table} tbody tr, {table} tfoot tr")).unwrap();
        let cells = Selector::parse("th, td").unwrap();
        page.select(&rows)
            .map(|row| row.select(&cells).map(|cell| plain(&cell.text().collect::<Vec<_>>().join(" "))).collect())
            .collect()
    }

    /// A cookie that the answer sets, as the browser would send it back.
    pub fn cookie(&self, name: &str) -> Option<String> {
        let set = self.headers.get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
        set.filter_map(|set| set.split(';').next())
            .find(|pair| pair.starts_with(&format!("{name}=")))
            .map(str::to_owned)
    }
}

fn plain(text: &str) -> String {
    text.replace('\u{a0}', " ").split_whitespace().collect::<Vec<_>>().join(" ")
}
