//! The review of the log, through the pages: a month is drawn, marked, answered, signed by one and closed by another, and
//! nobody reviews themselves or sees what stands in a case.

use std::collections::BTreeSet;

use time::macros::date;
use utvag::audit::seal;
use utvag::error::constraint;
use utvag::log_review::draw::sample;
use utvag::vocabulary::Role;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::page::Page;
use crate::support::people::{PASSWORD, Person};

const LIST: &str = "/logggranskning";
const DECEMBER: &str = "/logggranskning/2026-12";
const SIGN: &str = "/logggranskning/2026-12/underskrift";
const PROTOCOL: &str = "/logggranskning/2026-12/protokoll";

/// What happened on the last day of December, seen from January.
struct Month<'a> {
    malin: Person<'a>,
    karin: Person<'a>,
    chef: Person<'a>,
    ylva: Person<'a>,
    case: String,
}

async fn december(app: &App) -> Month<'_> {
    let (malin, karin, chef) = (app.social_worker().await, app.coordinator().await, app.manager().await);
    let ylva = app.person(Role::LogReviewer).await;
    let case = Opening::unknown().responsible(&malin).saved_by(&malin).await;
    for who in [&malin, &karin, &chef] {
        who.get(&format!("/arenden/{case}")).await.is_ok();
    }
    app.makes_the_case(&case, "protection_level = 'restricted'").await;
    for _ in 0..3 {
        ylva.get("/arenden").await.is_missing();
    }
    app.becomes(date!(2027 - 01 - 11));
    Month { malin, karin, chef, ylva, case }
}

async fn seal_the_log(app: &App) {
    for _ in 0..200 {
        let mut work = app.db.begin_task().await.unwrap();
        if seal::seal(&mut work, &app.state.keys, app.state.clock.now()).await.unwrap().is_some() {
            return work.commit().await.unwrap();
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("the log was never sealed");
}

/// The items of a page, with the words of their rows.
fn items(page: &Page) -> Vec<(String, String)> {
    let links = page.attributes("tbody th a", "href");
    links.into_iter().zip(page.rows("table").into_iter().map(|row| row.join(" "))).collect()
}

async fn item_about(reviewer: &Person<'_>, who: &Person<'_>, case: &str) -> String {
    let page = reviewer.get(DECEMBER).await;
    let found = items(page.is_ok()).into_iter().find(|(_, row)| row.contains(&who.name) && row.contains(case));
    found.unwrap_or_else(|| panic!("nothing about {}: {}", who.name, page.words())).0
}

#[tokio::test]
async fn a_month_is_drawn_marked_answered_signed_and_closed() {
    let app = App::start().await;
    let Month { malin, karin, chef, ylva, case } = december(&app).await;

    // It waits for the reviewer from the first of the next month, and for the manager when it is late.
    let todo = "Logggranskningen för december 2026 ska stängas";
    ylva.get("/").await.is_ok().shows(todo).lacks("Försenad");
    chef.get("/").await.is_ok().lacks(todo);
    app.becomes(date!(2027 - 01 - 16));
    ylva.get("/").await.is_ok().shows(todo).shows("Försenad 1 dag");
    chef.get("/").await.is_ok().shows(todo);

    ylva.get(LIST).await.is_ok().shows("December 2026 Öppen").shows("Januari 2027 Pågår");
    ylva.get(DECEMBER).await.is_ok().shows("Urvalet är inte gjort");
    ylva.post("/logggranskning/2027-01", &[]).await.is(422).shows("Månaden är inte slut än");
    chef.post(DECEMBER, &[]).await.is_forbidden();
    karin.get(LIST).await.is_missing();
    ylva.post(DECEMBER, &[]).await.leads_to(DECEMBER);
    let seed = ylva.get(DECEMBER).await.is_ok().texts("dd .typed").concat();
    ylva.post(DECEMBER, &[]).await.leads_to(DECEMBER);
    let page = ylva.get(DECEMBER).await;
    assert_eq!(page.is_ok().texts("dd .typed").concat(), seed, "a month is drawn once");
    page.shows(&case).shows("Personen eller ärendet är skyddat").shows("Ansvarig handläggare");
    page.shows("Nekades minst tre gånger på tio minuter").lacks("Milo").lacks("Påhitt");
    ylva.get(&format!("/arenden/{case}")).await.is_missing();
    // The manager does not read it before it is signed, but what is about the reviewer.
    chef.get(DECEMBER).await.is_ok().lacks(&malin.name).shows(&ylva.name);
    chef.get(PROTOCOL).await.is_missing();
    ylva.get(SIGN).await.leads_to(DECEMBER);

    // Nobody reviews themselves, not even past the program.
    let own = item_about(&ylva, &ylva, "").await;
    ylva.get(&own).await.is_ok().shows("Posten gäller dig").lacks("Spara bedömningen");
    let fields = [("id", ""), ("number", "1"), ("verdict", "justified"), ("note", "")];
    ylva.post(&own, &fields).await.is_forbidden();
    let mut owner = app.database.superuser().await;
    sqlx::query("select set_config('app.event', 'prov', false)").execute(&mut owner).await.unwrap();
    let refused = sqlx::query(
        "insert into log_review_mark (id, item_id, number, verdict, made_by, made_at)
         select gen_random_uuid(), id, 1, 'justified', actor_id, now() from log_review_item where actor_id = $1",
    )
    .bind(ylva.account)
    .execute(&mut owner)
    .await
    .unwrap_err();
    assert_eq!(constraint(&refused), Some("log_review_own"));

    // Asked, answered, and then marked.
    let about = item_about(&ylva, &malin, &case).await;
    ylva.marks(&about, "ask_user", "").await.is_faulty().at("note", "Skriv vad du frågar");
    ylva.marks(&about, "ask_user", "Varför öppnade du ärendet på nyårsafton?").await.is(303);
    let again = [("id", ""), ("number", "1"), ("verdict", "justified"), ("note", "")];
    ylva.post(&about, &again).await.is(409).shows("Någon annan har bedömt posten");
    let question = format!("/loggfragor/{}", about.rsplit('/').next().unwrap());
    malin.get("/").await.is_ok().shows("Svara på en fråga om loggen");
    malin.get(&question).await.is_ok().shows("Varför öppnade du ärendet på nyårsafton?").shows(&case);
    for other in [&karin, &chef, &ylva] {
        other.get(&question).await.is_missing();
        other.post(&question, &[("answer", "Nej")]).await.is_missing();
    }
    malin.post(&question, &[("answer", " ")]).await.is_faulty().at("answer", "Skriv ett svar");
    malin.post(&question, &[("answer", "Personen ringde.")]).await.leads_to(&question);
    malin.post(&question, &[("answer", "En gång till.")]).await.leads_to(&question);
    malin.get("/").await.is_ok().lacks("Svara på en fråga om loggen");
    ylva.get(&about).await.is_ok().shows("Personen ringde.").lacks("En gång till.").shows("Besvarad");
    ylva.marks(&about, "justified", "Svaret räcker.").await.is(303);
    malin.get(&question).await.is_missing();

    // The manager is asked about somebody else, and never about themselves.
    let about = item_about(&ylva, &karin, &case).await;
    ylva.marks(&about, "ask_manager", "Hade Karin i uppdrag att läsa?").await.is(303);
    chef.get("/").await.is_ok().shows("Svara på en fråga om loggen");
    let question = format!("/loggfragor/{}", about.rsplit('/').next().unwrap());
    karin.get(&question).await.is_missing();
    chef.post(&question, &[("answer", "Ja.")]).await.leads_to(&question);
    ylva.marks(&about, "incident", "Uppdraget var muntligt och är inte antecknat.").await.is(303);

    everything_else_is_justified(&ylva, &chef).await;
    signed_and_closed(&app, &ylva, &chef).await;
    let stands =
        sqlx::query("update log_review set closed_name = 'Någon annan'").execute(&mut owner).await.unwrap_err();
    assert_eq!(constraint(&stands), Some("log_review_stands"));
    let stands = sqlx::query("delete from log_review_mark").execute(&mut owner).await.unwrap_err();
    assert_eq!(constraint(&stands), Some("log_review_stands"));
    let events = app.log().await;
    for event in
        ["log_review.drawn", "log_review.marked", "log_question.answered", "log_review.signed", "log_review.closed"]
    {
        assert!(events.contains(&event.to_owned()), "{event}");
    }
}

/// The reviewer marks what is left; what is about the reviewer a manager does.
async fn everything_else_is_justified(ylva: &Person<'_>, chef: &Person<'_>) {
    let left = format!("{DECEMBER}?visa=kvar");
    for (href, row) in items(ylva.get(&left).await.is_ok()) {
        let who = if row.contains(&ylva.name) { chef } else { ylva };
        who.marks(&href, "justified", "").await.is(303);
    }
    assert_eq!(items(ylva.get(&left).await.is_ok()), []);
}

async fn signed_and_closed(app: &App, ylva: &Person<'_>, chef: &Person<'_>) {
    chef.get(SIGN).await.leads_to(DECEMBER);
    ylva.signs(SIGN, "fel lösenord").await.is_faulty().shows("Lösenordet eller engångskoden stämmer inte");
    ylva.post(SIGN, &[("print", "00"), ("password", PASSWORD), ("code", &ylva.code())]).await.is(409);
    seal_the_log(app).await;
    ylva.signs_rightly(SIGN).await.leads_to(PROTOCOL);
    ylva.get(PROTOCOL).await.is_ok().shows(&ylva.name).shows("Inte stängd än").shows("Incident 1");
    // Once signed nothing more is said, and the one who signed does not close.
    ylva.get(SIGN).await.leads_to(DECEMBER);
    chef.get(LIST).await.is_ok().shows("Väntar på andra underskriften");
    chef.signs_rightly(SIGN).await.leads_to(PROTOCOL);
    for who in [ylva, chef] {
        let page = who.get(PROTOCOL).await;
        page.is_ok()
            .shows(&ylva.name)
            .shows(&chef.name)
            .shows("Protokollets fingeravtryck")
            .lacks("Protokollet är ändrat");
        page.shows("omfattas inte av underskriften");
        who.get(LIST).await.is_ok().shows("December 2026 Stängd");
        who.get("/").await.is_ok().lacks("Logggranskningen för december");
    }
}

#[tokio::test]
async fn a_month_is_not_signed_while_something_is_left_also_past_the_program() {
    let app = App::start().await;
    let Month { ylva, .. } = december(&app).await;
    ylva.post(DECEMBER, &[]).await.leads_to(DECEMBER);
    let mut owner = app.database.superuser().await;
    sqlx::query("select set_config('app.event', 'prov', false)").execute(&mut owner).await.unwrap();
    let refused = sqlx::query(
        "update log_review set signed_by = $1, signed_name = 'Y', signed_at = now(), seal_n = 1,
           seal_hash = sha256(''), print = sha256('')",
    )
    .bind(ylva.account)
    .execute(&mut owner)
    .await
    .unwrap_err();
    assert_eq!(constraint(&refused), Some("log_review_own_name"), "not even the owner, in nobody's name");
}

/// December, gone through and signed by the reviewer.
async fn signed(app: &App) -> Month<'_> {
    let month = december(app).await;
    month.ylva.post(DECEMBER, &[]).await.leads_to(DECEMBER);
    everything_else_is_justified(&month.ylva, &month.chef).await;
    seal_the_log(app).await;
    month.ylva.signs_rightly(SIGN).await.leads_to(PROTOCOL);
    month
}

const BACK: &str = "/logggranskning/2026-12/tillbaka";

#[tokio::test]
async fn a_signed_month_is_handed_back_with_a_reason_and_a_closed_one_never() {
    let app = App::start().await;
    let Month { ylva, chef, karin, .. } = signed(&app).await;
    let todo = "Logggranskningen för december 2026 ska stängas";
    chef.get("/").await.is_ok().shows(todo);
    let page = chef.get(SIGN).await;
    let id = page.is_ok().shows("Lämna tillbaka").value("id");
    chef.post(BACK, &[("id", &id), ("reason", " ")])
        .await
        .is_faulty()
        .at("reason", "Skriv varför du lämnar tillbaka månaden");
    ylva.post(BACK, &[("reason", "Jag ångrar mig.")]).await.is_forbidden();
    karin.post(BACK, &[("reason", "Nej")]).await.is_missing();
    let reason = "Post 1 ser ut som en incident. Fråga medarbetaren.";
    chef.post(BACK, &[("id", &id), ("reason", reason)]).await.leads_to(DECEMBER);
    chef.post(BACK, &[("id", &id), ("reason", reason)]).await.leads_to(DECEMBER);

    // The signature has fallen and stands beside the reason; the reviewer goes on.
    chef.get(PROTOCOL).await.is_missing();
    ylva.get(DECEMBER).await.is_ok().shows(reason).shows(&chef.name).shows("Under granskning");
    let (href, _) = items(&ylva.get(DECEMBER).await).into_iter().find(|(_, row)| !row.contains(&ylva.name)).unwrap();
    ylva.marks(&href, "incident", "Medarbetaren kunde inte svara.").await.is(303);
    ylva.signs_rightly(SIGN).await.leads_to(PROTOCOL);
    chef.signs_rightly(SIGN).await.leads_to(PROTOCOL);
    chef.get(PROTOCOL).await.is_ok().shows("Incident 1").lacks("Protokollet är ändrat");
    chef.post(BACK, &[("reason", "För sent.")]).await.leads_to(DECEMBER);
    ylva.get(DECEMBER).await.is_ok().lacks("För sent.").shows("Stängd");
    assert!(app.log().await.contains(&"log_review.returned".to_owned()));

    // Not past the program either: not without a reason, and not what was closed.
    let mut owner = app.database.superuser().await;
    sqlx::query("select set_config('app.event', 'prov', false)").execute(&mut owner).await.unwrap();
    let undo =
        "update log_review set signed_by = null, signed_name = null, signed_at = null, seal_n = null, seal_hash = null,
                  print = null";
    let stands = sqlx::query(undo).execute(&mut owner).await.unwrap_err();
    assert_eq!(constraint(&stands), Some("log_review_stands"));
    let stands = sqlx::query("delete from log_review_return").execute(&mut owner).await.unwrap_err();
    assert_eq!(constraint(&stands), Some("log_review_stands"));
}

#[tokio::test]
async fn a_signature_does_not_fall_without_a_reason_also_past_the_program() {
    let app = App::start().await;
    signed(&app).await;
    let mut owner = app.database.superuser().await;
    sqlx::query("select set_config('app.event', 'prov', false)").execute(&mut owner).await.unwrap();
    let undo =
        "update log_review set signed_by = null, signed_name = null, signed_at = null, seal_n = null, seal_hash = null,
                  print = null";
    let refused = sqlx::query(undo).execute(&mut owner).await.unwrap_err();
    assert_eq!(constraint(&refused), Some("log_review_returned"));
}

#[tokio::test]
async fn a_month_that_nobody_has_gone_through_is_an_alarm_for_reviewer_and_manager() {
    let app = App::start().await;
    let Month { ylva, chef, malin, .. } = december(&app).await;
    let alarm = "Loggen för december 2026 är inte granskad";
    // The tenth working day of January 2027 is the eighteenth.
    app.becomes(date!(2027 - 01 - 18));
    for who in [&ylva, &chef] {
        who.get("/").await.is_ok().lacks(alarm);
    }
    app.becomes(date!(2027 - 01 - 19));
    ylva.post(DECEMBER, &[]).await.leads_to(DECEMBER);
    for who in [&ylva, &chef] {
        who.get("/").await.is_ok().shows(alarm).shows("Försenad 1 dag");
    }
    malin.get("/").await.is_ok().lacks(alarm);
    everything_else_is_justified(&ylva, &chef).await;
    seal_the_log(&app).await;
    ylva.signs_rightly(SIGN).await.leads_to(PROTOCOL);
    chef.get("/").await.is_ok().lacks(alarm).shows("Logggranskningen för december 2026 ska stängas");
}

#[tokio::test]
async fn the_draw_is_made_again_from_what_the_protocol_says() {
    let app = App::start().await;
    let Month { ylva, .. } = signed(&app).await;
    let page = ylva.get(PROTOCOL).await;
    page.is_ok().shows("Först tas den dag som har lägst tal för var och en");
    let seed = page.texts("dd .typed").into_iter().find(|text| text.len() == 32).expect("the seed");
    let seed: [u8; 16] = data_encoding::HEXLOWER.decode(seed.as_bytes()).unwrap().try_into().unwrap();
    let mut owner = app.database.superuser().await;
    let days: Vec<(uuid::Uuid, time::Date)> = sqlx::query_as(
        "select distinct actor_id, (at at time zone 'Europe/Stockholm')::date from audit.entry
         where actor_id is not null and actor_role is not null and (at at time zone 'Europe/Stockholm')::date between '2026-12-01' and '2026-12-31'",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    let by_lot: Vec<(uuid::Uuid, time::Date)> =
        sqlx::query_as("select distinct actor_id, day from log_review_item where 'chance' = any (grounds)")
            .fetch_all(&mut owner)
            .await
            .unwrap();
    let (again, stratified) = sample(&seed, &days.into_iter().collect(), &BTreeSet::new());
    assert_eq!(again, by_lot.into_iter().collect());
    assert_eq!(again.len(), stratified, "everybody for the first time in the quarter");
}

#[tokio::test]
async fn a_conflict_a_new_computer_and_a_late_seal_come_up_from_the_real_log() {
    let app = App::start().await;
    let (malin, karin, ylva) =
        (app.social_worker().await, app.coordinator().await, app.person(Role::LogReviewer).await);
    let case = Opening::unknown().with("protection", "restricted").responsible(&malin).saved_by(&malin).await;
    malin.get(&format!("/arenden/{case}")).await.is_ok();
    let (id, account) = (uuid::Uuid::now_v7().to_string(), karin.account.to_string());
    let fields = [("id", id.as_str()), ("account", &account), ("reason", "Jag känner familjen.")];
    karin.says_why(&case).await;
    karin.post(&utvag::conflict::paths::declare(&case), &fields).await.leads_to("/arenden");
    karin.get(&format!("/arenden/{case}")).await.is_missing();
    app.becomes(date!(2027 - 01 - 11));
    ylva.post(DECEMBER, &[]).await.leads_to(DECEMBER);
    let page = ylva.get(DECEMBER).await;
    page.is_ok().shows("Försökte öppna ett ärende trots anmält jäv");
    page.shows("Öppnade något skyddat från en dator som kontot inte hade använt förut");
    page.shows("Rader väntade på försegling när urvalet gjordes");
}
