//! The journal: entered once and frozen, corrected and objected to beside, closed away by the manager, and with lines by
//! the program itself.

use sqlx::Executor;
use time::Duration;
use utvag::journal::paths;
use uuid::Uuid;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::journal::{FACT, Typed};
use crate::support::people::Person;

/// A case with a responsible, a deputy and a coordinator.
struct Ground<'a> {
    malin: Person<'a>,
    jonas: Person<'a>,
    karin: Person<'a>,
    case: String,
}

async fn ground(app: &App) -> Ground<'_> {
    let (malin, jonas, karin) = (app.social_worker().await, app.social_worker().await, app.coordinator().await);
    let case = Opening::unknown().responsible(&malin).deputy(&jonas).coordinator(&karin).saved_by(&malin).await;
    Ground { malin, jonas, karin, case }
}

/// Enters a note; its id.
async fn entered(note: Typed, person: &Person<'_>, case: &str) -> Uuid {
    note.sent_to(&paths::list(case), person).await.leads_to(&paths::list(case));
    note.id
}

async fn counted(app: &App, table: &'static str) -> i64 {
    let mut owner = app.database.superuser().await;
    let sql = format!("select count(*) from {table}");
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&mut owner).await.unwrap()
}

#[tokio::test]
async fn a_note_is_signed_and_frozen_as_it_is_entered() {
    let app = App::start().await;
    let Ground { malin, jonas, karin, case } = ground(&app).await;
    let list = paths::list(&case);
    let empty = malin.get(&list).await;
    empty.is_ok().shows("Ny anteckning").shows("För in i journalen").shows("Ärendet öppnades");
    assert_eq!(empty.value("event_on"), "2026-12-31");
    let id = entered(Typed::note().seen_on(&empty), &malin, &case).await;
    let page = jonas.get(&list).await;
    page.is_ok().shows("December 2026").shows(FACT).shows("Följer planen.").shows("Källa: Den enskilde.");
    page.shows(&format!("2026-12-30 kl. 13.00. Införd 2026-12-31 kl. 12.00 av {}, Socialsekreterare.", malin.name));
    page.shows("Den enskilde har fått veta vad som antecknats.");
    karin.get(&paths::show(&case, id)).await.is_ok().shows(FACT).lacks("För in");
    malin.get(&list).await.lacks("Rättad");
    let trail = app.trail(&case).await;
    assert!(["journal.shown", "journal.entered"].iter().all(|event| trail.iter().any(|one| one == event)), "{trail:?}");

    // Not even the owner of the table changes it.
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'test', false)").await.unwrap();
    for change in [
        "update journal_entry set event_on = event_on - 1",
        "delete from journal_content",
        "update journal_content set fact = null",
        "delete from journal_entry",
    ] {
        let refused = owner.execute(change).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().constraint(), Some("journal_stands"), "{change}");
    }
}

#[tokio::test]
async fn each_fault_is_told_at_its_field_and_what_was_typed_is_kept() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    for (field, typed, said) in [
        ("event_on", "", "Skriv datumet som ÅÅÅÅ-MM-DD"),
        ("event_on", "2026-02-29", "Skriv datumet som ÅÅÅÅ-MM-DD"),
        ("event_on", "2027-01-01", "Datumet kan inte vara senare än i dag, 2026-12-31"),
        ("event_at", "25.00", "Skriv klockslaget som 09.15"),
        ("kind", "", "Välj typ av anteckning"),
        ("kind", "program", "Välj typ av anteckning"),
        ("source", " ", "Skriv vem eller vad uppgifterna kommer från"),
        ("informed", "", "Välj om den enskilde har fått veta vad som antecknas"),
        ("assessment", &"å".repeat(8001), "Texten är 1 tecken för lång"),
        ("assessment", "a\u{202e}b", "Texten innehåller tecken som inte går att läsa. Skriv den för hand"),
    ] {
        let answer = Typed::note().with(field, typed).sent_to(&paths::list(&case), &malin).await;
        answer.is_faulty().at(field, said);
        assert_eq!(answer.texts("#fact"), [FACT]);
    }
    let ahead = Typed::note().with("event_on", "2026-12-31").with("event_at", "12.01");
    ahead.sent_to(&paths::list(&case), &malin).await.is_faulty().at("event_at", "Klockslaget har inte varit än");
    let neither = Typed::note().with("fact", "").with("assessment", "\n");
    let said = "Skriv fakta, en bedömning eller båda";
    neither.sent_to(&paths::list(&case), &malin).await.is_faulty().at("fact", said);
    assert_eq!(counted(&app, "journal_content").await, 0);
    let now = Typed::note().with("event_on", "idag").with("event_at", "1200").with("assessment", "");
    entered(now, &malin, &case).await;
}

#[tokio::test]
async fn a_form_sent_twice_enters_one_note_and_a_changed_one_is_not_lost() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    let note = Typed::note();
    entered(note.clone(), &malin, &case).await;
    entered(note.clone(), &malin, &case).await;
    assert_eq!(counted(&app, "journal_content").await, 1);
    let changed = note.with("fact", "Praktiken är uppskjuten.");
    let answer = changed.sent_to(&paths::list(&case), &malin).await;
    answer.is(409).shows("Utkastet är redan infört i journalen");
    assert_eq!(answer.texts("#fact"), ["Praktiken är uppskjuten."]);
    entered(changed.seen_on(&answer), &malin, &case).await;
    malin.get(&paths::list(&case)).await.is_ok().shows(FACT).shows("Praktiken är uppskjuten.");
}

#[tokio::test]
async fn a_correction_stands_beside_and_the_old_text_stays_readable() {
    let app = App::start().await;
    let Ground { malin, jonas, case, .. } = ground(&app).await;
    let id = entered(Typed::note(), &malin, &case).await;
    let to = paths::correct(&case, id);
    let page = jonas.get(&to).await;
    page.is_ok().shows("Rätta anteckningen").shows("Anteckningen som rättas");
    assert_eq!((page.texts("#fact"), page.value("corrects")), (vec![FACT.to_owned()], id.to_string()));
    let correction = Typed::note().without("kind").with("fact", "Praktiken börjar den 2 december.").seen_on(&page);
    correction.sent_to(&to, &jonas).await.is_faulty().at("reason", "Skriv vad som rättas och varför");
    let correction = correction.with("reason", "Fel datum.");
    correction.sent_to(&to, &jonas).await.leads_to(&paths::list(&case));
    correction.sent_to(&to, &jonas).await.leads_to(&paths::list(&case));
    let page = malin.get(&paths::list(&case)).await;
    page.is_ok().shows(&format!("Rättad 2026-12-31 av {}.", jonas.name)).shows("Rättar anteckningen från 2026-12-30");
    page.shows("Fel datum.").shows("Praktiken börjar den 2 december.");
    assert_eq!(page.texts("del"), [FACT, "Följer planen."]);
    // Once: what is corrected is the correction, from then on.
    malin.get(&to).await.is(409);
    let second = Typed::note().without("kind").with("reason", "Ändå inte.");
    second.sent_to(&to, &malin).await.is(409);
    malin.get(&paths::correct(&case, correction.id)).await.is_ok();
    assert!(app.trail(&case).await.iter().any(|event| event == "journal.corrected"));
}

#[tokio::test]
async fn a_note_in_the_wrong_file_is_closed_away_by_the_manager() {
    let app = App::start().await;
    let Ground { malin, karin, case, .. } = ground(&app).await;
    let manager = app.manager().await;
    let id = entered(Typed::note(), &malin, &case).await;
    let to = paths::cancel(&case, id);
    for person in [&malin, &karin] {
        person.get(&to).await.is_forbidden();
        person.post(&to, &[("reason", "Fel person")]).await.is_forbidden();
    }
    manager.get(&to).await.is_ok().shows("Makulera anteckningen").shows("personuppgiftsincident").lacks(FACT);
    let blank = manager.post(&to, &[("reason", " ")]).await;
    blank.is_faulty().at("reason", "Skriv varför anteckningen är felaktigt införd");
    manager.post(&to, &[("reason", "Hör till en annan person.")]).await.leads_to(&paths::list(&case));
    manager.post(&to, &[("reason", "Igen.")]).await.is(409);
    for person in [&malin, &karin, &manager] {
        let page = person.get(&paths::list(&case)).await;
        page.is_ok().shows("Felaktigt införd i akten 2026-12-31").lacks(FACT).lacks("Hör till en annan");
        page.shows(&format!("Makulerad 2026-12-31 av {}.", manager.name));
    }
    malin.get(&paths::show(&case, id)).await.is_ok().lacks(FACT);
    malin.get(&paths::correct(&case, id)).await.is(409);
    malin.get(&paths::dispute(&case, id)).await.is(409);
    manager.get(&paths::show(&case, id)).await.is_ok().shows(FACT).shows("Hör till en annan person.");
    let trail = app.trail(&case).await;
    let both = ["journal.cancelled", "journal.cancelled_shown"];
    assert!(both.iter().all(|event| trail.iter().any(|one| one == event)), "{trail:?}");
}

#[tokio::test]
async fn what_the_person_says_is_wrong_stands_beside_the_note() {
    let app = App::start().await;
    let Ground { malin, karin, case, .. } = ground(&app).await;
    let id = entered(Typed::note(), &malin, &case).await;
    let to = paths::dispute(&case, id);
    malin.get(&to).await.is_ok().shows("Anteckningen ändras inte").shows(FACT);
    let dispute = Uuid::now_v7().to_string();
    malin.post(&to, &[("said", " ")]).await.is_faulty().at("said", "Skriv vad den enskilde anser är fel");
    let said = [("id", dispute.as_str()), ("said", "Har aldrig talat om praktik.")];
    malin.post(&to, &said).await.leads_to(&paths::list(&case));
    malin.post(&to, &said).await.leads_to(&paths::list(&case));
    assert_eq!(counted(&app, "journal_dispute").await, 1);
    let page = karin.get(&paths::list(&case)).await;
    page.is_ok().shows("Den enskilde anser uppgiften felaktig.").shows("Har aldrig talat om praktik.").shows(FACT);
    karin.post(&to, &said).await.is_forbidden();
    assert!(app.trail(&case).await.iter().any(|event| event == "journal.disputed"));
}

#[tokio::test]
async fn the_program_writes_what_becomes_of_the_case() {
    let app = App::start().await;
    let Ground { malin, karin, case, .. } = ground(&app).await;
    let status = format!("/arenden/{case}/status");
    let page = karin.get(&status).await;
    let version = page.value("version");
    let change = [
        ("version", version.as_str()),
        ("status", "assessing"),
        ("programme", "admitted"),
        ("needs", "exit_only"),
        ("protection", "standard"),
    ];
    karin.post(&status, &change).await.leads_to(&format!("/arenden/{case}"));
    let page = malin.get(&paths::list(&case)).await;
    page.is_ok().shows("Ärendets status ändrades").shows("Ny status: Under bedömning.").shows("Av programmet");
    page.shows("Status i programmet ändrades").shows(&karin.name).shows("Uppdrag i ärendet tilldelades");
    page.shows(&format!("{}, ansvarig handläggare.", malin.name));
    // Nobody corrects the program.
    assert!(page.attributes("article a", "href").is_empty());
    let only = malin.get(&format!("{}?typ=meeting", paths::list(&case))).await;
    only.is_ok().shows("Inga anteckningar matchar filtret.").lacks("Ärendet öppnades");
}

#[tokio::test]
async fn a_long_journal_stands_on_several_pages() {
    let app = App::start().await;
    let Ground { mut malin, case, .. } = ground(&app).await;
    for number in 0..51 {
        let day = format!("2026-{:02}-{:02}", 1 + number % 11, 1 + number / 11);
        entered(Typed::note().with("event_on", &day).with("fact", &format!("Samtal {number}.")), &malin, &case).await;
    }
    app.state.clock.put_forward(Duration::minutes(1));
    malin.sign_in().await;
    let list = format!("{}?typ=meeting", paths::list(&case));
    let first = malin.get(&list).await;
    first.is_ok().shows("Visar 1–50 av 51 anteckningar").shows("November 2026");
    assert_eq!(first.texts("article").len(), 50);
    let second = malin.get(&format!("{}?sida=2&typ=meeting", paths::list(&case))).await;
    assert_eq!(second.texts("article h3"), ["Möte"]);
    second.is_ok().shows("Januari 2026").shows("Samtal 0.");
    malin.get(&format!("{}?sida=99&typ=meeting", paths::list(&case))).await.is_ok().shows("Samtal 0.");
}

#[tokio::test]
async fn those_outside_find_nothing_and_coordinator_and_manager_only_read() {
    let app = App::start().await;
    let Ground { malin, karin, case, .. } = ground(&app).await;
    let id = entered(Typed::note(), &malin, &case).await;
    let (aisha, manager) = (app.social_worker().await, app.manager().await);
    for path in [paths::list(&case), paths::show(&case, id), paths::correct(&case, id), paths::cancel(&case, id)] {
        aisha.get(&path).await.is_missing();
    }
    Typed::note().sent_to(&paths::list(&case), &aisha).await.is_missing();
    Typed::note().sent_to(&paths::draft(&case), &aisha).await.is_missing();
    for person in [&karin, &manager] {
        person.get(&paths::list(&case)).await.is_ok().shows(FACT).lacks("Ny anteckning");
        Typed::note().sent_to(&paths::list(&case), person).await.is_forbidden();
        Typed::note().sent_to(&paths::draft(&case), person).await.is_forbidden();
        person.get(&paths::correct(&case, id)).await.is_forbidden();
    }
    // A note of one case is not found under another.
    let other = malin.opens_a_case_on("2026-01-05").await;
    malin.get(&paths::show(&other, id)).await.is_missing();
    malin.get(&paths::correct(&other, id)).await.is_missing();
    Typed::note().without("kind").with("reason", "Fel").sent_to(&paths::correct(&other, id), &malin).await.is_missing();
}

#[tokio::test]
async fn a_closed_case_is_only_read() {
    let app = App::start().await;
    let Ground { malin, karin, case, .. } = ground(&app).await;
    let id = entered(Typed::note(), &malin, &case).await;
    malin.records_the_outcome(&case).await;
    app.makes_the_case(&case, "status = 'closed', closed_on = '2026-12-31', close_reason = 'other'").await;
    malin.get(&paths::list(&case)).await.is_ok().shows(FACT).lacks("Ny anteckning").lacks("Rätta");
    Typed::note().sent_to(&paths::list(&case), &malin).await.is_forbidden();
    Typed::note().sent_to(&paths::draft(&case), &malin).await.is_forbidden();
    malin.get(&paths::dispute(&case, id)).await.is_forbidden();
    karin.get(&paths::list(&case)).await.is_ok().shows(FACT);
    // What is about somebody else does not lie open for that.
    let manager = app.manager().await;
    manager.post(&paths::cancel(&case, id), &[("reason", "Fel person.")]).await.leads_to(&paths::list(&case));
    karin.get(&paths::list(&case)).await.is_ok().lacks(FACT);
}
