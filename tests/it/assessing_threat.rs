//! The police's assessment: registered by one, confirmed by another, replaced by the next, and silent once out of date.

use time::Duration;
use time::macros::date;
use utvag::threat::paths;
use uuid::Uuid;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::page::Page;
use crate::support::people::Person;

const SUMMARY: &str = "Polisen bedömer att risken är störst i hemkommunen.";

/// What is typed about an assessment; the test changes what it is about.
struct Assessed {
    id: Uuid,
    fields: Vec<(&'static str, String)>,
}

impl Assessed {
    fn at_level(level: &str) -> Self {
        let fields = [
            ("body", "lpo"),
            ("police_ref", "A-77"),
            ("assessed_on", "2026-12-01"),
            ("received_on", "2026-12-03"),
            ("received_via", "meeting"),
            ("valid_until", ""),
            ("criminality", "active"),
            ("kind", "concrete"),
            ("level", level),
            ("protection", "relocation"),
            ("return_possible", "not_yet"),
            ("meets_definition", "yes"),
            ("is_motivated", "yes"),
            ("consents", "yes"),
            ("has_signed", "unknown"),
            ("is_not_witness", "yes"),
            ("unsafe_areas", "Granvik\nNorrsele"),
            ("released_summary", SUMMARY),
        ];
        Self { id: Uuid::now_v7(), fields: fields.map(|(name, value)| (name, value.to_owned())).to_vec() }
    }

    fn with(mut self, field: &'static str, value: &str) -> Self {
        self.fields.retain(|(name, _)| *name != field);
        self.fields.push((field, value.to_owned()));
        self
    }

    async fn sent_by(&self, person: &Person<'_>, case: &str) -> Page {
        let id = self.id.to_string();
        let mut fields: Vec<_> = self.fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        fields.push(("id", &id));
        person.post(&paths::list(case), &fields).await
    }

    async fn saved_by(self, person: &Person<'_>, case: &str) -> Uuid {
        self.sent_by(person, case).await.leads_to(&paths::show(case, self.id));
        self.id
    }
}

/// A case with a responsible, a deputy and a coordinator.
struct Ground<'a> {
    malin: Person<'a>,
    jonas: Person<'a>,
    karin: Person<'a>,
    case: String,
}

async fn ground(app: &App) -> Ground<'_> {
    let (malin, jonas, karin) = (app.social_worker().await, app.social_worker().await, app.coordinator().await);
    let case = Opening::unknown().responsible(&malin).deputy(&jonas).coordinator(&karin).saved_by(&malin).await;
    Ground { malin, jonas, karin, case }
}

const AS_READ: [(&str, &str); 1] = [("version", "1")];

#[tokio::test]
async fn what_one_registers_another_confirms() {
    let app = App::start().await;
    let Ground { malin, jonas, case, .. } = ground(&app).await;
    malin.get(&paths::list(&case)).await.is_ok().shows("Ingen hotbedömning ännu");
    malin.get(&paths::new(&case)).await.is_ok().shows("Polisens villkor");
    let id = Assessed::at_level("l3").saved_by(&malin, &case).await;
    let waiting = malin.get(&paths::show(&case, id)).await;
    waiting.is_ok().shows("Väntar på fastställande").shows(SUMMARY).shows("2027-03-01").lacks("Fastställ bedömningen");
    malin.get(&format!("/arenden/{case}")).await.is_ok().shows("Hotbild Ej bedömd");

    jonas.get(&format!("/arenden/{case}")).await.is_ok().shows("Fastställ hotbedömningen");
    // It waits for the others on their first page too, and not for whoever registered it.
    let day = jonas.get("/").await;
    day.is_ok().shows("Fastställ hotbedömningen").shows(&format!("{case}, version 1, från {}", malin.name));
    assert!(day.attributes(".todo a", "href").contains(&paths::show(&case, id)));
    malin.get("/").await.is_ok().lacks("Fastställ hotbedömningen");
    app.manager().await.get("/").await.is_ok().lacks("Fastställ hotbedömningen");
    // Not by whoever registered it, whatever the page offers.
    malin.post(&paths::confirm(&case, id), &AS_READ).await.is(409);
    jonas.get(&paths::show(&case, id)).await.is_ok().shows("Fastställ bedömningen");
    jonas.post(&paths::confirm(&case, id), &AS_READ).await.leads_to(&paths::show(&case, id));
    malin
        .get(&format!("/arenden/{case}"))
        .await
        .is_ok()
        .shows("Hög")
        .shows("Behöver annan ort")
        .lacks("Ej bedömd")
        .lacks(SUMMARY);
    let trail = app.trail(&case).await;
    assert!(
        ["threat.registered", "threat.confirmed"].iter().all(|event| trail.iter().any(|one| one == event)),
        "{trail:?}"
    );
    jonas.post(&paths::confirm(&case, id), &AS_READ).await.is(409);
}

#[tokio::test]
async fn the_next_version_takes_the_place_of_the_one_that_holds() {
    let app = App::start().await;
    let Ground { malin, jonas, karin, case } = ground(&app).await;
    let first = Assessed::at_level("l4").saved_by(&malin, &case).await;
    jonas.post(&paths::confirm(&case, first), &AS_READ).await.leads_to(&paths::show(&case, first));
    let second = Assessed::at_level("l2").saved_by(&jonas, &case).await;
    let waiting = Assessed::at_level("l1").sent_by(&malin, &case).await;
    waiting.is_faulty().at("body", "En bedömning väntar redan på att fastställas. Fastställ eller avvisa den först");
    assert_eq!(waiting.texts("#released_summary"), [SUMMARY]);

    malin.get(&paths::show(&case, second)).await.is_ok().shows("Hotbilden sänks");
    karin.post(&paths::confirm(&case, second), &AS_READ).await.leads_to(&paths::show(&case, second));
    let rows = karin.get(&paths::list(&case)).await.rows("table");
    let states: Vec<_> = rows.iter().map(|row| (row[0].as_str(), row[1].as_str())).collect();
    assert_eq!(states, [("Version 2", "Fastställd"), ("Version 1", "Ersatt")]);
    karin.get(&paths::show(&case, first)).await.is_ok().shows("Mycket hög").shows("Ersatt");
}

#[tokio::test]
async fn ac_13_versions_of_the_police_assessment() {
    let app = App::start().await;
    app.becomes(date!(2026 - 02 - 01));
    let Ground { malin, jonas, case, .. } = ground(&app).await;
    let of = |day: &str| Assessed::at_level("l3").with("assessed_on", day).with("received_on", day);
    let first = of("2026-02-01").saved_by(&malin, &case).await;
    // Four eyes.
    malin.post(&paths::confirm(&case, first), &AS_READ).await.is(409);
    jonas.post(&paths::confirm(&case, first), &AS_READ).await.leads_to(&paths::show(&case, first));
    malin.get(&paths::show(&case, first)).await.is_ok().shows("2026-05-02");
    app.becomes(date!(2026 - 05 - 02));
    malin.get(&paths::list(&case)).await.is_ok().lacks("Hotbedömningen har gått ut");
    app.becomes(date!(2026 - 05 - 03));
    malin.get(&paths::list(&case)).await.is_ok().shows("Hotbedömningen har gått ut");
    malin.get(&format!("/arenden/{case}")).await.is_ok().shows("Hotbedömningen har gått ut");

    let second = of("2026-04-20").saved_by(&malin, &case).await;
    jonas.post(&paths::confirm(&case, second), &AS_READ).await.leads_to(&paths::show(&case, second));
    let rows = malin.get(&paths::list(&case)).await.rows("table");
    let states: Vec<_> = rows.iter().map(|row| (row[0].as_str(), row[1].as_str())).collect();
    assert_eq!(states, [("Version 2", "Fastställd"), ("Version 1", "Ersatt")]);
    malin.get(&paths::show(&case, first)).await.is_ok().shows("Ersatt").shows(SUMMARY);
    // Nothing is done to a version that another has taken the place of.
    jonas.post(&paths::confirm(&case, first), &AS_READ).await.is(409);
    jonas.post(&paths::withdraw(&case, first), &[("reason", "Fel ärende"), ("version", "2")]).await.is(409);
}

#[tokio::test]
async fn out_of_date_its_level_is_no_longer_said_anywhere_as_the_present_one() {
    let app = App::start().await;
    let Ground { mut malin, mut jonas, case, .. } = ground(&app).await;
    let id = Assessed::at_level("l4").with("valid_until", "2027-01-10").saved_by(&malin, &case).await;
    jonas.post(&paths::confirm(&case, id), &AS_READ).await.leads_to(&paths::show(&case, id));
    let overview = format!("/arenden/{case}");
    app.state.clock.put_forward(Duration::days(10));
    malin.sign_in().await;
    malin.get(&overview).await.is_ok().shows("Mycket hög");
    app.state.clock.put_forward(Duration::days(1));
    jonas.sign_in().await;
    for page in [overview, paths::list(&case), paths::new(&case)] {
        let page = jonas.get(&page).await;
        page.is_ok();
        let said = page.texts(".idfacts div:first-child");
        assert!(said.len() == 1 && said[0].starts_with("Hotbild") && !said[0].contains("Mycket hög"), "{said:?}");
    }
    for page in [format!("/arenden/{case}"), paths::list(&case)] {
        jonas.get(&page).await.shows("Hotbedömningen har gått ut").shows("2027-01-10");
    }
    jonas.get(&paths::show(&case, id)).await.is_ok().shows("Hotbedömningen har gått ut");
}

#[tokio::test]
async fn a_rejected_or_withdrawn_version_stays_readable_with_its_reason() {
    let app = App::start().await;
    let Ground { malin, jonas, case, .. } = ground(&app).await;
    let wrong = Assessed::at_level("l2").saved_by(&malin, &case).await;
    jonas.get(&paths::reject(&case, wrong)).await.is_ok().shows("Avvisa registreringen");
    jonas
        .post(&paths::reject(&case, wrong), &[("version", "1"), ("reason", " ")])
        .await
        .is_faulty()
        .at("reason", "Skriv varför");
    let why = [("version", "1"), ("reason", "Fel datum")];
    jonas.post(&paths::reject(&case, wrong), &why).await.leads_to(&paths::show(&case, wrong));
    malin.get(&paths::show(&case, wrong)).await.is_ok().shows("Avvisad registrering").shows("Fel datum");

    let right = Assessed::at_level("not_graded").saved_by(&malin, &case).await;
    jonas.post(&paths::confirm(&case, right), &AS_READ).await.leads_to(&paths::show(&case, right));
    malin.get(&format!("/arenden/{case}")).await.is_ok().shows("Ej graderad av polisen");
    let why = [("version", "2"), ("reason", "Hörde till ett annat ärende")];
    malin.post(&paths::withdraw(&case, right), &why).await.leads_to(&paths::show(&case, right));
    malin.get(&format!("/arenden/{case}")).await.is_ok().shows("Ej bedömd");
}

#[tokio::test]
async fn each_fault_is_told_at_its_field_and_what_was_typed_is_kept() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    for (field, typed, said) in [
        ("body", "", "Välj vem som har bedömt"),
        ("level", "", "Välj hotbild"),
        ("level", "l0", "Hotbilden kan vara ingen bara när det inte finns någon känd hotbild"),
        ("kind", "värst", "Välj typ av hotbild"),
        ("protection", "", "Välj skyddsbehov"),
        ("criminality", "", "Välj grad av kriminalitet"),
        ("consents", "", "Svara ja, nej eller oklart"),
        ("assessed_on", "2026-12-04", "Bedömningen kan inte vara gjord efter att den kom in"),
        ("received_on", "2027-01-01", "Datumet kan inte vara senare än i dag, 2026-12-31"),
        ("valid_until", "2026-11-30", "Bedömningen kan inte gå ut innan den är gjord"),
        ("valid_until", "2027-12-02", "En bedömning kan gälla högst 365 dagar. Senast 2027-12-01"),
        ("unsafe_areas", " ", "Skriv osäkra områden, eller kryssa i att inga är kända"),
    ] {
        let answer = Assessed::at_level("l3").with(field, typed).sent_by(&malin, &case).await;
        answer.is_faulty().at(field, said);
        assert_eq!(answer.texts("#released_summary"), [SUMMARY]);
    }
    malin.get(&paths::list(&case)).await.is_ok().shows("Ingen hotbedömning ännu");
}

#[tokio::test]
async fn a_form_sent_twice_registers_one_version() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    let form = Assessed::at_level("l3");
    form.sent_by(&malin, &case).await.leads_to(&paths::show(&case, form.id));
    form.sent_by(&malin, &case).await.leads_to(&paths::show(&case, form.id));
    assert_eq!(malin.get(&paths::list(&case)).await.rows("table").len(), 1);
}

#[tokio::test]
async fn those_outside_the_case_find_nothing_and_the_manager_only_reads() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    let id = Assessed::at_level("l3").saved_by(&malin, &case).await;
    let (aisha, manager) = (app.social_worker().await, app.manager().await);
    for path in [paths::list(&case), paths::new(&case), paths::show(&case, id), paths::reject(&case, id)] {
        aisha.get(&path).await.is_missing();
    }
    aisha.post(&paths::confirm(&case, id), &AS_READ).await.is_missing();
    manager.get(&paths::show(&case, id)).await.is_ok().lacks("Fastställ bedömningen");
    manager.get(&paths::new(&case)).await.is_forbidden();
    manager.post(&paths::confirm(&case, id), &AS_READ).await.is_forbidden();
    // An assessment of one case is not found under another.
    let other = malin.opens_a_case_on("2026-01-05").await;
    malin.get(&paths::show(&other, id)).await.is_missing();
}
