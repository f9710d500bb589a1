//! Passkeys in a real browser, with the authenticator that Chromium plays: registering, signing in, and confirming an act
//! with the key that was asked about it.

use serde_json::json;
use time::macros::date;
use utvag::decision::paths;
use utvag::vocabulary::Role;

use crate::every_page::none;
use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::decisions::Typed;
use crate::support::people::{PASSWORD, Person};
use crate::window::Browser;

impl Browser {
    /// Puts a key into the browser, with a finger on it.
    async fn has_a_key(&self) {
        self.tell("WebAuthn.enable", json!({ "enableUI": false })).await;
        let options = json!({ "protocol": "ctap2", "transport": "internal", "hasResidentKey": true,
            "hasUserVerification": true, "isUserVerified": true, "automaticPresenceSimulation": true });
        self.tell("WebAuthn.addVirtualAuthenticator", json!({ "options": options })).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_registers_a_key_signs_in_with_it_and_signs_a_decision() {
    let mut browser = Browser::start().await;
    let door = browser.listens().await;
    let app = App::start().await.standing_at(browser.address());
    Browser::serves(door, &app);
    browser.has_a_key().await;
    app.becomes(date!(2026 - 02 - 10));
    let (malin, chef) = (app.social_worker().await, Person::hired(&app, Role::Manager).await);
    let case = Opening::unknown().responsible(&malin).saved_by(&malin).await;
    let hvb = Typed::hvb("2026-02-10", "2026-08-09").submitted_by(&malin, &case).await;

    browser.signs_in_as(&chef).await;
    app.state.clock.put_forward(time::Duration::seconds(30));
    browser.goto("/konto/nycklar/ny").await;
    for (field, text) in [("name", "Blå nyckel"), ("password", PASSWORD), ("code", &chef.code())] {
        browser.types(field, text).await;
    }
    browser.click("main form .savebar button").await;
    browser.find("form[data-key-new]").await;
    none(&browser.faults().await);
    browser.click("form[data-key-new] button").await;
    browser.arrives_at("/konto/nycklar").await;
    assert!(browser.words().await.contains("Blå nyckel"));
    none(&browser.faults().await);
    browser.click("tbody a").await;
    browser.find("[data-key-ask=change_keys]").await;
    none(&browser.faults().await);

    browser.forgets().await;
    browser.goto("/logga-in").await;
    none(&browser.faults().await);
    browser.click("form[data-key-sign-in] button").await;
    browser.arrives_at("/").await;

    browser.goto(&paths::sign(&case, hvb)).await;
    none(&browser.faults().await);
    browser.click("main form .savebar button").await;
    browser.arrives_at(&paths::show(&case, hvb)).await;
    assert!(browser.words().await.contains("Beslutet är fattat"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_to_have_a_key_registers_the_first_one_on_the_way_in() {
    let mut browser = Browser::start().await;
    let door = browser.listens().await;
    let app = App::start().await.standing_at(browser.address()).demanding_keys();
    Browser::serves(door, &app);
    browser.has_a_key().await;
    let malin = Person::hired(&app, Role::Caseworker).await;
    browser.goto("/logga-in").await;
    for (field, text) in [("user_name", malin.user_name.as_str()), ("password", PASSWORD), ("code", &malin.code())] {
        browser.types(field, text).await;
    }
    browser.click("form[action='/logga-in'] button").await;
    browser.arrives_at("/logga-in/ny-nyckel").await;
    none(&browser.faults().await);
    browser.types("name", "Blå nyckel").await;
    browser.click("form[action='/logga-in/ny-nyckel'] button").await;
    browser.click("form[data-key-new] button").await;
    browser.arrives_at("/").await;
}
