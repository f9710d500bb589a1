//! The police's page: what was released to their own organisation, and nothing else.

use sqlx::Executor;
use time::Duration;
use utvag::consent::paths as consents;
use utvag::disclosure::paths;
use utvag::meeting::paths as meetings;
use utvag::police_view::paths as police_paths;
use utvag::vocabulary::Role;
use uuid::Uuid;

use crate::access_matrix::World;
use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::disclosures::{Typed, handed_over, police, step};
use crate::support::journal::Typed as Consent;
use crate::support::people::Person;
use crate::support::routes;
use crate::support::way_back::Typed as Group;

async fn opened(malin: &Person<'_>, karin: &Person<'_>) -> String {
    Opening::of("19890217-2397").responsible(malin).coordinator(karin).saved_by(malin).await
}

/// One text on a consent, or on 10 kap. 15 a § OSL.
async fn released(person: &Person<'_>, case: &str, head: Typed, item: Typed) -> (Uuid, Uuid) {
    let id = head.written_by(person, case).await;
    let item = item.frozen_by(person, case, id).await;
    handed_over(person, case, id).await;
    (id, item)
}

fn risk(text: &str) -> Typed {
    Typed::item("changed_risk").with("note", text)
}

#[tokio::test]
async fn ac_16_what_rests_on_a_consent_is_hidden_in_the_moment_that_it_is_taken_back() {
    let app = App::start().await;
    let (malin, karin) = (app.social_worker().await, app.coordinator().await);
    let per = police(&app).await;
    let case = opened(&malin, &karin).await;
    let consent = Consent::consent();
    consent.sent_to(&consents::list(&case), &malin).await.leads_to(&consents::show(&case, consent.id));
    let sig = Consent::consent().with("kind", "sig").with("recipients", "sig");
    sig.sent_to(&consents::list(&case), &malin).await.leads_to(&consents::show(&case, sig.id));
    let group = Group::group();
    group.sent_to(&meetings::new_sig(&case), &malin).await.leads_to(&meetings::sig(&case, group.id));

    let on_consent = || Typed::to("police_lpo", "consent", "police_portal").with("consent", &consent.id.to_string());
    // It covers no health and no threat.
    let uncovered = on_consent().written_by(&karin, &case).await;
    let refused = risk("Hotad.").sent_to(&paths::items(&case, uncovered), &karin).await;
    refused.is_faulty().shows("täcker inte uppgiften");
    let (first, card) = released(&karin, &case, on_consent(), Typed::item("case_card")).await;
    let (_, other) = released(&karin, &case, on_consent(), Typed::item("case_card").with("note", "070-1740605")).await;
    let weighed = Typed::to("police_lpo", "crime_prevention", "police_portal");
    let (_, remains) = released(&karin, &case, weighed, risk("Okända män har sökt personen.")).await;
    let half = on_consent().written_by(&karin, &case).await;
    Typed::item("case_card").frozen_by(&karin, &case, half).await;
    step(&karin, &paths::decide(&case, half), 1, &[("outcome", "hand_over")]).await.leads_to(&paths::show(&case, half));
    for item in [card, other, remains] {
        per.get(&police_paths::show(item)).await.is_ok();
    }

    let how = [("how", "Ringde.")];
    for one in [&consent, &sig] {
        malin.post(&consents::withdraw(&case, one.id), &how).await.leads_to(&consents::show(&case, one.id));
    }
    for item in [card, other] {
        per.get(&police_paths::show(item)).await.is_missing();
    }
    per.get(&police_paths::show(remains)).await.is_ok().shows("Okända män");
    per.get(police_paths::LIST).await.is_ok().shows("Förändrad risk").lacks("Ärendekort");
    karin
        .get(&paths::show(&case, first))
        .await
        .is_ok()
        .shows("Återkallad")
        .shows("Samtycket är återkallat")
        .shows(&per.name);
    for person in [&malin, &karin] {
        person.get("/").await.is_ok().shows("Samtycke återkallat: pågående utlämnanden är dolda");
    }
    // What had been decided is not handed over, and nothing new is written on it.
    let release = step(&karin, &paths::release(&case, half), 2, &[]).await;
    release.is_faulty().shows("Samtycket är återkallat eller täcker inte alla uppgifter");
    let again = on_consent().sent_to(&paths::list(&case), &karin).await;
    again.is_faulty().shows("Samtycke saknas eller täcker inte mottagaren");
    malin.get(&meetings::sig(&case, group.id)).await.is_ok().shows("Avslutad – samtycke saknas");
    let mut owner = app.database.superuser().await;
    let views: i64 = sqlx::query_scalar("select count(*) from disclosure_view").fetch_one(&mut owner).await.unwrap();
    assert_eq!(views, 4, "what was read was read");
}

#[tokio::test]
async fn ac_19_the_police_reach_no_case_whatever_they_ask_for() {
    let mut world = World::new().await;
    let cookie = world.cookie(6).await;
    let mut asked = 0;
    for route in routes::all() {
        let reachable = ["/polis", "/konto", "/halsa/", "/static/", "/komponenter", "/logga-", "/aktivera"];
        if route.method != "GET" || route.path == "/" || reachable.iter().any(|start| route.path.starts_with(start)) {
            continue;
        }
        let address = world.address(&route, &world.found.reference);
        let page = world.get(&cookie, &address).await;
        assert!(matches!(page.status.as_u16(), 403 | 404), "{address}: {}", page.status);
        for secret in [world.found.reference.as_str(), "Tolvan", "191212121212", "Lind", "Björk"] {
            page.lacks(secret);
        }
        asked += 1;
    }
    for address in ["/namnd", "/loggar", "/ekonomi", "/sok", "/statistik"] {
        assert!(matches!(world.get(&cookie, address).await.status.as_u16(), 403 | 404), "{address}");
    }
    let refused = world.app.log().await.iter().filter(|event| event.ends_with(".refused")).count();
    assert!(asked > 60 && refused >= asked, "{refused} of {asked} are in the log");
    let page = world.get(&cookie, police_paths::LIST).await;
    page.is_ok().shows("Förändrad risk").shows("Det som inte visas här");
    assert_eq!(page.rows("table").len(), 1, "the draft is nobody's");
}

/// I1 to I10: what the police read of each, as the furnished case says it.
const SORTS: [(&str, &str); 10] = [
    ("case_card", "Tolvan"),
    ("decision_exists", "Ja"),
    ("deviation_feedback", "2026-01-15"),
    ("meeting_call", "Rum 4, kommunhuset"),
    ("assessment_echo", "2026-01-15"),
    ("changed_risk", "Två män har sökt personen"),
    ("whereabouts", "Ja"),
    ("contact_detail", "070-1740605"),
    ("fund_basis", "Medel söks för återetablering"),
    ("case_ended", "2026-12-31"),
];

#[tokio::test]
async fn each_of_the_ten_sorts_is_released_and_read_and_nothing_more() {
    let mut world = World::new().await;
    let (manager, police) = (world.cookie(4).await, world.cookie(6).await);
    let case = world.found.reference.clone();
    let id = Uuid::now_v7();
    let head = Typed::to("police_lpo", "necessary", "police_portal");
    let id_text = id.to_string();
    let mut fields = head.fields();
    fields.push(("id", &id_text));
    world.post(&manager, &paths::list(&case), &fields).await.leads_to(&paths::show(&case, id));
    let mut items = Vec::new();
    for (kind, said) in SORTS {
        if kind == "case_ended" {
            world.make_the_case("status = 'closed', closed_on = '2026-12-31', close_reason = 'other'").await;
        }
        let form = world.get(&manager, &format!("{}?kind={kind}", paths::items(&case, id))).await;
        let sources = form.is_ok().attributes("#source option", "value");
        let source = sources.into_iter().find(|value| !value.is_empty()).unwrap_or_default();
        let item = Uuid::now_v7();
        let note = match kind {
            "meeting_call" | "changed_risk" | "fund_basis" => said,
            "case_card" => "070-1740605",
            _ => "",
        };
        let (item_text, source) = (item.to_string(), if kind == "contact_detail" { "" } else { &source });
        let note = if kind == "contact_detail" { said } else { note };
        let fields = [("id", item_text.as_str()), ("kind", kind), ("source", source), ("note", note)];
        world.post(&manager, &paths::items(&case, id), &fields).await.leads_to(&paths::show(&case, id));
        items.push((kind, said, item));
    }
    for (path, version, outcome) in [(paths::decide(&case, id), "1", "hand_over"), (paths::release(&case, id), "2", "")]
    {
        let fields = [("version", version), ("outcome", outcome)];
        world.post(&manager, &path, &fields).await.leads_to(&paths::show(&case, id));
    }
    let page = world.get(&police, police_paths::LIST).await;
    assert_eq!(page.is_ok().rows("table").len(), 1 + SORTS.len(), "and the one that was there");
    for (kind, said, item) in items {
        let page = world.get(&police, &police_paths::show(item)).await;
        page.is_ok().shows(said).shows("Uppgifterna omfattas av sekretess (26 kap. 1 § OSL)");
        // Where somebody is, and who they live with, is in none of them.
        for kept in ["Lind", "Björk"] {
            assert!(!page.words().contains(kept), "{kind}: {}", page.words());
        }
    }
    // What is not released to them is refused, and stands in the log.
    let draft = world.found.disclosed.draft_item;
    world.get(&police, &police_paths::show(draft)).await.is_missing();
    assert!(world.app.log().await.contains(&"released.refused".to_owned()));
}

#[tokio::test]
async fn a_text_is_read_by_whom_it_was_released_to_for_as_long_as_it_is() {
    let app = App::start().await;
    let (malin, karin) = (app.social_worker().await, app.coordinator().await);
    let case = opened(&malin, &karin).await;
    let head = || Typed::to("police_lpo", "necessary", "police_portal");
    let id = head().written_by(&karin, &case).await;
    let item = risk("Okända män har sökt personen.").frozen_by(&karin, &case, id).await;
    let kept = Typed::item("other").with("note", "Sjuk.").with("category", "health");
    kept.sent_to(&paths::items(&case, id), &karin)
        .await
        .is_faulty()
        .at("category", "Sådana uppgifter lämnas aldrig ut på polisens sida");
    // Nobody there has been rung up.
    let nobody = step(&karin, &paths::decide(&case, id), 1, &[("outcome", "hand_over")]).await;
    nobody.is_faulty().shows("Ingen kontaktperson hos mottagaren är kontrollerad det senaste året");
    let per = police(&app).await;
    let stranger = app.person(Role::PoliceLiaison).await;
    handed_over(&karin, &case, id).await;
    let saved = risk("Hotet är avvärjt.").with("allow_download", "ja");
    let (_, saved) = released(&karin, &case, head(), saved).await;

    let list = per.get(police_paths::LIST).await;
    list.is_ok().shows("Polisen – LPO").shows("Ny").shows(&case).lacks("Milo");
    let page = per.get(&police_paths::show(item)).await;
    page.is_ok().shows("Okända män").shows("av samordnare enligt Nödvändigt för egen verksamhet (OSL 10:2)");
    page.shows(&format!("Läst av {} 2026-12-31 kl. 12.00.", per.name)).lacks("Spara som fil");
    per.get(&police_paths::file(item)).await.is_missing();
    let file = per.get(&police_paths::file(saved)).await;
    file.is_ok().shows("Hotet är avvärjt.").shows(&per.name);
    assert!(file.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    stranger.get(police_paths::LIST).await.is_ok().shows("Ditt konto hör inte till någon organisation");
    stranger.get(&police_paths::show(item)).await.is_missing();
    for colleague in [&malin, &karin] {
        colleague.get(police_paths::LIST).await.is_missing();
    }
    karin.get(&paths::show(&case, id)).await.is_ok().shows("Öppnad av").shows(&per.name);
    assert!(app.log().await.iter().any(|event| event == "released.opened"));
    assert!(app.trail(&case).await.iter().any(|event| event == "released.taken_out"));

    let hide = step(&karin, &paths::hide(&case, id), 3, &[("reason", "Fel person.")]).await;
    hide.leads_to(&paths::show(&case, id));
    per.get(&police_paths::show(item)).await.is_missing();
    app.state.clock.put_forward(Duration::days(31));
    per.get(&police_paths::show(saved)).await.is_missing();
    per.get(police_paths::LIST).await.is_ok().shows("Inget är utlämnat till dig");
}

#[tokio::test]
async fn the_coordinator_is_told_of_what_is_old_and_of_what_nobody_opens() {
    let app = App::start().await;
    let (malin, karin) = (app.social_worker().await, app.coordinator().await);
    let _per = police(&app).await;
    let case = opened(&malin, &karin).await;
    let head = || Typed::to("police_lpo", "necessary", "police_portal");
    let (id, _) = released(&karin, &case, head(), Typed::item("case_card")).await;
    karin.get("/").await.is_ok().lacks("Ny version kan lämnas ut").lacks("Polisen har inte öppnat utlämnandet");
    app.state.clock.put_forward(Duration::days(8));
    karin.get("/").await.is_ok().shows("Polisen har inte öppnat utlämnandet");
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'test', false)").await.unwrap();
    owner.execute("update case_file set programme_status = 'admitted', version = version + 1").await.unwrap();
    karin.get("/").await.is_ok().shows("Ny version kan lämnas ut");
    let page = karin.get(&paths::show(&case, id)).await;
    page.is_ok().shows("Ny version kan lämnas ut").shows("Status i programmet: Potentiell avhoppare");
}

#[tokio::test]
async fn a_session_of_the_polices_is_over_after_a_quarter_of_an_hour() {
    let app = App::start().await;
    let per = police(&app).await;
    per.get(police_paths::LIST).await.is_ok();
    let mut owner = app.database.superuser().await;
    owner
        .execute("update identity.session set started_at = now() - interval '16 minutes', ends_at = now() + interval '9 hours'")
        .await
        .unwrap();
    let page = per.get(police_paths::LIST).await;
    assert_ne!(page.status.as_u16(), 200);
}
