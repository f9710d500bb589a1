//! Alarms in the house: raised and cleared by timed work, once also where two do it, passed on, seen by those who see the
//! case, counted and not listed where a circle is closed, and acknowledged where that is allowed.

use sqlx::{AssertSqlSafe, Executor};
use time::macros::date;
use utvag::alarm::paths;
use utvag::clock::Clock;
use utvag::jobs::{Watched, watch};
use utvag::journal::paths as journal;
use utvag::seed;
use utvag::vocabulary::{AlarmRule, Role};
use uuid::Uuid;

use crate::support::app::{App, TODAY};
use crate::support::cases::Opening;
use crate::support::fixture;
use crate::support::journal::Typed as Note;
use crate::support::people::Person;

async fn goes_through(app: &App) -> Watched {
    watch(&app.db, &app.state.keys, &app.state.clock).await.unwrap()
}

async fn run(app: &App, sql: &str) {
    let mut owner = app.database.superuser().await;
    fixture::announce(&mut owner).await;
    owner.execute(AssertSqlSafe(sql.to_owned())).await.unwrap();
}

/// What stands in the list, in its order.
async fn listed(person: &Person<'_>, address: &str) -> Vec<String> {
    let page = person.get(address).await;
    let names = page.is_ok().texts("tbody th");
    names
        .iter()
        .map(|name| AlarmRule::ALL.iter().find(|rule| name.starts_with(rule.label())).unwrap().number())
        .collect()
}

const LATE: [&str; 1] = ["A13"];
const NOTHING: [&str; 0] = [];

async fn one(app: &App, sql: &str) -> String {
    sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_one(&mut app.database.superuser().await).await.unwrap()
}

/// A rule as both have it: severity, from when critical, receivers, who is next and after how long, and by hand.
type Planned = (String, String, Option<i32>, Vec<String>, Option<String>, Option<i32>, bool);

#[tokio::test]
async fn the_rules_have_the_same_plan_in_rust_and_in_postgres() {
    let app = App::start().await;
    let rows: Vec<Planned> = sqlx::query_as(
        "select rule::text, severity::text, critical_after, receivers::text[], escalates_to::text, escalates_after, by_hand
         from alarm_plan() p order by p.rule",
    )
    .fetch_all(&mut app.database.superuser().await)
    .await
    .unwrap();
    let said: Vec<_> = AlarmRule::ALL
        .iter()
        .map(|rule| {
            let plan = rule.plan();
            let receivers = plan.receivers.iter().map(|one| one.code().to_owned()).collect();
            (
                rule.code().to_owned(),
                plan.severity.code().to_owned(),
                plan.critical_after,
                receivers,
                plan.escalates.map(|(to, _)| to.code().to_owned()),
                plan.escalates.map(|(_, after)| after),
                plan.by_hand,
            )
        })
        .collect();
    assert_eq!(rows, said);
}

#[tokio::test]
async fn a_follow_up_is_raised_once_passed_on_after_a_week_and_cleared_when_it_is_held() {
    let app = App::start().await;
    app.becomes(date!(2026 - 12 - 31));
    let (malin, karin) = (app.social_worker().await, app.coordinator().await);
    let case = Opening::unknown().responsible(&malin).coordinator(&karin).saved_by(&malin).await;
    let id = malin.plans_follow_up(&case, "outpatient", "2027-01-04").await;
    let followed = "/bevakningar?regel=a13_follow_up_late";
    goes_through(&app).await;
    assert_eq!(listed(&malin, followed).await, NOTHING);

    app.becomes(date!(2027 - 01 - 05));
    assert_eq!(goes_through(&app).await.raised, 1);
    assert_eq!(goes_through(&app).await, Watched { raised: 0, cleared: 0, escalated: 0 }, "nothing is raised twice");
    let page = malin.get(followed).await;
    page.is_ok().shows("Uppföljningen skulle ha hållits.").shows(&case).shows("Försenad 1 dag").shows("Varning");
    page.shows("Går vidare till samordnaren 2027-01-11").shows("Håll eller flytta uppföljningen");
    assert!(page.attributes("td a", "href").iter().any(|href| href.ends_with(&id.to_string())));
    // Not the coordinator's own yet.
    let mine = "/bevakningar?regel=a13_follow_up_late&visa=mina";
    assert_eq!(listed(&karin, followed).await, LATE);
    assert_eq!(listed(&karin, mine).await, NOTHING);
    assert_eq!(listed(&malin, mine).await, LATE);
    malin.get("/bevakningar?allvar=critical").await.is_ok().shows("Inga bevakningar matchar filtret.");

    app.becomes(date!(2027 - 01 - 10));
    assert_eq!(goes_through(&app).await.escalated, 0);
    app.becomes(date!(2027 - 01 - 11));
    assert_eq!(goes_through(&app).await.escalated, 1);
    karin.get(mine).await.is_ok().shows(&case).shows("Har gått vidare till samordnaren");

    run(&app, "update follow_up set cancelled_on = '2027-01-11', cancelled_by = planned_by, cancel_reason = '\\x00'")
        .await;
    assert_eq!(goes_through(&app).await.cleared, 1);
    assert_eq!(listed(&malin, followed).await, NOTHING);
    malin.get(&paths::of_case(&case)).await.is_ok().shows("Tidigare bevakningar").shows("Åtgärdad");
    assert!(app.log().await.iter().any(|event| event == "task.alarms"));
}

#[tokio::test]
async fn two_houses_that_go_through_the_rules_at_once_raise_nothing_twice() {
    let app = App::start().await;
    let (malin, karin) = (app.social_worker().await, app.coordinator().await);
    for _ in 0..3 {
        Opening::unknown().responsible(&malin).coordinator(&karin).saved_by(&malin).await;
    }
    let rounds = tokio::join!(goes_through(&app), goes_through(&app), goes_through(&app), goes_through(&app));
    let raised = rounds.0.raised + rounds.1.raised + rounds.2.raised + rounds.3.raised;
    let stands = one(&app, "select count(*)::text from alarm").await;
    assert_eq!(raised.to_string(), stands, "{rounds:?}");
    assert!(raised >= 3, "three cases have no deputy");
    let twice =
        "select count(*)::text from (select 1 from alarm group by rule, subject_id, due_on having count(*) > 1) twice";
    assert_eq!(one(&app, twice).await, "0");
}

#[tokio::test]
async fn nobody_is_alone_a_manager_is_told_of_a_case_without_a_deputy_and_of_one_coordinator() {
    let app = App::start().await;
    let (malin, karin, chef) = (app.social_worker().await, app.coordinator().await, app.manager().await);
    let opening = Opening::unknown().with("opened_on", "2026-12-31");
    let case = opening.responsible(&malin).coordinator(&karin).saved_by(&malin).await;
    goes_through(&app).await;
    let page = chef.get("/bevakningar?visa=mina").await;
    page.is_ok()
        .shows(&case)
        .shows("Ett ärende får inte hänga på en person.")
        .shows("Kritisk")
        .shows("Föreslå en samordnare");
    let coordinators = "/bevakningar?regel=a27_one_coordinator";
    assert_eq!(listed(&chef, coordinators).await, ["A27"]);
    // What is about the house is not for those who are not asked to do anything about it.
    assert_eq!(listed(&malin, coordinators).await, NOTHING);
    assert_eq!(listed(&malin, "/bevakningar?regel=a27_no_deputy").await, ["A27"]);
    let _second = app.coordinator().await;
    assert_eq!(goes_through(&app).await.cleared, 1);
    assert_eq!(listed(&chef, coordinators).await, NOTHING);
    // Thirty days on nobody else has written in it.
    let alone = "/bevakningar?regel=a27_one_person";
    for (day, raised) in [(date!(2027 - 01 - 29), 0), (date!(2027 - 01 - 30), 1)] {
        app.becomes(day);
        Note::note().sent_to(&journal::list(&case), &malin).await.leads_to(&journal::list(&case));
        goes_through(&app).await;
        assert_eq!(listed(&chef, alone).await.len(), raised, "{day}");
    }
}

#[tokio::test]
async fn who_does_not_see_the_case_does_not_see_its_alarms_and_a_closed_circle_is_counted() {
    let app = App::start().await;
    let (malin, karin, chef) = (app.social_worker().await, app.coordinator().await, app.manager().await);
    let (stranger, police) = (app.social_worker().await, app.person(Role::PoliceLiaison).await);
    let case = Opening::unknown().responsible(&malin).coordinator(&karin).saved_by(&malin).await;
    let other = app.coordinator().await;
    goes_through(&app).await;
    stranger.get(paths::LIST).await.is_ok().lacks(&case).shows("Inga bevakningar");
    stranger.get(&paths::of_case(&case)).await.is_missing();
    police.get(paths::LIST).await.is_missing();
    other.get(paths::LIST).await.is_ok().shows(&case);
    run(&app, "update case_file set protection_level = 'closed_circle'").await;
    karin.get(paths::LIST).await.is_ok().shows(&case).lacks("sluten krets");
    for outside in [&other, &chef] {
        outside.get(paths::LIST).await.is_ok().lacks(&case).shows("1 bevakning finns i ett ärende i sluten krets");
    }
}

#[tokio::test]
async fn what_only_tells_of_something_is_acknowledged_with_a_reason_and_a_duty_is_not() {
    let app = App::start().await;
    let (malin, karin) = (app.social_worker().await, app.coordinator().await);
    let case = Opening::unknown().responsible(&malin).coordinator(&karin).saved_by(&malin).await;
    let (told, duty) = (Uuid::now_v7(), Uuid::now_v7());
    run(
        &app,
        &format!(
            "insert into alarm (id, rule, subject_id, case_id, due_on, severity, receivers, raised_at)
             select r.id::uuid, r.rule::alarm_rule, r.id::uuid, c.id, '2026-12-31', 'info', '{{responsible}}', '2026-12-31 09:00Z'
             from case_file c cross join (values ('{told}', 'a12_price_step'), ('{duty}', 'a13_follow_up_late')) r(id, rule)"
        ),
    )
    .await;
    let address = paths::acknowledge(&case, told);
    let page = malin.get(&paths::of_case(&case)).await;
    page.is_ok().shows("Kvittera med orsak");
    assert_eq!(page.attributes("td .sub a", "href"), [address.as_str()]);
    malin.get(&paths::acknowledge(&case, duty)).await.is_missing();
    malin.post(&paths::acknowledge(&case, duty), &[("reason", "Jag hinner inte.")]).await.is_missing();
    malin
        .post(&address, &[("reason", " ")])
        .await
        .is_faulty()
        .at("reason", "Skriv varför bevakningen inte behöver mer");
    let id = Uuid::now_v7().to_string();
    for _ in 0..2 {
        malin.post(&address, &[("id", &id), ("reason", "Priset är känt.")]).await.leads_to(&paths::of_case(&case));
    }
    karin.get(&paths::of_case(&case)).await.is_ok().shows("Kvitterad").shows("Priset är känt.").shows(&malin.name);
    malin.get(&address).await.is_missing();
    assert_eq!(one(&app, "select count(*)::text from alarm_receipt").await, "1");
    // Postgres refuses the other by itself, and what was said stands.
    let mut owner = app.database.superuser().await;
    fixture::announce(&mut owner).await;
    let error = owner.execute("update alarm_receipt set reason = '\\x01'").await.unwrap_err();
    assert_eq!(error.as_database_error().unwrap().constraint().unwrap(), "alarm_receipt_stands");
}

#[tokio::test]
async fn what_was_acknowledged_comes_back_when_it_has_become_graver() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let case = Opening::unknown().responsible(&malin).saved_by(&malin).await;
    goes_through(&app).await;
    let no_deputy = "from alarm where rule = 'a27_no_deputy'";
    run(&app, "update alarm set cleared_at = raised_at, cleared_why = 'acknowledged' where rule = 'a27_no_deputy'")
        .await;
    goes_through(&app).await;
    assert_eq!(one(&app, &format!("select cleared_why::text {no_deputy}")).await, "acknowledged");
    run(&app, "update alarm set severity = 'info' where rule = 'a27_no_deputy'").await;
    assert_eq!(goes_through(&app).await.raised, 1);
    assert_eq!(one(&app, &format!("select coalesce(cleared_why::text, severity::text) {no_deputy}")).await, "warning");
    malin.get(paths::LIST).await.is_ok().shows(&case);
}

#[tokio::test]
async fn the_demo_municipality_has_something_to_watch_over_from_its_first_minute() {
    let app = App::unfounded(Clock::held(TODAY)).await;
    seed::demo(&app.state).await.unwrap();
    let demo = seed::logins(&app.state).await.unwrap();
    let app = app.showing(demo);
    assert!(goes_through(&app).await.raised > 5);
    let karin = Person::of_the_demo(&app, "karin.holm").await;
    let rules = listed(&karin, paths::LIST).await;
    assert!(rules.len() > 5, "{rules:?}");
    println!("the demo's coordinator is told of {rules:?}");
    let page = karin.get(paths::LIST).await;
    // Every link leads somewhere that the coordinator reaches.
    for href in page.attributes("tbody a", "href") {
        karin.get(&href).await.is_ok();
    }
    let sven = Person::of_the_demo(&app, "sven.ost").await;
    sven.get(paths::LIST).await.is_ok().lacks("AVH-");
}
