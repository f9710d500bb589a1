//! Passkeys as the way in: one's own keys, signing in with one, and the roles that have to.

use sqlx::Executor;
use utvag::vocabulary::Role;

use crate::authenticator::Authenticator;
use crate::support::app::{App, ORIGIN};

use crate::support::page::Page;
use crate::support::people::{PASSWORD, Person};

#[tokio::test]
async fn a_colleague_registers_a_key_and_signs_in_with_it() {
    let app = App::start().await.standing_at(ORIGIN);
    let mut karin = app.coordinator().await;
    karin.get("/konto").await.is_ok().shows("Du har ingen nyckel");
    let mut blue = karin.registers_a_key("Blå nyckel").await;
    karin.get("/konto/nycklar").await.is_ok().shows("Blå nyckel").shows("Registrera minst två nycklar");

    karin.post("/logga-ut", &[]).await.leads_to("/logga-in");
    app.get("/logga-in").await.is_ok().shows("Logga in med nyckel").shows("Nycklar kräver JavaScript");
    karin.signs_in_with(&mut blue).await;
    karin.get("/arenden").await.is_ok();
    let row = karin.get("/konto/nycklar").await.rows("table").remove(0);
    assert!(row[0].contains("Blå nyckel") && !row[2].contains('–'), "{row:?}");
    let log = app.log().await;
    assert!(log.contains(&"account.key_added".to_owned()) && log.contains(&"session.started".to_owned()));
}

#[tokio::test]
async fn a_second_key_is_added_with_the_first_and_other_sessions_end() {
    let app = App::start().await;
    let karin = app.coordinator().await;
    let mut blue = karin.registers_a_key("Blå nyckel").await;
    app.state.clock.put_forward(time::Duration::seconds(30));
    let mut elsewhere = karin.twin();
    elsewhere.sign_in().await;

    // Password and code do not do any more.
    app.state.clock.put_forward(time::Duration::seconds(30));
    let codes = [("name", "Grön nyckel"), ("password", PASSWORD), ("code", &karin.code())];
    karin.post("/konto/nycklar/ny", &codes).await.is_faulty().shows("Du måste bekräfta med din nyckel");
    let proof = blue.signs(&karin.is_asked("change_keys", "").await);
    let page = karin.post("/konto/nycklar/ny", &[("name", "Grön nyckel"), ("passkey", &proof)]).await;
    let mut green = Authenticator::new();
    karin.keeps_the_key(&page, "Grön nyckel", &mut green).await.leads_to("/konto/nycklar");
    karin.get("/konto/nycklar").await.is_ok().shows("Grön nyckel").lacks("Registrera minst två nycklar");
    elsewhere.get("/").await.leads_to("/logga-in");

    // The question to a new key is answered once, and by nobody else.
    let question = page.attributes("form", "data-key-new").remove(0);
    let again = Authenticator::new().registers(&question);
    let sent = [("name", "Röd nyckel"), ("passkey", again.as_str())];
    karin.post("/konto/nycklar", &sent).await.is_faulty().shows("Nyckeln registrerades inte");

    // Taken away, with a proof; it opens nothing then.
    let remove = karin.get("/konto/nycklar").await.attributes("tbody a", "href").remove(1);
    karin.get(&remove).await.is_ok().shows("Grön nyckel").shows("Det här går inte att ångra");
    karin.post(&remove, &[]).await.is_faulty().shows("Du måste bekräfta med din nyckel");
    let proof = blue.signs(&karin.is_asked("change_keys", "").await);
    karin.post(&remove, &[("passkey", &proof)]).await.leads_to("/konto/nycklar");
    refused(&karin.tries_the_key(&mut green).await);
    karin.get(&remove).await.is_missing();
}

fn refused(page: &Page) -> String {
    page.is_faulty().shows("Inloggningen misslyckades");
    page.body.clone()
}

#[tokio::test]
async fn what_is_not_right_is_refused_alike() {
    let app = App::start().await;
    let karin = app.coordinator().await;
    let key = karin.registers_a_key("Blå nyckel").await;
    let mut answers = Vec::new();

    answers.push(refused(&app.post("/logga-in/nyckel", &[("passkey", "skräp")]).await));
    answers.push(refused(&karin.tries_the_key(&mut Authenticator { verifies: false, ..key.clone() }).await));
    let elsewhere = "https://utvag.example.com".to_owned();
    answers.push(refused(&karin.tries_the_key(&mut Authenticator { origin: elsewhere, ..key.clone() }).await));
    let other = app.manager().await.registers_a_key("Annan").await.holder;
    answers.push(refused(&karin.tries_the_key(&mut Authenticator { holder: other, ..key.clone() }).await));
    let mut unknown = Authenticator { holder: key.holder.clone(), ..Authenticator::new() };
    answers.push(refused(&karin.tries_the_key(&mut unknown).await));

    // An answer counts once, and a key that has been copied is found by its counter.
    let mut used = Authenticator { counter: 40, ..key.clone() };
    let question = app.post("/logga-in/nyckel/fraga", &[]).await.body;
    let answer = used.signs(&question);
    app.post("/logga-in/nyckel", &[("passkey", &answer)]).await.leads_to("/");
    answers.push(refused(&app.post("/logga-in/nyckel", &[("passkey", &answer)]).await));
    answers.push(refused(&karin.tries_the_key(&mut Authenticator { counter: 12, ..key.clone() }).await));

    // Too late, and locked out.
    let mut owner = app.database.superuser().await;
    let question = app.post("/logga-in/nyckel/fraga", &[]).await.body;
    owner.execute("alter table identity.passkey_challenge disable trigger passkey_challenge_moves").await.unwrap();
    let late = "update identity.passkey_challenge
                set made_at = made_at - interval '3 minutes', ends_at = ends_at - interval '3 minutes'";
    owner.execute(late).await.unwrap();
    answers.push(refused(&app.post("/logga-in/nyckel", &[("passkey", &used.signs(&question))]).await));
    owner.execute("select set_config('app.event', 'prov', false)").await.unwrap();
    owner.execute("update account set is_active = false").await.unwrap();
    answers.push(refused(&karin.tries_the_key(&mut used).await));
    answers.dedup();
    assert_eq!(answers.len(), 1, "an answer tells more than another");
}

#[tokio::test]
async fn who_sees_a_person_comes_with_a_key_and_nothing_else() {
    let app = App::start().await.demanding_keys();
    let mut malin = Person::hired(&app, Role::Caseworker).await;
    malin.sign_in_towards("/logga-in/ny-nyckel").await;
    // That session registers a key and opens nothing.
    for closed in ["/", "/arenden", "/konto", "/konto/nycklar"] {
        malin.get(closed).await.leads_to("/logga-in");
    }
    malin.get("/logga-in/ny-nyckel").await.is_ok().shows("Registrera din nyckel");
    malin.post("/logga-in/ny-nyckel", &[("name", " ")]).await.is_faulty().at("name", "Skriv vad nyckeln ska heta");
    let page = malin.post("/logga-in/ny-nyckel", &[("name", "Blå nyckel")]).await;
    let question = page.is_ok().attributes("form", "data-key-new").remove(0);
    let mut key = Authenticator::new();
    let answer = key.registers(&question);
    let mut strange = Authenticator::new();
    strange.origin = "https://utvag.example.com".to_owned();
    let wrong = [("name", "Blå nyckel"), ("passkey", &strange.registers(&question))];
    malin.post("/logga-in/ny-nyckel/svar", &wrong).await.is_faulty().shows("Nyckeln registrerades inte");
    let late = [("name", "Blå nyckel"), ("passkey", answer.as_str())];
    malin.post("/logga-in/ny-nyckel/svar", &late).await.is_faulty();
    let page = malin.post("/logga-in/ny-nyckel", &[("name", "Blå nyckel")]).await;
    let answer = key.registers(&page.attributes("form", "data-key-new").remove(0));
    let right = [("name", "Blå nyckel"), ("passkey", answer.as_str())];
    let enrolling = malin.cookie.clone();
    let answer = malin.post("/logga-in/ny-nyckel/svar", &right).await;
    malin.cookie = answer.leads_to("/").cookie("__Host-session").unwrap();
    malin.get("/arenden").await.is_ok();
    let opened = std::mem::replace(&mut malin.cookie, enrolling);
    malin.get("/logga-in/ny-nyckel").await.leads_to("/logga-in");
    malin.cookie = opened;

    // From now on codes lead nowhere, and look like any other refusal.
    app.state.clock.put_forward(time::Duration::seconds(30));
    let fields = [("user_name", malin.user_name.as_str()), ("password", PASSWORD), ("code", &malin.code())];
    app.post("/logga-in", &fields).await.is_faulty().shows("Inloggningen misslyckades");
    malin.signs_in_with(&mut key).await;

    // The last one stays.
    malin.get("/konto/nycklar").await.is_ok().shows("Den enda");
    let mut owner = app.database.superuser().await;
    let id: uuid::Uuid = sqlx::query_scalar("select id from identity.passkey").fetch_one(&mut owner).await.unwrap();
    let proof = key.signs(&malin.is_asked("change_keys", "").await);
    let remove = format!("/konto/nycklar/{id}/ta-bort");
    malin.post(&remove, &[("passkey", &proof)]).await.is_faulty().shows("Du måste ha en nyckel kvar");

    // A controller sees nobody.
    app.person(Role::Controller).await.get("/").await.is_ok();
    assert!(app.log().await.contains(&"session.key_demanded".to_owned()));
}

#[tokio::test]
async fn a_thousand_tries_with_one_key_are_slowed_down() {
    let app = App::start().await;
    let karin = app.coordinator().await;
    let key = karin.registers_a_key("Blå nyckel").await;
    let mut wrong = Authenticator { verifies: false, ..key };
    for _ in 0..5 {
        refused(&karin.tries_the_key(&mut wrong).await);
    }
    karin.tries_the_key(&mut wrong).await.is(429).shows("För många försök");
}
