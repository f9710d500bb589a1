//! Speaking with the police: anonymously, or with a ground for saying who it is about.

use sqlx::Executor;
use time::Duration;
use utvag::intake::paths;
use uuid::Uuid;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::intakes::{Told, opens_case};
use crate::support::page::Page;
use crate::support::people::Person;

const MILO: &str = "20010612-2393";
const SAID: &str = "Polisen berättar hur de arbetar och vill höra mer när samtycke finns.";
const WEIGHED: &str = "Uppgiften behövs för att förhindra brott mot personen. Inget väger tyngre.";

/// What is typed about a contact; the test changes what it is about.
struct Contact {
    id: Uuid,
    fields: Vec<(&'static str, String)>,
}

impl Contact {
    fn anonymous() -> Self {
        let fields = [
            ("body", "lpo"),
            ("happened_on", "2026-05-05"),
            ("happened_at", "09.15"),
            ("channel", "phone"),
            ("sort", "anonymous"),
            ("ground", ""),
            ("weighing", ""),
            ("summary", SAID),
        ];
        Self { id: Uuid::now_v7(), fields: fields.map(|(name, value)| (name, value.to_owned())).to_vec() }
    }

    fn with_ground(ground: &str) -> Self {
        Self::anonymous().with("sort", "identity").with("ground", ground)
    }

    fn with(mut self, field: &'static str, value: &str) -> Self {
        self.fields.retain(|(name, _)| *name != field);
        self.fields.push((field, value.to_owned()));
        self
    }

    async fn sent_to(&self, path: &str, person: &Person<'_>) -> Page {
        let id = self.id.to_string();
        let mut fields: Vec<_> = self.fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        fields.push(("id", &id));
        person.post(path, &fields).await
    }
}

async fn counted(app: &App) -> i64 {
    let mut owner = app.database.superuser().await;
    sqlx::query_scalar("select count(*) from police_contact").fetch_one(&mut owner).await.unwrap()
}

#[tokio::test]
async fn ac_01_intake_and_first_police_contact() {
    let app = App::start().await;
    app.state.clock.put_forward(-Duration::days(241));
    let malin = app.social_worker().await;
    let form = malin.get(paths::NEW).await;
    assert_eq!(form.value("received_on"), "2026-05-04");
    let id = Told::of(MILO).saved_by(&malin).await;
    malin.get(&paths::show(id)).await.is_ok().shows("Kriminalvården").shows("Kontakta polisen senast 2026-05-07");
    let case = opens_case(&malin, id, "2026-05-04").await;
    assert!(case.starts_with("AVH-"), "{case}");
    let overview = format!("/arenden/{case}");
    malin.get(&overview).await.is_ok().shows("Aktualiserad").shows("Kontakta polisen senast 2026-05-07");
    malin.get("/").await.is_ok().shows("Kontakta polisen senast 2026-05-07");
    let list = paths::case_contacts(&case);
    malin.get(&list).await.is_ok().shows("Kontakta polisen senast 2026-05-07").shows("Ingen kontakt med polisen ännu");
    malin.get(&paths::new_case_contact(&case)).await.is_ok().shows("Ny poliskontakt");

    let now = Contact::with_ground("consent").with("happened_on", "2026-05-04");
    let refused = now.sent_to(&list, &malin).await;
    refused.is_faulty().at("ground", "Samtycke saknas eller täcker inte mottagaren");
    assert_eq!(refused.texts("#summary"), [SAID]);
    malin.get(&overview).await.is_ok().shows("Kontakta polisen senast");
    assert_eq!(counted(&app).await, 0);

    let anonymous = Contact::anonymous().with("happened_on", "2026-05-04");
    anonymous.sent_to(&list, &malin).await.leads_to(&list);
    let page = malin.get(&list).await;
    page.is_ok()
        .shows("Anonym konsultation")
        .shows(SAID)
        .shows("2026-05-04 kl. 09.15")
        .shows("Telefon, Lokalpolisområdet");
    page.lacks("Kontakta polisen senast");
    malin.get(&overview).await.is_ok().lacks("Kontakta polisen senast");
    malin.get("/").await.is_ok().lacks("Kontakta polisen senast");
    assert!(app.trail(&case).await.iter().any(|event| event == "police_contact.registered"));
}

#[tokio::test]
async fn a_contact_before_the_case_is_seen_in_the_case() {
    let app = App::start().await;
    let (malin, jonas) = (app.social_worker().await, app.social_worker().await);
    let id = Told::of(MILO).saved_by(&malin).await;
    malin.get(&paths::new_contact(id)).await.is_ok().shows("Ny poliskontakt");
    let to = paths::contacts(id);
    let refused = Contact::with_ground("consent").sent_to(&to, &malin).await;
    refused.is_faulty().at("ground", "Samtycke saknas eller täcker inte mottagaren");
    Contact::anonymous().sent_to(&to, &jonas).await.is_missing();
    let contact = Contact::anonymous();
    contact.sent_to(&to, &malin).await.leads_to(&paths::show(id));
    contact.sent_to(&to, &malin).await.leads_to(&paths::show(id));
    assert_eq!(counted(&app).await, 1);
    malin.get(&paths::show(id)).await.is_ok().shows(SAID).lacks("Kontakta polisen senast");
    let case = opens_case(&malin, id, "2026-05-06").await;
    malin.get(&paths::case_contacts(&case)).await.is_ok().shows(SAID).lacks("Kontakta polisen senast");
    // From now on they are spoken to in the case.
    Contact::anonymous().sent_to(&to, &malin).await.is(422);
}

#[tokio::test]
async fn each_fault_is_told_at_its_field_and_what_was_typed_is_kept() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let case = Opening::of(MILO).responsible(&malin).saved_by(&malin).await;
    let list = paths::case_contacts(&case);
    for (contact, field, said) in [
        (Contact::anonymous().with("body", ""), "body", "Välj vem hos polisen"),
        (Contact::anonymous().with("channel", "brevduva"), "channel", "Välj hur kontakten togs"),
        (Contact::anonymous().with("sort", ""), "sort", "Välj om polisen fick veta vem det gäller"),
        (
            Contact::anonymous().with("ground", "necessary"),
            "sort",
            "Ta bort grund och avvägning, eller välj att polisen fick veta vem det gäller",
        ),
        (Contact::with_ground(""), "ground", "Välj grund"),
        (Contact::with_ground("generalklausulen"), "ground", "Välj grund"),
        (Contact::with_ground("necessary"), "weighing", "Skriv avvägningen med minst 50 tecken"),
        (Contact::with_ground("police_source"), "ground", "Grunden gäller bara när aktualiseringen kom från polisen"),
        (
            Contact::with_ground("young_crime_risk").with("weighing", WEIGHED),
            "ground",
            "Grunden gäller bara personer under 21 år",
        ),
        (
            Contact::with_ground("consent").with("weighing", WEIGHED),
            "weighing",
            "Grunden behöver ingen avvägning. Ta bort texten eller välj en annan grund",
        ),
        (
            Contact::anonymous().with("happened_on", "2027-01-01"),
            "happened_on",
            "Datumet kan inte vara senare än i dag, 2026-12-31",
        ),
        (
            Contact::anonymous().with("happened_on", "2025-01-04"),
            "happened_on",
            "Datumet kan inte vara tidigare än 2025-01-05",
        ),
        (Contact::anonymous().with("happened_on", "260230"), "happened_on", "Skriv datumet som ÅÅÅÅ-MM-DD"),
        (Contact::anonymous().with("happened_at", "kl. 9"), "happened_at", "Skriv klockslaget som 09.15"),
        (
            Contact::anonymous().with("happened_on", "2026-12-31").with("happened_at", "12.01"),
            "happened_at",
            "Klockslaget har inte varit än",
        ),
        (Contact::anonymous().with("summary", " "), "summary", "Skriv vad som sades"),
    ] {
        let answer = contact.sent_to(&list, &malin).await;
        answer.is_faulty().at(field, said);
        if field != "summary" {
            assert_eq!(answer.texts("#summary"), [SAID]);
        }
    }
    assert_eq!(counted(&app).await, 0);
    for contact in [
        Contact::with_ground("necessary").with("weighing", WEIGHED),
        Contact::with_ground("crime_prevention").with("weighing", WEIGHED),
        Contact::anonymous().with("happened_on", "2025-01-05").with("happened_at", "0:05"),
    ] {
        contact.sent_to(&list, &malin).await.leads_to(&list);
    }
    malin.get(&list).await.is_ok().shows(WEIGHED).shows("Nödvändigt för egen verksamhet (OSL 10:2)");
}

#[tokio::test]
async fn what_the_police_brought_up_they_know_and_the_young_have_a_ground_of_their_own() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let young =
        Told::of("").with("number_kind", "temporary").with("birth_date", "2006-05-06").with("source", "police_lpo");
    let id = young.saved_by(&malin).await;
    let to = paths::contacts(id);
    for contact in
        [Contact::with_ground("police_source"), Contact::with_ground("young_crime_risk").with("weighing", WEIGHED)]
    {
        contact.sent_to(&to, &malin).await.leads_to(&paths::show(id));
    }
    malin.get(&paths::show(id)).await.is_ok().shows("Polisen lämnade själv uppgiften om vem det gäller");
}

#[tokio::test]
async fn those_outside_the_case_find_nothing_the_manager_reads_and_nothing_is_changed_afterwards() {
    let app = App::start().await;
    let (malin, jonas, karin, berit) =
        (app.social_worker().await, app.social_worker().await, app.coordinator().await, app.manager().await);
    let case = Opening::of(MILO).responsible(&malin).saved_by(&malin).await;
    let (list, new) = (paths::case_contacts(&case), paths::new_case_contact(&case));
    let contact = Contact::anonymous();
    contact.sent_to(&list, &malin).await.leads_to(&list);
    contact.sent_to(&list, &malin).await.leads_to(&list);
    assert_eq!(counted(&app).await, 1);
    for path in [&list, &new] {
        jonas.get(path).await.is_missing();
    }
    Contact::anonymous().sent_to(&list, &jonas).await.is_missing();
    berit.get(&list).await.is_ok().shows(SAID).lacks("Ny poliskontakt");
    berit.get(&new).await.is_forbidden();
    Contact::anonymous().sent_to(&list, &berit).await.is_forbidden();
    Contact::anonymous().sent_to(&list, &karin).await.leads_to(&list);
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'prov', false)").await.unwrap();
    for change in [
        "update police_contact set channel = 'meeting'",
        "delete from police_contact",
        // No consent covers it, whatever an id says.
        "insert into police_contact (id, case_id, body, happened_at, channel, is_anonymous, ground, consent_id, summary, registered_by)
           select gen_random_uuid(), case_id, body, happened_at, channel, false, 'consent', gen_random_uuid(), summary, registered_by
           from police_contact limit 1",
    ] {
        assert!(owner.execute(change).await.is_err(), "{change}");
    }
    malin.records_the_outcome(&case).await;
    app.makes_the_case(&case, "status = 'closed', closed_on = '2026-12-31', close_reason = 'goal_reached'").await;
    Contact::anonymous().sent_to(&list, &malin).await.is_forbidden();
    malin.get(&list).await.is_ok().shows(SAID).lacks("Ny poliskontakt");
}
