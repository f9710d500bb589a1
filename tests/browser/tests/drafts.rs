//! Writing that is not lost: an open note saves itself while somebody types, again when the network is back, and never
//! over what another window has saved.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::time::sleep;

use crate::support::app::App;
use crate::window::Browser;

const STATUS: &str = "[data-autosave-status]";

impl Browser {
    /// Waits until the form says so, and for how long it had to.
    async fn hears(&self, said: &str) -> Duration {
        let (begun, mut last) = (Instant::now(), String::new());
        while begun.elapsed() < Duration::from_secs(12) {
            last = self.find(STATUS).await.text().await.unwrap();
            if last.contains(said) {
                return begun.elapsed();
            }
            sleep(Duration::from_millis(50)).await;
        }
        panic!("the form says {last:?} and not {said:?}");
    }

    async fn is_online(&self, online: bool) {
        let conditions = json!({"offline": !online, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1});
        self.tell("Network.enable", json!({})).await;
        self.tell("Network.emulateNetworkConditions", conditions).await;
    }

    async fn written(&self, field: &str) -> String {
        let script = format!("return document.querySelector('[name={field}]').value");
        self.run(&script).await.as_str().unwrap_or_default().to_owned()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_is_kept_while_it_is_typed() {
    let mut browser = Browser::start().await;
    let app = App::start().await;
    browser.visits(&app).await;
    let malin = app.social_worker().await;
    let case = malin.opens_a_case_on("2026-01-05").await;
    let journal = format!("/arenden/{case}/journal");
    browser.comes_as(&malin).await;
    browser.goto(&journal).await;

    browser.types("fact", "Den enskilde ringde i morse").await;
    // Within five seconds, and the time that it takes.
    assert!(browser.hears("Utkast sparat kl. ").await < Duration::from_secs(7));
    browser.types("assessment", "Lugnare än i går").await;
    browser.click("label[for=source]").await;
    assert!(browser.find("[name=draft]").await.attr("value").await.unwrap().is_some());
    let limit = Instant::now() + Duration::from_secs(3);
    while browser.written("draft").await != "2" {
        assert!(Instant::now() < limit, "a field that is left is saved at once");
        sleep(Duration::from_millis(20)).await;
    }
    // Nothing asks whether to leave: all is kept.
    browser.goto(&format!("/arenden/{case}")).await;
    browser.goto(&journal).await;
    assert_eq!(browser.written("fact").await, "Den enskilde ringde i morse");
    assert_eq!(browser.written("assessment").await, "Lugnare än i går");
    assert_eq!(browser.faults().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_network_is_said_and_what_was_typed_meanwhile_is_kept_when_it_is_back() {
    let mut browser = Browser::start().await;
    let app = App::start().await;
    browser.visits(&app).await;
    let malin = app.social_worker().await;
    let case = malin.opens_a_case_on("2026-01-05").await;
    let journal = format!("/arenden/{case}/journal");
    browser.comes_as(&malin).await;
    browser.goto(&journal).await;
    browser.is_online(false).await;
    browser.types("fact", "Utan nät").await;
    browser.hears("Utkastet kunde inte sparas. Kontrollera nätet.").await;
    browser.is_online(true).await;
    browser.hears("Utkast sparat kl. ").await;
    let page = malin.get(&journal).await;
    assert_eq!(page.texts("#fact"), ["Utan nät"]);

    // Another window has seen that draft and goes on with it: this one writes nothing over it.
    let typed = [("id", page.value("id")), ("draft", page.value("draft")), ("tab", page.value("tab"))];
    let mut fields: Vec<_> = typed.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fields.push(("fact", "Från det andra fönstret"));
    malin.post(&format!("{journal}/utkast"), &fields).await.is_ok();
    browser.types("fact", " längre").await;
    browser.hears("Utkastet har ändrats i ett annat fönster").await;
    assert_eq!(malin.get(&journal).await.texts("#fact"), ["Från det andra fönstret"]);
    browser.click("button[name=utkast]").await;
    browser.comes_back().await;
    assert!(browser.words().await.contains("Från det andra fönstret"));
    assert_eq!(browser.written("fact").await, "Utan nät längre");
}
