//! Writing that is not lost: a draft is kept as it is typed, for its author alone, and one page never writes over another.

use sqlx::Executor;
use time::Duration;
use utvag::journal::paths;
use utvag::{db, jobs};
use uuid::Uuid;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::journal::Typed;
use crate::support::people::Person;

const HALF: &str = "Den enskilde ringde i morse och";

async fn case_of(malin: &Person<'_>, jonas: &Person<'_>, karin: &Person<'_>) -> String {
    Opening::unknown().responsible(malin).deputy(jonas).coordinator(karin).saved_by(malin).await
}

/// What an open page sends by itself: nothing has to be filled in.
fn half() -> Typed {
    Typed::note().with("kind", "").with("source", "").with("event_at", "").with("fact", HALF).with("assessment", "")
}

#[tokio::test]
async fn an_open_form_saves_itself_without_being_checked() {
    let app = App::start().await;
    let (malin, jonas, karin) = (app.social_worker().await, app.social_worker().await, app.coordinator().await);
    let case = case_of(&malin, &jonas, &karin).await;
    let form = malin.get(&paths::list(&case)).await;
    assert_eq!(form.attributes("form[data-autosave]", "data-autosave"), [paths::draft(&case)]);
    let typed = half().seen_on(&form);
    let answer = typed.sent_to(&paths::draft(&case), &malin).await;
    answer.is(200);
    let said: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(said, serde_json::json!({ "saved": "12.00", "version": 1 }));
    // The next save of the same page, also when the answer never reached it.
    typed.with("fact", "Den enskilde ringde i morse och berättade").sent_to(&paths::draft(&case), &malin).await.is(200);
    let page = malin.get(&paths::list(&case)).await;
    page.is_ok().shows("Utkast sparat kl. 12.00").shows("Ta bort utkastet");
    assert_eq!(page.texts("#fact"), ["Den enskilde ringde i morse och berättade"]);
    assert_eq!(page.value("draft"), "2");

    let whole = Typed::note().seen_on(&page);
    whole.sent_to(&paths::list(&case), &malin).await.leads_to(&paths::list(&case));
    let page = malin.get(&paths::list(&case)).await;
    page.is_ok().lacks("Utkast sparat");
    assert_eq!((page.texts("#fact"), page.value("draft")), (vec![String::new()], "0".to_owned()));
    // A save that was under way while the note was entered leaves no draft behind, and is no fault.
    let late = whole.with("fact", HALF);
    assert_eq!(late.sent_to(&paths::draft(&case), &malin).await.is_ok().body, r#"{"sent":true}"#);
    // Much later somebody writes on in a page that has been sent, and has to know.
    app.state.clock.put_forward(time::Duration::minutes(2));
    late.sent_to(&paths::draft(&case), &malin).await.is(409);
    assert_eq!(malin.get(&paths::list(&case)).await.texts("#fact"), [""]);
    assert!(app.trail(&case).await.iter().any(|event| event == "journal.draft_saved"));
    // Without a page there is nothing to save for.
    half().without("tab").sent_to(&paths::draft(&case), &malin).await.is(422);
}

#[tokio::test]
async fn the_button_saves_a_draft_without_a_script_and_another_throws_it_away() {
    let app = App::start().await;
    let (malin, jonas, karin) = (app.social_worker().await, app.social_worker().await, app.coordinator().await);
    let case = case_of(&malin, &jonas, &karin).await;
    let list = paths::list(&case);
    half().with("utkast", "1").sent_to(&list, &malin).await.leads_to(&list);
    let page = malin.get(&list).await;
    page.is_ok().shows("Utkast sparat kl. 12.00");
    assert_eq!(page.texts("#fact"), [HALF]);
    half().seen_on(&page).with("kasta", "1").sent_to(&list, &malin).await.leads_to(&list);
    assert_eq!(malin.get(&list).await.texts("#fact"), [""]);
}

#[tokio::test]
async fn two_pages_do_not_write_over_each_other() {
    let app = App::start().await;
    let (malin, jonas, karin) = (app.social_worker().await, app.social_worker().await, app.coordinator().await);
    let case = case_of(&malin, &jonas, &karin).await;
    let (list, draft) = (paths::list(&case), paths::draft(&case));
    let (left, right) = (malin.get(&list).await, malin.get(&list).await);
    let left = half().seen_on(&left).with("fact", "Från det vänstra fönstret");
    let right = half().seen_on(&right).with("fact", "Från det högra fönstret");
    left.sent_to(&draft, &malin).await.is(200);
    right.sent_to(&draft, &malin).await.is(409);
    left.with("fact", "Från det vänstra fönstret igen").sent_to(&draft, &malin).await.is(200);

    // Saving by hand shows both texts, and so does entering.
    for button in ["utkast", "kasta"] {
        let both = right.clone().with(button, "1").sent_to(&list, &malin).await;
        both.is(409).shows("Utkastet har ändrats i ett annat fönster").shows("Från det vänstra fönstret igen");
        assert_eq!(both.texts("#fact"), ["Från det högra fönstret"]);
    }
    let entering = Typed::note().with("tab", &Uuid::new_v4().to_string());
    let both = entering.sent_to(&list, &malin).await;
    both.is(409).shows("Från det vänstra fönstret igen");
    assert_eq!(malin.get(&list).await.texts("#fact"), ["Från det vänstra fönstret igen"]);
    // Having seen both, the author chooses.
    entering.seen_on(&both).sent_to(&list, &malin).await.leads_to(&list);
    assert_eq!(malin.get(&list).await.texts("#fact"), [""]);
}

#[tokio::test]
async fn a_draft_is_invisible_to_everybody_else_in_the_house_and_in_the_database() {
    let app = App::start().await;
    let (malin, jonas, karin) = (app.social_worker().await, app.social_worker().await, app.coordinator().await);
    let manager = app.manager().await;
    let case = case_of(&malin, &jonas, &karin).await;
    half().sent_to(&paths::draft(&case), &malin).await.is(200);
    for person in [&jonas, &karin, &manager] {
        person.get(&paths::list(&case)).await.is_ok().lacks(HALF).lacks("Utkast sparat");
    }
    // Each has a draft of their own.
    half().with("fact", "Jonas skriver").sent_to(&paths::draft(&case), &jonas).await.is(200);
    assert_eq!(malin.get(&paths::list(&case)).await.texts("#fact"), [HALF]);
    for (person, seen) in [(&malin, 1_i64), (&jonas, 1), (&karin, 0), (&manager, 0)] {
        let (mut work, _) = app.db.begin_as(person.token(), app.state.clock.today()).await.unwrap().unwrap();
        let found: i64 = sqlx::query_scalar("select count(*) from journal_draft").fetch_one(&mut *work).await.unwrap();
        assert_eq!(found, seen, "{}", person.name);
        let mine: i64 = sqlx::query_scalar("select count(*) from journal_draft where author_id = $1")
            .bind(person.account)
            .fetch_one(&mut *work)
            .await
            .unwrap();
        assert_eq!(mine, seen);
        let taken = sqlx::query("delete from journal_draft where author_id <> $1")
            .bind(person.account)
            .execute(&mut *work)
            .await
            .unwrap();
        assert_eq!(taken.rows_affected(), 0);
    }
    // What is in the database is sealed, and no log keeps a copy.
    let mut owner = app.database.superuser().await;
    let open: bool = sqlx::query_scalar(
        "select exists (select from journal_draft where position(convert_to('ringde', 'UTF8') in content) > 0)
             or exists (select from audit.row_change where table_name = 'public.journal_draft')",
    )
    .fetch_one(&mut owner)
    .await
    .unwrap();
    assert!(!open);
}

#[tokio::test]
async fn what_was_saved_is_there_after_the_session_has_run_out() {
    let app = App::start().await;
    let (mut malin, jonas, karin) = (app.social_worker().await, app.social_worker().await, app.coordinator().await);
    let case = case_of(&malin, &jonas, &karin).await;
    half().sent_to(&paths::draft(&case), &malin).await.is(200);
    let mut owner = app.database.superuser().await;
    owner.execute("update identity.session set seen_at = now() - interval '1 hour'").await.unwrap();
    half().sent_to(&paths::draft(&case), &malin).await.leads_to("/logga-in");
    app.state.clock.put_forward(Duration::hours(13));
    malin.sign_in().await;
    let page = malin.get(&paths::list(&case)).await;
    page.is_ok().shows("Utkast sparat 2026-12-31 kl. 12.00");
    assert_eq!(page.texts("#fact"), [HALF]);
}

#[tokio::test]
async fn a_correction_has_a_draft_of_its_own() {
    let app = App::start().await;
    let (malin, jonas, karin) = (app.social_worker().await, app.social_worker().await, app.coordinator().await);
    let case = case_of(&malin, &jonas, &karin).await;
    let note = Typed::note();
    note.sent_to(&paths::list(&case), &malin).await.leads_to(&paths::list(&case));
    let to = paths::correct(&case, note.id);
    let page = malin.get(&to).await;
    let typed = half().with("corrects", &note.id.to_string()).with("reason", "Fel tid").seen_on(&page);
    typed.sent_to(&paths::draft(&case), &malin).await.is(200);
    half().with("fact", "Något helt annat").sent_to(&paths::draft(&case), &malin).await.is(200);
    let page = malin.get(&to).await;
    page.is_ok().shows("Utkast sparat kl. 12.00");
    assert_eq!((page.texts("#fact"), page.texts("#reason")), (vec![HALF.to_owned()], vec!["Fel tid".to_owned()]));
    assert_eq!(malin.get(&paths::list(&case)).await.texts("#fact"), ["Något helt annat"]);
    // Of nothing, and of another case's note, there is no correction.
    let other = malin.opens_a_case_on("2026-01-05").await;
    typed.sent_to(&paths::draft(&other), &malin).await.is_missing();
    typed.with("corrects", "x").sent_to(&paths::draft(&case), &malin).await.is_missing();
}

#[tokio::test]
async fn a_draft_that_nobody_touches_for_thirty_days_is_taken_away() {
    let app = App::start().await;
    let (malin, jonas, karin) = (app.social_worker().await, app.social_worker().await, app.coordinator().await);
    let case = case_of(&malin, &jonas, &karin).await;
    half().sent_to(&paths::draft(&case), &malin).await.is(200);
    let purge = async |db: &db::Db| jobs::purge_drafts(db, &app.state.keys, &app.state.clock).await.unwrap();
    app.state.clock.put_forward(Duration::days(30));
    assert_eq!(purge(&app.db).await, 0);
    app.state.clock.put_forward(Duration::SECOND);
    assert_eq!(purge(&app.db).await, 1);
    assert!(app.log().await.iter().any(|event| event == "task.drafts"));
}
