//! Disclosures: every ground with what it demands, texts that stand as they were frozen, and refusals that are records too.

use sqlx::Executor;
use utvag::disclosure::paths;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::details::Detail;
use crate::support::disclosures::{Typed, handed_over, step};
use crate::support::people::Person;

struct Ground<'a> {
    malin: Person<'a>,
    karin: Person<'a>,
    manager: Person<'a>,
    case: String,
}

async fn ground<'a>(app: &'a App, number: &str) -> Ground<'a> {
    let (malin, karin, manager) = (app.social_worker().await, app.coordinator().await, app.manager().await);
    let case = Opening::of(number).responsible(&malin).coordinator(&karin).saved_by(&malin).await;
    Ground { malin, karin, manager, case }
}

#[tokio::test]
async fn ac_17_a_ground_is_used_with_what_it_demands_and_two_cannot_be_chosen() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app, "20050615-2396").await;
    let start = malin.get(&paths::new(&case)).await;
    start.is_ok().lacks("10:27").lacks("2025:170 6").shows("OSL 10:15 a").shows("Kontaktuppgifter (lag 2025:170 4 §)");
    assert!(start.attributes("option[selected]", "value").is_empty());

    let young = |day: &str| Typed::to("police_lpo", "young_crime_risk", "oral").with("available_from", day);
    let list = paths::list(&case);
    let late = young("2026-06-15").sent_to(&list, &malin).await;
    late.is_faulty().at("available_from", "Personen har fyllt 21 år. Välj en annan grund");
    let typed = young("2026-06-14");
    for _ in 0..2 {
        typed.sent_to(&list, &malin).await.leads_to(&paths::show(&case, typed.id));
    }
    // What stands on a page is read today.
    let chosen = format!("{}?recipient=police_lpo&ground=young_crime_risk&channel=police_portal", paths::new(&case));
    malin.get(&chosen).await.is_faulty().at("ground", "Personen har fyllt 21 år. Välj en annan grund");

    let short = Typed::to("police_lpo", "crime_prevention", "oral").with("weighing", "Tjugo tecken precis");
    short.sent_to(&list, &malin).await.is_faulty().at("weighing", "Skriv avvägningen med minst 50 tecken");
    let unsaid = Typed::to("police_lpo", "crime_prevention", "oral").with("purpose", "");
    unsaid.sent_to(&list, &malin).await.is_faulty().at("purpose", "Välj vad uppgiften behövs för");
    let fryshuset = Typed::to("association", "crime_prevention", "oral").sent_to(&list, &malin).await;
    fryshuset.is_faulty().shows("Endast myndighet");
    let consent = Typed::to("police_lpo", "consent", "oral").sent_to(&list, &malin).await;
    consent.is_faulty().shows("Samtycke saknas eller täcker inte mottagaren");
    for excluded in ["general_clause", "osl_10_27", "municipal_duty"] {
        Typed::to("police_lpo", excluded, "oral").sent_to(&list, &malin).await.is_faulty().shows("Välj grund");
    }
}

#[tokio::test]
async fn ac_18_a_request_about_a_stay_is_answered_with_one_word() {
    let app = App::start().await;
    let Ground { malin, karin, case, .. } = ground(&app, "19890217-2397").await;
    let list = paths::list(&case);
    let own = Typed::to("police_lpo", "stay_info", "paper").sent_to(&list, &malin).await;
    own.is_faulty().at("request_text", "Skriv vad som begärs");
    let asked = Typed::to("police_lpo", "stay_info", "paper").asked("Vistas personen i HVB?");
    let id = asked.written_by(&malin, &case).await;
    let items = paths::items(&case, id);
    malin.get(&items).await.is_ok().shows("Vistelse").lacks("Ärendekort");
    Typed::item("case_card").sent_to(&items, &malin).await.is_faulty();
    let stay = Typed::item("whereabouts").with("note", "Han bor på Björkgården.");
    stay.frozen_by(&malin, &case, id).await;
    let show = paths::show(&case, id);
    malin
        .get(&show)
        .await
        .is_ok()
        .shows("Vistas i sådant boende: Nej")
        .shows("Uppgiften gäller: 2026-12-31")
        .lacks("Björkgården");
    // A second word cannot be added, whatever it is.
    Typed::item("whereabouts").sent_to(&items, &malin).await.is(409);
    handed_over(&karin, &case, id).await;
    karin.get(&show).await.is_ok().shows("Utlämnad").shows("Vistas personen i HVB?");
    malin
        .get(&format!("/arenden/{case}/journal"))
        .await
        .is_ok()
        .shows("Uppgift lämnades ut")
        .shows("Till: Polisen – LPO.");
}

#[tokio::test]
async fn ac_18_contact_details_are_the_managers_to_give_or_refuse() {
    let app = App::start().await;
    let Ground { malin, karin, manager, case } = ground(&app, "19890217-2397").await;
    Detail::phone().saved_at(&utvag::person::paths::new_contact(&case), &malin).await;
    let asked = || Typed::to("police_lpo", "contact_details", "secure_message").asked("Personens adress och telefon.");
    let id = asked().written_by(&malin, &case).await;
    let items = paths::items(&case, id);
    let form = malin.get(&format!("{items}?kind=contact_detail")).await;
    let source =
        form.is_ok().attributes("#source option", "value").into_iter().find(|value| !value.is_empty()).unwrap();
    Typed::item("contact_detail").with("source", &source).frozen_by(&malin, &case, id).await;
    let address = Typed::item("contact_detail")
        .with("note", "Adress: lämnas i särskild ordning")
        .with("is_protected_address", "ja");
    let unweighed = address.sent_to(&items, &malin).await;
    unweighed.is_faulty().at("weighing", "Skriv avvägningen av synnerliga skäl med minst 50 tecken");
    let weighed =
        "Det finns inga synnerliga skäl som talar emot, eftersom hotet inte kommer från någon med insyn hos polisen.";
    address.with("weighing", weighed).frozen_by(&malin, &case, id).await;

    let (decide, show) = (paths::decide(&case, id), paths::show(&case, id));
    for other in [&malin, &karin] {
        other.get(&show).await.is_ok().shows("Chefen beslutar");
        for outcome in [("outcome", "hand_over"), ("outcome", "refuse")] {
            let tried = step(other, &decide, 1, &[outcome, ("reason", weighed)]).await;
            tried.is_faulty().shows("Bara chefen kan besluta om det här utlämnandet");
        }
    }
    step(&manager, &decide, 1, &[("outcome", "refuse")])
        .await
        .is_faulty()
        .at("reason", "Skriv varför uppgifterna inte lämnas ut");
    let short = step(&manager, &decide, 1, &[("outcome", "refuse"), ("reason", "Farligt.")]).await;
    short.is_faulty().at("reason", "Skriv de synnerliga skälen med minst 50 tecken");
    handed_over(&manager, &case, id).await;
    // A refusal is a record like the rest.
    let other = asked().written_by(&malin, &case).await;
    let refused = step(&manager, &paths::decide(&case, other), 1, &[("outcome", "refuse"), ("reason", weighed)]).await;
    refused.leads_to(&paths::show(&case, other));
    malin.get(&paths::show(&case, other)).await.is_ok().shows("Avslagen").shows("inga synnerliga skäl");
    malin.get(&paths::list(&case)).await.is_ok().shows("Avslagen").shows("Utlämnad");
    // Both stand in the journal, written by the program.
    let journal = malin.get(&format!("/arenden/{case}/journal")).await;
    journal.is_ok().shows("Uppgift lämnades ut").shows("Utlämnande avslogs").shows("Lämnades inte ut till: Polisen");
    let events = app.trail(&case).await;
    assert!(["disclosure.refused", "disclosure.released"].iter().all(|event| events.iter().any(|one| one == event)));
}

#[tokio::test]
async fn what_is_said_aloud_is_registered_like_the_rest_and_stands() {
    let app = App::start().await;
    let Ground { malin, karin, manager, case } = ground(&app, "19890217-2397").await;
    let other = app.social_worker().await;
    let list = paths::list(&case);
    other.get(&list).await.is_missing();
    malin.get(&list).await.is_ok().shows("Inget utlämnande ännu");
    malin.get(&format!("/arenden/{case}/samverkan")).await.is_ok().shows("Nytt utlämnande");
    let old = Typed::to("police_lpo", "no_harm", "oral")
        .with("contact_verified_on", "2025-12-30")
        .sent_to(&list, &malin)
        .await;
    old.is_faulty().shows("Kontrollen får vara högst ett år gammal");
    let id = Typed::to("police_lpo", "no_harm", "oral").written_by(&malin, &case).await;
    let (show, decide) = (paths::show(&case, id), paths::decide(&case, id));
    step(&malin, &decide, 1, &[("outcome", "hand_over")]).await.is_faulty().shows("Lägg till minst en uppgift");
    let item = Typed::item("changed_risk").with("note", "Okända män har sökt personen på skolan.");
    for _ in 0..2 {
        item.sent_to(&paths::items(&case, id), &malin).await.leads_to(&show);
    }
    let extra = Typed::item("decision_exists").frozen_by(&malin, &case, id).await;
    malin.get(&show).await.is_ok().shows("Okända män").shows("Beslut om insats finns: Nej");
    malin.post(&paths::remove(&case, id, extra), &[("version", "1")]).await.leads_to(&show);
    malin.get(&show).await.is_ok().lacks("Beslut om insats finns: Nej");
    let missing = Typed::item("assessment_echo").sent_to(&paths::items(&case, id), &malin).await;
    missing.is_faulty().shows("Det finns ingen fastställd hotbedömning");

    step(&malin, &decide, 1, &[]).await.is_faulty().at("outcome", "Välj beslut");
    step(&malin, &decide, 1, &[("outcome", "hand_over")]).await.leads_to(&show);
    step(&karin, &decide, 1, &[("outcome", "refuse"), ("reason", "Nej.")]).await.is(409);
    item.clone().with("note", "Mer.").sent_to(&paths::items(&case, id), &malin).await.leads_to(&show);
    Typed::item("changed_risk").with("note", "Mer.").sent_to(&paths::items(&case, id), &malin).await.is(409);
    malin.post(&paths::remove(&case, id, item.id), &[("version", "2")]).await.is(409);
    malin.post(&paths::discard(&case, id), &[("version", "2")]).await.is(409);
    step(&karin, &paths::release(&case, id), 2, &[]).await.leads_to(&show);
    step(&karin, &paths::release(&case, id), 2, &[]).await.is(409);
    manager.get(&show).await.is_ok().shows("Utlämnad").shows("Vakthavande befäl").lacks("Dölj för mottagaren");
    step(&manager, &paths::hide(&case, id), 3, &[("reason", "Fel.")]).await.is(409);

    let draft = Typed::to("court", "no_harm", "paper").written_by(&karin, &case).await;
    karin.post(&paths::discard(&case, draft), &[("version", "1")]).await.leads_to(&list);
    karin.get(&paths::show(&case, draft)).await.is_missing();

    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'test', false)").await.unwrap();
    for (change, name) in [
        ("update disclosure set weighing = '\\x01', version = version + 1", "disclosure_stands"),
        ("update disclosure set status = 'draft', version = version + 1", "disclosure_stands"),
        ("delete from disclosure_item", "disclosure_item_stands"),
        ("update disclosure_item set content = '\\x01'", "disclosure_item_stands"),
        ("delete from disclosure", "disclosure_stands"),
    ] {
        let refused = owner.execute(change).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().constraint(), Some(name), "{change}");
    }
}
