//! What happens to a case on its way: its status, its person, its end, and the lists that it stands in.

use utvag::placement::paths as placements;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::people::Person;
use crate::support::placements::Typed;

const MILO: &str = "20010612-2393";

fn at(case: &str, part: &str) -> String {
    format!("/arenden/{case}{part}")
}

/// The form about status, with what the page holds and what the test changes.
async fn moves(person: &Person<'_>, case: &str, changes: &[(&str, &str)]) -> crate::support::page::Page {
    let mut fields = vec![
        ("version", "1"),
        ("status", "registered"),
        ("programme", "candidate"),
        ("needs", "exit_only"),
        ("protection", "standard"),
    ];
    fields.retain(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    fields.extend_from_slice(changes);
    person.post(&at(case, "/status"), &fields).await
}

#[tokio::test]
async fn a_case_without_a_deputy_says_so_and_goes_no_further() {
    let app = App::start().await;
    let (malin, karin) = (app.social_worker().await, app.coordinator().await);
    let case = Opening::of(MILO).responsible(&malin).coordinator(&karin).saved_by(&malin).await;
    malin.get("/").await.is_ok().shows("Ersättare saknas").shows(&case);
    malin.get(&at(&case, "")).await.is_ok().shows("Ersättare saknas");
    let page = malin.get(&at(&case, "/status")).await;
    page.is_ok().shows("Under bedömning Går inte att välja än").shows("Ärendet behöver både en ansvarig");
    moves(&malin, &case, &[("status", "assessing")])
        .await
        .is_faulty()
        .at("status", "Välj en status som går att byta till");

    let jonas = app.social_worker().await;
    let naming = [
        ("kind", "deputy"),
        ("account", &jonas.account.to_string()),
        ("reason", "Semester"),
        ("id", "019349f0-0000-7000-8000-000000000001"),
    ];
    karin.post(&at(&case, "/tilldelning/ny"), &naming).await.leads_to(&at(&case, "/tilldelning"));
    moves(&malin, &case, &[("status", "assessing")]).await.leads_to(&at(&case, ""));
    malin.get(&at(&case, "")).await.is_ok().shows("Under bedömning").lacks("Ersättare saknas");
    jonas.get(&at(&case, "")).await.is_ok();
}

#[tokio::test]
async fn two_who_change_a_case_at_once_do_not_overwrite_each_other() {
    let app = App::start().await;
    let (malin, karin) = (app.social_worker().await, app.coordinator().await);
    let case = Opening::of(MILO).responsible(&malin).saved_by(&malin).await;
    moves(&karin, &case, &[("programme", "admitted")]).await.leads_to(&at(&case, ""));
    let late = moves(&malin, &case, &[("needs", "other")]).await;
    late.is(409).shows("Ärendet har ändrats");
    assert_eq!(late.value("version"), "2", "sent again it is saved, knowingly");
    assert_eq!(late.texts("select[name='needs'] option[selected]").len(), 1);
}

#[tokio::test]
async fn a_case_ends_when_no_placement_runs_and_never_opens_again() {
    let app = App::start().await;
    let (malin, karin) = (app.social_worker().await, app.coordinator().await);
    let case = Opening::of(MILO).responsible(&malin).coordinator(&karin).saved_by(&malin).await;
    let home = karin.adds_a_home("hvb").await;
    let placement = Typed::new(&home, "hvb", "2026-11-01", "2027-04-30");
    placement.saved_by(&malin, &case).await;
    app.makes_the_case(&case, "status = 'closing'").await;
    karin.get(&at(&case, "/avslut")).await.is_ok().shows("Avsluta placeringen först");
    let close = |confirm: &str, day: &str| {
        [("version", "1"), ("reason", "goal_reached"), ("closed_on", day), ("confirm", confirm)]
            .map(|(name, value)| (name, value.to_owned()))
    };
    let send = async |fields: [(&str, String); 4]| {
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        karin.post(&at(&case, "/avslut"), &fields).await
    };
    send(close(&case, "2026-12-31")).await.is_faulty().shows("Avsluta placeringen först");

    let end =
        [("last_day", "2026-12-20"), ("reason", "goal_reached"), ("version", "1"), ("charge_departure_day", "ja")];
    let show = placements::show(&case, placement.id());
    malin.post(&format!("{show}/avslut"), &end).await.leads_to(&show);
    malin.records_the_outcome(&case).await;
    send(close("AVH-0000-000", "2026-12-31"))
        .await
        .is_faulty()
        .at("confirm", &format!("Skriv {case} för att bekräfta"));
    send(close(&case, "2026-12-19")).await.is_faulty().at("closed_on", "Datumet kan inte vara tidigare än 2026-12-20");
    send(close(&case, "2026-12-31")).await.leads_to(&at(&case, ""));

    malin.get(&at(&case, "")).await.is_ok().shows("Avslutat");
    for (who, path) in [(&malin, "/status"), (&karin, "/status"), (&karin, "/avslut"), (&karin, "/tilldelning/ny")] {
        who.get(&at(&case, path)).await.is_forbidden();
    }
    moves(&karin, &case, &[("version", "2"), ("status", "active")]).await.is_forbidden();
    karin.get("/arenden").await.is_ok().lacks(&case);
    karin.get("/arenden?status=avslutade").await.is_ok().shows(&case);
}

#[tokio::test]
async fn a_social_worker_cannot_close_a_case() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let case = malin.opens_a_case_on("2026-01-05").await;
    malin.get(&at(&case, "/avslut")).await.is_forbidden();
}

#[tokio::test]
async fn a_persons_number_is_whole_only_for_whoever_says_why() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let case = Opening::of(MILO).responsible(&malin).saved_by(&malin).await;
    let path = at(&case, "/person");
    let page = malin.get(&path).await;
    page.is_ok().shows("Milo Påhitt").shows("25 år").lacks("20010612-2393");
    assert!(!page.texts("title")[0].contains("Milo"));
    let shown = malin.post(&format!("{path}/visning"), &[("reason", "contact"), ("note", "")]).await;
    shown.is_ok().shows("20010612-2393");
    malin
        .post(&format!("{path}/visning"), &[("reason", ""), ("note", "")])
        .await
        .is_faulty()
        .at("reason", "Välj varför du behöver uppgifterna");
    let trail = app.trail(&case).await;
    assert_eq!(trail.iter().filter(|event| *event == "person.shown").count(), 3, "{trail:?}");
}

#[tokio::test]
async fn a_protected_person_is_not_shown_before_somebody_has_said_why() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let case = Opening::of(MILO).responsible(&malin).with("protection", "restricted").saved_by(&malin).await;
    let path = at(&case, "/person");
    malin.get(&path).await.is_ok().lacks("Milo").lacks("Påhitt").lacks("2001");
    assert!(!app.trail(&case).await.contains(&"person.shown".to_owned()));
    let other = malin.post(&format!("{path}/visning"), &[("reason", "other"), ("note", " ")]).await;
    other.is_faulty().at("note", "Skriv varför du behöver uppgifterna").lacks("Milo");
    let shown = malin.post(&format!("{path}/visning"), &[("reason", "other"), ("note", "Ringer om Milo")]).await;
    shown.is_ok().shows("Milo Påhitt").shows("20010612-2393");
    // The words may name somebody: they stand sealed in the log.
    let mut owner = app.database.superuser().await;
    let said: Vec<String> = sqlx::query_scalar("select body from audit.entry where event = 'person.shown'")
        .fetch_all(&mut owner)
        .await
        .unwrap();
    assert!(said.len() == 1 && !said[0].contains("Ringer"), "{said:?}");
}

#[tokio::test]
async fn the_list_can_be_cut_by_status_and_colleague_and_by_nothing_else() {
    let app = App::start().await;
    let (malin, jonas, karin) = (app.social_worker().await, app.social_worker().await, app.coordinator().await);
    let hers = malin.opens_a_case_on("2026-01-05").await;
    let his = jonas.opens_a_case_on("2026-02-05").await;
    let nobodys = Opening::of(MILO).coordinator(&karin).saved_by(&karin).await;
    karin.get("/arenden").await.is_ok().shows("3 ärenden").shows(&hers).shows(&his).shows(&nobodys);
    let of_malin = format!("/arenden?handlaggare={}", malin.account);
    karin.get(&of_malin).await.is_ok().shows(&hers).lacks(&his).lacks(&nobodys);
    karin.get("/arenden?handlaggare=ingen").await.is_ok().shows(&nobodys).lacks(&hers);
    karin.get("/arenden?status=active").await.is_ok().shows("Inga ärenden matchar filtret");
    karin.get("/arenden?hotbild=l4&namn=Milo").await.is_ok().shows("3 ärenden");
    let by_opening = karin.get("/arenden?sortera=oppnat").await;
    let order: Vec<_> = by_opening.texts("tbody a.case");
    let place = |case: &str| order.iter().position(|one| one == case);
    assert!(place(&hers) < place(&his), "{order:?}");
}

#[tokio::test]
async fn whoever_has_no_cases_is_told_what_their_pages_hold() {
    let app = App::start().await;
    for role in ["police_liaison", "controller", "log_reviewer", "sysadmin"] {
        let role = utvag::vocabulary::Role::parse(role).unwrap();
        let somebody = app.person(role).await;
        somebody.get("/").await.is_ok().shows("Din roll har ingen behörighet till ärenden");
        somebody.get("/arenden").await.is_missing();
        somebody.get("/arenden/ny").await.is_missing();
    }
}
