//! *Vem har läst ärendet*: who looked, when, at what, and what let them in.

use utvag::reading_log::paths;
use utvag::vocabulary::Role;

use crate::support::app::App;
use crate::support::cases::Opening;

const MILO: &str = "20010612-2393";
const ROWS: &str = "section[aria-labelledby='h-lasningar'] table";

#[tokio::test]
async fn the_coordinator_sees_who_has_read_the_case_and_what_let_them_in() {
    let app = App::start().await;
    let (malin, jonas) = (app.social_worker().await, app.social_worker().await);
    let (karin, chef) = (app.coordinator().await, app.manager().await);
    let reference = Opening::of(MILO).responsible(&malin).deputy(&jonas).coordinator(&karin).saved_by(&malin).await;
    let case = format!("/arenden/{reference}");
    jonas.get(&(case.clone() + "/journal")).await.is_ok();
    chef.get(&case).await.is_ok();
    malin.get("/arenden").await.is_ok();
    let page = karin.get(&paths::of_case(&reference)).await;
    page.is_ok().shows("Vem har läst ärendet").lacks("Milo").lacks("2393");
    let rows = page.rows(ROWS);
    assert_eq!(rows.len(), 4, "{rows:?}");
    let said = |at: usize| (rows[at][1].as_str(), rows[at][2].as_str(), rows[at][3].as_str());
    let who = |person: &crate::support::people::Person<'_>, role: Role| format!("{} {}", person.name, role.label());
    assert_eq!(said(0), (who(&malin, Role::Caseworker).as_str(), "Visade en lista med ärenden", "I en lista"));
    assert_eq!((said(1).0, said(1).2), (who(&chef, Role::Manager).as_str(), "Rollen"));
    assert_eq!(said(2), (who(&jonas, Role::Caseworker).as_str(), "Öppnade ärendet Visade journalen", "Ersättare"));
    assert_eq!(said(3).1, "Skapade ärendet");
    for other in [&malin, &jonas, &chef] {
        other.get(&paths::of_case(&reference)).await.is_forbidden();
    }
    karin.get(&case).await.is_ok().shows("Vem har läst ärendet");
    malin.get(&case).await.is_ok().lacks("Vem har läst ärendet");
    let trail = app.trail(&reference).await;
    assert!(trail.contains(&"case.looks".to_owned()));
}

#[tokio::test]
async fn the_reviewer_of_the_log_sees_it_for_any_case_and_nothing_of_the_case() {
    let app = App::start().await;
    let (malin, logg) = (app.social_worker().await, app.person(Role::LogReviewer).await);
    let circle = Opening::of(MILO).with("protection", "closed_circle").responsible(&malin).saved_by(&malin).await;
    logg.get(paths::REVIEW).await.is_ok().shows("Ärendenummer");
    assert_eq!(
        logg.get("/").await.attributes(".mainnav a", "href"),
        ["/", "/bevakningar", "/lasningar", "/nodoppningar", "/logggranskning", "/aterstallningar", "/installningar"]
    );
    let lower = circle.to_lowercase();
    logg.post(paths::REVIEW, &[("arende", &lower)]).await.leads_to(&paths::review(&circle));
    let page = logg.get(&paths::review(&circle)).await;
    page.is_ok().shows(&circle).shows(&malin.name).shows("Skapade ärendet").lacks("Milo");
    logg.post(paths::REVIEW, &[("arende", "x")]).await.is_faulty().at("arende", "Skriv ärendenumret som AVH-7K4Q-X2M");
    let never = utvag::crypto::reference::CaseReference::draw().unwrap();
    let page = logg.post(paths::REVIEW, &[("arende", never.as_str())]).await;
    page.is_faulty().at("arende", "Det finns inget ärende med det numret");
    logg.get(&paths::review(never.as_str())).await.is_missing();
    logg.get(&format!("/arenden/{circle}")).await.is_missing();
    logg.get(&paths::of_case(&circle)).await.is_missing();
    for role in [Role::Caseworker, Role::Coordinator, Role::Manager, Role::Sysadmin, Role::Controller] {
        app.person(role).await.get(&paths::review(&circle)).await.is_missing();
    }
}

#[tokio::test]
async fn the_newest_stands_first_and_a_long_log_has_pages() {
    let app = App::start().await;
    let (malin, karin) = (app.social_worker().await, app.coordinator().await);
    let reference = Opening::of(MILO).responsible(&malin).saved_by(&malin).await;
    for _ in 0..104 {
        malin.get(&format!("/arenden/{reference}/avslut")).await;
    }
    let first = karin.get(&paths::of_case(&reference)).await;
    first.is_ok().shows("Visar 1–100 av");
    assert_eq!(first.rows(ROWS).len(), 100);
    let second = karin.get(&(paths::of_case(&reference) + "?sida=2")).await;
    second.is_ok().shows("Skapade ärendet");
}
