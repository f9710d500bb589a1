//! Whether somebody can return: on the version of the police's assessment that held, never changed, and looked at again.

use sqlx::Executor;
use time::Duration;
use time::macros::date;
use utvag::case::transfer::model::transfer_days;
use utvag::homecoming::paths;
use utvag::placement::paths as placements;
use utvag::threat::paths as threats;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::people::Person;
use crate::support::placements::Typed as Placement;
use crate::support::way_back::Typed;

const REASON: &str = "Hotet kommer från grupperingen i hemkommunen och bedöms kvarstå.";
const DUE: &str = "Återvändandebedömning ska omprövas";

fn typed() -> Typed {
    Typed::of(&[
        ("result", "cannot_return"),
        ("assessed_on", "2026-12-30"),
        ("review_on", "2027-01-20"),
        ("reason", REASON),
        ("joint_with_police", "ja"),
    ])
}

struct Ground<'a> {
    malin: Person<'a>,
    karin: Person<'a>,
    case: String,
}

async fn ground(app: &App) -> Ground<'_> {
    let (malin, karin) = (app.social_worker().await, app.coordinator().await);
    let case = Opening::unknown().responsible(&malin).coordinator(&karin).saved_by(&malin).await;
    Ground { malin, karin, case }
}

#[tokio::test]
async fn a_return_rests_on_a_confirmed_assessment_and_says_when_another_one_holds() {
    let app = App::start().await;
    let Ground { malin, karin, case } = ground(&app).await;
    let new = paths::new(&case);
    malin.get(&format!("/arenden/{case}/moten")).await.is_ok().shows("Ingen återvändandebedömning ännu");
    malin.get(&new).await.is_ok().shows("Det finns ingen fastställd hotbedömning");
    typed().sent_to(&new, &malin).await.is_faulty().shows("Det finns ingen fastställd hotbedömning");
    // One that waits is no ground either.
    let threat = Typed::threat();
    threat.sent_to(&threats::list(&case), &malin).await.leads_to(&threats::show(&case, threat.id));
    typed().sent_to(&new, &malin).await.is_faulty().shows("Det finns ingen fastställd hotbedömning");
    karin.post(&threats::confirm(&case, threat.id), &[("version", "1")]).await.is(303);

    let form = malin.get(&new).await;
    form.is_ok().shows("Polisens bedömning, version 1");
    assert!(form.attributes("input[checked]", "name").is_empty());
    let made = typed().with("threat", &form.value("threat"));
    let show = paths::show(&case, made.id);
    for _ in 0..2 {
        made.sent_to(&new, &malin).await.leads_to(&show);
    }
    let page = karin.get(&show).await;
    page.is_ok()
        .shows("Kan inte återvända")
        .shows("Hotbedömning, version 1")
        .shows(REASON)
        .shows("tillsammans med polisen");
    page.lacks("Bygger på version");
    malin.get(&format!("/arenden/{case}")).await.is_ok().lacks(DUE);

    malin.has_assessed(Typed::threat().with("assessed_on", "2026-12-02"), &karin, &case).await;
    malin.get(&show).await.is_ok().shows("Bygger på version 1; version 2 gäller");
    malin.get(&format!("/arenden/{case}/moten")).await.is_ok().shows("Bygger på version 1; version 2 gäller");
    malin.get(&format!("/arenden/{case}")).await.is_ok().shows(DUE);
    // What was weighed against the version before is read against the new one first.
    let late = made.clone().anew();
    let answer = late.sent_to(&new, &malin).await;
    answer.is(409).shows("Hotbedömningen har ändrats").shows("version 2");
    assert_eq!(answer.texts("#reason"), [REASON]);
    let next = late.with("threat", &answer.value("threat"));
    next.sent_to(&new, &malin).await.leads_to(&paths::show(&case, next.id));
    malin.get(&show).await.is_ok().shows("Bedömningen är ersatt");
    malin.get(&format!("/arenden/{case}")).await.is_ok().lacks(DUE);
    let trail = app.trail(&case).await;
    assert!(["return.assessed", "return.shown"].iter().all(|event| trail.iter().any(|one| one == event)), "{trail:?}");
}

#[tokio::test]
async fn nobody_returns_on_what_has_gone_out_of_date_and_it_is_looked_at_again_in_time() {
    let app = App::start().await;
    let Ground { malin, karin, case } = ground(&app).await;
    malin.has_assessed(Typed::threat(), &karin, &case).await;
    let new = paths::new(&case);
    let made = typed();
    made.sent_to(&new, &malin).await.leads_to(&paths::show(&case, made.id));
    malin.get("/").await.is_ok().lacks(DUE);
    // 2027-01-20.
    app.state.clock.put_forward(Duration::days(20));
    malin.get(&format!("/arenden/{case}")).await.is_ok().shows(DUE);
    malin.get(&paths::show(&case, made.id)).await.is_ok().shows(DUE).lacks("gick ut");
    malin.get("/").await.is_ok().shows(DUE);
    karin.get("/").await.is_ok().lacks(DUE);
    // 2027-02-01: the assessment held to the last of January.
    app.state.clock.put_forward(Duration::days(12));
    malin.get(&paths::show(&case, made.id)).await.is_ok().shows("Bygger på version 1, som gick ut 2027-01-31");
    let late = typed().with("assessed_on", "2027-02-01").with("review_on", "2027-05-01");
    let can = late.clone().with("result", "can_return");
    let said = "Hotbedömningen gick ut 2027-01-31. Be polisen om en ny innan personen återvänder";
    can.sent_to(&new, &malin).await.is_faulty().at("result", said);
    late.sent_to(&new, &malin).await.leads_to(&paths::show(&case, late.id));
    malin.get("/").await.is_ok().lacks(DUE);
    can.clone().anew().with("assessed_on", "2027-01-31").sent_to(&new, &malin).await.is(303);
}

#[tokio::test]
async fn each_fault_is_told_at_its_field_and_what_was_typed_is_kept() {
    let app = App::start().await;
    let Ground { malin, karin, case } = ground(&app).await;
    malin.has_assessed(Typed::threat(), &karin, &case).await;
    for (field, text, said) in [
        ("result", "", "Välj om personen kan återvända"),
        ("assessed_on", "2027-01-01", "Datumet kan inte vara senare än i dag, 2026-12-31"),
        ("assessed_on", "2026-11-30", "Bedömningen kan inte vara gjord före polisens bedömning, 2026-12-01"),
        ("review_on", "2026-12-30", "Omprövningen måste vara efter bedömningen"),
        ("review_on", "snart", "Skriv datumet som ÅÅÅÅ-MM-DD"),
    ] {
        let answer = typed().with(field, text).sent_to(&paths::new(&case), &malin).await;
        answer.is_faulty().at(field, said);
        assert_eq!(answer.texts("#reason"), [REASON]);
    }
    let answer = typed().with("reason", " ").sent_to(&paths::new(&case), &malin).await;
    answer.is_faulty().at("reason", "Skriv skälen för bedömningen");
}

#[tokio::test]
async fn it_stands_as_it_was_made_also_for_the_owner_of_the_table() {
    let app = App::start().await;
    let Ground { malin, karin, case } = ground(&app).await;
    let first = malin.has_assessed(Typed::threat(), &karin, &case).await;
    let made = typed();
    made.sent_to(&paths::new(&case), &malin).await.leads_to(&paths::show(&case, made.id));
    malin.has_assessed(Typed::threat(), &karin, &case).await;
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'test', false)").await.unwrap();
    for change in ["update return_assessment set result = 'can_return'", "delete from return_assessment"] {
        let refused = owner.execute(change).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().constraint(), Some("way_back_stands"), "{change}");
    }
    // The first version holds no more.
    let refused = sqlx::query(
        "insert into return_assessment select gen_random_uuid(), case_id, $1, result, assessed_on, review_on, reason,
           joint_with_police, assessed_by, registered_at from return_assessment",
    )
    .bind(first)
    .execute(&mut owner)
    .await
    .unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().constraint(), Some("return_assessment_based"));
}

#[tokio::test]
async fn those_outside_find_nothing_and_the_manager_only_reads() {
    let app = App::start().await;
    let Ground { malin, karin, case } = ground(&app).await;
    malin.has_assessed(Typed::threat(), &karin, &case).await;
    let made = typed();
    let show = paths::show(&case, made.id);
    made.sent_to(&paths::new(&case), &karin).await.leads_to(&show);
    let (aisha, manager) = (app.social_worker().await, app.manager().await);
    for path in [paths::new(&case), show.clone(), format!("/arenden/{case}/moten")] {
        aisha.get(&path).await.is_missing();
    }
    typed().sent_to(&paths::new(&case), &aisha).await.is_missing();
    manager.get(&show).await.is_ok().shows(REASON).lacks("Ny återvändandebedömning");
    manager.get(&paths::new(&case)).await.is_forbidden();
    typed().sent_to(&paths::new(&case), &manager).await.is_forbidden();
}

#[tokio::test]
async fn ac_11_cannot_return_unsafe_place_transfer() {
    let app = App::start().await;
    let Ground { malin, karin, case } = ground(&app).await;
    let manager = app.manager().await;
    let home = karin.adds_a_home("hvb").await;
    let placement = || Placement::new(&home, "hvb", "2027-01-11", "2027-06-30");
    malin.has_assessed(Typed::threat(), &karin, &case).await;

    // The home lies in Norrsele; the page does not say so.
    let blocked = "Omplacering: ny kommun är osäker. Välj ett annat boende eller låt chefen pröva ett undantag";
    for who in [&malin, &karin] {
        let answer = placement().with("unsafe_reason", REASON).sent_by(who, &case).await;
        answer.is_faulty().at("home", blocked).lacks("Norrsele");
    }
    let asked = "Omplacering: ny kommun är osäker. Välj ett annat boende, eller skriv varför placeringen ändå behövs";
    let answer = placement().sent_by(&manager, &case).await;
    answer.is_faulty().at("unsafe_reason", asked).lacks("Norrsele");
    let short = placement().with("unsafe_reason", "Det går bra.").sent_by(&manager, &case).await;
    short.is_faulty().at("unsafe_reason", "Skriv skälet till undantaget med minst 30 tecken");
    malin.get(&placements::list(&case)).await.is_ok().shows("Ingen placering");
    let allowed = placement().with("unsafe_reason", REASON);
    allowed.sent_by(&manager, &case).await.leads_to(&placements::show(&case, allowed.id()));
    malin.get(&placements::show(&case, allowed.id())).await.is_ok().shows("Undantag, osäker kommun").shows(REASON);
    let trail = app.trail(&case).await;
    for event in ["placement.unsafe_stopped", "placement.unsafe_allowed"] {
        assert!(trail.iter().any(|one| one == event), "{event}: {trail:?}");
    }
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'test', false)").await.unwrap();
    let refused = owner.execute("update placement set unsafe_reason = null").await.unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().constraint(), Some("placement_unsafe"));

    // Somewhere else there is no question.
    malin.has_assessed(Typed::threat().with("unsafe_areas", "Granvik"), &karin, &case).await;
    let free = Placement::new(&home, "hvb", "2027-07-01", "2027-12-31");
    free.sent_by(&malin, &case).await.leads_to(&placements::show(&case, free.id()));

    // No answer to the transfer by 20 September: IVO can be asked from the day after (SoL 29:11).
    let days = transfer_days(date!(2026 - 08 - 20));
    assert_eq!(days, Some((date!(2026 - 09 - 20), date!(2026 - 09 - 21))));
}

#[tokio::test]
async fn ac_11_a_place_that_becomes_unsafe_is_said_to_be_so_without_being_named() {
    let app = App::start().await;
    let (malin, karin, manager) = (app.social_worker().await, app.coordinator().await, app.manager().await);
    let case = Opening::unknown().with("opened_on", "2026-01-05").responsible(&malin).coordinator(&karin);
    let case = case.saved_by(&malin).await;
    let home = karin.adds_a_home("hvb").await;
    let stay = Placement::new(&home, "hvb", "2026-12-31", "2027-05-31");
    malin.has_assessed(Typed::threat().with("unsafe_areas", "Granvik"), &karin, &case).await;
    stay.saved_by(&malin, &case).await;
    let (overview, alarm) = (format!("/arenden/{case}"), "Platsen kan vara osäker");
    malin.get(&overview).await.is_ok().lacks(alarm);
    // The police say something else of the place where the person lives. What names it is written with open eyes.
    let unsafe_now = Typed::threat().with("unsafe_areas", "Granvik\nNorrsele kommun").with("place_exception", "needed");
    malin.has_assessed(unsafe_now, &karin, &case).await;
    for person in [&malin, &karin, &manager] {
        let page = person.get(&overview).await;
        page.is_ok().shows(alarm).shows("platsen för placering 1").lacks("Norrsele").lacks("Björkgården");
        let links = page.attributes("a", "href");
        assert!(links.contains(&utvag::placement::paths::show(&case, stay.id())));
    }
    malin.has_assessed(Typed::threat().with("unsafe_areas", "Granvik"), &karin, &case).await;
    malin.get(&overview).await.is_ok().lacks(alarm);
}
