//! `T-reveal`: where a log that cannot be written, or not be kept, stands in the way, no place and no person is shown: the
//! trail is committed before the first byte goes out.

use sqlx::{AssertSqlSafe, Executor, PgConnection};
use utvag::placement::paths;
use uuid::Uuid;

use crate::access_matrix::World;
use crate::opening_a_location::{Ground, ground, hides};
use crate::support::app::App;
use crate::support::page::form;

/// Lets the log fail: at once, or in the last moment, when the transaction is to be kept.
pub async fn fails(owner: &mut PgConnection, at_commit: bool, which: &str) {
    let kind = if at_commit {
        "create constraint trigger fails after insert on audit.entry deferrable initially deferred"
    } else {
        "create trigger fails before insert on audit.entry"
    };
    let sql = format!(
        "create or replace function audit.fails() returns trigger language plpgsql as
           $$ begin raise exception 'the disk is full' using errcode = '53100'; end $$;
         grant execute on function audit.fails to public;
         drop trigger if exists fails on audit.entry;
         {kind} for each row when (new.event like '{which}') execute function audit.fails()"
    );
    owner.execute(AssertSqlSafe(sql)).await.unwrap();
}

#[tokio::test]
async fn no_place_is_shown_before_the_log_has_it() {
    let app = App::start().await;
    let Ground { malin, karin, case, placement, .. } = ground(&app).await;
    let chef = app.manager().await;
    let mut owner = app.database.superuser().await;
    let id = Uuid::now_v7();
    chef.asks_for_the_location(&case, placement, id).await;
    karin.approves_the_location(&case, placement, id).await;
    for at_commit in [false, true] {
        fails(&mut owner, at_commit, "location.opened").await;
        for page in [malin.opens_the_location(&case, placement).await, chef.sees_together(&case, placement).await] {
            assert_eq!(page.status, 500, "{}", page.words());
            hides(&page);
        }
        let openings: i64 =
            sqlx::query_scalar("select count(*) from vault.opening").fetch_one(&mut owner).await.unwrap();
        assert_eq!(openings, 0);
    }
    owner.execute("drop trigger fails on audit.entry").await.unwrap();
    chef.sees_together(&case, placement).await.is_ok().shows("Skogsvägen 4");
}

#[tokio::test]
async fn no_case_no_print_and_nothing_released_is_shown_before_the_log_has_it() {
    let mut world = World::new().await;
    let (case, placement) = (world.found.reference.clone(), world.found.placement);
    let (malin, police) = (world.cookie(0).await, world.cookie(6).await);
    let released = format!("/polis/{}", world.found.disclosed.released);
    let shown = [
        (&malin, format!("/arenden/{case}"), Vec::new()),
        (&malin, format!("/arenden/{case}/placeringar"), Vec::new()),
        (&malin, paths::show(&case, placement), Vec::new()),
        (&malin, format!("/arenden/{case}/person"), Vec::new()),
        (&malin, format!("/arenden/{case}/tidslinje"), Vec::new()),
        (&police, released.clone(), Vec::new()),
        (&police, released + "/fil", Vec::new()),
    ];
    let ask = async |world: &World, (cookie, address, fields): &(&String, String, Vec<(&str, &str)>)| {
        if fields.is_empty() {
            world.get(cookie, address).await
        } else {
            world.app.send(form(address, fields, Some(cookie))).await
        }
    };
    let mut owner = world.app.database.superuser().await;
    for at_commit in [false, true] {
        fails(&mut owner, at_commit, "%").await;
        for one in &shown {
            let page = ask(&world, one).await;
            assert!(page.status.is_server_error(), "{}: {} {}", one.1, page.status, page.words());
            for word in ["Tolvan", "Björk", "Granvik", "Skogsvägen", "L-001", &case] {
                page.lacks(word);
            }
        }
    }
    owner.execute("drop trigger fails on audit.entry").await.unwrap();
    for one in &shown {
        ask(&world, one).await.is_ok();
    }
    // Over what the police read stands who reads, again and again.
    let page = world.get(&police, &shown[5].1).await;
    let mark = page.attributes(".marked", "data-mark").concat();
    assert!(mark.starts_with("Läst av polis 20"), "{mark}");
}
