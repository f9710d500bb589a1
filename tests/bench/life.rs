//! One case with five years behind it among all the others: 400 notes, 20 assessments of threat, 10 placements, and what
//! belongs to them. The texts are really sealed, since its pages open them.

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Executor, PgConnection};
use utvag::crypto::KeyRing;
use utvag::crypto::seal::Column;
use utvag::{check, decision, deviation, follow_up, journal, threat};
use uuid::Uuid;

use crate::client::Browser;
use crate::figures::Times;
use crate::fixture;
use crate::town::Town;

const NOTES: i32 = 400;
const THREATS: i32 = 20;
const PLACEMENTS: i32 = 10;
/// The town has given it so many already.
const HAS: i32 = 4;

/// Its pages. Not its print: each wants a code of its own, and a code opens once.
pub const PAGES: [&str; 3] = ["Overview", "Journal, a page of fifty", "Timeline, a page of a hundred"];
/// In milliseconds.
pub const AIMS: [Option<f64>; 3] = [Some(10.0), Some(10.0), Some(10.0)];
/// What the coordinator looks at over all of them.
pub const OVERVIEWS: [(&str, &str); 4] = [
    ("The coordinator's overview", "/samordning"),
    ("A long list behind a figure", "/samordning/dygnetruntplaceringar"),
    ("The year in money", "/ekonomi"),
    ("The placements of the year", "/placeringar"),
];
const ADDRESSES: [&str; 3] = ["", "/journal", "/tidslinje"];

const FACT: &str = "Vi talar om hur veckan har varit. Praktiken fungerar, sömnen är fortfarande dålig och kontakten med \
    brodern har blivit bättre. Vi går igenom planen och det som ska göras till nästa gång.";
const ASSESSMENT: &str = "Motivationen är stabil. Stödet behöver fortsätta i samma omfattning.";

/// Gives the first social worker's first case its years.
pub async fn live(owner: &PgConnectOptions, keys: &KeyRing, town: &Town) {
    let mut owner = owner.connect().await.unwrap();
    fixture::announce(&mut owner).await;
    let reference = &town.theirs[0][0];
    let (case, by): (Uuid, Uuid) = sqlx::query_as(
        "select c.id, a.account_id from case_file c join assignment a on a.case_id = c.id and a.kind = 'responsible'
         where c.reference = $1",
    )
    .bind(reference)
    .fetch_one(&mut owner)
    .await
    .unwrap();
    let tables = [
        "journal_entry",
        "journal_content",
        "threat_assessment",
        "placement",
        "placement_rate",
        "decision",
        "follow_up",
        "deviation",
        "register_check",
        "motivation_assessment",
    ];
    for table in tables {
        owner.execute(AssertSqlSafe(format!("alter table {table} disable trigger all"))).await.unwrap();
    }
    notes(&mut owner, keys, case, by).await;
    threats(&mut owner, keys, case, by).await;
    decisions(&mut owner, keys, case, by).await;
    follow_ups(&mut owner, keys, case, by).await;
    deviations(&mut owner, keys, case, by).await;
    stays(&mut owner, case, by).await;
    for table in tables {
        owner.execute(AssertSqlSafe(format!("alter table {table} enable trigger all"))).await.unwrap();
    }
    owner.execute("vacuum analyze").await.unwrap();
}

fn ids(count: i32) -> Vec<Uuid> {
    (0..count).map(|_| Uuid::now_v7()).collect()
}

/// The text, sealed for each row.
fn sealed(keys: &KeyRing, column: Column, rows: &[Uuid], text: &str) -> Vec<Vec<u8>> {
    rows.iter().map(|row| keys.seal(column.at(*row), text).unwrap().as_bytes().to_vec()).collect()
}

async fn notes(owner: &mut PgConnection, keys: &KeyRing, case: Uuid, by: Uuid) {
    let rows = ids(NOTES);
    sqlx::query(
        "with n as (select * from unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::bytea[])
                      with ordinality as n(id, source, fact, assessment, k)),
              e as (insert into journal_entry (id, case_id, kind, event_on, entered_at, author_id, author_name, author_title,
                      party_informed)
                    select id, $5, 'meeting', date '2021-12-01' + (k * 4)::int, date '2021-12-01' + (k * 4)::int + time '12:00', $6,
                           'Handläggare 0', 'Handläggare', true from n)
         insert into journal_content (entry_id, source, fact, assessment) select id, source, fact, assessment from n",
    )
    .bind(&rows)
    .bind(sealed(keys, journal::store::SOURCE, &rows, "Den enskilde"))
    .bind(sealed(keys, journal::store::FACT, &rows, FACT))
    .bind(sealed(keys, journal::store::ASSESSMENT, &rows, ASSESSMENT))
    .bind(case)
    .bind(by)
    .execute(owner)
    .await
    .unwrap();
}

async fn threats(owner: &mut PgConnection, keys: &KeyRing, case: Uuid, by: Uuid) {
    let rows = ids(THREATS);
    sqlx::query(
        "insert into threat_assessment (id, case_id, version_no, body, assessed_on, received_on, received_via, criminality,
           kind, level, protection, unsafe_areas, return_possible, meets_definition, is_motivated, consents, has_signed,
           is_not_witness, valid_until, registered_by, status, settled_by, settled_at)
         select id, $3, k, 'lpo', date '2021-12-01' + (k * 90)::int, date '2021-12-01' + (k * 90)::int, 'meeting', 'active',
                'latent', 'l2', 'relocation', text, 'no', 'yes', 'yes', 'yes', 'yes', 'yes',
                date '2021-12-01' + (k * 90)::int + 90, $4,
                case when k = $5 then 'confirmed' else 'superseded' end::threat_status,
                (select account_id from assignment where case_id = $3 and kind = 'coordinator' limit 1),
                date '2021-12-01' + (k * 90)::int + time '12:00'
         from unnest($1::uuid[], $2::bytea[]) with ordinality as n(id, text, k)",
    )
    .bind(&rows)
    .bind(sealed(keys, threat::store::UNSAFE_AREAS, &rows, "Granvik och Åsby"))
    .bind(case)
    .bind(by)
    .bind(i64::from(THREATS))
    .execute(owner)
    .await
    .unwrap();
}

async fn decisions(owner: &mut PgConnection, keys: &KeyRing, case: Uuid, by: Uuid) {
    let rows = ids(PLACEMENTS);
    sqlx::query(
        "insert into decision (id, case_id, number, type, outcome, legal_basis, scope, reasons, from_day, to_day, emergency,
           maker, decided_on, conceal_staff_names, status, created_by, edited_by, signed_by, signed_role, signed_name, signed_at,
           four_eyes, text_hash, executed_on, minutes_ref)
         select id, $4, k, 'outpatient', 'granted', '{sol_11_1}', scope, reasons, date '2021-12-01' + (k * 180)::int,
                date '2021-12-01' + (k * 180)::int + 179, false, 'committee', date '2021-12-01' + (k * 180)::int, false, 'signed',
                $5, $5, $5, 'caseworker', 'Handläggare 0', date '2021-12-01' + (k * 180)::int + time '12:00', false,
                sha256('\\x00'), date '2021-12-01' + (k * 180)::int, minutes
         from unnest($1::uuid[], $2::bytea[], $3::bytea[], $6::bytea[]) with ordinality as n(id, scope, reasons, minutes, k)",
    )
    .bind(&rows)
    .bind(sealed(keys, decision::SCOPE, &rows, "Öppenvård en gång i veckan."))
    .bind(sealed(keys, decision::REASONS, &rows, ASSESSMENT))
    .bind(case)
    .bind(by)
    .bind(sealed(keys, decision::MINUTES_REF, &rows, "Nämnden, paragraf 12"))
    .execute(owner)
    .await
    .unwrap();
}

async fn follow_ups(owner: &mut PgConnection, keys: &KeyRing, case: Uuid, by: Uuid) {
    let rows = ids(THREATS);
    sqlx::query(
        "with m as (insert into motivation_assessment (id, case_id, number, assessed_on, stage, assessor)
                    select gen_random_uuid(), $3, k, date '2021-12-01' + k * 180, 'preparing', $4 from generate_series(1, 10) k)
         insert into follow_up (id, case_id, number, kind, planned_on, planned_by, held_on, held_by, form, person_view)
         select id, $3, k, 'placement', date '2021-12-01' + (k * 90)::int, $4, date '2021-12-01' + (k * 90)::int, $4, 'meeting',
                text
         from unnest($1::uuid[], $2::bytea[]) with ordinality as n(id, text, k)",
    )
    .bind(&rows)
    .bind(sealed(keys, follow_up::PERSON_VIEW, &rows, FACT))
    .bind(case)
    .bind(by)
    .execute(owner)
    .await
    .unwrap();
}

/// Deviations, and a check in the registers each month.
async fn deviations(owner: &mut PgConnection, keys: &KeyRing, case: Uuid, by: Uuid) {
    let (rows, checks) = (ids(10), ids(60));
    sqlx::query(
        "with d as (insert into deviation (id, case_id, source, category, severity, occurred_on, reported_on, description,
                      status, outcome, registered_by, registered_at)
                    select id, $5, 'police', 'missed_contact', 's2', date '2021-12-01' + (k * 150)::int,
                           date '2021-12-01' + (k * 150)::int, text, 'closed', 'no_action', $6,
                           date '2021-12-01' + (k * 150)::int + time '12:00'
                    from unnest($1::uuid[], $2::bytea[]) with ordinality as n(id, text, k))
         insert into register_check (id, case_id, body, performed_on, reported_on, result, ground, registered_by, registered_at)
         select id, $5, 'lpo', date '2021-12-01' + (k * 30)::int, date '2021-12-01' + (k * 30)::int, 'no_deviation', text, $6,
                date '2021-12-01' + (k * 30)::int + time '12:00'
         from unnest($3::uuid[], $4::bytea[]) with ordinality as n(id, text, k)",
    )
    .bind(&rows)
    .bind(sealed(keys, deviation::store::DESCRIPTION, &rows, FACT))
    .bind(&checks)
    .bind(sealed(keys, check::store::GROUND, &checks, "Samtycke av den enskilde"))
    .bind(case)
    .bind(by)
    .execute(owner)
    .await
    .unwrap();
}

/// What is still lacking to so many stays, each with two prices.
async fn stays(owner: &mut PgConnection, case: Uuid, by: Uuid) {
    sqlx::query(
        "with n as (select k, gen_random_uuid() as id, date '2021-12-01' + (k - $3) * 60 as first from generate_series($3 + 1, $4) k),
              p as (insert into placement (id, case_id, person_id, number, kind, procurement, provider_id, decided_from,
                      decided_to, starts_on, planned_end_on, actual_end_on, end_reason, status, created_by)
                    select n.id, c.id, c.person_id, k, 'training_apartment', 'own_operation',
                           (select v.id from provider v order by alias limit 1), first, first + 50, first, first + 50, first + 50,
                           'planned_move', 'ended', $2
                    from n cross join case_file c where c.id = $1)
         insert into placement_rate (id, placement_id, valid_from, valid_to, per_day_ore, source)
         select gen_random_uuid(), id, first + half * 26, first + 25 + half * 25, 100000 - half * 50000, 'manual'
         from n cross join generate_series(0, 1) half",
    )
    .bind(case)
    .bind(by)
    .bind(HAS)
    .bind(PLACEMENTS)
    .execute(owner)
    .await
    .unwrap();
}

/// One asks for a page of it again and again, as its social worker.
pub async fn asked(port: u16, town: &Town, page: usize, times: usize) -> Times {
    let mut browser = Browser::open(port, &town.social_workers[0]).await;
    let address = format!("/arenden/{}{}", town.theirs[0][0], ADDRESSES[page]);
    let mut measured = Vec::new();
    for turn in 0..times + 20 {
        let (status, time) = browser.get(&address).await;
        assert!(status.is_success(), "{}: {status}", PAGES[page]);
        // The first ones fill caches.
        if turn >= 20 {
            measured.push(time);
        }
    }
    Times::new(measured)
}

/// The coordinator asks for a page over all cases again and again.
pub async fn looked_over(port: u16, town: &Town, address: &str, times: usize) -> Times {
    let mut browser = Browser::open(port, &town.coordinator).await;
    let mut measured = Vec::new();
    for turn in 0..times + 20 {
        let (status, time) = browser.get(address).await;
        assert!(status.is_success(), "{address}: {status}");
        if turn >= 20 {
            measured.push(time);
        }
    }
    Times::new(measured)
}
