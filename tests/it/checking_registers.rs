//! The police's checks: that one was made and what it came to, and nothing of what stood in a register.

use sqlx::Executor;
use time::macros::date;
use utvag::check::paths;
use utvag::deviation::paths as deviations;
use uuid::Uuid;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::cooperation::{ACTION, DESCRIPTION, GROUND, Typed};
use crate::support::decisions::Typed as Decision;
use crate::support::journal::Typed as Given;
use crate::support::people::Person;
use crate::support::placements::Typed as Placement;

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

/// A consent to checks by the local police.
fn consent(given_on: &str, valid_to: &str) -> Given {
    Given::consent().with("kind", "relapse_follow_up").with("given_on", given_on).with("valid_to", valid_to)
}

async fn given(person: &Person<'_>, case: &str, consent: &Given) {
    let list = utvag::consent::paths::list(case);
    consent.sent_to(&list, person).await.leads_to(&format!("{list}/{}", consent.id));
}

fn cooperation(case: &str) -> String {
    format!("/arenden/{case}/samverkan")
}

/// What a page says of decisions and placements, which no deviation may change.
async fn standing(app: &App) -> Vec<String> {
    let mut owner = app.database.superuser().await;
    sqlx::query_scalar(
        "select to_jsonb(d)::text from decision d union all select to_jsonb(p)::text from placement p order by 1",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap()
}

#[tokio::test]
async fn ac_14_register_check_and_deviation() {
    let app = App::start().await;
    app.becomes(date!(2026 - 02 - 01));
    let Ground { malin, karin, chef, case } = ground(&app).await;
    let (overview, home) = (format!("/arenden/{case}"), karin.adds_a_home("hvb").await);
    Placement::new(&home, "hvb", "2026-01-15", "2026-07-15").saved_by(&malin, &case).await;
    let decision = Decision::outpatient("2026-02-01", "2026-07-30").submitted_by(&malin, &case).await;
    malin.decides(&case, decision).await;

    // The last check on 1 February: the next by 3 March, late on the 4th.
    Typed::check("2026-02-01").checked_by(&malin, &case).await;
    malin.get(&paths::list(&case)).await.is_ok().shows("2026-02-01").shows("2026-03-03").shows("Utan avvikelse");
    app.becomes(date!(2026 - 03 - 03));
    for (who, page) in
        [(&malin, &overview), (&karin, &overview), (&chef, &cooperation(&case)), (&karin, &"/".to_owned())]
    {
        who.get(page).await.is_ok().lacks("Slagning ej rapporterad");
    }
    app.becomes(date!(2026 - 03 - 04));
    malin
        .get(&overview)
        .await
        .is_ok()
        .shows("Slagning ej rapporterad Nästa slagning skulle ha gjorts senast 2026-03-03");
    malin.get(&cooperation(&case)).await.is_ok().shows("Slagning ej rapporterad").shows("2026-03-03 Försenad 1 dag");
    for who in [&karin, &chef] {
        let day = who.get("/").await;
        day.is_ok().shows("Slagning ej rapporterad Försenad 1 dag");
        let line = day.texts(".todo li").into_iter().find(|line| line.contains("Slagning")).unwrap();
        assert_eq!(line, format!("Slagning ej rapporterad Försenad 1 dag 2026-03-03 , {case}"));
    }

    // The police report on 15 May that somebody is suspected of a new crime.
    app.becomes(date!(2026 - 05 - 15));
    let before = standing(&app).await;
    assert_eq!(before.len(), 2);
    let grave = Typed::deviation("suspected_crime", "s3", "2026-05-15").reported_by(&karin, &case).await;
    let page = malin.get(&deviations::show(&case, grave)).await;
    page.is_ok().shows("Allvarlig avvikelse").shows("Misstanke om nytt brott").shows("ska tas emot senast 2026-05-15");
    for who in [&malin, &karin, &chef] {
        let page = who.get(&overview).await;
        page.is_ok().shows("Allvarlig avvikelse Misstanke om nytt brott, rapporterad 2026-05-15.");
        page.shows("Avvikelsen ska tas emot senast 2026-05-15");
        who.get("/").await.is_ok().shows("Allvarlig avvikelse: ta emot senast 2026-05-15 I dag").lacks(DESCRIPTION);
    }
    let less = Typed::deviation("missed_contact", "s2", "2026-05-15").reported_by(&malin, &case).await;
    malin.get(&deviations::show(&case, less)).await.is_ok().shows("Tas emot senast 2026-05-18");
    malin.get("/").await.is_ok().shows("Avvikelse: ta emot senast 2026-05-18");

    // What can be chosen, and nothing else; and nothing of it ends anything.
    for (deviation, outcome) in [(grave, "closing_considered"), (less, "review_decision")] {
        malin.post(&deviations::acknowledge(&case, deviation), &[("version", "1")]).await.is(303);
        let text = [("version", "2"), ("text", "Personen deltar i utredningen och vill fortsätta.")];
        malin.post(&deviations::assess(&case, deviation), &text).await.is(303);
        let form = malin.get(&deviations::decide(&case, deviation)).await;
        assert_eq!(
            form.texts("input[name='outcome'] + label"),
            [
                "Ingen åtgärd",
                "Vårdplan reviderad",
                "Ny polisbedömning begärd",
                "Omplacering",
                "Omprövning inledd",
                "Avslut övervägs"
            ]
        );
        form.shows("Inled omprövning.").shows("Överväg avslut.");
        assert!(
            form.attributes("main form input, main form textarea", "name")
                .iter()
                .all(|name| ["version", "outcome"].contains(&name.as_str()) || name.starts_with("form_"))
        );
        chef.post(&deviations::decide(&case, deviation), &[("version", "3"), ("outcome", outcome)]).await.is(303);
        malin.post(&deviations::close(&case, deviation), &[("version", "4")]).await.is(303);
    }
    assert_eq!(standing(&app).await, before, "no deviation changes a decision or a placement");
    malin.get(&overview).await.is_ok().lacks("Allvarlig avvikelse");
}

#[tokio::test]
async fn a_consent_that_held_on_the_day_is_the_ground_and_else_the_ground_is_said() {
    let app = App::start().await;
    let Ground { malin, karin, case, .. } = ground(&app).await;
    let list = paths::list(&case);
    let lacking = "Inget samtycke till slagningar gällde den dagen. Skriv vilken grund slagningen har";
    let bare = |day: &str| Typed::check(day).with("ground", " ");
    bare("2026-12-01").sent_to(&list, &malin).await.is_faulty().at("ground", lacking);
    let id = Typed::check("2026-12-01").checked_by(&malin, &case).await;
    karin.get(&paths::show(&case, id)).await.is_ok().shows(GROUND).shows("2026-12-31");

    // One that is to something else is none.
    given(&malin, &case, &Given::consent().with("given_on", "2026-11-01")).await;
    bare("2026-12-02").sent_to(&list, &malin).await.is_faulty().at("ground", lacking);
    let held = consent("2026-12-03", "2026-12-20");
    given(&malin, &case, &held).await;
    malin.get(&paths::new(&case)).await.is_ok().shows("Lämnat 2026-12-03");
    for (day, body) in [("2026-12-02", "lpo"), ("2026-12-21", "lpo"), ("2026-12-03", "noa")] {
        bare(day).with("body", body).sent_to(&list, &malin).await.is_faulty().at("ground", lacking);
    }
    let said = "Samtycket från 2026-12-03 räcker. Ta bort grunden";
    Typed::check("2026-12-03").sent_to(&list, &malin).await.is_faulty().at("ground", said);
    for day in ["2026-12-03", "2026-12-20"] {
        let id = bare(day).checked_by(&malin, &case).await;
        malin.get(&paths::show(&case, id)).await.is_ok().shows("Samtycke till slagningar").lacks(GROUND);
    }

    // Taken back today: it held until yesterday.
    let whole = consent("2026-12-21", "2027-12-20");
    given(&malin, &case, &whole).await;
    let back = utvag::consent::paths::withdraw(&case, whole.id);
    malin.post(&back, &[("how", "På telefon.")]).await.is(303);
    bare("2026-12-31").sent_to(&list, &malin).await.is_faulty().at("ground", lacking);
    bare("2026-12-30").checked_by(&malin, &case).await;
}

#[tokio::test]
async fn a_check_that_shows_a_deviation_names_it_or_registers_it_with_itself() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    let (list, showed) = (paths::list(&case), Typed::check("2026-12-10").with("result", "deviation"));
    let which = "Välj vilken avvikelse slagningen visade, eller registrera en ny";
    showed.sent_to(&list, &malin).await.is_faulty().at("deviation", which);
    let other = malin.opens_a_case_on("2026-01-05").await;
    let foreign = Typed::deviation("other", "s1", "2026-12-01").reported_by(&malin, &other).await;
    let pointing = |id: Uuid| showed.clone().with("deviation", &id.to_string());
    pointing(foreign).sent_to(&list, &malin).await.is_faulty().at("deviation", which);

    let known = Typed::deviation("suspected_crime", "s3", "2026-12-09").reported_by(&malin, &case).await;
    pointing(known).sent_to(&list, &malin).await.leads_to(&deviations::show(&case, known));
    malin.get(&paths::show(&case, showed.id)).await.is_ok().shows("Visa avvikelsen");

    // In one form, of which both or none is saved.
    let new = Typed::check("2026-12-11").with("result", "deviation").with("deviation", "ny");
    let faulty = new.sent_to(&list, &malin).await;
    faulty.is_faulty().at("category", "Välj vad som har hänt").at("description", "Skriv vad som har hänt");
    let whole = new
        .with("category", "contact_with_group")
        .with("severity", "s3")
        .with("occurred_on", "2026-12-05")
        .with("description", DESCRIPTION);
    let answer = whole.sent_to(&list, &malin).await;
    let at_once = "Skriv vad som har gjorts direkt. Det krävs när avvikelsen är allvarlig";
    answer.is_faulty().at("immediate_action", at_once);
    assert_eq!(
        (answer.texts("#description"), answer.texts("#ground")),
        (vec![DESCRIPTION.to_owned()], vec![GROUND.to_owned()])
    );
    assert_eq!(malin.get(&list).await.rows("table").len(), 1);
    let answer = whole.with("immediate_action", ACTION).sent_to(&list, &malin).await;
    assert_eq!(answer.status, 303, "{}", answer.words());
    let page = malin.get(answer.location()).await;
    page.is_ok()
        .shows("Kontakt med tidigare gruppering")
        .shows("2026-12-11 Polisen")
        .shows("Tas emot senast 2026-12-11");
    let trail = app.trail(&case).await;
    assert!(
        trail.ends_with(&["case.read", "deviation.shown"].map(str::to_owned))
            || trail.contains(&"check.registered".to_owned())
    );

    let nothing = "Slagningen visade ingen avvikelse. Välj ingen";
    for result in ["no_deviation", "not_performed"] {
        let form = Typed::check("2026-12-12").with("result", result);
        form.clone().with("deviation", "ny").sent_to(&list, &malin).await.is_faulty().at("deviation", nothing);
        form.checked_by(&malin, &case).await;
    }
}

#[tokio::test]
async fn what_was_not_made_is_due_still() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    Typed::check("2026-11-30").checked_by(&malin, &case).await;
    malin.get(&cooperation(&case)).await.is_ok().shows("Nästa slagning senast 2026-12-30 Försenad 1 dag");
    Typed::check("2026-12-29").with("result", "not_performed").checked_by(&malin, &case).await;
    malin.get(&cooperation(&case)).await.is_ok().shows("Ej genomförd").shows("2026-12-30 Försenad 1 dag");
    Typed::check("2026-12-31").checked_by(&malin, &case).await;
    malin.get(&cooperation(&case)).await.is_ok().shows("2027-01-30").lacks("Slagning ej rapporterad");
    let day = malin.get("/").await;
    day.is_ok().lacks("Slagning ej rapporterad");
}

#[tokio::test]
async fn each_fault_is_told_at_its_field_and_what_was_typed_is_kept() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    for (field, typed, said) in [
        ("body", "", "Välj vem hos polisen som gjorde slagningen"),
        ("performed_on", "i går", "Skriv datumet som ÅÅÅÅ-MM-DD"),
        ("performed_on", "2026-12-02", "Slagningen kan inte vara gjord efter att den rapporterades"),
        ("reported_on", "2027-01-01", "Datumet kan inte vara senare än i dag, 2026-12-31"),
        ("result", "träff", "Välj vad slagningen gav"),
    ] {
        let answer = Typed::check("2026-12-01").with(field, typed).sent_to(&paths::list(&case), &malin).await;
        answer.is_faulty().at(field, said);
        assert_eq!(answer.texts("#ground"), [GROUND], "{field}");
    }
    let form = Typed::check("2026-12-01");
    for _ in 0..2 {
        form.checked_by(&malin, &case).await;
    }
    assert_eq!(malin.get(&paths::list(&case)).await.rows("table").len(), 1);
}

#[tokio::test]
async fn those_outside_the_case_find_nothing_and_the_manager_only_reads() {
    let app = App::start().await;
    let Ground { malin, karin, chef, case } = ground(&app).await;
    let (list, new, aisha) = (paths::list(&case), paths::new(&case), app.social_worker().await);
    let id = Typed::check("2026-12-01").checked_by(&karin, &case).await;
    for path in [&list, &new, &paths::show(&case, id), &cooperation(&case)] {
        aisha.get(path).await.is_missing();
    }
    Typed::check("2026-12-02").sent_to(&list, &aisha).await.is_missing();
    chef.get(&list).await.is_ok().lacks("Ny slagning");
    chef.get(&new).await.is_forbidden();
    Typed::check("2026-12-02").sent_to(&list, &chef).await.is_forbidden();
    let other = malin.opens_a_case_on("2026-01-05").await;
    malin.get(&paths::show(&other, id)).await.is_missing();
}

#[tokio::test]
async fn postgres_holds_the_same_rules_by_itself() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    Typed::check("2026-12-01").checked_by(&malin, &case).await;
    let elsewhere = malin.opens_a_case_on("2026-01-05").await;
    let (foreign, own) = (consent("2026-11-01", "2027-01-31"), consent("2026-12-10", "2027-01-31"));
    given(&malin, &elsewhere, &foreign).await;
    given(&malin, &case, &own).await;
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'prov', false)").await.unwrap();
    let insert = |day: &str, reported: &str, result: &str, basis: &str| {
        format!(
            "insert into register_check (id, case_id, body, performed_on, reported_on, result, consent_id, ground, registered_by, registered_at)
             select gen_random_uuid(), case_id, body, '{day}', '{reported}', '{result}', {basis}, registered_by, registered_at
             from register_check limit 1"
        )
    };
    let (of_another, of_ours) = (format!("'{}', null", foreign.id), format!("'{}', null", own.id));
    let day = "2026-12-02";
    for (change, constraint) in [
        ("update register_check set result = 'not_performed'".to_owned(), "register_check_stands"),
        ("delete from register_check".to_owned(), "register_check_stands"),
        (insert(day, day, "deviation", "null, ''"), "register_check_result"),
        (insert(day, "2026-12-01", "no_deviation", "null, ''"), "register_check_days"),
        (insert(day, "2027-01-01", "no_deviation", "null, ''"), "register_check_days"),
        (insert(day, day, "no_deviation", "null, null"), "register_check_ground"),
        (insert(day, day, "no_deviation", &of_another), "register_check_permitted"),
        (insert(day, day, "no_deviation", &of_ours), "register_check_permitted"),
        (insert("2026-12-10", "2026-12-10", "no_deviation", "null, ''"), "register_check_permitted"),
    ] {
        let refused = owner.execute(sqlx::AssertSqlSafe(change.clone())).await.unwrap_err();
        let by = refused.as_database_error().and_then(|error| error.constraint()).map(str::to_owned);
        assert_eq!(by.as_deref(), Some(constraint), "{change}: {refused}");
    }
    for right in
        [insert(day, day, "no_deviation", "null, ''"), insert("2026-12-10", "2026-12-10", "no_deviation", &of_ours)]
    {
        owner.execute(sqlx::AssertSqlSafe(right)).await.unwrap();
    }
    // There is nowhere to write what stood in a register: the one text is the ground.
    let texts: Vec<String> = sqlx::query_scalar(
        "select column_name::text from information_schema.columns
         where table_name = 'register_check' and data_type in ('text', 'bytea', 'jsonb')",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    assert_eq!(texts, ["ground"]);
}
