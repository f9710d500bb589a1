//! Support that is no placement: what it rests on, its days, its course, and that its first day carries out the decision.

use sqlx::Executor;
use time::macros::date;
use utvag::decision::paths as decisions;
use utvag::intervention::paths;
use utvag::plan::paths as plans;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::decisions::Typed;

#[tokio::test]
async fn support_goes_from_decision_to_end_and_its_first_day_carries_out_the_decision() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let case = malin.opens_a_case_on("2026-01-05").await;
    malin.get(&plans::list(&case)).await.is_ok().shows("Inga insatser");
    malin.get(&paths::new(&case)).await.is_ok().shows("Det finns inget beslut att ge insatsen på");
    let decision = Typed::outpatient("2026-12-31", "2027-06-29").submitted_by(&malin, &case).await;
    malin.decides(&case, decision).await;
    malin.get(&paths::new(&case)).await.is_ok().shows("Beslut 1, Öppenvård, 2026-12-31 till 2027-06-29");
    let (id, page) = malin.plans_support(&case, decision, ("2027-01-10", "")).await;
    let show = paths::show(&case, id);
    page.leads_to(&show);
    malin.get(&show).await.is_ok().shows("Planerad").shows("Samtal en gång i veckan.").shows("till 2027-06-29");
    malin.get(&decisions::show(&case, decision)).await.is_ok().shows("Ska verkställas senast");

    app.becomes(date!(2027 - 01 - 12));
    malin.registers(&paths::start(&case, id), &[("on", "2027-01-11")]).await.leads_to(&show);
    malin.get(&show).await.is_ok().shows("Pågår").shows("Började 2027-01-11");
    malin.get(&decisions::show(&case, decision)).await.is_ok().shows("Verkställt 2027-01-11");
    let row = &malin.get(&plans::list(&case)).await.rows("[aria-labelledby=h-insatser] table")[0];
    assert_eq!(row[..2], ["Öppenvård Insats 1", "Pågår"]);

    let pause = paths::pause(&case, id);
    malin.registers(&pause, &[("on", "2027-01-12")]).await.is_faulty().at("why", "Skriv varför");
    let before = malin.registers(&pause, &[("on", "2027-01-10"), ("why", "Sjuk.")]).await;
    before.is_faulty().at("on", "Insatsen ändrades senast 2027-01-11. Datumet kan inte vara före det");
    malin.registers(&pause, &[("on", "2027-01-12"), ("why", "Inlagd på sjukhus.")]).await.leads_to(&show);
    malin.get(&show).await.is_ok().shows("Pausad").shows("Inlagd på sjukhus.").shows("Uppehåll från 2027-01-12");
    app.becomes(date!(2027 - 02 - 01));
    malin.registers(&paths::resume(&case, id), &[("on", "2027-01-25")]).await.leads_to(&show);
    malin.get(&show).await.is_ok().shows("Pågår").shows("Återupptagen 2027-01-25").lacks("Inlagd på sjukhus.");
    malin.get(&paths::start(&case, id)).await.leads_to(&show);
    let ended = [("on", "2027-02-01"), ("why", "På egen begäran.")];
    malin.registers(&paths::end(&case, id), &ended).await.leads_to(&show);
    malin.get(&show).await.is_ok().shows("Avslutad").shows("På egen begäran.").lacks("Avsluta insatsen");
    malin.post(&paths::end(&case, id), &ended).await.is(409);

    // A second one on the same decision finds it carried out already.
    let (second, _) = malin.plans_support(&case, decision, ("2027-02-01", "2027-03-01")).await;
    let started = malin.registers(&paths::start(&case, second), &[("on", "2027-02-01")]).await;
    started.leads_to(&paths::show(&case, second));
    malin.get(&decisions::show(&case, decision)).await.is_ok().shows("Verkställt 2027-01-11");
    let trail = app.trail(&case).await;
    let made: Vec<_> = trail
        .iter()
        .filter(|event| event.starts_with("intervention.") && *event != "intervention.shown")
        .map(|event| event.trim_start_matches("intervention."))
        .collect();
    assert_eq!(made, ["planned", "started", "paused", "resumed", "ended", "planned", "started"]);
    assert_eq!(trail.iter().filter(|event| *event == "decision.executed").count(), 1);
}

#[tokio::test]
async fn support_rests_on_a_decision_that_was_made_gives_it_and_still_holds() {
    let app = App::start().await;
    let (malin, chef) = (app.social_worker().await, app.manager().await);
    let case = malin.opens_a_case_on("2026-01-05").await;
    let said = "Välj ett beslut som gäller och som ger en insats";
    let draft = Typed::outpatient("2026-12-31", "2027-06-29").submitted_by(&malin, &case).await;
    let hvb = Typed::hvb("2026-12-31", "2027-06-29").submitted_by(&malin, &case).await;
    chef.decides(&case, hvb).await;
    let refused =
        Typed::outpatient("2026-12-31", "2027-06-29").with("outcome", "rejected").submitted_by(&malin, &case).await;
    malin.decides(&case, refused).await;
    let other = malin.opens_a_case_on("2026-01-05").await;
    let foreign = Typed::outpatient("2026-12-31", "2027-06-29").submitted_by(&malin, &other).await;
    malin.decides(&other, foreign).await;
    for decision in [draft, hvb, refused, foreign] {
        let (_, page) = malin.plans_support(&case, decision, ("2026-12-31", "")).await;
        page.is_faulty().at("decision", said);
    }
    malin.decides(&case, draft).await;
    let (id, page) = malin.plans_support(&case, draft, ("2026-12-31", "")).await;
    page.leads_to(&paths::show(&case, id));

    // One that ends before the support begins carries it no more.
    let told = [("on", "2026-12-31"), ("choice", "in_person")];
    malin.registers(&decisions::notify(&case, draft), &told).await;
    malin.registers(&decisions::receive(&case, draft), &[("on", "2026-12-31")]).await;
    let ended = [("on", "2026-12-31"), ("text", "Behövs inte.")];
    malin.registers(&decisions::end(&case, draft), &ended).await.leads_to(&decisions::show(&case, draft));
    let start = malin.registers(&paths::start(&case, id), &[("on", "2026-12-31")]).await;
    start.is_faulty().at("on", "Beslutet gäller inte längre. Insatsen kan inte börja utan ett nytt beslut");
    // It can still be said that it came to nothing.
    let nothing = [("on", "2026-12-31"), ("why", "Blev inte av.")];
    malin.registers(&paths::end(&case, id), &nothing).await.leads_to(&paths::show(&case, id));
}

#[tokio::test]
async fn support_keeps_to_the_days_of_its_decision() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let case = malin.opens_a_case_on("2026-01-05").await;
    let decision = Typed::outpatient("2026-12-31", "2027-06-29").submitted_by(&malin, &case).await;
    malin.decides(&case, decision).await;
    for (days, field, said) in [
        (("2026-12-30", ""), "from", "Beslutet gäller från 2026-12-31. Insatsen kan inte börja före det"),
        (
            ("2026-12-31", "2027-06-30"),
            "to",
            "Beslutet gäller till och med 2027-06-29. Insatsen kan inte ges efter det",
        ),
        (
            ("2027-06-30", "2027-07-01"),
            "from",
            "Beslutet gäller till och med 2027-06-29. Insatsen kan inte ges efter det",
        ),
        (("2027-02-01", "2027-01-31"), "to", "Slutdatumet kan inte vara före startdatumet"),
        (("nyår", ""), "from", "Skriv datumet som ÅÅÅÅ-MM-DD"),
    ] {
        malin.plans_support(&case, decision, days).await.1.is_faulty().at(field, said);
    }
    let (id, page) = malin.plans_support(&case, decision, ("2026-12-31", "2027-06-29")).await;
    page.leads_to(&paths::show(&case, id));
    let start = paths::start(&case, id);
    let early = malin.registers(&start, &[("on", "2026-12-30")]).await;
    early.is_faulty().at("on", "Beslutet gäller från 2026-12-31. Insatsen kan inte börja före det");
    let ahead = malin.registers(&start, &[("on", "2027-01-01")]).await;
    ahead.is_faulty().at("on", "Datumet kan inte vara senare än i dag, 2026-12-31");
    app.becomes(date!(2027 - 06 - 30));
    let late = malin.registers(&start, &[("on", "2027-06-30")]).await;
    late.is_faulty().at("on", "Beslutet gäller till och med 2027-06-29. Insatsen kan inte börja efter det");
    malin.registers(&start, &[("on", "2027-06-29")]).await.leads_to(&paths::show(&case, id));
}

#[tokio::test]
async fn what_was_typed_is_kept_when_somebody_else_was_quicker() {
    let app = App::start().await;
    let (malin, jonas) = (app.social_worker().await, app.social_worker().await);
    let case = Opening::unknown().responsible(&malin).deputy(&jonas).saved_by(&malin).await;
    let id = malin.gives_support(&case, "2026-12-31", "2027-06-29", "2026-12-31").await;
    malin
        .registers(&paths::pause(&case, id), &[("on", "idag"), ("why", "Sjuk.")])
        .await
        .leads_to(&paths::show(&case, id));
    let typed = [("version", "2"), ("on", "2026-12-31"), ("why", "Vill inte längre.")];
    let stale = jonas.post(&paths::end(&case, id), &typed).await;
    stale.is(409).shows("Någon annan har registrerat något i insatsen");
    assert_eq!(
        (stale.texts("#why"), stale.value("on")),
        (vec!["Vill inte längre.".to_owned()], "2026-12-31".to_owned())
    );
    jonas.post(&paths::pause(&case, id), &typed).await.is(409);
}

#[tokio::test]
async fn the_own_social_worker_gives_support_and_others_read() {
    let app = App::start().await;
    let (malin, aisha) = (app.social_worker().await, app.social_worker().await);
    let (karin, chef) = (app.coordinator().await, app.manager().await);
    let case = malin.opens_a_case_on("2026-01-05").await;
    let id = malin.gives_support(&case, "2026-12-31", "2027-06-29", "2026-12-31").await;
    for who in [&karin, &chef] {
        who.get(&paths::show(&case, id)).await.is_ok().shows("Pågår").lacks("Registrera uppehåll");
        who.get(&paths::new(&case)).await.is_forbidden();
        who.get(&paths::end(&case, id)).await.is_forbidden();
        who.post(&paths::pause(&case, id), &[("version", "2")]).await.is_forbidden();
    }
    aisha.get(&paths::show(&case, id)).await.is_missing();
    aisha.post(&paths::end(&case, id), &[]).await.is_missing();
    let other = malin.opens_a_case_on("2026-01-05").await;
    malin.get(&paths::show(&other, id)).await.is_missing();
}

#[tokio::test]
async fn postgres_holds_support_to_its_decision_and_its_ways() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let case = malin.opens_a_case_on("2026-01-05").await;
    let decision = Typed::outpatient("2026-12-31", "2027-06-29").submitted_by(&malin, &case).await;
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'test', false)").await.unwrap();
    let insert =
        "insert into intervention (id, case_id, number, decision_id, kind, from_day, to_day, extent, created_by)
                  select gen_random_uuid(), d.case_id, 9, d.id, $2::intervention_kind, $3, $4, 'x', d.created_by
                  from decision d where d.id = $1";
    let (first, last) = (date!(2026 - 12 - 31), date!(2027 - 06 - 29));
    let refused = async |owner: &mut sqlx::PgConnection, kind: &str, from, to| {
        let done = sqlx::query(insert).bind(decision).bind(kind).bind(from).bind(to).execute(owner).await;
        done.err().and_then(|error| utvag::error::constraint(&error).map(str::to_owned))
    };
    let no = Some("intervention_rests".to_owned());
    // Not made yet.
    assert_eq!(refused(&mut owner, "outpatient", first, Some(last)).await, no);
    malin.decides(&case, decision).await;
    assert_eq!(refused(&mut owner, "housing_support", first, Some(last)).await, no);
    assert_eq!(refused(&mut owner, "outpatient", date!(2026 - 12 - 30), Some(last)).await, no);
    assert_eq!(refused(&mut owner, "outpatient", first, Some(date!(2027 - 06 - 30))).await, no);
    assert_eq!(refused(&mut owner, "outpatient", first, None).await, no);
    assert_eq!(refused(&mut owner, "outpatient", first, Some(last)).await, None);
    for (set, refused_by) in [
        ("extent = 'y'", "intervention_stands"),
        ("decision_id = id", "intervention_stands"),
        (
            "status = 'paused', executed_on = '2026-12-31', paused_on = '2026-12-31', status_reason = 'x'",
            "intervention_stands",
        ),
        ("status = 'ongoing', executed_on = '2026-12-30'", "intervention_rests"),
        ("status = 'ongoing', executed_on = '2027-06-30'", "intervention_rests"),
    ] {
        let refused = owner.execute(sqlx::AssertSqlSafe(format!("update intervention set {set}"))).await.unwrap_err();
        assert_eq!(utvag::error::constraint(&refused), Some(refused_by), "{set}");
    }
    owner
        .execute("update intervention set status = 'ended', ended_on = '2026-12-31', status_reason = 'x'")
        .await
        .unwrap();
    let sql = "update intervention set status = 'planned', ended_on = null, status_reason = null";
    let refused = owner.execute(sql).await.unwrap_err();
    assert_eq!(utvag::error::constraint(&refused), Some("intervention_moves"));
    assert!(owner.execute("delete from intervention").await.is_err());
}
