//! What the person has signed at the police is told and nothing more; and what the police still see bars the end.

use sqlx::{AssertSqlSafe, Executor};
use utvag::case::paths as cases;
use utvag::conditions::paths;
use utvag::disclosure::paths as disclosures;
use uuid::Uuid;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::disclosures::{Typed as Disclosed, handed_over, hired_police, step};
use crate::support::page::Page;
use crate::support::people::Person;

const LABEL: &str = "Överenskommelse, blankett 2026:1";
const OWN: &str = "Ringer sin kontakt varje måndag.";
const SIGNED: [(&str, &str); 7] = [
    ("signed_on", "2026-12-01"),
    ("label", LABEL),
    ("document_ref", "Pärm 4"),
    ("rules", "no_crime"),
    ("rules", "own"),
    ("own_rules", OWN),
    ("told", "yes"),
];

/// Sends the form with something else in a field.
async fn sends(person: &Person<'_>, case: &str, id: Uuid, change: (&str, &str)) -> Page {
    let id = id.to_string();
    let mut fields: Vec<_> = SIGNED.into_iter().filter(|(name, _)| *name != change.0).collect();
    fields.extend([("id", id.as_str()), change]);
    person.post(&paths::list(case), &fields).await
}

#[tokio::test]
async fn a_new_version_stands_before_the_earlier_ones() {
    let app = App::start().await;
    let (malin, karin, manager) = (app.social_worker().await, app.coordinator().await, app.manager().await);
    let case = Opening::unknown().responsible(&malin).coordinator(&karin).saved_by(&malin).await;
    let police = malin.get(&format!("/arenden/{case}/poliskontakter")).await;
    assert!(police.is_ok().attributes("main a", "href").contains(&paths::list(&case)));
    malin.get(&paths::list(&case)).await.is_ok().shows("Inga villkor ännu");
    let form = malin.get(&paths::new(&case)).await;
    assert!(form.is_ok().attributes("input[checked]", "name").is_empty());

    let first = Uuid::now_v7();
    for _ in 0..2 {
        sends(&malin, &case, first, ("told", "no")).await.leads_to(&paths::list(&case));
    }
    let page = manager.get(&paths::list(&case)).await;
    page.is_ok().shows("Version 1").lacks("Version 2").shows(LABEL).shows("Pärm 4").shows("Inga nya brott").shows(OWN);
    page.shows("Polisen har inte berättat").shows("Stödet från socialtjänsten upphör inte").lacks("Nya villkor");
    sends(&karin, &case, Uuid::now_v7(), ("label", "Blankett 2026:2")).await.leads_to(&paths::list(&case));
    let page = malin.get(&paths::list(&case)).await;
    assert_eq!(page.is_ok().texts("main h2"), ["Villkoren är polisens", "Version 2", "Version 1"]);
    assert_eq!(page.texts("main .panel .tag"), ["Gäller", "Ersatt"]);
    let trail = app.trail(&case).await;
    assert_eq!(trail.iter().filter(|event| *event == "conditions.registered").count(), 2, "{trail:?}");

    // In the case's timeline, and on paper for whoever prints it.
    let timeline = malin.get(&format!("/arenden/{case}/tidslinje?visa=police")).await;
    timeline.is_ok().shows("Villkor 1 undertecknades hos polisen").shows("Villkor 2 undertecknades hos polisen");
    assert!(timeline.attributes("main a", "href").contains(&paths::list(&case)));
    let id = Uuid::now_v7().to_string();
    let chosen = [("id", id.as_str()), ("parts", "conditions"), ("purpose", "case_work")];
    let print = malin.proves(&format!("/arenden/{case}/utskrift"), &chosen).await;
    print.is_ok().shows("Villkor hos polisen").shows(LABEL).shows(OWN).shows("Blankett 2026:2").shows("Pärm 4");
}

#[tokio::test]
async fn each_fault_is_told_at_its_field() {
    let app = App::start().await;
    let (malin, manager) = (app.social_worker().await, app.manager().await);
    let case = Opening::unknown().responsible(&malin).saved_by(&malin).await;
    for (change, said) in [
        (("signed_on", "2027-01-01"), "Datumet kan inte vara senare än i dag, 2026-12-31"),
        (("label", " "), "Skriv vilken version av blanketten det är"),
        (("rules", "gang"), "Välj minst en regel"),
        (("own_rules", ""), "Skriv de egna reglerna"),
        (("told", ""), "Svara om polisen har berättat om följderna"),
    ] {
        let answer = sends(&malin, &case, Uuid::now_v7(), change).await;
        answer.is_faulty().at(change.0, said);
    }
    let kept = sends(&malin, &case, Uuid::now_v7(), ("rules", "no_crime")).await;
    kept.is_faulty().at("own_rules", "Välj Egna regler, eller ta bort texten");
    assert_eq!(kept.texts("#own_rules"), [OWN]);
    sends(&manager, &case, Uuid::now_v7(), ("told", "yes")).await.is_forbidden();
    malin.get(&paths::list(&case)).await.is_ok().shows("Inga villkor ännu");
}

#[tokio::test]
async fn postgres_keeps_what_was_signed() {
    let app = App::start().await;
    let (malin, karin, manager) = (app.social_worker().await, app.coordinator().await, app.manager().await);
    let case = Opening::unknown().responsible(&malin).coordinator(&karin).saved_by(&malin).await;
    sends(&malin, &case, Uuid::now_v7(), ("told", "no")).await.leads_to(&paths::list(&case));
    let mut login = app.database.app().await;
    let insert = |rules: &str, day: &str| {
        format!(
            "insert into programme_conditions (id, case_id, number, signed_on, label, rules, told_consequences, registered_by, registered_at)
             select gen_random_uuid(), id, 2, '{day}', '\\x00', '{rules}', true, sec.actor_id(), '2026-12-31 12:00Z' from case_file"
        )
    };
    for (who, change, refused) in [
        (&malin, insert("{no_crime}", "2026-12-31"), None),
        (&karin, insert("{no_crime}", "2026-12-31"), None),
        (&manager, insert("{no_crime}", "2026-12-31"), Some("42501")),
        (&malin, insert("{no_crime}", "2027-01-01"), Some("23514")),
        (&malin, insert("{own}", "2026-12-31"), Some("23514")),
        (&malin, insert("{}", "2026-12-31"), Some("23514")),
        (&malin, "update programme_conditions set number = 3".to_owned(), Some("42501")),
    ] {
        login.execute("begin").await.unwrap();
        login.execute("select set_config('role', 'utvag_user', true)").await.unwrap();
        let door = sqlx::query("select account_id from sec.open($1)").bind(who.token().as_bytes());
        door.fetch_one(&mut login).await.unwrap();
        login.execute("select set_config('app.event', 'test', true)").await.unwrap();
        let done = login.execute(AssertSqlSafe(change.clone())).await;
        login.execute("rollback").await.unwrap();
        let code = done.err().map(|error| error.as_database_error().unwrap().code().unwrap().into_owned());
        assert_eq!(code.as_deref(), refused, "{change}");
    }
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'test', false)").await.unwrap();
    assert!(owner.execute("delete from programme_conditions").await.is_err());
}

#[tokio::test]
async fn a_case_is_not_closed_while_the_police_see_something_of_it() {
    let app = App::start().await;
    let (malin, karin) = (app.social_worker().await, app.coordinator().await);
    hired_police(&app).await;
    let case = Opening::of("19890217-2397").responsible(&malin).coordinator(&karin).saved_by(&malin).await;
    let released = Disclosed::to("police_lpo", "crime_prevention", "police_portal").written_by(&karin, &case).await;
    let risk = Disclosed::item("changed_risk").with("note", "Okända män har sökt personen.");
    risk.frozen_by(&karin, &case, released).await;
    handed_over(&karin, &case, released).await;
    malin.records_the_outcome(&case).await;
    app.makes_the_case(&case, "status = 'closing'").await;
    let page = karin.get(&cases::close(&case)).await;
    page.is_ok().shows("Polisen kan se utlämnade uppgifter till och med").lacks("Skriv ärendenumret");
    assert!(page.attributes("main .notice a", "href").contains(&disclosures::list(&case)));
    let version = malin.get(&cases::status(&case)).await.value("version");
    let close =
        [("version", version.as_str()), ("reason", "goal_reached"), ("closed_on", "2026-12-31"), ("confirm", &case)];
    karin.post(&cases::close(&case), &close).await.is_faulty().shows("Polisen kan se utlämnade uppgifter");
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'test', false)").await.unwrap();
    let behind = "update case_file set status = 'closed', closed_on = '2026-12-31', close_reason = 'other'";
    let refused = owner.execute(behind).await.unwrap_err();
    assert_eq!(utvag::error::constraint(&refused), Some("case_file_disclosures"));
    // Hidden, and nothing is in the way.
    let hidden = step(&karin, &disclosures::hide(&case, released), 3, &[("reason", "Ärendet avslutas.")]).await;
    hidden.leads_to(&disclosures::show(&case, released));
    karin.ends_the_case(&cases::close(&case), &case, "2026-12-31").await.leads_to(&format!("/arenden/{case}"));
}
