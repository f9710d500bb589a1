//! How it went: recorded before a case is closed, and afterwards only of those who have agreed to be asked.

use sqlx::Executor;
use time::Duration;
use utvag::consent::paths as consents;
use utvag::outcome::paths;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::journal::Typed as Consent;
use crate::support::page::Page;
use crate::support::people::Person;
use crate::support::way_back::Typed;

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

/// From where a case is closed.
async fn closes(person: &Person<'_>, case: &str) -> Page {
    person.app.makes_the_case(case, "status = 'closing'").await;
    let close = [("version", "1"), ("reason", "goal_reached"), ("closed_on", "2026-12-31"), ("confirm", case)];
    person.post(&format!("/arenden/{case}/avslut"), &close).await
}

#[tokio::test]
async fn a_case_is_not_closed_before_somebody_has_recorded_how_it_went() {
    let app = App::start().await;
    let Ground { malin, karin, case } = ground(&app).await;
    let (close, manager) = (format!("/arenden/{case}/avslut"), app.manager().await);
    let page = karin.get(&close).await;
    page.is_ok().shows("Utfallet är inte registrerat");
    assert!(page.attributes("main .notice a", "href").contains(&paths::closing(&case)));
    manager.get(&close).await.is_ok().shows("Be handläggaren eller samordnaren registrera det");
    closes(&karin, &case).await.is_faulty().shows("Utfallet är inte registrerat");
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'test', false)").await.unwrap();
    let behind = "update case_file set status = 'closed', closed_on = '2026-12-31', close_reason = 'other'";
    let refused = owner.execute(behind).await.unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().constraint(), Some("case_file_outcome"));

    let form = malin.get(&paths::closing(&case)).await;
    form.is_ok().shows("Utfall vid avslut");
    assert!(form.attributes("option[selected]", "value").is_empty());
    let typed = Typed::outcome().with("helps_others", "ja");
    for _ in 0..2 {
        typed.sent_to(&paths::closing(&case), &malin).await.leads_to(&paths::show(&case, typed.id));
    }
    let page = manager.get(&paths::show(&case, typed.id)).await;
    page.is_ok().shows("Fullföljt avhopp").shows("Egen bostad").shows("Enligt: Polisen").shows("4, bra");
    page.shows("Hjälper andra att lämna Ja");
    closes(&karin, &case).await.leads_to(&format!("/arenden/{case}"));
    let trail = app.trail(&case).await;
    let at = |event: &str| trail.iter().position(|one| one == event);
    assert!(at("outcome.recorded").is_some() && at("outcome.recorded") < at("case.closed"), "{trail:?}");
}

#[tokio::test]
async fn each_fault_is_told_at_its_field_and_what_was_typed_is_kept() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    for (field, text, said) in [
        ("exit", "", "Välj hur avhoppet slutade"),
        ("housing", "slott", "Välj boende"),
        ("income", "", "Välj försörjning"),
        ("occupation", "", "Välj sysselsättning"),
        ("substance", "", "Välj beroende"),
        ("relapse", "", "Välj om det finns nya brott"),
        ("relapse_source", "", "Välj vem uppgiften kommer från"),
        ("children", "", "Välj kontakt med barn"),
        ("own_assessment", "6", "Välj 1 till 5"),
        ("known_on", "2027-01-01", "Datumet kan inte vara senare än i dag, 2026-12-31"),
        ("known_on", "2026-01-04", "Datumet kan inte vara tidigare än 2026-01-05"),
    ] {
        let answer = Typed::outcome().with(field, text).sent_to(&paths::closing(&case), &malin).await;
        answer.is_faulty().at(field, said);
        let kept = if field == "exit" { "#housing" } else { "#exit" };
        assert_eq!(answer.texts(&format!("{kept} option[selected]")).len(), 1, "{field}");
    }
    malin.get(&format!("/arenden/{case}/moten")).await.is_ok().shows("Inget utfall ännu");
}

#[tokio::test]
async fn what_was_recorded_stands_and_a_new_record_takes_its_place() {
    let app = App::start().await;
    let Ground { malin, karin, case } = ground(&app).await;
    let first = Typed::outcome().with("exit", "lost_contact");
    first.sent_to(&paths::closing(&case), &malin).await.leads_to(&paths::show(&case, first.id));
    app.state.clock.put_forward(Duration::minutes(5));
    karin.records_the_outcome(&case).await;
    malin.get(&paths::show(&case, first.id)).await.is_ok().shows("Tappad kontakt").shows("ersatta av en senare");
    let rows = malin.get(&format!("/arenden/{case}/moten")).await.rows("section[aria-labelledby='h-utfall'] table");
    assert_eq!(rows.iter().map(|row| row[1].as_str()).collect::<Vec<_>>(), ["Fullföljt avhopp", "Tappad kontakt"]);
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'test', false)").await.unwrap();
    for change in ["update case_outcome set exit = 'completed'", "delete from case_outcome"] {
        let refused = owner.execute(change).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().constraint(), Some("way_back_stands"), "{change}");
    }
}

/// Open to the end of 2027 for whoever agrees.
async fn agrees(person: &Person<'_>, case: &str) -> Consent {
    let consent = Consent::consent().with("kind", "after_closing");
    consent.sent_to(&consents::list(case), person).await.leads_to(&consents::show(case, consent.id));
    consent
}

#[tokio::test]
async fn nobody_is_followed_after_closing_without_a_consent_that_holds() {
    let app = App::start().await;
    let Ground { malin, karin, case } = ground(&app).await;
    let later = paths::afterwards(&case);
    let half_a_year = || Typed::outcome().with("moment", "months_6").with("known_on", "2027-06-25");
    malin.get(&later).await.is_forbidden();
    malin.records_the_outcome(&case).await;
    closes(&karin, &case).await.is(303);
    app.state.clock.put_forward(Duration::days(176));
    malin.get(&later).await.is_ok().shows("Samtycke saknas");
    half_a_year().sent_to(&later, &malin).await.is_faulty().shows("Samtycke saknas");
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'test', false)").await.unwrap();
    let behind = "insert into case_outcome (id, case_id, moment, known_on, exit, housing, income, occupation, substance, relapse,
        helps_others, children, consent_id, recorded_by, recorded_at)
      select gen_random_uuid(), case_id, 'months_6', '2027-06-25', exit, housing, income, occupation, substance, 'unknown',
        false, children, gen_random_uuid(), recorded_by, '2027-06-25 12:00Z' from case_outcome";
    let refused = owner.execute(behind).await.unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().constraint(), Some("case_outcome_consented"));
}

#[tokio::test]
async fn whoever_agreed_is_followed_in_time_until_they_take_it_back() {
    let app = App::start().await;
    let Ground { malin, karin, case } = ground(&app).await;
    let later = paths::afterwards(&case);
    let consent = agrees(&malin, &case).await;
    malin.records_the_outcome(&case).await;
    closes(&karin, &case).await.is(303);
    malin.get(&later).await.is_ok().shows("Det är för tidigt att följa upp").shows("2027-05-31");
    // 2027-06-25.
    app.state.clock.put_forward(Duration::days(176));
    let half_a_year = || Typed::outcome().with("moment", "months_6").with("known_on", "2027-06-25");
    malin.get(&later).await.is_ok().shows("6 månader efter avslut").lacks("12 månader efter avslut");
    let early = half_a_year().with("known_on", "2027-05-30").sent_to(&later, &malin).await;
    early.is_faulty().at("known_on", "Datumet kan inte vara tidigare än 2027-05-31");
    half_a_year()
        .with("moment", "")
        .sent_to(&later, &malin)
        .await
        .is_faulty()
        .at("moment", "Välj vilken uppföljning det är");
    let year = half_a_year().with("moment", "months_12").sent_to(&later, &malin).await;
    year.is_faulty().at("known_on", "Datumet kan inte vara tidigare än 2027-11-30");
    let typed = half_a_year();
    typed.sent_to(&later, &malin).await.leads_to(&paths::show(&case, typed.id));
    karin.get(&paths::show(&case, typed.id)).await.is_ok().shows("6 månader efter avslut");
    assert!(app.trail(&case).await.iter().any(|event| event == "outcome.followed"));
    // What was recorded at the closing stands.
    malin.get(&paths::closing(&case)).await.is_forbidden();
    let how = [("how", "Ringde och sa nej.")];
    karin.post(&consents::withdraw(&case, consent.id), &how).await.is(303);
    malin.get(&later).await.is_ok().shows("Samtycke saknas");
    half_a_year().sent_to(&later, &malin).await.is_faulty().shows("Samtycke saknas");
}

#[tokio::test]
async fn those_outside_find_nothing_and_the_manager_only_reads() {
    let app = App::start().await;
    let Ground { malin, karin, case } = ground(&app).await;
    let typed = Typed::outcome();
    typed.sent_to(&paths::closing(&case), &malin).await.leads_to(&paths::show(&case, typed.id));
    let (aisha, manager) = (app.social_worker().await, app.manager().await);
    for path in [paths::closing(&case), paths::show(&case, typed.id), paths::afterwards(&case)] {
        aisha.get(&path).await.is_missing();
    }
    manager.get(&paths::show(&case, typed.id)).await.is_ok();
    manager.get(&paths::closing(&case)).await.is_forbidden();
    Typed::outcome().sent_to(&paths::closing(&case), &manager).await.is_forbidden();
    closes(&karin, &case).await.is(303);
    manager.get(&paths::afterwards(&case)).await.is_forbidden();
    let other = malin.opens_a_case_on("2026-01-05").await;
    malin.get(&paths::show(&other, typed.id)).await.is_missing();
}
