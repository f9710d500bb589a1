//! *Jäv*: a declared conflict of interest closes the person's cases to whoever has it, from that moment.

use sqlx::Executor;
use utvag::assignment::paths as assignments;
use utvag::conflict::paths;
use uuid::Uuid;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::page::Page;
use crate::support::people::Person;

const MILO: &str = "20010612-2393";
const REASON: &str = "Är granne med personens mor";

impl Person<'_> {
    async fn declares(&self, reference: &str, whose: &Person<'_>, reason: &str) -> Page {
        let (id, account) = (Uuid::now_v7().to_string(), whose.account.to_string());
        let fields = [("id", id.as_str()), ("account", &account), ("reason", reason)];
        self.post(&paths::declare(reference), &fields).await
    }
}

#[tokio::test]
async fn whoever_declares_it_has_the_case_no_more_and_cannot_be_named_again() {
    let app = App::start().await;
    let (malin, jonas, karin) = (app.social_worker().await, app.social_worker().await, app.coordinator().await);
    let reference = Opening::of(MILO).responsible(&malin).deputy(&jonas).saved_by(&malin).await;
    let case = format!("/arenden/{reference}");
    malin.get(&paths::declare(&reference)).await.is_ok().shows("Anmäl jäv").lacks("Vem jävet gäller");
    let page = malin.declares(&reference, &malin, " ").await;
    page.is_faulty().at("reason", "Skriv vad jävet består i");
    let page = malin.declares(&reference, &malin, REASON).await;
    page.leads_to("/arenden");
    assert_eq!(page.cookie("__Host-besked").as_deref(), Some("__Host-besked=jav-anmalt"));
    malin.get("/arenden").await.is_ok().lacks(&reference);
    malin.get(&case).await.is_missing();
    malin.post("/sok", &[("q", MILO)]).await.is_ok().shows("Inga träffar");
    // The case stands without anybody responsible, and says so.
    karin.get("/").await.is_ok().shows(&reference).shows("Ej tilldelad");
    jonas.get(&case).await.is_ok();
    let (id, account) = (Uuid::now_v7().to_string(), malin.account.to_string());
    let named = [("id", id.as_str()), ("kind", "responsible"), ("account", &account), ("reason", "Prov")];
    let page = karin.post(&assignments::new(&reference), &named).await;
    page.is_faulty().at("account", "Välj någon annan. Kollegan har anmält jäv");
    assert!(app.trail(&reference).await.contains(&"conflict.declared".to_owned()));
}

#[tokio::test]
async fn a_coordinator_declares_it_for_a_colleague_and_a_social_worker_only_for_themselves() {
    let app = App::start().await;
    let (malin, jonas, karin) = (app.social_worker().await, app.social_worker().await, app.coordinator().await);
    let reference = Opening::of(MILO).responsible(&malin).deputy(&jonas).saved_by(&malin).await;
    // What is said of another is taken for oneself: nobody else can be chosen.
    jonas.declares(&reference, &malin, REASON).await.leads_to("/arenden");
    malin.get(&format!("/arenden/{reference}")).await.is_ok();
    karin.declares(&reference, &malin, REASON).await.leads_to(&assignments::list(&reference));
    malin.get(&format!("/arenden/{reference}")).await.is_missing();
    let nobody = [("id", "x"), ("account", ""), ("reason", "")];
    let page = karin.post(&paths::declare(&reference), &nobody).await;
    page.is_faulty().shows("Välj vem jävet gäller").shows("Skriv vad jävet består i");
}

#[tokio::test]
async fn a_coordinator_with_a_conflict_sees_the_case_nowhere() {
    let app = App::start().await;
    let (malin, karin, olle) = (app.social_worker().await, app.coordinator().await, app.coordinator().await);
    let reference = Opening::of(MILO).responsible(&malin).coordinator(&karin).saved_by(&malin).await;
    karin.declares(&reference, &karin, REASON).await.leads_to("/arenden");
    for page in ["/", "/arenden", "/placeringar"] {
        karin.get(page).await.is_ok().lacks(&reference);
    }
    karin.get(&format!("/arenden/{reference}/journal")).await.is_missing();
    olle.get("/arenden").await.is_ok().shows(&reference);
}

#[tokio::test]
async fn what_was_declared_stands_and_holds_for_the_persons_next_case() {
    let app = App::start().await;
    let (malin, jonas) = (app.social_worker().await, app.social_worker().await);
    let reference = Opening::of(MILO).responsible(&malin).saved_by(&malin).await;
    malin.declares(&reference, &malin, REASON).await.leads_to("/arenden");
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'prov', false)").await.unwrap();
    for attempt in ["update conflict_of_interest set declared_at = now()", "delete from conflict_of_interest"] {
        let refused = owner.execute(attempt).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().constraint(), Some("conflict_of_interest_stands"));
    }
    let refused = sqlx::query(
        "insert into assignment (id, case_id, account_id, kind, granted_by, reason)
         select gen_random_uuid(), id, $1, 'deputy', $2, 'prov' from case_file",
    )
    .bind(malin.account)
    .bind(jonas.account)
    .execute(&mut owner)
    .await
    .unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().constraint(), Some("assignment_without_conflict"));
    let stands: Vec<u8> =
        sqlx::query_scalar("select reason from conflict_of_interest").fetch_one(&mut owner).await.unwrap();
    assert!(!String::from_utf8_lossy(&stands).contains("granne"));
}

#[tokio::test]
async fn a_manager_ends_it_from_a_day_and_never_their_own() {
    let app = App::start().await;
    let (malin, jonas, karin, chef) =
        (app.social_worker().await, app.social_worker().await, app.coordinator().await, app.manager().await);
    let reference = Opening::of(MILO).responsible(&malin).deputy(&jonas).saved_by(&malin).await;
    jonas.declares(&reference, &jonas, REASON).await.leads_to("/arenden");
    let declared = paths::declared(&reference);
    for person in [&malin, &karin] {
        person.get(&declared).await.is_forbidden();
    }
    jonas.get(&declared).await.is_missing();
    chef.get(&assignments::list(&reference)).await.is_ok().shows("Anmälda jäv");
    let page = chef.get(&declared).await;
    page.is_ok().shows(REASON).shows(&jonas.name).shows("Jävet har upphört");
    let end = page.attributes("a.btn-s", "href")[0].clone();
    chef.post(&end, &[]).await.is_faulty().shows("Skriv från vilken dag").shows("Skriv varför jävet har upphört");
    // The clock of the tests is ahead of the database's.
    let mut owner = app.database.superuser().await;
    let aged = "select set_config('app.event', 'prov', false);
        alter table conflict_of_interest disable trigger all;
        update conflict_of_interest set declared_at = '2026-01-06 12:00Z';
        alter table conflict_of_interest enable trigger all;
        alter table conflict_of_interest enable always trigger conflict_of_interest_stands;
        alter table conflict_of_interest enable always trigger noted";
    owner.execute(aged).await.unwrap();
    let fields = |day| [("ends_on", day), ("reason", "Modern har flyttat")];
    chef.post(&end, &fields("2026-01-05")).await.is_faulty().shows("Jävet anmäldes 2026-01-06");
    karin.post(&end, &fields("2026-01-07")).await.is_forbidden();
    for _ in 0..2 {
        chef.post(&end, &fields("2026-01-07")).await.leads_to(&declared);
    }
    chef.get(&declared).await.is_ok().shows("2026-01-07").shows("Modern har flyttat").shows(REASON);
    jonas.get(&format!("/arenden/{reference}")).await.is_missing();
    let (id, account) = (Uuid::now_v7().to_string(), jonas.account.to_string());
    let named = [("id", id.as_str()), ("kind", "deputy"), ("account", &account), ("reason", "Prov")];
    karin.post(&assignments::new(&reference), &named).await.leads_to(&assignments::list(&reference));
    jonas.get(&format!("/arenden/{reference}")).await.is_ok();
    // It can come again, and an end stands.
    jonas.declares(&reference, &jonas, REASON).await.leads_to("/arenden");
    jonas.get(&format!("/arenden/{reference}")).await.is_missing();
    let again = owner.execute("update conflict_of_interest set ends_on = '2026-01-08' where ends_on is not null").await;
    assert_eq!(again.unwrap_err().as_database_error().unwrap().constraint(), Some("conflict_of_interest_stands"));
    let own = owner
        .execute("update conflict_of_interest set ends_on = current_date + 400, ended_by = account_id, ended_at = now(), end_reason = '\\x00' where ends_on is null")
        .await;
    assert_eq!(
        own.unwrap_err().as_database_error().unwrap().constraint(),
        Some("conflict_of_interest_ended_by_another")
    );
    assert!(app.trail(&reference).await.contains(&"conflict.ended".to_owned()));
}
