//! What a page asks the database does not depend on how much there is to show: the same statements for ten rows as for
//! sixty. A row that asks for something of its own is found here long before anybody notices it in time.

use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use sqlx::PgConnection;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::set_default;
use tracing::{Event, Metadata, Subscriber};
use utvag::vocabulary::Role;
use uuid::Uuid;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::fixture::{self, Furnished};
use crate::support::page::Page;
use crate::support::people::Person;

/// Writes down the beginning of each statement that the driver tells of.
#[derive(Clone, Default)]
struct Listener(Arc<Mutex<Vec<String>>>);

/// What a connection is asked when it is opened, when it first meets a type of ours, and when the pool takes it back in
/// its own time: nobody's page.
const OF_THE_CONNECTION: [&str; 3] = ["set statement_timeout", "SELECT pg_type", "rollback"];

struct Summary(Option<String>);

impl Visit for Summary {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "summary" {
            self.0 = Some(value.to_owned());
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}

impl Subscriber for Listener {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "sqlx::query"
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut summary = Summary(None);
        event.record(&mut summary);
        if let Some(statement) =
            summary.0.filter(|statement| !OF_THE_CONNECTION.iter().any(|one| statement.starts_with(one)))
        {
            self.0.lock().unwrap().push(statement);
        }
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// What a page asks the database, statement by statement, and what it shows.
async fn statements_of(person: &Person<'_>, path: &str) -> (Vec<String>, String) {
    heard(path, async || person.get(path).await).await
}

/// The same of a page that is asked for in a way of its own.
async fn heard(path: &str, ask: impl AsyncFn() -> Page) -> (Vec<String>, String) {
    // Whoever comes first opens the connection.
    ask().await.is_ok();
    // A listener that is put up while other tests meet the driver for the first time may not be told of anything at all;
    // put up again it is.
    for _ in 0..5 {
        let listener = Listener::default();
        let page = {
            let _listening = set_default(listener.clone());
            ask().await
        };
        let said = listener.0.lock().unwrap().clone();
        if !said.is_empty() {
            assert!(said.len() >= 3, "{path}: only {said:?} was heard");
            return (said, page.words());
        }
    }
    panic!("{path}: nothing was heard of what it asks")
}

/// Open cases without a deputy, each with a placement that ends soon.
async fn add_cases(owner: &mut PgConnection, unit: Uuid, coordinator: Uuid, from: i32, to: i32) {
    sqlx::query(
        "with n as (select k, gen_random_uuid() as id, gen_random_uuid() as person, gen_random_uuid() as placement
                    from generate_series($1, $2) k),
              p as (insert into person (id, sex, created_by) select person, 'man', $4 from n),
              c as (insert into case_file (id, reference, code_name, economy_pseudonym, person_id, opened_on, owner_unit_id,
                      municipality_basis, status, created_by)
                    select id, 'AVH-0' || lpad(k::text, 3, '0') || '-000', 'Radby ' || k, 'K-000' || lpad(k::text, 3, '0'),
                           person, '2026-02-01', $3, 'resident', 'active', $4 from n),
              a as (insert into assignment (id, case_id, account_id, kind, granted_by, reason)
                    select gen_random_uuid(), id, $4, 'coordinator', $4, 'prov' from n),
              s as (insert into placement (id, case_id, person_id, number, kind, procurement, provider_id, decided_from,
                      decided_to, starts_on, planned_end_on, status, created_by)
                    select n.placement, n.id, n.person, 1, 'hvb', 'own_operation', v.id, '2026-12-01', '2027-01-10',
                           '2026-12-01', '2027-01-10', 'active', $4 from n cross join provider v)
         insert into placement_rate (id, placement_id, valid_from, valid_to, per_day_ore, source)
         select gen_random_uuid(), placement, '2026-12-01', '2027-01-10', 245000, 'manual' from n",
    )
    .bind(from)
    .bind(to)
    .bind(unit)
    .bind(coordinator)
    .execute(owner)
    .await
    .unwrap();
}

/// Placements of one case, of a kind that may go on at the same time.
async fn add_placements(owner: &mut PgConnection, case: Uuid, from: i32, to: i32) {
    sqlx::query(
        "with n as (select k, gen_random_uuid() as id from generate_series($1, $2) k),
              s as (insert into placement (id, case_id, person_id, number, kind, procurement, provider_id, decided_from,
                      decided_to, starts_on, planned_end_on, status, created_by)
                    select n.id, c.id, c.person_id, k, 'training_apartment', 'own_operation', v.id, '2026-12-01',
                           '2027-01-10', '2026-12-01', '2027-01-10', 'active', c.created_by
                    from n cross join provider v cross join case_file c where c.id = $3),
              a as (insert into placement_absence (id, placement_id, first_day, last_day, rate, reason)
                    select gen_random_uuid(), id, '2026-12-05', '2026-12-06', 'none', 'hospital' from n)
         insert into placement_rate (id, placement_id, valid_from, valid_to, per_day_ore, source)
         select gen_random_uuid(), id, '2026-12-01', '2027-01-10', 24500, 'manual' from n",
    )
    .bind(from)
    .bind(to)
    .bind(case)
    .execute(owner)
    .await
    .unwrap();
}

#[tokio::test]
async fn sixty_rows_cost_no_more_statements_than_ten() {
    let app = App::start().await;
    let karin = app.person(Role::Coordinator).await;
    let mut owner = app.database.superuser().await;
    fixture::announce(&mut owner).await;
    let responsible = fixture::colleague(&mut owner, app.unit, Role::Caseworker, "Sofie").await;
    let Furnished { case, reference, placement, .. } =
        fixture::furnish(&mut owner, &app.state.keys, app.unit, responsible, karin.account).await;
    let pages = [
        "/".to_owned(),
        "/arenden".to_owned(),
        "/arenden?sortera=handlaggare".to_owned(),
        "/samordning".to_owned(),
        "/samordning/placeringar-som-slutar".to_owned(),
        "/placeringar".to_owned(),
        "/bevakningar?regel=a11_placement_ends".to_owned(),
        format!("/arenden/{reference}/bevakningar"),
        format!("/arenden/{reference}"),
        format!("/arenden/{reference}/placeringar"),
        format!("/arenden/{reference}/tidslinje"),
        format!("/arenden/{reference}/placeringar/{placement}"),
    ];
    add_cases(&mut owner, app.unit, karin.account, 1, 10).await;
    add_placements(&mut owner, case, 2, 10).await;
    let watch = async || utvag::jobs::watch(&app.db, &app.state.keys, &app.state.clock).await.unwrap();
    assert!(watch().await.raised > 10);
    let mut few = Vec::new();
    for page in &pages {
        few.push(statements_of(&karin, page).await);
    }
    add_cases(&mut owner, app.unit, karin.account, 11, 60).await;
    add_placements(&mut owner, case, 11, 60).await;
    assert!(watch().await.raised > 50);
    for (page, (few, shown)) in pages.iter().zip(few) {
        let (many, now_shown) = statements_of(&karin, page).await;
        assert_eq!(many, few, "{page}");
        // The overview is the dearest: a statement for each room that it tells of.
        assert!(many.len() <= 16, "{page} takes {} statements: {many:#?}", many.len());
        assert!(
            page.ends_with(&placement.to_string()) || now_shown.len() > shown.len(),
            "{page} shows no more than before"
        );
    }
}

/// The report to the board counts in the database: a handful of questions, whatever there is to count.
#[tokio::test]
async fn the_report_to_the_board_asks_the_same_of_sixty_cases_as_of_ten() {
    let app = App::start().await;
    let karin = app.person(Role::Coordinator).await;
    let mut owner = app.database.superuser().await;
    fixture::announce(&mut owner).await;
    let responsible = fixture::colleague(&mut owner, app.unit, Role::Caseworker, "Sofie").await;
    fixture::furnish(&mut owner, &app.state.keys, app.unit, responsible, karin.account).await;
    add_cases(&mut owner, app.unit, karin.account, 1, 10).await;
    let paths = ["/namnd?ar=2026", "/namnd?ar=2026&tertial=3"];
    let mut few = Vec::new();
    for path in paths {
        few.push(statements_of(&karin, path).await.0);
    }
    add_cases(&mut owner, app.unit, karin.account, 11, 60).await;
    for (path, few) in paths.into_iter().zip(few) {
        let (many, _) = statements_of(&karin, path).await;
        assert_eq!(many, few, "{path}");
        assert!(many.len() <= 9, "{path} takes {} statements: {many:#?}", many.len());
    }
}

/// A form that prints all parts asks a few statements for each, however much there is in them.
#[tokio::test]
async fn a_print_of_everything_costs_no_more_statements_when_there_is_more() {
    let app = App::start().await;
    let karin = app.person(Role::Coordinator).await;
    let mut owner = app.database.superuser().await;
    fixture::announce(&mut owner).await;
    let responsible = fixture::colleague(&mut owner, app.unit, Role::Caseworker, "Sofie").await;
    let Furnished { case, reference, .. } =
        fixture::furnish(&mut owner, &app.state.keys, app.unit, responsible, karin.account).await;
    let path = format!("/arenden/{reference}/utskrift");
    let parts = utvag::vocabulary::PrintPart::ALL.iter().map(|part| ("parts", part.code()));
    let id = Uuid::now_v7().to_string();
    let fields: Vec<_> = parts.chain([("purpose", "case_work"), ("id", &id)]).collect();
    let print = async || karin.proves(&path, &fields).await;
    let (few, shown) = heard(&path, print).await;
    add_placements(&mut owner, case, 2, 20).await;
    for sql in [
        "insert into journal_entry (id, case_id, kind, event_on, entered_at, author_id, author_name, author_title, program_event)
         select gen_random_uuid(), case_id, 'program', event_on, entered_at, author_id, author_name, author_title, 'case_opened'
         from journal_entry cross join generate_series(1, 20)",
        "insert into follow_up (id, case_id, number, kind, planned_on, planned_by)
         select gen_random_uuid(), case_id, number + k, kind, planned_on, planned_by
         from follow_up cross join generate_series(1, 20) k",
    ] {
        sqlx::query(sql).execute(&mut owner).await.unwrap();
    }
    let (many, now_shown) = heard(&path, print).await;
    assert_eq!(many, few);
    assert!(now_shown.len() > shown.len(), "it shows no more than before");
    assert!(many.len() <= 62, "{} statements: {many:#?}", many.len());
}

#[tokio::test]
async fn a_search_asks_the_same_whatever_there_is_to_find() {
    let app = App::start().await;
    let (malin, jonas) = (app.social_worker().await, app.social_worker().await);
    let reference = Opening::of("20010612-2393").responsible(&malin).saved_by(&malin).await;
    let circle = Opening::unknown().with("protection", "closed_circle").responsible(&malin).saved_by(&malin).await;
    let mut asked = Vec::new();
    for (person, term, hits) in [
        (&malin, reference.as_str(), "1 träff"),
        (&jonas, &reference, "Inga träffar"),
        (&jonas, &circle, "Inga träffar"),
        (&jonas, "20010612-2393", "Inga träffar"),
        (&jonas, "Milo Påhitt", "Inga träffar"),
        (&jonas, "Saga Saknas", "Inga träffar"),
        (&jonas, "19890217-2397", "Inga träffar"),
    ] {
        let (statements, words) = heard("/sok", async || person.post("/sok", &[("q", term)]).await).await;
        assert!(words.contains(hits), "{term}: {words}");
        asked.push(statements);
    }
    assert!(asked.windows(2).all(|pair| pair[0] == pair[1]), "{asked:#?}");
}
