//! The vault: who sees where somebody is, how often and together with whom.

use sqlx::{AssertSqlSafe, Executor, PgConnection};
use utvag::assignment::paths as assignments;
use utvag::placement::location::model::{CASES_PER_DAY, OPENINGS_PER_HOUR};
use utvag::placement::paths;
use utvag::vocabulary::Role;
use uuid::Uuid;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::emergencies::WORDS;
use crate::support::homes::Home;
use crate::support::locations::WHY;
use crate::support::page::Page;
use crate::support::people::Person;
use crate::support::placements::Typed;

pub(crate) const PLACE: [&str; 4] = ["Björkgården", "Norrsele", "Skogsvägen", "Lägenhet 1203"];

/// A case that Malin is responsible for and Karin coordinates, with Jonas as deputy and a placement.
pub(crate) struct Ground<'a> {
    pub malin: Person<'a>,
    pub jonas: Person<'a>,
    pub karin: Person<'a>,
    pub home: Home,
    pub case: String,
    pub placement: Uuid,
}

pub(crate) async fn ground(app: &App) -> Ground<'_> {
    let (malin, jonas, karin) = (app.social_worker().await, app.social_worker().await, app.coordinator().await);
    let home = karin.adds_a_home("hvb").await;
    let opening = Opening::unknown().responsible(&malin).deputy(&jonas).coordinator(&karin);
    let (case, placement) = placed(&malin, opening, &home).await;
    Ground { malin, jonas, karin, home, case, placement }
}

async fn placed(malin: &Person<'_>, opening: Opening, home: &Home) -> (String, Uuid) {
    let case = opening.saved_by(malin).await;
    let placement = Typed::new(home, "hvb", "2026-12-31", "2027-06-29").with("location_note", "Lägenhet 1203");
    placement.saved_by(malin, &case).await;
    (case, placement.id())
}

pub(crate) fn hides(page: &Page) {
    for word in PLACE {
        page.lacks(word);
    }
}

async fn owner(app: &App) -> PgConnection {
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'prov', false)").await.unwrap();
    owner
}

async fn counted(app: &App, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(&mut app.database.superuser().await).await.unwrap()
}

async fn readers(app: &App) -> Vec<String> {
    sqlx::query_scalar(
        "select n.display_name from vault.reader r join account n on n.id = r.account_id
         where r.ended_at is null order by r.seat",
    )
    .fetch_all(&mut app.database.superuser().await)
    .await
    .unwrap()
}

#[tokio::test]
async fn it_opens_with_a_reason_and_a_proof_for_a_minute_and_leads_away() {
    let app = App::start().await;
    let Ground { malin, karin, case, placement, .. } = ground(&app).await;
    let location = paths::location(&case, placement);
    let page = malin.get(&location).await;
    page.is_ok().shows("60 sekunder");
    hides(&page);
    let page = malin.post(&location, &[("kind", ""), ("reason", " ")]).await;
    page.is_faulty().at("kind", "Välj vad du behöver vistelseorten till");
    page.at("reason", "Skriv varför du behöver se vistelseorten");
    let unproven = [("kind", "transport"), ("reason", WHY), ("password", "fel"), ("code", "000000")];
    let page = malin.post(&location, &unproven).await;
    page.is_faulty().at("password", "Lösenordet eller engångskoden stämmer inte. En kod kan bara användas en gång");
    assert_eq!(page.texts("#reason"), [WHY]);
    hides(&page);
    for person in [&malin, &karin] {
        let page = person.opens_the_location(&case, placement).await;
        page.is_ok();
        for word in PLACE {
            page.shows(word);
        }
        assert_eq!(page.headers["refresh"], format!("60; url={}", paths::show(&case, placement)));
        assert_eq!(page.headers["cache-control"], "no-store");
        assert_eq!(page.attributes("[data-hide-unseen]", "data-hide-after"), ["60"]);
        assert!(page.texts("noscript").concat().contains("Lämna sidan"), "{}", page.words());
    }
    assert_eq!(app.trail(&case).await.last().unwrap(), "location.opened");
    assert_eq!(counted(&app, "select count(*) from vault.opening where kind = 'transport'").await, 2);
    // Nowhere else, not in the log either.
    for part in ["", "/placeringar", "/tidslinje", "/tilldelning/vistelseort"] {
        hides(&malin.get(&format!("/arenden/{case}{part}")).await);
    }
    let log: Vec<String> =
        sqlx::query_scalar("select body from audit.entry").fetch_all(&mut owner(&app).await).await.unwrap();
    assert!(!log.iter().any(|row| PLACE.iter().any(|word| row.contains(word)) || row.contains(WHY)));
}

#[tokio::test]
async fn two_are_named_and_whoever_divides_the_work_changes_who() {
    let app = App::start().await;
    let Ground { malin, jonas, karin, case, placement, .. } = ground(&app).await;
    let chef = app.manager().await;
    assert_eq!(readers(&app).await, [malin.name.clone(), karin.name.clone()]);
    jonas.get(&paths::location(&case, placement)).await.is_forbidden();
    let page = jonas.opens_the_location(&case, placement).await;
    page.is_forbidden();
    let list = assignments::readers(&case);
    jonas.get(&list).await.is_ok().shows(&malin.name).shows(&karin.name).lacks("Ta bort");
    let (id, account) = (Uuid::now_v7().to_string(), jonas.account.to_string());
    let fields = [("id", id.as_str()), ("account", &account), ("reason", "Går in på fredag")];
    let page = chef.post(&list, &fields).await;
    page.is_faulty().at("account", "Ta bort en läsare först. Högst två får se vistelseorten");
    jonas.post(&list, &fields).await.is_forbidden();
    // One gets up, another sits down.
    let end: String = sqlx::query_scalar("select id::text from vault.reader where account_id = $1")
        .bind(malin.account)
        .fetch_one(&mut owner(&app).await)
        .await
        .unwrap();
    let end = assignments::end_reader(&case, end.parse().unwrap());
    jonas.post(&end, &[]).await.is_forbidden();
    for _ in 0..2 {
        chef.post(&end, &[]).await.leads_to(&list);
    }
    malin.get(&paths::location(&case, placement)).await.is_forbidden();
    for _ in 0..2 {
        chef.post(&list, &fields).await.leads_to(&list);
    }
    assert_eq!(readers(&app).await, [jonas.name.clone(), karin.name.clone()]);
    jonas.opens_the_location(&case, placement).await.is_ok().shows("Skogsvägen 4");
    chef.get(&list).await.is_ok().shows("Går in på fredag").shows("Fick se vistelseorten tidigare");
    // It ends with the task in the case.
    let task: Uuid = sqlx::query_scalar("select id from assignment where account_id = $1 and ended_at is null")
        .bind(jonas.account)
        .fetch_one(&mut owner(&app).await)
        .await
        .unwrap();
    chef.post(&assignments::end(&case, task), &[]).await.leads_to(&assignments::list(&case));
    assert_eq!(readers(&app).await, [karin.name]);
}

#[tokio::test]
async fn a_handover_moves_the_right_in_the_same_moment() {
    let app = App::start().await;
    let Ground { malin, karin, case, placement, .. } = ground(&app).await;
    let aisha = app.social_worker().await;
    let (id, account) = (Uuid::now_v7(), aisha.account.to_string());
    let text = id.to_string();
    let fields = [("id", text.as_str()), ("account", &account), ("message", "Kan du ta ärendet?")];
    malin.post(&assignments::handover(&case), &fields).await.leads_to(&assignments::handover(&case));
    aisha.opens_the_location(&case, placement).await.is_missing();
    aisha.post(&assignments::offered(id), &[]).await.leads_to(&format!("/arenden/{case}"));
    assert_eq!(readers(&app).await, [aisha.name.clone(), karin.name.clone()]);
    aisha.opens_the_location(&case, placement).await.is_ok().shows("Skogsvägen 4");
    malin.opens_the_location(&case, placement).await.is_missing();
    let moments = "select count(distinct m.at) from (
        select ended_at as at from vault.reader where ended_at is not null
        union all select named_at from vault.reader where ended_at is null and reason = 'Ansvarig handläggare') m";
    assert_eq!(counted(&app, moments).await, 1);
}

#[tokio::test]
async fn postgres_holds_that_they_are_two_and_knows_the_same_limits() {
    let app = App::start().await;
    let Ground { jonas, .. } = ground(&app).await;
    let mut owner = owner(&app).await;
    let third = "insert into vault.reader (id, case_id, account_id, seat, reason)
        select gen_random_uuid(), case_id, $1, seat, 'prov' from vault.reader where ended_at is null limit 1";
    let refused = sqlx::query(third).bind(jonas.account).execute(&mut owner).await.unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().constraint(), Some("reader_seat"));
    let limits: (i32, i32) = sqlx::query_as("select * from vault.most()").fetch_one(&mut owner).await.unwrap();
    assert_eq!(limits, (OPENINGS_PER_HOUR, CASES_PER_DAY));
}

#[tokio::test]
async fn over_the_quota_it_stays_shut_and_an_alarm_is_left() {
    let app = App::start().await;
    let Ground { malin, karin, home, case, placement, .. } = ground(&app).await;
    for _ in 0..OPENINGS_PER_HOUR {
        malin.opens_the_location(&case, placement).await.is_ok().shows("Skogsvägen 4");
    }
    let page = malin.opens_the_location(&case, placement).await;
    page.is_faulty().shows("Du har öppnat 5 vistelseorter den senaste timmen. Vänta en timme");
    hides(&page);
    assert_eq!(app.trail(&case).await.last().unwrap(), "location.beyond");
    assert_eq!(counted(&app, "select count(*) from vault.alarm where kind = 'per_hour'").await, 1);
    karin.opens_the_location(&case, placement).await.is_ok();
    // The hour has passed; a fourth case in the same day is too many.
    owner(&app)
        .await
        .execute("alter table vault.opening disable trigger noted; update vault.opening set opened_at = opened_at - interval '61 minutes'; alter table vault.opening enable always trigger noted")
        .await
        .unwrap();
    for open in [true, true, false] {
        let (case, placement) = placed(&malin, Opening::unknown().responsible(&malin), &home).await;
        let page = malin.opens_the_location(&case, placement).await;
        if open {
            page.is_ok().shows("Skogsvägen 4");
        } else {
            page.is_faulty().shows("Du har öppnat vistelseorten i 3 ärenden det senaste dygnet");
            hides(&page);
        }
    }
    malin.opens_the_location(&case, placement).await.is_ok();
    assert_eq!(counted(&app, "select count(*) from vault.alarm where kind = 'cases_per_day'").await, 1);
}

#[tokio::test]
async fn a_manager_sees_it_together_with_a_second_person_once() {
    let app = App::start().await;
    let Ground { malin, jonas, karin, case, placement, .. } = ground(&app).await;
    let (chef, other) = (app.manager().await, app.manager().await);
    let together = paths::together(&case, placement);
    chef.get(&paths::show(&case, placement)).await.is_ok().shows("Be om att få se vistelseorten");
    chef.get(&paths::location(&case, placement)).await.is_forbidden();
    malin.get(&together).await.is_forbidden();
    chef.post(&together, &[]).await.is_faulty().shows("Välj vad du behöver vistelseorten till");
    chef.sees_together(&case, placement).await.is_faulty().shows("Begäran har gått ut eller är använd");
    let id = Uuid::now_v7();
    for _ in 0..2 {
        chef.asks_for_the_location(&case, placement, id).await.leads_to(&together);
    }
    chef.sees_together(&case, placement).await.is(409);
    // Told on the first page of whoever can be the second, while it waits.
    let todo = "Se en vistelseort tillsammans med en kollega";
    for person in [&malin, &karin] {
        person.get("/").await.is_ok().shows(todo).shows(&chef.name).shows(&case);
    }
    for person in [&chef, &other, &jonas] {
        person.get("/").await.is_ok().lacks(todo);
    }
    let page = chef.get(&together).await;
    page.is_ok().shows("Ingen ännu").shows("ring polisen");
    // Nobody approves their own, and nobody who does not see it or coordinate.
    for person in [&chef, &other, &jonas] {
        person.approves_the_location(&case, placement, id).await.is_forbidden();
    }
    other.get(&together).await.is_ok().shows("Be om att få se").lacks("Ingen ännu");
    let approve = paths::approve(&case, placement);
    karin.get(&paths::show(&case, placement)).await.is_ok().shows("Någon vill se vistelseorten").shows(&chef.name);
    karin.get(&approve).await.is_ok().shows(WHY).shows(&chef.name);
    karin.post(&approve, &[("request", &id.to_string())]).await.is_faulty().shows("Lösenordet eller engångskoden");
    karin.approves_the_location(&case, placement, id).await.leads_to(&paths::show(&case, placement));
    malin.approves_the_location(&case, placement, id).await.is_faulty().shows("Den kan ha gått ut");
    malin.get("/").await.is_ok().lacks(todo);
    chef.get(&together).await.is_ok().shows(&karin.name).shows("Vistelseorten visas en gång");
    let page = chef.sees_together(&case, placement).await;
    page.is_ok().shows("Skogsvägen 4");
    assert!(page.headers["refresh"].to_str().unwrap().starts_with("60; url="));
    hides(&chef.sees_together(&case, placement).await);
    let trail = app.trail(&case).await;
    for event in ["location.requested", "location.approved", "location.opened"] {
        assert_eq!(trail.iter().filter(|one| *one == event).count(), 1, "{event}: {trail:?}");
    }
    // Ten minutes, and no more.
    let late = Uuid::now_v7();
    chef.asks_for_the_location(&case, placement, late).await.leads_to(&together);
    owner(&app)
        .await
        .execute("alter table vault.request disable trigger noted; update vault.request set requested_at = requested_at - interval '10 minutes', expires_at = expires_at - interval '10 minutes' where approved_at is null; alter table vault.request enable always trigger noted")
        .await
        .unwrap();
    malin.approves_the_location(&case, placement, late).await.is_faulty().shows("Den kan ha gått ut");
    chef.sees_together(&case, placement).await.is_faulty();
}

#[tokio::test]
async fn through_a_broken_glass_it_takes_two_as_well_and_a_conflict_bars_both() {
    let app = App::start().await;
    let Ground { malin, karin, case, placement, .. } = ground(&app).await;
    let (stranger, chef) = (app.social_worker().await, app.manager().await);
    stranger.breaks(&case, WORDS).await.leads_to(&format!("/arenden/{case}"));
    stranger.get(&paths::location(&case, placement)).await.is_forbidden();
    let page = stranger.get(&paths::show(&case, placement)).await;
    page.is_ok().shows("Be om att få se vistelseorten");
    hides(&page);
    let id = Uuid::now_v7();
    stranger.asks_for_the_location(&case, placement, id).await.leads_to(&paths::together(&case, placement));
    stranger.approves_the_location(&case, placement, id).await.is_forbidden();
    malin.approves_the_location(&case, placement, id).await.leads_to(&paths::show(&case, placement));
    stranger.sees_together(&case, placement).await.is_ok().shows("Skogsvägen 4");
    // Whoever has approved and has a conflict after that has approved nothing.
    let second = Uuid::now_v7();
    stranger.asks_for_the_location(&case, placement, second).await;
    malin.approves_the_location(&case, placement, second).await;
    declares(&karin, &case, &malin).await;
    hides(&stranger.sees_together(&case, placement).await);
    let third = Uuid::now_v7();
    chef.asks_for_the_location(&case, placement, third).await.leads_to(&paths::together(&case, placement));
    malin.approves_the_location(&case, placement, third).await.is_missing();
    declares(&karin, &case, &chef).await;
    karin.approves_the_location(&case, placement, third).await;
    chef.sees_together(&case, placement).await.is_missing();
}

async fn declares(actor: &Person<'_>, case: &str, whose: &Person<'_>) {
    let (id, account) = (Uuid::now_v7().to_string(), whose.account.to_string());
    let fields = [("id", id.as_str()), ("account", &account), ("reason", "Är släkt med personen")];
    actor.post(&utvag::conflict::paths::declare(case), &fields).await.is(303);
}

#[tokio::test]
async fn nobody_else_has_a_way_in_and_the_tables_are_nobodys() {
    let app = App::start().await;
    let Ground { case, placement, .. } = ground(&app).await;
    for role in [Role::PoliceLiaison, Role::Controller, Role::LogReviewer, Role::Sysadmin, Role::Caseworker] {
        let person = app.person(role).await;
        for path in
            [paths::location(&case, placement), paths::together(&case, placement), paths::approve(&case, placement)]
        {
            person.get(&path).await.is_missing();
            person.post(&path, &[]).await.is_missing();
        }
    }
    let malin = app.manager().await;
    let (mut work, _) = app.db.begin_about(malin.token(), app.state.clock.today(), &case).await.unwrap().unwrap();
    for table in ["reader", "request", "alarm", "opening", "location"] {
        work.execute("savepoint here").await.unwrap();
        for sql in [format!("select * from vault.{table}"), format!("delete from vault.{table}")] {
            let refused = work.execute(AssertSqlSafe(sql)).await.unwrap_err();
            assert_eq!(refused.as_database_error().unwrap().code().unwrap(), "42501", "{table}");
            work.execute("rollback to savepoint here").await.unwrap();
        }
    }
    for sql in ["select vault.let_out(null, null, 'other', '', null)", "select vault.beyond(null)"] {
        let refused = work.execute(sql).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().code().unwrap(), "42501", "{sql}");
        work.execute("rollback to savepoint here").await.unwrap();
    }
}
