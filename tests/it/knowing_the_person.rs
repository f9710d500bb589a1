//! What is known of a person: names and numbers that follow each other, how the person is protected, and how they are
//! reached. Each rule once wrong and once right, who may not, and what the log says.

use sqlx::Executor;
use utvag::person::paths;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::decisions::Typed;
use crate::support::details::{Detail, NUMBER, SOURCE};
use crate::support::page::Page;
use crate::support::people::Person;

/// From the series that Skatteverket keeps for tests.
const MILO: &str = "20010612-2393";
const REASON: [(&str, &str); 2] = [("reason", "contact"), ("note", "")];

struct Ground<'a> {
    malin: Person<'a>,
    karin: Person<'a>,
    case: String,
}

/// Somebody whose number is not known yet.
async fn ground(app: &App) -> Ground<'_> {
    let (malin, karin) = (app.social_worker().await, app.coordinator().await);
    let case = Opening::unknown().responsible(&malin).coordinator(&karin).saved_by(&malin).await;
    Ground { malin, karin, case }
}

async fn page_of(person: &Person<'_>, case: &str) -> Page {
    person.get(&paths::show(case)).await
}

/// The identity that the form says it takes the place of.
async fn current(person: &Person<'_>, case: &str) -> String {
    let form = person.get(&paths::name(case)).await;
    form.is_ok();
    form.value("current")
}

#[tokio::test]
async fn a_number_that_becomes_known_takes_the_place_of_the_temporary_one() {
    let app = App::start().await;
    let Ground { malin, karin, case } = ground(&app).await;
    let (name, show) = (paths::name(&case), paths::show(&case));
    page_of(&malin, &case).await.is_ok().shows("Tillfälligt id").shows("Milo Påhitt").shows("Nytt namn eller nummer");
    let form = malin.get(&name).await;
    form.is_ok().shows("Tillfälligt id, gäller från 2026-01-05").lacks("Milo").lacks("Påhitt");
    let typed = Detail::name(&form.value("current")).with("number_kind", "official").with("number", MILO);
    for _ in 0..2 {
        typed.sent_to(&name, &karin).await.leads_to(&show);
    }
    let page = page_of(&malin, &case).await;
    page.is_ok().shows("Noa Saga").shows("20010612-••••").shows("2001-06-12").shows("25 år").lacks("2393");
    let earlier = page.rows("section[aria-labelledby='h-person'] table");
    assert_eq!(earlier.len(), 1, "{earlier:?}");
    assert_eq!(
        (earlier[0][0].as_str(), &earlier[0][2..]),
        ("Milo Påhitt", &["2026-01-05", "2026-11-30"].map(String::from)[..])
    );
    // The band tells the age that the number brought with it.
    malin.get(&format!("/arenden/{case}")).await.is_ok().shows("25 år");
    let again = Detail::name(&current(&malin, &case).await).with("valid_from", "2026-12-31");
    again.with("family_name", "Sagasson").sent_to(&name, &malin).await.leads_to(&show);
    let page = page_of(&malin, &case).await;
    page.is_ok().shows("Noa Sagasson").shows("20010612-••••");
    assert!(app.trail(&case).await.iter().any(|event| event == "person.identified"));
}

#[tokio::test]
async fn a_name_or_number_that_is_wrong_is_told_at_its_field() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    let (name, current) = (paths::name(&case), current(&malin, &case).await);
    let (wrong, shape) =
        ("Personnumret stämmer inte. Kontrollera siffrorna", "Skriv personnumret med tolv siffror, ÅÅÅÅMMDD-NNNN");
    for (number, said) in [
        ("20010612-2394", wrong),
        ("20010229-2398", wrong),
        ("20260230-2396", wrong),
        ("20261231+2393", wrong),
        ("260230", shape),
        ("T-0000000A", shape),
    ] {
        let answer =
            Detail::name(&current).with("number_kind", "official").with("number", number).sent_to(&name, &malin).await;
        answer.is_faulty().at("number", said);
        assert_eq!((answer.value("given_name"), answer.value("number")), ("Noa".to_owned(), number.to_owned()));
    }
    for (field, typed, said) in [
        ("number_kind", "temporary", "Välj om numret är nytt"),
        ("number", MILO, "Ta bort numret, eller välj att det är nytt"),
        ("given_name", " ", "Skriv förnamnet"),
        ("family_name", "", "Skriv efternamnet"),
        ("valid_from", "2026-01-04", "Datumet kan inte vara tidigare än 2026-01-05"),
        ("valid_from", "2027-01-01", "Datumet kan inte vara senare än i dag, 2026-12-31"),
        ("valid_from", "260230", "Skriv datumet som ÅÅÅÅ-MM-DD"),
    ] {
        Detail::name(&current).with(field, typed).sent_to(&name, &malin).await.is_faulty().at(field, said);
    }
    // Ten figures and twelve are the same; somebody else was quicker, and what was typed is kept.
    let short = Detail::name(&current).with("number_kind", "official").with("number", "010612-2393");
    short.sent_to(&name, &malin).await.leads_to(&paths::show(&case));
    let late = Detail::name(&current).sent_to(&name, &malin).await;
    late.is(409).shows("Namnet eller numret har ändrats");
    assert_eq!(late.value("family_name"), "Saga");
    // One that has ended is not changed, and two do not hold at a time.
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'prov', false)").await.unwrap();
    for (change, constraint) in [
        ("update person_identity set valid_from = '2020-01-01'", "person_identity_stands"),
        ("delete from person_identity", "person_identity_stands"),
        (
            "insert into person_identity select gen_random_uuid(), person_id, kind, number, number_blind, given_name,
               family_name, '2026-12-31', null from person_identity where valid_to is null",
            "person_identity_one_current",
        ),
    ] {
        let refused = owner.execute(change).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().constraint(), Some(constraint), "{change}");
    }
}

#[tokio::test]
async fn the_facts_beside_are_changed_by_one_at_a_time() {
    let app = App::start().await;
    let Ground { malin, karin, case } = ground(&app).await;
    let (facts, show) = (paths::facts(&case), paths::show(&case));
    let fields = |version, sex, language| {
        [("version", version), ("sex", sex), ("precision", "year"), ("interpreter_language", language)]
    };
    malin.post(&facts, &fields("1", "", "Somaliska")).await.is_faulty().at("sex", "Välj kön");
    malin.post(&facts, &fields("1", "woman", "Somaliska")).await.leads_to(&show);
    let late = karin.post(&facts, &fields("1", "man", "Persiska")).await;
    late.is(409).shows("Uppgifterna har ändrats");
    assert_eq!(late.value("interpreter_language"), "Persiska");
    page_of(&karin, &case).await.is_ok().shows("Somaliska").shows("Kvinna").shows("Bara året är känt");
    assert_eq!(karin.get(&facts).await.is_ok().value("interpreter_language"), "Somaliska");
    app.manager().await.get(&facts).await.is_forbidden();
}

#[tokio::test]
async fn a_marking_protects_the_case_and_says_how_post_may_go() {
    let app = App::start().await;
    let Ground { malin, karin, case } = ground(&app).await;
    let (new, show) = (paths::new_marking(&case), paths::show(&case));
    malin.get(&format!("/arenden/{case}")).await.is_ok().lacks("Skyddade personuppgifter");
    let made = Typed::outpatient("2026-12-31", "2027-06-29").submitted_by(&malin, &case).await;
    malin.decides(&case, made).await;
    let notice = utvag::decision::paths::notice(&case, made);
    malin.get(&notice).await.is_ok().lacks("postförmedling");
    for (field, typed, said) in [
        ("kind", "", "Välj skyddsmarkering"),
        ("kind", "fingerade", "Välj skyddsmarkering"),
        ("source", " ", "Skriv varifrån uppgiften kommer"),
        ("verified_on", "2027-01-01", "Datumet kan inte vara senare än i dag, 2026-12-31"),
        ("valid_from", "260230", "Skriv datumet som ÅÅÅÅ-MM-DD"),
        ("mail_route", "", "Välj hur post får skickas"),
    ] {
        Detail::marking().with(field, typed).sent_to(&new, &malin).await.is_faulty().at(field, said);
    }
    let by_post = Detail::marking().with("kind", "protected_registration").with("mail_route", "normal");
    let said = "Vid skyddad folkbokföring skickas inget med vanlig post. Välj ett annat sätt";
    by_post.sent_to(&new, &malin).await.is_faulty().at("mail_route", said);
    let marking = Detail::marking();
    for _ in 0..2 {
        marking.sent_to(&new, &malin).await.leads_to(&show);
    }
    let twice = Detail::marking().sent_to(&new, &malin).await;
    twice.is_faulty().at("kind", "Markeringen finns redan. Avsluta den först om något i den har ändrats");
    // The manager as well; a stranger finds nothing.
    let (manager, aisha) = (app.manager().await, app.social_worker().await);
    let local = Detail::marking()
        .with("kind", "local_protection")
        .with("mail_route", "normal")
        .with("valid_from", "2026-12-01");
    manager.says_why(&case).await;
    let local = local.saved_at(&new, &manager).await;
    karin.says_why(&case).await;
    aisha.get(&new).await.is_missing();
    Detail::marking().sent_to(&new, &aisha).await.is_missing();
    for page in ["", "/person", "/journal", "/beslut", "/placeringar", "/tilldelning"] {
        let page = karin.get(&format!("/arenden/{case}{page}")).await;
        page.is_ok().shows("Skyddade personuppgifter Sekretessmarkering");
    }
    // The name is told only to who says why; how the person is protected is told to all who see the page.
    let page = page_of(&karin, &case).await;
    page.is_ok()
        .lacks("Milo")
        .shows("Via Skatteverkets förmedling")
        .shows(SOURCE)
        .shows("Skicka bara genom Skatteverkets");
    karin.post(&paths::reveal(&case), &REASON).await.is_ok().shows("Milo Påhitt");
    malin.get(&notice).await.is_ok().shows("Skicka bara genom Skatteverkets postförmedling");
    // The protection is not lowered while it holds.
    let standard = [("version", "1"), ("status", "registered"), ("programme", "candidate"), ("needs", "exit_only")];
    let mut fields = standard.to_vec();
    fields.push(("protection", "standard"));
    let status = format!("/arenden/{case}/status");
    let said = "Personen har en skyddsmarkering som gäller. Skyddet är minst förstärkt så länge";
    karin.post(&status, &fields).await.is_faulty().at("protection", said);
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'prov', false)").await.unwrap();
    let refused = owner.execute("update case_file set protection_level = 'standard'").await.unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().constraint(), Some("case_file_marked"));
    // It ends, is kept, and lowers nothing by itself.
    let end = paths::end_marking(&case, marking.id);
    malin.get(&end).await.is_ok().shows("Sekretessmarkering, gäller från 2026-12-10");
    let early = malin.post(&end, &[("valid_to", "2026-12-09")]).await;
    early.is_faulty().at("valid_to", "Datumet kan inte vara tidigare än 2026-12-10");
    for _ in 0..2 {
        malin.post(&end, &[("valid_to", "2026-12-30")]).await.leads_to(&show);
    }
    malin.get(&end).await.is(409);
    let end = paths::end_marking(&case, local);
    aisha.post(&end, &[("valid_to", "2026-12-31")]).await.is_missing();
    manager.post(&end, &[("valid_to", "2026-12-30")]).await.leads_to(&show);
    page_of(&karin, &case).await.is_ok().shows("Gäller inte").shows("2026-12-30").shows("Förstärkt skydd");
    malin.get(&notice).await.is_ok().lacks("postförmedling");
    karin.post(&status, &fields).await.leads_to(&format!("/arenden/{case}"));
    page_of(&karin, &case).await.is_ok().shows("Milo Påhitt");
    let trail = app.trail(&case).await;
    assert!(["marking.registered", "marking.ended"].iter().all(|event| trail.iter().any(|one| one == event)));
}

#[tokio::test]
async fn ways_to_reach_somebody_stand_on_one_page_and_end_without_going_away() {
    let app = App::start().await;
    let Ground { malin, karin, case } = ground(&app).await;
    let (new, show) = (paths::new_contact(&case), paths::show(&case));
    assert!(malin.get(&new).await.is_ok().attributes("input[checked]", "name").is_empty());
    for (field, typed, said) in [
        ("kind", "", "Välj vad det är för uppgift"),
        ("value", " ", "Skriv kontaktuppgiften"),
        ("value", "ring mamma", "Skriv numret med bara siffror. Namn och tider har egna fält"),
        ("is_safe", "", "Svara om uppgiften är säker att använda"),
        ("valid_from", "2027-01-01", "Datumet kan inte vara senare än i dag, 2026-12-31"),
    ] {
        let answer = Detail::phone().with(field, typed).sent_to(&new, &malin).await;
        answer.is_faulty().at(field, said);
        assert_eq!(answer.value("allowed_times"), "Vardagar efter klockan 15");
    }
    let phone = Detail::phone();
    for _ in 0..2 {
        phone.sent_to(&new, &malin).await.leads_to(&show);
    }
    let home = Detail::phone().with("kind", "address").with("value", "Påhittsgatan 7, Granvik").with("is_safe", "no");
    home.saved_at(&new, &karin).await;
    let old = Detail::phone().with("value", "070-174 06 06").with("is_safe", "no");
    old.saved_at(&new, &malin).await;
    let page = page_of(&malin, &case).await;
    page.is_ok().shows(NUMBER).shows("Vardagar efter klockan 15").shows("Påhittsgatan 7, Granvik");
    let rows = page.rows("section[aria-labelledby='h-kontakt'] table");
    let safe: Vec<_> = rows.iter().map(|row| row[1].as_str()).collect();
    assert_eq!(safe, ["Ring inte", "Skriv inte hit", "Ja"]);
    assert_eq!(page.texts("section.no-print[aria-labelledby='h-kontakt'] h2"), ["Kontaktuppgifter"]);
    // Nowhere else.
    for path in
        ["/", "/arenden", &format!("/arenden/{case}"), &paths::end_contact(&case, phone.id), &paths::name(&case)]
    {
        malin.get(path).await.is_ok().lacks(NUMBER).lacks("Påhittsgatan");
    }
    let end = paths::end_contact(&case, phone.id);
    malin
        .post(&end, &[("valid_to", "2026-11-30")])
        .await
        .is_faulty()
        .at("valid_to", "Datumet kan inte vara tidigare än 2026-12-01");
    karin.post(&end, &[("valid_to", "2026-12-30")]).await.leads_to(&show);
    karin.post(&end, &[("valid_to", "2026-12-31")]).await.leads_to(&show);
    page_of(&malin, &case).await.is_ok().shows(NUMBER).shows("2026-12-30");
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'prov', false)").await.unwrap();
    for change in [
        "delete from contact_detail",
        "update contact_detail set is_safe = not is_safe",
        "update contact_detail set valid_to = null",
    ] {
        let refused = owner.execute(change).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().constraint(), Some("person_detail_stands"), "{change}");
    }
    // The manager reads and changes nothing; a stranger finds nothing.
    let (manager, aisha) = (app.manager().await, app.social_worker().await);
    page_of(&manager, &case).await.is_ok().shows(NUMBER).lacks("Ny kontaktuppgift");
    manager.get(&new).await.is_forbidden();
    Detail::phone().sent_to(&new, &manager).await.is_forbidden();
    aisha.get(&new).await.is_missing();
    Detail::phone().sent_to(&new, &aisha).await.is_missing();
    let trail = app.trail(&case).await;
    let events = ["contact_detail.registered", "contact_detail.ended", "contact_detail.shown"];
    assert!(events.iter().all(|event| trail.iter().any(|one| one == event)), "{trail:?}");
}

#[tokio::test]
async fn of_a_protected_person_nothing_is_shown_until_somebody_says_why() {
    let app = App::start().await;
    let (malin, karin) = (app.social_worker().await, app.coordinator().await);
    let opening = Opening::unknown().with("protection", "restricted");
    let case = opening.responsible(&malin).coordinator(&karin).saved_by(&malin).await;
    Detail::phone().saved_at(&paths::new_contact(&case), &malin).await;
    Detail::child().saved_at(&paths::new_relation(&case), &malin).await;
    let page = page_of(&malin, &case).await;
    page.is_ok().lacks(NUMBER).lacks("Yngsta dottern").shows("Uppgifterna visas när du har sagt varför");
    let shown = |trail: Vec<String>| trail.iter().filter(|event| *event == "contact_detail.shown").count();
    assert_eq!(shown(app.trail(&case).await), 0);
    malin.post(&paths::reveal(&case), &[("reason", ""), ("note", "")]).await.is_faulty().lacks(NUMBER);
    let page = malin.post(&paths::reveal(&case), &REASON).await;
    page.is_ok().shows(NUMBER).shows("Yngsta dottern").shows("Milo Påhitt");
    assert_eq!(page.texts("[data-hide-after] #h-kontakt"), ["Kontaktuppgifter"]);
    assert_eq!(shown(app.trail(&case).await), 1);
}
