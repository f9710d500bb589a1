//! One's own settings: what they change, and that a session which is ended is out at its next request.

use utvag::vocabulary::Role;

use crate::support::app::App;
use crate::support::people::Person;

#[tokio::test]
async fn everybody_chooses_light_or_dark_and_whether_keys_are_shortcuts() {
    let app = App::start().await;
    for role in [Role::Caseworker, Role::Controller, Role::PoliceLiaison] {
        let somebody = app.person(role).await;
        let page = somebody.get("/konto").await;
        assert_eq!(page.is_ok().attributes("html", "data-theme"), ["system"]);
        somebody.post("/konto", &[("theme", "dark")]).await.leads_to("/konto");
        let page = somebody.get("/konto").await;
        assert_eq!(page.is_ok().attributes("html", "data-theme"), ["dark"]);
        assert_eq!(page.attributes("html", "data-shortcuts"), ["off"]);
        somebody.post("/konto", &[("theme", "light"), ("shortcuts", "ja")]).await.leads_to("/konto");
        let page = somebody.get("/").await;
        assert_eq!(page.attributes("html", "data-theme"), ["light"]);
        assert_eq!(page.attributes("html", "data-shortcuts"), Vec::<String>::new());
        somebody.post("/konto", &[("theme", "rosa")]).await.is_faulty().at("theme", "Välj hur sidorna ska se ut");
    }
}

/// The same person at another computer.
async fn again<'a>(person: &Person<'a>) -> Person<'a> {
    person.app.state.clock.put_forward(time::Duration::seconds(30));
    let mut other = person.twin();
    other.sign_in().await;
    other
}

#[tokio::test]
async fn one_ends_a_session_that_was_left_open_elsewhere() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let elsewhere = again(&malin).await;
    let page = malin.get("/konto").await;
    page.is_ok().shows("Den här inloggningen").shows("Avsluta alla andra inloggningar");
    let ends = page.attributes("tbody form", "action");
    assert_eq!(ends.len(), 1, "one's own is ended by signing out");
    malin.post(&ends[0], &[]).await.leads_to("/konto");
    elsewhere.get("/arenden").await.leads_to("/logga-in");
    malin.get("/arenden").await.is_ok();
    assert!(app.log().await.contains(&"session.revoked".to_owned()));
}

#[tokio::test]
async fn one_ends_all_other_sessions_at_once() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let (home, office) = (again(&malin).await, again(&malin).await);
    office.post("/konto/inloggningar/avslut", &[]).await.leads_to("/konto");
    for ended in [&malin, &home] {
        ended.get("/").await.leads_to("/logga-in");
    }
    office.get("/").await.is_ok();
}

#[tokio::test]
async fn nobody_ends_the_session_of_somebody_else() {
    let app = App::start().await;
    let (malin, tore) = (app.social_worker().await, app.person(Role::Sysadmin).await);
    let mut owner = app.database.superuser().await;
    let hers: uuid::Uuid = sqlx::query_scalar("select id from identity.session where account_id = $1")
        .bind(malin.account)
        .fetch_one(&mut owner)
        .await
        .unwrap();
    tore.post(&format!("/konto/inloggningar/{hers}/avslut"), &[]).await.leads_to("/konto");
    malin.get("/").await.is_ok();
}
