//! The first page: what waits for whoever has signed in, under the headings that say when, and nothing that is another's.

use time::macros::date;
use utvag::decision::paths;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::decisions::Typed as Decision;

#[tokio::test]
async fn a_decision_is_told_to_those_who_may_make_it() {
    let app = App::start().await;
    app.becomes(date!(2026 - 02 - 10));
    let (malin, jonas, karin) = (app.social_worker().await, app.social_worker().await, app.coordinator().await);
    let (chef, other) = (app.manager().await, app.social_worker().await);
    let case = Opening::unknown().responsible(&malin).deputy(&jonas).coordinator(&karin).saved_by(&malin).await;
    let asked = "Fatta beslutet";

    // Social workers hold delegation for this, also for what they wrote themselves; coordinators do not.
    let small = Decision::outpatient("2026-02-10", "2026-06-30").submitted_by(&malin, &case).await;
    for who in [&malin, &jonas, &chef] {
        let page = who.get("/").await;
        page.is_ok().shows(asked).shows(&format!("{case}, beslut 1, från {}", malin.name));
        assert!(page.attributes(".todo a", "href").contains(&paths::sign(&case, small)));
    }
    karin.get("/").await.is_ok().lacks(asked);
    other.get("/").await.is_ok().lacks(asked);
    malin.decides(&case, small).await;
    malin.get("/").await.is_ok().lacks(asked);

    // The manager's own: late when it was to hold already, and not told to whoever lacks delegation.
    let large = Decision::hvb("2026-02-10", "2026-08-09").submitted_by(&malin, &case).await;
    malin.get("/").await.is_ok().lacks(asked);
    let page = chef.get("/").await;
    page.is_ok().shows(asked).lacks("Försenat");
    app.becomes(date!(2026 - 02 - 12));
    let page = chef.get("/").await;
    page.is_ok().shows(asked).shows("Försenad 2 dagar");
    assert_eq!(page.texts("[aria-labelledby=h-gora] h3").first().map(String::as_str), Some("Försenat"));

    // Given back: it waits for whoever wrote it.
    let reason = [("reason", "Skälen behöver bli tydligare.")];
    chef.registers(&paths::give_back(&case, large), &reason).await.leads_to(&paths::show(&case, large));
    chef.get("/").await.is_ok().lacks(asked);
    malin.get("/").await.is_ok().shows("Ändra beslutet som du fick tillbaka").lacks("tydligare");
    jonas.get("/").await.is_ok().lacks("Ändra beslutet som du fick tillbaka");
}

#[tokio::test]
async fn nobody_is_told_to_make_what_wants_other_eyes_than_theirs() {
    let app = App::start().await;
    let (malin, chef, other) = (app.social_worker().await, app.manager().await, app.manager().await);
    let case = Opening::unknown().responsible(&malin).saved_by(&malin).await;
    let made = Decision::hvb("2026-12-31", "2027-06-29").submitted_by(&chef, &case).await;
    chef.get("/").await.is_ok().lacks("Fatta beslutet");
    other.get("/").await.is_ok().shows("Fatta beslutet");
    other.decides(&case, made).await;
    other.get("/").await.is_ok().lacks("Fatta beslutet");
}
