//! What the rules of the review need beside the log's rows, out of the real log: how reasons were given, how often the police
//! have opened the same, and whether the seals leave the house.

use time::macros::date;
use utvag::jobs::anchor_failed;
use utvag::police_view::paths as police_paths;
use utvag::vocabulary::Role;

use crate::access_matrix::World;
use crate::support::app::App;
use crate::support::placements::Typed;

const DECEMBER: &str = "/logggranskning/2026-12";
const POOR: &str = "Skälet till läsningen säger lite";
const AGAIN: &str = "Polisens kontaktperson öppnade samma uppgift minst fem gånger";

/// The words of the month as it is drawn in January.
async fn drawn(mut world: World) -> String {
    world.app.becomes(date!(2027 - 01 - 11));
    let reviewer = world.cookie(8).await;
    world.post(&reviewer, DECEMBER, &[]).await.leads_to(DECEMBER);
    world.get(&reviewer, DECEMBER).await.is_ok().words()
}

#[tokio::test]
async fn a_reason_of_a_few_letters_is_looked_at_and_one_that_says_something_is_not() {
    for (reason, found) in [("Test", true), ("Personen ska hämtas till mötet i morgon", false)] {
        let app = App::start().await;
        let (malin, karin) = (app.social_worker().await, app.coordinator().await);
        let case = malin.opens_a_case_on("2026-01-05").await;
        let home = karin.adds_a_home("hvb").await;
        let placement = Typed::new(&home, "hvb", "2026-01-15", "2027-07-15").with("price_form", "stairs");
        placement.saved_by(&malin, &case).await;
        malin.opens_the_location_because(&case, placement.id(), reason).await.is_ok();
        app.becomes(date!(2027 - 01 - 11));
        let ylva = app.person(Role::LogReviewer).await;
        ylva.post(DECEMBER, &[]).await.leads_to(DECEMBER);
        let words = ylva.get(DECEMBER).await.is_ok().words();
        assert!(words.contains("Öppnade en vistelseort"), "{words}");
        assert_eq!(words.contains(POOR), found, "{reason}: {words}");
        assert!(!words.contains(reason), "what was written is measured and not shown");
    }
}

#[tokio::test]
async fn the_police_open_the_same_five_times_or_something_that_was_never_theirs() {
    for (times, strange, found) in [(4, false, false), (5, false, true), (0, true, true)] {
        let mut world = World::new().await;
        let police = world.cookie(6).await;
        for _ in 0..times {
            world.get(&police, &police_paths::show(world.found.disclosed.released)).await.is_ok();
        }
        if strange {
            world.get(&police, &police_paths::show(world.found.disclosed.draft_item)).await.is_missing();
        }
        let words = drawn(world).await;
        assert_eq!(words.contains(AGAIN), found, "{times}, {strange}: {words}");
    }
}

#[tokio::test]
async fn seals_that_do_not_leave_the_house_are_told_on_the_month_and_its_protocol() {
    let world = World::new().await;
    let said = "Förseglingen kunde inte skrivas till filen utanför databasen";
    anchor_failed(&world.app.db, &world.app.state.keys, &world.app.state.clock).await.unwrap();
    let words = drawn(world).await;
    assert!(words.contains("Loggens försegling har störts") && words.contains(said), "{words}");
    assert!(!drawn(World::new().await).await.contains(said), "and only then");
}
