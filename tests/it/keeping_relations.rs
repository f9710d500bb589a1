//! Who stands close to the person: children by the year they were born, nobody as a person of their own, and those who
//! threaten not at all.

use sqlx::Executor;
use utvag::person::paths;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::details::{Detail, LABEL};

#[tokio::test]
async fn a_child_is_registered_by_the_one_who_works_with_the_case() {
    let app = App::start().await;
    let (malin, karin, manager) = (app.social_worker().await, app.coordinator().await, app.manager().await);
    let case = Opening::unknown().responsible(&malin).coordinator(&karin).saved_by(&malin).await;
    let (new, show) = (paths::new_relation(&case), paths::show(&case));
    malin.get(&show).await.is_ok().shows("Ingen närstående är registrerad. Den som hotar registreras aldrig.");
    let form = malin.get(&new).await;
    form.is_ok().shows("Den som hotar registreras aldrig").lacks("other_person");
    assert!(form.attributes("input[checked]", "name").is_empty());
    let child = Detail::child();
    for _ in 0..2 {
        child.sent_to(&new, &malin).await.leads_to(&show);
    }
    for person in [&malin, &karin, &manager] {
        let page = person.get(&show).await;
        page.is_ok().shows("Ärendets fråga om barn är besvarad med ja");
        let rows = page.rows("section[aria-labelledby='h-narstaende'] table");
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0][..6], [&format!("{LABEL} Barn"), "2020", "Växelvis", "Gemensam vårdnad", "Nej", "Tillåten"]);
    }
    // Readers change nothing, strangers find nothing.
    let edit = paths::relation(&case, child.id);
    for reader in [&karin, &manager] {
        reader.get(&show).await.is_ok().lacks("Ny närstående");
        for path in [&new, &edit] {
            reader.get(path).await.is_forbidden();
            Detail::child().sent_to(path, reader).await.is_forbidden();
        }
    }
    let aisha = app.social_worker().await;
    aisha.get(&edit).await.is_missing();
    Detail::child().sent_to(&edit, &aisha).await.is_missing();
    // Nowhere but on the page.
    for path in ["/", "/arenden", &format!("/arenden/{case}")] {
        malin.get(path).await.is_ok().lacks(LABEL);
    }
    let trail = app.trail(&case).await;
    let events = ["relation.registered", "relation.shown"];
    assert!(events.iter().all(|event| trail.iter().any(|one| one == event)), "{trail:?}");
}

#[tokio::test]
async fn each_rule_is_told_at_its_field_and_what_was_typed_is_kept() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let case = malin.opens_a_case_on("2026-01-05").await;
    let new = paths::new_relation(&case);
    let of_children = "Uppgiften gäller bara barn. Ta bort den eller välj Barn";
    for (field, typed, at, said) in [
        ("kind", "", "kind", "Välj vad den närstående är"),
        ("kind", "enemy", "kind", "Välj vad den närstående är"),
        ("label", " ", "label", "Skriv en egen beteckning"),
        ("birth_year", "", "birth_year", "Skriv barnets födelseår med fyra siffror"),
        ("birth_year", "2028", "birth_year", "Skriv barnets födelseår med fyra siffror"),
        ("custody", "", "custody", "Välj vilken vårdnad personen har"),
        ("lives_with", "", "lives_with", "Svara om den närstående bor med personen"),
        ("is_party_to_threat", "", "is_party_to_threat", "Svara om den närstående är part i hotet"),
        ("contact_allowed", "", "contact_allowed", "Svara om vi får kontakta den närstående"),
        (
            "is_party_to_threat",
            "yes",
            "contact_reason",
            "Skriv varför kontakt är tillåten fast den närstående är part i hotet",
        ),
    ] {
        let answer = Detail::child().with(field, typed).sent_to(&new, &malin).await;
        answer.is_faulty().at(at, said);
        if field != "label" {
            assert_eq!(answer.value("label"), LABEL);
        }
    }
    let sibling = Detail::child().with("kind", "sibling").sent_to(&new, &malin).await;
    sibling.is_faulty().at("birth_year", of_children).at("custody", of_children);
    let allowed = Detail::child().with("is_party_to_threat", "yes");
    allowed.with("contact_reason", "Umgänge med stöd av kontaktperson.").saved_at(&new, &malin).await;
    let none = Detail::child().with("is_party_to_threat", "yes").with("contact_allowed", "no");
    none.saved_at(&new, &malin).await;
    malin.get(&paths::show(&case)).await.is_ok().shows("Umgänge med stöd").shows("Ta inte kontakt");
    // The same rules against whoever goes straight to the database.
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'prov', false)").await.unwrap();
    for (change, constraint) in [
        ("update relation set birth_year = null", "relation_child"),
        ("update relation set kind = 'sibling'", "relation_child"),
        ("update relation set contact_allowed = true, contact_reason = null", "relation_party_to_threat"),
        ("delete from relation", "relation_stands"),
    ] {
        let refused = owner.execute(change).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().constraint(), Some(constraint), "{change}");
    }
    // No column leads from somebody close to a person's row but to the one whose close they are.
    let columns: Vec<String> = sqlx::query_scalar(
        "select a.attname::text from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any (k.conkey)
         where k.contype = 'f' and k.confrelid = 'person'::regclass and k.conrelid = 'relation'::regclass",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    assert_eq!(columns, ["person_id"]);
}

#[tokio::test]
async fn what_is_known_changes_by_one_at_a_time_and_what_has_ended_stands() {
    let app = App::start().await;
    let (malin, jonas) = (app.social_worker().await, app.social_worker().await);
    let case = Opening::unknown().responsible(&malin).deputy(&jonas).saved_by(&malin).await;
    let child = Detail::child();
    child.saved_at(&paths::new_relation(&case), &malin).await;
    let (edit, show) = (paths::relation(&case, child.id), paths::show(&case));
    let form = jonas.get(&edit).await;
    form.is_ok();
    assert_eq!(
        (form.value("label"), form.value("version"), form.value("birth_year")),
        (LABEL.into(), "1".into(), "2020".into())
    );
    let change = Detail::child().with("version", "1").with("custody", "sole").with("lives_with", "yes");
    change.sent_to(&edit, &jonas).await.leads_to(&show);
    let late = Detail::child().with("version", "1").with("label", "Dottern").sent_to(&edit, &malin).await;
    late.is(409).shows("Uppgifterna har ändrats");
    assert_eq!((late.value("label"), late.value("version")), ("Dottern".to_owned(), "2".to_owned()));
    malin.get(&show).await.is_ok().shows("Ensam vårdnad");
    let ahead = Detail::child().with("version", "2").with("valid_to", "2027-01-01").sent_to(&edit, &malin).await;
    ahead.is_faulty().at("valid_to", "Datumet kan inte vara senare än i dag, 2026-12-31");
    let ended = Detail::child().with("version", "2").with("valid_to", "2026-12-30");
    ended.sent_to(&edit, &malin).await.leads_to(&show);
    let page = malin.get(&show).await;
    page.is_ok().shows("till 2026-12-30").lacks("besvarad med ja");
    malin.get(&edit).await.is(409);
    assert!(app.trail(&case).await.iter().any(|event| event == "relation.changed"));
}
