//! Open forms of any room in a browser: two windows, a reload and the back button do no harm, and the page says when it
//! was saved.

use std::time::{Duration, Instant};

use tokio::time::sleep;

use crate::every_page::none;
use crate::support::app::App;
use crate::window::Browser;

const STATUS: &str = "[data-draft-status]";

impl Browser {
    async fn is_told(&self, said: &str) {
        let limit = Instant::now() + Duration::from_secs(12);
        loop {
            let shown = self.find(STATUS).await.text().await.unwrap();
            if shown.contains(said) {
                return;
            }
            assert!(Instant::now() < limit, "the form says {shown:?} and not {said:?}");
            sleep(Duration::from_millis(50)).await;
        }
    }

    async fn stands_in(&self, field: &str) -> String {
        let script = format!("return document.querySelector('[name={field}]').value");
        self.run(&script).await.as_str().unwrap_or_default().to_owned()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_windows_a_reload_and_the_back_button_do_no_harm() {
    let mut browser = Browser::start().await;
    let app = App::start().await;
    browser.visits(&app).await;
    let malin = app.social_worker().await;
    let case = malin.opens_a_case_on("2026-01-05").await;
    let (list, new) = (format!("/arenden/{case}/samtycken"), format!("/arenden/{case}/samtycken/ny"));
    browser.comes_as(&malin).await;
    browser.goto(&new).await;
    browser.types("purpose", "Dela uppgifter").await;
    browser.is_told("Utkast sparat kl. ").await;
    browser.run("location.reload()").await;
    sleep(Duration::from_millis(300)).await;
    browser.arrives_at(&new).await;
    assert_eq!(browser.stands_in("purpose").await, "Dela uppgifter");
    assert!(browser.words().await.contains("Utkast från"));

    // Another window goes on with the same draft; this one does too.
    let first = browser.chromium.driver.window().await.unwrap();
    let second = browser.chromium.driver.new_tab().await.unwrap();
    browser.chromium.driver.switch_to_window(second.clone()).await.unwrap();
    browser.goto(&new).await;
    browser.types("purpose", " med polisen").await;
    browser.is_told("Utkast sparat kl. ").await;
    browser.chromium.driver.switch_to_window(first.clone()).await.unwrap();
    browser.types("purpose", " med regionen").await;
    browser.is_told("Utkast sparat kl. ").await;
    browser.goto(&new).await;
    let words = browser.words().await;
    assert!(words.contains("Ett annat utkast från") && words.contains("Dela uppgifter med polisen"), "{words}");
    assert_eq!(browser.stands_in("purpose").await, "Dela uppgifter med regionen");
    let mut faults = browser.faults_in_each_look("utkast-tva", async || browser.goto(&new).await).await;
    faults.extend(browser.faults_in_each_look("utkast-mina", async || browser.goto("/utkast").await).await);
    none(&faults);
    browser.goto(&new).await;
    browser.click("section button[form]").await;
    sleep(Duration::from_millis(300)).await;
    browser.arrives_at(&new).await;
    assert!(!browser.words().await.contains("Ett annat utkast"));

    // Sent, and back: the form is empty or holds what was sent, and sending it again makes no second record.
    browser
        .fills_in(&[
            ("kind", "information_exchange"),
            ("recipients", "police_lpo"),
            ("categories", "identity"),
            ("form", "oral"),
            ("given_on", "2026-12-01"),
            ("valid_to", "2027-05-31"),
            ("information_given", "ja"),
        ])
        .await;
    browser.click("form[data-draft] .savebar .btn").await;
    browser.leaves(&new).await;
    let show = browser.path().await;
    assert!(show.starts_with(&format!("{list}/")), "{show}");
    browser.run("history.back()").await;
    browser.arrives_at(&new).await;
    assert!(!browser.words().await.contains("Utkast från"));
    browser.run("document.querySelector('form[data-draft] .savebar .btn').click()").await;
    sleep(Duration::from_millis(500)).await;
    let rows: i64 = sqlx::query_scalar("select count(*) from consent")
        .fetch_one(&mut app.database.superuser().await)
        .await
        .unwrap();
    assert_eq!(rows, 1);
    browser.goto(&new).await;
    assert_eq!(browser.stands_in("purpose").await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_button_keeps_the_form_where_no_script_runs() {
    let mut browser = Browser::start().await;
    let app = App::start().await;
    browser.visits(&app).await;
    let malin = app.social_worker().await;
    let case = malin.opens_a_case_on("2026-01-05").await;
    let new = format!("/arenden/{case}/motivation/ny");
    browser.comes_as(&malin).await;
    browser.runs_no_scripts().await;
    browser.goto(&new).await;
    browser.types("own_words", "Jag vill bort härifrån.").await;
    browser.click("button[name=by_hand]").await;
    browser.arrives_at(&new).await;
    let words = browser.words().await;
    assert!(words.contains("Utkastet är sparat.") && words.contains("Utkast från"), "{words}");
    assert_eq!(browser.find("[name=own_words]").await.prop("value").await.unwrap().unwrap(), "Jag vill bort härifrån.");
    browser.click("button[form]").await;
    browser.arrives_at(&new).await;
    assert!(browser.words().await.contains("Utkastet är kastat."));
    assert_eq!(browser.find("[name=own_words]").await.prop("value").await.unwrap().unwrap(), "");
}
