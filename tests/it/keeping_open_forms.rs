//! What stands in an open form of any room is kept for whoever types it, given back when the page is opened again, and
//! let go of when it is sent; nothing is written over, and nothing makes two records.

use sqlx::{Connection, Executor};
use time::Duration;
use utvag::investigation::paths;
use utvag::journal::paths as journal;
use utvag::{jobs, threat};

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::journal::Typed as Note;
use crate::support::open_forms::OpenForm;
use crate::support::people::Person;
use crate::support::placements::Typed as TypedPlacement;

const HALF: &str = "Polisen ringde i morse och <berättade> att \"hotet\" & läget";

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

async fn opened(person: &Person<'_>, path: &str) -> OpenForm {
    OpenForm::on(person.get(path).await.is_ok())
}

async fn count(app: &App, table: &'static str) -> i64 {
    let sql = sqlx::AssertSqlSafe(format!("select count(*) from {table}"));
    sqlx::query_scalar(sql).fetch_one(&mut app.database.superuser().await).await.unwrap()
}

#[tokio::test]
async fn what_stands_in_an_open_form_is_given_back_to_whoever_typed_it_and_to_nobody_else() {
    let app = App::start().await;
    let Ground { malin, jonas, karin, case } = ground(&app).await;
    let new = threat::paths::new(&case);
    let typed =
        opened(&malin, &new).await.with("released_summary", HALF).with("level", "l3").with("no_unsafe_areas", "ja");
    let said: serde_json::Value = serde_json::from_str(&typed.kept_by(&malin).await.is_ok().body).unwrap();
    assert_eq!(said, serde_json::json!({ "draft": typed.value("form_draft"), "saved": "12.00", "version": 1 }));
    // The next save of the same page, also when the answer never reached it.
    typed.clone().with("police_ref", "K-12").kept_by(&malin).await.is_ok();

    let page = malin.get(&new).await;
    page.is_ok().shows("Utkast från 2026-12-31 kl. 12.00").shows("Kasta utkastet");
    let back = OpenForm::on(&page);
    assert_eq!((back.value("released_summary"), back.value("police_ref")), (HALF, "K-12"));
    assert_eq!((back.value("level"), back.value("no_unsafe_areas")), ("l3", "ja"));
    assert_eq!((back.value("id"), back.value("form_version")), (typed.value("id"), "2"));
    assert_ne!(back.value("form_tab"), typed.value("form_tab"));
    malin.get("/utkast").await.is_ok().shows("Utkast i ärende").shows("Polisen ringde i morse och <berättade>");
    for other in [&jonas, &karin] {
        other.get(&new).await.is_ok().lacks("Polisen ringde").lacks("Utkast från");
        other.get("/utkast").await.is_ok().shows("Inga utkast");
        let (mut work, _) = app.db.begin_as(other.token(), app.state.clock.today()).await.unwrap().unwrap();
        let seen: i64 = sqlx::query_scalar("select count(*) from form_draft").fetch_one(&mut *work).await.unwrap();
        assert_eq!(seen, 0, "{}", other.name);
    }
    let mut owner = app.database.superuser().await;
    let open: bool = sqlx::query_scalar(
        "select exists (select from form_draft where position(convert_to('Polisen', 'UTF8') in sealed) > 0)
             or exists (select from audit.row_change where table_name = 'public.form_draft')
             or exists (select from audit.entry where body like '%Polisen ringde%')",
    )
    .fetch_one(&mut owner)
    .await
    .unwrap();
    assert!(!open);
    let trail = app.trail(&case).await;
    let of_drafts: Vec<_> = trail.iter().filter(|event| event.starts_with("form_draft.")).collect();
    // Begun once, however often it saves itself; each time it is shown.
    assert_eq!(of_drafts, ["form_draft.begun", "form_draft.shown"]);
    // A row that is moved to another account opens for nobody.
    sqlx::query("update form_draft set account_id = $1").bind(jonas.account).execute(&mut owner).await.unwrap();
    jonas.get(&new).await.is(500).lacks("Polisen ringde");
}

#[tokio::test]
async fn the_buttons_keep_it_and_throw_it_away_without_a_script() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    let new = threat::paths::new(&case);
    let page = malin.get(&new).await;
    assert_eq!(page.attributes("button[name='by_hand']", "formaction"), ["/utkast"]);
    let typed = OpenForm::on(&page).with("released_summary", HALF).with("by_hand", "1");
    let answer = typed.kept_by(&malin).await;
    assert_eq!(answer.leads_to(&new).cookie("__Host-besked").unwrap(), "__Host-besked=utkast");
    let page = malin.get(&new).await;
    let button = page.is_ok().attributes("button[form]", "form");
    assert_eq!(page.attributes(&format!("form[id='{}']", button[0]), "action"), ["/utkast/kasta"]);
    let draft = OpenForm::on(&page).value("form_draft").to_owned();
    malin.post("/utkast/kasta", &[("form_draft", &draft), ("form_page", &new)]).await.leads_to(&new);
    assert_eq!(opened(&malin, &new).await.value("released_summary"), "");
    malin.post("/utkast/kasta", &[("form_draft", &draft)]).await.leads_to("/utkast");
    malin.post("/utkast/kasta", &[]).await.is_missing();
    malin.post("/utkast", &[("text", "utan sida")]).await.is(422);
}

#[tokio::test]
async fn a_form_that_is_sent_leaves_no_draft_and_sent_twice_makes_one_record() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    let (new, list) = (format!("/arenden/{case}/samtycken/ny"), format!("/arenden/{case}/samtycken"));
    let typed = opened(&malin, &new).await.goes_on_by(&malin).await;
    let typed = [
        ("kind", "information_exchange"),
        ("recipients", "police_lpo"),
        ("categories", "identity"),
        ("purpose", "Dela uppgifter med polisen"),
        ("form", "oral"),
        ("given_on", "2026-12-01"),
        ("valid_to", "2027-05-31"),
        ("information_given", "ja"),
    ]
    .into_iter()
    .fold(typed, |typed, (name, value)| typed.with(name, value));
    // Faults: it comes back, and is kept as it came.
    let faulty = typed.clone().with("given_on", "i går").sent_by(&malin).await;
    let typed = OpenForm::on(faulty.is_faulty()).with("given_on", "2026-12-01");
    assert_eq!(opened(&malin, &new).await.value("given_on"), "i går");
    let show = typed.sent_by(&malin).await;
    let show = show.is(303).location().to_owned();
    assert!(show.starts_with(&format!("{list}/")), "{show}");
    assert_eq!(opened(&malin, &new).await.value("purpose"), "");
    // What the page had under way comes late and leaves nothing behind.
    typed.clone().with("purpose", "Dela uppgifter").kept_by(&malin).await.is_ok();
    assert_eq!(opened(&malin, &new).await.value("purpose"), "");
    // Sent once more, and back and sent with another text: one record, and the text is not gone.
    typed.sent_by(&malin).await.leads_to(&show);
    assert_eq!(count(&app, "consent").await, 1);
    let back = typed.clone().with("purpose", "Dela uppgifter med polisen och regionen");
    let answer = back.sent_by(&malin).await;
    assert_eq!(answer.leads_to(&new).cookie("__Host-besked").unwrap(), "__Host-besked=redan-sparat");
    assert_eq!(count(&app, "consent").await, 1);
    let again = opened(&malin, &new).await;
    assert_eq!(again.value("purpose"), "Dela uppgifter med polisen och regionen");
    assert_ne!(again.value("id"), typed.value("id"));
    again.sent_by(&malin).await.is(303);
    assert_eq!(count(&app, "consent").await, 2);
    assert!(app.trail(&case).await.contains(&"form_draft.sent".to_owned()));
}

#[tokio::test]
async fn two_windows_write_nothing_over_and_both_texts_are_shown() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    let new = threat::paths::new(&case);
    opened(&malin, &new).await.with("released_summary", "Från början").kept_by(&malin).await.is_ok();
    let (left, right) = (opened(&malin, &new).await, opened(&malin, &new).await);
    let left = left.with("released_summary", "Från det vänstra fönstret").goes_on_by(&malin).await;
    app.state.clock.put_forward(Duration::MINUTE);
    let right = right.with("released_summary", "Från det högra fönstret").goes_on_by(&malin).await;
    assert_ne!(left.value("form_draft"), right.value("form_draft"));
    // Each goes on with its own.
    left.with("police_ref", "Vänster").goes_on_by(&malin).await;
    app.state.clock.put_forward(Duration::MINUTE);
    right.clone().with("police_ref", "Höger").goes_on_by(&malin).await;
    let page = malin.get(&new).await;
    page.is_ok().shows("Ett annat utkast från").shows("Från det vänstra fönstret");
    let both = OpenForm::on(&page);
    assert_eq!(both.value("released_summary"), "Från det högra fönstret");
    assert_eq!(page.attributes("button[form]", "form").len(), 2);
    // Sending one leaves the other where it is.
    let other = page.attributes("form[action='/utkast/kasta'] [name='form_draft']", "value");
    assert_eq!(other.len(), 2);
    malin.post("/utkast/kasta", &[("form_draft", &other[0]), ("form_page", &new)]).await.leads_to(&new);
    let page = malin.get(&new).await;
    page.is_ok().lacks("Från det högra fönstret").lacks("Ett annat utkast");
    assert_eq!(OpenForm::on(&page).value("released_summary"), "Från det vänstra fönstret");
}

#[tokio::test]
async fn what_somebody_else_has_saved_meanwhile_stands_beside_the_draft() {
    let app = App::start().await;
    let Ground { malin, jonas, case, .. } = ground(&app).await;
    let investigation = malin.starts_investigating(&case).await;
    let text = paths::write(&case, investigation);
    let mine = opened(&malin, &text).await.with("summary", "Malins sammanfattning.").goes_on_by(&malin).await;
    let theirs = opened(&jonas, &text).await.with("summary", "Jonas sammanfattning.");
    theirs.sent_by(&jonas).await.is(303);
    let page = malin.get(&text).await;
    page.is_ok().shows("Uppgifterna har ändrats sedan utkastet");
    assert_eq!(
        page.rows("form[data-draft] .table")[0],
        ["Sammanfattning", "Jonas sammanfattning.", "Malins sammanfattning."]
    );
    assert_eq!(OpenForm::on(&page).value("summary"), "Malins sammanfattning.");
    // The page that was open all the time: its room shows both, and the text is kept.
    let both = mine.sent_by(&malin).await;
    both.is(409).shows("Jonas sammanfattning.");
    let chosen = OpenForm::on(&both).with("summary", "Båda sammanfattningarna.");
    chosen.sent_by(&malin).await.is(303);
    assert_eq!(opened(&malin, &text).await.value("summary"), "Båda sammanfattningarna.");
    malin.get(&text).await.is_ok().lacks("Utkast från");
}

#[tokio::test]
async fn a_step_that_somebody_else_took_first_keeps_the_text_where_it_can_be_read() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    let (one, other) = (app.manager().await, app.manager().await);
    let note = Note::note();
    note.sent_to(&journal::list(&case), &malin).await.is(303);
    let cancel = journal::cancel(&case, note.id);
    let (first, second) = (opened(&one, &cancel).await, opened(&other, &cancel).await);
    first.with("reason", "Hör till en annan person.").sent_by(&one).await.is(303);
    let answer = second.with("reason", "Fel person, enligt samtal med Malin.").sent_by(&other).await;
    assert_eq!(answer.leads_to(&cancel).cookie("__Host-besked").unwrap(), "__Host-besked=nagon-hann-fore");
    // It can be done no longer, so its page is not there; the text is.
    other.get(&cancel).await.leads_to("/utkast");
    other.get("/utkast").await.is_ok().shows("Fel person, enligt samtal med Malin.");
    one.get(&cancel).await.is(409);
}

#[tokio::test]
async fn whoever_has_left_the_case_reaches_no_draft_of_it() {
    let app = App::start().await;
    let Ground { jonas, case, .. } = ground(&app).await;
    let new = threat::paths::new(&case);
    let typed = opened(&jonas, &new).await.with("released_summary", HALF).goes_on_by(&jonas).await;
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'case.assigned', false)").await.unwrap();
    sqlx::query("update assignment set ended_at = now() where account_id = $1")
        .bind(jonas.account)
        .execute(&mut owner)
        .await
        .unwrap();
    jonas.get(&new).await.is_missing();
    jonas.get("/utkast").await.is_ok().shows("Inga utkast");
    typed.with("police_ref", "K-12").kept_by(&jonas).await.is_missing();
}

#[tokio::test]
async fn a_place_may_stand_in_a_draft_and_not_in_what_is_sent() {
    let app = App::start().await;
    let Ground { malin, karin, case, .. } = ground(&app).await;
    let home = karin.adds_a_home("hvb").await;
    TypedPlacement::new(&home, "hvb", "2026-12-31", "2027-06-29").saved_by(&malin, &case).await;
    let new = threat::paths::new(&case);
    let typed = opened(&malin, &new).await.with("released_summary", "Hen trivs på Björkgården.");
    typed.kept_by(&malin).await.is_ok();
    let stopped = typed.sent_by(&malin).await;
    stopped.is(422).shows("Texten kan peka ut en plats");
    assert_eq!(stopped.value("form_draft"), typed.value("form_draft"));
    assert_eq!(opened(&malin, &new).await.value("released_summary"), "Hen trivs på Björkgården.");
}

#[tokio::test]
async fn a_session_that_has_run_out_costs_nothing() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    let new = threat::paths::new(&case);
    let typed = opened(&malin, &new).await.with("released_summary", "Sparat medan det gick.").goes_on_by(&malin).await;
    let mut owner = app.database.superuser().await;
    owner.execute("update identity.session set seen_at = now() - interval '16 minutes'").await.unwrap();
    let typed = typed.with("released_summary", "Sparat medan det gick. Och efteråt.");
    // What the form sends by itself stands in the form still; what is sent by hand is kept.
    typed.kept_by(&malin).await.leads_to("/logga-in");
    typed.clone().with("by_hand", "1").kept_by(&malin).await.leads_to("/logga-in");
    typed.sent_by(&malin).await.leads_to("/logga-in");
    assert_eq!(count(&app, "parked_form").await, 2);
    app.state.clock.put_forward(Duration::seconds(30));
    let mut back = malin.twin();
    back.sign_in_towards("/konto/osparat").await;
    assert_eq!(opened(&back, &new).await.value("released_summary"), "Sparat medan det gick.");
    let page = back.get("/konto/osparat").await;
    page.is_ok().shows("Sparat medan det gick. Och efteråt.");
    // Given back by hand it becomes the draft.
    let fields: Vec<_> = typed.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let parked = page.value("parked");
    let again: Vec<_> = fields.iter().copied().chain([("by_hand", "1"), ("parked", parked.as_str())]).collect();
    back.post("/utkast", &again).await.leads_to(&new);
    assert_eq!(opened(&back, &new).await.value("released_summary"), "Sparat medan det gick. Och efteråt.");
    assert_eq!(count(&app, "parked_form").await, 1);
}

#[tokio::test]
async fn a_draft_that_nobody_touches_for_thirty_days_is_taken_away() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    let typed = opened(&malin, &threat::paths::new(&case)).await.with("released_summary", HALF);
    typed.kept_by(&malin).await.is_ok();
    app.state.clock.put_forward(Duration::days(30));
    let purge = async || jobs::purge_drafts(&app.db, &app.state.keys, &app.state.clock).await.unwrap();
    assert_eq!(purge().await, 0);
    app.state.clock.put_forward(Duration::SECOND);
    assert_eq!((purge().await, count(&app, "form_draft").await), (1, 0));
}

#[tokio::test]
async fn a_save_that_is_under_way_while_its_form_is_sent_is_no_fault() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    let typed = opened(&malin, &threat::paths::new(&case)).await.with("released_summary", HALF);
    // What is sent has not been kept before, and is just being let go of when the save comes.
    let mut owner = app.database.superuser().await;
    let mut sending = owner.begin().await.unwrap();
    sqlx::query(
        "insert into form_draft (id, account_id, case_id, address, page, mark, tab, version, saved_at, sent_mark)
         select $1::text::uuid, $2, id, $4, $4, decode(repeat('01', 16), 'hex'), $3::text::uuid, 1, now(),
                decode(repeat('01', 16), 'hex')
         from case_file where reference = $5",
    )
    .bind(typed.value("form_draft"))
    .bind(malin.account)
    .bind(typed.value("form_tab"))
    .bind(threat::paths::list(&case))
    .bind(&case)
    .execute(&mut *sending)
    .await
    .unwrap();
    let committed = async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        sending.commit().await.unwrap();
    };
    let (answer, ()) = tokio::join!(typed.kept_by(&malin), committed);
    assert_eq!(answer.is_ok().body, r#"{"sent":true}"#);
    malin.get("/utkast").await.is_ok().lacks("Polisen ringde i morse");
    assert!(!app.trail(&case).await.contains(&"form_draft.begun".to_owned()));
}
