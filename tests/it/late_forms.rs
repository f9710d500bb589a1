//! A form that comes after its session has ended: kept for its owner, shown to nobody else, sent on after signing in.

use axum::body::Body;
use axum::http::Request;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::page::form;
use crate::support::people::Person;

const TEXT: &str = "Lång text som tog en timme att skriva, med åäö, <b>taggar</b> & \"citat\".";

/// All sessions have been idle for too long.
async fn time_passes(app: &App) {
    let mut owner = app.database.superuser().await;
    sqlx::query("update identity.session set seen_at = now() - interval '20 minutes'")
        .execute(&mut owner)
        .await
        .unwrap();
}

async fn again(person: &mut Person<'_>) -> crate::support::page::Page {
    person.app.state.clock.put_forward(time::Duration::seconds(30));
    let code = person.code();
    let fields =
        [("user_name", person.user_name.as_str()), ("password", crate::support::people::PASSWORD), ("code", &code)];
    let answer = person.app.post("/logga-in", &fields).await;
    person.cookie = answer.cookie("__Host-session").unwrap();
    answer
}

#[tokio::test]
async fn what_was_sent_too_late_is_given_back_and_saved() {
    let app = App::start().await;
    let mut malin = app.social_worker().await;
    time_passes(&app).await;
    let opening = Opening::unknown().with("given_name", TEXT).responsible(&malin);
    let late = opening.sent_by(&malin).await;
    late.leads_to("/logga-in");
    assert!(late.cookie("__Host-besked").is_some_and(|flash| flash.ends_with("undansparat")), "{:?}", late.headers);

    again(&mut malin).await.leads_to("/konto/osparat");
    let page = malin.get("/konto/osparat").await;
    page.is_ok().shows(TEXT).shows("/arenden/ny");
    let jonas = app.social_worker().await;
    jonas.get("/konto/osparat").await.is_ok().lacks("Lång text").shows("Inget väntar på dig");

    let go_on = page.attributes("form[action$='fortsatt']", "action").remove(0);
    let names = page.attributes("form[action$='fortsatt'] input", "name");
    let values = page.attributes("form[action$='fortsatt'] input", "value");
    let fields: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(values.iter().map(String::as_str)).collect();
    jonas.post(&go_on, &fields).await.is_missing();
    let sent = malin.post(&go_on, &fields).await;
    assert_eq!((sent.status.as_u16(), sent.location()), (307, "/arenden/ny"));
    // The browser sends the same fields on by itself.
    let saved = app.send(form("/arenden/ny", &fields, Some(&malin.cookie))).await;
    assert!(saved.location().starts_with("/arenden/AVH-"), "{}", saved.words());
    malin.get(&format!("{}/person", saved.location())).await.is_ok().shows(TEXT);
    malin.get("/konto/osparat").await.is_ok().shows("Inget väntar på dig");
    let log = app.log().await;
    assert!(
        ["form.parked", "form.shown", "form.taken"].iter().all(|event| log.iter().any(|one| one == event)),
        "{log:?}"
    );
}

#[tokio::test]
async fn it_is_sealed_and_without_proofs_and_can_be_thrown_away() {
    let app = App::start().await;
    let mut malin = app.social_worker().await;
    time_passes(&app).await;
    malin.post("/konto", &[("theme", "dark"), ("note", TEXT), ("password", "hemligt")]).await.leads_to("/logga-in");
    let mut owner = app.database.superuser().await;
    let kept: Vec<Vec<u8>> = sqlx::query_scalar("select body from parked_form").fetch_all(&mut owner).await.unwrap();
    assert!(kept.len() == 1 && !String::from_utf8_lossy(&kept[0]).contains("timme"));
    again(&mut malin).await.leads_to("/konto/osparat");
    let page = malin.get("/konto/osparat").await;
    page.is_ok().shows(TEXT).lacks("hemligt");
    let throw_away = page.attributes("form[action$='kasta']", "action").remove(0);
    malin.post(&throw_away, &[]).await.leads_to("/konto/osparat");
    malin.get("/konto/osparat").await.is_ok().shows("Inget väntar på dig");
}

#[tokio::test]
async fn nothing_is_kept_for_a_token_that_is_nobodys_or_was_taken_away() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let mut owner = app.database.superuser().await;
    sqlx::query("update identity.session set ended_at = now(), ended_why = 'operator'")
        .execute(&mut owner)
        .await
        .unwrap();
    malin.post("/konto", &[("note", TEXT)]).await.leads_to("/logga-in");
    app.send(form("/konto", &[("note", TEXT)], Some("__Host-session=paahittad"))).await.leads_to("/logga-in");
    app.post("/konto", &[("note", TEXT)]).await.leads_to("/logga-in");
    let kept: i64 = sqlx::query_scalar("select count(*) from parked_form").fetch_one(&mut owner).await.unwrap();
    assert_eq!(kept, 0);
    let read = Request::get("/konto").header("cookie", &malin.cookie).body(Body::empty()).unwrap();
    app.send(read).await.leads_to("/logga-in");
}

#[tokio::test]
async fn nobody_can_fill_the_database_with_an_old_token() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    time_passes(&app).await;
    for _ in 0..15 {
        malin.post("/konto", &[("note", TEXT)]).await.leads_to("/logga-in");
    }
    let mut owner = app.database.superuser().await;
    let kept: i64 = sqlx::query_scalar("select count(*) from parked_form").fetch_one(&mut owner).await.unwrap();
    assert_eq!(kept, 10);
}
