//! That the person has died: told once, on every page of the case, with all that ends by it.

use sqlx::{AssertSqlSafe, Executor};
use utvag::case::paths as cases;
use utvag::consent::paths as consents;
use utvag::death::paths;
use uuid::Uuid;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::journal::Typed;
use crate::support::page::Page;
use crate::support::people::Person;

const NOTE: &str = "Folkbokföringen aviserade i morse. Modern är underrättad av polisen.";

async fn tells(person: &Person<'_>, case: &str, change: (&str, &str)) -> Page {
    let id = Uuid::now_v7().to_string();
    let fields =
        [("died_on", "2026-12-30"), ("source", "Folkbokföringen"), ("note", NOTE), ("confirm", case), ("id", &id)];
    let mut fields: Vec<_> = fields.into_iter().filter(|(name, _)| *name != change.0).collect();
    fields.push(change);
    person.post(&paths::register(case), &fields).await
}

#[tokio::test]
async fn what_the_person_agreed_to_ends_and_the_case_goes_nowhere_but_to_its_end() {
    let app = App::start().await;
    let (malin, karin, manager) = (app.social_worker().await, app.coordinator().await, app.manager().await);
    let case = Opening::unknown().responsible(&malin).coordinator(&karin).saved_by(&malin).await;
    let consent = Typed::consent();
    consent.sent_to(&consents::list(&case), &malin).await.leads_to(&consents::show(&case, consent.id));
    app.makes_the_case(&case, "status = 'active'").await;
    let person = format!("/arenden/{case}/person");
    assert!(malin.get(&person).await.is_ok().attributes("main a", "href").contains(&paths::register(&case)));
    manager.get(&paths::register(&case)).await.is_forbidden();
    malin.get(&paths::register(&case)).await.is_ok().shows("Det här går inte att ångra");
    for (change, said) in [
        (("died_on", "2027-01-01"), "Datumet kan inte vara senare än i dag, 2026-12-31"),
        (("source", ""), "Skriv varifrån uppgiften kommer"),
        (("note", " "), "Skriv hur dödsfallet blev känt"),
    ] {
        tells(&malin, &case, change).await.is_faulty().at(change.0, said);
    }
    let answer = tells(&malin, &case, ("confirm", "nej")).await;
    answer.is_faulty().at("confirm", &format!("Skriv {case} för att bekräfta"));
    assert_eq!(answer.texts("#note"), [NOTE]);
    malin.get(&consents::show(&case, consent.id)).await.is_ok().shows("Gäller");

    for _ in 0..2 {
        tells(&malin, &case, ("died_on", "2026-12-30")).await.leads_to(&paths::register(&case));
    }
    manager.get(&paths::register(&case)).await.is_ok().shows("2026-12-30").shows("Folkbokföringen").shows(NOTE);
    for page in ["", "/person", "/person/kontakt/ny", "/journal", "/tilldelning"] {
        let page = malin.get(&format!("/arenden/{case}{page}")).await;
        page.is_ok().shows("Personen är avliden, 2026-12-30");
    }
    malin.get(&consents::show(&case, consent.id)).await.is_ok().shows("Återkallat").shows("Personen har avlidit.");
    malin.get(&consents::list(&case)).await.is_ok().lacks("Nytt samtycke");
    malin.get(&consents::new(&case)).await.is(422).shows("Personen är avliden");
    malin.get(&format!("/arenden/{case}/journal")).await.is_ok().shows("Avliden 2026-12-30.");

    let offered = malin.get(&cases::status(&case)).await.is_ok().attributes("[name='status']", "value");
    assert_eq!(offered, ["active", "closing"]);
    for status in ["step_down", "dormant"] {
        malin.moves_the_case(&case, status).await.is_faulty();
    }
    malin.moves_the_case(&case, "closing").await.leads_to(&cases::show(&case));
    let trail = app.trail(&case).await;
    assert_eq!(trail.iter().filter(|event| *event == "person.died").count(), 1, "{trail:?}");
}

#[tokio::test]
async fn postgres_refuses_by_itself() {
    let app = App::start().await;
    let (malin, karin, manager) = (app.social_worker().await, app.coordinator().await, app.manager().await);
    let case = Opening::unknown().responsible(&malin).coordinator(&karin).saved_by(&malin).await;
    let consent = Typed::consent();
    consent.sent_to(&consents::list(&case), &malin).await.leads_to(&consents::show(&case, consent.id));
    let mut login = app.database.app().await;
    let insert = |day: &str| {
        format!(
            "insert into person_death (id, person_id, case_id, died_on, source, note, registered_by, registered_at)
             select gen_random_uuid(), person_id, id, '{day}', '\\x00', '\\x00', sec.actor_id(), '2026-12-31 12:00Z' from case_file"
        )
    };
    let now = "set constraints all immediate";
    for (who, change, refused) in [
        (&malin, insert("2026-12-30"), None),
        (&karin, insert("2026-12-30"), None),
        (&manager, insert("2026-12-30"), Some("42501")),
        (&malin, insert("2027-01-01"), Some("23514")),
        // With a consent that still holds.
        (&malin, format!("{}; {now}", insert("2026-12-30")), Some("23514")),
        // Without a word of when and who says so.
        (&malin, "update person set status = 'deceased', status_on = '2026-12-30'".to_owned(), Some("23514")),
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
    tells(&malin, &case, ("died_on", "2026-12-30")).await.leads_to(&paths::register(&case));
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'test', false)").await.unwrap();
    for sql in [
        "delete from person_death",
        "update person_death set died_on = '2026-12-29'",
        "update case_file set status = 'assessing'",
        "insert into consent (id, case_id, kind, recipients, categories, purpose, form, given_on, valid_to, information_given,
           registered_by, registered_at)
         select gen_random_uuid(), id, 'sig', '{sig}', '{identity}', '\\x00', 'oral', '2026-12-30', '2027-01-30', true,
           created_by, '2026-12-31' from case_file",
    ] {
        assert!(owner.execute(sql).await.is_err(), "{sql}");
    }
}

const WHY: &str = "Folkbokföringen förväxlade två personer och har rättat det.";

#[tokio::test]
async fn a_mistake_is_taken_back_and_what_it_ended_stays_ended() {
    let app = App::start().await;
    let (malin, karin, manager) = (app.social_worker().await, app.coordinator().await, app.manager().await);
    let case = Opening::unknown().responsible(&malin).coordinator(&karin).saved_by(&malin).await;
    let consent = Typed::consent();
    consent.sent_to(&consents::list(&case), &malin).await.leads_to(&consents::show(&case, consent.id));
    let (told, revoke) = (paths::register(&case), paths::revoke(&case));
    malin.get(&revoke).await.leads_to(&told);
    tells(&malin, &case, ("died_on", "2026-12-30")).await.leads_to(&told);
    manager.get(&told).await.is_ok().lacks("Ta tillbaka dödsfallet");
    manager.get(&revoke).await.is_forbidden();
    assert!(karin.get(&told).await.is_ok().attributes("main a", "href").contains(&revoke));
    let page = karin.get(&revoke).await;
    let death = page.is_ok().shows("Samtycken som avslutades gäller inte igen").value("death");
    let fields_of = |why: &'static str| [("death", death.clone()), ("why", why.to_owned())];
    let send = async |person: &Person<'_>, why| {
        let fields = fields_of(why);
        person.post(&revoke, &fields.each_ref().map(|(name, value)| (*name, value.as_str()))).await
    };
    send(&manager, WHY).await.is_forbidden();
    send(&karin, " ").await.is_faulty().at("why", "Skriv varför uppgiften var fel");
    for _ in 0..2 {
        send(&karin, WHY).await.leads_to(&told);
    }

    malin.get(&format!("/arenden/{case}")).await.is_ok().lacks("Personen är avliden");
    let page = manager.get(&told).await;
    page.is_ok().shows("Uppgiften var fel").shows(WHY).shows(&karin.name).shows(NOTE).shows("Gå igenom ärendet");
    malin.get(&consents::show(&case, consent.id)).await.is_ok().shows("Återkallat");
    malin.get(&consents::new(&case)).await.is_ok();
    malin
        .get(&format!("/arenden/{case}/journal"))
        .await
        .is_ok()
        .shows("Uppgiften att personen avled 2026-12-30 var fel.");
    let trail = app.trail(&case).await;
    assert_eq!(trail.iter().filter(|event| *event == "person.death_revoked").count(), 1, "{trail:?}");

    // The row stays as it was, also past the program; and whoever dies later is registered anew.
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'test', false)").await.unwrap();
    for sql in
        ["delete from person_death", "update person_death set revoked_at = null, revoked_by = null, revoked_why = null"]
    {
        let refused = owner.execute(sql).await.unwrap_err();
        assert_eq!(utvag::error::constraint(&refused), Some("person_death_stands"), "{sql}");
    }
    tells(&malin, &case, ("died_on", "2026-12-31")).await.leads_to(&told);
    malin.get(&told).await.is_ok().shows("Dödsfall, taget tillbaka").shows("Ta tillbaka dödsfallet");
    let alive = owner.execute("update person set status = 'active', status_on = null").await.unwrap_err();
    assert_eq!(utvag::error::constraint(&alive), Some("person_living_by_word"));
}
