//! A follow-up that was planned is moved to another day, or cancelled: each for a reason that stands with it.

use sqlx::Executor;
use time::macros::date;
use utvag::follow_up::paths;
use utvag::plan::paths as plans;
use uuid::Uuid;

use crate::support::app::App;
use crate::support::page::Page;
use crate::support::people::Person;

async fn changes(person: &Person<'_>, path: &str, typed: &[(&str, &str)]) -> Page {
    let page = person.get(path).await;
    let (id, version) = (page.is_ok().value("id"), page.value("version"));
    let mut fields = vec![("id", id.as_str()), ("version", version.as_str())];
    fields.extend_from_slice(typed);
    person.post(path, &fields).await
}

#[tokio::test]
async fn one_is_moved_to_another_day_for_a_reason() {
    let app = App::start().await;
    let (malin, karin) = (app.social_worker().await, app.coordinator().await);
    let case = malin.opens_a_case_on("2026-01-05").await;
    let id = malin.plans_follow_up(&case, "placement", "2027-01-10").await;
    let (show, moving) = (paths::show(&case, id), paths::moving(&case, id));
    malin.get(&show).await.is_ok().shows("Flytta").shows("Ställ in uppföljningen");
    for (typed, field, said) in [
        ([("to", "snart"), ("reason", "Sjuk.")], "to", "Skriv datumet som ÅÅÅÅ-MM-DD"),
        (
            [("to", "2026-12-30"), ("reason", "Sjuk.")],
            "to",
            "Uppföljningen kan inte flyttas till en dag före i dag, 2026-12-31",
        ),
        (
            [("to", "2027-01-10"), ("reason", "Sjuk.")],
            "to",
            "Uppföljningen är redan planerad 2027-01-10. Välj en annan dag",
        ),
        ([("to", "2027-01-20"), ("reason", " ")], "reason", "Skriv varför uppföljningen flyttas"),
    ] {
        let page = changes(&malin, &moving, &typed).await;
        page.is_faulty().at(field, said);
        assert_eq!(page.value("to"), typed[0].1);
    }
    // Sent twice it is moved once.
    let page = malin.get(&moving).await;
    let (line, to, reason) = (page.value("id"), "2027-01-20", "Personen är sjuk.");
    let fields = [("id", line.as_str()), ("version", "1"), ("to", to), ("reason", reason)];
    malin.post(&moving, &fields).await.leads_to(&show);
    malin.post(&moving, &fields).await.leads_to(&show);
    malin.get(&show).await.is_ok().shows("Från 2027-01-10 till 2027-01-20").shows(reason);
    // What somebody typed against the old day is theirs still.
    let other = Uuid::now_v7().to_string();
    let late = [("id", other.as_str()), ("version", "1"), ("to", "2027-01-15"), ("reason", "Jag är ledig.")];
    let page = karin.post(&moving, &late).await;
    page.is(409).shows("Uppföljningen har ändrats").shows("Jag är ledig.");
    assert_eq!(page.value("version"), "2");
    app.becomes(date!(2027 - 01 - 11));
    malin.get(&format!("/arenden/{case}")).await.is_ok().lacks("Uppföljningen är försenad");
    let held =
        [("version", "1"), ("form", "visit"), ("person", "Trivs."), ("on", "2027-01-11"), ("next_on", "2027-04-01")];
    let page = malin.post(&paths::hold(&case, id), &held).await;
    page.is(409).shows("Uppföljningen är flyttad").shows("Trivs.");
    assert_eq!(page.value("version"), "2");
    assert!(app.trail(&case).await.contains(&"follow_up.moved".to_owned()));
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'test', false)").await.unwrap();
    let unsaid = owner.execute("update follow_up set planned_on = '2027-02-01'").await;
    assert!(format!("{unsaid:?}").contains("follow_up_moved"), "{unsaid:?}");
}

#[tokio::test]
async fn one_that_will_not_be_held_is_cancelled_and_asks_for_nothing_more() {
    let app = App::start().await;
    let (malin, karin) = (app.social_worker().await, app.coordinator().await);
    let case = malin.opens_a_case_on("2026-01-05").await;
    let id = malin.plans_follow_up(&case, "placement", "2027-01-10").await;
    let (show, cancel) = (paths::show(&case, id), paths::cancel(&case, id));
    let unsaid = changes(&malin, &cancel, &[("reason", "")]).await;
    unsaid.is_faulty().at("reason", "Skriv varför uppföljningen ställs in");
    changes(&malin, &cancel, &[("reason", "Placeringen avslutas.")]).await.leads_to(&show);
    // The same button twice.
    malin.post(&cancel, &[("version", "1"), ("reason", "Placeringen avslutas.")]).await.leads_to(&show);
    app.becomes(date!(2027 - 01 - 20));
    let page = malin.get(&show).await;
    page.is_ok().shows("Inställd").shows("Placeringen avslutas.").lacks("Flytta").lacks("försenad");
    let rows = malin.get(&plans::list(&case)).await.rows("[aria-labelledby=h-uppfoljningar] table");
    assert_eq!(rows[0], ["Placering Uppföljning 1", "Inställd", "2027-01-10", "–"]);
    let late = "Uppföljningen är försenad";
    malin.get(&format!("/arenden/{case}")).await.is_ok().lacks(late);
    malin.get("/").await.is_ok().lacks(late);
    malin.get(&cancel).await.leads_to(&show);
    malin.get(&paths::hold(&case, id)).await.leads_to(&show);
    let held = [("version", "1"), ("form", "visit"), ("person", "Trivs ändå."), ("on", "2027-01-10")];
    let page = karin.post(&paths::hold(&case, id), &held).await;
    page.is(409).shows("Uppföljningen är inställd").shows("Trivs ändå.");
    assert!(app.trail(&case).await.contains(&"follow_up.cancelled".to_owned()));
}
