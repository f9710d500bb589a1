//! The economy: a year with its budget and forecast, two ways compared, months that are closed and put right, and that
//! nothing of it says whom it is about.

use sqlx::{Connection, Executor};
use time::macros::datetime;
use utvag::clock::Clock;
use utvag::seed;
use utvag::vocabulary::Role;
use uuid::Uuid;

use crate::support::app::{App, TODAY};
use crate::support::people::Person;

pub(crate) async fn granvik() -> App {
    let app = App::unfounded(Clock::held(TODAY)).await;
    seed::demo(&app.state).await.unwrap();
    let demo = seed::logins(&app.state).await.unwrap();
    app.showing(demo)
}

fn line(id: Uuid, kind: &'static str, amount: &'static str) -> Vec<(&'static str, String)> {
    vec![
        ("id", id.to_string()),
        ("kind", kind.to_owned()),
        ("amount", amount.to_owned()),
        ("decided_in", "Mål och budget 2026".to_owned()),
    ]
}

async fn sends(person: &Person<'_>, path: &str, fields: &[(&str, String)]) -> crate::support::page::Page {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    person.post(path, &fields).await
}

#[tokio::test]
async fn the_reference_year_stands_beside_its_budget() {
    let app = granvik().await;
    let sven = Person::of_the_demo(&app, "sven.ost").await;
    let page = sven.get("/ekonomi?ar=2026").await;
    page.is_ok();
    let figures = page.texts(".kpi .figure");
    assert_eq!(figures, ["4 800 000 kr", "3 032 950 kr", "3 032 950 kr", "1 243"]);
    page.shows("63,2 % av budget").shows("Varav 2 000 000 kr bara i år").shows("2 440,02 kr i snitt per dygn");
    let months = page.rows("section[aria-labelledby='h-manader'] table");
    assert_eq!(months.len(), 12);
    assert_eq!(months[11][2], "3 032 950 kr", "{months:?}");
    // 2024 and 2025 by the same functions (domain 7.0).
    for (year, days, cost) in [(2024, "113", "339 000 kr"), (2025, "570", "1 427 750 kr")] {
        let page = sven.get(&format!("/ekonomi?ar={year}")).await;
        assert_eq!(page.texts(".kpi .figure")[1..], [cost, cost, days], "{year}");
    }
}

#[tokio::test]
async fn a_controller_sees_pseudonyms_and_aliases_and_a_coordinator_the_case() {
    let app = granvik().await;
    let sven = Person::of_the_demo(&app, "sven.ost").await;
    let page = sven.get("/ekonomi?ar=2026").await;
    page.is_ok();
    let mut owner = app.database.superuser().await;
    let references: Vec<String> =
        sqlx::query_scalar("select reference from case_file").fetch_all(&mut owner).await.unwrap();
    let code_names: Vec<String> =
        sqlx::query_scalar("select code_name from case_file").fetch_all(&mut owner).await.unwrap();
    for secret in references.iter().chain(&code_names) {
        page.lacks(secret);
    }
    for secret in ["Klippan", "Vändpunkten", "Skyddshamnen", "Linden", "Åmåsa", "Norrsele"] {
        page.lacks(secret);
    }
    let pseudonyms = page.texts("section[aria-labelledby='h-arenden'] tbody th");
    assert!(pseudonyms.iter().all(|name| name.starts_with("K-") || name == "Slutet ärende"), "{pseudonyms:?}");
    assert_eq!(pseudonyms.len(), 9);
    let karin = Person::of_the_demo(&app, "karin.holm").await;
    karin.get("/ekonomi?ar=2026").await.is_ok().shows(&references[0]);
}

#[tokio::test]
async fn nobody_else_knows_that_there_is_an_economy() {
    let app = App::start().await;
    for role in [Role::Caseworker, Role::PoliceLiaison, Role::LogReviewer, Role::Sysadmin] {
        let person = app.person(role).await;
        for path in ["/ekonomi", "/ekonomi/budget/2026", "/ekonomi/jamfor", "/ekonomi/manader", "/ekonomi/prognoser"] {
            person.get(path).await.is_missing();
        }
    }
    // A coordinator reads, and keeps no budget.
    let coordinator = app.coordinator().await;
    coordinator.get("/ekonomi/budget/2026").await.is_ok().lacks("Ny post");
    sends(&coordinator, "/ekonomi/budget/2026", &line(Uuid::now_v7(), "targeted", "100")).await.is_forbidden();
    coordinator.post("/ekonomi/manader", &[("month", "2026-11-01")]).await.is_forbidden();
}

#[tokio::test]
async fn a_budget_line_is_added_once_and_withdrawn_with_a_reason() {
    let app = App::start().await;
    let controller = app.person(Role::Controller).await;
    controller.get("/ekonomi").await.is_ok().shows("Budget saknas för 2026");
    let path = "/ekonomi/budget/2026";
    let faulty = sends(&controller, path, &[("kind", String::new()), ("amount", "mycket".into())]).await;
    faulty.is_faulty();
    faulty.at("kind", "Välj vad posten är").at("amount", "Skriv beloppet i kronor, till exempel 2 800 000");
    assert_eq!(faulty.value("amount"), "mycket");
    for amount in ["0", "-5", "1 000 000 001"] {
        let mut typed = line(Uuid::now_v7(), "targeted", "1");
        typed[2].1 = amount.to_owned();
        sends(&controller, path, &typed).await.is_faulty();
    }
    let id = Uuid::now_v7();
    let typed = line(id, "frame_increase", "2 800 000");
    for _ in 0..2 {
        sends(&controller, path, &typed).await.leads_to(path);
    }
    controller.get(path).await.is_ok().shows("Ramhöjning").shows("2 800 000 kr");
    let rows: i64 = sqlx::query_scalar("select count(*) from budget_line")
        .fetch_one(&mut app.database.superuser().await)
        .await
        .unwrap();
    assert_eq!(rows, 1);
    let withdrawal = format!("/ekonomi/budgetrader/{id}/aterkallelse");
    controller.get(&withdrawal).await.is_ok().shows("2 800 000 kr");
    controller.post(&withdrawal, &[("why", " ")]).await.is_faulty();
    controller.post(&withdrawal, &[("why", "Fel belopp")]).await.leads_to(path);
    controller.get(path).await.is_ok().shows("Fel belopp");
    controller.get("/ekonomi").await.is_ok().shows("Budget saknas för 2026");
    controller.post(&withdrawal, &[("why", "Igen")]).await.is_missing();
    // The budget of a year that is over is locked, on the page and below it.
    controller.get("/ekonomi/budget/2025").await.is_ok().shows("Budgeten för 2025 är låst").lacks("Ny post");
    sends(&controller, "/ekonomi/budget/2025", &line(Uuid::now_v7(), "targeted", "100"))
        .await
        .is(422)
        .shows("Året är slut och dess budget är låst");
}

#[tokio::test]
async fn postgres_keeps_the_budget_as_it_was_decided() {
    let app = App::start().await;
    let controller = app.person(Role::Controller).await;
    let id = Uuid::now_v7();
    sends(&controller, "/ekonomi/budget/2026", &line(id, "targeted", "100")).await.leads_to("/ekonomi/budget/2026");
    let mut owner = app.database.superuser().await;
    for change in [
        // Once the last month of its year is closed, nothing is added.
        "with m as (insert into closed_month (first_day, closed_by) select '2019-12-01', added_by from budget_line returning 1)
         insert into budget_line select gen_random_uuid(), committee_id, 2019, kind, 1, decided_in, false, 9, now(), added_by
         from budget_line, m",
        "update budget_line set amount_ore = 1",
        "update budget_line set year = 2027",
    ] {
        let mut work = owner.begin().await.unwrap();
        work.execute("select set_config('app.event', 'test', true)").await.unwrap();
        let error = work.execute(change).await.unwrap_err();
        assert_eq!(error.as_database_error().unwrap().code().unwrap(), "23514", "{change}");
    }
}

#[tokio::test]
async fn two_ways_are_compared_and_nothing_is_saved() {
    let app = App::start().await;
    let controller = app.person(Role::Controller).await;
    controller.get("/ekonomi/jamfor").await.is_ok().lacks("Skillnaden");
    // AC-10, in domain 7.1.
    let home = [
        ("a_first", "2026-02-02"),
        ("a_last", "2026-12-31"),
        ("a_per_day", "2450"),
        ("a_turn", "2026-06-01"),
        ("a_then", "850"),
    ];
    let away = [("b_first", "2026-02-02"), ("b_last", "2026-12-31"), ("b_per_day", "2450")];
    let page = controller.post("/ekonomi/jamfor", &[&home[..], &away].concat()).await;
    page.is_ok().shows("Alternativ 2 kostar 342 400 kr mer.");
    assert_eq!(page.rows("table")[0], ["2026", "333", "473 450 kr", "333", "815 850 kr"]);
    let typed = [("a_first", "2026-02-02"), ("a_last", "2026-01-01"), ("a_per_day", "x")];
    let faulty = controller.post("/ekonomi/jamfor", &typed).await;
    faulty.is_faulty();
    faulty.at("a_per_day", "Skriv priset i kronor per dygn").at("b_first", "Skriv datumet som ÅÅÅÅ-MM-DD");
    assert_eq!(faulty.value("a_first"), "2026-02-02");
    for (first, last, turn, then) in [
        ("2026-02-02", "2025-01-01", "", ""),
        ("2026-02-02", "2036-01-01", "", ""),
        ("2026-02-02", "2026-12-31", "2026-02-02", "850"),
        ("2026-02-02", "2026-12-31", "2026-06-01", ""),
        ("2026-02-02", "2026-12-31", "", "850"),
    ] {
        let other = [("b_first", first), ("b_last", last), ("b_per_day", "2450"), ("b_turn", turn), ("b_then", then)];
        controller.post("/ekonomi/jamfor", &[&home[..], &other].concat()).await.is_faulty();
    }
}

#[tokio::test]
async fn a_closed_month_stands_and_what_comes_later_is_a_row_of_its_own() {
    let app = granvik().await;
    let sven = Person::of_the_demo(&app, "sven.ost").await;
    sven.get("/ekonomi/manader").await.is_ok().shows("Stäng november 2026");
    // A month that runs, and one before it that nobody has closed when a later one is.
    sven.post("/ekonomi/manader", &[("month", "2026-12-01")]).await.is(409);
    sven.post("/ekonomi/manader", &[("month", "2026-11-01")]).await.leads_to("/ekonomi/manader/2026-11-01");
    sven.post("/ekonomi/manader", &[("month", "2026-11-01")]).await.is(409);
    sven.post("/ekonomi/manader", &[("month", "2026-10-01")]).await.is(409);
    let page = sven.get("/ekonomi/manader/2026-11-01").await;
    page.is_ok().shows("Inga rättelser");
    let before = page.rows("section[aria-labelledby='h-utfall'] table");
    let november = "select sum(cost_ore)::bigint from placement_cost('2026-11-01', '2026-11-30')";
    let mut owner = app.database.superuser().await;
    let known: i64 = sqlx::query_scalar(november).fetch_one(&mut owner).await.unwrap();
    assert_eq!(before.last().unwrap().last().unwrap().replace([' ', '\u{a0}'], ""), format!("{}kr", known / 100));
    // C8 turns out to have left on the tenth: twenty days less.
    let mut work = owner.begin().await.unwrap();
    work.execute("select set_config('app.event', 'test', true)").await.unwrap();
    work.execute(
        "update placement set status = 'ended', end_reason = 'planned_move', actual_end_on = '2026-11-10'
         where starts_on = '2026-09-20'",
    )
    .await
    .unwrap();
    work.commit().await.unwrap();
    let page = sven.get("/ekonomi/manader/2026-11-01").await;
    assert_eq!(page.rows("section[aria-labelledby='h-utfall'] table"), before);
    page.is_ok().shows("Placeringen ändrades").shows("\u{2212}49 000 kr");
    let now: i64 = sqlx::query_scalar(november).fetch_one(&mut owner).await.unwrap();
    assert_eq!(now, known - 4_900_000);
    let kept: i64 = sqlx::query_scalar("select sum(amount_ore)::bigint from ledger_row where month = '2026-11-01'")
        .fetch_one(&mut owner)
        .await
        .unwrap();
    assert_eq!(kept, now);
    let error = owner.execute("delete from ledger_row").await.unwrap_err();
    assert_eq!(error.as_database_error().unwrap().code().unwrap(), "23514");
}

#[tokio::test]
async fn a_forecast_is_kept_once_a_month_and_held_against_the_outcome() {
    let app = granvik().await;
    for _ in 0..2 {
        utvag::jobs::keep_forecast(&app.db, &app.state.keys, &app.state.clock).await.unwrap();
    }
    let kept: i64 = sqlx::query_scalar("select count(*) from forecast")
        .fetch_one(&mut app.database.superuser().await)
        .await
        .unwrap();
    assert_eq!(kept, 1);
    let sven = Person::of_the_demo(&app, "sven.ost").await;
    let page = sven.get("/ekonomi/prognoser?ar=2026").await;
    page.is_ok();
    let rows = page.rows("table");
    assert_eq!((rows[0][0].as_str(), rows[0][3].as_str()), ("2026-12-01", "3 032 950 kr"), "{rows:?}");
}

#[tokio::test]
async fn as_known_in_august_the_year_was_thought_to_cost_2_765_000_kronor() {
    // AC-22: PL8 and PL9 were not registered then.
    let app = App::unfounded(Clock::held(datetime!(2026-08-31 10:00 UTC))).await;
    seed::demo(&app.state).await.unwrap();
    let demo = seed::logins(&app.state).await.unwrap();
    let app = app.showing(demo);
    let sven = Person::of_the_demo(&app, "sven.ost").await;
    let page = sven.get("/ekonomi?ar=2026").await;
    page.is_ok().shows("57,6 % av budget");
    assert_eq!(page.texts(".kpi .figure")[1..3], ["2 007 500 kr", "2 765 000 kr"]);
}
