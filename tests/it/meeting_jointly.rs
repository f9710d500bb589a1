//! Working with others: nobody from outside is told anything without a ground, and what was held or told stands.

use sqlx::Executor;
use utvag::consent::paths as consents;
use utvag::meeting::paths;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::journal::Typed as Consent;
use crate::support::people::Person;
use crate::support::way_back::Typed;

const NO_CONSENT: &str = "Samtycke saknas eller täcker inte mottagaren";
const WEIGHED: &str = "Polisen behöver uppgifterna för att skydda personen. Inget skäl väger tyngre emot.";
const AGENDA: &str = "Skyddet de närmaste månaderna.";
const MINUTES: &str = "Skyddet fungerar och personen följer planen.";

struct Ground<'a> {
    malin: Person<'a>,
    karin: Person<'a>,
    case: String,
}

async fn ground(app: &App) -> Ground<'_> {
    let (malin, karin) = (app.social_worker().await, app.coordinator().await);
    let case = Opening::unknown().responsible(&malin).coordinator(&karin).saved_by(&malin).await;
    Ground { malin, karin, case }
}

/// A meeting with the local police on the morning of the last day of the year.
fn meeting(person: &Person<'_>, ground: &str, weighing: &str) -> Typed {
    Typed::of(&[
        ("meets_on", "2026-12-31"),
        ("meets_at", "09.00"),
        ("colleagues", &person.account.to_string()),
        ("guest_name", "Kommunpolis, lokalpolisområdet"),
        ("guest_recipient", "police_lpo"),
        ("guest_ground", ground),
        ("guest_weighing", weighing),
        ("agenda", AGENDA),
    ])
}

async fn agrees(person: &Person<'_>, case: &str, consent: Consent) -> Consent {
    consent.sent_to(&consents::list(case), person).await.leads_to(&consents::show(case, consent.id));
    consent
}

async fn withdraws(person: &Person<'_>, case: &str, consent: &Consent) {
    let how = [("how", "Ringde.")];
    person.post(&consents::withdraw(case, consent.id), &how).await.leads_to(&consents::show(case, consent.id));
}

#[tokio::test]
async fn a_meeting_is_planned_then_held_and_then_it_stands() {
    let app = App::start().await;
    let Ground { malin, karin, case } = ground(&app).await;
    agrees(&malin, &case, Consent::consent()).await;
    malin.get(&format!("/arenden/{case}/moten")).await.is_ok().shows("Inget samverkansmöte ännu");
    let form = malin.get(&paths::new(&case)).await;
    form.is_ok().shows("Nytt samverkansmöte").lacks("Vad som sades");
    let typed = meeting(&malin, "consent", "");
    let show = paths::show(&case, typed.id);
    for _ in 0..2 {
        typed.sent_to(&paths::new(&case), &malin).await.leads_to(&show);
    }
    let page = karin.get(&show).await;
    page.is_ok()
        .shows("Planerat")
        .shows("2026-12-31 kl. 09.00")
        .shows(AGENDA)
        .shows("Kommunpolis")
        .lacks("Samtycke saknas");

    let form = karin.get(&paths::change(&case, typed.id)).await;
    assert_eq!((form.is_ok().value("version").as_str(), form.texts("#agenda")), ("1", vec![AGENDA.to_owned()]));
    assert_eq!(form.attributes("[name='guest_name']", "value")[0], "Kommunpolis, lokalpolisområdet");
    let moved = typed.clone().with("meets_at", "10.30").with("version", "1");
    moved.sent_to(&paths::change(&case, typed.id), &karin).await.leads_to(&show);
    let late = moved.clone().with("agenda", "Något annat.").sent_to(&paths::change(&case, typed.id), &malin).await;
    late.is(409).shows("Mötet har ändrats");
    assert_eq!((late.value("version"), late.texts("#agenda")), ("2".to_owned(), vec!["Något annat.".to_owned()]));

    let minutes = paths::hold(&case, typed.id);
    let held = moved.clone().with("version", "2").with("actions", "Malin ringer i januari.");
    held.sent_to(&minutes, &malin).await.is_faulty().at("minutes", "Skriv vad som sades");
    let held = held.with("minutes", MINUTES);
    let ahead = held.clone().with("meets_at", "12.30").sent_to(&minutes, &malin).await;
    ahead.is_faulty().at("meets_on", "Mötet har inte varit än");
    for _ in 0..2 {
        held.sent_to(&minutes, &malin).await.leads_to(&show);
    }
    let page = karin.get(&show).await;
    page.is_ok()
        .shows("Genomfört")
        .shows("kl. 10.30")
        .shows(MINUTES)
        .shows("Malin ringer i januari.")
        .lacks("Registrera som genomfört");
    karin.get(&paths::change(&case, typed.id)).await.is(409);
    karin.post(&paths::cancel(&case, typed.id), &[("version", "3")]).await.is(409);
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'test', false)").await.unwrap();
    for change in [
        "update joint_meeting set person_attends = true",
        "delete from joint_meeting_guest",
        "update joint_meeting_guest set ground = 'no_harm', consent_id = null, weighing = '\\x00'",
        "delete from joint_meeting_colleague",
    ] {
        let refused = owner.execute(change).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().constraint(), Some("joint_meeting_stands"), "{change}");
    }
    let trail = app.trail(&case).await;
    for event in ["meeting.planned", "meeting.changed", "meeting.held", "meeting.shown"] {
        assert!(trail.iter().any(|one| one == event), "{event}: {trail:?}");
    }
}

#[tokio::test]
async fn nobody_from_outside_comes_without_a_ground() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    let new = paths::new(&case);
    let typed = || meeting(&malin, "necessary", WEIGHED);
    for (field, text, at, said) in [
        ("guest_ground", "", "guest_ground-1", "Välj grund"),
        ("guest_ground", "other_social_committee", "guest_ground-1", "Välj grund"),
        (
            "guest_ground",
            "consent",
            "guest_weighing-1",
            "Grunden behöver ingen avvägning. Ta bort texten eller välj en annan grund",
        ),
        ("guest_ground", "young_crime_risk", "guest_ground-1", "Grunden gäller bara personer under 21 år"),
        (
            "guest_ground",
            "social_or_health_need",
            "guest_ground-1",
            "Grunden gäller inte för mottagaren. Välj en annan grund",
        ),
        ("guest_weighing", "För kort.", "guest_weighing-1", "Skriv avvägningen med minst 50 tecken"),
        ("guest_recipient", "", "guest_recipient-1", "Välj mottagare"),
        ("guest_name", "", "guest_name-1", "Skriv funktion och organisation"),
        ("agenda", "", "agenda", "Skriv vad mötet ska handla om"),
        ("meets_at", "25.00", "meets_at", "Skriv klockslaget som 09.15"),
        ("meets_on", "2026-01-04", "meets_on", "Datumet kan inte vara tidigare än 2026-01-05"),
        ("colleagues", "", "colleagues", "Välj vem av er som är med"),
    ] {
        let answer = typed().with(field, text).sent_to(&new, &malin).await;
        answer.is_faulty().at(at, said);
    }
    let kept = typed().with("guest_name", "").sent_to(&new, &malin).await;
    assert_eq!(kept.texts("#guest_weighing-1"), [WEIGHED]);
    meeting(&malin, "consent", "").sent_to(&new, &malin).await.is_faulty().at("guest_ground-1", NO_CONSENT);
    // A consent to tell others covers nobody else.
    agrees(&malin, &case, Consent::consent().with("recipients", "police_noa")).await;
    meeting(&malin, "consent", "").sent_to(&new, &malin).await.is_faulty().at("guest_ground-1", NO_CONSENT);
    // One who does not work with the case is not ours to bring.
    let aisha = app.social_worker().await;
    let stranger = typed().with("colleagues", &aisha.account.to_string()).sent_to(&new, &malin).await;
    stranger.is_faulty().at("colleagues", "Välj vem av er som är med");
    let second = typed().also("guest_name", "Föreståndare").also("guest_recipient", "provider");
    let second = second.also("guest_ground", "crime_prevention").also("guest_weighing", WEIGHED);
    let answer = second.sent_to(&new, &malin).await;
    answer.is_faulty().at("guest_ground-2", "Grunden gäller inte för mottagaren. Välj en annan grund");
    let whole = typed();
    whole.sent_to(&new, &malin).await.leads_to(&paths::show(&case, whole.id));
    malin.get(&paths::show(&case, whole.id)).await.is_ok().shows(WEIGHED).shows("OSL 10:2");
}

#[tokio::test]
async fn a_consent_taken_back_after_the_invitation_covers_nothing_that_is_said() {
    let app = App::start().await;
    let Ground { malin, karin, case } = ground(&app).await;
    let consent = agrees(&malin, &case, Consent::consent()).await;
    let typed = meeting(&malin, "consent", "");
    let (show, minutes) = (paths::show(&case, typed.id), paths::hold(&case, typed.id));
    typed.sent_to(&paths::new(&case), &malin).await.leads_to(&show);
    withdraws(&karin, &case, &consent).await;
    malin.get(&show).await.is_ok().shows("Samtycke saknas");
    let held = typed.clone().with("version", "1").with("minutes", MINUTES);
    let answer = held.sent_to(&minutes, &malin).await;
    answer.is_faulty().at("guest_ground-1", NO_CONSENT);
    assert_eq!(answer.texts("#minutes"), [MINUTES]);
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'test', false)").await.unwrap();
    let behind =
        "update joint_meeting set status = 'held', minutes = '\\x00', settled_by = planned_by, settled_at = meets_at";
    let refused = owner.execute(behind).await.unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().constraint(), Some("joint_meeting_consent"));
    // Another ground may be weighed instead.
    let weighed = held.with("guest_ground", "necessary").with("guest_weighing", WEIGHED);
    weighed.sent_to(&minutes, &malin).await.leads_to(&show);
}

#[tokio::test]
async fn a_meeting_that_does_not_come_off_is_called_off() {
    let app = App::start().await;
    let Ground { malin, karin, case } = ground(&app).await;
    let typed = meeting(&malin, "necessary", WEIGHED).with("meets_on", "2027-02-01");
    let (show, cancel) = (paths::show(&case, typed.id), paths::cancel(&case, typed.id));
    typed.sent_to(&paths::new(&case), &malin).await.leads_to(&show);
    karin.post(&cancel, &[("version", "0")]).await.is(409);
    for _ in 0..2 {
        karin.post(&cancel, &[("version", "1")]).await.leads_to(&show);
    }
    malin.get(&show).await.is_ok().shows("Inställt").lacks("Ställ in mötet");
    malin.get(&paths::hold(&case, typed.id)).await.is(409);
}

fn request(ground: &str) -> Typed {
    Typed::of(&[
        ("kind", "economic_assistance"),
        ("ground", ground),
        ("weighing", ""),
        ("told", "Personen är aktuell hos oss och söker bistånd."),
        ("sent_on", "2026-12-30"),
        ("answer_due_on", "2027-01-15"),
        ("categories", "identity"),
        ("contact", "Mottagningen för ekonomiskt bistånd"),
        ("contact_verified_on", "2026-12-01"),
        ("channel", "secure_message"),
    ])
}

#[tokio::test]
async fn to_ask_another_board_is_to_tell_it_something() {
    let app = App::start().await;
    let Ground { malin, karin, case } = ground(&app).await;
    let new = paths::new_request(&case);
    request("consent").sent_to(&new, &malin).await.is_faulty().at("ground", NO_CONSENT);
    for (field, text, at, said) in [
        ("kind", "", "kind", "Välj vad begäran gäller"),
        ("ground", "crime_prevention", "ground", "Välj grund"),
        ("ground", "other_social_committee", "ground", "Välj grund"),
        ("ground", "no_harm", "weighing", "Skriv avvägningen med minst 50 tecken"),
        ("categories", "", "categories", "Välj minst en sorts uppgifter"),
        ("contact", "", "contact", "Skriv vem som tar emot begäran"),
        (
            "contact_verified_on",
            "2025-12-30",
            "contact_verified_on",
            "Mottagaren ska vara kontrollerad de senaste tolv månaderna",
        ),
        ("channel", "police_portal", "channel", "Välj hur begäran lämnas"),
        ("told", "", "told", "Skriv vad som lämnas ut och vad du ber om"),
        ("sent_on", "2027-01-01", "sent_on", "Datumet kan inte vara senare än i dag, 2026-12-31"),
        ("answer_due_on", "2026-12-29", "answer_due_on", "Svaret kan inte komma innan begäran är lämnad"),
    ] {
        let answer = request("consent").with(field, text).sent_to(&new, &malin).await;
        answer.is_faulty().at(at, said);
    }
    agrees(&malin, &case, Consent::consent().with("recipients", "gaf")).await;
    let typed = request("consent");
    let (show, answer) = (paths::request(&case, typed.id), paths::answer(&case, typed.id));
    for _ in 0..2 {
        typed.sent_to(&new, &malin).await.leads_to(&show);
    }
    karin.get(&show).await.is_ok().shows("Ekonomiskt bistånd (GAF)").shows("aktuell hos oss").lacks("försenat");
    // It stands among the disclosures with its ground, and the program has written a line in the journal.
    let disclosed =
        karin.get(&show).await.attributes("a", "href").into_iter().find(|href| href.contains("/utlamnanden/"));
    let page = karin.get(&disclosed.expect("a link to the disclosure")).await;
    page.is_ok().shows("GAF").shows("Samtycke (OSL 10:1, 12:2)").shows("aktuell hos oss").shows("Utlämnad");
    malin.get(&format!("/arenden/{case}/journal")).await.is_ok().shows("Uppgift lämnades ut").shows("Till: GAF");
    // A consent that does not cover what is told covers nothing.
    let more = request("consent").with("categories", "health").sent_to(&new, &malin).await;
    more.is_faulty().at("ground", NO_CONSENT);
    app.state.clock.put_forward(time::Duration::days(16));
    karin.get(&show).await.is_ok().shows("Svaret är försenat");
    let (overview, late) = (format!("/arenden/{case}"), "Svaret på en intern begäran är försenat");
    for path in [overview.as_str(), "/"] {
        malin.get(path).await.is_ok().shows(late);
    }
    malin
        .post(&answer, &[("answer", ""), ("answered_on", "2027-01-16")])
        .await
        .is_faulty()
        .at("answer", "Skriv svaret");
    let early = malin.post(&answer, &[("answer", "Beviljat."), ("answered_on", "2026-12-29")]).await;
    early.is_faulty().at("answered_on", "Datumet kan inte vara tidigare än 2026-12-30");
    let granted = [("answer", "Beviljat från februari."), ("answered_on", "2027-01-16")];
    malin.post(&answer, &granted).await.leads_to(&show);
    malin.post(&answer, &[("answer", "Avslag."), ("answered_on", "2027-01-16")]).await.leads_to(&show);
    karin.get(&show).await.is_ok().shows("Beviljat från februari.").lacks("Avslag.").lacks("försenat");
    for path in [overview.as_str(), "/"] {
        malin.get(path).await.is_ok().lacks(late);
    }
    malin.get(&answer).await.is(409);
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'test', false)").await.unwrap();
    for change in [
        "update internal_request set told = '\\x01'",
        "update internal_request set answer = '\\x01'",
        "delete from internal_request",
    ] {
        let refused = owner.execute(change).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().constraint(), Some("internal_request_stands"), "{change}");
    }
    let refused = owner
        .execute(
            "insert into internal_request (id, case_id, kind, ground, consent_id, told, sent_on, answer_due_on, sent_by, registered_at)
             select gen_random_uuid(), case_id, 'housing', 'consent', consent_id, told, sent_on, answer_due_on, sent_by, registered_at
             from internal_request",
        )
        .await
        .unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().constraint(), Some("internal_request_covered"));
    let refused = owner
        .execute(
            "insert into internal_request (id, case_id, kind, ground, consent_id, told, sent_on, answer_due_on, sent_by, registered_at)
             select gen_random_uuid(), case_id, kind, 'consent', consent_id, told, sent_on, answer_due_on, sent_by, registered_at
             from internal_request",
        )
        .await
        .unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().constraint(), Some("internal_request_disclosed"));
}

#[tokio::test]
async fn those_outside_find_nothing_and_the_manager_only_reads() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    agrees(&malin, &case, Consent::consent().with("kind", "sig").with("recipients", "sig")).await;
    let (met, formed, asked) =
        (meeting(&malin, "necessary", WEIGHED), Typed::group(), request("necessary").with("weighing", WEIGHED));
    met.sent_to(&paths::new(&case), &malin).await.is(303);
    formed.sent_to(&paths::new_sig(&case), &malin).await.is(303);
    asked.sent_to(&paths::new_request(&case), &malin).await.is(303);
    let shows = [paths::show(&case, met.id), paths::sig(&case, formed.id), paths::request(&case, asked.id)];
    let changes = [
        paths::new(&case),
        paths::change(&case, met.id),
        paths::hold(&case, met.id),
        paths::new_sig(&case),
        paths::change_sig(&case, formed.id),
        paths::new_request(&case),
        paths::answer(&case, asked.id),
    ];
    let (aisha, manager) = (app.social_worker().await, app.manager().await);
    for path in shows.iter().chain(&changes) {
        aisha.get(path).await.is_missing();
    }
    for path in &shows {
        manager
            .get(path)
            .await
            .is_ok()
            .lacks("Registrera som genomfört")
            .lacks("Ändra gruppen")
            .lacks("Registrera svar")
            .lacks("Ställ in mötet");
    }
    for path in &changes {
        manager.get(path).await.is_forbidden();
        manager.post(path, &[]).await.is_forbidden();
    }
    manager.post(&paths::cancel(&case, met.id), &[("version", "1")]).await.is_forbidden();
    let other = malin.opens_a_case_on("2026-01-05").await;
    malin.get(&paths::show(&other, met.id)).await.is_missing();
    malin.get(&paths::sig(&other, formed.id)).await.is_missing();
    malin.get(&paths::request(&other, asked.id)).await.is_missing();
}
