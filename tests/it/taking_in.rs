//! Taking in: a page in six fields, nobody told who is known, a child only handed over, and a case with nothing typed
//! twice.

use sqlx::Executor;
use time::Duration;
use utvag::intake::paths;
use utvag::vocabulary::Role;
use uuid::Uuid;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::intakes::{TOLD, Told, opens_case, sends_case};

/// From the series that Skatteverket keeps for tests.
const MILO: &str = "20010612-2393";
const OTHER: &str = "19961205-2390";
const NEUTRAL: &str = "Aktualiseringen är mottagen. Samordnaren kontrollerar uppgifterna.";

async fn counted(app: &App, what: &str) -> i64 {
    let mut owner = app.database.superuser().await;
    sqlx::query_scalar(sqlx::AssertSqlSafe(format!("select count(*) from {what}"))).fetch_one(&mut owner).await.unwrap()
}

#[tokio::test]
async fn what_comes_in_is_registered_and_shown_to_those_who_wait_for_it() {
    let app = App::start().await;
    let (malin, jonas, karin, berit) =
        (app.social_worker().await, app.social_worker().await, app.coordinator().await, app.manager().await);
    malin.get(paths::LIST).await.is_ok().shows("Inga aktualiseringar väntar");
    let form = malin.get(paths::NEW).await;
    form.is_ok().shows("Ny aktualisering");
    assert_eq!(form.value("received_on"), "2026-12-31");
    let id = Told::of(MILO).with("acute", "ja").saved_by(&malin).await;
    let page = malin.get(&paths::show(id)).await;
    page.is_ok().shows(NEUTRAL).shows(TOLD).shows("Milo Påhitt").shows("20010612-••••").shows("Kriminalvården");
    page.shows("Akut").lacks("2393").shows("Kontakta polisen senast 2026-05-07");
    // A name stands neither in the list nor in the title.
    for person in [&malin, &karin, &berit] {
        person.get(paths::LIST).await.is_ok().shows("Väntar på bedömning").lacks("Påhitt").lacks("2393");
        person.get("/").await.is_ok().shows("Kontakta polisen senast 2026-05-07").lacks("Påhitt");
    }
    assert_eq!(page.texts("title"), ["Aktualisering 2026-05-04 – Avhopparverksamheten"]);
    jonas.get(paths::LIST).await.is_ok().shows("Inga aktualiseringar väntar");
    jonas.get(&paths::show(id)).await.is_missing().lacks("Påhitt");
    assert_eq!(
        (counted(&app, "intake").await, counted(&app, "person").await, counted(&app, "case_file").await),
        (1, 0, 0)
    );
    let log = app.log().await;
    assert!(
        ["intake.registered", "intake.shown", "intake.listed"].iter().all(|event| log.iter().any(|one| one == event))
    );
}

#[tokio::test]
async fn bad_input_is_told_at_its_field_and_nothing_is_taken_in() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let long = "å".repeat(4001);
    for (field, typed, said) in [
        ("received_on", "2027-01-01", "Datumet kan inte vara senare än i dag, 2026-12-31"),
        ("received_on", "260230", "Skriv datumet som ÅÅÅÅ-MM-DD"),
        ("source", "", "Välj hur det kom in"),
        ("source", "grannen", "Välj hur det kom in"),
        ("number_kind", "", "Välj hur personen identifieras"),
        ("number_kind", "anonymous", "Ta bort uppgifterna om personen, eller välj hur personen identifieras"),
        ("number", "20010612-2394", "Personnumret stämmer inte. Kontrollera siffrorna"),
        ("given_name", " ", "Skriv förnamnet"),
        ("sex", "", "Välj kön"),
        ("description", " ", "Skriv vad som har berättats"),
        ("description", long.as_str(), "Texten är 1 tecken för lång"),
        ("description", "a\u{202e}b", "Texten innehåller tecken som inte går att läsa. Skriv den för hand"),
    ] {
        let answer = Told::of(MILO).with(field, typed).sent_by(&malin).await;
        answer.is_faulty().at(field, said);
        assert_eq!(answer.value("family_name"), "Påhitt");
        if field != "description" {
            assert_eq!(answer.texts("#description"), [TOLD]);
        }
    }
    assert_eq!(counted(&app, "intake").await, 0);
    let markup = "<script>alert('x')</script> '; drop table intake; --";
    let id = Told::of(MILO).with("description", markup).saved_by(&malin).await;
    let page = malin.get(&paths::show(id)).await;
    page.is_ok().shows(markup);
    assert!(!page.body.contains("<script>alert"));
}

#[tokio::test]
async fn a_form_sent_twice_takes_in_once() {
    let app = App::start().await;
    let (malin, jonas) = (app.social_worker().await, app.social_worker().await);
    let told = Told::of(MILO);
    let (first, second) = tokio::join!(told.saved_by(&malin), told.saved_by(&malin));
    assert_eq!((first, counted(&app, "intake").await), (second, 1));
    // Nobody learns from an id that somebody else's intake has it.
    told.sent_by(&jonas).await.is_missing();
}

#[tokio::test]
async fn an_intake_can_end_without_a_case_and_then_stands() {
    let app = App::start().await;
    let (malin, jonas, karin) = (app.social_worker().await, app.social_worker().await, app.coordinator().await);
    let id = Told::of(MILO).saved_by(&malin).await;
    let close = paths::close(id);
    malin.get(&close).await.is_ok().shows("Det här går inte att ångra");
    let fields = |version: &'static str, outcome: &'static str, reason: &'static str| {
        [("version", version), ("outcome", outcome), ("reason", reason)]
    };
    let faulty = malin.post(&close, &fields("1", "", "Ville bara veta")).await;
    faulty.is_faulty().at("outcome", "Välj hur aktualiseringen avslutas");
    assert_eq!(faulty.texts("#reason"), ["Ville bara veta"]);
    malin.post(&close, &fields("1", "withdrawn", " ")).await.is_faulty().at("reason", "Skriv varför");
    for wrong in ["referred_child_unit", "start_investigation", "joined_existing_case"] {
        malin.post(&close, &fields("1", wrong, "Skäl")).await.is_faulty();
    }
    jonas.post(&close, &fields("1", "withdrawn", "Skäl")).await.is_missing();
    karin.post(&close, &fields("1", "advice_only", "Fick råd per telefon")).await.leads_to(&paths::show(id));
    // Somebody else was quicker: what was typed is kept.
    let late = malin.post(&close, &fields("1", "withdrawn", "Ville inte längre")).await;
    late.is(409).shows("Aktualiseringen har ändrats").shows("Råd och stöd");
    assert_eq!(late.texts("#reason"), ["Ville inte längre"]);
    let page = malin.get(&paths::show(id)).await;
    page.is_ok().shows("Fick råd per telefon").lacks("Skapa ärende").lacks("Kontakta polisen senast").lacks(NEUTRAL);
    malin.get(paths::DONE).await.is_ok().shows("Råd och stöd");
    malin.get(paths::LIST).await.is_ok().shows("Inga aktualiseringar väntar");
    malin.get(&paths::open_case(id)).await.is(422).shows("Aktualiseringen är avslutad");
    malin.get(&paths::new_contact(id)).await.is(422);
    assert_eq!(counted(&app, "case_file").await, 0);
    // What was told, and how it ended, stand also against whoever goes straight to the database.
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'prov', false)").await.unwrap();
    for change in [
        "update intake set source = 'own'",
        "update intake set received_on = '2026-05-05'",
        "update intake set outcome = 'withdrawn'",
        "delete from intake",
    ] {
        assert!(owner.execute(change).await.is_err(), "{change}");
    }
}

#[tokio::test]
async fn a_case_comes_of_an_intake_with_nothing_typed_twice() {
    let app = App::start().await;
    let (malin, jonas) = (app.social_worker().await, app.social_worker().await);
    let id = Told::of(MILO).saved_by(&malin).await;
    let form = malin.get(&paths::open_case(id)).await;
    form.is_ok().shows("följer med från aktualiseringen 2026-05-04").lacks("Påhitt");
    assert!(form.attributes("[name='number'], [name='given_name'], [name='description']", "name").is_empty());
    let new = Uuid::now_v7().to_string();
    let early = sends_case(&malin, id, &new, &[("opened_on", "2026-05-03")]).await;
    early.is_faulty().at("opened_on", "Datumet kan inte vara tidigare än aktualiseringen, 2026-05-04");
    sends_case(&malin, id, &new, &[("basis", "")]).await.is_faulty().at("basis", "Välj varför kommunen ansvarar");
    sends_case(&jonas, id, &new, &[]).await.is_missing();
    // Sent twice at the same moment it opens one case.
    let (first, second) = tokio::join!(sends_case(&malin, id, &new, &[]), sends_case(&malin, id, &new, &[]));
    assert_eq!((first.status.as_u16(), first.location()), (303, second.location()));
    let case = first.location().rsplit('/').next().unwrap().to_owned();
    sends_case(&malin, id, &new, &[]).await.leads_to(&format!("/arenden/{case}"));
    assert_eq!((counted(&app, "case_file").await, counted(&app, "person").await), (1, 1));
    let person = malin.get(&format!("/arenden/{case}/person")).await;
    person.is_ok().shows("Milo Påhitt").shows("20010612-••••").shows("25 år");
    malin.get(&format!("/arenden/{case}")).await.is_ok().shows("Aktualisering 2026-05-04").shows("Kriminalvården");
    let page = malin.get(&paths::show(id)).await;
    // The person is shown by the case from now on.
    page.is_ok().shows("Inled utredning").shows(&case).lacks("Påhitt");
    let trail = app.trail(&case).await;
    assert!(trail.starts_with(&["case.opened".to_owned(), "intake.became_case".to_owned()]), "{trail:?}");
    // Another form for the same intake is too late.
    sends_case(&malin, id, &Uuid::now_v7().to_string(), &[]).await.is(422);
}

#[tokio::test]
async fn a_protected_informant_is_known_to_the_coordinator_and_the_responsible_alone() {
    let app = App::start().await;
    let (malin, jonas, karin, berit) =
        (app.social_worker().await, app.social_worker().await, app.coordinator().await, app.manager().await);
    let told = Told::of(MILO).with("source", "relative").with("informant_protected", "ja");
    let id = told.saved_by(&malin).await;
    for (person, knows) in [(&malin, true), (&karin, true), (&berit, false)] {
        for path in [paths::show(id), paths::LIST.to_owned()] {
            let page = person.get(&path).await;
            page.is_ok();
            assert_eq!(
                (page.words().contains("Anhörig"), page.words().contains("Skyddad uppgiftslämnare")),
                (knows, !knows)
            );
        }
    }
    let deputy = jonas.account.to_string();
    let answer = sends_case(&malin, id, &Uuid::now_v7().to_string(), &[("deputy", &deputy)]).await;
    let case = answer.location().to_owned();
    for (person, knows) in [(&malin, true), (&karin, true), (&jonas, false), (&berit, false)] {
        for path in [&paths::show(id), &case] {
            let page = person.get(path).await;
            page.is_ok();
            assert_eq!(page.words().contains("Anhörig"), knows, "{} {path}", person.name);
        }
    }
}

#[tokio::test]
async fn others_than_those_who_take_in_find_nothing() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let id = Told::of(MILO).saved_by(&malin).await;
    for role in [Role::PoliceLiaison, Role::Controller, Role::LogReviewer, Role::Sysadmin] {
        let other = app.person(role).await;
        for path in [paths::LIST.to_owned(), paths::NEW.to_owned(), paths::show(id), paths::close(id)] {
            other.get(&path).await.is_missing();
        }
        other.get("/").await.is_ok().lacks("Aktualiseringar");
    }
    let berit = app.manager().await;
    let page = berit.get(&paths::show(id)).await;
    page.is_ok().shows(TOLD).shows("Kontakta polisen senast 2026-05-07").lacks("Avsluta utan ärende");
    assert!(page.attributes(&format!("a[href='{}']", paths::new_contact(id)), "href").is_empty());
    for path in [paths::NEW.to_owned(), paths::close(id), paths::open_case(id), paths::new_contact(id)] {
        berit.get(&path).await.is_forbidden();
    }
    malin.post(&paths::join(id), &[("version", "1")]).await.is_forbidden();
}

#[tokio::test]
async fn ac_02_an_anonymous_consultation_has_no_person_and_a_child_is_only_handed_over() {
    let app = App::start().await;
    let (malin, karin) = (app.social_worker().await, app.coordinator().await);
    let asked = Told::anonymous().with("received_on", "2026-02-11").saved_by(&malin).await;
    malin.get(&paths::show(asked)).await.is_ok().shows("Anonym konsultation").lacks("Skapa ärende").lacks("senast");
    malin.get(&paths::open_case(asked)).await.is(422);
    assert_eq!((counted(&app, "person").await, counted(&app, "intake where is_anonymous").await), (0, 1));
    let ends = [("version", "1"), ("outcome", "no_investigation"), ("reason", "Frågan är besvarad")];
    malin.post(&paths::close(asked), &ends).await.leads_to(&paths::show(asked));

    // Born on 2008-12-24: seventeen on the day, although eighteen when it is typed.
    let told = Told::of("")
        .with("number_kind", "temporary")
        .with("birth_date", "2008-12-24")
        .with("received_on", "2026-10-31");
    let page = told.sent_by(&malin).await;
    page.is_faulty().at("birth_date", "Personen är under 18 år. Överlämna till barn- och ungdomsenheten");
    page.shows("Förhandsbedömningen ska vara klar senast 2026-11-14");
    page.shows("En utredning som inleds 2026-10-31 ska vara klar senast 2027-02-28");
    assert_eq!(page.texts(".savebar button"), ["Överlämna till barn- och ungdomsenheten", "Spara utkast"]);
    assert_eq!(counted(&app, "intake").await, 1);
    let told = told.with("handover", "ja");
    let id = told.saved_by(&malin).await;
    told.sent_by(&malin).await.leads_to(&paths::show(id));
    let page = karin.get(&paths::show(id)).await;
    page.is_ok()
        .shows("Överlämnad till barn- och ungdomsenhet")
        .shows("2026-11-14")
        .shows("2027-02-28")
        .shows("2026-12-31");
    page.lacks("Påhitt").lacks(TOLD).lacks("Skapa ärende").lacks("2008-12-24");
    malin.get(&paths::open_case(id)).await.is(422);
    sends_case(&malin, id, &Uuid::now_v7().to_string(), &[]).await.is(422);
    let kept = "intake where is_minor and outcome = 'referred_child_unit' and num_nonnulls(number, given_name, family_name, \
                birth_date, sex, description, number_blind) = 0";
    assert_eq!((counted(&app, kept).await, counted(&app, "person").await, counted(&app, "case_file").await), (1, 0, 0));
    // Only a child is handed over.
    let grown = Told::of(MILO).with("handover", "ja").sent_by(&malin).await;
    grown.is_faulty().at("number", "Personen är inte under 18 år. Spara aktualiseringen i stället");
}

#[tokio::test]
async fn ac_04_a_person_who_is_known_gets_the_answer_of_everyone_and_the_coordinator_joins_it() {
    let app = App::start().await;
    let (malin, jonas, karin) = (app.social_worker().await, app.social_worker().await, app.coordinator().await);
    // C1, and the other new ones of R1 stand for themselves.
    let first = Told::of(MILO).with("received_on", "2026-01-05").with("source", "police_lpo").saved_by(&malin).await;
    let case = opens_case(&malin, first, "2026-01-05").await;

    let known = Told::of(MILO).with("received_on", "2026-01-09");
    let unknown = Told::of(OTHER).with("received_on", "2026-01-09");
    let (answer, other) = (known.sent_by(&jonas).await, unknown.sent_by(&jonas).await);
    let shape = |page: &crate::support::page::Page| {
        let names: Vec<_> = page.headers.keys().map(|name| name.as_str().to_owned()).collect();
        (page.status, page.body.len(), names, page.location().len())
    };
    assert_eq!(shape(&answer), shape(&other));
    let (page, other) = (jonas.get(&paths::show(known.id)).await, jonas.get(&paths::show(unknown.id)).await);
    page.is_ok().shows(NEUTRAL).lacks(&case).lacks("Personen finns redan");
    other.is_ok().shows(NEUTRAL);
    assert_eq!(shape(&page), shape(&other));
    jonas.get(paths::LIST).await.is_ok().lacks(&case).lacks("Möjliga dubbletter");
    karin.get(paths::LIST).await.is_ok().shows("Möjliga dubbletter").shows(&case);
    karin.get(&paths::show(unknown.id)).await.is_ok().lacks("Personen finns redan");
    let page = karin.get(&paths::show(known.id)).await;
    page.is_ok().shows("Personen finns redan i ett ärende").shows(&case);
    let target = page.value("case");
    let join = |target: &str, version: &str| {
        [("case".to_owned(), target.to_owned()), ("version".to_owned(), version.to_owned())]
    };
    let post = async |id: Uuid, target: &str, version: &str| {
        let fields = join(target, version);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        karin.post(&paths::join(id), &fields).await
    };
    // Not to a case of somebody else, and not what has changed since.
    post(unknown.id, &target, "1").await.is(409);
    post(known.id, &Uuid::now_v7().to_string(), "1").await.is(409);
    post(known.id, &target, "7").await.is(409);
    let overview = format!("/arenden/{case}");
    post(known.id, &target, "1").await.leads_to(&overview);
    post(known.id, &target, "1").await.leads_to(&overview);
    // From now on it is seen by those who see the case.
    malin.get(&paths::show(known.id)).await.is_ok().shows("Förd till befintligt ärende").shows(&case);
    malin.get(&overview).await.is_ok().shows("Aktualisering 2026-01-09");
    jonas.get(&paths::show(known.id)).await.is_missing();
    assert_eq!((counted(&app, "person").await, counted(&app, "case_file").await), (1, 1));
    assert!(app.trail(&case).await.iter().any(|event| event == "intake.joined"));
    // The nine intakes of R1: one per new case, the second for P01, and one anonymous consultation.
    for _ in 0..5 {
        Told::of("").with("number_kind", "temporary").saved_by(&malin).await;
    }
    Told::anonymous().with("received_on", "2026-02-11").saved_by(&malin).await;
    let unique = "(select distinct number_blind from intake where not is_anonymous) unique_people";
    let figures = [counted(&app, "intake").await, counted(&app, "intake where not is_anonymous").await];
    assert_eq!((figures, counted(&app, unique).await), ([9, 8], 7));
}

#[tokio::test]
async fn the_one_who_has_the_case_is_told_nothing_else_than_others() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let case = Opening::of(MILO).responsible(&malin).saved_by(&malin).await;
    let again = Told::of(MILO).saved_by(&malin).await;
    malin.get(&paths::show(again)).await.is_ok().shows(NEUTRAL).lacks(&case);
    let refused = sends_case(&malin, again, &Uuid::now_v7().to_string(), &[]).await;
    let said = format!("Personen har redan ett öppet ärende, {case}. Samordnaren för aktualiseringen dit");
    refused.is_faulty().at("opened_on", &said);
    // A case of somebody else's is not told of, and opens as if there were none.
    let jonas = app.social_worker().await;
    let theirs = Told::of(MILO).saved_by(&jonas).await;
    let opened = opens_case(&jonas, theirs, "2026-05-04").await;
    assert_ne!(opened, case);
    assert_eq!(counted(&app, "possible_duplicate").await, 1, "the coordinator's work");
}

#[tokio::test]
async fn the_police_come_up_on_the_day_until_they_have_been_spoken_to() {
    let app = App::start().await;
    let (mut malin, mut karin) = (app.social_worker().await, app.coordinator().await);
    let id = Told::of(MILO).with("received_on", "2026-12-31").saved_by(&malin).await;
    let case = opens_case(&malin, id, "2026-12-31").await;
    malin.get("/").await.is_ok().shows("Kontakta polisen senast 2027-01-03");
    karin.get("/").await.is_ok().lacks("Kontakta polisen senast");
    // Two days late it comes up with the coordinator.
    app.state.clock.put_forward(Duration::days(4));
    (malin.sign_in().await, karin.sign_in().await).0.leads_to("/");
    malin.get("/").await.is_ok().shows("Kontakta polisen senast 2027-01-03").shows("Försenad 1 dag");
    karin.get("/").await.is_ok().lacks("Kontakta polisen senast");
    app.state.clock.put_forward(Duration::days(1));
    (malin.sign_in().await, karin.sign_in().await).0.leads_to("/");
    karin.get("/").await.is_ok().shows("Kontakta polisen senast 2027-01-03").shows(&case);
    // A case that was not opened from an intake asks for nothing.
    Opening::unknown().responsible(&malin).saved_by(&malin).await;
    assert_eq!(malin.get("/").await.words().matches("Kontakta polisen senast").count(), 1);
}
