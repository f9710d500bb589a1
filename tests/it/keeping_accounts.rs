//! Accounts and rights: one proposes and another approves, every right ends by itself, leaving ends all at once, and nobody
//! acts as another or sees a case by keeping accounts.

use axum::http::Request;
use secrecy::ExposeSecret;
use sqlx::{Executor, PgConnection};
use utvag::crypto::totp::{Seed, code_at};
use utvag::identity::activation::{Activated, Holder, Shown, activate, show};
use utvag::vocabulary::Role;
use uuid::Uuid;

use crate::support::accounts::Proposed;
use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::fixture;
use crate::support::page::with_cookie;
use crate::support::people::PASSWORD;

async fn count(owner: &mut PgConnection, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(owner).await.unwrap()
}

/// What Postgres says when it refuses.
async fn refusal(owner: &mut PgConnection, sql: String) -> String {
    let error = owner.execute(sqlx::AssertSqlSafe(sql)).await.unwrap_err();
    let error = error.as_database_error().unwrap();
    error.constraint().map_or_else(|| error.message().to_owned(), str::to_owned)
}

#[tokio::test]
async fn the_administrator_proposes_a_manager_approves_and_the_code_is_shown_once() {
    let app = App::start().await;
    let (tore, chef, karin) = (app.person(Role::Sysadmin).await, app.manager().await, app.coordinator().await);
    let nora = Proposed::new(&tore, "Nora Ny", "caseworker");
    for other in [&karin, &app.person(Role::PoliceLiaison).await, &app.person(Role::LogReviewer).await] {
        other.get("/konton").await.is_missing();
        nora.sent_by(other).await.is_missing();
    }
    nora.sent_by(&tore).await.leads_to(&nora.address());
    nora.sent_by(&tore).await.leads_to(&nora.address());
    let mut owner = app.database.superuser().await;
    assert_eq!(count(&mut owner, "select count(*) from account_proposal").await, 1, "sent twice is proposed once");
    tore.get(&nora.address()).await.is_ok().shows("Börjar på enheten.").lacks("Godkänn");
    tore.post(&nora.approval(), &[]).await.is(422).shows("Du kan inte godkänna ditt eget förslag");
    app.person(Role::Sysadmin).await.post(&nora.approval(), &[]).await.is_forbidden();
    karin.post(&nora.approval(), &[]).await.is_missing();
    tore.post(&format!("/konton/{}/kod", nora.account), &[]).await.is_missing();
    chef.get("/").await.is_ok().shows("Svara på förslag: nytt konto");
    chef.get("/konton").await.is_ok().shows("Väntar på dig");
    chef.get(&nora.address()).await.is_ok().shows("Godkänn").shows("Nora Ny").shows("Ditt lösenord");
    chef.post(&nora.approval(), &[]).await.is_faulty().shows("Lösenordet eller engångskoden stämmer inte");
    chef.proves(&nora.approval(), &[]).await.leads_to(&nora.address());
    chef.post(&nora.approval(), &[]).await.is(409);
    chef.get(&nora.address()).await.is_ok().shows("Godkänt").shows(&chef.name);

    let account = format!("/konton/{}", nora.account);
    tore.get(&account)
        .await
        .is_ok()
        .shows("Ej aktiverat")
        .shows(&tore.name)
        .shows(&chef.name)
        .shows("Börjar på enheten.");
    chef.post(&format!("{account}/kod"), &[]).await.is_forbidden();
    let page = tore.post(&format!("{account}/kod"), &[]).await;
    let code = page.is_ok().texts(".mono")[0].clone();
    tore.get(&account).await.is_ok().lacks(&code).shows("Aktiveringskod lämnad");
    let holder = || Holder { user_name: "nora.ny", code: &code, address: None };
    let (db, keys, clock) = (&app.db, &app.state.keys, &app.state.clock);
    let Shown::Seed(seed) = show(db, keys, clock, &holder()).await.unwrap() else { panic!("the code opens nothing") };
    let now = code_at(&seed, clock.now().unix_timestamp());
    let done = activate(db, keys, &app.state.passwords, clock, &holder(), PASSWORD, &now).await.unwrap();
    assert_eq!(done, Activated::Done);
    assert!(!seed.base32().expose_secret().is_empty() && Seed::from_bytes(seed.as_bytes()).is_ok());
    tore.post(&format!("{account}/kod"), &[]).await.is(422).shows("redan aktiverat");
    tore.get(&account).await.is_ok().shows("Aktivt").lacks("Visa aktiveringskod");
    for event in ["account.proposed", "account.approved", "account.code_shown"] {
        assert!(app.log().await.contains(&event.to_owned()), "{event}");
    }
}

#[tokio::test]
async fn a_refusal_says_why_and_a_form_gives_back_what_was_typed() {
    let app = App::start().await;
    let (tore, chef) = (app.person(Role::Sysadmin).await, app.manager().await);
    let page = Proposed::new(&tore, "Nora Ny", "caseworker").with("until", "2028-06-30").sent_by(&tore).await;
    page.is_faulty().at("until", "Välj en dag efter i dag och senast 2027-12-30: ingen roll gäller längre än ett år");
    assert_eq!(page.value("name"), "Nora Ny");
    let police = Proposed::new(&tore, "Pelle Polis", "police_liaison");
    police
        .sent_by(&tore)
        .await
        .is_faulty()
        .at("organisation", "Välj organisation för polisens kontaktperson, och bara då");
    let nora = Proposed::new(&tore, "Nora Ny", "caseworker").with("user_name", &chef.user_name);
    nora.sent_by(&tore).await.is_faulty().at("user_name", "Användarnamnet är upptaget. Välj ett annat");
    let nora = nora.with("user_name", "nora");
    nora.sent_by(&tore).await.leads_to(&nora.address());
    let same = Proposed::new(&tore, "Nora Ny", "controller").with("user_name", "nora2");
    same.sent_by(&tore).await.is_faulty().at("employee_id", "Numret har redan ett konto. En person har bara ett");
    let refusal = format!("{}/avslag", nora.address());
    chef.post(&refusal, &[("reason", " ")]).await.is_faulty().at("reason", "Skriv varför");
    chef.post(&refusal, &[("reason", "Fel enhet.")]).await.leads_to(&nora.address());
    tore.get(&nora.address()).await.is_ok().shows("Avslaget").shows("Fel enhet.");
    chef.post(&nora.approval(), &[]).await.is(409);
    tore.get(&format!("/konton/{}", nora.account)).await.is_missing();
    tore.get("/konton?visa=lasta").await.is_ok().shows("Inga konton matchar filtret");
}

#[tokio::test]
async fn postgres_refuses_grants_without_end_and_pairs_and_one_person_in_two_places() {
    let app = App::start().await;
    let mut owner = app.database.superuser().await;
    fixture::announce(&mut owner).await;
    let [one, two, three] = [
        fixture::colleague(&mut owner, app.unit, Role::Caseworker, "Ett").await,
        fixture::colleague(&mut owner, app.unit, Role::Manager, "Två").await,
        fixture::colleague(&mut owner, app.unit, Role::Sysadmin, "Tre").await,
    ];
    let grant = |whose: Uuid, role: &str, to: &str, proposed: Uuid, granted: Uuid| {
        format!(
            "insert into role_grant (id, account_id, role, valid_from, valid_to, proposed_by, granted_by, reason)
             values (gen_random_uuid(), '{whose}', '{role}', now() + interval '2 years', {to}, '{proposed}', '{granted}', 'prov')"
        )
    };
    let in_time = "now() + interval '2 years 1 month'";
    for (sql, refused) in [
        (grant(one, "caseworker", "null", three, two), "null value"),
        (grant(one, "caseworker", "'infinity'", three, two), "role_grant_"),
        (grant(one, "caseworker", "now() + interval '3 years 1 day'", three, two), "role_grant_"),
        (grant(one, "caseworker", in_time, two, two), "role_grant_two"),
        (grant(one, "caseworker", in_time, one, two), "role_grant_two"),
        (grant(one, "caseworker", in_time, three, one), "role_grant_check"),
        (
            grant(one, "caseworker", in_time, three, two).replace(", proposed_by", ", confirmed_by"),
            "role_grant_confirmed",
        ),
        ("delete from role_grant".to_owned(), "role_grant_stands"),
        ("update role_grant set role = 'manager'".to_owned(), "role_grant_stands"),
        ("update role_grant set valid_to = valid_to + interval '1 day'".to_owned(), "role_grant_stands"),
        ("update account set ended_at = now()".to_owned(), "account_ended"),
        ("update account set employee_id = 'A1'".to_owned(), "account_employee"),
    ] {
        let said = refusal(&mut owner, sql.clone()).await;
        assert!(said.starts_with(refused), "{sql}: {said}");
    }
    // No two roles at once, and so none of the pairs that may never meet.
    for held in Role::ALL {
        let who = fixture::colleague(&mut owner, app.unit, *held, held.code()).await;
        for other in Role::ALL {
            let sql = grant(who, other.code(), "now() + interval '1 month'", three, two)
                .replace("now() + interval '2 years'", "now()");
            assert_eq!(refusal(&mut owner, sql).await, "role_grant_one_at_a_time", "{held} and {other}");
        }
    }
    let lapses = count(
        &mut owner,
        "select count(*) from role_grant where valid_to > now() + case role when 'police_liaison' then interval '90 days'
                                                                   else interval '100 days' end",
    );
    assert_eq!(lapses.await, 0, "what nobody confirms is over after a quarter");
}

#[tokio::test]
async fn a_role_is_changed_and_prolonged_by_two_and_what_was_is_kept() {
    let app = App::start().await;
    let (tore, chef, malin) = (app.person(Role::Sysadmin).await, app.manager().await, app.social_worker().await);
    let case = Opening::unknown().responsible(&malin).saved_by(&malin).await;
    let role = format!("/konton/{}/roll", malin.account);
    let propose = async |role_code: &str| {
        let id = Uuid::now_v7().to_string();
        let fields = [("id", id.as_str()), ("role", role_code), ("until", "2027-05-31"), ("reason", "Fortsätter.")];
        tore.post(&role, &fields).await.leads_to(&format!("/konton/forslag/{id}"));
        format!("/konton/forslag/{id}")
    };
    chef.get(&role).await.is_ok().lacks("Polisens kontaktperson");
    let prolonged = propose("caseworker").await;
    let fields =
        [("id", &*Uuid::now_v7().to_string()), ("role", "caseworker"), ("until", "2027-05-31"), ("reason", "x")];
    tore.post(&role, &fields)
        .await
        .is_faulty()
        .at("role", "Ett annat förslag om kontot väntar på svar. Låt det besvaras först");
    chef.get(&prolonged).await.is_ok().shows("Förlängning");
    chef.proves(&format!("{prolonged}/godkannande"), &[]).await.leads_to(&prolonged);
    malin.get(&format!("/arenden/{case}")).await.is_ok();
    let changed = propose("log_reviewer").await;
    chef.get(&changed).await.is_ok().shows("Rollerna får inte förenas");
    chef.proves(&format!("{changed}/godkannande"), &[]).await.leads_to(&changed);
    malin.get("/").await.leads_to("/logga-in");
    let mut owner = app.database.superuser().await;
    let named = "select count(*) from assignment a join case_file c on c.id = a.case_id where a.ended_at is null";
    assert_eq!(count(&mut owner, named).await, 0, "whoever reviews the log is named in no case");
    let page = tore.get(&format!("/konton/{}", malin.account)).await;
    assert_eq!(page.is_ok().rows("main section:last-of-type table").len(), 3, "{}", page.words());
    page.shows("Ersatt av en ny").shows("Logggranskare").shows("Driften");
    // Of one's own account, nobody proposes anything.
    tore.get(&format!("/konton/{}/roll", tore.account)).await.is(422).shows("ditt eget konto");
    // The administrator's own role too is two others': a manager proposes it, and another administrator approves.
    let another = app.person(Role::Sysadmin).await;
    let id = Uuid::now_v7().to_string();
    let fields = [("id", id.as_str()), ("role", "sysadmin"), ("until", "2027-05-31"), ("reason", "Fortsätter.")];
    let address = format!("/konton/forslag/{id}");
    chef.post(&format!("/konton/{}/roll", tore.account), &fields).await.leads_to(&address);
    tore.post(&format!("{address}/godkannande"), &[]).await.is(422);
    chef.post(&format!("{address}/godkannande"), &[]).await.is(422);
    another.proves(&format!("{address}/godkannande"), &[]).await.leads_to(&address);
    let forbidden =
        [("id", &*Uuid::now_v7().to_string()), ("role", "manager"), ("until", "2027-05-31"), ("reason", "x")];
    chef.post(&format!("/konton/{}/roll", another.account), &forbidden).await.is_faulty().at("role", "Välj roll");
}

#[tokio::test]
async fn the_polices_account_names_a_person_and_ends_within_ninety_days() {
    let app = App::start().await;
    let (tore, chef) = (app.person(Role::Sysadmin).await, app.manager().await);
    let pelle = Proposed::new(&tore, "Pelle Polis", "police_liaison").with("organisation", "police_lpo");
    pelle.sent_by(&tore).await.leads_to(&pelle.address());
    chef.get(&pelle.address()).await.is_ok().shows("Ring personen på polisens eget nummer").shows("Polisen – LPO");
    chef.proves(&pelle.approval(), &[]).await.leads_to(&pelle.address());
    tore.get("/konton?visa=polisen").await.is_ok().shows("Pelle Polis").shows("Polisen – LPO").lacks(&chef.user_name);
    let role = format!("/konton/{}/roll", pelle.account);
    let change = [("id", &*Uuid::now_v7().to_string()), ("role", "manager"), ("until", "2027-05-31"), ("reason", "x")];
    tore.post(&role, &change).await.is_faulty().at("role", "Välj roll");
    let mut owner = app.database.superuser().await;
    let (days, granted): (i32, i32) = sqlx::query_as(
        "select extract(day from valid_to - now())::int, extract(day from granted_until - now())::int
         from role_grant where role = 'police_liaison'",
    )
    .fetch_one(&mut owner)
    .await
    .unwrap();
    assert!((89..=90).contains(&days) && granted > 180, "{days} {granted}");
}

/// What Postgres does when Rust has forgotten to ask: as each role, straight through the door.
#[tokio::test]
async fn behind_the_pages_postgres_asks_the_same() {
    let app = App::start().await;
    let mut owner = app.database.superuser().await;
    fixture::announce(&mut owner).await;
    let whose = fixture::colleague(&mut owner, app.unit, Role::Caseworker, "Hon").await;
    let by = fixture::colleague(&mut owner, app.unit, Role::Sysadmin, "Han").await;
    let (proposal, grant) = crate::support::accounts::proposed(&mut owner, &app.state.keys, whose, by).await;
    let mut asks = app.database.app().await;
    for role in Role::ALL {
        let person = app.person(*role).await;
        for (sql, allowed) in [
            (
                format!(
                    "select (sec.decide_proposal('{proposal}', true, null, gen_random_uuid(), current_date) = 'approved')::text"
                ),
                matches!(role, Role::Manager),
            ),
            (format!("select sec.confirm_grant('{grant}')::text"), matches!(role, Role::Manager)),
            (format!("select sec.end_grant('{grant}')::text"), matches!(role, Role::Manager)),
            (format!("select sec.end_account('{whose}')::text"), matches!(role, Role::Manager | Role::Sysadmin)),
            (format!("select sec.end_account('{}')::text", person.account), false),
            (format!("select (sec.end_sessions_of('{}', null) > 0)::text", person.account), false),
            (
                "select (count(*) > 0)::text from sec.account_keys()".to_owned(),
                matches!(role, Role::Manager | Role::Sysadmin),
            ),
            (format!("select sec.issue_code('{whose}', sha256('x'), 'x', now())::text"), false),
            (
                format!(
                    "insert into role_grant (id, account_id, role, valid_to, reason) values (gen_random_uuid(), '{whose}', 'manager', now() + interval '1 day', 'x') returning 'true'"
                ),
                false,
            ),
            (format!("update role_grant set valid_to = now() where id = '{grant}' returning 'true'"), false),
            (format!("update account set is_active = true where id = '{whose}' returning 'true'"), false),
            (
                format!(
                    "insert into account_proposal (id, kind, account_id, role, until, reason, proposed_by) values (gen_random_uuid(), 'role', '{by}', 'manager', current_date + 9, 'x', '{}') returning 'true'",
                    person.account
                ),
                matches!(role, Role::Sysadmin),
            ),
            (
                format!(
                    "insert into account_proposal (id, kind, account_id, role, until, reason, proposed_by) values (gen_random_uuid(), 'role', '{whose}', 'manager', current_date + 9, 'x', '{by}') returning 'true'"
                ),
                false,
            ),
        ] {
            asks.execute("begin").await.unwrap();
            asks.execute("select set_config('role', 'utvag_user', true)").await.unwrap();
            sqlx::query("select account_id from sec.open($1)")
                .bind(person.token().as_bytes())
                .fetch_one(&mut asks)
                .await
                .unwrap();
            asks.execute("select set_config('app.event', 'test', true)").await.unwrap();
            let said: Result<Option<String>, _> =
                sqlx::query_scalar(sqlx::AssertSqlSafe(sql.clone())).fetch_one(&mut asks).await;
            let did = said.is_ok_and(|said| said.as_deref() == Some("true"));
            asks.execute("rollback").await.unwrap();
            assert_eq!(did, allowed, "{role}: {sql}");
        }
    }
}

#[tokio::test]
async fn whatever_is_sent_along_the_log_has_whoever_is_signed_in() {
    let app = App::start().await;
    let (tore, malin) = (app.person(Role::Sysadmin).await, app.social_worker().await);
    let mut owner = app.database.superuser().await;
    let from: i64 = count(&mut owner, "select coalesce(max(seq), 0) from audit.entry").await;
    let other = malin.account.to_string();
    let as_another =
        [("account", other.as_str()), ("actor", &other), ("as", &other), ("user", &other), ("account_id", &other)];
    for path in ["/", "/konton", "/konto", "/exponering"] {
        tore.get(&format!("{path}?account={other}&actor={other}&as={other}&user={other}")).await.is_ok();
    }
    let fields: Vec<_> = as_another.into_iter().chain([("theme", "dark")]).collect();
    tore.post("/konto", &fields).await.leads_to("/konto");
    let request = with_cookie(Request::get("/konton"), Some(&tore.cookie))
        .header("sec-fetch-site", "same-origin")
        .header("x-user", &other)
        .header("x-forwarded-user", &other)
        .header("authorization", format!("Bearer {other}"));
    app.send(request.body(axum::body::Body::empty()).unwrap()).await.is_ok();
    tore.get(&format!("/konton/{other}")).await.is_ok();
    let actors: Vec<Option<Uuid>> = sqlx::query_scalar("select distinct actor_id from audit.entry where seq > $1")
        .bind(from)
        .fetch_all(&mut owner)
        .await
        .unwrap();
    assert_eq!(actors, [Some(tore.account)], "in another's name");
    malin.get("/konto").await.is_ok();
    let theme: String = sqlx::query_scalar("select theme::text from account where id = $1")
        .bind(malin.account)
        .fetch_one(&mut owner)
        .await
        .unwrap();
    assert_eq!(theme, "system", "another's settings were changed");
}
