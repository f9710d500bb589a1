//! What the person wants: assessed time after time, signed at once, and never changed.

use sqlx::Executor;
use utvag::motivation::paths;
use uuid::Uuid;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::fixture::announce;
use crate::support::page::Page;
use crate::support::people::Person;

const WORDS: &str = "Jag vill att min son ska ha en pappa.";

async fn assesses(person: &Person<'_>, case: &str, id: Uuid, changed: &[(&'static str, &str)]) -> Page {
    let id = id.to_string();
    let mut fields = vec![
        ("id", id.as_str()),
        ("assessed_on", "2026-12-01"),
        ("stage", "ambivalent"),
        ("own_words", WORDS),
        ("obstacles", "Skulder till gruppen."),
        ("resources", "En farbror i en annan stad."),
    ];
    for (field, value) in changed {
        fields.retain(|(name, _)| name != field);
        fields.push((field, value));
    }
    person.post(&paths::list(case), &fields).await
}

#[tokio::test]
async fn the_chain_tells_what_was_said_each_time() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let case = malin.opens_a_case_on("2026-01-05").await;
    let list = paths::list(&case);
    malin.get(&list).await.is_ok().shows("Ingen motivationsbedömning ännu");
    malin.get(&paths::new(&case)).await.is_ok().shows("Signera bedömningen");
    let first = Uuid::now_v7();
    assesses(&malin, &case, first, &[]).await.leads_to(&list);
    // Sent twice it is one.
    assesses(&malin, &case, first, &[]).await.leads_to(&list);
    let later = [("stage", "committed"), ("assessed_on", "2026-12-20"), ("own_words", "Nu har jag flyttat.")];
    assesses(&malin, &case, Uuid::now_v7(), &later).await.leads_to(&list);
    let page = malin.get(&list).await;
    page.is_ok().shows("Längre fram än förra gången").shows(WORDS).shows("Nu har jag flyttat.").shows(&malin.name);
    assert_eq!(page.texts(".panel h2"), ["Motivationsbedömning 2", "Motivationsbedömning 1"]);
    // What was said stands beside the form and is not filled in.
    let page = malin.get(&paths::new(&case)).await;
    page.is_ok().shows(WORDS);
    assert_eq!(page.texts("#own_words"), [""]);
    malin.get(&format!("/arenden/{case}/utredning")).await.is_ok().shows("Beslutad").lacks(WORDS);
    let trail = app.trail(&case).await;
    assert_eq!(trail.iter().filter(|event| *event == "motivation.assessed").count(), 2, "{trail:?}");
    assert!(trail.iter().any(|event| event == "motivation.shown"), "{trail:?}");
}

#[tokio::test]
async fn each_fault_is_told_at_its_field_and_what_was_typed_is_kept() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let case = malin.opens_a_case_on("2026-01-05").await;
    for (field, typed, said) in [
        ("stage", "", "Välj hur långt personen har kommit"),
        ("stage", "klar", "Välj hur långt personen har kommit"),
        ("assessed_on", "snart", "Skriv datumet som ÅÅÅÅ-MM-DD"),
        ("assessed_on", "2027-01-01", "Datumet kan inte vara senare än i dag, 2026-12-31"),
    ] {
        let answer = assesses(&malin, &case, Uuid::now_v7(), &[(field, typed)]).await;
        answer.is_faulty().at(field, said);
        assert_eq!(answer.texts("#own_words"), [WORDS]);
    }
    // Only the stage and the day must be there.
    let bare = [("own_words", ""), ("obstacles", " "), ("resources", "")];
    assesses(&malin, &case, Uuid::now_v7(), &bare).await.leads_to(&paths::list(&case));
}

#[tokio::test]
async fn what_is_signed_stands_also_to_the_owner_of_the_table() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let case = malin.opens_a_case_on("2026-01-05").await;
    assesses(&malin, &case, Uuid::now_v7(), &[]).await.leads_to(&paths::list(&case));
    let mut owner = app.database.superuser().await;
    announce(&mut owner).await;
    for change in ["update motivation_assessment set stage = 'committed'", "delete from motivation_assessment"] {
        let refused = owner.execute(change).await.unwrap_err();
        let constraint = refused.as_database_error().unwrap().constraint().unwrap().to_owned();
        assert_eq!(constraint, "motivation_assessment_stands", "{change}");
    }
}

#[tokio::test]
async fn coordinator_and_manager_read_and_nobody_else_does() {
    let app = App::start().await;
    let (malin, karin, manager, aisha) =
        (app.social_worker().await, app.coordinator().await, app.manager().await, app.social_worker().await);
    let case = Opening::unknown().responsible(&malin).coordinator(&karin).saved_by(&malin).await;
    assesses(&malin, &case, Uuid::now_v7(), &[]).await.leads_to(&paths::list(&case));
    for reader in [&karin, &manager] {
        reader.get(&paths::list(&case)).await.is_ok().shows(WORDS).lacks("Ny motivationsbedömning");
        reader.get(&paths::new(&case)).await.is_forbidden();
        assesses(reader, &case, Uuid::now_v7(), &[]).await.is_forbidden();
    }
    aisha.get(&paths::list(&case)).await.is_missing();
    assesses(&aisha, &case, Uuid::now_v7(), &[]).await.is_missing();
}
