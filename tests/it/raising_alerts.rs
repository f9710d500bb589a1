//! The rules by the hour: what they find is an alert at once and once, the reviewer is told and puts it aside, and nobody is
//! shown an alert about themselves.

use std::collections::BTreeMap;

use utvag::error::constraint;
use utvag::jobs::watch_the_log;
use utvag::log_review::paths::ALERTS;
use utvag::vocabulary::Role;

use crate::support::app::App;
use crate::support::people::Person;

const TODO: &str = "Titta på det som reglerna har funnit i loggen";
const REFUSED: &str = "Nekades minst tre gånger på tio minuter";

async fn watch(app: &App) -> u64 {
    watch_the_log(&app.db, &app.state.keys, &app.state.clock).await.unwrap()
}

/// Refused three times within some minutes.
async fn is_refused(person: &Person<'_>) {
    for _ in 0..3 {
        person.get("/hemligt-rum").await.is_missing();
        person.get("/ekonomi").await.is_missing();
    }
}

async fn alerts(app: &App) -> Vec<(String, String)> {
    let mut owner = app.database.superuser().await;
    sqlx::query_as("select ground, key from log_alert order by key").fetch_all(&mut owner).await.unwrap()
}

#[tokio::test]
async fn what_a_rule_finds_is_told_within_the_hour_and_once() {
    let app = App::start().await;
    let (malin, ylva, chef) = (app.social_worker().await, app.person(Role::LogReviewer).await, app.manager().await);
    assert_eq!(watch(&app).await, 0);
    ylva.get("/").await.is_ok().lacks(TODO);
    ylva.get(ALERTS).await.is_ok().shows("Inga larm");
    is_refused(&malin).await;

    // Two instances look in the same moment, and one of them again an hour later.
    let (one, other) = tokio::join!(watch(&app), watch(&app));
    assert_eq!((one + other, alerts(&app).await.len()), (1, 1));
    assert_eq!(watch(&app).await, 0);
    is_refused(&malin).await;
    assert_eq!(watch(&app).await, 0, "the same day is the same alert");

    ylva.get("/").await.is_ok().shows(TODO).shows("1 larm");
    chef.get("/").await.is_ok().lacks(TODO);
    malin.get(ALERTS).await.is_missing();
    chef.get(ALERTS).await.is_ok().lacks(&malin.name);
    let page = ylva.get(ALERTS).await;
    page.is_ok().shows(REFUSED).shows(&malin.name).shows("Väntar").shows("December 2026");
    ylva.get("/logggranskning").await.is_ok().shows("Larm ur loggen");

    // Seen, it stands with who saw it and comes with its month anyway.
    let id = page.value("id");
    chef.post(ALERTS, &[("id", &id)]).await.leads_to(ALERTS);
    ylva.get("/").await.is_ok().shows(TODO);
    ylva.post(ALERTS, &[("id", &id)]).await.leads_to(ALERTS);
    ylva.post(ALERTS, &[("id", &id)]).await.leads_to(ALERTS);
    ylva.post(ALERTS, &[("id", "")]).await.is_missing();
    ylva.get(ALERTS).await.is_ok().shows("Sett").shows(&ylva.name).lacks("Jag har tittat");
    ylva.get("/").await.is_ok().lacks(TODO);
    let log = app.log().await;
    for (event, times) in [("task.log_alerts", 1), ("log_alert.seen", 1)] {
        assert_eq!(log.iter().filter(|one| *one == event).count(), times, "{event}");
    }

    let mut owner = app.database.superuser().await;
    sqlx::query("select set_config('app.event', 'prov', false)").execute(&mut owner).await.unwrap();
    for change in ["update log_alert set seen_by = null, seen_at = null", "delete from log_alert"] {
        let stands = sqlx::query(change).execute(&mut owner).await.unwrap_err();
        assert_eq!(constraint(&stands), Some("log_alert_stands"), "{change}");
    }
}

#[tokio::test]
async fn an_alert_about_the_reviewer_goes_to_the_manager_and_not_to_them() {
    let app = App::start().await;
    let (ylva, chef) = (app.person(Role::LogReviewer).await, app.manager().await);
    is_refused(&ylva).await;
    assert_eq!(watch(&app).await, 1);
    ylva.get("/").await.is_ok().lacks(TODO);
    ylva.get(ALERTS).await.is_ok().shows("Inga larm");
    chef.get("/").await.is_ok().shows(TODO);
    let page = chef.get(ALERTS).await;
    let id = page.is_ok().shows(&ylva.name).value("id");
    ylva.post(ALERTS, &[("id", &id)]).await.leads_to(ALERTS);
    chef.get(ALERTS).await.is_ok().shows("Väntar");
    let mut owner = app.database.superuser().await;
    sqlx::query("select set_config('app.event', 'prov', false)").execute(&mut owner).await.unwrap();
    let own = sqlx::query("update log_alert set seen_by = actor_id, seen_at = now()").execute(&mut owner).await;
    assert_eq!(constraint(&own.unwrap_err()), Some("log_alert_own"), "nor past the program");
    chef.post(ALERTS, &[("id", &id)]).await.leads_to(ALERTS);
    chef.get("/").await.is_ok().lacks(TODO);
}

/// Seals of three weeks, one an hour, with trouble planted among them: (R20), each kind three times, and as often something
/// that is just not trouble.
const SEALS: &str = "
  create temp table planted as
    select n, timestamptz '2026-12-15 00:00Z' + n * interval '1 hour' as at,
           case n when 20 then 'late' when 70 then 'late' when 120 then 'late'
                  when 30 then 'clock' when 80 then 'clock' when 130 then 'clock'
                  when 40 then 'restored' when 90 then 'restored' when 140 then 'restored'
                  when 50 then 'soon' when 100 then 'soon' when 150 then 'soon'
                  when 60 then 'slip' when 110 then 'slip' when 160 then 'slip' end as kind
    from generate_series(1, 300) n;
  insert into audit.entry (id, at, event, body, key_id, mac)
    select gen_random_uuid(), at - case kind when 'late' then interval '61 seconds' else interval '59 seconds' end, 'planted ' || n,
           '{}', 1, sha256('') from planted where kind in ('late', 'soon');
  insert into audit.entry (id, at, event, body, key_id, mac)
    select gen_random_uuid(), at, 'task.anchor_failed', '{}', 1, sha256('') from planted where n in (25, 75, 125);
  insert into audit.seal (n, at, horizon, seqs, root, previous, signature, hash)
    select 1000 + p.n,
           case p.kind when 'clock' then p.at - interval '1 hour 121 seconds' when 'slip' then p.at - interval '1 hour 119 seconds' else p.at end,
           (case p.kind when 'restored' then 5000000 else 10000000 + p.n end)::text::xid8,
           coalesce((select array_agg(e.seq) from audit.entry e where e.event = 'planted ' || p.n), '{}'), '', '', '', ''
    from planted p";

#[tokio::test]
async fn trouble_that_is_planted_in_the_seals_is_found_and_nothing_else() {
    let app = App::start().await;
    let ylva = app.person(Role::LogReviewer).await;
    let mut owner = app.database.superuser().await;
    sqlx::raw_sql(SEALS).execute(&mut owner).await.unwrap();
    watch(&app).await;
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for (ground, key) in alerts(&app).await {
        assert_eq!(ground, "seal_trouble");
        *found.entry(key.split('|').nth(1).unwrap().to_owned()).or_default() += 1;
    }
    let planted: BTreeMap<_, _> = ["anchor", "clock", "late", "restored"].map(|kind| (kind.to_owned(), 3)).into();
    println!("R20: found {} of 12, {found:?}", found.values().sum::<usize>());
    assert_eq!(found, planted);
    ylva.get("/").await.is_ok().shows(TODO).shows("12 larm");
    ylva.get(ALERTS).await.is_ok().shows("Klockan gick bakåt mer än två minuter").shows("Loggen själv");
}
