//! The life of a plan, through the pages and straight in the database: draft, in force, superseded, ended; what it must
//! say, who may write it, and where one is lacking.

use sqlx::Executor;
use time::macros::date;
use utvag::plan::paths;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::decisions::Typed as Decision;
use crate::support::placements::Typed as TypedPlacement;
use crate::support::plans::{OTHERS, TypedPlan, VIEW};

#[tokio::test]
async fn a_plan_lives_from_draft_to_its_next_version_and_its_end() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let case = malin.opens_a_case_on("2026-01-05").await;
    malin.get(&paths::list(&case)).await.is_ok().shows("Ingen gällande plan");
    malin.get(&paths::new(&case)).await.is_ok().shows("Slags plan");
    let first = TypedPlan::care_plan("2027-02-01").saved_by(&malin, &case).await;
    let show = paths::show(&case, first);
    malin.get(&show).await.is_ok().shows("Utkast").shows(VIEW).shows(OTHERS).shows("Ingen kontakt med grupperingen");
    malin.get(&paths::list(&case)).await.is_ok().shows("Ingen gällande plan").shows("Vårdplan, version 1");

    // A draft is written on.
    let page = malin.get(&paths::edit(&case, first)).await;
    assert_eq!(page.is_ok().texts("#person_view"), [VIEW]);
    let two = [("Egen bostad", "2027-06-30", "Handläggaren"), ("Arbete", "2027-09-01", "Personen")];
    let anew = TypedPlan::care_plan("2027-02-01").goals(&two).with("version", "1");
    anew.sent_to(&malin, &paths::edit(&case, first)).await.leads_to(&show);
    assert_eq!(malin.get(&show).await.rows("table").len(), 2);

    // In force it is frozen.
    malin.activates(&case, first, "2").await.leads_to(&show);
    malin.activates(&case, first, "2").await.leads_to(&show);
    malin.get(&show).await.is_ok().shows("Gällande").shows("Fastställd 2026-12-31").lacks("Ändra utkastet");
    malin.get(&paths::edit(&case, first)).await.leads_to(&show);
    anew.sent_to(&malin, &paths::edit(&case, first)).await.is(409);
    malin.get(&paths::list(&case)).await.is_ok().shows("Egen bostad").shows(VIEW).lacks("Ingen gällande plan");

    // The next version begins as the one before, and takes its place.
    app.becomes(date!(2027 - 01 - 20));
    let page = malin.get(&paths::revise(&case, first)).await;
    page.is_ok().shows("Ny plan").shows(VIEW);
    assert_eq!((page.value("goal"), page.value("follow_up_on")), (String::new(), String::new()));
    assert_eq!(page.texts("#goal-1"), ["Egen bostad"]);
    let second = TypedPlan::care_plan("2027-04-01").saved_by(&malin, &case).await;
    malin.get(&paths::revise(&case, first)).await.leads_to(&paths::edit(&case, second));
    malin.get(&paths::show(&case, second)).await.is_ok().shows("ersätter det version 1");
    malin.get(&show).await.is_ok().shows("Gällande");
    malin.activates(&case, second, "1").await.leads_to(&paths::show(&case, second));
    malin.get(&show).await.is_ok().shows("Ersatt");
    let list = malin.get(&paths::list(&case)).await;
    list.is_ok().shows("Vårdplan, version 2").lacks("Egen bostad");

    // It ends, and then there is none.
    let end = paths::end(&case, second);
    malin
        .registers(&end, &[("on", "2027-01-19"), ("reason", "")])
        .await
        .is_faulty()
        .at("reason", "Skriv varför planen avslutas");
    let early = malin.registers(&end, &[("on", "2027-01-19"), ("reason", "Klar.")]).await;
    early.is_faulty().at("on", "Planen fastställdes 2027-01-20. Datumet kan inte vara före det");
    let late = malin.registers(&end, &[("on", "2027-01-21"), ("reason", "Klar.")]).await;
    late.is_faulty().at("on", "Datumet kan inte vara senare än i dag, 2027-01-20");
    malin
        .registers(&end, &[("on", "idag"), ("reason", "Målen är uppnådda.")])
        .await
        .leads_to(&paths::show(&case, second));
    malin.get(&paths::show(&case, second)).await.is_ok().shows("Avslutad").shows("Målen är uppnådda.");
    malin.post(&end, &[("on", "idag"), ("reason", "Igen."), ("version", "2")]).await.is(409);
    let trail = app.trail(&case).await;
    let made: Vec<_> = trail.iter().filter(|event| event.starts_with("plan.") && *event != "plan.shown").collect();
    assert_eq!(made, ["plan.drafted", "plan.edited", "plan.activated", "plan.drafted", "plan.activated", "plan.ended"]);
}

#[tokio::test]
async fn a_plan_says_all_that_it_must() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let case = malin.opens_a_case_on("2026-01-05").await;
    let plan = || TypedPlan::care_plan("2027-02-01");
    for (typed, field, said) in [
        (plan().with("kind", ""), "kind", "Välj vårdplan eller genomförandeplan"),
        (plan().goals(&[]), "goal-1", "Skriv minst ett mål"),
        (plan().goals(&[("", "2027-06-30", "Personen")]), "goal-1", "Skriv målet, eller töm raden"),
        (plan().goals(&[("Arbete", "i sommar", "Personen")]), "target_on-1", "Skriv måldatumet som ÅÅÅÅ-MM-DD"),
        (plan().goals(&[("Arbete", "2027-06-30", "")]), "responsible-1", "Skriv vem som ansvarar för målet"),
        (plan().with("interventions", " "), "interventions", "Skriv vilka insatser som ska ges"),
        (
            plan().with("other_principals", ""),
            "other_principals",
            "Skriv vad regionen och andra ansvarar för, eller att ingen annan har ansvar",
        ),
        (plan().with("person_view", ""), "person_view", "Skriv vad personen tycker om planen"),
        (plan().with("follow_up_on", ""), "follow_up_on", "Skriv datumet som ÅÅÅÅ-MM-DD"),
        (plan().with("follow_up_on", "2026-12-31"), "follow_up_on", "Planen ska följas upp efter i dag, 2026-12-31"),
    ] {
        let page = typed.sent_by(&malin, &case).await;
        page.is_faulty().at(field, said);
        assert_eq!(page.texts("#felsammanfattning a").len(), 1, "{field}");
    }
    // What was typed is still there.
    let goals = [("", "", ""), ("Arbete", "2027-06-30", "")];
    let page = plan().goals(&goals).sent_by(&malin, &case).await;
    page.is_faulty().at("responsible-2", "Skriv vem som ansvarar för målet");
    assert_eq!((page.texts("#goal-2"), page.texts("#person_view")), (vec!["Arbete".into()], vec![VIEW.into()]));
    // Rows between that are left empty do not count, and the day after today will do.
    let goals = [("Bostad", "2027-06-30", "Personen"), ("", "", ""), ("Arbete", "2027-06-30", "Personen")];
    let id = plan().goals(&goals).with("follow_up_on", "2027-01-01").saved_by(&malin, &case).await;
    assert_eq!(malin.get(&paths::show(&case, id)).await.rows("table").len(), 2);
    // A draft that waited too long is not brought into force as it stands.
    app.becomes(date!(2027 - 01 - 01));
    malin
        .get(&paths::show(&case, id))
        .await
        .is_ok()
        .shows("Dagen för uppföljning har passerat")
        .lacks("Fastställ planen");
    assert_eq!(malin.activates(&case, id, "1").await.status, 422);
}

#[tokio::test]
async fn of_two_who_write_the_second_keeps_what_was_typed_and_sees_what_the_first_wrote() {
    let app = App::start().await;
    let (malin, jonas) = (app.social_worker().await, app.social_worker().await);
    let case = Opening::unknown().responsible(&malin).deputy(&jonas).saved_by(&malin).await;
    let typed = TypedPlan::care_plan("2027-02-01");
    let id = typed.saved_by(&malin, &case).await;
    // The same form twice is one draft, and a second draft of the kind is not begun.
    typed.saved_by(&malin, &case).await;
    let other = TypedPlan::care_plan("2027-02-01").sent_by(&jonas, &case).await;
    other
        .is_faulty()
        .at("kind", "Det finns redan ett utkast, vårdplan, version 1. Fastställ det eller skriv vidare i det");
    let edit = paths::edit(&case, id);
    let version = |view: &str, version: &str| {
        TypedPlan::care_plan("2027-02-01").with("person_view", view).with("version", version)
    };
    version("Malins text.", "1").sent_to(&malin, &edit).await.leads_to(&paths::show(&case, id));
    let stale = version("Jonas text.", "1").sent_to(&jonas, &edit).await;
    stale.is(409).shows("Någon annan har ändrat utkastet").shows("Malins text.");
    assert_eq!((stale.texts("#person_view"), stale.value("version")), (vec!["Jonas text.".to_owned()], "2".to_owned()));
    jonas.activates(&case, id, "1").await.is(409);
    version("Jonas text.", "2").sent_to(&jonas, &edit).await.leads_to(&paths::show(&case, id));
    jonas.activates(&case, id, "3").await.leads_to(&paths::show(&case, id));
    let end = [("version", "3"), ("on", "idag"), ("reason", "Malins skäl.")];
    let stale = malin.post(&paths::end(&case, id), &end).await;
    stale.is(409).shows("Någon annan har ändrat planen");
    assert_eq!(stale.texts("#reason"), ["Malins skäl."]);
}

#[tokio::test]
async fn whoever_is_placed_where_a_plan_is_needed_and_has_none_is_warned_of() {
    let app = App::start().await;
    let (karin, malin) = (app.coordinator().await, app.social_worker().await);
    let overview = |case: &str| format!("/arenden/{case}");
    let flat = karin.adds_a_home("training_apartment").await;
    let case = malin.opens_a_case_on("2026-01-05").await;
    TypedPlacement::new(&flat, "training_apartment", "2026-02-02", "2027-06-30").saved_by(&malin, &case).await;
    malin.get(&overview(&case)).await.is_ok().lacks("Vårdplan saknas");

    let home = karin.adds_a_home("hvb").await;
    let case = malin.opens_a_case_on("2026-01-05").await;
    malin.get(&overview(&case)).await.is_ok().lacks("Vårdplan saknas");
    TypedPlacement::new(&home, "hvb", "2026-02-02", "2027-06-30").saved_by(&malin, &case).await;
    malin.get(&overview(&case)).await.is_ok().shows("Vårdplan saknas");
    malin.get(&paths::list(&case)).await.is_ok().shows("Vårdplan saknas");
    // A draft is no plan, and neither is one of the other kind.
    TypedPlan::care_plan("2027-02-01").with("kind", "implementation_plan").activated_by(&malin, &case).await;
    let id = TypedPlan::care_plan("2027-02-01").saved_by(&malin, &case).await;
    malin.get(&overview(&case)).await.is_ok().shows("Vårdplan saknas");
    malin.activates(&case, id, "1").await.leads_to(&paths::show(&case, id));
    malin.get(&overview(&case)).await.is_ok().lacks("Vårdplan saknas");
    malin.get(&paths::list(&case)).await.is_ok().lacks("Vårdplan saknas").shows("Ingen uppföljning är planerad");
}

#[tokio::test]
async fn somebody_of_18_to_20_who_gets_support_should_have_an_implementation_plan() {
    let app = App::start().await;
    let (malin, said) = (app.social_worker().await, "Vi läser unga som den som är 18–20 år");
    for (birth, young) in [("2005-12-31", false), ("2006-01-01", true), ("2008-01-05", true)] {
        let case = Opening::unknown().with("birth_date", birth).responsible(&malin).saved_by(&malin).await;
        malin.get(&paths::list(&case)).await.is_ok().lacks(said);
        malin.gives_support(&case, "2026-12-31", "2027-06-29", "2026-12-31").await;
        let page = malin.get(&paths::list(&case)).await;
        if !young {
            page.is_ok().lacks(said);
            continue;
        }
        page.is_ok().shows("Genomförandeplan saknas").shows(said);
        TypedPlan::care_plan("2027-02-01").with("kind", "implementation_plan").activated_by(&malin, &case).await;
        malin.get(&paths::list(&case)).await.is_ok().lacks("Genomförandeplan saknas");
    }
}

#[tokio::test]
async fn the_own_social_worker_writes_others_read_and_strangers_find_nothing() {
    let app = App::start().await;
    let (malin, aisha) = (app.social_worker().await, app.social_worker().await);
    let (karin, chef) = (app.coordinator().await, app.manager().await);
    let case = malin.opens_a_case_on("2026-01-05").await;
    let id = TypedPlan::care_plan("2027-02-01").activated_by(&malin, &case).await;
    for who in [&karin, &chef] {
        who.get(&paths::list(&case)).await.is_ok().shows(VIEW).lacks("Ny plan");
        who.get(&paths::show(&case, id)).await.is_ok().shows(VIEW).lacks("Avsluta planen");
        for path in [paths::new(&case), paths::edit(&case, id), paths::revise(&case, id), paths::end(&case, id)] {
            who.get(&path).await.is_forbidden();
        }
        TypedPlan::care_plan("2027-02-01").sent_by(who, &case).await.is_forbidden();
        who.activates(&case, id, "2").await.is_forbidden();
    }
    aisha.get(&paths::list(&case)).await.is_missing();
    aisha.get(&paths::show(&case, id)).await.is_missing();
    aisha.activates(&case, id, "2").await.is_missing();
    let other = malin.opens_a_case_on("2026-01-05").await;
    malin.get(&paths::show(&other, id)).await.is_missing();

    malin.records_the_outcome(&case).await;
    app.makes_the_case(&case, "status = 'closed', closed_on = '2026-12-31', close_reason = 'other'").await;
    malin.get(&paths::show(&case, id)).await.is_ok().shows(VIEW).lacks("Avsluta planen");
    malin.get(&paths::new(&case)).await.is_forbidden();
    malin.get(&paths::end(&case, id)).await.is_forbidden();
}

#[tokio::test]
async fn postgres_lets_no_plan_in_force_be_changed_doubled_or_taken_away() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let case = malin.opens_a_case_on("2026-01-05").await;
    let active = TypedPlan::care_plan("2027-02-01").activated_by(&malin, &case).await;
    let draft = TypedPlan::care_plan("2027-02-01").saved_by(&malin, &case).await;
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'test', false)").await.unwrap();
    let activate = "status = 'active', activated_by = created_by, activated_on = ";
    for (id, set, refused_by) in [
        (active, "person_view = 'x'", "plan_stands"),
        (active, "follow_up_on = '2028-01-01'", "plan_stands"),
        (active, "activated_on = '2026-12-30'", "plan_stands"),
        (active, "status = 'draft', activated_on = null, activated_by = null", "plan_stands"),
        (draft, "version_no = 7", "plan_stands"),
        (draft, "status = 'superseded', activated_by = created_by, activated_on = '2026-12-31'", "plan_stands"),
        (draft, &format!("{activate}'2027-02-01'"), "plan_follow_up"),
        (draft, &format!("{activate}'2026-12-31'"), "plan_one_active"),
    ] {
        let sql = format!("update plan set {set} where id = $1");
        let refused = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).execute(&mut owner).await.unwrap_err();
        assert_eq!(utvag::error::constraint(&refused), Some(refused_by), "{set}");
    }
    for (sql, refused_by) in [
        ("delete from plan where status = 'active'", "plan_stands"),
        ("update plan_goal set target_on = '2028-01-01'", "plan_goal_stands"),
        ("delete from plan_goal g using plan p where p.id = g.plan_id and p.status = 'active'", "plan_goal_stands"),
    ] {
        let refused = owner.execute(sql).await.unwrap_err();
        assert_eq!(utvag::error::constraint(&refused), Some(refused_by), "{sql}");
    }
    // Without a goal none comes into force.
    owner.execute("delete from plan_goal g using plan p where p.id = g.plan_id and p.status = 'draft'").await.unwrap();
    let sql = "update plan set status = 'active', activated_by = created_by, activated_on = '2026-12-31' where status = 'draft'";
    let refused = owner.execute(sql).await.unwrap_err();
    assert_eq!(utvag::error::constraint(&refused), Some("plan_has_goal"));
}

#[tokio::test]
async fn a_draft_is_taken_away_by_whoever_began_it_and_by_nobody_else() {
    let app = App::start().await;
    let (malin, jonas) = (app.social_worker().await, app.social_worker().await);
    let case = Opening::unknown().responsible(&malin).deputy(&jonas).saved_by(&malin).await;
    let in_force = TypedPlan::care_plan("2027-02-01").activated_by(&malin, &case).await;
    let draft = TypedPlan::care_plan("2027-04-01").saved_by(&malin, &case).await;
    let (show, discard) = (paths::show(&case, draft), paths::discard(&case, draft));
    let only = "Utkastet kan bara tas bort av den som började skriva det.";
    jonas.get(&show).await.is_ok().lacks("Ta bort utkastet");
    jonas.get(&discard).await.is(422).shows(only);
    jonas.post(&discard, &[("version", "1")]).await.is(422).shows(only);
    malin.get(&show).await.is_ok().shows("Ta bort utkastet");
    malin.get(&discard).await.is_ok().shows("går inte att få tillbaka");
    // A draft that somebody else has written in since stands until it has been looked at.
    malin.post(&discard, &[("version", "0")]).await.is(409);
    malin.post(&discard, &[("version", "1")]).await.leads_to(&paths::list(&case));
    malin.get(&show).await.is_missing();
    let list = malin.get(&paths::list(&case)).await;
    list.is_ok().shows("Vårdplan, version 1").lacks("version 2");
    malin.get(&paths::discard(&case, in_force)).await.is(409);
    assert!(app.trail(&case).await.contains(&"plan.discarded".to_owned()));
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'test', false)").await.unwrap();
    let refused = owner.execute("delete from plan").await.unwrap_err();
    assert_eq!(utvag::error::constraint(&refused), Some("plan_stands"));
}

#[tokio::test]
async fn what_could_not_wait_has_seven_days_to_its_care_plan() {
    let app = App::start().await;
    let (chef, malin, karin) = (app.manager().await, app.social_worker().await, app.coordinator().await);
    let case = malin.opens_a_case_on("2026-01-05").await;
    let home = karin.adds_a_home("hvb").await;
    let decision = Decision::hvb("2026-12-31", "2027-06-29").with("emergency", "ja").submitted_by(&chef, &case).await;
    chef.decides(&case, decision).await;
    TypedPlacement::new(&home, "hvb", "2026-12-31", "2027-06-29").saved_by(&malin, &case).await;
    let (overview, list) = (format!("/arenden/{case}"), paths::list(&case));
    let asked = "Fastställ vårdplanen senast 2027-01-07";
    malin.get(&overview).await.is_ok().shows(asked).lacks("Vårdplan saknas");
    malin.get(&list).await.is_ok().shows("Vårdplanen ska vara fastställd senast 2027-01-07");
    malin.get("/").await.is_ok().shows("Fastställ vårdplanen");
    app.becomes(date!(2027 - 01 - 07));
    malin.get(&overview).await.is_ok().shows(asked).lacks("ingen är fastställd");
    app.becomes(date!(2027 - 01 - 08));
    malin.get(&overview).await.is_ok().shows("ingen är fastställd").shows("Försenad 1 dag");
    malin.get(&list).await.is_ok().shows("ingen är fastställd");
    TypedPlan::care_plan("2027-02-01").activated_by(&malin, &case).await;
    malin.get(&overview).await.is_ok().lacks("ingen är fastställd").lacks("Fastställ vårdplanen");
    malin.get("/").await.is_ok().lacks("Fastställ vårdplanen");
}
