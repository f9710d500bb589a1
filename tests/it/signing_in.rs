//! Signing in and out, as somebody at the door sees it.

use utvag::vocabulary::Role;

use crate::support::app::App;
use crate::support::people::{PASSWORD, Person};

#[tokio::test]
async fn a_colleague_signs_in_with_password_and_code_and_out_again() {
    let app = App::start().await;
    app.get("/logga-in").await.is_ok().shows("Logga in");
    let mut karin = Person::hired(&app, Role::Coordinator).await;
    let answer = karin.sign_in().await;
    let cookie = answer.headers["set-cookie"].to_str().unwrap();
    assert!(cookie.starts_with("__Host-") && cookie.contains("HttpOnly; SameSite=Strict; Secure; Path=/"), "{cookie}");

    let out = karin.post("/logga-ut", &[]).await;
    out.leads_to("/logga-in");
    assert_eq!(out.headers["clear-site-data"], r#""cache", "storage""#);
    assert_eq!(app.log().await.last().unwrap(), "session.ended");
}

#[tokio::test]
async fn an_unknown_name_and_a_wrong_password_get_the_same_answer() {
    let app = App::start().await;
    let karin = Person::hired(&app, Role::Coordinator).await;
    let code = karin.code();
    let fields = |name| [("user_name", name), ("password", "fel men lång nog mening"), ("code", &code)];
    let wrong = app.post("/logga-in", &fields(&karin.user_name)).await;
    let unknown = app.post("/logga-in", &fields("ingen.alls")).await;
    wrong.is_faulty().shows("Inloggningen misslyckades");
    assert_eq!(wrong.body.replace(&karin.user_name, "ingen.alls"), unknown.body);
    assert_eq!(wrong.status, unknown.status);
    let late =
        app.post("/logga-in", &[("user_name", &karin.user_name), ("password", PASSWORD), ("code", "000000")]).await;
    late.is_faulty();
}

#[tokio::test]
async fn a_code_opens_once() {
    let app = App::start().await;
    let mut karin = Person::hired(&app, Role::Coordinator).await;
    karin.sign_in().await;
    let code = karin.code();
    let again = [("user_name", karin.user_name.as_str()), ("password", PASSWORD), ("code", &code)];
    app.post("/logga-in", &again).await.is_faulty();
    app.state.clock.put_forward(time::Duration::seconds(30));
    karin.sign_in().await;
}
