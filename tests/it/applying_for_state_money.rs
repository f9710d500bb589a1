//! State money: one application for one case, signed by somebody else than whoever wrote it, told to the police as a
//! disclosure, answered, paid and accounted for; and a year of it by pseudonym (AC-23).

use sqlx::Executor;
use utvag::funding::paths;
use utvag::vocabulary::Role;
use uuid::Uuid;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::page::Page;
use crate::support::people::Person;

const PURPOSE: &str = "Merkostnad för placering på annan ort.";
const ALL: [&str; 5] = ["police_matter_open", "regional_contact", "lpo_contact", "consent_active", "decision_exists"];

struct Ground<'a> {
    malin: Person<'a>,
    manager: Person<'a>,
    sven: Person<'a>,
    case: String,
}

async fn ground(app: &App) -> Ground<'_> {
    let (malin, manager, sven) = (app.social_worker().await, app.manager().await, app.person(Role::Controller).await);
    let case = Opening::unknown().with("opened_on", "2026-01-05").responsible(&malin).saved_by(&malin).await;
    Ground { malin, manager, sven, case }
}

/// What is typed about an application; `change` takes the place of what is typed in its field.
fn typed<'t>(id: &'t str, (from, to): (&'t str, &'t str), change: (&'t str, &'t str)) -> Vec<(&'t str, &'t str)> {
    let fields = [
        ("id", id),
        ("authority", "police_noa"),
        ("period_from", from),
        ("period_to", to),
        ("applied", "600 000"),
        ("purpose", PURPOSE),
    ];
    let mut fields: Vec<_> = fields.into_iter().chain(ALL.map(|one| ("prerequisites", one))).collect();
    fields.retain(|(name, _)| *name != change.0);
    if !change.0.is_empty() {
        fields.push(change);
    }
    fields
}

async fn drafted(person: &Person<'_>, case: &str, days: (&str, &str)) -> Uuid {
    let id = Uuid::now_v7();
    let text = id.to_string();
    let fields = typed(&text, days, ("", ""));
    person.post(&paths::list(case), &fields).await.leads_to(&paths::show(case, id));
    id
}

/// In writing, to tell the police who it is about, that they take part and what it costs.
async fn consents(person: &Person<'_>, case: &str) {
    let id = Uuid::now_v7();
    let text = id.to_string();
    let fields = [
        ("id", text.as_str()),
        ("kind", "information_exchange"),
        ("recipients", "police_noa"),
        ("categories", "identity"),
        ("categories", "programme"),
        ("categories", "cost"),
        ("purpose", "Ansökan om statliga medel."),
        ("form", "written"),
        ("document_ref", "Pärm 3"),
        ("given_on", "2026-12-30"),
        ("valid_to", ""),
        ("information_given", "ja"),
    ];
    let list = utvag::consent::paths::list(case);
    person.post(&list, &fields).await.leads_to(&utvag::consent::paths::show(case, id));
}

async fn signs(person: &Person<'_>, case: &str, id: Uuid, version: &str) -> Page {
    let fields = [
        ("version", version),
        ("submitted_on", "2026-12-31"),
        ("registry_ref", "SN 2026/231"),
        ("contact", "Handläggare, NOA"),
        ("contact_verified_on", "2026-12-20"),
        ("told", "Ansökan om 600 000 kr."),
    ];
    person.post(&paths::sign(case, id), &fields).await
}

async fn answers(person: &Person<'_>, case: &str, id: Uuid, (outcome, granted): (&str, &str)) -> Page {
    let fields = [
        ("version", "2"),
        ("outcome", outcome),
        ("decided_on", "2026-12-31"),
        ("granted", granted),
        ("conditions", "Återrapporteras i februari."),
        ("report_due_on", "2027-02-28"),
    ];
    person.post(&paths::answer(case, id), &fields).await
}

#[tokio::test]
async fn an_application_goes_from_draft_to_the_end_and_is_told_to_the_police() {
    let app = App::start().await;
    let Ground { malin, manager, sven, case } = ground(&app).await;
    malin.get(&paths::list(&case)).await.is_ok().shows("Ingen ansökan ännu");
    let id = drafted(&malin, &case, ("2026-01-15", "2026-12-31")).await;
    // The same form once more is the same application.
    let again = id.to_string();
    let fields = typed(&again, ("2026-01-15", "2026-12-31"), ("", ""));
    malin.post(&paths::list(&case), &fields).await.leads_to(&paths::show(&case, id));
    let page = malin.get(&paths::show(&case, id)).await;
    page.is_ok().shows("Utkast").shows(PURPOSE).shows("600 000 kr").shows("Ansökan är högre än kostnaden");
    page.lacks("Underteckna ansökan");

    // Another signs, with the person's consent.
    signs(&malin, &case, id, "1").await.is_forbidden();
    let unconsented = signs(&manager, &case, id, "1").await;
    unconsented.is_faulty().at(
        "told",
        "Det finns inget samtycke som täcker identitet, deltagande och kostnad hos polisen. Registrera ett först",
    );
    consents(&malin, &case).await;
    manager.get(&paths::sign(&case, id)).await.is_ok().shows(PURPOSE);
    signs(&manager, &case, id, "7").await.is(409).shows("Ansökan har ändrats").shows("Ansökan om 600 000 kr.");
    signs(&manager, &case, id, "1").await.leads_to(&paths::show(&case, id));
    let page = malin.get(&paths::show(&case, id)).await;
    page.is_ok().shows("Sökt – väntar på besked").shows("Det som lämnades ut till polisen").shows("SN 2026/231");
    let told = page.attributes("main a", "href").into_iter().find(|href| href.contains("/utlamnanden/")).unwrap();
    malin.get(&told).await.is_ok().shows("Utlämnad").shows("Polisen – NOA").shows("Ansökan om 600 000 kr.");
    malin.get(&format!("/arenden/{case}/journal")).await.is_ok().shows("Polisen – NOA");
    signs(&manager, &case, id, "1").await.is(409);

    // No more is granted than was applied for.
    let over = answers(&malin, &case, id, ("partly_granted", "650 000")).await;
    over.is_faulty().at("granted", "Beloppet är högre än det sökta, 600 000 kr. Kontrollera beskedet");
    assert_eq!(over.value("granted"), "650 000");
    answers(&malin, &case, id, ("granted", "1")).await.is_faulty();
    answers(&malin, &case, id, ("partly_granted", "")).await.is_faulty();
    answers(&malin, &case, id, ("partly_granted", "450 000")).await.leads_to(&paths::show(&case, id));
    answers(&malin, &case, id, ("rejected", "")).await.is(409);
    malin.get(&format!("/arenden/{case}/placeringar")).await.is_ok().shows("Statliga medel");

    // The controller books by pseudonym.
    let booked = paths::booked(id);
    let page = sven.get(&booked).await;
    page.is_ok().shows("450 000 kr").shows("Bokför utbetalning").lacks(&case).lacks(PURPOSE);
    let pay = |paid: &'static str| [("version", "3"), ("paid", paid), ("paid_on", "2026-12-31")];
    sven.post(&paths::pay(id), &pay("500 000"))
        .await
        .is_faulty()
        .at("paid", "Beloppet är högre än det beviljade, 450 000 kr");
    malin.post(&paths::pay(id), &pay("450 000")).await.is_missing();
    app.coordinator().await.post(&paths::pay(id), &pay("450 000")).await.is_forbidden();
    sven.post(&paths::pay(id), &pay("450 000")).await.leads_to(&booked);
    sven.post(&paths::pay(id), &pay("450 000")).await.is(409);

    // What is left is paid back.
    let report = |repay: &'static str| [("version", "4"), ("reported_on", "2026-12-31"), ("repay", repay)];
    malin.post(&paths::report(&case, id), &report("450 001")).await.is_faulty();
    malin.post(&paths::report(&case, id), &report("50 000")).await.leads_to(&paths::show(&case, id));
    malin.get(&paths::show(&case, id)).await.is_ok().shows("Återbetalning").shows("50 000 kr");
    let close = [("version", "5"), ("closed_on", "2026-12-31")];
    sven.post(&paths::close(id), &close).await.leads_to(&booked);
    sven.get(&booked).await.is_ok().shows("Avslutad").shows("Inget att bokföra");
    let trail = app.trail(&case).await;
    for event in ["funding.drafted", "funding.sent", "disclosure.released", "funding.answered", "funding.reported"] {
        assert!(trail.iter().any(|one| one == event), "{event}: {trail:?}");
    }
    let log = app.log().await;
    assert!(["funding.paid", "funding.closed"].iter().all(|event| log.iter().any(|one| one.contains(event))));
}

#[tokio::test]
async fn money_for_the_same_days_is_asked_for_once_and_within_the_case() {
    let app = App::start().await;
    let Ground { malin, manager, case, .. } = ground(&app).await;
    let first = drafted(&malin, &case, ("2026-01-15", "2026-06-30")).await;
    let id = Uuid::now_v7().to_string();
    let overlapping = malin.post(&paths::list(&case), &typed(&id, ("2026-06-30", "2026-09-30"), ("", ""))).await;
    overlapping.is_faulty().at(
        "period_from",
        "Ärendet har redan en ansökan för några av dagarna. Välj en period som inte överlappar, eller ändra den ansökan",
    );
    assert_eq!(overlapping.texts("#purpose"), [PURPOSE]);
    for (change, said) in [
        (("period_from", "2026-01-04"), "Perioden kan inte börja före ärendet, 2026-01-05"),
        (("period_to", "2026-01-01"), "Slutdatumet måste vara samma dag som startdatumet eller senare"),
        (("applied", "0"), "Skriv beloppet i kronor, till exempel 600 000"),
        (("purpose", " "), "Skriv vad pengarna ska användas till"),
        (("year", "2030"), "Skriv ett år som perioden ligger i, till exempel 2026"),
        (("authority", "annan"), "Välj vem som söks"),
    ] {
        let answer = malin.post(&paths::list(&case), &typed(&id, ("2026-07-01", "2026-09-30"), change)).await;
        answer.is_faulty().at(change.0, said);
    }
    // What is lacking stands in the way of signing, not of writing.
    let second = drafted(&malin, &case, ("2026-07-01", "2026-12-31")).await;
    let version = ("version", "1");
    let text = second.to_string();
    let mut fields = typed(&text, ("2026-07-01", "2026-12-31"), ("prerequisites", "lpo_contact"));
    fields.push(version);
    malin.post(&paths::edit(&case, second), &fields).await.leads_to(&paths::show(&case, second));
    malin.post(&paths::edit(&case, second), &fields).await.is(409).shows("Ansökan har ändrats");
    manager
        .get(&paths::sign(&case, second))
        .await
        .is_ok()
        .shows("Allt är inte på plats")
        .shows("Det finns ett beslut om insats");
    signs(&manager, &case, second, "2")
        .await
        .is_faulty()
        .at("told", "Allt som krävs är inte på plats. Ändra ansökan först");
    malin.post(&paths::discard(&case, second), &[("version", "1")]).await.is(409);
    malin.post(&paths::discard(&case, second), &[("version", "2")]).await.leads_to(&paths::list(&case));
    malin.get(&paths::show(&case, second)).await.is_missing();

    // What was refused is written anew, for the same days.
    consents(&malin, &case).await;
    signs(&manager, &case, first, "1").await.leads_to(&paths::show(&case, first));
    answers(&malin, &case, first, ("rejected", "")).await.leads_to(&paths::show(&case, first));
    malin.get(&paths::show(&case, first)).await.is_ok().shows("Sök igen");
    let anew = malin.get(&paths::anew(&case, first)).await;
    assert_eq!(anew.is_ok().texts("#purpose"), [PURPOSE]);
    drafted(&malin, &case, ("2026-01-15", "2026-06-30")).await;
}

#[tokio::test]
async fn the_reference_year_has_its_state_money() {
    let app = crate::keeping_the_economy::granvik().await;
    let sven = Person::of_the_demo(&app, "sven.ost").await;
    let page = sven.get(&paths::year(2026)).await;
    let sums = ["1 390 000 kr", "500 000 kr", "540 000 kr", "200 000 kr", "540 000 kr"];
    assert_eq!(page.is_ok().texts(".kpi .figure"), sums);
    page.shows("60,7 % av det som är avgjort").shows("Sökt – väntar på besked").shows("Avslag");
    assert_eq!(page.rows("table").len(), 4);
    let names = page.texts("tbody th");
    assert!(names.iter().all(|name| name.starts_with("K-") || name == "Slutet ärende"), "{names:?}");
    for secret in ["Klippan", "Vändpunkten", "AVH-", "annan ort"] {
        page.lacks(secret);
    }
    let year = sven.get("/ekonomi?ar=2026").await;
    year.is_ok().shows("2 492 950 kr").shows("51,9 % av budget");
    let karin = Person::of_the_demo(&app, "karin.holm").await;
    karin.get(&paths::year(2026)).await.is_ok().shows("AVH-");
    for stranger in ["malin.ek", "ylva.norr", "tore.alm"] {
        Person::of_the_demo(&app, stranger).await.get(paths::ALL).await.is_missing();
    }
}

/// Runs as the owner; the name of the constraint that refused it.
async fn refused(app: &App, statement: &'static str) -> String {
    let mut owner = app.database.superuser().await;
    crate::support::fixture::announce(&mut owner).await;
    let error = owner.execute(statement).await.unwrap_err();
    error.as_database_error().unwrap().constraint().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn postgres_refuses_by_itself_what_the_rules_refuse() {
    let app = App::start().await;
    let Ground { malin, manager, case, .. } = ground(&app).await;
    let id = drafted(&malin, &case, ("2026-01-15", "2026-06-30")).await;
    let overlap = "insert into fund_application (id, case_id, number, year, authority, period_from, period_to, applied_ore, purpose,
        prerequisites, registered_by, registered_at, edited_by)
      select gen_random_uuid(), case_id, 2, 2026, authority, '2026-06-30', '2026-07-30', 1, purpose, prerequisites, registered_by,
        registered_at, edited_by from fund_application";
    assert_eq!(refused(&app, overlap).await, "fund_application_overlap");
    let caseless = "insert into fund_application (id, case_id, number, year, authority, period_from, period_to, applied_ore, purpose,
        prerequisites, registered_by, registered_at, edited_by)
      select gen_random_uuid(), gen_random_uuid(), 2, 2026, authority, '2026-08-30', '2026-09-30', 1, purpose, prerequisites,
        registered_by, registered_at, edited_by from fund_application";
    assert_eq!(refused(&app, caseless).await, "fund_application_within");
    let early = "update fund_application set period_from = '2026-01-04', version = version + 1";
    assert_eq!(refused(&app, early).await, "fund_application_within");
    consents(&malin, &case).await;
    signs(&manager, &case, id, "1").await.leads_to(&paths::show(&case, id));
    let changed = "update fund_application set applied_ore = 1, version = version + 1";
    assert_eq!(refused(&app, changed).await, "fund_application_stands");
    assert_eq!(refused(&app, "delete from fund_application").await, "fund_application_stands");
    let skipped = "update fund_application set status = 'paid', version = version + 1";
    assert_eq!(refused(&app, skipped).await, "fund_application_stands");
    let nobodys = "update fund_application set status = 'granted', decided_on = '2026-12-31', granted_ore = applied_ore, version = version + 1";
    assert_eq!(refused(&app, nobodys).await, "fund_application_theirs");
}

#[tokio::test]
async fn what_was_sent_before_it_was_registered_here_says_so() {
    let app = App::start().await;
    let Ground { malin, manager, case, .. } = ground(&app).await;
    let id = drafted(&malin, &case, ("2026-01-15", "2026-06-30")).await;
    let fields = [
        ("version", "1"),
        ("submitted_on", "2026-12-30"),
        ("contact", "Handläggare, NOA"),
        ("contact_verified_on", "2025-12-30"),
        ("told", "Ansökan om 600 000 kr."),
    ];
    let old = manager.post(&paths::sign(&case, id), &fields).await;
    old.is_faulty().at("contact_verified_on", "Kontakten ska vara kontrollerad inom ett år. Ring upp via växeln igen");
    let mut fields = fields;
    fields[3].1 = "2026-12-20";
    manager.post(&paths::sign(&case, id), &fields).await.leads_to(&paths::show(&case, id));
    malin
        .get(&paths::show(&case, id))
        .await
        .is_ok()
        .shows("Utlämnandet är inte registrerat")
        .shows("Sökt – väntar på besked");
}
