//! Where somebody lives stands on the screen for a minute and no longer: then it is out of the page, and so it is when
//! the tab is left or Esc is pressed.

use thirtyfour::Key;

use crate::support::app::App;
use crate::support::people::{PASSWORD, Person};
use crate::window::Browser;
use crate::world::World;

/// Lets the page believe that time has passed, and that its tab lies behind another.
const MINUTE_LATER: &str = "const now = Date.now; Date.now = () => now() + 60000";
const TAB_LEFT: &str = "
    Object.defineProperty(document, 'hidden', {value: true});
    document.dispatchEvent(new Event('visibilitychange'))";

impl Browser {
    pub(crate) async fn opens_the_location(&self, world: &World<'_>, person: &Person<'_>) {
        // A code opens once.
        person.app.state.clock.put_forward(time::Duration::minutes(1));
        self.goto(&world.location()).await;
        self.click("main input[name=kind] ~ label").await;
        self.types("reason", "Hämtning till läkare").await;
        self.types("password", PASSWORD).await;
        self.types("code", &person.code()).await;
        self.click(".savebar button").await;
        self.find("[data-hide-after]").await;
        let page = self.words().await;
        assert!(page.contains("Skogsvägen 4") && page.contains("Lägenhet 1203"), "{page}");
    }

    /// Prints all parts of a case, after showing who it is.
    pub(crate) async fn prints(&self, person: &Person<'_>, case: &str) {
        person.app.state.clock.put_forward(time::Duration::minutes(1));
        self.goto(&format!("/arenden/{case}/utskrift")).await;
        self.run("document.querySelectorAll('main [name=parts], main [name=purpose][value=case_work]').forEach((one) => { one.checked = true; })").await;
        self.types("password", PASSWORD).await;
        self.types("code", &person.code()).await;
        self.click("main form .savebar button").await;
        self.find("article.entry").await;
    }

    /// Not only out of sight.
    async fn has_forgotten_the_location(&self) {
        let limit = std::time::Instant::now() + std::time::Duration::from_secs(5);
        loop {
            let page = self.chromium.driver.source().await.unwrap();
            if !["Skogsvägen", "Björkgården", "Norrsele", "1203"].iter().any(|word| page.contains(word)) {
                break;
            }
            assert!(std::time::Instant::now() < limit, "the location still stands in the page");
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        assert!(self.words().await.contains("Uppgifterna är dolda. Tillbaka"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_location_goes_away_after_a_minute_when_the_tab_is_left_and_with_esc() {
    let mut browser = Browser::start().await;
    let app = App::start().await;
    browser.visits(&app).await;
    let world = World::made(&app).await;
    browser.comes_as(&world.malin).await;
    for gone in [MINUTE_LATER, TAB_LEFT] {
        browser.opens_the_location(&world, &world.malin).await;
        browser.run(gone).await;
        browser.has_forgotten_the_location().await;
    }
    browser.opens_the_location(&world, &world.malin).await;
    browser.press(Key::Escape).await;
    browser.has_forgotten_the_location().await;
    browser.click("main p a[href]").await;
    assert!(browser.words().await.contains("Visa vistelseorten"));
    // Nothing of it is kept for the way back either.
    browser.chromium.driver.back().await.unwrap();
    assert!(!browser.words().await.contains("Skogsvägen"));
}
