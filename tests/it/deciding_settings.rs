//! Settings: read by everybody who works here, decided by a manager from a day on, and followed by the rules.

use sqlx::{AssertSqlSafe, Executor};
use utvag::check::paths as checks;
use utvag::consent::paths as consents;
use utvag::setting::model::{rule, slug};
use utvag::setting::paths;
use utvag::threat::paths as threats;
use utvag::vocabulary::{Role, SettingKey, SettingUnit};
use uuid::Uuid;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::cooperation::Typed as TypedPolice;
use crate::support::journal::Typed;
use crate::support::page::Page;
use crate::support::people::Person;

const REASON: &str = "Nämnden har beslutat det, SN-2026/77.";

impl Person<'_> {
    async fn sets(&self, key: SettingKey, value: &str, from: &str, reason: &str) -> Page {
        let id = Uuid::now_v7().to_string();
        let fields = [("id", id.as_str()), ("value", value), ("valid_from", from), ("reason", reason)];
        self.post(&paths::show(key), &fields).await
    }
}

#[tokio::test]
async fn a_manager_decides_from_a_day_on_and_what_held_before_is_kept() {
    let app = App::start().await;
    let manager = app.manager().await;
    manager.get("/").await.is_ok().shows("Inställningar");
    let list = manager.get(paths::LIST).await;
    list.is_ok().shows("Tid mellan slagningar").shows("30 dagar").shows("Programmets förval");
    list.shows("20 kap. 3 § socialtjänstlagen").shows("4 månader");
    let key = SettingKey::RegisterCheckIntervalDays;
    manager.get(&paths::show(key)).await.is_ok().shows("Ja, av en chef. Från 7 till 180 dagar.").shows("Ändra värdet");

    let id = Uuid::now_v7().to_string();
    let fields = [("id", id.as_str()), ("value", "14"), ("valid_from", "2027-02-01"), ("reason", REASON)];
    for _ in 0..2 {
        manager.post(&paths::show(key), &fields).await.leads_to(&paths::show(key));
    }
    let page = manager.get(&paths::show(key)).await;
    assert_eq!(page.is_ok().rows("table").len(), 2, "sent twice, decided once");
    page.shows("Kommande").shows(REASON).shows(&manager.name);
    manager.get(paths::LIST).await.is_ok().shows("14 dagar från 2027-02-01");

    // Two choices for the same day: the later one holds.
    for value in ["20", "21"] {
        manager.sets(key, value, "i dag", REASON).await.leads_to(&paths::show(key));
    }
    let list = manager.get(paths::LIST).await;
    let row = list.is_ok().rows("table").into_iter().find(|row| row[0].starts_with("Tid mellan slagningar")).unwrap();
    assert_eq!(row[1], "21 dagar");
    assert_eq!(manager.get(&paths::show(key)).await.is_ok().rows("table").len(), 4);
    assert_eq!(app.log().await.iter().filter(|event| *event == "setting.decided").count(), 3);
}

#[tokio::test]
async fn everybody_who_works_here_reads_and_nobody_but_a_manager_decides() {
    let app = App::start().await;
    let key = SettingKey::ConsentDefaultMonths;
    for role in [Role::Caseworker, Role::Coordinator, Role::Controller, Role::LogReviewer, Role::Sysadmin] {
        let person = app.person(role).await;
        person.get(paths::LIST).await.is_ok().shows("Samtycke gäller").shows("12 månader");
        person.get(&paths::show(key)).await.is_ok().lacks("Ändra värdet");
        person.sets(key, "6", "2026-12-31", REASON).await.is_forbidden();
    }
    let per = app.person(Role::PoliceLiaison).await;
    per.get(paths::LIST).await.is_missing();
    per.get(&paths::show(key)).await.is_missing();
    let manager = app.manager().await;
    manager.get(&format!("{}/gissning", paths::LIST)).await.is_missing();
    // What the law has said is nobody's to change.
    let statutory = SettingKey::InvestigationMonthsChild;
    manager.get(&paths::show(statutory)).await.is_ok().shows("Nej, det står i lagen.").lacks("Ändra värdet");
    manager.sets(statutory, "4", "2026-12-31", REASON).await.is_forbidden();
}

#[tokio::test]
async fn each_fault_is_told_at_its_field_and_what_was_typed_is_kept() {
    let app = App::start().await;
    let manager = app.manager().await;
    let (target, warning) = (SettingKey::InvestigationTargetDaysAdult, SettingKey::InvestigationWarningDaysAdult);
    for (key, value, from, reason, field, said) in [
        (target, "många", "2027-01-01", REASON, "value", "Skriv ett helt tal"),
        (target, "366", "2027-01-01", REASON, "value", "Skriv ett tal från 14 till 365"),
        (target, "89", "2027-01-01", REASON, "value", "Påminnelsen kommer efter 90 dagar. Ändra den först"),
        (
            warning,
            "121",
            "2027-01-01",
            REASON,
            "value",
            "Påminnelsen kommer senast när utredningen ska vara klar, 120 dagar",
        ),
        (target, "100", "2026-12-30", REASON, "valid_from", "En ändring gäller från i dag, 2026-12-31, eller senare"),
        (target, "100", "", REASON, "valid_from", "Skriv datumet som ÅÅÅÅ-MM-DD"),
        (target, "100", "2027-01-01", " ", "reason", "Skriv varför värdet ändras"),
    ] {
        let answer = manager.sets(key, value, from, reason).await;
        answer.is_faulty().at(field, said);
        assert_eq!((answer.value("value"), answer.value("valid_from")), (value.to_owned(), from.to_owned()));
    }
    manager.get(paths::LIST).await.is_ok().lacks(&manager.name.replace(' ', "\u{a0}"));
    assert!(!app.log().await.contains(&"setting.decided".to_owned()));
}

#[tokio::test]
async fn the_rules_follow_what_is_set() {
    let app = App::start().await;
    let (malin, karin, manager) = (app.social_worker().await, app.coordinator().await, app.manager().await);
    let case = Opening::unknown().responsible(&malin).coordinator(&karin).saved_by(&malin).await;
    // What was told before a choice stands.
    TypedPolice::check("2026-12-30").checked_by(&malin, &case).await;
    malin.get(&checks::list(&case)).await.is_ok().shows("2027-01-29");
    malin.get(&threats::new(&case)).await.is_ok().shows("Tomt: 90 dagar efter bedömningen");
    for (key, value) in [
        (SettingKey::RegisterCheckIntervalDays, "14"),
        (SettingKey::ThreatAssessmentMaxAgeDays, "60"),
        (SettingKey::ConsentDefaultMonths, "6"),
        (SettingKey::ConsentExpiryWarningDays, "180"),
    ] {
        manager.sets(key, value, "2026-12-31", REASON).await.leads_to(&paths::show(key));
    }
    TypedPolice::check("2026-12-31").checked_by(&malin, &case).await;
    let list = malin.get(&checks::list(&case)).await;
    list.is_ok().shows("2027-01-29").shows("2027-01-14");
    malin.get(&threats::new(&case)).await.is_ok().shows("Tomt: 60 dagar efter bedömningen");

    malin.get(&consents::new(&case)).await.is_ok().shows("Tomt: 6 månader. Längst 24 månader.");
    let consent = Typed::consent();
    consent.sent_to(&consents::list(&case), &malin).await.leads_to(&consents::show(&case, consent.id));
    malin.get(&consents::show(&case, consent.id)).await.is_ok().shows("2027-06-30");
    // 181 days away, and one day later 180: then it is spoken of to whoever works with the case.
    malin.get(&format!("/arenden/{case}")).await.is_ok().lacks("Samtycke går ut");
    manager.sets(SettingKey::ConsentDefaultMonths, "5", "2026-12-31", REASON).await;
    let shorter = Typed::consent().with("kind", "sip");
    shorter.sent_to(&consents::list(&case), &malin).await.leads_to(&consents::show(&case, shorter.id));
    let overview = malin.get(&format!("/arenden/{case}")).await;
    overview.is_ok().shows("Samtycke går ut").shows("Samordnad individuell plan");
    malin.get("/").await.is_ok().shows("Samtycke går ut");
    karin.get("/").await.is_ok().lacks("Samtycke går ut");
    // A new one that goes on after it, and nobody needs to be told.
    let next = Typed::consent().with("kind", "sip").with("valid_to", "2028-01-01");
    next.sent_to(&consents::list(&case), &malin).await.leads_to(&consents::show(&case, next.id));
    malin.get("/").await.is_ok().lacks("Samtycke går ut");
}

#[tokio::test]
async fn postgres_refuses_by_itself() {
    let app = App::start().await;
    let (manager, karin) = (app.manager().await, app.coordinator().await);
    let mut login = app.database.app().await;
    let insert = |key: &str, value: i32, day: &str, by: &str| {
        format!(
            "insert into setting (id, key, value, unit, valid_from, decided_by, decided_at, reason)
             values (gen_random_uuid(), '{key}', {value}, 'days', '{day}', {by}, '2026-12-31 12:00Z', 'prov')"
        )
    };
    let me = "sec.actor_id()";
    for (who, change, refused) in [
        (&manager, insert("register_check_interval_days", 14, "2026-12-31", me), None),
        (&karin, insert("register_check_interval_days", 14, "2026-12-31", me), Some("42501")),
        (&manager, insert("register_check_interval_days", 14, "2026-12-31", "null"), Some("42501")),
        (&manager, insert("register_check_interval_days", 14, "2026-12-30", me), Some("23514")),
        (&manager, insert("register_check_interval_days", 6, "2026-12-31", me), Some("23514")),
        (&manager, insert("preliminary_days_child", 14, "2026-12-31", me), Some("23514")),
        (&manager, insert("investigation_warning_days_adult", 121, "2026-12-31", me), Some("23514")),
        (&manager, insert("consent_default_months", 12, "2026-12-31", me), Some("23514")),
        (&manager, "update setting set value = 14".to_owned(), Some("42501")),
        (&manager, "delete from setting".to_owned(), Some("42501")),
    ] {
        login.execute("begin").await.unwrap();
        login.execute("select set_config('role', 'utvag_user', true)").await.unwrap();
        sqlx::query("select account_id from sec.open($1)")
            .bind(who.token().as_bytes())
            .fetch_one(&mut login)
            .await
            .unwrap();
        login.execute("select set_config('app.event', 'test', true)").await.unwrap();
        let done = login.execute(AssertSqlSafe(change.clone())).await;
        login.execute("rollback").await.unwrap();
        let code = done.err().map(|error| error.as_database_error().unwrap().code().unwrap().into_owned());
        assert_eq!(code.as_deref(), refused, "{change}");
    }
    // Not even the owner.
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'test', false)").await.unwrap();
    assert!(owner.execute("update setting set value = 14").await.is_err());
    assert!(owner.execute("delete from setting").await.is_err());
}

#[tokio::test]
async fn what_may_be_chosen_is_the_same_in_rust_and_in_postgres() {
    let app = App::start().await;
    let mut owner = app.database.superuser().await;
    for key in SettingKey::ALL {
        let stands: (SettingUnit, i32, i32, bool) =
            sqlx::query_as("select * from setting_rule($1)").bind(key).fetch_one(&mut owner).await.unwrap();
        let said = rule(*key);
        assert_eq!(stands, (said.unit, said.least, said.most, said.statutory), "{}", slug(*key));
    }
}
