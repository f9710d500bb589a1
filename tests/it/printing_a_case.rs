//! Chosen parts of a case on paper: who may, what for, what is kept of it, and what never leaves the screen.

use sqlx::Executor;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::decisions::Typed as Decision;
use crate::support::details::Detail;
use crate::support::fixture;
use crate::support::journal::Typed as Note;
use crate::support::page::Page;
use crate::support::people::Person;
use crate::support::placements::Typed as Placement;

const ID: &str = "0193f000-0000-7000-8000-000000000001";
/// Every part there is.
const ALL: [&str; 17] = [
    "facts",
    "person",
    "journal",
    "threat",
    "investigation",
    "motivation",
    "consents",
    "decisions",
    "plans",
    "placements",
    "follow_ups",
    "checks",
    "deviations",
    "meetings",
    "outcomes",
    "conditions",
    "timeline",
];

struct Ground<'a> {
    malin: Person<'a>,
    karin: Person<'a>,
    case: String,
}

/// A case with a stay in Björkgården, Skogsvägen 4, Norrsele, a decision and a note.
async fn ground(app: &App) -> Ground<'_> {
    let (malin, jonas, karin) = (app.social_worker().await, app.social_worker().await, app.coordinator().await);
    let case = Opening::unknown().responsible(&malin).deputy(&jonas).coordinator(&karin).saved_by(&malin).await;
    let home = karin.adds_a_home("hvb").await;
    Placement::new(&home, "hvb", "2026-12-31", "2027-06-29").saved_by(&malin, &case).await;
    let made = Decision::outpatient("2026-12-31", "2027-06-29").submitted_by(&malin, &case).await;
    malin.decides(&case, made).await;
    let list = format!("/arenden/{case}/journal");
    Note::note().sent_to(&list, &malin).await.leads_to(&list);
    Ground { malin, karin, case }
}

fn path(case: &str) -> String {
    format!("/arenden/{case}/utskrift")
}

async fn printed(person: &Person<'_>, case: &str, parts: &[&str], more: &[(&str, &str)]) -> Page {
    let mut fields: Vec<_> = parts.iter().map(|part| ("parts", *part)).collect();
    fields.extend(more);
    person.proves(&path(case), &fields).await
}

async fn kept(app: &App) -> Vec<(String, String, i32)> {
    sqlx::query_as("select parts::text, purpose::text, row_count from case_print order by printed_at, id")
        .fetch_all(&mut app.database.superuser().await)
        .await
        .unwrap()
}

#[tokio::test]
async fn what_was_chosen_is_printed_and_nothing_else_and_the_log_says_it_first() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    let form = malin.get(&path(&case)).await;
    form.is_ok().shows("Vad utskriften är till för").shows("Inga utskrifter");
    assert!(form.attributes("input[checked]", "name").is_empty(), "nothing is chosen beforehand");
    let page = printed(&malin, &case, &["journal", "decisions"], &[("id", ID), ("purpose", "deliberation")]).await;
    page.is_ok().shows("praktiken börjar").shows("Beslut 1: Öppenvård").shows("Föredragning inför beslut");
    assert_eq!(page.texts("main h2"), ["Journal", "Beslut"]);
    page.lacks("Placering 1").lacks("Tidslinje");
    // Who and when, on every sheet; nothing to press.
    let mark = page.texts(".sheet-mark").concat();
    assert!(mark.contains("Sekretess – 26 kap. 1 § OSL") && mark.contains(&malin.name), "{mark}");
    assert!(mark.contains("2026-12-31 kl. 12.01"), "{mark}");
    let repeated = page.attributes("body", "data-mark").concat();
    assert!(repeated.contains(&malin.name) && repeated.contains("kl. 12.01"), "{repeated}");
    assert_eq!((page.texts("nav").len(), page.texts("button, .btn").len()), (0, 0));
    let rows = page.texts("article.entry").len();
    assert_eq!(
        kept(&app).await,
        [("{journal,decisions}".to_owned(), "deliberation".to_owned(), i32::try_from(rows).unwrap())]
    );
    let trail = app.trail(&case).await;
    for event in ["case.printed", "journal.shown", "decision.shown"] {
        assert!(trail.iter().any(|one| one == event), "{event}: {trail:?}");
    }
    let body: String = sqlx::query_scalar("select body from audit.entry where event = 'case.printed'")
        .fetch_one(&mut app.database.superuser().await)
        .await
        .unwrap();
    for said in ["journal decisions", "deliberation", &format!("\"rows\":{rows}")] {
        assert!(body.contains(said), "{said}: {body}");
    }
    malin.get(&path(&case)).await.is_ok().shows("Journal, Beslut").shows(&malin.name);
    malin.get(&format!("/arenden/{case}")).await.is_ok().shows("Skriv ut delar av ärendet");
}

#[tokio::test]
async fn a_form_without_parts_or_purpose_comes_back_as_it_was() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    let page = malin.post(&path(&case), &[]).await;
    page.is_faulty().at("parts", "Välj minst en del").at("purpose", "Välj vad utskriften är till för");
    let page = printed(&malin, &case, &["journal"], &[("id", ID), ("purpose", "other"), ("from", "2026-12-01")]).await;
    page.is_faulty().at("note", "Skriv vad utskriften är till för").lacks("praktiken börjar");
    assert_eq!((page.value("from"), page.value("id")), ("2026-12-01".to_owned(), ID.to_owned()));
    assert_eq!(page.attributes("input[checked]", "value"), ["journal", "other"]);
    let back = [("purpose", "case_work"), ("from", "2026-12-31"), ("to", "2026-12-30")];
    let page = printed(&malin, &case, &["journal"], &back).await;
    page.is_faulty().at("to", "Sista dagen kan inte vara före den första");
    assert!(kept(&app).await.is_empty() && !app.trail(&case).await.contains(&"case.printed".to_owned()));
    let said = [("purpose", "other"), ("note", "Handledning i arbetsgruppen.")];
    printed(&malin, &case, &["journal"], &said).await.is_ok().shows("Handledning i arbetsgruppen.");
    // Sealed where it lies, and told to those who see the case.
    malin.get(&path(&case)).await.is_ok().shows("Handledning i arbetsgruppen.");
}

#[tokio::test]
async fn the_same_form_sent_twice_is_one_print_and_other_choices_are_another() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    for _ in 0..2 {
        printed(&malin, &case, &["journal"], &[("id", ID), ("purpose", "case_work")]).await.is_ok();
    }
    assert_eq!(kept(&app).await.len(), 1);
    let shown = app.trail(&case).await.iter().filter(|event| *event == "case.printed").count();
    assert_eq!(shown, 2, "each time it is shown stands in the log");
    printed(&malin, &case, &["journal", "facts"], &[("id", ID), ("purpose", "case_work")]).await.is_ok();
    assert_eq!(kept(&app).await.len(), 2);
}

#[tokio::test]
async fn days_narrow_what_is_printed() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    let chosen = [("purpose", "case_work"), ("to", "2026-11-01")];
    let page = printed(&malin, &case, &["journal", "decisions", "placements", "timeline"], &chosen).await;
    page.is_ok().shows("Till och med 2026-11-01").lacks("Öppenvård").lacks("Placering 1").shows("Inget att skriva ut.");
    let chosen = [("purpose", "case_work"), ("from", "2027-02-01")];
    let page = printed(&malin, &case, &["decisions", "placements"], &chosen).await;
    page.is_ok().lacks("Öppenvård").shows("Placering 1: HVB");
}

#[tokio::test]
async fn only_those_who_see_the_case_print_it() {
    let app = App::start().await;
    let Ground { karin, case, .. } = ground(&app).await;
    let chosen = [("purpose", "case_work")];
    let stranger = app.social_worker().await;
    stranger.get(&path(&case)).await.is_missing();
    printed(&stranger, &case, &["journal"], &chosen).await.is_missing();
    for role in [utvag::vocabulary::Role::PoliceLiaison, utvag::vocabulary::Role::Controller] {
        printed(&app.person(role).await, &case, &["journal"], &chosen).await.is_missing();
    }
    assert!(kept(&app).await.is_empty());
    printed(&karin, &case, &ALL, &chosen).await.is_ok().shows("praktiken börjar");
    printed(&app.manager().await, &case, &ALL, &chosen).await.is_ok();
    assert_eq!(kept(&app).await.len(), 2);
}

#[tokio::test]
async fn where_somebody_lives_is_never_printed_not_even_in_a_text_that_was_let_through() {
    let app = App::start().await;
    let Ground { malin, karin, case } = ground(&app).await;
    let list = format!("/arenden/{case}/journal");
    let told = Note::note().with("fact", "Hen trivs på Björkgården i Norrsele.");
    told.with("place_exception", "other_meaning").sent_to(&list, &malin).await.leads_to(&list);
    malin.get(&list).await.is_ok().shows("Björkgården");
    for person in [&malin, &karin] {
        let page = printed(person, &case, &ALL, &[("purpose", "case_work")]).await;
        page.is_ok().shows("Utelämnad: texten kan peka ut en plats").shows("praktiken börjar");
        for canary in ["Björkgården", "Norrsele", "Skogsvägen"] {
            page.lacks(canary);
            person.get(&format!("/arenden/{case}/tidslinje")).await.is_ok().lacks(canary);
        }
        page.shows("Placering 1: HVB").shows("L-001");
    }
    // Nor does a purpose name it.
    let note = [("purpose", "other"), ("note", "Till personalen på Björkgården")];
    printed(&malin, &case, &["facts"], &note).await.is(422).shows("Texten kan peka ut en plats");
}

#[tokio::test]
async fn a_protected_person_is_printed_with_a_warning_and_without_ways_to_reach_them() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    let person = format!("/arenden/{case}/person");
    Detail::phone().sent_to(&format!("{person}/kontakt/ny"), &malin).await.leads_to(&person);
    Detail::marking().sent_to(&format!("{person}/skydd/ny"), &malin).await.leads_to(&person);
    let page = printed(&malin, &case, &ALL, &[("purpose", "disclosure")]).await;
    page.is_ok().shows("Skyddade personuppgifter").shows("Kontrollera att varken adress, telefonnummer eller ort syns");
    page.shows("Milo").lacks(crate::support::details::NUMBER);
    assert!(app.trail(&case).await.contains(&"person.shown".to_owned()));
}

#[tokio::test]
async fn a_print_stays_as_it_was_and_is_nobody_elses() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    printed(&malin, &case, &["facts"], &[("id", ID), ("purpose", "case_work")]).await.is_ok();
    // The id of another case's print is nobody's to use.
    let karin = app.coordinator().await;
    let other = Opening::unknown().responsible(&malin).coordinator(&karin).saved_by(&malin).await;
    printed(&malin, &other, &["facts"], &[("id", ID), ("purpose", "case_work")]).await.is_missing();
    let (mut work, _) = app.db.begin_as(malin.token(), app.state.clock.today()).await.unwrap().unwrap();
    work.execute("select set_config('app.event', 'prov', true)").await.unwrap();
    for change in ["update case_print set purpose = 'other'", "delete from case_print"] {
        work.execute("savepoint here").await.unwrap();
        let refused = work.execute(change).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().code().unwrap(), "42501", "{change}");
        work.execute("rollback to savepoint here").await.unwrap();
    }
    let forged = "insert into case_print (id, case_id, parts, purpose, row_count, printed_by, printed_at)
        select gen_random_uuid(), case_id, parts, purpose, 0, (select id from account where id <> printed_by limit 1), now()
        from case_print";
    let refused = work.execute(forged).await.unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().code().unwrap(), "42501");
}

#[tokio::test]
async fn every_room_can_be_printed_with_its_texts() {
    let app = App::start().await;
    let (malin, karin) = (app.social_worker().await, app.coordinator().await);
    let mut owner = app.database.superuser().await;
    fixture::announce(&mut owner).await;
    let found = fixture::furnish(&mut owner, &app.state.keys, app.unit, malin.account, karin.account).await;
    let page = printed(&malin, &found.reference, &ALL, &[("id", ID), ("purpose", "case_work")]).await;
    page.is_ok();
    let headings = page.texts("article.entry h3");
    for begins in ["Samtycke 20", "Slagning 20", "Samverkansmöte 20", "Utfall: "] {
        assert!(headings.iter().any(|heading| heading.starts_with(begins)), "{begins}: {headings:?}");
    }
    page.shows("Dagordning").shows("Ändamål").shows("Personen deltar").shows("Kontakt med barn");
    let trail = app.trail(&found.reference).await;
    for event in ["motivation.shown", "consent.shown", "check.shown", "meeting.shown", "outcome.shown"] {
        assert!(trail.iter().any(|one| one == event), "{event}: {trail:?}");
    }
    // Each part by itself, for those who see it, and nothing of the others.
    let page = printed(&karin, &found.reference, &["consents"], &[("purpose", "case_work")]).await;
    assert_eq!(page.is_ok().texts("main h2"), ["Samtycken"]);
    page.lacks("Slagning").lacks("Samverkansmöte");
}

#[tokio::test]
async fn no_print_is_shown_before_the_log_has_it() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    let mut owner = app.database.superuser().await;
    for at_commit in [false, true] {
        crate::showing_nothing_unlogged::fails(&mut owner, at_commit, "case.printed").await;
        let page = printed(&malin, &case, &["journal"], &[("id", ID), ("purpose", "case_work")]).await;
        assert_eq!(page.status, 500, "{}", page.words());
        page.lacks("praktiken börjar").lacks(&case);
        assert!(kept(&app).await.is_empty());
    }
}

#[tokio::test]
async fn what_leaves_on_paper_is_confirmed_and_postgres_asks_by_itself() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    let chosen = [("id", ID), ("parts", "journal"), ("purpose", "case_work")];
    malin.get(&path(&case)).await.is_ok().shows("Ditt lösenord");
    let page = malin.post(&path(&case), &chosen).await;
    page.is_faulty().shows("Lösenordet eller engångskoden stämmer inte").lacks("praktiken börjar");
    assert_eq!((page.value("id"), page.attributes("input[checked]", "value").len()), (ID.to_owned(), 2));
    let mut key = malin.registers_a_key("Blå nyckel").await;
    printed(&malin, &case, &["journal"], &[("purpose", "case_work")]).await.is_faulty().lacks("praktiken börjar");
    let proof = key.signs(&malin.is_asked("export", &case).await);
    let sent = [chosen[0], chosen[1], chosen[2], ("passkey", proof.as_str())];
    malin.post(&path(&case), &sent).await.is_ok().shows("praktiken börjar");
    malin.post(&path(&case), &sent).await.is_faulty().lacks("praktiken börjar");
    assert_eq!(kept(&app).await.len(), 1);

    let (mut work, _) = app.db.begin_as(malin.token(), app.state.clock.today()).await.unwrap().unwrap();
    work.execute("select set_config('app.event', 'prov', true)").await.unwrap();
    let forgotten = "insert into case_print (id, case_id, parts, purpose, row_count, printed_by, printed_at)
        select gen_random_uuid(), case_id, parts, purpose, 0, printed_by, now() from case_print";
    let refused = work.execute(forgotten).await.unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().constraint(), Some("case_print_proven"));
}
