//! Who works with a case: named by somebody else, with a reason, and out the same moment when it ends.

use uuid::Uuid;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::page::Page;
use crate::support::people::Person;

fn list(case: &str) -> String {
    format!("/arenden/{case}/tilldelning")
}

async fn names(actor: &Person<'_>, case: &str, kind: &str, whom: &Person<'_>) -> Page {
    let (id, account) = (Uuid::now_v7().to_string(), whom.account.to_string());
    let fields = [("id", id.as_str()), ("kind", kind), ("account", &account), ("reason", "Tjänstledighet")];
    actor.post(&format!("{}/ny", list(case)), &fields).await
}

#[tokio::test]
async fn a_new_responsible_takes_over_and_the_old_one_is_out() {
    let app = App::start().await;
    let (karin, malin, jonas) = (app.coordinator().await, app.social_worker().await, app.social_worker().await);
    let case = Opening::unknown().responsible(&malin).coordinator(&karin).saved_by(&malin).await;
    karin.get(&format!("{}/ny", list(&case))).await.is_ok().shows("1 öppet ärende").shows("inga öppna ärenden");
    names(&karin, &case, "responsible", &jonas).await.leads_to(&list(&case));
    malin.get(&format!("/arenden/{case}")).await.is_missing();
    jonas.get(&list(&case)).await.is_ok().shows(&jonas.name).shows(&malin.name).shows("Tjänstledighet");
    assert!(app.trail(&case).await.contains(&"case.assigned".to_owned()));
}

#[tokio::test]
async fn a_colleague_whose_task_ends_sees_the_case_no_more() {
    let app = App::start().await;
    let (karin, malin, jonas) = (app.coordinator().await, app.social_worker().await, app.social_worker().await);
    let case = Opening::unknown().responsible(&malin).deputy(&jonas).coordinator(&karin).saved_by(&malin).await;
    let page = karin.get(&list(&case)).await;
    let ends = page.is_ok().texts("tbody form button").into_iter().filter(|text| text.starts_with("Avsluta")).count();
    assert_eq!(ends, 2, "the responsible one is replaced, never ended");
    let forms = page.attributes("tbody form", "action");
    let whose: Vec<_> = page.texts("tbody form button");
    let end = &forms[whose.iter().position(|button| button.contains(&jonas.name)).unwrap()];
    karin.post(end, &[]).await.leads_to(&list(&case));
    jonas.get(&format!("/arenden/{case}")).await.is_missing();
    // Pressed twice it has ended once.
    karin.post(end, &[]).await.leads_to(&list(&case));
}

#[tokio::test]
async fn nobody_is_named_who_cannot_be() {
    let app = App::start().await;
    let (karin, malin, sven) =
        (app.coordinator().await, app.social_worker().await, app.person(utvag::vocabulary::Role::Controller).await);
    let case = Opening::unknown().responsible(&malin).coordinator(&karin).saved_by(&malin).await;
    names(&karin, &case, "deputy", &sven).await.is_faulty().at("account", "Välj kollega");
    names(&karin, &case, "named_circle", &karin)
        .await
        .is_faulty()
        .at("account", "Välj någon annan. Ingen kan tilldela sig själv ett ärende");
    let manager = app.manager().await;
    names(&karin, &case, "deputy", &manager)
        .await
        .is_faulty()
        .at("account", "Välj en kollega vars roll passar uppgiften ersättare");
    names(&karin, &case, "deputy", &malin)
        .await
        .is_faulty()
        .at("account", "Välj en ny ansvarig handläggare först. Ärendet får inte stå utan");
    let without = [("id", "019349f0-0000-7000-8000-000000000001"), ("kind", ""), ("account", ""), ("reason", " ")];
    let answer = karin.post(&format!("{}/ny", list(&case)), &without).await;
    answer
        .is_faulty()
        .at("kind", "Välj uppgift i ärendet")
        .at("account", "Välj kollega")
        .at("reason", "Skriv ett skäl");
}

#[tokio::test]
async fn a_social_worker_names_nobody() {
    let app = App::start().await;
    let (malin, jonas) = (app.social_worker().await, app.social_worker().await);
    let case = malin.opens_a_case_on("2026-01-05").await;
    malin.get(&list(&case)).await.is_ok().lacks("Tilldela kollega");
    malin.get(&format!("{}/ny", list(&case))).await.is_forbidden();
    names(&malin, &case, "deputy", &jonas).await.is_forbidden();
    jonas.get(&list(&case)).await.is_missing();
}
