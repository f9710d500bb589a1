//! Colleagues, and one case with everything in it that an address can name, put straight into the database by its
//! owner: for tests of what every page says to everybody, and for the benchmark. What pages open is really sealed.

use sqlx::{Executor, PgConnection};
use time::Date;
use time::macros::date;
use utvag::access::BIRTH_DATE;
use utvag::crypto::KeyRing;
use utvag::crypto::reference::CaseReference;
use utvag::crypto::seal::{Column, Place};
use utvag::crypto::token::Token;
use utvag::vocabulary::Role;
use uuid::Uuid;

pub use fixture_rows::told;
use fixture_rows::{applied, asked, checked, conflicted, consented, deviated, noted, once_reader, undecided, waiting};

#[path = "fixture_plans.rs"]
mod fixture_plans;
#[path = "fixture_rows.rs"]
pub mod fixture_rows;
#[path = "investigated.rs"]
mod investigated;

pub const IDENTITY_NUMBER: Column = Column("person_identity.number");
pub const GIVEN_NAME: Column = Column("person_identity.given_name");
pub const FAMILY_NAME: Column = Column("person_identity.family_name");
pub const HOME_NAME: Column = Column("provider_home.name");
pub const HOME_MUNICIPALITY: Column = Column("provider_home.municipality");
pub const HOME_ADDRESS: Column = Column("provider_home.address");
pub const UNSAFE_AREAS: Column = Column("threat_assessment.unsafe_areas");
pub const LOCATION: Column = Column("vault.location.sealed");

const FROM: Date = date!(2026 - 01 - 15);
const TO: Date = date!(2026 - 12 - 31);

/// What an address can name.
pub struct Furnished {
    pub case: Uuid,
    pub reference: String,
    pub placement: Uuid,
    pub alias: &'static str,
    pub agreement: Uuid,
    pub assignment: Uuid,
    pub assessment: Uuid,
    /// A draft that waits to be decided, written by the responsible one.
    pub decision: Uuid,
    /// Waits, and is the responsible one's.
    pub intake: Uuid,
    pub entry: Uuid,
    pub consent: Uuid,
    /// Goes on, with a version of the areas of support and a child for whom a report of concern is lacking.
    pub investigation: Uuid,
    pub child: Uuid,
    pub way_back: WayBack,
    /// Closed, so that the case can be.
    pub deviation: Uuid,
    pub check: Uuid,
    /// A draft.
    pub plan: Uuid,
    /// Planned, on a decision that was made.
    pub intervention: Uuid,
    /// To be held.
    pub follow_up: Uuid,
    /// Waits for its answer.
    pub transfer: Uuid,
    pub disclosed: super::furnished_disclosures::Disclosed,
    /// A conflict of interest of somebody's whom the test does not ask as.
    pub conflict: Uuid,
    /// Somebody who saw where the person is, and no longer does.
    pub reader: Uuid,
    /// A draft.
    pub application: Uuid,
    pub alarm: Uuid,
}

/// Whether the person can return, a planned meeting, a group, a request that waits, and how it went.
pub struct WayBack {
    pub homecoming: Uuid,
    pub meeting: Uuid,
    pub group: Uuid,
    pub request: Uuid,
    pub outcome: Uuid,
}

/// Lets the owner's own changes through the log.
pub async fn announce(owner: &mut PgConnection) {
    owner.execute("select set_config('app.event', 'test.fixture', false)").await.unwrap();
}

/// An account in the role, with nothing to sign in with.
pub async fn colleague(owner: &mut PgConnection, unit: Uuid, role: Role, name: &str) -> Uuid {
    let account = Uuid::now_v7();
    sqlx::query("insert into account (id, display_name, title, unit_id) values ($1, $2, $3, $4)")
        .bind(account)
        .bind(name)
        .bind(role.label())
        .bind(unit)
        .execute(&mut *owner)
        .await
        .unwrap();
    sqlx::query(
        "insert into role_grant (id, account_id, role, valid_to, reason)
         values ($1, $2, $3::role_code, now() + interval '6 months', 'prov')",
    )
    .bind(Uuid::now_v7())
    .bind(account)
    .bind(role.code())
    .execute(owner)
    .await
    .unwrap();
    account
}

/// A unit that no case belongs to.
pub async fn another_unit(owner: &mut PgConnection) -> Uuid {
    sqlx::query_scalar(
        "insert into org_unit (id, committee_id, name, valid_from)
         select gen_random_uuid(), id, 'Vuxenenheten', '2020-01-01' from committee limit 1 returning id",
    )
    .fetch_one(owner)
    .await
    .unwrap()
}

/// A live session of the account's: its id, and the token that opens it.
pub async fn session(owner: &mut PgConnection, account: Uuid) -> (Uuid, String) {
    let (id, token) = (Uuid::now_v7(), Token::draw().unwrap());
    sqlx::query(
        "insert into identity.session (id, token_hash, account_id, idle_limit, ends_at, device)
         values ($1, $2, $3, interval '15 minutes', now() + interval '10 hours', 'prov')",
    )
    .bind(id)
    .bind(token.hash().as_slice())
    .bind(account)
    .execute(owner)
    .await
    .unwrap();
    (id, token.reveal().to_owned())
}

/// Where somebody can be placed.
struct Placed {
    provider: Uuid,
    home: Uuid,
    agreement: Uuid,
}

/// A provider with a home and an agreement.
async fn homes(owner: &mut PgConnection, keys: &KeyRing) -> Placed {
    let sealed = |place: Place, text: &str| keys.seal(place, text).unwrap().as_bytes().to_vec();
    let (provider, home, agreement) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
    sqlx::query(
        "with p as (insert into provider (id, alias, name, org_number, kind)
                    values ($1, 'L-001', 'Björkens vård AB', '5599990008', 'hvb') returning id),
              h as (insert into provider_home (id, provider_id, name, municipality, address, kind)
                    select $2, id, $3, $4, $5, 'hvb' from p),
              a as (insert into framework_agreement (id, provider_id, title, valid_from, valid_to)
                    select $6, id, 'HVB för vuxna', '2025-01-01', '2027-12-31' from p returning id)
         insert into framework_price (id, agreement_id, service, per_day_ore, valid_from, valid_to)
         select gen_random_uuid(), id, 'hvb', 245000, '2025-01-01', '2027-12-31' from a",
    )
    .bind(provider)
    .bind(home)
    .bind(sealed(HOME_NAME.at(home), "Björkgården"))
    .bind(sealed(HOME_MUNICIPALITY.at(home), "Granvik"))
    .bind(sealed(HOME_ADDRESS.at(home), "Skogsvägen 4"))
    .bind(agreement)
    .execute(&mut *owner)
    .await
    .unwrap();
    Placed { provider, home, agreement }
}

/// A provider with a home and an agreement, and an open case with a person, two who are named in it, and a running
/// placement with a price, an absence and a location.
pub async fn furnish(
    owner: &mut PgConnection,
    keys: &KeyRing,
    unit: Uuid,
    responsible: Uuid,
    coordinator: Uuid,
) -> Furnished {
    announce(owner).await;
    let sealed = |place: Place, text: &str| keys.seal(place, text).unwrap().as_bytes().to_vec();
    let Placed { provider, home, agreement } = homes(owner, keys).await;

    let (person, identity) = (Uuid::now_v7(), Uuid::now_v7());
    sqlx::query(
        "with p as (insert into person (id, sex, birth_date, created_by) values ($1, 'man', $2, $3) returning id)
         insert into person_identity (id, person_id, kind, number, number_blind, given_name, family_name, valid_from)
         select $4, id, 'personnummer', $5, $6, $7, $8, '2026-01-05' from p",
    )
    .bind(person)
    .bind(sealed(BIRTH_DATE.at(person), "1912-12-12"))
    .bind(responsible)
    .bind(identity)
    .bind(sealed(IDENTITY_NUMBER.at(identity), "191212121212"))
    .bind(keys.blind(IDENTITY_NUMBER.0, "191212121212").as_slice())
    .bind(sealed(GIVEN_NAME.at(identity), "Tolvan"))
    .bind(sealed(FAMILY_NAME.at(identity), "Tolvansson"))
    .execute(&mut *owner)
    .await
    .unwrap();

    let (case, assignment) = (Uuid::now_v7(), Uuid::now_v7());
    let reference = CaseReference::draw().unwrap().as_str().to_owned();
    sqlx::query(
        "with c as (insert into case_file (id, reference, code_name, economy_pseudonym, person_id, opened_on, owner_unit_id,
                      municipality_basis, status, created_by)
                    values ($1, $2, 'Lind', 'K-7K4QX2', $3, '2026-01-05', $4, 'resident', 'active', $5) returning id)
         insert into assignment (id, case_id, account_id, kind, granted_by, reason)
         select $6, id, $5, 'responsible'::assignment_kind, $7, 'prov' from c
         union all select gen_random_uuid(), id, $7, 'coordinator', $7, 'prov' from c",
    )
    .bind(case)
    .bind(&reference)
    .bind(person)
    .bind(unit)
    .bind(responsible)
    .bind(assignment)
    .bind(coordinator)
    .execute(&mut *owner)
    .await
    .unwrap();

    let placement = placed(owner, keys, (case, person, responsible), (agreement, provider, home)).await;
    let assessment = assess(owner, keys, case, responsible).await;
    let decision = undecided(owner, keys, case, responsible).await;
    let intake = waiting(owner, keys, unit, responsible).await;
    let entry = noted(owner, keys, case, responsible).await;
    let consent = consented(owner, keys, case, responsible).await;
    let (investigation, child) = investigated::investigated(owner, keys, case, responsible).await;
    let (plan, intervention, follow_up) = fixture_plans::planned(owner, keys, case, responsible).await;
    let deviation = deviated(owner, keys, case, responsible).await;
    let check = checked(owner, keys, case, responsible).await;
    let way_back = super::furnished_back::add(owner, keys, case, (responsible, coordinator), consent).await;
    let transfer = asked(owner, keys, case, responsible).await;
    let disclosed = super::furnished_disclosures::add(owner, keys, case, responsible).await;
    let reader = once_reader(owner, case, responsible).await;
    let application = applied(owner, keys, case, responsible).await;
    let alarm = told(owner, &reference).await;
    let kin = colleague(owner, unit, Role::Caseworker, "Den jäviga").await;
    let conflict = conflicted(owner, keys, (case, person), (kin, responsible)).await;
    Furnished {
        case,
        reference,
        placement,
        alias: "L-001",
        agreement,
        assignment,
        assessment,
        decision,
        intake,
        entry,
        consent,
        investigation,
        child,
        way_back,
        deviation,
        check,
        plan,
        intervention,
        follow_up,
        transfer,
        disclosed,
        conflict,
        reader,
        application,
        alarm,
    }
}

/// A running placement with a price, an absence and a location.
async fn placed(
    owner: &mut PgConnection,
    keys: &KeyRing,
    (case, person, responsible): (Uuid, Uuid, Uuid),
    (agreement, provider, home): (Uuid, Uuid, Uuid),
) -> Uuid {
    let placement = Uuid::now_v7();
    // In one statement, because every day of a placement must have its price when the transaction ends.
    let location = format!(r#"{{"home":"{home}","note":""}}"#);
    sqlx::query(
        "with p as (insert into placement (id, case_id, person_id, number, kind, procurement, agreement_id, provider_id,
                      decided_from, decided_to, starts_on, planned_end_on, status, created_by)
                    values ($1, $2, $3, 1, 'hvb', 'inside_framework', $4, $5, $6, $7, $6, $7, 'active', $8) returning id),
              a as (insert into placement_absence (id, placement_id, first_day, last_day, rate, reason)
                    select gen_random_uuid(), id, '2026-02-01', '2026-02-02', 'none', 'hospital' from p),
              l as (insert into vault.location (placement_id, sealed) select id, $9 from p)
         insert into placement_rate (id, placement_id, valid_from, valid_to, per_day_ore, source)
         select gen_random_uuid(), id, $6, $7, 245000, 'framework' from p",
    )
    .bind(placement)
    .bind(case)
    .bind(person)
    .bind(agreement)
    .bind(provider)
    .bind(FROM)
    .bind(TO)
    .bind(responsible)
    .bind(keys.seal_location(LOCATION.at(placement), &location).unwrap().as_bytes())
    .execute(owner)
    .await
    .unwrap();
    placement
}

/// A case with the same two named in it, and nothing else; its reference.
pub async fn empty_case(owner: &mut PgConnection, unit: Uuid, responsible: Uuid, coordinator: Uuid) -> String {
    let reference = CaseReference::draw().unwrap().as_str().to_owned();
    sqlx::query(
        "with p as (insert into person (id, sex, created_by) values (gen_random_uuid(), 'man', $3) returning id),
              c as (insert into case_file (id, reference, code_name, economy_pseudonym, person_id, opened_on, owner_unit_id,
                      municipality_basis, status, created_by)
                    select gen_random_uuid(), $1, 'Alm', 'K-7K4QX3', id, '2026-01-05', $2, 'resident', 'active', $3
                    from p returning id)
         insert into assignment (id, case_id, account_id, kind, granted_by, reason)
         select gen_random_uuid(), id, $3, 'responsible'::assignment_kind, $4, 'prov' from c
         union all select gen_random_uuid(), id, $4, 'coordinator', $4, 'prov' from c",
    )
    .bind(&reference)
    .bind(unit)
    .bind(responsible)
    .bind(coordinator)
    .execute(owner)
    .await
    .unwrap();
    reference
}

/// An assessment of threat that waits for somebody else than whoever registered it.
async fn assess(owner: &mut PgConnection, keys: &KeyRing, case: Uuid, responsible: Uuid) -> Uuid {
    let assessment = Uuid::now_v7();
    sqlx::query(
        "insert into threat_assessment (id, case_id, version_no, body, assessed_on, received_on, received_via, criminality,
           kind, level, protection, unsafe_areas, return_possible, meets_definition, is_motivated, consents, has_signed,
           is_not_witness, valid_until, registered_by)
         values ($1, $2, 1, 'lpo', $3, $3, 'meeting', 'active', 'latent', 'l2', 'relocation', $4, 'no', 'yes', 'yes', 'yes',
           'yes', 'yes', $5, $6)",
    )
    .bind(assessment)
    .bind(case)
    .bind(FROM)
    .bind(keys.seal(UNSAFE_AREAS.at(assessment), "Granvik").unwrap().as_bytes())
    .bind(TO)
    .bind(responsible)
    .execute(owner)
    .await
    .unwrap();
    assessment
}

/// A glass before the case that somebody broke long ago, which nobody was told of and nobody has reviewed.
pub async fn broken(owner: &mut PgConnection, keys: &KeyRing, found: &Furnished, by: Uuid) -> Uuid {
    let glass = Uuid::now_v7();
    sqlx::query(
        "insert into break_glass (id, case_id, reference, unit_id, account_id, reason, words, opened_at, expires_at, review_due_on)
         select $1, id, reference, owner_unit_id, $3, 'danger_life', $4, '2026-01-05 12:00Z', '2026-01-05 13:00Z', '2026-01-07'
         from case_file where id = $2",
    )
    .bind(glass)
    .bind(found.case)
    .bind(by)
    .bind(keys.seal(utvag::break_glass::WORDS.at(glass), "Han ringde jouren och var rädd").unwrap().as_bytes())
    .execute(owner)
    .await
    .unwrap();
    glass
}

/// The case, offered by the responsible one to somebody.
pub async fn offered(owner: &mut PgConnection, keys: &KeyRing, found: &Furnished, from: Uuid, to: Uuid) -> Uuid {
    let handover = Uuid::now_v7();
    sqlx::query(
        "insert into handover (id, case_id, from_account, to_account, offered_by, message) values ($1, $2, $3, $4, $3, $5)",
    )
    .bind(handover)
    .bind(found.case)
    .bind(from)
    .bind(to)
    .bind(keys.seal(utvag::assignment::handover::store::MESSAGE.at(handover), "Kan du ta över?").unwrap().as_bytes())
    .execute(owner)
    .await
    .unwrap();
    handover
}
