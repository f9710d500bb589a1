//! The social intervention group: formed with consent only, and over in the moment that the consent is.

use sqlx::Executor;
use utvag::consent::paths as consents;
use utvag::meeting::paths;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::journal::Typed as Consent;
use crate::support::people::Person;
use crate::support::way_back::Typed;

async fn agrees(person: &Person<'_>, case: &str, consent: Consent) -> Consent {
    consent.sent_to(&consents::list(case), person).await.leads_to(&consents::show(case, consent.id));
    consent
}

async fn withdraws(person: &Person<'_>, case: &str, consent: &Consent) {
    let how = [("how", "Ringde.")];
    person.post(&consents::withdraw(case, consent.id), &how).await.leads_to(&consents::show(case, consent.id));
}

#[tokio::test]
async fn a_group_is_formed_with_consent_only_and_is_over_in_the_moment_that_it_is_taken_back() {
    let app = App::start().await;
    let (malin, karin) = (app.social_worker().await, app.coordinator().await);
    let case = Opening::unknown().responsible(&malin).coordinator(&karin).saved_by(&malin).await;
    let new = paths::new_sig(&case);
    malin.get(&new).await.is_ok().shows("Samtycke till SIG-samverkan saknas");
    Typed::group().sent_to(&new, &malin).await.is_faulty().shows("Samtycke till SIG-samverkan saknas");
    // Another kind of consent is none for this.
    let other = agrees(&malin, &case, Consent::consent()).await;
    Typed::group().sent_to(&new, &malin).await.is_faulty().shows("Samtycke till SIG-samverkan saknas");
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'test', false)").await.unwrap();
    let refused = sqlx::query(
        "insert into sig_group (id, case_id, consent_id, members, plan, from_day, formed_by, formed_at, changed_at)
         select gen_random_uuid(), case_id, id, '\\x00', '\\x00', given_on, registered_by, registered_at, registered_at
         from consent where id = $1",
    )
    .bind(other.id)
    .execute(&mut owner)
    .await
    .unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().constraint(), Some("sig_group_consent"));

    let consent = agrees(&malin, &case, Consent::consent().with("kind", "sig").with("recipients", "sig")).await;
    let early = Typed::group().with("to_day", "2026-12-30").sent_to(&new, &malin).await;
    early.is_faulty().at("to_day", "Slutdatum måste vara efter startdatum");
    Typed::group()
        .with("members", "")
        .sent_to(&new, &malin)
        .await
        .is_faulty()
        .at("members", "Skriv vilka som är med i gruppen");
    let typed = Typed::group();
    let show = paths::sig(&case, typed.id);
    for _ in 0..2 {
        typed.sent_to(&new, &malin).await.leads_to(&show);
    }
    karin.get(&show).await.is_ok().shows("Pågår").shows("Studievägledare").lacks("samtycke saknas");
    let change = paths::change_sig(&case, typed.id);
    let longer = typed.clone().with("plan", "Studier i februari.").with("version", "1");
    longer.sent_to(&change, &karin).await.leads_to(&show);
    longer.sent_to(&change, &malin).await.is(409).shows("Gruppen har ändrats");
    malin.get(&show).await.is_ok().shows("Studier i februari.");

    withdraws(&karin, &case, &consent).await;
    malin.get(&show).await.is_ok().shows("Avslutad – samtycke saknas").lacks("Ändra gruppen");
    malin.get(&format!("/arenden/{case}/moten")).await.is_ok().shows("Avslutad – samtycke saknas");
    malin.get(&change).await.is(409);
    longer.with("version", "2").sent_to(&change, &malin).await.is(409);
    let refused = owner.execute("update sig_group set plan = '\\x01'").await.unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().constraint(), Some("sig_group_consent"));
}

#[tokio::test]
async fn a_consent_that_has_run_out_ends_a_group_too_and_an_unusual_age_is_no_bar() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let case = Opening::of("19890217-2397").responsible(&malin).saved_by(&malin).await;
    let consent = Consent::consent().with("kind", "sig").with("recipients", "sig").with("valid_to", "2027-01-31");
    agrees(&malin, &case, consent).await;
    malin.get(&paths::new_sig(&case)).await.is_ok().shows("Personen är 37 år").shows("mellan 15 och 25 år");
    let typed = Typed::group();
    typed.sent_to(&paths::new_sig(&case), &malin).await.leads_to(&paths::sig(&case, typed.id));
    app.state.clock.put_forward(time::Duration::days(31));
    malin.get(&paths::sig(&case, typed.id)).await.is_ok().shows("Pågår");
    app.state.clock.put_forward(time::Duration::days(1));
    malin.get(&paths::sig(&case, typed.id)).await.is_ok().shows("Avslutad – samtycke saknas");
}
