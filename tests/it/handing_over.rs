//! A case goes from one social worker to another when the other has said yes: out and in, in one moment.

use uuid::Uuid;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::page::Page;
use crate::support::people::Person;

const MESSAGE: &str = "Jag går på föräldraledighet i februari. Kan du ta ärendet?";

fn handover(case: &str) -> String {
    format!("/arenden/{case}/overlamning")
}

async fn offers(actor: &Person<'_>, case: &str, whom: &Person<'_>) -> (Uuid, Page) {
    let id = Uuid::now_v7();
    let (text, account) = (id.to_string(), whom.account.to_string());
    let fields = [("id", text.as_str()), ("account", &account), ("message", MESSAGE)];
    (id, actor.post(&handover(case), &fields).await)
}

struct Ground<'a> {
    malin: Person<'a>,
    jonas: Person<'a>,
    aisha: Person<'a>,
    karin: Person<'a>,
    case: String,
}

async fn ground(app: &App) -> Ground<'_> {
    let (malin, jonas, aisha) = (app.social_worker().await, app.social_worker().await, app.social_worker().await);
    let karin = app.coordinator().await;
    let case = Opening::unknown().responsible(&malin).deputy(&jonas).coordinator(&karin).saved_by(&malin).await;
    Ground { malin, jonas, aisha, karin, case }
}

#[tokio::test]
async fn the_old_ones_access_ends_in_the_moment_in_which_the_new_one_says_yes() {
    let app = App::start().await;
    let Ground { malin, aisha, case, .. } = ground(&app).await;
    malin.get(&format!("/arenden/{case}")).await.is_ok().shows("Lämna över ärendet");
    let (id, answer) = offers(&malin, &case, &aisha).await;
    answer.leads_to(&handover(&case));
    malin.get(&handover(&case)).await.is_ok().shows("Väntar på svar").shows(&aisha.name).shows(MESSAGE);
    // Asked, and not let in.
    aisha.get(&format!("/arenden/{case}")).await.is_missing();
    aisha.get("/").await.is_ok().shows("Svara på om du tar över ett ärende").shows(&malin.name);
    let offered = format!("/overlamningar/{id}");
    aisha.get(&offered).await.is_ok().shows(&case).shows(MESSAGE).lacks("Tolvan");
    aisha.post(&offered, &[]).await.leads_to(&format!("/arenden/{case}"));
    aisha.get(&format!("/arenden/{case}/tilldelning")).await.is_ok().shows("Överlämning");
    malin.get(&format!("/arenden/{case}")).await.is_missing();
    let moments: Vec<i64> = sqlx::query_scalar(
        "select count(distinct at) from (
           select ended_at as at from assignment where kind = 'responsible' and ended_at is not null
           union all select started_at from assignment where kind = 'responsible' and ended_at is null) m",
    )
    .fetch_all(&mut app.database.superuser().await)
    .await
    .unwrap();
    assert_eq!(moments, [1], "out and in are one moment");
    let trail = app.trail(&case).await;
    assert!(["handover.offered", "handover.accepted"].iter().all(|event| trail.iter().any(|one| one == event)));
    // It is hers now: the offer is not there any more.
    aisha.post(&offered, &[]).await.is_missing();
    aisha.get("/").await.is_ok().lacks("Svara på om du tar över");
}

#[tokio::test]
async fn a_deputy_who_takes_over_is_deputy_no_longer() {
    let app = App::start().await;
    let Ground { jonas, karin, case, .. } = ground(&app).await;
    let (id, answer) = offers(&karin, &case, &jonas).await;
    answer.leads_to(&handover(&case));
    jonas.post(&format!("/overlamningar/{id}"), &[]).await.leads_to(&format!("/arenden/{case}"));
    jonas.get(&format!("/arenden/{case}/tilldelning")).await.is_ok().shows("Ersättare saknas");
}

#[tokio::test]
async fn whoever_says_no_says_why_and_the_case_stays_where_it_is() {
    let app = App::start().await;
    let Ground { malin, aisha, case, .. } = ground(&app).await;
    let (id, _) = offers(&malin, &case, &aisha).await;
    let no = format!("/overlamningar/{id}/nej");
    aisha.post(&no, &[("answer", " ")]).await.is_faulty().at("answer", "Skriv varför du inte kan ta över ärendet");
    aisha.post(&no, &[("answer", "Jag har fullt.")]).await.leads_to("/");
    malin.get(&handover(&case)).await.is_ok().shows("Fråga kollegan");
    aisha.post(&format!("/overlamningar/{id}"), &[]).await.is_missing();
    aisha.get(&format!("/arenden/{case}")).await.is_missing();
}

#[tokio::test]
async fn an_offer_is_made_once_and_can_be_taken_back() {
    let app = App::start().await;
    let Ground { malin, jonas, aisha, karin, case } = ground(&app).await;
    let (id, _) = offers(&malin, &case, &aisha).await;
    let (text, account) = (id.to_string(), aisha.account.to_string());
    let same = [("id", text.as_str()), ("account", account.as_str()), ("message", MESSAGE)];
    malin.post(&handover(&case), &same).await.leads_to(&handover(&case));
    // Somebody else who asks in the meantime is shown what waits.
    offers(&karin, &case, &jonas).await.1.is(409).shows("Väntar på svar");
    malin.post(&format!("{}/aterkallelse", handover(&case)), &[]).await.leads_to(&handover(&case));
    aisha.get(&format!("/overlamningar/{id}")).await.is_missing();
    aisha.post(&format!("/overlamningar/{id}"), &[]).await.is_missing();
}

#[tokio::test]
async fn a_case_is_handed_over_by_those_who_may_to_those_who_can() {
    let app = App::start().await;
    let Ground { malin, jonas, aisha, karin, case } = ground(&app).await;
    for (whom, said) in
        [(&karin, "Välj en handläggare"), (&malin, "Välj någon annan. Kollegan är redan ansvarig handläggare")]
    {
        offers(&karin, &case, whom).await.1.is_faulty().at("account", said);
    }
    jonas.get(&handover(&case)).await.is_forbidden();
    offers(&jonas, &case, &aisha).await.1.is_forbidden();
    aisha.get(&handover(&case)).await.is_missing();
    let text = Uuid::now_v7().to_string();
    let account = aisha.account.to_string();
    let silent = [("id", text.as_str()), ("account", account.as_str()), ("message", "")];
    malin
        .post(&handover(&case), &silent)
        .await
        .is_faulty()
        .at("message", "Skriv ett meddelande till den som ska ta över");
    // Nobody takes what is offered to another.
    let (id, _) = offers(&malin, &case, &aisha).await;
    for other in [&jonas, &karin, &malin] {
        other.post(&format!("/overlamningar/{id}"), &[]).await.is_missing();
    }
}

#[tokio::test]
async fn an_offer_by_somebody_who_has_the_case_no_longer_cannot_be_taken() {
    let app = App::start().await;
    let Ground { malin, jonas, aisha, karin, case } = ground(&app).await;
    let (id, _) = offers(&malin, &case, &aisha).await;
    let (text, account) = (Uuid::now_v7().to_string(), jonas.account.to_string());
    let named = [("id", text.as_str()), ("kind", "responsible"), ("account", &account), ("reason", "Sjukskrivning")];
    karin
        .post(&format!("/arenden/{case}/tilldelning/ny"), &named)
        .await
        .leads_to(&format!("/arenden/{case}/tilldelning"));
    aisha.post(&format!("/overlamningar/{id}"), &[]).await.is_missing();
    offers(&jonas, &case, &aisha).await.1.leads_to(&handover(&case));
}
