//! SQL about placements, as whoever holds the right. Where somebody is goes into the vault in the same transaction.

use time::Date;
use uuid::Uuid;

use super::costs::Absence;
use super::model::{AgreementPrice, Home, NewPlacement, Placement, PlacementEnd, Procurement};
use super::rates::Rate;
use super::safety::store::UNSAFE_REASON;
use crate::access::CaseAccess;
use crate::access::right::{ManagePlacements, SeesCase};
use crate::audit::{Event, Note};
use crate::calendar::Period;
use crate::crypto::seal::{Column, Sealed};
use crate::db::on_constraint;
use crate::error::{Error, Result, constraint};
use crate::exposure;
use crate::money::Ore;
use crate::vocabulary::{
    AbsenceRate, AbsenceReason, EndReason, OutsideReason, PlacementKind, PlacementStatus, ProcurementForm, RateKind,
    RateSource,
};

pub const OUTSIDE_TEXT: Column = Column("placement.outside_text");
pub const PRICE_REASON: Column = Column("placement.price_reason");
pub(super) const HOME_NAME: Column = Column("provider_home.name");

/// Homes that can be chosen are a municipality's register, not a list to page through.
const MOST_HOMES: i64 = 500;

/// The case's placements with their rates and absences, newest first.
pub async fn list<R: SeesCase>(case: &mut CaseAccess<R>) -> Result<Vec<Placement>> {
    let id = case.head().id;
    let rows = sqlx::query!(
        r#"select p.id, p.number, p.kind as "kind: PlacementKind", p.procurement as "procurement: ProcurementForm",
                  p.outside_reason as "outside_reason: OutsideReason", p.outside_text as "outside_text: Sealed",
                  p.price_reason as "price_reason: Sealed", p.provider_id, v.alias as provider,
                  p.decided_from, p.decided_to, p.starts_on, p.planned_end_on, p.actual_end_on,
                  p.end_reason as "end_reason: EndReason", p.charge_departure_day,
                  p.status as "status: PlacementStatus", p.version,
                  exists (select 1 from decision d
                          where d.case_id = p.case_id and d.emergency and d.signed_by is not null
                            and d.type::text = p.kind::text
                            and p.starts_on between d.from_day and coalesce(d.to_day, 'infinity')) as "is_emergency!",
                  (p.end_reason = 'own_request' and not exists (select 1 from support_offer o where o.placement_id = p.id))
                    is true as "lacks_offer!",
                  case when p.status in ('planned', 'active') and (p.unsafe_reason is null or exists (
                         select 1 from threat_assessment t
                         where t.case_id = p.case_id and t.status = 'confirmed' and t.settled_at > p.created_at))
                       then vault.marks_of(p.id) end as marks,
                  r.firsts as "firsts!", r.lasts as "lasts!", r.prices as "prices!", r.kinds as "kinds!",
                  a.firsts as "away_firsts!", a.lasts as "away_lasts!", a.rates as "away_rates!"
           from placement p
           join provider v on v.id = p.provider_id
           cross join lateral (
             select coalesce(array_agg(valid_from order by valid_from, kind), '{}') as firsts,
                    coalesce(array_agg(valid_to order by valid_from, kind), '{}') as lasts,
                    coalesce(array_agg(per_day_ore order by valid_from, kind), '{}') as prices,
                    coalesce(array_agg(kind::text order by valid_from, kind), '{}') as kinds
             from placement_rate where placement_id = p.id) r
           cross join lateral (
             select coalesce(array_agg(first_day order by first_day), '{}') as firsts,
                    coalesce(array_agg(last_day order by first_day), '{}') as lasts,
                    coalesce(array_agg(rate::text order by first_day), '{}') as rates
             from placement_absence where placement_id = p.id) a
           where p.case_id = $1
           order by p.starts_on desc, p.number desc"#,
        id
    )
    .fetch_all(case.read())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Placement {
                id: row.id,
                number: row.number,
                kind: row.kind,
                procurement: row.procurement,
                outside_reason: row.outside_reason,
                outside_text: row.outside_text,
                price_reason: row.price_reason,
                provider_id: row.provider_id,
                provider: row.provider,
                decided: period(row.decided_from, row.decided_to)?,
                starts_on: row.starts_on,
                planned_end_on: row.planned_end_on,
                actual_end_on: row.actual_end_on,
                end_reason: row.end_reason,
                charge_departure_day: row.charge_departure_day,
                status: row.status,
                is_emergency: row.is_emergency,
                lacks_offer: row.lacks_offer,
                marks: row.marks.unwrap_or_default(),
                version: row.version,
                rates: rates(&row.firsts, &row.lasts, &row.prices, &row.kinds)?,
                absences: absences(&row.away_firsts, &row.away_lasts, &row.away_rates)?,
            })
        })
        .collect()
}

/// One of the case's placements.
pub async fn get<R: SeesCase>(case: &mut CaseAccess<R>, id: Uuid) -> Result<Placement> {
    list(case).await?.into_iter().find(|placement| placement.id == id).ok_or(Error::NotFound)
}

fn period(first: Date, last: Date) -> Result<Period> {
    Period::inclusive(first, last).ok_or_else(|| Error::internal("a period in the table ends before it begins"))
}

fn rates(firsts: &[Date], lasts: &[Date], prices: &[i64], kinds: &[String]) -> Result<Vec<Rate>> {
    let rows = firsts.iter().zip(lasts).zip(prices).zip(kinds);
    rows.map(|(((first, last), price), kind)| {
        let kind = RateKind::parse(kind).ok_or_else(|| Error::internal("an unknown kind of rate"))?;
        Ok(Rate { period: period(*first, *last)?, per_day: Ore::from_ore(*price), kind })
    })
    .collect()
}

fn absences(firsts: &[Date], lasts: &[Date], rates: &[String]) -> Result<Vec<Absence>> {
    let rows = firsts.iter().zip(lasts).zip(rates);
    rows.map(|((first, last), rate)| {
        let rate = AbsenceRate::parse(rate).ok_or_else(|| Error::internal("an unknown rate of absence"))?;
        Ok(Absence { period: period(*first, *last)?, rate })
    })
    .collect()
}

/// A home to choose, and its sealed name.
pub struct NamedHome {
    pub home: Home,
    /// Sealed at `provider_home.name`.
    pub name: Sealed,
}

/// The homes that can be chosen, by provider.
pub async fn homes(case: &mut CaseAccess<ManagePlacements>) -> Result<Vec<NamedHome>> {
    let rows = sqlx::query!(
        r#"select h.id, h.provider_id, v.alias as provider, h.kind as "kind: PlacementKind", h.name as "name: Sealed"
           from provider_home h join provider v on v.id = h.provider_id
           where h.is_active and v.is_active order by v.alias, h.id limit $1"#,
        MOST_HOMES
    )
    .fetch_all(case.read())
    .await?;
    let named = rows.into_iter().map(|row| NamedHome {
        home: Home { id: row.id, provider_id: row.provider_id, provider: row.provider, kind: row.kind },
        name: row.name,
    });
    Ok(named.collect())
}

/// The agreements' prices for a home's provider, in order.
pub async fn prices(case: &mut CaseAccess<ManagePlacements>, home: Uuid) -> Result<Vec<AgreementPrice>> {
    let rows = sqlx::query!(
        r#"select a.id, a.provider_id, f.service as "service: PlacementKind", f.valid_from, f.valid_to,
                  f.per_day_ore as "per_day: Ore", a.charge_departure_day
           from framework_price f join framework_agreement a on a.id = f.agreement_id
           where a.provider_id = (select provider_id from provider_home where id = $1)
           order by f.valid_from"#,
        home
    )
    .fetch_all(case.read())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(AgreementPrice {
                agreement: row.id,
                provider_id: row.provider_id,
                service: row.service,
                period: period(row.valid_from, row.valid_to)?,
                per_day: row.per_day,
                charge_departure_day: row.charge_departure_day,
            })
        })
        .collect()
}

/// A placement around the clock that takes some of the same days, in any of the person's cases that the actor sees.
pub async fn overlapping(case: &mut CaseAccess<ManagePlacements>, occupied: Period) -> Result<Option<Period>> {
    let person = case.head().person;
    let row = sqlx::query!(
        "select starts_on, coalesce(actual_end_on, planned_end_on) as \"last!\" from placement
         where person_id = $1 and round_the_clock and status <> 'cancelled' and occupied && daterange($2, $3)
         order by starts_on limit 1",
        person,
        occupied.first_day(),
        occupied.day_after()
    )
    .fetch_optional(case.read())
    .await?;
    row.map(|row| period(row.starts_on, row.last)).transpose()
}

/// Registers a placement. Sent twice, the second time changes nothing.
pub async fn start(case: &mut CaseAccess<ManagePlacements>, new: &NewPlacement) -> Result<()> {
    let (head, actor) = (case.head().clone(), case.desk().actor().account);
    let keys = case.desk().keys();
    let seal = |column: Column, text: &str| keys.seal(column.at(new.id), text);
    let (agreement, reason, text) = match &new.procurement {
        Procurement::Inside { agreement } => (Some(*agreement), None, None),
        Procurement::Outside { reason, text } => (None, Some(*reason), Some(seal(OUTSIDE_TEXT, text)?)),
        Procurement::OwnOperation | Procurement::NotApplicable => (None, None, None),
    };
    let price_reason = new.price_reason.as_deref().map(|text| seal(PRICE_REASON, text)).transpose()?;
    let unsafe_reason = new.unsafe_reason.as_deref().map(|text| seal(UNSAFE_REASON, text)).transpose()?;
    let location = super::location::Location { home: new.home, note: new.location_note.clone() };
    let location = keys.seal_location(super::location::store::LOCATION.at(new.id), &location.written()?)?;
    let last = new.decided.last_day().ok_or_else(|| Error::internal("a decision without an end"))?;

    if unsafe_reason.is_some() {
        case.shown(Note::of(Event::UnsafePlaceAllowed).with("placement", new.id.to_string()));
    }
    let work = case.write(Event::PlacementStarted).await?;
    // Two who place in one case at the same moment get their numbers one after the other.
    sqlx::query_scalar!("select id from case_file where id = $1 for no key update", head.id)
        .fetch_one(&mut *work)
        .await?;
    let inserted = sqlx::query!(
        "insert into placement (id, case_id, person_id, number, kind, procurement, agreement_id, outside_reason,
           outside_text, provider_id, decided_from, decided_to, starts_on, planned_end_on, charge_departure_day, status,
           price_reason, created_by, unsafe_reason)
         values ($1, $2, $3, (select coalesce(max(number), 0) + 1 from placement where case_id = $2), $4, $5, $6, $7, $8,
           $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
         on conflict (id) do nothing",
        new.id,
        head.id,
        head.person,
        new.kind as PlacementKind,
        new.procurement.form() as ProcurementForm,
        agreement,
        reason as Option<OutsideReason>,
        text as Option<Sealed>,
        new.provider_id,
        new.decided.first_day(),
        last,
        new.starts_on,
        new.planned_end_on,
        new.charge_departure_day,
        new.status as PlacementStatus,
        price_reason as Option<Sealed>,
        actor,
        unsafe_reason as Option<Sealed>
    )
    .execute(&mut *work)
    .await
    .map_err(|error| {
        if constraint(&error) == Some("case_is_not_closing") {
            return Error::Invalid("Ärendet avslutas. En ny placering kan inte registreras i det.");
        }
        let taken = "Perioderna överlappar. Personen har redan en placering dygnet runt under de dagarna.";
        on_constraint(error, "placement_no_overlap", Error::Invalid(taken))
    })?;
    if inserted.rows_affected() == 0 {
        return Ok(());
    }
    add_rates(case, new.id, &new.rates, new.source).await?;
    sqlx::query!("select vault.put($1, $2)", new.id, location.as_bytes()).execute(case.read()).await?;
    exposure::store::remember(case, new.id, new.home, &new.location_note).await
}

async fn add_rates(
    case: &mut CaseAccess<ManagePlacements>,
    placement: Uuid,
    rates: &[Rate],
    source: RateSource,
) -> Result<()> {
    let (mut firsts, mut lasts, mut prices, mut kinds) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for rate in rates {
        firsts.push(rate.period.first_day());
        lasts.push(rate.period.last_day().ok_or_else(|| Error::internal("a price without an end"))?);
        prices.push(rate.per_day.ore());
        kinds.push(rate.kind.code().to_owned());
    }
    sqlx::query!(
        "insert into placement_rate (id, placement_id, valid_from, valid_to, per_day_ore, kind, source)
         select gen_random_uuid(), $1, r.first, r.last, r.price, r.kind::rate_kind, $6
         from unnest($2::date[], $3::date[], $4::bigint[], $5::text[]) as r(first, last, price, kind)",
        placement,
        &firsts,
        &lasts,
        &prices,
        &kinds,
        source as RateSource
    )
    .execute(case.read())
    .await?;
    Ok(())
}

/// The person has arrived. False when somebody else has changed the placement since.
pub async fn begin(case: &mut CaseAccess<ManagePlacements>, id: Uuid, version: i32) -> Result<bool> {
    move_on(case, Event::PlacementBegun, id, version, PlacementStatus::Active).await
}

/// It will not happen. False when somebody else has changed the placement since.
pub async fn cancel(case: &mut CaseAccess<ManagePlacements>, id: Uuid, version: i32) -> Result<bool> {
    move_on(case, Event::PlacementCancelled, id, version, PlacementStatus::Cancelled).await
}

async fn move_on(
    case: &mut CaseAccess<ManagePlacements>,
    event: Event,
    id: Uuid,
    version: i32,
    to: PlacementStatus,
) -> Result<bool> {
    let case_id = case.head().id;
    let moved = sqlx::query!(
        "update placement set status = $4, version = version + 1
         where id = $1 and case_id = $2 and version = $3 and status = 'planned'",
        id,
        case_id,
        version,
        to as PlacementStatus
    )
    .execute(case.write(event).await?)
    .await?;
    Ok(moved.rows_affected() == 1)
}

/// Ends a running placement. Where the person leaves on their own request, the database ends the care plan with it. False
/// when somebody else has changed it since.
pub async fn end(case: &mut CaseAccess<ManagePlacements>, id: Uuid, version: i32, end: PlacementEnd) -> Result<bool> {
    let case_id = case.head().id;
    let ended = sqlx::query!(
        "update placement set actual_end_on = $4, end_reason = $5, charge_departure_day = $6, status = 'ended',
           version = version + 1
         where id = $1 and case_id = $2 and version = $3 and status = 'active'",
        id,
        case_id,
        version,
        end.last_day,
        end.reason as EndReason,
        end.charge_departure_day
    )
    .execute(case.write(Event::PlacementEnded).await?)
    .await?;
    if ended.rows_affected() != 1 {
        return Ok(false);
    }
    let plan = sqlx::query_scalar!("select id from plan where ended_with = $1 and case_id = $2", id, case_id)
        .fetch_optional(case.read())
        .await?;
    if let Some(plan) = plan {
        case.shown(Note::of(Event::PlanEnded).with("plan", plan.to_string()));
    }
    Ok(true)
}

/// Whether these days away were saved the first time they were sent.
pub async fn has_absence(case: &mut CaseAccess<ManagePlacements>, placement: Uuid, id: Uuid) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from placement_absence where id = $1 and placement_id = $2) as "has!""#,
        id,
        placement
    )
    .fetch_one(case.read())
    .await?)
}

/// Notes days of absence, with the price of a reduced day where there is one. Sent twice, the second changes nothing.
pub async fn note_absence(
    case: &mut CaseAccess<ManagePlacements>,
    placement: Uuid,
    id: Uuid,
    absence: Absence,
    reason: AbsenceReason,
    reduced: Option<Ore>,
) -> Result<()> {
    let last = absence.period.last_day().ok_or_else(|| Error::internal("an absence without an end"))?;
    let noted = sqlx::query!(
        "insert into placement_absence (id, placement_id, first_day, last_day, rate, reason) values ($1, $2, $3, $4, $5, $6)
         on conflict (id) do nothing",
        id,
        placement,
        absence.period.first_day(),
        last,
        absence.rate as AbsenceRate,
        reason as AbsenceReason
    )
    .execute(case.write(Event::AbsenceNoted).await?)
    .await
    .map_err(|error| {
        let twice = Error::Invalid("En del av dagarna är redan registrerade som frånvaro.");
        on_constraint(error, "placement_absence_no_overlap", twice)
    })?;
    if let (1, Some(per_day)) = (noted.rows_affected(), reduced) {
        let rate = Rate { period: absence.period, per_day, kind: RateKind::Absence };
        add_rates(case, placement, &[rate], RateSource::Manual).await?;
    }
    Ok(())
}
