//! Turns what went wrong into a status and a page that says what happened, whether anything was saved and what to do.
//! Causes are never shown. "Not found" is one constant page: nobody can tell a hidden case from a missing one.

use askama::Template;
use axum::{
    Extension,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Redirect, Response},
};

use crate::error::{Error, Incident};

pub const SIGN_IN: &str = "/logga-in";
pub const STEP_UP: &str = "/bekrafta";
/// Where forms wait that were sent after a session had run out.
pub const UNSENT: &str = "/konto/osparat";

/// The page itself. Looks the same whether or not anyone is signed in.
#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    title: &'static str,
    paragraphs: Vec<&'static str>,
    incident: Option<String>,
    /// Address and label of the link onwards.
    way_on: (&'static str, &'static str),
}

/// What goes wrong before a room is reached, and has no place in [`Error`] because it speaks of HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Another site made the browser send it.
    Foreign,
    TooLarge,
    TooSlow,
    Unreadable,
    /// The work goes on, but the answer is late.
    Late,
}

/// In an answer's extensions: its body is meant as it is, although it is an error in plain text. For health checks.
#[derive(Debug, Clone, Copy)]
pub struct AsIs;

/// In an answer's extensions: nothing was done, because the session opens nothing any more.
#[derive(Debug, Clone, Copy)]
pub struct NobodySignedIn;

const NOTHING_SAVED: &str = "Inget har sparats.";
const TRY_AGAIN: &str = "Försök igen om en stund.";
const HOME: (&str, &str) = ("/", "Till startsidan");

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        match self {
            Self::SignedOut => (Extension(NobodySignedIn), Redirect::to(SIGN_IN)).into_response(),
            Self::SayWhy(reference) => Redirect::to(&format!("/arenden/{reference}/skal")).into_response(),
            Self::NotFound => plain(StatusCode::NOT_FOUND),
            Self::Forbidden => plain(StatusCode::FORBIDDEN),
            Self::StepUp => page(
                StatusCode::FORBIDDEN,
                "Bekräfta att det är du",
                vec!["Det du ska göra kräver att du bekräftar vem du är.", NOTHING_SAVED],
                (STEP_UP, "Bekräfta"),
            ),
            Self::Stale => page(
                StatusCode::CONFLICT,
                "Ärendet har ändrats",
                vec![
                    "Någon annan har ändrat ärendet sedan du öppnade det. Din ändring har inte sparats.",
                    "Gå tillbaka, kopiera din text och öppna sidan på nytt.",
                ],
                HOME,
            ),
            Self::TooMany(seconds) => wait(plain(StatusCode::TOO_MANY_REQUESTS), seconds),
            Self::Invalid(sentence) => page(
                StatusCode::UNPROCESSABLE_ENTITY,
                "Det gick inte att spara",
                vec![sentence, NOTHING_SAVED, "Gå tillbaka och rätta uppgifterna."],
                HOME,
            ),
            Self::Unavailable => wait(plain(StatusCode::SERVICE_UNAVAILABLE), pause()),
            Self::Internal(incident) => fault(incident),
        }
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        match self {
            Self::Foreign => page(
                StatusCode::FORBIDDEN,
                "Det gick inte att ta emot uppgifterna",
                vec![
                    "Webbläsaren visade inte att de kom från det här systemet.",
                    NOTHING_SAVED,
                    "Öppna sidan på nytt och försök igen.",
                ],
                HOME,
            ),
            Self::TooLarge => plain(StatusCode::PAYLOAD_TOO_LARGE),
            Self::TooSlow => plain(StatusCode::REQUEST_TIMEOUT),
            Self::Unreadable => plain(StatusCode::BAD_REQUEST),
            Self::Late => wait(
                page(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "Svaret dröjer",
                    vec![
                        "Systemet är upptaget. Det du skickade kan ändå bli sparat.",
                        "Vänta en stund och kontrollera om det är sparat innan du skickar det igen.",
                    ],
                    HOME,
                ),
                pause(),
            ),
        }
    }
}

/// The middleware that gives our page to errors that came without one: axum's own refusals are English and bare.
pub async fn dress(request: Request, next: Next) -> Response {
    let answer = next.run(request).await;
    let status = answer.status();
    let bare = match answer.headers().get(header::CONTENT_TYPE) {
        None => true,
        Some(kind) => kind.as_bytes().starts_with(b"text/plain"),
    };
    if !(status.is_client_error() || status.is_server_error()) || !bare || answer.extensions().get::<AsIs>().is_some() {
        return answer;
    }
    let (mut head, mut body) = (answer.into_parts().0, plain(status));
    head.headers.remove(header::CONTENT_LENGTH);
    head.headers.remove(header::CONTENT_TYPE);
    // Allow, Retry-After and cookies stay.
    body.headers_mut().extend(head.headers);
    body
}

/// The page for a status that says all there is to say.
fn plain(status: StatusCode) -> Response {
    let (title, paragraphs) = match status {
        StatusCode::FORBIDDEN => {
            ("Du har inte behörighet", vec![NOTHING_SAVED, "Kontakta samordnaren om du behöver komma åt sidan."])
        }
        StatusCode::NOT_FOUND => (
            "Sidan finns inte",
            vec!["Kontrollera adressen. Ärendet kan också vara ett som du inte har behörighet till."],
        ),
        StatusCode::METHOD_NOT_ALLOWED => {
            ("Sidan kan inte användas så", vec![NOTHING_SAVED, "Gå till sidan genom menyn i stället."])
        }
        StatusCode::REQUEST_TIMEOUT => (
            "Det tog för lång tid",
            vec!["Uppgifterna kom inte fram i tid.", NOTHING_SAVED, "Kontrollera nätet och skicka igen."],
        ),
        StatusCode::PAYLOAD_TOO_LARGE => (
            "Texten är för lång",
            vec![
                "Du skickade mer än systemet tar emot på en gång.",
                NOTHING_SAVED,
                "Gå tillbaka, korta texten och skicka igen.",
            ],
        ),
        StatusCode::TOO_MANY_REQUESTS => {
            ("För många försök", vec!["Det kom för många försök på kort tid.", NOTHING_SAVED, TRY_AGAIN])
        }
        StatusCode::SERVICE_UNAVAILABLE => (
            "Systemet är upptaget",
            vec![NOTHING_SAVED, "Vänta en stund, gå tillbaka och skicka igen. Din text finns kvar i formuläret."],
        ),
        status if status.is_server_error() => return fault(Incident::report(&"an error without a cause")),
        _ => (
            "Det gick inte att läsa uppgifterna",
            vec!["Något saknades i det som skickades.", NOTHING_SAVED, "Öppna sidan på nytt och försök igen."],
        ),
    };
    page(status, title, paragraphs, HOME)
}

fn fault(incident: Incident) -> Response {
    render(
        StatusCode::INTERNAL_SERVER_ERROR,
        &ErrorPage {
            title: "Något gick fel",
            paragraphs: vec![
                "Felet är rapporterat. Försök igen om en stund.",
                "Kontrollera om det du skickade är sparat innan du skickar det igen.",
            ],
            incident: Some(incident.to_string()),
            way_on: HOME,
        },
    )
}

fn page(
    status: StatusCode,
    title: &'static str,
    paragraphs: Vec<&'static str>,
    way_on: (&'static str, &'static str),
) -> Response {
    render(status, &ErrorPage { title, paragraphs, incident: None, way_on })
}

fn render(status: StatusCode, page: &ErrorPage) -> Response {
    #[expect(clippy::disallowed_methods, reason = "an error page shows nothing that is logged")]
    let text = page.render().unwrap_or_else(|cause| {
        tracing::error!(%cause, "the error page cannot be written");
        "<!doctype html><html lang=\"sv\"><title>Något gick fel</title><h1>Något gick fel</h1></html>".to_owned()
    });
    // Said here, because the router and the server would say it in different places, and "not found" by a room would
    // then look other than "not found" by the router.
    let length = HeaderValue::from(text.len());
    let mut answer = (status, Html(text)).into_response();
    answer.headers_mut().insert(header::CONTENT_LENGTH, length);
    answer
}

fn wait(mut answer: Response, seconds: u64) -> Response {
    answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    answer
}

/// Two to five seconds, so that those who were turned away together do not come back together.
fn pause() -> u64 {
    2 + getrandom::u32().map_or(0, |drawn| u64::from(drawn % 4))
}
