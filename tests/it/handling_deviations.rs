//! Deviations: received in time, assessed, met and closed, step by step; and none that ends anything by itself.

use sqlx::Executor;
use time::macros::date;
use utvag::deviation::paths;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::cooperation::{ACTION, DESCRIPTION, Typed};
use crate::support::people::Person;
use crate::support::way_back::Typed as Outcome;

struct Ground<'a> {
    malin: Person<'a>,
    karin: Person<'a>,
    chef: Person<'a>,
    case: String,
}

async fn ground(app: &App) -> Ground<'_> {
    let (malin, karin, chef) = (app.social_worker().await, app.coordinator().await, app.manager().await);
    let case = Opening::unknown().responsible(&malin).coordinator(&karin).saved_by(&malin).await;
    Ground { malin, karin, chef, case }
}

const DAY: &str = "2026-12-31";
const ASSESSMENT: &str = "Personen vill fortsätta och ingen annan är i fara.";

fn step<'f>(version: &'f str, name: &'f str, text: &'f str) -> [(&'f str, &'f str); 2] {
    [("version", version), (name, text)]
}

#[tokio::test]
async fn ac_15_exposed_location() {
    let app = App::start().await;
    app.becomes(date!(2026 - 05 - 15));
    let Ground { malin, karin, chef, case } = ground(&app).await;
    let (overview, closing) = (format!("/arenden/{case}"), format!("/arenden/{case}/avslut"));
    let found = |severity: &str| Typed::deviation("location_exposed", severity, "2026-05-15");
    // Saved as grave, whatever was chosen, and not without saying what was done at once.
    let at_once = "Skriv vad som har gjorts direkt. Det krävs när avvikelsen är allvarlig";
    let bare = found("s1").with("immediate_action", "");
    bare.sent_to(&paths::list(&case), &malin).await.is_faulty().at("immediate_action", at_once);
    let id = found("s1").reported_by(&malin, &case).await;
    let (show, close) = (paths::show(&case, id), paths::close(&case, id));
    malin
        .get(&show)
        .await
        .is_ok()
        .shows("Röjd vistelseort")
        .shows("Allvar Allvarlig")
        .shows("Tas emot senast 2026-05-15");
    chef.get("/").await.is_ok().shows("Röjd vistelseort: ta emot senast 2026-05-15 I dag").lacks(DESCRIPTION);
    chef.get(&overview).await.is_ok().shows("Röjd vistelseort Rapporterad 2026-05-15");

    // The case is not closed meanwhile.
    let page = karin.get(&closing).await;
    page.is_ok().shows("Avvikelsen är öppen: Röjd vistelseort").lacks("Skriv ärendenumret");
    assert!(page.attributes("main .notice a", "href").contains(&show));
    let form = [("version", "1"), ("reason", "goal_reached"), ("closed_on", "2026-05-15"), ("confirm", case.as_str())];
    karin.post(&closing, &form).await.is_faulty().shows("Avvikelsen är öppen");

    // Nor the deviation, without somewhere else to live or why not.
    malin.takes_on(&case, id, "new_police_assessment").await;
    malin.get(&show).await.is_ok().shows("Avsluta utan omplacering");
    malin.get(&close).await.is_ok().shows("Ingen omplacering");
    for empty in ["", " "] {
        let refused = malin.post(&close, &step("4", "text", empty)).await;
        refused.is_faulty().at("text", "Skriv varför personen inte omplaceras");
    }
    karin.post(&closing, &form).await.is_faulty();
    let why = "Polisen bedömer att platsen är trygg, och personen vill stanna.";
    malin.post(&close, &step("4", "text", why)).await.leads_to(&show);
    karin.get(&show).await.is_ok().shows("Avslutad").shows(why).lacks("Avvikelsen är inte avslutad");

    // With somewhere else to live it is closed without more words.
    let moved = found("s3").reported_by(&karin, &case).await;
    karin.takes_on(&case, moved, "relocation").await;
    chef.post(&paths::close(&case, moved), &[("version", "4")]).await.leads_to(&paths::show(&case, moved));
    // No alarm any more; that it happened stands among the latest events.
    let alarms = chef.get(&overview).await.is_ok().texts(".notice h2");
    assert!(!alarms.iter().any(|alarm| alarm.contains("Röjd vistelseort")), "{alarms:?}");
    karin.get(&closing).await.is_ok().lacks("Avvikelsen är öppen");
    app.makes_the_case(&case, "status = 'closing'").await;
    let outcome = Outcome::outcome().with("known_on", "2026-05-15");
    outcome.sent_to(&utvag::outcome::paths::closing(&case), &malin).await.is(303);
    karin.post(&closing, &form).await.leads_to(&overview);
    Typed::deviation("other", "s1", "2026-05-15").sent_to(&paths::list(&case), &malin).await.is_forbidden();
    malin.get(&show).await.is_ok().shows(why);
}

#[tokio::test]
async fn each_step_is_kept_with_who_took_it_and_an_assessment_can_be_taken_back() {
    let app = App::start().await;
    let Ground { malin, karin, chef, case } = ground(&app).await;
    malin.get(&paths::list(&case)).await.is_ok().shows("Ingen avvikelse ännu");
    malin.get(&format!("/arenden/{case}/samverkan")).await.is_ok().shows("Ingen öppen avvikelse");
    malin.get(&paths::new(&case)).await.is_ok().shows("Ny avvikelse");
    let id = Typed::deviation("broken_condition", "s2", DAY).reported_by(&malin, &case).await;
    let show = paths::show(&case, id);
    malin.get(&show).await.is_ok().shows("Rapporterad").shows(DESCRIPTION).shows(ACTION).shows("2027-01-03");
    let page = chef.get(&format!("/arenden/{case}/samverkan")).await;
    page.is_ok().shows("Brutit mot villkor").shows("2027-01-03").lacks(DESCRIPTION);

    // Not before its time.
    malin.post(&paths::assess(&case, id), &step("1", "text", ASSESSMENT)).await.is(409);
    malin.post(&paths::decide(&case, id), &step("1", "outcome", "no_action")).await.is(409);
    malin.post(&paths::close(&case, id), &[("version", "1")]).await.is(409);
    malin.get(&paths::assess(&case, id)).await.leads_to(&show);

    karin.post(&paths::acknowledge(&case, id), &[("version", "1")]).await.leads_to(&show);
    malin.get("/").await.is_ok().lacks("ta emot senast");
    malin
        .post(&paths::assess(&case, id), &step("2", "text", " "))
        .await
        .is_faulty()
        .at("text", "Skriv hur avvikelsen bedöms");
    malin.post(&paths::assess(&case, id), &step("2", "text", "Ett misstag.")).await.leads_to(&show);
    malin.get(&paths::reconsider(&case, id)).await.is_ok().shows("Den tidigare bedömningen finns kvar");
    let why = "Skriv varför bedömningen tas tillbaka";
    malin.post(&paths::reconsider(&case, id), &step("3", "text", "")).await.is_faulty().at("text", why);
    malin.post(&paths::reconsider(&case, id), &step("3", "text", "Nya uppgifter har kommit.")).await.leads_to(&show);
    malin.post(&paths::assess(&case, id), &step("4", "text", ASSESSMENT)).await.leads_to(&show);
    let which = "Välj vad avvikelsen leder till";
    chef.post(&paths::decide(&case, id), &step("5", "outcome", "upphör")).await.is_faulty().at("outcome", which);
    chef.post(&paths::decide(&case, id), &step("5", "outcome", "plan_revised")).await.leads_to(&show);
    malin.post(&paths::close(&case, id), &[("version", "6")]).await.leads_to(&show);

    let page = malin.get(&show).await;
    page.is_ok().shows("Vårdplan reviderad").shows("Ett misstag.").shows("Nya uppgifter har kommit.").shows(ASSESSMENT);
    let steps: Vec<_> = page.texts(".timeline h3");
    assert_eq!(
        steps,
        ["Rapporterad", "Mottagen", "Bedömd", "Bedömningen togs tillbaka", "Bedömd", "Åtgärd beslutad", "Avslutad"]
    );
    let taken: Vec<_> = page.texts(".timeline .meta");
    assert!(
        taken[1].ends_with(&karin.name) && taken[5].ends_with(&chef.name) && taken[6].ends_with(&malin.name),
        "{taken:?}"
    );
    let trail = app.trail(&case).await;
    for event in ["reported", "acknowledged", "assessed", "reconsidered", "action_decided", "closed"] {
        assert!(trail.contains(&format!("deviation.{event}")), "{event}");
    }
    malin.post(&paths::reconsider(&case, id), &step("7", "text", "Igen.")).await.is(409);
}

#[tokio::test]
async fn whoever_comes_second_is_told_and_keeps_what_was_typed() {
    let app = App::start().await;
    let Ground { malin, karin, case, .. } = ground(&app).await;
    let id = Typed::deviation("missed_contact", "s1", DAY).reported_by(&malin, &case).await;
    let show = paths::show(&case, id);
    karin.post(&paths::acknowledge(&case, id), &[("version", "1")]).await.leads_to(&show);
    malin.post(&paths::acknowledge(&case, id), &[("version", "1")]).await.is(409);
    malin.post(&paths::assess(&case, id), &step("2", "text", "Först.")).await.leads_to(&show);
    karin.post(&paths::reconsider(&case, id), &step("3", "text", "För tidigt.")).await.leads_to(&show);
    let late = malin.post(&paths::assess(&case, id), &step("2", "text", ASSESSMENT)).await;
    late.is(409).shows("Avvikelsen har ändrats");
    assert_eq!((late.texts("#text"), late.value("version")), (vec![ASSESSMENT.to_owned()], "4".to_owned()));
    malin.post(&paths::assess(&case, id), &step("4", "text", ASSESSMENT)).await.leads_to(&show);
}

#[tokio::test]
async fn each_fault_is_told_at_its_field_and_what_was_typed_is_kept() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    for (field, typed, said) in [
        ("source", "", "Välj vem som har rapporterat"),
        ("category", "värst", "Välj vad som har hänt"),
        ("severity", "", "Välj hur allvarlig avvikelsen är"),
        ("occurred_on", "2027-01-01", "Avvikelsen kan inte ha hänt efter att den rapporterades"),
        ("reported_on", "2027-01-01", "Datumet kan inte vara senare än i dag, 2026-12-31"),
        ("reported_on", "", "Skriv datumet som ÅÅÅÅ-MM-DD"),
        ("immediate_action", "", "Skriv vad som har gjorts direkt. Det krävs när avvikelsen är allvarlig"),
    ] {
        let form = Typed::deviation("threat_event", "s3", DAY).with(field, typed);
        let answer = form.sent_to(&paths::list(&case), &malin).await;
        answer.is_faulty().at(field, said);
        assert_eq!(answer.texts("#description"), [DESCRIPTION], "{field}");
    }
    let form = Typed::deviation("threat_event", "s3", DAY);
    form.clone()
        .with("description", " ")
        .sent_to(&paths::list(&case), &malin)
        .await
        .is_faulty()
        .at("description", "Skriv vad som har hänt");
    for _ in 0..2 {
        form.reported_by(&malin, &case).await;
    }
    assert_eq!(malin.get(&paths::list(&case)).await.rows("table").len(), 1);
    // What is less grave needs nothing at once.
    Typed::deviation("other", "s1", DAY).with("immediate_action", "").reported_by(&malin, &case).await;
}

#[tokio::test]
async fn the_day_shows_what_waits_in_order_and_nothing_of_what_it_is() {
    let app = App::start().await;
    let Ground { malin, karin, chef, case } = ground(&app).await;
    for (category, severity, day) in [
        ("missed_contact", "s1", "2026-12-30"),
        ("threat_event", "s3", "2026-12-29"),
        ("substance_use", "s2", "2026-12-28"),
    ] {
        Typed::deviation(category, severity, day).reported_by(&malin, &case).await;
    }
    for who in [&karin, &chef, &malin] {
        let page = who.get("/").await;
        page.is_ok().lacks(DESCRIPTION).lacks("Hothändelse").lacks("Utebliven kontakt");
        let lines: Vec<_> = page.texts(".todo li").into_iter().filter(|line| line.contains("ta emot")).collect();
        assert_eq!(
            lines,
            [
                format!("Allvarlig avvikelse: ta emot senast 2026-12-29 Försenad 2 dagar 2026-12-29 , {case}"),
                format!("Avvikelse: ta emot senast 2026-12-31 I dag 2026-12-31 , {case}"),
                format!("Avvikelse: ta emot senast 2027-01-06 2027-01-06 , {case}"),
            ]
        );
    }
    let outside = app.social_worker().await;
    outside.get("/").await.is_ok().lacks("ta emot senast");
}

#[tokio::test]
async fn those_outside_the_case_find_nothing() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    let id = Typed::deviation("other", "s1", DAY).reported_by(&malin, &case).await;
    let (aisha, other) = (app.social_worker().await, malin.opens_a_case_on("2026-01-05").await);
    for path in [paths::list(&case), paths::new(&case), paths::show(&case, id), paths::assess(&case, id)] {
        aisha.get(&path).await.is_missing();
    }
    aisha.post(&paths::acknowledge(&case, id), &[("version", "1")]).await.is_missing();
    Typed::deviation("other", "s1", DAY).sent_to(&paths::list(&case), &aisha).await.is_missing();
    malin.get(&paths::show(&other, id)).await.is_missing();
    malin.post(&paths::acknowledge(&other, id), &[("version", "1")]).await.is_missing();
}

#[tokio::test]
async fn postgres_holds_the_same_rules_by_itself() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    let found = Typed::deviation("location_exposed", "s3", DAY).reported_by(&malin, &case).await;
    malin.takes_on(&case, found, "no_action").await;
    let other = malin.opens_a_case_on("2026-01-05").await;
    Typed::deviation("other", "s1", DAY).reported_by(&malin, &other).await;
    for case in [&case, &other] {
        malin.records_the_outcome(case).await;
    }
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'prov', false)").await.unwrap();
    let of_found = format!("where id = '{found}'");
    let set = |what: &str| format!("update deviation set {what} {of_found}");
    let told = |text: &str| {
        format!(
            "begin; insert into deviation_step (id, deviation_id, case_id, number, status, text, taken_by, taken_at)
             select gen_random_uuid(), id, case_id, 5, 'closed', {text}, registered_by, registered_at from deviation {of_found};
             {}; commit",
            set("status = 'closed', version = 5")
        )
    };
    let copy = |category: &str, severity: &str, occurred: &str, action: &str| {
        format!(
            "insert into deviation (id, case_id, source, category, severity, occurred_on, reported_on, description,
               immediate_action, registered_by, registered_at)
             select gen_random_uuid(), case_id, source, '{category}', '{severity}', {occurred}, reported_on, description, {action},
               registered_by, registered_at from deviation {of_found}"
        )
    };
    for (change, constraint) in [
        (set("severity = 's1', version = 5"), "deviation_stands"),
        (set("outcome = 'relocation', version = 5"), "deviation_stands"),
        (set("status = 'reported', version = 5"), "deviation_moves"),
        (set("status = 'assessed', version = 5"), "deviation_moves"),
        (set("status = 'closed', version = 7"), "deviation_moves"),
        (set("status = 'closed', version = 5"), "deviation_step_told"),
        (told("null"), "deviation_step_told"),
        (format!("delete from deviation {of_found}"), "deviation_stands"),
        ("update deviation_step set text = null".to_owned(), "deviation_step_stands"),
        ("delete from deviation_step".to_owned(), "deviation_step_stands"),
        (copy("location_exposed", "s2", "occurred_on", "''"), "deviation_exposed"),
        (copy("other", "s3", "occurred_on", "null"), "deviation_at_once"),
        (copy("other", "s1", "reported_on + 1", "null"), "deviation_days"),
        (
            "alter table case_file disable trigger case_file_moves;
             update case_file set status = 'closed', closed_on = '2026-12-31', close_reason = 'other'"
                .to_owned(),
            "case_file_deviations",
        ),
    ] {
        let refused = owner.execute(sqlx::AssertSqlSafe(change.clone())).await.unwrap_err();
        let by = refused.as_database_error().and_then(|error| error.constraint()).map(str::to_owned);
        assert_eq!(by.as_deref(), Some(constraint), "{change}: {refused}");
        owner.execute("rollback").await.unwrap();
    }
    owner.execute(sqlx::AssertSqlSafe(told("'\\x00'"))).await.unwrap();
}
