//! What has happened in a case, from all its rooms, with one picture and the same as a table.

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::decisions::Typed as Decision;
use crate::support::fixture;
use crate::support::journal::Typed as Note;
use crate::support::people::Person;
use crate::support::placements::Typed as Placement;

async fn filled<'a>(app: &'a App, malin: &Person<'a>) -> String {
    let (jonas, karin) = (app.social_worker().await, app.coordinator().await);
    let case = Opening::unknown().responsible(malin).deputy(&jonas).coordinator(&karin).saved_by(malin).await;
    let home = karin.adds_a_home("hvb").await;
    let placed = Placement::new(&home, "hvb", "2026-12-31", "2027-06-29");
    placed.saved_by(malin, &case).await;
    let made = Decision::outpatient("2026-12-31", "2027-06-29").submitted_by(malin, &case).await;
    malin.decides(&case, made).await;
    let list = format!("/arenden/{case}/journal");
    Note::note().sent_to(&list, malin).await.leads_to(&list);
    let list = format!("/arenden/{case}/samtycken");
    let consent = Note::consent();
    consent.sent_to(&list, malin).await.leads_to(&format!("{list}/{}", consent.id));
    case
}

fn timeline(case: &str, asked: &str) -> String {
    format!("/arenden/{case}/tidslinje{asked}")
}

#[tokio::test]
async fn every_rooms_events_stand_by_month_with_a_way_to_them() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let case = filled(&app, &malin).await;
    let page = malin.get(&timeline(&case, "")).await;
    page.is_ok()
        .shows("December 2026")
        .shows("Ärendet öppnades")
        .shows("Beslut 1: Öppenvård")
        .shows("Samtycke lämnades");
    page.shows("Möte").shows("Informationsutbyte").lacks("praktiken börjar");
    assert!(page.attributes(".timeline a", "href").iter().any(|href| href.contains("/journal/")));
    assert!(app.trail(&case).await.contains(&"case.timeline".to_owned()));
    malin.get(&format!("/arenden/{case}")).await.is_ok().shows("Visa tidslinjen");
}

#[tokio::test]
async fn the_overview_tells_the_latest_of_what_has_been_and_no_more() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let case = filled(&app, &malin).await;
    let page = malin.get(&format!("/arenden/{case}")).await;
    let told = page.is_ok().texts(".timeline h3");
    assert_eq!(told.len(), 6);
    // The same as the timeline's, in its order; nothing of what was written.
    let all = malin.get(&timeline(&case, "")).await.texts(".timeline h4");
    assert_eq!(told[..], all[..6]);
    page.lacks("praktiken börjar");
    // What is to come is no event.
    assert!(page.texts(".timeline time").iter().all(|day| day.as_str() <= "2026-12-31"));
}

#[tokio::test]
async fn it_is_filtered_by_kind_and_can_be_short() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let case = filled(&app, &malin).await;
    let page = malin.get(&timeline(&case, "?visa=decision")).await;
    assert_eq!(page.is_ok().texts(".timeline h4"), ["Beslut 1: Öppenvård"]);
    let page = malin.get(&timeline(&case, "?visa=decision&visa=consent&form=kompakt")).await;
    assert_eq!(page.is_ok().texts("[aria-labelledby=h-handelser] li").len(), 2);
    assert_eq!(page.texts(".timeline").len(), 0);
    // Words that mean nothing are no filter.
    malin.get(&timeline(&case, "?visa=gang&sida=x")).await.is_ok().shows("Ärendet öppnades");
    malin.get(&timeline(&case, "?visa=police")).await.is_ok().shows("Inga händelser");
}

#[tokio::test]
async fn the_picture_has_its_facts_as_a_table() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let case = filled(&app, &malin).await;
    let page = malin.get(&timeline(&case, "")).await;
    assert_eq!(page.is_ok().texts("svg.wide").len(), 1);
    let rows = page.texts("table tbody tr");
    assert_eq!(
        rows,
        ["2026-12-31 2027-06-29 Placering 1 3 000 kr per dygn", "2026-12-31 – Beslut 1 Öppenvård, bifall",]
    );
}

#[tokio::test]
async fn those_who_do_not_see_the_case_see_no_timeline() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let case = filled(&app, &malin).await;
    app.social_worker().await.get(&timeline(&case, "")).await.is_missing();
    app.coordinator().await.get(&timeline(&case, "?visa=journal")).await.is_ok().shows("Möte");
}

#[tokio::test]
async fn all_rooms_tell_what_happened_and_each_line_leads_to_its_page() {
    let app = App::start().await;
    let (malin, karin) = (app.social_worker().await, app.coordinator().await);
    let mut owner = app.database.superuser().await;
    fixture::announce(&mut owner).await;
    let found = fixture::furnish(&mut owner, &app.state.keys, app.unit, malin.account, karin.account).await;
    let other = app.social_worker().await;
    fixture::offered(&mut owner, &app.state.keys, &found, malin.account, other.account).await;
    let case = &found.reference;
    let page = malin.get(&timeline(case, "")).await;
    page.is_ok();
    for said in [
        "Ärendet erbjöds en kollega",
        "Hotbedömning 2",
        "Slagning: ",
        "Avvikelse: utebliven kontakt",
        "Utredning 1 inleddes",
        "Barnperspektivet registrerades",
        "Insats 1 planerades",
        "Uppföljning 1 planerad",
        "Samverkansmöte planerat",
        "Social insatsgrupp bildades",
        "Intern begäran skickades",
        "Återvändandebedömning",
        "Utfall registrerades",
        "Samtycke lämnades",
        "Placering 1 började",
        "Utlämnande till ",
    ] {
        page.shows(said);
    }
    let (told, links) = (page.texts(".timeline li").len(), page.attributes(".timeline h4 a", "href"));
    assert_eq!(links.len(), told, "each line is a way to something");
    for link in &links {
        malin.get(link).await.is_ok();
    }
    // Every kind is a filter of its own, and together they are everything.
    let mut found = 0;
    for kind in page.attributes("[name='visa']", "value") {
        let of_it = malin.get(&timeline(case, &format!("?visa={kind}&form=kompakt"))).await;
        found += of_it.is_ok().texts("[aria-labelledby=h-handelser] li").len();
    }
    assert_eq!(found, told);
    // No sealed text is among the words.
    for text in
        ["Hotet kvarstår.", "Skyddet.", "Praktik.", "Personen är aktuell hos oss.", "Kan du ta över?", "praktisera"]
    {
        page.lacks(text);
    }
}
