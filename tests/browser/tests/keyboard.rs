//! With the keyboard alone: what the Tab key passes, where the focus is seen, and what leads past the menu.

use thirtyfour::Key;
use utvag::vocabulary::Role;

use crate::support::app::App;
use crate::support::people::{PASSWORD, Person};
use crate::window::Browser;

#[tokio::test(flavor = "multi_thread")]
async fn a_coordinator_signs_in_and_adds_a_provider_with_the_keyboard_alone() {
    let mut browser = Browser::start().await;
    let app = App::start().await;
    browser.visits(&app).await;
    let karin = Person::hired(&app, Role::Coordinator).await;
    browser.goto("/logga-in").await;
    let passed = browser.tabs_to("#user_name").await;
    assert_eq!(passed[0], "Hoppa till innehåll");
    browser.press(karin.user_name.as_str()).await;
    browser.tabs_to("#password").await;
    browser.press(PASSWORD).await;
    browser.tabs_to("#code").await;
    browser.press(karin.code() + Key::Enter).await;
    browser.arrives_at("/").await;

    browser.goto("/boenden").await;
    let passed = browser.tabs_to("Ny leverantör").await;
    let at = |name: &str| passed.iter().position(|stop| stop == name).unwrap_or_else(|| panic!("{name}: {passed:?}"));
    assert!(at("Hoppa till innehåll") < at("Ärenden") && at("Ärenden") < at("Mer") && at("Mer") < at("Logga ut"));
    browser.press(Key::Enter).await;
    browser.arrives_at("/boenden/ny").await;

    // The link at the top leads past the menu.
    browser.press(Key::Tab).await;
    browser.press(Key::Enter).await;
    assert_eq!(browser.focused().await, "#innehall");
    browser.tabs_to("#name").await;
    browser.press("Björkens vård AB").await;
    browser.tabs_to("#org_number").await;
    browser.press("559999-0008").await;
    browser.tabs_to("#kind").await;
    browser.press(" ").await;
    browser.tabs_to("Spara leverantör").await;
    browser.press(Key::Enter).await;
    browser.arrives_at("/boenden/L-001").await;
    assert!(browser.words().await.contains("Leverantören är sparad."));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_summary_of_faults_gets_the_focus_and_leads_to_the_fields() {
    let mut browser = Browser::start().await;
    let app = App::start().await;
    browser.visits(&app).await;
    browser.comes_as(&Person::hired(&app, Role::Coordinator).await).await;
    browser.goto("/boenden/ny").await;
    browser.types("org_number", "12").await;
    browser.click(".savebar button").await;
    browser.comes_back().await;
    assert_eq!(browser.focused().await, "#felsammanfattning");
    browser.tabs_to("Skriv organisationsnumret med tio siffror, NNNNNN-NNNN").await;
    browser.press(Key::Enter).await;
    assert_eq!(browser.focused().await, "#org_number");
    assert_eq!(browser.find("#org_number").await.value().await.unwrap().as_deref(), Some("12"));
}
