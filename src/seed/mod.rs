//! The invented municipality, made through the gate: colleagues sit down at their desks and open cases, place and end,
//! with the same store functions, rights and log rows as everybody else. Only for a database that this program has made
//! and that nobody has used.

mod board;
mod budget;
mod conditions;
mod cooperation;
mod courses;
mod data;
mod decisions;
mod disclosures;
mod funding;
mod glasses;
mod grants;
mod intake;
mod investigations;
mod invoices;
mod logins;
mod meetings;
mod motivations;
mod outcomes;
mod persons;
mod plans;
mod returns;
mod reviews;
mod second_thoughts;
mod staffing;
mod stories;
mod threats;

pub use logins::logins;

use time::Date;
use uuid::Uuid;

use crate::access::right::{ManagePlacements, ManageProviders, OpenCase, ReadCase, SayWhy};
use crate::access::{Access, CaseAccess, Visitor};
use crate::audit::{self, Source};
use crate::calendar::Period;
use crate::case::model::{NewCase, Opened};
use crate::case::store::saying_why::say;
use crate::crypto::token::Token;
use crate::crypto::totp::Seed;
use crate::error::{Error, Result};
use crate::identity::account::{NewAccount, belongs_to, with_password};
use crate::identity::session;
use crate::money::Ore;
use crate::organisation::store::{NewOrganisation, districts, found};
use crate::person::model::{IdentityNumber, NewPerson};
use crate::personal::{PersonNumber, Personal};
use crate::placement::model::{NewPlacement, PlacementEnd, Procurement, STAIRS_MONTHS, STAIRS_PERCENT};
use crate::placement::rates::{Rate, staircase};
use crate::provider::model::{NewAgreement, NewHome, NewPrice, NewProvider, OrganisationNumber};
use crate::state::AppState;
use crate::vocabulary::{CloseReason, PlacementStatus, ProtectedReason, RateKind, RateSource, ResponsibilityBasis};
use crate::{case, placement, provider};
use data::{Bought, COLLEAGUES, DISTRICTS, DemoCase, DemoPlacement, KARIN, PROVIDERS};

/// The same for all: the page that lists them shows it.
const PASSWORD: &str = "Granvik provar 2026";
/// How the list on the sign-in page knows them.
const REASON: &str = "Påhittad användare";

/// Whether nobody has used the database yet.
pub async fn is_empty(state: &AppState) -> Result<bool> {
    let mut work = state.db().begin_task().await?;
    let found =
        sqlx::query_scalar!(r#"select exists (select from municipality) or exists (select from account) as "found!""#)
            .fetch_one(&mut *work)
            .await?;
    Ok(!found)
}

/// Makes Granviks kommun. Refuses a database that holds anything.
pub async fn demo(state: &AppState) -> Result<()> {
    if !is_empty(state).await? {
        return Err(Error::Invalid("Databasen används redan. Demonstrationen läggs bara i en tom databas."));
    }
    let colleagues = sit_down(state, &hire(state).await?).await?;
    let homes = register_providers(state, &colleagues[KARIN]).await?;
    let mut references = Vec::new();
    for (at, told) in intake::TOLD.into_iter().enumerate() {
        references.push(open(state, &colleagues, &homes, at, told).await?);
    }
    decisions::decide(state, &colleagues, &references).await?;
    motivations::assess(state, &colleagues, &references).await?;
    conditions::sign(state, &colleagues, &references).await?;
    investigations::investigate(state, &colleagues, &references).await?;
    meetings::arrange(state, &colleagues, &references).await?;
    outcomes::follow(state, &colleagues, &references).await?;
    for (at, reference) in references.iter().enumerate() {
        let Some(reference) = reference else { continue };
        let was_closed = closed_by(&data::CASES[at], state.clock.today()).is_some();
        if !was_closed {
            plans::tell(state, &colleagues, at, reference, false).await?;
        }
        plans::tell(state, &colleagues, at, reference, true).await?;
    }
    second_thoughts::have(state, &colleagues, &references).await?;
    courses::rest(state, &colleagues, &references).await?;
    intake::others(state, &colleagues).await?;
    persons::describe(state, &colleagues, &references).await?;
    glasses::break_one(state, &colleagues, &references).await?;
    disclosures::hand_over(state, &colleagues, &references).await?;
    board::earlier_years(state).await?;
    budget::decide(state, &colleagues[data::SVEN]).await?;
    funding::apply(state, &colleagues, &references).await?;
    invoices::enter(state, &colleagues).await?;
    reviews::review(state, &colleagues, &references).await?;
    staffing::propose_some(state, &colleagues).await?;
    stand_up(state, &colleagues).await
}

/// A colleague at their desk.
struct Seated {
    account: Uuid,
    session_token: Token,
}

impl Seated {
    fn visitor(&self) -> Visitor {
        Visitor::with_token(self.session_token.reveal())
    }
}

/// The organisation and its colleagues, through the operator's door.
async fn hire(state: &AppState) -> Result<Vec<Uuid>> {
    let mut work = state.db().begin_task().await?;
    let founded = found(
        &mut work,
        &NewOrganisation {
            name: "Granviks kommun",
            code: "9999",
            committee: "Socialnämnden",
            committee_abbrev: "SN",
            unit: "Beroendeenheten",
            districts: &DISTRICTS,
            from: time::macros::date!(2022 - 01 - 01),
            is_demo: true,
        },
    )
    .await?;
    let (mut trail, mut accounts) = (vec![founded.note], Vec::new());
    for (user_name, name, title, role) in COLLEAGUES {
        let new = NewAccount {
            id: Uuid::now_v7(),
            user_name,
            display_name: name,
            title,
            unit: Some(founded.unit),
            role,
            months: 12,
            reason: REASON,
        };
        let seed = Seed::draw()?;
        trail.push(with_password(&mut work, &state.keys, &state.passwords, &new, PASSWORD, &seed).await?);
        if role.is_outside() {
            belongs_to(&mut work, new.id, disclosures::ORGANISATION, state.clock.today()).await?;
        }
        accounts.push(new.id);
    }
    let source = Source { actor: None, role: None, session: None, address: None, request: Uuid::new_v4() };
    audit::append(&mut work, &state.keys, state.clock.now(), &source, &trail).await?;
    work.commit().await?;
    Ok(accounts)
}

async fn sit_down(state: &AppState, accounts: &[Uuid]) -> Result<Vec<Seated>> {
    let mut colleagues = Vec::new();
    for account in accounts {
        colleagues.push(Seated { account: *account, session_token: session::lend(state, *account).await? });
    }
    Ok(colleagues)
}

async fn stand_up(state: &AppState, colleagues: &[Seated]) -> Result<()> {
    for Seated { session_token, .. } in colleagues {
        session::end(state.db(), &state.keys, &state.clock, session_token.reveal(), None).await?;
    }
    Ok(())
}

/// A home that was registered, with the provider that it belongs to.
struct Registered {
    provider: Uuid,
    homes: Vec<Uuid>,
    agreement: Option<Uuid>,
}

async fn register_providers(state: &AppState, karin: &Seated) -> Result<Vec<Registered>> {
    let mut registered = Vec::new();
    for one in &PROVIDERS {
        let mut access = Access::<ManageProviders>::open(state, karin.visitor()).await?;
        let provider = Uuid::now_v7();
        let org_number = OrganisationNumber::parse(one.org_number)
            .map_err(|_| Error::internal("an invented organisation number is wrong"))?;
        let new = NewProvider {
            id: provider,
            name: one.name.to_owned(),
            org_number,
            kind: one.kind,
            hide_from_finance: false,
        };
        provider::store::add(&mut access, new).await?;
        let mut homes = Vec::new();
        for (name, municipality, address, kind) in one.homes {
            let (name, municipality, address) = ((*name).into(), (*municipality).into(), (*address).into());
            let new = NewHome { id: Uuid::now_v7(), provider, name, municipality, address, kind: *kind };
            homes.push(new.id);
            provider::store::add_home(&mut access, new).await?;
        }
        let agreement = match &one.agreement {
            Some((title, reference, service, kronor)) => {
                let new = NewAgreement {
                    id: Uuid::now_v7(),
                    provider,
                    title: (*title).to_owned(),
                    registry_ref: Some((*reference).to_owned()),
                    valid_from: data::AGREEMENT_DAYS.0,
                    valid_to: data::AGREEMENT_DAYS.1,
                    special_reason: None,
                    charge_departure_day: true,
                };
                let agreement = new.id;
                let from = new.valid_from;
                provider::store::add_agreement(&mut access, new).await?;
                let price = NewPrice { id: Uuid::now_v7(), agreement, service: *service, per_day: kr(*kronor)?, from };
                provider::store::add_price(&mut access, price).await?;
                Some(agreement)
            }
            None => None,
        };
        access.done().await?;
        registered.push(Registered { provider, homes, agreement });
    }
    Ok(registered)
}

fn kr(kronor: i64) -> Result<Ore> {
    Ore::kronor(kronor).ok_or_else(|| Error::internal("an invented amount does not fit"))
}

/// Opens a case as its social worker, places as the decisions say, and closes as its coordinator. Nothing happens on a
/// day that is still ahead: then there is no case yet.
async fn open(
    state: &AppState,
    colleagues: &[Seated],
    homes: &[Registered],
    at: usize,
    told: intake::Told,
) -> Result<Option<String>> {
    let one = &data::CASES[at];
    let today = state.clock.today();
    if one.opened > today {
        return Ok(None);
    }
    let responsible = &colleagues[one.responsible];
    let came_in = intake::comes_in(state, responsible, one, told).await?;
    let mut access = Access::<OpenCase>::open(state, responsible.visitor()).await?;
    let new = new_case(&mut access, colleagues, one).await?;
    let Opened::Case(reference) = case::store::open(&mut access, &new).await? else {
        return Err(Error::internal("an invented person has an open case already"));
    };
    crate::intake::store::became_case(&mut access, came_in, new.id, new.opened_on).await?;
    access.done().await?;
    for planned in one.placements {
        place(state, responsible, &reference, homes, planned).await?;
    }
    courses::move_on(state, responsible, &reference, one).await?;
    grants::decide(state, colleagues, at, &reference).await?;
    board::others(state, responsible, at, &reference).await?;
    cooperation::follow(state, colleagues, one, &reference).await?;
    threats::assess(state, colleagues, at, &reference).await?;
    returns::assess(state, responsible, at, &reference).await?;
    if let Some((closed_on, reason)) = closed_by(one, today) {
        plans::tell(state, colleagues, at, &reference, false).await?;
        outcomes::record(state, responsible, (at, &reference), closed_on).await?;
        let by = (responsible, &colleagues[one.coordinator]);
        courses::close(state, by, &reference, one, (closed_on, reason)).await?;
    }
    Ok(Some(reference))
}

/// When and why the case was closed, if it has been by the day.
fn closed_by(one: &DemoCase, day: Date) -> Option<(Date, CloseReason)> {
    one.closed.filter(|(closed_on, _)| *closed_on <= day)
}

fn person(one: &DemoCase, today: Date) -> Result<NewPerson> {
    let number =
        PersonNumber::parse(one.number, today).map_err(|_| Error::internal("an invented person number is wrong"))?;
    Ok(NewPerson {
        birth_date: Some(number.birth_date()),
        number: IdentityNumber::official(&number),
        given_name: Personal::new(one.given_name),
        family_name: Personal::new(one.family_name),
        sex: one.sex,
    })
}

async fn new_case(access: &mut Access<OpenCase>, colleagues: &[Seated], one: &DemoCase) -> Result<NewCase> {
    // Both lists are in the order of the districts' codes.
    let district = districts(access).await?.get(one.district).map(|district| district.id);
    Ok(NewCase {
        id: Uuid::now_v7(),
        person: person(one, access.desk().clock().today())?,
        opened_on: one.opened,
        district,
        basis: ResponsibilityBasis::Resident,
        needs: Some(one.needs),
        protection: one.protection,
        responsible: Some(colleagues[one.responsible].account),
        deputy: one.deputy.map(|deputy| colleagues[deputy].account),
        coordinator: Some(colleagues[one.coordinator].account),
        earlier: None,
    })
}

async fn place(
    state: &AppState,
    responsible: &Seated,
    reference: &str,
    homes: &[Registered],
    one: &DemoPlacement,
) -> Result<()> {
    let today = state.clock.today();
    let new = new_placement(today, homes, one)?;
    let mut access = CaseAccess::<ManagePlacements>::open(state, responsible.visitor(), reference).await?;
    placement::store::start(&mut access, &new).await?;
    access.done().await?;
    if let Some(reason) = one.ended.filter(|_| one.last <= today) {
        let mut access = CaseAccess::<ManagePlacements>::open(state, responsible.visitor(), reference).await?;
        let end = PlacementEnd { last_day: one.last, reason, charge_departure_day: true };
        placement::store::end(&mut access, new.id, 1, end).await?;
        access.done().await?;
    }
    Ok(())
}

fn new_placement(today: Date, homes: &[Registered], one: &DemoPlacement) -> Result<NewPlacement> {
    let missing = || Error::internal("an invented placement does not fit");
    let registered = &homes[one.home.0];
    let stay = Period::inclusive(one.first, one.last).ok_or_else(missing)?;
    let per_day = kr(one.kronor)?;
    let rates = if one.stairs {
        staircase(one.first, one.last, per_day, STAIRS_MONTHS, STAIRS_PERCENT).ok_or_else(missing)?
    } else {
        vec![Rate { period: stay, per_day, kind: RateKind::Care }]
    };
    let (procurement, source) = match &one.bought {
        Bought::Inside => {
            (Procurement::Inside { agreement: registered.agreement.ok_or_else(missing)? }, RateSource::Framework)
        }
        Bought::Outside(reason, text) => {
            (Procurement::Outside { reason: *reason, text: (*text).to_owned() }, RateSource::Contract)
        }
        Bought::NotApplicable => (Procurement::NotApplicable, RateSource::Manual),
    };
    Ok(NewPlacement {
        id: Uuid::now_v7(),
        kind: one.kind,
        procurement,
        home: registered.homes[one.home.1],
        provider_id: registered.provider,
        location_note: String::new(),
        decided: stay,
        starts_on: one.first,
        planned_end_on: one.last,
        charge_departure_day: true,
        rates,
        source,
        price_reason: None,
        status: if one.first <= today { PlacementStatus::Active } else { PlacementStatus::Planned },
        unsafe_reason: None,
    })
}

/// Whoever is not named in a protected case says why before they do anything in it: Postgres shows them nothing of it before.
async fn says_why(state: &AppState, who: &Seated, reference: &str) -> Result<()> {
    let case = CaseAccess::<ReadCase>::open(state, who.visitor(), reference).await?;
    let must = case.must_say_why();
    case.done().await?;
    if must {
        let mut case = CaseAccess::<SayWhy>::open(state, who.visitor(), reference).await?;
        say(&mut case, Uuid::now_v7(), ProtectedReason::Supervision).await?;
        case.done().await?;
    }
    Ok(())
}
