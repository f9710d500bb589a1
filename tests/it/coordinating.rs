//! The coordinator's overview: each figure is that of its list and of what the database holds, what one may not see is
//! counted and not listed, and nobody else has it.

use utvag::clock::Clock;
use utvag::seed;

use crate::support::app::{App, TODAY};
use crate::support::cases::Opening;
use crate::support::page::Page;
use crate::support::people::Person;
use crate::support::placements::Typed as TypedPlacement;

async fn granvik() -> App {
    let app = App::unfounded(Clock::held(TODAY)).await;
    seed::demo(&app.state).await.unwrap();
    let demo = seed::logins(&app.state).await.unwrap();
    app.showing(demo)
}

/// What the tiles say: label, figure and note, in the order of the page.
fn tiles(page: &Page) -> Vec<(String, String)> {
    page.texts(".kpi a").into_iter().zip(page.texts(".kpi .figure")).collect()
}

fn figure(page: &Page, label: &str) -> String {
    let found = tiles(page).into_iter().find(|(name, _)| name == label);
    found.unwrap_or_else(|| panic!("no tile {label} in {:?}", tiles(page))).1
}

/// Each tile that has a list of its own, and the same counted without the program's own question.
const COUNTED: [(&str, &str, &str); 8] = [
    (
        "Väntar på polisens bedömning",
        "vantar-pa-polisen",
        "select count(*) from case_file c where closed_on is null
           and not exists (select from threat_assessment t where t.case_id = c.id and t.status = 'confirmed')",
    ),
    (
        "Inaktuella hotbedömningar",
        "inaktuella-hotbedomningar",
        "select count(*) from threat_assessment join case_file c on c.id = case_id
         where threat_assessment.status = 'confirmed' and valid_until < '2026-12-31' and closed_on is null",
    ),
    (
        "Utredningar över mål",
        "utredningar-over-mal",
        "select count(*) from investigation where status in ('ongoing', 'communicated')
           and coalesce(extended_to, target_on) < '2026-12-31'",
    ),
    (
        "Pågående dygnetruntplaceringar",
        "dygnetruntplaceringar",
        "select count(*) from placement where status = 'active' and round_the_clock",
    ),
    (
        "Placeringar som slutar inom 30 dagar",
        "placeringar-som-slutar",
        "select count(*) from placement where status = 'active' and planned_end_on <= '2027-01-30'",
    ),
    (
        "Försenade uppföljningar",
        "forsenade-uppfoljningar",
        "select count(*) from follow_up f join case_file c on c.id = f.case_id
         where held_on is null and cancelled_on is null and planned_on < '2026-12-31'
           and (closed_on is null or kind = 'after_closing')",
    ),
    ("Öppna avvikelser", "oppna-avvikelser", "select count(*) from deviation where status <> 'closed'"),
    ("Förfallna slagningar", "forfallna-slagningar", "select count(*) from check_due where due_on < '2026-12-31'"),
];

#[tokio::test]
async fn each_figure_is_that_of_its_list_and_of_what_there_is() {
    let app = granvik().await;
    let karin = Person::of_the_demo(&app, "karin.holm").await;
    let page = karin.get("/samordning").await;
    page.is_ok();
    assert_eq!(tiles(&page).len(), 11);
    assert_eq!(page.texts("section[aria-label='Det mest angelägna'] .kpi").len(), 5);
    let mut owner = app.database.superuser().await;
    let mut something = 0;
    for (label, slug, sql) in COUNTED {
        let there_are: i64 = sqlx::query_scalar(sql).fetch_one(&mut owner).await.unwrap();
        assert_eq!(figure(&page, label), there_are.to_string(), "{label}");
        let list = karin.get(&format!("/samordning/{slug}")).await;
        list.is_ok();
        let hidden = list.words().contains("till räknas");
        let rows = i64::try_from(list.rows("main table").len()).unwrap();
        assert!(rows == there_are || hidden && rows < there_are, "{label}: {rows} of {there_are}");
        assert!(page.attributes(".kpi a", "href").contains(&format!("/samordning/{slug}")), "{label}");
        for link in list.attributes("main td a", "href") {
            karin.get(&link).await.is_ok();
        }
        something += usize::from(there_are > 0);
    }
    assert!(something >= 4, "the demo has something in {something} lists alone");
    let open: i64 = sqlx::query_scalar("select count(*) from case_file where closed_on is null")
        .fetch_one(&mut owner)
        .await
        .unwrap();
    assert_eq!(figure(&page, "Pågående ärenden"), open.to_string());
    // R1's year in money (domain 7.0).
    assert_eq!(figure(&page, "Kostnad och prognos 2026"), "63,2 %");
    page.shows("3 032 950 kr hittills, 3 032 950 kr i prognos av 4 800 000 kr");
}

#[tokio::test]
async fn the_pictures_have_their_figures_in_tables() {
    let app = granvik().await;
    let karin = Person::of_the_demo(&app, "karin.holm").await;
    let page = karin.get("/samordning").await;
    let cases = page.rows("section[aria-labelledby='h-floden'] table");
    assert_eq!(cases.len(), 24);
    assert_eq!((cases[0][0].as_str(), cases[23][0].as_str()), ("jan 25", "dec 26"));
    let mut owner = app.database.superuser().await;
    let opened: i64 = sqlx::query_scalar("select count(*) from case_file where opened_on >= '2025-01-01'")
        .fetch_one(&mut owner)
        .await
        .unwrap();
    assert_eq!(cases.iter().map(|row| row[1].parse::<i64>().unwrap()).sum::<i64>(), opened);
    let days = page.rows("section[aria-labelledby='h-dygn'] table");
    let both = |row: &Vec<String>| row[1].parse::<i64>().unwrap() + row[2].parse::<i64>().unwrap();
    let bought: i64 = sqlx::query_scalar(
        "select sum(days)::bigint from cost_day where round_the_clock and on_day between '2025-01-01' and '2026-12-31'
           and procurement in ('inside_framework', 'outside_framework')",
    )
    .fetch_one(&mut owner)
    .await
    .unwrap();
    assert!(bought > 0);
    assert_eq!(days.iter().map(both).sum::<i64>(), bought);
    assert_eq!(page.rows("section[aria-labelledby='h-kostnad'] table").len(), 12);
    assert_eq!(page.rows("section[aria-labelledby='h-vantan'] table").len(), 3);
}

#[tokio::test]
async fn fewer_than_five_of_a_source_are_not_told() {
    let app = App::start().await;
    let karin = app.coordinator().await;
    let mut owner = app.database.superuser().await;
    crate::support::fixture::announce(&mut owner).await;
    for (source, count) in [("school", 5), ("sis", 4)] {
        sqlx::query(
            "insert into intake (id, received_on, source, is_anonymous, is_minor, is_acute, informant_protected, description, unit_id,
               registered_by, registered_at)
             select gen_random_uuid(), '2026-05-04', $1::intake_source, true, false, false, false, '\\x00', $2, $3, '2026-05-04'
             from generate_series(1, $4)",
        )
        .bind(source)
        .bind(app.unit)
        .bind(karin.account)
        .bind(count)
        .execute(&mut owner)
        .await
        .unwrap();
    }
    let rows = karin.get("/samordning").await.rows("section[aria-labelledby='h-kallor'] table");
    let told: Vec<_> = rows.iter().map(|row| (row[0].as_str(), row[2].as_str())).collect();
    assert_eq!(told, [("Skola", "5"), ("SiS", "färre än 5")]);
}

#[tokio::test]
async fn a_closed_circle_is_counted_and_listed_only_to_those_named() {
    let app = App::start().await;
    let (malin, karin, olle) = (app.social_worker().await, app.coordinator().await, app.coordinator().await);
    let home = karin.adds_a_home("hvb").await;
    let opening = Opening::unknown().with("protection", "closed_circle").responsible(&malin).coordinator(&karin);
    let reference = opening.saved_by(&malin).await;
    TypedPlacement::new(&home, "hvb", "2026-12-31", "2027-01-20").saved_by(&malin, &reference).await;
    for (person, sees) in [(&karin, true), (&olle, false)] {
        let page = person.get("/samordning").await;
        assert_eq!(figure(&page, "Placeringar som slutar inom 30 dagar"), "1");
        assert_eq!(figure(&page, "Pågående ärenden"), "1");
        assert_eq!(figure(&page, "Väntar på polisens bedömning"), "1");
        let list = person.get("/samordning/vantar-pa-polisen").await;
        assert_eq!(list.words().contains(&reference), sees);
        assert_eq!(list.words().contains("Ett ärende till räknas"), !sees);
        assert_eq!(page.words().contains(&reference), sees, "among those without a deputy");
        let list = person.get("/samordning/placeringar-som-slutar").await;
        assert_eq!(list.rows("main table").len(), usize::from(sees), "{}", list.words());
        assert_eq!(list.words().contains("Inget som du ser"), !sees);
    }
}

#[tokio::test]
async fn a_manager_has_the_own_unit_and_nobody_else_has_any_of_it() {
    let app = App::start().await;
    let (malin, karin, chef) = (app.social_worker().await, app.coordinator().await, app.manager().await);
    Opening::unknown().responsible(&malin).saved_by(&malin).await;
    assert_eq!(figure(&chef.get("/samordning").await, "Pågående ärenden"), "1");
    let mut owner = app.database.superuser().await;
    crate::support::fixture::announce(&mut owner).await;
    sqlx::query(
        "with other as (insert into org_unit (id, name, committee_id, valid_from)
                        select gen_random_uuid(), 'En annan enhet', committee_id, valid_from from org_unit limit 1 returning id)
         update case_file set owner_unit_id = (select id from other)",
    )
    .execute(&mut owner)
    .await
    .unwrap();
    assert_eq!(figure(&chef.get("/samordning").await, "Pågående ärenden"), "0");
    chef.get("/samordning/vantar-pa-polisen").await.is_ok().lacks("AVH-").lacks("till räknas");
    assert_eq!(figure(&karin.get("/samordning").await, "Pågående ärenden"), "1");
    for path in ["/samordning", "/samordning/oppna-avvikelser"] {
        malin.get(path).await.is_missing();
    }
    karin.get("/samordning/finns-inte").await.is_missing();
}
