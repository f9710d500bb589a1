//! A municipality of any size, put straight into the database by its owner. What the pages open is really sealed; the
//! rest is made by the database itself, so that fifty thousand cases take seconds.

use std::collections::HashSet;

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Executor, PgConnection};
use time::OffsetDateTime;
use time::macros::datetime;
use utvag::access::BIRTH_DATE;
use utvag::crypto::KeyRing;
use utvag::crypto::reference::CaseReference;
use utvag::crypto::seal::Column;
use utvag::vocabulary::Role;
use uuid::Uuid;

use crate::fixture::{self, FAMILY_NAME, GIVEN_NAME, IDENTITY_NUMBER};

/// The moment at which the town stands still.
pub const NOON: OffsetDateTime = datetime!(2026-11-24 11:00 UTC);
const OUTSIDE_TEXT: Column = Column("placement.outside_text");
/// A case has this many placements, one after the other.
const PLACEMENTS: i32 = 4;
/// The first of them has twenty open cases, however large the town is; the others share the rest.
const USERS: usize = 32;

/// Whom and what to ask about.
pub struct Town {
    /// Tokens of 32 social workers.
    pub social_workers: Vec<String>,
    pub coordinator: String,
    /// Cases of each social worker's own, open ones.
    pub theirs: Vec<Vec<String>>,
    /// A running placement of each of those cases.
    pub placements: Vec<Vec<Uuid>>,
}

pub async fn build(owner: &PgConnectOptions, keys: &KeyRing, cases: usize) -> Town {
    let mut owner = owner.connect().await.unwrap();
    fixture::announce(&mut owner).await;
    let unit = organisation(&mut owner).await;
    let mut social_workers = Vec::new();
    for number in 0..USERS {
        social_workers
            .push(fixture::colleague(&mut owner, unit, Role::Caseworker, &format!("Handläggare {number}")).await);
    }
    let coordinator = fixture::colleague(&mut owner, unit, Role::Coordinator, "Samordnaren").await;
    // The log of the load itself would be most of the database.
    let tables = [
        "person",
        "person_identity",
        "case_file",
        "assignment",
        "placement",
        "placement_rate",
        "placement_year",
        "placement_year_sum",
    ];
    for table in tables {
        owner.execute(AssertSqlSafe(format!("alter table {table} disable trigger all"))).await.unwrap();
    }
    people(&mut owner, keys, cases, coordinator).await;
    owner.execute(AssertSqlSafe(stays(unit, coordinator))).await.unwrap();
    outside_texts(&mut owner, keys).await;
    for table in tables {
        owner.execute(AssertSqlSafe(format!("alter table {table} enable trigger all"))).await.unwrap();
    }
    owner.execute("vacuum analyze").await.unwrap();
    found(&mut owner, &social_workers, coordinator).await
}

async fn organisation(owner: &mut PgConnection) -> Uuid {
    let unit = Uuid::now_v7();
    owner
        .execute(AssertSqlSafe(format!(
            "insert into municipality (name, code, county_code) values ('Granviks kommun', '9999', '99');
             insert into committee values ('{unit}', 'Socialnämnden', 'SN', true);
             insert into org_unit values ('{unit}', '{unit}', 'Beroendeenheten', '2020-01-01', null);
             insert into provider (id, alias, name, org_number, kind)
               select gen_random_uuid(), 'L-' || lpad(n::text, 3, '0'), 'Leverantör ' || n, '5599990008', 'hvb'
               from generate_series(1, 40) n;
             insert into framework_agreement (id, provider_id, title, valid_from, valid_to)
               select gen_random_uuid(), id, 'HVB för vuxna', '2024-07-01', '2028-06-30' from provider;
             insert into framework_price (id, agreement_id, service, per_day_ore, valid_from, valid_to)
               select gen_random_uuid(), id, 'hvb', 245000, '2024-07-01', '2028-06-30' from framework_agreement;"
        )))
        .await
        .unwrap();
    unit
}

/// Persons with a sealed number, name and birth date.
async fn people(owner: &mut PgConnection, keys: &KeyRing, cases: usize, created_by: Uuid) {
    let seal = |place, text: &str| keys.seal(place, text).unwrap().as_bytes().to_vec();
    owner.execute("create temp table drawn (n int, person uuid, reference text)").await.unwrap();
    let mut taken = HashSet::new();
    for start in (0..cases).step_by(5_000) {
        let (mut places, mut references) = (Vec::new(), Vec::new());
        let (mut persons, mut births, mut identities) = (Vec::new(), Vec::new(), Vec::new());
        let (mut numbers, mut blinds, mut given, mut family) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for number in start..(start + 5_000).min(cases) {
            let (person, identity) = (Uuid::now_v7(), Uuid::now_v7());
            let text = format!("T-{number:08}");
            // Of fifty thousand drawn ones two may be alike.
            let reference = std::iter::repeat_with(|| CaseReference::draw().unwrap().to_string());
            references.push(reference.into_iter().find(|drawn| taken.insert(drawn.clone())).unwrap());
            places.push(i32::try_from(number).unwrap());
            persons.push(person);
            births.push(seal(BIRTH_DATE.at(person), "1998-05-20"));
            numbers.push(seal(IDENTITY_NUMBER.at(identity), &text));
            blinds.push(keys.blind(IDENTITY_NUMBER.0, &text).to_vec());
            given.push(seal(GIVEN_NAME.at(identity), "Prov"));
            family.push(seal(FAMILY_NAME.at(identity), "Provsson"));
            identities.push(identity);
        }
        sqlx::query(
            "insert into person (id, sex, birth_date, created_by)
             select id, 'man', birth, $3 from unnest($1::uuid[], $2::bytea[]) as n(id, birth)",
        )
        .bind(&persons)
        .bind(&births)
        .bind(created_by)
        .execute(&mut *owner)
        .await
        .unwrap();
        sqlx::query("insert into drawn select * from unnest($1::int[], $2::uuid[], $3::text[])")
            .bind(&places)
            .bind(&persons)
            .bind(&references)
            .execute(&mut *owner)
            .await
            .unwrap();
        sqlx::query(
            "insert into person_identity (id, person_id, kind, number, number_blind, given_name, family_name, valid_from)
             select id, person, 'temporary', number, blind, given, family, '2020-01-01'
             from unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::bytea[], $5::bytea[], $6::bytea[])
               as n(id, person, number, blind, given, family)",
        )
        .bind(&identities)
        .bind(&persons)
        .bind(&numbers)
        .bind(&blinds)
        .bind(&given)
        .bind(&family)
        .execute(&mut *owner)
        .await
        .unwrap();
    }
}

/// Half of the cases are open and have a placement that runs; the stays before it have ended, half a year each.
fn stays(unit: Uuid, coordinator: Uuid) -> String {
    format!(
        "create temp table worker as
           select a.id, row_number() over (order by a.id) - 1 as n
           from account a join role_grant g on g.account_id = a.id where g.role = 'caseworker';
         create temp table maker as
           select d.person, gen_random_uuid() as id, d.n, d.reference, d.n % 2 = 0 as is_open,
                  date '2022-06-01' + (d.n % 800) as opened, w.id as responsible
           from drawn d join worker w on w.n = case when d.n < 40 then 0 else 1 + (d.n / 2) % ({USERS} - 1) end;
         insert into case_file (id, reference, code_name, economy_pseudonym, person_id, opened_on, owner_unit_id, status,
             programme_status, needs_profile, municipality_basis, closed_on, close_reason, created_by)
           select id, reference, 'Prov ' || n, 'K-' || lpad(n::text, 6, '0'), person, opened, '{unit}'::uuid,
                  case when is_open then 'active' else 'closed' end::case_status, 'admitted', 'exit_only', 'resident',
                  case when not is_open then opened + 760 end, case when not is_open then 'goal_reached' end::close_reason,
                  '{coordinator}'::uuid
           from maker;
         insert into assignment (id, case_id, account_id, kind, granted_by, reason)
           select gen_random_uuid(), id, responsible, 'responsible'::assignment_kind, '{coordinator}'::uuid, 'prov' from maker
           union all select gen_random_uuid(), id, '{coordinator}'::uuid, 'coordinator', '{coordinator}'::uuid, 'prov' from maker
           union all select gen_random_uuid(), m.id, w.id, 'deputy', '{coordinator}'::uuid, 'prov'
             from maker m join worker w on w.n = 1 + (m.n / 2 + 1) % ({USERS} - 1);
         create temp table stay as
           select gen_random_uuid() as id, m.id as case_id, m.person, k as number, m.n,
                  case when m.is_open and k = {PLACEMENTS} then greatest(m.opened + (k - 1) * 190, date '2026-03-01' + m.n % 200)
                       else m.opened + (k - 1) * 190 end as first,
                  case when m.is_open and k = {PLACEMENTS} then date '2026-12-01' + m.n % 400
                       else m.opened + k * 190 - 6 end as last,
                  m.is_open and k = {PLACEMENTS} as runs, k % 2 = 0 as outside,
                  m.responsible
           from maker m cross join generate_series(1, {PLACEMENTS}) k;
         create temp table host as
           select p.id, a.id as agreement, row_number() over (order by p.alias) - 1 as n
           from provider p join framework_agreement a on a.provider_id = p.id;
         insert into placement (id, case_id, person_id, number, kind, procurement, agreement_id, outside_reason, outside_text,
             provider_id, decided_from, decided_to, starts_on, planned_end_on, actual_end_on, end_reason, status, created_by)
           select s.id, s.case_id, s.person, s.number, 'hvb',
                  case when outside then 'outside_framework' else 'inside_framework' end::procurement_form,
                  case when not outside then h.agreement end, case when outside then 'exit_only_needs' end::outside_reason,
                  case when outside then '\\x00'::bytea end, h.id, s.first, s.last, s.first, s.last,
                  case when not runs then s.last end, case when not runs then 'planned_move' end::end_reason,
                  case when runs then 'active' else 'ended' end::placement_status, s.responsible
           from stay s join host h on h.n = (s.n + s.number) % 40;
         insert into placement_rate (id, placement_id, valid_from, valid_to, per_day_ore, source)
           select gen_random_uuid(), id, first, last, case when outside then 300000 else 245000 end, 'contract' from stay;
         insert into placement_year
           select y.* from placement p cross join lateral sec.placement_years_of(p.id) y;
         insert into placement_year_sum
           select year, unit_id, procurement, round_the_clock, count(*), sum(days), sum(cost_ore)
           from placement_year group by 1, 2, 3, 4;"
    )
}

/// Why each placement outside the agreements is outside, sealed for its row.
async fn outside_texts(owner: &mut PgConnection, keys: &KeyRing) {
    let ids: Vec<Uuid> = sqlx::query_scalar("select id from placement where outside_reason is not null")
        .fetch_all(&mut *owner)
        .await
        .unwrap();
    let text = "Behovet är renodlat kriminell problematik och ingen plats inom ramavtal passar.";
    let sealed: Vec<Vec<u8>> =
        ids.iter().map(|id| keys.seal(OUTSIDE_TEXT.at(*id), text).unwrap().as_bytes().to_vec()).collect();
    sqlx::query(
        "update placement p set outside_text = n.text from unnest($1::uuid[], $2::bytea[]) as n(id, text) where p.id = n.id",
    )
    .bind(&ids)
    .bind(&sealed)
    .execute(owner)
    .await
    .unwrap();
}

/// Sessions, and a few of everybody's own open cases.
async fn found(owner: &mut PgConnection, social_workers: &[Uuid], coordinator: Uuid) -> Town {
    let coordinator = fixture::session(owner, coordinator).await.1;
    let mut town = Town { social_workers: Vec::new(), coordinator, theirs: Vec::new(), placements: Vec::new() };
    for account in social_workers {
        let rows: Vec<(String, Uuid)> = sqlx::query_as(
            "select c.reference, p.id from assignment a join case_file c on c.id = a.case_id
             join placement p on p.case_id = c.id and p.status = 'active'
             where a.account_id = $1 and c.closed_on is null order by c.reference limit 40",
        )
        .bind(account)
        .fetch_all(&mut *owner)
        .await
        .unwrap();
        assert!(!rows.is_empty(), "everybody has a case");
        town.social_workers.push(fixture::session(owner, *account).await.1);
        town.placements.push(rows.iter().map(|row| row.1).collect());
        town.theirs.push(rows.into_iter().map(|row| row.0).collect());
    }
    town
}
