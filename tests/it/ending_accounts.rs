//! What ends: somebody leaves, a session is ended from another machine, a right that nobody confirms, a lock that two open.

use axum::http::Request;
use sqlx::{Executor, PgConnection};
use utvag::server::edge::{Edge, around};
use utvag::server::serve::routes;
use utvag::state::AppState;
use utvag::vocabulary::Role;
use utvag::web::limit::Rate;
use uuid::Uuid;

use crate::support::app::{App, answer_of};
use crate::support::cases::Opening;
use crate::support::page::with_cookie;
use crate::support::people::Person;

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
async fn leaving_ends_everything_at_once_and_tells_an_administrator_no_more_than_a_number() {
    let app = App::start().await;
    let (tore, chef, malin) = (app.person(Role::Sysadmin).await, app.manager().await, app.social_worker().await);
    let (karin, karl) = (app.coordinator().await, app.coordinator().await);
    let case = Opening::unknown().responsible(&malin).coordinator(&karin).saved_by(&malin).await;
    let account = format!("/konton/{}", malin.account);
    tore.post(&format!("/konton/{}/avslut", tore.account), &[]).await.is(422).shows("ditt eget konto");
    tore.get(&format!("{account}/avslut")).await.is_ok().shows("Det här går inte att ångra").lacks(&case);
    tore.post(&format!("{account}/avslut"), &[]).await.leads_to(&account);
    malin.get("/").await.leads_to("/logga-in");
    let mut owner = app.database.superuser().await;
    let left = count(
        &mut owner,
        "select (select count(*) from assignment s where s.account_id = a.id and s.ended_at is null)
              + (select count(*) from role_grant g where g.account_id = a.id and now() < g.valid_to)
              + (select count(*) from identity.session s where s.account_id = a.id and s.ended_at is null)
              + (select count(*) from identity.device d where d.account_id = a.id)
              + (select count(*) from identity.credential c where c.account_id = a.id and c.password is not null)
         from account a where a.ended_at is not null",
    );
    assert_eq!(left.await, 0);
    // The canaries of the case: its number, its code name, whom it is about.
    let code_name: String = sqlx::query_scalar("select code_name from case_file").fetch_one(&mut owner).await.unwrap();
    for page in [&account, "/konton", "/konton?visa=alla", "/konton/bekrafta", "/"] {
        tore.get(page).await.is_ok().lacks(&case).lacks(&code_name).lacks("Milo").lacks("Påhitt");
    }
    tore.get(&account).await.shows("1 ärende står utan ansvarig eller ersättare").shows("Avslutat");
    let page = chef.get(&account).await;
    page.is_ok().shows(&case);
    assert!(page.attributes("a", "href").contains(&format!("/arenden/{case}/tilldelning")), "{}", page.words());
    karin.get("/").await.is_ok().shows(&case).shows("Ej tilldelad").lacks("Färre än två samordnare");
    // What has ended stays ended, whoever asks.
    owner.execute("select set_config('app.event', 'test', false)").await.unwrap();
    for sql in [
        "update account set is_active = true, ended_at = null where ended_at is not null",
        "update account set is_active = true where ended_at is not null",
    ] {
        let said = refusal(&mut owner, sql.to_owned()).await;
        assert!(["account_stays_ended", "account_ended"].contains(&said.as_str()), "{said}");
    }
    tore.get(&format!("{account}/roll")).await.is(422).shows("Kontot är avslutat");
    // With the second coordinator gone the work hangs on one.
    for who in [&karin, &chef] {
        who.get("/").await.is_ok().lacks("Färre än två samordnare");
    }
    tore.post(&format!("/konton/{}/avslut", karl.account), &[]).await.leads_to(&format!("/konton/{}", karl.account));
    for who in [&karin, &chef] {
        who.get("/").await.is_ok().shows("Färre än två samordnare");
    }
    tore.get("/konton").await.is_ok().shows("Färre än två samordnare");
    app.person(Role::PoliceLiaison).await.get("/").await.is_ok().lacks("samordnare");
}

/// The house once more, as another machine serves it over the same database.
async fn another_instance(app: &App) -> axum::Router {
    let (keys, passwords) = (app.state.keys.clone(), app.state.passwords.clone());
    let state = AppState::new(app.database.db().await, keys, passwords, app.state.clock.clone(), "Granviks kommun");
    let rate = Rate { per_second: 1e6, burst: 1e6, proxies: Vec::new() };
    around(routes(state), Edge { rate, ..Edge::default() })
}

#[tokio::test]
async fn a_session_that_is_ended_is_out_at_its_next_request_on_every_instance() {
    let app = App::start().await;
    let other = another_instance(&app).await;
    let (tore, malin) = (app.person(Role::Sysadmin).await, app.social_worker().await);
    let there = async |person: &Person<'_>| {
        let request = with_cookie(Request::get("/"), Some(&person.cookie)).header("sec-fetch-site", "same-origin");
        answer_of(other.clone(), request.body(axum::body::Body::empty()).unwrap()).await
    };
    let again = async || {
        app.state.clock.put_forward(time::Duration::seconds(30));
        let mut twin = malin.twin();
        twin.sign_in().await;
        twin
    };
    let (home, office) = (again().await, again().await);
    for one in [&malin, &home, &office] {
        there(one).await.is_ok();
    }
    // One's own, from this instance.
    let ends = office.get("/konto").await.attributes("tbody form", "action");
    office.post(&ends[0], &[]).await.leads_to("/konto");
    let alive = [there(&malin).await.status, there(&home).await.status, there(&office).await.status];
    assert_eq!(alive.iter().filter(|status| status.is_success()).count(), 2, "{alive:?}");
    // An administrator's: one, and then all.
    let account = format!("/konton/{}", malin.account);
    let sessions = tore.get(&account).await.is_ok().attributes("input[name=session]", "value");
    assert_eq!(sessions.len(), 2);
    let to = format!("{account}/inloggningar/avslut");
    tore.post(&to, &[("session", &sessions[0])]).await.leads_to(&account);
    there(&office).await.leads_to("/logga-in");
    tore.post(&to, &[]).await.leads_to(&account);
    for one in [&malin, &home, &office] {
        there(one).await.leads_to("/logga-in");
        one.get("/").await.leads_to("/logga-in");
    }
    tore.post(&format!("/konton/{}/inloggningar/avslut", tore.account), &[]).await.is(422);
    there(&tore).await.is_ok();
}

#[tokio::test]
async fn what_nobody_confirms_is_over_on_its_day_and_what_somebody_confirms_is_not() {
    let app = App::start().await;
    let (tore, chef, malin) = (app.person(Role::Sysadmin).await, app.manager().await, app.social_worker().await);
    let polis = app.person(Role::PoliceLiaison).await;
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'test', false)").await.unwrap();
    let ends_in = async |owner: &mut PgConnection, account: Uuid, interval: &str| {
        sqlx::raw_sql("alter table role_grant disable trigger role_grant_stands").execute(&mut *owner).await.unwrap();
        sqlx::query("update role_grant set valid_to = now() + $2::interval, valid_from = now() - interval '1 hour', granted_until = now() + interval '300 days' where account_id = $1")
            .bind(account)
            .bind(sqlx::postgres::types::PgInterval { months: 0, days: 0, microseconds: if interval == "soon" { 20 * 86_400_000_000 } else { -1_000_000 } })
            .execute(&mut *owner)
            .await
            .unwrap();
        sqlx::raw_sql("alter table role_grant enable always trigger role_grant_stands").execute(owner).await.unwrap();
    };
    malin.get("/").await.is_ok().lacks("Din behörighet upphör");
    for account in [malin.account, polis.account, chef.account] {
        ends_in(&mut owner, account, "soon").await;
    }
    malin.get("/").await.is_ok().shows("Din behörighet upphör").shows("Be din chef bekräfta den");
    malin.get("/konto").await.is_ok().shows("Min behörighet").shows("annars upphör den av sig själv");
    polis.get("/konto").await.is_ok().lacks("Min behörighet");
    polis.get("/").await.is_ok().lacks("Din behörighet");
    chef.get("/").await.is_ok().shows("Bekräfta behörigheter").shows("2 upphör annars av sig själva");
    let page = chef.get("/konton/bekrafta").await;
    page.is_ok().shows(&malin.name).shows(&polis.name).lacks(&format!("lower {}", chef.name));
    let confirms = page.attributes("form[action$=bekraftelse]", "action");
    assert_eq!(confirms.len(), 3, "of all but one's own: {confirms:?}");
    for one in &confirms[..2] {
        chef.post(one, &[]).await.leads_to("/konton/bekrafta");
    }
    malin.get("/").await.is_ok().lacks("Din behörighet upphör");
    // A manager's is an administrator's to confirm, and only that.
    let page = tore.get("/konton/bekrafta").await;
    let confirms = page.is_ok().attributes("form[action$=bekraftelse]", "action");
    assert_eq!(confirms.len(), 1);
    chef.post(&confirms[0], &[]).await.is(409);
    tore.post(&confirms[0], &[]).await.leads_to("/konton/bekrafta");
    let days: Vec<(String, i32)> = sqlx::query_as(
        "select role::text, extract(day from valid_to - now())::int from role_grant where confirmed_by is not null order by 1",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    let days: Vec<_> = days.iter().map(|(role, days)| (role.as_str(), *days)).collect();
    assert_eq!(days, [("caseworker", 99), ("manager", 99), ("police_liaison", 89)]);
    // Nobody says anything: over, at the next request, and nothing brings it back.
    for account in [malin.account, polis.account] {
        ends_in(&mut owner, account, "over").await;
    }
    for who in [&malin, &polis] {
        who.get("/").await.leads_to("/logga-in");
    }
    tore.get("/konton?visa=utan-roll").await.is_ok().shows(&malin.name);
    tore.get("/konton?visa=polisen").await.is_ok().lacks(&malin.name);
    let grant: Uuid = sqlx::query_scalar("select id from role_grant where account_id = $1")
        .bind(malin.account)
        .fetch_one(&mut owner)
        .await
        .unwrap();
    chef.post(&format!("/konton/behorigheter/{grant}/bekraftelse"), &[]).await.is(409);
    // And one that is ended before its day takes the sessions with it.
    let aisha = app.social_worker().await;
    let grant: Uuid = sqlx::query_scalar("select id from role_grant where account_id = $1")
        .bind(aisha.account)
        .fetch_one(&mut owner)
        .await
        .unwrap();
    chef.post(&format!("/konton/behorigheter/{grant}/avslut"), &[]).await.leads_to("/konton/bekrafta");
    aisha.get("/").await.leads_to("/logga-in");
}

#[tokio::test]
async fn a_lock_is_opened_by_two() {
    let app = App::start().await;
    let (tore, chef, mut malin) = (app.person(Role::Sysadmin).await, app.manager().await, app.social_worker().await);
    let account = format!("/konton/{}", malin.account);
    let fields = [("id", &*Uuid::now_v7().to_string()), ("reason", "Telefonen är återfunnen.")];
    tore.post(&format!("{account}/upplasning"), &fields).await.is(409);
    tore.post(&format!("/exponering/{}/las", malin.account), &[]).await;
    malin.get("/").await.leads_to("/logga-in");
    tore.get(&account).await.is_ok().shows("Låst").shows("Föreslå att kontot låses upp");
    tore.post(&format!("{account}/upplasning"), &[("id", fields[0].1)]).await.is_faulty().at("reason", "Skriv varför");
    let proposal = format!("/konton/forslag/{}", fields[0].1);
    tore.post(&format!("{account}/upplasning"), &fields).await.leads_to(&proposal);
    tore.post(&format!("{proposal}/godkannande"), &[]).await.is(422);
    app.person(Role::Sysadmin).await.post(&format!("{proposal}/godkannande"), &[]).await.is_forbidden();
    chef.proves(&format!("{proposal}/godkannande"), &[]).await.leads_to(&proposal);
    app.state.clock.put_forward(time::Duration::seconds(30));
    malin.sign_in().await;
    malin.get("/").await.is_ok();
}
