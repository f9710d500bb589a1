//! Investigations: begun by a decision, written by several, completed when nothing is lacking, and frozen from then on.

use sqlx::Executor;
use utvag::investigation::paths;
use uuid::Uuid;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::decisions::Typed;
use crate::support::fixture::announce;
use crate::support::investigations::{Areas, MANDATORY, TypedChild};
use crate::support::page::Page;
use crate::support::people::Person;

/// A case of two social workers.
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

/// With texts, areas and a party who has been heard: the children are left.
async fn all_but_the_children(malin: &Person<'_>, case: &str) -> Uuid {
    let id = malin.starts_investigating(case).await;
    let show = paths::show(case, id);
    malin.writes(case, id, "1", "Bor hos en vän.").await.leads_to(&show);
    Areas::of(&MANDATORY).sent_by(malin, case, id, 0).await.leads_to(&show);
    malin.registers(&paths::communicate(case, id), &[("on", "2026-12-10")]).await.leads_to(&show);
    id
}

async fn completed(malin: &Person<'_>, case: &str) -> Uuid {
    let id = all_but_the_children(malin, case).await;
    malin.says_of_children(case, "no").await.leads_to(&paths::show(case, id));
    malin.completes(case, id).await.leads_to(&paths::show(case, id));
    id
}

async fn starts(person: &Person<'_>, case: &str, fields: &[(&str, &str)]) -> Page {
    let id = Uuid::now_v7().to_string();
    let mut all = vec![("id", id.as_str())];
    all.extend(fields);
    person.post(&paths::list(case), &all).await
}

#[tokio::test]
async fn it_begins_with_a_decision_and_one_at_a_time() {
    let app = App::start().await;
    let Ground { malin, karin, case, .. } = ground(&app).await;
    malin.get(&paths::list(&case)).await.is_ok().shows("Ingen utredning ännu").shows("Inled utredning");
    malin.get(&paths::new(&case)).await.is_ok().shows("Skriv ett beslut att inleda utredning");
    let typed = [("kind", "application"), ("started_on", "2026-01-07")];
    let none = "Det finns inget beslut att inleda utredning. Fatta ett sådant beslut först";
    starts(&malin, &case, &typed).await.is_faulty().at("decision", none);
    // One that is only written is none.
    let decision = malin.decides_to_investigate(&case).await.to_string();
    let with = |field: &'static str, value: &'static str| {
        let fields = [("kind", "application"), ("decision", decision.as_str()), ("started_on", "2026-01-07")];
        let mut fields: Vec<_> = fields.into_iter().filter(|(name, _)| *name != field).collect();
        fields.push((field, value));
        fields
    };
    for (field, typed, said) in [
        ("kind", "", "Välj hur utredningen inleds"),
        ("decision", "7", "Välj beslutet att inleda utredning"),
        ("started_on", "2026-01-04", "Ärendet öppnades 2026-01-05. Utredningen kan inte ha börjat före det"),
        ("started_on", "2027-01-01", "Datumet kan inte vara senare än i dag, 2026-12-31"),
        ("target_on", "2026-01-06", "Utredningen kan inte vara klar innan den börjar"),
    ] {
        starts(&malin, &case, &with(field, typed)).await.is_faulty().at(field, said);
    }
    let id = Uuid::now_v7();
    let sent = id.to_string();
    let mut fields = with("target_on", "");
    fields.push(("id", &sent));
    let show = paths::show(&case, id);
    malin.post(&paths::list(&case), &fields).await.leads_to(&show);
    malin.post(&paths::list(&case), &fields).await.leads_to(&show);
    // A hundred and twenty days.
    malin.get(&show).await.is_ok().shows("2026-05-07").shows("Pågår").shows("Utredningen är försenad");
    let going = "En utredning pågår redan i ärendet. Färdigställ den först";
    starts(&malin, &case, &with("kind", "other_way")).await.is_faulty().at("kind", going);
    karin.get(&show).await.is_ok().lacks("Skriv i utredningen").lacks("Registrera kommunicering");
    karin.get(&paths::new(&case)).await.is_forbidden();
}

#[tokio::test]
async fn a_draft_of_a_decision_begins_nothing() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    let written = Typed::outpatient("2026-01-05", "2026-12-31")
        .with("kind", "open_investigation")
        .with("basis", "sol_14_2")
        .submitted_by(&malin, &case)
        .await
        .to_string();
    let fields = [("kind", "application"), ("decision", written.as_str()), ("started_on", "2026-01-07")];
    let answer = starts(&malin, &case, &fields).await;
    assert!(answer.is_faulty().texts("#felsammanfattning a")[0].starts_with("Det finns inget beslut"));
    let mut owner = app.database.superuser().await;
    announce(&mut owner).await;
    let refused = owner
        .execute(
            "insert into investigation (id, case_id, number, kind, started_on, start_decision_id, target_on, created_by,
               edited_by, edited_at)
             select gen_random_uuid(), case_id, 1, 'application', '2026-01-07', id, '2026-05-07', created_by, created_by, now()
             from decision",
        )
        .await
        .unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().constraint(), Some("investigation_start_decision"));
}

#[tokio::test]
async fn two_who_write_at_once_lose_no_text() {
    let app = App::start().await;
    let Ground { malin, jonas, case, .. } = ground(&app).await;
    let id = malin.starts_investigating(&case).await;
    let show = paths::show(&case, id);
    malin.writes(&case, id, "1", "Malins sammanfattning.").await.leads_to(&show);
    let clash = jonas.writes(&case, id, "1", "Jonas sammanfattning.").await;
    clash.is(409).shows(&format!("Utredningen har ändrats av {}", malin.name)).shows("Malins sammanfattning.");
    assert_eq!(clash.texts("#summary"), ["Jonas sammanfattning."]);
    assert_eq!(clash.value("version"), "2");
    jonas.writes(&case, id, "2", "Bådas sammanfattning.").await.leads_to(&show);
    malin.get(&show).await.is_ok().shows("Bådas sammanfattning.").shows(&jonas.name);
    let long = "x".repeat(10_001);
    malin.writes(&case, id, "3", &long).await.is_faulty().at("summary", "Texten är 1 tecken för lång");
    // What is registered beside the texts does not stand in the way of who writes.
    malin.registers(&paths::delay_notice(&case, id), &[("on", "2026-12-30")]).await.leads_to(&show);
    jonas.writes(&case, id, "3", "Och en sak till.").await.leads_to(&show);
}

#[tokio::test]
async fn what_happens_is_registered_with_its_days() {
    let app = App::start().await;
    let Ground { malin, jonas, case, .. } = ground(&app).await;
    let id = malin.starts_investigating(&case).await;
    let show = paths::show(&case, id);
    let extend = paths::extend(&case, id);
    let early = [("on", "2026-05-07"), ("text", "Väntar på yttrande.")];
    malin.registers(&extend, &early).await.is_faulty().at("on", "Den nya tiden ska vara efter 2026-05-07");
    let mute = [("on", "2027-02-01"), ("text", "")];
    malin.registers(&extend, &mute).await.is_faulty().at("text", "Skriv varför utredningen förlängs");
    let told = [("on", "2027-02-01"), ("text", "Väntar på yttrande.")];
    malin.registers(&extend, &told).await.leads_to(&show);
    malin.get(&show).await.is_ok().shows("2027-02-01").shows("Väntar på yttrande.").lacks("Utredningen är försenad");

    // Somebody else has registered something in the meantime.
    let stale = [("version", "1"), ("on", "2026-12-01")];
    jonas.post(&paths::demand(&case, id), &stale).await.is(409).shows("Utredningen har ändrats");
    let future = "Datumet kan inte vara senare än i dag, 2026-12-31";
    malin.registers(&paths::demand(&case, id), &[("on", "2027-01-01")]).await.is_faulty().at("on", future);
    malin.registers(&paths::demand(&case, id), &[("on", "2026-12-01")]).await.leads_to(&show);
    malin.get(&show).await.is_ok().shows("Ska avgöras senast 2026-12-29");
    let early = "Datumet kan inte vara före 2026-01-07";
    malin.registers(&paths::delay_notice(&case, id), &[("on", "2026-01-06")]).await.is_faulty().at("on", early);
    malin.registers(&paths::delay_notice(&case, id), &[("on", "2026-12-02")]).await.leads_to(&show);

    let communicate = paths::communicate(&case, id);
    let nothing = "Skriv när parten fick materialet, eller välj ett undantag";
    malin.registers(&communicate, &[("on", "")]).await.is_faulty().at("on", nothing);
    let both = [("on", "2026-12-10"), ("choice", "obvious")];
    let said = "Välj inget undantag när parten har fått materialet, eller ta bort datumet";
    malin.registers(&communicate, &both).await.is_faulty().at("choice", said);
    let backwards = [("on", "2026-12-10"), ("other_day", "2026-12-09")];
    let said = "Svaret kan inte begäras före den dag då parten fick materialet";
    malin.registers(&communicate, &backwards).await.is_faulty().at("other_day", said);
    malin.get(&paths::reply(&case, id)).await.leads_to(&show);
    let told = [("on", "2026-12-10"), ("other_day", "2026-12-24")];
    malin.registers(&communicate, &told).await.leads_to(&show);
    malin.get(&show).await.is_ok().shows("Kommunicerad").shows("Svar senast 2026-12-24");
    let early = "Datumet kan inte vara före 2026-12-10";
    malin.registers(&paths::reply(&case, id), &[("on", "2026-12-09")]).await.is_faulty().at("on", early);
    malin.registers(&paths::reply(&case, id), &[("on", "2026-12-20")]).await.leads_to(&show);
    malin.get(&show).await.is_ok().shows("Yttrande").shows("Avsluta utan beslut");
}

#[tokio::test]
async fn what_is_lacking_is_said_with_the_way_to_it() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    let id = malin.starts_investigating(&case).await;
    Areas::of(&MANDATORY[..6]).sent_by(&malin, &case, id, 0).await.leads_to(&paths::show(&case, id));
    let answer = malin.completes(&case, id).await;
    let said = answer.is_faulty().texts("#felsammanfattning li");
    assert_eq!(
        said,
        [
            "Sammanfattningen är inte skriven",
            "Analysen är inte skriven",
            "Förslaget är inte skrivet",
            "Parten har inte fått ta del av materialet, och inget undantag är valt",
            "Området Vardagsrutiner är inte bedömt",
            "Barnperspektivet är inte besvarat",
        ]
    );
    let ways = answer.attributes("#routines a, #children a, #hearing a, #summary a", "href");
    let assess = paths::assess_support(&case, id) + "#routines_need";
    let summary = paths::write(&case, id) + "#summary";
    assert_eq!(ways, [summary, paths::communicate(&case, id), assess, paths::children(&case)]);
    malin.get(&paths::show(&case, id)).await.is_ok().shows("Området Vardagsrutiner är inte bedömt");
}

#[tokio::test]
async fn one_that_is_completed_stands_and_a_review_follows() {
    let app = App::start().await;
    let Ground { malin, jonas, case, .. } = ground(&app).await;
    let id = completed(&malin, &case).await;
    let show = paths::show(&case, id);
    malin.get(&show).await.is_ok().shows("Färdig").lacks("Skriv i utredningen").lacks("Ny version");
    for path in [paths::write(&case, id), paths::new_child(&case, id), paths::complete(&case, id)] {
        malin.get(&path).await.leads_to(&show);
    }
    jonas.writes(&case, id, "2", "För sent.").await.is(409);
    Areas::of(&["leisure"]).sent_by(&jonas, &case, id, 1).await.is(409);
    TypedChild::born_in("2019").sent_to(&paths::new_child(&case, id), &jonas, "").await.is(409);
    let mut owner = app.database.superuser().await;
    announce(&mut owner).await;
    for (change, held_by) in [
        ("update investigation set summary = '\\x00'", "investigation_stands"),
        (
            "update investigation set status = 'ongoing', completed_on = null, completed_by = null",
            "investigation_stands",
        ),
        ("delete from investigation", "investigation_stands"),
        ("update support_area_assessment set need = 'none'", "support_area_assessment_stands"),
        ("delete from support_assessment", "support_assessment_stands"),
        (
            "insert into support_assessment (id, investigation_id, case_id, number, saved_on, saved_by)
             select gen_random_uuid(), id, case_id, 9, '2026-12-31', created_by from investigation",
            "investigation_stands",
        ),
    ] {
        let refused = owner.execute(change).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().constraint(), Some(held_by), "{change}");
    }

    // It led to a decision that was made afterwards.
    let none = "Det finns inget beslut som är fattat efter utredningen. Fatta beslutet först";
    let decided = paths::decided(&case, id);
    malin.registers(&decided, &[("choice", "")]).await.is_faulty().at("choice", none);
    let ruling = Typed::outpatient("2026-12-31", "2027-06-29").submitted_by(&malin, &case).await;
    malin.decides(&case, ruling).await;
    malin.registers(&decided, &[("choice", "")]).await.is_faulty().at("choice", "Välj beslutet");
    malin.registers(&decided, &[("choice", &ruling.to_string())]).await.leads_to(&show);
    malin.get(&show).await.is_ok().shows("Beslutad").shows("Beslut 2");

    let opening = malin.get(&paths::new(&case)).await.is_ok().attributes("#decision option[value]", "value")[1].clone();
    let review = [("kind", "review"), ("decision", opening.as_str()), ("started_on", "2026-12-31")];
    let answer = starts(&malin, &case, &review).await;
    assert_eq!(answer.status, 303, "{}", answer.words());
    let rows = malin.get(&paths::list(&case)).await.rows("table");
    let states: Vec<_> = rows.iter().map(|row| (row[0].as_str(), row[1].as_str(), row[2].as_str())).collect();
    assert_eq!(states, [("Utredning 2", "Pågår", "Omprövning"), ("Utredning 1", "Beslutad", "Ansökan")]);
}

#[tokio::test]
async fn an_application_that_is_taken_back_ends_it_without_a_decision() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    let id = malin.starts_investigating(&case).await;
    let (show, path) = (paths::show(&case, id), paths::discontinue(&case, id));
    let mute = [("on", "2026-12-31"), ("text", " ")];
    malin.registers(&path, &mute).await.is_faulty().at("text", "Skriv varför utredningen avslutas");
    let told = [("on", "2026-12-31"), ("text", "Ansökan är återtagen.")];
    malin.registers(&path, &told).await.leads_to(&show);
    malin.get(&show).await.is_ok().shows("Avslutad utan beslut").shows("Ansökan är återtagen.");
    let late = [("version", "2"), ("text_version", "1")];
    malin.post(&paths::complete(&case, id), &late).await.is(409);
}

#[tokio::test]
async fn without_hearing_the_party_a_reason_is_chosen() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    let id = malin.starts_investigating(&case).await;
    let show = paths::show(&case, id);
    malin.writes(&case, id, "1", "Bor hos en vän.").await.leads_to(&show);
    Areas::of(&MANDATORY).sent_by(&malin, &case, id, 0).await.leads_to(&show);
    malin.says_of_children(&case, "no").await.leads_to(&show);
    malin.completes(&case, id).await.is_faulty();
    let choice = [("on", ""), ("choice", "urgent")];
    malin.registers(&paths::communicate(&case, id), &choice).await.leads_to(&show);
    malin.get(&show).await.is_ok().shows("Väsentligt intresse kräver omedelbart beslut").shows("Inget saknas.");
    malin.completes(&case, id).await.leads_to(&show);
}

#[tokio::test]
async fn those_outside_the_case_find_nothing_and_the_manager_only_reads() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    let id = all_but_the_children(&malin, &case).await;
    let (aisha, manager) = (app.social_worker().await, app.manager().await);
    for path in [paths::list(&case), paths::show(&case, id), paths::support(&case, id), paths::children(&case)] {
        aisha.get(&path).await.is_missing();
    }
    aisha.writes(&case, id, "2", "Hej.").await.is_missing();
    manager.get(&paths::show(&case, id)).await.is_ok().shows("Bor hos en vän.").lacks("Lägg till barn");
    manager.get(&paths::support(&case, id)).await.is_ok().shows("Det har framkommit vid tre samtal.");
    manager.writes(&case, id, "2", "Hej.").await.is_forbidden();
    manager.get(&paths::children(&case)).await.is_forbidden();
    // An investigation of one case is not found under another.
    let other = malin.opens_a_case_on("2026-01-05").await;
    for path in [paths::show(&other, id), paths::write(&other, id), paths::assess_support(&other, id)] {
        malin.get(&path).await.is_missing();
    }
}

#[tokio::test]
async fn ac_03_children_are_noticed() {
    let app = App::start().await;
    let Ground { malin, jonas, karin, case } = ground(&app).await;
    let id = all_but_the_children(&malin, &case).await;
    let (show, overview) = (paths::show(&case, id), format!("/arenden/{case}"));
    // Nobody has asked whether there are children.
    malin.get(&paths::list(&case)).await.is_ok().shows("Barn Okänt");
    malin.completes(&case, id).await.is_faulty().at("children", "Barnperspektivet är inte besvarat");
    malin.says_of_children(&case, "").await.is_faulty().at("has_children", "Svara ja, nej eller okänt");
    // Yes alone is no answer either.
    malin.says_of_children(&case, "yes").await.leads_to(&show);
    malin.completes(&case, id).await.is_faulty().at("children", "Barnperspektivet är inte besvarat");
    malin.says_of_children(&case, "unknown").await.leads_to(&show);

    let add = paths::new_child(&case, id);
    malin.get(&add).await.is_ok().shows("Behövs en orosanmälan?");
    for (field, typed, said) in [
        ("label", "", "Skriv vad barnet kallas här, till exempel Barn 1"),
        ("birth_year", "19", "Skriv födelseåret med fyra siffror"),
        ("birth_year", "2027", "Året kan inte vara senare än i år, 2026"),
        ("birth_year", "2007", "Den som är född det året är inte längre ett barn"),
        ("informed", "", "Svara om barnet har fått information"),
        ("heard", "no", "Svara om barnet har kommit till tals"),
        ("effect", "", "Skriv vad insatsen innebär för barnet"),
        ("best_interest", "", "Skriv hur barnets bästa har bedömts"),
        ("concern_needed", "", "Svara om en orosanmälan behövs"),
    ] {
        let (at, said) = if (field, typed) == ("heard", "no") {
            ("not_heard_reason", "Skriv varför barnet inte har informerats eller kommit till tals")
        } else {
            (field, said)
        };
        let answer = TypedChild::born_in("2019").with(field, typed).sent_to(&add, &malin, "").await;
        answer.is_faulty().at(at, said);
        assert_eq!(answer.texts("#contact_plan"), ["Telefon varje söndag."]);
    }
    let half = TypedChild::born_in("2019").with("concern_needed", "ja").with("concern_made_on", "2026-12-31");
    half.sent_to(&add, &malin, "").await.is_faulty().at("concern_to_unit", "Skriv vilken enhet som fick anmälan");

    // A report is needed and not made: said at once, in both places and to everybody who reads.
    let child = TypedChild::born_in("2019").with("concern_needed", "ja");
    child.sent_to(&add, &malin, "").await.leads_to(&show);
    child.sent_to(&add, &malin, "").await.leads_to(&show);
    malin.get(&paths::list(&case)).await.is_ok().shows("Barn Ja").shows("1 barn");
    for page in [&show, &overview, &paths::list(&case)] {
        let page = malin.get(page).await;
        page.is_ok().shows("Registrera orosanmälan");
        assert_eq!(page.texts(".notice-danger h2"), ["Orosanmälan ej dokumenterad"]);
    }
    let seen = karin.get(&overview).await;
    seen.is_ok().shows("Orosanmälan ej dokumenterad").lacks("Registrera orosanmälan");
    malin.completes(&case, id).await.is_faulty().at("concern", "Orosanmälan ej dokumenterad");
    let seen = "Det finns barn i utredningen som pågår. Svara ja";
    malin.says_of_children(&case, "no").await.is_faulty().at("has_children", seen);

    // Two change the same child.
    let path = paths::child(&case, child.id);
    let other = TypedChild::born_in("2018").with("concern_needed", "ja").with("effect", "Jonas text.");
    other.sent_to(&path, &jonas, "1").await.leads_to(&show);
    let clash = child.sent_to(&path, &malin, "1").await;
    clash.is(409).shows("Jonas text.").shows(&jonas.name);
    assert_eq!(clash.texts("#effect"), ["Umgänget kan fortsätta på annan ort."]);
    child.sent_to(&path, &malin, "2").await.leads_to(&show);

    let report = paths::concern(&case, child.id);
    let late = [("made_on", "2027-01-01"), ("to_unit", "Mottagningen")];
    let said = "Datumet kan inte vara senare än i dag, 2026-12-31";
    malin.registers(&report, &late).await.is_faulty().at("made_on", said);
    let nowhere = [("made_on", "2026-12-31"), ("to_unit", "")];
    malin.registers(&report, &nowhere).await.is_faulty().at("to_unit", "Skriv vilken enhet som fick anmälan");
    karin.get(&report).await.is_forbidden();
    malin.registers(&report, &[("made_on", "2026-12-31"), ("to_unit", "Mottagningen")]).await.leads_to(&show);
    malin.get(&show).await.is_ok().shows("Mottagningen");
    malin.get(&overview).await.is_ok().lacks("Orosanmälan ej dokumenterad");
    malin.completes(&case, id).await.leads_to(&show);
    malin.get(&path).await.leads_to(&show);
}
