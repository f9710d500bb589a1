//! The areas of support: saved whole, version after version, compared side by side, and shown on the case's first page.

use utvag::investigation::paths;
use uuid::Uuid;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::investigations::{Areas, MANDATORY};
use crate::support::people::Person;

/// A case of two social workers, in which an investigation has begun.
async fn ground(app: &App) -> (Person<'_>, Person<'_>, String, Uuid) {
    let (malin, jonas) = (app.social_worker().await, app.social_worker().await);
    let case = Opening::unknown().responsible(&malin).deputy(&jonas).saved_by(&malin).await;
    let id = malin.starts_investigating(&case).await;
    (malin, jonas, case, id)
}

#[tokio::test]
async fn a_need_has_facts_an_assessment_and_the_persons_own_view() {
    let app = App::start().await;
    let (malin, _, case, id) = ground(&app).await;
    let form = malin.get(&paths::assess_support(&case, id)).await;
    assert_eq!(form.is_ok().texts(".section h2").len(), 15);
    assert_eq!(form.texts(".section h2 .tag").len(), MANDATORY.len());
    for (field, typed, said) in [
        ("housing_need", "", "Boende: välj hur stort behovet är"),
        ("housing_need", "4", "Boende: välj hur stort behovet är"),
        ("housing_facts", " ", "Boende: skriv vilka fakta behovet bygger på"),
        ("housing_assessment", "", "Boende: skriv din bedömning av behovet"),
        ("housing_view", "", "Boende: skriv hur personen själv ser på det"),
    ] {
        let answer = Areas::of(&["housing", "debts"]).with(field, typed).sent_by(&malin, &case, id, 0).await;
        answer.is_faulty().at(field, said);
        assert_eq!(answer.texts("#debts_facts"), ["Det har framkommit vid tre samtal."]);
    }
    let nothing = Areas::of(&[]).sent_by(&malin, &case, id, 0).await;
    nothing.is_faulty().at("housing_need", "Bedöm minst ett område");
    let none = Areas::of(&[]).with("leisure_need", "none").with("leisure_view", "Är nöjd.");
    none.sent_by(&malin, &case, id, 0).await.leads_to(&paths::show(&case, id));
    malin.get(&paths::support(&case, id)).await.is_ok().shows("Är nöjd.").shows("Inget");
}

#[tokio::test]
async fn each_set_is_a_version_of_its_own_and_two_are_compared_in_words() {
    let app = App::start().await;
    let (malin, jonas, case, id) = ground(&app).await;
    let show = paths::show(&case, id);
    malin.get(&paths::compare_support(&case, id, 1, 2)).await.is_ok().shows("Det finns inte två versioner att jämföra");
    let first = Areas::of(&["housing", "economy", "work", "debts"]);
    first.sent_by(&malin, &case, id, 0).await.leads_to(&show);
    first.sent_by(&malin, &case, id, 0).await.leads_to(&show);
    // The next goes on from what was said.
    let form = malin.get(&paths::assess_support(&case, id)).await;
    assert_eq!(
        (form.is_ok().value("after"), form.texts("#debts_view")),
        ("1".to_owned(), vec!["Vill ha hjälp.".to_owned()])
    );
    let second = Areas::of(&["housing", "economy", "work", "network"])
        .with("housing_need", "large")
        .with("economy_need", "small")
        .with("work_facts", "Praktiken börjar i mars.");
    second.sent_by(&jonas, &case, id, 1).await.leads_to(&show);

    let page = malin.get(&paths::compare_support(&case, id, 1, 2)).await;
    page.is_ok().shows("Version 1 och version 2").shows("Praktiken börjar i mars.").shows(&jonas.name);
    let heads: Vec<_> = page.texts(".panel:has(.pair) .panel-head");
    assert_eq!(
        heads,
        [
            "Boende Större behov",
            "Försörjning Mindre behov",
            "Arbete/sysselsättning Ändrad text",
            "Nätverk och relationer Ny bedömning",
            "Skulder Inte längre bedömt",
        ]
    );
    // With itself nothing has changed, and without numbers the last two are compared.
    let itself = malin.get(&paths::compare_support(&case, id, 2, 2)).await;
    itself.is_ok().shows("Oförändrat").lacks("Större behov");
    let latest = paths::support(&case, id) + "/jamfor";
    malin.get(&latest).await.is_ok().shows("Version 1 och version 2");
    malin.get(&paths::compare_support(&case, id, 1, 7)).await.is_missing();

    // Both are kept.
    let old = paths::support(&case, id) + "?version=1";
    malin.get(&old).await.is_ok().shows("Stödbedömning, version 1").lacks("Praktiken börjar i mars.");
    malin.get(&paths::support(&case, id)).await.is_ok().shows("Stödbedömning, version 2");
    malin.get(&(paths::support(&case, id) + "?version=3")).await.is_missing();
    let rows = malin.get(&show).await.is_ok().rows("table");
    assert_eq!(rows.iter().map(|row| row[0].as_str()).collect::<Vec<_>>(), ["Version 2", "Version 1"]);
}

#[tokio::test]
async fn whoever_saves_second_sees_what_came_in_between() {
    let app = App::start().await;
    let (malin, jonas, case, id) = ground(&app).await;
    let show = paths::show(&case, id);
    Areas::of(&["housing", "work"]).sent_by(&malin, &case, id, 0).await.leads_to(&show);
    let theirs = Areas::of(&["housing", "work"]).with("work_facts", "Malins nya fakta.");
    theirs.sent_by(&malin, &case, id, 1).await.leads_to(&show);
    let mine = Areas::of(&["housing", "work"]).with("work_facts", "Jonas nya fakta.");
    let clash = mine.sent_by(&jonas, &case, id, 1).await;
    clash.is(409).shows(&format!("{} har sparat version 2", malin.name)).shows("Malins nya fakta.");
    assert_eq!(clash.texts("#work_facts"), ["Jonas nya fakta."]);
    // Only what differs is shown of theirs.
    assert_eq!(clash.texts("section[role=alert] h3"), ["Arbete/sysselsättning"]);
    assert_eq!(clash.value("after"), "2");
    mine.sent_by(&jonas, &case, id, 2).await.leads_to(&show);
    malin.get(&paths::support(&case, id)).await.is_ok().shows("version 3").shows("Jonas nya fakta.");
}

#[tokio::test]
async fn the_first_page_of_the_case_shows_the_greatest_need_first() {
    let app = App::start().await;
    let (malin, _, case, id) = ground(&app).await;
    let overview = format!("/arenden/{case}");
    malin.get(&overview).await.is_ok().shows("Ingen stödbedömning ännu");
    let areas = Areas::of(&["housing", "economy", "work", "leisure"])
        .with("housing_need", "small")
        .with("work_need", "large")
        .with("leisure_need", "none");
    areas.sent_by(&malin, &case, id, 0).await.leads_to(&paths::show(&case, id));
    let page = malin.get(&overview).await;
    page.is_ok().lacks("Ingen stödbedömning ännu").lacks("Det har framkommit");
    let labels = page.texts(".pair > div:last-child dt");
    assert_eq!(labels, ["Arbete/sysselsättning", "Försörjning", "Boende", "Fritid", "Bedömd"]);
    let said = page.texts(".pair > div:last-child dd");
    assert_eq!(said[0], "Stort");
    assert_eq!(said[4], format!("2026-12-31 {}", malin.name));
}
