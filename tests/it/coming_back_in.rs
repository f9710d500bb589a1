//! Getting back in without a key: with a code from one's own sheet, or in person, where one starts and another confirms.

use sqlx::{Executor, PgConnection};
use utvag::vocabulary::Role;
use uuid::Uuid;

use crate::authenticator::Authenticator;
use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::page::Page;
use crate::support::people::{PASSWORD, Person};

const DOOR: &str = "/logga-in/utan-nyckel";
const SHEET: &str = "/konto/aterstallningskoder";

async fn count(owner: &mut PgConnection, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(owner).await.unwrap()
}

impl App {
    /// Somebody in the role who has registered the first key at the door.
    async fn with_a_key(&self, role: Role) -> (Person<'_>, Authenticator) {
        self.state.clock.put_forward(time::Duration::seconds(30));
        let mut person = Person::hired(self, role).await;
        person.sign_in_towards("/logga-in/ny-nyckel").await;
        let key = person.registers_at_the_door("Blå nyckel").await;
        (person, key)
    }

    async fn social_worker_with_a_key(&self) -> (Person<'_>, Authenticator) {
        self.with_a_key(Role::Caseworker).await
    }
}

impl Person<'_> {
    async fn registers_at_the_door(&mut self, name: &str) -> Authenticator {
        let page = self.post("/logga-in/ny-nyckel", &[("name", name)]).await;
        let mut key = Authenticator::new();
        let answer = key.registers(&page.is_ok().attributes("form", "data-key-new").remove(0));
        let kept = self.post("/logga-in/ny-nyckel/svar", &[("name", name), ("passkey", &answer)]).await;
        self.cookie = kept.leads_to("/").cookie("__Host-session").unwrap();
        key
    }

    async fn tries_a_code(&self, password: &str, code: &str) -> Page {
        let fields = [("user_name", self.user_name.as_str()), ("password", password), ("code", code)];
        self.app.post(DOOR, &fields).await
    }

    /// Comes in with the code and registers a new key.
    async fn comes_in_with(&mut self, code: &str) -> Authenticator {
        let answer = self.tries_a_code(PASSWORD, code).await;
        self.cookie = answer.leads_to("/logga-in/ny-nyckel").cookie("__Host-session").unwrap();
        for closed in ["/", "/konto", "/arenden"] {
            self.get(closed).await.leads_to("/logga-in");
        }
        self.registers_at_the_door("Ny nyckel").await
    }

    /// A sheet, proven with the key.
    async fn makes_a_sheet(&self, key: &mut Authenticator) -> Vec<String> {
        let proof = key.signs(&self.is_asked("change_keys", "").await);
        self.post(SHEET, &[("passkey", &proof)]).await.is_ok().texts(".mono")
    }
}

fn refused(page: &Page, person: &Person<'_>) -> String {
    page.is_faulty().shows("Inloggningen misslyckades");
    page.body.replace(&person.user_name, "")
}

#[tokio::test]
async fn a_sheet_is_shown_once_proven_and_a_new_one_kills_the_old() {
    let app = App::start().await.demanding_keys();
    let (mut malin, mut key) = app.social_worker_with_a_key().await;
    malin.get("/konto/nycklar").await.is_ok().shows("Ta fram återställningskoder");
    malin.get(SHEET).await.is_ok().shows("Du har inga återställningskoder");
    malin.post(SHEET, &[]).await.is_faulty().shows("Du måste bekräfta med din nyckel");
    let first = malin.makes_a_sheet(&mut key).await;
    assert_eq!(first.len(), 5);
    assert!(first.iter().all(|code| code.len() == 29), "{first:?}");
    let shown = malin.get(SHEET).await;
    shown.is_ok().shows("5 är kvar");
    for code in &first {
        shown.lacks(code);
    }
    let second = malin.makes_a_sheet(&mut key).await;
    refused(&malin.tries_a_code(PASSWORD, &first[0]).await, &malin);
    malin.comes_in_with(&second[0].replace('-', " ").to_lowercase()).await;
    refused(&malin.tries_a_code(PASSWORD, &second[0]).await, &malin);
    malin.get(SHEET).await.is_ok().shows("4 är kvar");
    // Nothing of them stands anywhere but as a keyed hash.
    let mut owner = app.database.superuser().await;
    let kept: Vec<String> = sqlx::query_scalar(
        "select body from audit.entry union all select coalesce(after, before)::text from audit.row_change",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    assert!(kept.iter().all(|text| !text.contains(&second[1]) && !text.contains("code_hash")));
}

#[tokio::test]
async fn what_is_not_right_is_refused_alike_and_slowed_down() {
    let app = App::start().await.demanding_keys();
    let (malin, mut key) = app.social_worker_with_a_key().await;
    let codes = malin.makes_a_sheet(&mut key).await;
    let nobody = [("user_name", "finns.inte"), ("password", PASSWORD), ("code", codes[0].as_str())];
    let mut answers = vec![
        refused(&malin.tries_a_code("fel lösenord helt och hållet", &codes[0]).await, &malin),
        refused(&malin.tries_a_code(PASSWORD, "AAAA-AAAA-AAAA-AAAA-AAAA-AAAA").await, &malin),
        refused(&malin.tries_a_code(PASSWORD, "skräp").await, &malin),
    ];
    let page = app.post(DOOR, &nobody).await;
    answers.push(page.is_faulty().body.replace("finns.inte", ""));
    answers.dedup();
    assert_eq!(answers.len(), 1, "an answer tells more than another");
    malin.get("/").await.is_ok();
    for _ in 0..2 {
        refused(&malin.tries_a_code(PASSWORD, "skräp").await, &malin);
    }
    malin.tries_a_code(PASSWORD, &codes[0]).await.is(429).shows("För många försök");
    app.post(DOOR, &[]).await.is_faulty().at("code", "Skriv återställningskoden");
}

#[tokio::test]
async fn a_code_ends_other_sessions_is_told_and_closes_much_for_a_day() {
    let app = App::start().await.demanding_keys();
    let (mut malin, mut key) = app.social_worker_with_a_key().await;
    let case = Opening::unknown().responsible(&malin).saved_by(&malin).await;
    let codes = malin.makes_a_sheet(&mut key).await;
    let before = std::mem::take(&mut malin.cookie);
    let mut new = malin.comes_in_with(&codes[0]).await;
    let after = std::mem::replace(&mut malin.cookie, before);
    malin.get("/").await.leads_to("/logga-in");
    malin.cookie = after;

    // Told to the manager of the unit and to the reviewer of the log, who say that they have seen to it.
    let (chef, logg) = (app.with_a_key(Role::Manager).await.0, app.with_a_key(Role::LogReviewer).await.0);
    let told = format!("{} loggade in utan nyckel", malin.name);
    for person in [&chef, &logg] {
        let page = person.get("/").await;
        page.is_ok().shows(&told);
        let list = person.get("/aterstallningar").await;
        let one = list.is_ok().shows("Väntar på dig").attributes("tbody th a", "href").remove(0);
        person.get(&one).await.is_ok().shows("Återställningskod").shows("Jag har kontrollerat det");
        person.post(&format!("{one}/sedd"), &[]).await.leads_to(&one);
        person.get("/").await.is_ok().lacks(&told);
        person.get(&one).await.is_ok().shows(&person.name).lacks("Jag har kontrollerat det");
    }
    malin.get("/aterstallningar").await.is_missing();

    // Print, location and glass wait for a day; the rest goes on.
    let print = format!("/arenden/{case}/utskrift");
    let mut chosen = vec![("parts", "facts".to_owned()), ("purpose", "case_work".to_owned())];
    chosen.push(("passkey", new.signs(&malin.is_asked("export", &case).await)));
    let sent: Vec<_> = chosen.iter().map(|(name, value)| (*name, value.as_str())).collect();
    malin.post(&print, &sent).await.is_faulty().shows("Du har loggat in med en återställningskod");
    malin.get(&format!("/arenden/{case}")).await.is_ok();
    let (mut work, _) = app.db.begin_as(malin.token(), app.state.clock.today()).await.unwrap().unwrap();
    for (action, closed) in [("export", true), ("open_location", true), ("grant_role", true), ("break_glass", true)] {
        let sql = "select sec.is_barred() and not sec.has_proven($1, null)";
        let barred: bool = sqlx::query_scalar(sql).bind(action).fetch_one(&mut *work).await.unwrap();
        assert_eq!(barred, closed, "{action}");
    }
    drop(work);

    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'prov', false)").await.unwrap();
    owner.execute("alter table account_recovery disable trigger account_recovery_moves").await.unwrap();
    owner.execute("update account_recovery set barred_until = barred_until - interval '25 hours'").await.unwrap();
    chosen[2].1 = new.signs(&malin.is_asked("export", &case).await);
    let sent: Vec<_> = chosen.iter().map(|(name, value)| (*name, value.as_str())).collect();
    malin.post(&print, &sent).await.is_ok();
    for event in ["account.recovery_codes_made", "session.recovered", "recovery.noted", "session.proof_refused"] {
        assert!(app.log().await.contains(&event.to_owned()), "{event}");
    }
}

#[tokio::test]
async fn in_person_one_starts_another_confirms_and_the_code_opens_once() {
    let app = App::start().await.demanding_keys();
    let (mut malin, mut old) = app.social_worker_with_a_key().await;
    let sheet = malin.makes_a_sheet(&mut old).await;
    let (tore, _) = app.with_a_key(Role::Sysadmin).await;
    let (chef, mut chefs_key) = app.with_a_key(Role::Manager).await;
    let start = format!("/konton/{}/aterstallning", malin.account);
    let account = format!("/konton/{}", malin.account);
    tore.get(&account).await.is_ok().shows("Återställ (har tappat nycklarna)").lacks("Blå nyckel").shows("Finns");
    chef.get(&account).await.is_ok().lacks("Återställ (har");
    chef.post(&start, &[]).await.is_forbidden();
    tore.get(&start).await.is_ok();
    tore.post(&start, &[]).await.is_faulty().at("checked", "Skriv hur du vet vem personen är");
    tore.get(&format!("/konton/{}/aterstallning", tore.account)).await.is(422).shows("ditt eget konto");
    let id = Uuid::now_v7().to_string();
    let fields = [("id", id.as_str()), ("reason", "Väskan är borta."), ("checked", "Körkort på plats.")];
    let one = format!("/aterstallningar/{id}");
    tore.post(&start, &fields).await.leads_to(&one);
    tore.post(&start, &fields).await.leads_to(&one);
    // Nothing has ended yet, and whoever started does not confirm.
    malin.get("/").await.is_ok();
    tore.post(&one, &[]).await.is_forbidden();
    chef.get("/").await.is_ok().shows("Bekräfta återställningen av kontot för");
    chef.get(&one).await.is_ok().shows("Körkort på plats.").shows("Bekräfta och visa koden");
    chef.post(&one, &[]).await.is_faulty().shows("Du måste bekräfta med din nyckel");
    let other = chefs_key.signs(&chef.is_asked("change_keys", "").await);
    chef.post(&one, &[("passkey", &other)]).await.is_faulty();
    let proof = chefs_key.signs(&chef.is_asked("recover_account", "").await);
    let page = chef.post(&one, &[("passkey", &proof)]).await;
    let code = page.is_ok().texts(".mono").remove(0);
    chef.get(&one).await.is_ok().lacks(&code).shows("Koden väntar");
    chef.post(&one, &[("passkey", &proof)]).await.is(409);

    // What opened the account opens it no more: keys, sheet, sessions, password and one-time code.
    malin.get("/").await.leads_to("/logga-in");
    malin.tries_the_key(&mut old).await.is_faulty();
    refused(&malin.tries_a_code(PASSWORD, &sheet[0]).await, &malin);
    app.state.clock.put_forward(time::Duration::seconds(30));
    let typed = [("user_name", malin.user_name.as_str()), ("password", PASSWORD), ("code", &malin.code())];
    app.post("/logga-in", &typed).await.is_faulty().shows("Inloggningen misslyckades");
    let mut new = malin.comes_in_with(&code).await;
    malin.get("/arenden").await.is_ok();
    malin.signs_in_with(&mut new).await;
    refused(&malin.tries_a_code(PASSWORD, &code).await, &malin);
    tore.get(&account).await.is_ok().shows("Två rekommenderas").shows("Saknas");
    for event in ["recovery.started", "recovery.confirmed", "session.recovered"] {
        assert!(app.log().await.contains(&event.to_owned()), "{event}");
    }
}

#[tokio::test]
async fn the_code_in_person_lives_for_half_an_hour_and_a_start_for_a_day() {
    let app = App::start().await.demanding_keys();
    let (malin, _) = app.social_worker_with_a_key().await;
    let (tore, _) = app.with_a_key(Role::Sysadmin).await;
    let (chef, mut key) = app.with_a_key(Role::Manager).await;
    let start = async || {
        let id = Uuid::now_v7().to_string();
        let fields = [("id", id.as_str()), ("reason", "Väskan är borta."), ("checked", "Körkort på plats.")];
        let one = format!("/aterstallningar/{id}");
        tore.post(&format!("/konton/{}/aterstallning", malin.account), &fields).await.leads_to(&one);
        one
    };
    let late = start().await;
    app.state.clock.put_forward(time::Duration::hours(25));
    chef.post(&late, &[]).await.is(409);
    chef.get(&late).await.is_ok().shows("Bekräftades inte i tid").lacks("visa koden");
    let one = start().await;
    chef.get(&late).await.is_ok().shows("Avbruten");
    let proof = key.signs(&chef.is_asked("recover_account", "").await);
    let code = chef.post(&one, &[("passkey", &proof)]).await.is_ok().texts(".mono").remove(0);
    app.state.clock.put_forward(time::Duration::minutes(31));
    refused(&malin.tries_a_code(PASSWORD, &code).await, &malin);
    chef.get(&one).await.is_ok().shows("Koden gick ut");
}

#[tokio::test]
async fn postgres_holds_to_three_people_and_to_the_last_key() {
    let app = App::start().await.demanding_keys();
    let (malin, _) = app.social_worker_with_a_key().await;
    let (chef, _) = app.with_a_key(Role::Manager).await;
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'prov', false)").await.unwrap();
    let (m, c) = (malin.account, chef.account);
    let insert = |by: Uuid, confirmed: &str| {
        format!(
            "insert into account_recovery (id, account_id, kind, started_by, started_at, reason, checked, confirmed_by,
               confirmed_at, expires_at)
             values (gen_random_uuid(), '{m}', 'in_person', '{by}', now(), '\\x00', '\\x00', '{confirmed}', now(),
               now() + interval '30 minutes')"
        )
    };
    let stranger = app.person(Role::Controller).await.account;
    for (sql, constraint) in [
        (insert(m, &c.to_string()), "account_recovery_three"),
        (insert(c, &m.to_string()), "account_recovery_three"),
        (insert(c, &c.to_string()), "account_recovery_three"),
        (insert(c, &stranger.to_string()).replace("30 minutes", "31 minutes"), "account_recovery_confirmed"),
        ("update identity.passkey set revoked_at = now()".to_owned(), "last_passkey"),
        ("delete from identity.passkey".to_owned(), "last_passkey"),
    ] {
        let error = owner.execute(sqlx::AssertSqlSafe(sql.clone())).await.unwrap_err();
        assert_eq!(error.as_database_error().unwrap().constraint(), Some(constraint), "{sql}");
    }
    for role in Role::ALL {
        let must: bool = sqlx::query_scalar("select must_use_key($1::text::role_code)")
            .bind(role.code())
            .fetch_one(&mut owner)
            .await
            .unwrap();
        assert_eq!(must, utvag::access::policy::must_use_key(*role), "{role}");
    }
    // Nobody but the door and its functions reads or writes a code.
    for (sql, whose) in [
        ("select sec.confirm_recovery(gen_random_uuid(), '\\x00', now())", "stale"),
        ("select sec.start_recovery(gen_random_uuid(), sec.actor_id(), '\\x00', '\\x00', now())::text", "false"),
    ] {
        let (mut work, _) = app.db.begin_as(chef.token(), app.state.clock.today()).await.unwrap().unwrap();
        let said: String = sqlx::query_scalar(sql).fetch_one(&mut *work).await.unwrap();
        assert_eq!(said, whose, "{sql}");
    }
    // Leaving takes keys and codes with it.
    let (tore, _) = app.with_a_key(Role::Sysadmin).await;
    tore.post(&format!("/konton/{m}/avslut"), &[]).await.leads_to(&format!("/konton/{m}"));
    let left =
        "select count(*) from identity.passkey k join account a on a.id = k.account_id where a.ended_at is not null";
    assert_eq!(count(&mut owner, left).await, 0);
}

#[tokio::test]
async fn a_lapsed_role_leaves_its_cases_and_a_proposal_can_be_taken_back() {
    let app = App::start().await;
    let (tore, chef, malin) = (app.person(Role::Sysadmin).await, app.manager().await, app.social_worker().await);
    Opening::unknown().responsible(&malin).saved_by(&malin).await;
    let state = &app.state;
    assert_eq!(utvag::jobs::leave_lapsed(&app.db, &state.keys, &state.clock).await.unwrap(), 0);
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'prov', false)").await.unwrap();
    sqlx::query("alter table role_grant disable trigger role_grant_stands").execute(&mut owner).await.unwrap();
    sqlx::query(
        "update role_grant set valid_from = now() - interval '2 days', valid_to = now() - interval '1 day',
           granted_until = now() - interval '1 day' where account_id = $1",
    )
    .bind(malin.account)
    .execute(&mut owner)
    .await
    .unwrap();
    malin.get("/").await.leads_to("/logga-in");
    assert_eq!(utvag::jobs::leave_lapsed(&app.db, &state.keys, &state.clock).await.unwrap(), 1);
    let open = "select count(*) from assignment a join role_grant g on g.account_id = a.account_id
                where a.ended_at is null and g.valid_to < now()";
    assert_eq!(count(&mut owner, open).await, 0);
    assert!(app.log().await.contains(&"task.lapsed".to_owned()));

    let nora = crate::support::accounts::Proposed::new(&tore, "Nora Ny", "caseworker");
    nora.sent_by(&tore).await.leads_to(&nora.address());
    let back = format!("{}/tillbaka", nora.address());
    chef.post(&back, &[]).await.is_forbidden();
    tore.get(&nora.address()).await.is_ok().shows("Ta tillbaka förslaget");
    tore.post(&back, &[]).await.leads_to("/konton");
    tore.post(&back, &[]).await.is(409);
    tore.get(&nora.address()).await.is_ok().shows("Tillbakataget").lacks("Ta tillbaka förslaget");
    chef.proves(&nora.approval(), &[]).await.is(409);
}
