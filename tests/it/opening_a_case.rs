//! Opening a case: one form, nobody told who is known already, and nothing saved when something is wrong.

use crate::support::app::App;
use crate::support::cases::Opening;

/// From the series that Skatteverket keeps for tests.
const MILO: &str = "20010612-2393";

async fn counted(app: &App, table: &str) -> i64 {
    let mut owner = app.database.superuser().await;
    sqlx::query_scalar(sqlx::AssertSqlSafe(format!("select count(*) from {table}")))
        .fetch_one(&mut owner)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_social_worker_opens_a_case_and_stands_in_it_as_responsible() {
    let app = App::start().await;
    let (malin, jonas, karin) = (app.social_worker().await, app.social_worker().await, app.coordinator().await);
    let form = malin.get("/arenden/ny").await;
    form.is_ok().shows("Nytt ärende");
    assert_eq!(form.value("opened_on"), "2026-12-31");
    let case = Opening::of(MILO).responsible(&malin).deputy(&jonas).coordinator(&karin).saved_by(&malin).await;
    let page = malin.get(&format!("/arenden/{case}")).await;
    page.is_ok()
        .shows(&malin.name)
        .shows(&jonas.name)
        .shows(&karin.name)
        .shows("Aktualiserad")
        .lacks("Påhitt")
        .lacks("2393");
    assert_eq!(app.trail(&case).await[..1], ["case.opened"]);
    // Named only by a word and a number that nobody can guess, and listed for those who are named in it.
    let list = malin.get("/arenden").await;
    list.is_ok().shows(&case).shows("1 ärende").lacks("Milo").lacks("Påhitt");
    app.social_worker().await.get("/arenden").await.is_ok().lacks(&case);
    let code_name = list.texts(".sub").into_iter().next().unwrap();
    assert!(!code_name.is_empty() && code_name != case, "{code_name}");
}

#[tokio::test]
async fn a_form_sent_twice_opens_one_case() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let form = Opening::of(MILO).responsible(&malin);
    let (first, second) = tokio::join!(form.saved_by(&malin), form.saved_by(&malin));
    assert_eq!(first, second);
    assert_eq!((counted(&app, "case_file").await, counted(&app, "person").await), (1, 1));
}

#[tokio::test]
async fn bad_input_is_told_at_its_field_and_nothing_is_opened() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let good = || Opening::of(MILO).responsible(&malin);
    let me = malin.account.to_string();
    for (field, typed, said) in [
        ("number", "20010612-2394", "Personnumret stämmer inte. Kontrollera siffrorna"),
        ("number", "010612", "Skriv personnumret med tolv siffror, ÅÅÅÅMMDD-NNNN"),
        ("given_name", " ", "Skriv förnamnet"),
        ("family_name", "", "Skriv efternamnet"),
        ("sex", "", "Välj kön"),
        ("opened_on", "2027-01-01", "Datumet kan inte vara senare än i dag, 2026-12-31"),
        ("opened_on", "i går kväll", "Skriv datumet som ÅÅÅÅ-MM-DD"),
        ("basis", "", "Välj varför kommunen ansvarar"),
        ("protection", "", "Välj skydd"),
        ("responsible", "", "Välj dig själv som ansvarig handläggare eller ersättare"),
        ("deputy", me.as_str(), "Välj någon annan än den ansvariga handläggaren"),
    ] {
        let answer = good().with(field, typed).sent_by(&malin).await;
        answer.is_faulty().at(field, said);
        assert_eq!(answer.value("number"), if field == "number" { typed } else { MILO });
        assert!(answer.texts("title")[0].starts_with("Fel: "), "{:?}", answer.texts("title"));
    }
    assert_eq!((counted(&app, "case_file").await, counted(&app, "person").await), (0, 0));
}

#[tokio::test]
async fn a_child_is_handed_over_and_no_case_is_opened() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let said = "Personen är under 18 år. Överlämna till barn- och ungdomsenheten";
    let young = Opening::unknown().responsible(&malin).with("opened_on", "2026-10-31");
    young.with("birth_date", "2008-11-01").sent_by(&malin).await.is_faulty().at("birth_date", said);
    // A day later the person is of age.
    let grown = Opening::unknown().responsible(&malin).with("opened_on", "2026-11-01");
    grown.with("birth_date", "2008-11-01").saved_by(&malin).await;
    assert_eq!(counted(&app, "case_file").await, 1);
}

#[tokio::test]
async fn somebody_with_an_open_case_in_sight_is_not_given_another() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let case = Opening::of(MILO).responsible(&malin).saved_by(&malin).await;
    let answer = Opening::of(MILO).responsible(&malin).sent_by(&malin).await;
    answer.is_faulty().at("number", &format!("Personen har redan ett öppet ärende, {case}"));
    assert_eq!(counted(&app, "case_file").await, 1);
}

#[tokio::test]
async fn nobody_learns_from_the_form_that_somebody_is_known_elsewhere() {
    let app = App::start().await;
    let (malin, jonas) = (app.social_worker().await, app.social_worker().await);
    let hidden = Opening::of(MILO).responsible(&malin).saved_by(&malin).await;
    let stranger = Opening::of("19961205-2390").responsible(&jonas).sent_by(&jonas).await;
    let known = Opening::of(MILO).responsible(&jonas).sent_by(&jonas).await;
    assert_eq!((known.status, known.body.len()), (stranger.status, stranger.body.len()));
    assert_eq!(known.headers.len(), stranger.headers.len());
    jonas.get("/arenden").await.is_ok().shows("2 ärenden").lacks(&hidden);
    assert_eq!(counted(&app, "possible_duplicate").await, 1, "the coordinator's work");
}

#[tokio::test]
async fn somebody_who_comes_back_gets_a_new_case_that_points_to_the_old_one() {
    let app = App::start().await;
    let (malin, karin) = (app.social_worker().await, app.coordinator().await);
    let opening = || Opening::of(MILO).responsible(&malin).coordinator(&karin);
    let first = opening().saved_by(&malin).await;
    malin.records_the_outcome(&first).await;
    app.makes_the_case(&first, "status = 'closing'").await;
    let close =
        [("version", "1"), ("reason", "goal_reached"), ("closed_on", "2026-10-31"), ("confirm", first.as_str())];
    karin.post(&format!("/arenden/{first}/avslut"), &close).await.leads_to(&format!("/arenden/{first}"));
    let second = opening().with("opened_on", "2026-12-01").saved_by(&malin).await;
    malin.get(&format!("/arenden/{second}")).await.is_ok().shows(&first);
    assert_eq!((counted(&app, "case_file").await, counted(&app, "person").await), (2, 1));
}

#[tokio::test]
async fn a_closed_circle_is_seen_by_those_who_are_named_in_it() {
    let app = App::start().await;
    let (malin, karin, olle) = (app.social_worker().await, app.coordinator().await, app.coordinator().await);
    let closed = || Opening::of(MILO).responsible(&malin).with("protection", "closed_circle");
    let said = "Välj dig själv. Ett ärende i sluten krets syns bara för dem som är namngivna i det";
    closed().sent_by(&karin).await.is_faulty().at("coordinator", said);
    let case = closed().coordinator(&karin).saved_by(&karin).await;
    let path = format!("/arenden/{case}");
    for sees in [&malin, &karin] {
        sees.get(&path).await.is_ok();
    }
    let chef = app.manager().await;
    for does_not in [&olle, &chef, &app.social_worker().await] {
        does_not.get(&path).await.is_missing().lacks(&case);
        does_not.get("/arenden").await.is_ok().lacks(&format!("href=\"{path}"));
    }
    // That there is one is told to the manager of the unit alone.
    olle.get("/arenden").await.is_ok().lacks(&case);
    chef.get("/arenden").await.is_ok().shows(&format!("Skyddat ärende {case}"));
}
