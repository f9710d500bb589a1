//! What somebody does at a browser: goes to a page, types, presses keys, and sees where the focus is.

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use thirtyfour::prelude::ElementQueryable;
use thirtyfour::{By, Key, TypingData, WebElement};
use tokio::net::TcpListener;
use tokio::time::sleep;
use utvag::server::accept::{self, Limits};

use crate::chromium::Chromium;
use crate::support::app::App;
use crate::support::people::{PASSWORD, Person};

/// Says what has the focus: by its id if it has one, else by its words.
const FOCUSED: &str =
    "const e = document.activeElement; return e.id ? '#' + e.id : e.textContent.trim().replace(/\\s+/g, ' ')";

/// Whether what has the focus is within sight and looks otherwise than when it has not.
const FOCUS_IS_SEEN: &str = "
    const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
    const drawn = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    return drawn && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth";

/// The page that is shown was the answer to a form.
const SENT_BACK: &str = "
    const [page] = performance.getEntriesByType('navigation');
    return document.readyState === 'complete' && ![200, 0].includes(page.responseStatus)";

/// See the module.
pub struct Browser {
    pub(crate) chromium: Chromium,
    address: String,
}

impl Browser {
    pub async fn start() -> Self {
        Self { chromium: Chromium::start(&[]).await, address: String::new() }
    }

    /// With windows that all are at work, as if each stood on a screen of its own.
    pub async fn start_with_many_windows() -> Self {
        let awake = [
            "--disable-background-timer-throttling",
            "--disable-renderer-backgrounding",
            "--disable-backgrounding-occluded-windows",
        ];
        Self { chromium: Chromium::start(&awake).await, address: String::new() }
    }

    /// Serves the house as it is served to everybody, on a socket of its own, for as long as the test lasts. By the name
    /// localhost, which a browser trusts with the cookies that are for encrypted connections.
    pub async fn visits(&mut self, app: &App) {
        let listener = self.listens().await;
        Self::serves(listener, app);
    }

    /// A door before there is a house behind it; gives it with the address that it will have.
    pub async fn listens(&mut self) -> TcpListener {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        self.address = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        listener
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    pub fn serves(listener: TcpListener, app: &App) {
        tokio::spawn(accept::serve(listener, app.router(), Limits::default(), std::future::pending()));
    }

    /// A house that another process serves.
    pub fn visits_at(&mut self, port: u16) {
        self.address = format!("http://localhost:{port}");
    }

    /// As somebody new.
    pub async fn forgets(&self) {
        self.chromium.driver.delete_all_cookies().await.unwrap();
    }

    pub async fn goto(&self, path: &str) {
        self.chromium.driver.goto(format!("{}{path}", self.address)).await.unwrap();
    }

    /// The path of the page that is shown.
    pub async fn path(&self) -> String {
        self.chromium.driver.current_url().await.unwrap().path().to_owned()
    }

    /// Waits until the browser has gone there.
    pub async fn arrives_at(&self, path: &str) {
        let limit = Instant::now() + Duration::from_secs(10);
        while self.path().await != path || self.run("return document.readyState").await != "complete" {
            assert!(Instant::now() < limit, "the browser is at {} and not at {path}", self.path().await);
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until a page has been read to its end that the browser was sent back to from its own form.
    pub async fn comes_back(&self) {
        let limit = Instant::now() + Duration::from_secs(10);
        while self.run(SENT_BACK).await != true {
            assert!(Instant::now() < limit, "the form at {} has not come back", self.path().await);
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until the browser has been sent on from there.
    pub async fn leaves(&self, path: &str) {
        let limit = Instant::now() + Duration::from_secs(10);
        while self.path().await == path || self.run("return document.readyState").await != "complete" {
            assert!(Instant::now() < limit, "the browser stays at {path}: {}", self.words().await);
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Signs in through the page. What the start page writes in the browser's log is not this test's matter.
    pub async fn sign_in(&self, user_name: &str, password: &str, code: &str) {
        self.goto("/logga-in").await;
        for (field, text) in [("user_name", user_name), ("password", password), ("code", code)] {
            self.types(field, text).await;
        }
        self.click("form[action='/logga-in'] button").await;
        self.arrives_at("/").await;
        self.chromium.driver.browser_log().await.unwrap();
    }

    /// Has the cookie of a colleague who has signed in elsewhere, or signs in.
    pub async fn comes_as(&self, person: &Person<'_>) {
        self.forgets().await;
        let Some((name, token)) = person.cookie.split_once('=') else { return self.signs_in_as(person).await };
        let cookie = json!({"name": name, "value": token, "url": "https://localhost", "path": "/", "secure": true,
            "httpOnly": true, "sameSite": "Strict"});
        assert_eq!(self.tell("Network.setCookie", cookie).await["success"], true);
    }

    /// The same, as one of the tests' colleagues.
    pub async fn signs_in_as(&self, person: &Person<'_>) {
        self.sign_in(&person.user_name, PASSWORD, &person.code()).await;
    }

    pub async fn find(&self, selector: &str) -> WebElement {
        self.chromium.driver.query(By::Css(selector)).first().await.unwrap()
    }

    /// Brings it to the middle first: the save bar lies over the lower edge.
    pub async fn click(&self, selector: &str) {
        let element = self.find(selector).await;
        let script = "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})";
        self.chromium.driver.execute(script, vec![element.to_json().unwrap()]).await.unwrap();
        element.click().await.unwrap();
    }

    /// One of the choices of a field, whether they are buttons, whose words are pressed, or a list.
    pub async fn chooses(&self, field: &str, value: &str) {
        let choice = format!("input[name='{field}'][value='{value}'], select[name='{field}'] option[value='{value}']");
        match self.find(&choice).await.id().await.unwrap() {
            Some(id) if !id.is_empty() => self.click(&format!("label[for='{id}']")).await,
            _ => self.click(&choice).await,
        }
    }

    /// Fills in a form of text fields, choices and lists.
    pub async fn fills_in(&self, fields: &[(&str, &str)]) {
        for (field, value) in fields {
            let element = self.find(&format!("[name={field}]")).await;
            let kind = element.attr("type").await.unwrap().unwrap_or_default();
            let is_choice = ["radio", "checkbox"].contains(&kind.as_str());
            if is_choice && self.find(&format!("[name={field}][value='{value}']")).await.is_selected().await.unwrap() {
                continue;
            }
            if is_choice || element.tag_name().await.unwrap() == "select" {
                self.chooses(field, value).await;
            } else {
                self.replaces(field, value).await;
            }
        }
    }

    /// Types over what stands in the field.
    pub async fn replaces(&self, field: &str, text: &str) {
        self.find(&format!("[name={field}]")).await.clear().await.unwrap();
        self.types(field, text).await;
    }

    /// Into the field with this name.
    pub async fn types(&self, field: &str, text: &str) {
        self.find(&format!("[name={field}]")).await.send_keys(text).await.unwrap();
    }

    /// All that is read on the page.
    pub async fn words(&self) -> String {
        self.find("body").await.text().await.unwrap().replace('\u{a0}', " ")
    }

    /// To whatever has the focus.
    pub async fn press(&self, keys: impl Into<TypingData>) {
        self.chromium.driver.action_chain().send_keys(keys).perform().await.unwrap();
    }

    pub async fn focused(&self) -> String {
        self.run(FOCUSED).await.as_str().unwrap_or_default().to_owned()
    }

    /// Steps with the Tab key until the focus is there, and gives all that it passed. Each must be seen to have it.
    pub async fn tabs_to(&self, wanted: &str) -> Vec<String> {
        let mut passed = Vec::new();
        while passed.last().is_none_or(|last| last != wanted) {
            assert!(passed.len() < 80, "{wanted} is not reached with the Tab key: {passed:?}");
            self.press(Key::Tab).await;
            let focused = self.focused().await;
            assert_eq!(self.run(FOCUS_IS_SEEN).await, true, "the focus on {focused} is not seen");
            passed.push(focused);
        }
        passed
    }

    /// What a script says that is run beside the page, past its content security policy.
    pub async fn run(&self, script: &str) -> Value {
        self.chromium.driver.execute(script, Vec::new()).await.unwrap().json().clone()
    }

    /// Chromium's own protocol.
    pub async fn tell(&self, method: &str, parameters: Value) -> Value {
        self.chromium.driver.cdp().send_raw(method, parameters).await.unwrap()
    }

    pub async fn runs_no_scripts(&self) {
        self.tell("Emulation.setScriptExecutionDisabled", json!({"value": true})).await;
    }
}
