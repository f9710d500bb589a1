//! Whoever is signed out by a timer while typing gets the text back after the next sign-in; nobody else does.

use axum::body::Body;
use axum::http::Request;
use sqlx::Executor;
use utvag::vocabulary::Role;

use crate::support::app::App;
use crate::support::page::with_cookie;
use crate::support::people::{PASSWORD, Person};

/// The session's time is up, as after a long telephone call.
async fn time_passes(app: &App, person: &Person<'_>) {
    let mut owner = app.database.superuser().await;
    sqlx::query("update identity.session set seen_at = now() - interval '16 minutes' where account_id = $1")
        .bind(person.account)
        .execute(&mut owner)
        .await
        .unwrap();
}

/// Signs in again, and comes to the kept forms.
async fn comes_back<'a>(person: &Person<'a>) -> Person<'a> {
    person.app.state.clock.put_forward(time::Duration::seconds(30));
    let mut back = person.twin();
    back.sign_in_towards("/konto/osparat").await;
    back
}

#[tokio::test]
async fn a_password_or_code_that_was_sent_with_a_form_is_not_kept() {
    let app = App::start().await;
    let karin = app.coordinator().await;
    time_passes(&app, &karin).await;
    let typed = [("why", "Ett skrivfel i texten."), ("password", PASSWORD), ("code", "123456")];
    karin.post("/arenden/AVH-7KQ2-M4X/beslut/0193f000-0000-7000-8000-000000000001/rattelse", &typed).await.is(303);
    let karin = comes_back(&karin).await;
    let page = karin.get("/konto/osparat").await;
    page.is_ok().shows("Ett skrivfel i texten.").lacks(PASSWORD).lacks("123456");
    assert!(page.attributes("[name='password'], [name='code']", "value").is_empty());
}

async fn kept(app: &App) -> i64 {
    sqlx::query_scalar("select count(*) from parked_form").fetch_one(&mut app.database.superuser().await).await.unwrap()
}

const ID: &str = "0193f000-0000-7000-8000-000000000001";

/// A provider without its number, which its page will ask for.
const TYPED: [(&str, &str); 3] = [("id", ID), ("name", "Fyrens vård & omsorg AB"), ("kind", "hvb")];

#[tokio::test]
async fn what_was_sent_after_the_time_was_up_waits_behind_the_next_sign_in() {
    let app = App::start().await;
    let karin = app.coordinator().await;
    time_passes(&app, &karin).await;
    let answer = karin.post("/boenden/ny", &TYPED).await;
    let flash = answer.leads_to("/logga-in").cookie("__Host-besked").unwrap();
    let asked = with_cookie(Request::get("/logga-in"), Some(&flash)).header("sec-fetch-site", "same-origin");
    let said = app.send(asked.body(Body::empty()).unwrap()).await;
    said.is_ok().shows("Det du skrev finns kvar i ett dygn").lacks("Fyrens");

    let karin = comes_back(&karin).await;
    let page = karin.get("/konto/osparat").await;
    page.is_ok().shows("Ingenting är sparat än").shows("Fyrens vård & omsorg AB");
    assert_eq!(page.attributes("main form", "action")[0], "/boenden/ny");
    assert_eq!(page.value("name"), "Fyrens vård & omsorg AB");

    // Sent again as it was: its own page says what is missing, and it is still kept.
    let again: Vec<(String, String)> = ["parked", "id", "name", "kind"].map(|f| (f.to_owned(), page.value(f))).into();
    let again: Vec<(&str, &str)> = again.iter().map(|(name, value)| (&**name, &**value)).collect();
    let asked = karin.post("/boenden/ny", &again).await;
    asked.is_faulty();
    assert_eq!((asked.value("name").as_str(), kept(&app).await), ("Fyrens vård & omsorg AB", 1));
    // Once it is saved it is kept no longer.
    let whole: Vec<(&str, &str)> = again.into_iter().chain([("org_number", "556677-8899")]).collect();
    let saved = karin.post("/boenden/ny", &whole).await;
    assert_eq!((saved.is(303).location().starts_with("/boenden/"), kept(&app).await), (true, 0));
    karin.get("/konto/osparat").await.is_ok().shows("Inga formulär");
    let log = app.log().await;
    for event in ["form.kept", "form.shown", "form.sent"] {
        assert!(log.contains(&event.to_owned()), "{event} is not in {log:?}");
    }
}

#[tokio::test]
async fn it_stands_sealed_and_shows_itself_to_its_owner_alone() {
    let app = App::start().await;
    let (karin, olle) = (app.coordinator().await, app.coordinator().await);
    time_passes(&app, &karin).await;
    karin.post("/boenden/ny", &TYPED).await.leads_to("/logga-in");
    let mut owner = app.database.superuser().await;
    let sealed: Vec<u8> = sqlx::query_scalar("select sealed from parked_form").fetch_one(&mut owner).await.unwrap();
    assert!(!String::from_utf8_lossy(&sealed).contains("Fyren"));
    olle.get("/konto/osparat").await.is_ok().shows("Inga formulär").lacks("Fyren");
    let id: uuid::Uuid = sqlx::query_scalar("select id from parked_form").fetch_one(&mut owner).await.unwrap();
    olle.post(&format!("/konto/osparat/{id}/kasta"), &[]).await.leads_to("/konto/osparat");
    olle.post("/konto", &[("theme", "dark"), ("parked", &id.to_string())]).await.leads_to("/konto");
    assert_eq!(kept(&app).await, 1);
    // A row that is moved to another account opens for nobody.
    sqlx::query("update parked_form set account_id = $1").bind(olle.account).execute(&mut owner).await.unwrap();
    olle.get("/konto/osparat").await.is(500).lacks("Fyren");
}

#[tokio::test]
async fn it_can_be_thrown_away_and_is_gone_after_a_day() {
    let app = App::start().await;
    let karin = app.coordinator().await;
    time_passes(&app, &karin).await;
    karin.post("/boenden/ny", &TYPED).await.leads_to("/logga-in");
    karin.post("/boenden/ny", &TYPED).await.leads_to("/logga-in");
    let karin = comes_back(&karin).await;
    let page = karin.get("/konto/osparat").await;
    let throws = page.is_ok().attributes("main form", "action");
    assert_eq!(throws.len(), 4);
    let answer = karin.post(&throws[1], &[]).await;
    assert_eq!(answer.leads_to("/konto/osparat").cookie("__Host-besked").unwrap(), "__Host-besked=formular-kastat");
    assert_eq!(kept(&app).await, 1);
    karin.get("/konto/osparat").await.is_ok().shows("Fyrens");
    app.database.superuser().await.execute("update parked_form set ends_at = now()").await.unwrap();
    karin.get("/konto/osparat").await.is_ok().lacks("Fyrens");
}

#[tokio::test]
async fn nothing_is_kept_for_strangers_for_thrown_out_sessions_or_of_a_search() {
    let app = App::start().await;
    let karin = app.coordinator().await;
    app.post("/boenden/ny", &TYPED).await.leads_to("/logga-in");
    time_passes(&app, &karin).await;
    karin.post("/boenden/ny", &[("name", " ")]).await.leads_to("/logga-in");
    for why in ["operator", "revoked", "signed_out"] {
        let mut owner = app.database.superuser().await;
        sqlx::query("update identity.session set ended_at = now(), ended_why = $1")
            .bind(why)
            .execute(&mut owner)
            .await
            .unwrap();
        let answer = karin.post("/boenden/ny", &TYPED).await;
        assert_eq!(answer.leads_to("/logga-in").cookie("__Host-besked"), None, "{why}");
    }
    assert_eq!(kept(&app).await, 0);
}

#[tokio::test]
async fn no_more_than_ten_are_kept_and_the_newest_are() {
    let app = App::start().await;
    let per = app.person(Role::PoliceLiaison).await;
    time_passes(&app, &per).await;
    for n in 1..=12 {
        per.post("/konto", &[("theme", &format!("tema nummer {n} av tolv"))]).await.leads_to("/logga-in");
    }
    assert_eq!(kept(&app).await, 10);
    let per = comes_back(&per).await;
    per.get("/konto/osparat").await.is_ok().shows("nummer 12 av").shows("nummer 3 av").lacks("nummer 2 av");
}
