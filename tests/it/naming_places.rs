//! A text that says where somebody is does not reach the file unnoticed, whichever form it was typed in.

use utvag::journal::paths;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::journal::Typed;
use crate::support::people::Person;
use crate::support::placements::Typed as TypedPlacement;

const STOPPED: &str = "Texten kan peka ut en plats";

/// A case with a running placement in Björkgården, Skogsvägen 4, Norrsele.
struct Ground<'a> {
    malin: Person<'a>,
    case: String,
}

async fn ground(app: &App) -> Ground<'_> {
    let (malin, jonas, karin) = (app.social_worker().await, app.social_worker().await, app.coordinator().await);
    let case = Opening::unknown().responsible(&malin).deputy(&jonas).coordinator(&karin).saved_by(&malin).await;
    let home = karin.adds_a_home("hvb").await;
    TypedPlacement::new(&home, "hvb", "2026-12-31", "2027-06-29").saved_by(&malin, &case).await;
    Ground { malin, case }
}

async fn notes(app: &App) -> i64 {
    let sql = "select count(*) from journal_entry where kind <> 'program'";
    sqlx::query_scalar(sql).fetch_one(&mut app.database.superuser().await).await.unwrap()
}

#[tokio::test]
async fn a_note_that_names_the_home_comes_back_with_all_that_was_typed_and_is_saved_once_it_is_mended() {
    let app = App::start().await;
    let Ground { malin, case } = ground(&app).await;
    let list = paths::list(&case);
    for told in
        ["Hen trivs på Björkgården.", "Åker till norsele på fredag.", "Posten går till Skogsv. 4.", "BJÖRKGÅRDENS kök"]
    {
        let page = Typed::note().with("fact", told).sent_to(&list, &malin).await;
        page.is(422).shows(STOPPED).shows("Inget har sparats.").shows(told).lacks("Norrsele");
        assert_eq!(page.value("kind"), "meeting");
        assert_eq!(page.value("assessment"), "Följer planen.");
        assert_eq!(notes(&app).await, 0, "{told}");
    }
    let mended = Typed::note().with("fact", "Hen trivs på boendet.");
    mended.sent_to(&list, &malin).await.leads_to(&list);
    assert_eq!(notes(&app).await, 1);
}

#[tokio::test]
async fn a_text_is_saved_as_it_stands_with_a_reason_and_the_log_says_so_without_the_text() {
    let app = App::start().await;
    let Ground { malin, case } = ground(&app).await;
    let list = paths::list(&case);
    let told = Typed::note().with("fact", "Pratade om björkgårdens betydelse i en roman.");
    told.sent_to(&list, &malin).await.is(422).shows("Välj bara om du har läst texten en gång till.");
    told.clone().with("place_exception", "no such reason").sent_to(&list, &malin).await.is(422).shows(STOPPED);
    assert_eq!(notes(&app).await, 0);
    told.clone().with("place_exception", "other_meaning").sent_to(&list, &malin).await.leads_to(&list);
    assert_eq!(notes(&app).await, 1);
    let trail = app.trail(&case).await;
    let at = |event: &str| trail.iter().filter(|one| *one == event).count();
    assert_eq!((at("place.stopped"), at("place.let_through")), (2, 1), "{trail:?}");
    let details: Vec<String> =
        sqlx::query_scalar("select body from audit.entry where event in ('place.stopped', 'place.let_through')")
            .fetch_all(&mut app.database.superuser().await)
            .await
            .unwrap();
    assert!(details.iter().all(|one| one.contains("fact") && !one.to_lowercase().contains("björk")), "{details:?}");
}

#[tokio::test]
async fn every_form_of_the_case_is_read_and_no_room_can_forget_it() {
    let app = App::start().await;
    let Ground { malin, case } = ground(&app).await;
    let consents = format!("/arenden/{case}/samtycken");
    let told = Typed::consent().with("purpose", "Planera skyddet i Norrsele.");
    told.sent_to(&consents, &malin).await.is(422).shows(STOPPED);
    let decision = [("scope", "Vård på Björkgården"), ("type", "hvb"), ("reasons", "Behovet är stort.")];
    malin.post(&format!("/arenden/{case}/beslut"), &decision).await.is(422).shows(STOPPED).shows("Vård på Björkgården");
}

/// Where the police say that it is not safe may be where the person is: that is told with the same words as everything.
#[tokio::test]
async fn an_area_that_the_police_call_unsafe_is_not_confirmed_to_be_the_persons_place() {
    let app = App::start().await;
    let Ground { malin, case } = ground(&app).await;
    let threats = utvag::threat::paths::list(&case);
    let stopped = malin.post(&threats, &[("unsafe_areas", "Granvik\nNorrsele")]).await;
    stopped.is(422).shows(STOPPED).shows("säger inte om platsen har något med personen att göra");
    stopped.shows("till exempel för att polisen har pekat ut området");
    let note = Typed::note().with("fact", "Åker till Norrsele.").sent_to(&paths::list(&case), &malin).await;
    let said = |page: &crate::support::page::Page| page.texts("[role=alert]");
    assert_eq!(said(&stopped), said(&note));
    for word in ["hemmet", "där personen bor", "röja"] {
        assert!(!said(&stopped).concat().contains(word), "{word}");
    }
    // The room asks for the rest once it is known why the name stands there.
    let through = [("unsafe_areas", "Granvik\nNorrsele"), ("place_exception", "needed")];
    malin.post(&threats, &through).await.is(422).lacks(STOPPED).shows("Norrsele");
}

#[tokio::test]
async fn a_draft_is_its_authors_own_and_another_case_knows_nothing_of_the_place() {
    let app = App::start().await;
    let Ground { malin, case } = ground(&app).await;
    let draft = Typed::note().with("fact", "Hen trivs på Björkgården.");
    draft.sent_to(&format!("{}/utkast", paths::list(&case)), &malin).await.is_ok();
    let (jonas, karin) = (app.social_worker().await, app.coordinator().await);
    let other = Opening::unknown().responsible(&malin).deputy(&jonas).coordinator(&karin).saved_by(&malin).await;
    let list = paths::list(&other);
    Typed::note().with("fact", "Hen trivs på Björkgården.").sent_to(&list, &malin).await.leads_to(&list);
}

#[tokio::test]
async fn nobody_learns_of_a_place_in_a_case_that_they_do_not_see() {
    let app = App::start().await;
    let Ground { case, .. } = ground(&app).await;
    let stranger = app.social_worker().await;
    let told = Typed::note().with("fact", "Hen trivs på Björkgården.");
    let real = told.sent_to(&paths::list(&case), &stranger).await;
    let unreal = told.sent_to(&paths::list("AVH-7KQ2-M4X"), &stranger).await;
    assert_eq!((real.status.as_u16(), real.words()), (404, unreal.words()));
    // Nor does the database tell them, or keep more than noise.
    let mut owner = app.database.superuser().await;
    let kept: i64 = sqlx::query_scalar("select length(marks)::bigint / 16 from vault.location_mark")
        .fetch_one(&mut owner)
        .await
        .unwrap();
    assert!(kept > 10, "{kept}");
}
