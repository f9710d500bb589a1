//! The two pictures of the README, of an invented municipality. Drawn anew with
//! `cargo test -p browser -- --ignored pictures`.

use std::path::Path;

use utvag::access::BIRTH_DATE;
use uuid::Uuid;

use crate::looks::Look;
use crate::support::app::App;
use crate::support::fixture;
use crate::window::Browser;
use crate::world::{Opened, World};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../static/readme");

const fn case(
    opened_on: &'static str,
    protection: &'static str,
    placement: Option<(&'static str, &'static str, &'static str)>,
) -> Opened<'static> {
    Opened { opened_on, protection, placement }
}

/// More cases for the list.
const CASES: [Opened<'static>; 5] = [
    case("2026-02-16", "standard", Some(("2026-03-16", "2027-01-15", "2 450"))),
    case("2026-04-07", "restricted", Some(("2026-05-04", "2027-05-03", "3 200"))),
    case("2026-06-22", "standard", Some(("2026-08-03", "2027-01-31", "2 100"))),
    case("2026-10-12", "standard", None),
    case("2026-12-14", "restricted", None),
];

#[tokio::test(flavor = "multi_thread")]
#[ignore = "draws static/readme anew"]
async fn the_pictures_of_the_readme_are_drawn() {
    let mut browser = Browser::start().await;
    let app = App::start().await;
    browser.visits(&app).await;
    let world = World::made(&app).await;
    for case in CASES {
        world.opens(&case).await;
    }
    touch_up(&app, &world).await;
    browser.comes_as(&world.malin).await;
    browser.takes_on(Look::Light).await;
    for (name, address) in [("arende.png", format!("/arenden/{}", world.case)), ("arenden.png", "/arenden".to_owned())]
    {
        browser.goto(&address).await;
        let file = Path::new(FOLDER).join(name);
        browser.draws(&file, false).await;
        let size = std::fs::metadata(&file).unwrap().len();
        assert!(size < 200_000, "{name} has {size} bytes");
    }
}

/// Names that read well, statuses as they would be by now, and somebody younger than the tax agency's test number.
async fn touch_up(app: &App, world: &World<'_>) {
    let mut owner = app.database.superuser().await;
    fixture::announce(&mut owner).await;
    for statement in [
        "alter table case_file disable trigger case_file_moves",
        "alter table case_file disable trigger case_file_zz_guarded",
        "update account set display_name = 'Samir Nyberg'",
        "update case_file c set status = case when exists (select from placement p where p.case_id = c.id)
           then 'active' when opened_on < '2026-11-01' then 'investigating' else 'assessing' end::case_status",
    ] {
        sqlx::query(statement).execute(&mut owner).await.unwrap();
    }
    for (account, name) in [(world.karin.account, "Karin Holm"), (world.malin.account, "Malin Ek")] {
        let update = sqlx::query("update account set display_name = $1 where id = $2");
        update.bind(name).bind(account).execute(&mut owner).await.unwrap();
    }
    let person: Uuid = sqlx::query_scalar("select person_id from case_file where reference = $1")
        .bind(&world.case)
        .fetch_one(&mut owner)
        .await
        .unwrap();
    let born = app.state.keys.seal(BIRTH_DATE.at(person), "1998-05-20").unwrap();
    let update = sqlx::query("update person set birth_date = $1 where id = $2");
    update.bind(born.as_bytes()).bind(person).execute(&mut owner).await.unwrap();
}
