//! What the house is for, from the sign-in page to the cost on the page, as a social worker does it; the same without
//! any script; and what a colleague who is not named in the case sees at the same address.

use serde_json::{Value, json};
use utvag::crypto::reference::CaseReference;
use utvag::vocabulary::Role;

use crate::support::app::App;
use crate::support::homes::Home;
use crate::support::people::Person;
use crate::window::Browser;
use crate::world::{OPENING, PL1};

/// An answer as a script sees it: without what is new in every answer.
const ANSWER: &str = "
    const done = arguments[arguments.length - 1];
    fetch(arguments[0]).then(async (answer) => {
        const varying = ['date', 'x-request-id'];
        const headers = [...answer.headers].filter(([name]) => !varying.includes(name));
        done([answer.status, headers, await answer.text()]);
    })";

impl Browser {
    /// From signing in to the page of the placement; gives the reference of the case.
    async fn places_somebody(&self, malin: &Person<'_>, home: &Home) -> String {
        self.signs_in_as(malin).await;
        self.click(".mainnav a[href='/arenden']").await;
        self.click("a[href='/arenden/ny']").await;
        self.fills_in(&OPENING).await;
        self.click(".savebar button").await;
        self.leaves("/arenden/ny").await;
        let case = self.path().await;
        self.click("main .empty a[href$='/placeringar/ny']").await;
        self.arrives_at(&format!("{case}/placeringar/ny")).await;
        self.fills_in(&PL1).await;
        self.chooses("home", &home.id).await;
        self.click(".savebar button").await;
        self.leaves(&format!("{case}/placeringar/ny")).await;
        case.rsplit('/').next().unwrap_or_default().to_owned()
    }

    async fn reads_what_pl1_costs(&self) {
        let page = self.words().await.split_whitespace().collect::<Vec<_>>().join(" ");
        for said in ["1 368 000 kr", "547 dygn", "2026 351 1 053 000 kr", "2027 196 315 000 kr"] {
            assert!(page.contains(said), "the page does not say {said}: {page}");
        }
        assert!(!page.contains("Björkgården") && !page.contains("Skogsvägen"), "{page}");
    }

    async fn answer_at(&self, path: &str) -> Value {
        self.chromium.driver.execute_async(ANSWER, vec![json!(path)]).await.unwrap().json().clone()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_social_worker_opens_a_case_places_somebody_and_reads_the_cost_and_nobody_else_learns_of_it() {
    let mut browser = Browser::start().await;
    let app = App::start().await;
    browser.visits(&app).await;
    let home = app.coordinator().await.adds_a_home("hvb").await;
    let malin = Person::hired(&app, Role::Caseworker).await;
    let case = browser.places_somebody(&malin, &home).await;
    browser.reads_what_pl1_costs().await;
    assert_eq!(browser.faults().await, Vec::<String>::new());
    let placement = browser.path().await;
    browser.goto(&format!("/arenden/{case}")).await;
    assert!(browser.words().await.contains("1 053 000 kr hittills, 351 av 547 dygn"));

    browser.forgets().await;
    browser.signs_in_as(&Person::hired(&app, Role::Caseworker).await).await;
    let never = CaseReference::draw().unwrap().to_string();
    for end in ["", "/placeringar", "/person", "/finns-inte"] {
        let real = browser.answer_at(&format!("/arenden/{case}{end}")).await;
        assert_eq!(real[0], 404);
        assert_eq!(real, browser.answer_at(&format!("/arenden/{never}{end}")).await);
        assert_eq!(real, browser.answer_at("/finns-inte-alls").await);
    }
    assert_eq!(browser.answer_at(&placement).await, browser.answer_at(&placement.replace(&case, &never)).await);
    browser.goto(&format!("/arenden/{case}")).await;
    let (real, title) = (browser.words().await, browser.chromium.driver.title().await.unwrap());
    browser.goto(&format!("/arenden/{never}")).await;
    assert_eq!((real, title), (browser.words().await, browser.chromium.driver.title().await.unwrap()));
}

#[tokio::test(flavor = "multi_thread")]
async fn all_of_it_works_without_any_script() {
    let mut browser = Browser::start().await;
    let app = App::start().await;
    browser.visits(&app).await;
    browser.runs_no_scripts().await;
    let home = app.coordinator().await.adds_a_home("hvb").await;
    let malin = Person::hired(&app, Role::Caseworker).await;
    browser.goto("/logga-in").await;
    browser.click("main button").await;
    browser.comes_back().await;
    assert_eq!(browser.focused().await.split('#').nth(1), None, "a script has moved the focus");
    browser.places_somebody(&malin, &home).await;
    browser.reads_what_pl1_costs().await;
}
