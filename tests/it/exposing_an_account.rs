//! Who is in danger when an account is in the wrong hands: the report against a model that is counted here, on a history
//! that chance has made; five thousand cases in time; and the button.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use sqlx::PgConnection;
use time::OffsetDateTime;
use utvag::compromise::model::Danger;
use utvag::compromise::store::read;
use utvag::vocabulary::Role;
use uuid::Uuid;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::dice::Dice;
use crate::support::fixture;
use crate::support::people::PASSWORD;

/// How many days ago the report begins.
const SINCE: i64 = 30;

/// A case as the model knows it; days are counted back from now.
#[derive(Debug)]
struct Made {
    id: Uuid,
    in_own_unit: bool,
    circle: bool,
    /// It was closed to a circle so many days ago.
    circled: Option<i64>,
    /// What the account was named as, from when to when.
    named: Vec<(&'static str, i64, Option<i64>)>,
    /// The account's rows: event, whether in a list, and when.
    rows: Vec<(&'static str, bool, i64)>,
    placements: bool,
}

/// What the report should say of a case.
#[derive(Debug, Default, PartialEq, Eq)]
struct Said {
    seen: i64,
    listed: bool,
    location: bool,
    reach: BTreeSet<String>,
    locations: bool,
}

impl Made {
    fn by_chance(dice: &mut Dice) -> Self {
        let mut one_in = |of: u64| dice.below(of) == 0;
        let (in_own_unit, circle, is_circled, placements) = (!one_in(3), one_in(3), one_in(2), one_in(2));
        let circled = (circle && is_circled).then(|| i64::try_from(dice.below(60)).unwrap());
        let days = |dice: &mut Dice, of: u64| i64::try_from(dice.below(of)).unwrap();
        let mut named = Vec::new();
        for kind in ["responsible", "deputy", "co_worker", "coordinator", "named_circle"] {
            if dice.below(6) == 0 {
                let from = 1 + days(dice, 80);
                named.push((kind, from, (dice.below(2) == 0).then(|| days(dice, u64::try_from(from).unwrap()))));
            }
        }
        let mut rows = Vec::new();
        for event in ["case.read", "journal.shown", "location.opened", "case.refused"] {
            if dice.below(5) == 0 {
                rows.extend((0..=dice.below(3)).map(|_| (event, false, days(dice, 60))));
            }
        }
        if dice.below(5) == 0 {
            rows.push(("case.listed", true, days(dice, 60)));
        }
        Self { id: Uuid::now_v7(), in_own_unit, circle, circled, named, rows, placements }
    }

    /// The reference model: what can be said from the history alone.
    fn said(&self, role: Role) -> Option<Said> {
        let recent = || self.rows.iter().filter(|(_, _, days)| *days < SINCE);
        let seen = recent().filter(|(event, list, _)| !list && *event != "case.refused").count();
        let mut reach: BTreeSet<String> = self
            .named
            .iter()
            .filter(|(_, _, to)| to.is_none_or(|to| to < SINCE))
            .map(|(kind, _, _)| (*kind).to_owned())
            .collect();
        let was_open = !self.circle || self.circled.is_some_and(|days| days < SINCE);
        let by_role = match role.code() {
            "coordinator" => was_open,
            "manager" => was_open && self.in_own_unit,
            _ => false,
        };
        reach.extend(by_role.then(|| "role".to_owned()));
        let location = recent().any(|(event, _, _)| *event == "location.opened");
        let opens = reach.contains("responsible") || reach.contains("coordinator") || location;
        let listed = recent().any(|(_, list, _)| *list);
        let said =
            Said { seen: i64::try_from(seen).unwrap(), listed, location, locations: opens && self.placements, reach };
        (said != Said::default()).then_some(said)
    }

    async fn insert(&self, owner: &mut PgConnection, (unit, other): (Uuid, Uuid), (who, by): (Uuid, Uuid), n: usize) {
        sqlx::query(
            "with p as (insert into person (id, sex, created_by) values (gen_random_uuid(), 'man', $4) returning id)
             insert into case_file (id, reference, code_name, economy_pseudonym, person_id, opened_on, owner_unit_id,
               municipality_basis, status, created_by, created_at, protection_level)
             select $1, 'AVH-0' || lpad($3::text, 3, '0') || '-000', 'Radby ' || $3, 'K-000' || lpad($3::text, 3, '0'), p.id,
                    '2026-01-05', $2, 'resident', 'active', $4, now() - interval '100 days', $5::protection_level from p",
        )
        .bind(self.id)
        .bind(if self.in_own_unit { unit } else { other })
        .bind(i32::try_from(n).unwrap())
        .bind(by)
        .bind(if self.circle && self.circled.is_none() { "closed_circle" } else { "standard" })
        .execute(&mut *owner)
        .await
        .unwrap();
        for (kind, from, to) in &self.named {
            sqlx::query(
                "insert into assignment (id, case_id, account_id, kind, started_at, ended_at, granted_by, reason)
                 values (gen_random_uuid(), $1, $2, $3::assignment_kind, now() - make_interval(days => $4),
                         now() - make_interval(days => $5) - interval '1 hour', $6, 'prov')",
            )
            .bind(self.id)
            .bind(who)
            .bind(kind)
            .bind(i32::try_from(*from).unwrap() + 1)
            .bind(to.map(|to| i32::try_from(to).unwrap()))
            .bind(by)
            .execute(&mut *owner)
            .await
            .unwrap();
        }
        if let Some(days) = self.circled {
            sqlx::query("update case_file set protection_level = 'closed_circle' where id = $1")
                .bind(self.id)
                .execute(&mut *owner)
                .await
                .unwrap();
            // The change is as old as the model says.
            sqlx::raw_sql("alter table audit.row_change disable trigger all").execute(&mut *owner).await.unwrap();
            sqlx::query(
                "update audit.row_change set at = now() - make_interval(days => $2) - interval '1 hour'
                 where row_id = $1::text and operation = 'update'",
            )
            .bind(self.id)
            .bind(i32::try_from(days).unwrap())
            .execute(&mut *owner)
            .await
            .unwrap();
        }
        for (event, list, days) in &self.rows {
            log_row(owner, who, event, self.id, *list, *days).await;
        }
        if self.placements {
            sqlx::query(
                "with pl as (insert into placement (id, case_id, person_id, number, kind, procurement, provider_id, decided_from,
                   decided_to, starts_on, planned_end_on, status, created_by)
                 select gen_random_uuid(), c.id, c.person_id, 1, 'hvb', 'own_operation', v.id, '2026-12-01', '2027-01-10',
                        '2026-12-01', '2027-01-10', 'active', c.created_by from case_file c cross join provider v where c.id = $1
                 returning id)
                 insert into placement_rate (id, placement_id, valid_from, valid_to, per_day_ore, source)
                 select gen_random_uuid(), id, '2026-12-01', '2027-01-10', 245000, 'manual' from pl",
            )
            .bind(self.id)
            .execute(&mut *owner)
            .await
            .unwrap();
        }
    }
}

async fn log_row(owner: &mut PgConnection, who: Uuid, event: &str, case: Uuid, list: bool, days: i64) {
    sqlx::query(
        "insert into audit.entry (id, at, actor_id, actor_role, event, case_id, cases, body, key_id, mac)
         values (gen_random_uuid(), now() - make_interval(days => $5) - interval '1 hour', $1, 'prov', $2,
                 case when $4 then null else $3 end, case when $4 then array[$3] else '{}' end, '{}', 1,
                 decode(repeat('00', 32), 'hex'))",
    )
    .bind(who)
    .bind(event)
    .bind(case)
    .bind(list)
    .bind(i32::try_from(days).unwrap())
    .execute(owner)
    .await
    .unwrap();
}

async fn provider(owner: &mut PgConnection) {
    sqlx::query("insert into provider (id, alias, name, org_number, kind) values (gen_random_uuid(), 'L-001', 'Björken', '5599990008', 'hvb')")
        .execute(owner)
        .await
        .unwrap();
}

#[tokio::test]
async fn the_report_is_what_a_model_of_the_history_says() {
    for role in [Role::Caseworker, Role::Coordinator, Role::Manager] {
        let app = App::start().await;
        let mut owner = app.database.superuser().await;
        fixture::announce(&mut owner).await;
        provider(&mut owner).await;
        let other = fixture::another_unit(&mut owner).await;
        let who = fixture::colleague(&mut owner, app.unit, role, "Den misstänkte").await;
        let by = fixture::colleague(&mut owner, app.unit, Role::Coordinator, "Samordnaren").await;
        // A grant stands, also for a history of its own.
        sqlx::raw_sql("alter table role_grant disable trigger role_grant_stands").execute(&mut owner).await.unwrap();
        sqlx::query(
            "update role_grant set valid_from = now() - interval '90 days', valid_to = now() + interval '90 days'",
        )
        .execute(&mut owner)
        .await
        .unwrap();
        let seed = u64::from(Uuid::new_v4().as_fields().0);
        let mut dice = Dice::new(seed);
        let mut made = Vec::new();
        for n in 0..120 {
            let one = Made::by_chance(&mut dice);
            one.insert(&mut owner, (app.unit, other), (who, by), n).await;
            made.push(one);
        }
        let expected: BTreeMap<Uuid, Said> = made.iter().filter_map(|one| Some((one.id, one.said(role)?))).collect();
        let mut work = app.db.begin_task().await.unwrap();
        let now: OffsetDateTime = sqlx::query_scalar("select now()").fetch_one(&mut *work).await.unwrap();
        let exposure = read(&mut work, who, now - time::Duration::days(SINCE)).await.unwrap();
        let found: BTreeMap<Uuid, Said> = exposure
            .cases
            .iter()
            .map(|one| {
                let said = Said {
                    seen: one.seen_times,
                    listed: one.listed_at.is_some(),
                    location: one.location_at.is_some(),
                    reach: one.reach.iter().cloned().collect(),
                    locations: one.locations > 0,
                };
                (one.case, said)
            })
            .collect();
        assert_eq!(found, expected, "{role:?}, seed {seed}");
        assert!(expected.len() > 20, "{role:?}: too little happened");
        let newest: Vec<_> = exposure.cases.iter().filter_map(|one| one.seen_at.max(one.listed_at)).collect();
        assert!(newest.is_sorted_by(|one, next| one >= next), "{role:?}: the newest first");
    }
}

#[tokio::test]
async fn five_thousand_cases_are_reported_in_time() {
    let app = App::start().await;
    let mut owner = app.database.superuser().await;
    fixture::announce(&mut owner).await;
    let who = fixture::colleague(&mut owner, app.unit, Role::Coordinator, "Den misstänkte").await;
    sqlx::raw_sql("alter table person disable trigger all; alter table case_file disable trigger all; alter table assignment disable trigger all")
        .execute(&mut owner)
        .await
        .unwrap();
    sqlx::query(
        "with n as (select k, gen_random_uuid() as id, gen_random_uuid() as person from generate_series(1, 5000) k),
              p as (insert into person (id, sex, created_by) select person, 'man', $2 from n),
              a as (insert into assignment (id, case_id, account_id, kind, granted_by, reason)
                    select gen_random_uuid(), id, $2, 'coordinator', $2, 'prov' from n where k % 7 = 0)
         insert into case_file (id, reference, code_name, economy_pseudonym, person_id, opened_on, owner_unit_id,
           municipality_basis, status, created_by)
         select id, 'AVH-' || lpad(k::text, 4, '0') || '-000', 'Radby ' || k, 'K-00' || lpad(k::text, 4, '0'), person,
                '2026-02-01', $1, 'resident', 'active', $2 from n",
    )
    .bind(app.unit)
    .bind(who)
    .execute(&mut owner)
    .await
    .unwrap();
    sqlx::query(
        "insert into audit.entry (id, at, actor_id, actor_role, event, case_id, body, key_id, mac)
         select gen_random_uuid(), now() - make_interval(mins => (g % 40000)::int), $1, 'coordinator', 'case.read', c.id, '{}', 1,
                decode(repeat('00', 32), 'hex')
         from (select id, row_number() over () as n from case_file) c join generate_series(1, 20) g on true",
    )
    .bind(who)
    .execute(&mut owner)
    .await
    .unwrap();
    sqlx::raw_sql("analyze").execute(&mut owner).await.unwrap();
    let karin = app.coordinator().await;
    let begun = Instant::now();
    let page = karin.get(&format!("/exponering/{who}?sedan=2026-01-01")).await;
    let took = begun.elapsed();
    page.is_ok().shows("AVH-5000-000");
    assert_eq!(page.rows("table").len(), 5_000, "complete");
    assert!(took < Duration::from_mins(1), "{took:?}");
    println!("5,000 cases and 100,000 rows of the log in {took:?}");
}

#[tokio::test]
async fn whoever_may_locks_an_account_with_one_press_and_everybody_is_told() {
    let app = App::start().await;
    let (malin, karin, chef) = (app.social_worker().await, app.coordinator().await, app.manager().await);
    let tore = app.person(Role::Sysadmin).await;
    let case = Opening::unknown().responsible(&malin).coordinator(&karin).saved_by(&malin).await;
    malin.get(&format!("/arenden/{case}")).await.is_ok();
    let report = format!("/exponering/{}", malin.account);
    for other in [&malin, &app.person(Role::LogReviewer).await, &app.person(Role::PoliceLiaison).await] {
        other.get(&report).await.is_missing();
        other.post(&format!("{report}/las"), &[]).await.is_missing();
    }
    karin.get("/exponering").await.is_ok().shows(&malin.name);
    let code_name = karin.get(&format!("/arenden/{case}")).await.texts(".idbar .sub, h1 .sub, h1").join(" ");
    for who in [&karin, &chef, &tore] {
        let page = who.get(&format!("{report}?sedan=2026-12-01")).await;
        page.is_ok().shows(&case).shows(Danger::Read.label()).shows(&karin.name).shows("Lås och larma").lacks("Påhitt");
        assert_eq!(
            page.texts("tbody th .sub").is_empty(),
            who.account == tore.account,
            "{code_name}: {}",
            page.words()
        );
    }
    karin
        .post(&format!("/exponering/{}/las", karin.account), &[])
        .await
        .is(422)
        .shows("Du kan inte låsa ditt eget konto");
    karin.post(&format!("/exponering/{}/las", Uuid::new_v4()), &[]).await.is_missing();

    let id = Uuid::now_v7().to_string();
    let fields = [("id", id.as_str()), ("since", "2026-12-01"), ("reason", "Telefonen är stulen.")];
    let begun = Instant::now();
    karin.post(&format!("{report}/las"), &fields).await.leads_to(&format!("{report}?sedan=2026-12-01"));
    assert!(begun.elapsed() < Duration::from_secs(5));
    karin.post(&format!("{report}/las"), &fields).await.leads_to(&report);
    malin.get("/").await.leads_to("/logga-in");
    app.state.clock.put_forward(time::Duration::seconds(30));
    let fields = [("user_name", malin.user_name.as_str()), ("password", PASSWORD), ("code", &malin.code())];
    assert_ne!(app.post("/logga-in", &fields).await.status, 303, "a locked account signs in");
    for who in [&karin, &chef, &tore] {
        who.get("/").await.is_ok().shows(&format!("{} är låst: ring dem som berörs", malin.name));
        who.get(&report).await.is_ok().shows("Kontot låstes").shows("artikel 33").lacks("Lås och larma");
    }
    let mut owner = app.database.superuser().await;
    let (sessions, cases): (i32, i32) =
        sqlx::query_as("select sessions, cardinality(cases) from account_lock").fetch_one(&mut owner).await.unwrap();
    assert_eq!((sessions, cases), (1, 1));
    chef.post(&format!("{report}/klart"), &[]).await.leads_to(&report);
    chef.post(&format!("{report}/klart"), &[]).await.is(409);
    karin.get("/").await.is_ok().lacks("ring dem som berörs");
    let events = app.log().await;
    for event in ["exposure.shown", "account.locked", "account.lock_settled"] {
        assert!(events.contains(&event.to_owned()), "{event}");
    }
}
