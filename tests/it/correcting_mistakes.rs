//! What was registered by mistake goes out of sight and leaves a line; and the children are seen anew when the person moves.

use sqlx::Executor;
use time::macros::date;
use utvag::investigation::paths;
use utvag::person::paths as persons;
use utvag::placement::paths as placements;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::details::{Detail, LABEL};
use crate::support::fixture::announce;
use crate::support::investigations::{Areas, MANDATORY, TypedChild};
use crate::support::placements::Typed as TypedPlacement;

const WHY: &str = "Hör till ett annat ärende.";
const UNSAID: &str = "Skriv varför uppgifterna var fel";

#[tokio::test]
async fn somebody_close_who_was_registered_by_mistake_leaves_a_line() {
    let app = App::start().await;
    let (malin, karin) = (app.social_worker().await, app.coordinator().await);
    let case = Opening::unknown().responsible(&malin).coordinator(&karin).saved_by(&malin).await;
    let show = persons::show(&case);
    let child = Detail::child().saved_at(&persons::new_relation(&case), &malin).await;
    let ended = Detail::child().saved_at(&persons::new_relation(&case), &malin).await;
    let again = Detail::child().with("valid_to", "2026-12-30").with("version", "1");
    again.sent_to(&persons::relation(&case, ended), &malin).await.leads_to(&show);
    let remove = persons::remove_relation(&case, child);
    karin.get(&show).await.is_ok().lacks("Ta bort");
    karin.get(&remove).await.is_forbidden();
    malin.get(&show).await.is_ok().shows("Ta bort").shows("Personen har barn");
    malin.registers(&remove, &[("reason", " ")]).await.is_faulty().at("reason", UNSAID);
    let stale = malin.post(&remove, &[("version", "9"), ("reason", WHY)]).await;
    stale.is(409).shows(WHY);
    assert_eq!(stale.value("version"), "1");
    malin.registers(&remove, &[("reason", WHY)]).await.leads_to(&show);
    malin.post(&remove, &[("version", "1"), ("reason", WHY)]).await.leads_to(&show);
    malin.get(&remove).await.leads_to(&show);
    malin.get(&persons::relation(&case, child)).await.is(409);
    // One that had ended already can have been a mistake too.
    malin.registers(&persons::remove_relation(&case, ended), &[("reason", WHY)]).await.leads_to(&show);
    for person in [&malin, &karin] {
        let page = person.get(&show).await;
        page.is_ok().shows("Felaktigt införd närstående").shows(WHY).lacks(LABEL).lacks("Personen har barn");
    }
    assert!(app.trail(&case).await.contains(&"relation.removed".to_owned()));
    let mut owner = app.database.superuser().await;
    announce(&mut owner).await;
    for sql in
        ["update relation set removed_on = null, removed_by = null, remove_reason = null", "delete from relation"]
    {
        let refused = owner.execute(sql).await.unwrap_err();
        assert_eq!(utvag::error::constraint(&refused), Some("relation_stands"), "{sql}");
    }
}

#[tokio::test]
async fn a_child_that_was_written_in_by_mistake_is_not_counted_any_more() {
    let app = App::start().await;
    let (malin, karin) = (app.social_worker().await, app.coordinator().await);
    let case = Opening::unknown().responsible(&malin).coordinator(&karin).saved_by(&malin).await;
    let id = malin.starts_investigating(&case).await;
    let show = paths::show(&case, id);
    malin.writes(&case, id, "1", "Bor hos en vän.").await.leads_to(&show);
    Areas::of(&MANDATORY).sent_by(&malin, &case, id, 0).await.leads_to(&show);
    malin.registers(&paths::communicate(&case, id), &[("on", "2026-12-10")]).await.leads_to(&show);
    let child = TypedChild::born_in("2019").with("concern_needed", "ja");
    child.sent_to(&paths::new_child(&case, id), &malin, "").await.leads_to(&show);
    let overview = format!("/arenden/{case}");
    malin.get(&overview).await.is_ok().shows("orosanmälan");
    let remove = paths::remove_child(&case, child.id);
    karin.get(&remove).await.is_forbidden();
    malin.registers(&remove, &[("reason", "")]).await.is_faulty().at("reason", UNSAID);
    malin.post(&remove, &[("version", "7"), ("reason", WHY)]).await.is(409).shows(WHY);
    malin.registers(&remove, &[("reason", WHY)]).await.leads_to(&show);
    malin.get(&remove).await.is_missing();
    let page = malin.get(&show).await;
    page.is_ok().shows("Felaktigt infört barn").shows(WHY).lacks("Umgänget kan fortsätta");
    malin.get(&overview).await.is_ok().lacks("orosanmälan");
    // The question is open again, and its answer is not bound by the mistake.
    malin.completes(&case, id).await.is_faulty().at("children", "Barnperspektivet är inte besvarat");
    malin.says_of_children(&case, "no").await.leads_to(&show);
    let mistaken = TypedChild::born_in("2020");
    mistaken.sent_to(&paths::new_child(&case, id), &malin, "").await.leads_to(&show);
    malin.completes(&case, id).await.leads_to(&show);
    // What a completed investigation saw stands.
    malin.get(&paths::remove_child(&case, mistaken.id)).await.leads_to(&show);
    malin.post(&paths::remove_child(&case, mistaken.id), &[("version", "1"), ("reason", WHY)]).await.is(409);
    assert!(app.trail(&case).await.contains(&"investigation.child_removed".to_owned()));
    let mut owner = app.database.superuser().await;
    announce(&mut owner).await;
    for (sql, held_by) in [
        (
            "update child_perspective set removed_on = null, removed_by = null, remove_reason = null",
            "child_perspective_stands",
        ),
        (
            "update child_perspective set removed_on = '2026-12-31', removed_by = saved_by, remove_reason = '\\x00'
             where removed_on is null",
            "investigation_stands",
        ),
    ] {
        let refused = owner.execute(sql).await.unwrap_err();
        assert_eq!(utvag::error::constraint(&refused), Some(held_by), "{sql}");
    }
}

#[tokio::test]
async fn the_children_are_seen_anew_when_the_person_moves() {
    let app = App::start().await;
    let (malin, karin) = (app.social_worker().await, app.coordinator().await);
    let case = Opening::unknown().with("opened_on", "2026-01-05").responsible(&malin).coordinator(&karin);
    let case = case.saved_by(&malin).await;
    let home = karin.adds_a_home("training_apartment").await;
    let (overview, asked, list) = (format!("/arenden/{case}"), "Följ upp barnperspektivet", paths::list(&case));
    malin.get(&overview).await.is_ok().lacks(asked);
    let stay = TypedPlacement::new(&home, "training_apartment", "2026-12-20", "2027-06-30");
    stay.saved_by(&malin, &case).await;
    // Nobody has asked whether there are children.
    malin.get(&overview).await.is_ok().shows(asked).shows("Svara först på om det finns barn");
    malin.says_of_children(&case, "no").await.leads_to(&list);
    malin.get(&overview).await.is_ok().lacks(asked);
    malin.says_of_children(&case, "yes").await.leads_to(&list);
    let form = paths::child_at_placement(&case, stay.id());
    malin.get(&overview).await.is_ok().shows(asked).shows("Placering 1 har ändrats");
    // Nobody is led to a page that is closed to them.
    karin.get(&overview).await.is_ok().lacks(asked);
    karin.get(&form).await.is_forbidden();
    malin.get(&form).await.is_ok().shows(asked);
    let unheard = TypedChild::born_in("2019").with("heard", "no");
    let said = "Skriv varför barnet inte har informerats eller kommit till tals";
    unheard.sent_to(&form, &malin, "").await.is_faulty().at("not_heard_reason", said);
    let child = TypedChild::born_in("2019").with("concern_needed", "ja");
    for _ in 0..2 {
        child.sent_to(&form, &malin, "").await.leads_to(&list);
    }
    malin.get(&overview).await.is_ok().lacks(asked);
    for person in [&malin, &karin] {
        let page = person.get(&list).await;
        page.is_ok().shows("Barnperspektiv vid byte av placering").shows("Umgänget kan fortsätta på annan ort.");
    }
    // A report of concern is registered there too, and what was seen stands.
    let report = [("made_on", "2026-12-31"), ("to_unit", "Mottagningen")];
    malin.registers(&paths::concern(&case, child.id), &report).await.leads_to(&list);
    malin.get(&paths::child(&case, child.id)).await.is(409);

    // The person moves again, and two children are known of.
    app.becomes(date!(2027 - 02 - 01));
    for year in ["2019", "2021"] {
        Detail::child().with("birth_year", year).saved_at(&persons::new_relation(&case), &malin).await;
    }
    let end = [("last_day", "2027-02-01"), ("reason", "planned_move"), ("charge_departure_day", "ja")];
    malin.registers(&placements::end(&case, stay.id()), &end).await.leads_to(&placements::show(&case, stay.id()));
    for year in ["2019", "2021"] {
        malin.get(&overview).await.is_ok().shows(asked);
        TypedChild::born_in(year).sent_to(&form, &malin, "").await.leads_to(&list);
    }
    malin.get(&overview).await.is_ok().lacks(asked);

    // One of them was a mistake.
    let mistaken = TypedChild::born_in("2022");
    mistaken.sent_to(&form, &malin, "").await.leads_to(&list);
    malin.registers(&paths::remove_child(&case, mistaken.id), &[("reason", WHY)]).await.leads_to(&list);
    malin.get(&list).await.is_ok().shows("Felaktigt infört barn").lacks("2022");
    let mut owner = app.database.superuser().await;
    announce(&mut owner).await;
    let changed = owner.execute("update child_perspective set birth_year = 2018 where removed_on is null").await;
    assert_eq!(utvag::error::constraint(&changed.unwrap_err()), Some("child_perspective_stands"));
}
