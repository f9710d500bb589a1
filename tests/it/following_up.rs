//! Following up: holding one plans the next, one that was not held is late, and the return to Granvik.

use sqlx::Executor;
use time::macros::date;
use utvag::follow_up::paths;
use utvag::placement::paths as placements;
use utvag::plan::paths as plans;
use uuid::Uuid;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::page::Page;
use crate::support::people::Person;
use crate::support::placements::Typed as TypedPlacement;
use crate::support::plans::TypedPlan;

const HELD: [(&str, &str); 4] =
    [("on", "2026-12-31"), ("form", "visit"), ("person", "Trivs och vill stanna."), ("next_on", "2027-03-31")];

fn held_but(field: &str, value: &'static str) -> Vec<(&'static str, &'static str)> {
    HELD.into_iter().map(|(name, typed)| (name, if name == field { value } else { typed })).collect()
}

#[tokio::test]
async fn one_that_is_held_judges_the_goals_and_plans_the_next() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let case = malin.opens_a_case_on("2026-01-05").await;
    malin.get(&plans::list(&case)).await.is_ok().shows("Inga uppföljningar");
    let goals = [("Egen bostad", "2027-06-30", "Handläggaren"), ("Arbete", "2027-09-01", "Personen")];
    TypedPlan::care_plan("2027-02-01").goals(&goals).activated_by(&malin, &case).await;
    assert_eq!(malin.get(&paths::new(&case)).await.value("planned_on"), "2027-02-01");
    let id = malin.plans_follow_up(&case, "care_plan", "2026-12-31").await;
    let show = paths::show(&case, id);
    malin.get(&show).await.is_ok().shows("Inte än").shows("I dag");

    malin.get(&paths::hold(&case, id)).await.is_ok().shows("Egen bostad").shows("Nästa uppföljning");
    malin.holds(&case, id, "partly", &HELD).await.leads_to(&show);
    let page = malin.get(&show).await;
    page.is_ok().shows("Besök").shows("Trivs och vill stanna.").lacks("Registrera genomförd uppföljning");
    let results: Vec<_> = page.rows("table").into_iter().map(|row| (row[0].clone(), row[2].clone())).collect();
    let partly = |goal: &str| (goal.to_owned(), "Delvis uppnått".to_owned());
    assert_eq!(results, [partly("Egen bostad"), partly("Arbete")]);
    let rows = malin.get(&plans::list(&case)).await.rows("[aria-labelledby=h-uppfoljningar] table");
    assert_eq!(rows[0], ["Vårdplan Uppföljning 2", "Planerad", "2027-03-31", "–"]);
    assert_eq!(rows[1], ["Vårdplan Uppföljning 1", "Genomförd", "2026-12-31", "2026-12-31"]);
    malin.get(&paths::hold(&case, id)).await.leads_to(&show);
    // The results stay with the version that was in force.
    TypedPlan::care_plan("2027-04-01").activated_by(&malin, &case).await;
    malin.get(&show).await.is_ok().shows("Egen bostad");
    let trail = app.trail(&case).await;
    let made: Vec<_> =
        trail.iter().filter(|event| event.starts_with("follow_up.") && *event != "follow_up.shown").collect();
    assert_eq!(made, ["follow_up.planned", "follow_up.held"]);
}

#[tokio::test]
async fn what_is_held_is_said_in_full() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let case = malin.opens_a_case_on("2026-01-05").await;
    TypedPlan::care_plan("2027-02-01").activated_by(&malin, &case).await;
    for (kind, day, field, said) in [
        ("", "2027-01-10", "kind", "Välj vad som ska följas upp"),
        ("placement", "2026-12-30", "planned_on", "Uppföljningen kan inte planeras före i dag, 2026-12-31"),
        ("placement", "snart", "planned_on", "Skriv datumet som ÅÅÅÅ-MM-DD"),
    ] {
        let fields = [("id", ""), ("kind", kind), ("planned_on", day)];
        malin.post(&paths::list(&case), &fields).await.is_faulty().at(field, said);
    }
    let id = malin.plans_follow_up(&case, "placement", "2026-12-31").await;
    for (typed, field, said) in [
        (held_but("on", "2027-01-01"), "on", "Datumet kan inte vara senare än i dag, 2026-12-31"),
        (held_but("on", "2026-01-04"), "on", "Ärendet öppnades 2026-01-05. Datumet kan inte vara före det"),
        (held_but("form", ""), "form", "Välj hur uppföljningen gick till"),
        (held_but("person", " "), "person", "Skriv minst en av personens, utförarens och polisens syn"),
        (held_but("next_on", ""), "next_on", "Skriv när nästa uppföljning ska vara"),
        (held_but("next_on", "2026-12-31"), "next_on", "Nästa uppföljning ska vara efter i dag, 2026-12-31"),
    ] {
        let page = malin.holds(&case, id, "reached", &typed).await;
        page.is_faulty().at(field, said);
        assert_eq!(page.texts("#felsammanfattning a").len(), 1, "{field}");
    }
    let unjudged = malin.holds(&case, id, "", &HELD).await;
    unjudged.is_faulty().at("result-1", "Välj hur det har gått med målet");
    assert_eq!(unjudged.texts("#person"), ["Trivs och vill stanna."]);
    // With the police the goals may be left.
    let joint = malin.plans_follow_up(&case, "joint", "2026-12-31").await;
    let fields = [("on", "idag"), ("form", "meeting"), ("police", "Hotet kvarstår."), ("next_on", "2027-01-31")];
    malin.holds(&case, joint, "", &fields).await.leads_to(&paths::show(&case, joint));
    malin.get(&paths::show(&case, joint)).await.is_ok().shows("Polisens syn").shows("Hotet kvarstår.");
}

#[tokio::test]
async fn one_that_is_late_is_said_to_be_so_wherever_it_is_to_be_done() {
    let app = App::start().await;
    let (malin, aisha, karin) = (app.social_worker().await, app.social_worker().await, app.coordinator().await);
    let case = malin.opens_a_case_on("2026-01-05").await;
    let id = malin.plans_follow_up(&case, "placement", "2027-01-10").await;
    let (overview, tab, late) = (format!("/arenden/{case}"), plans::list(&case), "Uppföljningen är försenad");
    app.becomes(date!(2027 - 01 - 10));
    malin.get(&overview).await.is_ok().shows("Genomför uppföljning").lacks(late);
    malin.get(&tab).await.is_ok().lacks("Uppföljning försenad");
    malin.get("/").await.is_ok().lacks(late);
    app.becomes(date!(2027 - 01 - 11));
    malin.get(&overview).await.is_ok().shows(late).shows("Försenad 1 dag");
    malin.get(&tab).await.is_ok().shows("Uppföljning försenad").shows("Försenad 1 dag");
    malin.get(&paths::show(&case, id)).await.is_ok().shows(late);
    let page = malin.get("/").await;
    page.is_ok().shows(late);
    // Nothing but the reference.
    assert!(
        page.texts("ul.todo li")
            .iter()
            .any(|row| row.starts_with(late) && row.ends_with(&format!("2027-01-10 , {case}")))
    );
    // It comes up with the coordinator when it is a week late, and with no other social worker.
    app.becomes(date!(2027 - 01 - 16));
    karin.get("/").await.is_ok().lacks(late);
    app.becomes(date!(2027 - 01 - 17));
    karin.get("/").await.is_ok().shows(late);
    aisha.get("/").await.is_ok().lacks(late);
    let held = [("on", "2027-01-17"), ("form", "phone"), ("provider", "Allt går bra."), ("next_on", "2027-04-01")];
    karin.holds(&case, id, "", &held).await.leads_to(&paths::show(&case, id));
    for (who, page) in [(&malin, "/"), (&karin, "/"), (&malin, tab.as_str()), (&malin, overview.as_str())] {
        who.get(page).await.is_ok().lacks(late).lacks("Uppföljning försenad");
    }
}

#[tokio::test]
async fn two_who_write_down_the_same_lose_nothing_and_plan_one() {
    let app = App::start().await;
    let (malin, jonas) = (app.social_worker().await, app.social_worker().await);
    let case = Opening::unknown().responsible(&malin).deputy(&jonas).saved_by(&malin).await;
    let id = malin.plans_follow_up(&case, "placement", "2026-12-31").await;
    let (next, other) = (Uuid::now_v7().to_string(), Uuid::now_v7().to_string());
    let fields = |next: &str| {
        let typed = HELD.map(|(name, value)| (name, value.to_owned()));
        [("version", "1".to_owned()), ("next_id", next.to_owned())].into_iter().chain(typed).collect::<Vec<_>>()
    };
    let send = async |who: &Person<'_>, fields: Vec<(&str, String)>| {
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        who.post(&paths::hold(&case, id), &fields).await
    };
    send(&malin, fields(&next)).await.leads_to(&paths::show(&case, id));
    // The same button twice, and then somebody else.
    send(&malin, fields(&next)).await.leads_to(&paths::show(&case, id));
    let stale = send(&jonas, fields(&other)).await;
    stale.is(409).shows("Uppföljningen är redan registrerad");
    assert_eq!(stale.texts("#person"), ["Trivs och vill stanna."]);
    assert_eq!(malin.get(&plans::list(&case)).await.rows("[aria-labelledby=h-uppfoljningar] table").len(), 2);
    let planned = [("id", next.as_str()), ("kind", "joint"), ("planned_on", "2027-01-10")];
    malin.post(&paths::list(&case), &planned).await.leads_to(&paths::show(&case, next.parse().unwrap()));
}

#[tokio::test]
async fn at_the_end_of_a_case_no_next_is_asked_for_and_afterwards_there_is_one_kind_left() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let case = malin.opens_a_case_on("2026-01-05").await;
    let last = malin.plans_follow_up(&case, "placement", "2026-12-31").await;
    let left = malin.plans_follow_up(&case, "placement", "2026-12-31").await;
    let after = malin.plans_follow_up(&case, "after_closing", "2026-12-31").await;
    app.makes_the_case(&case, "status = 'closing'").await;
    malin.holds(&case, last, "", &held_but("next_on", "")).await.leads_to(&paths::show(&case, last));
    malin.records_the_outcome(&case).await;
    app.makes_the_case(&case, "status = 'closed', closed_on = '2026-12-31', close_reason = 'other'").await;
    app.becomes(date!(2027 - 01 - 02));
    let late = "Uppföljningen är försenad";
    malin.get(&paths::show(&case, left)).await.is_ok().lacks(late);
    malin.get(&paths::hold(&case, left)).await.leads_to(&paths::show(&case, left));
    malin.get(&paths::show(&case, after)).await.is_ok().shows(late);
    assert_eq!(malin.get("/").await.texts("ul.todo li").iter().filter(|row| row.starts_with(late)).count(), 1);
    let forms = malin.get(&paths::new(&case)).await.attributes("[name='kind']", "value");
    assert_eq!(forms, ["after_closing"]);
    let other = [("id", ""), ("kind", "joint"), ("planned_on", "2027-02-01")];
    malin.post(&paths::list(&case), &other).await.is_faulty().at("kind", "Välj vad som ska följas upp");
    malin.holds(&case, after, "", &held_but("next_on", "")).await.leads_to(&paths::show(&case, after));
    malin.plans_follow_up(&case, "after_closing", "2027-12-31").await;
}

#[tokio::test]
async fn the_own_social_worker_and_the_coordinator_follow_up_and_the_manager_reads() {
    let app = App::start().await;
    let (malin, aisha) = (app.social_worker().await, app.social_worker().await);
    let (karin, chef) = (app.coordinator().await, app.manager().await);
    let case = malin.opens_a_case_on("2026-01-05").await;
    let id = karin.plans_follow_up(&case, "joint", "2026-12-31").await;
    chef.get(&paths::show(&case, id)).await.is_ok().lacks("Registrera genomförd uppföljning");
    chef.get(&paths::new(&case)).await.is_forbidden();
    chef.get(&paths::hold(&case, id)).await.is_forbidden();
    chef.post(&paths::hold(&case, id), &HELD).await.is_forbidden();
    for path in [paths::show(&case, id), paths::new(&case), paths::hold(&case, id)] {
        aisha.get(&path).await.is_missing();
    }
    let other = malin.opens_a_case_on("2026-01-05").await;
    malin.get(&paths::show(&other, id)).await.is_missing();
    karin.holds(&case, id, "", &HELD).await.leads_to(&paths::show(&case, id));
}

#[tokio::test]
async fn postgres_lets_a_follow_up_be_held_once_and_not_without_a_next() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let case = malin.opens_a_case_on("2026-01-05").await;
    TypedPlan::care_plan("2027-02-01").activated_by(&malin, &case).await;
    let held = malin.plans_follow_up(&case, "care_plan", "2026-12-31").await;
    malin.holds(&case, held, "reached", &HELD).await.leads_to(&paths::show(&case, held));
    TypedPlan::care_plan("2027-02-01").saved_by(&malin, &case).await;
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'test', false)").await.unwrap();
    let writing = "held_on = '2026-12-31', held_by = planned_by, form = 'visit', person_view = 'x'";
    let result =
        "insert into follow_up_goal select gen_random_uuid(), f.id, f.case_id, g.id, 'reached' from follow_up f,
                  plan_goal g join plan p on p.id = g.plan_id where p.status =";
    for (sql, refused_by) in [
        ("update follow_up set person_view = 'y' where held_on is not null".to_owned(), "follow_up_stands"),
        ("update follow_up set planned_on = '2027-05-01' where held_on is null".to_owned(), "follow_up_moved"),
        (format!("update follow_up set {writing} where held_on is null"), "follow_up_next"),
        (format!("update follow_up set {writing}, next_id = id where held_on is null"), "follow_up_held"),
        ("delete from follow_up".to_owned(), "follow_up_stands"),
        ("update follow_up_goal set result = 'not'".to_owned(), "follow_up_goal_stands"),
        ("delete from follow_up_goal".to_owned(), "follow_up_goal_stands"),
        (format!("{result} 'active' and f.held_on is not null"), "follow_up_goal_stands"),
        (format!("{result} 'draft' and f.held_on is null"), "follow_up_goal_stands"),
    ] {
        let refused = owner.execute(sqlx::AssertSqlSafe(sql.clone())).await.unwrap_err();
        assert_eq!(utvag::error::constraint(&refused), Some(refused_by), "{sql}");
    }
}

/// The form about status, with the version that the page holds.
async fn moves(person: &Person<'_>, case: &str, status: &str) -> Page {
    let path = format!("/arenden/{case}/status");
    let version = person.get(&path).await.is_ok().value("version");
    let fields = [
        ("version", version.as_str()),
        ("status", status),
        ("programme", "admitted"),
        ("needs", "dependency_and_exit"),
        ("protection", "standard"),
    ];
    person.post(&path, &fields).await
}

#[tokio::test]
async fn ac_10_return_to_huddinge() {
    let app = App::start().await;
    app.becomes(date!(2026 - 02 - 02));
    let (karin, malin, jonas) = (app.coordinator().await, app.social_worker().await, app.social_worker().await);
    let home = karin.adds_a_home_with_agreement("hvb", "2 450").await;
    let flat = karin.adds_a_home("supported_housing_adult").await;
    let hvb = |last: &str| {
        let placement = TypedPlacement::new(&home, "hvb", "2026-02-02", last);
        placement.with("procurement", "inside_framework").with("per_day", "")
    };
    let case = Opening::unknown().responsible(&malin).deputy(&jonas).saved_by(&malin).await;
    let treatment = hvb("2026-05-31");
    treatment.saved_by(&malin, &case).await.shows("119 dygn").shows("291 550 kr");
    let overview = format!("/arenden/{case}");
    moves(&malin, &case, "assessing").await.leads_to(&overview);
    malin.decides_to_investigate(&case).await;
    for status in ["investigating", "active"] {
        moves(&malin, &case, status).await.leads_to(&overview);
    }
    malin.get(&overview).await.is_ok().shows("Insats pågår");
    let barred = malin.get(&format!("{overview}/status")).await;
    barred.is_ok().shows("Utslussning Går inte att välja än. Placeringen med dygnetruntvård pågår. Avsluta den först.");
    moves(&malin, &case, "step_down").await.is_faulty().at("status", "Välj en status som går att byta till");

    // The care ends, and there is nothing yet to step down to.
    app.becomes(date!(2026 - 06 - 01));
    let end = [("last_day", "2026-05-31"), ("reason", "planned_move"), ("charge_departure_day", "ja")];
    malin
        .registers(&placements::end(&case, treatment.id()), &end)
        .await
        .leads_to(&placements::show(&case, treatment.id()));
    let barred = malin.get(&format!("{overview}/status")).await;
    barred.is_ok().shows("Ärendet behöver en insats eller ett boende utan dygnetruntvård som pågår.");
    moves(&malin, &case, "step_down").await.is_faulty().at("status", "Välj en status som går att byta till");

    // Outpatient support and supported housing for adults, in Granvik.
    malin.gives_support(&case, "2026-06-01", "2026-11-30", "2026-06-01").await;
    let supported = TypedPlacement::new(&flat, "supported_housing_adult", "2026-06-01", "2026-12-31")
        .with("procurement", "own_operation")
        .with("outside_reason", "")
        .with("outside_text", "")
        .with("per_day", "850");
    supported.saved_by(&malin, &case).await.shows("214 dygn").shows("181 900 kr");
    moves(&malin, &case, "step_down").await.leads_to(&overview);
    malin.get(&overview).await.is_ok().shows("Utslussning");
    app.becomes(date!(2026 - 12 - 31));
    let year = karin.get("/placeringar?ar=2026").await.rows("section[aria-labelledby='h-summa'] table");
    let all = year.last().unwrap();
    assert_eq!(all[..3], ["Alla placeringar", "333", "473 450 kr"]);

    // Had the care gone on.
    let other = malin.opens_a_case_on("2026-01-05").await;
    hvb("2026-12-31").saved_by(&malin, &other).await.shows("333 dygn").shows("815 850 kr");
    assert_eq!(815_850 - 473_450, 342_400);
}

#[tokio::test]
async fn support_alone_is_enough_to_be_active_and_to_step_down() {
    let app = App::start().await;
    let (malin, jonas) = (app.social_worker().await, app.social_worker().await);
    let case = Opening::unknown().responsible(&malin).deputy(&jonas).saved_by(&malin).await;
    let overview = format!("/arenden/{case}");
    moves(&malin, &case, "assessing").await.leads_to(&overview);
    malin.decides_to_investigate(&case).await;
    moves(&malin, &case, "investigating").await.leads_to(&overview);
    moves(&malin, &case, "active").await.is_faulty();
    let page = malin.get(&format!("{overview}/status")).await;
    page.is_ok().shows("Ärendet behöver ett beviljat beslut som är verkställt");
    malin.gives_support(&case, "2026-12-31", "2027-06-29", "2026-12-31").await;
    moves(&malin, &case, "active").await.leads_to(&overview);
    moves(&malin, &case, "step_down").await.leads_to(&overview);
}
