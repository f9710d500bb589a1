//! Cases that may be about the same person, told to the coordinator alone; a consultation that goes on when somebody says
//! who they are; and the two facts that an intake keeps for the statistics.

use sqlx::Executor;
use utvag::intake::paths;
use utvag::person;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::details::Detail;
use crate::support::intakes::Told;

const MILO: &str = "20010612-2393";
const DUPLICATES: &str = "/arenden/mojliga-dubbletter";

#[tokio::test]
async fn two_cases_of_a_number_are_told_apart_by_the_coordinator() {
    let app = App::start().await;
    let (malin, jonas, karin) = (app.social_worker().await, app.social_worker().await, app.coordinator().await);
    karin.get(DUPLICATES).await.is_ok().shows("Inga möjliga dubbletter väntar");
    let first = Opening::of(MILO).responsible(&malin).saved_by(&malin).await;
    let second = Opening::of(MILO).responsible(&jonas).saved_by(&jonas).await;
    // A number that becomes known later is found as well.
    let third = Opening::unknown().responsible(&jonas).saved_by(&jonas).await;
    let name = person::paths::name(&third);
    let current = jonas.get(&name).await.value("current");
    let known = Detail::name(&current).with("number_kind", "official").with("number", MILO);
    known.sent_to(&name, &jonas).await.leads_to(&person::paths::show(&third));
    jonas.get(DUPLICATES).await.is_forbidden().lacks(&first);
    app.manager().await.get(DUPLICATES).await.is_forbidden();
    karin.get("/arenden").await.is_ok().shows("Möjliga dubbletter");
    malin.get("/arenden").await.is_ok().lacks("Möjliga dubbletter");
    let page = karin.get(DUPLICATES).await;
    page.is_ok().shows(&first).shows(&second).shows(&third).lacks("Milo").lacks("Saga").lacks("2393");
    let waiting = "section[aria-labelledby='h-vantar'] table";
    assert_eq!(page.rows(waiting).len(), 3);
    let actions = page.attributes("td form", "action");
    let unanswered = karin.post(&actions[0], &[]).await;
    unanswered.is_faulty().at("outcome", "Välj om det är samma person");
    assert_eq!(unanswered.rows(waiting).len(), 3);
    jonas.post(&actions[0], &[("outcome", "same")]).await.is_forbidden();
    for _ in 0..2 {
        karin.post(&actions[0], &[("outcome", "not_same")]).await.leads_to(DUPLICATES);
    }
    // What was said stands.
    karin.post(&actions[0], &[("outcome", "same")]).await.is(409);
    karin.post(&actions[1], &[("outcome", "same")]).await.leads_to(DUPLICATES);
    let page = karin.get(DUPLICATES).await;
    assert_eq!(page.rows(waiting).len(), 1);
    let settled = page.rows("section[aria-labelledby='h-bedomda'] table");
    let mut said: Vec<_> = settled.iter().map(|row| row[1].as_str()).collect();
    said.sort_unstable();
    assert_eq!(said, ["Inte samma person", "Samma person"]);
    page.shows(&karin.name);
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'prov', false)").await.unwrap();
    let refused =
        owner.execute("update possible_duplicate set outcome = 'same' where outcome is not null").await.unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().constraint(), Some("possible_duplicate_stands"));
    let log = app.log().await;
    assert!(["duplicate.listed", "duplicate.settled"].iter().all(|event| log.iter().any(|one| one == event)));
}

#[tokio::test]
async fn a_case_that_the_coordinator_does_not_see_is_not_told_of() {
    let app = App::start().await;
    let (malin, karin, olle) = (app.social_worker().await, app.coordinator().await, app.coordinator().await);
    let closed = Opening::of(MILO).with("protection", "closed_circle").responsible(&malin).coordinator(&olle);
    let closed = closed.saved_by(&malin).await;
    let jonas = app.social_worker().await;
    let open = Opening::of(MILO).responsible(&jonas).saved_by(&jonas).await;
    karin.get(DUPLICATES).await.is_ok().lacks(&closed).lacks(&open).shows("Inga möjliga dubbletter väntar");
    let page = olle.get(DUPLICATES).await;
    page.is_ok().shows(&closed).shows(&open);
    let action = page.attributes("td form", "action")[0].clone();
    karin.post(&action, &[("outcome", "same")]).await.is_missing();
}

#[tokio::test]
async fn an_anonymous_consultation_goes_on_in_what_came_later() {
    let app = App::start().await;
    let (malin, jonas, manager) = (app.social_worker().await, app.social_worker().await, app.manager().await);
    let asked = Told::anonymous().with("received_on", "2026-02-11").saved_by(&malin).await;
    let later = Told::anonymous().with("received_on", "2026-06-01").saved_by(&malin).await;
    let intake = Told::of(MILO).saved_by(&malin).await;
    let page = malin.get(&paths::show(intake)).await;
    page.is_ok().shows("Konsultation 2026-02-11").lacks("Konsultation 2026-06-01");
    malin.get(&paths::show(asked)).await.is_ok().lacks("För konsultationen hit");
    let link = paths::link(intake);
    let wanted = asked.to_string();
    let unanswered = malin.post(&link, &[]).await;
    unanswered.is_faulty().at("consultation", "Välj vilken konsultation som fortsätter i aktualiseringen");
    unanswered.shows("Konsultation 2026-02-11");
    malin.post(&link, &[("consultation", &later.to_string())]).await.is(409);
    malin.post(&link, &[("consultation", &intake.to_string())]).await.is(409);
    malin.post(&paths::link(later), &[("consultation", &wanted)]).await.is(409);
    jonas.post(&link, &[("consultation", &wanted)]).await.is_missing();
    manager.post(&link, &[("consultation", &wanted)]).await.is_forbidden();
    for _ in 0..2 {
        malin.post(&link, &[("consultation", &wanted)]).await.leads_to(&paths::show(intake));
    }
    malin
        .get(&paths::show(intake))
        .await
        .is_ok()
        .shows("Konsultationer som fortsätter här")
        .shows("Konsultation 2026-02-11");
    let page = malin.get(&paths::show(asked)).await;
    page.is_ok().shows("Fortsätter i en senare aktualisering").lacks("Påhitt").lacks("Avsluta utan ärende");
    // It never was about anybody who is named in it, and what it led to stands.
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'prov', false)").await.unwrap();
    let named: i64 = sqlx::query_scalar(
        "select count(*) from intake where linked_intake_id is not null and num_nonnulls(number, given_name, case_id) > 0",
    )
    .fetch_one(&mut owner)
    .await
    .unwrap();
    assert_eq!(named, 0);
    assert!(
        owner.execute("update intake set linked_intake_id = null where linked_intake_id is not null").await.is_err()
    );
    let backwards = sqlx::query(
        "update intake set linked_intake_id = $2, outcome = 'linked_intake', decided_on = '2026-12-31', decided_by = registered_by
         where id = $1",
    );
    let refused = backwards.bind(later).bind(intake).execute(&mut owner).await.unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().constraint(), Some("intake_linked_later"));
    assert!(app.log().await.iter().any(|event| event == "intake.linked"));
}

#[tokio::test]
async fn where_somebody_comes_from_and_what_they_leave_may_be_said_and_need_not() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let form = malin.get(paths::NEW).await;
    form.is_ok().shows("Fler uppgifter");
    let district = form.attributes("#home_district option:nth-child(2)", "value")[0].clone();
    let plain = Told::of(MILO).saved_by(&malin).await;
    malin.get(&paths::show(plain)).await.is_ok().lacks("Hemområde").lacks("Miljö");
    for (field, typed, said) in [
        ("home_district", "Norr", "Välj område i listan"),
        ("home_district", "00000000-0000-0000-0000-000000000000", "Välj område i listan"),
        ("environment", "football", "Välj miljö i listan"),
    ] {
        let answer = Told::of(MILO).with(field, typed).sent_by(&malin).await;
        answer.is_faulty().at(field, said);
        assert_eq!(answer.value("given_name"), "Milo");
    }
    let told = Told::of(MILO).with("home_district", &district).with("environment", "honour").saved_by(&malin).await;
    malin.get(&paths::show(told)).await.is_ok().shows("Hemområde Norr").shows("Hedersrelaterad miljö");
    // It comes along into the case.
    let opening = malin.get(&paths::open_case(told)).await;
    assert_eq!(opening.is_ok().attributes("#district option[selected]", "value"), std::slice::from_ref(&district));
    // Of a child nothing is kept but that it was handed over.
    let child =
        Told::of("").with("number_kind", "temporary").with("birth_date", "2010-01-01").with("environment", "gang");
    child.with("home_district", &district).with("handover", "ja").saved_by(&malin).await;
    let mut owner = app.database.superuser().await;
    let kept: i64 = sqlx::query_scalar(
        "select count(*) from intake where is_minor and num_nonnulls(home_district_id, environment) > 0",
    )
    .fetch_one(&mut owner)
    .await
    .unwrap();
    assert_eq!(kept, 0);
}
