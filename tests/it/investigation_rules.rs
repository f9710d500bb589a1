//! The rules of investigations as Postgres holds them by itself, asked as the owner of the tables: what is lacking keeps an
//! investigation from being completed, whatever the program says.

use sqlx::{Executor, PgConnection};
use time::Duration;
use utvag::investigation::paths;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::fixture::announce;
use crate::support::investigations::{Areas, MANDATORY, TypedChild};

const COMPLETE: &str =
    "update investigation set status = 'completed', completed_on = '2026-12-31', completed_by = created_by";

async fn refused(owner: &mut PgConnection, change: &'static str) -> String {
    let error = owner.execute(change).await.unwrap_err();
    error.as_database_error().unwrap().constraint().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn each_thing_that_is_lacking_is_lacking_to_postgres_too() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let case = Opening::unknown().responsible(&malin).saved_by(&malin).await;
    let id = malin.starts_investigating(&case).await;
    let show = paths::show(&case, id);
    let mut owner = app.database.superuser().await;
    announce(&mut owner).await;

    assert_eq!(refused(&mut owner, COMPLETE).await, "investigation_areas");
    Areas::of(&MANDATORY[1..]).sent_by(&malin, &case, id, 0).await.leads_to(&show);
    assert_eq!(refused(&mut owner, COMPLETE).await, "investigation_areas");
    Areas::of(&MANDATORY).sent_by(&malin, &case, id, 1).await.leads_to(&show);
    // The newest version counts, not an earlier one.
    Areas::of(&["leisure"]).sent_by(&malin, &case, id, 2).await.leads_to(&show);
    assert_eq!(refused(&mut owner, COMPLETE).await, "investigation_areas");
    Areas::of(&MANDATORY).sent_by(&malin, &case, id, 3).await.leads_to(&show);
    assert_eq!(refused(&mut owner, COMPLETE).await, "investigation_children");
    malin.says_of_children(&case, "yes").await.leads_to(&show);
    assert_eq!(refused(&mut owner, COMPLETE).await, "investigation_children");
    let child = TypedChild::born_in("2019").with("concern_needed", "ja");
    child.sent_to(&paths::new_child(&case, id), &malin, "").await.leads_to(&show);
    assert_eq!(refused(&mut owner, COMPLETE).await, "investigation_concern");
    assert_eq!(refused(&mut owner, "update case_file set has_children = 'no'").await, "case_file_children");
    let report = [("made_on", "2026-12-31"), ("to_unit", "Mottagningen")];
    malin.registers(&paths::concern(&case, child.id), &report).await.leads_to(&show);
    assert_eq!(refused(&mut owner, COMPLETE).await, "investigation_party_heard");
    malin.registers(&paths::communicate(&case, id), &[("choice", "obvious")]).await.leads_to(&show);
    assert_eq!(refused(&mut owner, COMPLETE).await, "investigation_texts");
    malin.writes(&case, id, "1", "Bor hos en vän.").await.leads_to(&show);
    owner.execute(COMPLETE).await.unwrap();
    let change = "update child_perspective set birth_year = 2018";
    assert_eq!(refused(&mut owner, change).await, "investigation_stands");
}

#[tokio::test]
async fn days_and_ways_that_there_are_not_are_refused() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let case = Opening::unknown().responsible(&malin).saved_by(&malin).await;
    malin.starts_investigating(&case).await;
    let mut owner = app.database.superuser().await;
    announce(&mut owner).await;
    for (change, held_by) in [
        ("update investigation set extended_to = target_on, extension_reason = '\\x00'", "investigation_days"),
        ("update investigation set extended_to = '2027-01-01'", "investigation_extended"),
        ("update investigation set delay_notice_sent_on = '2026-01-01'", "investigation_days"),
        ("update investigation set reply_received_on = '2026-12-01'", "investigation_reply"),
        ("update investigation set status = 'communicated'", "investigation_communicated"),
        ("update investigation set status = 'decided'", "investigation_moves"),
        ("update investigation set status = 'discontinued'", "investigation_discontinued"),
        ("update investigation set target_on = '2027-01-01'", "investigation_stands"),
        (
            "insert into investigation (id, case_id, number, kind, started_on, start_decision_id, target_on, created_by,
               edited_by, edited_at)
             select gen_random_uuid(), case_id, 2, 'review', '2026-01-08', start_decision_id, '2026-05-07', created_by,
               created_by, now() from investigation",
            "investigation_one_ongoing",
        ),
        (
            "insert into investigation (id, case_id, number, kind, started_on, start_decision_id, target_on, created_by,
               edited_by, edited_at)
             select gen_random_uuid(), case_id, 2, 'review', '2026-01-04', start_decision_id, '2026-05-07', created_by,
               created_by, now() from investigation",
            "investigation_started",
        ),
    ] {
        assert_eq!(refused(&mut owner, change).await, held_by, "{change}");
    }
}

#[tokio::test]
async fn a_report_of_concern_is_registered_also_when_the_investigation_was_put_down() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let case = Opening::unknown().responsible(&malin).saved_by(&malin).await;
    let id = malin.starts_investigating(&case).await;
    let show = paths::show(&case, id);
    let child = TypedChild::born_in("2019").with("concern_needed", "ja");
    child.sent_to(&paths::new_child(&case, id), &malin, "").await.leads_to(&show);
    let told = [("on", "2026-12-31"), ("text", "Ansökan är återtagen.")];
    malin.registers(&paths::discontinue(&case, id), &told).await.leads_to(&show);
    malin.get(&format!("/arenden/{case}")).await.is_ok().shows("Orosanmälan ej dokumenterad");
    let report = [("made_on", "2026-12-31"), ("to_unit", "Mottagningen")];
    malin.registers(&paths::concern(&case, child.id), &report).await.leads_to(&show);
    malin.get(&show).await.is_ok().shows("Mottagningen").lacks("Orosanmälan ej dokumenterad");
}

#[tokio::test]
async fn the_first_page_says_when_it_should_be_done() {
    let app = App::start().await;
    let mut malin = app.social_worker().await;
    let case = Opening::unknown().responsible(&malin).saved_by(&malin).await;
    let id = malin.starts_investigating(&case).await;
    let (show, overview) = (paths::show(&case, id), format!("/arenden/{case}"));
    malin.get(&overview).await.is_ok().shows("Färdigställ utredningen").shows("Försenad 238 dagar");
    let longer = [("on", "2027-02-01"), ("text", "Väntar på yttrande.")];
    malin.registers(&paths::extend(&case, id), &longer).await.leads_to(&show);
    malin.get(&overview).await.is_ok().lacks("Färdigställ utredningen");
    malin.registers(&paths::demand(&case, id), &[("on", "2026-12-30")]).await.leads_to(&show);
    malin.get(&overview).await.is_ok().shows("Avgör ärendet, parten har begärt det").shows("2027-01-27");
    // Thirty days before.
    app.state.clock.put_forward(Duration::days(2));
    malin.sign_in().await;
    malin.get(&overview).await.is_ok().shows("Färdigställ utredningen");
}
